"""Small towns with rules made by a seed, and the answers that trying every plan gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import fsum, inf, isfinite

import numpy as np
import pandas as pd

from planner.siting.asking.rules import SiteRules

MINUTES = (0.0, 3.0, 4.0, 4.0, 7.0, 9.0, 12.0, 20.0, float("nan"), inf)
RADIUS_M = 100.0


@dataclass(frozen=True)
class RuledTown:
    """Tables and rules of a town, and all its plans, worked out apart from the package."""

    times: pd.DataFrame
    residents: pd.DataFrame
    candidates: tuple[str, ...]
    existing: tuple[str, ...]
    new_centres: int
    limit_minutes: float | None = None
    rules: SiteRules = field(default_factory=SiteRules)

    def asked(self) -> dict[str, object]:
        """The settings of the question."""
        return {
            "new_centres": self.new_centres,
            "limit_minutes": self.limit_minutes,
            "existing": self.existing,
            "rules": self.rules,
        }

    def walks(self, opened: frozenset[str]) -> dict[str, float]:
        """The walk of everybody whom an open place reaches."""
        nearest: dict[str, float] = {}
        for one, site, minutes in self._pairs:
            if site in opened:
                nearest[one] = min(nearest.get(one, inf), minutes)
        return nearest

    @cached_property
    def _pairs(self) -> list[tuple[str, str, float]]:
        longest = inf if self.limit_minutes is None else self.limit_minutes + 1e-6
        radius = inf if self.rules.radius_m is None else self.rules.radius_m
        columns = ("origin", "destination", "walk_minutes", "straight_m")
        rows = zip(*(self.times[name].tolist() for name in columns), strict=True)
        return [
            (one, site, minutes)
            for one, site, minutes, straight_m in rows
            if isfinite(minutes) and minutes <= longest and straight_m <= radius
        ]

    @cached_property
    def _groups(self) -> list[frozenset[str]]:
        groups = [frozenset(group) for group in self.rules.at_most_one]
        if self.rules.apart is not None:
            both = map(frozenset, self.rules.apart[["first", "second"]].to_numpy().tolist())
            groups += [pair for pair in both if not pair <= set(self.existing)]
        return groups

    def plans(self) -> Iterator[frozenset[str]]:
        """Every set of open places that keeps the rules."""
        rules = self.rules
        moving, leaving = set(rules.may_close), set(rules.must_close)
        kept = frozenset(self.existing) - moving - leaving
        sites = sorted((set(self.candidates) - set(rules.barred)) | moving)
        most = min(self.new_centres + len(moving), len(sites))
        for count in range(most + 1):
            for chosen in combinations(sites, count):
                opened = kept | frozenset(chosen)
                if set(rules.required) <= opened and all(
                    opened & group <= kept if group & kept else len(opened & group) <= 1
                    for group in self._groups
                ):
                    yield opened

    def value(self, opened: frozenset[str], *, worst: bool) -> tuple[float, float, int]:
        """Weight left out, then the walk (in sum, or the longest), then centres of today closed."""
        weights = self._weights
        walks = {one: walk for one, walk in self.walks(opened).items() if weights[one] > 0}
        left = round(fsum(weights.values()) - fsum(weights[one] for one in walks), 9)
        total = fsum(weights[one] * walk for one, walk in walks.items())
        longest = max(walks.values(), default=0.0)
        closed = len(set(self.rules.may_close) - opened)
        return left, longest if worst else total, closed

    @cached_property
    def _weights(self) -> dict[str, float]:
        return dict(zip(self.residents.index, self.residents["elderly_60"], strict=True))

    def best(self, *, worst: bool) -> tuple[float, float, int]:
        """The best value of all plans, by trying them."""
        return min(self.value(opened, worst=worst) for opened in self.plans())


def _rules(rng: np.random.Generator, candidates: list[str], existing: list[str]) -> SiteRules:
    """Rules of every kind, each now and then, that contradict each other nowhere."""
    kinds = rng.random(7) < 0.4
    parts = rng.permutation(existing).tolist()
    may_close = parts[:2] if kinds[0] else []
    must_close = parts[2:3] if kinds[1] else []
    mixed = rng.permutation(candidates).tolist()
    required = mixed[:1] if kinds[2] else []
    barred = mixed[1:2] if kinds[3] else []
    free = [one for one in mixed + may_close if one not in required]
    groups = [rng.permutation(free)[:3].tolist()] if kinds[4] and len(free) > 2 else []
    apart = None
    if kinds[5] and len(free) > 1:
        pairs = [rng.permutation(free + existing)[:2].tolist() for _ in range(2)]
        apart = pd.DataFrame(
            [pair for pair in pairs if pair[0] != pair[1]], columns=["first", "second"]
        )
    return SiteRules(
        required=required,
        barred=barred,
        may_close=may_close,
        must_close=must_close,
        at_most_one=groups,
        apart=apart,
        radius_m=RADIUS_M if kinds[6] else None,
    )


def ruled_town(seed: int) -> RuledTown:
    """A town of up to 12 residents, 7 candidates and 3 centres; ties and zeros are frequent."""
    rng = np.random.default_rng(seed)
    residents = [f"r{number:02d}" for number in range(rng.integers(1, 13))]
    candidates = [f"c{number}" for number in range(rng.integers(0, 8))]
    existing = [f"e{number}" for number in range(rng.integers(0, 4))]
    density = rng.choice([0.15, 0.4, 0.8, 1.0])
    is_whole = seed % 3 > 0
    rows = [
        (
            one,
            site,
            float(rng.choice(MINUTES)) if is_whole else float(rng.random() * 20),
            float(rng.choice([50.0, 100.0, 101.0])),
        )
        for one in residents
        for site in candidates + existing
        if rng.random() < density
    ]
    rng.shuffle(rows)
    weights = rng.integers(0, 6, len(residents)).astype(float)
    if not is_whole:
        weights = weights * rng.random(len(residents))
    weights[0] += 1.0
    rules = _rules(rng, candidates, existing) if seed % 2 else SiteRules()
    times = pd.DataFrame(rows, columns=["origin", "destination", "walk_minutes", "straight_m"])
    least = len(list(rules.required))
    return RuledTown(
        times=times.astype({"walk_minutes": float, "straight_m": float}),
        residents=pd.DataFrame({"elderly_60": weights}, index=residents),
        candidates=tuple(candidates),
        existing=tuple(existing),
        new_centres=int(rng.integers(least, 5)),
        limit_minutes=float(rng.choice([4.0, 9.0])) if seed % 5 == 0 else None,
        rules=rules,
    )
