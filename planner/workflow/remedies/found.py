"""Remedies of one plan: what stands around its centres, what would cure them, at what cost."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from planner.coverage.serving import operating
from planner.labels import Message, message
from planner.ledgers.findings import Ledger
from planner.outputs.folder import LAST_WORKBOOK_FILE, WORKBOOK_FILE
from planner.siting import usable_candidates
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.circles import Circles, circles_of, near_pairs
from planner.standards.remedies.costs import measure_costs, unit_costs
from planner.standards.remedies.defects import LastList, joined_lists
from planner.standards.remedies.identities import of_another_project
from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.priorities import priorities
from planner.standards.remedies.surroundings import PARTY, ROOMS, SITES, Surroundings
from planner.tables import CENTRE_KINDS, PLACED
from planner.units import metres_from_minutes
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks, points_only
from planner.workflow.remedies.costs import read_costs
from planner.workflow.remedies.last_list import read_last_list
from planner.workflow.remedies.own_sheets import own_sheets
from planner.workflow.remedies.trial import taken_over, trial_of
from planner.workflow.siting.answering import Siting

TEN_THOUSAND: Final = 10_000.0

LEAST_ROOM_M2: Final = 1.0
"""Rooms to take over may be of any size; a room of less is an error of its ledger."""


@dataclass(frozen=True, eq=False)
class FoundRemedies:
    """The measures of a plan, with what they cost and in what order they are taken up.

    Parameters
    ----------
    remedies
        Measures, what they leave, and what nothing cures.
    measures
        :attr:`planner.standards.remedies.measures.Remedies.measures` with ``cost_yuan`` and the
        columns of :func:`planner.standards.remedies.priorities.priorities`.
    costs
        The project's unit costs; empty where it gives none.
    costs_file
        Their file; empty where it gives none.
    reach_m, move_m
        How far rooms and neighbours, and sites, were looked for.
    taken
        Candidates that the siting plan has chosen: they are promised to no centre here.
    in_fewest
        Candidates that centres are promised here, and that the plan of the fewest new centres
        would take as well: it stands beside the siting plan, and only one of them can be done.
    made_ids
        Centres whose ids are row numbers: their ledger gives none.
    taken_over
        By giver and receiver of mergers: communities that the receiver's list takes over.
    """

    remedies: Remedies
    measures: pd.DataFrame
    costs: pd.DataFrame
    costs_file: str
    reach_m: float
    move_m: float
    taken: tuple[str, ...]
    in_fewest: tuple[str, ...] = ()
    made_ids: frozenset[str] = frozenset()
    taken_over: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def project_costs(project: Project) -> tuple[pd.DataFrame, str]:
    """Return a project's unit costs and their file's name; none where it names no table.

    Raises
    ------
    LedgerError
        With every fault of the table.
    InputFileError
        If it cannot be read.
    """
    name = project.scenario.remedies.costs
    if name is None:
        return unit_costs((), file="")[0], ""
    return read_costs(project.folder / name), Path(name).name


def last_list(project: Project, folder: Path) -> LastList | None:
    """Return the list of defects of the last run; ``None`` where there was none.

    From the workbook in the folder of the outputs, which the run is about to replace, and from
    that which ``[remedies] last`` names (:func:`planner.standards.remedies.defects.joined_lists`).

    Raises
    ------
    InputFileError
        If the workbook cannot be read: what was typed into it would be lost.
    """
    named = project.scenario.remedies.last
    file = folder / WORKBOOK_FILE
    ours = read_last_list(file) if file.is_file() else None
    title = project.scenario.project.name
    if ours is not None and ours.project and ours.project != title:
        told = {"file": file.name, "project": title, "other": ours.project}
        ours = replace(
            ours, notices=(*ours.notices, message("remedies.last_renamed_project", **told))
        )
    if ours is not None and (sheets := own_sheets(file)):
        told = {"sheets": "、".join(sheets), "file": kept_apart(file)}
        ours = replace(ours, notices=(*ours.notices, message("remedies.last_own_sheets", **told)))
    if named is None or (project.folder / named).resolve() == file.resolve():
        return ours
    other = read_last_list(project.folder / named, prefix=f"?{Path(named).stem}-")
    if other.project and other.project != title:
        other = of_another_project(other, Path(named).name, title)
    return other if ours is None else joined_lists(ours, other, Path(named).name)


def kept_apart(file: Path) -> str:
    """Return the name under which a workbook with sheets of the planner's own is kept for good."""
    on = datetime.datetime.fromtimestamp(file.stat().st_mtime, tz=datetime.UTC)
    return f"workbook.{on:%Y%m%d-%H%M%S}.xlsx"


def keep_last_workbook(folder: Path, aside: Path) -> None:
    """Copy the workbook that is about to be replaced beside the new one, where it has a list.

    Under one name, from run to run; one with sheets of the planner's own under a name that no
    later run takes.
    """
    file = folder / WORKBOOK_FILE
    if not file.is_file():
        return
    if not read_last_list(file).rows.empty:
        shutil.copy2(file, aside / LAST_WORKBOOK_FILE)
    if own_sheets(file):
        shutil.copy2(file, aside / kept_apart(file))


