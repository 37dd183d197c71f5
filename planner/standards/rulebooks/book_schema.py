"""The keys of a rule book's file, and whether each entry by itself is whole."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from planner.labels import Message, message

Test = Callable[[Any], bool]

SECTIONS: Final = ("book", "class", "room", "clause")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_text(value: Any) -> bool:
    """Tell whether a value is text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # Whole numbers beyond every float are none that anything is measured in.
    return number and 0 <= value <= sys.float_info.max


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    """Tell whether a value is a list of texts, none of them twice; it may be empty."""
    texts = isinstance(value, list) and all(is_text(entry) for entry in value)
    return texts and len(set(value)) == len(value)


def _is_shares(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_number, value.values()))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def day(value: Any) -> datetime.date | None:
    """Return the day that a value names, ``None`` if it names none: 2023-02-30 does not.

    Parameters
    ----------
    value
        Text ``YYYY-MM-DD``, or a date as TOML has it without quotes.
    """
    if isinstance(value, datetime.datetime):
        return None
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _is_given(value: Any) -> bool:
    """Let every value pass: what it may be is told by a message of its own."""
    del value
    return True


_NAME: Final[Mapping[str, Test]] = {"name": is_text}
_TITLE: Final[Mapping[str, Test]] = {
    "zh": is_text,
    "en": is_text,
    "place": is_text,
    "applies_to": _is_texts,
}
_BOOK_MAY: Final[Mapping[str, Test]] = {
    "in_force_from": _is_given,
    "in_force_until": _is_given,
    "based_on": is_text,
}
_CLASS: Final[Mapping[str, Test]] = {
    "name": is_text,
    "population_from": _is_number,
    "population_to": _is_number,
    "includes_upper": _is_flag,
    "class_area_m2": _is_number,
    "per_elder_area_m2": _is_number,
    "use_share_percent": _is_shares,
}
_ROOM: Final[Mapping[str, Test]] = {"name": is_text, "group": is_text}
_ROOM_MAY: Final[Mapping[str, Test]] = {"also_called": _is_texts}
_CLAUSE: Final[Mapping[str, Test]] = dict.fromkeys(
    (
        *("id", "article", "quantity", "comparison", "unit", "force", "mark", "source"),
        *("zh", "en", "remedy_zh", "remedy_en"),
    ),
    is_text,
)
_CLAUSE_MAY: Final[Mapping[str, Test]] = {
    "value": _is_number,
    "upper": _is_number,
    "tolerance": _is_number,
    "by_class": is_text,
    "per": is_text,
    "items": _is_texts,
    "kinds": _is_texts,
    "measures": _is_texts,
    "when": _is_table,
}
_WHEN_MAY: Final[Mapping[str, Test]] = {
    "built": _is_texts,
    "capacity_from": _is_number,
    "floor_from": _is_number,
    "estate": _is_texts,
}


def _entry_problems(
    file: str,
    where: str,
    entry: Any,
    must: Mapping[str, Test],
    may: Mapping[str, Test] | None = None,
) -> list[Message]:
    """Return what is wrong with one entry: keys missing, unknown or of the wrong kind."""
    if not isinstance(entry, dict):
        return [message("standards.not_a_table", file=file, clause=where)]
    known = {**must, **(may or {})}
    problems = [
        message("standards.key_unknown", file=file, clause=where, key=key, keys="、".join(known))
        for key in entry
        if key not in known
    ]
    problems += [
        message("standards.key_missing", file=file, clause=where, key=key)
        for key in must
        if key not in entry
    ]
    problems += [
        message("standards.value_wrong", file=file, clause=where, key=key, value=entry[key])
        for key, test in known.items()
        if key in entry and not test(entry[key])
    ]
    return problems


