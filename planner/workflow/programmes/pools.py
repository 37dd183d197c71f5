"""Pools of estates' rooms (配建归集) as places where a programme can open a centre.

Pools are those proposed from the estates' ledger (:mod:`planner.workflow.standards.estates`): no
estate is in two of them. Rooms that stand in the candidates' ledger as well are the same rooms: a
programme uses them once.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.standards.estates.steps import DONE, period
from planner.tables import LIST_MARK
from planner.workflow.standards.estates import FoundEstates

POOL_MARK: Final = "归集·"
"""Before the id of an estate that a place of another ledger has, too."""

FROM_ESTATES: Final = ("移交", "归集")
"""Ways to obtain a candidate that may be an estate's own rooms."""

SAME_ROOMS_M: Final = 50.0
"""Air line, itself within: candidates to be handed over or pooled that lie no farther from an
estate of a pool are taken for its rooms. Half a block: an estate is often told by one point in it,
and to use rooms twice is worse than to use them once."""


@dataclass(frozen=True, eq=False)
class PooledRooms:
    """Proposed pools, as sites.

    Parameters
    ----------
    sites
        By site id: ``name, street, community`` of the estate whose place it is, ``members`` (names
        of the estates pooled, a tuple), ``owed_m2`` (of the rooms, those not handed over yet), and
        the point.
    rooms
        By site id, as :func:`planner.siting.programmes.menu.measures_of` takes them: ``area_m2``,
        ``to_visit``, ``opens_year`` (of the latest hand-over expected; NaN where none is told),
        ``same_as`` (ids of the candidates that are the same rooms).
    """

    sites: gpd.GeoDataFrame
    rooms: pd.DataFrame


def pooled_rooms(
    found: FoundEstates | None,
    estates: gpd.GeoDataFrame | None,
    candidates: gpd.GeoDataFrame,
    taken: Collection[Any],
) -> PooledRooms | None:
    """Return the pools of a plan's estates as sites; ``None`` where there are none.

    All are to be visited: the estates' ledger tells neither structural safety nor fire permits.

    Parameters
    ----------
    found
        What was found of the estates.
    estates
        Their ledger.
    candidates
        The candidates' ledger.
    taken
        Ids that no site may have: those of residents, centres and candidates.
    """
    if found is None or estates is None or found.pools.pools.empty:
        return None
    pools = found.pools.pools
    ledger = estates.set_axis(pd.Index([str(one) for one in estates.index], dtype=object))
    hosts = [str(one) for one in pools["place"]]
    members = [str(many).split(LIST_MARK) for many in pools["estates"]]
    ids = pd.Index([_free(one, taken) for one in hosts], dtype=object, name="site")
    known = pd.DataFrame(ledger.reindex(columns=["name", "street", "community"])).loc[hosts]
    points = gpd.GeoSeries(ledger.geometry.loc[hosts].representative_point(), crs=estates.crs)
    names = ledger["name"].astype(object).where(ledger["name"].notna(), ledger.index)
    sites = gpd.GeoDataFrame(
        known.astype(object)
        .assign(
            name=names.loc[hosts],
            members=pd.Series(
                [tuple(str(names[one]) for one in many) for many in members],
                index=known.index,
                dtype=object,
            ),
            owed_m2=pools["owed_m2"].to_numpy(dtype=float),
        )
        .set_axis(ids, axis="index"),
        geometry=points.to_crs(candidates.crs).to_numpy(),
        crs=candidates.crs,
    )
    own = found.pools.estates["rooms_from"]
    rooms = pd.DataFrame(
        {
            "area_m2": pools["rooms_m2"].to_numpy(dtype=float),
            "to_visit": True,
            "opens_year": [_opens(ledger.loc[many], own) for many in members],
            "same_as": pd.Series(
                [_same(ledger.loc[many], candidates) for many in members], index=ids, dtype=object
            ),
        },
        index=ids,
    )
    return PooledRooms(sites, rooms)


def _free(estate: str, taken: Collection[Any]) -> str:
    """Return the id of a pool's site: the estate's own, marked until nothing else has it."""
    while estate in taken:
        estate = f"{POOL_MARK}{estate}"
    return estate


def _opens(members: pd.DataFrame, rooms_from: pd.Series) -> float:
    """Return the year by which the last of the owed rooms is expected; NaN where none is told."""
    told = members.reindex(columns=["handed_over", "handed_over_on"]).astype(object)
    expected = told[(rooms_from.reindex(told.index) == "owed") & (told["handed_over"] != DONE)]
    dates = [period(one) for one in expected["handed_over_on"]]
    return max((float(one.last.year) for one in dates if one is not None), default=math.nan)


def _same(members: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the candidates that are rooms of these estates, as far as name or place tells."""
    words = candidates.reindex(columns=["acquisition", "name"]).fillna("").astype(str)
    could = candidates[words["acquisition"].isin(FROM_ESTATES).to_numpy()]
    called = [str(one) for one in members["name"].dropna() if str(one)]
    areas = members.geometry.to_crs(candidates.crs)
    near = could.geometry.map(lambda spot: bool((areas.distance(spot) <= SAME_ROOMS_M).any()))
    named = words.loc[could.index, "name"].map(lambda name: any(one in name for one in called))
    return tuple(sorted(str(one) for one in could.index[near.astype(bool) | named.astype(bool)]))
