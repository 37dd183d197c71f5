"""OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2) as drawn streets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import osmium
import shapely

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.drawn_ways import (
    DrawnArea,
    DrawnWays,
    area_rims,
    column_of,
    judged_nodes,
    known_stretches,
    walked_steps,
)
from planner.streets.network.junctions import street_pieces
from planner.streets.network.rules import FootRules, Verdict
from planner.streets.network.traffic_roads import roads_of
from planner.streets.network.walking_network import WalkingNetwork, assembled
from planner.streets.sources.areas import crossed
from planner.streets.sources.data_date import day_of, overpass_day
from planner.streets.sources.pbf import read_plain_pbf

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
    except (RuntimeError, OSError, EOFError, osmium.InvalidLocationError) as error:
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


@contextmanager
def _repacked(path: Path) -> Iterator[Path]:
    """Yield an XML file packed, for as long as it is needed: it is read several times as fast.

    The library repacks it without a Python object a thing. Where that fails the file itself is
    yielded: whoever reads it then finds out what is wrong with it.
    """
    if path.name.lower().endswith(PACKED):
        yield path
        return
    with ExitStack() as stack:
        file = path
        with suppress(OSError, RuntimeError):
            folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
            target = Path(folder) / "streets.osm.pbf"
            options = "pbf,pbf_compression=none,add_metadata=false"
            with osmium.SimpleWriter(osmium.io.File(str(target), options)) as writer:
                osmium.apply(osm_file(path), writer)
            file = target
        yield file


def _line(way: Any) -> bytes:
    """Return a way's line (WKB) point by point, off the globe where the file holds no point."""
    places = [
        (node.lon, node.lat) if node.location.valid() else OFF_THE_GLOBE for node in way.nodes
    ]
    line: bytes = shapely.to_wkb(shapely.linestrings(places))
    return line


def _way_refs(path: Path, wanted: set[int]) -> dict[int, IntArray]:
    """Return the node ids of those of the wanted ways that the file holds, by the ways' numbers."""
    refs: dict[int, IntArray] = {}
    if not wanted:
        return refs
    ways = osmium.FileProcessor(osm_file(path), osmium.osm.WAY)
    if min(wanted) >= 0:  # the filter knows no others, which editors give to what is new
        ways = ways.with_filter(osmium.filter.IdFilter(sorted(wanted)))
    way: Any
    for way in ways:
        if way.id in wanted:
            refs[way.id] = np.array([node.ref for node in way.nodes], dtype=np.int64)
    return refs


def _area_relations(path: Path, rules: FootRules) -> list[DrawnArea]:
    """Return the multipolygons that feet cross, with those members that the file holds."""
    if not rules.areas:
        return []
    file = osm_file(path)
    keys = {next(iter(rule.tags)) for rule in rules.areas}
    found: list[tuple[Verdict, list[int]]] = []
    relation: Any
    for relation in osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(
        osmium.filter.KeyFilter(*sorted(keys))
    ):
        if relation.tags.get("type") != "multipolygon":
            continue
        verdict = rules.judge({tag.k: tag.v for tag in relation.tags} | {"area": "yes"})
        if verdict.area:
            members = [member.ref for member in relation.members if member.type == "w"]
            found.append((verdict, members))
    refs = _way_refs(path, {number for _, members in found for number in members})
    return [
        DrawnArea(
            verdict,
            tuple(refs[number] for number in sorted(set(members)) if number in refs),
            whole=bool(members) and all(number in refs for number in members),
        )
        for verdict, members in found
    ]


def _ways_of_library(path: Path, rules: FootRules, areas: Sequence[DrawnArea]) -> DrawnWays:
    """Return all ways that a rule could allow, as the OSM library hands them over, one by one."""
    keys, street_keys = rules.keys, frozenset(rules.street_keys)
    known: dict[tuple[tuple[str, str], ...], int] = {}
    verdicts: list[Verdict] = []
    numbers: list[int] = []
    refs: list[IntArray] = []
    lines: list[bytes] = []
    factory = osmium.geom.WKBFactory()
    everywhere = osmium.geom.use_nodes.ALL
    node_tags: dict[int, dict[str, str]] = {}
    processor = (
        osmium.FileProcessor(osm_file(path))
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY | osmium.osm.NODE))
        .with_filter(osmium.filter.KeyFilter(*rules.street_keys, *rules.node_keys))
    )
    way: Any
    for way in processor:
        if way.is_node():
            node_tags[way.id] = {tag.k: tag.v for tag in way.tags if tag.k in rules.node_keys}
            continue
        tags = tuple((tag.k, tag.v) for tag in way.tags if tag.k in keys)
        number = known.get(tags, -1)
        if number < 0:
            number = known[tags] = len(verdicts)
            verdicts.append(rules.judge(dict(tags)))
        if len(way.nodes) < 2 or not (verdicts[number].walked or STREET_KEY in way.tags):
            continue  # a railway, say: no street that the rules took from anybody
        if not any(key in street_keys for key, _ in tags):
            continue
        try:
            line = bytes.fromhex(factory.create_linestring(way, everywhere))
        except osmium.InvalidLocationError:
            line = _line(way)
        lines.append(line)
        refs.append(np.array([node.ref for node in way.nodes], dtype=np.int64))
        numbers.append(number)
    return _drawn_ways(path, refs, lines, numbers, verdicts, node_tags, rules, areas)


