"""Why a walk takes as long as it does: its route, its minutes by cause, and a line for the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from planner import units
from planner.errors import StreetsError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.streets.joining import JOIN_LIMIT_M, join_to_streets, segment_lines
from planner.streets.kernel import Arcs, Spots
from planner.streets.network import WalkingNetwork
from planner.streets.pieces import FloatArray, reprojected
from planner.streets.route_search import Stretch, shortest_walk, stretch_minutes
from planner.streets.search_layers import search_layers
from planner.streets.search_points import check_ids, coded, search_arcs
from planner.streets.walking_costs import edge_minutes

CAUSES: Final = ("leg_from_origin", "flat", "leg_to_destination")
"""What the minutes of a walk are spent on, in the order of walking."""


@dataclass(frozen=True)
class Route:
    """One walk from door to door.

    Parameters
    ----------
    origin, destination
        Ids of the two points.
    walk_minutes, metres
        The whole walk, both legs included; the minutes are those of
        :func:`planner.streets.travel_time.travel_times` to the last bit.
    by_cause
        ``metres`` and ``minutes``, indexed by cause (:data:`CAUSES`): the legs at both ends, and
        the streets, taken as flat. They add up to the whole walk.
    pieces
        The street pieces in the order of walking: ``segment``, ``from_fraction`` and
        ``to_fraction`` (of the segment's length from its first node; falling where it is walked
        backward), ``metres``, ``minutes``, and the line in the direction of walking. Without rows
        where the doors stand opposite each other.
    nodes
        Ids of the network's nodes on the way, in order.
    geometry
        The walk as one line from door to door, in the CRS of the network.
    speed_m_s
        Walking speed.
    """

    origin: str
    destination: str
    walk_minutes: float
    metres: float
    by_cause: pd.DataFrame
    pieces: geopandas.GeoDataFrame
    nodes: tuple[str, ...]
    geometry: shapely.LineString
    speed_m_s: float


def _refused(joined: pd.DataFrame, ids: tuple[str, str], join_limit_m: float) -> list[Message]:
    """Return why either point does not join the streets."""
    problems = []
    for name in ids:
        if joined["joined"].loc[name]:
            continue
        leg_m = float(joined["leg_m"].loc[name])
        if np.isnan(leg_m):
            problems.append(message("explaining_walks.without_place", id=name))
        else:
            problems.append(
                message(
                    "explaining_walks.not_joined",
                    id=name,
                    leg_m=leg_m,
                    limit_m=join_limit_m,
                )
            )
    return problems


def _one_row(points: geopandas.GeoDataFrame, table: str) -> geopandas.GeoDataFrame:
    if not isinstance(points, geopandas.GeoDataFrame):
        sentence = f"{table} must be a GeoDataFrame of one point"
        raise TypeError(sentence)
    if len(points) != 1:
        raise StreetsError(
            message("explaining_walks.not_one_point", table=table, count=len(points))
        )
    return points


def route(
    network: WalkingNetwork,
    origin: geopandas.GeoDataFrame,
    destination: geopandas.GeoDataFrame,
    *,
    speed_m_s: float = units.ELDER_SPEED_M_S,
    join_limit_m: float = JOIN_LIMIT_M,
) -> Route:
    """Return the quickest walk between two points, with its pieces and its minutes by cause.

    Parameters
    ----------
    network
        What is walked.
    origin, destination
        Tables of one point each (any CRS), with ids of their own: ``residents.loc[["r17"]]``.
    speed_m_s, join_limit_m
        As for :func:`planner.streets.travel_time.travel_times`, whose minutes these are.

    Returns
    -------
    Route
        Of equally quick walks always the same one.

    Raises
    ------
    StreetsError
        If the speed or a table cannot be used, a point joins no street, or no way leads from the
        one to the other.
    TableError
        If the ids are missing or the same.
    """
    costs = edge_minutes(network, speed_m_s)
    _one_row(origin, "origin")
    _one_row(destination, "destination")
    check_ids(origin, destination)
    joins = [
        join_to_streets(network, points, limit_m=join_limit_m, table=table)
        for points, table in ((origin, "origin"), (destination, "destination"))
    ]
    joined = pd.concat(joins)
    ids = (origin.index[0], destination.index[0])
    problems = _refused(joined, ids, join_limit_m)
    arcs = search_arcs(network, costs, against=False)
    if not problems:
        spots = [coded(one, costs).spots() for one in joins]
        pair = Spots(*(np.concatenate(columns) for columns in zip(*spots, strict=True)))
        minutes, nodes, stretches = shortest_walk(arcs, pair)
        if np.isinf(minutes):
            parts = joined["part"].tolist()
            problems = [
                message("explaining_walks.no_way", origin_part=parts[0], destination_part=parts[1])
            ]
    if problems:
        refusal = message("explaining_walks.refused", origin=ids[0], destination=ids[1])
        raise StreetsError(refusal, problems)
    pieces = _pieces(network, arcs, stretches)
    legs_m = joined["leg_m"].to_numpy(dtype=np.float64)
    by_cause = pd.DataFrame(
        {
            "metres": [legs_m[0], pieces["metres"].sum(), legs_m[1]],
            "minutes": [pair.leg[0], pieces["minutes"].sum(), pair.leg[1]],
        },
        index=pd.Index(CAUSES, name="cause"),
    )
    return Route(
        str(ids[0]),
        str(ids[1]),
        minutes,
        float(by_cause["metres"].sum()),
        by_cause,
        pieces,
        _node_names(network, nodes),
        _door_to_door(network, (origin, destination), joined, pieces),
        speed_m_s,
    )


def _node_names(network: WalkingNetwork, nodes: list[int]) -> tuple[str, ...]:
    """Return the ids of the network's nodes; a gate, passed from one layer to another, once."""
    places = search_layers(network).node[nodes]
    new = np.concatenate([[True], np.diff(places) != 0])[: len(places)]
    return tuple(network.node_ids[places[new]].tolist())


