"""What each centre can take and how many ask for it, each figure with its unit.

There are two units, and they are never mixed (TRADE: capacity carries a unit). *Day places* are
held against those who need day care; *community elders* against all aged 60+. A function that
brings both sides together refuses two units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from planner import tables
from planner.errors import TableError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.units import FloatArray

CapacityUnit = Literal["day_places", "community_elders"]
CAPACITY_UNITS: Final[tuple[CapacityUnit, ...]] = get_args(CapacityUnit)

USE_M2_PER_DAY_USER: Final = 8.5
"""JGJ 450-2018: rest 4.00 (5.2.4) + dining 2.50 (5.2.6) + recreation 2.00 (5.3.1); mark W1."""

USE_AREA_RATIO: Final = 0.65
"""建标 143-2010: use area over building area, on average; mark C, to be checked."""

BUILDING_M2_PER_ELDER: Final = 0.32
"""建标 143-2010, 二类 (0.26 in 一类, 0.39 in 三类), a recommendation (可); mark C."""

CAPACITY_NOTES: Final = ("given", "from_area", "unknown")
"""The ledger's own figure; worked out from floor area by the rule; neither is known."""

DEMAND_NOTES: Final = ("given", "rate", "elders", "unknown")
"""Persons in need as the table gives them; 60+ times the demand rate; all 60+; not known."""


