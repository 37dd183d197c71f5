"""Names on the printed maps: of communities, sub-districts, centres, gaps and sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame

from planner.outputs.printed.looks import QUIET_INK, Label
from planner.outputs.printed.themes import named
from planner.outputs.words import is_missing

MARK_CLEAR_MM: Final = 1.8
STREET_SIZE: Final = 1.35
COMMUNITY_SIZE: Final = 0.85
PLACES: Final = 9
"""Places in a row where a sub-district's name is tried."""
SITE_INK: Final = "#1d3f8f"
STREET_INK: Final = "#3b0f4f"


def _label(shape: Any, words: str, **how: Any) -> Label | None:
    if shape is None or shape.is_empty:
        return None
    middle = shape.centroid
    place = middle if shape.contains(middle) else shape.representative_point()
    return Label(words, place.x, place.y, **how)


def _places_within(shape: Any) -> tuple[tuple[float, float], ...]:
    """Return places spread over an area, the nearest to its middle first."""
    west, south, east, north = shape.bounds
    parts = (np.arange(PLACES) + 0.5) / PLACES
    eastings, northings = np.meshgrid(west + (east - west) * parts, south + (north - south) * parts)
    places = np.column_stack([eastings.ravel(), northings.ravel()])
    places = places[shapely.contains_xy(shape, places[:, 0], places[:, 1])]
    apart = np.hypot(*(places - np.array(shape.centroid.coords[0])).T)
    chosen = places[np.argsort(apart, kind="stable")].tolist()
    return tuple((float(one), float(other)) for one, other in chosen)


def _kept(labels: Iterable[Label | None]) -> tuple[Label, ...]:
    return tuple(one for one in labels if one is not None)


def of_communities(communities: GeoDataFrame, size: float = 1.0) -> tuple[Label, ...]:
    """Return the communities' names, the broadest first: a small one may be numbered."""
    order = communities.geometry.area.sort_values(ascending=False, kind="stable").index
    table = communities.loc[order]
    rows = zip(table.index, table["name"], table.geometry, strict=True)
    return _kept(_label(shape, named(i, name), size=size) for i, name, shape in rows)


def of_streets(communities: GeoDataFrame) -> tuple[Label, ...]:
    """Return the name of each sub-district, within the land of its communities."""
    if not len(communities):
        return ()
    land = communities[["street", "geometry"]].dropna(subset="street").dissolve("street")
    return _kept(
        _label(
            shape, str(name), size=STREET_SIZE, colour=STREET_INK, others_m=_places_within(shape)
        )
        for name, shape in land.geometry.items()
    )


def of_points(table: GeoDataFrame, *, is_listed: bool = True) -> tuple[Label, ...]:
    """Return the names of points that bear a mark, in the table's order."""
    rows = zip(table.index, table["name"], table.geometry, strict=True)
    return _kept(
        _label(shape, named(i, name), clear_mm=MARK_CLEAR_MM, colour=QUIET_INK, is_listed=is_listed)
        for i, name, shape in rows
    )


def of_sites(chosen: GeoDataFrame) -> tuple[Label, ...]:
    """Return the chosen sites' ranks and names; a rank alone where the name finds no room."""
    rows = zip(chosen.index, chosen["rank"], chosen["name"], chosen.geometry, strict=True)
    return _kept(
        _label(
            shape,
            named(i, name) if is_missing(rank) else f"{rank:.0f} {named(i, name)}",
            clear_mm=MARK_CLEAR_MM,
            colour=SITE_INK,
            number="" if is_missing(rank) else f"{rank:.0f}",
            is_listed=is_missing(rank),
        )
        for i, rank, name, shape in rows
    )


def of_gaps(gaps: GeoDataFrame, causes: dict[Any, str]) -> tuple[Label, ...]:
    """Return the gaps' ranks and causes, the worst first; a rank alone where there is no room."""
    rows = zip(gaps.index, gaps["rank"], gaps.geometry, strict=True)
    return _kept(
        _label(
            shape,
            f"{rank} {causes[i]}",
            number=str(rank),
            is_listed=False,
        )
        for i, rank, shape in rows
    )
