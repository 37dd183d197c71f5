"""The reduced problem of walks: who asks, which sites would shorten whose walk, and by how much.

Residents without weight ask for nothing, residents whom nobody reaches are set aside by name, and
a pair counts only where the site is nearer than every centre that is open in each plan. Nothing
of this changes the best plan. The pairs stay sparse, and stand twice: by resident, nearest site
first, and by site.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.inputs import Question
from planner.solver import IntArray
from planner.tables import listed
from planner.units import BoolArray, FloatArray, within


@dataclass(frozen=True)
class Pairs:
    """Pairs of resident and place that count, each once, by resident and place.

    Parameters
    ----------
    resident, place
        Positions in ``question.residents``, and in ``question.candidates`` followed by
        ``question.existing``.
    minutes
        Finite, within the limit where there is one.
    """

    resident: IntArray
    place: IntArray
    minutes: FloatArray


@dataclass(frozen=True)
class WalkingProblem:
    """Minimise ``Σ_i min(base_i, min_{j open} cost_ij)`` over at most ``most_open`` sites.

    Parameters
    ----------
    sites
        Positions in ``question.candidates`` of the sites that can matter, ascending.
    required, today
        Shape (sites,): open in every plan; open today (a plan may close them).
    groups
        Positions in ``sites``, two or more each: at most one of a group is open.
    most_open
        Largest number of open sites.
    askers
        Positions in ``question.residents`` of those whose walk a site can shorten, ascending.
    base
        Shape (askers,): cost where none of the sites helps: the walk to a kept centre, or the
        penalty of those who have none; times weight.
    starts, site_of, cost
        Asker ``i`` has the sites ``site_of[starts[i]:starts[i + 1]]`` (positions in ``sites``) at
        ``cost`` (weight × minutes, below its base), ascending; ties by site.
    penalised
        Shape (askers,): whose base is the penalty.
    """

    sites: IntArray
    required: BoolArray
    today: BoolArray
    groups: tuple[IntArray, ...]
    most_open: int
    askers: IntArray
    base: FloatArray
    starts: IntArray
    site_of: IntArray
    cost: FloatArray
    penalised: BoolArray

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that every plan's sum is one."""
        both = (self.base, self.cost)
        return all(bool(np.all(numbers == np.round(numbers))) for numbers in both)

    def cheapest(self) -> FloatArray:
        """Return the least that each asker can cost, shape (askers,)."""
        has_site = np.diff(self.starts) > 0
        least = self.base.copy()
        least[has_site] = self.cost[self.starts[:-1][has_site]]
        return least

    def unserved(self, is_open: BoolArray) -> BoolArray:
        """Tell for each asker whether it has no centre at all, and costs the penalty."""
        served = np.zeros(len(self.askers), dtype=np.bool_)
        asker_of = np.repeat(np.arange(len(self.askers)), np.diff(self.starts))
        served[asker_of[is_open[self.site_of]]] = True
        return self.penalised & ~served

    def by_site(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the pairs by site: starts, askers and costs, askers ascending."""
        order = np.argsort(self.site_of, kind="stable")
        counts = np.bincount(self.site_of, minlength=len(self.sites))
        asker_of = np.repeat(np.arange(len(self.askers)), np.diff(self.starts))
        return np.r_[0, np.cumsum(counts)], asker_of[order], self.cost[order]

    def narrowed(self, alive: BoolArray) -> WalkingProblem:
        """Return the problem without the sites that are not ``alive``, shape (sites,)."""
        position = np.cumsum(alive) - 1
        held = alive[self.site_of]
        before = np.r_[0, np.cumsum(held)]
        groups = (position[group[alive[group]]] for group in self.groups)
        return WalkingProblem(
            sites=self.sites[alive],
            required=self.required[alive],
            today=self.today[alive],
            groups=tuple(group for group in groups if len(group) > 1),
            most_open=self.most_open,
            askers=self.askers,
            base=self.base,
            starts=before[self.starts],
            site_of=position[self.site_of[held]],
            cost=self.cost[held],
            penalised=self.penalised,
        )


def counted_pairs(question: Question) -> Pairs:
    """Return the pairs of a question that count, each once.

    Raises
    ------
    SitingError
        If a pair of origin and destination stands twice in the times.
    """
    known = question.place_of >= 0
    resident, place = question.resident_of[known], question.place_of[known]
    minutes = question.minutes[known]
    places = max(len(question.candidates) + len(question.existing), 1)
    order = np.argsort(resident * places + place, kind="stable")
    resident, place, minutes = resident[order], place[order], minutes[order]
    twice = (resident[1:] == resident[:-1]) & (place[1:] == place[:-1])
    if twice.any():
        ids = question.candidates.append(question.existing)
        shown = [
            f"{question.residents[one]} → {ids[there]}"
            for one, there in dict.fromkeys(
                zip(resident[1:][twice].tolist(), place[1:][twice].tolist(), strict=True)
            )
        ]
        raise SitingError(
            message("siting.refused"), [message("siting.pairs_repeated", pairs=listed(shown))]
        )
    counts = np.isfinite(minutes) & np.asarray(within(minutes, question.limit_minutes))
    return Pairs(resident[counts], place[counts], minutes[counts])


def kept_walks(question: Question, pairs: Pairs) -> FloatArray:
    """Return the walk of each resident to the nearest kept centre; infinite where there is none."""
    kept = pairs.place >= len(question.candidates)
    nearest = np.full(len(question.residents), np.inf)
    np.minimum.at(nearest, pairs.resident[kept], pairs.minutes[kept])
    return nearest


def nearest_walks(question: Question, pairs: Pairs, sites: IntArray) -> FloatArray:
    """Return each resident's walk to the nearest open place, infinite where there is none.

    Parameters
    ----------
    question, pairs
        As asked, and its pairs that count.
    sites
        Positions in ``question.candidates`` of the open sites.
    """
    is_open = np.ones(len(question.candidates) + len(question.existing), np.bool_)
    is_open[: len(question.candidates)] = False
    is_open[sites] = True
    counts = is_open[pairs.place]
    walks = np.full(len(question.residents), np.inf)
    np.minimum.at(walks, pairs.resident[counts], pairs.minutes[counts])
    return walks


def reachable(question: Question, pairs: Pairs) -> BoolArray:
    """Tell of each resident whether a site or a kept centre reaches it."""
    reached = np.zeros(len(question.residents), dtype=np.bool_)
    reached[pairs.resident] = True
    return reached


def walking_problem(question: Question, pairs: Pairs, *, penalty: FloatArray) -> WalkingProblem:
    """Reduce a question to the problem that decides it.

    Parameters
    ----------
    question, pairs
        As asked, and what :func:`counted_pairs` made of it; ``new_centres`` is set.
    penalty
        Shape (residents,): minutes that stand for having no centre at all; above every walk.
    """
    sites = len(question.candidates)
    kept = kept_walks(question, pairs)
    nearer = (pairs.place < sites) & (question.weights > 0)[pairs.resident]
    nearer &= pairs.minutes < kept[pairs.resident]
    resident, place = pairs.resident[nearer], pairs.place[nearer]
    cost = question.weights[resident] * pairs.minutes[nearer]
    order = np.lexsort((place, cost, resident))
    resident, place, cost = resident[order], place[order], cost[order]

    rules = question.rules
    useful = rules.required | rules.today
    useful[place] = True
    position = np.cumsum(useful) - 1
    asks = np.zeros(len(question.residents), dtype=np.bool_)
    asks[resident] = True
    askers = np.flatnonzero(asks)
    counts = np.bincount(resident, minlength=len(asks))[askers]
    first_walk = np.where(np.isfinite(kept), kept, penalty)
    groups = (position[group[useful[group]]] for group in rules.groups)
    return WalkingProblem(
        sites=np.flatnonzero(useful),
        required=rules.required[useful],
        today=rules.today[useful],
        groups=tuple(group for group in groups if len(group) > 1),
        most_open=rules.most_open(question.asked.new_centres or 0),
        askers=askers,
        base=(question.weights * first_walk)[askers],
        starts=np.r_[0, np.cumsum(counts)],
        site_of=position[place],
        cost=cost,
        penalised=~np.isfinite(kept[askers]),
    )


def standing_cost(question: Question, pairs: Pairs, problem: WalkingProblem) -> float:
    """Return the summed cost of the residents whom a kept centre serves in every plan."""
    kept = kept_walks(question, pairs)
    stays = np.isfinite(kept) & (question.weights > 0)
    stays[problem.askers] = False
    return fsum((question.weights[stays] * kept[stays]).tolist())


def ids_at(index: pd.Index[Any], mask: BoolArray) -> tuple[Any, ...]:
    """Return the ids of an index where a mask holds, in its order."""
    return tuple(index[mask].tolist())
