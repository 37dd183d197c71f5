"""The pages of ``docs/`` as tests see them: their blocks of code, links, headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
FENCE: Final = "```"


@dataclass(frozen=True)
class Block:
    """A block of code: the page that holds it, its language, the line it begins at, its text."""

    page: Path
    language: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True)
class Row:
    """A row of a table: the headings that it stands under, its cells, the table's own heads."""

    page: Path
    headings: tuple[str, ...]
    heads: tuple[str, ...]
    cells: tuple[str, ...]

    def __getitem__(self, head: str) -> str:
        return self.cells[self.heads.index(head)]


@cache
def pages() -> tuple[Path, ...]:
    """Return all pages, by their paths."""
    return tuple(sorted(DOCS.rglob("*.md")))


@cache
def lines(page: Path) -> tuple[str, ...]:
    return tuple(page.read_text(encoding="utf-8").splitlines())


@cache
def blocks(language: str) -> tuple[Block, ...]:
    """Return all blocks of a language, of all pages."""
    return tuple(block for page in pages() for block in _blocks(page) if block.language == language)


def _blocks(page: Path) -> Iterator[Block]:
    language, begun, held = "", 0, list[str]()
    for number, line in enumerate(lines(page), start=1):
        if not line.startswith(FENCE):
            held.append(line)
        elif begun:
            yield Block(page, language, begun, "\n".join(held))
            begun = 0
        else:
            language, begun, held = line.removeprefix(FENCE).strip(), number, []


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    text, inside = [], False
    for line in lines(page):
        if line.startswith(FENCE):
            inside = not inside
        elif not inside:
            text.append(line)
    return "\n".join(text)


def links(page: Path) -> list[str]:
    """Return what a page links to, pictures too."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(page))


def headings(page: Path) -> list[str]:
    return [line.lstrip("#").strip() for line in prose(page).splitlines() if line.startswith("#")]


def ticked(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def rows(page: Path) -> Iterator[Row]:
    """Return the rows of all tables of a page."""
    above: list[str] = []
    heads: tuple[str, ...] | None = None
    for line in prose(page).splitlines():
        if line.startswith("#"):
            depth = len(line) - len(line.lstrip("#"))
            above = [*above[: depth - 1], line.lstrip("#").strip()]
        if not line.startswith("|"):
            heads = None
            continue
        cells = tuple(cell.strip().replace(r"\|", "|") for cell in _cells(line))
        if heads is None:
            heads = cells
        elif not all(set(cell) <= set("-: ") for cell in cells):
            yield Row(page, tuple(above), heads, cells)


def _cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip())[1:-1]
