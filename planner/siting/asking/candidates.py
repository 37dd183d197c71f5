"""Which candidate buildings could hold a centre at all, and which facts are still to be seen.

TRADE.md, section 9: below ground, on a mezzanine, unsafe or too small is barred; what is unknown is
待踏勘 (to be visited). No candidate is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, choice, message
from planner.siting.asking.settings import limit_problems
from planner.units import BoolArray, FloatArray

UNSAFE: Final = (
    "不合格",
    "不安全",
    "危房",
    "局部危房",
    "整幢危房",
    "整栋危房",
    "C级",
    "D级",
    "Cu级",
    "Du级",
    "C",
    "D",
)
"""Results of 房屋安全鉴定 that bar a building. C and D are the grades of JGJ 125 for buildings that
are dangerous in part and as a whole; Cu and Du the corresponding grades of GB 50292."""

SAFE: Final = ("合格", "安全", "基本安全", "A级", "B级", "Au级", "Bu级", "A", "B", "通过")
"""Results that let a building pass. Any other text is an unknown result: to be visited."""

ROUNDING: Final = 1e-9
"""Share of an area that a division may lose: far below what anybody measures."""

DOUBTFUL_PLACE: Final = "doubtful"
"""Position of a building whose coordinates cannot be right: nobody knows who walks there."""

FACTS: Final = ("area_m2", "area_kind", "floor", "safety", "fire_permit")
"""What must be known of a building before a centre is planned in it."""


class Screening(NamedTuple):
    """Candidates by whether they could hold a centre.

    Parameters
    ----------
    usable
        The rows of ``candidates`` that nothing bars, in their order, with four more columns:
        ``building_area_m2`` (NaN where unknown), ``area_is_derived`` (推算 from use area),
        ``to_visit`` (待踏勘: some fact is unknown), ``unknown_facts`` (tuple of column names).
    barred
        The other rows, with ``building_area_m2``, ``area_is_derived`` and ``reasons`` (tuple of
        :class:`planner.labels.Message`, at least one).
    """

    usable: pd.DataFrame
    barred: pd.DataFrame


def usable_candidates(
    candidates: pd.DataFrame, *, least_area_m2: float, use_area_ratio: float | None
) -> Screening:
    """Separate the candidates that could hold a centre from those that could not.

    Parameters
    ----------
    candidates
        Index: ids. Columns position, area_m2, area_kind, floor, safety, fire_permit of
        :data:`planner.tables.CANDIDATES`; a column that is absent is unknown for all.
    least_area_m2
        Building area (建筑面积) below which no centre of the standard fits, in m².
    use_area_ratio
        Use area (使用面积) over building area, above 0 up to 1; 建标 143-2010 has 0.65. ``None``
        where the standard has none: then use area leaves the building area unknown.

    Returns
    -------
    Screening
        Every candidate is in exactly one of its two tables. A building is barred if its position is
        doubtful (in water), its floor below 0 (basement or half-basement) or between two storeys
        (mezzanine), its inspection one of :data:`UNSAFE`, or its building area known and below
        ``least_area_m2``
        (exactly the least area is enough). Building area is the area given where its kind is
        建筑 or 未注明 (read as 建筑, the kind still to be seen); use area divided by
        ``use_area_ratio`` where it is 使用; unknown where it is 占地. Inner area (套内) is less
        than building area: it can show that a building is large enough, never that it is not.

    Raises
    ------
    SitingError
        If a setting is out of bounds.
    """
    problems = limit_problems(least_area_m2, "least_area_m2")
    if use_area_ratio is not None:
        problems += limit_problems(use_area_ratio, "use_area_ratio")
    if not problems and use_area_ratio is not None and use_area_ratio > 1:
        problems.append(message("siting.ratio_above_one", value=use_area_ratio))
    if problems:
        raise SitingError(message("siting.refused"), problems)
    area, derived = _building_area(candidates, least_area_m2, use_area_ratio)
    reasons = _reasons(candidates, area, least_area_m2)
    unknown = _unknown_facts(candidates, area)
    barred = np.array([bool(row) for row in reasons], dtype=np.bool_)
    judged = candidates.assign(building_area_m2=area, area_is_derived=derived)
    return Screening(
        usable=judged.loc[~barred].assign(
            to_visit=[bool(facts) for facts in _picked(unknown, ~barred)],
            unknown_facts=_column(_picked(unknown, ~barred), candidates.index[~barred]),
        ),
        barred=judged.loc[barred].assign(
            reasons=_column(_picked(reasons, barred), candidates.index[barred])
        ),
    )


def _picked(rows: Sequence[Any], mask: BoolArray) -> list[Any]:
    return [row for row, wanted in zip(rows, mask, strict=True) if wanted]


def _column(rows: Sequence[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    return pd.Series(rows, index=index, dtype=object)


def _texts(candidates: pd.DataFrame, column: str) -> list[str]:
    """Return a column as text without blanks around it, "" where it is unknown or absent."""
    if column not in candidates.columns:
        return [""] * len(candidates)
    return [
        "" if missing else str(value).strip()
        for value, missing in zip(candidates[column], candidates[column].isna(), strict=True)
    ]


def _numbers(candidates: pd.DataFrame, column: str) -> FloatArray:
    if column not in candidates.columns:
        return np.full(len(candidates), np.nan)
    return candidates[column].to_numpy(dtype=np.float64, na_value=np.nan)


def _building_area(
    candidates: pd.DataFrame, least_area_m2: float, use_area_ratio: float | None
) -> tuple[FloatArray, BoolArray]:
    given = _numbers(candidates, "area_m2")
    kind = np.array(_texts(candidates, "area_kind"), dtype=object)
    derived = (kind == "使用") & ~np.isnan(given)
    ratio = np.nan if use_area_ratio is None else use_area_ratio
    area = np.where(derived, given / ratio, given)
    # Inner area below the least proves nothing: with walls and shared parts it may be enough.
    unknown = (kind == "占地") | ((kind == "套内") & (given < least_area_m2))
    return np.where(unknown, np.nan, area), derived


def _reasons(
    candidates: pd.DataFrame, area: FloatArray, least_area_m2: float
) -> list[tuple[Message, ...]]:
    kinds, safety = _texts(candidates, "area_kind"), _texts(candidates, "safety")
    floors, places = _numbers(candidates, "floor"), _texts(candidates, "position")
    return [
        (
            *([message("siting.barred_place")] if place == DOUBTFUL_PLACE else []),
            *_floor_reasons(floor),
            *_area_reasons(held, least_area_m2, kind or "未注明"),
            *([message("siting.barred_unsafe", safety=choice(result))] if result in UNSAFE else []),
        )
        for place, floor, held, kind, result in zip(
            places, floors, area, kinds, safety, strict=True
        )
    ]


def _floor_reasons(floor: float) -> list[Message]:
    if floor < 0:
        return [message("siting.barred_below_ground", floor=f"{floor:g}")]
    if np.isfinite(floor) and floor != round(floor):
        return [message("siting.barred_mezzanine", floor=f"{floor:g}")]
    return []


def _area_reasons(area: float, least_area_m2: float, kind: str) -> list[Message]:
    # Dividing by the ratio may lose the last digit: that bars nobody.
    if not area < least_area_m2 * (1.0 - ROUNDING):
        return []
    return [
        message(
            "siting.barred_too_small",
            area_m2=float(area),
            least_area_m2=float(least_area_m2),
            area_kind=choice(kind),
        )
    ]


def _unknown_facts(candidates: pd.DataFrame, area: FloatArray) -> list[tuple[str, ...]]:
    kinds, safety = _texts(candidates, "area_kind"), _texts(candidates, "safety")
    unknown = {
        "area_m2": np.isnan(area),
        "area_kind": np.array([kind in ("", "未注明") for kind in kinds], dtype=np.bool_),
        "floor": np.isnan(_numbers(candidates, "floor")),
        "safety": np.array([result not in SAFE for result in safety], dtype=np.bool_),
        "fire_permit": np.array(
            [permit == "" for permit in _texts(candidates, "fire_permit")], dtype=np.bool_
        ),
    }
    return [tuple(fact for fact in FACTS if unknown[fact][row]) for row in range(len(candidates))]
