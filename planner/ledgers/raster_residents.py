"""Residents from a raster of people: its own figures, or the communities' spread over its cells."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner import tables
from planner.errors import LedgerError
from planner.labels import message, text
from planner.ledgers.cells import Pieces, cut_by, raster_cells
from planner.ledgers.findings import Finding, Journal, Ledger
from planner.ledgers.people import tell_unused_shares
from planner.ledgers.positions import WGS84
from planner.ledgers.rasters import PeopleRaster, read_people_raster
from planner.ledgers.sharing import PERSON_COLUMNS
from planner.ledgers.source import LedgerSource
from planner.ledgers.spots import inner_points
from planner.ledgers.spreading_cells import over_pieces, piece_ids, piece_people, tell_cells
from planner.ledgers.vocabulary import label_of
from planner.projections import crs_transformer, metre_crs
from planner.tables import ELDERLY_COLUMNS

GEOGRAPHIC_DATUMS: Final = (None, "wgs84", "cgcs2000")
"""What may be declared of a raster, whose CRS is its own: only what shifts nothing."""


def residents_of_raster(
    source: LedgerSource,
    communities: gpd.GeoDataFrame | None = None,
    *,
    crs: pyproj.CRS | None = None,
) -> Ledger:
    """Return residents from a raster of people, one row for each cell with anybody in it.

    Without communities, or if ``counts_from`` says ``file``, the raster's own figures count, those
    of a cell on the district's edge by the share of its area inside. Else the communities' figures
    are spread over the cells (:func:`planner.ledgers.spreading_cells.spread_over_cells`).

    Parameters
    ----------
    source
        A GeoTIFF of many bands, or a folder of one a band, with ``bands`` where their names do
        not tell the ages.
    communities
        The plan's communities; only their surroundings are read of the raster.
    crs
        Metre CRS of the plan; that of the communities, else chosen from the raster's middle.

    Returns
    -------
    Ledger
        ``rows_read``: cells used, ``rows_added``: parts of cells beyond the first, and communities
        without cells.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.rasters.read_people_raster`; if nobody lives in any cell there,
        or a datum is declared that would shift the raster.
    """
    file = source.file.name
    if source.datum not in GEOGRAPHIC_DATUMS:
        told = message("residents.raster_datum", file=file, datum=source.datum)
        raise LedgerError(message("ledgers.refused", file=file), [told])
    findings: list[Finding] = []
    cells = people_cells(source.file, source, communities, crs, findings)
    if communities is None:
        ids, residents = cells.index, _given(cells)
        used = len(cells)
        _take_shares(residents, source, findings)
    else:
        pieces = cut_by(cells, communities.geometry)
        used = int(pieces.table["cell"].nunique())
        if not used:
            told = message("residents.raster_empty", file=file)
            raise LedgerError(message("ledgers.refused", file=file), [told])
        tell_cells(pieces, findings)
        if source.counts_from == "file":
            _tell_persons(cells, pieces, findings)
            residents = _given_pieces(cells, pieces)
            _take_shares(residents, source, findings)
        else:
            tell_unused_shares(source, findings)
            ordered = communities.sort_index()
            residents = over_pieces(ordered, cells, pieces, source.without_homes, findings)
        ids = pd.Index(piece_ids(pieces)).intersection(residents.index)
    tables.check(tables.RESIDENTS, residents)
    journal = Journal(file, findings)
    rows = pd.Series(0, index=residents.index, dtype=np.int64)
    numbers = cells["number"].reindex(pd.Index(ids).map(lambda one: str(one).split("/")[0]))
    rows[ids] = numbers.to_numpy(dtype=np.int64)
    return Ledger(
        name="residents",
        file=Path(source.file),
        table=residents,
        rows=rows,
        set_aside=journal.set_aside_rows({}),
        findings=journal.findings({}),
        rows_read=used,
        rows_added=len(residents) - used,
    )


def people_cells(
    file: Path,
    source: LedgerSource,
    communities: gpd.GeoDataFrame | None,
    crs: pyproj.CRS | None,
    findings: list[Finding],
) -> gpd.GeoDataFrame:
    """Return the lived-in cells of a raster in the plan's CRS, and what is to be said of them."""
    within = None
    if communities is not None:
        corners = shapely.get_coordinates(communities.geometry.to_numpy())
        within = (corners[:, 0], corners[:, 1], communities.crs)
        crs = pyproj.CRS.from_user_input(communities.crs)
    raster = read_people_raster(file, bands=source.bands, within=within)
    findings += [Finding(told, "note") for told in raster.notes]
    if raster.empty_cells or raster.partly_empty_cells or raster.negative_cells:
        told = message(
            "residents.nobody_in_cells",
            empty=raster.empty_cells,
            partly=raster.partly_empty_cells,
            negative=raster.negative_cells,
        )
        doubtful = raster.partly_empty_cells or raster.negative_cells
        findings.append(Finding(told, "doubt" if doubtful else "note"))
    if raster.cells.empty:
        told = message("residents.raster_empty", file=file.name)
        raise LedgerError(message("ledgers.refused", file=file.name), [told])
    return raster_cells(raster, crs or _middle_crs(raster))


def _middle_crs(raster: PeopleRaster) -> pyproj.CRS:
    a, b, c, d, e, f = raster.to_map
    column, row = (float(raster.cells[name].median()) + 0.5 for name in ("column", "row"))
    turn = crs_transformer(raster.crs, WGS84)
    longitude, latitude = turn.transform(a * column + b * row + c, d * column + e * row + f)
    return metre_crs(float(longitude), float(latitude))


def _take_shares(
    residents: gpd.GeoDataFrame, source: LedgerSource, findings: list[Finding]
) -> None:
    """Fill in elders, 失能 and 独居 by the shares declared; refuse a raster without elders."""
    for column, share in source.elderly_shares.items():
        if residents[column].isna().all():
            residents[column] = residents["population"] * share
            told = message("ledgers.share_taken", column=column, share=share, rows=len(residents))
            findings.append(Finding(told, "doubt"))
    if residents[ELDERLY_COLUMNS[0]].isna().all():
        told = message("residents.raster_without_elders", file=source.file.name)
        raise LedgerError(message("ledgers.refused", file=source.file.name), [told])
    for column, share in source.group_shares.items():
        residents[column] = residents[ELDERLY_COLUMNS[0]] * share
        told = message(
            "residents.share_taken",
            label=label_of("residents", column),
            column=column,
            share=share,
            source=source.shares_source or text("residents.source_unknown"),
            rows=len(residents),
        )
        findings.append(Finding(told, "doubt"))


def _tell_persons(cells: gpd.GeoDataFrame, pieces: Pieces, findings: list[Finding]) -> None:
    """Tell how many elders of the raster live outside all communities."""
    if ELDERLY_COLUMNS[0] not in cells:
        return
    elders = cells[ELDERLY_COLUMNS[0]].to_numpy(dtype=np.float64)
    outside = float((elders * pieces.outside.to_numpy()).sum())
    told = message(
        "residents.persons_outside", persons=outside, inside=float(elders.sum()) - outside
    )
    findings.append(Finding(told, "note"))


def _given(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    points = inner_points(cells.geometry.to_numpy())
    people = cells.drop(columns=["number", "geometry"])
    return _as_residents(people.assign(community=None), points, cells.crs)


def _given_pieces(cells: gpd.GeoDataFrame, pieces: Pieces) -> gpd.GeoDataFrame:
    people = piece_people(cells, pieces)
    community = pieces.table["community"].to_numpy(dtype=object)
    points = pieces.table.geometry.to_numpy()
    return _as_residents(people.assign(community=community), points, cells.crs).sort_index()


def _as_residents(people: pd.DataFrame, points: object, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    columns = people.reindex(columns=["community", *PERSON_COLUMNS])
    columns["placed_by"] = "given"
    for name in PERSON_COLUMNS:
        columns[name] = columns[name].astype(np.float64)
    return gpd.GeoDataFrame(columns, geometry=points, crs=crs)
