"""One page a failing centre (一户一档): findings, measures, what is open, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.labels import choice
from planner.outputs.content import CentrePage
from planner.standards.judging.wording import Told as ToldFinding
from planner.standards.judging.wording import column_names
from planner.standards.rulebooks.wording import figure, rows_of
from planner.tables import LIST_MARK
from planner.workflow.remedies.listing import priority_words
from planner.workflow.remedies.worded import Worded
from planner.workflow.remedies.words import (
    building_m2,
    cures_of,
    force_word,
    measure_line,
    told_defects,
    why_not,
)

MOST_TOLD: Final = 3
"""Alternatives, remarks and open matters told on a page before the rest is only counted."""


def centre_pages(worded: Worded, grades: Mapping[str, str]) -> tuple[CentrePage, ...]:
    """Return the pages of all centres that have a defect, in the order of their ids.

    Parameters
    ----------
    worded
        What stands behind them.
    grades
        Grade of each centre in words, by id; empty where the run has none.
    """
    remedies = worded.found.remedies
    told, cured = told_defects(worded), cures_of(worded)
    made = remedies.cures[remedies.cures["chosen"]]
    numbers = _numbers(remedies.defects)
    defects = _by_centre(remedies.defects.rename_axis("defect").reset_index())
    measures = _by_centre(worded.found.measures)
    cures = _by_centre(made)
    tasks = _by_centre(remedies.tasks)
    facts = worded.judgement.facts
    pages = []
    for centre in sorted(defects):
        rows = defects[centre]
        failing = [row for row in rows if not row["optional"]]
        if not failing:
            continue
        of = rows_of(facts.loc[[centre]])[0]
        pages.append(
            CentrePage(
                title=str(worded.names.get(centre, centre)),
                facts=_facts(worded, centre, of, grades.get(centre), len(failing)),
                findings=tuple(_finding(worded, told[row["defect"]]) for row in failing),
                measures=_measures(
                    worded, measures.get(centre, []), cures.get(centre, []), numbers
                ),
                lines=_lines(worded, rows, told, cured, tasks.get(centre, [])),
            )
        )
    return tuple(pages)


def _numbers(defects: pd.DataFrame) -> dict[str, int]:
    """Return the number of each defect on its centre's page."""
    listed = defects[~defects["optional"]]
    places = listed.groupby(listed["centre"].astype(object)).cumcount() + 1
    return {str(defect): int(place) for defect, place in places.items()}


