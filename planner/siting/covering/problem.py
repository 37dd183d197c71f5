"""The reduced covering problem: only those whom a new centre could newly reach, merged and sparse.

A travel-time table may hold ten million pairs; what decides is much smaller. Pairs beyond the
limit fall away, residents who are covered already are taken out, residents whom nobody reaches
are set aside by name, residents who see the same candidates are merged (their weights summed),
and candidates that reach nobody new are dropped. None of this changes the optimum.

Rows are put in an order that depends on the ids alone, so that neither the order of the tables
nor chance decides between two equally good plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.inputs import Question
from planner.siting.covering.merging import merged
from planner.solver import IntArray
from planner.tables import listed
from planner.units import BoolArray, FloatArray, within


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class GroupsOfSites:
    """The problem read the other way: site ``j`` reaches ``group_of[starts[j]:starts[j + 1]]``."""

    starts: IntArray
    group_of: IntArray

    def __getitem__(self, site: int) -> IntArray:
        """Return the groups that a site reaches, ascending."""
        return self.group_of[self.starts[site] : self.starts[site + 1]]


@dataclass(frozen=True)
class CoveringProblem:
    """Who could be newly covered, by which sites.

    Parameters
    ----------
    sites
        Shape (n sites,): ids of the sites that a plan can choose, in canonical order: candidates
        that reach somebody new, and the existing centres that may close.
    starts, site_of
        Group ``g`` of residents is reached by the sites ``site_of[starts[g]:starts[g + 1]]``
        (positions in ``sites``, ascending, at least one).
    weights
        Shape (n groups,): summed weight of each group, all positive.
    total, covered_before, coverable
        Weight of all residents; of those whom a centre reaches that is open in every plan (one
        that stays, or a required site); of those whom any site reaches that may be open.
    unreachable
        Ids of the residents with weight whom none reaches.
    idle_sites
        Ids of the candidates that reach nobody new.
    without_weight
        How many residents weigh nothing, and so ask for nothing.
    today
        Positions of the sites that are open today.
    conflicts
        Positions of sites, two or more each, of which at most one is open.
    required
        Ids of the candidates that are open in every plan; none of them is in ``sites``.
    """

    sites: pd.Index
    starts: IntArray
    site_of: IntArray
    weights: FloatArray
    total: float
    covered_before: float
    coverable: float
    unreachable: tuple[str, ...]
    idle_sites: tuple[str, ...]
    without_weight: int
    today: IntArray = field(default_factory=_none)
    conflicts: tuple[IntArray, ...] = ()
    required: tuple[Any, ...] = ()

    @property
    def groups(self) -> int:
        """Number of merged groups of residents."""
        return len(self.weights)

    def group_of(self) -> IntArray:
        """Return, for each entry of ``site_of``, the group that it belongs to."""
        return np.repeat(np.arange(self.groups), np.diff(self.starts))

    @cached_property
    def by_site(self) -> GroupsOfSites:
        """The groups of each site."""
        order = np.argsort(self.site_of, kind="stable")
        counts = np.bincount(self.site_of, minlength=len(self.sites))
        return GroupsOfSites(np.r_[0, np.cumsum(counts)], self.group_of()[order])

    @cached_property
    def conflicts_by_site(self) -> GroupsOfSites:
        """The conflicts that each site is in."""
        members = np.concatenate([_none(), *self.conflicts])
        lengths = [len(conflict) for conflict in self.conflicts]
        order = np.argsort(members, kind="stable")
        counts = np.bincount(members, minlength=len(self.sites))
        conflict_of = np.repeat(np.arange(len(lengths)), lengths)
        return GroupsOfSites(np.r_[0, np.cumsum(counts)], conflict_of[order])

    def covered_groups(self, chosen: IntArray) -> BoolArray:
        """Tell for each group whether one of the ``chosen`` sites (positions) reaches it."""
        is_chosen = np.zeros(len(self.sites), dtype=np.bool_)
        is_chosen[chosen] = True
        if not self.groups:
            return np.zeros(0, dtype=np.bool_)
        return np.logical_or.reduceat(is_chosen[self.site_of], self.starts[:-1])

    def newly_covered(self, chosen: IntArray) -> float:
        """Return the weight that the ``chosen`` sites (positions) newly cover."""
        return fsum(self.weights[self.covered_groups(chosen)])

    def allows(self, chosen: IntArray) -> bool:
        """Tell whether the ``chosen`` sites (positions) may be open together."""
        is_chosen = np.zeros(len(self.sites))
        is_chosen[chosen] = 1.0
        return bool((self.in_conflicts(is_chosen) <= 1.0).all())

    def in_conflicts(self, values: FloatArray) -> FloatArray:
        """Return the sum over each conflict's sites of ``values``, shape (sites,)."""
        by_site = self.conflicts_by_site
        own = np.repeat(values, np.diff(by_site.starts))
        total = np.bincount(by_site.group_of, weights=own, minlength=len(self.conflicts))
        return total.astype(np.float64)


