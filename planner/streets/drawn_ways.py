"""Ways as mappers drew them, from node to node, before they become streets between junctions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj

from planner.projections import metre_crs
from planner.streets.junctions import DrawnStreets
from planner.streets.pieces import (
    BoolArray,
    FloatArray,
    IntArray,
    ellipsoid_lengths_m,
    line_sums,
)
from planner.streets.rules import Verdict


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
    verdicts
        What the rules say of each way, in their order.
    """

    node_ids: IntArray
    longitude: FloatArray
    latitude: FloatArray
    node: IntArray
    vertex_start: IntArray
    verdicts: list[Verdict]


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


def rule_notes(verdicts: list[Verdict], length_m: FloatArray) -> dict[str, Any]:
    """Return the length and share of street that each rule decided, and what became of it.

    Returns
    -------
    dict
        ``{rule: {"verdict", "ways", "length_m", "share"}}``, by name; shares of all lengths read.
    """
    whole_m = float(length_m.sum())
    names = sorted({verdict.rule for verdict in verdicts})
    number = {name: place for place, name in enumerate(names)}
    rule = np.array([number[verdict.rule] for verdict in verdicts], dtype=np.int64)
    walked = {verdict.rule for verdict in verdicts if verdict.forward or verdict.backward}
    notes: dict[str, Any] = {}
    for name in names:
        mine = rule == number[name]
        part_m = float(length_m[mine].sum())
        notes[name] = {
            "verdict": "allowed" if name in walked else "refused",
            "ways": int(mine.sum()),
            "length_m": round(part_m, 1),
            "share": round(part_m / whole_m, 6) if whole_m else 0.0,
        }
    return notes


def _projected(
    longitude: FloatArray, latitude: FloatArray
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS of the streets' middle, and the points in it."""
    crs = metre_crs(float(np.median(longitude)), float(np.median(latitude)))
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    easting_m, northing_m = to_metres.transform(longitude, latitude)
    return crs, np.asarray(easting_m), np.asarray(northing_m)


def walked_steps(ways: DrawnWays) -> tuple[DrawnStreets, pyproj.CRS, dict[str, Any]]:
    """Return the steps of ways in which feet may go, their metre CRS, and the network's notes.

    Parameters
    ----------
    ways
        At least one of them is walked.

    Returns
    -------
    tuple
        The steps; the CRS; how many ways and points there are, and what each rule decided.
    """
    count = np.diff(ways.vertex_start)
    within_way = np.ones(len(ways.node), dtype=bool)
    within_way[ways.vertex_start[1:] - 1] = False
    drawn = np.flatnonzero(within_way)
    from_node, to_node = ways.node[drawn], ways.node[drawn + 1]
    step_m = np.zeros(max(len(ways.node) - 1, 0))
    step_m[drawn] = ellipsoid_lengths_m(
        ways.longitude[from_node],
        ways.latitude[from_node],
        ways.longitude[to_node],
        ways.latitude[to_node],
    )
    rules = rule_notes(ways.verdicts, line_sums(step_m, ways.vertex_start))
    forward = np.repeat([verdict.forward for verdict in ways.verdicts], count)[drawn]
    backward = np.repeat([verdict.backward for verdict in ways.verdicts], count)[drawn]
    walked = forward | backward
    touched = np.zeros(len(ways.node_ids), dtype=bool)
    touched[from_node[walked]] = True
    touched[to_node[walked]] = True
    used = np.flatnonzero(touched)
    point = np.cumsum(touched) - 1
    crs, easting_m, northing_m = _projected(ways.longitude[used], ways.latitude[used])
    streets = DrawnStreets(
        point_ids=ways.node_ids[used],
        easting_m=easting_m,
        northing_m=northing_m,
        start=point[from_node[walked]],
        end=point[to_node[walked]],
        length_m=step_m[drawn[walked]],
        forward=forward[walked],
        backward=backward[walked],
    )
    return streets, crs, {"ways": len(ways.verdicts), "rules": rules, "points": len(used)}
