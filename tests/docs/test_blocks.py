"""Every block of code in ``docs/`` is one that works: commands, settings, Python."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.cli import _parser
from planner.scenario import from_mapping
from planner.standards.rulebooks.books import rule_book
from tests.docs.pages import DOCS, ROOT, Block, blocks, pages, prose

MINIMUM: dict[str, Any] = {
    "project": {"name": "甲区"},
    "streets": {"file": "streets.osm.pbf"},
    "communities": {"file": "communities.gpkg"},
    "residents": {"file": "residents.gpkg"},
    "centres": {"file": "centres.xlsx"},
}
"""The least that a project says: a block of a few keys is read as if it stood in such a file."""

OTHERS = ("cd", "make", "pip", ".venv/bin/pip", "conda", "export", "python")
"""Programs of a planner's shell beside ours."""


def of_page(block: Block) -> str:
    return str(block)


def commands(block: Block) -> Iterator[list[str]]:
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words


SHELL = blocks("sh")
SETTINGS = blocks("toml")
CODE = blocks("python")


def is_taken(words: list[str]) -> bool:
    """Tell whether the door takes these words; asking for help ends well, too."""
    try:
        _parser("zh").parse_args(words)
    except SystemExit as ending:
        return ending.code == 0
    return True


@pytest.mark.parametrize("block", SHELL, ids=of_page)
def test_commands_are_ones_that_the_door_takes(
    block: Block, capsys: pytest.CaptureFixture[str]
) -> None:
    for program, *words in commands(block):
        if program == "planner":
            assert is_taken(words), f"{block}: {shlex.join(words)}: {capsys.readouterr().err}"
        elif program == "make":
            targets = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert re.search(rf"^{words[0]}:", targets, re.MULTILINE), words
        else:
            assert program in OTHERS, f"{block}: {program}"


@pytest.mark.parametrize("block", SETTINGS, ids=of_page)
def test_settings_are_ones_that_a_project_may_hold(block: Block, tmp_path: Path) -> None:
    found = tomllib.loads(block.text)
    if "book" in found:
        (tmp_path / f"{found['book']['name']}.toml").write_text(block.text, encoding="utf-8")
        assert rule_book(found["book"]["name"], tmp_path).clauses
        return
    whole = {name: dict(values) for name, values in MINIMUM.items()}
    for section, values in found.items():
        whole[section] = {**whole.get(section, {}), **values}
    from_mapping(whole)


@pytest.mark.parametrize("block", CODE, ids=of_page)
def test_python_compiles_and_uses_public_names(block: Block) -> None:
    tree = ast.parse(block.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_planner(node.value):
            assert node.attr in planner.__all__, f"{block}: planner.{node.attr}"
        elif isinstance(node, ast.Call):
            refuse_unknown_arguments(node, block)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("planner"):
            module = importlib.import_module(str(node.module))
            for name in node.names:
                assert not name.name.startswith("_"), f"{block}: {name.name}"
                assert hasattr(module, name.name), f"{block}: {name.name}"


def is_planner(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "planner"


def refuse_unknown_arguments(call: ast.Call, block: Block) -> None:
    """Fail where a function of ours is called with a keyword that it does not have."""
    if not (isinstance(call.func, ast.Attribute) and is_planner(call.func.value)):
        return
    known = inspect.signature(getattr(planner, call.func.attr)).parameters
    for keyword in call.keywords:
        assert keyword.arg in known, f"{block}: {call.func.attr}({keyword.arg}=)"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_blocks_say_their_language(page: Path) -> None:
    held = {block.language for block in blocks("") if block.page == page}
    assert held == set(), page


def test_options_named_in_the_text_exist() -> None:
    options = {
        option
        for command in _parser("zh")._subparsers._group_actions[0].choices.values()  # type: ignore[union-attr]
        for action in command._actions
        for option in action.option_strings
    } | {"--version"}
    for page in pages():
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", prose(page)):
            assert option in options, f"{page.relative_to(DOCS)}: {option}"
