"""Groups too small for a class of their own, joined with their neighbours until they have one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.errors import TableError
from planner.labels import message

HOW: Final = ("walk", "air_line")
"""What decided which neighbour is the nearest."""

STEPS: Final = ("group", "joined_with", "how", "walk_minutes", "apart_m")

_STEP_TYPES: Final = {
    "group": object, "joined_with": object, "how": object, "walk_minutes": float, "apart_m": float,
}  # fmt: skip
_MIDDLE: Final = ["easting_m", "northing_m"]
_ENDS: Final = ("origin", "destination")


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


@dataclass(frozen=True, eq=False)
class Joins:
    """Which small groups were joined with which.

    Parameters
    ----------
    ends
        The group that each group ends in, by group id.
    steps
        A row a joining, in their order: ``group`` (the smallest at that time, below the least
        class), ``joined_with``, ``how`` (one of :data:`HOW`), ``walk_minutes`` (NaN where no walk
        decided), ``apart_m`` (the air-line between both groups' middles).
    """

    ends: dict[str, str]
    steps: pd.DataFrame


class _Walked:
    """The shortest walk between groups, kept up to date as they are joined."""

    def __init__(
        self, community_group: pd.Series, walks: pd.DataFrame | None, live: list[str]
    ) -> None:
        self._near: dict[str, dict[str, float]] = {name: {} for name in live}
        if walks is None:
            return
        ends = [walks[name].astype(object).map(community_group) for name in _ENDS]
        minutes = walks["walk_minutes"].to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(minutes) & (ends[0] != ends[1]).to_numpy()
        known &= ends[0].isin(live).to_numpy() & ends[1].isin(live).to_numpy()
        # Of the last bit of a walk no neighbour hangs.
        rounded = np.round(minutes[known], 6)
        for one, two, walk in zip(ends[0][known], ends[1][known], rounded, strict=True):
            for here, there in ((one, two), (two, one)):
                self._near[here][there] = min(walk, self._near[here].get(there, np.inf))

    def nearest(self, group: str) -> tuple[float, str] | None:
        """Return the minutes to the nearest group and which it is; of equals the least id."""
        near = self._near[group]
        return min((walk, name) for name, walk in near.items()) if near else None

    def join(self, kept: str, gone: str) -> None:
        """Count what was one's as the other's."""
        for other, walk in self._near.pop(gone).items():
            del self._near[other][gone]
            if other != kept:
                least = min(walk, self._near[kept].get(other, np.inf))
                self._near[kept][other] = self._near[other][kept] = least


def join_small_groups(
    community_group: pd.Series,
    communities: pd.DataFrame,
    middles: pd.DataFrame,
    *,
    least_population: float,
    walks: pd.DataFrame | None = None,
) -> Joins:
    """Join groups below the least class with the nearest ones on foot, from the smallest up.

    As long as a group of known population is below ``least_population`` and another is left:
    the smallest (of equals the least id) is joined with that which is the shortest walk away:
    the least of the walks between a community of the one and a community of the other (of equals
    the least id). Where ``walks`` leads from it to no other group, the air-line decides and is
    named: the group whose middle is nearest (to the millimetre; of equals the least id); a
    group's middle is the mean of its communities' middles weighted by elders. Groups whose
    population is not known are left alone: nobody can say that they are small. The joined group
    is called by the lesser id.

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
    walks
        ``origin, destination, walk_minutes`` between communities, one row a pair or both ways
        (the shorter counts); pairs that nobody walks are absent. None for air-lines alone.
    """
    table = _group_table(community_group, communities, middles)
    names = list(table.index)
    ends_in = {name: name for name in names}
    known = table["population"].notna()
    live = list(table.index[known])
    walked = _Walked(community_group, walks, live)
    sums = table.loc[known].to_numpy(dtype=float)
    steps: list[tuple[str, str, str, float, float]] = []
    while len(live) > 1:
        smallest = int(np.argmin(sums[:, 0]))
        if sums[smallest, 0] >= least_population:
            break
        places = _positions(sums)
        apart = np.round(np.hypot(*(places - places[smallest]).T), 3)
        apart[smallest] = np.inf
        found = walked.nearest(live[smallest])
        nearest = int(np.argmin(apart)) if found is None else live.index(found[1])
        how, minutes = ("air_line", np.nan) if found is None else ("walk", found[0])
        steps.append((live[smallest], live[nearest], how, minutes, float(apart[nearest])))
        kept, gone = sorted((smallest, nearest))
        walked.join(live[kept], live[gone])
        sums[kept] += sums[gone]
        ends_in[live[gone]] = live[kept]
        sums = np.delete(sums, gone, axis=0)
        del live[gone]
    return Joins(
        {name: _end(name, ends_in) for name in names},
        pd.DataFrame(steps, columns=list(STEPS)).astype(_STEP_TYPES),
    )


def _end(name: str, ends_in: dict[str, str]) -> str:
    while ends_in[name] != name:
        name = ends_in[name]
    return name
