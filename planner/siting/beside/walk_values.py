"""What the walks to some open places come to, by dictionaries and loops."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from typing import Any, NamedTuple

from planner.siting.beside.recounting import Recount
from planner.siting.results import SitingPlan


class WalkSums(NamedTuple):
    """Walks of the residents with weight, each to the nearest open place.

    Parameters
    ----------
    unserved
        Weight of those who have none.
    total
        Sum of weight times minutes over the others.
    worst
        Longest walk of the others; 0 where there is nobody.
    """

    unserved: float
    total: float
    worst: float


def walk_sums(facts: Recount, opened: Iterable[Any]) -> WalkSums:
    """Return what the walks to the nearest open place come to.

    Parameters
    ----------
    facts
        Tables, read again.
    opened
        Ids of the open places.
    """
    nearest = facts.nearest(opened)
    asking = [one for one, weight in facts.weight_of.items() if weight > 0]
    served = [one for one in asking if one in nearest]
    return WalkSums(
        unserved=facts.weight(one for one in asking if one not in nearest),
        total=fsum(facts.weight_of[one] * nearest[one] for one in served),
        worst=max((nearest[one] for one in served), default=0.0),
    )


def needed_places(plan: SitingPlan, facts: Recount, *, by_worst: bool) -> tuple[Any, ...]:
    """Return the places that a plan needs: without any one of them it would be worse.

    Places are left out one by one while that worsens nothing, in the reverse of the plan's order;
    those that are open in every plan are not looked at.

    Parameters
    ----------
    plan
        The plan.
    facts
        The question's tables, read again; the plan may be the answer of a part of it.
    by_worst
        Whether the longest walk counts, not the sum.
    """
    staying = [one for one in plan.existing if one in facts.may_close]
    opened = [*plan.existing, *plan.chosen]
    value = _value(walk_sums(facts, opened), by_worst=by_worst)
    needs = []
    for place in [*reversed([one for one in plan.chosen if one not in facts.required]), *staying]:
        without = [one for one in opened if one != place]
        if _value(walk_sums(facts, without), by_worst=by_worst) <= value:
            opened = without
        else:
            needs.append(place)
    return tuple(reversed(needs))


def _value(sums: WalkSums, *, by_worst: bool) -> tuple[float, float]:
    return sums.unserved, sums.worst if by_worst else sums.total
