"""What a siting plan comes to, for ``summary.json``: counts and communities, never ids of homes."""

from __future__ import annotations

from typing import Any, Final

from planner.coverage.areas import OUTSIDE
from planner.outputs.small_counts import without_small_parts
from planner.siting import WalkingPlan
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import elders_covered
from planner.workflow.siting.opening import opening_later, standing_together
from planner.workflow.siting.small import ShownLevels, shown_fewest, shown_left_out, shown_levels
from planner.workflow.siting.walked import walks_served
from planner.workflow.siting.zone_rows import ShownZones, shown_zones

GIVEN: Final = "given"
"""The status of a plan that somebody chose: nothing was made best."""


def siting_figures(siting: Siting) -> dict[str, Any]:
    """Return the figures of a choice of sites; few persons of a community are withheld."""
    most, levels = siting.most, shown_levels(siting)
    return {
        "new_centres": most.new_centres,
        "candidates": len(siting.candidates),
        # Those that a plan may choose: neither their own facts nor rules keep them out.
        "usable": len(siting.screening.usable) - len(most.barred),
        "to_visit": _to_visit(siting),
        "barred": sorted(siting.screening.barred.index),
        "chosen": list(most.chosen),
        "closed": list(most.closed),
        # Elders aged 60+; what the plan counts, where that is something else, stands below.
        "covered_before": levels.before,
        "covered_after": levels.after,
        "gain": levels.gain,
        **_counted(siting, levels),
        "walking": _walking(levels),
        "given": siting.asked.is_given,
        "gap": None if siting.asked.is_given else most.gap,
        "status": GIVEN if siting.asked.is_given else most.status,
        **_unreachable(siting, levels),
        "fewest": _fewest(siting),
        "rules": _rules(siting),
        "opening_later": opening_later(siting),
        "audited": _audited(siting),
        **({} if siting.beside is None else _beside(siting, siting.beside)),
        "zones": _zones(shown_zones(siting)),
    }


def _to_visit(siting: Siting) -> int:
    usable = siting.screening.usable
    return int(usable.loc[~usable.index.isin(siting.most.barred), "to_visit"].sum())


def _unreachable(siting: Siting, levels: ShownLevels) -> dict[str, Any]:
    """Return whom no plan reaches: counts and communities, never ids of houses."""
    beyond = levels.beyond
    lost = siting.after.residents.reindex(beyond.unreached.index).sort_index()
    elders = beyond.unreached.reindex(lost.index)
    by_community = elders.groupby(lost["community"].fillna(OUTSIDE)).sum()
    # They add up to a total that stands beside them.
    told = by_community
    if len(by_community):
        told = without_small_parts(by_community.to_frame().T).iloc[0]
        if levels.unreachable is None and told.notna().any():
            # All together would tell the total.
            told = told.where(told.index != told.idxmin())
    shown = told[told.notna()]
    return {
        "unreachable": len(elders),
        "unreachable_elderly_60": levels.unreachable,
        "unreachable_by_rules": {
            "rows": len(beyond.by_rules),
            "elderly_60": levels.by_rules,
        },
        "unreachable_communities": {str(name): float(sum_) for name, sum_ in shown.items()},
        "unreachable_communities_withheld": len(told) - len(shown),
        "unreachable_elderly_60_withheld": None
        if levels.unreachable is None
        else float(by_community[told.isna()].sum()),
    }


def kept_may_close(siting: Siting) -> list[Any] | None:
    """Return the centres that may close and stay in the plan of the fewest; ``None``: none may."""
    fewest = siting.fewest
    may_close = list(fewest.asked.rules.may_close)
    return [one for one in may_close if one in fewest.existing] if may_close else None


def _fewest(siting: Siting) -> dict[str, Any]:
    fewest = siting.fewest
    return {
        "chosen": list(fewest.chosen),
        "closed": list(fewest.closed),
        # The bound counts these, too, where any may close.
        "kept_may_close": kept_may_close(siting),
        "covered_after": shown_fewest(siting),
        "bound": fewest.bound,
        "gap": fewest.gap,
        "status": fewest.status,
        "unreachable": len(fewest.unreachable),
        "left_out": len(fewest.left_out),
        "left_out_elderly_60": shown_left_out(siting),
    }


def _walking(levels: ShownLevels) -> dict[str, float | None] | None:
    """Return what the walk alone covers, where the project asks for more than the walk."""
    if levels.walking is None:
        return None
    before, after = levels.walking
    return {"covered_before": before, "covered_after": after}


def _audited(siting: Siting) -> dict[str, Any]:
    """Return grade and counts of clauses of each chosen site, judged as a built one."""
    if siting.audited is None:
        return {}
    counts = ["breaches_must", "breaches_should", "unknown", "on_the_spot"]
    return {
        str(one): {"grade": row["grade"], **{name: int(row[name]) for name in counts}}
        for one, row in siting.audited.sites.to_dict("index").items()
    }


