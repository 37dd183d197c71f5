"""Streets from OpenStreetMap's servers, kept in a file so that no run ever needs the web."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final

import pyproj
import shapely

from planner.errors import OutputFileError
from planner.labels import message
from planner.projections import metre_crs
from planner.streets.network.pieces import reprojected
from planner.streets.road_layers.files import SUFFIXES as BOUNDARY_SUFFIXES
from planner.streets.road_layers.files import read_features
from planner.streets.sources.osm import ATTRIBUTION
from planner.streets.sources.osm_servers import (
    EVERY_STREET,
    answered,
    osmnx_for,
    place_boundary,
    refusal,
    streets_within,
)
from planner.streets.sources.read import GRAPHML_SUFFIX

OVERPASS_VARIABLE: Final = "PLANNER_OVERPASS"
NOMINATIM_VARIABLE: Final = "PLANNER_NOMINATIM"
OVERPASS: Final = "https://overpass-api.de/api"
NOMINATIM: Final = "https://nominatim.openstreetmap.org/"

MARGIN_M: Final = 500.0
"""How far beyond the boundary streets are kept: the shortest walk between two doors inside may lead
outside."""


@dataclass(frozen=True)
class DownloadedStreets:
    """What was downloaded.

    Parameters
    ----------
    file
        Where it was saved.
    nodes, length_km
        How many nodes the graph has, and the kilometres of street between them.
    data_date
        Day and time of the data by the server's own word (ISO 8601), else of the download.
    attribution
        Whom the data must be credited to.
    """

    file: Path
    nodes: int
    length_km: float
    data_date: str
    attribution: str


def download_streets(
    place: str | PathLike[str],
    out: str | PathLike[str],
    *,
    overpass: str | None = None,
    nominatim: str | None = None,
) -> DownloadedStreets:
    """Download the streets of a place, with 500 m around it, into a ``.graphml`` file.

    Every street comes, private ones too; :func:`planner.streets.read_streets` reads the file and
    its foot rules decide who walks where. The file holds the day of the data, the download, the
    place and the attribution as attributes of the graph. It is written aside and put in place by
    one rename. OSMnx's settings are as before when the call ends.

    Parameters
    ----------
    place
        Name of a place, or a file with its boundary: areas in a ``.gpkg``, ``.shp`` or
        ``.geojson``.
    out
        File to write, ending in ``.graphml``; an older one is replaced.
    overpass
        Address of the Overpass service, without ``/interpreter``; else that in the environment's
        ``PLANNER_OVERPASS``, else ``https://overpass-api.de/api``.
    nominatim
        Address of the place service, asked only for a place's name; else ``PLANNER_NOMINATIM``,
        else ``https://nominatim.openstreetmap.org/``.

    Raises
    ------
    InputFileError
        If the boundary file is missing or broken.
    OutputFileError
        If the file cannot be written there.
    StreetsError
        If an address or the boundary is none, no server answers, the place is not known, or the
        answer is incomplete, empty or not understood.
    """
    target = _target(Path(out))
    overpass = _address("Overpass", overpass, OVERPASS_VARIABLE, OVERPASS)
    nominatim = _address("Nominatim", nominatim, NOMINATIM_VARIABLE, NOMINATIM)
    file = Path(place)
    from_file = file.suffix.lower() in BOUNDARY_SUFFIXES
    boundary = _boundary(file) if from_file else None
    told: dict[str, str] = {}
    with osmnx_for(overpass, nominatim, told) as osmnx:
        if boundary is None:
            with answered(nominatim):
                boundary = place_boundary(osmnx, str(place), nominatim)
        with answered(overpass):
            graph = streets_within(osmnx, _widened(boundary), overpass)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        graph.graph |= {
            "attribution": ATTRIBUTION,
            "data_date": told.get("data_date", now),
            "downloaded": now,
            "place": file.name if from_file else str(place),
            "margin_m": MARGIN_M,
            "filter": EVERY_STREET,
        }
        _save(osmnx, graph, target)
        undirected = osmnx.convert.to_undirected(graph)
    length_m = sum(length for _, _, length in undirected.edges(data="length"))
    return DownloadedStreets(
        target, len(graph), round(length_m / 1000, 1), graph.graph["data_date"], ATTRIBUTION
    )


def _target(out: Path) -> Path:
    """Return where to write, or refuse it: before a server is asked in vain."""
    if out.suffix.lower() != GRAPHML_SUFFIX:
        raise OutputFileError(message("download.wrong_ending", file=str(out)))
    folder = out.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise OutputFileError(message("download.no_folder", folder=str(folder)))
    return out.absolute()


def _address(name: str, given: str | None, variable: str, default: str) -> str:
    url = given or os.environ.get(variable) or default
    if not url.startswith(("http://", "https://")):
        raise refusal(message("download.wrong_address", name=name, url=url))
    return url


def _boundary(file: Path) -> Any:
    """Return the areas of a file as one shape in degrees (WGS 84)."""
    frame = read_features(file)[0]
    shapes = frame.geometry.to_numpy()
    areas = shapes[shapely.get_dimensions(shapes) == 2]
    if frame.crs is None or not len(areas):
        detail = "CRS —" if len(areas) else "0 Polygon"
        raise refusal(message("download.boundary_refused", file=file.name, detail=detail))
    whole = shapely.union_all(shapely.make_valid(areas))
    crs = pyproj.CRS.from_user_input(frame.crs)
    degrees = reprojected(whole, crs, pyproj.CRS.from_epsg(4326))
    west, south, east, north = shapely.bounds(degrees)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        detail = f"{west:.6g}, {south:.6g}, {east:.6g}, {north:.6g}"
        raise refusal(message("download.boundary_refused", file=file.name, detail=detail))
    return degrees


def _widened(boundary: Any) -> Any:
    """Return an area in degrees with a margin round it."""
    degrees = pyproj.CRS.from_epsg(4326)
    middle = shapely.centroid(boundary)
    metre = metre_crs(shapely.get_x(middle), shapely.get_y(middle))
    wide = shapely.buffer(reprojected(boundary, degrees, metre), MARGIN_M)
    return reprojected(wide, metre, degrees)


def _save(osmnx: Any, graph: Any, target: Path) -> None:
    """Write a graph aside and put it in place by one rename."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            aside = Path(folder) / target.name
            osmnx.save_graphml(graph, aside)
            aside.replace(target)
    except OSError as error:
        folder = str(target.parent)
        raise OutputFileError(message("download.no_folder", folder=folder)) from error
