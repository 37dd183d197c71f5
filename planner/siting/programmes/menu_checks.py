"""What can be wrong with the tables of a programme, all told at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.coverage.capacity import CAPACITY_UNITS, CapacityUnit, unit_text
from planner.labels import Message, enumerated, message
from planner.siting.asking.places import id_problems, plain
from planner.siting.asking.settings import effort_problems, finite, limit_problems
from planner.siting.asking.weights import Weight, factors_of, is_numeric, weight_problems
from planner.siting.programmes.years import AT_CENTRES, KINDS, ONE_YEAR, PlanYear
from planner.tables import ELDERLY_COLUMNS, listed
from planner.units import FloatArray

NEEDED: Final = ("site", "kind", "adds_persons", "cost_yuan")
NUMBERS: Final = ("adds_persons", "adds_m2", "cost_yuan", "saves_yuan", "from_year")
MONEY: Final = ("cost_yuan", "saves_yuan")
WEIGHED: Final = ("served", "shortfall", "money")
"""Goals that can be weighed against each other; the walk is made least afterwards."""

MOST_WEIGHT: Final = 1e12
"""Greatest worth of a person, cost of a m² or of a yuan: beyond it the arithmetic of the solver
holds no other goal beside it."""


def numbers(table: pd.DataFrame, column: str) -> FloatArray:
    """Return a column as numbers; NaN where it is empty or absent."""
    if column not in table.columns:
        return np.full(len(table), np.nan)
    return table[column].to_numpy(dtype=np.float64, na_value=np.nan)


def listed_in(value: Any) -> tuple[Any, ...]:
    """Return the entries of a cell: of a tuple, list or set, one value, or none where empty."""
    if isinstance(value, tuple | list | set | frozenset | np.ndarray):
        return tuple(value)
    return () if value is None or pd.isna(value) else (value,)


def cell_problems(measures: pd.DataFrame) -> list[Message]:
    """Tell which cells of ``needs`` and ``one_of`` hold what cannot be the id of anything."""
    problems = []
    for name in ("needs", "one_of"):
        if name not in measures.columns:
            continue
        wrong = [one for one, cell in measures[name].items() if not _is_listed(cell)]
        if wrong:
            problems.append(message("programme.cell_wrong", name=name, ids=listed(wrong)))
    return problems


def _is_listed(cell: Any) -> bool:
    if isinstance(cell, Mapping):
        return False
    return all(isinstance(one, Hashable) for one in listed_in(cell))


def measure_problems(measures: pd.DataFrame, centres: pd.Index[Any]) -> list[Message]:
    """Tell what is wrong with the measures by themselves."""
    problems = id_problems("measures", plain(measures.index))
    missing = [name for name in NEEDED if name not in measures.columns]
    if missing:
        return problems + [
            message("tables.column_missing", table="measures", column=name) for name in missing
        ]
    problems += number_problems(measures, "measures", NUMBERS, MONEY)
    wrong = measures.index[~measures["kind"].isin(KINDS)]
    if len(wrong):
        problems.append(message("programme.kind_wrong", ids=listed(wrong), kinds=enumerated(KINDS)))
    if measures["site"].isna().any():
        ids = listed(measures.index[measures["site"].isna()])
        problems.append(message("programme.site_missing", ids=ids))
    problems += cell_problems(measures)
    if problems:
        return problems
    at_centre = measures["site"].isin(centres)
    strangers = measures.index[measures["kind"].isin(AT_CENTRES) & ~at_centre]
    if len(strangers):
        problems.append(message("programme.not_a_centre", ids=listed(strangers)))
    return problems + _sign_problems(measures) + _close_problems(measures) + _needs(measures)


def _sign_problems(measures: pd.DataFrame) -> list[Message]:
    closing = (measures["kind"] == "close").to_numpy()
    problems = []
    for column in ("adds_persons", "adds_m2"):
        values = numbers(measures, column)
        wrong = np.where(closing, values > 0, values < 0)
        if wrong.any():
            ids = listed(measures.index[wrong])
            problems.append(message("programme.sign_wrong", column=column, ids=ids))
    return problems


def _close_problems(measures: pd.DataFrame) -> list[Message]:
    sites = measures.loc[measures["kind"] == "close", "site"]
    twice = sites[sites.duplicated()].unique()
    return [message("programme.close_twice", ids=listed(twice))] if len(twice) else []


def _needs(measures: pd.DataFrame) -> list[Message]:
    if "needs" not in measures.columns:
        return []
    named = {one for cell in measures["needs"] for one in listed_in(cell)}
    strangers = sorted(named - set(plain(measures.index)), key=str)
    itself = [one for one, cell in measures["needs"].items() if one in listed_in(cell)]
    return [
        message(f"programme.{key}", ids=listed(ids))
        for key, ids in (("needs_stranger", strangers), ("needs_itself", itself))
        if ids
    ]


def number_problems(
    table: pd.DataFrame, name: str, columns: Sequence[str], not_negative: Sequence[str]
) -> list[Message]:
    """Tell of columns that hold no plain numbers, infinite ones, or negative where none may be."""
    problems = []
    for column in columns:
        if column not in table.columns or table[column].isna().all():
            continue
        if not is_numeric(table[column]):
            problems.append(message("tables.not_numbers", table=name, column=column))
            continue
        values = numbers(table, column)
        if np.isinf(values).any():
            ids = listed(table.index[np.isinf(values)])
            problems.append(message("programme.infinite", table=name, column=column, ids=ids))
        elif column in not_negative and (values < 0).any():
            ids = listed(table.index[values < 0])
            key = "negative_money" if column in MONEY else "negative"
            problems.append(message(f"programme.{key}", table=name, column=column, ids=ids))
    return problems


def centre_problems(existing: pd.DataFrame) -> list[Message]:
    """Tell what is wrong with the centres of today."""
    if "capacity_persons" not in existing.columns:
        return [message("tables.column_missing", table="existing", column="capacity_persons")]
    columns = ("capacity_persons",)
    return number_problems(existing, "existing", columns, columns)


def group_problems(
    groups: pd.DataFrame, measures: pd.DataFrame, years: Sequence[PlanYear]
) -> list[Message]:
    """Tell what is wrong with the service groups."""
    problems = id_problems("groups", plain(groups.index))
    columns = (*dict.fromkeys(year.required for year in years), "held_m2")
    missing = [name for name in columns if name not in groups.columns]
    if missing:
        return problems + [
            message("tables.column_missing", table="groups", column=name) for name in missing
        ]
    problems += number_problems(groups, "groups", columns, columns)
    if "group" in measures.columns:
        named = measures["group"].dropna()
        strangers = named[~named.isin(plain(groups.index))].unique()
        if len(strangers):
            problems.append(message("programme.group_stranger", ids=listed(strangers)))
    return problems


def year_problems(years: Sequence[PlanYear], residents: pd.DataFrame) -> list[Message]:
    """Tell what is wrong with the years, their money and whom they count."""
    if not years:
        return [message("programme.no_years")]
    problems = []
    names = [year.year for year in years]
    if names != [ONE_YEAR] and any(finite(one) != finite(one) for one in names):
        problems.append(message("programme.year_wrong", years=listed(names)))
    elif len(names) > 1 and any(b <= a for a, b in pairwise(names)):  # type: ignore[operator]
        problems.append(message("programme.years_order", years=listed(names)))
    for year in years:
        if not (finite(year.budget_yuan) >= 0 or year.budget_yuan == float("inf")):
            problems.append(
                message("programme.budget_wrong", year=year.year, value=year.budget_yuan)
            )
    seen: list[Weight] = []
    for year in years:
        if year.weight not in seen:
            seen.append(year.weight)
            problems += [
                one for one in weight_problems(residents, year.weight) if one not in problems
            ]
    return problems


def unit_problems(
    unit: CapacityUnit, given: str | None, years: Sequence[PlanYear]
) -> list[Message]:
    """Tell of two units in one question: places of one kind held against people of another.

    Raises
    ------
    ValueError
        If the unit is none of :data:`planner.coverage.capacity.CAPACITY_UNITS`.
    """
    if unit not in CAPACITY_UNITS:
        what = f"unit must be one of {CAPACITY_UNITS}, not {unit!r}"
        raise ValueError(what)
    problems = []
    if given is not None and given != unit:
        problems.append(
            message("programme.units_mixed", unit=unit_text(unit), given=unit_text(given))  # type: ignore[arg-type]
        )
    for year in years:
        if unit == "day_places" and year.weight is not None and _is_all_elders(year.weight):
            problems.append(message("programme.day_places_of_all", year=year.year))
    return problems


def _is_all_elders(weight: Weight) -> bool:
    factors = factors_of(weight) if weight is not None else {}
    return any(finite(factor) >= 1 for name, factor in factors.items() if name in ELDERLY_COLUMNS)


def setting_problems(
    limit_minutes: object,
    time_limit_s: object,
    gap: object,
    unknown_capacity: object,
    goal_weights: Mapping[str, float] | None,
    flags: Mapping[str, object],
) -> list[Message]:
    """Tell what is wrong with the single settings; ``flags`` are to be True or False."""
    problems = limit_problems(limit_minutes) + effort_problems(time_limit_s, gap)
    problems += [
        message("programme.flag_kind", name=name, value=str(value))
        for name, value in flags.items()
        if not isinstance(value, bool | np.bool_)
    ]
    if unknown_capacity not in ("nothing", "refuse"):
        problems.append(message("programme.unknown_capacity_wrong", value=unknown_capacity))
    return problems + ([] if goal_weights is None else _weight_problems(goal_weights))


def _weight_problems(goal_weights: object) -> list[Message]:
    if not isinstance(goal_weights, Mapping):
        return [message("programme.goal_weights_kind", found=type(goal_weights).__name__)]
    problems = []
    strange = sorted(set(goal_weights) - set(WEIGHED), key=str)
    if strange:
        problems.append(
            message("programme.goal_strange", goals=listed(strange), known=listed(WEIGHED))
        )
    wrong = [
        goal for goal, factor in goal_weights.items() if not 0 <= finite(factor) <= MOST_WEIGHT
    ]
    if wrong or not any(goal_weights.values()):
        problems.append(message("programme.goal_weights_wrong", goals=listed(wrong or WEIGHED)))
    return problems
