"""Chosen pools as tables: the pools with their figures, and what became of every estate."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.tables import LIST_MARK

POOL_COLUMNS: Final = (
    "place", "host", "estates", "estate_count", "rooms_m2", "delivered_m2", "owed_m2",
    "elderly_60_reached", "elderly_60_new", "gain", "walk_minutes_longest",
)  # fmt: skip

GAINS: Final = ("elders", "centre")
"""What a pool brings: elders newly within the limit of a centre; or, where it brings none, square
metres that make a centre in a place from which none could be walked to."""


def pool_table(
    pairs: pd.DataFrame,
    rooms: pd.DataFrame,
    reach: pd.DataFrame,
    residents: pd.DataFrame,
    hosts: pd.Series,
) -> pd.DataFrame:
    """Return the pools with their figures, counted again from the tables, in order of gain.

    Parameters
    ----------
    pairs
        The estates of the chosen pools: ``estate, place, walk_minutes``.
    rooms, residents, hosts
        As :func:`planner.standards.estates.pooling.propose_pools`.
    reach
        The residents' walks within the limit: columns resident, place.
    """
    elders = residents["elderly_60"].fillna(0.0).astype(float)
    uncovered = elders[~residents["covered"].astype(bool)]
    near = {place: pd.Index(one) for place, one in reach.groupby("place")["resident"]}
    left = dict.fromkeys(sorted(pairs["place"].unique()), 0.0)
    rows, reached = [], pd.Index([], dtype=object)
    nobody = pd.Index([], dtype=object)
    while left:
        fresh = uncovered.drop(reached, errors="ignore")
        gains = {p: float(fresh[fresh.index.isin(near.get(p, nobody))].sum()) for p in left}
        place = max(sorted(gains), key=lambda one: gains[one])
        members = pairs[pairs["place"] == place].sort_values("estate")
        own = rooms.reindex(members["estate"])
        by_source = own.groupby("rooms_from")["rooms_m2"].sum()
        rows.append(
            {
                "place": place,
                "host": hosts.get(place),
                "estates": LIST_MARK.join(members["estate"]),
                "estate_count": len(members),
                "rooms_m2": float(own["rooms_m2"].sum()),
                "delivered_m2": float(by_source.get("delivered", 0.0)),
                "owed_m2": float(by_source.get("owed", 0.0)),
                "elderly_60_reached": float(elders[near.get(place, nobody)].sum()),
                "elderly_60_new": gains[place],
                "gain": GAINS[0] if gains[place] > 0 else GAINS[1],
                "walk_minutes_longest": float(members["walk_minutes"].max()),
            }
        )
        reached = reached.union(near.get(place, nobody))
        del left[place]
    index = pd.RangeIndex(1, len(rows) + 1, name="pool")
    return pd.DataFrame(rows, columns=list(POOL_COLUMNS), index=index)


def pooled_states(
    rooms: pd.DataFrame, pairs: pd.DataFrame, pools: pd.DataFrame, joinable: pd.DataFrame
) -> pd.DataFrame:
    """Return what becomes of every estate's rooms, with its pool where it has one.

    Parameters
    ----------
    rooms, pairs
        As :func:`pool_table`.
    pools
        What that returned.
    joinable
        Who could join where: columns estate, place.
    """
    number = pd.Series(pools.index, index=pools["place"], dtype="Int64")
    joined = pairs.set_index("estate")
    state = rooms["state"].copy()
    asks = state == "not_pooled"
    state[asks & ~rooms.index.isin(joinable["estate"])] = "no_partner"
    state[rooms.index.isin(joined.index)] = "pooled"
    of_estate = joined["place"].map(number).reindex(rooms.index).astype("Int64")
    return rooms.assign(
        state=state, pool=of_estate, walk_minutes=joined["walk_minutes"].reindex(rooms.index)
    )
