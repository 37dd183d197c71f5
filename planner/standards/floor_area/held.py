"""The floor area that a centre holds, in building terms (建筑面积), whatever its ledger gives."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import RuleBook

AREA_NOTES: Final = ("as_given", "kind_unstated", "derived", "unknown_kind", "ground", "missing")
"""How a building area was reached: given as 建筑; of no stated kind, read as 建筑 (口径待核对);
derived from a use area (推算); or unknown, for a kind that the book cannot convert, a ground area
(占地, which is no floor), or no figure at all."""

TO_CHECK_NOTES: Final = ("kind_unstated", "derived")


def _notes(kinds: pd.Series, area: np.ndarray, ratios: dict[str, float | None]) -> np.ndarray:
    unstated = kinds.isna() | (kinds == "未注明")
    convertible = kinds.isin([kind for kind, ratio in ratios.items() if ratio])
    conditions = [
        np.isnan(area),
        kinds == "建筑",
        unstated,
        kinds == "占地",
        convertible,
    ]
    notes = ["missing", "as_given", "kind_unstated", "ground", "derived"]
    return np.select(conditions, notes, default="unknown_kind").astype(object)


def building_areas(centres: pd.DataFrame, *, book: RuleBook) -> pd.DataFrame:
    """Return the building area of each centre, or that it is unknown.

    建筑 counts as it is. A kind that is missing or 未注明 is read as 建筑, to be checked. 使用 is
    divided by the book's ratio of use to building area (建标 143: 0.65). 套内 needs a ratio of its
    own (a clause on ``inner_area_ratio``); 建标 143 has none, so that it stays unknown: to read
    it as use area would add half as much again that nobody has seen. 占地 is no floor.

    The area of a ledger includes its shared part; ``shared_m2`` is of the same kind, and never
    more than the area.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table.
    book
        The rule book.

    Returns
    -------
    DataFrame
        Same index: ``building_m2`` (NaN unknown), ``shared_building_m2`` (its shared part, 0
        where none is given, NaN where ``building_m2`` is), ``area_note`` (:data:`AREA_NOTES`).
    """
    table = centres.reindex(columns=["area_m2", "area_kind", "shared_m2"])
    area = table["area_m2"].to_numpy(dtype=float, na_value=np.nan)
    shared = table["shared_m2"].to_numpy(dtype=float, na_value=np.nan)
    kinds = table["area_kind"].astype(object)
    ratios = {"使用": book.figure("use_area_ratio"), "套内": book.figure("inner_area_ratio")}
    notes = _notes(kinds, area, ratios)
    divisor = np.full(len(table), np.nan)
    divisor[np.isin(notes.astype(str), ["as_given", "kind_unstated"])] = 1.0
    for kind, ratio in ratios.items():
        if ratio:
            divisor[(notes == "derived") & (kinds == kind).to_numpy()] = ratio
    building = area / divisor
    part = np.fmin(np.nan_to_num(shared), area) / divisor
    return pd.DataFrame(
        {"building_m2": building, "shared_building_m2": part, "area_note": notes},
        index=centres.index,
    )


def counted_areas(centres: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Return the area with which each centre counts in a sum: shared rooms once.

    Centres that lie in one community share the rooms of one 党群服务中心: the largest shared part
    among them counts with its centre (of equals, that with the least id), the others' shared
    parts do not. A centre whose community is not known counts whole.

    Parameters
    ----------
    centres
        Operating centres, a :data:`planner.tables.CENTRES` table.
    areas
        Their :func:`building_areas`.

    Returns
    -------
    Series
        ``counted_m2``, same index; NaN where the area is unknown.
    """
    table = pd.DataFrame(
        {
            "place": centres.reindex(columns=["community"])["community"].astype(object),
            "shared": areas["shared_building_m2"],
        },
        index=centres.index,
    )
    sharing = table[table["place"].notna() & (table["shared"] > 0)].sort_index()
    ranked = sharing.sort_values("shared", ascending=False, kind="stable")
    again = ranked.index[ranked.duplicated("place")]
    twice = table["shared"].where(table.index.isin(again), 0.0)
    return (areas["building_m2"] - twice).rename("counted_m2")
