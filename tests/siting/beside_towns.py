"""Small towns with rules, and every plan beside the best one, found by trying all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.siting.ruled_towns import OpenPlaces, RuledTown, ruled_town
from tests.siting.towns import LIMIT

Sites = frozenset[str]
EQUAL = 1e-7


@dataclass(frozen=True)
class Ruled:
    """A town with rules and a number of new centres that they leave possible."""

    town: RuledTown
    new_centres: int

    def ask(self, question: Any, **settings: Any) -> Any:
        return question(
            self.town.times,
            self.town.residents,
            self.town.candidates,
            existing=self.town.existing,
            limit_minutes=LIMIT,
            rules=self.town.rules,
            **settings,
        )

    @property
    def free_to_close(self) -> Sites:
        """Places of which a plan decides."""
        return frozenset(self.town.candidates) | self.town.may_close

    def plans(self, *, any_number: bool = False) -> Iterator[Sites]:
        """What each plan decides to open: new centres, and those of today that may close."""
        for plan in self.town.plans():
            if any_number or self.town.is_within(plan, self.new_centres):
                yield plan.new | (plan.stay & self.town.may_close)

    def opened(self, sites: Sites) -> Sites:
        return sites | self.town.kept

    def covered(self, sites: Sites) -> float:
        return self.town.covers(OpenPlaces(sites, self.town.kept))

    @property
    def required(self) -> Sites:
        return frozenset(map(str, list(self.town.rules.required)))

    def removable(self, sites: Sites) -> Sites:
        return sites - self.required

    def needs_all(self, sites: Sites) -> bool:
        """Whether every site that is not required covers somebody whom no other does."""
        here = self.covered(sites)
        return all(self.covered(sites - {one}) < here - EQUAL for one in self.removable(sites))

    def walk(self, sites: Sites, *, worst: bool) -> tuple[float, float]:
        """Weight that no open place reaches, and the total or longest walk of the others."""
        opened = self.opened(sites)
        weights = self.town.residents["elderly_60"].to_dict()
        nearest: dict[str, float] = {}
        radius_m = self.town.rules.radius_m
        for origin, destination, minutes, metres in self.town.times.itertuples(index=False):
            counts = minutes <= LIMIT + 1e-6 and (radius_m is None or metres <= radius_m)
            if destination in opened and counts and weights[origin] > 0:
                nearest[origin] = min(minutes, nearest.get(origin, np.inf))
        unserved = sum(weight for one, weight in weights.items() if one not in nearest)
        walks = [nearest[one] * (1.0 if worst else weights[one]) for one in sorted(nearest)]
        value = max(walks, default=0.0) if worst else sum(walks)
        return round(unserved, 6), round(value, 6)


def beside_town(seed: int) -> Ruled:
    some = ruled_town(seed)
    required = len(Ruled(some, 0).required)
    return Ruled(some, required + int(np.random.default_rng(seed).integers(0, 3)))
