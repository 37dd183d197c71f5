"""How coverage grows with the money for new centres."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf
from typing import Any

import numpy as np
import pandas as pd

from planner.labels import Message, message
from planner.siting.asking.inputs import Question, ask
from planner.siting.asking.places import Places, ids_of
from planner.siting.asking.recount import check_claim, covered_weight
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.settings import finite, limit_problems
from planner.siting.asking.weights import Weight
from planner.siting.beside.curves import bounds_along, knee_of, with_shares
from planner.siting.beside.different_plans import needed
from planner.siting.beside.rankings import Ranking, most_people_ranking
from planner.siting.beside.settling import ExtraRow, price_bound, relax, settle, with_rows
from planner.siting.covering.models import site_values
from planner.siting.results import PlanStatus, cut_short
from planner.solver import IntArray
from planner.tables import listed
from planner.units import ROUNDING, FloatArray


@dataclass(frozen=True)
class MoneyCurve:
    """Coverage for several budgets.

    Parameters
    ----------
    points
        Index ``budget`` ascending: ``covered`` (missing where the budget does not pay for what
        rules require), ``covered_bound`` (no plan within the budget covers more), ``status``,
        ``cost`` (of the plan, at most the budget), ``chosen`` (tuple of ids, sorted), ``share``
        (of the weight of all residents), ``gain_of_one`` (what each further unit of money brings,
        on the average since the point before).
    knee
        The budget after which more money brings markedly less, as in
        :class:`planner.siting.beside.curves.CoverageCurve`.
    """

    points: pd.DataFrame
    knee: float | None


@dataclass(frozen=True)
class _Bought:
    """The best plan of one budget: positions of its sites, and its newly covered weight's bound."""

    sites: IntArray
    bound: float
    status: PlanStatus


def coverage_by_money(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    costs: pd.Series[Any],
    budgets: Iterable[float],
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
) -> MoneyCurve:
    """Return the most that can be covered with each of several budgets, sites as they are.

    ``max Σ_i w_i y_i`` as in :func:`planner.siting.most_people`, with ``Σ_j c_j x_j <= B`` in
    place of a number of centres (Church & ReVelle's model with a knapsack row). What can be built
    at a site, in classes and measures, is :mod:`planner.siting.programme`'s question.

    Parameters
    ----------
    times, residents, candidates, limit_minutes, existing, weight, rules
        As for :func:`planner.siting.most_people`. Keeping a centre of today costs nothing.
    costs
        What opening each candidate costs, by id, 0 or more, in any unit of money.
    budgets
        In the same unit, 0 or more; their order does not matter.
    time_limit_s
        Seconds for the whole curve, shared evenly among the points that are left; None for none.

    Returns
    -------
    MoneyCurve
        Coverage never falls along it, and no bound is above that of a larger budget. A plan that
        costs the budget exactly is within it (``<=``).

    Raises
    ------
    SitingError
        With every problem of tables, costs and settings.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> curve = coverage_by_money(
    ...     times,
    ...     residents,
    ...     ["east", "west"],
    ...     limit_minutes=15,
    ...     costs=pd.Series({"east": 10.0, "west": 40.0}),
    ...     budgets=[0, 10, 45],
    ... )
    >>> curve.points["covered"].tolist(), curve.points["cost"].tolist()
    ([0.0, 30.0, 50.0], [0.0, 10.0, 40.0])
    """
    ids, amounts = ids_of(candidates), list(budgets)
    question = ask(
        times,
        residents,
        candidates,
        existing,
        limit_minutes=limit_minutes,
        weight=weight,
        new_centres=None,
        rules=rules,
        settings=[
            *limit_problems(limit_minutes),
            *_cost_problems(ids, costs),
            *_budget_problems(amounts, time_limit_s),
        ],
    )
    paid = {site: float(costs[site]) for site in ids}
    amounts = sorted({float(amount) for amount in amounts})
    rows = _bought_along(question, paid, amounts, time_limit_s)
    points = pd.DataFrame(rows, index=pd.Index(amounts, name="budget"))
    points = points.assign(covered_bound=bounds_along(points["covered_bound"].tolist()))
    points = with_shares(points, fsum(question.weights))
    points = points.rename(columns={"gain_of_step": "gain_of_one"})
    return MoneyCurve(points, knee_of(points["covered"]))


