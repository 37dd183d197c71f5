"""A planner's own road layer (.gpkg, .shp, .geojson) as a walking network."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyproj
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.projections import crs_transformer, metre_crs
from planner.streets.arrays import FloatArray, IntArray
from planner.streets.network.crossings import main_road_at_points
from planner.streets.network.drawn_ways import column_of, manners_of
from planner.streets.network.estates import OPEN, estates_of
from planner.streets.network.junctions import DrawnStreets, street_pieces
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.pieces import line_lengths_m
from planner.streets.network.rules import FootRules
from planner.streets.network.rules_report import rule_notes
from planner.streets.network.traffic_roads import bear_traffic, traffic_roads
from planner.streets.network.walking_network import WalkingNetwork, assembled
from planner.streets.road_layers.closing import closed_ends
from planner.streets.road_layers.columns import GROUND, RoadColumns, read_columns
from planner.streets.road_layers.files import layer_refusal, read_features
from planner.streets.road_layers.noding import NodedRoads, RoadLines, noded
from planner.tables import listed

GAP_M: Final = 1.0
"""How far an end may lie from what it is meant to meet, unless the planner says otherwise (our own
choice: well below the width of a lane, so that no two streets are taken for one)."""
MOST_GAP_M: Final = 50.0

_LINES: Final = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)


def _single_lines(shapes: Any) -> tuple[Any, IntArray, dict[str, int]]:
    """Return all lines of some length, the row of each, and how many rows hold none, by kind."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, within = shapely.get_parts(parts, return_index=True)
    row = row[within]
    line = np.isin(shapely.get_type_id(parts), _LINES) & (shapely.length(parts) > 0)
    # A coordinate that is no number makes no length: such a line is refused further on.
    line |= np.isin(shapely.get_type_id(parts), _LINES) & np.isnan(shapely.length(parts))
    none = np.setdiff1d(np.arange(len(shapes)), row[line])
    kinds = Counter(
        "none" if shape is None or shape.is_empty else shape.geom_type for shape in shapes[none]
    )
    return parts[line], row[line], dict(sorted(kinds.items()))


def crs_problems(path: Path, crs: pyproj.CRS | None, lines: Any) -> list[Message]:
    """Return what is wrong between the coordinates and the CRS that they are said to be in."""
    if crs is None or not (crs.is_geographic or crs.is_projected):
        return [message("road_layer.no_crs", file=path.name)]
    places = shapely.get_coordinates(lines)
    places = places[np.isfinite(places).all(axis=1)]
    beyond = (np.abs(places) > (180.0, 90.0)).any(axis=1)
    if crs.is_geographic and beyond.any():
        easting, northing = (round(float(value), 3) for value in places[beyond][0])
        return [
            message(
                "road_layer.metres_called_degrees",
                file=path.name,
                crs=crs.name,
                easting=easting,
                northing=northing,
            )
        ]
    if crs.is_projected and not beyond.any():
        return [message("road_layer.degrees_called_metres", file=path.name, crs=crs.name)]
    return []


def _in_metres(
    path: Path, crs: pyproj.CRS, lines: Any, row: IntArray
) -> tuple[pyproj.CRS, FloatArray]:
    """Return the metre CRS of the lines' middle, and their vertices in it, shape (vertices, 2)."""
    places = shapely.get_coordinates(lines)
    to_degrees = crs_transformer(crs, "EPSG:4326")
    longitude, latitude = to_degrees.transform(places[:, 0], places[:, 1])
    known = np.isfinite(longitude) & np.isfinite(latitude)
    metre = crs
    if known.any():
        metre = metre_crs(float(np.median(longitude[known])), float(np.median(latitude[known])))
    if metre != crs:
        to_metres = crs_transformer(crs, metre)
        places = np.column_stack(to_metres.transform(places[:, 0], places[:, 1]))
    wrong = ~(known & np.isfinite(places).all(axis=1))
    if wrong.any():
        rows = np.repeat(row, shapely.get_num_coordinates(lines))[wrong] + 1
        raise layer_refusal(
            path,
            message("road_layer.off_the_map", file=path.name, rows=listed(rows), crs=crs.name),
        )
    return metre, places


