"""Which of the chosen sites matter most: what is lost with each, and who could step in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.inputs import Asked, Question
from planner.siting.beside.asking_again import question_of
from planner.siting.beside.exchanges import Exchanges
from planner.siting.beside.verification import by_text
from planner.siting.covering.problem import reduce_problem
from planner.siting.results import CoveringPlan

COLUMNS = ("lost", "share_of_gain", "replacement", "lost_with_replacement")


def losses(plan: CoveringPlan) -> pd.DataFrame:
    """Return what a plan loses with each of its sites, without and with the best replacement.

    Parameters
    ----------
    plan
        The answer of a question that covers people.

    Returns
    -------
    DataFrame
        Index ``candidate``: the chosen sites, those first that lose most (ties: by id).
        ``lost``: weight that none of the other open sites reaches. ``share_of_gain``: of what
        the plan gains in all (NaN where that is not above 0). ``replacement``: the one site that
        makes up for most of it, everything else staying as it is, by the rules of the question
        (ties: the first id; None where none makes up for any). ``lost_with_replacement``: what
        is still lost then; below 0 where the plan is not the best.

    Notes
    -----
    ``lost_with_replacement`` is never less than the price of forbidding the site
    (:func:`planner.siting.price_of_each_site`), for which all other sites may change as well. A
    required site is told like the others: as if it fell through.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> losses(plan)[["lost", "replacement", "lost_with_replacement"]].to_dict("records")
    [{'lost': 50.0, 'replacement': 'east', 'lost_with_replacement': 20.0}]
    """
    question = question_of(_only_chosen_can_change(plan))
    problem = reduce_problem(question)
    chosen = set(plan.chosen)
    opened = np.flatnonzero([site in chosen for site in problem.sites])
    exchanges = Exchanges(problem, opened)
    rows = {
        site: _row(plan, exchanges, site, _in_the_way(question, chosen - {site}))
        for site in plan.chosen
    }
    order = sorted(by_text(rows), key=lambda site: -rows[site]["lost"])
    table = pd.DataFrame(
        [rows[site] for site in order],
        index=pd.Index(order, name="candidate", dtype=None if order else object),
        columns=list(COLUMNS),
    )
    numbers = [name for name in COLUMNS if name != "replacement"]
    return table.astype(dict.fromkeys(numbers, float) | {"replacement": object})


def _only_chosen_can_change(plan: CoveringPlan) -> Asked:
    """Return the question with every centre of today as the plan has it, and no site required."""
    rules = replace(plan.asked.rules, required=(), may_close=(), must_close=plan.closed)
    return replace(plan.asked, rules=rules)


def _in_the_way(question: Question, others: set[Any]) -> set[Any]:
    """Return the candidates that may not open beside the other chosen sites."""
    sites = question.candidates
    groups = [set(sites[group]) for group in question.rules.groups]
    return {site for group in groups if group & others for site in group}


def _row(
    plan: CoveringPlan, exchanges: Exchanges, site: Any, in_the_way: set[Any]
) -> dict[str, Any]:
    sites = exchanges.problem.sites
    places = np.flatnonzero(sites == site)
    lost, change = 0.0, exchanges.gain.copy()
    if len(places):
        column = int(np.searchsorted(exchanges.opened, places[0]))
        lost, change = float(exchanges.loss[column]), exchanges.change[:, column].copy()
    # A site that is open without reaching anybody new stands in the way as well.
    change[exchanges.opened] = -np.inf
    change[sites.isin(list(in_the_way))] = -np.inf
    told = {"lost": lost, "share_of_gain": lost / plan.gain if plan.gain > 0 else float("nan")}
    best = int(np.argmax(change)) if len(change) else -1
    if best < 0 or not change[best] > -lost:
        return told | {"replacement": None, "lost_with_replacement": lost}
    return told | {"replacement": sites[best], "lost_with_replacement": -float(change[best])}
