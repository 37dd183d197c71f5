"""Graphs that OSMnx saved (.graphml) as a walking network, on the graph's own lengths."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyproj
import shapely

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.projections import metre_crs
from planner.streets.crossings import crossings_at_ends
from planner.streets.drawn_ways import column_of, manners_of, rule_notes
from planner.streets.estates import estates_of
from planner.streets.network import WalkingNetwork, assembled
from planner.streets.osm import ATTRIBUTION
from planner.streets.pieces import (
    FloatArray,
    StreetPieces,
    flat_ranges,
    line_lengths_m,
    only_touched_nodes,
)
from planner.streets.rules import FootRules, Verdict

SAME_LENGTH_M: Final = 0.01
"""Directed edges of one shape are one street if their lengths differ by no more than rounding."""


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the graph libraries say of a broken file into one sentence that names it.

    Raises
    ------
    InputFileError
        If the file is missing or no complete graph of OSMnx.
    """
    from networkx import NetworkXError

    if not path.is_file():
        raise InputFileError(message("streets.file_missing", file=str(path)))
    try:
        yield
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError, NetworkXError) as error:
        raise InputFileError(
            message("streets.graphml_unreadable", file=str(path), detail=str(error).strip())
        ) from error


def _graph(path: Path) -> Any:
    """Return the graph of a file, parsed by OSMnx."""
    import osmnx  # slow to load: only here, and only when it is needed

    return osmnx.load_graphml(path)


def _values(value: Any) -> list[str]:
    """Return the values of a tag: OSMnx lists them where it merged ways."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _verdict(data: dict[str, Any], rules: FootRules) -> Verdict:
    """Return what the rules say of an edge; of merged ways, the first refusal decides."""
    tags = {key: _values(data[key]) for key in sorted(rules.keys) if data.get(key) is not None}
    verdicts = []
    for place in range(max((len(values) for values in tags.values()), default=1)):
        one = {key: values[min(place, len(values) - 1)] for key, values in tags.items()}
        verdicts.append(rules.judge(one))
    refused = [verdict for verdict in verdicts if not verdict.walked]
    if refused:
        return refused[0]
    steps = any(verdict.steps for verdict in verdicts)  # where one of them is, a wheelchair stops
    return replace(verdicts[0], steps=steps)


def _node_tags(data: dict[str, Any], rules: FootRules) -> dict[str, str]:
    return {key: str(data[key]) for key in rules.node_keys if data.get(key) is not None}


def _drawn(graph: Any, tail: Any, head: Any, data: dict[str, Any]) -> tuple[tuple[float, ...], ...]:
    """Return an edge's vertices (degrees) from its tail to its head."""
    line = data.get("geometry")
    if line is None:
        ends = graph.nodes[tail], graph.nodes[head]
        return tuple((float(end["x"]), float(end["y"])) for end in ends)
    return tuple(map(tuple, shapely.get_coordinates(line).tolist()))


@dataclass(frozen=True)
class _Street:
    """One undirected street of a graph; its own length in metres is NaN where it has none."""

    tail: Any
    head: Any
    length_m: float
    verdict: Verdict
    vertices: tuple[tuple[float, ...], ...]

    @property
    def walked(self) -> bool:
        return self.verdict.walked


def _street(graph: Any, tail: Any, head: Any, data: dict[str, Any], rules: FootRules) -> _Street:
    """Return a directed edge as a street that begins at the end with the lower id."""
    vertices = _drawn(graph, tail, head, data)
    verdict = _verdict(data, rules)
    if data.get("reversed") is True:  # the edge runs against the way that the tags speak of
        verdict = verdict.turned()
    own_m = float(data.get("length", math.nan))
    length_m = own_m if own_m >= 0 else math.nan
    if (str(tail), vertices) <= (str(head), vertices[::-1]):
        return _Street(tail, head, length_m, verdict, vertices)
    turned = verdict.turned()
    return _Street(head, tail, length_m, turned, vertices[::-1])


def _unique_streets(graph: Any, rules: FootRules) -> list[_Street]:
    """Return each street of a graph once, in an order of their own.

    Two directed edges are one street where they have the same ends, shape and length (to the
    centimetre), one the reverse of the other: so OSMnx writes the back direction of a street that
    cars use both ways. Parallel streets differ in shape or length, and stay apart.
    """
    streets: dict[Any, list[_Street]] = {}
    for tail, head, data in graph.edges(data=True):
        street = _street(graph, tail, head, data, rules)
        alike = streets.setdefault((str(street.tail), str(street.head), street.vertices), [])
        for place, twin in enumerate(alike):
            if not abs(twin.length_m - street.length_m) > SAME_LENGTH_M:
                alike[place] = _merged(twin, street)
                break
        else:
            alike.append(street)
    return [street for key in sorted(streets) for street in streets[key]]


