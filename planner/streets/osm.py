"""OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2) as drawn streets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import shapely

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.streets.drawn_ways import DrawnWays, column_of, known_stretches, walked_steps
from planner.streets.junctions import street_pieces
from planner.streets.network import WalkingNetwork, assembled
from planner.streets.pbf import read_plain_pbf
from planner.streets.pieces import FloatArray, IntArray
from planner.streets.rules import FootRules, Verdict

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
STREET_KEY: Final = "highway"
PACKED: Final = ".pbf"
SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")

OFF_THE_GLOBE: Final = (999.0, 999.0)
_NO_REFS: Final = np.empty(0, dtype=np.int64)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what the OSM library says of a broken file into one sentence that names it.

    Raises
    ------
    InputFileError
        If the file is not there, is not of the format that its name says, or ends too early.
    """
    if not path.is_file():
        raise InputFileError(message("streets.file_missing", file=str(path)))
    try:
        yield
    except (RuntimeError, OSError, osmium.InvalidLocationError) as error:
        raise InputFileError(
            message("streets.osm_unreadable", file=str(path), detail=str(error).strip())
        ) from error


def osm_file(path: Path) -> Any:
    """Return the file as the OSM library opens it, in the format that its name's ending says.

    The library itself knows endings in small letters only; Windows writes ``MAP.OSM.PBF``, too.
    """
    name = path.name.lower()
    ending = next(suffix for suffix in SUFFIXES if name.endswith(suffix))
    return osmium.io.File(str(path), ending.removeprefix("."))


def _line(way: Any) -> bytes:
    """Return a way's line (WKB) point by point, off the globe where the file holds no point."""
    places = [
        (node.lon, node.lat) if node.location.valid() else OFF_THE_GLOBE for node in way.nodes
    ]
    line: bytes = shapely.to_wkb(shapely.linestrings(places))
    return line


def _ways_of_library(path: Path, rules: FootRules) -> DrawnWays:
    """Return all ways that a rule could allow, as the OSM library hands them over, one by one."""
    keys = rules.keys
    known: dict[tuple[tuple[str, str], ...], int] = {}
    verdicts: list[Verdict] = []
    numbers: list[int] = []
    refs: list[IntArray] = []
    lines: list[bytes] = []
    factory = osmium.geom.WKBFactory()
    everywhere = osmium.geom.use_nodes.ALL
    processor = (
        osmium.FileProcessor(osm_file(path))
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter(*rules.street_keys))
    )
    way: Any
    for way in processor:
        tags = tuple((tag.k, tag.v) for tag in way.tags if tag.k in keys)
        number = known.get(tags, -1)
        if number < 0:
            number = known[tags] = len(verdicts)
            verdicts.append(rules.judge(dict(tags)))
        if len(way.nodes) < 2 or not (verdicts[number].walked or STREET_KEY in way.tags):
            continue  # a railway, say: no street that the rules took from anybody
        try:
            line = bytes.fromhex(factory.create_linestring(way, everywhere))
        except osmium.InvalidLocationError:
            line = _line(way)
        lines.append(line)
        refs.append(np.array([node.ref for node in way.nodes], dtype=np.int64))
        numbers.append(number)
    return _drawn_ways(path, refs, lines, numbers, verdicts)


def _drawn_ways(
    path: Path,
    refs: list[IntArray],
    lines: list[bytes],
    numbers: list[int],
    verdicts: list[Verdict],
) -> DrawnWays:
    """Return ways as flat arrays, given node ids and line (WKB) of each."""
    degrees = shapely.get_coordinates(shapely.from_wkb(lines))
    ids, node = np.unique(np.concatenate([*refs, _NO_REFS]), return_inverse=True)
    told = degrees[:, 0] < OFF_THE_GLOBE[0]
    place = np.full((len(ids), 2), np.nan)
    place[node[told]] = degrees[told]
    new = (ids < 0) & np.isnan(place[:, 0])
    if new.any():
        place[new] = _new_nodes(path, ids[new])
    known = np.isfinite(place[:, 0])
    count = np.array([len(one) for one in refs], dtype=np.int64)
    node, vertex_start, way = known_stretches(node, count, known[node])
    return DrawnWays(
        node_ids=ids,
        longitude=place[:, 0],
        latitude=place[:, 1],
        node=node,
        vertex_start=vertex_start,
        way=way,
        verdict=np.array(numbers, dtype=np.int64)[way],
        verdicts=verdicts,
        node_gate=np.zeros(len(ids), dtype=np.int64),
        node_signals=np.zeros(len(ids), dtype=bool),
    )


def _new_nodes(path: Path, ids: IntArray) -> FloatArray:
    """Return where nodes lie that an editor numbered below 0, which the library does not locate."""
    found: dict[int, tuple[float, float]] = {}
    node: Any
    for node in osmium.FileProcessor(osm_file(path), osmium.osm.NODE):
        if node.id < 0 and node.location.valid():
            found[node.id] = (node.lon, node.lat)
    return np.array([found.get(number, (np.nan, np.nan)) for number in ids.tolist()])


def network_from_osm(path: Path, rules: FootRules) -> WalkingNetwork:
    """Return the walking network of an OpenStreetMap file.

    Streets meet where their ways share a node, never where coordinates happen to agree. Lengths
    are measured on the WGS 84 ellipsoid. Ways that leave the file are kept as far as it knows them.

    Parameters
    ----------
    path
        File in any format of OpenStreetMap, plain or compressed.
    rules
        Who may walk where.

    Raises
    ------
    InputFileError
        If the file is missing, broken or of another format.
    StreetsError
        If no way in it may be walked.
    """
    with readable(path):
        ways = read_plain_pbf(path, rules) if path.name.lower().endswith(PACKED) else None
        if ways is None:
            ways = _ways_of_library(path, rules)
    if not column_of(ways.verdicts, "walked")[ways.verdict].any():
        raise StreetsError(message("streets.no_way", file=str(path)))
    steps, crs, notes = walked_steps(ways)
    pieces = street_pieces(steps)
    return assembled(pieces, crs, source=path.name, attribution=ATTRIBUTION, notes=notes)
