"""What each kind of clause finds of every estate: areas owed, places, storeys, steps, shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.estates.delivered_area import AREA_KIND_OF, Ratios, delivered_area
from planner.standards.rulebooks.clauses import Clause
from planner.tables import STEP_STATES, STEPS
from planner.units import BoolArray, FloatArray

ROUNDING: Final = 1e-9
"""Relative slack of comparing areas: what float64 loses in a product, far below a square cm."""

PER_HUNDRED: Final = 100.0
PER_MILLE: Final = 1000.0
DONE, NOT_DONE, NOT_DUE = STEP_STATES
STEP_NAMES: Final = dict(zip(("规划", "建设", "验收", "交付"), STEPS, strict=True))
"""What a book may call a step."""

_BASES: Final = {
    "care_area_per_hundred_households": ("households", PER_HUNDRED),
    "care_area_of_housing": ("housing_area_m2", PER_MILLE),
    "community_rooms_per_hundred_households": ("households", PER_HUNDRED),
}
"""What an area is a part of: column of the estates, and how many of it a figure is for."""

Judged = dict[str, object]
"""Columns of the findings that one clause fills for all estates."""

LIST_MARK: Final = "、"


def numbers(estates: pd.DataFrame, column: str) -> FloatArray:
    """Return a column's numbers; NaN where it is absent."""
    return estates.reindex(columns=[column])[column].to_numpy(dtype=float, na_value=np.nan)


def words(estates: pd.DataFrame, column: str) -> pd.Series:
    """Return a column's words; missing where it is absent."""
    return estates.reindex(columns=[column])[column].astype(object)


