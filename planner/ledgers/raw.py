"""A ledger as its file has it, whatever the format; and the text of a file's bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

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
    """

    headings: tuple[str, ...]
    cells: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    crs: pyproj.CRS | None = None
    notes: tuple[Message, ...] = ()
    short_headings: bool = False


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
            return data.decode(encoding), {"utf-8-sig": "UTF-8"}.get(name, name.upper())
        except (UnicodeError, LookupError):
            continue
    raise LedgerError(
        message("ledgers.encoding_unknown", file=source.file.name, tried=" / ".join(tried))
    )
