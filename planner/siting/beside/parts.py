"""The best different plans of any question, by dividing its plans and asking each part.

The plans that leave out ``d`` sites of ``A = {a1, a2, …}`` fall into parts that share none: bar
``d`` of the sites and require all that stand before the last of these in the order. Each part is
a question of its own, with rules. The best plan of all is the best of the parts; to go on, only
the part that it came from is divided further (Lawler 1972, Management Science 18, 401-405).
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count
from math import inf
from typing import Any

from planner.errors import SitingError
from planner.siting.beside.asking_again import again, kind_of, reach_rank, with_sites
from planner.siting.beside.recounting import recount
from planner.siting.beside.walk_values import needed_places
from planner.siting.results import SitingPlan


@dataclass(frozen=True, order=True)
class Part:
    """Some of the plans of a question, and the best of them.

    Parameters
    ----------
    rank
        How much its best plan reaches, where walks are asked for, then its value; the smallest
        goes first.
    number
        Parts of equal rank go in the order in which they were made.
    insist, forbid
        Places open, and places closed, in all its plans.
    plan
        The best of them; its bound bounds the part.
    """

    rank: tuple[float, float]
    number: int
    insist: frozenset[Any] = field(compare=False)
    forbid: frozenset[Any] = field(compare=False)
    plan: SitingPlan = field(compare=False)


def plans_by_parts(
    plan: SitingPlan, *, least_difference: int, end: float
) -> Iterator[tuple[SitingPlan, float, float, bool, tuple[Any, ...]] | str]:
    """Return a plan and those that differ from it and from each other, best first.

    Parameters
    ----------
    plan
        The first plan.
    least_difference, end
        See :func:`planner.siting.beside.candidate_plans.different_candidates`.

    Returns
    -------
    iterator of (plan, value, bound, is_complete, needs) or str
        A word says why no more follow.
    """
    kind, facts = kind_of(plan), recount(plan.asked)
    numbers = count(1)
    parts = [Part(_rank(plan), 0, frozenset(), frozenset(), plan)]
    before: list[tuple[Any, ...]] = []
    is_complete = True
    cut_bounds: list[float] = []
    while parts:
        part = heapq.heappop(parts)
        opened = {*part.plan.existing, *part.plan.chosen}
        alike = next(
            (one for one in before if sum(site not in opened for site in one) < least_difference),
            None,
        )
        if alike is None:
            bounds = [kind.sign * part.plan.bound, *cut_bounds]
            # Bounds speak of plans that reach as much; parts that reach less lie behind.
            alive = [other for other in parts if other.rank[0] <= part.rank[0]]
            bounds += [kind.sign * other.plan.bound for other in alive]
            before.append(needed_places(part.plan, facts, by_worst=kind.by_worst))
            # Put back: its other plans are looked at when the next one is asked for.
            heapq.heappush(parts, part)
            yield part.plan, kind.value(part.plan), kind.sign * max(bounds), is_complete, before[-1]
            continue
        for insist, forbid in _divided(part, alike, least_difference):
            left = None if end == inf else end - time.perf_counter()
            if left is not None and left <= 0:
                is_complete = False
                cut_bounds.append(kind.sign * part.plan.bound)
                break
            answer = _asked(plan, insist, forbid, left)
            if answer is not None:
                heapq.heappush(parts, Part(_rank(answer), next(numbers), insist, forbid, answer))
    yield "none_left" if is_complete else "time_limit"


def _rank(plan: SitingPlan) -> tuple[float, float]:
    kind = kind_of(plan)
    return reach_rank(plan), -kind.sign * kind.value(plan)


def _divided(
    part: Part, alike: Sequence[Any], least_difference: int
) -> Iterator[tuple[frozenset[Any], frozenset[Any]]]:
    """Return which places the parts of a part insist on and forbid, to differ from one plan."""
    missing = least_difference - sum(site in part.forbid for site in alike)
    free = [site for site in alike if site not in part.forbid and site not in part.insist]
    for left_out in combinations(range(len(free)), missing):
        last = left_out[-1]
        stays = [free[place] for place in range(last) if place not in left_out]
        yield part.insist | set(stays), part.forbid | {free[place] for place in left_out}


def _asked(
    plan: SitingPlan, insist: frozenset[Any], forbid: frozenset[Any], left: float | None
) -> SitingPlan | None:
    """Return the best plan of a part; None where it has none."""
    asked = with_sites(plan.asked, insist=sorted(insist, key=str), forbid=sorted(forbid, key=str))
    try:
        answer = again(plan, asked, time_limit_s=left)
    except SitingError:
        # More sites than there may be, or two of a group, cannot be insisted on: an empty part.
        return None
    return None if answer.status == "infeasible" else answer
