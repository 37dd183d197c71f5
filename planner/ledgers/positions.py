"""Where the rows of a ledger lie: from its geometry or its degrees to true places."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from planner.datum import are_metres, in_mainland_china, to_wgs84
from planner.datum.shifts import BoolArray, FloatArray
from planner.datum.zones import LEAST_METRES
from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers.coordinates import (
    DEGREES,
    METRES,
    Figures,
    exchanged_columns,
    figures_of,
)
from planner.ledgers.draft import Draft
from planner.ledgers.metres import tell_zones, unprojected
from planner.ledgers.spots import Places, Spots
from planner.ledgers.vocabulary import label_of
from planner.projections import metre_crs

WGS84: Final = "EPSG:4326"
NOWHERE: Final = (108.0, 34.0)
"""Longitude and latitude by which a plan without any place takes its CRS."""

CHINESE_DATUMS: Final = ("gcj02", "bd09", "cgcs2000")
SHIFTED_DATUMS: Final = ("gcj02", "bd09")
PLAIN_GEODETIC: Final = (4326, 4490, 4979, 4480)
"""WGS 84 and CGCS2000 (2D and 3D): one and the same here, see :mod:`planner.datum.shifts`."""

LOCAL_DATUMS: Final = ("xian", "beijing", "bejing", "1954", "1980")
"""In the names of China's former datums, whose parameters to WGS-84 are not public."""

SWAPPED_LONGITUDE: Final = (15.0, 55.0)
SWAPPED_LATITUDE: Final = (70.0, 140.0)
"""China spans 73–135°E and 18–54°N: the ranges do not meet, so a swap shows itself there."""


def places(draft: Draft, *, optional: bool) -> Places:
    """Return where each row lies.

    Parameters
    ----------
    draft
        The ledger, its cells turned into values.
    optional
        Whether the ledger may hold no places at all.

    Returns
    -------
    GeoSeries or Spots
        Index = row numbers; no place where a row has none or an impossible one. Columns of figures
        become spots, in true degrees; shapes come in EPSG:4326 (true degrees), or in the file's
        own metre CRS where nothing had to be shifted.

    Raises
    ------
    LedgerError
        If degrees or metres come without a datum, a vector file has neither CRS nor datum, a CRS
        is on a datum that cannot be turned into WGS-84 without the user's parameters, metres say
        neither zone nor central meridian, or there are no places where they are needed.
    """
    if draft.raw.geometry is not None:
        draft.frame = draft.frame.drop(columns=list(METRES), errors="ignore")
        return _from_geometry(draft, draft.raw.geometry)
    figures = figures_of(draft)
    if figures is not None:
        return _from_figures(draft, figures)
    named = [name for name in DEGREES if draft.has(name)]
    file = draft.source.file.name
    if named or not optional:
        missing = [name for name in DEGREES if name not in named]
        shown = "、".join(one for one in draft.raw.headings if one not in draft.matches.persons)
        problems = [
            message(
                "ledgers.column_required",
                file=file,
                column=name,
                label=label_of(draft.name, name),
                headings=shown,
            )
            for name in missing
        ]
        raise LedgerError(message("ledgers.refused", file=file), problems)
    draft.journal.add("doubt", message("ledgers.no_coordinates"))
    return gpd.GeoSeries([None] * len(draft.frame), index=draft.frame.index, crs=WGS84)


def plan_crs(where: Places) -> pyproj.CRS:
    """Return the metre CRS of the middle (by medians, so that stray places do not move it)."""
    if isinstance(where, Spots):
        return metre_crs(*(where.middle() or NOWHERE))
    there = where[~(where.isna() | where.is_empty)]
    if there.empty:
        return metre_crs(*NOWHERE)
    bounds = there.bounds
    middle_east = float((bounds["minx"] + bounds["maxx"]).median() / 2.0)
    middle_north = float((bounds["miny"] + bounds["maxy"]).median() / 2.0)
    middle = gpd.GeoSeries.from_xy([middle_east], [middle_north], crs=where.crs).to_crs(WGS84)
    return metre_crs(float(middle.x.iloc[0]), float(middle.y.iloc[0]))


