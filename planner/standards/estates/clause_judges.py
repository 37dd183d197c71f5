"""What each kind of clause finds of every estate: areas owed, places, storeys, steps, shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.estates.delivered_area import AREA_KIND_OF, Ratios, delivered_area
from planner.standards.estates.steps import FourSteps
from planner.standards.rulebooks.clauses import Clause
from planner.tables import LIST_MARK, STEPS
from planner.units import ROUNDING, BoolArray, FloatArray

PER_HUNDRED: Final = 100.0
PER_MILLE: Final = 1000.0
STEP_NAMES: Final = dict(zip(("规划", "建设", "验收", "交付"), STEPS, strict=True))
"""What a book may call a step."""

_BASES: Final = {
    "care_area_per_hundred_households": ("households", PER_HUNDRED),
    "care_area_of_housing": ("housing_area_m2", PER_MILLE),
    "community_rooms_per_hundred_households": ("households", PER_HUNDRED),
}
"""What an area is a part of: column of the estates, and how many of it a figure is for."""

_FLOOR_AREA: Final = LIST_MARK.join(("delivered_m2", "delivered_kind"))
"""What is to be filled in anew where the ledger has ground area."""

Judged = dict[str, object]
"""Columns of the findings that one clause fills for all estates."""


def numbers(estates: pd.DataFrame, column: str) -> FloatArray:
    """Return a column's numbers; NaN where it is absent."""
    return estates.reindex(columns=[column])[column].to_numpy(dtype=float, na_value=np.nan)


def words(estates: pd.DataFrame, column: str) -> pd.Series:
    """Return a column's words; missing where it is absent."""
    return estates.reindex(columns=[column])[column].astype(object)


def storeys(estates: pd.DataFrame) -> FloatArray:
    """Return the storeys of the care rooms; NaN where unknown: there is no storey 0."""
    floor = numbers(estates, "floor")
    return np.where(floor == 0, np.nan, floor)


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
    """Judge an area that households or housing require; of none of them nobody knows what."""
    column, per = _BASES[clause.quantity]
    given = numbers(estates, column)
    base = np.where(given > 0, given, np.nan)
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
    # Ground area is filled in, but no floor area: another figure of another kind is asked for.
    filled = ~np.isnan(base) & ((ground := notes == "ground_area") | ~np.isnan(shown))
    told = estates.assign(**{column: base})
    fill_in = np.array(_missing(told, (column, source)), dtype=object)
    empty = np.where(given == 0, "zero_base", "not_filled")
    undecided = (result == "unknown") & filled
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(least == most, shown * per / base, np.nan)
    missing = np.where(short, required - most, np.where(met, 0.0, np.nan))
    return _blank(len(estates)) | {
        "result": result,
        "reason": np.where(undecided, "kind_unknown", np.where(filled, "", empty)),
        "value": np.where(np.isfinite(value), value, np.nan),
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
        "required_m2": required,
        "delivered_m2": shown,
        "short_m2": missing,
        "short_at_least": short & (least < most),
        "note": notes,
        "fill_in": np.where(undecided, np.where(ground, _FLOOR_AREA, "delivered_kind"), fill_in),
    }


