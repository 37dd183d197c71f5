"""西安80, 北京54 and local grids: turned into CGCS2000 by the user's own parameters, else refused.

Their parameters are not public, and differ from place to place: the ones that a library carries are
off by tens of metres. Only the surveying office knows those of a district.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers.raw import RawLedger
from planner.ledgers.source import LedgerSource
from planner.projections import crs_transformer, metre_crs
from planner.units import FloatArray

PLAIN_GEODETIC: Final = (4326, 4490, 4979, 4480)
"""WGS 84 and CGCS2000 (2D and 3D), which are one and the same here."""

PARAMETERS: Final = (3, 7)
"""How many a shift of datum has: three translations in metres; for seven also three rotations in
seconds of arc and a scale in parts per million, in the position vector convention of PROJ."""

_TOWGS84: Final = re.compile(r"\s*\+towgs84=(?P<figures>\S*)")


def in_users_crs(raw: RawLedger, source: LedgerSource) -> RawLedger:
    """Return a vector ledger in CGCS2000, its coordinates read as the user says they are.

    Parameters
    ----------
    raw
        The ledger as its file has it; what CRS it declares itself does not count.
    source
        Its ``file_crs``: ``EPSG:4545``, ``EPSG:2334 +towgs84=…``, or a PROJ string.

    Returns
    -------
    RawLedger
        Its places in the metre CRS of where they lie, which is on CGCS2000.

    Raises
    ------
    LedgerError
        If the CRS is none, has a wrong number of parameters, or is on another datum than CGCS2000
        or WGS 84 and has none; or if nothing of the ledger lies where its parameters say.
    """
    crs = users_crs(source)
    if raw.geometry is None:
        return raw
    to_degrees = crs_transformer(crs, "EPSG:4326")
    shapes = shapely.force_2d(raw.geometry.to_numpy())

    def turned(pairs: FloatArray) -> FloatArray:
        return np.column_stack(to_degrees.transform(pairs[:, 0], pairs[:, 1]))

    where = shapely.transform(shapes, turned)
    middle = np.nanmedian(shapely.get_coordinates(where), axis=0)
    if not np.isfinite(middle).all():
        raise LedgerError(
            message("ledgers.file_crs_elsewhere", file=source.file.name, crs=source.file_crs)
        )
    target = metre_crs(float(middle[0]), float(middle[1]))
    degrees = gpd.GeoSeries(where, index=raw.geometry.index, crs="EPSG:4326")
    told = message("ledgers.file_crs_taken", crs=source.file_crs)
    return replace(raw, geometry=degrees.to_crs(target), crs=target, notes=(*raw.notes, told))


def users_crs(source: LedgerSource) -> pyproj.CRS:
    """Return the CRS that a user states, with its shift to WGS 84.

    Raises
    ------
    LedgerError
        As :func:`in_users_crs`.
    """
    stated = source.file_crs or ""
    place = {"file": source.file.name, "crs": stated}
    found = _TOWGS84.search(stated)
    try:
        crs = pyproj.CRS.from_user_input(_TOWGS84.sub("", stated).strip())
    except pyproj.exceptions.CRSError as error:
        raise LedgerError(message("ledgers.file_crs_unknown", **place)) from error
    geodetic = crs.geodetic_crs
    if found is None:
        if geodetic is None or geodetic.to_epsg() not in PLAIN_GEODETIC:
            raise LedgerError(message("ledgers.parameters_required", **place))
        return crs
    try:
        figures = [float(figure) for figure in found["figures"].split(",")]
    except ValueError:
        figures = []
    if len(figures) not in PARAMETERS or geodetic is None:
        raise LedgerError(message("ledgers.parameters_wrong", **place))
    shift = pyproj.crs.coordinate_operation.ToWGS84Transformation(
        geodetic, *figures, *[0.0] * (7 - len(figures))
    )
    return pyproj.crs.BoundCRS(crs, "EPSG:4326", shift)
