"""The layers as GeoParquet, a file each, for who works with tables rather than with QGIS."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pandas as pd

from planner.errors import OutputFileError
from planner.labels import message
from planner.outputs.content import PlanContent
from planner.outputs.layers.writing import dictionary_table, layer_tables
from planner.outputs.words import is_missing

LIBRARY: Final = "pyarrow"
"""Writes Parquet; none of the planner's other work needs it, so it comes by the extra
``parquet``."""


def refuse_without_parquet() -> None:
    """Refuse before long work what could not be written in the end.

    Raises
    ------
    OutputFileError
        If the library that writes Parquet is not installed.
    """
    if find_spec(LIBRARY) is None:
        raise OutputFileError(message("printing.no_parquet", library=LIBRARY))


def write_parquet(content: PlanContent, folder: Path) -> list[Path]:
    """Write every layer of a plan as ``NAME.parquet``, and their dictionary.

    Parameters
    ----------
    content
        What the run has to say. The layers are those of ``layers.gpkg``, in the same CRS.
    folder
        Where the files go; made if it is not there.

    Raises
    ------
    OutputFileError
        As :func:`refuse_without_parquet`.
    """
    refuse_without_parquet()
    folder.mkdir(parents=True, exist_ok=True)
    tables = layer_tables(content)
    tables["dictionary"] = dictionary_table(tables, content.about.language)
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.parquet")
        _one_kind(table).to_parquet(files[-1], index=False)
    return files


def _one_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns hold one kind of value each, as Parquet asks.

    A column of figures in which a word stands for what is withheld becomes text.
    """
    mixed = [
        name
        for name in table.columns
        if table[name].dtype == object
        and pd.api.types.infer_dtype(table[name], skipna=True).startswith("mixed")
    ]
    return table.assign(**{str(name): _as_text(table[name]) for name in mixed})


def _as_text(cells: pd.Series[Any]) -> pd.Series[Any]:
    texts = [None if is_missing(one) else str(one) for one in cells]
    return pd.Series(texts, index=cells.index, dtype=object)
