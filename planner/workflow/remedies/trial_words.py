"""What a measure would change besides what it cures, in words: found by its trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from planner.standards.judging.explaining import centre_findings
from planner.standards.judging.wording import told_finding
from planner.standards.remedies.trials import Outcome
from planner.standards.remedies.trying import key_of
from planner.standards.rulebooks.wording import figure, rows_of
from planner.workflow.remedies.worded import Worded

MOST_NEW: Final = 4
"""New findings told of one measure before the rest is only counted."""


def after_words(worded: Worded, row: dict[str, Any]) -> str:
    """Return what a measure changes besides; empty where nothing, or nobody has tried it.

    Parameters
    ----------
    worded
        What stands behind the sheets.
    row
        A cure, or a measure: ``centre, kind, partner``, and ``borne_by`` of a cure.
    """
    key = key_of(row.get("borne_by") or row["centre"], row["kind"], row["partner"])
    told = _lists(worded, row)
    outcome = worded.found.remedies.experience.outcomes.get(key)
    if outcome is not None:
        told += outcome_words(worded, outcome, most=MOST_NEW)
    return worded.say("list_mark").join(told)


def outcome_words(worded: Worded, outcome: Outcome, *, most: int | None = None) -> list[str]:
    """Return what a trial found: what stands, what is new, how much more is lacking.

    Parameters
    ----------
    worded
        What stands behind the sheets.
    outcome
        Of the trial.
    most
        New findings told one by one; all, if not given.
    """
    new = [*outcome.worse, *outcome.beside]
    told = [
        *_findings(worded, outcome, outcome.stays, "after_stays"),
        *_findings(worded, outcome, new[:most], "after_finding"),
    ]
    if len(new) > (len(new) if most is None else most):
        told.append(worded.say("after_more", count=len(new) - len(new[:most])))
    if outcome.rise_m2 > 0.0:
        told.append(worded.say("after_rise", m2=figure(outcome.rise_m2)))
    if outcome.unknown:
        told.append(worded.say("after_unknown", count=outcome.unknown))
    return told


def _findings(worded: Worded, outcome: Outcome, ids: Sequence[str], key: str) -> list[str]:
    told = []
    for one in ids:
        centre, book, clause = _parts_of(outcome, one)
        facts = rows_of(outcome.judgement.facts.loc[[centre]])[0]
        for row in centre_findings(outcome.judgement, centre):
            if (str(row["book"]), str(row["clause"])) == (book, clause):
                words = told_finding(outcome.judgement, row, facts, worded.language)
                named = worded.named(centre)
                told.append(worded.say(key, name=named, what=words.what, verdict=words.verdict))
    return list(dict.fromkeys(told))


def _parts_of(outcome: Outcome, defect: str) -> tuple[str, str, str]:
    """Return centre, book and clause of a defect; the id of a centre may hold the mark itself."""
    centre, book, clause = defect.rsplit("/", 2)
    if centre in outcome.judgement.facts.index:
        return centre, book, clause
    text = f"{defect} is of no centre"
    raise KeyError(text)


def _lists(worded: Worded, row: dict[str, Any]) -> list[str]:
    """Return which communities the receiver of a merger must take over into its list."""
    taken = worded.found.taken_over.get((str(row["centre"]), str(row["partner"])), ())
    if row["kind"] != "merge" or not taken:
        return []
    names = worded.communities
    told = [str(names.get(one)) if pd.notna(names.get(one)) else one for one in taken]
    return [
        worded.say(
            "after_list",
            name=worded.named(row["partner"]),
            communities=worded.say("and_mark").join(told),
        )
    ]


def trial_lines(worded: Worded) -> list[str]:
    """Return how many trials there were, and what all that is adopted comes to together."""
    known = worded.found.remedies.experience
    told = []
    refused = sum(not one.holds for one in known.outcomes.values())
    if known.trials:
        untried = len(known.untried)
        told.append(
            worded.say("lines_trials", trials=known.trials, refused=refused, untried=untried)
        )
    if known.together is not None:
        if known.together.holds:
            told.append(worded.say("lines_together"))
        else:
            words = worded.say("list_mark").join(outcome_words(worded, known.together))
            told.append(worded.say("lines_together_not", told=words))
    return told
