"""From blocks to a Word document: cover, list of contents, headings, tables, pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document as Paper
from docx.image.image import Image
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm

from planner.labels import Language, text
from planner.outputs.book.spreadsheet import safe_text, text_width, undated
from planner.outputs.report.blocks import LISTED, Block, Heading, Paragraph, Picture, Report, Table
from planner.outputs.report.fields import CONTENTS, CONTENTS_END, field_xml
from planner.outputs.report.paper import (
    HAO_5_SMALL,
    TEXT_TWIPS,
    WARNING,
    append_xml,
    new_paper,
    paragraph_xml,
    run_xml,
    table_xml,
)

HEADINGS: Final = {
    "part": "Heading 1", "chapter": "Heading 2", "annex": "Heading 2", "section": "Heading 3",
    "item": "Heading 4",
}  # fmt: skip
ENTRIES: Final = {"part": "toc 1", "chapter": "toc 2", "annex": "toc 2", "section": "toc 3"}
PARAGRAPHS: Final = {"body": "Normal", "small": "Report Small", "note": "Report Note"}
COVER: Final = {"title": "Title", "subtitle": "Subtitle", "warning": "Subtitle"}

CELL_TWIPS: Final = HAO_5_SMALL * 20 / 2
"""Width of a digit in a cell; a Chinese character takes two."""

CELL_ROOM: Final = 150
CAPITALS: Final = 1.3
"""Codes of capitals are wider than digits."""

KEPT_ROWS: Final = 12
"""Numbered tables of up to so many rows stand on one page."""

AFTER_TABLE: Final = '<w:spacing w:before="0" w:after="0" w:line="140" w:lineRule="exact"/>'
LEAST_DIGITS, MOST_DIGITS = 8.0, 72.0
MOST_PICTURE_MM: Final = (156, 195)


def document_bytes(report: Report, title: str, running: str, language: Language) -> bytes:
    """Return the Word document of a report: the same blocks make the same bytes.

    Parameters
    ----------
    report
        Cover and blocks, numbers in their headings and captions.
    title
        The document's title, kept in its properties.
    running
        What stands at the head of every page but the cover.
    language
        Language of the report.
    """
    paper = new_paper(language)
    paper.core_properties.title = safe_text(title)[:255]
    ids = {style.name: style.style_id for style in paper.styles}
    part = paper.sections[0]
    _fill(part.header.paragraphs[0], ids["Header"], run_xml(running))
    number = run_xml("— ") + field_xml("PAGE", run_xml("1")) + run_xml(" —")
    _fill(part.footer.paragraphs[0], ids["Footer"], number)
    _cover(paper, report, ids)
    _contents(paper, report.blocks, ids, language)
    _blocks(paper, report.blocks, ids)
    made = io.BytesIO()
    paper.save(made)
    return undated(made.getvalue())


def _fill(paragraph: Any, style_id: str, inside: str) -> None:
    """Replace a paragraph of the header or footer."""
    xml = paragraph_xml(style_id, inside).replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)
    old = paragraph._p
    old.getparent().replace(old, parse_xml(xml))


def _cover(paper: Paper, report: Report, ids: dict[str, str]) -> None:
    """Write the cover: its title a third down the page."""
    for place, (kind, words) in enumerate(report.cover):
        colour = f'<w:b/><w:color w:val="{WARNING}"/>' if kind == "warning" else ""
        before = '<w:spacing w:before="3000" w:after="240"/>' if place == 0 else ""
        append_xml(paper, paragraph_xml(ids[COVER[kind]], run_xml(words, colour), before))


def _contents(paper: Paper, blocks: Sequence[Block], ids: dict[str, str], lang: Language) -> None:
    """Write the list of contents: a field of its own, filled in with today's headings."""
    title = run_xml(text("report.contents", lang))
    append_xml(paper, paragraph_xml(ids["TOC Heading"], title, "<w:pageBreakBefore/>"))
    listed = [one for one in blocks if isinstance(one, Heading) and one.level in LISTED]
    tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_TWIPS}"/></w:tabs>'
    for number, one in enumerate(listed):
        mark = f"_Toc{number:08d}"
        page = field_xml(rf"PAGEREF {mark} \h", run_xml(" "))
        inside = f"{run_xml(one.text)}<w:r><w:tab/></w:r>{page}"
        link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{inside}</w:hyperlink>'
        entry = (CONTENTS if number == 0 else "") + link
        append_xml(paper, paragraph_xml(ids[ENTRIES[one.level]], entry, tabs))
    append_xml(paper, CONTENTS_END)


