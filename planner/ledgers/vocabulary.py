"""The words of headings, kept as data: what names which column, and what names persons."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

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
    labels = {one.name: one.zh for one in LEDGER_TABLES[table]}
    return labels.get(column, _OTHER_LABELS.get(column, column))


@cache
def synonyms(table: str) -> Mapping[str, str]:
    """Return normalised heading → our column, for one table."""
    book = _book()
    known: dict[str, str] = {}
    labels = {column.name: (column.zh, column.en) for column in LEDGER_TABLES[table]}
    for name, listed in book[table].items():
        headings = [name, *labels.get(name, ()), *listed]
        headings += book["shared"].get(name, {}).get("headings", [])
        if name == "area_m2":
            headings += [one for kind in book["says"]["area_kind"].values() for one in kind]
        for heading in headings:
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
