"""What a set of open sites comes to, by the published table alone: as a page reckons it.

Persons are whole hundredths, areas whole hundredths of a m², money whole yuan: sums of whole
numbers do not depend on who adds them up, so that a page and Python agree to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.what_if.table import HUNDREDTHS, NO_GAP, ReachTable
from planner.tables import listed

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WhatIf:
    """What a set of open sites comes to.

    Parameters
    ----------
    open_sites, opened, closed
        All that are open, those that are not open today, and those that are open today alone; in
        the order of the table.
    totals, covered, new, lost
        Persons by lower age, in all; within the limit of an open site; of these, of no site of
        today; and of a site of today alone.
    gap_covered
        Persons aged 60+ of each gap of the table who are covered, by its rank.
    gaps_closed
        Gaps all of whose elders in the table are covered.
    cost_yuan, unknown_cost
        What opening comes to where it is known, and the sites of which it is not.
    shortfall_m2, unknown_area
        Σ over the service groups of the table of what their open sites and other facilities fall
        short of the required area, groups of today; open sites whose area is unknown, which count
        0 there.
    """

    open_sites: tuple[str, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    totals: Mapping[int, float]
    covered: Mapping[int, float]
    new: Mapping[int, float]
    lost: Mapping[int, float]
    gap_covered: Mapping[int, float]
    gaps_closed: int
    cost_yuan: int
    unknown_cost: tuple[str, ...]
    shortfall_m2: float
    unknown_area: tuple[str, ...]


def what_if(
    table: ReachTable, open_sites: Iterable[str], *, options: Mapping[str, str] | None = None
) -> WhatIf:
    """Return what a set of open sites comes to, by the published table.

    Parameters
    ----------
    table
        As a run puts it into the map; ``planner.run(…).reach``.
    open_sites
        Ids of all sites that are open: of today's centres those that stay, and candidates.
    options
        Class by site, where another is built than the building as it is.

    Raises
    ------
    SitingError
        With every id and class that the table does not know.
    """
    wanted = dict.fromkeys(open_sites)
    _refuse_unknown(table, wanted, options or {})
    sites = table.sites.index
    is_open, today = sites.isin(list(wanted)), table.column("is_open").astype(bool)
    now, before = _met(table, is_open), _met(table, today)
    chosen = _chosen(table, options or {})
    in_gap = table.persons.sum(axis=1)[now & (table.gap != NO_GAP)]
    of_gap = table.gap[now & (table.gap != NO_GAP)]
    inside = {
        rank: int(in_gap[of_gap == rank].sum()) for rank in table.gaps.index.astype(int).tolist()
    }
    whole = table.gaps["elderly_60"].astype(int).to_dict()
    opened = is_open & ~today
    cost = whole_numbers(chosen["cost_yuan"])
    short, unknown = _shortfall(table, chosen["counted_m2"], is_open)
    return WhatIf(
        open_sites=_ids(table, is_open),
        opened=_ids(table, opened),
        closed=_ids(table, today & ~is_open),
        totals=_by_age(table, np.ones(len(now), dtype=bool)),
        covered=_by_age(table, now),
        new=_by_age(table, now & ~before),
        lost=_by_age(table, before & ~now),
        gap_covered={rank: held / HUNDREDTHS for rank, held in inside.items()},
        gaps_closed=sum(held == whole[rank] for rank, held in inside.items()),
        cost_yuan=int(cost[opened & (cost >= 0)].sum()),
        unknown_cost=_ids(table, opened & (cost < 0)),
        shortfall_m2=short / HUNDREDTHS,
        unknown_area=_ids(table, unknown),
    )


def whole_numbers(values: pd.Series, per_unit: int = 1) -> IntArray:
    """Return amounts in whole parts of a unit; −1 where they are unknown.

    Parameters
    ----------
    values
        Not negative; missing is unknown.
    per_unit
        Parts of a unit: 100 for hundredths.
    """
    known = values.to_numpy(dtype=float, na_value=np.nan)
    whole = np.floor(np.nan_to_num(known) * per_unit + 0.5).astype(np.int64)
    found: IntArray = np.where(np.isnan(known), -1, whole)
    return found


def _refuse_unknown(table: ReachTable, wanted: Iterable[str], options: Mapping[str, str]) -> None:
    known = table.sites.index
    problems: list[Message] = []
    if strange := [one for one in dict.fromkeys([*wanted, *options]) if one not in known]:
        told = {"ids": listed(strange), "known": listed(known)}
        problems.append(message("what_if.stranger", **told))
    rows = table.options
    for site, name in options.items():
        fitting = rows.loc[rows["site"] == site, "option"].tolist()
        if site in known and name not in fitting:
            told = {"id": site, "option": name, "known": listed(fitting)}
            problems.append(message("what_if.no_option", **told))
    if problems:
        raise SitingError(message("what_if.refused"), problems)


def _met(table: ReachTable, is_open: BoolArray) -> BoolArray:
    """Return which groups reach an open site."""
    open_before = np.r_[0, np.cumsum(is_open[table.reach_site])]
    met: BoolArray = open_before[table.reach_start[1:]] > open_before[table.reach_start[:-1]]
    return met


def _by_age(table: ReachTable, groups: BoolArray) -> dict[int, float]:
    """Return the persons of some groups by lower age, those older among them."""
    sums = table.persons[groups].sum(axis=0)
    older = np.cumsum(sums[::-1])[::-1]
    return {age: int(held) / HUNDREDTHS for age, held in zip(table.bands, older, strict=True)}


def _chosen(table: ReachTable, options: Mapping[str, str]) -> pd.DataFrame:
    """Return the area and cost of each site by the class chosen for it, else as it is."""
    facts = table.sites[["counted_m2", "cost_yuan"]].astype(float)
    rows = table.options
    for site, name in options.items():
        row = rows[(rows["site"] == site) & (rows["option"] == name)].iloc[0]
        facts.loc[site, ["counted_m2", "cost_yuan"]] = row["counted_m2"], row["cost_yuan"]
    return facts


def _shortfall(
    table: ReachTable, counted_m2: pd.Series, is_open: BoolArray
) -> tuple[int, BoolArray]:
    """Return the shortfall in hundredths of a m², and the open sites of unknown area in it."""
    groups = table.service_groups
    place = groups.index.get_indexer(pd.Index(table.column("service_group")))
    counts = is_open & (place >= 0)
    area = whole_numbers(counted_m2, HUNDREDTHS)
    held = whole_numbers(groups["other_m2"], HUNDREDTHS)
    np.add.at(held, place[counts & (area > 0)], area[counts & (area > 0)])
    short = whole_numbers(groups["required_m2"], HUNDREDTHS) - held
    return int(short[short > 0].sum()), counts & (area < 0)


def _ids(table: ReachTable, picked: BoolArray) -> tuple[str, ...]:
    return tuple(str(one) for one in table.sites.index[picked])
