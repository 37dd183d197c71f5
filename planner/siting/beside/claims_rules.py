"""What every plan claims, whatever it was asked: which sites, by which rules, for whom at all."""

from __future__ import annotations

from typing import Any, Final

from planner.siting.beside.recounting import Recount
from planner.siting.beside.verification import Claim, ids_claim, none_claim, number_claim
from planner.siting.results import SitingPlan

SETTINGS: Final = ("new_centres", "limit_minutes", "weight")
"""What a plan repeats of the question, where the question has it."""


def common_claims(plan: SitingPlan, facts: Recount) -> list[Claim]:
    """Return the claims that plans of every question make.

    Parameters
    ----------
    plan
        The result.
    facts
        Its tables, read again.
    """
    return [
        *_asked_claims(plan),
        *_site_claims(plan, facts),
        *_rule_claims(plan, facts),
        *_resident_claims(plan, facts),
    ]


def open_places(plan: SitingPlan) -> list[Any]:
    """Return the ids of all places that are open with the plan."""
    return [*plan.existing, *plan.chosen]


def _asked_claims(plan: SitingPlan) -> list[Claim]:
    """Return the claims of the settings that a plan repeats."""
    return [
        Claim(f"asked_{name}", told, getattr(plan.asked, name), told == getattr(plan.asked, name))
        for name, told in vars(plan).items()
        if name in SETTINGS
    ]


def _site_claims(plan: SitingPlan, facts: Recount) -> list[Claim]:
    free = facts.candidates - facts.barred
    standing = ids_claim(
        "existing_and_closed", [*plan.existing, *plan.closed], facts.kept | set(plan_leaving(facts))
    )
    return [
        none_claim("chosen_once", {one for one in plan.chosen if plan.chosen.count(one) > 1}),
        none_claim("chosen_are_candidates", set(plan.chosen) - free),
        standing,
        ids_claim("barred", plan.barred, facts.barred),
    ]


def plan_leaving(facts: Recount) -> frozenset[Any]:
    """Return the existing centres that may close or have to."""
    return facts.may_close | facts.must_close


def _rule_claims(plan: SitingPlan, facts: Recount) -> list[Claim]:
    opened = set(open_places(plan))
    standing = facts.kept
    # Two centres that no rule may close stand side by side in every plan.
    together = {
        one
        for group in facts.groups
        if len(group & opened) > 1 and not (group & opened) <= standing
        for one in group & opened
    }
    claims = [
        none_claim("required_open", facts.required - set(plan.chosen)),
        none_claim("must_close_closed", facts.must_close & opened),
        none_claim("closed_may_close", set(plan.closed) - plan_leaving(facts)),
        none_claim("at_most_one", together),
    ]
    asked = plan.asked.new_centres
    if asked is None:
        return claims
    moved = len(set(plan.closed) & facts.may_close) + facts.pushed_out
    return [*claims, number_claim("number_of_centres", len(plan.chosen), asked + moved, "at_most")]


def _resident_claims(plan: SitingPlan, facts: Recount) -> list[Claim]:
    reachable = facts.reached_by(facts.can_open)
    asking = {one for one, weight in facts.weight_of.items() if weight > 0}
    return [
        number_claim("total", plan.total, facts.weight(facts.weight_of)),
        ids_claim("unreachable", plan.unreachable, asking - reachable),
        number_claim("without_weight", plan.without_weight, len(facts.weight_of) - len(asking)),
    ]
