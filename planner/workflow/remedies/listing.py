"""The list of defects (整改清单) of one plan, with what people typed into the last one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.outputs.content import Told
from planner.standards.judging.findings import defect_id
from planner.standards.judging.grades import centre_counts
from planner.standards.judging.wording import Told as ToldFinding
from planner.standards.remedies.defects import (
    CHANGES,
    FOUND,
    OTHER,
    PROGRESS,
    DefectList,
    LastList,
    with_last,
)
from planner.standards.remedies.identities import namesakes, of_same_centres
from planner.standards.remedies.works import AREA_MAKING
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.standards.rulebooks.wording import figure, rows_of
from planner.tables import LIST_MARK
from planner.workflow.remedies.trial_words import trial_lines
from planner.workflow.remedies.worded import Worded
from planner.workflow.remedies.words import (
    building_m2,
    cures_of,
    force_word,
    refused_of,
    told_defects,
    why_not,
)


def defect_list(worded: Worded, last: LastList | None) -> DefectList:
    """Return the list as it is written now: found anew, with the typed columns of the last.

    Parameters
    ----------
    worded
        What stands behind it.
    last
        The last list, where there was one.
    """
    judgement = worded.judgement
    findings = judgement.findings[["centre", "book", "clause", "result"]].astype(str)
    results = {
        defect_id(*ids): result
        for *ids, result in zip(*(findings[name] for name in findings.columns), strict=True)
    }
    centres = frozenset(str(one) for one in judgement.facts.index)
    told = worded.judgement.facts.reindex(columns=["name"])["name"]
    told = told.fillna(worded.names.reindex(told.index)).dropna()
    named = {str(one): str(name) for one, name in told.items()}
    given = centres - worded.found.made_ids
    if last is not None:
        last = of_same_centres(last, named, given)
    same_name = namesakes(named, given)
    return with_last(_current(worded), last, results, centres, same_name=same_name)


def _current(worded: Worded) -> pd.DataFrame:
    """Return today's defects in words, by id; each measure's m² and cost stand once."""
    defects = worded.found.remedies.defects
    listed = defects[~defects["optional"]]
    told, cured, refused = told_defects(worded), cures_of(worded), refused_of(worded)
    sums = _of_measures(worded)
    rows = []
    for defect, row in zip(listed.index, rows_of(listed), strict=True):
        words, (chosen, _) = told[str(defect)], cured.get(str(defect), ([], []))
        measures = sums.get(str(defect), {})
        why = why_not(worded, row)
        lines = [*chosen, why, *refused.get(str(defect), [])[:1]]
        if measures.get("elsewhere"):
            lines.append(measures["elsewhere"])
        # With nothing known the cell is empty, which says so itself.
        if measures.get("unknown") and measures["cost"] is not None:
            lines.append(worded.say("cost_partly", count=measures["unknown"]))
        rows.append(
            {
                "name": worded.names.get(row["centre"]),
                "clause_told": clause_words(worded, words),
                "asked_told": words.asks,
                "has_told": words.has or None,
                "short_told": words.verdict,
                "measure_told": worded.say("list_mark").join(line for line in lines if line),
                # One decimal, as on the pages and in words.
                "measure_m2": None if measures.get("m2") is None else round(measures["m2"], 1),
                "cost_yuan": measures.get("cost"),
                "priority_told": measures.get("priority"),
            }
        )
    return pd.DataFrame(rows, index=listed.index, columns=list(FOUND), dtype=object)


def clause_words(worded: Worded, told: ToldFinding) -> str:
    """Return what a finding is about, by which clause, with its force and mark."""
    weight = told.weight
    if told.force:
        weight = worded.say("weight_of", force=force_word(worded, told.force), mark=weight)
    return worded.say("clause_of", what=told.what, source=told.source, weight=weight)


def _of_measures(worded: Worded) -> dict[str, dict[str, Any]]:
    """Return, by defect, the sums of the measures that stand at it, and its priority."""
    told: dict[str, dict[str, Any]] = {}
    for row in rows_of(worded.found.measures):
        cured = str(row["defects"]).split(LIST_MARK)
        for place, defect in enumerate(cured):
            entry = told.setdefault(
                defect, {"m2": None, "cost": None, "unknown": 0, "rank": np.inf}
            )
            if row["priority"] < entry["rank"]:
                entry["rank"] = row["priority"]
                entry["priority"] = priority_words(worded, row)
            if place:
                entry["elsewhere"] = worded.say("costed_at", id=cured[0])
                continue
            if (m2 := building_m2(row)) is not None:
                entry["m2"] = (entry["m2"] or 0.0) + m2
            if row["cost_yuan"] is None:
                entry["unknown"] += 1
            else:
                entry["cost"] = (entry["cost"] or 0.0) + row["cost_yuan"]
    return told


def priority_words(worded: Worded, row: dict[str, Any]) -> str:
    """Return a measure's priority: its class and its place."""
    priority_class = worded.say(f"class_{row['priority_class']}")
    return worded.say("priority", priority_class=priority_class, place=row["priority"])


