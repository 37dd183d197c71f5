"""Street files of any kind that the package knows, by their names' endings."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.streets.network.rules import FootRules, foot_rules
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.road_layers.files import SUFFIXES as ROAD_LAYER_SUFFIXES
from planner.streets.road_layers.files import road_layer_options
from planner.streets.road_layers.layers import GAP_M, network_from_road_layer
from planner.streets.sources import osm
from planner.streets.sources.cache import network_key, read_through
from planner.streets.sources.graphml import network_from_graph, network_from_graphml

GRAPHML_SUFFIX = ".graphml"


def read_rules(path: str | PathLike[str]) -> FootRules:
    """Return the project's own rules on who may walk where, from a file like ``foot_rules.toml``.

    Raises
    ------
    InputFileError
        If the file is missing.
    StreetsError
        If it is no TOML, or its rules are malformed: with every fault found.
    """
    file = Path(path)
    if not file.is_file():
        raise InputFileError(message("streets.file_missing", file=str(file)))
    try:
        mapping = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        detail = message("streets.rules_not_toml", file=str(file), detail=str(error))
        raise StreetsError(message("streets.rules_refused", file=str(file)), [detail]) from error
    return FootRules.from_mapping(mapping, file=str(file))


def _reader(
    file: Path, layer: str | None, gap_m: float
) -> Callable[[Path, FootRules], WalkingNetwork]:
    """Return what reads a file of this name.

    Raises
    ------
    StreetsError
        If its ending is unknown.
    """
    name = file.name.lower()
    if name.endswith(GRAPHML_SUFFIX):
        return network_from_graphml
    if name.endswith(osm.SUFFIXES):
        return osm.network_from_osm
    if name.endswith(ROAD_LAYER_SUFFIXES):
        return partial(network_from_road_layer, layer=layer, gap_m=gap_m)
    raise StreetsError(
        message(
            "streets.suffix_unknown",
            file=str(file),
            known="、".join((*osm.SUFFIXES, GRAPHML_SUFFIX, *ROAD_LAYER_SUFFIXES)),
        )
    )


def read_streets(
    path: str | PathLike[str] | Any,
    *,
    rules: FootRules | str | PathLike[str] | None = None,
    cache: str | PathLike[str] | None = None,
    layer: str | None = None,
    gap_m: float = GAP_M,
) -> WalkingNetwork:
    """Read street data into a walking network, in the metre CRS of the place.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2`` from OpenStreetMap, ``.graphml`` saved
        by OSMnx, or a road layer of one's own: ``.gpkg``, ``.shp`` or ``.geojson`` with lines
        (:func:`planner.streets.road_layers.layers.network_from_road_layer` tells how they are
        joined). Coordinates are WGS 84 or in the CRS that the file declares (never GCJ-02). Or a
        graph that OSMnx made (:func:`planner.streets.sources.graphml.network_from_graph`).
    rules
        Who may walk where: rules, or the file that holds them; the package's own unless given.
    cache
        Folder, made if need be, in which the network is kept, so that the same data and rules are
        read but once. One kept of other data or rules, or damaged, is never used. What lies there
        may be deleted at any time. Where it cannot be written the network is read each time. Of
        graphs in memory nothing is kept.
    layer
        Of a road layer's file: which of its layers; the first that holds lines unless given.
    gap_m
        Of a road layer: ends of lines that miss what they were meant to meet by at most this many
        metres (0 to 50) are joined to it.

    Returns
    -------
    WalkingNetwork
        In the CGCS2000 3° zone in China, the UTM zone elsewhere. Its ``notes`` tell the length of
        street that each rule decided.

    Raises
    ------
    InputFileError
        If the file is missing, broken, ends too early or is not what its name says.
    StreetsError
        If its ending is unknown, nothing in it may be walked, or it is neither a path nor a graph
        of OSMnx; of a road layer, if there is no
        such layer, no line, no CRS, or one that the coordinates belie.
    """
    if rules is None:
        rules = foot_rules()
    elif not isinstance(rules, FootRules):
        rules = read_rules(rules)
    if not isinstance(path, str | PathLike):
        return network_from_graph(path, rules)
    file = Path(path)
    read = _reader(file, layer, gap_m)
    if cache is None:
        return read(file, rules)

    def key() -> str:
        return network_key(file, rules, road_layer_options(file, layer, gap_m))

    return read_through(Path(cache), key, partial(read, file, rules))
