"""How well points fit the streets: better than they would anywhere else, or no better.

Doors lie near streets, but in a dense town so does any place: how near says little. What says
much is that points lie *as they do* only where they belong. So the measure of a place is set
against the same points moved as a whole, in some hundreds of directions and distances: where
they belong stands out from those, by many times their spread, and a place that they were shifted to
does not. The spread is taken from the streets themselves, so that a river bank, which points on
its one side fit about as well a little farther along, raises no false alarm.

Two measures are taken. *Nearness*: the mean of exp(-(d / 20 m)²) over the points' distances d to
the nearest street. *Pattern*: how much the histogram of d differs from the mean histogram of the
moved points (Kullback-Leibler divergence, nats a point; negative where more points than there
lie far from every street): it sees points that all keep one distance from their street, where
others lie both nearer and farther.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from planner.streets.arrays import FloatArray
from planner.streets.joining.barriers import walls_of
from planner.streets.joining.kernel import join_all
from planner.streets.joining.lattice import straight_street_pieces
from planner.streets.network.walking_network import WalkingNetwork

REACH_M: Final = 80.0
"""Distances beyond this are all alike: far from every street."""

FAR_M: Final = REACH_M + 1.0

NEAR_M: Final = 20.0
"""Half a street and a front garden: where nearness falls to 1/e."""

BINS_M: Final = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, FAR_M, np.inf)
"""Bounds of the histogram of distances; the last bin is for points far from every street."""

MOVES: Final = 400
NEAREST_MOVE_M: Final = 150.0
FARTHEST_MOVE_M: Final = 1_000.0
"""Moves that a place is set against: farther than points' own scatter about their streets."""

SPREAD_OF_MEDIAN: Final = 1.4826
"""Standard deviation of a normal distribution in median absolute deviations."""

LEAST_SPREAD: Final = 1e-3
"""Where no move changes anything, nothing stands out."""


SHIFT_REACH_M: Final = 400.0
SHIFT_STEP_M: Final = 25.0
FINE_STEP_M: Final = 5.0
"""Shifts that are tried for the one that fits best, and round the best of them."""

FIRST_LOOK: Final = 80
"""Points that are moved by all those shifts; the best are looked at again with all points."""

LEAST_SHIFT_M: Final = 80.0
"""Doors that all stand back from their streets on the same side do so by less."""

SHIFT_SCORE: Final = 8.0
"""Spreads by which the best of a thousand shifts must stand out; by chance, it does by about 4."""

SHIFT_MEDIAN_M: Final = 25.0
"""Half of the points must lie so near a street after it."""

RIVAL_M: Final = 100.0
RIVAL_SHARE: Final = 0.65
"""It is one shift only if none so far from it gains more than this share of what it gains."""

UNMOVED_SHARE: Final = 0.45
"""Nor may no shift at all gain more."""

HALFWAY_SHARE: Final = 0.6
"""Nor, in the mean, those half as long and half as long again: points that live on one side of
their streets, near and far, gain about as much by each. (Points drawn evenly from 0 to 150 m east
of the streets of Porto and Futian: 0.67 and more; points 5 to 40 m from them, then shifted by 85
or 150 m: mostly less.)"""


@dataclass(frozen=True)
class StreetFit:
    """How points fit the streets where they lie.

    Parameters
    ----------
    median_m
        Median distance to the nearest street; more than 80 m counts as 81.
    nearness
        Mean nearness, 0 to 1.
    near_score, pattern_score
        By how many spreads (of the moved points) nearness and pattern stand above their median.
    near_best, pattern_best
        Whether no move of the points fits as well.
    """

    median_m: float
    nearness: float
    near_score: float
    pattern_score: float
    near_best: bool
    pattern_best: bool

    def stands_out(self, score: float) -> bool:
        """Tell whether the fit is better than at any move, by so many spreads."""
        near = self.near_best and self.near_score >= score
        return near or (self.pattern_best and self.pattern_score >= score)

    @property
    def score(self) -> float:
        """The higher of the two scores."""
        return max(self.near_score, self.pattern_score)


@dataclass(frozen=True)
class Shift:
    """The one shift that brings points to their streets.

    Parameters
    ----------
    shift_m
        East and north, shape (2,): what must be added to the points.
    score
        By how many spreads it stands out.
    """

    shift_m: FloatArray
    score: float


def moves() -> FloatArray:
    """Return moves spread evenly over a ring, shape (moves, 2): a sunflower's spiral, no chance."""
    number = np.arange(MOVES)
    share = (number + 0.5) / MOVES
    radius_m = np.sqrt(NEAREST_MOVE_M**2 + share * (FARTHEST_MOVE_M**2 - NEAREST_MOVE_M**2))
    angle = number * np.pi * (3.0 - np.sqrt(5.0))
    return np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)])


