"""What a rule book is: classes of centres, rooms and clauses, each clause with its own weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from planner.labels import DEFAULT_LANGUAGE, Language

FORCES: Final = ("应", "宜", "可", "-")
"""应 must · 宜 should · 可 may · ``-`` the project's own choice, no rule being seen."""

MARKS: Final = ("W2", "W1", "I", "C", "-")
"""How well a clause's wording is known: seen twice, once, restated, not seen (未见原文), none."""

UNCHECKED_MARKS: Final = ("I", "C")
"""Marks whose figures are shown as 待核对: to be checked against the printed standard."""

UNITS: Final = (
    "m2",
    "m2_per_elder",
    "m",
    "percent",
    "persons",
    "persons_per_room",
    "ratio",
    "statement",
    "storey",
)
COMPARISONS: Final = ("at_least", "at_most", "between", "equal", "has", "statement")
CLASS_FIGURES: Final = ("class_area_m2", "per_elder_area_m2", "use_share_percent")
"""The figures of a class that a clause may stand for, by ``by_class``."""


@dataclass(frozen=True)
class Clause:
    """One rule, in our own words, with its weight and where it is known from.

    Parameters
    ----------
    id
        Its name, unique in the book and stable from version to version.
    article
        The article of the printed standard, ``-`` where its number has not been seen.
    quantity
        What it speaks of.
    comparison
        One of :data:`COMPARISONS`.
    unit
        One of :data:`UNITS`.
    force
        One of :data:`FORCES`; kept apart from the number.
    mark
        One of :data:`MARKS`.
    source
        Where the wording or figure was seen.
    zh, en
        The rule.
    remedy_zh, remedy_en
        What cures a breach of it.
    value, upper
        Its figure (``upper`` only where the comparison is ``between``; both ends inclusive).
    by_class
        The class's figure that it stands for, in place of ``value``.
    """

    id: str
    article: str
    quantity: str
    comparison: str
    unit: str
    force: str
    mark: str
    source: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    value: float | None = None
    upper: float | None = None
    by_class: str | None = None

    @property
    def to_check(self) -> bool:
        """Whether its figure must be shown as 待核对."""
        return self.mark in UNCHECKED_MARKS

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the rule in one language."""
        return self.zh if language == "zh" else self.en

    def remedy(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what cures a breach, in one language."""
        return self.remedy_zh if language == "zh" else self.remedy_en


@dataclass(frozen=True)
class CentreClass:
    """A class of centres by the population served.

    Parameters
    ----------
    name
        一类, 二类, 三类 …
    population_from, population_to
        Bounds in persons. The lower belongs to the class; the upper only if
        ``includes_upper``.
    class_area_m2
        Building area of a centre of this class.
    per_elder_area_m2
        Building area for each person aged 60+, a recommendation.
    use_share_percent
        Share of the use area by group of rooms; sums to 100.
    """

    name: str
    population_from: float
    population_to: float
    includes_upper: bool
    class_area_m2: float
    per_elder_area_m2: float
    use_share_percent: dict[str, float]

    def holds(self, population: float) -> bool:
        """Tell whether a community of so many people is of this class."""
        below = (
            population <= self.population_to
            if self.includes_upper
            else (population < self.population_to)
        )
        return self.population_from <= population and below


@dataclass(frozen=True)
class Room:
    """A room that a centre may have.

    Parameters
    ----------
    name
        What the book calls it.
    group
        The group of rooms that it belongs to.
    also_called
        What ledgers write for it.
    """

    name: str
    group: str
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """A standard as data.

    Parameters
    ----------
    name
        What projects call it; also its file's name.
    zh, en
        Its title.
    place
        Where it applies.
    applies_to
        The kinds of centre it speaks of (:data:`planner.tables.CENTRE_KINDS`).
    classes
        From the least population to the greatest, without gap or overlap.
    rooms
        The menu of rooms.
    clauses
        In the book's order.
    """

    name: str
    zh: str
    en: str
    place: str
    applies_to: tuple[str, ...]
    classes: tuple[CentreClass, ...]
    rooms: tuple[Room, ...]
    clauses: tuple[Clause, ...]

    def title(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the title in one language."""
        return self.zh if language == "zh" else self.en

    def clause(self, clause_id: str) -> Clause:
        """Return a clause by its id.

        Raises
        ------
        KeyError
            If the book has no such clause.
        """
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def class_named(self, name: str) -> CentreClass:
        """Return a class by its name.

        Raises
        ------
        KeyError
            If the book has no such class.
        """
        for centre_class in self.classes:
            if centre_class.name == name:
                return centre_class
        raise KeyError(name)

    def figure(self, quantity: str) -> float | None:
        """Return the figure of the first clause on a quantity, or ``None`` if no clause has one."""
        for clause in self.clauses:
            if clause.quantity == quantity and clause.value is not None:
                return clause.value
        return None

    def class_clause(self, class_figure: str) -> Clause:
        """Return the clause that a figure of the classes comes from.

        Raises
        ------
        KeyError
            If no clause stands for that figure; a book that was read has one for each.
        """
        for clause in self.clauses:
            if clause.by_class == class_figure:
                return clause
        raise KeyError(class_figure)
