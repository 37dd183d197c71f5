"""Where a candidate would have to be, for those whom none reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import SitingError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message
from planner.siting.asking.places import Places, ids_of, plain
from planner.siting.asking.settings import limit_problems
from planner.siting.asking.weights import Weight, weights_of
from planner.siting.beside.zone_places import (
    crowded_pairs,
    far_from,
    on_allowed_ground,
    zone_tables,
)
from planner.siting.covering.questions import fewest_centres
from planner.siting.results import FewestCentres
from planner.tables import listed
from planner.units import within

PROPOSED: Final = "建议点位"
"""Present use of a proposed site in a ledger of candidates: it is a point on a street, no more."""


@dataclass(frozen=True, eq=False)
class Zones:
    """Where new candidates would have to be.

    Parameters
    ----------
    zones
        Index ``zone`` (``proposed-01``, …; the largest weight first, ties by id of the place):
        ``name``, ``weight`` and ``residents`` (of those told under it, each under one zone),
        ``places`` (how many places lie in it: all of them within the limit of everybody told
        under it), ``place`` (of these the one with the least walk in sum), ``mean_minutes`` (the
        walk to it), ``worst_minutes``; geometry: hull of the places.
    members
        Zone of each resident who is in one, index ``resident``.
    places
        ``zone, place``: the places of each zone.
    proposals
        Rows for a ledger of candidates, index ids as in ``zones``: name, candidate_kind
        (:data:`PROPOSED`), to_visit (True: 待踏勘), elders to serve (``weight``), geometry: the
        point. Area, floor, safety, fire permit are unknown: somebody has to go there and look.
    only_barred
        Ids of residents whom only places in barred areas would reach.
    only_too_near
        Ids of residents whom places on allowed ground would reach, all of them nearer to a
        standing centre than the least distance.
    out_of_reach
        Ids of residents within the limit of no place at all.
    crowded
        ``first, second, straight_m``: pairs of proposals that stand nearer to each other than the
        least distance, so that only one of the two may be built.
    fewest
        The proof that no fewer places reach them all; it asks for no distance between them.
    """

    zones: gpd.GeoDataFrame
    members: pd.Series[Any]
    places: pd.DataFrame
    proposals: gpd.GeoDataFrame
    only_barred: tuple[Any, ...]
    only_too_near: tuple[Any, ...]
    out_of_reach: tuple[Any, ...]
    crowded: pd.DataFrame
    fewest: FewestCentres


def zones(
    unreached: Places,
    residents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    times: pd.DataFrame,
    *,
    limit_minutes: float,
    weight: Weight = "elderly_60",
    barred_areas: gpd.GeoDataFrame | None = None,
    standing: gpd.GeoDataFrame | None = None,
    least_distance_m: float | None = None,
    language: Language = DEFAULT_LANGUAGE,
    time_limit_s: float | None = None,
) -> Zones:
    """Return the fewest places from which all whom no candidate reaches could be reached.

    The fewest places are found first (:func:`planner.siting.fewest_centres`). Everybody is told
    under the first of them, in the order of that plan, that is within the limit. Then all places
    are looked for that could stand in for it: those within the limit of everybody told under it
    are its zone, and the one of least walk in sum is proposed.

    No place nearer to a standing centre than the least distance is in a zone. Among the proposals
    it is kept where the zones have places for it, the largest zone first; where they have none,
    nobody is left out for it, and the pairs are told in ``crowded``.

    Parameters
    ----------
    unreached
        Ids of the residents, such as ``plan.unreachable``.
    residents
        Their weights, by id.
    places
        Points where somebody could look for a building, such as street crossings; a metre CRS;
        index: ids as in ``times.destination``.
    times
        Walks from the unreached to the places: origin, destination, walk_minutes.
    limit_minutes, weight, time_limit_s
        As for :func:`planner.siting.fewest_centres`.
    barred_areas
        Polygons in which, and on whose edges, no place is proposed: water, industry, floodland.
    standing
        Centres that stand or are planned: points with a CRS; None for none.
    least_distance_m
        Least distance in a straight line from these, and between proposals; exactly so far is far
        enough. None for no such rule.
    language
        Of the names.

    Returns
    -------
    Zones
        Every unreached resident with weight is in one zone, or in one of ``only_barred``,
        ``only_too_near`` and ``out_of_reach``.

    Raises
    ------
    SitingError
        With every problem of tables and settings.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> corners = gpd.GeoDataFrame(
    ...     index=["p", "q"], geometry=gpd.points_from_xy([0, 9], [0, 0]), crs=32650
    ... )
    >>> walks = pd.DataFrame(
    ...     {"origin": ["a", "b", "b"], "destination": ["p", "p", "q"], "walk_minutes": [9, 15, 4]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50, 7]}, index=["a", "b", "c"])
    >>> found = zones(["a", "b", "c"], residents, corners, walks, limit_minutes=15)
    >>> found.zones[["name", "weight", "place"]].to_dict("index"), found.out_of_reach
    ({'proposed-01': {'name': '建议点位01（待踏勘）', 'weight': 80.0, 'place': 'p'}}, ('c',))
    """
    asking = ids_of(unreached)
    _look_over(asking, residents, places, barred_areas, limit_minutes, least_distance_m)
    people = residents[residents.index.isin(asking)]
    walks = times[times["origin"].isin(asking)]
    dry = on_allowed_ground(places, barred_areas)
    allowed = dry[far_from(places.geometry.loc[dry], standing, least_distance_m)]
    fewest = fewest_centres(
        walks,
        people,
        allowed,
        limit_minutes=limit_minutes,
        weight=weight,
        time_limit_s=time_limit_s,
    )
    minutes = walks["walk_minutes"].to_numpy(dtype=float, na_value=np.nan)
    near = walks[within(minutes, limit_minutes)].astype({"origin": object, "destination": object})
    near = near[near["destination"].isin(places.index)]
    by_dry = pd.Index(near.loc[near["destination"].isin(dry), "origin"])
    by_any = pd.Index(near["origin"])
    near = near[near["destination"].isin(allowed)]
    weights = pd.Series(weights_of(people, weight), index=plain(people.index))
    member_of = _told_under(near, fewest, weights)
    table, members, inside = zone_tables(
        near, member_of, weights, places.geometry, least_distance_m, language
    )
    unserved = pd.Index(fewest.unreachable, dtype=object)
    on_ground, somewhere = unserved.isin(by_dry), unserved.isin(by_any)
    shapes = [
        shapely.MultiPoint(shapely.get_coordinates(places.geometry.loc[ids].array)).convex_hull
        for ids in (inside.loc[inside["zone"] == zone, "place"] for zone in table.index)
    ]
    drawn = gpd.GeoDataFrame(table, geometry=shapes, crs=places.crs)
    proposals = _proposals(table, places)
    return Zones(
        zones=drawn,
        members=members,
        places=inside,
        proposals=proposals,
        only_barred=tuple(unserved[somewhere & ~on_ground]),
        only_too_near=tuple(unserved[on_ground]),
        out_of_reach=tuple(unserved[~somewhere]),
        crowded=crowded_pairs(proposals, least_distance_m),
        fewest=fewest,
    )


def _look_over(
    asking: pd.Index[Any],
    residents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    barred_areas: gpd.GeoDataFrame | None,
    limit_minutes: float,
    least_distance_m: float | None,
) -> None:
    problems: list[Message] = limit_problems(limit_minutes)
    if least_distance_m is not None:
        problems += limit_problems(least_distance_m, "least_distance_m")
    strangers = asking[~asking.isin(residents.index)]
    if len(strangers):
        problems.append(message("siting_beside.residents_missing", ids=listed(strangers)))
    for name, table in (("places", places), ("barred_areas", barred_areas)):
        if table is not None and (table.crs is None or not table.crs.is_projected):
            problems.append(message("siting.no_metres", table=name))
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _told_under(
    near: pd.DataFrame, fewest: FewestCentres, weights: pd.Series[Any]
) -> pd.Series[Any]:
    """Return the place of the fewest under which each resident with weight is told."""
    rank = {place: number for number, place in enumerate(fewest.chosen)}
    theirs = near[near["destination"].isin(fewest.chosen)]
    theirs = theirs[theirs["origin"].isin(weights.index[weights > 0])]
    numbers = theirs["destination"].map(rank).groupby(theirs["origin"].to_numpy()).min()
    names = np.array([*fewest.chosen, None], dtype=object)
    return pd.Series(names[numbers.to_numpy(dtype=np.int64)], index=numbers.index, dtype=object)


def _proposals(table: pd.DataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": table["name"],
            "candidate_kind": pd.Series(PROPOSED, index=table.index, dtype=object),
            "to_visit": pd.Series(True, index=table.index, dtype=bool),
            "weight": table["weight"],
        },
        geometry=places.geometry.loc[table["place"]].to_list(),
        crs=places.crs,
    ).rename_axis("candidate")
