"""A programme as its sheets, map and layer show it: measures, years, and what could not be chosen.

Counts of 1 to 4 persons are withheld everywhere alike, and others with them where a difference
would bring them back (:mod:`planner.outputs.small_counts`).
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.small_counts import without_small_parts, without_small_rows
from planner.outputs.words import count
from planner.siting import Programme
from planner.siting.programmes.menu import KIND_OF
from planner.siting.programmes.years import ONE_YEAR
from planner.tables import LIST_MARK
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.menu import ProgrammeMenu
from planner.workflow.programmes.years import TEN_THOUSAND

PARTS: Final = (
    "served_persons", "covered_full_persons", "capacity_unknown_persons", "out_of_reach_persons",
)  # fmt: skip
"""Into these all who ask fall."""

MOST_FROM: Final = 3
"""Communities named of those who find a place at a site: those that most come from."""


def year_word(year: Any, language: Language) -> str:
    """Return a year as it is printed; of a programme without years a word."""
    return text("programme_run.one_year", language) if year == ONE_YEAR else str(year)


def year_figures(plan: Programme) -> pd.DataFrame:
    """Return ``by_year`` of a programme with small counts withheld; ``before`` added by callers.

    Where a part is withheld, so are the share and the mean walk that would tell it.
    """
    table = plan.by_year
    parts = without_small_parts(table[list(PARTS)])
    hidden = parts["served_persons"].isna()
    return table.assign(
        **{name: parts[name] for name in PARTS},
        asked_persons=_told(table["asked_persons"]),
        served_share=table["served_share"].astype(float).mask(hidden),
        mean_walk_minutes=table["mean_walk_minutes"].mask(hidden),
        walk_minutes=table["walk_minutes"].mask(hidden),
    )


def _told(persons: pd.Series) -> pd.Series:
    figures = persons.astype(float)
    return figures.mask((figures > 0) & (figures < LEAST_ELDERS))


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
    "centre_grade", "programme_breaches", "programme_to_visit", "programme_class",
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
    """Return what is done in words: with the class opened, or the room taken over."""
    if found.menu is None:
        return ""
    row = found.menu.menu.measures.loc[measure]
    told = text(f"programme.kind_{row['kind']}", language)
    pools = found.menu.pools
    if pools is not None and row["site"] in pools.sites.index:
        detail = _pooled(pools.sites.loc[row["site"]], language)
        return text("programme_run.kind_with", language, kind=told, detail=detail)
    detail = row["centre_class"]
    partners = row["one_of"] if isinstance(row["one_of"], tuple) else ()
    if not isinstance(detail, str) and partners and partners[0] != row["site"]:
        detail = str(found.names.get(partners[0], partners[0]))
    if not isinstance(detail, str) or not detail:
        return told
    return text("programme_run.kind_with", language, kind=told, detail=detail)


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


def year_rows(found: FoundProgramme, language: Language) -> pd.DataFrame:
    """Return a row a year: who asks, who finds a place, what is short, what is spent."""
    plan, before = found.plan, found.before
    if plan is None or before is None:
        return pd.DataFrame(columns=["plan_year", *YEAR_COLUMNS])
    now, then = year_figures(plan), year_figures(before)
    hundred = {"budget": "budget_yuan", "spent": "spent_yuan", "left": "left_yuan"}
    money = {
        f"programme_{name}_10k_yuan": now[column].where(np.isfinite(now[column])) / TEN_THOUSAND
        for name, column in hundred.items()
    }
    return pd.DataFrame(
        {
            "plan_year": [year_word(year, language) for year in now.index],
            "programme_asked": now["asked_persons"],
            "programme_served_before": then["served_persons"],
            "programme_served_in_all": now["served_persons"],
            "programme_served_share": now["served_share"],
            "programme_full": now["covered_full_persons"],
            "programme_places_unknown": now["capacity_unknown_persons"],
            "programme_out_of_reach": now["out_of_reach_persons"],
            "programme_walk_minutes": now["mean_walk_minutes"],
            "programme_short_before_m2": then["shortfall_m2"],
            "programme_short_m2": now["shortfall_m2"],
            **money,
        }
    ).reset_index(drop=True)


YEAR_COLUMNS: Final = (
    "programme_asked", "programme_served_before", "programme_served_in_all",
    "programme_served_share", "programme_full", "programme_places_unknown",
    "programme_out_of_reach", "programme_walk_minutes", "programme_short_before_m2",
    "programme_short_m2", "programme_budget_10k_yuan", "programme_spent_10k_yuan",
    "programme_left_10k_yuan",
)  # fmt: skip


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