def _pieces(
    network: WalkingNetwork, arcs: Arcs, stretches: list[Stretch]
) -> geopandas.GeoDataFrame:
    """Return the table of street pieces; stretches of no length are left out."""
    walked = [one for one in stretches if one.from_fraction != one.to_fraction]
    columns = Stretch(
        *(np.array(values) for values in zip(*walked, strict=True))
        if walked
        else (np.empty(0),) * 3
    )
    segment = np.asarray(columns.segment, dtype=np.int64)
    part = np.abs(columns.to_fraction - columns.from_fraction)
    lines = segment_lines(network)
    shapes: list[Any] = [
        substring(lines[one.segment], one.from_fraction, one.to_fraction, normalized=True)
        for one in walked
    ]
    return geopandas.GeoDataFrame(
        {
            "segment": segment,
            "from_fraction": columns.from_fraction,
            "to_fraction": columns.to_fraction,
            "metres": part * network.segment_length_m[segment],
            "minutes": np.array([stretch_minutes(arcs, one) for one in walked], dtype=np.float64),
        },
        geometry=shapes,
        crs=network.crs,
    )


def _door_to_door(
    network: WalkingNetwork,
    doors: tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame],
    joined: pd.DataFrame,
    pieces: geopandas.GeoDataFrame,
) -> shapely.LineString:
    """Return legs and pieces as one line, without the repeated points where they meet."""
    ends: list[FloatArray] = []
    for points in doors:
        door = points.geometry.to_numpy()
        if network.crs is not None and points.crs != network.crs:
            door = reprojected(door, points.crs, network.crs)
        ends.append(shapely.get_coordinates(door))
    spots = joined[["easting_m", "northing_m"]].to_numpy(dtype=np.float64)
    streets = [shapely.get_coordinates(line) for line in pieces.geometry]
    line = np.concatenate([ends[0], spots[:1], *streets, spots[1:], ends[1]])
    moved = np.concatenate([[True], np.hypot(*np.diff(line, axis=0).T) > 1e-6])
    if moved.sum() < 2:
        return shapely.LineString(line[[0, -1]])
    return shapely.LineString(line[moved])


def explain_walk(walk: Route, *, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """Return sentences that say what the minutes of a walk are spent on.

    Parameters
    ----------
    walk
        What :func:`route` returned.
    language
        ``"zh"`` or ``"en"``.

    Returns
    -------
    list of str
        The whole walk, then one line for each cause that it has. Minutes are written with two
        decimals, rounded so that the lines add up to the whole.
    """
    fields: dict[str, Any] = {
        "origin": walk.origin,
        "destination": walk.destination,
        "pieces": len(walk.pieces),
        "junctions": len(walk.nodes),
        "speed_m_s": walk.speed_m_s,
    }
    shown = _shown_hundredths(walk.by_cause["minutes"].to_numpy(dtype=np.float64))
    lines = [
        text(
            "explaining_walks.total",
            language,
            metres=walk.metres,
            minutes=f"{shown.sum() / 100:.2f}",
            **fields,
        )
    ]
    causes_m = walk.by_cause["metres"].tolist()
    for cause, hundredths, metres in zip(CAUSES, shown.tolist(), causes_m, strict=True):
        if metres > 0:
            minutes = f"{hundredths / 100:.2f}"
            key = f"explaining_walks.{cause}"
            lines.append(text(key, language, metres=metres, minutes=minutes, **fields))
    return lines


def _shown_hundredths(minutes: FloatArray) -> Any:
    """Return minutes as whole hundredths that add up to the rounded whole.

    By largest remainders (T. Hare, 1859).
    """
    hundredths = minutes * 100.0
    floor = np.floor(hundredths).astype(np.int64)
    missing = round(float(hundredths.sum())) - int(floor.sum())
    order = np.lexsort((np.arange(len(minutes)), floor - hundredths))
    floor[order[:missing]] += 1
    return floor