def _merged(street: _Street, twin: _Street) -> _Street:
    """Return one street for two directed edges; feet may go where either allows."""
    verdict = replace(
        street.verdict if street.walked else twin.verdict,
        forward=street.verdict.forward or twin.verdict.forward,
        backward=street.verdict.backward or twin.verdict.backward,
    )
    length_m = float(np.fmin(street.length_m, twin.length_m))
    return replace(street, verdict=verdict, length_m=length_m)


def _metre_places(
    graph: Any, nodes: list[Any], streets: list[_Street]
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS, the nodes and all vertices in it, shape (…, 2)."""
    points = np.array([(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in nodes], float)
    vertices = np.array([vertex for street in streets for vertex in street.vertices], float)
    source = pyproj.CRS.from_user_input(graph.graph.get("crs", "EPSG:4326"))
    if not source.is_geographic:
        return source, points, vertices
    longitude, latitude = np.median(points, axis=0)
    crs = metre_crs(float(longitude), float(latitude))
    to_metres = pyproj.Transformer.from_crs(source, crs, always_xy=True)
    return (
        crs,
        np.column_stack(to_metres.transform(*points.T)),
        np.column_stack(to_metres.transform(*vertices.T)),
    )


def network_from_graphml(path: Path, rules: FootRules) -> WalkingNetwork:
    """Return the walking network of a graph that OSMnx saved, with the graph's own lengths.

    Feet ignore the one-ways of cars: every edge is walked both ways unless a tag speaks of feet.
    Edges that the rules refuse (by their ``highway``, ``foot``, ``access``, …) are left out. Edges
    without a length are measured on the ellipsoid.

    Parameters
    ----------
    path
        ``.graphml`` file written by OSMnx.
    rules
        Who may walk where.

    Raises
    ------
    InputFileError
        If the file is missing or no graph of OSMnx.
    StreetsError
        If no edge in it may be walked.
    """
    with _readable(path):
        graph = _graph(path)
        streets = _unique_streets(graph, rules)
        ends = {end for street in streets for end in (street.tail, street.head)}
        nodes = sorted(ends, key=str)
    if not any(street.walked for street in streets):
        raise StreetsError(message("streets.no_way", file=str(path)))
    with _readable(path):
        crs, points, vertices = _metre_places(graph, nodes, streets)
    place = {node: number for number, node in enumerate(nodes)}
    vertex_start = np.concatenate([[0], np.cumsum([len(street.vertices) for street in streets])])
    own_m = np.array([street.length_m for street in streets])
    measured_m = line_lengths_m(vertex_start, vertices[:, 0], vertices[:, 1], crs)
    length_m = np.where(np.isnan(own_m), measured_m, own_m)
    walked = np.flatnonzero([street.walked for street in streets])
    count = np.diff(vertex_start)[walked]
    vertex = flat_ranges(vertex_start[walked], count)
    start = np.array([place[street.tail] for street in streets])
    end = np.array([place[street.head] for street in streets])
    verdicts = [street.verdict for street in streets]
    node_verdicts = [rules.judge_node(_node_tags(graph.nodes[node], rules)) for node in nodes]
    estates = estates_of(
        start[walked],
        end[walked],
        length_m[walked],
        column_of(verdicts, "private")[walked],
        way=walked,
        gate=np.zeros(len(nodes), dtype=np.int64),
    )
    main_road = column_of(verdicts, "main_road")
    point_main_road = np.zeros(len(nodes))
    np.maximum.at(point_main_road, np.concatenate([start, end]), np.tile(main_road, 2))
    crossings = crossings_at_ends(start[walked], end[walked], main_road[walked], point_main_road)
    pieces = StreetPieces(
        node_ids=np.array([str(node) for node in nodes], dtype=np.str_),
        node_easting_m=points[:, 0].copy(),
        node_northing_m=points[:, 1].copy(),
        start=start[walked],
        end=end[walked],
        length_m=length_m[walked],
        forward=column_of(verdicts, "forward")[walked],
        backward=column_of(verdicts, "backward")[walked],
        manners=manners_of(verdicts, walked, estates.estate),
        crossings_start=crossings[0],
        crossings_end=crossings[1],
        node_signals=column_of(node_verdicts, "signals"),
        vertex_start=np.concatenate([[0], np.cumsum(count)]),
        vertex_easting_m=vertices[vertex, 0],
        vertex_northing_m=vertices[vertex, 1],
    )
    notes = {
        "edges": len(streets),
        "private": estates.notes,
    } | rule_notes(verdicts, np.arange(len(verdicts)), length_m)
    touched = only_touched_nodes(pieces)
    return assembled(touched, crs, source=path.name, attribution=ATTRIBUTION, notes=notes)
