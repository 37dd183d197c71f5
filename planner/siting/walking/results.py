"""What the questions of walks answer with: frozen, and saying how far the answer is proven."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.siting.asking.weights import Weight
from planner.siting.results import SitingPlan


@dataclass(frozen=True)
class WalkingPlan(SitingPlan):
    """What the plans of walks have in common.

    In ``chosen`` each site is the one that does most beside those before it (reaches the most
    weight, then saves the most walking; ties: first id). Sites that serve nobody are left out,
    unless they are required. The figures are counted again from the tables after the search.

    Parameters
    ----------
    new_centres
        How many were asked for; ``len(chosen)`` may be fewer where more would serve nobody.
    limit_minutes
        Largest walk that counts, None where there is none.
    weight
        As asked.
    reached_before, reached, reachable
        Weight that today's centres reach (those that the plan closes too); that the plan reaches;
        that today's centres that may stay and all candidates together reach.
    left_out
        Ids of the residents with weight whom some site reaches, but not this plan: too few centres.
    walk_before, walk
        ``Σ weight × minutes`` of those reached, today and by the plan. They are about different
        people where the plan reaches more.
    mean_before, mean
        ``walk / reached``, minutes; None where nobody is reached.
    worst_before, worst
        The longest walk of anybody with weight who is reached, minutes; None where nobody is.
    walks
        One row a resident of the table, by id, index ``resident``: ``centre`` (nearest open
        centre, at equal walks one that stands there today, then the first id; None where there
        is none), ``walk_minutes`` (NaN where there is none), ``centre_before``,
        ``minutes_before``.
    gains
        One row a chosen site, in the order of ``chosen``, index ``candidate``:
        ``newly_reached`` (weight that those before it and the existing do not reach), ``saved``
        (weight × minutes that it saves those whom they do reach), ``serves`` (weight whose nearest
        centre it is), ``mean_minutes`` (their mean walk), ``only_here`` (weight that nobody else
        reaches: lost if it is dropped), ``longer`` (weight × minutes that the others of its own
        would walk more if it were dropped).
    """

    new_centres: int
    limit_minutes: float | None
    weight: Weight
    reached_before: float
    reached: float
    reachable: float
    left_out: tuple[str, ...]
    walk_before: float
    walk: float
    mean_before: float | None
    mean: float | None
    worst_before: float | None
    worst: float | None
    walks: pd.DataFrame
    gains: pd.DataFrame


@dataclass(frozen=True)
class ShortestWalk(WalkingPlan):
    """The answer of :func:`planner.siting.walking.questions.shortest_walk`.

    Parameters
    ----------
    bound
        No plan that reaches as much weight walks less in sum (comparable with ``walk``). The gap
        is ``(walk - bound) / walk``.
    """


@dataclass(frozen=True)
class LeastWorstWalk(WalkingPlan):
    """The answer of :func:`planner.siting.walking.questions.least_worst_walk`.

    Parameters
    ----------
    bound
        No plan that reaches as much weight has a shorter longest walk (comparable with ``worst``).
        The gap is ``(worst - bound) / worst``.
    """
