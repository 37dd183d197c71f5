"""The walking network: flat arrays in spatial order, never changed once made."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj

from planner.streets.arrays import BoolArray, FloatArray, Int32Array, IntArray, TextArray
from planner.streets.network.arcs import arc_rows
from planner.streets.network.edge_tables import pieces_from_tables
from planner.streets.network.estates import renumbered
from planner.streets.network.piece_order import (
    drawn_order,
    manner_ranks,
    middles_of,
    turned_pieces,
)
from planner.streets.network.pieces import StreetPieces
from planner.streets.network.spatial_order import connected_parts, morton_codes
from planner.streets.network.traffic_roads import NO_ROADS, TrafficRoads, traffic_roads

if TYPE_CHECKING:
    from planner.streets.routes.places import Place


@dataclass(frozen=True)
class WalkingNetwork:
    """Streets that feet may use: nodes, segments between them, and directed arcs (CSR).

    A segment is one undirected street piece between two nodes, with its shape; it runs *forward*
    from ``segment_from`` to ``segment_to``. An arc is one direction of a segment in which feet may
    go. Nodes stand in the order of a space-filling curve, segments in that of their nodes.

    Parameters
    ----------
    crs
        Metre CRS of all eastings and northings; None for a drawing without one.
    node_ids
        Text ids, shape (nodes,).
    node_easting_m, node_northing_m
        Coordinates in metres of ``crs``, shape (nodes,).
    node_part
        Which connected part of the network a node belongs to, shape (nodes,); 0 has the greatest
        street length.
    segment_from, segment_to
        Nodes at both ends, shape (segments,); ``segment_from <= segment_to``.
    segment_length_m
        Length on the ground in metres (the source's own, else on the ellipsoid), shape (segments,).
    segment_forward, segment_backward
        Directions in which feet may go, shape (segments,).
    vertex_start
        Segment ``i`` is drawn by the vertices ``vertex_start[i]:vertex_start[i + 1]``, its two ends
        among them, shape (segments + 1,).
    vertex_easting_m, vertex_northing_m
        Vertices in metres of ``crs``.
    arc_start
        The arcs that leave node ``i`` are ``arc_start[i]:arc_start[i + 1]``, shape (nodes + 1,).
    segment_steps
        Segments that are stairs, shape (segments,).
    segment_pace
        A segment's minutes are multiplied by this, 1 or more: ground that is walked more slowly,
        shape (segments,).
    segment_estate
        Number of the walled estate whose residents alone may pass; -1: everybody, shape
        (segments,).
    segment_main_road
        1 for a main road, 0.5 for a one-way carriageway of one, 0 for any other, shape (segments,).
    segment_off_ground
        Bridges and tunnels: heights of the ground do not hold between their ends, shape
        (segments,).
    segment_crossings_from, segment_crossings_to
        Crossings of main roads that whoever passes an end of a segment makes there, in either
        direction (:mod:`planner.streets.network.crossings`), shape (segments,).
    node_signals
        Whether lights stop the traffic at a node, shape (nodes,).
    profile_start, profile_height_m
        Heights along segment ``i``, in metres, at equal spacing from its first node to its second,
        both included: ``profile_height_m[profile_start[i]:profile_start[i + 1]]``; none where
        heights are not known (:func:`planner.streets.with_heights`).
    arc_to, arc_segment, arc_forward, arc_length_m
        Where an arc ends, the segment that it runs on, whether in that segment's forward direction,
        and its length in metres, shape (arcs,).
    road_start, road_easting_m, road_northing_m
        Main roads and motorways, walked or not, as lines apart from all the rest: road ``i`` is
        drawn by the vertices ``road_start[i]:road_start[i + 1]``, shape (roads + 1,), in metres of
        ``crs``. Those in tunnels are left out.
    source, attribution
        File that it was read from, and whom its data must be credited to.
    notes
        How it was made: counts, and the length that each rule touched.
    kept
        What was worked out from the network once, for whoever asks again; not part of its value.
    """

    crs: pyproj.CRS | None
    node_ids: TextArray
    node_easting_m: FloatArray
    node_northing_m: FloatArray
    node_part: Int32Array
    segment_from: Int32Array
    segment_to: Int32Array
    segment_length_m: FloatArray
    segment_forward: BoolArray
    segment_backward: BoolArray
    vertex_start: IntArray
    vertex_easting_m: FloatArray
    vertex_northing_m: FloatArray
    segment_steps: BoolArray
    segment_pace: FloatArray
    segment_estate: Int32Array
    segment_main_road: FloatArray
    segment_off_ground: BoolArray
    segment_crossings_from: FloatArray
    segment_crossings_to: FloatArray
    node_signals: BoolArray
    profile_start: IntArray
    profile_height_m: FloatArray
    arc_start: IntArray
    arc_to: Int32Array
    arc_segment: Int32Array
    arc_forward: BoolArray
    arc_length_m: FloatArray
    road_start: IntArray = field(default_factory=lambda: NO_ROADS.start)
    road_easting_m: FloatArray = field(default_factory=lambda: NO_ROADS.easting_m)
    road_northing_m: FloatArray = field(default_factory=lambda: NO_ROADS.northing_m)
    source: str = ""
    attribution: str = ""
    notes: dict[str, Any] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Close the arrays against writing."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_easting_m)

    @property
    def segment_count(self) -> int:
        """Number of segments."""
        return len(self.segment_from)

    @property
    def arc_count(self) -> int:
        """Number of directed arcs."""
        return len(self.arc_to)

    @property
    def part_count(self) -> int:
        """Number of connected parts."""
        return int(self.node_part.max()) + 1 if self.node_count else 0

    @property
    def segment_part(self) -> Int32Array:
        """Part of the network that each segment belongs to, shape (segments,)."""
        return self.node_part[self.segment_from]

    def __repr__(self) -> str:
        """Return the network's size in one line."""
        name = self.crs.name if self.crs is not None else None
        return (
            f"WalkingNetwork({self.node_count} nodes, {self.segment_count} segments, "
            f"{self.segment_length_m.sum() / 1000:.1f} km, {self.part_count} parts, crs={name})"
        )

    def explain(self, point: Any, **how: Any) -> Place:
        """Explain what a place is to the streets: its join, its street, and what lies in reach.

        Parameters
        ----------
        point, how
            As for :func:`planner.streets.explain_place`.
        """
        from planner.streets.routes.places import explain_place  # it walks on this very class

        return explain_place(self, point, **how)

    @classmethod
    def from_tables(
        cls, nodes: pd.DataFrame, edges: pd.DataFrame, *, crs: Any = None
    ) -> WalkingNetwork:
        """Make a network from a table of points and a table of street pieces between them.

        Parameters
        ----------
        nodes
            GeoDataFrame of points, or DataFrame with ``easting_m`` and ``northing_m``; its index
            holds the nodes' unique ids.
        edges
            ``from_node`` and ``to_node``, ids of nodes; optional ``length_m`` (missing: measured
            along the geometry), ``oneway`` (True: only from ``from_node`` to ``to_node``; else both
            ways) and ``geometry`` (a line from the one to the other; missing: straight). Rows with
            the same two nodes are parallel streets. How a street is walked, as in this class
            without ``segment_`` (a missing column or cell: plain): ``steps``, ``pace``,
            ``main_road``, ``off_ground``, and ``private`` (True: only residents of the walled
            estate that the piece belongs to may pass). ``nodes`` may have ``signals``.
        crs
            CRS of the coordinates where ``nodes`` does not say. Points in degrees or feet are
            brought to the metre CRS of the place (:func:`planner.projections.metre_crs`);
            ``easting_m`` and ``northing_m`` are metres, and so must their CRS be.

        Returns
        -------
        WalkingNetwork
            With the nodes given, also those that no street touches.

        Raises
        ------
        planner.errors.StreetsError
            With every fault found: unknown or repeated ids, lengths that are negative or no
            numbers, lines that do not run between their nodes, empty tables; a CRS that is none,
            or not that of the coordinates.
        """
        pieces, metre = pieces_from_tables(nodes, edges, crs=crs)
        main_road = pieces.manners.main_road > 0.0
        lines = (pieces.vertex_start, pieces.vertex_easting_m, pieces.vertex_northing_m)
        return assembled(pieces, metre, source="tables", roads=traffic_roads(main_road, *lines))


def assembled(
    pieces: StreetPieces,
    crs: pyproj.CRS | None,
    *,
    source: str = "",
    attribution: str = "",
    notes: dict[str, Any] | None = None,
    roads: TrafficRoads = NO_ROADS,
) -> WalkingNetwork:
    """Make the network of street pieces: in spatial order, with arcs and parts.

    The answer does not depend on the order of the pieces, nor on which end each begins at.

    Parameters
    ----------
    pieces, crs, source, attribution, notes
        Street pieces in metres of ``crs``, and the rest as in :class:`WalkingNetwork`.
    roads
        Main roads, walked or not.
    """
    node_order = np.lexsort(
        (pieces.node_ids, morton_codes(pieces.node_easting_m, pieces.node_northing_m))
    )
    rank = np.empty(len(node_order), dtype=np.int64)
    rank[node_order] = np.arange(len(node_order))
    turned = turned_pieces(pieces, rank)
    start = np.where(turned, rank[pieces.end], rank[pieces.start])
    end = np.where(turned, rank[pieces.start], rank[pieces.end])
    forward = np.where(turned, pieces.backward, pieces.forward)
    backward = np.where(turned, pieces.forward, pieces.backward)
    ends = (pieces.length_m, end, start)
    order = np.lexsort((manner_ranks(pieces), backward, forward, *middles_of(pieces), *ends))
    vertex = drawn_order(pieces, turned, order)
    vertex_start = np.zeros(len(order) + 1, dtype=np.int64)
    np.cumsum(np.diff(pieces.vertex_start)[order], out=vertex_start[1:])
    start, end, length_m = start[order], end[order], pieces.length_m[order]
    manners = pieces.manners.take(order)
    first = np.where(turned, pieces.crossings_end, pieces.crossings_start)[order]
    last = np.where(turned, pieces.crossings_start, pieces.crossings_end)[order]
    arc_start, arc_to, arc_segment, arc_forward = arc_rows(
        len(node_order), start, end, forward[order], backward[order]
    )
    return WalkingNetwork(
        crs=crs,
        node_ids=pieces.node_ids[node_order],
        node_easting_m=pieces.node_easting_m[node_order],
        node_northing_m=pieces.node_northing_m[node_order],
        node_part=connected_parts(len(node_order), start, end, length_m).astype(np.int32),
        segment_from=start.astype(np.int32),
        segment_to=end.astype(np.int32),
        segment_length_m=length_m,
        segment_forward=forward[order],
        segment_backward=backward[order],
        vertex_start=vertex_start,
        vertex_easting_m=pieces.vertex_easting_m[vertex],
        vertex_northing_m=pieces.vertex_northing_m[vertex],
        segment_steps=manners.steps,
        segment_pace=manners.pace,
        segment_estate=renumbered(manners.estate).astype(np.int32),
        segment_main_road=manners.main_road,
        segment_off_ground=manners.off_ground,
        segment_crossings_from=first,
        segment_crossings_to=last,
        node_signals=pieces.node_signals[node_order],
        profile_start=np.zeros(len(order) + 1, dtype=np.int64),
        profile_height_m=np.empty(0),
        arc_start=arc_start,
        arc_to=arc_to,
        arc_segment=arc_segment,
        arc_forward=arc_forward,
        arc_length_m=length_m[arc_segment],
        road_start=roads.start,
        road_easting_m=roads.easting_m,
        road_northing_m=roads.northing_m,
        source=source,
        attribution=attribution,
        notes=dict(notes or {}),
    )
