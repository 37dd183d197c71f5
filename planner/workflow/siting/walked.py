"""Whom the plans of walks serve, and whom they leave out of every mean and longest walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.siting import WalkingPlan
from planner.siting.asking.weights import weights_of
from planner.workflow.siting.elders import PLAIN_WEIGHT


@dataclass(frozen=True)
class WalksServed:
    """Homes and their elders aged 60+ by whether a plan of walks serves them.

    Only homes count that weigh something in the plan.

    Parameters
    ----------
    before, after
        Elders who have a walk today, and with the plan.
    left_out, left_out_rows
        Elders, and homes, within a walk of some site, but of none of the plan.
    unreachable, unreachable_rows
        Elders, and homes, within a walk of no site at all.
    is_same
        Whether the plan serves the same homes as the centres of today.
    """

    before: float
    after: float
    left_out: float
    left_out_rows: int
    unreachable: float
    unreachable_rows: int
    is_same: bool

    @property
    def levels(self) -> tuple[float, float, float]:
        """Elders within a walk of some places: today's, the plan's, all that may be open."""
        return self.before, self.after, self.after + self.left_out


def walks_served(plan: WalkingPlan) -> WalksServed:
    """Return whom a plan of walks serves."""
    people = plan.asked.residents
    people = people[weights_of(people, plan.asked.weight) > 0]
    elders = people[PLAIN_WEIGHT].to_numpy(dtype=float)
    walks = plan.walks.reindex(people.index)
    before, after = (
        np.isfinite(walks[name].to_numpy(dtype=float))
        for name in ("minutes_before", "walk_minutes")
    )
    left = people.index.isin(list(plan.left_out))
    nowhere = ~after & ~left
    return WalksServed(
        before=float(elders[before].sum()),
        after=float(elders[after].sum()),
        left_out=float(elders[left].sum()),
        left_out_rows=int(left.sum()),
        unreachable=float(elders[nowhere].sum()),
        unreachable_rows=int(nowhere.sum()),
        is_same=bool((before == after).all()),
    )
