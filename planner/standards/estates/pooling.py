"""Small care rooms of neighbouring estates gathered into one centre (慈溪: 小区配建用房集中设置).

慈溪市民政局, 2023-06-29: small 配建 rooms near many elders may be pooled into one service centre.
Proposed pools are a choice between places that already exist: no estate's elders are sent farther
than the limit, no pool is smaller than a centre may be, and none is proposed that gains nothing
(:data:`planner.standards.estates.pool_tables.GAINS`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.errors import TableError
from planner.labels import Message, message
from planner.standards.estates.pool_tables import pool_table, pooled_states
from planner.standards.estates.pooling_model import Chosen, PoolingProblem, choose_pools
from planner.tables import listed


@dataclass(frozen=True, eq=False)
class Pools:
    """Proposed pools.

    Parameters
    ----------
    pools
        One row a pool, the greatest gain first (ties by place), index 1, 2, …. ``place``; ``host``
        (the estate whose own place it is, missing for others); ``estates`` (ids, joined by 、) and
        ``estate_count``; ``rooms_m2``, of it ``delivered_m2`` and ``owed_m2``;
        ``elderly_60_reached`` (all elders within the limit of the place); ``elderly_60_new`` (of
        those, whom no centre reaches today and no pool before it: each elder once); ``gain``
        (:data:`planner.standards.estates.pool_tables.GAINS`); ``walk_minutes_longest`` (of its
        estates' elders).
    estates
        One row an estate, by id: ``rooms_m2``, ``rooms_from`` (:data:`ROOMS_FROM`), ``state``
        (:data:`ROOM_STATES`), ``pool`` (number, missing unless pooled), ``walk_minutes``.
    elderly_60_new, rooms_m2
        Elders newly within the limit of a centre, each once; m² gathered.
    bound
        No choice of pools brings more elders newly within the limit.
    status
        The solver's ending; ``optimal`` is a proof for all three aims.
    least_m2, limit_minutes
        Least area of a centre; the limit.
    """

    pools: pd.DataFrame
    estates: pd.DataFrame
    elderly_60_new: float
    rooms_m2: float
    bound: float
    status: str
    least_m2: float
    limit_minutes: float


def propose_pools(
    rooms: pd.DataFrame,
    walks: pd.DataFrame,
    times: pd.DataFrame,
    residents: pd.DataFrame,
    *,
    hosts: pd.Series,
    limit_minutes: float,
    least_m2: float,
    without_centre: pd.Series | None = None,
    time_limit_s: float | None = None,
) -> Pools:
    """Propose which estates' small rooms to gather, and where.

    Parameters
    ----------
    rooms
        What :func:`small_rooms` returned.
    walks
        What :func:`farthest_walks` returned: who can join where.
    times
        Walks from resident rows to places; columns origin, destination, walk_minutes.
    residents
        By id: ``elderly_60``, and ``covered`` (whether an operating centre is within the limit
        today).
    hosts
        Estate by place: whose own place it is, missing for places of nobody. A pool at an estate's
        own place takes in that estate's rooms.
    limit_minutes, least_m2
        The limit, and the least area of a centre.
    without_centre
        By place: whether no operating centre is within the limit of it, so that a pool is a gain
        though nobody lives there yet. Without it only elders newly within reach are one.
    time_limit_s
        Seconds for each aim of the model (:mod:`planner.standards.estates.pooling_model`).

    Returns
    -------
    Pools
        The order of rows never matters; of equally good choices the same one is returned.

    Raises
    ------
    TableError
        If the tables do not fit each other, or a setting is out of bounds.
    SolverError
        If the solver breaks down.
    """
    _refuse(rooms, walks, times, residents, hosts, limit_minutes, least_m2)
    joinable = _joinable(rooms, walks, hosts, limit_minutes, least_m2)
    reach = _reach(times, residents, limit_minutes)
    bare = pd.Series(False, index=hosts.index) if without_centre is None else without_centre
    problem, estates, places = _problem(rooms, joinable, reach, residents, hosts, least_m2, bare)
    chosen = choose_pools(problem, time_limit_s=time_limit_s) if problem.pairs else _NOTHING
    pairs = pd.DataFrame(
        {
            "estate": estates[problem.pair_estate[chosen.pairs]],
            "place": places[problem.pair_place[chosen.pairs]],
            "walk_minutes": problem.pair_minutes[chosen.pairs],
        }
    )
    table = pool_table(pairs, rooms, reach, residents, hosts)
    return Pools(
        pools=table,
        estates=pooled_states(rooms, pairs, table, joinable),
        elderly_60_new=float(table["elderly_60_new"].sum()),
        rooms_m2=float(table["rooms_m2"].sum()),
        bound=chosen.bound,
        status=chosen.status,
        least_m2=float(least_m2),
        limit_minutes=float(limit_minutes),
    )


_NOTHING: Final = Chosen(np.empty(0, dtype=np.int64), 0.0, "optimal")


def _refuse(
    rooms: pd.DataFrame,
    walks: pd.DataFrame,
    times: pd.DataFrame,
    residents: pd.DataFrame,
    hosts: pd.Series,
    limit_minutes: float,
    least_m2: float,
) -> None:
    problems: list[Message] = [
        message("estates.not_positive", setting=name, value=value)
        for name, value in (("limit_minutes", limit_minutes), ("least_m2", least_m2))
        if not (units.is_number(value) and 0 < value < math.inf)
    ]
    known = (
        ("estates", walks["estate"], rooms.index),
        ("places", walks["place"], hosts.index),
        ("places", times["destination"], hosts.index),
        ("residents", times["origin"], residents.index),
        ("estates", hosts.dropna(), rooms.index),
    )
    for table, ids, there in known:
        strange = pd.Index(ids.astype(object).unique()).difference(there.astype(object))
        if len(strange):
            problems.append(message("estates.id_unknown", table=table, ids=listed(strange)))
    for frame, keys in ((walks, ["estate", "place"]), (times, ["origin", "destination"])):
        twice = frame.duplicated(keys)
        if twice.any():
            pairs = frame.loc[twice, keys].astype(str).agg(" → ".join, axis="columns")
            problems.append(message("estates.pair_twice", pairs=listed(pairs)))
    if problems:
        raise TableError(message("estates.refused"), problems)


def _joinable(
    rooms: pd.DataFrame,
    walks: pd.DataFrame,
    hosts: pd.Series,
    limit_minutes: float,
    least_m2: float,
) -> pd.DataFrame:
    """Return who could join where: places whose host can come, and that gather enough."""
    asks = rooms.index[rooms["state"] == "not_pooled"]
    near = walks[units.within(walks["walk_minutes"].to_numpy(dtype=float), limit_minutes)]
    near = near[near["estate"].isin(asks)].sort_values(["place", "estate"], ignore_index=True)
    host = near["place"].map(hosts)
    own_comes = near.loc[host == near["estate"], "place"]
    near = near[host.isna() | near["place"].isin(own_comes)]
    gathered = near["estate"].map(rooms["rooms_m2"]).astype(float).groupby(near["place"]).sum()
    enough = gathered.index[gathered >= least_m2 * (1.0 - units.ROUNDING)]
    return near[near["place"].isin(enough)].reset_index(drop=True)


def _reach(times: pd.DataFrame, residents: pd.DataFrame, limit_minutes: float) -> pd.DataFrame:
    """Return the residents' walks within the limit: columns resident, place."""
    near = units.within(times["walk_minutes"].to_numpy(dtype=float), limit_minutes)
    pairs = times.loc[near, ["origin", "destination"]].astype(object)
    pairs = pairs.set_axis(["resident", "place"], axis="columns")
    elders = residents["elderly_60"].fillna(0.0)
    return pairs[pairs["resident"].map(elders) > 0].sort_values(
        ["resident", "place"], ignore_index=True
    )


def _problem(
    rooms: pd.DataFrame,
    joinable: pd.DataFrame,
    reach: pd.DataFrame,
    residents: pd.DataFrame,
    hosts: pd.Series,
    least_m2: float,
    bare: pd.Series,
) -> tuple[PoolingProblem, np.ndarray, np.ndarray]:
    """Return the question in numbers, with the ids of its estates and places."""
    estates = np.array(sorted(joinable["estate"].unique()), dtype=object)
    places = np.array(sorted(joinable["place"].unique()), dtype=object)
    position = {place: number for number, place in enumerate(places)}
    of_estate = {estate: number for number, estate in enumerate(estates)}
    covered = residents["covered"].astype(bool)
    new = reach[reach["place"].isin(position) & ~reach["resident"].map(covered).astype(bool)]
    # Residents who reach the same places are one group: the model's size is that of the places.
    reached: dict[str, list[int]] = {}
    for resident, place in zip(new["resident"], new["place"], strict=True):
        reached.setdefault(resident, []).append(position[place])
    elders = residents["elderly_60"].fillna(0.0).astype(float).to_dict()
    weights: dict[tuple[int, ...], float] = {}
    for resident, near in reached.items():
        group = tuple(sorted(near))
        weights[group] = weights.get(group, 0.0) + elders[resident]
    groups = sorted(weights)
    own = [of_estate.get(hosts.get(place), -1) for place in places]
    problem = PoolingProblem(
        rooms_m2=rooms["rooms_m2"].reindex(estates).to_numpy(dtype=float),
        own_estate=np.array(own, dtype=np.int64),
        pair_estate=joinable["estate"].map(of_estate).to_numpy(dtype=np.int64),
        pair_place=joinable["place"].map(position).to_numpy(dtype=np.int64),
        pair_minutes=joinable["walk_minutes"].to_numpy(dtype=float),
        group_weights=np.array([weights[group] for group in groups], dtype=np.float64),
        group_starts=np.cumsum([0, *map(len, groups)], dtype=np.int64),
        group_places=np.array([one for many in groups for one in many], dtype=np.int64),
        least_m2=float(least_m2),
        gains=bare.reindex(places).eq(True).to_numpy(dtype=np.bool_),
    )
    return problem, estates, places
