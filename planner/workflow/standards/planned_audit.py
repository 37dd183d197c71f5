"""Planned sites judged by the books that built centres are judged by, before they are printed.

The planned set is judged as it would stand: open, beside the centres that are open then. With it
the service groups change, so that a site's class and area are held against the people of the
group that it would then stand in, never against a group of today's that it would take apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import Language, text
from planner.siting.programmes.menu import KIND_OF
from planner.siting.programmes.planned import WORKS_OF
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.explaining import centre_findings
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import centre_grades
from planner.standards.judging.judge import judge
from planner.standards.judging.wording import column_names, told_finding
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.standards.rulebooks.wording import rows_of
from planner.tables import BUILT_AS, CENTRES, OPEN_STATUS, PLACED
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import audit_day, project_book, project_books
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.standards.auditing import audited
from planner.workflow.standards.judging import grade_thresholds
from planner.workflow.standards.judging_near import near_centres

FINDING_COLUMNS: Final = ("site", "what", "result", "force", "asks", "has", "verdict", "mark",
                          "source", "decides")  # fmt: skip


@dataclass(frozen=True, eq=False)
class PlannedAudit:
    """What the books say of planned sites, all of them standing.

    Parameters
    ----------
    audit
        Floor area of all centres then open, the planned among them, by the groups of then.
    judgement
        Every clause for every planned site, and for none else.
    sites
        A row a planned site, in the order of the plan: ``grade`` (missing where no clause of 应
        or 宜 applies to its kind), ``breaches_must, breaches_should, unknown, on_the_spot``
        (counts), ``fill_in`` (columns that would tell, joined by 、), ``group``,
        ``group_required_m2, group_held_m2, group_shortfall_m2``, ``to_visit`` (待踏勘).
    """

    audit: FloorAreaAudit
    judgement: Judgement
    sites: pd.DataFrame

    def breach_lines(self, site: str, language: Language) -> list[str]:
        """Return what a site falls short of, a sentence a clause of 应 or 宜 that decides."""
        told = [one for one in self._told(site, language) if one["result"] == "short"]
        return [_sentence(one, language) for one in told if one["decides"]]

    def unknown_columns(self, site: str, language: Language) -> str:
        """Return the headings that would tell what is not known of a site; empty for none."""
        names = str(self.sites["fill_in"].get(site) or "")
        return column_names(names, language) if names else ""

    def findings(self, language: Language) -> pd.DataFrame:
        """Return the findings that are short, remarks or unknown, in the order of the sites.

        Returns
        -------
        DataFrame
            ``site, what, result, force, asks, has, verdict, mark, source, decides``, in words.
        """
        rows = [
            one
            for site in self.sites.index
            for one in self._told(str(site), language)
            if one["result"] in ("short", "remark", "unknown")
        ]
        return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))

    def _told(self, site: str, language: Language) -> list[dict[str, Any]]:
        facts = rows_of(self.judgement.facts.loc[[site]])[0]
        told = []
        for row in centre_findings(self.judgement, site):
            words = told_finding(self.judgement, row, facts, language)
            told.append(
                {
                    "site": site,
                    "what": words.what,
                    "result": row["result"],
                    "force": words.force,
                    "asks": words.asks,
                    "has": words.has,
                    "verdict": words.verdict,
                    "mark": words.weight,
                    "source": words.source,
                    "decides": bool(row["decides"]) and words.force in BREACHES,
                }
            )
        return told


def _sentence(told: dict[str, Any], language: Language) -> str:
    fields = {name: told[name] for name in ("what", "verdict", "source", "force", "mark")}
    return text("planned.breach", language, **fields)


def planned_kind(project: Project) -> str:
    """Return the kind that new centres are entered as: the circle's first that the book sets."""
    kinds = project.scenario.coverage.centre_kinds
    of_book = [kind for kind in kinds if kind in project_book(project).applies_to]
    return str((of_book or list(kinds))[0])


def candidates_as_centres(candidates: pd.DataFrame, *, centre_kind: str) -> pd.DataFrame:
    """Return candidates as the centres that they would become, as a planner would enter them.

    Name, point and facts are the candidate's, the floor area all that it has. What is converted,
    exchanged, bought back, handed over, rented or taken over is 改建, what is built 新建.

    Parameters
    ----------
    candidates
        Rows of a :data:`planner.tables.CANDIDATES` table: those chosen.
    centre_kind
        What they are entered as.

    Returns
    -------
    DataFrame
        Columns of :data:`planner.tables.CENTRES` that the candidates know, index: their ids.
    """
    known = [column.name for column in CENTRES if column.name in candidates.columns]
    ways = candidates.reindex(columns=["acquisition"])["acquisition"].map(KIND_OF)
    works = ways.fillna("new_centre").map(WORKS_OF)
    told = candidates.reindex(columns=["works"])["works"].astype(object)
    return candidates[known].assign(
        centre_kind=centre_kind, status="规划", works=told.where(told.notna(), works)
    )