def list_sheet(worded: Worded, listed: DefectList) -> Told:
    """Return the sheet of the list, with the sentences over it."""
    table = listed.table
    shown = table.assign(
        defect_change=[_said(worded, "change", CHANGES, one) for one in table["defect_change"]],
        progress=[_said(worded, "progress", PROGRESS, one) for one in table["progress"]],
    )
    shown = shown.astype(object).where(shown.notna(), None)
    if not shown[OTHER].notna().any():
        shown = shown.drop(columns=OTHER)
    shown.insert(0, "defect", [str(one) for one in shown.index])
    notices = tuple(one.text(worded.language) for one in listed.notices)
    return Told(shown.reset_index(drop=True), (*lines(worded), *notices))


def _said(worded: Worded, topic: str, keys: tuple[str, ...], value: Any) -> Any:
    """Return one of our words; what people typed in its place stays."""
    if value in keys:
        return worded.say(f"{topic}_{value}") if value else None
    return value


def lines(worded: Worded, *, typed: bool = True) -> tuple[str, ...]:
    """Return how the measures were found, what they come to, and what is to be ``typed``."""
    found = worded.found
    counts = remedies_summary(worded)
    told = [
        worded.say(
            "lines_counts",
            defects=sum(counts["defects"].values()),
            deciding=sum(counts["deciding"].values()),
            must=counts["deciding"]["应"],
            should=counts["deciding"]["宜"],
            beside=sum(counts["beside"].values()),
            must_beside=counts["beside"]["应"],
            should_beside=counts["beside"]["宜"],
            remarks=counts["remarks"],
            centres=counts["centres"],
            uncured=counts["uncured"],
        ),
        worded.say(
            "lines_tasks",
            tasks=sum(counts["tasks"].values()),
            fill_ledger=counts["tasks"]["fill_ledger"],
            inspect=counts["tasks"]["inspect"],
            deciding=counts["tasks_deciding"],
        ),
        worded.say("lines_measures", reach=figure(found.reach_m, 0), move=figure(found.move_m, 0)),
        *trial_lines(worded),
        worded.say("lines_area"),
        worded.say("lines_priority"),
    ]
    if found.costs_file:
        known = figure(counts["cost_known_yuan"], 0)
        unknown = counts["cost_unknown"]
        told.append(worded.say("lines_costs", file=found.costs_file, known=known, unknown=unknown))
    else:
        told.append(worded.say("no_costs"))
    if found.taken:
        told.append(worded.say("lines_taken", count=len(found.taken)))
    if found.in_fewest:
        named = worded.say("and_mark").join(worded.named(one) for one in found.in_fewest)
        told.append(worded.say("lines_fewest", count=len(found.in_fewest), named=named))
    return (*told, worded.say("lines_typed")) if typed else tuple(told)


def remedies_summary(worded: Worded) -> dict[str, Any]:
    """Return the content of ``remedies`` in ``summary.json``.

    Measures are those chosen for defects; remarks (可) are counted apart. ``defects`` are
    ``deciding`` and ``beside`` (of whose matter another clause decides) together; the deciding ones
    are ``breaches`` of ``standards``, where one matter by two provinces' rules counts once.
    ``tasks_deciding`` are those of ``tasks`` that ``unknown`` of ``standards`` counts: to be filled
    in, of clauses of 应 and 宜 that decide.
    """
    remedies = worded.found.remedies
    defects = remedies.defects[~remedies.defects["optional"]]
    decides = defects["decides"].astype(bool)
    measures = worded.found.measures[~worded.found.measures["optional"]]
    tasks = remedies.tasks["kind"].value_counts()
    cost = measures["cost_yuan"].astype(float)
    return {
        "defects": _by_force(defects),
        "deciding": _by_force(defects[decides]),
        "beside": _by_force(defects[~decides]),
        "remarks": int(remedies.defects["optional"].sum()),
        "centres": int(defects["centre"].nunique()),
        "measures": {
            str(kind): {
                "count": len(rows),
                "to_visit": int((rows["certainty"] == "to_visit").sum()),
                "m2": float(rows["m2"].sum()),
            }
            for kind, rows in measures.groupby("kind", sort=True)
        },
        "area_made_m2": float(measures.loc[measures["kind"].isin(AREA_MAKING), "m2"].sum()),
        "cost_known_yuan": float(cost.sum()),
        "cost_unknown": int(cost.isna().sum()),
        "uncured": len(remedies.uncured),
        "tasks": {name: int(tasks.get(name, 0)) for name in ("fill_ledger", "inspect")},
        "tasks_deciding": int(centre_counts(worded.judgement)["unknown"].sum()),
    }


def _by_force(defects: pd.DataFrame) -> dict[str, int]:
    return {force: int((defects["force"] == force).sum()) for force in BREACHES}
