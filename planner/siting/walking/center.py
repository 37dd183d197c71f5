"""The search for the plan whose longest walk is least, by the distance that can just be kept.

A distance can be kept if so many sites cover everybody within it. Everything between the longest
distance proven impossible and the shortest that a plan keeps is halved: first by plans found fast,
then by prices, then by branch and bound (Minieka 1970, SIAM Review 12, 138-139; Daskin 1995,
Network and discrete location, section 5.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from planner.siting.asking.inputs import Question
from planner.siting.covering.found import PROOF_TOLERANCE, Clock, share
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from planner.siting.covering.search import best_cover
from planner.siting.walking.deciding import Answer, Effort, decide, keeping_today
from planner.siting.walking.problem import Pairs, nearest_walks, reachable
from planner.siting.walking.reaching import MostReached, most_reached, narrowed_question
from planner.siting.walking.walked import Walked, least_of
from planner.solver import IntArray, Status
from planner.units import BoolArray, FloatArray


@dataclass
class _Search:
    """Where the search stands: distances up to ``low`` (a position) cannot be kept, ``high`` can.

    Parameters
    ----------
    distances
        Distinct, ascending.
    low, high
        Positions in ``distances``; ``low`` is -1 at first.
    sites
        Positions in ``question.candidates`` of the plan that keeps ``high``, required ones too.
    """

    distances: FloatArray
    low: int
    high: int
    sites: IntArray


def least_worst(
    question: Question, pairs: Pairs, *, time_limit_s: float | None, gap: float
) -> Walked:
    """Return the plan that reaches the most weight and, of those, has the least longest walk.

    Parameters
    ----------
    question, pairs
        As asked (times without a way are NaN), and its pairs that count.
    time_limit_s
        Seconds after which to stop, or None.
    gap
        Relative gap at which to stop; 0 for the optimum.
    """
    clock = Clock(time_limit_s)
    reached = most_reached(question, pairs, clock)
    if reached.plans is not None:
        return _least_of(question, pairs, reached.plans)
    question, pairs = narrowed_question(question, pairs, reached.state)
    center = _Center(question, pairs, clock, gap)
    search = center.start(reached)
    if not np.isfinite(center.nearest(search.sites)[center.in_need]).any():
        # Nobody can be reached, so nobody walks.
        return Walked(search.sites, 0.0, 0.0, 0.0, "optimal" if reached.is_proven else "time_limit")
    efforts: tuple[Effort, ...] = ("plans", "prices", "exact")
    for effort in efforts:
        center.narrow(search, effort)
    worst = float(search.distances[search.high]) if len(search.distances) else 0.0
    bound = float(search.distances[search.low + 1]) if len(search.distances) else 0.0
    away = share(worst - bound, worst)
    status: Status = "optimal"
    if not reached.is_proven:
        status = "time_limit"
    elif away > 0.0:
        status = "gap_reached" if away <= gap else "time_limit"
    return Walked(center.kept(search), worst, bound, away, status)


class _Center:
    def __init__(self, question: Question, pairs: Pairs, clock: Clock, gap: float) -> None:
        self.question, self.pairs, self.clock, self.gap = question, pairs, clock, gap
        rules = question.rules
        self.required = np.flatnonzero(rules.required)
        # Required sites are open in every plan: the covering problem counts them as there already.
        self.room = rules.most_open(question.asked.new_centres or 0) - len(self.required)
        self.in_need = reachable(question, pairs) & (question.weights > 0)
        self.most, self.everyone = 0.0, False

    def start(self, reached: MostReached) -> _Search:
        """Return the search with the plan that reaches the most."""
        self.most = reached.most
        asks = (self.question.weights > 0)[self.pairs.resident]
        distances = np.unique(self.pairs.minutes[asks])
        sites = np.flatnonzero(reached.plan)
        self.everyone = bool(np.isfinite(self.nearest(sites)[self.in_need]).all())
        search = _Search(distances, -1, len(distances) - 1, sites)
        if len(distances):
            search.high = self._position(distances, sites)
            search.low = self._farthest_alone(distances) - 1 if self.everyone else -1
        return search

    def narrow(self, search: _Search, effort: Effort) -> None:
        """Halve what lies between, as far as an effort can tell."""
        # With little effort "unknown" is taken for one side, and that side is not looked at again.
        low, high = search.low, search.high
        while high - low > 1 and not self.clock.is_over() and not self._is_near(search):
            middle = (low + high) // 2
            answer, sites = self._answer(float(search.distances[middle]), effort)
            if answer == "yes":
                search.sites = sites
                search.high = min(search.high, self._position(search.distances, sites))
                high = min(search.high, middle)
            elif answer == "no":
                search.low = max(search.low, middle)
                low = search.low
            elif effort == "plans":
                low = middle
            elif effort == "prices":
                high = middle
            else:
                break

    def kept(self, search: _Search) -> IntArray:
        """Return the sites of the plan, with today's centres kept where they may be."""
        if not self.question.rules.today.any() or not len(search.distances):
            return search.sites
        problem = self._covering(float(search.distances[search.high]))
        named = problem.sites.get_indexer(self.question.candidates[search.sites])
        plan = named[named >= 0]
        if self.everyone:
            return self._sites(problem, keeping_today(problem, self.room, plan, self.clock))
        found = best_cover(problem, self.room, time_limit_s=self.clock.left(), gap=0.0)
        enough = self._is_enough(problem, found.sites)
        return self._sites(problem, found.sites) if enough else search.sites

    def _answer(self, distance: float, effort: Effort) -> tuple[Answer, IntArray]:
        problem = self._covering(distance)
        if self.everyone:
            decision = decide(problem, self.room, effort=effort, clock=self.clock)
            return decision.answer, self._sites(problem, decision.sites)
        if effort != "exact":
            return "unknown", self.required
        found = best_cover(problem, self.room, time_limit_s=self.clock.left(), gap=0.0)
        if self._is_enough(problem, found.sites):
            return "yes", self._sites(problem, found.sites)
        return ("no" if found.status == "optimal" else "unknown"), self.required

    def _covering(self, distance: float) -> CoveringProblem:
        # Exactly this distance, without the tolerance of a limit: these are the walks themselves.
        minutes = self.question.minutes
        near = np.where(minutes <= distance, minutes, np.nan)
        return reduce_problem(replace(self.question, minutes=near, limit_minutes=np.inf))

    def _is_enough(self, problem: CoveringProblem, sites: IntArray) -> bool:
        reached = fsum([problem.covered_before, problem.newly_covered(sites)])
        return reached >= self.most * (1.0 - PROOF_TOLERANCE)

    def _is_near(self, search: _Search) -> bool:
        worst, bound = search.distances[search.high], search.distances[search.low + 1]
        return share(float(worst - bound), float(worst)) <= self.gap

    def _sites(self, problem: CoveringProblem, sites: IntArray) -> IntArray:
        among = self.question.candidates.get_indexer(problem.sites[sites])
        return np.unique(np.r_[among, self.required]).astype(np.int64)

    def _position(self, distances: FloatArray, sites: IntArray) -> int:
        """Return the position of the longest walk of a plan."""
        walks = self.nearest(sites)[self.in_need]
        longest = walks[np.isfinite(walks)].max(initial=distances[0])
        return int(np.searchsorted(distances, longest))

    def _farthest_alone(self, distances: FloatArray) -> int:
        """Return the position of the longest walk if every site were open."""
        return self._position(distances, np.arange(len(self.question.candidates)))

    def nearest(self, sites: IntArray) -> FloatArray:
        """Return each resident's walk to the nearest open place, infinite where there is none."""
        return nearest_walks(self.question, self.pairs, sites)


def _least_of(question: Question, pairs: Pairs, plans: Sequence[BoolArray]) -> Walked:
    """Return the plan whose longest walk is least, of all that count."""
    held = question.weights > 0

    def worst(sites: IntArray) -> float:
        walks = nearest_walks(question, pairs, sites)
        return float(walks[held & np.isfinite(walks)].max(initial=0.0))

    return least_of(question, plans, worst)