def remedies_of(
    project: Project,
    walks: Walks,
    ledgers: Ledgers,
    audit: FloorAreaAudit,
    judgement: Judgement,
    siting: Siting | None,
    costs: tuple[pd.DataFrame, str],
) -> FoundRemedies:
    """Find what would cure every finding of a plan that is short.

    Raises
    ------
    SolverError
        If the solver breaks down.
    """
    scenario = project.scenario
    centres = ledgers.centres.table
    taken = () if siting is None else tuple(sorted(str(one) for one in siting.most.chosen))
    rooms, sites = rooms_and_sites(ledgers, audit, taken)
    reach_m = scenario.remedies.reach_m
    move_m = metres_from_minutes(scenario.walking.limit_minutes, walks.walker.speed_m_s)
    circles = _circles(walks, centres, sites, judgement, move_m)
    served = audit.centres["elderly_60"].astype(float)
    walked = circles.elders_within().reindex(served.index)
    around = Surroundings(
        centres=centres,
        party_rooms=rooms,
        sites=sites,
        # Kinds without a service group answer for those who can walk to them.
        elders=served.fillna(walked.where(walked > 0.0)),
        centre_class=_classes(audit),
        groups=audit.groups,
        book=audit.book,
        small_groups=audit.small_groups,
        circles=circles,
        reach_m=reach_m,
        move_m=move_m,
        per_elder_decides=scenario.standard.per_elder_decides,
    )
    trial = trial_of(project, walks, ledgers, audit, judgement)
    found = find_remedies(judgement, around, trial)
    table, file = costs
    costed = found.measures.assign(
        cost_yuan=measure_costs(found.measures, table, sites["cost_yuan"])
    )
    ranked = pd.concat([costed, priorities(costed)], axis="columns")
    fewest = () if siting is None else siting.fewest.chosen
    promised = set(ranked.loc[~ranked["optional"].astype(bool), "partner"].dropna())
    both = tuple(sorted(str(one) for one in fewest if one in promised))
    made = made_ids(ledgers.centres)
    lists = {} if scenario.standard.served == "walk" else _lists_taken_over(found, centres)
    return FoundRemedies(found, ranked, table, file, reach_m, move_m, taken, both, made, lists)


def _lists_taken_over(
    found: Remedies, centres: pd.DataFrame
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return, by giver and receiver of each merger, what the receiver's list takes over."""
    cures = found.cures[(found.cures["kind"] == "merge") & found.cures["partner"].notna()]
    pairs = set(zip(cures["centre"].astype(str), cures["partner"].astype(str), strict=True))
    return {pair: taken_over(centres, *pair) for pair in sorted(pairs)}


def made_ids(ledger: Ledger) -> frozenset[str]:
    """Return the ids of a ledger that are row numbers: its rows give none, or a damaged one.

    The ledger tells: an id that it gives may look like a row number.
    """
    ids = pd.Series(ledger.rows.index.astype(str), index=ledger.rows.astype(int).to_numpy())
    if "id" in ledger.headings:
        told = ledger.findings["key"].isin(["ledgers.id_missing", "ledgers.id_damaged"])
        ids = ids[ids.index.isin(ledger.findings.loc[told, "row"].dropna().astype(int))]
    return frozenset(ids)


def _classes(audit: FloorAreaAudit) -> pd.Series:
    """Return the class of each centre's group; below the least class, that one's shares hold."""
    classes = audit.centres["centre_class"].astype(object)
    least = audit.book.classes[0].name
    small = audit.centres["group"].notna() & classes.isna()
    return classes.mask(small, least)


def rooms_and_sites(
    ledgers: Ledgers, audit: FloorAreaAudit, taken: Sequence[str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the rooms of 党群服务中心 and the other sites that nothing bars and no plan has taken.

    Rooms may be of any size: the least area of a new centre is none of theirs.
    """
    if ledgers.candidates is None:
        none = gpd.GeoDataFrame(
            {name: pd.Series(dtype=float) for name in SITES if name != "geometry"},
            geometry=gpd.GeoSeries([], crs=ledgers.centres.table.crs),
        )
        return gpd.GeoDataFrame(none[list(ROOMS)]), none
    screening = usable_candidates(
        ledgers.candidates.table,
        least_area_m2=LEAST_ROOM_M2,
        use_area_ratio=audit.book.figure("use_area_ratio"),
    )
    usable = screening.usable[~screening.usable.index.isin(list(taken))]
    known = usable.reindex(columns=["candidate_kind", "acquisition", "floor", "cost_10k_yuan"])
    words = known[["candidate_kind", "acquisition"]].fillna("").astype(str)
    party = (words["candidate_kind"] + words["acquisition"]).str.contains(PARTY, regex=False)
    table = gpd.GeoDataFrame(
        {
            "area_m2": usable["building_area_m2"].astype(float),
            "to_visit": usable["to_visit"].astype(bool),
            "floor": known["floor"].astype(float),
            "cost_yuan": known["cost_10k_yuan"].astype(float) * TEN_THOUSAND,
        },
        geometry=usable.geometry,
        crs=ledgers.candidates.table.crs,
    )
    return gpd.GeoDataFrame(table.loc[party, list(ROOMS)]), gpd.GeoDataFrame(table[~party])


def _circles(
    walks: Walks,
    centres: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    judgement: Judgement,
    move_m: float,
) -> Circles:
    """Return who walks to the operating centres and to the sites near those that fail."""
    running = operating(centres, CENTRE_KINDS)
    running = running[running["position"].isin(PLACED)]
    points = points_of(running)
    short = judgement.findings["centre"][judgement.findings["result"] == "short"]
    failing = points[points.index.isin(set(short.astype(object)))]
    to_sites = near_pairs(failing, sites.geometry, move_m, ("centre", "other"))
    near = sites[sites.index.isin(set(to_sites["other"]))]
    open_places = points_only([running, near])
    times = walks.times_to(open_places)
    off_streets = set(walks.not_joined(open_places))
    walked = [str(one) for one in open_places.index if str(one) not in off_streets]
    return circles_of(times, walks.residents["elderly_60"], running["centre_kind"], walked)


def remedies_notices(found: FoundRemedies) -> tuple[Message, ...]:
    """Return what every reader must know of the measures."""
    if found.costs_file or found.measures.empty:
        return ()
    return (message("remedies.no_costs"),)