def reduce_problem(question: Question) -> CoveringProblem:
    """Reduce a checked question to the covering problem that decides it.

    Parameters
    ----------
    question
        Tables and settings that have passed :func:`planner.siting.asking.inputs.ask`.

    Returns
    -------
    CoveringProblem
        With the same optimum as the full tables.

    Raises
    ------
    SitingError
        If a pair of origin and destination stands twice in the travel times.

    Notes
    -----
    A pair counts as reached if ``within(walk_minutes, limit_minutes)``, so ``<=``. Time and
    memory are a few arrays of the number of pairs; nothing is done a pair at a time.
    """
    resident, place, reached = _pairs(question)
    weights, rules = question.weights, question.rules
    is_open = np.concatenate([rules.required, np.ones(len(question.existing), np.bool_)])
    covered = _marked(resident[is_open[place] & reached], len(weights))
    reachable = _marked(resident[reached], len(weights))
    asking = weights > 0

    useful = reached & ~is_open[place] & (asking & ~covered)[resident]
    resident, place = resident[useful], place[useful]
    used = _marked(place, len(question.candidates)) | rules.today
    position = np.cumsum(used) - 1
    starts, site_of, group_weights = merged(resident, position[place], weights)
    return CoveringProblem(
        sites=question.candidates[used],
        starts=starts,
        site_of=site_of,
        weights=group_weights,
        total=fsum(weights),
        covered_before=fsum(weights[covered]),
        coverable=fsum(weights[reachable]),
        unreachable=tuple(question.residents[asking & ~reachable].tolist()),
        idle_sites=tuple(question.candidates[~used & ~rules.required].tolist()),
        without_weight=int(np.sum(~asking)),
        today=np.flatnonzero(rules.today[used]),
        conflicts=among(rules.groups, used),
        required=tuple(question.candidates[rules.required].tolist()),
    )


def among(conflicts: Sequence[IntArray], used: BoolArray) -> tuple[IntArray, ...]:
    """Return the conflicts between the ``used`` sites, as positions among these."""
    position = np.cumsum(used) - 1
    left = {tuple(position[conflict[used[conflict]]].tolist()) for conflict in conflicts}
    return tuple(np.array(one, dtype=np.int64) for one in sorted(left) if len(one) > 1)


def restricted(
    problem: CoveringProblem, sites: BoolArray, groups: BoolArray
) -> tuple[CoveringProblem, IntArray]:
    """Return the problem with some of its sites and groups only, and where its sites stood.

    Parameters
    ----------
    problem
        The problem.
    sites, groups
        Which of them to keep. Groups that have lost all their sites fall away; those that have
        become equal are merged.

    Returns
    -------
    CoveringProblem, ndarray of int
        The smaller problem, and the position in ``problem.sites`` of each of its sites.
    """
    group = problem.group_of()
    stays = sites[problem.site_of] & groups[group]
    position = np.cumsum(sites) - 1
    starts, site_of, weights = merged(
        group[stays], position[problem.site_of[stays]], problem.weights
    )
    smaller = replace(
        problem,
        sites=problem.sites[sites],
        starts=starts,
        site_of=site_of,
        weights=weights,
        today=position[problem.today[sites[problem.today]]],
        conflicts=among(problem.conflicts, sites),
    )
    return smaller, np.flatnonzero(sites)


def _pairs(question: Question) -> tuple[IntArray, IntArray, BoolArray]:
    """Return resident, place and whether reached, by resident and place, each pair once."""
    known = question.place_of >= 0
    resident, place = question.resident_of[known], question.place_of[known]
    reached = np.asarray(within(question.minutes[known], question.limit_minutes))
    places = len(question.candidates) + len(question.existing)
    # One sort of one number a pair orders the pairs and brings repeated ones together.
    keys = np.sort((resident * max(places, 1) + place) * 2 + reached)
    pair = keys >> 1
    repeated = pair[1:][pair[1:] == pair[:-1]]
    if len(repeated):
        ids = question.candidates.append(question.existing)
        shown = [
            f"{question.residents[key // places]} → {ids[key % places]}"
            for key in np.unique(repeated)
        ]
        raise SitingError(
            message("siting.refused"), [message("siting.pairs_repeated", pairs=listed(shown))]
        )
    resident, place = np.divmod(pair, max(places, 1))
    return resident, place, (keys & 1).astype(np.bool_)


def _marked(positions: IntArray, length: int) -> BoolArray:
    marks = np.zeros(length, dtype=np.bool_)
    marks[positions] = True
    return marks
