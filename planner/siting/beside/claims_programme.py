"""What a programme claims, counted again."""

from __future__ import annotations

from dataclasses import replace
from math import fsum, nan
from typing import Final, get_args

import pandas as pd

from planner.siting.asking.weights import weights_of
from planner.siting.beside.claims_programme_tables import (
    missing_years,
    strange_years,
    table_claims,
)
from planner.siting.beside.verification import (
    Claim,
    Relation,
    column_claim,
    none_claim,
    number_claim,
)
from planner.siting.programmes.least_cost import ORDER
from planner.siting.programmes.recount import ProgrammeRecount, recount_programme
from planner.siting.programmes.reporting import STATUSES
from planner.siting.programmes.results import Programme
from planner.siting.programmes.tasks import Proof, Scope
from planner.siting.programmes.years import GOALS, ONE_YEAR

PROVEN: Final = 1e-6
"""Largest gap of a goal that is called proven: what branch and bound leaves open."""

PARTS: Final = (
    "served_persons", "covered_full_persons", "capacity_unknown_persons", "out_of_reach_persons",
)  # fmt: skip
"""States of those who ask, which add up to them."""

FIGURE_OF: Final = {
    "served": "served_persons",
    "shortfall": "shortfall_m2",
    "walk": "walk_minutes",
    "money": "spent_yuan",
}
"""What each goal is counted by, a column of ``by_year``."""


LARGE: Final = ("served", "most_persons")
"""Goals that are to be large; the others are to be small."""


def programme_claims(plan: Programme) -> list[Claim]:
    """Return the claims of a programme.

    Parameters
    ----------
    plan
        The result of ``programme`` or ``least_cost``.
    """
    strange = [*strange_years(plan), *missing_years(plan)]
    if strange:
        # Nothing can be counted of a year that was not asked, or is not told of.
        return [none_claim("programme_years", strange)]
    counted = recount_programme(plan)
    years = plan.by_year
    asked = years[list(PARTS)].apply(fsum, axis="columns")
    more = counted.by_year["servable_persons"]
    claims = [
        none_claim("programme_rules", [one.text() for one in counted.broken]),
        *(
            column_claim(f"programme_{name}", years[name], counted.by_year[name].to_dict())
            for name in FIGURE_OF.values()
        ),
        column_claim("programme_states", years["asked_persons"], asked.to_dict()),
        none_claim("programme_places", more.index[more > PROVEN].tolist()),
        number_claim("programme_places_taken", _taken(plan), plan.served_persons),
    ]
    unsure = [STATUSES.index(one) for one in plan.goals["status"] if one in STATUSES]
    least_sure = STATUSES[max(unsure)] if len(unsure) == len(plan.goals) else ""
    return [
        *claims,
        *_target_claims(plan),
        *table_claims(plan),
        none_claim("programme_goals", _wrong_goals(plan)),
        *_goal_claims(plan, counted),
        Claim("programme_status", plan.status, least_sure, plan.status == least_sure),
        Claim("programme_unit", plan.unit, plan.asked.unit, plan.unit == plan.asked.unit),
    ]


def _taken(plan: Programme) -> float:
    """Return the persons that the places are told to serve, all years together."""
    return fsum(plan.sites["served_persons"].dropna())


def _target_claims(plan: Programme) -> list[Claim]:
    """Return what is claimed of the persons to be served: nothing, where none were asked for."""
    share, target, most = plan.asked.served_share, plan.target_persons, plan.most_persons
    if share is None:
        told = (target, plan.is_reached, most)
        is_silent = all(one is None for one in told)
        return [] if is_silent else [Claim("programme_target", told, None, agrees=False)]
    goals = dict(zip(plan.goals.index, plan.goals["value"], strict=True))
    people = fsum(
        persons
        for year in plan.asked.years
        for persons in weights_of(plan.asked.residents, year.weight).tolist()
    )
    wanted = float(share) * people
    enough = plan.served_persons >= wanted - PROVEN * wanted
    return [
        Claim("programme_target", plan.is_reached, enough, plan.is_reached is enough),
        number_claim("programme_target_persons", nan if target is None else target, wanted),
        number_claim(
            "programme_most_persons",
            nan if most is None else most,
            goals.get("most_persons", nan),
        ),
    ]


