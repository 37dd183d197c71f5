"""Joining points to the streets: each to the nearest spot that it can walk straight to."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from planner import units
from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.joining.barriers import walls_of
from planner.streets.joining.kernel import join_all
from planner.streets.joining.lattice import Pieces, straight_street_pieces
from planner.streets.network.pieces import reprojected
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.walking.walkers import Walker, walker_of
from planner.tables import listed

JOIN_LIMIT_M: Final = 200.0
"""A door farther than this from every street is not joined, unless the caller says otherwise."""

ROUNDING_M: Final = 1e-9
"""Legs are measured to this."""

SPOT_COLUMNS: Final = (
    "segment",
    "fraction",
    "leg_m",
    "joined",
    "part",
    "easting_m",
    "northing_m",
)
"""What a table of joined points must tell a search."""

JOINED_COLUMNS: Final = (*SPOT_COLUMNS, "nearest_m", "why_not")

TOO_FAR: Final = "too_far"
BEHIND_BARRIER: Final = "behind_barrier"
NO_PLACE: Final = "no_place"
"""Why a point is not joined; the empty text where it is."""


def segment_lines(network: WalkingNetwork) -> Any:
    """Return the shapes of all segments as shapely lines, shape (segments,)."""
    coordinates = np.column_stack([network.vertex_easting_m, network.vertex_northing_m])
    lines = np.repeat(np.arange(network.segment_count), np.diff(network.vertex_start))
    return shapely.linestrings(coordinates, indices=lines)


def usable_segments(network: WalkingNetwork, walker: Walker | str | None) -> BoolArray | None:
    """Return which segments a walker can join, shape (segments,); None for all.

    A walker who takes no steps (:attr:`planner.streets.Walker.steps_refused`) joins none
    that is steps.
    """
    if walker is None or not walker_of(walker).steps_refused or not network.segment_steps.any():
        return None
    return ~network.segment_steps


def _points(network: WalkingNetwork, points: geopandas.GeoDataFrame, table: str) -> Any:
    """Return the points in the network's CRS, None where there is none, shape (points,)."""
    geometry = points.geometry
    problems: list[Message] = []
    kinds = geometry.geom_type
    other = kinds.notna() & (kinds != "Point")
    if other.any():
        ids = listed(points.index[other])
        problems.append(message("streets.not_points", table=table, ids=ids))
    if points.crs is None and network.crs is not None:
        crs = network.crs.name
        problems.append(message("streets.points_without_crs", table=table, crs=crs))
    if network.crs is None and points.crs is not None and points.crs.is_geographic:
        problems.append(message("streets.points_in_degrees", table=table))
    if problems:
        raise StreetsError(message("streets.points_refused"), problems)
    placed = np.array(geometry.to_numpy(), dtype=object)
    placed[shapely.is_empty(placed)] = None
    if network.crs is not None and points.crs != network.crs:
        known = ~shapely.is_missing(placed)
        placed[known] = reprojected(placed[known], points.crs, network.crs)
    # Coordinates that are no numbers, or that lie outside what the CRS can show, are no place.
    placed[~(np.isfinite(shapely.get_x(placed)) & np.isfinite(shapely.get_y(placed)))] = None
    return placed


def _nearest_m(lines: Any, points: Any) -> FloatArray:
    """Return the metres from points to the nearest of some lines, infinite if there is none."""
    away_m = np.full(len(points), np.inf)
    if len(lines) and len(points):
        tree = shapely.STRtree(lines)
        (point, _), metres = tree.query_nearest(points, return_distance=True)
        away_m[point] = metres
    return away_m


def checked_join_limit(limit_m: Any) -> float:
    """Return the longest leg in metres that ``join_limit_m`` names; infinite where all count.

    Raises
    ------
    StreetsError
        If it is no number, 0 or more.
    """
    if not (units.is_number(limit_m) and limit_m >= 0):
        raise StreetsError(message("streets.join_limit_refused", value=shown(limit_m)))
    return float(limit_m)


def shown(value: Any) -> Any:
    """Return a value as a planner would write it: NumPy's numbers without their types."""
    return value.item() if isinstance(value, np.generic) else value


