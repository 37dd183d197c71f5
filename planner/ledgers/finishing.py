"""The last step of every reading: judged rows become a checked table in the plan's metre CRS."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner import tables
from planner.labels import message
from planner.ledgers.draft import Draft
from planner.ledgers.findings import Journal, Ledger
from planner.ledgers.marking import MARKED_SUFFIXES, Layout
from planner.ledgers.positions import plan_crs
from planner.ledgers.spots import Places, Spots

CrsLike = Any
"""Whatever :meth:`pyproj.CRS.from_user_input` takes, or ``None`` for "choose it"."""


def projected(draft: Draft, where: Places, crs: CrsLike) -> gpd.GeoSeries:
    """Return places in the plan's metre CRS; what cannot be projected there has no place.

    Parameters
    ----------
    draft
        The rows; its journal is told of places too far off to be projected.
    where
        Their places, index = row numbers.
    crs
        Metre CRS of the plan, or ``None`` to choose it from ``where``.

    Raises
    ------
    ValueError
        If the CRS is one of degrees.
    """
    target = plan_crs(where) if crs is None else pyproj.CRS.from_user_input(crs)
    if not target.is_projected:
        text = f"crs must be a metre CRS, not {target.name}"
        raise ValueError(text)
    if isinstance(where, Spots):
        placed, lost = where.projected(target)
        degrees = np.column_stack([where.longitude, where.latitude])
    else:
        placed = where.to_crs(target)
        bounds = shapely.bounds(placed.to_numpy())
        lost = ~np.isfinite(bounds).all(axis=1) & ~(placed.isna() | placed.is_empty).to_numpy()
        degrees = shapely.bounds(where.to_numpy())[:, :2]
    if not lost.any():
        return placed
    for position in np.flatnonzero(lost):
        west, south = degrees[position].tolist()
        told = message("ledgers.impossible_degrees", longitude=west, latitude=south)
        row = int(placed.index[position])
        draft.journal.add(
            "grave", told, action="emptied", row=row, column=draft.heading("longitude")
        )
    geometry = placed.to_numpy().copy()
    geometry[lost] = None
    return gpd.GeoSeries(geometry, index=placed.index, crs=target)


def as_table(frame: pd.DataFrame, geometry: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return rows as a table: index = their ids, text as text, missing text as missing."""
    columns = {
        name: column if pd.api.types.is_numeric_dtype(column) else _as_text(column)
        for name, column in frame.items()
        if name != "id"
    }
    # Made of the columns as they are: given apart, the geometry costs a copy of all of them.
    table = gpd.GeoDataFrame({**columns, "geometry": geometry}, index=frame.index, copy=False)
    return table.set_axis(pd.Index(frame["id"].to_list()))


def _as_text(column: pd.Series) -> pd.Series:
    """Return a column of text in pandas' default type for text, missing cells as missing."""
    missing = column.isna()
    if missing.all():
        return pd.Series(None, index=column.index, dtype=object)
    if not missing.any() and column.dtype == "string":
        return column.astype("str")
    return column.astype(object).where(~missing, None).infer_objects()


def ids_by_row(draft: Draft) -> dict[int, str]:
    """Return the id of each row that anything is said of."""
    told = {one.row for one in draft.journal.found} | set(draft.journal.aside)
    named = draft.frame["id"][draft.frame.index.isin([row for row in told if row is not None])]
    rows = named.index.to_numpy(dtype=np.int64)
    return {int(row): str(name) for row, name in zip(rows, named, strict=True)}


def finished(draft: Draft, where: gpd.GeoSeries, *, check: bool = True) -> Ledger:
    """Return the ledger of a judged draft.

    Parameters
    ----------
    draft
        The judged rows.
    where
        Their places in the plan's CRS (:func:`projected`), index = row numbers.
    check
        Whether the table is already one of :mod:`planner.tables`.

    Raises
    ------
    TableError
        If the table breaks a promise that judging should have kept.
    """
    frame = draft.frame.drop(columns=["longitude", "latitude"], errors="ignore")
    is_used = ~frame.index.isin(list(draft.journal.aside))
    table = as_table(frame, where) if is_used.all() else as_table(frame[is_used], where[is_used])
    if check:
        tables.check(tables.LEDGER_TABLES[draft.name], table)
    ids = ids_by_row(draft)
    journal = _without_repeats(draft.journal)
    return Ledger(
        name=draft.name,
        file=Path(draft.source.file),
        table=table,
        rows=pd.Series(frame.index[is_used].to_numpy(dtype=np.int64), index=table.index),
        set_aside=journal.set_aside_rows(ids),
        findings=journal.findings(ids),
        rows_read=draft.rows_read,
        layout=layout_of(draft),
        headings={name: match.heading for name, match in draft.matches.columns.items()},
    )


def layout_of(draft: Draft) -> Layout | None:
    """Return where a ledger's columns stand in its workbook; None if it is none to be marked."""
    raw = draft.raw
    if Path(draft.source.file).suffix.lower() not in MARKED_SUFFIXES or not raw.sheet:
        return None
    places = raw.places or tuple(range(len(raw.headings)))
    columns: dict[str, int] = {}
    for position, heading in enumerate(raw.headings):
        columns.setdefault(heading, places[position])
    free = set(draft.matches.kept)
    persons = [places[one] for one in range(len(raw.headings)) if one not in free]
    rows = [int(row) for row in draft.frame.index] or [raw.heading_row + 1]
    return Layout(raw.sheet, columns, tuple(persons), (raw.heading_row + 1, max(rows)))


def _without_repeats(journal: Journal) -> Journal:
    """Leave out what is said of a repeated row beside its being one: its first told it already."""
    repeats = {row for row, told in journal.aside.items() if told.key == "ledgers.row_repeated"}
    found = [one for one in journal.found if one.row not in repeats or one.action == "set_aside"]
    return replace(journal, found=found)
