"""What the report's own texts are called in the label files: chapters, sections, tables."""

from __future__ import annotations

from typing import Any

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.report.blocks import Heading
from planner.outputs.words import count


def say(key: str, language: Language, **fields: Any) -> str:
    """Return a text of the report."""
    return text(f"report.{key}", language, **fields)


def chapter(key: str, language: Language) -> Heading:
    """Return the heading of a chapter."""
    return Heading(say(f"chapter_{key}", language), "chapter")


def section(key: str, language: Language) -> Heading:
    """Return the heading of a section."""
    return Heading(say(f"section_{key}", language), "section")


def caption(key: str, language: Language, **fields: Any) -> str:
    """Return what a table is called."""
    return say(f"table_{key}", language, **fields)


def few(persons: float | None, language: Language) -> str:
    """Return persons as a figure, those of 1 to 4 as fewer than the least number."""
    if persons is not None and 0 < persons < LEAST_ELDERS:
        return say("few", language, least=LEAST_ELDERS)
    return count(persons)
