"""The best different plans, each proven or labelled, and how often each site appears in them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, isclose
from typing import Any, Final

import pandas as pd

from planner.errors import SitingError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.siting.asking.settings import finite, limit_problems
from planner.siting.beside.asking_again import again, kind_of, only_these, reach_rank, reached_by
from planner.siting.beside.candidate_plans import Candidate, different_candidates
from planner.siting.beside.verification import by_text
from planner.siting.results import PlanStatus, SitingPlan, cut_short

PROVEN: Final = 1e-9
"""Share by which value and bound of a plan may differ and still be called equal."""


@dataclass(frozen=True)
class NearPlan:
    """One of the best different plans.

    Parameters
    ----------
    rank
        1 for the best.
    plan
        The whole answer with these sites: the question asked again with no other choice.
    value
        What it is good for, in the unit of the question: weight covered, number of centres,
        person-minutes, or minutes.
    reached
        Weight that it reaches: plans of walks are ordered by it first, then by ``value``.
    bound
        No plan that differs enough from those before it, and reaches as much, is better.
    gap
        Distance of value and bound, as a share of the value.
    status
        ``optimal``: proven to be the best of those that differ enough from the ones before.
    needs
        Ids of the places without any one of which it would be worse (required sites apart):
        those that come after leave out ``least_difference`` of them.
    """

    rank: int
    plan: SitingPlan
    value: float
    reached: float
    bound: float
    gap: float
    status: PlanStatus
    needs: tuple[Any, ...]

    @property
    def is_proven(self) -> bool:
        """Whether no plan that differs enough from those before it is better."""
        return self.status == "optimal"

    def status_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the status in words."""
        return text(f"siting.status_{self.status}", language)


