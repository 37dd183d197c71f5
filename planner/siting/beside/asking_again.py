"""A plan's own question, asked again with something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from planner.siting.asking.inputs import Asked, Question, ask
from planner.siting.asking.places import ids_of
from planner.siting.asking.rules import SiteRules
from planner.siting.covering.questions import fewest_centres, most_people
from planner.siting.results import CoveringPlan, FewestCentres, MostPeople, SitingPlan
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.siting.walking.results import LeastWorstWalk, ShortestWalk, WalkingPlan


@dataclass(frozen=True)
class Kind:
    """What a siting question is, to those who ask it again.

    Parameters
    ----------
    ask
        The public function.
    value
        What the plan is good for, in the unit of its bound.
    more_is_better
        Whether a larger value is the better.
    by_worst
        Whether the longest walk is the value.
    """

    ask: Callable[..., SitingPlan]
    value: Callable[[Any], float]
    more_is_better: bool
    by_worst: bool = False

    @property
    def sign(self) -> float:
        """1 where more is better, else -1: a value times it is to be large."""
        return 1.0 if self.more_is_better else -1.0


def _covered(plan: MostPeople) -> float:
    return plan.covered


def _open_sites(plan: FewestCentres) -> float:
    moving = ids_of(plan.asked.rules.may_close)
    return float(len(plan.chosen) + len(set(plan.existing) & set(moving)))


def _total(plan: ShortestWalk) -> float:
    return plan.walk


def _worst(plan: LeastWorstWalk) -> float:
    return plan.worst or 0.0


KINDS: dict[type[SitingPlan], Kind] = {
    MostPeople: Kind(most_people, _covered, more_is_better=True),
    FewestCentres: Kind(fewest_centres, _open_sites, more_is_better=False),
    ShortestWalk: Kind(shortest_walk, _total, more_is_better=False),
    LeastWorstWalk: Kind(least_worst_walk, _worst, more_is_better=False, by_worst=True),
}
"""By the type of the answer. Plans of programmes have their own recount and are not here."""


def kind_of(plan: SitingPlan) -> Kind:
    """Return what question a plan answers.

    Raises
    ------
    TypeError
        If it is none that can be asked again.
    """
    kind = KINDS.get(type(plan))
    if kind is None:
        what = f"{type(plan).__name__} is no answer of a question that can be asked again"
        raise TypeError(what)
    return kind


def reached_by(plan: SitingPlan) -> float:
    """Return the weight that a plan reaches, which comes before the length of walks."""
    if isinstance(plan, WalkingPlan):
        return plan.reached
    return plan.covered if isinstance(plan, CoveringPlan) else float("nan")


def reach_rank(plan: SitingPlan) -> float:
    """Return minus the share that a plan of walks reaches, free of rounding; 0 for other plans.

    Plans of walks are put in order by it first: whoever reaches more goes before who walks less.
    """
    if not isinstance(plan, WalkingPlan) or not plan.total:
        return 0.0
    return -round(plan.reached / plan.total, 12)


def question_of(asked: Asked) -> Question:
    """Return a question as positions again."""
    return ask(
        asked.times,
        asked.residents,
        asked.candidates,
        asked.existing,
        limit_minutes=asked.limit_minutes,
        weight=asked.weight,
        new_centres=asked.new_centres,
        rules=asked.rules,
    )


def again(plan: SitingPlan, asked: Asked, *, time_limit_s: float | None = None) -> SitingPlan:
    """Return the answer to a changed question of the same kind.

    Parameters
    ----------
    plan
        Whose question is meant.
    asked
        The question as it is now.
    time_limit_s
        As for the question itself.
    """
    numbers: dict[str, Any] = {}
    if asked.limit_minutes is not None:
        numbers["limit_minutes"] = asked.limit_minutes
    if asked.new_centres is not None:
        numbers["new_centres"] = asked.new_centres
    return kind_of(plan).ask(
        asked.times,
        asked.residents,
        asked.candidates,
        existing=asked.existing,
        weight=asked.weight,
        rules=asked.rules,
        time_limit_s=time_limit_s,
        **numbers,
    )


def with_sites(asked: Asked, *, insist: Iterable[Any] = (), forbid: Iterable[Any] = ()) -> Asked:
    """Return a question whose plans open some places and leave others closed.

    Parameters
    ----------
    asked
        The question.
    insist, forbid
        Candidates, or existing centres that may close. One that is forbidden to stay still makes
        room for a new centre, as any that may close.
    """
    rules, existing = asked.rules, set(asked.existing)
    insist, forbid = list(insist), list(forbid)
    staying = [one for one in insist if one in existing]
    leaving = [one for one in forbid if one in existing]
    changed = SiteRules(
        required=_without(rules.required, add=(one for one in insist if one not in existing)),
        barred=_without(rules.barred, add=(one for one in forbid if one not in existing)),
        may_close=_without(rules.may_close, drop={*staying, *leaving}),
        must_close=_without(rules.must_close, add=leaving),
        at_most_one=rules.at_most_one,
        apart=rules.apart,
        radius_m=rules.radius_m,
    )
    room = None if asked.new_centres is None else asked.new_centres + len(leaving)
    return replace(asked, rules=changed, new_centres=room)


def _without(
    places: Any, *, add: Iterable[Any] = (), drop: Iterable[Any] = frozenset()
) -> list[Any]:
    gone = set(drop)
    held = [one for one in ids_of(places).tolist() if one not in gone]
    return held + [one for one in add if one not in held]


def only_these(asked: Asked, plan_sites: Iterable[Any], closed: Iterable[Any]) -> Asked:
    """Return the question that leaves one plan only.

    Parameters
    ----------
    asked
        The question.
    plan_sites
        Ids of the new centres of the plan.
    closed
        Ids of the centres of today that it closes.
    """
    chosen = list(plan_sites)
    rules = replace(asked.rules, required=chosen, may_close=(), must_close=list(closed))
    room = None if asked.new_centres is None else len(chosen)
    return replace(asked, rules=rules, new_centres=room)
