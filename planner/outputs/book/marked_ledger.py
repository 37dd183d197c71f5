"""A copy of a planner's own workbook with every finding where it belongs: on the cell it is about.

The copy holds the sheet that was read and a sheet 数据质量. Other sheets are left out: nobody has
looked for columns of persons in them, and persons reach no copy.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Final

import openpyxl
import pandas as pd
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.labels import Language, message, text
from planner.ledgers.marking import Layout
from planner.ledgers.vocabulary import names_persons
from planner.outputs.book.spreadsheet import FONT, HEAD_FILL, INK, NEVER, put, safe_text, undated
from planner.outputs.palette import SEVERITY_FILLS
from planner.outputs.words import heading, word

SEVERITIES: Final = ("grave", "doubt", "note")
AUTHOR: Final = "service-circle-planner"
ASIDE_FILL: Final = "D9DCE1"
"""Grey of rows that took no part."""

COMMENT_WIDTH, COMMENT_LINE, COMMENT_CHARACTERS = 320, 18, 22
"""Size of a comment in pixels, and how many Chinese characters stand on one of its lines."""

_PERSONS: Final = re.compile(
    r"姓名|联系|电话|手机|负责人|经办|填[报表写]人|制表人?|审核|身份证|门牌|\d{7,}"
)
"""What stands in titles and closing lines where they name who filled a ledger in."""

COLUMNS: Final = ("row", "id", "column", "severity", "action", "problem")
WIDTHS: Final = (8.0, 16.0, 18.0, 10.0, 12.0, 90.0)


def quality_rows(findings: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return findings as a reader sees them, the grave ones first, then by row.

    Parameters
    ----------
    findings
        ``row, id, column, severity, key, fields, action``.
    language
        Language of the texts.
    """
    ranks = {severity: rank for rank, severity in enumerate(SEVERITIES)}
    told = [
        message(key, **fields).text(language)
        for key, fields in zip(findings["key"], findings["fields"], strict=True)
    ]
    rows = findings.assign(problem=told, rank=findings["severity"].map(ranks))
    return rows.sort_values(["rank", "row"], kind="stable", na_position="first")[list(COLUMNS)]


def write_marked_ledger(
    file: Path, findings: pd.DataFrame, layout: Layout, path: Path, *, language: Language
) -> None:
    """Write a workbook that tells every finding of one ledger.

    Parameters
    ----------
    file
        The ledger.
    findings
        Its findings (``row, id, column, severity, key, fields, action``).
    layout
        Where its columns stand.
    path
        Where the copy goes (``.xlsx``). Without a sheet to mark it holds 数据质量 alone.
    language
        Language of the comments and of the sheet.
    """
    title = text("outputs.sheet_quality", language)
    if layout.sheet is None:
        book = openpyxl.Workbook()
        book.remove(book.active)
    else:
        book = openpyxl.load_workbook(file, data_only=True)
        for other in book.sheetnames:
            if other != layout.sheet:
                del book[other]
        page = book[layout.sheet]
        page.sheet_state = "visible"
        if page.title == title:
            page.title = f"{title}_1"
        _empty_persons(page, layout)
        _mark(page, findings, layout, language)
    book.defined_names.clear()
    book.properties = DocumentProperties(creator=AUTHOR, created=NEVER, modified=NEVER)
    _fill_quality(book.create_sheet(title), findings, language)
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(undated(made.getvalue()))


def _empty_persons(page: Worksheet, layout: Layout) -> None:
    """Empty columns of persons, lines that name them, and all comments of the sheet."""
    first, last = layout.data_rows
    for line in page.iter_rows():
        for cell in line:
            if isinstance(cell, MergedCell):
                continue
            cell.comment = None
            in_table = first <= cell.row <= last
            if (in_table and cell.column - 1 in layout.persons) or (
                not in_table and _names_persons(str(cell.value or ""))
            ):
                cell.value = None
                cell.hyperlink = None


def _names_persons(text: str) -> bool:
    return _PERSONS.search(text) is not None or names_persons(text)


def _mark(page: Worksheet, findings: pd.DataFrame, layout: Layout, language: Language) -> None:
    aside = findings.loc[findings["action"] == "set_aside", "row"].dropna()
    last = max(page.max_column, 1)
    for row in sorted({int(row) for row in aside}):
        for column in range(1, last + 1):
            page.cell(row, column).fill = _fill(ASIDE_FILL)
    at: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for one in findings[findings["row"].notna()].to_dict(orient="records"):
        place = layout.columns.get(one["column"], 0) if isinstance(one["column"], str) else 0
        told = message(one["key"], **one["fields"]).text(language)
        at.setdefault((int(one["row"]), place + 1), []).append((one["severity"], told))
    for (row, column), remarks in sorted(at.items()):
        cell = _writable(page, row, column)
        worst = min((severity for severity, _ in remarks), key=SEVERITIES.index)
        cell.fill = _fill(SEVERITY_FILLS[worst])
        lines = [f"{word(severity, language)}：{sentence}" for severity, sentence in remarks]
        cell.comment = _comment("\n".join(lines))


def _writable(page: Worksheet, row: int, column: int) -> Cell:
    """Return a cell, or the first of the merged cells that it is hidden in."""
    cell = page.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    spans = (span for span in page.merged_cells.ranges if cell.coordinate in span)
    span = next(spans)
    return page.cell(span.min_row, span.min_col)


def _comment(told: str) -> Comment:
    comment = Comment(safe_text(told), AUTHOR)
    lines = sum(1 + len(line) // COMMENT_CHARACTERS for line in told.split("\n"))
    comment.width, comment.height = COMMENT_WIDTH, COMMENT_LINE * (lines + 1)
    return comment


def _fill(colour: str) -> PatternFill:
    code = colour.lstrip("#").upper()
    return PatternFill("solid", start_color=code, end_color=code)


def _fill_quality(page: Worksheet, findings: pd.DataFrame, language: Language) -> None:
    rows = quality_rows(findings, language)
    head = Font(FONT, 10, bold=True, color=INK)
    body = Font(FONT, 10, color=INK)
    for number, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True), start=1):
        cell = page.cell(1, number)
        put(cell, heading(name, language))
        cell.font, cell.fill = head, _fill(HEAD_FILL)
        page.column_dimensions[get_column_letter(number)].width = width
    for place, one in enumerate(rows.to_dict(orient="records"), start=2):
        for number, name in enumerate(COLUMNS, start=1):
            cell, value = page.cell(place, number), one[name]
            shown = word(str(value), language) if name in {"severity", "action"} else value
            put(cell, shown, "0")
            cell.font = body
            cell.alignment = Alignment(vertical="top", wrap_text=name == "problem")
        page.cell(place, COLUMNS.index("severity") + 1).fill = _fill(
            SEVERITY_FILLS[one["severity"]]
        )
    if rows.empty:
        put(page.cell(2, 1), text("outputs.no_findings", language))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{max(len(rows), 1) + 1}"
