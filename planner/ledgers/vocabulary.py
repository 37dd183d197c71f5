"""The words of headings, kept as data: what names which column, and what names persons."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any, Final

from planner.ledgers.quantities import COLUMN_QUANTITIES, heading_unit
from planner.ledgers.raw import HEADING_BYTES, LONGEST_CHARACTER
from planner.tables import LEDGER_TABLES

_BRACKETS: Final = re.compile(r"[(\[{【〔<《]([^()\[\]{}【】〔〕<>《》]*)[)\]}】〕>》]")
_EDGES: Final = "*:：·.、#"


def normalised(heading: str) -> tuple[str, tuple[str, ...]]:
    """Return a heading without case, spaces, full-width forms and brackets; and the brackets.

    ``" 改造费用（万元）"`` is ``("改造费用", ("万元",))``.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).lower()
    inside: list[str] = []
    while (found := _BRACKETS.search(plain)) is not None:
        inside.append(found.group(1))
        plain = plain[: found.start()] + plain[found.end() :]
    return plain.strip(_EDGES), tuple(inside)


@cache
def _book() -> dict[str, Any]:
    file = resources.files("planner.ledgers") / "headings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def column_names(table: str) -> tuple[str, ...]:
    """Return our columns that a ledger of a table may hold."""
    return tuple(_book()[table])


_OTHER_LABELS: Final = {
    "id": "编号",
    "longitude": "经度",
    "latitude": "纬度",
    "floors": "层数",
    "building_use": "用途",
    "footprint_m2": "基底面积",
}


def label_of(table: str, column: str) -> str:
    """Return what a planner calls one of our columns."""
    columns = LEDGER_TABLES.get(table, ())
    labels = {one.name: one.zh for one in columns}
    return labels.get(column, _OTHER_LABELS.get(column, column))


_PART_OF: Final = re.compile(r"^其中[:：,，、]?")
_WHOLE: Final = frozenset({"合计", "小计", "总计", "共计", "计", "总数", "数量", "人数", "总人数"})
"""Below a heading that says of what, these say only that it is the number itself."""


def readings(parts: Sequence[str]) -> tuple[str, ...]:
    """Return how a heading of several rows may be read, the most exact first.

    Parameters
    ----------
    parts
        Its parts, uppermost first: 人口, 其中60岁以上.

    Returns
    -------
    tuple
        All of it (人口其中60岁以上, 人口60岁以上); what stands lowest, which says what is counted
        (60岁以上); or, where that is only 小计 or 数量, what stands above it. Brackets, which may
        hold a unit, stay with every reading.
    """
    if len(parts) < 2:
        return tuple(parts)
    plain = [normalised(part)[0] for part in parts]
    bare = [_PART_OF.sub("", part) for part in plain]
    last = "".join(bare[:-1]) if bare[-1] in _WHOLE else bare[-1]
    units = "".join(f"({one})" for part in parts for one in normalised(part)[1])
    texts = ("".join(plain), "".join(bare), last)
    return tuple(dict.fromkeys(text + units for text in texts if text))


_SAYING: Final = {"area_m2": "area_kind", "delivered_m2": "delivered_kind"}
"""Columns whose heading may say of what kind their figures are."""


@cache
def synonyms(table: str) -> Mapping[str, str]:
    """Return normalised heading → our column, for one table."""
    book = _book()
    known: dict[str, str] = {}
    labels = {column.name: (column.zh, column.en) for column in LEDGER_TABLES[table]}
    for name, listed in book[table].items():
        headings = [name, *labels.get(name, ()), *listed]
        headings += book["shared"].get(name, {}).get("headings", [])
        for heading in headings:
            known.setdefault(normalised(heading)[0], name)
    # Last, since a table with a column for its site has 用地面积 for that.
    for name, kinds in _SAYING.items():
        for heading in chain(*book["says"][kinds].values()) if name in book[table] else ():
            known.setdefault(normalised(heading)[0], name)
    return known


def cut(heading: str) -> frozenset[str]:
    """Return what a shapefile leaves of a heading: 10 bytes, in either encoding."""
    return frozenset(
        data[:HEADING_BYTES].decode(encoding, errors="ignore")
        for encoding in ("gb18030", "utf-8")
        if len(data := heading.encode(encoding)) > HEADING_BYTES
    )


@cache
def cut_synonyms(table: str) -> Mapping[str, tuple[str, str | None]]:
    """Return cut heading → our column and what the whole heading says, where that is one."""
    columns: dict[str, set[str]] = {}
    kinds: dict[str, set[str | None]] = {}
    for heading, name in synonyms(table).items():
        for short in cut(heading):
            columns.setdefault(short, set()).add(name)
            kinds.setdefault(short, set()).add(says(heading))
    return {
        short: (next(iter(names)), next(iter(kinds[short])) if len(kinds[short]) == 1 else None)
        for short, names in columns.items()
        if len(names) == 1
    }


@cache
def _cut_persons() -> frozenset[str]:
    return frozenset(short for heading in _book()["persons"]["cut"] for short in cut(heading))


def names_persons(heading: str, *, short: bool = False) -> bool:
    """Tell whether a heading names what identifies persons.

    Parameters
    ----------
    heading
        As the file has it.
    short
        Whether the format cuts headings to 10 bytes: a word may then be cut as well.
    """
    plain, inside = normalised(heading)
    whole = "".join((plain, *inside))
    persons = _book()["persons"]
    if plain in persons["exact"] or any(word in whole for word in persons["contains"]):
        return True
    if not short or len(heading.encode()) < HEADING_BYTES - LONGEST_CHARACTER + 1:
        return False
    begun = {word[:end] for word in persons["contains"] for end in range(2, len(word))}
    return plain in _cut_persons() or any(plain.endswith(word) for word in begun)


def is_known(parts: Sequence[str], table: str | None) -> bool:
    """Tell whether a heading is one that a column of ours, of persons or of counters has.

    Parameters
    ----------
    parts
        Its parts, uppermost first; one where it stands in one row.
    table
        Our table, or ``None`` for any of them.
    """
    whole = "".join(parts)
    if names_persons(whole) or is_counter(whole):
        return True
    tables = LEDGER_TABLES if table is None else (table,)
    for reading in readings(parts):
        plain, inside = normalised(reading)
        base = heading_unit(plain, inside)[0]
        if any(plain in synonyms(name) or base in synonyms(name) for name in tables):
            return True
    return False


def is_number(parts: Sequence[str], table: str | None) -> bool:
    """Tell whether a heading is one of a column of numbers (coordinates, areas, persons …).

    Parameters
    ----------
    parts, table
        As for :func:`is_known`.
    """
    if table is None or names_persons("".join(parts)):
        return False
    for reading in readings(parts):
        plain, inside = normalised(reading)
        name = synonyms(table).get(plain) or synonyms(table).get(heading_unit(plain, inside)[0])
        if name is not None:
            return name in COLUMN_QUANTITIES or name == "floor"
    return False


def is_counter(heading: str) -> bool:
    """Tell whether a heading only counts rows (序号)."""
    return normalised(heading)[0] in _book()["counters"]["headings"]


def says(plain: str) -> str | None:
    """Return the area kind or population kind that a normalised heading states."""
    for kinds in _book()["says"].values():
        for kind, headings in kinds.items():
            if plain in headings:
                return str(kind)
    return None
