"""Which classes each layer is drawn in: the colours and patterns of the map, for QGIS."""

from __future__ import annotations

from typing import Final

from planner.coverage.grades import PATTERNS
from planner.labels import Language, text
from planner.outputs.layers.qml import Look, Rule, quoted
from planner.outputs.palette import (
    CANDIDATE_MARKS,
    CENTRE_MARKS,
    COVERAGE_BOUNDS,
    COVERAGE_CLASSES,
    COVERAGE_FILLS,
    ESTATE_MARKS,
    GRADE_FILLS,
    GRADE_INKS,
    HATCHED,
    NEW_WAY,
    PROGRAMME_MARKS,
    PROPOSAL_MARKS,
    STATE_MARKS,
)
from planner.outputs.words import word
from planner.tables import OPEN_STATUS

SHAPES: Final = {
    "dot": "circle", "square": "square", "triangle": "triangle", "ring": "circle",
    "tick": "circle", "minus": "diamond", "query": "pentagon", "box": "square",
    "slash": "cross2", "dashed": "square", "pin": "star", "delta": "triangle",
    "delta_open": "triangle", "cross": "cross2", "crosshair": "cross", "house": "pentagon",
    "gem": "diamond", "plate": "hexagon", "gone": "cross2",
}  # fmt: skip
"""The nearest of QGIS's shapes to each of the map's."""

OPEN: Final = ("ring", "dashed", "delta_open")
"""Marks of the map without a ground."""

STROKES: Final = ("cross", "cross2")
"""QGIS's shapes without a ground: their outline is all that is seen."""

LABELS: Final = {
    "communities": "name", "centres": "name", "candidates": "name", "estates": "name",
    "gap_areas": "rank", "programme": "name",
}  # fmt: skip
"""The column that is written beside the features of a layer."""


def _mark(look: tuple[str, str], size_mm: float = 3.2) -> Look:
    shape, color = look
    drawn = SHAPES[shape]
    is_open = shape in OPEN or drawn in STROKES
    return Look("marker", color, "#ffffff", drawn, size_mm=size_mm, is_open=is_open)


def _is(column: str, *words: str) -> str:
    return f'"{column}" IN ({", ".join(quoted(one) for one in words)})'


def _communities(language: Language) -> list[Rule]:
    """Return the four steps of coverage; the lower bound of each belongs to it."""
    rules, above = [], ""
    for name, bound in zip(COVERAGE_CLASSES, (*COVERAGE_BOUNDS, 0.0), strict=False):
        where = f'"share_60" >= {bound}{above}'
        rules.append(Rule(where, text(f"outputs.coverage_{name}", language), _ground(name)))
        above = f' AND "share_60" < {bound}'
    nobody = text("outputs.coverage_nobody", language)
    return [*rules, Rule("", nobody, _ground("nobody"))]


def _ground(name: str) -> Look:
    pattern = "diagonal" if name in HATCHED else "plain"
    return Look("fill", COVERAGE_FILLS[name], "#8b8d91", pattern=pattern)


def _grades(language: Language) -> list[Rule]:
    return [
        Rule(
            _is("grade", word(grade, language)),
            word(grade, language),
            Look("fill", fill, GRADE_INKS[grade], pattern=PATTERNS[grade], size_mm=0.5),
        )
        for grade, fill in GRADE_FILLS.items()
    ]


def _centres(language: Language) -> list[Rule]:
    """Return operating centres by what the audit says; the others by their status."""
    rules = [
        Rule(
            f"{_is('status', word(OPEN_STATUS, language))} AND {_is('result', told)}",
            told,
            _mark(CENTRE_MARKS[name], 4.0),
        )
        for name in ("meets", "short", "unknown")
        for told in [word(name, language)]
    ]
    coming = [word(one, language) for one in ("在建", "规划")]
    closed = [word(one, language) for one in ("闲置", "停运")]
    return [
        *rules,
        Rule(_is("status", *coming), " / ".join(coming), _mark(CENTRE_MARKS["coming"])),
        Rule(_is("status", *closed), " / ".join(closed), _mark(CENTRE_MARKS["closed"])),
        Rule("", text("layers.other_centres", language), _mark(CENTRE_MARKS["other"])),
    ]


def _by_word(
    column: str, marks: dict[str, tuple[str, str]], language: Language, size_mm: float
) -> list[Rule]:
    return [
        Rule(_is(column, word(name, language)), word(name, language), _mark(look, size_mm))
        for name, look in marks.items()
    ]


def _estates(language: Language) -> list[Rule]:
    marks = {f"estate_{name}": look for name, look in ESTATE_MARKS.items() if name != "no_rule"}
    rest = Rule("", text("layers.estate_no_rule", language), _mark(ESTATE_MARKS["no_rule"]))
    return [*_by_word("estate_result", marks, language, 3.6), rest]


def layer_rules(language: Language) -> dict[str, list[Rule]]:
    """Return the classes of every layer that has its own look, by the layer's name."""
    rest = text("layers.all", language)
    streets = [
        Rule('"main"', text("layers.main_streets", language), Look("line", "#a8a29a", size_mm=0.5)),
        Rule("", text("layers.streets", language), Look("line", "#d6d1c7", size_mm=0.18)),
    ]
    way = Look("line", NEW_WAY, size_mm=0.8, is_dashed=True)
    proposals = _mark(PROPOSAL_MARKS["place"], 3.0)
    return {
        "communities": _communities(language),
        "gaps": [Rule("", rest, Look("fill", "#ffffff", "#9c1420", is_open=True, size_mm=0.4))],
        "centres": _centres(language),
        "candidates": _by_word("state", CANDIDATE_MARKS, language, 3.4),
        "estates": _estates(language),
        "cells": _by_word("state", STATE_MARKS, language, 1.4),
        "streets": streets,
        "gap_areas": _grades(language),
        "new_ways": [Rule("", rest, way)],
        "proposals": [Rule("", rest, proposals)],
        "programme": _by_word("programme_class", PROGRAMME_MARKS, language, 4.4),
    }
