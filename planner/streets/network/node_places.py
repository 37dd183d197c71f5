"""Where a table's nodes lie, in metres, whatever the CRS that they come in."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pyproj.exceptions
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.projections import crs_transformer, metre_crs
from planner.streets.arrays import FloatArray

GLOBE: Final = (180.0, 90.0)
"""Greatest longitude and latitude, in degrees, east or west, north or south."""

Places = tuple[FloatArray, FloatArray, pyproj.CRS | None, pyproj.CRS | None]
"""Eastings and northings in metres, the CRS that they came in, and that of the metres."""


def known_crs(crs: Any) -> pyproj.CRS | None:
    """Return the CRS that a caller names, None for none.

    Raises
    ------
    StreetsError
        If there is no such CRS.
    """
    if crs is None:
        return None
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise _refusal(message("streets.crs_unknown", crs=crs)) from error


def in_metres(crs: pyproj.CRS) -> bool:
    """Tell whether eastings and northings in a CRS are metres on a map."""
    return crs.is_projected and all(
        axis.unit_conversion_factor == 1.0 for axis in crs.axis_info[:2]
    )


def _refusal(problem: Message) -> StreetsError:
    return StreetsError(message("streets.tables_refused"), [problem])


def node_places(nodes: pd.DataFrame, crs: Any = None) -> Places:
    """Return where nodes lie in metres; those that lie nowhere have NaN.

    Parameters
    ----------
    nodes
        Points, in degrees or on any map; or ``easting_m`` and ``northing_m``, which are metres.
    crs
        Their CRS, where the table does not say.

    Returns
    -------
    tuple
        Eastings and northings, shape (nodes,); the CRS that they came in; and that of the metres:
        the same, or else the metre CRS of the place (:func:`planner.projections.metre_crs`).

    Raises
    ------
    StreetsError
        If there is no such CRS, it is none of a map or of the globe, metres are called degrees, or
        columns in metres are said to be something else.
    """
    source = known_crs(getattr(nodes, "crs", None))
    source = known_crs(crs) if source is None else source
    if isinstance(nodes, geopandas.GeoDataFrame):
        points: Any = nodes.geometry.to_numpy()
        easting, northing = shapely.get_x(points), shapely.get_y(points)
    else:
        easting, northing = _numbers(nodes, "easting_m"), _numbers(nodes, "northing_m")
    if source is None or in_metres(source):
        return easting, northing, source, source
    if not isinstance(nodes, geopandas.GeoDataFrame):
        raise _refusal(message("streets.columns_not_in_metres", crs=source.name))
    if not (source.is_geographic or source.is_projected):
        raise _refusal(message("streets.crs_of_no_map", crs=source.name))
    if source.is_geographic:
        beyond = (np.abs(easting) > GLOBE[0]) | (np.abs(northing) > GLOBE[1])
        if beyond.any():
            first = int(np.flatnonzero(beyond)[0])
            told = {"easting": float(easting[first]), "northing": float(northing[first])}
            raise _refusal(message("streets.nodes_not_in_degrees", crs=source.name, **told))
    metre = _metre_crs_of(easting, northing, source)
    if metre is None:
        return easting, northing, source, source
    to_metres = crs_transformer(source, metre)
    easting_m, northing_m = to_metres.transform(easting, northing)
    return np.asarray(easting_m), np.asarray(northing_m), source, metre


def _metre_crs_of(
    easting: FloatArray, northing: FloatArray, source: pyproj.CRS
) -> pyproj.CRS | None:
    """Return the metre CRS of the points' middle, None where none of them lies anywhere."""
    placed = np.isfinite(easting) & np.isfinite(northing)
    if not placed.any():
        return None
    middle = float(np.median(easting[placed])), float(np.median(northing[placed]))
    to_degrees = crs_transformer(source, "EPSG:4326")
    longitude, latitude = to_degrees.transform(*middle)
    if not (np.isfinite(longitude) and np.isfinite(latitude)):
        told = {"easting": middle[0], "northing": middle[1]}
        raise _refusal(message("streets.nodes_off_the_map", crs=source.name, **told))
    return metre_crs(longitude, latitude)


def _numbers(table: pd.DataFrame, column: str) -> FloatArray:
    """Return a column's numbers, NaN where it holds none."""
    numbers = pd.to_numeric(table[column], errors="coerce")
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
