"""Every clause of every book held against every centre, a clause at a time over all centres."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.required import SmallGroups, check_small_groups
from planner.standards.judging.conditions import condition_reasons
from planner.standards.judging.deciding import Spoken, decisive
from planner.standards.judging.facts import MAP_DISTANCES
from planner.standards.judging.figures import (
    class_figures,
    group_outcome,
    plain_outcome,
    share_outcome,
)
from planner.standards.judging.findings import COLUMNS, REASONS, Judgement
from planner.standards.judging.naming import listed_outcome, word_outcome
from planner.standards.judging.outcomes import TOLERANCE, Outcome, read_on_map, texts
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import OF_CENTRES, QUANTITIES
from planner.standards.rulebooks.vocabulary import BREACHES, PER_ELDER, RESULTS, USE_SHARES
from planner.tables import LIST_MARK, OPEN_STATUS

ORDINALS: Final = ("storey", "grade")
"""Units that number an order: the fourth storey is no twice the second."""

NOT_APPLICABLE: Final = (
    "not_operating",
    "serves_villages_only",
    "condition_not_met",
    "others_nearer",
)
"""Reasons for which a clause does not apply to a centre."""


def clauses_of_centres(books: Sequence[RuleBook]) -> list[Spoken]:
    """Return the clauses that centres are judged by, in the order of books and clauses."""
    return [
        (book, clause)
        for book in books
        for clause in book.clauses
        if QUANTITIES[clause.quantity].subject in OF_CENTRES
    ]


def _outcome(
    facts: pd.DataFrame, book: RuleBook, clause: Clause, classes: pd.DataFrame | None
) -> Outcome:
    """Return what a clause comes to, whatever its conditions."""
    nature = QUANTITIES[clause.quantity].nature
    if clause.comparison == "statement" or nature == "statement":
        return _statement(facts, clause)
    if clause.by_class == USE_SHARES and classes is not None:
        return share_outcome(facts, book, clause, classes)
    if clause.by_class is not None and classes is not None:
        return group_outcome(facts, clause, classes)
    if clause.comparison == "has":
        return listed_outcome(facts, book, clause)
    if clause.comparison == "one_of":
        return word_outcome(facts, clause)
    return plain_outcome(facts, clause)


def _statement(facts: pd.DataFrame, clause: Clause) -> Outcome:
    """Return the outcome of what only a person on the spot can judge; a number is shown."""
    nothing = np.full(len(facts), np.nan)
    value = nothing
    if QUANTITIES[clause.quantity].nature == "number":
        value = facts[clause.quantity].to_numpy(dtype=float, na_value=np.nan)
    if clause.quantity in MAP_DISTANCES:
        value = read_on_map(clause, value)
    return Outcome(
        value=value,
        required=nothing,
        upper=nothing,
        short_by=nothing,
        told=texts(len(facts)),
        reason=texts(len(facts), "on_the_spot"),
        fill_in=texts(len(facts)),
    )


def _first(*reasons: np.ndarray) -> np.ndarray:
    """Return the first reason that is told, row by row."""
    told = reasons[-1]
    for reason in reversed(reasons[:-1]):
        told = np.where(reason != "", reason, told)
    return told


def _judged(
    facts: pd.DataFrame,
    book: RuleBook,
    clause: Clause,
    classes: pd.DataFrame | None,
    *,
    adopted: bool = False,
) -> pd.DataFrame:
    """Return the findings of one clause for the centres of its kinds, but for ``decides``.

    A recommendation that the project has ``adopted`` is missed like a clause of 宜.
    """
    outcome = _outcome(facts, book, clause, classes)
    condition, condition_fill_in = condition_reasons(facts, clause)
    operating = (facts["status"] == OPEN_STATUS).to_numpy()
    idle = np.where(operating, "", "not_operating").astype(object)
    villages = np.where(outcome.reason == "serves_villages_only", outcome.reason, "")
    reason = _first(idle, villages, condition, outcome.reason)
    plain = reason == ""
    missed = "short" if clause.force in BREACHES or adopted else "remark"
    result = np.select(
        [
            np.logical_or.reduce([reason == name for name in NOT_APPLICABLE]),
            ~plain,
            outcome.short_by > 0,
        ],
        ["not_applicable", "unknown", missed],
        "meets",
    ).astype(object)
    short_by = np.where(plain, outcome.short_by, np.nan)
    waits = condition == "condition_unknown"
    fill_in = np.where(waits, _both(condition_fill_in, outcome.fill_in), outcome.fill_in)
    return pd.DataFrame(
        {
            "result": result,
            "reason": reason,
            "value": outcome.value,
            "required": outcome.required,
            "upper": outcome.upper,
            "short_by": short_by,
            "short_share": _share(clause, outcome, short_by),
            "told": np.where(plain, outcome.told, ""),
            "fill_in": np.where(result == "unknown", fill_in, ""),
        }
    )


def _share(clause: Clause, outcome: Outcome, short_by: np.ndarray) -> np.ndarray:
    """Return ``short_by`` over the figure that is missed, NaN where that is 0 or none.

    So where the figure is a place in an order (:data:`ORDINALS`), or just met but must not be.
    """
    missed = np.where(outcome.value > outcome.upper, outcome.upper, outcome.required)
    share: np.ndarray = np.full(len(missed), np.nan)
    if clause.unit in ORDINALS:
        return share
    some = (short_by == 0) | (short_by > TOLERANCE)
    np.divide(short_by, missed, out=share, where=some & (missed > 0))
    return share


def _both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the columns named in either list, each once."""
    codes, lists = pd.factorize(one + LIST_MARK + other)
    named = [LIST_MARK.join(dict.fromkeys(filter(None, entry.split(LIST_MARK)))) for entry in lists]
    return np.array(named, dtype=object)[codes]


