"""Vector files of streets and boundaries (.gpkg, .shp, .geojson): only this file opens them.

A file is handed to GDAL only if it lies on this machine and begins as its kind does.
"""

from __future__ import annotations

import codecs
import glob
import hashlib
import warnings
from pathlib import Path
from typing import Any, Final

import geopandas
import pandas as pd
import pyogrio

from planner.errors import InputFileError, StreetsError
from planner.labels import Message, message
from planner.streets.road_layers.columns import SHAPEFILE_HEADING_BYTES

SUFFIXES: Final = (".gpkg", ".shp", ".geojson")

_BEGINNINGS: Final = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
_BESIDE: Final = (".dbf", ".shx", ".prj", ".cpg", ".qpj", ".gpkg-wal")
_ENCODINGS: Final = ("utf-8", "gb18030")


def layer_refusal(file: Path, *problems: Message) -> StreetsError:
    """Return the error that a road layer cannot be used, with every problem found."""
    return StreetsError(message("road_layer.refused", file=file.name), problems)


def _checked(path: Path) -> Path:
    """Return where a file lies; nothing but a file on this machine that begins as its kind does."""
    if not path.is_file():
        raise InputFileError(message("streets.file_missing", file=str(path)))
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(4096)
    wanted = _BEGINNINGS.get(suffix)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    resolved = path.resolve()
    fits = start.startswith(wanted) if wanted else text.startswith(b"{")
    if not fits or str(resolved).startswith("/vsi") or "://" in str(resolved):
        detail = text[:16].decode("ascii", errors="replace")
        raise InputFileError(message("road_layer.unreadable", file=path.name, detail=repr(detail)))
    return resolved


def _layer(path: Path, file: Path, wanted: str | None) -> tuple[str, list[str]]:
    """Return the layer to read and the others: the one asked for, else the first with lines."""
    layers = [(str(name), kind) for name, kind in pyogrio.list_layers(file)]
    names = [name for name, _ in layers]
    if wanted is not None and wanted not in names:
        known = "、".join(names)
        raise layer_refusal(
            path,
            message("road_layer.no_such_layer", file=path.name, layer=wanted, layers=known),
        )
    lines = [name for name, kind in layers if kind is not None and "Line" in kind]
    drawn = [name for name, kind in layers if kind is not None]
    taken = wanted or next(iter([*lines, *drawn, *names]), "")
    return taken, [name for name in names if name != taken]


def read_features(
    path: Path, wanted: str | None = None
) -> tuple[geopandas.GeoDataFrame, dict[str, Any]]:
    """Return the features of a vector file on this machine, and which of its layers they are.

    Parameters
    ----------
    path
        ``.gpkg``, ``.shp`` or ``.geojson``.
    wanted
        Name of the layer; the first with lines, else with shapes, unless given.

    Returns
    -------
    GeoDataFrame, dict
        The features as they stand, without heights; ``layer`` and, if any, ``other_layers``.

    Raises
    ------
    InputFileError
        If the file is missing or is not what its ending says.
    StreetsError
        If there is no such layer, or it holds no shapes at all.
    """
    file = _checked(path)
    how = {"encoding": "ISO-8859-1"} if path.suffix.lower() == ".shp" else {}
    try:
        with warnings.catch_warnings():
            # GDAL warns of ids given twice and of shapes that are none: the rows are counted here.
            warnings.simplefilter("ignore", RuntimeWarning)
            name, others = _layer(path, file, wanted)
            frame = pyogrio.read_dataframe(
                file, layer=name, on_invalid="ignore", force_2d=True, **how
            )
    except (pyogrio.errors.DataSourceError, ValueError, RuntimeError, OSError) as error:
        if isinstance(error, StreetsError):
            raise
        raise InputFileError(
            message("road_layer.unreadable", file=path.name, detail=str(error).strip())
        ) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise layer_refusal(path, message("road_layer.no_line", file=path.name, kinds="—"))
    notes: dict[str, Any] = {"layer": name}
    if others:
        notes["other_layers"] = others
    return (_decoded(frame) if how else frame), notes


def road_layer_options(path: Path, layer: str | None, gap_m: float) -> dict[str, Any]:
    """Return what a road layer's network depends on besides the file: for the key of a cache.

    That is what the reader is told, and the files beside it (a shapefile's table and CRS). Empty
    for files of other kinds.
    """
    if path.suffix.lower() not in SUFFIXES:
        return {}
    beside = {}
    for file in sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")):
        if file != path and file.suffix.lower() in _BESIDE and file.is_file():
            beside[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return {"layer": layer, "gap_m": gap_m, "beside": beside}


def _decoded(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return a shapefile's columns with their texts, read as bytes, as UTF-8 or else GBK."""
    shape = frame.geometry.name
    texts = frame.drop(columns=shape)
    for encoding in _ENCODINGS:
        try:
            names = [_text(str(name), encoding) for name in texts.columns]
            columns = [
                [_text(cell, encoding) if isinstance(cell, str) else cell for cell in texts[name]]
                for name in texts.columns
            ]
        except UnicodeDecodeError:
            continue
        plain = pd.DataFrame(dict(enumerate(columns)), index=frame.index).set_axis(names, axis=1)
        return geopandas.GeoDataFrame(plain, geometry=frame.geometry)
    return frame


def _text(byte_text: str, encoding: str) -> str:
    data = byte_text.encode("latin-1")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) < SHAPEFILE_HEADING_BYTES or error.start < len(data) - 3:
            raise
        return data[: error.start].decode(encoding)
