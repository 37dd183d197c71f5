"""Street files of any kind that the package knows, by their names' endings."""

from __future__ import annotations

import tomllib
from os import PathLike
from pathlib import Path

from planner.errors import InputFileError, StreetsError
from planner.labels import message
from planner.streets import osm
from planner.streets.graphml import network_from_graphml
from planner.streets.network import WalkingNetwork
from planner.streets.rules import FootRules, foot_rules

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


def read_streets(
    path: str | PathLike[str], *, rules: FootRules | str | PathLike[str] | None = None
) -> WalkingNetwork:
    """Read street data into a walking network, in the metre CRS of the place.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2`` from OpenStreetMap, or ``.graphml``
        saved by OSMnx. Coordinates are WGS 84 (never GCJ-02).
    rules
        Who may walk where: rules, or the file that holds them; the package's own unless given.

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
        If its ending is unknown or nothing in it may be walked.
    """
    file = Path(path)
    if rules is None:
        rules = foot_rules()
    elif not isinstance(rules, FootRules):
        rules = read_rules(rules)
    name = file.name.lower()
    if name.endswith(GRAPHML_SUFFIX):
        return network_from_graphml(file, rules)
    if name.endswith(osm.SUFFIXES):
        return osm.network_from_osm(file, rules)
    raise StreetsError(
        message(
            "streets.suffix_unknown",
            file=str(file),
            known="、".join((*osm.SUFFIXES, GRAPHML_SUFFIX)),
        )
    )
