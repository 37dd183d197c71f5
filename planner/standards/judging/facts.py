"""What each centre has, in the terms that clauses speak of: one column a quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from planner import tables
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.rulebooks.quantities import OF_CENTRES, QUANTITIES
from planner.units import FloatArray

INSTITUTION: Final = "机构"
"""The kind of facility whose beds tell how many it takes."""

WITH_BEDS: Final = (INSTITUTION, "街道综合中心", "农村幸福院")
"""Kinds that may have beds beside day places; of any other, day places alone are its capacity."""

SHARE_COLUMNS: Final = {
    "生活服务": "living_area_m2",
    "保健康复": "health_area_m2",
    "娱乐": "recreation_area_m2",
    "辅助": "support_area_m2",
}
"""The ledger's column of each group of rooms (建标 143, art. 10)."""

NEAR: Final = (
    "service_radius",
    "walked_radius",
    "walked_minutes",
    "main_road_distance",
    "noise_distance",
    "pollution_distance",
    "medical_distance",
    "ground_slope",
)
"""What the network and layers tell; a column ``<name>_reason`` says why a figure is missing."""

JUDGED: Final = tuple(
    quantity for quantity in QUANTITIES.values() if quantity.subject in OF_CENTRES
)
"""What clauses can speak of where they speak of centres."""

LEDGER: Final = tuple(
    dict.fromkeys(["built_as", *(column for quantity in JUDGED for column in quantity.columns)])
)
"""Columns of the ledger that clauses and their conditions ask for."""

NUMBERS: Final = tuple(name for name in LEDGER if tables.CENTRES[name].kind == "number")
WORDS: Final = tuple(name for name in LEDGER if tables.CENTRES[name].kind != "number")

_OF_AUDIT: Final = {
    "name": "name",
    "centre_kind": "centre_kind",
    "status": "status",
    "street": "street",
    "community": "community",
    "building_m2": "building_area",
    "area_note": "area_note",
    "group": "group",
    "serves_villages": "serves_villages",
    "population": "population",
    "elderly_60": "elderly_60",
    "group_held_m2": "group_held_m2",
}

MAP_DISTANCES: Final = tuple(name for name in NEAR if QUANTITIES[name].unit == "m")
"""Distances measured on the map."""


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return ``part / whole``, NaN where there is no whole: nobody knows a share of nothing."""
    quotient: FloatArray = np.full(len(part), np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient


def lift_or_ramp(lift: pd.Series, ramp: pd.Series) -> pd.Series:
    """Return 有 where there is either, 无 where both are known not to be, else missing."""
    there, none = tables.PRESENCE
    either = (lift == there) | (ramp == there)
    neither = (lift == none) & (ramp == none)
    words = pd.Series(np.where(either, there, none), index=lift.index).astype(object)
    return words.where(either | neither, None)


def _near(near: pd.DataFrame | None, index: pd.Index) -> dict[str, pd.Series]:
    """Return what the network and layers tell, with the reason where they do not."""
    names = [*NEAR, *(f"{name}_reason" for name in NEAR)]
    given = pd.DataFrame(index=index) if near is None else near.reindex(index)
    table = given.reindex(columns=names)
    told: dict[str, pd.Series] = {}
    for name in NEAR:
        value = table[name].astype(float)
        reason = table[f"{name}_reason"].astype(object)
        told[name] = value
        told[f"{name}_reason"] = reason.where(reason.notna(), "no_layer").where(value.isna(), "")
    return told


def centre_facts(
    centres: pd.DataFrame, audit: FloorAreaAudit, *, near: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what every centre has, by centre id, a column for each quantity of centres.

    - Per day user: an area over ``capacity_persons``. Where that is not given the quotient is
      unknown, never derived; so where it is 0.
    - ``dining_seats_share`` = 100 × dining seats / ``capacity_persons``.
    - ``use_share_<group>`` = 100 × use area of the group of rooms / the sum of all four: known
      only where all four are; but none at all is 0 % wherever another group has any.
      ``use_area_share`` is that of the sum: 100 where they are known.
    - ``lift_or_ramp``: 有 if either is; 无 only where both are known not to be.
    - ``building_area`` is the centre's own, in building terms (as ``audit`` has it); the group's
      is ``group_held_m2``, and ``building_area_per_elder`` is that over the group's 60+.
    - ``place_area`` is the centre's own building area, too: for clauses on a single place.
    - ``capacity``: how many a centre takes. Of a kind that may have beds (:data:`WITH_BEDS`) the
      greater of its day places and beds, as far as they are given: at least so many. Any other
      (日间照料) takes day users alone: its day places, whatever the column of beds holds (TRADE.md
      5: day places and beds are never mixed).
    - ``capacity_settled``: whether it has no more: all that count for its kind are given. So
      "fewer than 20" is known only then, 0 beds being said and not left empty; "20 or more"
      wherever one that counts reaches it.
    - Any other quantity that a single column of the ledger tells is that column; a floor of 0 is
      unknown: there is no such storey.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table: all kinds and statuses.
    audit
        Its floor-area audit.
    near
        By centre id: what the network and layers tell (:data:`NEAR`), each with
        ``<name>_reason`` (of :data:`planner.standards.judging.findings.REASONS`) where it is
        missing. A quantity without a column there has ``no_layer``.

    Returns
    -------
    DataFrame
        Same index. Numbers are floats in the quantities' units, words and lists as the ledger has
        them; missing is unknown. Besides: ``name, centre_kind, status, street, community``, the
        ledger's own columns (:data:`LEDGER`), ``area_note, group, serves_villages, population,
        elderly_60, group_held_m2, capacity, capacity_settled``.
    """
    table = centres.reindex(columns=list(LEDGER))
    numbers = {name: table[name].to_numpy(dtype=float, na_value=np.nan) for name in NUMBERS}
    numbers["floor"] = np.where(numbers["floor"] == 0, np.nan, numbers["floor"])
    words = {name: _words(table[name]) for name in WORDS}
    of_audit = audit.centres.reindex(index=centres.index, columns=list(_OF_AUDIT))
    known: dict[str, Any] = {
        **{new: of_audit[old] for old, new in _OF_AUDIT.items()},
        **numbers,
        **words,
        **_derived(numbers, words, of_audit),
        **_capacity(of_audit["centre_kind"], numbers),
        "place_area": of_audit["building_m2"],
        **_near(near, centres.index),
    }
    # What was measured on the spot comes before what heights of the ground tell.
    measured = pd.Series(numbers["ground_slope_percent"], centres.index)
    slope = measured.fillna(known["ground_slope"])
    known["ground_slope"] = slope
    known["ground_slope_reason"] = known["ground_slope_reason"].where(slope.isna(), "")
    single = {
        quantity.name: known[quantity.columns[0]]
        for quantity in JUDGED
        if quantity.name not in known and len(quantity.columns) == 1
    }
    return pd.DataFrame({**known, **single}, index=centres.index)


