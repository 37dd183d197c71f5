"""What the columns of a planner's own road layer say: tags for the foot rules, and storeys."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.streets.arrays import IntArray
from planner.streets.network.rule_lists import ANY
from planner.streets.network.rules import EVERY_LINE, NO_RULE, FootRules, Verdict

GROUND: Final = 0
ABOVE: Final = 1
BELOW: Final = -1
"""Storeys of a bridge and a tunnel that no column numbers (OSM wiki, Key:layer)."""

ANY_ROAD: Final = "road"
"""OpenStreetMap's ``highway`` of a road whose class is not known."""

SHAPEFILE_HEADING_BYTES: Final = 10
"""So many bytes of a heading a shapefile holds (dBASE III)."""


@dataclass(frozen=True)
class RoadColumns:
    """What the columns say of each row of a road layer.

    Parameters
    ----------
    verdicts
        What the foot rules say of each row.
    storeys
        Storey of each row, shape (rows,): 0 on the ground, above 0 bridges, below 0 tunnels.
    notes
        The columns understood (``columns``), and the cells that were not: ``classes_unknown``
        (class → rows, taken for roads of unknown class), ``storeys_unreadable`` (rows, taken to lie
        on the ground), ``level_ignored`` (a column that numbers classes, by the look of it).
    """

    verdicts: list[Verdict]
    storeys: IntArray
    notes: dict[str, Any]


@cache
def _words() -> dict[str, Any]:
    """Return ``road_classes.toml``."""
    text = resources.files("planner.streets.road_layers").joinpath("road_classes.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def _plain(cell: Any) -> str:
    """Return a cell or heading without spaces, in half-width small letters; empty if missing."""
    if cell is None or (not isinstance(cell, list | dict | np.ndarray) and pd.isna(cell)):
        return ""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        cell = int(cell)
    return "".join(unicodedata.normalize("NFKC", str(cell)).lower().split())


def _cut(name: str) -> str:
    """Return a heading as a shapefile in UTF-8 cuts it: 道路等级 is 道路等 there."""
    return name.encode()[:SHAPEFILE_HEADING_BYTES].decode(errors="ignore")


def _found_columns(frame: pd.DataFrame) -> dict[str, str]:
    """Return the headings of a layer by what is understood of them."""
    headings = {_plain(heading): str(heading) for heading in reversed(list(frame.columns))}
    found = {}
    for kind, names in _words()["columns"].items():
        spellings = [spelling for name in names for spelling in (name, _cut(name))]
        heading = next((headings[name] for name in spellings if name in headings), None)
        if heading is not None:
            found[kind] = heading
    return found


def _column(frame: pd.DataFrame, heading: str | None) -> list[str]:
    """Return a column's plain cells; empty ones where there is no such column."""
    return [""] * len(frame) if heading is None else [_plain(cell) for cell in frame[heading]]


def _yes(cell: str) -> bool:
    return cell not in _words()["words"]["no"]


def _storey(cell: str) -> int | None:
    """Return the storey that a cell names, None where it is none; empty is the ground."""
    if cell in _words()["words"]["no"]:
        return GROUND
    named = _words()["storeys"].get(cell)
    if named is not None:
        return int(named)
    try:
        return int(cell)
    except ValueError:
        return None


def _numbered(frame: pd.DataFrame, found: dict[str, str], notes: dict[str, Any]) -> list[int]:
    """Return the storeys that columns number; 0 where none does."""
    for kind in ("layer", "level"):
        if kind not in found:
            continue
        read = [_storey(cell) for cell in _column(frame, found[kind])]
        if kind == "level" and 2 * sum(storey == GROUND for storey in read) < len(read):
            notes["level_ignored"] = found.pop(kind)
            continue
        unreadable = sum(storey is None for storey in read)
        if unreadable:
            notes["storeys_unreadable"] = unreadable
        return [storey or GROUND for storey in read]
    return [GROUND] * len(frame)


def _class_tags(word: str, known: frozenset[str]) -> dict[str, str] | None:
    """Return the tags of a class, by the rules' own words first; None if nobody knows it."""
    if word in known:
        return {"highway": word}
    tags: dict[str, str] | None = _words()["classes"].get(word)
    return tags


def read_columns(frame: pd.DataFrame, rules: FootRules) -> RoadColumns:
    """Return what a road layer's columns say, by ``road_classes.toml`` and the foot rules.

    Where there is no column of classes, or it holds a word that nobody knows, a line is a street
    unless a rule on another of its columns refuses it. One-ways of cars do not bind feet.

    Parameters
    ----------
    frame
        The layer's columns; the geometry is not looked at.
    rules
        Who may walk where.
    """
    found = _found_columns(frame)
    notes: dict[str, Any] = {}
    numbered = _numbered(frame, found, notes)
    tag_keys = {_plain(name): str(name) for name in frame.columns if _plain(name) in rules.keys}
    tag_keys = {key: name for key, name in tag_keys.items() if name not in found.values()}
    known = frozenset(
        value for rule in rules.ways for value in rule.tags.get("highway", ()) if value != ANY
    )
    classes = _column(frame, found.get("class"))
    bridges = _column(frame, found.get("bridge"))
    tunnels = _column(frame, found.get("tunnel"))
    others = {key: _column(frame, name) for key, name in sorted(tag_keys.items())}
    unknown: Counter[str] = Counter()
    verdicts = []
    storeys = np.zeros(len(frame), dtype=np.int64)
    for row, word in enumerate(classes):
        tags = _class_tags(word, known)
        if tags is None and word:
            unknown[word] += 1
        own = {key: cells[row] for key, cells in others.items() if cells[row]}
        verdict = rules.judge({"highway": ANY_ROAD} | (tags or {}) | own)
        if tags is None and verdict.rule == NO_RULE:
            verdict = Verdict(EVERY_LINE, forward=True, backward=True)
        verdicts.append(verdict)
        over = _yes(bridges[row]) or "bridge" in (tags or {})
        under = _yes(tunnels[row]) or "tunnel" in (tags or {})
        storeys[row] = numbered[row] or (ABOVE if over else BELOW if under else GROUND)
    if unknown:
        notes["classes_unknown"] = dict(sorted(unknown.items()))
    notes["columns"] = dict(sorted((found | {f"tag {k}": v for k, v in tag_keys.items()}).items()))
    return RoadColumns(verdicts, storeys, notes)
