"""The Word document: paper, fonts and styles of Chinese official documents, and their XML.

Paper, margins, sizes and line spacing follow GB/T 9704-2012《党政机关公文格式》: A4; 37 mm above,
35 mm below, 28 mm left, 26 mm right (a page of 156 mm by 225 mm); text in 三号 (16 points), 22
lines a page; page numbers in 四号 between dashes. Its 小标宋 of titles and 楷体 of second headings
are 黑体 here, which every office has. Tables and annexes are smaller: an official letter has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from planner.labels import Language
from planner.outputs.book.spreadsheet import NEVER, safe_text

LATIN: Final = "Times New Roman"
HEI: Final = "黑体"
FANG: Final = "仿宋"
PAGE_MM: Final = (210, 297)
MARGINS_MM: Final = {"top": 37, "bottom": 35, "left": 28, "right": 26}
TEXT_TWIPS: Final = round((210 - 28 - 26) / 25.4 * 1440)
"""Width of the page's text in twentieths of a point."""

LINE_POINTS: Final = 28.9
"""22 lines on 225 mm."""

HAO_2, HAO_3, HAO_3_SMALL, HAO_4, HAO_4_SMALL, HAO_5, HAO_5_SMALL = 22, 16, 15, 14, 12, 10.5, 9
"""Chinese sizes of type in points."""

SHADE: Final = "E8ECF3"
RULE: Final = "7F7F7F"
WARNING: Final = "9A3412"

_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_BOTH = WD_ALIGN_PARAGRAPH.JUSTIFY

STYLES: Final[dict[str, tuple[str, float, bool, Any, float, float, float | None]]] = {
    "Normal": (FANG, HAO_3, False, _BOTH, 0, 0, LINE_POINTS),
    "Heading 1": (HEI, HAO_2, True, _CENTRE, 24, 24, None),
    "Heading 2": (HEI, HAO_3, True, _LEFT, 14, 6, LINE_POINTS),
    "Heading 3": (HEI, HAO_3_SMALL, False, _LEFT, 8, 4, LINE_POINTS),
    "Heading 4": (HEI, HAO_4_SMALL, False, _LEFT, 10, 2, None),
    "Title": (HEI, HAO_2, True, _CENTRE, 6, 6, None),
    "Subtitle": (FANG, HAO_3, False, _CENTRE, 3, 3, None),
    "Caption": (HEI, HAO_5, False, _CENTRE, 8, 3, None),
    "TOC Heading": (HEI, HAO_2, True, _CENTRE, 0, 12, None),
    "toc 1": (HEI, HAO_4, False, _LEFT, 8, 2, 22),
    "toc 2": (FANG, HAO_4, False, _LEFT, 0, 0, 22),
    "toc 3": (FANG, HAO_4_SMALL, False, _LEFT, 0, 0, 19),
    "Report Small": (FANG, HAO_4_SMALL, False, _BOTH, 0, 2, 19),
    "Report Note": (FANG, HAO_5, False, _BOTH, 2, 4, 15),
    "Report Cell": (FANG, HAO_5_SMALL, False, _LEFT, 0, 0, None),
    "Report Figure": (FANG, HAO_4_SMALL, False, _LEFT, 2, 2, None),
    "Header": (FANG, HAO_5, False, _CENTRE, 0, 0, None),
    "Footer": (FANG, HAO_4, False, _CENTRE, 0, 0, None),
}
"""East Asian face, size, bold, place, points before and after, exact line (or single)."""

INDENTED: Final = {"Normal": 2.0, "Report Small": 2.0, "toc 2": 1.0, "toc 3": 3.0}
"""By how many of their own letters the first line, or the whole entry of contents, is set in."""


def new_paper(language: Language) -> Paper:
    """Return an empty A4 document with the report's styles and no date."""
    paper = Document()
    part = paper.sections[0]
    part.page_width, part.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    for side, millimetres in MARGINS_MM.items():
        setattr(part, f"{side}_margin", Mm(millimetres))
    part.header_distance, part.footer_distance = Mm(25), Mm(26)
    part.different_first_page_header_footer = True
    for name in STYLES:
        _dress(paper, name, language)
    settings = paper.settings.element
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings.append(update)
    kept = paper.core_properties
    kept.author = kept.last_modified_by = "service-circle-planner"
    kept.comments = kept.keywords = ""
    kept.created = kept.modified = NEVER
    kept.revision = 1
    kept.language = "zh-CN" if language == "zh" else "en-GB"
    return paper


