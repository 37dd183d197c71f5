"""Coordinates that cannot be right, or hardly: exchanged, or one answer for many addresses."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
import shapely.geometry.base

from planner.datum.shifts import BoolArray
from planner.labels import message
from planner.ledgers.addresses import normalised_address
from planner.ledgers.findings import Journal, Ledger
from planner.projections import crs_transformer

District = shapely.geometry.base.BaseGeometry

DEGREES: Final = "EPSG:4326"

CROWD: Final = 5
"""So many rows at one place, to the millimetre, that are not all of one address or community, are
one answer of a geocoder that knew the town and not the address. Fewer do share a house."""

CROWD_OF_COMMUNITIES: Final = 3
"""Or so many, if each says that it lies in another community."""


def in_district(
    places: gpd.GeoSeries, communities: gpd.GeoDataFrame | None, *, district: District | None
) -> pd.Series:
    """Tell which places lie in the district: a point of each, borders included.

    Parameters
    ----------
    places
        Places in a metre CRS, index = ids. A missing one lies nowhere.
    communities
        The plan's communities, whose union is the district where none is given.
    district
        The district's outline, in the CRS of ``places``.
    """
    points = shapely.point_on_surface(places.to_numpy())
    if district is not None:
        inside = shapely.intersects(district, points)
    else:
        inside = np.zeros(len(places), dtype=bool)
        if communities is not None:
            tree = shapely.STRtree(communities.geometry.to_crs(places.crs).to_numpy())
            inside[tree.query(points, predicate="intersects")[0]] = True
    return pd.Series(inside, index=places.index)


def mended_swaps(
    ledger: Ledger, communities: gpd.GeoDataFrame | None, *, district: District | None = None
) -> Ledger:
    """Return the ledger with longitude and latitude exchanged where only that makes sense.

    That is: the place lies outside the district, and the one with its degrees exchanged inside.
    Where figures were exchanged in reading, since they could be no place on Earth otherwise, and
    the place lies outside all the same, its coordinates are ``doubtful``.

    Parameters
    ----------
    ledger
        Centres, candidates or estates.
    communities
        The plan's communities, whose union is the district where none is given.
    district
        The district's outline, in the ledger's CRS.
    """
    table, journal = ledger.table, Journal(ledger.file.name)
    inside = in_district(table.geometry, communities, district=district).to_numpy()
    lost = np.flatnonzero(~inside & ~shapely.is_missing(table.geometry.to_numpy()))
    if not len(lost):
        return ledger
    exchanged = gpd.GeoSeries(
        _exchanged(table.geometry.to_numpy()[lost], pyproj.CRS.from_user_input(table.crs)),
        index=table.index[lost],
        crs=table.crs,
    )
    found = in_district(exchanged, communities, district=district).to_numpy()
    geometry = table.geometry.to_numpy().copy()
    geometry[lost[found]] = exchanged.to_numpy()[found]
    for name in table.index[lost[found]]:
        journal.add("doubt", message("datum.swapped_into_district"), of=str(name))
    table = table.set_geometry(gpd.GeoSeries(geometry, index=table.index, crs=table.crs))
    told = set(ledger.findings.loc[ledger.findings["key"] == "ledgers.swapped", "id"])
    still = [str(name) for name in table.index[lost[~found]] if str(name) in told]
    if still and "position" in table:
        given = table.index.isin(still) & (table["position"] == "given")
        table = table.assign(position=table["position"].mask(given, "doubtful"))
        for name in still:
            journal.add("grave", message("datum.swapped_outside"), of=name)
    return ledger.with_findings(journal, table)


def _exchanged(shapes: np.ndarray, crs: pyproj.CRS) -> np.ndarray:
    """Return shapes with their degrees exchanged; missing where that is no place, or the same."""
    to_degrees = crs_transformer(crs, DEGREES)

    def exchanged(pairs: np.ndarray) -> np.ndarray:
        longitude, latitude = to_degrees.transform(pairs[:, 0], pairs[:, 1])
        possible = np.abs(longitude) <= 90.0
        turned = to_degrees.transform(
            np.where(possible, latitude, np.nan),
            np.where(possible, longitude, np.nan),
            direction="INVERSE",
        )
        return np.column_stack(turned)

    turned = np.asarray(shapely.transform(shapes, exchanged), dtype=object)
    turned[~np.isfinite(shapely.bounds(turned)).all(axis=1)] = None
    return turned


def doubtful_at_one_place(ledger: Ledger) -> Ledger:
    """Return the ledger with points that many rows share marked ``doubtful`` and told of.

    Parameters
    ----------
    ledger
        Centres or candidates. Communities, where their table has them, are still those that the
        ledger itself names.
    """
    table, journal = ledger.table, Journal(ledger.file.name)
    given = (table["position"] == "given").to_numpy()
    if not given.any():
        return ledger
    spots = np.round(shapely.get_coordinates(table.geometry.to_numpy()[given]), 3)
    _, spot = np.unique(spots, axis=0, return_inverse=True)
    spot = spot.ravel()
    rows = np.bincount(spot)
    said = _said(table[given])
    crowded = said["place"].groupby(spot).nunique().to_numpy() >= CROWD
    crowded |= said["community"].groupby(spot).nunique().to_numpy() >= CROWD_OF_COMMUNITIES
    doubtful: BoolArray = np.zeros(len(table), dtype=bool)
    doubtful[given] = crowded[spot]
    for name, count in zip(table.index[doubtful], rows[spot][crowded[spot]], strict=True):
        journal.add("doubt", message("datum.one_place", rows=int(count)), of=str(name))
    position = table["position"].mask(doubtful, "doubtful")
    return ledger.with_findings(journal, table.assign(position=position))


def _said(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each row says of where it is: ``community``, and ``place``, its best telling.

    That is its address, else its community, else nothing but itself.
    """
    rows = pd.DataFrame(index=pd.RangeIndex(len(table)))
    for name in ("address", "community"):
        known = name in table
        rows[name] = table[name].to_numpy(dtype=object) if known else None
    rows["address"] = rows["address"].map(normalised_address, na_action="ignore")
    place = rows["address"].where(rows["address"].notna(), rows["community"])
    rows["place"] = place.where(place.notna(), rows.index.to_series().astype(object))
    return rows
