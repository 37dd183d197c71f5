"""The real decision: what to build, enlarge, take over and close for the money, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.coverage.capacity import CapacityUnit, CentreCapacity
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.weights import Weight
from planner.siting.programmes.answering import Found, answer
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.goals import reach_goals, required_plan
from planner.siting.programmes.inputs import (
    NO_GROUPS,
    ProgrammeQuestion,
    UnknownCapacity,
    ask_programme,
    centre_table,
    years_of,
)
from planner.siting.programmes.problem import following
from planner.siting.programmes.results import Programme
from planner.siting.programmes.tasks import Aim, Clock
from planner.siting.programmes.years import GOALS, ONE_YEAR, PlanYear
from planner.solver import IntArray


def programme(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    existing: pd.DataFrame | CentreCapacity,
    limit_minutes: float,
    unit: CapacityUnit,
    budget_yuan: float | None = None,
    years: Sequence[PlanYear] | None = None,
    groups: pd.DataFrame | None = None,
    weight: Weight = "elderly_60",
    carries_over: bool = True,
    foresight: bool = True,
    unknown_capacity: UnknownCapacity = "nothing",
    goal_weights: Mapping[str, float] | None = None,
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Programme:
    """Choose measures for a budget so that most elders are served within reach and capacity.

    In this order, none given up for a later one (summed over the years where there are several):

    1. most persons served, ``max Σ_t Σ_ij y_ijt`` with ``y`` only where
       ``walk_minutes_ij <= limit_minutes`` (:func:`planner.units.within`),
       ``Σ_j y_ijt <= d_it`` and ``Σ_i y_ijt <= c_j + Σ_m a_m x_mt``;
    2. least floor area short, ``min Σ_t Σ_g max(0, required_gt - held_g - Σ_m b_m x_mt)``: a
       surplus of one group never hides a deficit of another;
    3. least walk of those served, ``min Σ_t Σ_ij minutes_ij y_ijt``;
    4. least money, ``min Σ_m cost_m x_mT``;

    over ``x_mt`` (1 if measure ``m`` is done by year ``t``, and then stays), with the money spent
    within each year's budget (``<=``), at most one of the measures that exclude each other, and
    ``x_mt <= x_nt`` where ``m`` needs ``n``. The first is the capacitated maximal covering problem
    (Current & Storbeck 1988, Geographical Analysis 20, 116-127) with sizes to choose.

    Parameters
    ----------
    times
        Columns origin, destination, walk_minutes; one row a pair, each pair once.
    residents
        Index: ids as in ``origin``; the columns that ``weight`` names.
    measures
        One row for each thing that can be done, index: ids. Needed: ``site`` (a candidate, or a
        centre of ``existing``; as in ``destination``), ``kind`` (:data:`.years.KINDS`),
        ``adds_persons`` (places that it adds; for a new centre all it has; of ``close`` negative,
        or empty for all of them), ``cost_yuan`` (empty: unknown, cannot be chosen). Optional:
        ``adds_m2`` and ``group`` (floor area, and the service group whose shortfall it lessens),
        ``saves_yuan`` (what closing brings in), ``one_of`` (rows that share a value exclude each
        other; several values as a tuple; without the column a candidate is opened in one way
        only), ``needs`` (measures that must be done by the same year; those that need each other
        are done together or not at all), ``from_year`` (first year in which it can be done),
        ``centre_class``.
    existing
        The centres of today by id, with ``capacity_persons`` (empty: unknown), or what
        :func:`planner.coverage.capacity.centre_capacity` gave.
    limit_minutes
        Largest walk that counts.
    unit
        What a place is: ``day_places`` or ``community_elders``. Said with every figure, never
        mixed: day places are not held against all elders.
    budget_yuan
        The money, where there is one year only; 0 leaves what costs nothing.
    years
        Several years instead, each with its money and its persons.
    groups
        Service groups: ``required_m2`` (or as the years name it), ``held_m2``; empty: unknown.
        Those are in no sum. ``None``: no shortfall is looked at.
    weight
        Persons who ask for a place: a column of residents, factors by column (``{"elderly_60":
        0.05}``: the demand rate of day care), or None (each row asks for one).
    carries_over
        Whether money that a year leaves may be spent in the next.
    foresight
        True plans the years together; False each year by itself, on what the years before built.
    unknown_capacity
        What a centre of unknown capacity means: ``nothing`` counts no places there and tells of
        it; ``refuse`` ends with an error.
    goal_weights
        Instead of the first two goals and the last: one sum of ``served`` (worth of a person),
        ``shortfall`` (cost of a m² short) and ``money`` (cost of a yuan spent); the walk is made
        least afterwards, after most are served where the sum counts no persons.
    rules
        What every plan keeps to. Closing is a measure here: ``may_close`` only repeats it.
    time_limit_s
        Seconds after which to stop with the best so far.
    gap
        Relative gap of each goal at which to stop; 0 asks for the proven optimum.

    Returns
    -------
    Programme
        Never an error for want of places or money: it tells who is served, who finds all full,
        and who reaches nothing. Recounted from the tables before it is returned.

    Raises
    ------
    SitingError
        With every problem of tables and settings; if required sites cost more than there is.
    ValueError
        If the unit is unknown.

    Notes
    -----
    Deterministic; the order of rows never matters. On large questions the walk is made least for
    the measures chosen; ``goals.scope`` says so.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {
    ...         "origin": ["a", "b", "b"],
    ...         "destination": ["old", "old", "new"],
    ...         "walk_minutes": [5.0, 9.0, 3.0],
    ...     }
    ... )
    >>> residents = pd.DataFrame({"asks": [30, 50]}, index=["a", "b"])
    >>> existing = pd.DataFrame({"capacity_persons": [40]}, index=["old"])
    >>> measures = pd.DataFrame(
    ...     {
    ...         "site": ["old", "new"],
    ...         "kind": ["enlarge", "new_centre"],
    ...         "adds_persons": [20, 83],
    ...         "cost_yuan": [100_000, 900_000],
    ...     },
    ...     index=["enlarge old", "build new"],
    ... )
    >>> plan = programme(
    ...     times,
    ...     residents,
    ...     measures,
    ...     existing=existing,
    ...     limit_minutes=15,
    ...     unit="day_places",
    ...     budget_yuan=900_000,
    ...     weight="asks",
    ... )
    >>> list(plan.chosen.index), plan.served_persons, plan.cost_yuan
    (['build new'], 80.0, 900000.0)
    """
    clock = Clock.of(time_limit_s)
    centres, given_unit = centre_table(existing)
    asked = ProgrammeAsked(
        times=times,
        residents=residents,
        measures=measures,
        existing=centres,
        groups=NO_GROUPS if groups is None else groups,
        limit_minutes=limit_minutes,
        years=years_of(budget_yuan, years, weight),
        unit=unit,
        rules=rules,
        carries_over=carries_over,
        foresight=foresight,
        unknown_capacity=unknown_capacity,
        goal_weights=dict(goal_weights) if isinstance(goal_weights, Mapping) else goal_weights,
        served_share=None,
    )
    question = ask_programme(asked, given_unit=given_unit, time_limit_s=time_limit_s, gap=gap)
    aims = _aims(goal_weights)
    if foresight or len(asked.years) == 1:
        start = required_plan(question.problem)
        when, told = reach_goals(question.problem, aims, start, clock, gap=gap)
        found: Found = [(ONE_YEAR, one) for one in told]
    else:
        when, found = _year_by_year(question, aims, clock, gap)
    return answer(question, when, found, clock)


def _aims(goal_weights: Mapping[str, float] | None) -> list[tuple[str, Aim]]:
    if goal_weights is None:
        return [(goal, {goal: 1.0}) for goal in GOALS]
    weighed = {goal: float(factor) for goal, factor in goal_weights.items()}
    # A plan serves all whom it can: the least walk would be that of serving nobody, were the number
    # of those served left open.
    served: list[tuple[str, Aim]] = [] if weighed.get("served") else [("served", {"served": 1.0})]
    return [("weighted", weighed), *served, ("walk", {"walk": 1.0})]  # type: ignore[list-item]


def _year_by_year(
    question: ProgrammeQuestion, aims: list[tuple[str, Aim]], clock: Clock, gap: float
) -> tuple[IntArray, Found]:
    """Plan each year by itself, on what the years before built."""
    problem = question.problem
    when = np.full(len(problem.measures), problem.years, dtype=np.int64)
    found: Found = []
    for year in range(problem.years):
        alone, own = following(problem, when, year)
        part = clock.part(1.0 / (problem.years - year))
        now, told = reach_goals(alone, aims, required_plan(alone), part, gap=gap)
        when[own[now == 0]] = year
        found += [(question.asked.years[year].year, one) for one in told]
    return when, found
