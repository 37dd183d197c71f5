"""Why a walk takes as long as it does: its route, its minutes by cause, and a line for the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from planner.errors import StreetsError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.streets.arrays import FloatArray
from planner.streets.joining.joining import (
    BEHIND_BARRIER,
    JOIN_LIMIT_M,
    checked_join_limit,
    join_to_streets,
    segment_lines,
)
from planner.streets.network.pieces import reprojected
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.routes.causes import CAUSES, causes_of, pieces_by_cause, walked_pieces
from planner.streets.routes.search import shortest_walk
from planner.streets.search.layers import search_layers
from planner.streets.search.points import check_ids, coded, search_arcs
from planner.streets.walking.arcs import Spots
from planner.streets.walking.costs import edge_minutes
from planner.streets.walking.walkers import PLAIN, Walker, walker_of


@dataclass(frozen=True)
class Route:
    """One walk from door to door.

    Parameters
    ----------
    origin, destination
        Ids of the two points.
    walk_minutes, metres
        The whole walk, both legs included; the minutes are those of
        :func:`planner.streets.travel_times` to the last bit.
    by_cause
        ``metres`` and ``minutes``, indexed by cause (:data:`planner.streets.routes.causes.CAUSES`).
        They add up to the whole walk; slopes and waits have no metres of their own.
    pieces
        The street pieces in the order of walking: ``segment``, ``from_fraction`` and
        ``to_fraction`` (of the segment's length from its first node; falling where it is walked
        backward), ``metres``, ``ground`` (``flat``, ``steps`` or ``slow_ground``), ``minutes``, of
        them ``slope_minutes``, ``signal_minutes`` and ``crossing_minutes``; ``climb_m``,
        ``fall_m``, ``surface_m`` (its length on the slope; all NaN where heights are not known);
        and the line in the direction of walking. Without rows where the doors stand opposite each
        other.
    nodes
        Ids of the network's nodes on the way, in order.
    geometry
        The walk as one line from door to door, in the CRS of the network.
    walker
        Who walks.
    climb_m, fall_m, surface_m
        Metres up and down along the streets, and their length on the slope, legs apart; None where
        heights are not known.
    """

    origin: str
    destination: str
    walk_minutes: float
    metres: float
    by_cause: pd.DataFrame
    pieces: geopandas.GeoDataFrame
    nodes: tuple[str, ...]
    geometry: shapely.LineString
    walker: Walker
    climb_m: float | None
    fall_m: float | None
    surface_m: float | None

    @property
    def speed_m_s(self) -> float:
        """Walking speed on flat ground."""
        return self.walker.speed_m_s


def _refused(joined: pd.DataFrame, ids: tuple[str, str], join_limit_m: float) -> list[Message]:
    """Return why either point does not join the streets."""
    problems = []
    for name in ids:
        if joined["joined"].loc[name]:
            continue
        leg_m = float(joined["leg_m"].loc[name])
        if np.isnan(leg_m):
            problems.append(message("explaining_walks.without_place", id=name))
        elif np.isinf(leg_m):
            problems.append(message("explaining_walks.no_usable", id=name))
        elif joined["why_not"].loc[name] == BEHIND_BARRIER:
            problems.append(
                message("explaining_walks.behind_barrier", id=name, limit_m=join_limit_m)
            )
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
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    barriers: geopandas.GeoDataFrame | None = None,
) -> Route:
    """Return the quickest walk between two points, with its pieces and its minutes by cause.

    Parameters
    ----------
    network
        What is walked.
    origin, destination
        Tables of one point each (any CRS), with ids of their own: ``residents.loc[["r17"]]``.
    walker, speed_m_s, join_limit_m
        As for :func:`planner.streets.travel_times`, whose minutes these are.
    barriers
        What no leg crosses, as for :func:`planner.streets.join_to_streets`: those that the
        points of a plan were joined with, or the walk explained is another one.

    Returns
    -------
    Route
        Of equally quick walks always the same one.

    Raises
    ------
    StreetsError
        If the walker, the limit or a table cannot be used, a point joins no street, or no way leads
        from the one to the other.
    TableError
        If the ids are missing or the same.
    """
    join_limit_m = checked_join_limit(join_limit_m)
    who = walker_of(walker, speed_m_s)
    costs = edge_minutes(network, who)
    _one_row(origin, "origin")
    _one_row(destination, "destination")
    check_ids(origin, destination)
    joins = [
        join_to_streets(
            network, points, limit_m=join_limit_m, barriers=barriers, walker=who, table=table
        )
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
            problems = [_no_way(parts, who)]
    if problems:
        refusal = message("explaining_walks.refused", origin=ids[0], destination=ids[1])
        raise StreetsError(refusal, problems)
    every = pieces_by_cause(network, who, arcs, stretches)
    by_cause = causes_of(every, joined["leg_m"].tolist(), pair.leg.tolist())
    pieces = _drawn(network, walked_pieces(every))
    return Route(
        str(ids[0]),
        str(ids[1]),
        minutes,
        float(by_cause["metres"].sum()),
        by_cause,
        pieces,
        _node_names(network, nodes),
        _door_to_door(network, (origin, destination), joined, pieces),
        who,
        *_relief(network, pieces),
    )


def _no_way(parts: list[int], who: Walker) -> Message:
    if parts[0] == parts[1]:
        return message("explaining_walks.no_way_for", walker=who.title())
    return message("explaining_walks.no_way", origin_part=parts[0], destination_part=parts[1])


def _relief(network: WalkingNetwork, pieces: pd.DataFrame) -> tuple[float | None, ...]:
    """Return climb, fall and surface length of all pieces; None unless all are known."""
    metres = pieces[["climb_m", "fall_m", "surface_m"]]
    if not len(network.profile_height_m) or metres.isna().to_numpy().any():
        return None, None, None
    return tuple(metres.sum().tolist())


def _node_names(network: WalkingNetwork, nodes: list[int]) -> tuple[str, ...]:
    """Return the ids of the network's nodes; a gate, passed from one layer to another, once."""
    places = search_layers(network).node[nodes]
    new = np.concatenate([[True], np.diff(places) != 0])[: len(places)]
    return tuple(network.node_ids[places[new]].tolist())


def _drawn(network: WalkingNetwork, pieces: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Return the pieces with their lines, in the direction of walking."""
    lines = segment_lines(network)
    places = zip(pieces["segment"], pieces["from_fraction"], pieces["to_fraction"], strict=True)
    shapes: list[Any] = [
        substring(lines[segment], begin, end, normalized=True) for segment, begin, end in places
    ]
    return geopandas.GeoDataFrame(pieces, geometry=shapes, crs=network.crs)


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
        "walker": walk.walker.title(language),
        "climb_m": walk.climb_m or 0.0,
        "fall_m": walk.fall_m or 0.0,
    }
    shown = _shown_hundredths(walk.by_cause["minutes"].to_numpy(dtype=np.float64))
    whole = f"{shown.sum() / 100:.2f}"
    first = "total" if walk.walker.name == PLAIN else "total_by"
    key = f"explaining_walks.{first}"
    lines = [text(key, language, metres=walk.metres, minutes=whole, **fields)]
    causes_m = walk.by_cause["metres"].tolist()
    for cause, hundredths, metres in zip(CAUSES, shown.tolist(), causes_m, strict=True):
        if metres > 0 or hundredths > 0:
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
