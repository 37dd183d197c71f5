"""Opens CAD drawings (dxf), for :mod:`planner.ledgers.vectors` alone.

A drawing has no table: a label (text) or an inserted block is a row with a point, a closed outline
is one with an area, named by the one label that lies in it. Everything else in it (lines, hatches
without a name, dimensions) is no row, and counted.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.errors import InputFileError, LedgerError
from planner.labels import message
from planner.ledgers.raw import RawLedger, decoded
from planner.ledgers.source import LedgerSource

HEADINGS: Final = ("名称", "图层", "图块")
"""Name, layer and block of each row: for ``columns`` to say which is what."""

EMPTY_HEADER: Final = "0\nSECTION\n2\nHEADER\n0\nENDSEC\n"
_CODE_PAGE: Final = re.compile(r"(\$DWGCODEPAGE\s+3\s+)\S+")


def features(file: Path | bytes, **how: str) -> gpd.GeoDataFrame | pd.DataFrame:
    """Return the features of a file; a shape that is none (a ring left open) is a missing one.

    So one bad shape costs its row, which is told, and not the file.
    """
    with warnings.catch_warnings():
        # GDAL warns of a .cpg that it does not know and of such shapes: both are told of by us.
        warnings.simplefilter("ignore", RuntimeWarning)
        return pyogrio.read_dataframe(file, on_invalid="ignore", **how)


def read_drawing(source: LedgerSource) -> RawLedger:
    """Read the labels, blocks and outlines of a drawing.

    Parameters
    ----------
    source
        The file; its ``file_crs`` must say what its coordinates are.

    Raises
    ------
    LedgerError
        If no CRS is given, or its text is in no encoding known.
    InputFileError
        If it is no drawing in text form.
    """
    file = source.file.name
    if source.file_crs is None:
        raise LedgerError(message("ledgers.drawing_without_crs", file=file))
    text, encoding = decoded(source.file.read_bytes(), source)
    if "SECTION" not in text or "ENTITIES" not in text:
        raise InputFileError(message("ledgers.not_that_format", file=file, suffix=".dxf"))
    frame = features(_in_utf8(text), layer="entities", INLINE_BLOCKS="FALSE")
    if "BlockName" not in frame:
        frame["BlockName"] = None
    for name in ("Layer", "Text", "BlockName"):
        frame[name] = frame[name].astype(object).map(_mended)
    rows, left = _rows(frame)
    notes = [message("ledgers.encoding_found", encoding=encoding)]
    if left:
        notes.append(message("ledgers.drawing_left", rows=left))
    index = pd.RangeIndex(1, len(rows) + 1)
    cells = pd.DataFrame(
        {
            0: rows["name"].to_numpy(dtype=object),
            1: rows["Layer"].to_numpy(dtype=object),
            2: rows["BlockName"].to_numpy(dtype=object),
        },
        index=index,
    )
    geometry = gpd.GeoSeries(rows["geometry"].to_numpy(), index=index)
    return RawLedger(HEADINGS, cells, geometry, None, tuple(notes))


def _in_utf8(text: str) -> bytes:
    """Return a drawing in UTF-8 that says it is Latin-1, whatever code page it was of.

    So GDAL changes no byte of it, or each into one character: :func:`_mended` undoes either.
    """
    text = _CODE_PAGE.sub(r"\g<1>ANSI_1252", text)
    # Without its name, GDAL knows a drawing by its header, which it may lack.
    return (text if "HEADER" in text[:1000] else f"{EMPTY_HEADER}{text.lstrip()}").encode()


def _mended(text: object) -> object:
    """Return text whose bytes of UTF-8 were taken for characters each."""
    try:
        return text.encode("latin-1").decode() if isinstance(text, str) else text
    except UnicodeError:
        return text


def _rows(frame: gpd.GeoDataFrame) -> tuple[pd.DataFrame, int]:
    """Return the rows of a drawing, and how many of its things are none."""
    shapes = frame.geometry.to_numpy().copy()
    closed = (shapely.get_type_id(shapes) == 1) & shapely.is_closed(shapes)
    closed &= shapely.get_num_points(shapes) > 3
    shapes[closed] = shapely.polygons([shape.coords for shape in shapes[closed]])
    kinds = shapely.get_type_id(shapes)
    texts = frame["Text"].where(frame["Text"].notna(), "").astype(str).str.strip()
    names = texts.str.replace(r"\s+", "", regex=True).to_numpy(dtype=object)
    blocks = frame["BlockName"].notna().to_numpy()
    labels = np.flatnonzero((kinds == 0) & (names != ""))
    areas = np.flatnonzero(np.isin(kinds, (3, 6)))
    used: set[int] = set()
    named = names.copy()
    tree = shapely.STRtree(shapes[labels])
    for area in areas:
        inside = labels[tree.query(shapes[area], predicate="intersects")]
        if len(inside) == 1:
            named[area] = names[inside[0]]
            used.add(int(inside[0]))
    named = np.where(blocks & (named == ""), frame["BlockName"].to_numpy(dtype=object), named)
    is_row = (kinds == 0) & ((names != "") | blocks)
    is_row[areas] = named[areas] != ""
    is_row[sorted(used)] = False
    rows = pd.DataFrame(
        {
            "name": named,
            "Layer": frame["Layer"].to_numpy(dtype=object),
            "BlockName": frame["BlockName"].to_numpy(dtype=object),
            "geometry": shapes,
        }
    )
    return rows[is_row], int((~is_row).sum()) - len(used)
