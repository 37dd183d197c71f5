"""``docs/设置.md`` tells every key of project.toml with its values and default, and no other."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import pytest

from planner.scenario.settings import CONTROL_TOTALS, REQUIRED_SECTIONS, SECTIONS
from tests.docs.pages import DOCS, Row, rows, ticked

PAGE = DOCS / "设置.md"
OF_KEYS = "键"
TOTALS = "[control_totals]"
KINDS: dict[Any, str] = {
    str: "文字",
    float: "数",
    int: "整数",
    bool: "`true` / `false`",
    tuple: "列表",
}


def figure(value: float) -> str:
    return f"{value:g}"


def written(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return "{}" if isinstance(value, Mapping) else figure(value)


def allowed(part: dataclasses.Field[Any]) -> str:
    """Return what a key may hold, as the page says it."""
    kind, of, bounds = part.metadata["kind"], *map(part.metadata.get, ("of", "bounds"))
    said = KINDS.get(kind, "")
    if kind is str and part.metadata.get("dates"):
        said = "日期"
    if kind is Mapping:
        held = "文字" if of is str else "列表" if of is list else "数"
        said = f"表：名称 = {held}"
    if of is float:
        said = "数的列表"
    if choices := part.metadata.get("choices"):
        said = ("列表：" if kind is tuple else "") + " / ".join(f"`{one}`" for one in choices)
    if bounds:
        least, most = bounds
        if most < math.inf:
            said += f"，{figure(least)}–{figure(most)}"
        else:
            said += f"，≥ {figure(least)}"
    return said


def default(part: dataclasses.Field[Any]) -> str:
    """Return a key's default, as the page says it."""
    if part.default_factory is not dataclasses.MISSING:
        return "不写"
    if part.default is dataclasses.MISSING:
        return "必填"
    return "不写" if part.default in (None, "", ()) else f"`{written(part.default)}`"


def rows_of(section: str) -> list[Row]:
    """Return the rows of keys that stand under a heading which names a section."""
    return [
        row for row in rows(PAGE) if row.heads[0] == OF_KEYS and section in ticked(row.headings[-1])
    ]


def test_every_section_has_its_part_and_no_other() -> None:
    named = {
        section
        for row in rows(PAGE)
        if row.heads[0] == OF_KEYS
        for section in ticked(row.headings[-1])
    }
    assert named == {f"[{name}]" for name in SECTIONS} | {TOTALS}


@pytest.mark.parametrize("name", SECTIONS)
def test_keys_values_and_defaults_are_those_of_the_code(name: str) -> None:
    told = [row.cells[:3] for row in rows_of(f"[{name}]")]
    wanted = [(f"`{part.name}`", allowed(part), default(part)) for part in fields(SECTIONS[name])]
    assert sorted(told) == sorted(wanted)


def fields(section: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(section)


@pytest.mark.parametrize("name", [*SECTIONS, "control_totals"])
def test_every_key_is_explained(name: str) -> None:
    assert [row.cells for row in rows_of(f"[{name}]") if not row["说明"]] == []


def test_control_totals_are_those_that_can_be_given() -> None:
    told = [key for row in rows_of(TOTALS) for key in ticked(row.cells[0])]
    assert sorted(told) == sorted(CONTROL_TOTALS)


def test_required_sections_are_named() -> None:
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if "必须有" in line)
    assert ticked(line) == [f"[{name}]" for name in REQUIRED_SECTIONS]