def join_to_streets(
    network: WalkingNetwork,
    points: geopandas.GeoDataFrame,
    *,
    limit_m: float = JOIN_LIMIT_M,
    barriers: geopandas.GeoDataFrame | None = None,
    walker: Walker | str | None = None,
    table: str = "points",
) -> pd.DataFrame:
    """Join points to the nearest spot on a street that they can walk straight to, within a limit.

    A segment of the network's main part is preferred wherever one is within the limit, even where a
    stray piece is nearer: one walks over to the street that leads somewhere.

    No leg crosses a barrier. Where the nearest spot of all lies behind one, the nearest spot in
    sight is joined, be it farther along the same street: past the end of a wall, or through a gap
    in it. Streets cross barriers as they will (bridges, gates): only legs are judged. A leg that
    touches a barrier only at its own ends does not cross it: of a door that stands on the wall, to
    a gate in the wall, to a street that ends on the wall or runs along it; nor does one that passes
    the wall's very tip (:mod:`planner.streets.joining.sight`).

    Who takes no steps joins the nearest segment that is none: for such a walker stairs are no
    street, here and in all that is said of distances below. The main part stays the network's.

    Parameters
    ----------
    network
        Where to join.
    points
        Points in any CRS, by id. Empty or missing geometry is allowed: not joined.
    limit_m
        Longest leg from a point to its street, in metres; a leg of exactly this length counts.
    barriers
        Lines and areas, whose outlines count, in any CRS
        (:func:`planner.streets.read_barriers`); None for none.
    walker
        Who walks: a walker or the name of a profile; None for somebody who walks on every segment.
    table
        What the errors call the points.

    Returns
    -------
    DataFrame
        One row for every point, in their order, indexed by their ids:
        ``segment`` (-1 where not joined), ``fraction`` (0–1 along the segment's length from its
        first node; NaN where not joined), ``leg_m`` (straight metres to the joined spot; where
        not joined, those of the leg that is too long or crosses a barrier; NaN for a point without
        a place), ``joined``, ``part`` (of the network; 0 is the main part, -1 where not joined),
        ``easting_m`` and ``northing_m`` of the joined spot, in the network's CRS, ``nearest_m``
        (straight metres to the nearest segment of any part, whatever stands between: less than
        ``leg_m`` where a stray piece or a barrier made a difference), and ``why_not`` (empty where
        joined, else ``too_far``: no segment within the limit; ``behind_barrier``: none of those
        within it in sight; ``no_place``). Where no street at all is usable to the walker, metres
        are those to the nearest that is not.

    Raises
    ------
    StreetsError
        If geometry is not of points, or a CRS is missing; or barriers are no lines or areas; or
        the walker is unknown; or the limit is no number, 0 or more.
    """
    limit_m = checked_join_limit(limit_m)
    placed = _points(network, points, table)
    known = np.flatnonzero(~shapely.is_missing(placed))
    places = shapely.get_coordinates(placed[known])
    usable = usable_segments(network, walker)
    pieces = straight_street_pieces(network, usable)
    limit_m = min(limit_m, _farthest_m(network, places)) + ROUNDING_M
    piece, measures = join_all(pieces, walls_of(network, barriers, limit_m), places, limit_m)
    leg_m, nearest_m = _legs_m(network, usable, placed[known], piece, measures)
    joined = piece >= 0
    why_not = np.full(len(placed), NO_PLACE, dtype=object)
    why_not[known] = np.where(
        joined, "", np.where(np.isinf(measures[:, 2]), TOO_FAR, BEHIND_BARRIER)
    )
    columns = _spots(
        network, pieces, piece[joined], measures[joined, 0], known[joined], len(placed)
    )
    columns["leg_m"][known] = leg_m
    columns["nearest_m"][known] = nearest_m
    columns["why_not"] = why_not
    return pd.DataFrame({name: columns[name] for name in JOINED_COLUMNS}, index=points.index)


def _farthest_m(network: WalkingNetwork, places: FloatArray) -> float:
    """Return metres that no place lies farther from any street."""
    if not len(places):
        return 0.0
    streets = np.column_stack([network.vertex_easting_m, network.vertex_northing_m])
    low = np.minimum(places.min(axis=0), streets.min(axis=0))
    high = np.maximum(places.max(axis=0), streets.max(axis=0))
    return float(np.hypot(*(high - low))) + 1.0


def _legs_m(
    network: WalkingNetwork,
    usable: BoolArray | None,
    placed: Any,
    piece: IntArray,
    measures: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return ``leg_m`` and ``nearest_m``, measuring to whatever lies beyond the limit too."""
    leg_m = np.where(piece >= 0, measures[:, 1], measures[:, 2])
    nearest_m = measures[:, 3].copy()
    away = np.flatnonzero(np.isinf(leg_m))
    if len(away):
        lines = segment_lines(network)
        streets = lines if usable is None or not usable.any() else lines[usable]
        leg_m[away] = nearest_m[away] = _nearest_m(streets, placed[away])
    return leg_m, nearest_m


def _spots(
    network: WalkingNetwork,
    pieces: Pieces,
    piece: IntArray,
    share: FloatArray,
    rows: IntArray,
    count: int,
) -> dict[str, Any]:
    """Return the columns of the joined table that tell where ``rows`` of ``count`` join."""
    line, segment = pieces.line[piece], pieces.segment[piece]
    columns: dict[str, Any] = {
        "segment": np.full(count, -1, dtype=np.int64),
        "fraction": np.full(count, np.nan),
        "leg_m": np.full(count, np.nan),
        "joined": np.zeros(count, dtype=bool),
        "part": np.full(count, -1, dtype=np.int64),
        "easting_m": np.full(count, np.nan),
        "northing_m": np.full(count, np.nan),
        "nearest_m": np.full(count, np.nan),
    }
    columns["segment"][rows] = segment
    end = share == 1.0
    columns["fraction"][rows] = np.where(
        end, line[:, 6], line[:, 5] + share * (line[:, 6] - line[:, 5])
    )
    columns["joined"][rows] = True
    columns["part"][rows] = network.segment_part[segment]
    columns["easting_m"][rows] = np.where(end, line[:, 7], line[:, 0] + share * line[:, 2])
    columns["northing_m"][rows] = np.where(end, line[:, 8], line[:, 1] + share * line[:, 3])
    return columns