def community_at(points: gpd.GeoSeries, communities: gpd.GeoDataFrame) -> pd.Series:
    """Return the community that each point stands in, else the nearest; of several the least id.

    Parameters
    ----------
    points
        In the CRS of the communities; empty ones stand nowhere.
    communities
        Their outlines.
    """
    ordered = communities.sort_index()
    found = pd.Series(None, index=points.index, dtype=object)
    stands = (points.notna() & ~points.is_empty).to_numpy()
    if not stands.any() or not len(ordered):
        return found
    tree = shapely.STRtree(ordered.geometry.to_numpy())
    spots = points.to_numpy()[stands]
    pair, place = tree.query_nearest(spots, all_matches=True)
    first = pd.Series(place).groupby(pair).min()
    found.loc[points.index[stands][first.index]] = ordered.index.to_numpy(object)[first.to_numpy()]
    return found


def standing(
    centres: gpd.GeoDataFrame, planned: pd.DataFrame, communities: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the centres with the planned set open among them; rows of one id are replaced.

    Parameters
    ----------
    centres
        The ledger with the status of then, without those that the plan closes.
    planned
        Rows of the same table (:func:`candidates_as_centres`,
        :func:`planner.siting.programmes.planned.planned_centres`) with ``geometry``.
    communities
        To tell in which community and sub-district new ones stand.
    """
    points = gpd.GeoSeries(planned["geometry"].to_list(), index=planned.index, crs=centres.crs)
    known = planned.reindex(columns=["community", "street", "position", "works"]).astype(object)
    home = known["community"].where(known["community"].notna(), community_at(points, communities))
    streets = home.map(communities.reindex(columns=["street"])["street"])
    works = known["works"].where(known["works"].isin(BUILT_AS), None)
    rows = gpd.GeoDataFrame(
        planned.drop(columns="geometry").assign(
            status=OPEN_STATUS,
            community=home,
            street=known["street"].where(known["street"].notna(), streets),
            position=known["position"].where(known["position"].isin(PLACED), PLACED[0]),
            built_as=works,
        ),
        geometry=points,
        crs=centres.crs,
    )
    rest = centres[~centres.index.isin(planned.index)]
    columns = [*rest.columns, *(name for name in rows.columns if name not in rest.columns)]
    together = [one.reindex(columns=columns).astype(object) for one in (rest, rows) if len(one)]
    table = pd.concat(together).sort_index() if together else rest
    kept = {name: rest[name].dtype for name in rest.columns if name != "geometry"}
    numbers = [column.name for column in CENTRES if column.kind == "number"]
    kept |= {name: np.dtype(float) for name in numbers if name in table.columns}
    plain = table.astype({name: kind for name, kind in kept.items() if kind != np.dtype(object)})
    return gpd.GeoDataFrame(plain, geometry="geometry", crs=centres.crs)


def planned_audit(
    project: Project,
    walks: Walks,
    centres: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    planned: pd.DataFrame,
    *,
    neighbours: pd.DataFrame | None = None,
    to_visit: Sequence[Any] = (),
) -> PlannedAudit:
    """Judge planned sites by every book of a project, all of them standing.

    Groups, and with them class and area, are those of then: made anew from who walks where once
    the planned set is open. Clauses for new, converted or extended buildings apply by what the
    plan does (``built_as``). Where streets, layers and heights can tell of the place, they do.

    Parameters
    ----------
    project, walks
        The project; its residents, with the people of the year judged for, on its streets.
    centres
        The ledger with the status of then, without those that the plan closes.
    communities
        With the people of the year judged for.
    planned
        The planned rows (:func:`standing`).
    neighbours
        Walks between communities, by which small groups are joined.
    to_visit
        Ids of the sites of which some fact must be seen on the spot first.

    Raises
    ------
    RuleBookError
        If a book is not known, or badly formed.
    """
    scenario, book = project.scenario, project_book(project)
    then = standing(centres, planned, communities)
    walked = walks.coverage_by(open_centres(then, book.applies_to))
    audit = audited(
        then, communities, walked, book, scenario.standard, neighbours, beside=False
    )  # fmt: skip
    kinds = tuple(dict.fromkeys(str(kind) for kind in planned["centre_kind"]))
    near = near_centres(project, walks, then, communities, audit, walked, kinds)
    ids = planned.index
    facts = centre_facts(then, audit, near=near).loc[ids]
    judgement = judge(
        facts,
        project_books(project),
        on=audit_day(project),
        small_groups=audit.small_groups,
        per_elder_decides=scenario.standard.per_elder_decides,
    )
    graded = centre_grades(judgement, grade_thresholds(scenario)).reindex(ids)
    group = audit.centres.reindex(ids)
    counts = graded[["breaches_must", "breaches_should", "unknown", "on_the_spot"]]
    sites = counts.fillna(0).astype(int).assign(
        grade=graded["grade"].astype(object).where(graded["grade"].notna(), None),
        fill_in=graded["fill_in"].fillna("").astype(str),
        to_visit=ids.isin(list(to_visit)),
        **{
            name: group[name].to_numpy()
            for name in ("group", "group_required_m2", "group_held_m2", "group_shortfall_m2")
        },
    )  # fmt: skip
    return PlannedAudit(audit, judgement, sites)
