"""The rooms that each estate could bring to a pool, and the places that its elders can walk to."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.standards.estates.required import EstatesOwed

ROOM_STATES: Final = (
    "pooled",
    "not_pooled",
    "no_partner",
    "own_centre",
    "barred",
    "nothing",
    "unknown",
    "kind_unknown",
    "not_placed",
)
"""What becomes of an estate's rooms; labels ``estates.pool_…``. ``not_pooled``: could join a pool
that was not chosen. ``no_partner``: no place within the limit of its elders gathers enough.
``own_centre``: large enough by itself. ``barred``: below ground, on a mezzanine, or on a storey
that a clause forbids: no centre is made of them, nor at their place. ``nothing``: owes and has
none. ``unknown``: neither what it delivered nor what it owes is known. ``kind_unknown``: ground
area, or inner or use area that no book of the project converts to building area. ``not_placed``:
without coordinates."""

ROOMS_FROM: Final = ("delivered", "owed")


def small_rooms(owed: EstatesOwed, least_m2: float) -> pd.DataFrame:
    """Return the rooms that each estate could bring to a pool.

    What is delivered counts where it is more than 0, however much is owed besides; an estate that
    has delivered nothing brings what it owes. All areas are building area: what is not, and no
    book's figure converts, is left out. Nothing is made up where either is not known.

    Returns
    -------
    DataFrame
        By estate: ``rooms_m2`` (NaN where unknown), ``rooms_from``, ``state``: ``not_pooled`` for
        rooms of less than ``least_m2`` (no more is known of them yet), else as
        :data:`ROOM_STATES`.
    """
    table = owed.estates
    delivered = table["building_m2"].to_numpy(dtype=float)
    required = table["required_building_m2"].to_numpy(dtype=float)
    has = delivered > 0
    owes_other = table["required_m2"].notna().to_numpy() & np.isnan(required) & (delivered == 0)
    other_kind = table["kind_unknown"].to_numpy(dtype=bool) | owes_other
    rooms = np.where(has, delivered, np.where(delivered == 0, required, np.nan))
    enough = rooms >= least_m2 * (1.0 - units.ROUNDING)
    state = np.select(
        [other_kind, np.isnan(rooms), rooms == 0, table["barred"].to_numpy(dtype=bool), enough],
        ["kind_unknown", "unknown", "nothing", "barred", "own_centre"],
        "not_pooled",
    )
    source = np.where(has, ROOMS_FROM[0], ROOMS_FROM[1]).astype(object)
    source[np.isnan(rooms) | (rooms == 0)] = None
    return pd.DataFrame(
        {"rooms_m2": rooms, "rooms_from": source, "state": state.astype(object)}, index=table.index
    )


def farthest_walks(times: pd.DataFrame, doors: pd.Series, *, limit_minutes: float) -> pd.DataFrame:
    """Return the places that all of an estate's elders can walk to, and their longest walk.

    Parameters
    ----------
    times
        Columns origin (doors), destination (places), walk_minutes; pairs without a way absent.
    doors
        Estate by door: where its elders live.
    limit_minutes
        Longest walk that counts, itself within (:func:`planner.units.within`).

    Returns
    -------
    DataFrame
        Columns ``estate``, ``place``, ``walk_minutes``, sorted; a place that one door cannot
        reach within the limit is absent.
    """
    near = times[units.within(times["walk_minutes"].to_numpy(dtype=float), limit_minutes)]
    estate = near["origin"].astype(object).map(doors)
    own = pd.DataFrame(
        {
            "estate": estate.to_numpy(dtype=object),
            "place": near["destination"].astype(object).to_numpy(dtype=object),
            "walk_minutes": near["walk_minutes"].to_numpy(dtype=float),
        }
    ).dropna(subset=["estate"])
    found = own.groupby(["estate", "place"])["walk_minutes"].agg(["max", "size"]).reset_index()
    all_doors = found["size"] == found["estate"].map(doors.value_counts())
    kept = found.loc[all_doors, ["estate", "place", "max"]].rename(columns={"max": "walk_minutes"})
    return kept.sort_values(["estate", "place"], ignore_index=True)
