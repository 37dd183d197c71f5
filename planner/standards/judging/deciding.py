"""Where several clauses speak of one matter: which of them decides for a centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.contending import leading, places_of
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import CLASS_AREA, FORCE_PLACE, PER_ELDER

DIRECTIONS: Final = {
    "at_least": "up", "more_than": "up", "between": "up", "equal": "up",
    "at_most": "down", "less_than": "down",
}  # fmt: skip
"""A least and a greatest figure of one matter do not contend: both hold."""

STRICTER_WORDS: Final = ("lift", "lift_or_ramp")
"""Word quantities of one matter, the stricter first: who has a lift has a lift or a ramp."""

Spoken = tuple[RuleBook, Clause]
"""A clause with the book that it stands in."""

Key = tuple[str, str]
"""A matter and the direction in which clauses contend in it."""


def contends_in(clause: Clause, *, over: bool = False) -> tuple[str, str] | None:
    """Return the matter and direction in which a clause contends; ``None`` for statements.

    A range whose upper end is missed (``over``) contends with greatest figures: that a least one
    is met says nothing of it. The area for each elder contends with the area of the class: either
    may set the floor area. An area that is not by class is that of one place, however the book
    names it.
    """
    if clause.comparison == "statement":
        return None
    matter = QUANTITIES[clause.quantity].about
    if clause.by_class == PER_ELDER:
        matter = QUANTITIES["building_area"].about
    elif clause.quantity == "building_area" and clause.by_class is None:
        matter = QUANTITIES["place_area"].about
    return matter, "down" if over else DIRECTIONS.get(clause.comparison, clause.comparison)


def beyond_range(findings: pd.DataFrame) -> np.ndarray:
    """Tell which findings miss the upper end of a range, shape (findings,).

    Parameters
    ----------
    findings
        ``value, upper, short_by``.
    """
    beyond = (findings["value"] > findings["upper"]) & (findings["short_by"] > 0)
    return beyond.to_numpy(dtype=bool)


def _strictness(
    clauses: Sequence[Clause], number: np.ndarray, required: np.ndarray, over: np.ndarray
) -> np.ndarray:
    """Return how strict each finding's clause is for its centre: the least is the strictest."""
    sign = {"up": -1.0, "down": 1.0, "has": -1.0}
    signs = np.array(
        [sign.get(DIRECTIONS.get(one.comparison, one.comparison), 0.0) for one in clauses]
    )
    words = np.array(
        [
            STRICTER_WORDS.index(one.quantity) if one.quantity in STRICTER_WORDS else len(one.items)
            for one in clauses
        ],
        dtype=float,
    )
    figures = np.where(over, 1.0, signs[number]) * np.nan_to_num(required)
    strictness: np.ndarray = np.where(signs[number] == 0.0, words[number], figures)
    return strictness


def decisive(
    findings: pd.DataFrame,
    place: np.ndarray,
    number: np.ndarray,
    spoken: Sequence[Spoken],
    *,
    elders: np.ndarray | None = None,
    per_elder_decides: bool = False,
) -> np.ndarray:
    """Tell which findings decide their matter for their centre, shape (findings,).

    Of the clauses of books that meet in one place
    (:func:`planner.standards.rulebooks.contending.places_of`), that speak of one matter in one
    direction, and apply to the centre (or may, where its condition is not known): 应 before 宜
    before 可; of one force known to be missed before unknown before met; then the stricter: the
    greater least figure, the smaller greatest one, ``more_than`` before ``at_least``, a lift before
    a lift or a ramp, more things asked for; then the books' order. But no unknown hides a known
    breach of 应 or 宜: where the first is unknown, a clause of less force that is missed decides in
    its place; so where the first is met but speaks of another quantity of the matter. Statements
    decide alone. A range contends with least figures, one whose upper end is missed with greatest
    ones.

    The area for each elder decides in place of the area by class of its own book, with that one's
    force, where the project says so and it can be reckoned (the elders are known, and more than
    0); else never.

    Parameters
    ----------
    findings
        ``result, value, required, upper, short_by``.
    place, number
        The centre of each finding and its clause's number among ``spoken``.
    spoken
        Books and clauses.
    elders
        Aged 60+ of each centre's service group, shape (centres,); unknown if not given.
    per_elder_decides
        The project's choice.
    """
    keys = [contends_in(clause) for _, clause in spoken]
    upper_keys = [contends_in(one, over=one.comparison == "between") for _, one in spoken]
    over = beyond_range(findings)
    applies = (findings["result"] != "not_applicable").to_numpy()
    required = np.where(over, findings["upper"], findings["required"]).astype(float)
    by_elder = np.array([one.by_class == PER_ELDER for _, one in spoken], dtype=bool)
    out = by_elder[number]
    if per_elder_decides and elders is not None:
        required[out] *= elders[place[out]]  # in m², as the class's
        reckoned = out & applies & (required > 0)
        out = (out & ~reckoned) | _displaced(place, number, spoken, reckoned)
    never = by_elder if not per_elder_decides else np.zeros(len(by_elder), dtype=bool)
    decides: np.ndarray = np.array([key is None for key in keys], dtype=bool)[number]
    speaks = np.array([key is not None for key in keys], dtype=bool)
    for books in places_of([book for book, _ in spoken]):
        met = np.array([book.name in books for book, _ in spoken], dtype=bool) & ~never & speaks
        rivals = _contenders(zip(keys, upper_keys, strict=True), met)
        alone = np.array(
            [
                all(len(rivals.get(key, ())) == 1 for key in both)
                for both in zip(keys, upper_keys, strict=True)
            ],
            dtype=bool,
        )
        alone &= met
        decides |= alone[number]
        rows = np.flatnonzero((met & ~alone)[number] & applies & ~out)
        matter = _matters(keys, upper_keys, number[rows], over[rows])
        decides[_best(findings, required, rows, place, number, spoken, matter, over)] = True
    decides &= applies & ~out
    return decides


