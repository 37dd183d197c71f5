"""What the siting questions answer with: frozen, and saying how far the answer is proven."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.solver import Status


@dataclass(frozen=True)
class CoveringPlan:
    """What every plan that covers people has in common.

    Parameters
    ----------
    chosen
        Ids of the new centres, the most useful first: each is the one that adds most to those
        before it (ties: first id). Sites that would add nobody are left out.
    covered_before, gain, covered
        Weight within the limit of an existing centre; newly covered; both together. Counted
        again from the tables after the solver has ended.
    total
        Weight of all residents.
    coverable
        Weight that existing centres and all candidates together would cover.
    gap
        How far the plan may be from the best, as a share (see each question).
    status
        One of :data:`planner.solver.STATUSES`; in words by :meth:`status_text`.
    unreachable
        Ids of the residents (with weight) whom neither a candidate nor an existing centre reaches.
    idle_candidates
        Ids of the candidates that reach nobody new.
    gains
        One row a chosen site, in the order of ``chosen``, index ``candidate``: ``gain`` (what it
        adds to those before it), ``covered_after`` (covered with it and those before it),
        ``reach`` (all not covered today whom it reaches), ``only_here`` (those of them whom no
        other chosen site reaches: lost if it is dropped).
    without_weight
        How many residents weigh nothing; they ask for nothing and are not in ``unreachable``.
    existing
        Ids of the centres that stay open.
    limit_minutes, weight
        As asked.
    seconds
        Wall time of the whole question.
    """

    chosen: tuple[str, ...]
    covered_before: float
    gain: float
    covered: float
    total: float
    coverable: float
    gap: float
    status: Status
    unreachable: tuple[str, ...]
    idle_candidates: tuple[str, ...]
    gains: pd.DataFrame
    without_weight: int
    existing: tuple[str, ...]
    limit_minutes: float
    weight: str | None
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether the plan is proven to be the best."""
        return self.status == "optimal"

    def status_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the status in words."""
        return text(f"siting.status_{self.status}", language)


@dataclass(frozen=True)
class MostPeople(CoveringPlan):
    """The answer of :func:`planner.siting.covering.most_people`.

    Parameters
    ----------
    new_centres
        How many were asked for; ``len(chosen)`` may be fewer where more would add nobody.
    bound
        No plan of ``new_centres`` covers more than this (comparable with ``covered``). The gap is
        ``(bound - covered) / gain``.
    """

    new_centres: int
    bound: float


@dataclass(frozen=True)
class FewestCentres(CoveringPlan):
    """The answer of :func:`planner.siting.covering.fewest_centres`.

    Parameters
    ----------
    bound
        No plan does with fewer new centres than this. The gap is
        ``(len(chosen) - bound) / len(chosen)``.
    """

    bound: int
