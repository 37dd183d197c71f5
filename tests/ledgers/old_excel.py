"""Writes xls workbooks (BIFF8 in a compound file) for the tests: no library that is kept up does.

Only what the tests need, after [MS-XLS] and [MS-CFB]: text, numbers, booleans and error cells, two
number formats beside the general one, merged cells, hidden rows and sheets.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECTOR = 512
LEAST_STREAM = 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D,
          "#NUM!": 0x24, "#N/A": 0x2A}  # fmt: skip
STYLES = {"General": 15, "0%": 16, "000000": 17, "yyyy-mm-dd": 18}


@dataclass(frozen=True)
class Styled:
    """A number shown by a format."""

    number: float
    style: str


@dataclass(frozen=True)
class Page:
    """One sheet to write; ranges are rows and columns from 0, both ends inclusive."""

    title: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    hidden_rows: Sequence[int] = ()
    is_hidden: bool = False


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _text(text: str, count: str) -> bytes:
    return struct.pack(f"<{count}B", len(text), 1) + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row: int, column: int, cell: Any) -> bytes:
    style = cell.style if isinstance(cell, Styled) else "General"
    place = struct.pack("<HHH", row, column, STYLES[style])
    if isinstance(cell, Styled):
        return _record(0x0203, place + struct.pack("<d", cell.number))
    if isinstance(cell, bool):
        return _record(0x0205, place + struct.pack("<BB", cell, 0))
    if isinstance(cell, int | float):
        return _record(0x0203, place + struct.pack("<d", cell))
    if cell in ERRORS:
        return _record(0x0205, place + struct.pack("<BB", ERRORS[cell], 1))
    return _record(0x0204, place + _text(str(cell), "H"))


def _sheet(page: Page) -> bytes:
    width = max((len(row) for row in page.rows), default=0)
    parts = [_begin(0x0010), _record(0x0200, struct.pack("<IIHHH", 0, len(page.rows), 0, width, 0))]
    for hidden in page.hidden_rows:
        parts.append(_record(0x0208, struct.pack("<HHHHHHI", hidden, 0, width, 255, 0, 0, 0x120)))
    for number, cells in enumerate(page.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                parts.append(_cell(number, column, cell))
    if page.merged:
        ranges = [
            struct.pack("<HHHH", top, bottom, left, right)
            for (top, left), (bottom, right) in page.merged
        ]
        parts.append(_record(0x00E5, struct.pack("<H", len(ranges)) + b"".join(ranges)))
    return b"".join((*parts, _record(0x000A, b"")))


def _styles() -> bytes:
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0)
                   + _text("Arial", "B"))  # fmt: skip
    formats = {"General": 0, "0%": 9, "000000": 164, "yyyy-mm-dd": 165}
    named = [
        _record(0x041E, struct.pack("<H", number) + _text(code, "H"))
        for code, number in formats.items()
        if number >= 164
    ]
    style_xfs = [_record(0x00E0, struct.pack("<HHH", 0, 0, 0xFFF5) + bytes(14))] * 15
    cell_xfs = [
        _record(0x00E0, struct.pack("<HHH", 0, formats[code], 0x0001) + bytes(14))
        for code in STYLES
    ]
    return b"".join((*[font] * 5, *named, *style_xfs, *cell_xfs))


def workbook(pages: Sequence[Page]) -> bytes:
    """Return the stream of a workbook."""
    sheets = [_sheet(page) for page in pages]
    head = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + _styles()
    length = len(head) + 4
    length += sum(len(_record(0x0085, bytes(6) + _text(page.title, "B"))) for page in pages)
    bounds = []
    for page, sheet in zip(pages, sheets, strict=True):
        place = struct.pack("<IBB", length, page.is_hidden, 0)
        bounds.append(_record(0x0085, place + _text(page.title, "B")))
        length += len(sheet)
    return b"".join((head, *bounds, _record(0x000A, b""), *sheets))


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of one stream (of at most 60 kB)."""
    ((name, stream),) = streams.items()
    stream = stream.ljust(LEAST_STREAM, b"\0")
    count = -(-len(stream) // SECTOR)
    directory = b"".join(
        (
            _entry("Root Entry", 5, END, 0, 1),
            _entry(name, 2, 0, len(stream), FREE),
            _entry("", 0, 0, 0, FREE),
            _entry("", 0, 0, 0, FREE),
        )
    )
    chain = [*range(1, count), END, END, FAT]
    fat = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, count, 0, LEAST_STREAM, END, 0, END, 0)
        + struct.pack("<109I", count + 1, *[FREE] * 108)
    )
    return header + stream.ljust(count * SECTOR, b"\0") + directory + fat


def write_xls(path: Path, *pages: Page) -> Path:
    """Write a workbook of some sheets."""
    path.write_bytes(compound({"Workbook": workbook(pages)}))
    return path