def _counted(siting: Siting, levels: ShownLevels) -> dict[str, Any]:
    """Return bounds in what the plan counts, and that itself where it is not elders aged 60+."""
    most = siting.most
    coverable = most.coverable if levels.tells_value(most.coverable) else None
    bound = None if levels.after is None or siting.asked.is_given else most.bound
    figures: dict[str, Any] = {"coverable": coverable, "bound": bound}
    if not siting.asked.is_weighted:
        return {**figures, "weights": None, "weighted": None}
    weighted = {
        "before": None if levels.before is None else most.covered_before,
        "after": None if levels.after is None else most.covered,
        "gain": None if levels.gain is None else most.gain,
        "bound": bound,
        "coverable": coverable,
    }
    # What is no number of elders does not stand beside the elders.
    return {
        "coverable": None,
        "bound": None,
        "weights": siting.asked.factors,
        "weighted": weighted,
    }


def _rules(siting: Siting) -> dict[str, Any]:
    settings = siting.asked.settings
    return {
        **{
            name: list(getattr(settings, name))
            for name in ("required", "barred", "may_close", "must_close", "walkers")
        },
        "at_most_one": {name: list(ids) for name, ids in settings.at_most_one.items()},
        "at_most_one_standing": standing_together(siting),
        "least_distance_m": settings.least_distance_m,
        "radius_m": settings.radius_m,
        "kept_out": list(siting.most.barred),
    }


def _beside(siting: Siting, beside: SitingBeside) -> dict[str, Any]:
    near = beside.near
    shown = shown_levels(siting)
    near_told = shown.near(beside)
    points = beside.curve.points
    return {
        "near_plans": []
        if near is None
        else [
            {
                "rank": one.rank,
                "chosen": list(one.plan.chosen),
                "closed": list(one.plan.closed),
                "covered_after": elders_covered(one.plan)[1] if told else None,
                "value": one.value if told else None,
                "worse_by": near.plans[0].value - one.value if told and near_told[0] else None,
                "bound": one.bound if told else None,
                "gap": one.gap,
                "status": one.status,
            }
            for one, told in zip(near.plans, near_told, strict=True)
        ],
        "near_plans_ended": None if near is None else near.ended,
        "frequency": {str(one): int(n) for one, n in beside.frequency["plans"].items()},
        "shortest": _walked(beside.shortest, shown),
        "worst": _walked(beside.worst, shown),
        "curve": [
            {
                "new_centres": int(number),
                "opened": len(plan.chosen),
                "closed": len(plan.closed),
                "covered_60": elders_covered(plan)[1] if told else None,
                "value": float(row["covered"]) if told else None,
                "bound": float(row["covered_bound"]) if told else None,
                "status": str(row["status"]),
            }
            for number, row, plan, told in zip(
                points.index.tolist(),
                points.to_dict("records"),
                beside.curve.plans,
                shown.curve(beside),
                strict=True,
            )
        ],
        "knee": beside.curve.knee,
    }


def _walked(plan: WalkingPlan | None, levels: ShownLevels) -> dict[str, Any] | None:
    if plan is None:
        return None
    served = walks_served(plan)
    before, after, left_out, unreachable = levels.walks(served)
    return {
        # Means and longest walks are of those who have a walk, and of nobody else.
        "elderly_60_before": before,
        "elderly_60": after,
        "left_out": served.left_out_rows,
        "left_out_elderly_60": left_out,
        "unreachable": served.unreachable_rows,
        "unreachable_elderly_60": unreachable,
        "is_same_homes": served.is_same,
        "chosen": list(plan.chosen),
        "closed": list(plan.closed),
        "mean_before": plan.mean_before,
        "mean": plan.mean,
        "worst_before": plan.worst_before,
        "worst": plan.worst,
        "bound": plan.bound,
        "gap": plan.gap,
        "status": plan.status,
    }


def _zones(shown: ShownZones | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    table = shown.table
    return {
        "elderly_60": shown.elders,
        "places": [
            {
                "id": str(one),
                "elderly_60": float(row["zone_60"]),
                "longitude": float(row["zone_longitude"]),
                "latitude": float(row["zone_latitude"]),
            }
            for one, row in table.iterrows()
        ],
        "too_few": shown.too_few,
        "only_barred": shown.only_barred,
        "only_too_near": shown.only_too_near,
        "without_weight": shown.without_weight,
        "crowded": [list(pair) for pair in shown.crowded],
        "out_of_reach": shown.out_of_reach,
        "status": shown.status,
    }
