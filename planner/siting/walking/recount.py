"""Everybody's walk to the nearest open centre, from the tables alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.places import Places, canonical_order, ids_of, plain, positions
from planner.units import within


def nearest_open(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    open_sites: Places,
    *,
    limit_minutes: float | None = None,
    radius_m: float | None = None,
) -> pd.DataFrame:
    """Return the nearest open site of every resident, and the walk there.

    Parameters
    ----------
    times
        Columns origin, destination, walk_minutes (and straight_m where there is a radius).
    residents
        Index: ids as in ``times.origin``.
    open_sites
        Ids as in ``times.destination``; at equal walks the one that stands first here counts.
    limit_minutes, radius_m
        Pairs beyond them (``<=``, by :func:`planner.units.within`) do not count.

    Returns
    -------
    DataFrame
        Index ``resident``, every row of ``residents`` by id; columns centre (None where there is
        none) and walk_minutes (NaN where there is none).
    """
    sites = ids_of(open_sites)
    minutes = times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    rank = positions(plain(pd.Index(times["destination"])), sites)
    counts = np.isfinite(minutes) & (rank >= 0)
    if limit_minutes is not None:
        counts &= within(minutes, limit_minutes)
    if radius_m is not None:
        straight_m = times["straight_m"].to_numpy(dtype=np.float64, na_value=np.nan)
        counts &= within(straight_m, radius_m)
    everyone = plain(residents.index)
    everyone = everyone[canonical_order(everyone)]
    resident = positions(plain(pd.Index(times["origin"])), everyone)[counts]
    order = np.lexsort((rank[counts], minutes[counts], resident))
    reached, first = np.unique(resident[order], return_index=True)
    rows = np.flatnonzero(counts)[order][first]
    centre = np.full(len(everyone), None, dtype=object)
    names: list[Any] = sites.tolist()
    centre[reached] = [names[number] for number in rank[rows]]
    walk = np.full(len(everyone), np.nan)
    walk[reached] = minutes[rows]
    return pd.DataFrame(
        {"centre": pd.Series(centre, dtype=object, index=everyone), "walk_minutes": walk},
        index=everyone,
    ).rename_axis("resident")
