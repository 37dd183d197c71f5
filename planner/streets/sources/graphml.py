"""Graphs made by OSMnx, in memory or saved (.graphml), as walking networks on their own lengths."""

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
from planner.projections import crs_transformer, metre_crs
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.crossings import crossings_at_ends, main_road_at_points
from planner.streets.network.drawn_ways import column_of, cut_at, manners_of, point_numbers
from planner.streets.network.estates import estates_of
from planner.streets.network.junctions import DrawnStreets, point_names, street_pieces
from planner.streets.network.pieces import (
    StreetPieces,
    flat_ranges,
    line_lengths_m,
    only_touched_nodes,
)
from planner.streets.network.rules import FootRules, Verdict
from planner.streets.network.rules_report import rule_notes
from planner.streets.network.spatial_order import roots
from planner.streets.network.traffic_roads import bear_traffic, traffic_roads
from planner.streets.network.walking_network import WalkingNetwork, assembled
from planner.streets.sources.data_date import day_of
from planner.streets.sources.osm import ATTRIBUTION

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
    except StreetsError:  # is a ValueError, too
        raise
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


class _Judge:
    """What the rules say of edges; each set of tags is judged once."""

    def __init__(self, rules: FootRules) -> None:
        self.rules = rules
        self.keys = sorted(rules.keys)
        self.known: dict[tuple[Any, ...], Verdict] = {}

    def verdict(self, data: dict[str, Any]) -> Verdict:
        """Return what the rules say of an edge; of merged ways, the first refusal decides."""
        tags = {key: _values(data[key]) for key in self.keys if data.get(key) is not None}
        words = tuple((key, *values) for key, values in tags.items())
        if words not in self.known:
            self.known[words] = self._of_merged(tags)
        return self.known[words]

    def _of_merged(self, tags: dict[str, list[str]]) -> Verdict:
        verdicts = []
        for place in range(max((len(values) for values in tags.values()), default=1)):
            one = {key: values[min(place, len(values) - 1)] for key, values in tags.items()}
            verdicts.append(self.rules.judge(one))
        refused = [verdict for verdict in verdicts if not verdict.walked]
        if refused:
            return refused[0]
        steps = any(one.steps for one in verdicts)  # where one of them is, a wheelchair stops
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
    """One undirected street of a graph; its own length in metres is NaN where it has none.

    ``ways`` are the numbers of the drawn ways that it is made of.
    """

    tail: Any
    head: Any
    length_m: float
    verdict: Verdict
    vertices: tuple[tuple[float, ...], ...]
    ways: frozenset[str] = frozenset()

    @property
    def walked(self) -> bool:
        return self.verdict.walked


def _street(graph: Any, tail: Any, head: Any, data: dict[str, Any], judge: _Judge) -> _Street:
    """Return a directed edge as a street that begins at the end with the lower id."""
    vertices = _drawn(graph, tail, head, data)
    verdict = judge.verdict(data)
    if data.get("reversed") is True:  # the edge runs against the way that the tags speak of
        verdict = verdict.turned()
    own_m = float(data.get("length", math.nan))
    length_m = own_m if own_m >= 0 else math.nan
    ways = frozenset(_values(data["osmid"])) if data.get("osmid") is not None else frozenset()
    if (str(tail), vertices) <= (str(head), vertices[::-1]):
        return _Street(tail, head, length_m, verdict, vertices, ways)
    turned = verdict.turned()
    return _Street(head, tail, length_m, turned, vertices[::-1], ways)


def _unique_streets(graph: Any, rules: FootRules) -> list[_Street]:
    """Return each street of a graph once, in an order of their own.

    Two directed edges are one street where they have the same ends, shape and length (to the
    centimetre), one the reverse of the other: so OSMnx writes the back direction of a street that
    cars use both ways. Parallel streets differ in shape or length, and stay apart.
    """
    streets: dict[Any, list[_Street]] = {}
    judge = _Judge(rules)
    for tail, head, data in graph.edges(data=True):
        street = _street(graph, tail, head, data, judge)
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
    return replace(street, verdict=verdict, length_m=length_m, ways=street.ways | twin.ways)


