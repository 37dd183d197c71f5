"""Opens vector files (gpkg, gdb, shp, geojson, dxf), for :mod:`planner.ledgers.files` alone.

A file is handed to GDAL only if its first bytes are those of its format: no content can make GDAL
choose another driver, or fetch anything.
"""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj

from planner.errors import InputFileError, LedgerError
from planner.labels import Message, message
from planner.ledgers.drawings import features, read_drawing
from planner.ledgers.own_grids import in_users_crs
from planner.ledgers.raw import HEADING_BYTES, LONGEST_CHARACTER, RawLedger, decoded
from planner.ledgers.source import LedgerSource
from planner.ledgers.words import LIST_MARK

_CPG_NAMES: Final = {"65001": "utf-8", "936": "gb18030", "54936": "gb18030"}
_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
_SHAPE_MAGIC: Final = b"\x00\x00\x27\x0a"


def read_vector(source: LedgerSource) -> RawLedger:
    """Read the features of a vector file; see :func:`planner.ledgers.files.open_ledger`."""
    raw = _read(source)
    return raw if source.file_crs is None else in_users_crs(raw, source)


def _read(source: LedgerSource) -> RawLedger:
    suffix = source.file.suffix.lower()
    if source.file.is_dir():
        return _read_layers(source)
    with source.file.open("rb") as file:
        start = file.read(4096)
    if suffix == ".dxf":
        return read_drawing(source)
    opening = start.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    right = {".gpkg": start.startswith(_SQLITE_MAGIC), ".shp": start.startswith(_SHAPE_MAGIC)}
    if not right.get(suffix, opening == b"{"):
        raise InputFileError(
            message("ledgers.not_that_format", file=source.file.name, suffix=suffix)
        )
    if suffix == ".shp":
        return _read_shapefile(source)
    if suffix == ".gpkg":
        return _read_layers(source)
    data = source.file.read_bytes()
    text, encoding = decoded(data, source)
    content = data if encoding == "UTF-8" else text.encode()
    frame = features(content)
    return _from_features(frame, [message("ledgers.encoding_found", encoding=encoding)])


def _read_layers(source: LedgerSource) -> RawLedger:
    """Read a layer of a GeoPackage or of a file geodatabase, which is a folder."""
    layer, notes = _layer(source)
    frame = features(source.file.resolve(), layer=layer)
    return _from_features(frame, notes)


def _layer(source: LedgerSource) -> tuple[str, list[Message]]:
    """Return the layer of a GeoPackage to read, and what is to be said of the choice."""
    layers = pyogrio.list_layers(source.file.resolve())
    names = [str(name) for name in layers[:, 0]]
    wanted = source.layer or source.sheet
    if wanted is not None:
        if wanted not in names:
            raise LedgerError(
                message(
                    "ledgers.no_sheet",
                    file=source.file.name,
                    sheet=wanted,
                    sheets="、".join(names),
                )
            )
        return wanted, []
    if not names:
        raise LedgerError(message("ledgers.no_heading", file=source.file.name))
    taken = next((str(name) for name, kind in layers if kind is not None), names[0])
    others = "、".join(name for name in names if name != taken)
    return taken, [message("ledgers.sheet_taken", sheet=taken, others=others)] if others else []


def _read_shapefile(source: LedgerSource) -> RawLedger:
    """Read a shapefile in the encoding that it declares, else in the one that fits.

    Its text is read as bytes (every byte is a character of latin-1) and decoded here, since a
    program that cuts a heading to 10 bytes may cut through a character.
    """
    path = source.file.resolve()
    frame = features(path, encoding="ISO-8859-1")
    raw = _from_features(frame, [])
    declared = _declared_encoding(path)
    listed = (source.encoding,) if source.encoding else (declared, "utf-8", "gb18030")
    tried = list(dict.fromkeys(name for name in listed if name))
    for encoding in tried:
        try:
            headings = tuple(_text(heading, encoding) for heading in raw.headings)
            cells = raw.cells.apply(_texts, encoding=encoding)
        except (UnicodeError, LookupError):
            continue
        notes = [message("ledgers.encoding_found", encoding=encoding.upper())]
        if declared and encoding != declared:
            notes.append(message("ledgers.cpg_wrong", declared=declared, encoding=encoding))
        return RawLedger(headings, cells, raw.geometry, raw.crs, tuple(notes), True)
    raise LedgerError(
        message("ledgers.encoding_unknown", file=source.file.name, tried=" / ".join(tried))
    )


def _text(byte_text: str, encoding: str) -> str:
    """Return text from its bytes, but for a last character that was cut in two."""
    data = byte_text.encode("latin-1")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = len(data) >= HEADING_BYTES and error.start >= len(data) - LONGEST_CHARACTER + 1
        if not cut:
            raise
        return data[: error.start].decode(encoding)


def _texts(column: pd.Series, encoding: str) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    decoded_texts = {
        text: _text(text, encoding) for text in column.dropna().unique() if isinstance(text, str)
    }
    return column.astype(object).map(lambda cell: decoded_texts.get(cell, cell))


def _declared_encoding(path: Path) -> str | None:
    """Return what the .cpg beside a shapefile says, as an encoding that Python knows."""
    for suffix in (".cpg", ".CPG"):
        beside = path.with_suffix(suffix)
        if beside.is_file():
            said = beside.read_text(encoding="ascii", errors="replace").strip().lower()
            number = re.sub(r"^(?:ansi|oem|cp|ms|windows)[ _-]*", "", said)
            said = _CPG_NAMES.get(number, said)
            # GB18030 holds all of GB2312 and GBK: what declares less often holds more.
            said = "gb18030" if said in ("gbk", "gb2312") else said
            try:
                codecs.lookup(said)
            except LookupError:
                return None
            return said
    return None


def _from_features(frame: gpd.GeoDataFrame | pd.DataFrame, notes: list[Message]) -> RawLedger:
    index = pd.RangeIndex(1, len(frame) + 1)
    frame = frame.set_axis(index)
    geometry, crs = None, None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry = frame.geometry
        crs = None if frame.crs is None else pyproj.CRS.from_user_input(frame.crs)
        frame = pd.DataFrame(frame.drop(columns=geometry.name))
    headings = tuple(str(name).strip() for name in frame.columns)
    cells = frame.set_axis(range(len(headings)), axis="columns").apply(_scalars)
    return RawLedger(headings, cells, geometry, crs, tuple(notes))


def _scalars(column: pd.Series) -> pd.Series:
    """Return a column whose lists (rooms, say, in GeoJSON) are texts, as sheets have them."""
    return column.map(_scalar) if column.dtype == object else column


def _scalar(cell: Any) -> Any:
    if isinstance(cell, dict):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, list | tuple | np.ndarray):
        return LIST_MARK.join(str(_scalar(entry)) for entry in cell)
    return cell
