"""What an estate delivered, in the kind of area that a clause speaks of: bounds where it differs.

Use area converted is 推算, 未注明 is read as building area and marked 口径待核对, and ground area
never counts as floor. Use area <= inner area <= building area of the same rooms: without a
figure to convert by, an area of another kind still bounds the one asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import RuleBook
from planner.units import FloatArray

AREA_KIND_OF: Final = {
    "care_area_per_hundred_households": "建筑",
    "care_area_of_housing": "套内",
    "care_area_least_place": "建筑",
}
"""The kind of area that clauses speak of: m² a hundred households are building area (宁波市居家养老
服务条例), per mille of the housing are inner area (浙江省). A single place is read as building
area, as area of no stated kind is: what is known of those rules (安徽, 绍兴) names none."""

NOTES: Final = ("", "derived", "kind_to_check", "kind_bound", "ground_area")
"""How a delivered area was read; labels ``estates.note_…``. ``derived``: converted by the book's
figure (推算). ``kind_to_check``: of no stated kind, read as building area. ``kind_bound``: of
another kind, without a figure to convert by: only a bound. ``ground_area``: no floor area at all.
"""


@dataclass(frozen=True)
class Ratios:
    """Figures that areas are converted by; ``None`` where no book of the project has one.

    Parameters
    ----------
    use
        Use area over building area (平均使用面积系数).
    inner
        Inner area over building area.
    """

    use: float | None = None
    inner: float | None = None

    @classmethod
    def of(cls, books: tuple[RuleBook, ...]) -> Ratios:
        """Return the first figures that any of the books has, in the project's order."""
        found = {
            name: next((f for book in books if (f := book.figure(quantity)) is not None), None)
            for name, quantity in (("use", "use_area_ratio"), ("inner", "inner_area_ratio"))
        }
        return cls(**found)


@dataclass(frozen=True)
class Delivered:
    """Delivered area of each estate in one kind of area.

    Parameters
    ----------
    least_m2, most_m2
        Shape (estates,): it is no less and no more than this; equal where it is known, NaN where
        the ledger gives nothing.
    shown_m2
        Shape (estates,): the area itself where it is known, else the ledger's own figure; NaN
        where the ledger gives nothing, or ground area.
    notes
        Shape (estates,): :data:`NOTES`.
    """

    least_m2: FloatArray
    most_m2: FloatArray
    shown_m2: FloatArray
    notes: np.ndarray[tuple[int], np.dtype[np.object_]]


def _bounds(kind: str, given: str, ratios: Ratios) -> tuple[float, float, str]:
    """Return the factors on the ledger's figure that bound the area asked for, and the note."""
    if given == kind:
        return 1.0, 1.0, ""
    if given == "占地":
        return 0.0, np.inf, "ground_area"
    if kind == "建筑":
        ratio = ratios.use if given == "使用" else ratios.inner
        return (1 / ratio, 1 / ratio, "derived") if ratio else (1.0, np.inf, "kind_bound")
    if given == "使用":
        return 1.0, np.inf, "kind_bound"
    if ratios.inner:
        return ratios.inner, ratios.inner, "derived"
    return 0.0, 1.0, "kind_bound"


def as_building_m2(area_m2: FloatArray, kind: str, ratios: Ratios) -> FloatArray:
    """Return areas of one kind as building area; NaN where no book of the project converts them.

    Parameters
    ----------
    area_m2
        Areas of ``kind``; 0 is 0 of every kind.
    kind
        :data:`planner.tables.AREA_KINDS`; 未注明 is read as building area, 占地 is no floor.
    ratios
        Figures to convert by.
    """
    low, high, _ = _bounds("建筑", "建筑" if kind == "未注明" else kind, ratios)
    factor = low if low == high else np.nan
    return np.where(area_m2 == 0, 0.0, area_m2 * factor)


def delivered_area(estates: pd.DataFrame, kind: str, ratios: Ratios) -> Delivered:
    """Return what each estate delivered as area of one kind.

    Parameters
    ----------
    estates
        Columns ``delivered_m2`` and ``delivered_kind`` (:data:`planner.tables.AREA_KINDS`), either
        of which may be absent. An area of 0 is 0 of every kind.
    kind
        建筑 or 套内.
    ratios
        Figures to convert by.
    """
    area = estates.reindex(columns=["delivered_m2"])["delivered_m2"].to_numpy(dtype=float)
    told = estates.reindex(columns=["delivered_kind"])["delivered_kind"]
    given = told.astype(object).where(told.notna(), "未注明").to_numpy(dtype=object)
    least, most = area.copy(), area.copy()
    shown, notes = area.copy(), np.full(len(area), "", dtype=object)
    for word in sorted(set(given.tolist())):
        rows = (given == word) & ~np.isnan(area) & (area > 0)
        low, high, note = _bounds(kind, "建筑" if word == "未注明" else word, ratios)
        if word == "未注明":
            note = "kind_to_check"
        least[rows] = area[rows] * low
        most[rows] = area[rows] * high
        shown[rows] = np.where(low == high, area[rows] * low, area[rows])
        notes[rows] = note
        if note == "ground_area":
            shown[rows] = np.nan
    return Delivered(least, most, shown, notes)