@dataclass(frozen=True)
class BestPlans:
    """The best different plans of one question.

    Parameters
    ----------
    plans
        Best first; the plan that was asked about is the first, unless the search found a better.
    least_difference
        Sites that each leaves out of those that each one before needs, at least.
    ended
        Why there are no more: ``count`` (as many as were asked for), ``share`` (the next one is
        worse than allowed), ``none_left`` (no other plan differs enough), ``time_limit``, ``parts``
        (what comes next is only parts of those told).
    parts
        Plans passed over: all that they have open stands in a better one that is told.
    """

    plans: tuple[NearPlan, ...]
    least_difference: int
    ended: str
    parts: int = 0

    def ended_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return in words why there are no more."""
        return text(f"siting_beside.ended_{self.ended}", language)

    def table(self) -> pd.DataFrame:
        """Return one row a plan, index ``rank``.

        Columns: ``value, reached, bound, gap, status, worse_by`` (than the first), ``new``
        and ``left_out`` (tuples of ids of new centres, against the first), ``closed``.
        """
        first = self.plans[0]
        rows = {
            near.rank: {
                "value": near.value,
                "reached": near.reached,
                "bound": near.bound,
                "gap": near.gap,
                "status": near.status,
                "worse_by": abs(first.value - near.value),
                "new": by_text(set(near.plan.chosen) - set(first.plan.chosen)),
                "left_out": by_text(set(first.plan.chosen) - set(near.plan.chosen)),
                "closed": near.plan.closed,
            }
            for near in self.plans
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rank")


def best_plans(
    plan: SitingPlan,
    count: int,
    *,
    least_difference: int = 1,
    within_share: float | None = None,
    time_limit_s: float | None = None,
    skip_parts: bool = False,
) -> BestPlans:
    """Return the best plans that differ from each other, beginning with the plan itself.

    Each is the best of all plans that leave out at least ``least_difference`` of the sites that
    each plan before it needs. A plan needs a site without which it would be worse: sites that it
    has open without need are no difference. With ``least_difference=1`` these are the best
    ``count`` of all plans that need every one of their sites, in order.

    Parameters
    ----------
    plan
        The answer of a siting question.
    count
        How many, 1 or more, the plan itself among them.
    least_difference
        1 or more.
    within_share
        Stop before a plan that is worse than the first by more than this share of its value
        (exactly the share is still told); None for no such end.
    time_limit_s
        Seconds for all of them; what is found by then is told, labelled.
    skip_parts
        Whether plans are passed over that open nothing which a better one has not: they only build
        less. After ``count`` of them in all the search ends.

    Returns
    -------
    BestPlans

    Raises
    ------
    SitingError
        If a setting is out of bounds.

    Notes
    -----
    Covering questions: one row a plan before is added to the integer model (a no-good cut). Other
    questions: the plans are divided by sites required and barred (Lawler 1972, Management Science
    18, 401-405), and each part is asked on its own. Ties are broken by the order of the ids.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> best_plans(plan, 2).table()[["value", "new", "worse_by"]].to_dict("records")[1]
    {'value': 30.0, 'new': ('east',), 'worse_by': 20.0}
    """
    _look_over(count, least_difference, within_share, time_limit_s)
    kind = kind_of(plan)
    end = inf if time_limit_s is None else time.perf_counter() + time_limit_s
    rest = iter(different_candidates(plan, least_difference=least_difference, end=end))
    found: list[NearPlan] = []
    parts = 0
    ended = "count"
    while len(found) < count:
        following = next(rest, "none_left")
        if isinstance(following, str):
            ended = following
            break
        near = _near(plan, following, end)
        if within_share is not None and found and _is_worse(found[0], near, within_share):
            ended = "share"
            break
        if skip_parts and any(_is_part(near, better) for better in found):
            parts += 1
            if parts >= count:
                ended = "parts"
                break
            continue
        found.append(near)
    if parts and ended == "none_left":
        ended = "parts"
    # A plan that was cut short may be beaten by one that was found on the way.
    ordered = sorted(found, key=lambda near: (reach_rank(near.plan), -kind.sign * near.value))
    ranked = tuple(replace(near, rank=rank) for rank, near in enumerate(ordered, start=1))
    return BestPlans(ranked, least_difference, ended, parts)


def _look_over(
    count: object, least_difference: object, within_share: object, time_limit_s: object
) -> None:
    problems: list[Message] = []
    for setting, value in (("count", count), ("least_difference", least_difference)):
        number = finite(value)
        if not (number.is_integer() and number >= 1):
            problems.append(message("siting_beside.whole_from_one", setting=setting, value=value))
    if within_share is not None and not finite(within_share) >= 0:
        problems.append(message("siting_beside.share_wrong", value=within_share))
    if time_limit_s is not None:
        problems += limit_problems(time_limit_s, "time_limit_s")
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _is_part(near: NearPlan, better: NearPlan) -> bool:
    """Tell whether a plan has nothing open but what a better one has open, too."""
    sites, others = ({*one.plan.chosen, *one.plan.existing} for one in (near, better))
    return sites <= others


def _is_worse(first: NearPlan, near: NearPlan, within_share: float) -> bool:
    """Tell whether a plan is worse than the first by more than a share, or reaches fewer."""
    worse = kind_of(first.plan).sign * (first.value - near.value)
    allowed = within_share * abs(first.value) * (1.0 + PROVEN)
    return worse > allowed or reach_rank(near.plan) > reach_rank(first.plan)


def _near(plan: SitingPlan, found: Candidate, end: float) -> NearPlan:
    """Return a plan that was found with the whole answer that it gives; time is over at ``end``."""
    same = set(found.chosen) == set(plan.chosen) and set(found.closed) == set(plan.closed)
    whole = plan if same else again(plan, only_these(plan.asked, found.chosen, found.closed))
    distance = abs(found.bound - found.value)
    proven = isclose(found.bound, found.value, rel_tol=PROVEN, abs_tol=0.0) or distance == 0
    gap = 0.0 if proven else distance / abs(found.value) if found.value else inf
    status: PlanStatus = "optimal" if proven or found.is_complete else cut_short(end)
    bound = found.value if proven else found.bound
    return NearPlan(0, whole, found.value, reached_by(whole), bound, gap, status, found.needs)


def site_frequency(plans: BestPlans | Iterable[SitingPlan]) -> pd.DataFrame:
    """Return how often each site is a new centre in some plans.

    Parameters
    ----------
    plans
        The best plans, or the plans of any questions.

    Returns
    -------
    DataFrame
        Index ``candidate``, most frequent first (ties: by id): ``plans`` (in how many), ``share``
        (of all), ``in_first`` (whether the first one has it), ``in_all``.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> site_frequency(best_plans(plan, 2))["plans"].to_dict()
    {'east': 1, 'west': 1}
    """
    told = [near.plan for near in plans.plans] if isinstance(plans, BestPlans) else list(plans)
    count: dict[Any, int] = {}
    for one in told:
        for site in one.chosen:
            count[site] = count.get(site, 0) + 1
    first = set(told[0].chosen) if told else set()
    ordered = sorted(by_text(count), key=lambda site: -count[site])
    return pd.DataFrame(
        {
            "plans": [count[site] for site in ordered],
            "share": [count[site] / len(told) for site in ordered],
            "in_first": [site in first for site in ordered],
            "in_all": [count[site] == len(told) for site in ordered],
        },
        index=pd.Index(ordered, name="candidate"),
    )