def _drawn_ways(
    path: Path,
    refs: list[IntArray],
    lines: list[bytes],
    numbers: list[int],
    verdicts: list[Verdict],
    node_tags: dict[int, dict[str, str]],
    rules: FootRules,
    areas: Sequence[DrawnArea],
) -> DrawnWays:
    """Return ways as flat arrays, given node ids and line (WKB) of each."""
    degrees = shapely.get_coordinates(shapely.from_wkb(lines))
    rims = area_rims(areas, len(refs), len(verdicts))
    ids, node = np.unique(np.concatenate([*refs, _NO_REFS, rims.refs]), return_inverse=True)
    told = degrees[:, 0] < OFF_THE_GLOBE[0]
    place = np.full((len(ids), 2), np.nan)
    place[node[: len(told)][told]] = degrees[told]
    new = np.isnan(place[:, 0]) & ((ids < 0) | np.isin(ids, rims.refs))
    if new.any():
        place[new] = _places_of(path, ids[new])
    known = np.isfinite(place[:, 0])
    count = np.concatenate([np.array([len(one) for one in refs], dtype=np.int64), rims.count])
    node, vertex_start, way = known_stretches(node, count, known[node])
    tagged = np.fromiter(node_tags, dtype=np.int64, count=len(node_tags))
    number = np.searchsorted(ids, tagged)
    met = np.isin(tagged, ids)
    tags = {
        int(place): own
        for place, own, here in zip(number, node_tags.values(), met, strict=True)
        if here
    }
    gate, signals = judged_nodes(len(ids), tags, rules)
    return DrawnWays(
        node_ids=ids,
        longitude=place[:, 0],
        latitude=place[:, 1],
        node=node,
        vertex_start=vertex_start,
        way=np.concatenate([np.arange(len(refs)), rims.way])[way],
        verdict=np.concatenate([np.array(numbers, dtype=np.int64), rims.verdict])[way],
        verdicts=verdicts + [area.verdict for area in areas],
        node_gate=gate,
        node_signals=signals,
        rim_vertices=rims.vertices,
    )


def _places_of(path: Path, ids: IntArray) -> FloatArray:
    """Return where nodes lie that the ways' lines did not tell, as of numbers below 0."""
    wanted = set(ids.tolist())
    found: dict[int, tuple[float, float]] = {}
    node: Any
    for node in osmium.FileProcessor(osm_file(path), osmium.osm.NODE):
        if node.id in wanted and node.location.valid():
            found[node.id] = (node.lon, node.lat)
    return np.array([found.get(number, (np.nan, np.nan)) for number in ids.tolist()])


def _data_date(path: Path) -> str:
    """Return as of which day the data is, from the file's head; empty if it does not say."""
    with osmium.io.Reader(osm_file(path), osmium.osm.NOTHING) as reader:
        stamp = reader.header().get("timestamp")
    return day_of(stamp) or ("" if path.name.lower().endswith(PACKED) else overpass_day(path))


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
    with readable(path), _repacked(path) as file:
        areas = _area_relations(file, rules)
        ways = read_plain_pbf(file, rules, areas) if file.name.lower().endswith(PACKED) else None
        if ways is None:
            ways = _ways_of_library(file, rules, areas)
        day = _data_date(path)
    if not column_of(ways.verdicts, "walked")[ways.verdict].any():
        raise StreetsError(message("streets.no_way", file=str(path)))
    ways, area_notes = crossed(ways)
    steps, crs, notes = walked_steps(ways, rules)
    roads = roads_of(ways, crs)
    notes["areas"] = area_notes
    if day:
        notes["data_date"] = day
    pieces = street_pieces(steps)
    return assembled(
        pieces, crs, source=path.name, attribution=ATTRIBUTION, notes=notes, roads=roads
    )