def _wrong_goals(plan: Programme) -> list[str]:
    """Return the goals that were not asked for, are missing, or tell what no goal can tell."""
    asked = plan.asked
    names: tuple[str, ...] = GOALS
    if asked.goal_weights is not None:
        # Where the sum counts no persons, most are served after it, so that the walk is somebody's.
        most = () if asked.goal_weights.get("served") else ("served",)
        names = ("weighted", *most, "walk")
    if asked.served_share is not None:
        names = ("most_persons", *ORDER)
    each: list[int | str] = [ONE_YEAR]
    if not asked.foresight and len(asked.years) > 1:
        each = [year.year for year in asked.years]
    wanted = [(year, name) for year in each for name in names]
    told = list(zip(plan.goals["year"], plan.goals.index, strict=True))
    wrong = [one for one in wanted if told.count(one) != 1]
    wrong += [one for one in told if one not in wanted]
    if not wrong and told != wanted:
        wrong = told
    cells = zip(told, plan.goals["scope"], plan.goals["proof"], strict=True)
    wrong += [
        one
        for one, scope, proof in cells
        # Only of the walk is it ever told that other measures were not looked at.
        if proof not in get_args(Proof)
        or scope not in (get_args(Scope) if one[1] == "walk" else ("all_plans",))
    ]
    return [f"{year}: {name}" for year, name in wrong]


def _goal_claims(plan: Programme, counted: ProgrammeRecount) -> list[Claim]:
    """Return what is claimed of the goals: that their figures are the plan's, and their bounds.

    Goals of years that were planned one by one stand for their own year, before later years'
    measures; only their bounds are looked at.
    """
    values, bounds, proofs = [], [], []
    for name, goal in plan.goals.iterrows():
        value, bound, gap = (float(goal[column]) for column in ("value", "bound", "gap"))
        # Later goals give up nothing of earlier ones, but may find better plans on their way.
        is_large = name in LARGE
        behind: Relation = "at_most" if is_large else "at_least"
        beyond: Relation = "at_least" if is_large else "at_most"
        # What all measures together could serve is no figure of this plan.
        if goal["year"] == ONE_YEAR and name != "most_persons":
            figure = _figure(str(name), plan, counted.by_year)
            values.append(_about(f"programme_goal_{name}", value, figure, behind))
        bounds.append(_about("bound", bound, value, beyond))
        if goal["status"] == "optimal":
            proofs.append(number_claim("proven", gap, PROVEN, "at_most"))
    return [*values, *_worst(bounds), *_worst(proofs)]


def _worst(claims: list[Claim]) -> list[Claim]:
    """Return the first claim that is not borne out, else the first: one row for all goals."""
    return [one for one in claims if not one.agrees][:1] or claims[:1]


def _figure(goal: str, plan: Programme, counted: pd.DataFrame) -> float:
    """Return what a goal comes to by the recount; a weighted one as a sum to be small."""
    if goal in FIGURE_OF:
        return fsum(counted[FIGURE_OF[goal]])
    weights = plan.asked.goal_weights or {}
    return fsum(
        (-factor if part == "served" else factor) * fsum(counted[FIGURE_OF[part]])
        for part, factor in weights.items()
    )


def _about(name: str, claimed: float, recounted: float, relation: Relation) -> Claim:
    """Return a claim of a goal, which the solver keeps up to its own tolerance only."""
    exact = number_claim(name, float(claimed), float(recounted), relation)
    near = abs(exact.claimed - exact.recounted) <= PROVEN * max(abs(exact.recounted), 1.0)
    return replace(exact, agrees=exact.agrees or near)
