"""The menu of a programme from the ledgers: what could be done where, how much it adds and costs.

Classes and their areas are the rule book's, places by area those of
:mod:`planner.coverage.capacity`, costs the candidate's own or the planner's table of unit costs.
What nobody knows stays unknown: such a measure is listed, and set aside with its reason.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from planner import tables
from planner.coverage.capacity import (
    BUILDING_M2_PER_ELDER,
    CAPACITY_UNITS,
    USE_AREA_RATIO,
    USE_M2_PER_DAY_USER,
    CapacityUnit,
)
from planner.siting.asking.candidates import usable_candidates
from planner.siting.asking.places import Places, ids_of, in_order, plain
from planner.siting.programmes.menu_checks import numbers
from planner.standards.floor_area.held import building_areas
from planner.standards.remedies.costs import measure_costs
from planner.standards.rulebooks.books import DEFAULT_BOOK, classed_book
from planner.standards.rulebooks.clauses import RuleBook
from planner.units import ROUNDING, FloatArray

KIND_OF: Final = {
    "改造": "convert",
    "置换": "exchange",
    "回购": "buy_back",
    "移交": "hand_over",
    "党群整合": "take_over_rooms",
    "租赁": "lease",
    "归集": "pool_rooms",
    "新建": "new_centre",
}
"""Kind of measure by 取得方式 (TRADE.md, section 9); any other is a new centre."""

PRICED_AS: Final = {
    "convert": "refit",
    "take_over_rooms": "take_over_rooms",
    "hand_over": "claim_delivery",
    "pool_rooms": "pool_estates",
    "new_centre": "add_centre",
    "enlarge": "enlarge",
    "close": "close",
}
"""Entry of the table of unit costs for each kind. What is exchanged, bought back or rented has a
price of its own, which only the candidate's own row can give."""

YUAN_PER_10K: Final = 10_000.0
COLUMNS: Final = (
    "site", "kind", "centre_class", "adds_persons", "adds_m2", "cost_yuan", "cost_note", "group",
    "one_of", "from_year", "to_visit",
)  # fmt: skip


class Menu(NamedTuple):
    """What a programme can choose from, and the candidates that can hold no centre.

    Parameters
    ----------
    measures
        For :func:`planner.siting.programmes.questions.programme`; besides its columns ``cost_note``
        (``ledger``: the candidate's own figure for the whole building; ``unit_cost``; ``unknown``)
        and ``to_visit`` (待踏勘: some fact of the building is unknown).
    barred
        Candidates that their own facts bar, with ``reasons``.
    """

    measures: pd.DataFrame
    barred: pd.DataFrame


def measures_of(
    candidates: pd.DataFrame,
    centres: pd.DataFrame,
    *,
    unit: CapacityUnit,
    book: str | RuleBook = DEFAULT_BOOK,
    costs: pd.DataFrame | None = None,
    group_of: pd.Series | None = None,
    enlarge_m2: pd.Series | None = None,
    take_over_m2: pd.Series | None = None,
    rooms: pd.DataFrame | None = None,
    pools: pd.DataFrame | None = None,
    closable: Places = (),
) -> Menu:
    """Return what could be done: classes at candidates, rooms at centres, closings.

    At a candidate one row for each class of the book whose least area (一类 1,600, 二类 1,085,
    三类 750 m² in 建标 143-2010) is not more than its building area: of these one at most is done.
    A building whose area is unknown gets every class, with places unknown, to be visited. Places:
    ``area · 0.65 / 8.5`` day places, or ``area / 0.32`` community elders, to the nearest person.

    Parameters
    ----------
    candidates
        A :data:`planner.tables.CANDIDATES` table.
    centres
        A :data:`planner.tables.CENTRES` table: the centres of today.
    unit
        What a place is.
    book
        Name of a shipped rule book with classes, or a book.
    costs
        :func:`planner.standards.remedies.costs.unit_costs`; the candidates' own
        ``cost_10k_yuan`` goes before it. None: only that is known.
    group_of
        Service group of each place, by id of candidate or centre.
    enlarge_m2, take_over_m2
        Building area by which each centre of today can be enlarged, or can take over rooms, m², by
        id; missing or 0: not at all.
    rooms
        Rooms that centres could take over: ``centre, room`` (id of a candidate), ``area_m2`` (of
        building; NaN unknown), ``to_visit``; optional ``opens_year`` and ``cost_10k_yuan`` (the
        room's own cost, which goes before the unit cost). A room goes to one centre at most, and
        is then no site of its own. None: none.
    pools
        Rooms of estates that could be gathered at one place, a new site: ``area_m2`` (of building;
        NaN unknown), ``to_visit``, ``same_as`` (ids of the candidates that are the same rooms: of
        these and the pool one at most is done); optional ``opens_year``. None: none.
    closable
        Ids of the centres that may be closed.

    Returns
    -------
    Menu

    Raises
    ------
    TableError
        If a table is malformed.
    RuleBookError
        If there is no such book, or it has no classes.
    ValueError
        If the unit is unknown.
    """
    if unit not in CAPACITY_UNITS:
        what = f"unit must be one of {CAPACITY_UNITS}, not {unit!r}"
        raise ValueError(what)
    rules = classed_book(book)
    tables.check(tables.CANDIDATES, candidates, geometry=False)
    tables.check(tables.CENTRES, centres, geometry=False)
    least = min(one.class_area_m2 for one in rules.classes)
    screened = usable_candidates(
        candidates, least_area_m2=least, use_area_ratio=rules.figure("use_area_ratio")
    )
    rows = _at_candidates(screened.usable, rules)
    for kind, metres in (("enlarge", enlarge_m2), ("take_over_rooms", take_over_m2)):
        rows += _at_centres(kind, metres, centres)
    rows += _from_rooms(rooms, centres) + _from_pools(pools)
    rows += [_row(f"close:{one}", one, "close") for one in in_order(ids_of(closable))]
    menu = pd.DataFrame(rows, columns=["id", *COLUMNS]).set_index("id").rename_axis("measure")
    menu["adds_persons"] = places_of(menu["adds_m2"].to_numpy(dtype=float), unit)
    menu = _area_of_closed(menu, centres, rules)
    if group_of is not None:
        menu["group"] = menu["site"].map(group_of)
    return Menu(_costed(menu, screened.usable, costs), screened.barred)


