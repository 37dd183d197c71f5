"""A ledger as its file has it, whatever the format; and the text of a file's bytes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pyproj

from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers.source import LedgerSource

ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""Tried in this order: text in GB18030 is hardly ever valid UTF-8, the reverse happens often."""

HEADING_BYTES: Final = 10
"""A dBASE field name holds 10 bytes; longer headings are cut by the program that writes it."""

LONGEST_CHARACTER: Final = 4
"""Bytes of a character, at most, in UTF-8 and in GB18030."""


class Span(NamedTuple):
    """A cell that is merged over several rows, numbered as a planner counts.

    Parameters
    ----------
    first, last
        Its first and last row.
    position
        Its column, from 0.
    """

    first: int
    last: int
    position: int


def _nothing() -> Mapping[int, Message]:
    return MappingProxyType({})


@dataclass(frozen=True)
class RawLedger:
    """A ledger as its file has it.

    Parameters
    ----------
    headings
        Headings in the order of the file, spaces at their ends removed; may repeat.
    cells
        Columns 0, 1, … in the order of ``headings``; index = row numbers as a planner counts (text
        and workbooks: the heading is row 1; vector files: the first feature is 1). Missing cells
        are None or NaN; rows with no cell at all are left out.
    geometry
        Places of a vector file, aligned with ``cells``; ``None`` for text and workbooks.
    crs
        The CRS that a vector file declares, if any.
    notes
        What is to be said of the reading: the encoding found, the sheet taken.
    short_headings
        Whether the format cuts headings to 10 bytes (shapefile).
    heading_parts
        The parts of each heading that stand in several rows, uppermost first (人口, 其中60岁以上);
        empty where every heading stands in one row.
    spans
        Merged cells of several data rows. Only the first row of ``cells`` holds what they say.
    aside
        Rows of the file that are no data (a note, a heading printed again) and why; they are not
        in ``cells``.
    heading_row
        The (last) row of headings, as a planner counts; 0 where they stand in no row.
    sheet
        Title of the sheet that was read; empty where there are no sheets.
    places
        Place of each column on its sheet, from 0, where blank columns were left out; else empty.
    """

    headings: tuple[str, ...]
    cells: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    crs: pyproj.CRS | None = None
    notes: tuple[Message, ...] = ()
    short_headings: bool = False
    heading_parts: tuple[tuple[str, ...], ...] = ()
    spans: tuple[Span, ...] = ()
    aside: Mapping[int, Message] = field(default_factory=_nothing)
    heading_row: int = 0
    sheet: str = ""
    places: tuple[int, ...] = ()


def decoded(data: bytes, source: LedgerSource) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    Parameters
    ----------
    data
        The file's bytes.
    source
        Its ``encoding``, where given, is the only one tried.

    Raises
    ------
    LedgerError
        If the bytes are no text in any encoding tried.
    """
    if source.encoding is not None:
        tried: tuple[str, ...] = (source.encoding,)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ("utf-16",)
    else:
        tried = ENCODINGS
    for encoding in tried:
        try:
            name = codecs.lookup(encoding).name
            # A mark of the byte order is no text, whether or not the encoding declared has one.
            return data.decode(encoding).removeprefix("\ufeff"), {"utf-8-sig": "UTF-8"}.get(
                name, name.upper()
            )
        except (UnicodeError, LookupError):
            continue
    raise LedgerError(
        message("ledgers.encoding_unknown", file=source.file.name, tried=" / ".join(tried))
    )
