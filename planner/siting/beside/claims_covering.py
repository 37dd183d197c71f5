"""What a plan that covers people claims, counted again."""

from __future__ import annotations

from math import inf
from typing import Any, Final

from planner.siting.beside.claims_rules import open_places
from planner.siting.beside.recounting import Recount
from planner.siting.beside.verification import (
    AGREEMENT,
    Claim,
    column_claim,
    ids_claim,
    number_claim,
)
from planner.siting.results import CoveringPlan, FewestCentres, MostPeople

PROVEN: Final = 1e-6
"""Largest gap of a plan that is called proven: what branch and bound leaves open."""

GAINS: Final = ("gain", "covered_after", "reach", "only_here")


def covering_claims(plan: CoveringPlan, facts: Recount) -> list[Claim]:
    """Return the claims of a plan that covers people.

    Parameters
    ----------
    plan
        The result of ``most_people`` or ``fewest_centres``.
    facts
        Its tables, read again.
    """
    before = facts.weight(facts.reached_by(facts.existing))
    covered = facts.weight(facts.reached_by(open_places(plan)))
    claims = [
        number_claim("covered_before", plan.covered_before, before),
        number_claim("covered", plan.covered, covered),
        number_claim("gain", plan.gain, covered - before),
        number_claim("coverable", plan.coverable, facts.weight(facts.reached_by(facts.can_open))),
        ids_claim("idle_candidates", plan.idle_candidates, _idle(facts)),
        *_gain_claims(plan, facts),
    ]
    if isinstance(plan, MostPeople):
        return [*claims, *most_people_proof(plan, covered)]
    if isinstance(plan, FewestCentres):
        return [*claims, *_fewest_proof(plan, facts)]
    return claims


def _idle(facts: Recount) -> list[Any]:
    """Return the candidates that reach nobody whom no place reaches that is always open."""
    always = facts.reached_by(facts.kept | facts.required)
    asking = {one for one, weight in facts.weight_of.items() if weight > 0} - always
    free = facts.candidates - facts.barred - facts.required
    return [site for site in free if asking.isdisjoint(facts.walks[site])]


def _gain_claims(plan: CoveringPlan, facts: Recount) -> list[Claim]:
    """Return the worst row of each column of ``gains``."""
    always = facts.reached_by(plan.existing)
    seen_by: dict[Any, int] = {}
    for site in plan.chosen:
        for resident in facts.walks_to(site):
            seen_by[resident] = seen_by.get(resident, 0) + 1
    recounted: dict[str, dict[Any, float]] = {name: {} for name in GAINS}
    covered = set(always)
    for site in plan.chosen:
        reach = set(facts.walks_to(site))
        recounted["gain"][site] = facts.weight(reach - covered)
        covered |= reach
        recounted["covered_after"][site] = facts.weight(covered)
        recounted["reach"][site] = facts.weight(reach - always)
        alone = (one for one in reach - always if seen_by[one] == 1)
        recounted["only_here"][site] = facts.weight(alone)
    return [
        column_claim(f"gains_{name}", plan.gains[name], found) for name, found in recounted.items()
    ]


def most_people_proof(plan: MostPeople, covered: float) -> list[Claim]:
    """Return the claims of how good a plan for the most people is."""
    left = plan.bound - covered
    if left <= AGREEMENT * max(abs(covered), 1.0):
        left = 0.0
    gap = left / plan.gain if plan.gain > 0 else (inf if left else 0.0)
    return [number_claim("bound", plan.bound, covered, "at_least"), *proof_claims(plan, gap)]


def _fewest_proof(plan: FewestCentres, facts: Recount) -> list[Claim]:
    reached = facts.reached_by(open_places(plan))
    left_out = [
        one for one in facts.reached_by(facts.can_open) - reached if facts.weight_of[one] > 0
    ]
    opened = len(plan.chosen) + len(set(plan.existing) & facts.may_close)
    gap = (opened - plan.bound) / opened if opened else 0.0
    return [
        ids_claim("left_out", plan.left_out, left_out),
        number_claim("bound", plan.bound, opened, "at_most"),
        *proof_claims(plan, gap),
    ]


def proof_claims(plan: Any, gap: float) -> list[Claim]:
    """Return the claims of the gap, and of what the status says of it."""
    told = Claim("gap", plan.gap, gap, plan.gap == gap or abs(plan.gap - gap) <= PROVEN)
    proven = Claim("proven", plan.is_proven, gap <= PROVEN, not plan.is_proven or gap <= PROVEN)
    return [told, proven]
