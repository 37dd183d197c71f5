"""Whether points sit where their declared datum puts them, or as a whole somewhere else.

A wrong datum moves every point of a ledger the same way, by hundreds of metres in China. Here the
points are held against the streets and the district's outline where they lie as declared and
where each likely slip would have them, and a slip is named only where it is clearly the better
answer; the thresholds are stated beside it and were set so that points which belong where they lie
are let be. See :mod:`planner.streets.joining.street_fit` for the measure.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.datum import DATUMS, from_wgs84, to_wgs84
from planner.errors import StreetsError
from planner.labels import message
from planner.projections import crs_transformer
from planner.streets.arrays import FloatArray
from planner.streets.joining.offset_verdict import (
    AS_DECLARED,
    CANNOT_TELL,
    HYPOTHESIS_COLUMNS,
    SHIFTED,
    SWAPPED,
    TOO_FEW,
    ZONES,
    DatumOffset,
)
from planner.streets.joining.street_fit import (
    StreetDistances,
    StreetFit,
    best_shift,
    moves,
)
from planner.streets.network.walking_network import WalkingNetwork

LEAST_POINTS: Final = 20
"""Places that must be there, no two within a metre, for a shift of some hundred metres."""

LEAST_POINTS_FREE: Final = 40
"""And for a shift of which no slip is the reason."""

LEAST_POINTS_LOST: Final = 5
"""And for one by which all points leave the map."""

MOST_POINTS: Final = 200
"""Of more points, so many are looked at, evenly from west to east."""

CLEAR_SCORE: Final = 5.0
"""Spreads by which a slip's place must stand out, and more than any of 400 moves: the one of those
that stands out most by chance has about 3."""

CLEAR_LEAD: Final = 3.0
"""Spreads by which it must stand out more than the place as declared."""

FITTING_SCORE: Final = 3.5
"""From here on, points fit the streets where they are declared to lie, and no slip is sought."""

LEAST_SHIFT_M: Final = 60.0
"""A slip that moves points less is within the scatter of doors about their streets."""

NEIGHBOURHOOD_M: Final = 500.0
LOST_SHARE: Final = 0.1
FOUND_SHARE: Final = 0.8
"""Points have left the map where at most a tenth of them lies within 500 m of any street (or in the
district); a slip explains it if four fifths do after it."""

LEAST_OUTSIDE: Final = 5
"""Points that must lie outside the district for its outline alone to tell of a slip."""

DEGREES: Final = "EPSG:4326"


def datum_offset(
    ground: WalkingNetwork | geopandas.GeoDataFrame | geopandas.GeoSeries,
    points: geopandas.GeoDataFrame | geopandas.GeoSeries,
    *,
    declared: str = "wgs84",
    outline: geopandas.GeoDataFrame | geopandas.GeoSeries | None = None,
) -> DatumOffset:
    """Check whether points sit where their declared datum puts them.

    Parameters
    ----------
    ground
        The streets; or, where there are none, the district's outline (communities will do).
    points
        Points in any CRS, where they lie if the datum is as declared. Missing ones are left out.
    declared
        The datum that they were read as: ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``.
    outline
        The district's outline, beside streets: a slip that puts more points outside is none.

    Returns
    -------
    DatumOffset
        Its ``verdict`` names a slip only where that is clearly the better answer: where the points
        as declared fit the streets no better than anywhere (less than 3.5 spreads), and after it
        better than at any of 400 moves, by 6 spreads and more. Outside mainland China web maps
        shift nothing, and only a free shift, exchanged axes or a wrong zone can be found.

    Raises
    ------
    StreetsError
        If the streets, points or outline have no CRS.
    ValueError
        If the datum is unknown.
    """
    if declared not in DATUMS:
        text = f"declared must be one of {', '.join(DATUMS)}, not {declared!r}"
        raise ValueError(text)
    network = ground if isinstance(ground, WalkingNetwork) else None
    district = outline if isinstance(ground, WalkingNetwork) else ground
    for part in (ground, points, outline):
        if part is not None and part.crs is None:
            raise StreetsError(message("datum.offset_without_crs"))
    crs = pyproj.CRS.from_user_input(network.crs if network is not None else _metres(points))
    check = _Check(
        declared,
        _different(points.geometry.to_crs(crs)),
        crs,
        None if network is None else StreetDistances(network),
        None if district is None else shapely.union_all(district.geometry.to_crs(crs).to_numpy()),
    )
    return check.answer()


def _metres(points: Any) -> Any:
    """Return the CRS of points, or one in metres where that is of degrees."""
    return points.estimate_utm_crs() if points.crs.is_geographic else points.crs


def _different(geometry: geopandas.GeoSeries) -> FloatArray:
    """Return the places of points, no two in one square metre, from west to east."""
    there = geometry[~(geometry.isna() | geometry.is_empty)]
    places = shapely.get_coordinates(shapely.centroid(there.to_numpy()))
    places = places[np.isfinite(places).all(axis=1)]
    _, first = np.unique(np.round(places), axis=0, return_index=True)
    places = places[first]
    return places[np.lexsort((places[:, 1], places[:, 0]))]


class _Check:
    """One check: points, ground, and the places that slips would put them at."""

    def __init__(
        self,
        declared: str,
        places: FloatArray,
        crs: pyproj.CRS,
        streets: StreetDistances | None,
        district: Any,
    ) -> None:
        self.declared, self.count = declared, len(places)
        if len(places) > MOST_POINTS:
            taken = np.linspace(0, len(places) - 1, MOST_POINTS).round().astype(np.int64)
            places = places[taken]
        self.streets, self.district = streets, district
        if district is not None:
            shapely.prepare(district)
        self.places = {AS_DECLARED: places}
        if len(places):
            self._add_slips(places, crs)
        self.fits: dict[str, StreetFit] = {}
        self.rows = {name: self._row(name) for name in self.places}

    def _add_slips(self, places: FloatArray, crs: pyproj.CRS) -> None:
        """Add the places at which each slip would put the points."""
        to_degrees = crs_transformer(crs, DEGREES)
        longitude, latitude = to_degrees.transform(places[:, 0], places[:, 1])
        written = from_wgs84(longitude, latitude, self.declared)
        slips = {
            datum: to_wgs84(*written, datum)
            for datum in ("wgs84", "gcj02", "bd09")
            if datum != self.declared and {datum, self.declared} != {"wgs84", "cgcs2000"}
        }
        if np.abs(written[0]).max() <= 90.0:
            slips[SWAPPED] = to_wgs84(written[1], written[0], self.declared)
        slips |= {name: (longitude + degrees, latitude) for name, degrees in ZONES.items()}
        for name, pair in slips.items():
            moved = np.column_stack(to_degrees.transform(*pair, direction="INVERSE"))
            away_m = np.hypot(*(moved - places).T)
            if np.isfinite(moved).all() and np.median(away_m) >= LEAST_SHIFT_M:
                self.places[name] = moved

    def _row(self, name: str) -> dict[str, float]:
        places = self.places[name]
        away_m = np.hypot(*(places - self.places[AS_DECLARED]).T)
        row = {"shift_m": float(np.median(away_m)) if len(places) else 0.0}
        if self.streets is not None and len(places):
            metres = self.streets.within(places, NEIGHBOURHOOD_M)
            row["near_share"] = float(np.isfinite(metres).mean())
        if self.district is not None and len(places):
            row["inside_share"] = float(self._inside(places).mean())
        return row

    def _inside(self, places: FloatArray) -> Any:
        return shapely.intersects_xy(self.district, places[..., 0], places[..., 1])

    def answer(self) -> DatumOffset:
        """Return the first clear answer: off the map, by the streets, by the outline."""
        lost = self._off_the_map()
        if lost is not None:
            return self._named(lost)
        looked_at = len(self.places[AS_DECLARED])
        if looked_at < LEAST_POINTS:
            return self._told(TOO_FEW)
        if self.streets is not None:
            told = self._by_streets(self.streets)
            if told.verdict != CANNOT_TELL:
                return told
        slip = None if self.district is None else self._by_outline()
        return self._told(CANNOT_TELL) if slip is None else self._named(slip)

    def _off_the_map(self) -> str | None:
        """Return the slip by which the points left the map, if they did."""
        share = "inside_share" if self.streets is None else "near_share"
        if len(self.places[AS_DECLARED]) < LEAST_POINTS_LOST:
            return None
        if self.rows[AS_DECLARED][share] > LOST_SHARE:
            return None
        best = max(self.rows, key=lambda name: self.rows[name][share])
        return best if self.rows[best][share] >= FOUND_SHARE else None

    def _by_streets(self, streets: StreetDistances) -> DatumOffset:
        declared = self.fits[AS_DECLARED] = streets.fit(self.places[AS_DECLARED])
        fits = declared.score >= FITTING_SCORE
        if not fits:
            for name in DATUMS:
                if name in self.places and self._keeps_inside(name):
                    self.fits[name] = streets.fit(self.places[name])
        clear = [
            name
            for name, fit in self.fits.items()
            if name != AS_DECLARED
            and fit.stands_out(CLEAR_SCORE)
            and fit.score >= declared.score + CLEAR_LEAD
        ]
        if clear:
            best = max(clear, key=lambda name: self.fits[name].score)
            return self._named(best, score=self.fits[best].score)
        if not declared.stands_out(CLEAR_SCORE):
            told = self._by_any_shift(streets)
            if told is not None:
                return told
        return self._told(AS_DECLARED, score=declared.score) if fits else self._told(CANNOT_TELL)

    def _keeps_inside(self, name: str) -> bool:
        """Tell whether a slip leaves about as many points in the district as there are."""
        inside = self.rows[name].get("inside_share", 1.0)
        return inside >= self.rows[AS_DECLARED].get("inside_share", 1.0) - 0.05

    def _by_any_shift(self, streets: StreetDistances) -> DatumOffset | None:
        """Return the one shift that fits the points to the streets, if there is one."""
        places = self.places[AS_DECLARED]
        found = best_shift(streets, places) if len(places) >= LEAST_POINTS_FREE else None
        if found is None:
            return None
        self.places[SHIFTED] = places + found.shift_m
        self.rows[SHIFTED] = self._row(SHIFTED)
        self.fits[SHIFTED] = streets.fit(self.places[SHIFTED])
        return self._named(SHIFTED, score=found.score)

    def _by_outline(self) -> str | None:
        """Return the slip that alone brings points outside the district back into it."""
        count = len(self.places[AS_DECLARED])
        outside = {
            name: round((1 - row["inside_share"]) * count) for name, row in self.rows.items()
        }
        if outside[AS_DECLARED] < LEAST_OUTSIDE:
            return None
        for name in sorted(outside, key=lambda name: outside[name]):
            if name in ZONES or outside[name] > outside[AS_DECLARED] // 10:
                continue
            moved = self._inside(self.places[name] + moves()[:, None, :])
            if (count - moved.sum(axis=1)).min() > outside[name]:
                return name
        return None

    def _named(self, slip: str, score: float = np.nan) -> DatumOffset:
        away_m = np.median(self.places[AS_DECLARED] - self.places[slip], axis=0)
        return self._told(slip, float(away_m[0]), float(away_m[1]), score)

    def _told(
        self, verdict: str, east_m: float = 0.0, north_m: float = 0.0, score: float = np.nan
    ) -> DatumOffset:
        measured = {
            name: {
                "median_m": fit.median_m,
                "near_score": fit.near_score,
                "pattern_score": fit.pattern_score,
            }
            for name, fit in self.fits.items()
        }
        table = pd.DataFrame.from_dict(
            {name: {**row, **measured.get(name, {})} for name, row in self.rows.items()},
            orient="index",
        ).reindex(columns=list(HYPOTHESIS_COLUMNS))
        return DatumOffset(
            verdict, self.declared, self.count, east_m, north_m, score, table.astype(np.float64)
        )