def force_of(book: RuleBook, clause: Clause, *, per_elder_decides: bool) -> str:
    """Return the force that a clause weighs with: adopted in place of the class's area, that's."""
    if per_elder_decides and clause.by_class == PER_ELDER:
        return book.class_clause(CLASS_AREA).force
    return clause.force


def _displaced(
    place: np.ndarray, number: np.ndarray, spoken: Sequence[Spoken], reckoned: np.ndarray
) -> np.ndarray:
    """Tell which findings on an area by class give way to that for each elder of their book."""
    names = list(dict.fromkeys(book.name for book, _ in spoken))
    of_book = np.array([names.index(book.name) for book, _ in spoken])[number]
    by_class = np.array([one.by_class == CLASS_AREA for _, one in spoken], dtype=bool)[number]
    here = place * len(names) + of_book
    displaced: np.ndarray = by_class & np.isin(here, here[reckoned])
    return displaced


def _contenders(
    keys: Iterable[tuple[Key | None, Key | None]], among: np.ndarray
) -> dict[object, set[int]]:
    """Return the clauses that contend in each matter and direction, or may."""
    found: dict[object, set[int]] = {}
    for number, both in enumerate(keys):
        for key in both if among[number] else ():
            found.setdefault(key, set()).add(number)
    return found


def _matters(
    keys: list[Key | None], upper_keys: list[Key | None], number: np.ndarray, over: np.ndarray
) -> np.ndarray:
    """Return numbers of the matters and directions in which findings contend."""
    known = list(dict.fromkeys([*keys, *upper_keys]))
    below, above = (
        np.array([known.index(key) for key in some], dtype=np.int64) for some in (keys, upper_keys)
    )
    matter: np.ndarray = np.where(over, above[number], below[number])
    return matter


def _best(
    findings: pd.DataFrame,
    required: np.ndarray,
    rows: np.ndarray,
    place: np.ndarray,
    number: np.ndarray,
    spoken: Sequence[Spoken],
    matter: np.ndarray,
    over: np.ndarray,
) -> np.ndarray:
    """Return, of some findings, the one of each centre and matter that decides."""
    if not len(rows):
        return rows
    clauses = [clause for _, clause in spoken]
    forces = [force_of(book, one, per_elder_decides=True) for book, one in spoken]
    force = np.array([FORCE_PLACE[one] for one in forces])
    strict = np.array([one.comparison not in ("more_than", "less_than") for one in clauses])
    of = number[rows]
    quantity = pd.factorize(pd.Series([one.quantity for one in clauses]))[0][of]
    chosen = leading(
        place[rows] * (int(matter.max()) + 1) + matter,
        force[of],
        findings["result"].to_numpy(dtype=object)[rows],
        (_strictness(clauses, of, required[rows], over[rows]), strict[of], of),
        quantity,
    )
    best: np.ndarray = rows[chosen]
    return best
