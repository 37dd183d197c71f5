"""What a plan means for the people: worked out from the question again, not from the search."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.inputs import Question
from planner.siting.asking.places import in_order, positions
from planner.siting.asking.recount import check_claim, covered_weight
from planner.siting.asking.rules import CodedRules
from planner.siting.covering.greedy import greedy_order, reach
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from planner.siting.covering.search import Found
from planner.solver import IntArray
from planner.units import BoolArray


@dataclass(frozen=True)
class Outcome:
    """A plan in ids and people.

    Parameters
    ----------
    facts
        The fields of :class:`planner.siting.results.CoveringPlan` that follow from the plan.
    stays
        How many of the centres that may close stay open.
    left_out
        Ids of the residents whom some site reaches, and none of the plan.
    """

    facts: dict[str, Any]
    stays: int
    left_out: tuple[Any, ...]

    @property
    def centres(self) -> int:
        """Number of new centres, and of those that may close but stay."""
        return len(self.facts["chosen"]) + self.stays


def outcome(question: Question, problem: CoveringProblem, found: Found) -> Outcome:
    """Return what a plan means, its coverage counted a second time from the tables.

    Parameters
    ----------
    question, problem
        The question, and what it was reduced to.
    found
        The plan.

    Raises
    ------
    SitingError
        If the coverage that the plan claims is not what the tables give.
    """
    rules, asked = question.rules, question.asked
    opened = positions(problem.sites[found.sites], question.candidates)
    is_open = rules.required.copy()
    is_open[opened] = True
    stays = is_open & rules.today
    existing = in_order(_joined(rules.kept, question.candidates[stays]))
    after = reduce_problem(_with_plan(question, is_open & ~rules.today, existing))
    order = _most_useful_first(after, rules)
    newly = after.newly_covered(order)
    covered = math.fsum([after.covered_before, newly])
    closed = _joined(
        pd.Index(rules.must_close, dtype=object), question.candidates[rules.today & ~is_open]
    )
    before = _counted(question, asked.existing)
    check_claim(covered, _counted(question, _joined(existing, after.sites[order])))
    facts = {
        "chosen": tuple(after.sites[order].tolist()),
        "existing": tuple(existing.tolist()),
        "closed": tuple(in_order(closed).tolist()),
        "barred": rules.barred,
        "idle_candidates": problem.idle_sites,
        "unreachable": problem.unreachable,
        "without_weight": problem.without_weight,
        "total": problem.total,
        "asked": asked,
        "covered_before": before,
        "gain": math.fsum([covered, -before]) if len(closed) else newly,
        "covered": covered,
        "coverable": problem.coverable,
        "gains": _gains(after, order),
        "limit_minutes": question.limit_minutes,
        "weight": asked.weight,
    }
    unreachable = set(problem.unreachable)
    left_out = tuple(one for one in after.unreachable if one not in unreachable)
    return Outcome(facts, int(stays.sum()), left_out)


def _joined(first: pd.Index[Any], second: pd.Index[Any]) -> pd.Index[Any]:
    if not len(first) or not len(second):
        return first if len(first) else second
    return first.append(second)


def _with_plan(question: Question, new: BoolArray, existing: pd.Index[Any]) -> Question:
    """Return the question of the plan alone: its new sites, around the centres that stay."""
    chosen = question.candidates[new]
    places = _joined(question.candidates, question.existing)
    # One more for places that the question does not know, which stand at -1.
    moved = np.r_[positions(places, _joined(chosen, existing)), -1]
    free = np.zeros(len(chosen), dtype=np.bool_)
    # Sites of today are kept in a problem though they reach nobody new: so are required ones here.
    shown = question.rules.required[new]
    return replace(
        question,
        rules=CodedRules(chosen, existing, free, shown, (), (), ()),
        place_of=moved[question.place_of],
    )


def _most_useful_first(after: CoveringProblem, rules: CodedRules) -> IntArray:
    """Return the sites of a plan in greedy order, then those required that add nobody."""
    order = greedy_order(after, after.weights)
    idle = np.setdiff1d(positions(rules.sites[rules.required], after.sites), order)
    return np.concatenate([order, idle[idle >= 0]])


def _counted(question: Question, open_sites: pd.Index[Any]) -> float:
    asked = question.asked
    return covered_weight(
        asked.times,
        asked.residents,
        open_sites,
        limit_minutes=question.limit_minutes,
        weight=asked.weight,
        radius_m=asked.rules.radius_m,
    )


def _gains(after: CoveringProblem, order: IntArray) -> pd.DataFrame:
    rank = np.full(len(after.sites), len(order))
    rank[order] = np.arange(len(order))
    is_chosen = (rank < len(order)).astype(np.int64)
    first = np.zeros(0, np.int64)
    seen = np.zeros(0, np.int64)
    if after.groups:
        first = np.minimum.reduceat(rank[after.site_of], after.starts[:-1])
        seen = np.add.reduceat(is_chosen[after.site_of], after.starts[:-1])
    by_rank = np.argsort(first, kind="stable")
    ends = np.searchsorted(first[by_rank], np.arange(len(order) + 1))
    weights = after.weights[by_rank]
    gain = [math.fsum(weights[ends[one] : ends[one + 1]]) for one in range(len(order))]
    return pd.DataFrame(
        {
            "gain": np.array(gain, dtype=np.float64),
            "covered_after": after.covered_before + np.cumsum(gain, dtype=np.float64),
            "reach": reach(after, after.weights)[order],
            "only_here": reach(after, np.where(seen == 1, after.weights, 0.0))[order],
        },
        index=pd.Index(after.sites[order], name="candidate"),
    )