def _cost_problems(ids: pd.Index[Any], costs: pd.Series[Any]) -> list[Message]:
    unknown = [site for site in ids if site not in costs.index or pd.isna(costs[site])]
    if unknown:
        return [message("siting_beside.costs_missing", ids=listed(unknown))]
    wrong = [site for site in ids if not finite(costs[site]) >= 0]
    return [message("siting_beside.costs_wrong", ids=listed(wrong))] if wrong else []


def _budget_problems(budgets: list[Any], time_limit_s: float | None) -> list[Message]:
    problems = [] if budgets else [message("siting_beside.no_numbers")]
    wrong = [one for one in budgets if not finite(one) >= 0]
    if wrong:
        problems.append(message("siting_beside.budget_wrong", values=listed(wrong)))
    if time_limit_s is not None:
        problems += limit_problems(time_limit_s, "time_limit_s")
    return problems


def _bought_along(
    question: Question, paid: dict[Any, float], budgets: list[float], time_limit_s: float | None
) -> list[dict[str, Any]]:
    everything = question.rules.most_open(len(question.candidates))
    ranking = most_people_ranking(question, everything)
    required = fsum(paid[one] for one in question.candidates[question.rules.required])
    end = inf if time_limit_s is None else time.perf_counter() + time_limit_s
    rows: list[dict[str, Any]] = []
    before = np.zeros(0, dtype=np.int64)
    for place, budget in enumerate(budgets):
        left = None
        if end < inf:
            left = max((end - time.perf_counter()) / (len(budgets) - place), 1e-3)
        money = budget * (1.0 + ROUNDING) - required
        if money < 0:
            rows.append(_unpaid())
            continue
        bought = _Bought(before, 0.0, "optimal")
        if ranking is not None:
            bought = _bought(ranking, _site_costs(ranking, paid), money, before, left)
        before = bought.sites
        rows.append(_row(question, ranking, bought, paid))
    return rows


def _unpaid() -> dict[str, Any]:
    nothing = float("nan")
    return {
        "covered": nothing,
        "covered_bound": inf,
        "status": "infeasible",
        "cost": nothing,
        "chosen": (),
    }


def _site_costs(ranking: Ranking, paid: dict[Any, float]) -> FloatArray:
    # A centre of today costs nothing to keep.
    return np.array([paid.get(site, 0.0) for site in ranking.problem.sites])


def _bought(
    ranking: Ranking, costs: FloatArray, money: float, before: IntArray, left: float | None
) -> _Bought:
    """Return the best plan within a budget, at least as good as one of a smaller budget."""
    cuts: list[ExtraRow] = [ExtraRow(np.arange(len(costs)), costs, money)]
    while True:
        model = with_rows(ranking.model, cuts)
        relaxed = relax(model, time_limit_s=left)
        bound = None if relaxed.prices is None else price_bound(model, relaxed.prices, ranking.step)
        found = settle(
            model,
            starts=[ranking.values(before)],
            bound=bound,
            step=ranking.step,
            exact=ranking.exact,
            time_limit_s=left,
        )
        solution = found.values  # noqa: PD011  (no pandas here)
        sites = before if solution is None else site_values(ranking.problem, solution)
        if fsum(costs[sites]) <= money:
            limit = inf if left is None else left
            status: PlanStatus = "optimal" if found.is_complete else cut_short(limit)
            return _Bought(needed(ranking.problem, sites), found.bound / ranking.scale, status)
        # The solver keeps a budget to its own tolerance only; money is kept to the letter.
        cuts.append(ExtraRow(sites, np.ones(len(sites)), len(sites) - 1.0))


def _row(
    question: Question, ranking: Ranking | None, bought: _Bought, paid: dict[Any, float]
) -> dict[str, Any]:
    required = question.candidates[question.rules.required].tolist()
    opened = [] if ranking is None else ranking.problem.sites[bought.sites].tolist()
    asked = question.asked
    covered = covered_weight(
        asked.times,
        asked.residents,
        [*question.existing, *required, *opened],
        limit_minutes=question.limit_minutes,
        weight=asked.weight,
        radius_m=asked.rules.radius_m,
    )
    bound = covered
    if ranking is not None:
        problem = ranking.problem
        check_claim(problem.covered_before + problem.newly_covered(bought.sites), covered)
        bound = problem.covered_before + bought.bound
    chosen = [one for one in (*required, *opened) if one in paid]
    return {
        "covered": covered,
        "covered_bound": max(bound, covered),
        "status": bought.status,
        "cost": fsum(paid[one] for one in chosen),
        "chosen": tuple(sorted(chosen, key=str)),
    }
