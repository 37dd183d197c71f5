"""Small towns with every rule, and the answers that trying every set of open places gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.rules import SiteRules
from tests.siting.towns import LIMIT, MINUTES

RADIUS_M = 800.0
METRES = (100.0, 800.0, 800.1, 2000.0)


@dataclass(frozen=True)
class OpenPlaces:
    """One set of places that the rules allow to be open."""

    new: frozenset[str]
    stay: frozenset[str]


@dataclass(frozen=True)
class RuledTown:
    """Tables and rules of a town, and who reaches what, worked out apart from the package."""

    times: pd.DataFrame
    residents: pd.DataFrame
    candidates: tuple[str, ...]
    existing: tuple[str, ...]
    rules: SiteRules
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
            "rules": self.rules,
        }

    @property
    def may_close(self) -> frozenset[str]:
        return frozenset(self.rules.may_close)

    @property
    def kept(self) -> frozenset[str]:
        return frozenset(self.existing) - self.may_close - frozenset(self.rules.must_close)

    def weight_of(self, ids: Iterable[str]) -> float:
        return float(sum(self.residents["elderly_60"][one] for one in sorted(ids)))

    def covered_by(self, places: Iterable[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self.reached[place] for place in places))

    def covers(self, plan: OpenPlaces) -> float:
        return self.weight_of(self.covered_by(plan.new | plan.stay))

    def allows(self, opened: frozenset[str]) -> bool:
        for group in self.rules.at_most_one:
            both = opened & set(group)
            if len(both) > 1 and not both <= self.kept:
                return False
        apart = self.rules.apart
        pairs = [] if apart is None else zip(apart["first"], apart["second"], strict=True)
        return not any(
            {first, second} <= opened and not {first, second} <= set(self.existing)
            for first, second in pairs
        )

    def plans(self) -> Iterator[OpenPlaces]:
        """Every set of open places that keeps to the rules, whatever their number."""
        free = [one for one in self.candidates if one not in set(self.rules.barred)]
        for new in map(frozenset, subsets(free)):
            if not set(self.rules.required) <= new:
                continue
            for moving in subsets(sorted(self.may_close)):
                plan = OpenPlaces(new, self.kept | set(moving))
                if self.allows(plan.new | plan.stay):
                    yield plan

    def is_within(self, plan: OpenPlaces, new_centres: int) -> bool:
        return len(plan.new) <= new_centres + len(self.may_close - plan.stay)

    def most(self, new_centres: int) -> tuple[float, int]:
        """Largest weight covered, and the most centres of today that stay in such a plan."""
        plans = [plan for plan in self.plans() if self.is_within(plan, new_centres)]
        best = max(map(self.covers, plans))
        return best, max(
            len(plan.stay) for plan in plans if self.covers(plan) >= best * (1 - 1e-12)
        )

    def fewest(self) -> tuple[float, int, int]:
        """Largest weight that one plan can cover; centres that it takes; how many stay."""
        plans = list(self.plans())
        best = max(map(self.covers, plans))
        full = [plan for plan in plans if self.covers(plan) >= best * (1 - 1e-12)]
        count = min(self.centres(plan) for plan in full)
        return best, count, max(len(p.stay) for p in full if self.centres(p) == count)

    def centres(self, plan: OpenPlaces) -> int:
        return len(plan.new) + len(plan.stay & self.may_close)


def subsets(places: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(places, count) for count in range(len(places) + 1))


def ruled_town(seed: int) -> RuledTown:
    """A town of up to 12 residents, 5 candidates and 3 centres under a mix of rules."""
    rng = np.random.default_rng(seed)
    residents = [f"r{number}" for number in range(rng.integers(1, 13))]
    candidates = [f"c{number}" for number in range(rng.integers(1, 6))]
    existing = [f"e{number}" for number in range(rng.integers(0, 4))]
    density = rng.choice([0.2, 0.4, 0.6])
    rows = [
        (one, place, float(rng.choice(MINUTES)), float(rng.choice(METRES)))
        for one in residents
        for place in candidates + existing
        if rng.random() < density
    ]
    rng.shuffle(rows)
    whole = rng.integers(0, 6, len(residents)).astype(float)
    weights = rng.random(len(residents)) * 50 if seed % 3 == 0 else whole
    weights[0] += 1.0
    rules = _rules(rng, candidates, existing)
    reached = {
        place: frozenset(
            one
            for one, other, minutes, metres in rows
            if other == place
            and float(minutes) <= LIMIT + 1e-6
            and (rules.radius_m is None or float(metres) <= rules.radius_m)
        )
        for place in candidates + existing
    }
    columns = ["origin", "destination", "walk_minutes", "straight_m"]
    times = pd.DataFrame(rows, columns=columns).astype({"walk_minutes": float, "straight_m": float})
    people = pd.DataFrame({"elderly_60": weights}, index=residents)
    return RuledTown(times, people, tuple(candidates), tuple(existing), rules, reached)


def _rules(rng: np.random.Generator, candidates: list[str], existing: list[str]) -> SiteRules:
    lot = rng.random(len(candidates))
    required = [one for one, draw in zip(candidates, lot, strict=True) if draw < 0.15]
    barred = [one for one, draw in zip(candidates, lot, strict=True) if draw > 0.85]
    fate = rng.random(len(existing))
    may_close = [one for one, draw in zip(existing, fate, strict=True) if draw < 0.6]
    must_close = [one for one, draw in zip(existing, fate, strict=True) if draw > 0.85]
    forced = set(required) | (set(existing) - set(may_close) - set(must_close))
    places = candidates + existing
    groups = []
    for _ in range(rng.integers(0, 4)):
        group = set(rng.choice(places, min(len(places), int(rng.integers(2, 4))), replace=False))
        if len(group & forced) < 2:
            groups.append(sorted(group))
    pairs = [
        (first, second)
        for first, second in combinations(places, 2)
        if rng.random() < 0.1 and not {first, second} <= forced
    ]
    return SiteRules(
        required=required,
        barred=barred,
        may_close=may_close,
        must_close=must_close,
        at_most_one=groups,
        apart=pd.DataFrame(pairs, columns=["first", "second"]) if rng.random() < 0.5 else None,
        radius_m=RADIUS_M if rng.random() < 0.3 else None,
    )
