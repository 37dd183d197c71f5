"""Numbers of chapters, sections, tables and pictures, as plain text.

They are literal and no fields: Word, WPS and LibreOffice then show the same numbers, none of them
empty before fields are brought up to date, and a sentence that names a table cannot go wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from planner.labels import Language, text
from planner.outputs.report.blocks import Block, Heading, Level, Picture, Table

DIGITS: Final = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return a number of 1 to 99 in Chinese: ``chinese(12) == "十二"``.

    Raises
    ------
    ValueError
        For any other number.
    """
    if not 1 <= number <= 99:
        problem = f"{number} is not between 1 and 99"
        raise ValueError(problem)
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")
    )


@dataclass
class _Counters:
    """How far the report has come."""

    part: int = 0
    chapter: int = 0
    annex: int = 0
    section: int = 0
    table: int = 0
    picture: int = 0

    def next(self, level: Level) -> int:
        """Count one heading on, and begin anew what stands below it."""
        if level == "section":
            self.section += 1
            return self.section
        if level == "part":
            self.part += 1
            return self.part
        self.section = self.table = self.picture = 0
        if level == "annex":
            self.annex += 1
            return self.annex
        self.chapter += 1
        return self.chapter

    def place(self, language: Language) -> str:
        """Return what stands before the number of a table: the chapter, or the annex."""
        if self.annex:
            return text("report.number_annex", language, number=self.annex)
        return str(self.chapter)


def numbered(blocks: Iterable[Block], language: Language) -> tuple[Block, ...]:
    """Return the same blocks with numbers in their headings and captions.

    Parts, chapters and annexes are counted through, sections, tables and pictures within their
    chapter or annex: 一、 （一） 表3-1 附表2-1 in Chinese, 1 and 1.1 in English.
    """
    counters = _Counters()
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level != "item":
            number = counters.next(block.level)
            done.append(replace(block, text=_heading(block, number, counters, language)))
        elif isinstance(block, (Table, Picture)) and block.caption:
            kind = "table" if isinstance(block, Table) else "picture"
            setattr(counters, kind, getattr(counters, kind) + 1)
            label = text(
                f"report.number_{kind}",
                language,
                place=counters.place(language),
                number=getattr(counters, kind),
            )
            done.append(replace(block, caption=f"{label}　{block.caption}"))
        else:
            done.append(block)
    return tuple(done)


def _heading(block: Heading, number: int, counters: _Counters, language: Language) -> str:
    told = chinese(number) if language == "zh" else str(number)
    if language == "en" and block.level == "section":
        told = f"{counters.place(language)}.{number}"
    return text(f"report.heading_{block.level}", language, number=told, text=block.text)
