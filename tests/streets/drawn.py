"""Making the small towns that the tests of streets walk in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas
import numpy as np
import pandas as pd
from shapely.geometry import LineString

from planner.streets import WalkingNetwork

METRE_A_SECOND = 1.0
"""At 1 m/s a street of 60 m takes one minute: towns are drawn so."""


def town(
    nodes: Mapping[str, tuple[float, float]], edges: Sequence[dict[str, Any]], *, crs: Any = None
) -> WalkingNetwork:
    """Return the network of nodes ``{id: (easting_m, northing_m)}`` and edges as rows."""
    points = pd.DataFrame.from_dict(
        dict(nodes), orient="index", columns=["easting_m", "northing_m"]
    )
    return WalkingNetwork.from_tables(points, pd.DataFrame(list(edges)), crs=crs)


def edge(start: str, end: str, **columns: Any) -> dict[str, Any]:
    """Return a row of the table of edges."""
    return {"from_node": start, "to_node": end, **columns}


def points(places: Mapping[str, tuple[float, float]], *, crs: Any = None) -> geopandas.GeoDataFrame:
    """Return points ``{id: (easting, northing)}``."""
    coordinates = np.array(list(places.values()), dtype=float).reshape(-1, 2)
    return geopandas.GeoDataFrame(
        index=pd.Index(list(places), dtype="object"),
        geometry=geopandas.points_from_xy(coordinates[:, 0], coordinates[:, 1]),
        crs=crs,
    )


def bent(*vertices: tuple[float, float]) -> LineString:
    """Return a line through vertices."""
    return LineString(vertices)


def minutes(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return a table of travel times as ``{(origin, destination): walk_minutes}``."""
    pairs = zip(table["origin"].astype(str), table["destination"].astype(str), strict=True)
    return dict(zip(pairs, table["walk_minutes"].tolist(), strict=True))
