"""The report of a plan, 评估报告 and 整改方案 in one Word document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.content_parts import About
from planner.outputs.figures import population_line, stamp
from planner.outputs.report.annexes import quality_annex, terms_annex
from planner.outputs.report.assessing import (
    certainty_chapter,
    limits_chapter,
    method_chapter,
    standards_chapter,
    summary_chapter,
)
from planner.outputs.report.blocks import Block, Heading, Picture, Report
from planner.outputs.report.covering import coverage_chapter, gap_chapter
from planner.outputs.report.mending import (
    remedies_annex,
    remedies_chapter,
    siting_chapter,
)
from planner.outputs.report.numbering import numbered
from planner.outputs.report.phrases import say
from planner.outputs.report.spending import programme_chapter, years_chapter

PICTURES: Final = ("coverage", "gaps", "centres", "siting", "before_after")
"""Maps that may be placed, each under the heading of its chapter."""

NO_PICTURES: Final[Mapping[str, Path]] = MappingProxyType({})


def write_report(
    content: PlanContent, path: Path, *, pictures: Mapping[str, Path] = NO_PICTURES
) -> None:
    """Write the report of a plan (docx): the same content makes the same bytes.

    It bears no date of its making, and its figures are those of ``content``.

    Parameters
    ----------
    content
        What the run has to say.
    path
        The file to write.
    pictures
        PNG or JPEG files of maps to place, by :data:`PICTURES`.

    Raises
    ------
    ValueError
        For a picture of another name.
    """
    # Word's library is loaded by who writes a report, not by who imports the planner.
    from planner.outputs.report.document import document_bytes

    about = content.about
    report = report_of(content, pictures)
    title = text("report.running", about.language, title=about.title)
    running = title
    if about.synthetic:
        running += "　" + text("outputs.synthetic", about.language)
    path.write_bytes(document_bytes(report, title, running, about.language))


def report_of(content: PlanContent, pictures: Mapping[str, Path] = NO_PICTURES) -> Report:
    """Return cover and blocks of a report, its headings and captions numbered."""
    strange = sorted(set(pictures) - set(PICTURES))
    if strange:
        problem = f"no such pictures: {strange}; known are {list(PICTURES)}"
        raise ValueError(problem)
    language = content.about.language

    def drawn(chapter: list[Block], *names: str) -> list[Block]:
        """Place pictures right under a chapter's heading."""
        placed = [
            Picture(pictures[name], say(f"picture_{name}", language))
            for name in names
            if name in pictures
        ]
        return [*chapter[:1], *placed, *chapter[1:]]

    blocks = [
        Heading(say("part_assessment", language), "part"),
        *summary_chapter(content),
        *method_chapter(content),
        *drawn(coverage_chapter(content), "coverage"),
        *drawn(gap_chapter(content), "gaps"),
        *drawn(standards_chapter(content), "centres"),
        *certainty_chapter(content),
        *limits_chapter(content),
        Heading(say("part_mending", language), "part"),
        *remedies_chapter(content),
        *drawn(siting_chapter(content), "siting", "before_after"),
        *programme_chapter(content),
        *years_chapter(content),
        *remedies_annex(content),
        *quality_annex(content),
        *terms_annex(content),
    ]
    return Report(_cover(content.about), numbered(blocks, language))


def _cover(about: About) -> tuple[tuple[str, str], ...]:
    language = about.language
    lines = [
        ("title", about.title),
        ("title", say("title", language)),
        ("subtitle", say("parts", language)),
    ]
    if about.synthetic:
        lines.append(("warning", text("outputs.synthetic_long", language)))
    lines += [("warning", stamp(about)), ("subtitle", population_line(about))]
    lines += [("subtitle", say("source", language, whose=one)) for one in about.attributions]
    return tuple(lines)
