"""How much of each finding each measure makes good, no square metre given to two rooms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.standards.remedies.needs import SHARES, USE_AREA
from planner.units import FloatArray


def unit_needs(area: pd.DataFrame, unit: pd.Series, per_use: float) -> pd.Series:
    """Return the building area that each unit must add to cure all its findings of floor area.

    The greater of what the whole building is short of (the greatest of such findings: one added
    square metre counts for all) and the sum of what its separate rooms are short of, brought to
    building area: a rest room is no dining room.

    Parameters
    ----------
    area
        ``quantity, need_m2`` (of use area for
        :data:`planner.standards.remedies.needs.USE_AREA`).
    unit
        The centre that bears each.
    per_use
        Building area for each m² of use area.
    """
    rooms = area["quantity"].isin(USE_AREA).to_numpy()
    table = pd.DataFrame(
        {
            "unit": unit.reindex(area.index).astype(object),
            "centre": area["centre"].astype(object),
            "quantity": area["quantity"].astype(object),
            "m2": area["need_m2"].astype(float) * np.where(rooms, per_use, 1.0),
        }
    )
    whole = table[~rooms].groupby("unit")["m2"].max()
    each = table[rooms].groupby(["unit", "centre", "quantity"])["m2"].max()
    apart = each.groupby(level="unit").sum(min_count=1)
    needs: pd.Series = pd.concat([whole, apart]).groupby(level=0).max()
    return needs


def allotted(cures: pd.DataFrame, capacity: pd.Series, per_use: float) -> FloatArray:
    """Return how much of its finding's need each offer makes good.

    Offers are walked in their order. What a room near by, or the own lot, gives to one kind of
    room is not there for another; for the whole building all of it counts.

    Parameters
    ----------
    cures
        Offers in the order of the findings and, within them, of the measures: ``defect, kind,
        partner, quantity, optional, borne_by, need, available``.
    capacity
        Building area, in m², that the offer's room or lot has in all; infinite or NaN where it is
        bounded by nothing but ``available``.
    per_use
        Building area for each m² of use area.

    Returns
    -------
    array of float
        In the unit of ``need``; one pass over the offers.
    """
    scale = per_use if np.isfinite(per_use) else 1.0
    left: dict[Any, float] = {}
    used: dict[Any, dict[Any, float]] = {}
    parts = np.zeros(len(cures))
    names = ["defect", "kind", "partner", "quantity", "optional", "borne_by", "centre"]
    columns = [cures[name].astype(object).tolist() for name in names]
    numbers = [cures[name].astype(float).tolist() for name in ("need", "available")]
    bounds = capacity.astype(float).fillna(np.inf).tolist()
    rows = zip(*columns, *numbers, bounds, strict=True)
    for place, row in enumerate(rows):
        defect, kind, partner, quantity, optional, unit, centre, need, available, bound = row
        rest = left.setdefault(defect, need)
        take = min(available, rest)
        if (quantity in USE_AREA or quantity == SHARES) and np.isfinite(bound):
            # A room taken over or shared is one room.
            key = (unit, partner if isinstance(partner, str) else kind, bool(optional))
            given = used.setdefault(key, {})
            mine = (centre, quantity)
            others = sum(m2 for room, m2 in given.items() if room != mine)
            take = max(min(take, (bound - others) / scale), 0.0)
            given[mine] = max(given.get(mine, 0.0), take * scale)
        parts[place] = max(take, 0.0)
        left[defect] = rest - parts[place]
    return parts


def metres_of_works(chosen: pd.DataFrame, keys: list[str], rooms: pd.Series) -> pd.Series:
    """Return the m² of each work: of the whole building the greatest, of separate rooms the sum.

    Parameters
    ----------
    chosen
        ``m2`` of building, ``centre, quantity`` and ``keys``.
    keys
        Columns that tell works apart.
    rooms
        By row: whether it is floor area for one kind of room.
    """
    part = chosen["quantity"].astype(object).where(rooms, "")
    table = chosen.assign(room=part, of=chosen["centre"].astype(object).where(rooms, ""))
    each = table.groupby([*keys, "of", "room"], sort=False)["m2"].max().reset_index()
    whole = each[each["room"] == ""].groupby(keys, sort=False)["m2"].max()
    apart = each[each["room"] != ""].groupby(keys, sort=False)["m2"].sum(min_count=1)
    metres: pd.Series = pd.concat([whole, apart]).groupby(level=keys).max()
    return metres
