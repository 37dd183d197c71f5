"""OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2) as drawn streets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import pyproj
import shapely

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.projections import metre_crs
from planner.streets.junctions import DrawnStreets, street_pieces
from planner.streets.network import WalkingNetwork, assembled
from planner.streets.pieces import FloatArray, IntArray, ellipsoid_steps_m, line_sums
from planner.streets.rules import FootRules, Verdict

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
STREET_KEY: Final = "highway"
SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


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


@dataclass
class _Ways:
    """The ways of a file as flat lists: every piece that lies within the file."""

    refs: list[IntArray]
    lines: list[bytes]
    verdicts: list[Verdict]

    def add(self, verdict: Verdict, refs: list[int], line: bytes) -> None:
        self.verdicts.append(verdict)
        self.refs.append(np.array(refs, dtype=np.int64))
        self.lines.append(line)


def _known_runs(way: Any) -> Iterator[tuple[list[int], bytes]]:
    """Yield the stretches of a way whose points are in the file: extracts cut ways at their rim."""
    refs: list[int] = []
    places: list[tuple[float, float]] = []
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            refs.append(node.ref)
            places.append((node.location.lon, node.location.lat))
            continue
        if len(refs) > 1:
            yield refs, shapely.to_wkb(shapely.linestrings(places))
        refs, places = [], []


def _read_ways(path: Path, rules: FootRules) -> _Ways:
    """Return all ways that a rule could allow, with what the rules say of each."""
    keys = rules.keys
    known: dict[tuple[tuple[str, str], ...], Verdict] = {}
    ways = _Ways([], [], [])
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
        verdict = known.get(tags)
        if verdict is None:
            verdict = known[tags] = rules.judge(dict(tags))
        walked = verdict.forward or verdict.backward
        if len(way.nodes) < 2 or not (walked or STREET_KEY in way.tags):
            continue  # a railway, say: no street that the rules took from anybody
        try:
            line = bytes.fromhex(factory.create_linestring(way, everywhere))
        except osmium.InvalidLocationError:
            for refs, run in _known_runs(way):
                ways.add(verdict, refs, run)
        else:
            ways.add(verdict, [node.ref for node in way.nodes], line)
    return ways


def _projected(
    longitude: FloatArray, latitude: FloatArray
) -> tuple[pyproj.CRS, FloatArray, FloatArray]:
    """Return the metre CRS of the streets' middle, and the points in it."""
    crs = metre_crs(float(np.median(longitude)), float(np.median(latitude)))
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    easting_m, northing_m = to_metres.transform(longitude, latitude)
    return crs, np.asarray(easting_m), np.asarray(northing_m)


def rule_notes(verdicts: list[Verdict], length_m: FloatArray) -> dict[str, Any]:
    """Return the length and share of street that each rule decided, and what became of it.

    Returns
    -------
    dict
        ``{rule: {"verdict", "ways", "length_m", "share"}}``, by name; shares of all lengths read.
    """
    whole_m = float(length_m.sum())
    notes: dict[str, Any] = {}
    for name in sorted({verdict.rule for verdict in verdicts}):
        mine = np.array([verdict.rule == name for verdict in verdicts])
        walked = any(v.forward or v.backward for v in verdicts if v.rule == name)
        part_m = float(length_m[mine].sum())
        notes[name] = {
            "verdict": "allowed" if walked else "refused",
            "ways": int(mine.sum()),
            "length_m": round(part_m, 1),
            "share": round(part_m / whole_m, 6) if whole_m else 0.0,
        }
    return notes


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
        ways = _read_ways(path, rules)
    if not any(verdict.forward or verdict.backward for verdict in ways.verdicts):
        raise StreetsError(message("streets.no_way", file=str(path)))
    count = np.array([len(refs) for refs in ways.refs])
    vertex_start = np.concatenate([[0], np.cumsum(count)])
    degrees = shapely.get_coordinates(shapely.from_wkb(ways.lines))
    refs = np.concatenate(ways.refs)
    step_m = ellipsoid_steps_m(degrees[:, 0], degrees[:, 1])
    notes = {
        "ways": len(ways.verdicts),
        "rules": rule_notes(ways.verdicts, line_sums(step_m, vertex_start)),
    }
    forward = np.repeat([verdict.forward for verdict in ways.verdicts], count)
    backward = np.repeat([verdict.backward for verdict in ways.verdicts], count)
    within_way = np.ones(len(refs), dtype=bool)
    within_way[vertex_start[1:] - 1] = False
    step = np.flatnonzero(within_way & (forward | backward))
    used, first, place = np.unique(
        np.concatenate([refs[step], refs[step + 1]]), return_index=True, return_inverse=True
    )
    vertex = np.concatenate([step, step + 1])[first]
    crs, easting_m, northing_m = _projected(degrees[vertex, 0], degrees[vertex, 1])
    drawn = DrawnStreets(
        point_ids=used.astype(np.str_),
        easting_m=easting_m,
        northing_m=northing_m,
        start=place[: len(step)],
        end=place[len(step) :],
        length_m=step_m[step],
        forward=forward[step],
        backward=backward[step],
    )
    notes["points"] = len(used)
    pieces = street_pieces(drawn)
    return assembled(pieces, crs, source=path.name, attribution=ATTRIBUTION, notes=notes)