class StreetDistances:
    """Distances to the nearest street of one network, asked many times.

    Parameters
    ----------
    network
        The streets.
    """

    def __init__(self, network: WalkingNetwork) -> None:
        self._network = network
        self._pieces = straight_street_pieces(network)

    def within(self, places: FloatArray, reach_m: float) -> FloatArray:
        """Return metres to the nearest street, infinite beyond the reach.

        Parameters
        ----------
        places
            Easting and northing in the network's CRS, shape (…, 2).
        reach_m
            How far is looked.

        Returns
        -------
        ndarray
            Shape (…).
        """
        flat = np.ascontiguousarray(places.reshape(-1, 2), dtype=np.float64)
        walls = walls_of(self._network, None, reach_m)
        _, measures = join_all(self._pieces, walls, flat, reach_m)
        metres: FloatArray = measures[:, 3].reshape(places.shape[:-1])
        return metres

    def fit(self, places: FloatArray) -> StreetFit:
        """Return how well points fit the streets.

        Parameters
        ----------
        places
            Easting and northing in the network's CRS, shape (points, 2).
        """
        here = np.minimum(self.within(places, REACH_M), FAR_M)
        moved = np.minimum(self.within(places + moves()[:, None, :], REACH_M), FAR_M)
        near, near_moved = nearness(here), nearness(moved)
        shares_moved = _histograms(moved)
        usual = shares_moved.mean(axis=0)
        pattern = float(_divergences(_histograms(here[None]), usual, len(here))[0])
        pattern_moved = _divergences(shares_moved, usual, len(here))
        return StreetFit(
            median_m=float(np.median(here)),
            nearness=float(near),
            near_score=standing(float(near), near_moved),
            pattern_score=standing(pattern, pattern_moved),
            near_best=bool(near > near_moved.max()),
            pattern_best=bool(pattern > pattern_moved.max()),
        )


def best_shift(streets: StreetDistances, places: FloatArray) -> Shift | None:
    """Return the shift of up to 400 m that alone brings all points to the streets, if one does.

    Parameters
    ----------
    streets
        The streets.
    places
        Easting and northing in the network's CRS, shape (points, 2).

    Returns
    -------
    Shift or None
        None where the points fit as well where they are, where no shift fits much better than the
        others, or where several do: along a single street, say, or on one side of their streets.
    """
    some = places[:: max(1, len(places) // FIRST_LOOK)]

    def near(shifts: FloatArray, of: FloatArray = places) -> FloatArray:
        metres = streets.within(of + shifts[:, None, :], REACH_M)
        return nearness(np.minimum(metres, FAR_M))

    coarse = _lattice(SHIFT_REACH_M, SHIFT_STEP_M)
    near_coarse = near(coarse, some)
    if standing(float(near_coarse.max()), near_coarse) < SHIFT_SCORE / 2.0:
        return None
    usual = near(moves())
    middle = float(np.median(usual))
    fine = coarse[near_coarse.argmax()] + _lattice(SHIFT_STEP_M, FINE_STEP_M)
    near_fine = near(fine)
    peak = fine[near_fine.argmax()]
    gain = float(near_fine.max()) - middle
    score = standing(float(near_fine.max()), usual)
    if score < SHIFT_SCORE or np.hypot(*peak) < LEAST_SHIFT_M:
        return None
    elsewhere = float(near_coarse[np.hypot(*(coarse - peak).T) >= RIVAL_M].max())
    unmoved, halfway, beyond = near(np.array([0.0, 0.5, 1.5])[:, None] * peak).tolist()
    shares = [(one - middle) / gain for one in (elsewhere, unmoved, (halfway + beyond) / 2.0)]
    limits = (RIVAL_SHARE, UNMOVED_SHARE, HALFWAY_SHARE)
    if any(share > limit for share, limit in zip(shares, limits, strict=True)):
        return None
    metres = streets.within(places + peak, REACH_M)
    return None if np.median(metres) > SHIFT_MEDIAN_M else Shift(peak, score)


def _lattice(reach_m: float, step_m: float) -> FloatArray:
    """Return shifts on a square lattice within a circle, shape (shifts, 2)."""
    steps = np.arange(-reach_m, reach_m + step_m / 2.0, step_m)
    east, north = np.meshgrid(steps, steps)
    shifts = np.column_stack([east.ravel(), north.ravel()])
    within: FloatArray = shifts[np.hypot(shifts[:, 0], shifts[:, 1]) <= reach_m]
    return within


def nearness(metres: FloatArray) -> FloatArray:
    """Return the mean over the points of exp(-(d / 20 m)²).

    Parameters
    ----------
    metres
        Distances, shape (…, points).
    """
    mean: FloatArray = np.exp(-((metres / NEAR_M) ** 2)).mean(axis=-1)
    return mean


def standing(figure: float, others: FloatArray) -> float:
    """Return how many spreads a figure stands above the median of others."""
    middle = float(np.median(others))
    spread = SPREAD_OF_MEDIAN * float(np.median(np.abs(others - middle)))
    return (figure - middle) / max(spread, LEAST_SPREAD)


def _histograms(metres: FloatArray) -> FloatArray:
    """Return the share of points in each bin, shape (places, bins), at (places, points)."""
    which = np.digitize(metres, BINS_M[1:-1])
    bins = len(BINS_M) - 1
    offset = np.arange(len(metres))[:, None] * bins
    counts = np.bincount((which + offset).ravel(), minlength=len(metres) * bins)
    shares: FloatArray = counts.reshape(len(metres), bins) / metres.shape[1]
    return shares


def _divergences(shares: FloatArray, usual: FloatArray, points: int) -> FloatArray:
    """Return the Kullback-Leibler divergence of histograms from the usual one, shape (places,).

    Half a point of the usual histogram is added to each, so that an empty bin weighs no more than
    its few points say.
    """
    smooth = (shares + 0.5 * usual / points) / (1.0 + 0.5 / points)
    ratio = np.ones_like(smooth)
    np.divide(smooth, usual, out=ratio, where=(usual > 0.0) & (smooth > 0.0))
    nats = (shares * np.log(ratio)).sum(axis=1)
    farther = shares[:, -1] > usual[-1]
    signed: FloatArray = np.where(farther, -np.abs(nats), nats)
    return signed
