"""The rules of a siting plan, and what is told beside it, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from planner.labels import Language, Message, message, text
from planner.standards.judging.wording import column_names
from planner.streets import walker
from planner.tables import LIST_MARK
from planner.workflow.gaps.ways import LONGEST_MINUTES
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import elders_gained
from planner.workflow.siting.lines import persons, shown_amounts, weight_words
from planner.workflow.siting.opening import standing_together
from planner.workflow.siting.register import few
from planner.workflow.siting.small import shown_levels
from planner.workflow.siting.walked import WalksServed, walks_served

Names = Callable[[Iterable[Any], Language], str]
"""Puts ids of candidates and centres into words."""


def rule_lines(siting: Siting, names: Names, language: Language) -> tuple[str, ...]:
    """Return what every plan kept to, a sentence a rule, and whom it counted.

    Parameters
    ----------
    siting
        What was found.
    names
        What candidates and centres are called.
    language
        Language of the sentences.
    """
    settings = siting.asked.settings

    def say(key: str, **fields: Any) -> str:
        return text(f"siting_told.rule_{key}", language, **fields)

    given = {"required": "given_open", "must_close": "given_close"} if siting.asked.is_given else {}
    lines = [
        say(given.get(name, name), sites=names(ids, language))
        for name in ("required", "barred", "may_close", "must_close")
        if (ids := getattr(settings, name))
    ]
    lines += [
        say("at_most_one", group=group, sites=names(ids, language))
        for group, ids in settings.at_most_one.items()
    ]
    lines += [
        say("at_most_one_standing", group=group, sites=names(ids, language), n=len(ids))
        for group, ids in standing_together(siting).items()
    ]
    if settings.least_distance_m:
        lines.append(say("least_distance", metres=settings.least_distance_m))
    if settings.radius_m is not None:
        lines.append(say("radius", metres=settings.radius_m))
    if settings.walkers:
        mark = text("outputs.list_mark", language)
        titles = mark.join(walker(one).title(language) for one in settings.walkers)
        lines.append(say("walkers", walkers=titles))
    lines.append(counted_line(siting, language))
    if siting.most.closed:
        lines.append(say("closed", sites=names(siting.most.closed, language)))
        if siting.beside is not None:
            lines.append(closing_line(siting, siting.beside, language))
    if lacking := _facts_lacking(siting):
        columns = column_names(lacking, language)
        lines.append(text("siting_told.facts_lacking", language, columns=columns))
    return tuple(lines)


def _facts_lacking(siting: Siting) -> str:
    """Return the columns that would tell of clauses which cannot be judged, each once."""
    if siting.audited is None:
        return ""
    named = (str(one).split(LIST_MARK) for one in siting.audited.sites["fill_in"])
    return LIST_MARK.join(dict.fromkeys(filter(None, itertools.chain.from_iterable(named))))


def counted_line(siting: Siting, language: Language) -> str:
    """Return whom the plan counts, and what it counts of them with the plan."""
    if not siting.asked.is_weighted:
        key = "counts_given" if siting.asked.is_given else "counts_elders"
        return text(f"siting_told.{key}", language)
    most, levels = siting.most, shown_levels(siting)
    weighted = {
        "before": None if levels.before is None else most.covered_before,
        "after": None if levels.after is None else most.covered,
        "bound": None if levels.after is None else most.bound,
    }
    told = shown_amounts(weighted, language)
    columns = weight_words(siting.asked.factors, language)
    key = "counts_given_weights" if siting.asked.is_given else "counts_weights"
    return text(f"siting_told.{key}", language, columns=columns, **told)


def unit_line(siting: Siting, language: Language) -> str:
    """Return in what the values of plans are told."""
    key = "unit_weights" if siting.asked.is_weighted else "unit_elders"
    return text(f"siting_told.{key}", language)


def near_lines(
    siting: Siting, beside: SitingBeside, names: Names, language: Language
) -> tuple[str, ...]:
    """Return how near plans were found, why there are no more, and how often sites appear."""
    near = beside.near
    if near is None:
        key = "near_given" if siting.asked.is_given else "near_not_asked"
        return (text(f"siting_told.{key}", language),)
    ended = near.ended_text(language)
    lines = [
        unit_line(siting, language),
        text("siting_told.near_ended", language, n=len(near.plans), why=ended),
    ]
    frequency = beside.frequency
    for number in sorted(set(frequency["plans"]), reverse=True):
        sites = frequency.index[frequency["plans"] == number]
        told = {"n": int(number), "of": len(near.plans), "sites": names(sites, language)}
        lines.append(text("siting_told.near_frequency", language, **told))
    return (*lines, *walk_lines(siting, beside, names, language))


def walk_lines(siting: Siting, beside: SitingBeside, names: Names, language: Language) -> list[str]:
    """Return the plans of walks, least in sum and least for the last, and of whom they speak."""
    lines = []
    for key, plan in (("shortest", beside.shortest), ("worst", beside.worst)):
        if plan is None or plan.mean is None or plan.worst is None:
            continue
        served = walks_served(plan)
        walked: dict[str, Any] = {
            "mean": plan.mean,
            "worst": plan.worst,
            "mean_before": plan.mean_before,
            "worst_before": plan.worst_before,
        }
        which = "same" if served.is_same else "apart"
        if plan.mean_before is None or plan.worst_before is None:
            which = "none_before"
        told = {
            "sites": names(plan.chosen, language),
            "walks": text(f"siting_told.walks_{which}", language, **walked),
            "status": plan.status_text(language),
            "gap": plan.gap,
        }
        lines.append(text(f"siting_told.{key}", language, **told))
        lines.append(_served_line(siting, served, language))
    return lines


def _served_line(siting: Siting, served: WalksServed, language: Language) -> str:
    """Return of whom the walks of a plan are told, and who is in none of them."""
    figures = shown_levels(siting).walks(served)
    named = ("before", "after", "left", "nowhere")
    told: dict[str, Any] = {
        name: persons(one, language) for name, one in zip(named, figures, strict=True)
    }
    told |= {"left_rows": served.left_out_rows, "nowhere_rows": served.unreachable_rows}
    return text("siting_told.walks_served", language, minutes=LONGEST_MINUTES, **told)


def gain_lines(
    siting: Siting, beside: SitingBeside, names: Names, language: Language
) -> tuple[str, ...]:
    """Return how gains were counted, and what a plan that closes centres takes away."""
    totals = {one: float(column["weight"]) for one, column in beside.gains.totals.items()}
    told = {
        "newly": totals["newly_served"],
        "lost": totals["no_longer_served"],
        "net": totals["net"],
    }
    lines = [unit_line(siting, language)]
    if shown_levels(siting).gain is None:
        lines.insert(0, text("siting_told.gains_withheld", language))
    elif not few(totals["no_longer_served"]):
        lines.insert(0, text("siting_told.gains_total", language, **told))
    if siting.most.closed:
        sites = names(siting.most.closed, language)
        lines.append(text("siting_told.rule_closed", language, sites=sites))
        if shown_levels(siting).gain is not None:
            lines.append(closing_line(siting, beside, language))
    return tuple(lines)


def closing_line(siting: Siting, beside: SitingBeside, language: Language) -> str:
    """Return how what sites newly serve, and what closing takes away, make up what is gained."""
    totals = {one: float(column["weight"]) for one, column in beside.gains.totals.items()}
    newly, lost, net = (totals[one] for one in ("newly_served", "no_longer_served", "net"))
    taken = max(float(elders_gained(siting.most).sum()) - newly, 0.0)
    if shown_levels(siting).gain is None:
        return text("siting_told.gains_withheld", language)
    if few(lost) or few(taken):
        return text("siting_told.gains_closing_few", language, net=net)
    told = {"newly": newly, "lost": lost, "net": net, "taken": taken}
    return text("siting_told.gains_closing", language, **told)


def curve_lines(siting: Siting, beside: SitingBeside, language: Language) -> tuple[str, ...]:
    """Return in what the curve is told, and where it bends."""
    knee = beside.curve.knee
    lines = [unit_line(siting, language)]
    if siting.asked.is_given:
        lines.insert(0, text("siting_told.curve_given", language))
    if knee is not None:
        lines.append(text("siting_told.knee", language, n=int(knee), next=int(knee) + 1))
    return tuple(lines)


def plan_notices(siting: Siting) -> tuple[Message, ...]:
    """Return by what sites were chosen, where that is not the walk of elders aged 60+ alone."""
    notices = []
    if not siting.asked.is_walked_only:
        settings = siting.asked.settings
        levels = shown_levels(siting)
        # The walking figures that stand beside it are told there; these only where they may be.
        before, after = (
            "—" if one is None else f"{one:,.0f}" for one in (levels.before, levels.after)
        )
        radius = "—" if settings.radius_m is None else f"{settings.radius_m:g} m"
        walkers = "、".join(settings.walkers) or "—"
        told = {"radius": radius, "walkers": walkers, "before": before, "after": after}
        notices.append(message("siting_told.compare_by_rule", **told))
    if siting.asked.is_weighted:
        notices.append(message("siting_told.compare_by_weight"))
    return tuple(notices)