def _metre_places(
    graph: Any, nodes: list[Any], streets: list[_Street]
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS, the nodes and all vertices in it, shape (…, 2)."""
    points = np.array([(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in nodes], float)
    vertices = np.array([vertex for street in streets for vertex in street.vertices], float)
    source = pyproj.CRS.from_user_input(graph.graph.get("crs", "EPSG:4326"))
    if source.is_projected and source.axis_info[0].unit_conversion_factor == 1.0:
        return source, points, vertices
    to_degrees = crs_transformer(source, "EPSG:4326")
    longitude, latitude = to_degrees.transform(*np.median(points, axis=0))
    crs = metre_crs(float(longitude), float(latitude))
    to_metres = crs_transformer(source, crs)
    return (
        crs,
        np.column_stack(to_metres.transform(*points.T)),
        np.column_stack(to_metres.transform(*vertices.T)),
    )


def _way_numbers(streets: list[_Street]) -> IntArray:
    """Return a number for each street, the same for those that share a drawn way."""
    names = {name: n for n, name in enumerate(sorted(set().union(*(one.ways for one in streets))))}
    count = len(streets)
    row = np.repeat(np.arange(count), [len(street.ways) for street in streets])
    name = np.array([names[one] for street in streets for one in sorted(street.ways)], np.int64)
    return np.asarray(roots(count + len(names), row, count + name)[:count])


def network_from_graphml(path: Path, rules: FootRules) -> WalkingNetwork:
    """Return the walking network of a graph that OSMnx saved, with the graph's own lengths.

    As :func:`network_from_graph`.

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
        return _network(_graph(path), rules, str(path), path.name)


def network_from_graph(graph: Any, rules: FootRules) -> WalkingNetwork:
    """Return the walking network of a graph that OSMnx made, with the graph's own lengths.

    Feet ignore the one-ways of cars: every edge is walked both ways unless a tag speaks of feet.
    Edges that the rules refuse (by their ``highway``, ``foot``, ``access``, …) are left out. Edges
    without a length are measured on the ellipsoid. A graph that was not simplified is, here.
    What OSMnx keeps no tag of (unless told: ``osmnx.settings.useful_tags_way``), no rule can see.

    Parameters
    ----------
    graph
        Directed multigraph of networkx with ``x`` and ``y`` of its nodes, in degrees or projected,
        and a ``crs``.
    rules
        Who may walk where.

    Raises
    ------
    StreetsError
        If it is no such graph, or no edge in it may be walked.
    """
    try:
        for name in ("is_directed", "is_multigraph"):
            if not getattr(graph, name)():
                raise TypeError(name)
        return _network(graph, rules, "graph", "graph")
    except StreetsError:  # is a ValueError, too
        raise
    except (ValueError, KeyError, TypeError, AttributeError, pyproj.exceptions.CRSError) as error:
        detail = f"{type(graph).__name__}: {error}".strip()
        raise StreetsError(message("sources.no_osmnx_graph", detail=detail)) from error


def _network(graph: Any, rules: FootRules, file: str, source: str) -> WalkingNetwork:
    """Return the network of a graph, which errors call ``file`` and the network ``source``."""
    streets = _unique_streets(graph, rules)
    nodes = sorted({end for street in streets for end in (street.tail, street.head)}, key=str)
    if not any(street.walked for street in streets):
        raise StreetsError(message("streets.no_way", file=file))
    crs, points, vertices = _metre_places(graph, nodes, streets)
    place = {node: number for number, node in enumerate(nodes)}
    vertex_start = np.concatenate([[0], np.cumsum([len(street.vertices) for street in streets])])
    own_m = np.array([street.length_m for street in streets])
    measured_m = line_lengths_m(vertex_start, vertices[:, 0], vertices[:, 1], crs)
    length_m = np.where(np.isnan(own_m), measured_m, own_m)
    walked = np.flatnonzero([street.walked for street in streets])
    ends = np.array([(place[street.tail], place[street.head]) for street in streets])
    verdicts = [street.verdict for street in streets]
    judged = [rules.judge_node(_node_tags(graph.nodes[node], rules)) for node in nodes]
    main_road = column_of(verdicts, "main_road")
    met_main_road = main_road_at_points(len(nodes), ends.ravel(), np.repeat(main_road, 2))
    start, end = ends[walked, 0], ends[walked, 1]
    estates = estates_of(
        start,
        end,
        length_m[walked],
        column_of(verdicts, "private")[walked],
        way=_way_numbers(streets)[walked],
        gate=column_of(judged, "gate"),
    )
    start, end, node = cut_at(estates.cut, start, end)
    drawn = DrawnStreets(
        point_ids=np.array([str(one) for one in nodes], dtype=np.str_)[node],
        point_number=point_numbers(node),
        easting_m=points[node, 0],
        northing_m=points[node, 1],
        start=start,
        end=end,
        length_m=length_m[walked],
        forward=column_of(verdicts, "forward")[walked],
        backward=column_of(verdicts, "backward")[walked],
        manners=manners_of(verdicts, walked, estates.estate),
        point_main_road=met_main_road[node],
        point_signals=column_of(judged, "signals")[node],
    )
    notes: dict[str, Any] = {"edges": len(streets), "private": estates.notes}
    notes |= rule_notes(verdicts, np.arange(len(verdicts)), length_m, rules)
    day = day_of(graph.graph.get("data_date")) or day_of(graph.graph.get("created_date"))
    if day:
        notes["data_date"] = day
    roads = traffic_roads(bear_traffic(verdicts), vertex_start, vertices[:, 0], vertices[:, 1])
    count = np.diff(vertex_start)[walked]
    if not graph.graph.get("simplified") and (count == 2).all():
        pieces = street_pieces(drawn)
    else:
        vertex = flat_ranges(vertex_start[walked], count)
        pieces = _pieces(drawn, count, vertices[vertex])
    return assembled(pieces, crs, source=source, attribution=ATTRIBUTION, notes=notes, roads=roads)


def _pieces(drawn: DrawnStreets, count: IntArray, vertices: FloatArray) -> StreetPieces:
    """Return streets that bend between their ends as they stand, with all their vertices."""
    main_road = drawn.manners.main_road
    crossings = crossings_at_ends(drawn.start, drawn.end, main_road, drawn.point_main_road)
    pieces = StreetPieces(
        node_ids=point_names(drawn, np.arange(len(drawn.point_ids))),
        node_easting_m=drawn.easting_m,
        node_northing_m=drawn.northing_m,
        start=drawn.start,
        end=drawn.end,
        length_m=drawn.length_m,
        forward=drawn.forward,
        backward=drawn.backward,
        manners=drawn.manners,
        crossings_start=crossings[0],
        crossings_end=crossings[1],
        node_signals=drawn.point_signals,
        vertex_start=np.concatenate([[0], np.cumsum(count)]),
        vertex_easting_m=vertices[:, 0].copy(),
        vertex_northing_m=vertices[:, 1].copy(),
    )
    return only_touched_nodes(pieces)
