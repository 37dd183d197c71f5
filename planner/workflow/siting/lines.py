"""The siting plan and what is told beside it in the headline, from ``summary.json`` alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from planner import units
from planner.labels import Language, text
from planner.outputs.words import heading
from planner.streets import walker


def siting_lines(siting: Mapping[str, Any], language: Language) -> list[str]:
    """Return sentences on the plan, its rules and weights, and what is told beside it.

    Parameters
    ----------
    siting
        The part ``siting`` of ``summary.json``.
    language
        Language of the sentences.
    """
    told = _given if siting["given"] else _most
    lines = [*told(siting, language), *asked_lines(siting, language)]
    if siting["closed"] and not siting["given"]:
        lines.append(_say("closed", language, n=len(siting["closed"])))
    lines += _near(siting, language)
    zones = siting.get("zones")
    if zones is not None and zones["places"]:
        lines.append(_say("zones", language, elders=zones["elderly_60"], n=len(zones["places"])))
    return [*lines, *fewest_lines(siting, language)]


def _say(key: str, language: Language, **fields: Any) -> str:
    return text(f"siting_told.headline_{key}", language, **fields)


def _most(siting: Mapping[str, Any], language: Language) -> list[str]:
    """Return what was made most, how far that is proven, and the elders whom it reaches."""
    gain = siting["gain"]
    told = {
        "chosen": len(siting["chosen"]),
        "closed": len(siting["closed"]),
        "before": number(siting["covered_before"], language),
        "after": number(siting["covered_after"], language),
        "gain": number(gain, language),
        "status": text(f"siting.status_{siting['status']}", language),
        "gap": siting["gap"],
    }
    weighted = siting["weighted"]
    if weighted is not None:
        named = shown_amounts(weighted, language)
        columns = weight_words(siting["weights"], language)
        signed = number(gain, language, form="+,.0f")
        return [
            _say("weights", language, **told | named, columns=columns),
            _say("weights_elders", language, **told | {"gain": signed}),
        ]
    if not siting["chosen"] and not siting["closed"]:
        key = "none_fits" if siting["new_centres"] else "none_asked"
        return [_say(key, language, asked=siting["new_centres"], **told)]
    if gain is None:
        return [_say("most_withheld", language, **told)]
    if gain < 0:
        return [_say("loss", language, **told | {"loss": number(-gain, language)})]
    return [text("workflow.headline_most", language, **told)]


def _given(siting: Mapping[str, Any], language: Language) -> list[str]:
    """Return what a chosen set opens, closes and brings: nothing was made most, nor proven."""
    gain = siting["gain"]
    lines = [
        _say(
            "given",
            language,
            opened=_ids(siting["chosen"], language),
            closed=_ids(siting["closed"], language),
            change="" if gain is None else _change(gain, language),
            before=number(siting["covered_before"], language),
            after=number(siting["covered_after"], language),
        )
    ]
    if siting["weighted"] is not None:
        columns = weight_words(siting["weights"], language)
        named = shown_amounts(siting["weighted"] | {"bound": None}, language)
        lines.append(_say("given_weights", language, columns=columns, **named))
    return lines


def _ids(sites: Sequence[str], language: Language) -> str:
    """Return how many sites, and which."""
    if not sites:
        return _say("sites_none", language)
    listed_ids = text("outputs.list_mark", language).join(sites)
    return _say("sites_of", language, n=len(sites), sites=listed_ids)


def _change(gain: float, language: Language) -> str:
    return _say("fewer_persons" if gain < 0 else "more_persons", language, persons=abs(gain))


def number(persons: float | None, language: Language, form: str = ",.0f") -> str:
    """Return a number of persons as text; in a word where it may not be told."""
    if persons is None:
        return text("siting_told.not_told", language)
    return format(persons, form)


def shown_amounts(weighted: Mapping[str, float | None], language: Language) -> dict[str, str]:
    """Return the weights before and after and their bound as texts, those withheld in a word."""
    names = ("before", "after", "bound")
    known = [0.0 if (one := weighted[name]) is None else one for name in names]
    untold = text("siting_told.not_told", language)
    return {
        name: untold if weighted[name] is None else shown
        for name, shown in zip(names, amounts(*known), strict=True)
    }


def weight_words(factors: Mapping[str, float], language: Language) -> str:
    """Return what one person of each column counts, in words."""
    mark = text("outputs.list_mark", language)
    return mark.join(
        text("siting_told.factor", language, column=heading(one, language), factor=factor)
        for one, factor in factors.items()
    )


def amounts(before: float, value: float, bound: float) -> tuple[str, str, str]:
    """Return weights as texts: what a plan reaches rounded down, the bound rounded up.

    Whole numbers are told without decimals; others with two, or as many as tell them from 0.
    """
    largest = max(abs(before), abs(value), abs(bound))
    decimals = 2
    if 0 < largest < 1:
        decimals += math.ceil(-math.log10(largest))
    step = 10.0**decimals

    def told(number: float) -> str:
        shown = f"{number / step:,.{decimals}f}"
        return shown.rstrip("0").rstrip(".")

    # Sums of floats end a hair beside the figure that they are.
    hair = 1e-6
    low = [float(math.floor(one * step + hair)) for one in (before, value)]
    return told(low[0]), told(low[1]), told(float(math.ceil(bound * step - hair)))


def asked_lines(siting: Mapping[str, Any], language: Language) -> list[str]:
    """Return what is to be known of the question and its answer.

    Another cover than by walk, fewer sites chosen than asked for, sites that open later.

    Parameters
    ----------
    siting
        The part ``siting`` of ``summary.json``.
    language
        Language of the sentences.
    """
    lines = []
    walking = siting["walking"]
    if walking is not None:
        lines.append(
            _say(
                "by_rule",
                language,
                rule=rule_words(siting["rules"], language),
                before=number(siting["covered_before"], language),
                after=number(siting["covered_after"], language),
                walking_before=number(walking["covered_before"], language),
                walking_after=number(walking["covered_after"], language),
            )
        )
    asked, chosen, usable = siting["new_centres"], len(siting["chosen"]), siting["usable"]
    if 0 < chosen < asked:
        key = "fewer_usable" if chosen == usable else "fewer"
        lines.append(_say(key, language, asked=asked, chosen=chosen, usable=usable))
    if siting["opening_later"] is not None:
        lines.append(_later_line(siting["opening_later"], language))
    return lines


def rule_words(rules: Mapping[str, Any], language: Language) -> str:
    """Return what a home must keep to beside the walk of the plan's own walker, in words."""
    parts = []
    if rules["radius_m"] is not None:
        parts.append(_say("radius", language, metres=rules["radius_m"]))
    if rules["walkers"]:
        mark = text("outputs.list_mark", language)
        named = mark.join(walker(one).title(language) for one in rules["walkers"])
        parts.append(_say("walkers", language, walkers=named))
    return text("siting_told.and_mark", language).join(parts)