def places_of(building_m2: FloatArray, unit: CapacityUnit) -> FloatArray:
    """Return the places of a building area, to the nearest person; NaN where it is unknown."""
    if unit == "day_places":
        return np.floor(building_m2 * USE_AREA_RATIO / USE_M2_PER_DAY_USER + 0.5)
    return np.floor(building_m2 / BUILDING_M2_PER_ELDER + 0.5)


def _row(key: str, site: Any, kind: str, **known: Any) -> dict[str, Any]:
    empty = dict.fromkeys(COLUMNS, None)
    return {
        **empty, "id": key, "site": site, "kind": kind, "adds_m2": np.nan, "cost_yuan": np.nan,
        "from_year": np.nan, "to_visit": False, **known,
    }  # fmt: skip


def _at_candidates(usable: pd.DataFrame, book: RuleBook) -> list[dict[str, Any]]:
    ways = usable.reindex(columns=["acquisition"])["acquisition"].map(KIND_OF)
    opens = numbers(usable, "opens_year")
    rows = []
    table = zip(
        usable.index, ways.fillna("new_centre"), usable["building_area_m2"], usable["to_visit"],
        opens, strict=True,
    )  # fmt: skip
    for site, kind, area, to_visit, year in table:
        for one in book.classes:
            if area < one.class_area_m2 * (1.0 - ROUNDING):
                continue
            known = np.nan if np.isnan(area) else one.class_area_m2
            rows.append(
                _row(
                    f"{kind}:{site}:{one.name}",
                    site,
                    kind,
                    centre_class=one.name,
                    adds_m2=known,
                    one_of=(site,),
                    from_year=year,
                    to_visit=bool(to_visit),
                )
            )
    return rows


def _at_centres(kind: str, metres: pd.Series | None, centres: pd.DataFrame) -> list[dict[str, Any]]:
    if metres is None:
        return []
    known = metres[metres.fillna(0.0) > 0]
    return [
        _row(f"{kind}:{one}", one, kind, adds_m2=float(known[one]))
        for one in in_order(plain(known.index))
        if one in centres.index
    ]


def _from_rooms(rooms: pd.DataFrame | None, centres: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a row for each room that a centre of today could take over."""
    if rooms is None:
        return []
    ordered = rooms[rooms["centre"].isin(centres.index)].sort_values(["centre", "room"])
    own = numbers(ordered, "cost_10k_yuan") * YUAN_PER_10K
    years = numbers(ordered, "opens_year")
    columns = (ordered[name] for name in ("centre", "room", "area_m2", "to_visit"))
    return [
        _row(
            f"take_over_rooms:{centre}:{room}",
            centre,
            "take_over_rooms",
            adds_m2=float(area),
            cost_yuan=cost,
            one_of=(room,),
            from_year=year,
            to_visit=bool(to_visit),
        )
        for centre, room, area, to_visit, year, cost in zip(*columns, years, own, strict=True)
    ]


def _from_pools(pools: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return a row for each pool of estates' rooms."""
    if pools is None:
        return []
    ordered = pools.sort_index()
    columns = (ordered[name] for name in ("area_m2", "to_visit", "same_as"))
    return [
        _row(
            f"pool_rooms:{site}",
            site,
            "pool_rooms",
            adds_m2=float(area),
            one_of=(site, *same_as),
            from_year=year,
            to_visit=bool(to_visit),
        )
        for site, area, to_visit, same_as, year in zip(
            ordered.index, *columns, numbers(ordered, "opens_year"), strict=True
        )
    ]


def _area_of_closed(menu: pd.DataFrame, centres: pd.DataFrame, book: RuleBook) -> pd.DataFrame:
    """Return the menu with the floor area that closing takes away; all places go with it."""
    areas = building_areas(centres, book=book)["building_m2"]
    closing = menu["kind"] == "close"
    lost = -menu["site"].map(areas).astype(float)
    return menu.assign(
        adds_m2=menu["adds_m2"].where(~closing, lost).astype(float),
        adds_persons=menu["adds_persons"].mask(closing),
    )


def _costed(menu: pd.DataFrame, usable: pd.DataFrame, costs: pd.DataFrame | None) -> pd.DataFrame:
    own = pd.Series(numbers(usable, "cost_10k_yuan") * YUAN_PER_10K, index=usable.index)
    ledger = menu["site"].map(own).astype(float).fillna(menu["cost_yuan"].astype(float))
    priced = pd.Series(np.nan, index=menu.index)
    if costs is not None and len(costs):
        asked = pd.DataFrame(
            {
                "kind": menu["kind"].map(PRICED_AS),
                "m2": menu["adds_m2"].abs(),
                "items": 1,
                "partner": None,
            }
        )
        priced = measure_costs(asked, costs, pd.Series(dtype=float))
    note = np.select([ledger.notna(), priced.notna()], ["ledger", "unit_cost"], "unknown")
    return menu.assign(cost_yuan=ledger.fillna(priced), cost_note=note)
