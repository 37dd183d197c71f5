"""Ways as mappers drew them, from node to node, before they become streets between junctions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyproj

from planner.projections import crs_transformer, metre_crs
from planner.streets.arrays import BoolArray, FloatArray, IntArray
from planner.streets.network.crossings import main_road_at_points
from planner.streets.network.estates import OPEN, drawn_over, estates_of
from planner.streets.network.junctions import DrawnStreets
from planner.streets.network.manners import Manners
from planner.streets.network.pieces import ellipsoid_lengths_m, line_sums
from planner.streets.network.rules import FootRules, NodeVerdict, Verdict
from planner.streets.network.rules_report import rule_notes

NOT_WHOLE: Final = -1
"""So many vertices stand for the rim of an area of which a file holds but a part."""


@dataclass(frozen=True)
class DrawnWays:
    """Ways through nodes of known places, with what the rules say of each.

    Parameters
    ----------
    node_ids
        Ids of the nodes, ascending, shape (nodes,).
    longitude, latitude
        Where they lie, in degrees (WGS 84), shape (nodes,).
    node
        Position in ``node_ids`` of every vertex of every way, shape (vertices,).
    vertex_start
        Way ``i`` runs through the vertices ``vertex_start[i]:vertex_start[i + 1]``, two or more,
        shape (ways + 1,).
    way
        Number of the way as drawn, of which a file's rim may leave several stretches, shape
        (ways,).
    verdict
        What the rules say of each way, by its place in ``verdicts``, shape (ways,).
    verdicts
        All that they say of any way.
    node_gate, node_signals
        Whose gate each node is (:mod:`planner.streets.network.estates`), and whether lights stop
        the traffic there, shape (nodes,).
    rim_vertices
        Numbers of ways that stand for areas drawn by several lines, all of one number, and how many
        vertices these have in the file; :data:`NOT_WHOLE` where it lacks some of the lines.
    sights
        So many ways, the last, nobody drew: lines across areas
        (:mod:`planner.streets.sources.areas`).
    """

    node_ids: IntArray
    longitude: FloatArray
    latitude: FloatArray
    node: IntArray
    vertex_start: IntArray
    way: IntArray
    verdict: IntArray
    verdicts: list[Verdict]
    node_gate: IntArray
    node_signals: BoolArray
    rim_vertices: dict[int, int] = field(default_factory=dict)
    sights: int = 0


@dataclass(frozen=True)
class DrawnArea:
    """A multipolygon that feet cross, as a file draws it.

    Parameters
    ----------
    verdict
        What the rules say of it.
    lines
        Node ids of each of its members, outer and inner, that the file holds.
    whole
        Whether it holds them all.
    """

    verdict: Verdict
    lines: tuple[IntArray, ...]
    whole: bool = True


@dataclass(frozen=True)
class AreaRims:
    """The lines of areas as further ways.

    Parameters
    ----------
    refs, count
        Node ids of all lines, one behind the other, and how many each has.
    way, verdict
        Of each line, the number of its area as a way, and what the rules say of it.
    vertices
        As ``rim_vertices`` of :class:`DrawnWays`.
    """

    refs: IntArray
    count: IntArray
    way: IntArray
    verdict: IntArray
    vertices: dict[int, int]


def area_rims(areas: Sequence[DrawnArea], ways: int, verdicts: int) -> AreaRims:
    """Return the lines of areas as ways numbered from ``ways`` on, with verdicts likewise."""
    lines = [line for area in areas for line in area.lines]
    area = np.repeat(np.arange(len(areas)), [len(one.lines) for one in areas]).astype(np.int64)
    count = np.array([len(line) for line in lines], dtype=np.int64)
    vertices = {
        ways + n: sum(map(len, one.lines)) if one.whole else NOT_WHOLE
        for n, one in enumerate(areas)
    }
    refs = np.concatenate([np.empty(0, dtype=np.int64), *lines])
    return AreaRims(refs, count, ways + area, verdicts + area, vertices)


def judged_nodes(
    count: int, tags: Mapping[int, Mapping[str, str]], rules: FootRules
) -> tuple[IntArray, BoolArray]:
    """Return whose gate each node is, and whether lights stop the traffic there.

    Parameters
    ----------
    count
        Nodes.
    tags
        Those of the nodes that have any, by their positions.
    rules
        Who may walk where.
    """
    gate = np.full(count, OPEN, dtype=np.int64)
    signals = np.zeros(count, dtype=bool)
    known: dict[tuple[tuple[str, str], ...], NodeVerdict] = {}
    for node, own in tags.items():
        words = tuple(sorted(own.items()))
        verdict = known.get(words)
        if verdict is None:
            verdict = known[words] = rules.judge_node(own)
        gate[node], signals[node] = verdict.gate, verdict.signals
    return gate, signals


def known_stretches(
    node: IntArray, count: IntArray, known: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return the stretches of ways whose nodes are in the file: extracts cut ways at their rim.

    Parameters
    ----------
    node
        Node of every vertex, shape (vertices,).
    count
        How many vertices each way has, shape (ways,).
    known
        Whether the file says where a vertex lies, shape (vertices,).

    Returns
    -------
    tuple of ndarray
        Node of every vertex kept; where each stretch begins among them, shape (stretches + 1,);
        the way that it is of, shape (stretches,). Stretches have two vertices or more.
    """
    begins = np.zeros(len(node), dtype=bool)
    begins[(np.cumsum(count) - count)[count > 0]] = True
    begins[1:] |= ~known[:-1]
    way = np.repeat(np.arange(len(count)), count)[known]
    stretch = np.cumsum(begins[known]) - 1
    length = np.bincount(stretch, minlength=0)
    kept = np.flatnonzero(length > 1)
    first = np.cumsum(length) - length
    vertex_start = np.concatenate([[0], np.cumsum(length[kept])])
    return node[known][(length > 1)[stretch]], vertex_start, way[first[kept]]