def _blocks(paper: Paper, blocks: Sequence[Block], ids: dict[str, str]) -> None:
    listed = 0
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            inside = run_xml(block.text)
            if block.level in LISTED:
                inside = (
                    f'<w:bookmarkStart w:id="{listed}" w:name="_Toc{listed:08d}"/>'
                    f'{inside}<w:bookmarkEnd w:id="{listed}"/>'
                )
                listed += 1
            fresh = "<w:pageBreakBefore/>" if block.level == "annex" else ""
            append_xml(paper, paragraph_xml(ids[HEADINGS[block.level]], inside, fresh))
        elif isinstance(block, Paragraph):
            # What a table without a caption is about stands on the page where it begins.
            keep = "<w:keepNext/>" if isinstance(after, Table) and not after.caption else ""
            style = ids[PARAGRAPHS[block.kind]]
            append_xml(paper, paragraph_xml(style, run_xml(block.text), keep))
        elif isinstance(block, Table):
            _table(paper, block, ids)
        else:
            _picture(paper, block, ids)


def _table(paper: Paper, block: Table, ids: dict[str, str]) -> None:
    if block.caption:
        append_xml(paper, paragraph_xml(ids["Caption"], run_xml(block.caption)))
    widths = column_twips(block)
    style = ids["Report Figure" if block.is_large else "Report Cell"]
    together = bool(block.caption) and len(block.rows) <= KEPT_ROWS
    rows = table_xml(block.head, block.rows, block.right, widths, style, together=together)
    append_xml(paper, rows)
    # Two tables without a paragraph between them would become one.
    append_xml(paper, paragraph_xml(ids["Report Note"], "", AFTER_TABLE))


def column_twips(block: Table) -> tuple[int, ...]:
    """Return the widths of a table's columns in twentieths of a point; together, the text's width.

    Figures are given the room that they need, sentences share what is left by their length.
    """
    if block.weights:
        wanted = [TEXT_TWIPS * one / sum(block.weights) for one in block.weights]
    else:
        columns = list(zip(block.head, *block.rows, strict=True))
        longest = [max(text_width(cell) for cell in (*one[1:], "")) for one in columns]
        heads = [text_width(one[0]) for one in columns]
        least = [
            (
                max(body, head / 3, 4.0)
                if right
                else min(max(body * CAPITALS, head / 2), LEAST_DIGITS)
            )
            * CELL_TWIPS
            + CELL_ROOM
            for body, head, right in zip(longest, heads, block.right, strict=True)
        ]  # fmt: skip
        more = [
            max(min(max(body, head * 0.7), MOST_DIGITS) * CELL_TWIPS + CELL_ROOM - low, 0.0)
            for body, head, low in zip(longest, heads, least, strict=True)
        ]
        spread = sum(more) or 1.0
        left = min(max(TEXT_TWIPS - sum(least), 0.0), sum(more))
        wanted = [low + left * part / spread for low, part in zip(least, more, strict=True)]
    whole = sum(wanted)
    widths = [int(TEXT_TWIPS * one / whole) for one in wanted]
    widths[-1] += TEXT_TWIPS - sum(widths)
    return tuple(widths)


def _picture(paper: Paper, block: Picture, ids: dict[str, str]) -> None:
    """Place a picture as wide as the text, or as high as leaves room for its caption."""
    image = Image.from_file(str(block.path))
    wide, high = (Mm(one) for one in MOST_PICTURE_MM)
    scale = min(wide / image.px_width, high / image.px_height)
    paragraph = paper.add_paragraph()
    paragraph.style = paper.styles["Report Note"]
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(str(block.path), width=Emu(int(image.px_width * scale)))
    for told in shape._inline.iter(qn("wp:docPr")):
        told.set("descr", safe_text(block.caption))
    append_xml(paper, paragraph_xml(ids["Caption"], run_xml(block.caption)))