def judgeable(clause: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what of a clause has the right form, and the keys that have not.

    Parameters
    ----------
    clause
        A clause as a file has it.
    """
    if not isinstance(clause, dict):
        return {}, frozenset()
    known = {**_CLAUSE, **_CLAUSE_MAY}
    right = {key: value for key, value in clause.items() if key in known and known[key](value)}
    if "when" in right:
        when = right["when"].items()
        right["when"] = {
            key: value for key, value in when if key in _WHEN_MAY and _WHEN_MAY[key](value)
        }
    return right, frozenset(clause.keys() & known.keys() - right.keys())


def is_whole_class(entry: Any) -> bool:
    """Tell whether an entry of ``[[class]]`` has all its keys, each of the right form."""
    return not _entry_problems("", "", entry, _CLASS)


def entries_of(raw: Mapping[str, Any], section: str) -> list[Any]:
    """Return a section's entries; one written as a single table is a list of one."""
    entries = raw.get(section, [])
    return entries if isinstance(entries, list) else [entries]


def _names(entries: Sequence[Any], key: str) -> list[str]:
    """Return what each entry of a list is called in messages: its name, else its place."""
    return [
        str(entry[key]) if isinstance(entry, dict) and is_text(entry.get(key)) else f"#{position}"
        for position, entry in enumerate(entries, start=1)
    ]


def _twice(file: str, names: Sequence[str]) -> list[Message]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [message("standards.clause_twice", file=file, clause=name) for name in repeated]


def _when_problems(file: str, where: str, clause: Any) -> list[Message]:
    when = clause.get("when") if isinstance(clause, dict) else None
    if not isinstance(when, dict):
        return []
    if not when or any(value == [] for value in when.values()):
        return [message("standards.when_empty", file=file, clause=where)]
    return _entry_problems(file, f"{where}, when", when, {}, _WHEN_MAY)


def _date_problems(file: str, book: Any) -> list[Message]:
    if not isinstance(book, dict):
        return []
    given = {key: book[key] for key in ("in_force_from", "in_force_until") if key in book}
    problems = [
        message("standards.date_wrong", file=file, key=key, value=value)
        for key, value in given.items()
        if day(value) is None
    ]
    if problems or len(given) < len(("from", "until")):
        return problems
    begins, ends = day(given["in_force_from"]), day(given["in_force_until"])
    if begins is not None and ends is not None and ends < begins:
        return [message("standards.dates_crossed", file=file, begins=begins, ends=ends)]
    return []


def schema_problems(file: str, raw: Mapping[str, Any]) -> list[Message]:
    """Return what is wrong with a file's entries one by one: keys missing, unknown, of no kind.

    Parameters
    ----------
    file
        The file's name, for messages.
    raw
        What its TOML holds. A book that is based on another may leave out all but its name and
        what it changes.
    """
    problems = [
        message("standards.section_unknown", file=file, section=key, sections="、".join(SECTIONS))
        for key in raw
        if key not in SECTIONS
    ]
    book = raw.get("book", {})
    based = isinstance(book, dict) and "based_on" in book
    problems += [
        message("standards.section_missing", file=file, section=key)
        for key in (("book",) if based else ("book", "clause"))
        if not raw.get(key)
    ]
    if based:
        problems += _entry_problems(file, "book", book, _NAME, {**_TITLE, **_BOOK_MAY})
    else:
        problems += _entry_problems(file, "book", book, {**_NAME, **_TITLE}, _BOOK_MAY)
    problems += _date_problems(file, book)
    schemas = (
        ("class", "name", _CLASS, None),
        ("room", "name", _ROOM, _ROOM_MAY),
        ("clause", "id", _CLAUSE, _CLAUSE_MAY),
    )
    for section, key, must, may in schemas:
        entries = entries_of(raw, section)
        names = _names(entries, key)
        problems += _twice(file, names)
        for name, entry in zip(names, entries, strict=True):
            problems += _entry_problems(file, name, entry, must, may)
            if section == "clause":
                problems += _when_problems(file, name, entry)
    return problems