def _drawn(roads: NodedRoads, crs: pyproj.CRS) -> tuple[DrawnStreets, dict[str, Any]]:
    """Return the steps with their lengths on the ellipsoid, and what walled estates there are.

    Points are called by their places.
    """
    used, place = np.unique(np.concatenate([roads.start, roads.end]), return_inverse=True)
    point_m = roads.point_m[used]
    start, end = np.split(place.reshape(-1), 2)
    both = point_m[np.column_stack([start, end])].reshape(-1, 2)
    vertex_start = np.arange(len(start) + 1) * 2
    length_m = line_lengths_m(vertex_start, both[:, 0], both[:, 1], crs)
    private = roads.manners.estate != EVERYBODY
    gate = np.full(len(used), OPEN)
    estates = estates_of(start, end, length_m, private, way=roads.manners.estate, gate=gate)
    main_road = np.tile(roads.manners.main_road, 2)
    drawn = DrawnStreets(
        point_ids=np.arange(len(used)).astype(np.str_),
        easting_m=point_m[:, 0].copy(),
        northing_m=point_m[:, 1].copy(),
        start=start,
        end=end,
        length_m=length_m,
        forward=roads.forward,
        backward=roads.backward,
        manners=replace(roads.manners, estate=estates.estate),
        point_main_road=main_road_at_points(len(used), place.reshape(-1), main_road),
        point_signals=np.zeros(len(used), dtype=bool),
    )
    return drawn, estates.notes


def _open_ends(roads: NodedRoads) -> dict[str, Any]:
    """Return how many ends of lines meet nothing, and the median gap to the next line's end."""
    degree = np.bincount(np.concatenate([roads.start, roads.end]), minlength=len(roads.point_m))
    is_open = degree[roads.line_ends] == 1
    ends: Any = shapely.points(roads.point_m[roads.line_ends])
    notes: dict[str, Any] = {"open_ends": int(is_open.sum())}
    if is_open.any() and len(ends) > 1:
        _, gaps_m = shapely.STRtree(ends).query_nearest(
            ends[is_open], exclusive=True, return_distance=True, all_matches=False
        )
        notes["open_ends_gap_m"] = round(float(np.median(gaps_m)), 1)
    return notes


