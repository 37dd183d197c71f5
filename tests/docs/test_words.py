"""Words and figures of ``docs/`` are those of the code: terms, constants, clauses, walkers."""

from __future__ import annotations

import importlib
import re
import tomllib
from importlib import resources
from typing import Any

import pytest

import planner
from planner import tables
from planner.coverage.gap_causes import GAP_CAUSES
from planner.labels import catalogue
from planner.outputs.printed.printed_maps import SHEETS
from planner.standards.judging.grades import GRADES
from planner.standards.rulebooks.books import rule_book, rule_books
from tests.docs.pages import DOCS, Row, pages, rows, ticked

SOURCE = "代码"
VALUE = "值"
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def missing(page: str, words: tuple[str, ...]) -> list[str]:
    text = text_of(page)
    return [word for word in words if word not in text]


@pytest.mark.parametrize(
    "words",
    [
        tables.CENTRE_KINDS, tables.STATUSES, tables.AREA_KINDS, tables.POPULATION_KINDS,
        tables.NEEDS, GRADES, tables.WORKS,
    ],
    ids=["kinds", "statuses", "areas", "populations", "needs", "grades", "works"],
)  # fmt: skip
def test_terms_hold_every_word_of_the_ledgers(words: tuple[str, ...]) -> None:
    assert missing("术语.md", words) == []


def labelled(*starts: str) -> tuple[str, ...]:
    return tuple(catalogue()[start]["zh"] for start in starts)


def test_terms_hold_every_state_and_cause_as_outputs_name_them() -> None:
    states = labelled(*(f"coverage.state_{name}" for name in tables.WALKING_STATES))
    near = ("full", "lacks_need", "severed", "closed")
    causes = labelled(*(f"words.{name}" for name in near))
    assert set(near) < set(GAP_CAUSES)
    assert missing("术语.md", (*states, *causes)) == []


def constants() -> list[Row]:
    return [row for page in pages() for row in rows(page) if row.heads[-1] == SOURCE]


def numbers(text: str) -> list[float]:
    return [float(one.replace(",", "").replace("−", "-")) for one in NUMBER.findall(text)]


def value_of(name: str) -> Any:
    """Return what a row's last cell names: a constant, a clause, a class, or a walker's figure."""
    if ":" not in name:
        parts = name.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            try:
                found: Any = importlib.import_module(".".join(parts[:cut]))
            except ModuleNotFoundError:
                continue
            for part in parts[cut:]:
                found = getattr(found, part)
            return found
        raise AssertionError(name)
    owner, _, part = name.partition(":")
    if owner == "walker":
        who, _, figure = part.partition(".")
        return getattr(planner.walker(who), figure)
    book = rule_book(owner)
    label, _, figure = part.partition(".")
    classes = {one.name: one for one in book.classes}
    if label in classes:
        return getattr(classes[label], figure)
    return next(one for one in book.clauses if one.id == label).value


@pytest.mark.parametrize("row", constants(), ids=lambda row: row.cells[0])
def test_a_figure_is_that_of_the_code(row: Row) -> None:
    wanted: list[float] = []
    for name in ticked(row[SOURCE]):
        found = value_of(name)
        held = list(found.values()) if isinstance(found, dict) else found
        wanted += list(held) if isinstance(held, list | tuple) else [held]
    assert numbers(row[VALUE]) == pytest.approx(wanted, rel=1e-12)


def test_there_are_figures_to_hold() -> None:
    assert len(constants()) >= 20


def test_books_named_are_shipped() -> None:
    known = rule_books()
    pattern = re.compile(r"\b(?:gb|jgj|jianbiao|td)-[a-z0-9-]+")
    named = {name for page in pages() for name in pattern.findall(page.read_text("utf-8"))}
    assert named
    assert named <= set(known)


def test_environment_variables_named_are_read() -> None:
    known = {"PLANNER_LANGUAGE", "PLANNER_THREADS", "PLANNER_OVERPASS", "PLANNER_NOMINATIM"}
    services = (resources.files("planner.ledgers") / "geocoders").iterdir()
    told = [tomllib.loads(one.read_text("utf-8")) for one in services if one.name.endswith(".toml")]
    known |= {one["key_variable"] for one in told if one.get("key_variable")}
    named = {
        name for page in pages() for name in re.findall(r"PLANNER_[A-Z_]+", page.read_text("utf-8"))
    }
    assert named == known


def test_every_printed_sheet_is_told() -> None:
    wanted = (*labelled(*(f"printed.title_{name}" for name in SHEETS)), "map_streets")
    assert missing("操作指南/打印图与报告.md", wanted) == []