def _beside(findings: pd.DataFrame, clause: Clause) -> pd.DataFrame:
    """Mark the recommendation for each elder, where the project does not let it decide."""
    if clause.by_class != PER_ELDER:
        return findings
    told = findings["reason"].mask(findings["reason"] == "", "per_elder_beside")
    return findings.assign(reason=told)


class _Bound:
    """The centres that clauses bind, each set of kinds looked up once."""

    def __init__(self, facts: pd.DataFrame, small_groups: SmallGroups) -> None:
        self._facts, self._small_groups = facts, small_groups
        self._places: dict[tuple[str, ...], np.ndarray] = {}
        self._of_kinds: dict[tuple[str, ...], pd.DataFrame] = {}
        self._classes: dict[tuple[str, tuple[str, ...]], pd.DataFrame] = {}

    def places(self, kinds: tuple[str, ...]) -> np.ndarray:
        """Return where the centres of these kinds stand among the facts."""
        if kinds not in self._places:
            of_kind = self._facts["centre_kind"].isin(kinds).to_numpy()
            self._places[kinds] = np.flatnonzero(of_kind)
        return self._places[kinds]

    def by(self, book: RuleBook, clause: Clause) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """Return the facts of the centres that a clause binds, and their classes' figures."""
        kinds = book.kinds_of(clause)
        if kinds not in self._of_kinds:
            self._of_kinds[kinds] = self._facts.iloc[self.places(kinds)]
        facts, key = self._of_kinds[kinds], (book.name, kinds)
        if book.classes and key not in self._classes:
            self._classes[key] = class_figures(facts, book, self._small_groups)
        return facts, self._classes.get(key)


def judge(
    facts: pd.DataFrame,
    books: Sequence[RuleBook],
    *,
    on: datetime.date | None = None,
    small_groups: SmallGroups = "pro_rata",
    per_elder_decides: bool = False,
) -> Judgement:
    """Hold every clause of every book against every centre of the kinds that it binds.

    Only operating centres (运营) are judged. A clause whose condition (``when``) is not met does
    not apply; one whose condition nobody knows is unknown, and tells what to fill in. What is
    compared, and with which slack, is in :func:`planner.standards.judging.outcomes.wrong_by`;
    figures by class are those of the people whom the centre's service group answers for. A clause
    of force 可 (or a project's choice) that is not met is a remark, never a breach. Which clause
    decides its matter is told by :func:`planner.standards.judging.deciding.decisive`.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`.
    books
        In the project's order. Clauses on the district, communities and estates are left out.
    on
        Day of the audit: books not in force then are not judged. Without it, all are.
    small_groups
        How service groups below a book's least class are read.
    per_elder_decides
        Whether the area for each elder decides in place of its own book's area by class, with
        that one's force, wherever it can be reckoned; else it stands beside (reason
        ``per_elder_beside``).

    Raises
    ------
    ValueError
        If ``small_groups`` is unknown.
    """
    check_small_groups(small_groups)
    valid = [book for book in books if on is None or book.in_force(on)]
    spoken = clauses_of_centres(valid)
    parts, places, numbers = [], [], []
    bound = _Bound(facts, small_groups)
    for number, (book, clause) in enumerate(spoken):
        of_kinds, classes = bound.by(book, clause)
        adopted = per_elder_decides and clause.by_class == PER_ELDER
        part = _judged(of_kinds, book, clause, classes, adopted=adopted)
        parts.append(part if adopted else _beside(part, clause))
        places.append(bound.places(book.kinds_of(clause)))
        numbers.append(np.full(len(part), number))
    return Judgement(
        books=tuple(valid),
        findings=_findings(facts, spoken, parts, places, numbers, per_elder_decides),
        facts=facts,
        not_in_force=tuple(book.name for book in books if book not in valid),
        per_elder_decides=per_elder_decides,
    )


def _findings(
    facts: pd.DataFrame,
    spoken: list[Spoken],
    parts: list[pd.DataFrame],
    places: list[np.ndarray],
    numbers: list[np.ndarray],
    per_elder_decides: bool,
) -> pd.DataFrame:
    """Return the findings of all clauses in the order of centres, books and clauses."""
    if not parts:
        return pd.DataFrame({name: [] for name in COLUMNS})
    place, number = np.concatenate(places), np.concatenate(numbers)
    order = np.argsort(place, kind="stable")
    place, number = place[order], number[order]
    table = pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)
    books = [book.name for book, _ in spoken]
    clauses = [clause.id for _, clause in spoken]
    matters = [QUANTITIES[clause.quantity].about for _, clause in spoken]
    table = table.assign(
        centre=pd.Categorical.from_codes(place, categories=facts.index),
        **{
            name: _categorical(values, number)
            for name, values in (("book", books), ("clause", clauses), ("matter", matters))
        },
        result=pd.Categorical(table["result"], categories=RESULTS),
        reason=pd.Categorical(table["reason"], categories=REASONS),
        decides=decisive(
            table,
            place,
            number,
            spoken,
            elders=facts["elderly_60"].to_numpy(dtype=float, na_value=np.nan),
            per_elder_decides=per_elder_decides,
        ),
    )
    return table[list(COLUMNS)]


def _categorical(values: list[str], number: np.ndarray) -> pd.Categorical:
    """Return the value of each finding's clause."""
    names = pd.Index(list(dict.fromkeys(values)), dtype=object)
    codes = names.get_indexer(pd.Index(values, dtype=object))[number]
    return pd.Categorical.from_codes(codes, categories=names)
