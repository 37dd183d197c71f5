"""What it costs to insist on a site that the best plan leaves out, or to do without one it has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.settings import limit_problems
from planner.siting.beside.asking_again import again, kind_of, question_of, reached_by, with_sites
from planner.siting.beside.exchanges import Exchanges
from planner.siting.beside.rankings import Ranking, most_people_ranking
from planner.siting.beside.settling import price_bound, relax
from planner.siting.beside.verification import by_text
from planner.siting.results import MostPeople, SitingPlan
from planner.units import FloatArray

EQUAL: Final = 1e-9
"""Share of a plan's value by which two bounds of a loss may differ and still be one figure."""

Action = Literal["insist", "forbid"]


@dataclass(frozen=True)
class Price:
    """What is known of the price of one site: in the unit of the question, 0 or more if proven.

    Parameters
    ----------
    at_least, at_most
        The loss lies between them; both infinite where no plan does what is asked.
    told_by
        ``asked`` (a question of its own), ``bounds`` (prices and exchanges alone), ``rules`` (no
        plan does it).
    unreached
        Weight that is reached no more, where reaching is not itself the question.
    """

    at_least: float
    at_most: float
    told_by: str
    unreached: float = 0.0


def price_of_each_site(plan: SitingPlan, *, time_limit_s: float | None = None) -> pd.DataFrame:
    """Return what it costs to insist on each site not chosen, and to forbid each one chosen.

    The price of a site is the value of the best plan less that of the best plan which opens it
    (insist) or does without it (forbid), everything else being free to change. For plans of the
    most people it is first bounded on both sides: from above by one exchange in the plan, from
    below by the prices of the linear relaxation, in plain sums. Where the two meet, the price is
    exact. The others are asked, each as a question of its own, as far as the time goes: chosen
    sites first, then those that may cost the least.

    Parameters
    ----------
    plan
        The answer of a siting question.
    time_limit_s
        Seconds for all sites together; None asks until every price is exact. What is not asked by
        then is told as bounds.

    Returns
    -------
    DataFrame
        Index ``site``, by action, then by price, then by id; the candidates that rules allow, and
        the existing centres that may close (to insist on one is to keep it). Columns: ``action``
        (``insist`` or ``forbid``), ``at_least``, ``at_most`` (the loss lies between them, in the
        unit of the question: weight covered, centres more, longer walks; infinite where no plan
        does it), ``is_exact``, ``told_by`` (``bounds``, ``asked``, ``rules``), ``unreached``
        (weight that is reached no more, where reaching is not itself the question: the loss is
        about the others).

    Raises
    ------
    SitingError
        If the time limit is not positive.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> price_of_each_site(plan)[["action", "at_least", "is_exact"]].to_dict("index")["east"]
    {'action': 'insist', 'at_least': 20.0, 'is_exact': True}
    """
    problems = [] if time_limit_s is None else limit_problems(time_limit_s, "time_limit_s")
    if problems:
        raise SitingError(message("siting.refused"), problems)
    end = inf if time_limit_s is None else time.perf_counter() + time_limit_s
    question = question_of(plan.asked)
    opened = {*plan.chosen, *plan.existing}
    actions: dict[Any, Action] = {
        site: "forbid" if site in opened else "insist"
        for site in question.candidates
        # What a rule requires cannot be forbidden: there is nothing to tell.
        if site not in set(question.candidates[question.rules.required])
    }
    prices = _bounded(plan, actions, end)
    order = sorted(by_text(actions), key=lambda one: (actions[one], prices[one].at_least))
    for site in order:
        if _is_exact(plan, prices[site]):
            continue
        left = None if end == inf else end - time.perf_counter()
        if left is not None and left <= 0:
            break
        prices[site] = _asked(plan, site, actions[site], left, prices[site])
    order = sorted(by_text(actions), key=lambda one: (actions[one], prices[one].at_least))
    return pd.DataFrame(
        {
            "action": [actions[site] for site in order],
            "at_least": [prices[site].at_least for site in order],
            "at_most": [prices[site].at_most for site in order],
            "is_exact": [_is_exact(plan, prices[site]) for site in order],
            "told_by": [prices[site].told_by for site in order],
            "unreached": [prices[site].unreached for site in order],
        },
        index=pd.Index(order, name="site", dtype=None if order else object),
    )


