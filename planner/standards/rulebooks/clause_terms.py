"""What the entries of a clause can be: by comparison, unit, quantity and subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from planner import tables
from planner.standards.rulebooks.quantities import OF_CENTRES, QUANTITIES, UNITS, Quantity
from planner.standards.rulebooks.vocabulary import (
    CLASS_FIGURES,
    COMPARISONS,
    FORCES,
    MARKS,
    MEASURES,
    PER,
)

FIGURED: Final = ("at_least", "at_most", "less_than", "more_than", "between", "equal")
"""Comparisons with a figure."""

LISTED: Final = ("has", "one_of")
"""Comparisons with ``items``."""

ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    # A standard may speak of a number and give none: it is measured, and judged on the spot.
    "number": (*FIGURED, "statement"),
    "list": ("has", "statement"),
    "word": ("one_of", "statement"),
    "statement": ("statement",),
}
"""Comparisons that the nature of a quantity allows."""

PER_OF_UNIT: Final[Mapping[str, tuple[str, ...]]] = {
    "m2_per_elder": ("elder",),
    "m2_per_seat": ("seat",),
    "m2_per_bed": ("bed",),
    "m2_per_hundred_households": ("hundred_households",),
    "per_mille": ("housing",),
    "beds_per_thousand_elders": ("thousand_elders",),
    "persons_per_room": ("room",),
    "m2_per_person": ("day_user", "district"),
}
"""What a unit's figure is for one of, where the unit says so."""

GREATEST: Final[Mapping[str, float]] = {
    "percent": 100.0,
    "per_mille": 1000.0,
    "ratio": 1.0,
    "grade": 4.0,
}
"""The greatest figure that a unit can have: no more than the whole, fire class 4 the worst."""

WHOLE: Final = ("storey", "grade", "beds", "persons")
"""Units of whole figures."""

WHEN_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(OF_CENTRES, ("built", "capacity_from", "floor_from")),
    "estate": ("estate",),
}
"""Conditions that a clause on a subject can have."""

CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "unit": UNITS,
    "force": FORCES,
    "mark": MARKS,
    "comparison": COMPARISONS,
    "by_class": tuple(CLASS_FIGURES),
    "per": PER,
    "quantity": tuple(QUANTITIES),
}
"""What a key can be; :data:`LIST_CHOICES`: each entry of a list; :data:`WHEN_CHOICES`: of a
condition."""

LIST_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kinds": tables.CENTRE_KINDS,
    "measures": MEASURES,
}

WHEN_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "built": tables.BUILT_AS,
    "estate": tables.ESTATE_AGES,
}

CLASS_QUANTITIES: Final[Mapping[str, str]] = dict(
    zip(
        CLASS_FIGURES,
        ("building_area", "building_area_per_elder", "use_area_share"),
        strict=True,
    )
)
"""The quantity that each figure of a class is of."""


def words_of(quantity: Quantity) -> tuple[str, ...]:
    """Return the words that a clause's ``items`` can be: those its columns can hold.

    A list that several columns tell (the four steps of an estate) is of their headings; none
    where a column holds free text.
    """
    table = tables.ESTATES if quantity.subject == "estate" else tables.CENTRES
    columns = {column.name: column for column in table.columns}
    told = [columns[name] for name in quantity.columns if name in columns]
    if quantity.nature == "list":
        return tuple(column.zh for column in told) if len(told) > 1 else ()
    return tuple(dict.fromkeys(word for column in told for word in column.choices))