def _from_figures(draft: Draft, figures: Figures) -> Spots:
    """Return points from the columns 经度 and 纬度, or X坐标 and Y坐标."""
    file, datum = draft.source.file.name, draft.source.datum
    longitude, latitude = figures.east.copy(), figures.north.copy()
    metres = are_metres(longitude, latitude)
    if datum is None:
        key = "datum.metres_datum_required" if metres.any() else "ledgers.datum_required"
        raise LedgerError(message(key, file=file))
    zero = (longitude == 0.0) | (latitude == 0.0)
    lone = np.isnan(longitude) != np.isnan(latitude)
    _tell(draft, zero, "ledgers.zero_coordinates", "doubt", longitude, latitude)
    _tell(draft, lone & ~zero, "ledgers.lone_coordinate", "doubt", longitude, latitude)
    unknown = zero | np.isnan(longitude) | np.isnan(latitude)
    if metres.any() and datum != "cgcs2000":
        if metres.sum() >= (~unknown).sum() / 2.0:
            raise LedgerError(message("datum.metres_of_other_datum", file=file, datum=datum))
    elif metres.any():
        found = unprojected(draft, longitude[metres], latitude[metres])
        tell_zones(draft, metres, found)
        exchanged = metres.copy()
        exchanged[metres] = found.northing_first
        _tell_exchanged(draft, exchanged, metres, figures)
        longitude[metres], latitude[metres] = found.longitude, found.latitude
        unknown |= np.isnan(longitude)
    longitude = np.where(unknown, np.nan, longitude)
    latitude = np.where(unknown, np.nan, latitude)
    return _true_spots(draft, longitude, latitude, figures)


def _true_spots(
    draft: Draft, longitude: FloatArray, latitude: FloatArray, figures: Figures
) -> Spots:
    """Return degrees with swaps undone, the impossible emptied, and the datum's shift undone."""
    datum = str(draft.source.datum)
    swapped = _swapped(longitude, latitude, longitude, latitude, datum)
    if swapped.any():
        exchanged = np.where(swapped, latitude, longitude), np.where(swapped, longitude, latitude)
        longitude, latitude = exchanged
        _tell_exchanged(draft, swapped, ~np.isnan(longitude), figures)
    wrong = (np.abs(longitude) > 180.0) | (np.abs(latitude) > 90.0)
    if wrong.any():
        _tell(draft, wrong, "ledgers.impossible_degrees", "grave", longitude, latitude)
        longitude, latitude = (np.where(wrong, np.nan, one) for one in (longitude, latitude))
    if datum in SHIFTED_DATUMS:
        longitude, latitude = to_wgs84(longitude, latitude, datum)
    return Spots(longitude, latitude, draft.frame.index)


def _tell_exchanged(draft: Draft, exchanged: BoolArray, known: BoolArray, figures: Figures) -> None:
    """Tell of figures that stand in each other's column: once for columns, else row by row."""
    if not exchanged.any():
        return
    east, north = (draft.heading(name) for name in figures.columns)
    if not exchanged_columns(exchanged, known):
        _tell(draft, exchanged, "ledgers.swapped", "doubt", figures.east, figures.north)
    elif figures.columns == METRES:
        # X and Y are one thing to surveyors and another to software: no fault of the ledger's.
        draft.journal.add("note", message("datum.axes_found", east=north, north=east))
    else:
        told = message("datum.columns_exchanged", east=east, north=north, rows=int(exchanged.sum()))
        draft.journal.add("doubt", told, column=east)