def unit_text(unit: CapacityUnit, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a unit in words."""
    return text(f"capacity.unit_{unit}", language)


@dataclass(frozen=True, eq=False)
class CentreCapacity:
    """What each centre can take, in one unit.

    Parameters
    ----------
    unit
        One of :data:`CAPACITY_UNITS`.
    centres
        By centre id, in the caller's order: ``capacity_persons`` (NaN unknown, never 0 for it),
        ``capacity_note`` (:data:`CAPACITY_NOTES`), ``building_m2`` (NaN unknown), ``area_note``
        (how the area was reached, as the caller gave it), ``to_check`` (worked out by a figure
        whose wording nobody here has read, or from an area that is itself derived).
    """

    unit: CapacityUnit
    centres: pd.DataFrame

    @property
    def known_persons(self) -> float:
        """Sum of the known capacities."""
        return float(self.centres["capacity_persons"].sort_index().sum())

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the centres whose capacity is not known, sorted."""
        unknown = self.centres["capacity_persons"].isna()
        return tuple(sorted(self.centres.index[unknown].to_list()))


@dataclass(frozen=True, eq=False)
class CapacityDemand:
    """How many persons of each resident row ask for a place, in one unit.

    Parameters
    ----------
    unit
        One of :data:`CAPACITY_UNITS`.
    residents
        By resident id, in the caller's order: ``demand_persons`` (NaN unknown) and
        ``demand_note`` (:data:`DEMAND_NOTES`).
    demand_rate
        Share of the 60+ that asks for day care; None where none was needed or given.
    """

    unit: CapacityUnit
    residents: pd.DataFrame
    demand_rate: float | None

    @property
    def known_persons(self) -> float:
        """Sum of the known demand."""
        return float(self.residents["demand_persons"].sort_index().sum())


def _positive(**settings: float) -> None:
    wrong = [
        message("capacity.not_positive", setting=name, value=value)
        for name, value in settings.items()
        if not (np.isfinite(value) and value > 0)
    ]
    if wrong:
        raise TableError(message("capacity.refused"), wrong)


def _check_unit(unit: str) -> None:
    if unit not in CAPACITY_UNITS:
        what = f"unit must be one of {CAPACITY_UNITS}, not {unit!r}"
        raise ValueError(what)


def _whole(persons: FloatArray) -> FloatArray:
    # 1,085 × 0.65 / 8.5 = 82.97 is 83 places (TRADE): to the nearest, halves up.
    return np.floor(persons + 0.5)


def _floor_areas(centres: pd.DataFrame, areas: pd.DataFrame | None) -> pd.DataFrame:
    names = ["building_m2", "counted_m2", "area_note"]
    if areas is None:
        return pd.DataFrame(index=centres.index, columns=names)
    if "building_m2" not in areas.columns:
        problem = message("tables.column_missing", table="areas", column="building_m2")
        raise TableError(message("capacity.refused"), [problem])
    absent = centres.index.difference(areas.index)
    if len(absent):
        problem = message("capacity.areas_missing", ids=tables.listed(sorted(absent)))
        raise TableError(message("capacity.refused"), [problem])
    return areas.reindex(columns=names).loc[centres.index]


def centre_capacity(
    centres: pd.DataFrame,
    areas: pd.DataFrame | None = None,
    *,
    unit: CapacityUnit,
    use_m2_per_day_user: float = USE_M2_PER_DAY_USER,
    use_area_ratio: float = USE_AREA_RATIO,
    building_m2_per_elder: float = BUILDING_M2_PER_ELDER,
) -> CentreCapacity:
    """Return what each centre can take: by its ledger, else by its floor area, else unknown.

    Day places: ``capacity_persons`` of the ledger; else ``building_m2 × use_area_ratio /
    use_m2_per_day_user`` (1,085 × 0.65 / 8.5 = 83). Community elders: ``building_m2 /
    building_m2_per_elder`` (1,085 / 0.32 = 3,391); the ledger's day places say nothing of them.
    Both are rounded to the nearest person.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table; geometry is not needed.
    areas
        By centre id, in m²: ``building_m2`` (建筑面积, NaN unknown), as
        ``standards.building_areas`` gives it, which reads the kinds of area; where given,
        ``counted_m2`` goes before it (rooms shared with a 党群服务中心 counted once) and
        ``area_note`` is carried on. None: only the ledger's own figures count.
    unit
        One of :data:`CAPACITY_UNITS`.
    use_m2_per_day_user, use_area_ratio, building_m2_per_elder
        The figures of the rule, above 0; the ratio at most 1.

    Raises
    ------
    TableError
        If a table is malformed or a figure out of bounds.
    ValueError
        If the unit is unknown.
    """
    _check_unit(unit)
    _positive(
        use_m2_per_day_user=use_m2_per_day_user,
        use_area_ratio=use_area_ratio,
        building_m2_per_elder=building_m2_per_elder,
    )
    if use_area_ratio > 1:
        problem = message("capacity.ratio_above_one", value=use_area_ratio)
        raise TableError(message("capacity.refused"), [problem])
    tables.check(tables.CENTRES, centres, geometry=False)
    floors = _floor_areas(centres, areas)
    building = floors["building_m2"].to_numpy(dtype=float, na_value=np.nan)
    counted = floors["counted_m2"].to_numpy(dtype=float, na_value=np.nan)
    held = np.where(np.isfinite(counted), counted, building)
    # A floor of 0 m² is a figure nobody filled in, unless its rooms are all counted elsewhere.
    held = np.where(building > 0, held, np.nan)
    if unit == "day_places":
        ledger = centres.reindex(columns=["capacity_persons"])["capacity_persons"]
        given = ledger.to_numpy(dtype=float, na_value=np.nan)
        by_area = _whole(held * use_area_ratio / use_m2_per_day_user)
    else:
        given = np.full(len(centres), np.nan)
        by_area = _whole(held / building_m2_per_elder)
    persons = np.where(np.isnan(given), by_area, given)
    conditions = [~np.isnan(given), ~np.isnan(by_area)]
    notes = np.select(conditions, ["given", "from_area"], default="unknown").astype(object)
    table = pd.DataFrame(
        {
            "capacity_persons": persons,
            "capacity_note": notes,
            "building_m2": building,
            "area_note": floors["area_note"].astype(object),
            "to_check": notes == "from_area",
        },
        index=centres.index,
    )
    return CentreCapacity(unit, table.rename_axis("centre"))


def capacity_demand(
    residents: pd.DataFrame,
    *,
    unit: CapacityUnit,
    demand_rate: float | None = None,
    need_column: str | None = None,
) -> CapacityDemand:
    """Return how many persons of each resident row ask for a place.

    Community elders: all aged 60+. Day places: the persons of ``need_column`` (失能, 半失能 or
    both together) where the row gives them, else 60+ times ``demand_rate``, else unknown.

    Parameters
    ----------
    residents
        A :data:`planner.tables.RESIDENTS` table; geometry is not needed.
    unit
        One of :data:`CAPACITY_UNITS`.
    demand_rate
        Share of the 60+ that asks for day care, 0 to 1: the project's own figure.
    need_column
        Column of ``residents`` that counts persons in need of day care.

    Raises
    ------
    TableError
        If the table is malformed, or neither a rate nor a column is given for day places.
    ValueError
        If the unit is unknown.
    """
    _check_unit(unit)
    problems = tables.table_problems(tables.RESIDENTS, residents, geometry=False)
    problems += _demand_problems(residents, unit, demand_rate, need_column)
    if problems:
        raise TableError(message("capacity.refused"), problems)
    elders = residents["elderly_60"].to_numpy(dtype=float, na_value=np.nan)
    if unit == "community_elders":
        persons, notes = elders, np.where(np.isnan(elders), "unknown", "elders")
    else:
        given = np.full(len(residents), np.nan)
        if need_column is not None:
            given = residents[need_column].to_numpy(dtype=float, na_value=np.nan)
        by_rate = elders * (np.nan if demand_rate is None else demand_rate)
        persons = np.where(np.isnan(given), by_rate, given)
        conditions = [~np.isnan(given), ~np.isnan(by_rate)]
        notes = np.select(conditions, ["given", "rate"], default="unknown")
    table = pd.DataFrame(
        {"demand_persons": persons, "demand_note": notes.astype(object)}, index=residents.index
    )
    used = demand_rate if unit == "day_places" else None
    return CapacityDemand(unit, table.rename_axis("resident"), used)


def _demand_problems(
    residents: pd.DataFrame, unit: CapacityUnit, rate: float | None, column: str | None
) -> list[Message]:
    if unit == "community_elders":
        return []
    problems = []
    if rate is None and column is None:
        problems.append(message("capacity.rate_missing"))
    if rate is not None and not 0 <= rate <= 1:
        problems.append(message("capacity.rate_wrong", value=rate))
    if column is None:
        return problems
    if column not in residents.columns:
        missing = message("tables.column_missing", table="residents", column=column)
        return [*problems, missing]
    values = residents[column].to_numpy(dtype=float, na_value=np.nan)
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        ids = tables.listed(residents.index[wrong])
        problems.append(message("tables.out_of_bounds", table="residents", column=column, ids=ids))
    return problems
