"""What a plan of walks claims, counted again."""

from __future__ import annotations

from math import fsum, inf
from typing import Any

from planner.siting.beside.claims_covering import proof_claims
from planner.siting.beside.claims_rules import open_places
from planner.siting.beside.recounting import Recount
from planner.siting.beside.verification import (
    Claim,
    column_claim,
    ids_claim,
    none_claim,
    number_claim,
)
from planner.siting.walking.results import LeastWorstWalk, WalkingPlan

Walks = dict[Any, float]


def walking_claims(plan: WalkingPlan, facts: Recount) -> list[Claim]:
    """Return the claims of a plan of walks.

    Parameters
    ----------
    plan
        The result of ``shortest_walk`` or ``least_worst_walk``.
    facts
        Its tables, read again.
    """
    before, after = facts.nearest(facts.existing), facts.nearest(open_places(plan))
    asking = {one for one, weight in facts.weight_of.items() if weight > 0}
    within_reach = facts.reached_by(facts.can_open) & asking
    return [
        number_claim("reachable", plan.reachable, facts.weight(within_reach)),
        ids_claim("left_out", plan.left_out, within_reach - set(after)),
        ids_claim("idle_candidates", plan.idle_candidates, _idle(facts, asking)),
        *_sum_claims(plan, facts, "_before", before),
        *_sum_claims(plan, facts, "", after),
        *_walk_claims(plan, facts, before, after),
        *_gain_claims(plan, facts),
        *_proof(plan, facts, after),
    ]


def _idle(facts: Recount, asking: set[Any]) -> list[Any]:
    """Return the candidates that are nearer to nobody than every centre that always stays."""
    always = facts.nearest(facts.kept)
    return [
        site
        for site in facts.candidates - facts.barred
        if all(
            minutes >= always.get(one, inf)
            for one, minutes in facts.walks[site].items()
            if one in asking
        )
    ]


def _sum_claims(plan: WalkingPlan, facts: Recount, when: str, walks: Walks) -> list[Claim]:
    counted = {one: minutes for one, minutes in walks.items() if facts.weight_of[one] > 0}
    reached, walk = facts.weight(counted), _walked(facts, counted)
    mean = walk / reached if reached else None
    return [
        number_claim(f"reached{when}", getattr(plan, f"reached{when}"), reached),
        number_claim(f"walk{when}", getattr(plan, f"walk{when}"), walk),
        _maybe(f"mean{when}", getattr(plan, f"mean{when}"), mean),
        _maybe(f"worst{when}", getattr(plan, f"worst{when}"), max(counted.values(), default=None)),
    ]


def _walked(facts: Recount, walks: Walks) -> float:
    return fsum(facts.weight_of[one] * minutes for one, minutes in walks.items())


def _maybe(name: str, claimed: float | None, recounted: float | None) -> Claim:
    """Return a claim of a number that is None where there is nobody."""
    if claimed is None or recounted is None:
        return Claim(name, claimed, recounted, claimed is recounted)
    return number_claim(name, claimed, recounted)


def _walk_claims(plan: WalkingPlan, facts: Recount, before: Walks, after: Walks) -> list[Claim]:
    """Return the claims of everybody's walk: the residents of whom they are false."""
    table = plan.walks
    columns = [table[name].to_list() for name in table.columns]
    rows = dict(zip(table.index, zip(*columns, strict=True), strict=True))
    names = list(table.columns)
    wrong = []
    for resident in facts.weight_of:
        row = dict(zip(names, rows.get(resident, ()), strict=False))
        now = _is_walk(facts, resident, row.get("centre"), row.get("walk_minutes"), after)
        was = _is_walk(facts, resident, row.get("centre_before"), row.get("minutes_before"), before)
        if not (now and was):
            wrong.append(resident)
    return [none_claim("walks", wrong), ids_claim("walks_of_all", rows, facts.weight_of)]


def _is_walk(facts: Recount, resident: Any, centre: Any, minutes: Any, nearest: Walks) -> bool:
    """Tell whether a centre is a nearest one, so far away; or both missing, as there is none."""
    if resident not in nearest:
        return centre is None and minutes != minutes
    there = facts.walks_to(centre).get(resident, inf)
    return bool(minutes == there == nearest[resident])


def _gain_claims(plan: WalkingPlan, facts: Recount) -> list[Claim]:
    """Return the worst row of each column of ``gains``."""
    centre_of = dict(zip(plan.walks.index, plan.walks["centre"], strict=True))
    recounted: dict[str, dict[Any, float]] = {name: {} for name in plan.gains.columns}
    now = facts.nearest(plan.existing)
    for site in plan.chosen:
        there = facts.walks_to(site)
        new = [one for one in there if one not in now]
        saved = {one: max(now[one] - there[one], 0.0) for one in there if one in now}
        recounted["newly_reached"][site] = facts.weight(new)
        recounted["saved"][site] = _walked(facts, saved)
        now |= {one: min(minutes, now.get(one, inf)) for one, minutes in there.items()}
        served = [one for one in there if centre_of.get(one) == site and facts.weight_of[one] > 0]
        weight = facts.weight(served)
        walk = fsum(facts.weight_of[one] * there[one] for one in served)
        others = facts.nearest(one for one in open_places(plan) if one != site)
        further = {one: others[one] - there[one] for one in served if one in others}
        recounted["serves"][site] = weight
        recounted["mean_minutes"][site] = walk / weight if weight else float("nan")
        recounted["only_here"][site] = facts.weight(one for one in served if one not in others)
        recounted["longer"][site] = _walked(facts, further)
    return [
        column_claim(f"gains_{name}", plan.gains[name], found) for name, found in recounted.items()
    ]


def _proof(plan: WalkingPlan, facts: Recount, after: Walks) -> list[Claim]:
    counted = {one: minutes for one, minutes in after.items() if facts.weight_of[one] > 0}
    by_worst = isinstance(plan, LeastWorstWalk)
    value = max(counted.values(), default=0.0) if by_worst else _walked(facts, counted)
    gap = max(value - plan.bound, 0.0) / value if value else 0.0
    return [number_claim("bound", plan.bound, value, "at_most"), *proof_claims(plan, gap)]
