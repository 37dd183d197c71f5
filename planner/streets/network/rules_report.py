"""What the foot rules did to the streets of a network, told to the planner who may edit them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.rule_lists import Rule
from planner.streets.network.rules import EVERY_LINE, NO_RULE, FootRules, Verdict
from planner.streets.network.walking_network import WalkingNetwork

KINDS: Final = ("allowed", "private", "refused", "marked")
COLUMNS: Final = ("rule", "kind", "ways", "length_m", "share", "reason")


def rule_notes(
    verdicts: Sequence[Verdict], number: IntArray, length_m: FloatArray, rules: FootRules
) -> dict[str, Any]:
    """Return the length and share of street that each rule decided, and what became of it.

    Parameters
    ----------
    verdicts
        What rules say.
    number
        Which of them holds for each way, shape (ways,).
    length_m
        Length of each way.
    rules
        The rules, for their reasons.

    Returns
    -------
    dict
        ``rules`` and ``marks``: ``{rule: {"verdict", "ways", "length_m", "share"}}``, by name;
        shares of all lengths read. Marks are what other rules say of ways that these allowed:
        stairs, main roads, slow ground, one direction. ``reasons`` tells why, by kind, rule and
        language.
    """
    whole_m = float(length_m.sum())
    ways = np.bincount(number, minlength=len(verdicts))
    kind_m = np.bincount(number, weights=length_m, minlength=len(verdicts))

    def entry(verdict: str, of: list[int]) -> dict[str, Any]:
        part_m = float(kind_m[of].sum())
        return {
            "verdict": verdict,
            "ways": int(ways[of].sum()),
            "length_m": round(part_m, 1),
            "share": round(part_m / whole_m, 6) if whole_m else 0.0,
        }

    decided: dict[str, list[int]] = {}
    touched: dict[str, list[int]] = {}
    words: dict[str, str] = {}
    for place, verdict in enumerate(verdicts):
        if not ways[place]:
            continue
        decided.setdefault(verdict.rule, []).append(place)
        if verdict.walked or verdict.rule not in words:
            word = "private" if verdict.private else "allowed"
            words[verdict.rule] = word if verdict.walked else "refused"
        for name in verdict.touched:
            touched.setdefault(name, []).append(place)
    return {
        "rules": {name: entry(words[name], decided[name]) for name in sorted(decided)},
        "marks": {name: entry("marked", touched[name]) for name in sorted(touched)},
        "reasons": {
            "rules": _reasons(rules.ways, decided),
            "marks": _reasons(
                (*rules.traits, *rules.slower, *rules.directions, *rules.areas), touched
            ),
        },
    }


def _reasons(rules: Iterable[Rule], named: Container[str]) -> dict[str, dict[str, str]]:
    return {
        rule.name: {"zh": rule.reason_zh, "en": rule.reason} for rule in rules if rule.name in named
    }


def rules_table(network: WalkingNetwork, *, language: Language | None = None) -> pd.DataFrame:
    """Return what length of street each foot rule touched, and why: for a planner's own eyes.

    Parameters
    ----------
    network
        As a reader made it: of tables of one's own there is nothing to tell.
    language
        Of headings, words and reasons; unless given, headings and words stay as listed below and
        reasons are Chinese.

    Returns
    -------
    DataFrame
        ``rule``; ``kind``: ``allowed``, ``private`` or ``refused`` of the rules that decided (each
        way once, so that their shares add up to 1), ``marked`` of those that say more of ways that
        may be walked; ``ways``; ``length_m``; ``share`` of all lengths read, 0 to 1; ``reason``,
        empty where the rule gives none. The longest of each kind first.
    """
    spoken: Language = language or DEFAULT_LANGUAGE
    rows = [
        (name, entry["verdict"], entry["ways"], entry["length_m"], entry["share"], reason)
        for group in ("rules", "marks")
        for name, entry in network.notes.get(group, {}).items()
        for reason in [_reason(network.notes, group, name, spoken)]
    ]
    rows.sort(key=lambda row: (KINDS.index(row[1]), -row[3], row[0]))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if language is None:
        return table
    table["kind"] = [text(f"rules_report.{kind}", language) for kind in table["kind"]]
    return table.set_axis([text(f"rules_report.{name}", language) for name in COLUMNS], axis=1)


def _reason(notes: dict[str, Any], group: str, name: str, language: Language) -> str:
    """Return why a rule decides as it does; what its file gives in either language."""
    if name in (NO_RULE, EVERY_LINE):
        return text(f"rules_report.{name}", language)
    reasons: dict[str, str] = notes.get("reasons", {}).get(group, {}).get(name, {})
    return reasons.get(language) or next(filter(None, reasons.values()), "")
