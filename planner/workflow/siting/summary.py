"""What a siting plan comes to, for ``summary.json``: counts and communities, never ids of homes."""

from __future__ import annotations

from typing import Any

from planner.coverage.areas import OUTSIDE
from planner.outputs.small_counts import without_small_parts
from planner.siting import WalkingPlan
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import elders_covered, elders_of_plan
from planner.workflow.siting.reach import beyond_reach, by_walk_alone, shown_part
from planner.workflow.siting.small import ShownLevels, few, shown_fewest
from planner.workflow.siting.zone_rows import ShownZones, shown_zones


def siting_figures(siting: Siting) -> dict[str, Any]:
    """Return the figures of a choice of sites; few persons of a community are withheld."""
    most, fewest = siting.most, siting.fewest
    beyond = beyond_reach(siting)
    lost = siting.after.residents.reindex(beyond.unreached.index).sort_index()
    elders = lost["elderly_60"].fillna(0.0)
    by_community = elders.groupby(lost["community"].fillna(OUTSIDE)).sum()
    # They add up to a total that stands beside them.
    told = by_community
    if len(by_community):
        told = without_small_parts(by_community.to_frame().T).iloc[0]
    shown = told[told.notna()]
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
        **elders_of_plan(most),
        **_counted(siting),
        "walking": _walking(siting),
        "gap": most.gap,
        "status": most.status,
        # Counts and communities, never ids of houses: this file travels.
        "unreachable": len(elders),
        "unreachable_elderly_60": float(elders.sum()),
        "unreachable_by_rules": {
            "rows": len(beyond.by_rules),
            "elderly_60": shown_part(float(beyond.by_rules.sum()), float(elders.sum())),
        },
        "unreachable_communities": {str(name): float(sum_) for name, sum_ in shown.items()},
        "unreachable_communities_withheld": len(told) - len(shown),
        "unreachable_elderly_60_withheld": float(by_community[told.isna()].sum()),
        "fewest": {
            "chosen": list(fewest.chosen),
            "closed": list(fewest.closed),
            "covered_after": shown_fewest(siting),
            "bound": fewest.bound,
            "gap": fewest.gap,
            "status": fewest.status,
            "unreachable": len(fewest.unreachable),
            "left_out": len(fewest.left_out),
            "left_out_elderly_60": _unless_few(float(beyond.left_out.sum())),
        },
        "rules": _rules(siting),
        "audited": _audited(siting),
        **({} if siting.beside is None else _beside(siting, siting.beside)),
        "zones": _zones(shown_zones(siting)),
    }


def _to_visit(siting: Siting) -> int:
    usable = siting.screening.usable
    return int(usable.loc[~usable.index.isin(siting.most.barred), "to_visit"].sum())


def _unless_few(elders: float) -> float | None:
    return None if few(elders) else elders


def _walking(siting: Siting) -> dict[str, float] | None:
    """Return what the walk alone covers, where the project asks for more than the walk."""
    if siting.asked.is_walked_only:
        return None
    before, after = by_walk_alone(siting)
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


def _counted(siting: Siting) -> dict[str, Any]:
    """Return bounds in what the plan counts, and that itself where it is not elders aged 60+."""
    most = siting.most
    coverable = None if few(most.coverable - most.covered) else most.coverable
    figures: dict[str, Any] = {"coverable": coverable, "bound": most.bound}
    if not siting.asked.is_weighted:
        return {**figures, "weights": None, "weighted": None}
    weighted = {
        "before": most.covered_before,
        "after": most.covered,
        "gain": most.gain,
        "bound": most.bound,
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
        "least_distance_m": settings.least_distance_m,
        "radius_m": settings.radius_m,
        "kept_out": list(siting.most.barred),
    }


def _beside(siting: Siting, beside: SitingBeside) -> dict[str, Any]:
    near = beside.near
    shown = ShownLevels(siting, beside)
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
                "worse_by": near.plans[0].value - one.value if told else None,
                "bound": one.bound if told else None,
                "gap": one.gap,
                "status": one.status,
            }
            for one, told in zip(near.plans, shown.near, strict=True)
        ],
        "near_plans_ended": None if near is None else near.ended,
        "frequency": {str(one): int(n) for one, n in beside.frequency["plans"].items()},
        "shortest": _walked(beside.shortest),
        "worst": _walked(beside.worst),
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
                shown.curve,
                strict=True,
            )
        ],
        "knee": beside.curve.knee,
    }


def _walked(plan: WalkingPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
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
        "out_of_reach": shown.out_of_reach,
        "status": shown.status,
    }
