"""Which plans reach the most weight: mostly so few that their walks can simply be compared.

Where so many sites cannot reach everybody, only plans that reach the most count. Prices of the
covering problem close the sites that none of them opens and open those that each of them does
(:func:`planner.siting.covering.bounds.most_people_bound`, with a little less than the most as the
plan known); what they leave is branched on. The walk is asked for afterwards, among them alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum, inf
from typing import Final

import numpy as np

from planner.siting.asking.inputs import Question
from planner.siting.covering.bounds import Bound, leftover_prices, most_people_bound
from planner.siting.covering.found import PROOF_TOLERANCE, Clock
from planner.siting.covering.greedy import greedy_order
from planner.siting.covering.models import most_people_model, weight_scale
from planner.siting.covering.prices import polished
from planner.siting.covering.problem import CoveringProblem, reduce_problem, restricted
from planner.siting.covering.search import best_cover
from planner.siting.walking.prices import SiteState
from planner.siting.walking.problem import Pairs, reachable
from planner.solver import solve
from planner.units import BoolArray, FloatArray

MOST_NODES: Final = 400
"""Branches looked into before the plans are left unlisted."""

MOST_PLANS: Final = 200
"""Plans compared one by one; where there are more, the search for the least walk goes on."""

MOST_ENTRIES: Final = 200_000
"""Entries of a covering problem (site and merged group) up to which its plans are listed."""


@dataclass(frozen=True)
class MostReached:
    """What the plans of the most reach have in common.

    Parameters
    ----------
    most
        Weight that they reach, that of kept centres and required sites included.
    is_proven
        Whether no plan reaches more.
    plan
        Shape (candidates,): one that reaches it.
    state
        Shape (candidates,): sites that each of them opens, and sites that none opens.
    plans
        Shape (candidates,) each: all of them; None where they are not listed.
    """

    most: float
    is_proven: bool
    plan: BoolArray
    state: SiteState
    plans: tuple[BoolArray, ...] | None = None


def most_reached(question: Question, pairs: Pairs, clock: Clock) -> MostReached:
    """Return the most weight that a plan reaches, and which plans reach it.

    Plans are told apart from the most by :data:`PROOF_TOLERANCE` of it.

    Parameters
    ----------
    question, pairs
        As asked, and its pairs that count.
    clock
        When to stop.
    """
    covering, required = reduce_problem(question), question.rules.required
    most_open = question.rules.most_open(question.asked.new_centres or 0)
    # Whether today's centres stay is asked once the walks are known.
    covering = replace(covering, today=np.zeros(0, dtype=np.int64))
    # Required sites are open in every plan: the covering problem counts them as there already.
    room = most_open - int(required.sum())
    found = best_cover(covering, room, time_limit_s=clock.left(), gap=0.0)
    most = fsum([covering.covered_before, covering.newly_covered(found.sites)])
    plan = required.copy()
    plan[question.candidates.get_indexer(covering.sites[found.sites])] = True
    is_proven = found.status == "optimal"
    state = SiteState(required.copy(), np.zeros(len(required), dtype=np.bool_))
    reached = MostReached(most, is_proven, plan, state)
    anybody = fsum(question.weights[reachable(question, pairs)].tolist())
    is_everybody = most >= anybody * (1.0 - PROOF_TOLERANCE)
    if is_everybody or not is_proven or len(covering.site_of) > MOST_ENTRIES:
        return reached
    least = most * (1.0 - PROOF_TOLERANCE) - covering.covered_before
    listing = Listing(_with_all_sites(covering, question), most_open, least, clock)
    common, plans = listing.of(state)
    return replace(reached, state=common, plans=plans)


def narrowed_question(question: Question, pairs: Pairs, state: SiteState) -> tuple[Question, Pairs]:
    """Return a question, and its pairs, about the plans alone that keep to a state.

    Parameters
    ----------
    question, pairs
        As asked.
    state
        Shape (candidates,): sites to require, and to close.
    """
    rules = question.rules
    settled = state.opened | state.closed
    stays = np.r_[~state.closed, np.ones(len(question.existing), dtype=np.bool_)]
    groups = (group[~settled[group]] for group in rules.groups if not state.opened[group].any())
    # A settled centre of today no longer may close; the room that it made is there still.
    moved = int(np.sum(rules.today & settled))
    narrower = replace(
        rules,
        required=state.opened,
        today=rules.today & ~settled,
        groups=tuple(group for group in groups if len(group) > 1),
        pushed_out=rules.pushed_out + moved,
    )
    # Position -1, of places that the question does not know, looks at the end: they stay unknown.
    place = np.where(np.r_[stays, True][question.place_of], question.place_of, -1)
    held = stays[pairs.place]
    fewer = Pairs(pairs.resident[held], pairs.place[held], pairs.minutes[held])
    return replace(question, rules=narrower, place_of=place), fewer


class Listing:
    """A search for all plans of a covering problem that cover a stated weight.

    Parameters
    ----------
    problem
        With every candidate as a site.
    most_open
        Largest number of open sites.
    least
        Weight that the plans newly cover.
    clock
        When to stop.
    """

    def __init__(
        self, problem: CoveringProblem, most_open: int, least: float, clock: Clock
    ) -> None:
        self.problem, self.most_open, self.clock = problem, most_open, clock
        # Bounds close what is no better than the plan known; as good must stay.
        self._known = float(np.nextafter(least, -inf))
        self._leaves: list[SiteState] = []

    def of(self, state: SiteState) -> tuple[SiteState, tuple[BoolArray, ...] | None]:
        """Return what the plans that keep to a state have in common, and them if they are few."""
        self._leaves, waiting, nodes = [], [state], 0
        while waiting and nodes < MOST_NODES and len(self._leaves) <= MOST_PLANS:
            if self.clock.is_over():
                break
            nodes += 1
            waiting.extend(self._branches(waiting.pop()))
        left = [*self._leaves, *waiting]
        if not left:
            # Only rounding leaves no plan, since one is known.
            return state, None
        common = SiteState(
            np.logical_and.reduce([one.opened for one in left]),
            np.logical_and.reduce([one.closed for one in left]),
        )
        if waiting or any(self._has_choice(leaf) for leaf in self._leaves):
            return common, None
        return common, tuple(leaf.opened for leaf in self._leaves)

    def _has_choice(self, state: SiteState) -> bool:
        return int(state.opened.sum()) < self.most_open and bool(state.free.any())

    def _branches(self, state: SiteState) -> list[SiteState]:
        """Return the branches of a state: none if it is settled."""
        while True:
            opened = np.flatnonzero(state.opened)
            room = self.most_open - len(opened)
            if room < 0 or not self.problem.allows(opened):
                return []
            state = self._without_barred(state)
            need = self._known - self.problem.newly_covered(opened)
            if need < 0.0:
                self._leaves.append(state)
                return []
            free = np.flatnonzero(state.free)
            if not room or not len(free):
                return []
            left = ~self.problem.covered_groups(opened)
            smaller, where = restricted(self.problem, state.free, left)
            if not smaller.groups:
                return []
            bound, shares = self._bounded(smaller, room, need)
            if bound.value <= need or (bound.never & bound.always).any():
                return []
            if not (bound.never | bound.always).any():
                return self._split(state, int(where[_to_split(shares)]))
            state = SiteState(state.opened.copy(), state.closed.copy())
            state.opened[where[bound.always]] = True
            state.closed[where[bound.never]] = True

    def _bounded(
        self, smaller: CoveringProblem, room: int, need: float
    ) -> tuple[Bound, FloatArray]:
        """Return the bound of what is left, and how far the relaxation opens each site."""
        scale = weight_scale(smaller.weights)
        scaled = replace(smaller, weights=smaller.weights * scale)
        relaxed = solve(
            most_people_model(scaled, room, integral=False), time_limit_s=self.clock.left()
        )
        prices = leftover_prices(smaller, greedy_order(smaller, smaller.weights, most=room))
        rents, shares = np.zeros(len(smaller.conflicts)), np.zeros(len(smaller.sites))
        if relaxed.row_duals is not None and relaxed.values is not None:
            prices = np.abs(relaxed.row_duals[: smaller.groups]) / scale
            rents = np.abs(relaxed.row_duals[smaller.groups + 1 :]) / scale
            shares = relaxed.values[: len(smaller.sites)]
        bound = most_people_bound(smaller, room, prices, need, rents=rents)
        return polished(smaller, room, prices, rents, bound, need, self.clock), shares

    def _without_barred(self, state: SiteState) -> SiteState:
        """Close the sites that may not be open beside those that are."""
        closed = state.closed.copy()
        for group in self.problem.conflicts:
            if state.opened[group].any():
                closed[group[~state.opened[group]]] = True
        return SiteState(state.opened, closed)

    def _split(self, state: SiteState, site: int) -> list[SiteState]:
        opened, closed = state.opened.copy(), state.closed.copy()
        opened[site], closed[site] = True, True
        return [SiteState(state.opened, closed), SiteState(opened, state.closed)]


def _with_all_sites(covering: CoveringProblem, question: Question) -> CoveringProblem:
    """Return the covering problem with all candidates as sites.

    One that reaches nobody new takes room, and may shorten a walk.
    """
    position = question.candidates.get_indexer(covering.sites)
    return replace(
        covering,
        sites=question.candidates,
        site_of=position[covering.site_of].astype(np.int64),
        conflicts=question.rules.groups,
    )


def _to_split(shares: FloatArray) -> int:
    """Return the site that the relaxation can decide least; the first of several."""
    inner = np.minimum(shares, 1.0 - shares)
    return int(np.argmax(inner)) if inner.max() > 1e-6 else int(np.argmax(shares))