def _is_exact(plan: SitingPlan, price: Price) -> bool:
    if price.at_least == price.at_most:
        return True
    slack = EQUAL * max(abs(kind_of(plan).value(plan)), 1.0)
    return bool(price.at_most - price.at_least <= slack)


def _asked(plan: SitingPlan, site: Any, action: Action, left: float | None, known: Price) -> Price:
    """Return the price of a site by asking the question with it, or without it."""
    kind = kind_of(plan)
    changed = (
        with_sites(plan.asked, insist=[site])
        if action == "insist"
        else with_sites(plan.asked, forbid=[site])
    )
    try:
        answer = again(plan, changed, time_limit_s=left)
    except SitingError:
        # Nothing else can be wrong with a question that was answered before.
        return Price(inf, inf, "rules")
    if answer.status == "infeasible":
        return Price(inf, inf, "rules")
    value = kind.sign * kind.value(plan)
    loss, at_least = value - kind.sign * kind.value(answer), value - kind.sign * answer.bound
    lost = max(reached_by(plan) - reached_by(answer), 0.0)
    lost = 0.0 if isinstance(plan, MostPeople) else lost
    return Price(max(at_least, known.at_least), min(loss, known.at_most), "asked", lost)


def _bounded(plan: SitingPlan, actions: dict[Any, Action], end: float) -> dict[Any, Price]:
    """Return what prices and exchanges alone tell; nothing for most kinds of questions."""
    if not isinstance(plan, MostPeople):
        # Forbidding may leave people to whom no plan owes a centre: fewer may then do.
        return dict.fromkeys(actions, Price(-inf, inf, "bounds"))
    question = question_of(plan.asked)
    ranking = most_people_ranking(question)
    if ranking is None:
        return _no_choice(actions)
    at_least = plan.covered - plan.bound
    problem = ranking.problem
    positions = {site: place for place, site in enumerate(problem.sites)}
    now = {*plan.chosen, *plan.existing}
    exchanges = Exchanges(problem, np.flatnonzero([site in now for site in problem.sites]))
    has_room = ranking.most_open is not None and len(exchanges.opened) < ranking.most_open
    limits = _limits(ranking, end)
    found = {}
    for site, action in actions.items():
        place = positions.get(site)
        if place is None:
            # It reaches nobody new: it costs a centre's place, or nothing where there is room;
            # unless it bars others.
            alone = not question.rules.groups
            most = _dropped(exchanges, has_room=has_room) if alone else inf
            found[site] = Price(at_least, most, "bounds")
            continue
        best = _best_exchange(exchanges, place, action, has_room=has_room)
        lower = max(plan.covered - float(limits[action][place]), at_least)
        found[site] = Price(min(lower, -best), -best, "bounds")
    return found


def _limits(ranking: Ranking, end: float) -> dict[Action, FloatArray]:
    """Return what no plan with each site, or without it, can cover more than."""
    left = None if end == inf else max(end - time.perf_counter(), 0.0)
    relaxed = relax(ranking.model, time_limit_s=left)
    if relaxed.prices is None:
        nothing = np.full(len(ranking.problem.sites), inf)
        return {"insist": nothing, "forbid": nothing}
    bound = price_bound(ranking.model, relaxed.prices, ranking.step)
    before = ranking.problem.covered_before
    return {
        "insist": before + bound.opened / ranking.scale,
        "forbid": before + bound.closed / ranking.scale,
    }


def _no_choice(actions: dict[Any, Action]) -> dict[Any, Price]:
    """Return prices where no plan gains anybody; without room for a site it cannot be asked."""
    return {
        site: Price(0.0, 0.0 if action == "forbid" else inf, "bounds")
        for site, action in actions.items()
    }


def _dropped(exchanges: Exchanges, *, has_room: bool) -> float:
    """Return what the plan loses with the site dropped that matters least."""
    if has_room or not len(exchanges.opened):
        return 0.0 if has_room else inf
    return float(exchanges.loss.min())


def _best_exchange(exchanges: Exchanges, place: int, action: Action, *, has_room: bool) -> float:
    """Return the largest change of the covered weight by one exchange, minus infinity for none."""
    if action == "forbid":
        column = int(np.searchsorted(exchanges.opened, place))
        best = float(exchanges.change[:, column].max(initial=-inf))
        return max(best, -float(exchanges.loss[column]))
    row = exchanges.change[place]
    best = float(row.max(initial=-inf))
    if has_room and exchanges.is_free[place]:
        best = max(best, float(exchanges.gain[place]))
    return best
