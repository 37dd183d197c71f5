"""Which site to branch on: the one whose opening and closing both cost most, as far as is known.

What each site's branches have cost so far is kept per unit of its share; sites of which little is
known are looked at first (reliability branching: Achterberg, Koch & Martin 2005, Operations
Research Letters 33, 42-54).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from planner.siting.walking.prices import SiteState
from planner.solver import IntArray
from planner.units import FloatArray

WHOLE_SHARE: Final = 1e-6
"""Distance from 0 or 1 below which a share counts as whole."""

LOOKED_AT: Final = 8
"""Sites looked at before a branch is taken, at most."""

RELIABLE: Final = 4
"""Times that both branches of a site were seen, after which its figures are trusted."""

LEAST_GAIN: Final = 1e-6
"""Stands for no gain, so that the other branch still counts."""

Glimpse = Callable[[list[SiteState]], FloatArray]


class BranchScores:
    """What branching on each site has won so far, closed (0) and opened (1)."""

    def __init__(self, sites: int) -> None:
        self._won = np.zeros((2, sites))
        self._seen = np.zeros((2, sites))

    def learn(self, site: int, side: int, share: float, gain: float) -> None:
        """Note what one branch of a site has won."""
        away = share if side == 0 else 1.0 - share
        if away > WHOLE_SHARE and np.isfinite(gain):
            self._won[side, site] += max(gain, 0.0) / away
            self._seen[side, site] += 1.0

    def choose(
        self,
        state: SiteState,
        share: FloatArray,
        now: float,
        branches: Callable[[int], list[SiteState]],
        glimpse: Glimpse,
    ) -> int:
        """Return the site to branch on.

        Parameters
        ----------
        state
            Which sites are settled; one at least is free.
        share, now
            Of the relaxation in this state: how far each site is open, and its value.
        branches
            The state with a site closed, and with it open.
        glimpse
            About what the relaxation is in other states.
        """
        inner = np.where(state.free, np.minimum(share, 1.0 - share), -1.0)
        split = np.flatnonzero(inner > WHOLE_SHARE)
        if not len(split):
            return int(np.argmax(np.where(state.free, share, -1.0)))
        expected = self._expected(split, share[split])
        order = split[np.lexsort((split, -inner[split], -expected))]
        unknown = order[self._seen[:, order].min(axis=0) < RELIABLE][:LOOKED_AT]
        if not len(unknown):
            return int(order[0])
        states = [one for site in unknown for one in branches(int(site))]
        gains = np.maximum(glimpse(states).reshape(-1, 2) - now, 0.0)
        scores = dict(zip(order.tolist(), expected[np.searchsorted(split, order)], strict=True))
        for site, gain in zip(unknown.tolist(), gains, strict=True):
            for side in (0, 1):
                self.learn(site, side, float(share[site]), float(gain[side]))
            scores[site] = float(np.prod(np.maximum(gain, LEAST_GAIN)))
        # The first of the best: sites expected to do well, and then lower ids, stand first.
        return int(max(scores, key=scores.__getitem__))

    def _expected(self, sites: IntArray, share: FloatArray) -> FloatArray:
        """Return the product of what the two branches of sites are expected to win."""
        everywhere = self._won.sum(axis=1) / np.maximum(self._seen.sum(axis=1), 1.0)
        seen = self._seen[:, sites]
        each = np.where(
            seen > 0, self._won[:, sites] / np.maximum(seen, 1.0), everywhere[:, np.newaxis]
        )
        gains = np.maximum(each * np.stack([share, 1.0 - share]), LEAST_GAIN)
        product: FloatArray = gains[0] * gains[1]
        return product
