"""Branch and bound over open and closed sites, the plans with the lowest bound first.

Every branch that is given up is given up by plain sums (:mod:`planner.siting.walking.prices`), or
because its plan was counted. Cuts learned in one branch hold in all.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import ceil, inf
from typing import Final

import numpy as np

from planner.siting.covering.found import Clock
from planner.siting.walking.interchange import Interchange, Plan
from planner.siting.walking.prices import PROOF_TOLERANCE, Goal, SiteState
from planner.siting.walking.relaxation import Relaxation, Relaxed
from planner.siting.walking.scores import WHOLE_SHARE, BranchScores
from planner.units import BoolArray, FloatArray

HEARD_FIRST: Final = 20
"""Nodes at the beginning whose plans are improved."""

HEARD_EVERY: Final = 10
"""After them, every so many nodes."""


@dataclass(frozen=True)
class Proof:
    """The best plan, the bound that all plans keep, and whether the search ran to its end."""

    plan: Plan
    bound: float
    finished: bool


@dataclass(frozen=True)
class Parent:
    """How a node came about: a site, its side (0 closed, 1 open), its share, the value before."""

    site: int
    side: int
    share: float
    estimate: float


@dataclass(frozen=True)
class Node:
    """Plans that keep to a state, and what none of them is better than."""

    bound: float
    number: int
    state: SiteState
    parent: Parent | None = None

    def __lt__(self, other: Node) -> bool:
        """Order by bound, then by age."""
        return (self.bound, self.number) < (other.bound, other.number)


class Tree:
    """A search over the sites that still matter.

    Parameters
    ----------
    search
        Makes plans of the whole problem.
    alive
        Shape (sites of the whole problem,): the sites that a better plan could open.
    relaxation
        Of the problem narrowed to them.
    goals
        The bound at which to give up a branch.
    """

    def __init__(
        self, search: Interchange, alive: BoolArray, relaxation: Relaxation, goals: Goal
    ) -> None:
        self.search, self.relaxation, self.goals = search, relaxation, goals
        self._places = np.flatnonzero(alive)
        self._sites = len(alive)
        self._scores = BranchScores(len(self._places))
        self._tried: set[bytes] = set()
        self._numbered = 0
        self.nodes = 0

    def prove(self, plan: Plan, root_bound: float, clock: Clock) -> Proof:
        """Search until no plan better than the goal is left, or the time is over.

        Parameters
        ----------
        plan, root_bound
            The best plan known; a bound that holds for all better plans.
        clock
            When to stop.
        """
        problem = self.relaxation.problem
        nobody = np.zeros(len(problem.sites), dtype=np.bool_)
        self._plan = plan
        self._goal_of, self._goal_value = plan, self.goals.of(plan)
        # Plans outside the narrowed problem are no better than the goal.
        self._floor = self._goal()
        root = SiteState(problem.required.copy(), nobody)
        heap = [Node(root_bound, 0, self._propagated(root))]
        next_node: Node | None = None
        while (next_node or heap) and not clock.is_over():
            node = next_node or heapq.heappop(heap)
            children = self._explored(node, clock)
            # One branch is followed down at once: the solver stands next to it.
            next_node = children[0] if children else None
            for child in children[1:]:
                heapq.heappush(heap, child)
        open_nodes = [*heap, *([next_node] if next_node else [])]
        left = min([self._floor, *(node.bound for node in open_nodes)])
        bound = rounded_up(left, self._plan.cost, whole=problem.whole)
        return Proof(self._plan, bound, not open_nodes)

    def _explored(self, node: Node, clock: Clock) -> list[Node]:
        """Return the branches of a node that still may hold a better plan."""
        if self._is_given_up(node.bound):
            return []
        self.nodes += 1
        relaxed = self.relaxation.solve(node.state, self._goal(), clock)
        bound = max(node.bound, relaxed.bound.value)
        if node.parent is not None:
            parent = node.parent
            self._scores.learn(
                parent.site, parent.side, parent.share, relaxed.estimate - parent.estimate
            )
        self._listen(relaxed.share, node.state)
        if self._is_given_up(bound):
            return []
        state = self._settled(node.state, relaxed, self._goal())
        if not self._is_possible(state):
            return []
        if self._is_leaf(state):
            self._count(state)
            return []
        return self._branches(state, relaxed, bound)

    def _branches(self, state: SiteState, relaxed: Relaxed, bound: float) -> list[Node]:
        site = self._scores.choose(
            state,
            relaxed.share,
            relaxed.estimate,
            lambda one: self._sides(state, one),
            self.relaxation.glimpse,
        )
        share, nodes = float(relaxed.share[site]), []
        for side, child in enumerate(self._sides(state, site)):
            if not self._is_possible(child):
                continue
            if self._is_leaf(child):
                self._count(child)
                continue
            self._numbered += 1
            parent = Parent(site, side, share, relaxed.estimate)
            nodes.append(Node(bound, self._numbered, child, parent))
        return nodes

    def _sides(self, state: SiteState, site: int) -> list[SiteState]:
        """Return the state with a site closed, and with it open."""
        opened, closed = state.opened.copy(), state.closed.copy()
        opened[site], closed[site] = True, True
        return [
            SiteState(state.opened, closed),
            self._propagated(SiteState(opened, state.closed)),
        ]

    def _is_given_up(self, bound: float) -> bool:
        if bound < self._goal():
            return False
        self._floor = min(self._floor, bound)
        return True

    def _goal(self) -> float:
        if self._goal_of is not self._plan:
            self._goal_of, self._goal_value = self._plan, self.goals.of(self._plan)
        return self._goal_value

    def _listen(self, share: FloatArray, state: SiteState) -> None:
        """Make a plan of shares of sites, unless those sites have been tried before."""
        wanted = np.zeros(self._sites)
        wanted[self._places] = np.where(state.closed, 0.0, share)
        wanted[wanted < WHOLE_SHARE] = 0.0
        nothing = np.zeros(self._sites, dtype=np.bool_)
        started = self.search.filled(self.search.filled(nothing, among=wanted))
        key = np.packbits(started).tobytes()
        if key in self._tried:
            return
        self._tried.add(key)
        self._take(Plan(started, self.search.cost(started)))
        # Improving a plan costs as much as solving a node: at first always, later now and then.
        if self.nodes <= HEARD_FIRST or self.nodes % HEARD_EVERY == 0:
            self._take(self.search.improved(started))

    def _take(self, plan: Plan) -> None:
        if plan.cost < self._plan.cost:
            self._plan = plan
        self._goal_of, self._goal_value = plan, self.goals.of(plan)

    def _count(self, state: SiteState) -> None:
        """Look at the one plan that a settled state leaves."""
        is_open = np.zeros(self._sites, dtype=np.bool_)
        is_open[self._places[state.opened]] = True
        plan = Plan(is_open, self.search.cost(is_open))
        self._floor = min(self._floor, plan.cost)
        self._take(plan)

    def _settled(self, state: SiteState, relaxed: Relaxed, goal: float) -> SiteState:
        """Return the state with the sites settled that prices settle."""
        closed = state.closed | (state.free & (relaxed.bound.if_opened >= goal))
        opened = state.opened | (state.free & (relaxed.bound.if_closed >= goal) & ~closed)
        return self._propagated(SiteState(opened, closed))

    def _propagated(self, state: SiteState) -> SiteState:
        """Close the sites that may not be open beside those that are."""
        closed = state.closed.copy()
        for group in self.relaxation.problem.groups:
            if state.opened[group].any():
                closed[group[~state.opened[group]]] = True
        return SiteState(state.opened, closed)

    def _is_possible(self, state: SiteState) -> bool:
        problem = self.relaxation.problem
        if int(state.opened.sum()) > problem.most_open:
            return False
        return all(int(state.opened[group].sum()) <= 1 for group in problem.groups)

    def _is_leaf(self, state: SiteState) -> bool:
        room = self.relaxation.problem.most_open - int(state.opened.sum())
        return room <= 0 or not state.free.any()


def rounded_up(bound: float, known: float, *, whole: bool) -> float:
    """Return a bound with what is known of whole costs and of the tolerance made use of."""
    if bound == inf:
        return known
    value = float(ceil(bound)) if whole else bound
    if value >= known * (1.0 - PROOF_TOLERANCE):
        return known
    return min(value, known)
