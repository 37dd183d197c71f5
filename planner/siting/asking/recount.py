"""Coverage counted again from the tables, knowing nothing of how a plan was found."""

from __future__ import annotations

from math import fsum, isclose
from typing import Any, Final

import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.places import Places, ids_of
from planner.siting.asking.weights import Weight, weights_of
from planner.units import within

CLAIM_TOLERANCE: Final = 1e-6
"""Largest difference between claim and recount, as a share of the greater."""


def covered_weight(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    open_sites: Places,
    *,
    limit_minutes: float,
    weight: Weight = "elderly_60",
    radius_m: float | None = None,
) -> float:
    """Return the weight of the residents who have an open site within the limit.

    ``Σ weight_i`` over residents ``i`` with ``min_j walk_minutes_ij <= limit_minutes`` for the
    open sites ``j``.

    Parameters
    ----------
    times
        Columns origin, destination, walk_minutes; one row a pair.
    residents
        Index: ids as in ``times.origin``; with the column ``weight``.
    open_sites
        Ids as in ``times.destination``, or a table whose index they are. Ids without any pair
        reach nobody.
    limit_minutes
        Largest walk that counts (``<=``, by :func:`planner.units.within`).
    weight
        What to add up: a column of ``residents``, factors by column, or None (each row is 1).
    radius_m
        Straight-line radius that a pair must keep to as well (column ``straight_m``), or None.

    Returns
    -------
    float
        The exactly rounded sum, so that the order of the rows does not matter.
    """
    covered = covered_residents(times, open_sites, limit_minutes=limit_minutes, radius_m=radius_m)
    is_covered = residents.index.isin(covered)
    return fsum(weights_of(residents, weight)[is_covered])


def covered_residents(
    times: pd.DataFrame,
    open_sites: Places,
    *,
    limit_minutes: float,
    radius_m: float | None = None,
) -> pd.Index[Any]:
    """Return the ids of the residents who have an open site within the limit, each once.

    Parameters
    ----------
    times, open_sites, limit_minutes, radius_m
        As for :func:`covered_weight`.
    """
    minutes = times["walk_minutes"].to_numpy(dtype=float, na_value=float("nan"))
    counts = times["destination"].isin(ids_of(open_sites)).to_numpy() & within(
        minutes, limit_minutes
    )
    if radius_m is not None:
        straight_m = times["straight_m"].to_numpy(dtype=float, na_value=float("nan"))
        counts &= within(straight_m, radius_m)
    covered: pd.Index[Any] = pd.Index(times.loc[counts, "origin"].unique())
    return covered


def check_claim(claimed: float, recounted: float, *, broken: str = "siting.claim_broken") -> None:
    """Refuse a plan whose claimed figure is not what the tables give.

    Parameters
    ----------
    claimed, recounted
        Coverage, or another figure.
    broken
        Key of the sentence that says so.

    Raises
    ------
    SitingError
        If the two differ by more than 1e-6 of the greater; NaN is never what they give.
    """
    if not isclose(claimed, recounted, rel_tol=CLAIM_TOLERANCE):
        raise SitingError(message(broken, claimed=claimed, recounted=recounted))
