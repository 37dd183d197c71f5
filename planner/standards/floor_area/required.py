"""The floor area that a number of people requires, and how that figure was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from planner.standards.rulebooks.books import DEFAULT_BOOK, classed_book
from planner.standards.rulebooks.clauses import CentreClass, Clause, RuleBook
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER

SmallGroups = Literal["pro_rata", "join_nearest"]
SMALL_GROUPS: Final[tuple[SmallGroups, ...]] = get_args(SmallGroups)
"""The project's choice below the least class: that class pro rata by elders, or joined groups."""

BELOW_LEAST_CLASS: Final = "below-least-class"
ABOVE_GREATEST_CLASS: Final = "above-greatest-class"
"""Ids of the clauses that say what is done beyond a book's classes."""

READINGS: Final = (
    "class_area", "pro_rata", "left_alone", "several_centres", "per_elder", "unknown",
)  # fmt: skip
"""How a required area was reached.

``class_area`` the area of the class; ``pro_rata`` below the least class, that class pro rata by
elders; ``left_alone`` the same figure, where groups are joined but this one has no other to join;
``several_centres`` above the greatest class; ``per_elder`` the elders times their figure, where
the project lets that decide; ``unknown`` for want of people.
"""


@dataclass(frozen=True)
class RequiredFloorArea:
    """The floor area that a number of people requires; ``None`` stands for unknown.

    Parameters
    ----------
    population, elderly_60
        Persons, and those aged 60 and over; ``None`` where unknown.
    book
        Name of the rule book.
    small_groups
        The choice for groups below the least class.
    centre_class
        一类, 二类 or 三类; ``None`` below the least class and where the population is unknown.
        Above the greatest class, that of each of ``centres_needed`` equal parts.
    class_area_m2
        Building area of one centre of that class; below the least class, its pro-rata figure.
    per_elder_area_m2
        The recommendation for high-ageing communities: elders times the figure of the class
        (below the least class, of the least class). Decides only where the project says so.
    required_m2
        ``centres_needed`` times ``class_area_m2``; ``per_elder_area_m2`` where that decides.
    centres_needed
        1, or above the greatest class the population over its upper bound, rounded up.
    reading
        One of :data:`READINGS`.
    marks
        Marks of the clauses used, by the clause's id.
    """

    population: float | None
    elderly_60: float | None
    book: str
    small_groups: SmallGroups
    centre_class: str | None
    class_area_m2: float | None
    per_elder_area_m2: float | None
    required_m2: float | None
    centres_needed: int | None
    reading: str
    marks: dict[str, str]


def check_small_groups(small_groups: str) -> None:
    """Refuse a reading of small groups that is not one of :data:`SMALL_GROUPS`.

    Raises
    ------
    ValueError
        If it is another.
    """
    if small_groups not in SMALL_GROUPS:
        text = f"small_groups must be one of {SMALL_GROUPS}, not {small_groups!r}"
        raise ValueError(text)


def _centres_needed(persons: np.ndarray, greatest: CentreClass) -> np.ndarray:
    """Return into how many equal parts people are split so that the greatest class holds each."""
    parts = persons / greatest.population_to
    # An upper bound that is not of the class holds no part: so many more make two.
    count = np.ceil(parts) if greatest.includes_upper else np.floor(parts) + 1.0
    return np.maximum(count, 1.0)


def _class_positions(population: np.ndarray, classes: tuple[CentreClass, ...]) -> np.ndarray:
    """Return the place of each population's class; that of the least where it is below that."""
    positions = np.zeros(len(population), dtype=np.int64)
    for place, centre_class in enumerate(classes):
        top = centre_class.population_to
        below = population <= top if centre_class.includes_upper else population < top
        positions[(population >= centre_class.population_from) & below] = place
    return positions