def _by_centre(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(table):
        told.setdefault(str(row["centre"]), []).append(row)
    return told


def _facts(
    worded: Worded, centre: str, of: dict[str, Any], grade: str | None, defects: int
) -> tuple[tuple[str, str], ...]:
    unknown = worded.say("unknown")

    def shown(name: str) -> str:
        return unknown if of.get(name) is None else figure(float(of[name]), 0)

    def word(name: str) -> str:
        if of.get(name) is None:
            return unknown
        told = choice(str(of[name]))
        return told if isinstance(told, str) else told.text(worded.language)

    told = {
        "id": centre,
        "kind": word("centre_kind"),
        "street": word("street"),
        "area": shown("building_area"),
        "population": shown("population"),
        "elders": shown("elderly_60"),
        "defects": str(defects),
    }
    if grade is not None:
        told["grade"] = grade
    return tuple((worded.say(f"page_{name}"), value) for name, value in told.items())


def _finding(worded: Worded, told: ToldFinding) -> tuple[str, str, str, str, str]:
    weight = told.weight
    if told.force:
        weight = worded.say("weight_of", force=force_word(worded, told.force), mark=weight)
    has = told.has or worded.say("unknown")
    what = worded.say("page_what", what=told.what, source=told.source)
    return what, told.asks, has, told.verdict, weight


def _marked(worded: Worded, told: ToldFinding) -> str:
    """Return what a finding is about, with the mark of its figure."""
    return worded.say("page_what", what=told.what, source=told.weight)


def _measures(
    worded: Worded,
    own: list[dict[str, Any]],
    cures: list[dict[str, Any]],
    numbers: Mapping[str, int],
) -> tuple[tuple[str, float | None, float | str | None, str, str], ...]:
    """Return the measures that stand at the centre, and those that others bear for it."""
    told: list[tuple[str, float | None, float | str | None, str, str]] = []
    for row in sorted(own, key=lambda row: int(row["priority"])):
        if row["optional"]:
            continue
        # Building area has its column; use area is told in words.
        in_words = row["m2"] if building_m2(row) is None else None
        what = measure_line(worded, {**row, "m2": in_words, "certainty": None})
        mine = [
            numbers[one]
            for one in str(row["defects"]).split(LIST_MARK)
            if one in numbers and one.startswith(f"{row['centre']}/")
        ]
        what = _cured(worded, what, mine)
        told.append(
            (
                what,
                building_m2(row),
                row["cost_yuan"],
                priority_words(worded, row),
                _state(worded, row),
            )
        )
    others: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for row in cures:
        if row["borne_by"] != row["centre"] and not row["optional"]:
            others.setdefault((row["kind"], row["partner"]), []).append(row)
    for rows in others.values():
        row = rows[0]
        what = measure_line(worded, {**row, "m2": None, "certainty": None})
        mine = [numbers[one["defect"]] for one in rows if one["defect"] in numbers]
        # It is told once, on the page of the centre that bears it.
        cost = worded.say("page_cost_at", id=row["borne_by"])
        told.append((_cured(worded, what, mine), None, cost, "", _state(worded, row)))
    return tuple(told)


def _cured(worded: Worded, what: str, numbers: list[int]) -> str:
    """Return a measure with the numbers of the defects that it cures on this page."""
    if not numbers:
        return what
    told = worded.say("and_mark").join(str(one) for one in sorted(set(numbers)))
    return worded.say("page_cures", what=what, numbers=told)


def _state(worded: Worded, row: dict[str, Any]) -> str:
    certainty = worded.say(f"certainty_{row['certainty']}")
    if not row["reason"]:
        return certainty
    why = worded.say(f"reason_{row['reason']}")
    return worded.say("state", certainty=certainty, why=why)


def _lines(
    worded: Worded,
    rows: list[dict[str, Any]],
    told: Mapping[str, ToldFinding],
    cured: Mapping[str, tuple[list[str], list[str]]],
    tasks: list[dict[str, Any]],
) -> tuple[tuple[str, str], ...]:
    """Return what else is to be read on the page."""
    failing = [row for row in rows if not row["optional"]]
    others = [line for row in failing for line in cured.get(row["defect"], ([], []))[1]]
    uncured = [
        worded.say("page_uncured_of", what=_marked(worded, told[row["defect"]]), why=why)
        for row in failing
        if (why := why_not(worded, row))
    ]
    remarks = [
        worded.say("page_uncured_of", what=_marked(worded, told[row["defect"]]),
                   why=told[row["defect"]].verdict)
        for row in rows
        if row["optional"]
    ]  # fmt: skip
    named = [part for row in tasks if row["kind"] == "fill_ledger"
             for part in str(row["fill_in"]).split(LIST_MARK) if part]  # fmt: skip
    columns = [column_names(name, worded.language) for name in dict.fromkeys(named)]
    spots = [
        worded.judgement.clause(row["book"], row["clause"]).text(worded.language).rstrip("。.；;")
        for row in tasks
        if row["kind"] == "inspect"
    ]
    blocks = {
        "uncured": uncured,
        "alternatives": others,
        "remarks": remarks,
        "fill_in": [column for column in columns if column],
        "inspect": spots,
    }
    return tuple(
        (worded.say(f"page_{name}"), _some(worded, list(dict.fromkeys(entries)), name))
        for name, entries in blocks.items()
        if entries
    )


def _some(worded: Worded, entries: list[str], name: str) -> str:
    """Return the first entries; of headings, all: each is a cell to fill in."""
    most = len(entries) if name in ("fill_in", "uncured") else MOST_TOLD
    told = [entry.rstrip("。；;") for entry in entries[:most]]
    shown = worded.say("list_mark" if name != "fill_in" else "and_mark").join(told)
    if len(entries) > most:
        shown += worded.say("page_and_more", count=len(entries))
    return shown
