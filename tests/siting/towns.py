"""Small towns made by a seed, and the answers that trying every subset gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from planner.solver import IntArray
from planner.units import FloatArray

LIMIT = 15.0
# On the line, within its tolerance, just outside it, and no way at all.
MINUTES = (4.0, 9.5, 15.0, 15.0000005, 15.00001, 22.0, float("nan"))


@dataclass(frozen=True)
class Town:
    """Tables of a town, and who reaches what, worked out apart from the package."""

    times: pd.DataFrame
    residents: pd.DataFrame
    candidates: tuple[str, ...]
    existing: tuple[str, ...]
    reached: dict[str, frozenset[str]]

    @property
    def asked(self) -> dict[str, Any]:
        """Everything that a covering question needs but its number of centres."""
        return {
            "times": self.times,
            "residents": self.residents,
            "candidates": self.candidates,
            "limit_minutes": LIMIT,
            "existing": self.existing,
        }

    def weight_of(self, ids: Iterable[str]) -> float:
        weights = self.residents["elderly_60"]
        return float(sum(weights[one] for one in ids))

    def covered_by(self, sites: Iterable[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self.reached[site] for site in sites))

    def subsets(self, most: int) -> Iterable[tuple[str, ...]]:
        for count in range(min(most, len(self.candidates)) + 1):
            yield from combinations(self.candidates, count)

    def most_covered(self, new_centres: int) -> float:
        return max(
            self.weight_of(self.covered_by((*self.existing, *chosen)))
            for chosen in self.subsets(new_centres)
        )

    def in_need(self) -> frozenset[str]:
        """Those with weight whom somebody reaches."""
        everyone = self.covered_by((*self.candidates, *self.existing))
        return frozenset(one for one in everyone if self.weight_of([one]) > 0)

    def fewest(self) -> int:
        need = self.in_need()
        return next(
            len(chosen)
            for chosen in self.subsets(len(self.candidates))
            if need <= self.covered_by((*self.existing, *chosen))
        )

    def unreachable(self) -> set[str]:
        weights = self.residents["elderly_60"]
        return set(weights.index[weights > 0]) - self.in_need()


def town(
    pairs: Iterable[tuple[str, str, float]],
    weights: dict[str, float],
    candidates: Iterable[str],
    existing: Iterable[str] = (),
) -> Town:
    rows = list(pairs)
    candidates, existing = tuple(candidates), tuple(existing)
    times = pd.DataFrame(rows, columns=["origin", "destination", "walk_minutes"])
    reached = {
        site: frozenset(a for a, b, minutes in rows if b == site and minutes <= LIMIT + 1e-6)
        for site in (*candidates, *existing)
    }
    return Town(
        times=times.astype({"walk_minutes": float}),
        residents=pd.DataFrame({"elderly_60": weights}, dtype=float),
        candidates=candidates,
        existing=existing,
        reached=reached,
    )


def random_town(seed: int) -> Town:
    """A town of up to 13 residents, 7 candidates and 2 centres; ties and zeros are frequent."""
    rng = np.random.default_rng(seed)
    residents = [f"r{number}" for number in range(rng.integers(1, 14))]
    candidates = [f"c{number}" for number in range(rng.integers(0, 8))]
    existing = [f"e{number}" for number in range(rng.integers(0, 3))]
    density = rng.choice([0.1, 0.3, 0.5])
    pairs = [
        (one, site, float(rng.choice(MINUTES)))
        for one in residents
        for site in candidates + existing
        if rng.random() < density
    ]
    whole = rng.integers(0, 6, len(residents)).astype(float)
    weights = rng.random(len(residents)) * 50 if seed % 3 == 0 else whole
    weights[0] += 1.0
    rng.shuffle(pairs)
    return town(pairs, dict(zip(residents, weights, strict=True)), candidates, existing)


def street_town(sites: int, residents: int, seen: float, seed: int) -> Town:
    """A large town on a square, walked along its axes; each resident sees about ``seen`` sites.

    Its ``reached`` is left empty: nobody tries every subset of it.
    """
    rng = np.random.default_rng(seed)
    side, at = 1000.0, rng.random((sites + residents, 2)) * 1000.0
    radius = float(np.sqrt(seen * side * side / sites / 2))
    ends: list[IntArray] = []
    origins: list[IntArray] = []
    metres: list[FloatArray] = []
    for number in range(sites):
        walk = np.abs(at[sites:] - at[number]).sum(axis=1)
        near = np.flatnonzero(walk <= radius)
        origins.append(near)
        ends.append(np.full(len(near), number))
        metres.append(walk[near] / radius * LIMIT)
    names = pd.Index([f"r{number:05d}" for number in range(residents)])
    places = pd.Index([f"c{number:05d}" for number in range(sites)])
    times = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(np.concatenate(origins), names),
            "destination": pd.Categorical.from_codes(np.concatenate(ends), places),
            "walk_minutes": np.concatenate(metres),
        }
    )
    weights = pd.DataFrame({"elderly_60": rng.integers(1, 100, residents)}, index=names)
    return Town(times, weights, tuple(places.tolist()), (), {})