def _later_line(later: Mapping[str, Any], language: Language) -> str:
    """Return which chosen sites open only after the year of today's figures."""
    mark = text("outputs.list_mark", language)
    sites = mark.join(
        text("siting_told.site_opens", language, site=one["name"], year=one["opens_year"])
        for one in later["sites"]
    )
    if later["base_year"] is None:
        return _say("opening_undated", language, sites=sites, n=len(later["sites"]))
    base = later["base_year"]
    return _say("opening_later", language, sites=sites, n=len(later["sites"]), base=base)


def _near(siting: Mapping[str, Any], language: Language) -> list[str]:
    near = siting.get("near_plans", [])
    if len(near) < 2:
        return []
    same = set.intersection(*(set(one["chosen"]) for one in near))
    told: dict[str, Any] = {"n": len(near), "same": len(same)}
    unit = text(
        "siting_told.unit_of_weights" if siting["weighted"] else "siting_told.unit_of_elders",
        language,
    )
    if any(one["worse_by"] is None for one in near):
        return [_say("near_withheld", language, **told)]
    worse = max(one["worse_by"] for one in near)
    share = units.share(worse, near[0]["value"]) or 0.0
    shown = amounts(0.0, 0.0, worse)[2] if siting["weighted"] else f"{worse:,.0f}"
    return [_say("near", language, worse=shown, unit=unit, share=share, **told)]


def fewest_lines(siting: Mapping[str, Any], language: Language) -> list[str]:
    """Return the fewest centres, whom rules leave out of them, and whom nothing reaches."""
    fewest = siting["fewest"]
    opened, kept = len(fewest["chosen"]), fewest["kept_may_close"]
    told = {
        "status": text(f"siting.status_{fewest['status']}", language),
        "left": persons(fewest["left_out_elderly_60"], language),
    }
    if kept is None:
        told["need"] = _say("need", language, fewest=opened)
    else:
        # The fewest of both together: what stands and might close is no reason to build.
        told["need"] = _say(
            "need_closing", language, fewest=opened, kept=len(kept), both=opened + len(kept)
        )
    kind = "weights" if siting["weighted"] is not None else "elders"
    key = f"fewest_{kind}_left_out" if fewest["left_out"] else f"fewest_{kind}"
    rows = siting["unreachable_by_rules"]["rows"]
    by_rules = ""
    if rows:
        elders = persons(siting["unreachable_by_rules"]["elderly_60"], language)
        by_rules = _say("by_rules", language, elders=elders, rows=rows)
    ruled_out = len(siting["rules"]["kept_out"])
    line = _say(key, language, **told)
    return [
        _say("own_question", language, line=line) if siting["given"] else line,
        _say(
            "unreachable",
            language,
            elders=persons(siting["unreachable_elderly_60"], language),
            rows=siting["unreachable"],
            by_rules=by_rules,
            usable=siting["usable"],
            to_visit=siting["to_visit"],
            kept="" if not ruled_out else _say("kept_out", language, n=ruled_out),
            barred=len(siting["barred"]),
        ),
    ]


def persons(elders: float | None, language: Language) -> str:
    """Return some elders in words; those that may not be told without their number."""
    if elders is None:
        return text("siting_told.some_elders", language)
    return text("siting_told.elders", language, n=elders)