def _from_geometry(draft: Draft, geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return a vector file's geometry, by its own CRS and the datum declared."""
    file, crs, datum = draft.source.file.name, draft.raw.crs, draft.source.datum
    flat = gpd.GeoSeries(shapely.force_2d(geometry.to_numpy()), index=geometry.index, crs=None)
    if crs is None:
        if datum is None:
            raise LedgerError(message("ledgers.crs_required", file=file))
        bounds = flat[~(flat.isna() | flat.is_empty)].bounds
        if not bounds.empty and float(bounds.abs().median().max()) > 180.0:
            if datum != "cgcs2000":
                raise LedgerError(message("ledgers.metres_without_crs", file=file))
            return _from_metre_shapes(draft, flat)
        return _true_degrees(draft, flat.set_crs(WGS84), datum)
    geodetic = crs.geodetic_crs
    name = crs.name if geodetic is None else geodetic.name
    if geodetic is None or any(word in name.lower() for word in LOCAL_DATUMS):
        raise LedgerError(message("ledgers.datum_refused", file=file, crs=crs.name))
    if datum is None and crs.is_geographic:
        draft.journal.add("doubt", message("ledgers.datum_of_file", crs=crs.name))
    plain = geodetic.to_epsg() in PLAIN_GEODETIC or datum in SHIFTED_DATUMS
    if crs.is_geographic:
        where = flat.set_crs(WGS84) if plain else flat.set_crs(crs).to_crs(WGS84)
        return _true_degrees(draft, where, datum or "wgs84")
    if datum in SHIFTED_DATUMS:
        return _true_degrees(draft, flat.set_crs(crs).to_crs(WGS84), datum)
    return flat.set_crs(crs)


def _from_metre_shapes(draft: Draft, flat: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in degrees from metres of CGCS2000, whose file names no CRS."""
    shapes = flat.to_numpy()
    if np.abs(shapely.get_coordinates(shapes)).max() <= LEAST_METRES:
        raise LedgerError(message("ledgers.metres_without_crs", file=draft.source.file.name))
    pairs, owner = shapely.get_coordinates(shapes, return_index=True)
    found = unprojected(draft, pairs[:, 0], pairs[:, 1])
    lost = np.zeros(len(shapes), dtype=bool)
    lost[owner[found.why_not != ""]] = True
    if found.northing_first.sum() > len(pairs) / 2.0:
        draft.journal.add("note", message("datum.axes_found", east="Y", north="X"))
    for row in flat.index[lost].to_list():
        told = message("datum.off_grid", zone=0, meridian=draft.source.central_meridian or 0.0)
        draft.journal.add("grave", told, action="emptied", row=int(row))
    degrees = np.column_stack([found.longitude, found.latitude])
    placed = np.array(shapely.set_coordinates(np.array(shapes), degrees), dtype=object)
    placed[lost] = None
    return _true_degrees(draft, gpd.GeoSeries(placed, index=flat.index, crs=WGS84), "cgcs2000")


def _true_degrees(draft: Draft, where: gpd.GeoSeries, datum: str) -> gpd.GeoSeries:
    """Return shapes as :func:`_true_spots` returns figures."""
    geometry = where.to_numpy()
    west, south, east, north = shapely.bounds(geometry).T
    swapped = _swapped(west, south, east, north, datum)
    if swapped.any():
        geometry = geometry.copy()
        geometry[swapped] = shapely.transform(geometry[swapped], lambda pairs: pairs[:, ::-1])
        _tell(draft, swapped, "ledgers.swapped", "doubt", west, south)
        west, south, east, north = shapely.bounds(geometry).T
    wrong = (west < -180.0) | (east > 180.0) | (south < -90.0) | (north > 90.0)
    if wrong.any():
        geometry = geometry.copy()
        geometry[wrong] = None
        _tell(draft, wrong, "ledgers.impossible_degrees", "grave", west, south)
    if datum in SHIFTED_DATUMS:

        def unshifted(pairs: FloatArray) -> FloatArray:
            return np.column_stack(to_wgs84(pairs[:, 0], pairs[:, 1], datum))

        geometry = shapely.transform(geometry, unshifted)
    return gpd.GeoSeries(geometry, index=where.index, crs=WGS84)


def _swapped(
    west: FloatArray, south: FloatArray, east: FloatArray, north: FloatArray, datum: str
) -> BoolArray:
    """Tell which places have longitude and latitude exchanged.

    Certain where the "latitude" passes 90°. From 70° to 90° the same figures are also a place in
    the Arctic: there only a Chinese datum, or another row that lies in China, makes it certain.
    """
    looks = (
        (west >= SWAPPED_LONGITUDE[0])
        & (east <= SWAPPED_LONGITUDE[1])
        & (south >= SWAPPED_LATITUDE[0])
        & (north <= SWAPPED_LATITUDE[1])
    )
    if not looks.any():
        return looks
    in_china = datum in CHINESE_DATUMS or bool(in_mainland_china(west, south).any())
    return looks & (in_china | (north > 90.0))


def _tell(
    draft: Draft,
    rows: BoolArray,
    key: str,
    severity: str,
    longitude: FloatArray,
    latitude: FloatArray,
) -> None:
    emptied = key != "ledgers.swapped"
    numbers = draft.frame.index.to_list()
    for place in np.flatnonzero(rows).tolist():
        draft.journal.add(
            "grave" if severity == "grave" else "doubt",
            message(key, longitude=float(longitude[place]), latitude=float(latitude[place])),
            action="emptied" if emptied else "kept",
            row=numbers[place],
            column=draft.heading("longitude" if draft.has("longitude") else "easting"),
        )
