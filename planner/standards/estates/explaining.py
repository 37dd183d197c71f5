"""A finding on an estate in words, with its arithmetic, to be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from planner import tables
from planner.labels import DEFAULT_LANGUAGE, Language, Message, choice, enumerated, message, text
from planner.standards.rulebooks.clauses import Clause
from planner.standards.rulebooks.wording import difference, figure
from planner.tables import LIST_MARK

Row = Mapping[str, Any]

_OWED: Final = {
    "care_area_per_hundred_households": "households",
    "community_rooms_per_hundred_households": "households",
    "care_area_of_housing": "housing_area_m2",
}
_STEPS: Final = "four_steps"
_PLACE: Final = "care_area_least_place"
_FLOOR: Final = "care_rooms_floor"
_DECIMALS: Final = 2


def _known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _shown(value: Any) -> str | Message:
    return figure(float(value), _DECIMALS) if _known(value) else message("estates.not_told")


def _headings(columns: str, language: Language) -> Message:
    return enumerated(
        tables.ESTATES[name].label(language) for name in columns.split(LIST_MARK) if name
    )


def _required(row: Row, estate: Row, clause: Clause) -> list[Message]:
    """Return what the clause asks of this estate."""
    value = clause.value
    if row["quantity"] in _OWED and value is not None:
        column = _OWED[str(row["quantity"])]
        return [
            message(
                f"estates.owed_{column}",
                base=_shown(estate.get(column)),
                value=figure(value, 3),
                required=_shown(row["required_m2"]),
            )
        ]
    if row["quantity"] in (_STEPS, _FLOOR) or value is None:
        return []
    if row["quantity"] in (_PLACE, "care_area_least_joined_place"):
        return [message("estates.least_place", value=figure(value))]
    return [message("estates.least_share", value=figure(value))]


def _held(row: Row, estate: Row) -> list[Message]:
    """Return what the estate has of it."""
    told = []
    if row["quantity"] in _OWED:
        told.append(message("estates.held", area=_shown(row["delivered_m2"])))
    elif row["quantity"] == _PLACE and _known(row["delivered_m2"]):
        key = "estates.place_is" if _known(row["value"]) else "estates.place_held"
        told.append(message(key, area=_shown(row["delivered_m2"])))
    elif row["quantity"] == _FLOOR and _known(row["value"]):
        told.append(message("estates.storey", floor=figure(float(row["value"]))))
    elif row["quantity"] == "resident_activity_share" and _known(row["value"]):
        told.append(message("estates.share_held", value=figure(float(row["value"]), 1)))
    if row["note"]:
        kind = estate.get("delivered_kind")
        kind = choice(str(kind)) if isinstance(kind, str) else choice("未注明")
        area = _shown(estate.get("delivered_m2"))
        told.append(message(f"estates.note_{row['note']}", kind=kind, area=area))
    return told


def _short(row: Row) -> list[Message]:
    if not _known(row["short_m2"]) or not row["short_m2"] > 0:
        return []
    key = "estates.short_at_least" if row["short_at_least"] else "estates.short_by"
    return [message(key, area=difference(float(row["short_m2"]), _DECIMALS))]


def _why(row: Row, language: Language) -> list[Message]:
    """Return why it is no plain meets or short, what is lacking, and what to fill in."""
    told = []
    if row["reason"]:
        told.append(message(f"estates.reason_{row['reason']}"))
    if row["told"]:
        of = "of" if row["quantity"] == _STEPS else "told"
        names = enumerated(
            message(f"estates.{of}_{one}") for one in str(row["told"]).split(LIST_MARK)
        )
        key = "estates.steps_waiting" if row["reason"] else "estates.steps_undone"
        told.append(message(key, steps=names) if of == "of" else names)
    if row["fill_in"]:
        told.append(message("estates.fill_in", columns=_headings(str(row["fill_in"]), language)))
    return told


def explain_finding(
    row: Row, estate: Row, clause: Clause, language: Language = DEFAULT_LANGUAGE
) -> str:
    """Return one finding's arithmetic on one line.

    Parameters
    ----------
    row
        A row of :attr:`planner.standards.estates.required.EstatesOwed.findings`.
    estate
        The estate's row of its ledger.
    clause
        The clause.
    language
        Language of the words.
    """
    parts = [
        *_required(row, estate, clause),
        *_held(row, estate),
        *_short(row),
        *_why(row, language),
    ]
    mark = text("outputs.clause_mark", language)
    return mark.join(part.text(language) for part in parts)