def _capacity(kinds: pd.Series, numbers: dict[str, FloatArray]) -> dict[str, np.ndarray]:
    """Return how many each centre takes at least, and whether it is known to take no more."""
    places, beds, either = numbers["capacity_persons"], numbers["beds"], with_beds(kinds)
    return {
        "capacity": np.where(either, np.fmax(places, beds), places),
        "capacity_settled": ~np.isnan(places) & ~(either & np.isnan(beds)),
    }


def with_beds(kinds: pd.Series) -> np.ndarray:
    """Tell which centres are of a kind that may have beds beside day places."""
    found: np.ndarray = kinds.isin(WITH_BEDS).to_numpy(dtype=bool)
    return found


def capacity_column(kinds: pd.Series) -> np.ndarray:
    """Return the column of each centre's main capacity: an institution's beds, else day places."""
    named: np.ndarray = np.where(kinds == INSTITUTION, "beds", "capacity_persons")
    return named


def _words(column: pd.Series) -> pd.Series:
    """Return a column of words, whatever is missing as ``None``."""
    words = column.astype(object)
    return words.where(words.notna(), None)


def _derived(
    numbers: dict[str, FloatArray], words: dict[str, pd.Series], of_audit: pd.DataFrame
) -> dict[str, Any]:
    """Return the quantities that are made of several columns."""
    figures = {
        name: of_audit[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("building_m2", "group_held_m2", "elderly_60")
    }
    places = numbers["capacity_persons"]
    use_areas = {group: numbers[column] for group, column in SHARE_COLUMNS.items()}
    use_total: FloatArray = np.sum(list(use_areas.values()), axis=0)
    inner = (words["area_kind"] == "套内").to_numpy()
    return {
        "building_area_per_elder": ratio(figures["group_held_m2"], figures["elderly_60"]),
        "inner_area": np.where(inner, numbers["area_m2"], np.nan),
        "use_area_share": 100.0 * ratio(use_total, use_total),
        "rest_area_per_day_user": ratio(numbers["rest_area_m2"], places),
        "dining_area_per_seat": ratio(numbers["dining_area_m2"], numbers["dining_seats"]),
        "dining_seats_share": 100.0 * ratio(numbers["dining_seats"], places),
        "recreation_area_per_day_user": ratio(numbers["recreation_area_m2"], places),
        "building_area_per_bed": ratio(figures["building_m2"], numbers["beds"]),
        "lift_or_ramp": lift_or_ramp(words["lift"], words["ramp"]),
        **{
            f"use_share_{group}": _use_share(area, use_total, use_areas)
            for group, area in use_areas.items()
        },
    }


def _use_share(
    area: FloatArray, total: FloatArray, use_areas: Mapping[str, FloatArray]
) -> FloatArray:
    """Return an area's share of the total in percent: none is 0 %, whatever others have."""
    anything = np.nansum(list(use_areas.values()), axis=0) > 0
    share: FloatArray = np.where((area == 0) & anything, 0.0, 100.0 * ratio(area, total))
    return share
