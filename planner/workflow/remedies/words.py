"""Findings and measures in words: what a clause asks, what there is, what would be done."""

from __future__ import annotations

from typing import Any, Final

from planner.labels import choice
from planner.outputs.content import LEAST_ELDERS
from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.judging.wording import Told, told_finding
from planner.standards.rulebooks.wording import figure, rows_of
from planner.tables import LIST_MARK
from planner.workflow.remedies.trial_words import after_words
from planner.workflow.remedies.worded import Worded

STRANDING: Final = ("some_stranded", "unknown_stranded")
"""Why a measure is ruled out that would take somebody his centre."""

TRIED: Final = ("tried_stays", "tried_worse")
"""Why a measure is ruled out that was tried, and did not hold."""


def told_defects(worded: Worded) -> dict[str, Told]:
    """Return every defect and remark in words, by defect id."""
    defects, judgement = worded.found.remedies.defects, worded.judgement
    facts = rows_of(judgement.facts.reindex(defects["centre"]))
    return {
        str(defect): told_finding(judgement, row, of, worded.language)
        for defect, row, of in zip(defects.index, rows_of(defects), facts, strict=True)
    }


def building_m2(row: dict[str, Any]) -> float | None:
    """Return the building area of a measure; ``None`` where it is of none, or of use area."""
    known = row["m2"] is not None and row["kind"] != "change_use"
    return float(row["m2"]) if known else None


def measure_line(worded: Worded, row: dict[str, Any]) -> str:
    """Return what one measure does: how much, with whom, how surely."""
    parts = [worded.kind(row["kind"])]
    if row["m2"] is not None and row["m2"] > AREA_TOLERANCE_M2:
        metres = "metres_use" if row["kind"] == "change_use" else "metres"
        parts.append(worded.say(metres, m2=figure(row["m2"])))
    partner = worded.named(row["partner"])
    if partner:
        parts.append(worded.say("partner", partner=partner))
    if row.get("distance_m") is not None:
        parts.append(worded.say("distance", metres=figure(row["distance_m"], 0)))
    if row.get("elders_beyond"):
        parts.append(worded.say("beyond", elders=_few(worded, row["elders_beyond"])))
    if row.get("stranded"):
        parts.append(worded.say("stranded", elders=_few(worded, row["stranded"])))
    if row["kind"] == "reopen_idle":
        parts.append(worded.say("as_rooms"))
    if row.get("places_lost"):
        parts.append(worded.say("places_lost", places=figure(row["places_lost"], 0)))
    # Of a merger, partner and bearer are the two of it: nobody else makes anything good.
    if row.get("borne_by") not in (None, row["centre"], row["partner"]):
        parts.append(worded.say("borne_by", name=worded.named(row["borne_by"])))
    what = worded.say("mark").join(parts)
    if row["certainty"] is None:
        return _with_after(worded, row, what)
    certainty = worded.say(f"certainty_{row['certainty']}")
    why = worded.say(f"reason_{row['reason']}") if row["reason"] else ""
    state = worded.say("state", certainty=certainty, why=why) if why else certainty
    return _with_after(worded, row, worded.say("measure", what=what, state=state))


def _with_after(worded: Worded, row: dict[str, Any], measure: str) -> str:
    """Return a measure with what it would change, by its trial."""
    told = after_words(worded, row)
    return worded.say("after", measure=measure, told=told) if told else measure


def _few(worded: Worded, elders: float) -> str:
    """Return a count of elders; few are not told to the head (TRADE.md 13)."""
    return worded.say("few") if elders < LEAST_ELDERS else figure(elders, 0)


def cures_of(worded: Worded) -> dict[str, tuple[list[str], list[str]]]:
    """Return, by defect id, the measures chosen and the alternatives, a line each."""
    told: dict[str, tuple[list[str], list[str]]] = {}
    cures = worded.found.remedies.cures
    # Who would lose his centre is told, though the measure cannot be had.
    option = (cures["certainty"] != "ruled_out") | cures["reason"].isin((*STRANDING, *TRIED))
    for row in rows_of(cures[option]):
        if row["reason"] == "superseded":
            continue
        chosen, others = told.setdefault(str(row["defect"]), ([], []))
        (chosen if row["chosen"] else others).append(measure_line(worded, row))
    return told


def refused_of(worded: Worded) -> dict[str, list[str]]:
    """Return, by defect id, the measures that were tried and did not hold, a line each."""
    told: dict[str, list[str]] = {}
    cures = worded.found.remedies.cures
    for row in rows_of(cures[cures["reason"].isin(TRIED)]):
        told.setdefault(str(row["defect"]), []).append(measure_line(worded, row))
    return told


def why_not(worded: Worded, row: dict[str, Any]) -> str:
    """Return what no measure cures of a finding, and why; empty where all is cured."""
    if row["left"] <= AREA_TOLERANCE_M2:
        return ""
    if row["why"] == "none_named":
        return worded.say("none_named")
    reasons = [part.split(":", 1) for part in str(row["why"]).split(LIST_MARK) if ":" in part]
    told = worded.say("list_mark").join(
        worded.say("not_possible", kind=worded.kind(kind), why=worded.say(f"reason_{reason}"))
        for kind, reason in reasons
    )
    known = row["need_m2"] is not None
    left = worded.say("left_m2", m2=figure(row["left"])) if known else ""
    return worded.say("not_cured", left=left, why=told)


def force_word(worded: Worded, force: str) -> str:
    """Return 应, 宜 or 可 as the language of the outputs has it."""
    told = choice(force)
    return told if isinstance(told, str) else told.text(worded.language)
