"""What the siting questions answer with: frozen, and saying how far the answer is proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Final, Literal

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.siting.asking.inputs import Asked
from planner.siting.asking.weights import Weight
from planner.solver import Status

PlanStatus = Status | Literal["best_found"]
"""What a plan is proven to be. Best found: the search ran to its end with time left, and plan and
bound still differ, as where weights are too far apart for the arithmetic."""

TIME_USED: Final = 0.9
"""Share of a time limit from which it, and nothing else, is what ended a search."""


def told_status(status: Status, seconds: float, time_limit_s: float | None) -> PlanStatus:
    """Return the status of a search, the time limit named only where it was reached.

    Parameters
    ----------
    status
        What the search says.
    seconds
        How long it took.
    time_limit_s
        As asked; None where there was no limit.
    """
    is_cut = time_limit_s is not None and seconds >= TIME_USED * time_limit_s
    return "best_found" if status == "time_limit" and not is_cut else status


def cut_short(limit: float) -> PlanStatus:
    """Return the status of a search among several that share a limit, ended without a proof.

    ``limit`` is infinite where there was none: then nothing but the arithmetic ended it.
    """
    return "best_found" if limit == inf else "time_limit"


@dataclass(frozen=True)
class SitingPlan:
    """What the plans of every question have in common.

    Parameters
    ----------
    chosen
        Ids of the new centres, the most useful first (each question says how it ranks them).
    existing
        Ids of the centres of today that stay open.
    closed
        Ids of the centres of today that the plan closes, by rule or by choice.
    barred
        Ids of the candidates that a rule, or a centre too near, kept out.
    idle_candidates
        Ids of the candidates that could do nothing for anybody.
    unreachable
        Ids of the residents (with weight) whom neither a candidate nor an existing centre reaches.
    without_weight
        How many residents weigh nothing; they ask for nothing and are not in ``unreachable``.
    total
        Weight of all residents.
    bound
        No plan is better than this, in the unit of the question.
    gap
        How far the plan may be from the best, as a share (see each question).
    status
        One of :data:`PlanStatus`; in words by :meth:`status_text`. Optimal: no plan is better by
        more than a billionth of the weight that this one covers or reaches, or of its walk.
    seconds
        Wall time of the whole question.
    asked
        The question as it was put, for :func:`planner.siting.verify`.
    """

    chosen: tuple[str, ...]
    existing: tuple[str, ...]
    closed: tuple[str, ...]
    barred: tuple[str, ...]
    idle_candidates: tuple[str, ...]
    unreachable: tuple[str, ...]
    without_weight: int
    total: float
    bound: float
    gap: float
    status: PlanStatus
    seconds: float
    asked: Asked = field(repr=False, compare=False)

    @property
    def is_proven(self) -> bool:
        """Whether the plan is proven to be the best."""
        return self.status == "optimal"

    def status_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the status in words."""
        return text(f"siting.status_{self.status}", language)


@dataclass(frozen=True)
class CoveringPlan(SitingPlan):
    """What every plan that covers people has in common.

    In ``chosen`` each site is the one that adds most to those before it (ties: first id); sites
    that would add nobody are left out, unless they are required.

    Parameters
    ----------
    covered_before, gain, covered
        Weight within the limit of a centre of today, those that the plan closes among them;
        what the plan adds to it, so below 0 where closing loses more than it gains; within the
        limit of a centre of the plan. Counted again from the tables after the solver has ended.
    coverable
        Weight that all places that may be open would cover together.
    gains
        One row a chosen site, in the order of ``chosen``, index ``candidate``: ``gain`` (what it
        adds to the centres that stay and those before it), ``covered_after`` (covered with it
        and those before it), ``reach`` (all whom it reaches and no centre that stays does),
        ``only_here`` (those of them whom no other chosen site reaches: lost if it is dropped).
    limit_minutes, weight
        As asked.
    """

    covered_before: float
    gain: float
    covered: float
    coverable: float
    gains: pd.DataFrame
    limit_minutes: float
    weight: Weight


@dataclass(frozen=True)
class MostPeople(CoveringPlan):
    """The answer of :func:`planner.siting.covering.questions.most_people`.

    Parameters
    ----------
    new_centres
        How many were asked for; ``len(chosen)`` may be fewer where more would add nobody, and
        more where centres of today were closed for them.
    bound
        No plan of ``new_centres`` covers more than this (comparable with ``covered``). The gap is
        ``(bound - covered) / gain``, infinite where there is a distance but no gain.
    """

    new_centres: int


@dataclass(frozen=True)
class FewestCentres(CoveringPlan):
    """The answer of :func:`planner.siting.covering.questions.fewest_centres`.

    Parameters
    ----------
    bound
        No plan that covers as many does with fewer centres than this, the new ones and those
        that may close but stay. The gap is ``(centres - bound) / centres``.
    left_out
        Ids of the residents whom some site reaches, but whom the rules keep out of every plan
        that covers as many (or whom no plan was found for in time).
    """

    left_out: tuple[str, ...] = ()