def required_floor_areas(
    people: pd.DataFrame,
    *,
    book: RuleBook,
    small_groups: SmallGroups = "pro_rata",
    per_elder_decides: bool = False,
) -> pd.DataFrame:
    """Return the floor area that each row's people require.

    With P people of whom E are aged 60+, a class c with area A_c and per-elder figure a_c, the
    least class l and the greatest upper bound T (50,000):

    - P unknown (missing, or 0: a community without people is one whose number is not known):
      required is unknown;
    - P < lower bound of l: min(A_l, a_l * E), the least class pro rata by elders. A_l / a_l
      elders (三类: 1,923) are what that class is made for, so that the figure is A_l times their
      share; it never exceeds A_l. Unknown where E is (missing, or 0: among people there are
      elders, so that none is a number that is not known);
    - P <= T: A_c, for c the class that holds P (lower bound included);
    - P > T: n = ceil(P / T) centres, each A_c for the class c of P / n people; of l where that is
      fewer than l begins with. Where T is not of its class, P = T is beyond it, too, and n is the
      least number with P / n < T.

    Where the area per elder decides (a 可 of the book, taken by the project for its high-ageing
    communities: TRADE 4), required is a_c * E wherever P and E are known, without an upper bound.
    Where E is not, nobody knows how high the ageing is: the area is that above.

    The figures are the book's; that of P < lower bound and P > T are the project's choice, no
    rule having been seen (clauses :data:`BELOW_LEAST_CLASS` and :data:`ABOVE_GREATEST_CLASS`).

    Parameters
    ----------
    people
        ``population`` and ``elderly_60``, persons; missing is unknown.
    book
        The rule book.
    small_groups
        Which choice to name; with ``join_nearest`` the caller has joined the rows before, and
        what is still below the least class is ``left_alone``, at the pro-rata figure.
    per_elder_decides
        Whether the area per elder decides in place of the class's.

    Returns
    -------
    DataFrame
        Same index: ``centre_class`` (missing below the least class), ``class_area_m2``,
        ``per_elder_m2`` (the figure), ``per_elder_area_m2, required_m2, centres_needed`` (NaN
        where unknown) and ``reading`` (:data:`READINGS`).
    """
    check_small_groups(small_groups)
    classes = book.classes
    least = classes[0]
    population = people["population"].to_numpy(dtype=float, na_value=np.nan)
    given = people["elderly_60"].to_numpy(dtype=float, na_value=np.nan)
    elders = np.where(given > 0, given, np.nan)
    known = np.isfinite(population) & (population > 0)
    persons = np.where(known, population, np.nan)
    centres = np.where(known, _centres_needed(persons, classes[-1]), np.nan)
    positions = _class_positions(persons / centres, classes)
    small = known & (persons < least.population_from)
    areas = np.array([entry.class_area_m2 for entry in classes])
    figures = np.array([entry.per_elder_area_m2 for entry in classes])
    names = np.array([entry.name for entry in classes], dtype=object)
    figure = np.where(small, least.per_elder_area_m2, np.where(known, figures[positions], np.nan))
    pro_rata = np.minimum(least.class_area_m2, least.per_elder_area_m2 * elders)
    class_area = np.where(small, pro_rata, np.where(known, areas[positions], np.nan))
    below = "pro_rata" if small_groups == "pro_rata" else "left_alone"
    unknown = ~known | (small & ~np.isfinite(elders))
    reading = np.select([unknown, small, centres > 1], ["unknown", below, "several_centres"], "")
    per_elder = figure * elders
    required = centres * class_area
    if per_elder_decides:
        by_elders = np.isfinite(per_elder)
        required = np.where(by_elders, per_elder, required)
        reading = np.where(by_elders, "per_elder", reading)
    return pd.DataFrame(
        {
            "centre_class": pd.Series(
                np.where(known & ~small, names[positions], None), people.index, dtype=object
            ),
            "class_area_m2": class_area,
            "per_elder_m2": figure,
            "per_elder_area_m2": per_elder,
            "required_m2": required,
            "centres_needed": centres,
            "reading": pd.Series(
                np.where(reading == "", "class_area", reading), people.index, dtype=object
            ),
        },
        index=people.index,
    )


def clauses_used(book: RuleBook, reading: str) -> tuple[Clause, ...]:
    """Return the clauses behind a required area and the recommendation beside it.

    That which decides comes first. A book need not speak of what lies beyond its classes.

    Parameters
    ----------
    book
        The rule book.
    reading
        One of :data:`READINGS`.
    """
    if reading == "unknown":
        return ()
    beyond = {
        "pro_rata": BELOW_LEAST_CLASS,
        "left_alone": BELOW_LEAST_CLASS,
        "several_centres": ABOVE_GREATEST_CLASS,
    }.get(reading)
    figures = (book.class_clause(CLASS_AREA), book.class_clause(PER_ELDER))
    if reading == "per_elder":
        return figures[::-1]
    return (*(clause for clause in book.clauses if clause.id == beyond), *figures)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def required_floor_area(
    population: float | None,
    elderly_60: float | None,
    *,
    book: str | RuleBook = DEFAULT_BOOK,
    small_groups: SmallGroups = "pro_rata",
    per_elder_decides: bool = False,
) -> RequiredFloorArea:
    """Return the floor area that a community of so many people requires of its centre.

    Parameters
    ----------
    population
        Persons; ``None``, NaN and 0 are unknown, and so is what they require.
    elderly_60
        Persons aged 60 and over; ``None``, NaN and 0 are unknown.
    book
        Name of a shipped rule book, or a book.
    small_groups, per_elder_decides
        The project's choices; see :func:`required_floor_areas`, whose formula this is, for one
        row.

    Raises
    ------
    ValueError
        If a number is negative or infinite, or ``small_groups`` is unknown.
    RuleBookError
        If there is no such book, or it has no classes.

    Examples
    --------
    >>> required_floor_area(23_400, 4_446).class_area_m2
    1085.0
    """
    rules = classed_book(book)
    given = [np.nan if value is None else float(value) for value in (population, elderly_60)]
    if any(value < 0 or np.isinf(value) for value in given):
        text = f"population and elderly_60 must be finite and not negative: {given}"
        raise ValueError(text)
    people = pd.DataFrame({"population": given[:1], "elderly_60": given[1:]})
    row = required_floor_areas(
        people, book=rules, small_groups=small_groups, per_elder_decides=per_elder_decides
    ).iloc[0]
    centres = _known(row["centres_needed"])
    return RequiredFloorArea(
        population=_known(given[0]),
        elderly_60=_known(given[1]),
        book=rules.name,
        small_groups=small_groups,
        centre_class=row["centre_class"],
        class_area_m2=_known(row["class_area_m2"]),
        per_elder_area_m2=_known(row["per_elder_area_m2"]),
        required_m2=_known(row["required_m2"]),
        centres_needed=None if centres is None else int(centres),
        reading=str(row["reading"]),
        marks={clause.id: clause.mark for clause in clauses_used(rules, str(row["reading"]))},
    )
