"""Ways as mappers drew them, from node to node, before they become streets between junctions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj

from planner.projections import metre_crs
from planner.streets.arrays import BoolArray, FloatArray, IntArray, TextArray
from planner.streets.estates import estates_of
from planner.streets.junctions import DrawnStreets
from planner.streets.manners import Manners
from planner.streets.pieces import ellipsoid_lengths_m, line_sums
from planner.streets.rules import NodeVerdict, Verdict


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
        Whose gate each node is (:mod:`planner.streets.estates`), and whether lights stop the
        traffic there, shape (nodes,).
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


def rule_notes(
    verdicts: Sequence[Verdict], number: IntArray, length_m: FloatArray
) -> dict[str, Any]:
    """Return the length and share of street that each rule decided, and what became of it.

    Parameters
    ----------
    verdicts
        What rules say.
    number
        Which of them holds for each way, shape (ways,).
    length_m
        Length of each way.

    Returns
    -------
    dict
        ``rules`` and ``marks``: ``{rule: {"verdict", "ways", "length_m", "share"}}``, by name;
        shares of all lengths read. Marks are what other rules say of ways that these allowed:
        stairs, main roads, slow ground, one direction.
    """
    whole_m = float(length_m.sum())
    ways = np.bincount(number, minlength=len(verdicts))
    kind_m = np.bincount(number, weights=length_m, minlength=len(verdicts))

    def entry(verdict: str, of: list[int]) -> dict[str, Any]:
        part_m = float(kind_m[of].sum())
        return {
            "verdict": verdict,
            "ways": int(ways[of].sum()),
            "length_m": round(part_m, 1),
            "share": round(part_m / whole_m, 6) if whole_m else 0.0,
        }

    decided: dict[str, list[int]] = {}
    touched: dict[str, list[int]] = {}
    words: dict[str, str] = {}
    for place, verdict in enumerate(verdicts):
        if not ways[place]:
            continue
        decided.setdefault(verdict.rule, []).append(place)
        if verdict.walked or verdict.rule not in words:
            word = "private" if verdict.private else "allowed"
            words[verdict.rule] = word if verdict.walked else "refused"
        for name in verdict.touched:
            touched.setdefault(name, []).append(place)
    return {
        "rules": {name: entry(words[name], decided[name]) for name in sorted(decided)},
        "marks": {name: entry("marked", touched[name]) for name in sorted(touched)},
    }


def _projected(
    longitude: FloatArray, latitude: FloatArray
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS of the streets' middle, and the points in it."""
    crs = metre_crs(float(np.median(longitude)), float(np.median(latitude)))
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    easting_m, northing_m = to_metres.transform(longitude, latitude)
    return crs, np.asarray(easting_m), np.asarray(northing_m)


def _lengths_m(ways: DrawnWays, drawn: IntArray) -> FloatArray:
    """Return the length of every step, 0 from way to way, shape (vertices - 1,)."""
    from_node, to_node = ways.node[drawn], ways.node[drawn + 1]
    step_m = np.zeros(max(len(ways.node) - 1, 0))
    step_m[drawn] = ellipsoid_lengths_m(
        ways.longitude[from_node],
        ways.latitude[from_node],
        ways.longitude[to_node],
        ways.latitude[to_node],
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


def _main_road_points(ways: DrawnWays) -> FloatArray:
    """Return the greatest ``main_road`` of the ways at each node, also of those refused to feet."""
    main_road = column_of(ways.verdicts, "main_road")[ways.verdict]
    points = np.zeros(len(ways.node_ids))
    np.maximum.at(points, ways.node, np.repeat(main_road, np.diff(ways.vertex_start)))
    return points


def walked_steps(ways: DrawnWays) -> tuple[DrawnStreets, pyproj.CRS, dict[str, Any]]:
    """Return the steps of ways in which feet may go, their metre CRS, and the network's notes.

    Parameters
    ----------
    ways
        At least one of them is walked.

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
    rules = rule_notes(ways.verdicts, ways.verdict, line_sums(step_m, ways.vertex_start))
    way = np.repeat(np.arange(len(count)), count)[drawn]
    walked = column_of(ways.verdicts, "walked")[ways.verdict[way]]
    drawn, way = drawn[walked], way[walked]
    verdict = ways.verdict[way]
    start, end, length_m = ways.node[drawn], ways.node[drawn + 1], step_m[drawn]
    private = column_of(ways.verdicts, "private")[verdict]
    estates = estates_of(start, end, length_m, private, way=ways.way[way], gate=ways.node_gate)
    start, end, node = _cut_at(estates.cut, start, end)
    crs, easting_m, northing_m = _projected(ways.longitude[node], ways.latitude[node])
    streets = DrawnStreets(
        point_ids=_point_ids(ways.node_ids, node),
        easting_m=easting_m,
        northing_m=northing_m,
        start=start,
        end=end,
        length_m=length_m,
        forward=column_of(ways.verdicts, "forward")[verdict],
        backward=column_of(ways.verdicts, "backward")[verdict],
        manners=manners_of(ways.verdicts, verdict, estates.estate),
        point_main_road=_main_road_points(ways)[node],
        point_signals=ways.node_signals[node],
    )
    notes = {
        "ways": len(ways.verdict),
        "points": len(node),
        "private": estates.notes,
    } | rules
    return streets, crs, notes


def _cut_at(cut: BoolArray, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the steps' ends as numbers of points, and the node that each point is.

    Only nodes that steps touch are points, in their order; where nobody passes, every step's end is
    a point of its own, behind all others.
    """
    ends = np.concatenate([start, end])
    own = np.flatnonzero(cut[ends])
    own = own[np.lexsort((np.concatenate([end, start])[own], ends[own]))]
    shared, place = np.unique(ends[~cut[ends]], return_inverse=True)
    number = np.empty(len(ends), dtype=np.int64)
    number[~cut[ends]] = place
    number[own] = len(shared) + np.arange(len(own))
    return number[: len(start)], number[len(start) :], np.concatenate([shared, ends[own]])


def _point_ids(node_ids: IntArray, node: IntArray) -> IntArray | TextArray:
    """Return the nodes' ids; those that several points share are numbered: ``12/1``, ``12/2``."""
    if len(node) == len(np.unique(node)):
        return node_ids[node]
    ids = node_ids[node].astype(np.str_).astype(object)
    order = np.argsort(node, kind="stable")
    _, first, count = np.unique(node[order], return_index=True, return_counts=True)
    rank = np.arange(len(node)) - np.repeat(first, count)
    several = np.repeat(count > 1, count)
    for place, number in zip(order[several].tolist(), rank[several].tolist(), strict=True):
        ids[place] = f"{ids[place]}/{number + 1}"
    return ids.astype(np.str_)
