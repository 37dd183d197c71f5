"""What a place on the map is to the streets: where its door joins them, and what lies in reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely

from planner import units
from planner.errors import StreetsError
from planner.labels import DEFAULT_LANGUAGE, Language, message, text
from planner.streets.catchment.catchments import CATCHMENT_MINUTES
from planner.streets.joining.joining import JOIN_LIMIT_M, checked_join_limit, join_to_streets
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.pieces import reprojected
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.routes.reach import reached_m
from planner.streets.search.points import coded
from planner.streets.walking.costs import edge_minutes
from planner.streets.walking.walkers import Walker, walker_of

NEARER_M: Final = 1.0
"""A street nearer than the one joined by less than this is not worth a sentence."""


@dataclass(frozen=True)
class Place:
    """One place, and what it is to the streets.

    Parameters
    ----------
    id
        Id of the place.
    walker
        Who walks.
    facts
        What was found, by name: those of :func:`planner.streets.join_to_streets`
        (``segment``, ``fraction``, ``leg_m``, ``joined``, ``part``, ``nearest_m``, ``why_not``),
        ``limit_m`` of the join, and, where it is joined: ``leg_minutes``, ``part_share`` (of all
        street length), the segment's ``length_m``, ``forward_minutes`` and ``backward_minutes``
        (infinite where feet may not go), ``steps``, ``private``, ``main_road``, ``off_ground``,
        ``slow_ground``.
    reach
        ``limit_minutes`` and ``street_m``, the metres of street within that many minutes of the
        place, both its leg and the walk there counted; no rows where it is not joined.
    leg
        Line from the place to the street, in the network's CRS; None where it is not joined.
    """

    id: str
    walker: Walker
    facts: dict[str, Any]
    reach: pd.DataFrame
    leg: shapely.LineString | None

    def text(self, language: Language = DEFAULT_LANGUAGE) -> list[str]:
        """Return what there is to say of the place, a sentence each."""
        facts = {"id": self.id, **self.facts}
        if not facts["joined"]:
            why = "no_usable" if np.isinf(facts["nearest_m"]) else facts["why_not"]
            return [text(f"explaining_places.not_joined_{why}", language, **facts)]
        share = f"{facts['part_share']:.1%}"
        which = "main" if facts["part"] == 0 else "stray"
        main = text(f"explaining_places.{which}", language, share=share)
        shown = facts | {"leg_minutes": f"{facts['leg_minutes']:.1f}", "main": main}
        lines = [text("explaining_places.joined", language, **shown)]
        if facts["nearest_m"] < facts["leg_m"] - NEARER_M:
            lines.append(text("explaining_places.nearer", language, **facts))
        lines.append(self._street(language))
        reach = self.reach[["limit_minutes", "street_m"]].to_numpy(dtype=np.float64).tolist()
        lines += [
            text(
                "explaining_places.reach",
                language,
                minutes=minutes,
                kilometres=f"{street_m / 1000:.1f}",
            )
            for minutes, street_m in reach
        ]
        return lines

    def _street(self, language: Language) -> str:
        names = ("steps", "private", "main_road", "off_ground", "slow_ground")
        traits = [text(f"explaining_places.{name}", language) for name in names if self.facts[name]]
        stop = "；" if language == "zh" else "; "
        shown = {
            name: _shown(self.facts[name], language)
            for name in ("forward_minutes", "backward_minutes")
        }
        return text(
            "explaining_places.street",
            language,
            length_m=self.facts["length_m"],
            traits="".join(f"{stop}{trait}" for trait in traits),
            **shown,
        )


def _shown(minutes: float, language: Language) -> str:
    return f"{minutes:.1f}" if np.isfinite(minutes) else text("explaining_places.closed", language)


def _one_point(network: WalkingNetwork, point: Any) -> geopandas.GeoDataFrame:
    """Return the point as a table of one row; a bare Point is in the network's CRS."""
    if isinstance(point, shapely.Point):
        return geopandas.GeoDataFrame(index=["point"], geometry=[point], crs=network.crs)
    if not isinstance(point, geopandas.GeoDataFrame):
        sentence = "point must be a shapely Point in the network's CRS, or a GeoDataFrame of one"
        raise TypeError(sentence)
    if len(point) != 1:
        raise StreetsError(message("explaining_places.not_one_point", count=len(point)))
    return point


def explain_place(
    network: WalkingNetwork,
    point: Any,
    *,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
    barriers: geopandas.GeoDataFrame | None = None,
) -> Place:
    """Explain what a place is to the streets: its join, its street, and what lies in reach.

    Parameters
    ----------
    network
        The streets.
    point
        Table of one point in any CRS (``residents.loc[["r17"]]``), or a shapely Point in the
        network's CRS.
    walker, speed_m_s
        Who walks, as for :func:`planner.streets.travel_times`.
    join_limit_m, barriers
        As for :func:`planner.streets.join_to_streets`.

    Returns
    -------
    Place
        With sentences (``.text("zh")``), facts, a table of reach, and a line for the map.

    Raises
    ------
    StreetsError
        If the walker, the limit or the barriers cannot be used, or there is not one point.
    """
    join_limit_m = checked_join_limit(join_limit_m)
    who = walker_of(walker, speed_m_s)
    table = _one_point(network, point)
    joined = join_to_streets(network, table, limit_m=join_limit_m, barriers=barriers, walker=who)
    facts: dict[str, Any] = {str(key): value for key, value in joined.iloc[0].items()}
    facts["limit_m"] = join_limit_m
    name = str(table.index[0])
    if not facts["joined"]:
        nothing = pd.DataFrame({"limit_minutes": np.empty(0), "street_m": np.empty(0)})
        return Place(name, who, facts, nothing, None)
    costs = edge_minutes(network, who)
    segment = int(facts["segment"])
    length_m = network.segment_length_m
    door_spot = coded(joined, costs)
    facts |= {
        "leg_minutes": float(door_spot.leg_minutes[0]),
        "part_share": float(length_m[network.segment_part == facts["part"]].sum() / length_m.sum()),
        "length_m": float(length_m[segment]),
        "forward_minutes": float(costs.forward[segment]),
        "backward_minutes": float(costs.backward[segment]),
        "steps": bool(network.segment_steps[segment]),
        "private": bool(network.segment_estate[segment] != EVERYBODY),
        "main_road": bool(network.segment_main_road[segment] > 0),
        "off_ground": bool(network.segment_off_ground[segment]),
        "slow_ground": bool(network.segment_pace[segment] > 1),
    }
    limits = np.array(CATCHMENT_MINUTES)
    within_m = reached_m(network, costs, door_spot.spots(), limits + units.TOLERANCE_MINUTES)
    reach = pd.DataFrame({"limit_minutes": limits, "street_m": within_m})
    door = table.geometry.to_numpy()
    if network.crs is not None and table.crs != network.crs:
        door = reprojected(door, table.crs, network.crs)
    spot = (facts["easting_m"], facts["northing_m"])
    leg = shapely.LineString([shapely.get_coordinates(door)[0], spot])
    return Place(name, who, facts, reach, leg)
