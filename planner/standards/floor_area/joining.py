"""Groups too small for a class of their own, joined with their neighbours until they have one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.errors import TableError
from planner.labels import message

_MIDDLE = ["easting_m", "northing_m"]


def middles_of(communities: pd.DataFrame, middles: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return where each community's middle is: as given, else the centroid of its outline.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table, its outlines in a metre CRS.
    middles
        ``easting_m, northing_m`` by community id, where known.

    Raises
    ------
    TableError
        If a community has neither.
    """
    given = pd.DataFrame(index=communities.index, columns=_MIDDLE, dtype=float)
    if middles is not None:
        given = middles.reindex(communities.index)[_MIDDLE].astype(float)
    if given.isna().any(axis=None) and "geometry" in communities.columns:
        outlines = communities.geometry.centroid
        given = given.fillna(pd.DataFrame({"easting_m": outlines.x, "northing_m": outlines.y}))
    lacking = given.index[given.isna().any(axis="columns")]
    if len(lacking):
        listed = "、".join(map(str, lacking[:5]))
        raise TableError(
            message("standards.groups_refused"),
            [message("standards.community_without_place", ids=listed)],
        )
    return given


def _group_table(
    community_group: pd.Series, communities: pd.DataFrame, middles: pd.DataFrame
) -> pd.DataFrame:
    """Return ``population, elders, easting, northing`` by group, in the order of their ids."""
    ordered = community_group.sort_index()
    people = communities.loc[ordered.index]
    population = people.reindex(columns=["population"])["population"].astype(float)
    # A population of 0 is one that is not known: it must not call for joining.
    population = population.where(population > 0)
    elders = people["elderly_60"].astype(float).fillna(0.0)
    places = middles.loc[ordered.index]
    table = pd.DataFrame(
        {
            "population": population,
            "elders": elders,
            "easting": places["easting_m"] * elders,
            "northing": places["northing_m"] * elders,
            "plain_easting": places["easting_m"],
            "plain_northing": places["northing_m"],
            "members": 1.0,
        }
    )
    return (
        table.groupby(ordered.to_numpy())
        .sum(min_count=1)
        .assign(
            population=population.groupby(ordered.to_numpy()).agg(
                lambda part: part.sum(skipna=False)
            )
        )
    )


def _positions(sums: np.ndarray) -> np.ndarray:
    """Return the middles of groups from their sums; plain means where they have no elders."""
    _, elders, easting, northing, plain_easting, plain_northing, members = sums.T
    some = elders > 0
    weight = np.where(some, elders, 1.0)
    return np.column_stack(
        [
            np.where(some, easting / weight, plain_easting / members),
            np.where(some, northing / weight, plain_northing / members),
        ]
    )


def join_small_groups(
    community_group: pd.Series,
    communities: pd.DataFrame,
    middles: pd.DataFrame,
    *,
    least_population: float,
) -> dict[str, str]:
    """Join groups below the least class with the nearest ones, from the smallest up.

    As long as a group of known population is below ``least_population`` and another is left:
    the smallest (of equals the least id) is joined with that whose middle is nearest in a
    straight line (to the millimetre; of equals the least id). A group's middle is the mean of
    its communities' middles weighted by elders. Groups whose population is not known are left
    alone: nobody can say that they are small. The joined group is called by the lesser id.

    Straight lines are part 1's measure of "neighbouring"; a walk would not cross a river so.

    Parameters
    ----------
    community_group
        Group by community id.
    communities
        ``population`` and ``elderly_60`` by community id.
    middles
        ``easting_m, northing_m`` by community id.
    least_population
        Least population of the least class; a group of exactly so many is large enough.

    Returns
    -------
    dict
        The group that each group ends in, by group id.
    """
    table = _group_table(community_group, communities, middles)
    names = list(table.index)
    ends_in = {name: name for name in names}
    known = table["population"].notna()
    live = list(table.index[known])
    sums = table.loc[known].to_numpy(dtype=float)
    while len(live) > 1:
        smallest = int(np.argmin(sums[:, 0]))
        if sums[smallest, 0] >= least_population:
            break
        places = _positions(sums)
        apart = np.round(np.hypot(*(places - places[smallest]).T), 3)
        apart[smallest] = np.inf
        nearest = int(np.argmin(apart))
        kept, gone = sorted((smallest, nearest))
        sums[kept] += sums[gone]
        ends_in[live[gone]] = live[kept]
        sums = np.delete(sums, gone, axis=0)
        del live[gone]
    return {name: _end(name, ends_in) for name in names}


def _end(name: str, ends_in: dict[str, str]) -> str:
    while ends_in[name] != name:
        name = ends_in[name]
    return name
