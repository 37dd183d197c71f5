"""What a rule book is: classes of centres, rooms and clauses, each clause with its own weight."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from planner.labels import DEFAULT_LANGUAGE, Language
from planner.standards.rulebooks.vocabulary import UNCHECKED_MARKS


@dataclass(frozen=True)
class When:
    """When a clause applies: every condition that is given must hold.

    A condition whose fact the ledger does not give makes the clause's result unknown.

    Parameters
    ----------
    built
        How the centre came to be: one of these of :data:`planner.tables.BUILT_AS`.
    capacity_from
        Day places or beds, at least so many (inclusive).
    floor_from
        Storey that elders use, at least this (inclusive).
    estate
        For estates: one of these of :data:`planner.tables.ESTATE_AGES`.
    """

    built: tuple[str, ...] = ()
    capacity_from: float | None = None
    floor_from: float | None = None
    estate: tuple[str, ...] = ()


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
        What it speaks of: one of :data:`planner.standards.rulebooks.quantities.QUANTITIES`.
    comparison
        One of :data:`.vocabulary.COMPARISONS`.
    unit
        The quantity's unit.
    force
        One of :data:`.vocabulary.FORCES`; kept apart from the number.
    mark
        One of :data:`.vocabulary.MARKS`.
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
    tolerance
        Slack of ``equal`` in the quantity's unit; a share may lie so far below.
    per
        One of :data:`.vocabulary.PER`.
    items
        What must be there (``has``) or may be (``one_of``).
    kinds
        The kinds of centre that it binds, where they are fewer than the book's.
    when
        When it applies.
    measures
        Kinds of measure that cure a breach, the mildest first; of :data:`.vocabulary.MEASURES`.
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
    tolerance: float | None = None
    per: str = "centre"
    items: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    when: When = When()
    measures: tuple[str, ...] = ()

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
        The kinds of centre it speaks of (:data:`planner.tables.CENTRE_KINDS`); none where it
        speaks only of estates or the district.
    classes
        From the least population to the greatest, without gap or overlap; none where the book
        has none.
    rooms
        The menu of rooms.
    clauses
        In the book's order.
    in_force_from, in_force_until
        First and last day on which it binds, ``None`` where open or not known.
    based_on
        The book whose clauses it changes or adds to; empty where it stands alone. The clauses
        given here are already those of both.
    """

    name: str
    zh: str
    en: str
    place: str
    applies_to: tuple[str, ...]
    classes: tuple[CentreClass, ...]
    rooms: tuple[Room, ...]
    clauses: tuple[Clause, ...]
    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None
    based_on: str = ""

    def in_force(self, on: datetime.date) -> bool:
        """Tell whether the book binds on a day; an end that is not known binds nobody out."""
        begun = self.in_force_from is None or self.in_force_from <= on
        return begun and (self.in_force_until is None or on <= self.in_force_until)

    def kinds_of(self, clause: Clause) -> tuple[str, ...]:
        """Return the kinds of centre that a clause of the book binds."""
        return clause.kinds or self.applies_to

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

    def figure(self, quantity: str) -> float | None:
        """Return the figure of the first clause on a quantity, or ``None`` if no clause has one.

        Whomever it binds: for figures that are the whole book's, such as ``use_area_ratio``. Of
        those of kinds of centre, see :meth:`figure_for`.
        """
        for clause in self.clauses:
            if clause.quantity == quantity and clause.value is not None:
                return clause.value
        return None

    def figure_for(self, quantity: str, kinds: Collection[str]) -> float | None:
        """Return the one figure that the book has for some kinds of centre, all alike.

        ``None`` where it has none for one of them, or several: no single figure is theirs then.

        Parameters
        ----------
        quantity
            What the figure is of.
        kinds
            Kinds of centre (:data:`planner.tables.CENTRE_KINDS`).
        """
        binding = [
            (clause.value, self.kinds_of(clause))
            for clause in self.clauses
            if clause.quantity == quantity and clause.value is not None
        ]
        found = {kind: {value for value, bound in binding if kind in bound} for kind in kinds}
        figures = set().union(*found.values())
        return figures.pop() if len(figures) == 1 and all(found.values()) else None

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
