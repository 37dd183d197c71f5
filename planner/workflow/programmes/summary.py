"""A programme's figures for ``summary.json``, and what every reader must know of it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import numpy as np

from planner.labels import Message, enumerated, message
from planner.siting import Programme
from planner.siting.programmes.menu import PRICED_AS
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.goal_words import UNKNOWN
from planner.workflow.programmes.menu import ProgrammeMenu
from planner.workflow.programmes.year_rows import knows_areas, unknown_required, year_figures

YEAR_FIGURES: Final = (
    "asked_persons", "served_persons", "covered_full_persons", "capacity_unknown_persons",
    "out_of_reach_persons", "served_share", "mean_walk_minutes", "capacity_persons",
    "budget_yuan", "spent_yuan", "left_yuan", "shortfall_before_m2", "shortfall_m2",
)  # fmt: skip
GOAL_FIGURES: Final = ("value", "bound", "gap", "status", "scope", "proof")


def programme_summary(found: FoundProgramme | None) -> dict[str, Any] | None:
    """Return ``programme`` of ``summary.json``; ``None`` where the project asks for none.

    Of a programme whose years could not be reckoned only ``notices`` is told.
    """
    if found is None:
        return None
    plan, before, menu = found.plan, found.before, found.menu
    if plan is None or before is None or menu is None:
        return {"unit": found.settings.unit, "by_year": None}
    years, then, chosen = year_figures(plan), year_figures(before), found.chosen
    years = years.assign(shortfall_before_m2=then["shortfall_m2"])
    required = unknown_required(found)
    return {
        "unit": plan.unit,
        "measures": len(chosen),
        "sites": int(chosen["site"].nunique()),
        "by_kind": _counted(chosen["kind"]),
        "cost_yuan": plan.cost_yuan,
        "by_year": {
            str(year): {
                **{name: _number(years.loc[year, name]) for name in YEAR_FIGURES},
                "served_before_persons": _number(then.loc[year, "served_persons"]),
                "unknown_required_m2": required[str(year)],
                "measures": int((chosen["year"] == year).sum()),
            }
            for year in years.index
        },
        "goals": _goals(found, plan, withheld=bool(years["served_persons"].isna().any())),
        "status": plan.status,
        "proven": plan.is_proven,
        "walked_on_streets": found.walked,
        "target_persons": plan.target_persons,
        "is_reached": plan.is_reached,
        "most_persons": plan.most_persons,
        "menu": _counted(menu.menu.measures["kind"]),
        "set_aside": _counted(one.key.partition("aside_")[2] for one in plan.set_aside["reason"]),
        "pools": 0 if menu.pools is None else len(menu.pools.sites),
        "candidates_left_out": len(menu.left_out),
        "candidates_below_class": int(menu.left_out["below_class"].sum()),
        "least_class_m2": menu.least_m2,
        "prices_missing": list(prices_missing(found)),
        "lots_unknown": menu.lots_unknown,
        "unknown_centres": len(plan.unknown_centres),
        "unknown_centres_added_to": list(found.unknown_added_to),
        "groups": len(plan.asked.groups),
        "unknown_groups": len(plan.unknown_groups),
        "rows_unknown_demand": 0 if found.asked is None else found.asked.unknown_rows,
        "promised_elsewhere": list(found.promised),
        "sited_elsewhere": list(found.sited),
        "decided_centres": _decided(found),
        "opens_later": found.opens_later,
        "closed_by_rule": sorted(str(one) for one in plan.asked.rules.must_close),
        "weights_of_siting_count": False if found.weights else None,
        "audit": _audit_summary(found),
    }


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(str(one) for one in values).items()))


def _goals(found: FoundProgramme, plan: Programme, *, withheld: bool) -> list[dict[str, Any]]:
    """Return how far each goal is reached; persons whose parts are withheld are not told.

    Nothing is told or claimed of a shortfall where no group can be judged, and of a weighted sum
    of nothing else.
    """
    unknown = set() if knows_areas(plan) else {"shortfall"}
    weighed = {name for name, factor in found.settings.goal_weights.items() if factor}
    if weighed and weighed <= unknown:
        unknown.add("weighted")
    told = []
    for goal, row in zip(plan.goals.index, plan.goals.to_dict("records"), strict=True):
        one: dict[str, Any] = {"goal": str(goal), "year": str(row["year"])}
        one |= {name: row[name] for name in GOAL_FIGURES}
        if goal in unknown:
            one |= dict.fromkeys(GOAL_FIGURES) | {"status": UNKNOWN}
        if withheld and goal in ("served", "most_persons", "weighted"):
            one |= {"value": None, "bound": None}
        told.append(one)
    return told


def _decided(found: FoundProgramme) -> dict[str, int]:
    """Return from which year on each centre counts that opens whatever is chosen."""
    if found.decided is None:
        return {}
    years = found.decided.centres["from_year"]
    return {str(one): int(year) for one, year in years.items()}


def _audit_summary(found: FoundProgramme) -> dict[str, Any] | None:
    if found.audit is None:
        return None
    sites = found.audit.sites
    return {
        "sites": len(sites),
        "grades": _counted(sites["grade"].dropna()),
        "breaches": {
            "应": int(sites["breaches_must"].sum()),
            "宜": int(sites["breaches_should"].sum()),
        },
        "unknown": int(sites["unknown"].sum()),
        "to_visit": int(sites["to_visit"].sum()),
    }


def prices_missing(found: FoundProgramme) -> tuple[str, ...]:
    """Return the entries of the table of unit costs that would price what has no cost."""
    if found.menu is None:
        return ()
    measures = found.menu.menu.measures
    kinds = measures.loc[measures["cost_note"] == "unknown", "kind"]
    return tuple(sorted({PRICED_AS[kind] for kind in kinds if kind in PRICED_AS}))


def programme_notices(found: FoundProgramme | None) -> tuple[Message, ...]:
    """Return what every reader must know: years lost, candidates left out, prices unknown."""
    if found is None or found.menu is None:
        return () if found is None else found.notices
    weights = (message("programme_run.weights_not_counted"),) if found.weights else ()
    beside = (message("siting_told.programme_beside"),) if found.beside_given else ()
    return (
        *found.notices,
        *beside,
        *weights,
        *_left_out(found.menu),
        *_unpriced(found, found.menu),
    )


def _left_out(menu: ProgrammeMenu) -> tuple[Message, ...]:
    """Tell of candidates that ``[siting]`` would take and the standard's least class does not."""
    below = int(menu.left_out["below_class"].sum())
    if not below:
        return ()
    return (message("programme_run.below_class", count=below, area=menu.least_m2),)


def _unpriced(found: FoundProgramme, menu: ProgrammeMenu) -> tuple[Message, ...]:
    """Tell how many measures have no cost, and which prices would give them one."""
    measures = menu.menu.measures
    unpriced = int((measures["cost_note"] == "unknown").sum())
    if not unpriced:
        return ()
    entries = [message(f"remedies.kind_{one}") for one in prices_missing(found)]
    told = message(
        "programme_run.no_price" if entries else "programme_run.no_own_price",
        count=unpriced,
        measures=len(measures),
        entries=enumerated(entries),
    )
    return (told,)