def network_from_road_layer(
    path: Path, rules: FootRules, *, layer: str | None = None, gap_m: float = GAP_M
) -> WalkingNetwork:
    """Return the walking network of lines that were drawn without nodes.

    Lines of one storey meet wherever they cross, touch or overlap; ends that miss what they were
    meant to meet by up to ``gap_m`` are joined by a straight link (rules:
    :func:`planner.streets.road_layers.closing.closed_ends`); bridges and tunnels (columns
    ``bridge``, ``tunnel``, ``layer``, ``level``, 桥, 隧道, 层) meet other lines at their ends only.

    A column of classes (``highway``, ``fclass``, 道路等级, …; ``road_classes.toml`` lists them)
    goes through the foot rules; without one every line is a street, unless a column named like a
    tag (``foot``, ``access``, ``surface``, …) refuses it. One-ways of cars bind no feet. Stairs,
    slow ground, main roads and walled estates are told by the same columns and rules; where lines
    lie on each other the easiest counts. Main roads that feet may not use are not noded with
    others: crossing them costs nothing here. Lengths are measured on the ellipsoid.

    Parameters
    ----------
    path
        ``.gpkg``, ``.shp`` or ``.geojson`` on this machine.
    rules
        Who may walk where.
    layer
        Layer to read; the first with lines unless given.
    gap_m
        Tolerance in metres, ``<=``, from 0 to 50.

    Returns
    -------
    WalkingNetwork
        Its ``notes`` tell rows and lines read (``rows``, ``rows_no_line`` by kind, ``lines``,
        ``lines_refused``), ``crossings`` noded without a drawn vertex, ``links`` that closed gaps,
        ``lines_above`` and ``lines_below`` the ground, ``open_ends`` that meet nothing and
        their median gap to the next end (many, with gaps of some metres: the layer wants a greater
        ``gap_m``), the ``rules``' lengths, the walled estates
        (``private``) and the ``columns`` understood.

    Raises
    ------
    InputFileError
        If the file is missing or is not what its ending says.
    StreetsError
        If there is no such layer, no line, no CRS or one that the coordinates belie, if no line may
        be walked, or the tolerance is no tolerance.
    """
    if not 0.0 <= gap_m <= MOST_GAP_M:
        raise layer_refusal(path, message("road_layer.gap_refused", gap_m=gap_m, most=MOST_GAP_M))
    frame, notes = read_features(path, layer)
    lines, row, kinds = _single_lines(frame.geometry.to_numpy())
    crs = None if frame.crs is None else pyproj.CRS.from_user_input(frame.crs)
    if not len(lines):
        found = "、".join(f"{kind} {count}" for kind, count in kinds.items()) or "—"
        raise layer_refusal(path, message("road_layer.no_line", file=path.name, kinds=found))
    problems = crs_problems(path, crs, lines)
    if problems or crs is None:
        raise layer_refusal(path, *problems)
    metre, places_m = _in_metres(path, crs, lines, row)
    vertex_start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(lines))])
    columns = read_columns(frame.drop(columns=frame.geometry.name), rules)
    notes |= {"rows": len(frame), "rows_no_line": kinds, "lines": len(lines), "gap_m": gap_m}
    notes |= columns.notes
    walked = _walked(lines, row, places_m, columns)
    length_m = line_lengths_m(vertex_start, places_m[:, 0], places_m[:, 1], metre)
    notes |= rule_notes(columns.verdicts, row, length_m, rules)
    notes["lines_refused"] = len(lines) - len(walked.storey)
    notes["lines_above"] = int((walked.storey > 0).sum())
    notes["lines_below"] = int((walked.storey < 0).sum())
    if not len(walked.storey):
        raise StreetsError(message("streets.no_way", file=path.name))
    roads = noded(walked)
    if not len(roads.start):  # lines shorter than what counts as one spot
        raise StreetsError(message("streets.no_way", file=path.name))
    notes["crossings"] = roads.crossings
    roads, notes["links"] = closed_ends(roads, gap_m)
    notes |= _open_ends(roads)
    drawn, notes["private"] = _drawn(roads, metre)
    pieces = street_pieces(drawn)
    traffic = bear_traffic(columns.verdicts)[row] & (columns.storeys[row] >= GROUND)
    main = traffic_roads(traffic, vertex_start, places_m[:, 0], places_m[:, 1])
    return assembled(pieces, metre, source=path.name, notes=notes, roads=main)


def _walked(lines: Any, row: IntArray, places_m: FloatArray, columns: RoadColumns) -> RoadLines:
    """Return the lines that feet may use, with what their rows' columns say of them."""
    forward = column_of(columns.verdicts, "forward")[row]
    backward = column_of(columns.verdicts, "backward")[row]
    kept = np.flatnonzero(forward | backward)
    count = shapely.get_num_coordinates(lines)
    places_m = places_m[np.repeat(forward | backward, count)]
    storey = columns.storeys[row][kept]
    private = column_of(columns.verdicts, "private")[row][kept]
    vertex_start = np.concatenate([[0], np.cumsum(count[kept])])
    own = np.where(private, _line_ranks(vertex_start, places_m, storey), EVERYBODY)
    manners = manners_of(columns.verdicts, row[kept], own)
    return RoadLines(
        vertex_start,
        places_m[:, 0],
        places_m[:, 1],
        storey,
        forward[kept],
        backward[kept],
        replace(manners, off_ground=manners.off_ground | (storey != GROUND)),
    )


def _line_ranks(vertex_start: IntArray, places_m: FloatArray, storey: IntArray) -> IntArray:
    """Return a number for each line that depends on where it lies, not on which it is."""
    if len(vertex_start) < 2:
        return np.empty(0, dtype=np.int64)
    ends_m = np.sort(places_m[[vertex_start[:-1], vertex_start[1:] - 1]], axis=0)
    middle_m = np.add.reduceat(places_m, vertex_start[:-1], axis=0).round(3)
    rows = np.column_stack([storey, np.diff(vertex_start), *ends_m, middle_m])
    numbers: IntArray = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
    return numbers
