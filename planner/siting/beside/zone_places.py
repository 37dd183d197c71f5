"""Places where a candidate may be proposed, and the one that is proposed of each zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import Language, text
from planner.siting.asking.distances import too_near
from planner.siting.asking.places import in_order, plain
from planner.units import BoolArray, FloatArray

FAR_ENOUGH = 1.0 - 1e-9
"""Exactly so far as the least distance is far enough, whatever the last digits say."""

PAIR_COLUMNS = ("first", "second", "straight_m")

ZONE_COLUMNS = ("name", "weight", "residents", "places", "mean_minutes", "worst_minutes", "place")


def on_allowed_ground(
    places: gpd.GeoDataFrame, barred_areas: gpd.GeoDataFrame | None
) -> pd.Index[Any]:
    """Return the ids of the places that lie neither in a barred area nor on its edge."""
    ids = plain(places.index)
    if barred_areas is None or barred_areas.empty:
        return ids
    ground = shapely.union_all(barred_areas.to_crs(places.crs).geometry.array)
    shapely.prepare(ground)
    allowed: pd.Index[Any] = ids[~shapely.intersects(ground, places.geometry.array)]
    return allowed


def far_from(
    points: gpd.GeoSeries, standing: gpd.GeoDataFrame | None, least_m: float | None
) -> BoolArray:
    """Tell which points are at least so far from every centre that stands."""
    far = np.ones(len(points), dtype=np.bool_)
    if not least_m or standing is None or standing.empty or points.empty:
        return far
    there = standing.to_crs(points.crs).geometry.to_numpy()
    _, apart_m = shapely.STRtree(there).query_nearest(
        points.to_numpy(), return_distance=True, all_matches=False
    )
    far &= apart_m >= least_m * FAR_ENOUGH
    return far


def crowded_pairs(proposals: gpd.GeoDataFrame, least_m: float | None) -> pd.DataFrame:
    """Return the pairs of proposals that stand nearer to each other than the least distance."""
    if not least_m or len(proposals) < 2:
        return pd.DataFrame(columns=list(PAIR_COLUMNS))
    return too_near(gpd.GeoDataFrame(proposals), least_distance_m=least_m)


@dataclass(frozen=True)
class Zone:
    """The places from which some residents can all be reached.

    Parameters
    ----------
    ids
        Of the places, in order.
    sums, worst
        By place: weight × minutes that the residents walk to it, and the longest walk.
    residents
        Ids, in order.
    weight
        Of the residents.
    """

    ids: pd.Index[Any]
    sums: FloatArray
    worst: FloatArray
    residents: pd.Index[Any]
    weight: float

    @property
    def best(self) -> Any:
        """The place of the least walk in sum, the first of equal ones."""
        return self.ids[int(np.argmin(self.sums))]


def zone_tables(
    near: pd.DataFrame,
    member_of: pd.Series[Any],
    weights: pd.Series[Any],
    points: gpd.GeoSeries,
    least_m: float | None,
    language: Language,
) -> tuple[pd.DataFrame, pd.Series[Any], pd.DataFrame]:
    """Return the table of zones, the zone of each resident, and the places of each zone.

    Parameters
    ----------
    near
        Walks within the limit to the places that may be proposed.
    member_of
        By resident the place of the plan under which they are told.
    weights
        By resident.
    points
        Where the places are.
    least_m
        Least distance between proposals, as far as the zones have places for it.
    language
        Of the names.
    """
    pairs = dict(iter(near.groupby(near["origin"].map(member_of).to_numpy(dtype=object))))
    found = [
        _zone(pairs[place], members.index, weights)
        for place, members in member_of.groupby(member_of)
    ]
    # Largest first; the place decides between equals.
    ordered = in_order(pd.Index([zone.best for zone in found], dtype=object).infer_objects())
    rank = {place: number for number, place in enumerate(ordered)}
    found.sort(key=lambda zone: (-zone.weight, rank[zone.best]))
    rows: dict[str, dict[str, Any]] = {}
    zone_of: dict[Any, str] = {}
    inside: list[tuple[str, Any]] = []
    for number, (zone, at) in enumerate(
        zip(found, _spread(found, points, least_m), strict=True), start=1
    ):
        key = f"proposed-{number:02d}"
        name = text("siting_beside.proposed_name", language, number=f"{number:02d}")
        rows[key] = {
            "name": name,
            "weight": zone.weight,
            "residents": len(zone.residents),
            "places": len(zone.ids),
            "mean_minutes": float(zone.sums[at]) / zone.weight,
            "worst_minutes": float(zone.worst[at]),
            "place": zone.ids[at],
        }
        zone_of |= dict.fromkeys(zone.residents.tolist(), key)
        inside += [(key, one) for one in zone.ids.tolist()]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(ZONE_COLUMNS))
    index: pd.Index[Any] = pd.Index(list(zone_of), dtype=None if zone_of else object)
    told = pd.Series(list(zone_of.values()), index=index, dtype=object, name="zone")
    told = told.rename_axis("resident")
    places = pd.DataFrame(inside, columns=["zone", "place"])
    return table.rename_axis("zone"), told, places


def _zone(pairs: pd.DataFrame, members: pd.Index[Any], weights: pd.Series[Any]) -> Zone:
    pairs = pairs.assign(walk=pairs["walk_minutes"] * weights.loc[pairs["origin"]].to_numpy())
    by_place = pairs.groupby("destination")
    whole = by_place["origin"].count() == len(members)
    ids = in_order(plain(pd.Index(whole.index[whole], dtype=object)).infer_objects())
    return Zone(
        ids=ids,
        sums=by_place["walk"].sum().loc[ids].round(9).to_numpy(dtype=float),
        worst=by_place["walk_minutes"].max().loc[ids].to_numpy(dtype=float),
        residents=in_order(members),
        weight=float(weights.loc[members].sum()),
    )


def _spread(found: Sequence[Zone], points: gpd.GeoSeries, least_m: float | None) -> list[int]:
    """Return which place of each zone is proposed: far enough from those before it if it can be."""
    picked: list[int] = []
    at = np.empty((0, 2))
    for zone in found:
        order = np.argsort(zone.sums, kind="stable")
        places = shapely.get_coordinates(points.loc[zone.ids].array)[order]
        choice = 0
        if least_m and len(at):
            apart_m = np.hypot(*(places[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
            far = (apart_m >= least_m * FAR_ENOUGH).all(axis=1)
            choice = int(np.argmax(far)) if far.any() else 0
        picked.append(int(order[choice]))
        at = np.vstack([at, places[choice]])
    return picked
