"""What a Word document says: its texts, its tables, and its XML."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph


@dataclass(frozen=True)
class Read:
    """A report as its reader finds it.

    ``headings`` are (level, words); ``tables`` are rows of texts by the caption above them, those
    without one are in ``plain``.
    """

    texts: tuple[str, ...]
    headings: tuple[tuple[int, str], ...]
    tables: dict[str, list[list[str]]]
    plain: tuple[list[list[str]], ...]

    @property
    def all_text(self) -> str:
        """Return every word, those in tables, too."""
        cells = [
            cell
            for rows in (*self.tables.values(), *self.plain)
            for row in rows
            for cell in row
        ]  # fmt: skip
        return "\n".join([*self.texts, *cells])

    def table(self, title: str) -> list[list[str]]:
        """Return the rows of the table of a title, its number left out."""
        (found,) = [rows for name, rows in self.tables.items() if name.endswith(f"　{title}")]
        return found


def read(path: Path) -> Read:
    """Read a report back with python-docx."""
    paper = Document(str(path))
    texts, headings, tables, plain, caption = [], [], {}, [], ""
    for element in paper.element.body:
        if element.tag == qn("w:p"):
            one = Paragraph(element, paper)
            style = one.style.name if one.style is not None else ""
            assert style is not None
            texts.append(one.text)
            if style.startswith("Heading "):
                headings.append((int(style[-1]), one.text))
            caption = one.text if style == "Caption" else ""
        elif element.tag == qn("w:tbl"):
            # Cell by cell, python-docx takes a minute for what the XML tells at once.
            rows = [
                ["".join(part.text or "" for part in cell.iter(qn("w:t"))) for cell in row.tc_lst]
                for row in Table(element, paper)._tbl.tr_lst
            ]
            if caption:
                tables[caption] = rows
            else:
                plain.append(rows)
    return Read(tuple(texts), tuple(headings), tables, tuple(plain))


def xml_of(path: Path, part: str = "word/document.xml") -> str:
    """Return the XML of one part."""
    with zipfile.ZipFile(path) as file:
        return file.read(part).decode("utf-8")
