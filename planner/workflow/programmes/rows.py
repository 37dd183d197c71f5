"""A programme as its sheets, map and layer show it: measures, and what could not be chosen.

Counts of 1 to 4 persons are withheld everywhere alike, and others with them where a difference
would bring them back (:mod:`planner.outputs.small_counts`).
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.labels import Language, text
from planner.outputs.small_counts import without_small_parts, without_small_rows
from planner.outputs.words import count
from planner.siting.programmes.menu import KIND_OF
from planner.tables import LIST_MARK
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.menu import ProgrammeMenu
from planner.workflow.programmes.year_rows import year_word
from planner.workflow.programmes.years import TEN_THOUSAND

MOST_FROM: Final = 3
"""Communities named of those who find a place at a site: those that most come from."""


def measure_rows(found: FoundProgramme, language: Language) -> pd.DataFrame:
    """Return a row a measure done, in the order in which money is spent; index = measure.

    By year, within it those at the sites where most find a place first, equals by id.
    """
    plan = found.plan
    if plan is None or found.menu is None or found.chosen.empty:
        return pd.DataFrame(columns=["id", *MEASURE_COLUMNS], index=pd.Index([], name="measure"))
    chosen, last = found.chosen, plan.asked.years[-1].year
    flows = plan.flows[plan.flows["year"] == last]
    served = flows.groupby("site")["persons"].sum()
    by_site = served.reindex(chosen["site"].drop_duplicates()).fillna(0.0)
    shown = without_small_rows(by_site, float(served.sum()))
    facts = found.menu.menu.measures.loc[chosen.index]
    table = chosen.assign(
        persons=chosen["site"].map(served).fillna(0.0),
        text_id=chosen.index.astype(str),
    )
    order = {year.year: place for place, year in enumerate(plan.asked.years)}
    table = table.assign(place=table["year"].map(order)).sort_values(
        ["place", "persons", "text_id"], ascending=[True, False, True]
    )
    net = table["cost_yuan"] - table["saves_yuan"]
    audit = found.audit
    judged = set() if audit is None else set(audit.sites.index)
    sites = table["site"].astype(str)
    street = found.menu.communities.map(_streets(found))
    return pd.DataFrame(
        {
            "id": sites,
            "plan_year": [year_word(year, language) for year in table["year"]],
            "name": sites.map(found.names),
            "street": sites.map(street),
            "programme_kind": [_kind(found, one, language) for one in table.index],
            "programme_m2": table["adds_m2"],
            "programme_places": table["adds_persons"],
            "programme_cost_10k_yuan": net / TEN_THOUSAND,
            "programme_total_10k_yuan": net.cumsum() / TEN_THOUSAND,
            "programme_served": table["site"].map(shown).astype(float),
            "programme_from": [
                "" if np.isnan(shown[site]) else _from(found, flows, str(site))
                for site in table["site"]
            ],
            "centre_grade": [
                audit.sites.loc[one, "grade"] if audit is not None and one in judged else None
                for one in sites
            ],
            "programme_breaches": [
                "\n".join(audit.breach_lines(one, language))
                if audit is not None and one in judged
                else ""
                for one in sites
            ],
            "programme_to_visit": facts["to_visit"].reindex(table.index).astype(bool),
            "programme_opens": [
                "" if np.isnan(year) else str(int(year))
                for year in facts["from_year"].reindex(table.index).astype(float)
            ],
            "programme_class": [
                _class(str(kind), site in plan.asked.existing.index)
                for kind, site in zip(table["kind"], table["site"], strict=True)
            ],
        },
        index=table.index,
    )


MEASURE_COLUMNS: Final = (
    "plan_year", "name", "street", "programme_kind", "programme_m2", "programme_places",
    "programme_cost_10k_yuan", "programme_total_10k_yuan", "programme_served", "programme_from",
    "centre_grade", "programme_breaches", "programme_to_visit", "programme_opens",
    "programme_class",
)  # fmt: skip


def _class(kind: str, is_centre: bool) -> str:
    if kind == "close":
        return "programme_gone"
    return "programme_larger" if is_centre else "programme_new"


def _streets(found: FoundProgramme) -> pd.Series:
    if found.asked is None:
        return pd.Series(dtype=object)
    communities = found.asked.communities
    streets: pd.Series = communities.reindex(columns=["street"])["street"].astype(object)
    return streets


def _kind(found: FoundProgramme, measure: Any, language: Language) -> str:
    """Return what is done in words: with the class opened, or the room taken over.

    At a centre of which nobody knows what it takes, that only the measure's own places count.
    """
    if found.menu is None:
        return ""
    row = found.menu.menu.measures.loc[measure]
    told = text(f"programme.kind_{row['kind']}", language)
    details = [_detail(found, row, language)]
    is_done = measure in found.chosen.index and row["kind"] != "close"
    if is_done and str(row["site"]) in found.unknown_added_to:
        details.append(text("programme_run.places_only_added", language))
    detail = text("programme.sentence_mark", language).join(one for one in details if one)
    return text("programme_run.kind_with", language, kind=told, detail=detail) if detail else told


def _detail(found: FoundProgramme, row: pd.Series, language: Language) -> str:
    """Return the class opened, the room taken over, or whose rooms are pooled; may be empty."""
    pools = None if found.menu is None else found.menu.pools
    if pools is not None and row["site"] in pools.sites.index:
        return _pooled(pools.sites.loc[row["site"]], language)
    if isinstance(row["centre_class"], str):
        return row["centre_class"]
    partners = row["one_of"] if isinstance(row["one_of"], tuple) else ()
    is_room = bool(partners) and partners[0] != row["site"]
    return str(found.names.get(partners[0], partners[0])) if is_room else ""


def _pooled(site: pd.Series, language: Language) -> str:
    """Return whose rooms a pool gathers, and how many of them are still owed."""
    names, owed = LIST_MARK.join(site["members"]), float(site["owed_m2"])
    if not owed > 0:
        return names
    return text("programme_run.pool_owed", language, names=names, m2=count(owed))


def _from(found: FoundProgramme, flows: pd.DataFrame, site: str) -> str:
    """Return the communities that most of those come from who find a place at a site."""
    here = flows[flows["site"].astype(str) == site]
    home = found.homes.reindex(here["resident"].astype(object)).to_numpy()
    persons = here["persons"].groupby(pd.Series(home, index=here.index)).sum()
    if persons.empty or found.asked is None:
        return ""
    known = without_small_parts(persons.to_frame().T).iloc[0].dropna()
    ranked = sorted(known[known > 0].items(), key=lambda one: (-one[1], str(one[0])))
    names = found.asked.communities["name"]
    return LIST_MARK.join(
        f"{names.get(code, code)} {count(float(number))}" for code, number in ranked[:MOST_FROM]
    )


def unused_rows(found: FoundProgramme, language: Language) -> pd.DataFrame:
    """Return a row a measure that could not be chosen, then a row a candidate on no menu, and why.

    Of the latter no area, places or costs are told: nothing is planned there.
    """
    plan = found.plan
    if plan is None or found.menu is None:
        return pd.DataFrame(columns=list(UNUSED_COLUMNS))
    aside = plan.set_aside
    facts = found.menu.menu.measures.loc[aside.index]
    sites = aside["site"].astype(str)
    measures = pd.DataFrame(
        {
            "id": sites,
            "name": sites.map(found.names),
            "programme_kind": [_kind(found, one, language) for one in aside.index],
            "programme_m2": facts["adds_m2"],
            "programme_places": facts["adds_persons"],
            "programme_cost_10k_yuan": facts["cost_yuan"] / TEN_THOUSAND,
            "programme_reason": [one.text(language) for one in aside["reason"]],
        },
        columns=list(UNUSED_COLUMNS),
    )
    left = _left_out_rows(found.menu, language)
    tables = [one for one in (measures, left) if len(one)]
    return pd.concat(tables, ignore_index=True) if tables else measures


UNUSED_COLUMNS: Final = (
    "id", "name", "programme_kind", "programme_m2", "programme_places",
    "programme_cost_10k_yuan", "programme_reason",
)  # fmt: skip


def _left_out_rows(menu: ProgrammeMenu, language: Language) -> pd.DataFrame:
    left = menu.left_out
    facts = menu.sites.reindex(columns=["name", "acquisition"]).loc[left.index]
    kinds = facts["acquisition"].map(KIND_OF).fillna("new_centre")
    mark = text("outputs.clause_mark", language)
    table = pd.DataFrame(
        {
            "id": left.index.astype(str),
            "name": facts["name"].to_numpy(dtype=object),
            "programme_kind": [text(f"programme.kind_{kind}", language) for kind in kinds],
            "programme_reason": [
                mark.join(one.text(language) for one in many) for many in left["reasons"]
            ],
        }
    )
    figures = {name: float("nan") for name in UNUSED_COLUMNS if name not in table.columns}
    return table.assign(**figures)[list(UNUSED_COLUMNS)]


def shown_programme(
    found: FoundProgramme | None,
    centres: gpd.GeoDataFrame,
    language: Language,
) -> gpd.GeoDataFrame | None:
    """Return the measures done as points: for the map and the layer; ``None`` where none is."""
    if found is None or found.plan is None or found.menu is None or found.chosen.empty:
        return None
    rows = measure_rows(found, language)
    points = pd.concat([centres.geometry, found.menu.sites.geometry])
    places = points.loc[rows["id"]].to_numpy()
    return gpd.GeoDataFrame(
        rows.rename(columns={"id": "programme_site"}), geometry=places, crs=centres.crs
    )
