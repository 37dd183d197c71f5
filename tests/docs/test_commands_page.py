"""``docs/命令.md`` tells every command and every option, and none that does not exist."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pytest

from planner.cli import _parser
from tests.docs.pages import DOCS, blocks, prose, rows, ticked

PAGE = DOCS / "命令.md"
SHARED = "每条命令都有的选项"


def parsers() -> dict[str, argparse.ArgumentParser]:
    actions = _parser("zh")._actions
    found: dict[str, Any] = next(one for one in actions if one.dest == "==SUPPRESS==").choices  # type: ignore[assignment]
    return found


def wanted(name: str) -> set[str]:
    """Return what a command takes: its places by metavar, its options by name."""
    told = set()
    for action in parsers()[name]._actions:
        if action.dest not in ("help", "language"):
            told.add(action.option_strings[-1] if action.option_strings else str(action.metavar))
    return told


def told(heading: str) -> list[str]:
    """Return the first thing in backticks of each row under a heading, without its values."""
    under = [row for row in rows(PAGE) if row.headings[-1] == heading]
    return [ticked(row.cells[0])[0].split(" ")[0] for row in under]


def test_every_command_has_its_part() -> None:
    found = re.findall(r"^## `planner ([a-z-]+)`$", prose(PAGE), re.MULTILINE)
    assert sorted(found) == sorted(parsers())


@pytest.mark.parametrize("name", sorted(parsers()))
def test_every_option_is_told_once(name: str) -> None:
    assert sorted(told(f"`planner {name}`")) == sorted(wanted(name))


@pytest.mark.parametrize("name", sorted(parsers()))
def test_every_command_has_an_example(name: str) -> None:
    examples = [block.text for block in blocks("sh") if block.page == PAGE]
    assert any(re.search(rf"^planner {name}\b", text, re.MULTILINE) for text in examples)


def test_shared_options_are_told() -> None:
    assert sorted(told(SHARED)) == ["--help", "--language", "--version"]


def test_choices_are_told() -> None:
    for row in rows(PAGE):
        command = row.headings[-1].strip("`").removeprefix("planner ")
        for action in parsers()[command]._actions if command in parsers() else ():
            if ticked(row.cells[0])[0].split(" ")[0] in action.option_strings and action.choices:
                assert all(str(one) in " ".join(row.cells) for one in action.choices), row.cells