def _missing(estates: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return, an estate each, which of the columns are empty, joined by 、."""
    empty = np.column_stack([words(estates, column).isna() for column in columns])
    return [
        LIST_MARK.join(name for name, gone in zip(columns, row, strict=True) if gone)
        for row in empty
    ]


def _blank(rows: int) -> Judged:
    texts = ("result", "reason", "note", "told", "fill_in")
    figures = ("value", "required", "required_m2", "delivered_m2", "short_m2")
    return {
        **{name: np.full(rows, "", dtype=object) for name in texts},
        **{name: np.full(rows, np.nan) for name in figures},
        "short_at_least": np.zeros(rows, dtype=bool),
    }


def _verdicts(met: BoolArray, unknown: BoolArray) -> np.ndarray:
    return np.where(unknown, "unknown", np.where(met, "meets", "short")).astype(object)


def _owed(clause: Clause, estates: pd.DataFrame, ratios: Ratios) -> Judged:
    """Judge an area that households or housing require."""
    column, per = _BASES[clause.quantity]
    base = numbers(estates, column)
    required = np.full(len(estates), np.nan) if clause.value is None else clause.value * base / per
    if clause.quantity in AREA_KIND_OF:
        held = delivered_area(estates, AREA_KIND_OF[clause.quantity], ratios)
        source, least, most, shown = "delivered_m2", held.least_m2, held.most_m2, held.shown_m2
        notes = held.notes
    else:
        source = "community_rooms_m2"
        least = most = shown = numbers(estates, source)
        notes = np.full(len(estates), "", dtype=object)
    slack = ROUNDING * np.nan_to_num(required)
    met, short = least >= required - slack, most < required - slack
    result = _verdicts(met, ~(met | short))
    filled = ~np.isnan(base) & ~np.isnan(shown)
    fill_in = np.array(_missing(estates, (column, source)), dtype=object)
    fill_in[notes == "ground_area"] = "delivered_m2"
    undecided = (result == "unknown") & filled
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(least == most, shown * per / base, np.nan)
    missing = np.where(short, required - most, np.where(met, 0.0, np.nan))
    return _blank(len(estates)) | {
        "result": result,
        "reason": np.where(undecided, "kind_unknown", np.where(filled, "", "not_filled")),
        "value": np.where(np.isfinite(value), value, np.nan),
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
        "required_m2": required,
        "delivered_m2": shown,
        "short_m2": missing,
        "short_at_least": short & (least < most),
        "note": notes,
        "fill_in": np.where(undecided, "delivered_kind", fill_in),
    }


def _least_place(clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    """Judge the smallest single place; several of unknown size may show that one is too small."""
    area, places = numbers(estates, "delivered_m2"), numbers(estates, "delivered_places")
    told = numbers(estates, "least_place_m2")
    ground = (words(estates, "delivered_kind") == "占地").to_numpy()
    smallest = np.where(np.isnan(told) & (places == 1), area, told)
    smallest[ground] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        at_most = np.where(np.isnan(smallest), area / np.fmax(places, 1.0), smallest)
    at_most[ground] = np.nan
    required = np.full(len(estates), np.nan if clause.value is None else clause.value)
    slack = ROUNDING * np.nan_to_num(required)
    met, short = smallest >= required - slack, at_most < required - slack
    result = _verdicts(met, ~(met | short))
    none = area == 0
    result[none] = "not_applicable"
    unknown = result == "unknown"
    fill = np.where(np.isnan(area), "delivered_m2", "least_place_m2")
    reason = np.where(np.isnan(area), "not_filled", "places_unknown")
    reason[ground] = "kind_unknown"
    return _blank(len(estates)) | {
        "result": result,
        "reason": np.where(none, "nothing_delivered", np.where(unknown, reason, "")),
        "value": np.where(none, np.nan, smallest),
        "required": required,
        "required_m2": required,
        "delivered_m2": np.where(none, np.nan, at_most),
        "short_m2": np.where(result == "short", required - at_most, np.nan),
        "short_at_least": (result == "short") & np.isnan(smallest),
        "fill_in": np.where(unknown, fill, ""),
    }


def _joined_place(clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    """Tell the least area of joined rooms: it binds pools, no estate by itself."""
    return _blank(len(estates)) | {
        "result": np.full(len(estates), "not_applicable", dtype=object),
        "reason": np.full(len(estates), "joined_only", dtype=object),
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
    }


def _holds(clause: Clause, value: FloatArray) -> BoolArray:
    """Tell which values keep to a clause's figures; the ends of a range are inside.

    Figures are compared with the relative slack :data:`ROUNDING`: 65.1 of 108.5 m² are 60 %, which
    float64 makes 59.99999999999999.
    """
    figure = np.nan if clause.value is None else clause.value
    upper = np.nan if clause.upper is None else clause.upper
    slack, above = ROUNDING * abs(figure), ROUNDING * abs(upper)
    kept: dict[str, BoolArray] = {
        "at_least": value >= figure - slack,
        "more_than": value > figure + slack,
        "at_most": value <= figure + slack,
        "less_than": value < figure - slack,
        "between": (value >= figure - slack) & (value <= upper + above),
        "equal": np.abs(value - figure) <= (clause.tolerance or 0.0) + slack,
    }
    return kept.get(clause.comparison, np.zeros(len(value), dtype=bool))


def _floor(clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    """Judge the storey of the care rooms.

    A rule on storeys counts whole ones above ground: neither a basement nor a mezzanine keeps to
    any (三层及以下，不得在地下、半地下、夹层), whichever end of the range it names.
    """
    floor, area = numbers(estates, "floor"), numbers(estates, "delivered_m2")
    floor = np.where(floor == 0, np.nan, floor)  # there is no storey 0
    below = floor < 1
    between = ~below & ~np.isnan(floor) & (floor != np.floor(floor))
    met = _holds(clause, floor) & ~below & ~between
    result = _verdicts(met, np.isnan(floor))
    none = (area == 0) & np.isnan(floor)
    result[none] = "not_applicable"
    unknown = result == "unknown"
    told = np.where(below, "below_ground", np.where(between, "mezzanine", ""))
    reason = np.where(none, "nothing_delivered", np.where(unknown, "not_filled", ""))
    return _blank(len(estates)) | {
        "result": result,
        "reason": reason,
        "value": floor,
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
        "told": np.where(result == "short", told, ""),
        "fill_in": np.where(unknown, "floor", ""),
    }


def _steps(clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    """Judge the steps that a clause names (all four if it names none), by their states."""
    names = [STEP_NAMES.get(item, item) for item in clause.items] or list(STEPS)
    states = {name: words(estates, name).to_numpy() for name in names if name in STEPS}
    table = pd.DataFrame(states, index=range(len(estates)), dtype=object)
    undone = (table == NOT_DONE).to_numpy()
    empty, waits = table.isna().to_numpy(), (table == NOT_DUE).to_numpy()
    result = np.select(
        [undone.any(axis=1), empty.any(axis=1), waits.any(axis=1)],
        ["short", "unknown", "not_applicable"],
        "meets",
    ).astype(object)
    listed = {
        "told": np.where((result == "short")[:, None], undone, waits & ~empty),
        "fill_in": empty,
    }
    columns = np.array(list(table.columns), dtype=object)
    texts = {key: [LIST_MARK.join(columns[row]) for row in rows] for key, rows in listed.items()}
    reasons = {"unknown": "not_filled", "not_applicable": "not_yet_due"}
    return _blank(len(estates)) | {
        "result": result,
        "reason": np.array([reasons.get(one, "") for one in result], dtype=object),
        **{key: np.array(told, dtype=object) for key, told in texts.items()},
    }


def _activity(clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    """Judge the share of the community's rooms that residents use."""
    columns = ("community_rooms_m2", "activity_m2")
    whole, part = (numbers(estates, column) for column in columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100.0 * part / whole
    percent = np.where(np.isfinite(percent), percent, np.nan)
    unknown = np.isnan(percent)
    none = (whole == 0) & ~np.isnan(part)
    result = _verdicts(_holds(clause, percent), unknown)
    result[none] = "not_applicable"
    reason = np.where(none, "nothing_delivered", np.where(unknown, "not_filled", ""))
    return _blank(len(estates)) | {
        "result": result,
        "reason": reason,
        "value": percent,
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
        "fill_in": np.array(_missing(estates, columns), dtype=object),
    }


def _on_the_spot(_clause: Clause, estates: pd.DataFrame, _ratios: Ratios) -> Judged:
    return _blank(len(estates)) | {
        "result": np.full(len(estates), "unknown", dtype=object),
        "reason": np.full(len(estates), "on_the_spot", dtype=object),
    }


_JUDGES: Final[dict[str, Callable[[Clause, pd.DataFrame, Ratios], Judged]]] = {
    **dict.fromkeys(_BASES, _owed),
    "care_area_least_place": _least_place,
    "care_area_least_joined_place": _joined_place,
    "care_rooms_floor": _floor,
    "four_steps": _steps,
    "resident_activity_share": _activity,
}


def judged(clause: Clause, estates: pd.DataFrame, ratios: Ratios) -> Judged:
    """Return what one clause finds of every estate, before its conditions are looked at.

    Parameters
    ----------
    clause
        A clause whose quantity has the subject ``estate``.
    estates
        A :data:`planner.tables.ESTATES` table; absent columns are unknown.
    ratios
        Figures that areas are converted by.
    """
    spot = clause.comparison == "statement"
    judge = _on_the_spot if spot else _JUDGES.get(clause.quantity, _on_the_spot)
    return judge(clause, estates, ratios)
