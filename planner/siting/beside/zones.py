"""Where a candidate would have to be, for those whom none reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.errors import SitingError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.siting.asking.places import Places, ids_of, in_order, plain
from planner.siting.asking.settings import limit_problems
from planner.siting.asking.weights import Weight, weights_of
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
    out_of_reach
        Ids of residents within the limit of no place at all.
    fewest
        The proof that no fewer places reach them all.
    """

    zones: gpd.GeoDataFrame
    members: pd.Series[Any]
    places: pd.DataFrame
    proposals: gpd.GeoDataFrame
    only_barred: tuple[Any, ...]
    out_of_reach: tuple[Any, ...]
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
    language: Language = DEFAULT_LANGUAGE,
    time_limit_s: float | None = None,
) -> Zones:
    """Return the fewest places from which all whom no candidate reaches could be reached.

    The fewest places are found first (:func:`planner.siting.fewest_centres`). Everybody is told
    under the first of them, in the order of that plan, that is within the limit. Then all places
    are looked for that could stand in for it: those within the limit of everybody told under it
    are its zone.

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
    language
        Of the names.

    Returns
    -------
    Zones
        Every unreached resident with weight is in one zone, or in ``only_barred``, or in
        ``out_of_reach``.

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
    _look_over(asking, residents, places, barred_areas, limit_minutes)
    people = residents[residents.index.isin(asking)]
    walks = times[times["origin"].isin(asking)]
    allowed = _allowed(places, barred_areas)
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
    barred = near[near["destination"].isin(places.index.difference(allowed))]
    near = near[near["destination"].isin(allowed)]
    weights = pd.Series(weights_of(people, weight), index=plain(people.index))
    member_of = _told_under(near, fewest, weights)
    table, members, inside = _zones(near, member_of, weights, language)
    unserved = pd.Index(fewest.unreachable, dtype=object)
    only_barred = unserved.isin(barred["origin"])
    shapes = [
        shapely.MultiPoint(shapely.get_coordinates(places.geometry.loc[ids].array)).convex_hull
        for ids in (inside.loc[inside["zone"] == zone, "place"] for zone in table.index)
    ]
    drawn = gpd.GeoDataFrame(table, geometry=shapes, crs=places.crs)
    return Zones(
        zones=drawn,
        members=members,
        places=inside,
        proposals=_proposals(table, places),
        only_barred=tuple(unserved[only_barred]),
        out_of_reach=tuple(unserved[~only_barred]),
        fewest=fewest,
    )


def _look_over(
    asking: pd.Index[Any],
    residents: pd.DataFrame,
    places: gpd.GeoDataFrame,
    barred_areas: gpd.GeoDataFrame | None,
    limit_minutes: float,
) -> None:
    problems: list[Message] = limit_problems(limit_minutes)
    strangers = asking[~asking.isin(residents.index)]
    if len(strangers):
        problems.append(message("siting_beside.residents_missing", ids=listed(strangers)))
    for name, table in (("places", places), ("barred_areas", barred_areas)):
        if table is not None and (table.crs is None or not table.crs.is_projected):
            problems.append(message("siting.no_metres", table=name))
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _allowed(places: gpd.GeoDataFrame, barred_areas: gpd.GeoDataFrame | None) -> pd.Index[Any]:
    ids = plain(places.index)
    if barred_areas is None or barred_areas.empty:
        return ids
    ground = shapely.union_all(barred_areas.to_crs(places.crs).geometry.array)
    shapely.prepare(ground)
    allowed: pd.Index[Any] = ids[~shapely.intersects(ground, places.geometry.array)]
    return allowed


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


def _zones(
    near: pd.DataFrame, member_of: pd.Series[Any], weights: pd.Series[Any], language: Language
) -> tuple[pd.DataFrame, pd.Series[Any], pd.DataFrame]:
    """Return the table of zones, the zone of each resident, and the places of each zone."""
    pairs = dict(iter(near.groupby(near["origin"].map(member_of).to_numpy(dtype=object))))
    found = [
        _zone(pairs[place], members.index, weights)
        for place, members in member_of.groupby(member_of)
    ]
    # Largest first; the place decides between equals.
    rank = {place: number for number, place in enumerate(in_order(pd.Index([z[0] for z in found])))}
    found.sort(key=lambda zone: (-zone[1]["weight"], rank[zone[0]]))
    rows: dict[str, dict[str, Any]] = {}
    zone_of: dict[Any, str] = {}
    inside: list[tuple[str, Any]] = []
    for number, (place, facts, ids, residents) in enumerate(found, start=1):
        zone = f"proposed-{number:02d}"
        name = text("siting_beside.proposed_name", language, number=f"{number:02d}")
        rows[zone] = {"name": name, **facts, "place": place}
        zone_of |= dict.fromkeys(residents, zone)
        inside += [(zone, one) for one in ids]
    columns = ["name", "weight", "residents", "places", "mean_minutes", "worst_minutes", "place"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("zone")
    index: pd.Index[Any] = pd.Index(list(zone_of), dtype=None if zone_of else object)
    told = pd.Series(list(zone_of.values()), index=index, dtype=object, name="zone")
    told = told.rename_axis("resident")
    return table, told, pd.DataFrame(inside, columns=["zone", "place"])


def _zone(
    pairs: pd.DataFrame, members: pd.Index[Any], weights: pd.Series[Any]
) -> tuple[Any, dict[str, float], list[Any], list[Any]]:
    """Return the best place of a zone, what is told of it, its places, and its residents."""
    pairs = pairs.assign(walk=pairs["walk_minutes"] * weights.loc[pairs["origin"]].to_numpy())
    by_place = pairs.groupby("destination")
    whole = by_place["origin"].count() == len(members)
    ids = in_order(plain(pd.Index(whole.index[whole], dtype=object)).infer_objects())
    sums = by_place["walk"].sum().loc[ids].round(9)
    best = ids[int(np.argmin(sums.to_numpy()))]
    walks = pairs.loc[pairs["destination"] == best, "walk_minutes"]
    held = float(weights.loc[members].sum())
    facts = {
        "weight": held,
        "residents": len(members),
        "places": len(ids),
        "mean_minutes": float(sums.loc[best]) / held,
        "worst_minutes": float(walks.max()),
    }
    return best, facts, ids.tolist(), in_order(members).tolist()


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