def _least_place(clause: Clause, estates: pd.DataFrame, ratios: Ratios) -> Judged:
    """Judge the smallest single place; several of unknown size may show that one is too small.

    Places that have more area together than was delivered are no figures to judge by.
    """
    area, places = numbers(estates, "delivered_m2"), numbers(estates, "delivered_places")
    told = numbers(estates, "least_place_m2")
    told = np.where(told > 0, told, np.nan)
    number = np.fmax(places, 1.0)
    smallest = np.where(np.isnan(told) & (places == 1), area, told)
    known, bound = (
        delivered_area(estates.assign(delivered_m2=one), AREA_KIND_OF[clause.quantity], ratios)
        for one in (smallest, np.where(np.isnan(smallest), area / number, smallest))
    )
    required = np.full(len(estates), np.nan if clause.value is None else clause.value)
    slack = ROUNDING * np.nan_to_num(required)
    met, short = known.least_m2 >= required - slack, bound.most_m2 < required - slack
    impossible = told * number > area * (1.0 + ROUNDING)
    result = _verdicts(met, ~(met | short) | impossible)
    none = area == 0
    result[none] = "not_applicable"
    unknown = result == "unknown"
    cases = [impossible, np.isnan(area), bound.notes == "ground_area", np.isnan(smallest)]
    reason = np.select(
        cases, ["impossible", "not_filled", "kind_unknown", "places_unknown"], "kind_unknown"
    )
    fill = np.select(
        cases,
        ["delivered_m2、least_place_m2", "delivered_m2", _FLOOR_AREA, "least_place_m2"],
        "delivered_kind",
    )
    sure = known.least_m2 == known.most_m2
    return _blank(len(estates)) | {
        "result": result,
        "reason": np.where(none, "nothing_delivered", np.where(unknown, reason, "")).astype(object),
        "value": np.where(none | ~sure, np.nan, known.shown_m2),
        "required": required,
        "required_m2": required,
        "delivered_m2": np.where(none, np.nan, bound.shown_m2),
        "short_m2": np.where(result == "short", required - bound.most_m2, np.nan),
        "short_at_least": (result == "short") & ~sure,
        "note": np.where(none, "", bound.notes).astype(object),
        "fill_in": np.where(unknown, fill, "").astype(object),
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

    Figures are compared with the relative slack :data:`planner.units.ROUNDING`: 65.1 of 108.5 m²
    are 60 %, which float64 makes 59.99999999999999.
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
    floor, area = storeys(estates), numbers(estates, "delivered_m2")
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


def _steps(clause: Clause, estates: pd.DataFrame, steps: FourSteps) -> Judged:
    """Judge the steps that a clause names (all four if it names none), as they were found."""
    names = [STEP_NAMES.get(item, item) for item in clause.items] or list(STEPS)
    columns = [name for name in names if name in STEPS]
    found = steps.steps["result"].to_numpy(dtype=object).reshape(len(estates), len(STEPS))
    results = found[:, [STEPS.index(name) for name in columns]]
    late, empty, waits = (results == one for one in ("late", "unknown", "not_due"))
    result = np.select(
        [late.any(axis=1), empty.any(axis=1), waits.any(axis=1)],
        ["short", "unknown", "not_applicable"],
        "meets",
    ).astype(object)
    listed = {"told": np.where((result == "short")[:, None], late, waits), "fill_in": empty}
    words_of = np.array(columns, dtype=object)
    texts = {key: [LIST_MARK.join(words_of[row]) for row in rows] for key, rows in listed.items()}
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
    # A part that is larger than the whole is no figure to judge by.
    impossible = part > whole * (1.0 + ROUNDING)
    unknown = np.isnan(percent) | impossible
    none = (whole == 0) & (part == 0)
    result = _verdicts(_holds(clause, percent), unknown)
    result[none] = "not_applicable"
    fill_in = np.array(_missing(estates, columns), dtype=object)
    fill_in[impossible] = LIST_MARK.join(columns)
    reason = np.select(
        [none, impossible, unknown], ["nothing_delivered", "impossible", "not_filled"], ""
    ).astype(object)
    return _blank(len(estates)) | {
        "result": result,
        "reason": reason,
        "value": percent,
        "required": np.full(len(estates), np.nan if clause.value is None else clause.value),
        "fill_in": fill_in,
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
    "resident_activity_share": _activity,
}


def judged(clause: Clause, estates: pd.DataFrame, ratios: Ratios, steps: FourSteps) -> Judged:
    """Return what one clause finds of every estate, before its conditions are looked at.

    Parameters
    ----------
    clause
        A clause whose quantity has the subject ``estate``.
    estates
        A :data:`planner.tables.ESTATES` table; absent columns are unknown.
    ratios
        Figures that areas are converted by.
    steps
        The four steps of the same estates, in their order, as if asked of every age.
    """
    spot = clause.comparison == "statement"
    if clause.quantity == "four_steps" and not spot:
        return _steps(clause, estates, steps)
    judge = _on_the_spot if spot else _JUDGES.get(clause.quantity, _on_the_spot)
    return judge(clause, estates, ratios)