def _projected(
    longitude: FloatArray, latitude: FloatArray
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS of the streets' middle, and the points in it."""
    crs = metre_crs(float(np.median(longitude)), float(np.median(latitude)))
    to_metres = crs_transformer("EPSG:4326", crs)
    easting_m, northing_m = to_metres.transform(longitude, latitude)
    return crs, np.asarray(easting_m), np.asarray(northing_m)


def _lengths_m(ways: DrawnWays, drawn: IntArray) -> FloatArray:
    """Return the length of every step, 0 from way to way, shape (vertices - 1,)."""
    step_m = np.zeros(max(len(ways.node) - 1, 0))
    step_m[drawn] = ellipsoid_lengths_m(
        ways.longitude, ways.latitude, ways.node[drawn], ways.node[drawn + 1]
    )
    return step_m


def column_of(verdicts: Sequence[Verdict] | Sequence[NodeVerdict], name: str) -> np.ndarray:
    """Return what verdicts say in one respect, shape (verdicts,)."""
    return np.array([getattr(verdict, name) for verdict in verdicts])


def manners_of(verdicts: Sequence[Verdict], number: IntArray, estate: IntArray) -> Manners:
    """Return how steps are walked, given the verdict (by ``number``) and the estate of each."""
    return Manners(
        steps=column_of(verdicts, "steps")[number],
        pace=column_of(verdicts, "pace")[number],
        estate=estate,
        main_road=column_of(verdicts, "main_road")[number],
        off_ground=column_of(verdicts, "off_ground")[number],
    )


def walked_steps(
    ways: DrawnWays, rules: FootRules
) -> tuple[DrawnStreets, pyproj.CRS, dict[str, Any]]:
    """Return the steps of ways in which feet may go, their metre CRS, and the network's notes.

    Parameters
    ----------
    ways
        At least one of them is walked.
    rules
        Who may walk where.

    Returns
    -------
    tuple
        The steps; the CRS; how many ways and points there are, what each rule decided, and which
        walled estates and gates there are.
    """
    count = np.diff(ways.vertex_start)
    within_way = np.ones(len(ways.node), dtype=bool)
    within_way[ways.vertex_start[1:] - 1] = False
    drawn = np.flatnonzero(within_way)
    step_m = _lengths_m(ways, drawn)
    by_hand = slice(len(ways.verdict) - ways.sights)
    length_m = line_sums(step_m, ways.vertex_start)
    told = rule_notes(ways.verdicts, ways.verdict[by_hand], length_m[by_hand], rules)
    way = np.repeat(np.arange(len(count)), count)[drawn]
    walked = column_of(ways.verdicts, "walked")[ways.verdict[way]]
    drawn, way = drawn[walked], way[walked]
    verdict = ways.verdict[way]
    start, end, length_m = ways.node[drawn], ways.node[drawn + 1], step_m[drawn]
    private = column_of(ways.verdicts, "private")[verdict]
    own_way = drawn_over(start, end, ways.way[way], private)
    estates = estates_of(start, end, length_m, private, way=own_way, gate=ways.node_gate)
    start, end, node = cut_at(estates.cut, start, end)
    crs, easting_m, northing_m = _projected(ways.longitude[node], ways.latitude[node])
    main_road = column_of(ways.verdicts, "main_road")[ways.verdict]
    touches = np.repeat(main_road, np.diff(ways.vertex_start))
    at_points = main_road_at_points(len(ways.node_ids), ways.node, touches)
    streets = DrawnStreets(
        point_ids=ways.node_ids[node],
        point_number=point_numbers(node),
        easting_m=easting_m,
        northing_m=northing_m,
        start=start,
        end=end,
        length_m=length_m,
        forward=column_of(ways.verdicts, "forward")[verdict],
        backward=column_of(ways.verdicts, "backward")[verdict],
        manners=manners_of(ways.verdicts, verdict, estates.estate),
        point_main_road=at_points[node],
        point_signals=ways.node_signals[node],
    )
    notes = {
        "ways": len(ways.verdict) - ways.sights,
        "points": len(node),
        "private": estates.notes,
    } | told
    return streets, crs, notes


def cut_at(cut: BoolArray, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the steps' ends as numbers of points, and the node that each point is.

    Only nodes that steps touch are points, in their order; where nobody passes, the ends of the
    steps from each neighbour are a point of their own, behind all others.
    """
    ends, others = np.concatenate([start, end]), np.concatenate([end, start])
    own = np.flatnonzero(cut[ends])
    count = len(cut)
    gates, gate_place = np.unique(ends[own] * count + others[own], return_inverse=True)
    meets = np.zeros(count, dtype=bool)
    meets[ends] = True
    meets &= ~cut
    shared = np.flatnonzero(meets)
    number = (np.cumsum(meets) - 1)[ends]
    number[own] = len(shared) + gate_place
    node = np.concatenate([shared, gates // max(count, 1)])
    return number[: len(start)], number[len(start) :], node


def point_numbers(node: IntArray) -> IntArray:
    """Return 1, 2, … for points that share a node, 0 for those that have one of their own."""
    order = np.argsort(node, kind="stable")
    first = np.flatnonzero(np.diff(node[order], prepend=-1))
    count = np.diff(first, append=len(node))
    numbers = np.empty(len(node), dtype=np.int64)
    rank = np.arange(len(node)) - np.repeat(first, count)
    numbers[order] = np.where(np.repeat(count > 1, count), rank + 1, 0)
    return numbers
