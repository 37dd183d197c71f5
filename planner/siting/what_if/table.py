"""The table that a page can try sites with: who reaches which sites, in groups that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]

NO_GAP: Final = -1
"""Stands for the gap of those who live in none."""

HUNDREDTHS: Final = 100
"""Persons are whole hundredths here, so that a page and Python add up to the same figure."""


@dataclass(frozen=True)
class ReachTable:
    """Who reaches which sites within the limit, in groups of identical reach.

    Every figure is of a group and a band of age, and is 0 or at least the least number of persons:
    smaller ones have joined the most similar reach (:mod:`planner.siting.what_if.grouping`).

    Parameters
    ----------
    bands
        Bands of age that exclude each other, youngest first, by the lower age: ``(60, 65, 80)``;
        ``(60,)`` where the older ages are not known.
    persons
        Hundredths of persons, shape (groups, bands).
    reach_start, reach_site
        Group ``i`` reaches the sites ``reach_site[reach_start[i]:reach_start[i + 1]]``, positions
        in ``sites``, ascending; shapes (groups + 1,) and (pairs,).
    gap
        Rank of the gap that a group lives in, or :data:`NO_GAP`, shape (groups,).
    sites
        Index = id, operating centres first, then candidates, each by id. ``role`` (``centre``,
        ``candidate``), ``is_open`` (today), ``service_group`` (whose area it counts in; missing:
        none), ``counted_m2`` (building area that it counts there when open, as it is; missing:
        unknown), ``cost_yuan`` (of opening it; missing: unknown; 0 for centres).
    options
        A row a site and class that its building has room for, beside itself as it is: ``site``,
        ``option`` (the class), ``counted_m2``, ``cost_yuan`` (missing: unknown).
    service_groups
        Index = group of known requirement and area. ``required_m2``, ``other_m2`` (held by
        facilities that are none of ``sites``).
    gaps
        Index = rank. ``elderly_60`` (hundredths of persons of the table that live in it).
    plans
        All sites that are open in the plan that is proven best, by the number of new centres.
    differences
        By lower age, the greatest difference, in persons, that joining can make between a figure
        of this table and the exact one, whichever sites are open.
    limit_minutes
        The circle's limit.
    """

    bands: tuple[int, ...]
    persons: IntArray
    reach_start: IntArray
    reach_site: IntArray
    gap: IntArray
    sites: pd.DataFrame
    options: pd.DataFrame
    service_groups: pd.DataFrame
    gaps: pd.DataFrame
    plans: Mapping[int, tuple[str, ...]]
    differences: Mapping[int, float]
    limit_minutes: float

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return a column of the sites, shape (sites,)."""
        return self.sites[name].to_numpy()