def _dress(paper: Paper, name: str, language: Language) -> None:
    """Give a style its faces, size and spacing; the template's theme faces and colours go."""
    face, points, bold, place, before, after, line = STYLES[name]
    known = {one.name: one for one in paper.styles}
    style: Any = known.get(name) or paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = None if name == "Normal" else paper.styles["Normal"]
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    faces = OxmlElement("w:rFonts")
    for key, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", face)):
        faces.set(qn(f"w:{key}"), value)
    properties.append(faces)
    style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    properties.append(spoken)
    layout = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing", "w:ind", "w:spacing", "w:jc"):
        for child in layout.findall(qn(tag)):
            layout.remove(child)
    form = style.paragraph_format
    left_alone = language == "en" and place is _BOTH
    form.alignment = _LEFT if left_alone else place
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.0 if line is None else Pt(line)
    form.widow_control = True
    if name.startswith(("Heading", "Caption")):
        form.keep_with_next = True
    if name == "Heading 1":
        form.page_break_before = True
    by = Pt(points * INDENTED.get(name, 0.0))
    # Said of every style: those without it would be set in as the text is.
    is_entry = name.startswith("toc")
    form.first_line_indent, form.left_indent = (0, by) if is_entry else (by, 0)


def run_xml(words: str, properties: str = "") -> str:
    """Return a run of text; line ends become breaks, what XML refuses becomes U+FFFD."""
    parts = [_escaped(one) for one in safe_text(words).split("\n")]
    inside = "<w:br/>".join(f'<w:t xml:space="preserve">{one}</w:t>' for one in parts)
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def paragraph_xml(style_id: str, inside: str, properties: str = "") -> str:
    """Return a paragraph of a style."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{properties}</w:pPr>{inside}</w:p>'
    )  # fmt: skip


def append_xml(paper: Paper, xml: str) -> None:
    """Put one element at the end of the document's text."""
    tag_end = min(xml.index(">"), xml.index(" ") if " " in xml else len(xml))
    element = parse_xml(f"{xml[:tag_end]} {nsdecls('w')}{xml[tag_end:]}")
    body = paper.element.body
    body.insert(len(body) - 1, element)


def table_xml(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[bool],
    twips: Sequence[int],
    cell_style: str,
    *,
    together: bool = False,
) -> str:
    """Return a table: its head is repeated on every page, and no row breaks across pages.

    ``together``: whether all its rows stand on one page, where one page holds them.
    """
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{RULE}"/>'
        for side, size in (
            ("top", 8), ("left", 4), ("bottom", 8), ("right", 4), ("insideH", 4), ("insideV", 4),
        )
    )  # fmt: skip
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    body = [_row_xml(head, [None] * len(head), twips, cell_style, is_kept=True)]
    body += [
        _row_xml(row, right, twips, cell_style, is_kept=together and place < len(rows))
        for place, row in enumerate(rows, start=1)
    ]
    return (
        "<w:tbl><w:tblPr>"
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
    )


def _row_xml(
    cells: Sequence[str],
    right: Sequence[bool | None],
    twips: Sequence[int],
    style: str,
    *,
    is_kept: bool,
) -> str:
    """Return a row; ``None`` for ``right`` makes its cells those of the head."""
    is_head = right[0] is None
    made = []
    for words, side, width in zip(cells, right, twips, strict=True):
        place = "center" if side is None else "right" if side else "left"
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if is_head else ""
        inside = run_xml(words, "<w:b/>" if is_head else "")
        layout = f'{"<w:keepNext/>" if is_kept else ""}<w:jc w:val="{place}"/>'
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}'
            '<w:vAlign w:val="center"/></w:tcPr>'
            f"{paragraph_xml(style, inside, layout)}</w:tc>"
        )
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(made)}</w:tr>"
