"""Places that are points: figures, until the last step makes shapes of them; points of shapes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.datum.shifts import BoolArray, FloatArray
from planner.labels import message
from planner.ledgers.draft import Draft
from planner.ledgers.sheets import ObjectArray
from planner.projections import crs_transformer


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be collected meanwhile, and then again as before.

    Python looks for garbage after every 700 new shapes: five sixths of the time that they take.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Spots:
    """One point for each row, in true degrees.

    A ledger of centres gives nothing but two figures a row. As figures they are shifted, looked at
    and projected in a tenth of the time that shapes take.

    Parameters
    ----------
    longitude, latitude
        WGS-84 degrees, shape (rows,); both NaN where a row has no place.
    rows
        Row numbers.
    """

    longitude: FloatArray
    latitude: FloatArray
    rows: pd.Index

    @property
    def known(self) -> BoolArray:
        """Which rows have a place, shape (rows,)."""
        return ~np.isnan(self.longitude)

    def middle(self) -> tuple[float, float] | None:
        """Return the median longitude and latitude, ``None`` where there are no places."""
        if not self.known.any():
            return None
        return float(np.nanmedian(self.longitude)), float(np.nanmedian(self.latitude))

    def projected(self, crs: pyproj.CRS) -> tuple[gpd.GeoSeries, BoolArray]:
        """Return the points in a metre CRS, and which of them have no place there.

        Parameters
        ----------
        crs
            Metre CRS of the plan.

        Returns
        -------
        tuple
            Points, index = row numbers, ``None`` where there is none; and which rows have a place
            that the CRS cannot hold (half the world away from it), shape (rows,).
        """
        known = self.known
        easting, northing = crs_transformer("EPSG:4326", crs).transform(
            self.longitude[known], self.latitude[known]
        )
        lost = np.zeros(len(known), dtype=bool)
        lost[known] = ~(np.isfinite(easting) & np.isfinite(northing))
        there = ~lost[known]
        points: ObjectArray = np.full(len(known), None, dtype=object)
        with _uncollected():
            points[known & ~lost] = shapely.points(easting[there], northing[there])
        return gpd.GeoSeries(points, index=self.rows, crs=crs), lost


Places: TypeAlias = gpd.GeoSeries | Spots
"""Shapes, or points that are still figures."""


def points_of(draft: Draft, where: Places) -> Places:
    """Return one point for each place: itself, else a point on it (said once)."""
    if isinstance(where, Spots):
        return where
    geometry = where.to_numpy()
    kinds = shapely.get_type_id(geometry)
    other = (kinds > 0) & ~shapely.is_empty(geometry)
    result = np.array(geometry, dtype=object)
    result[shapely.is_empty(geometry)] = None
    if other.any():
        draft.journal.add("note", message("ledgers.points_of_shapes", rows=int(other.sum())))
        result[other] = inner_points(geometry[other])
    return gpd.GeoSeries(result, index=where.index, crs=where.crs)


def inner_points(shapes: ObjectArray) -> ObjectArray:
    """Return the middle of each shape where it lies on it, else a point that does.

    Parameters
    ----------
    shapes
        Shapes of any kind; a missing one has no point.
    """
    middles = np.asarray(shapely.centroid(shapes), dtype=object)
    off = ~shapely.intersects(shapes, middles) & ~shapely.is_missing(shapes)
    middles[off] = shapely.point_on_surface(shapes[off])
    return middles
