"""Why a resident has no walk within the limit: one reason for every row."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.streets.arrays import BoolArray
from planner.streets.joining.joining import JOIN_LIMIT_M
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.points import checked_limit, joined_frame
from planner.streets.search.travel_time import nearest_centre
from planner.streets.walking.walkers import Walker, walker_of

WITHIN: Final = ""
"""Of a resident who is within the limit."""

REASONS: Final = (
    "no_centre",
    "no_place",
    "too_far_from_streets",
    "behind_barrier",
    "other_part",
    "others_estate",
    "steps",
    "one_way",
    "several",
    "too_far",
)
"""What keeps residents from walking to a centre in time, in the order in which it is asked."""

_NOT_JOINED: Final = {
    "no_place": "no_place",
    "too_far": "too_far_from_streets",
    "behind_barrier": "behind_barrier",
}


def _estates_open(network: WalkingNetwork) -> WalkingNetwork:
    everybody = np.full(network.segment_count, EVERYBODY, dtype=np.int32)
    return replace(network, segment_estate=everybody)


def _both_ways(network: WalkingNetwork) -> WalkingNetwork:
    every: BoolArray = np.ones(network.segment_count, dtype=bool)
    return replace(network, segment_forward=every, segment_backward=every.copy())


def _no_way(
    network: WalkingNetwork, starts: pd.DataFrame, ends: pd.DataFrame, who: Walker
) -> pd.Series:
    """Return why no way leads from some joined points to any centre, by id.

    What would open a way by itself is the reason; where only all together would, ``several``.
    """
    on_steps = replace(who, steps_refused=False)
    opened = {
        "others_estate": (_estates_open(network), who),
        "steps": (network, on_steps),
        "one_way": (_both_ways(network), who),
        "several": (_both_ways(_estates_open(network)), on_steps),
    }
    reasons = pd.Series("other_part", index=starts.index, dtype=object)
    for reason, (streets, walker) in opened.items():
        left = reasons.index[reasons == "other_part"]
        if len(left):
            nearest = nearest_centre(streets, starts.loc[left], ends, walker=walker)
            reasons[nearest.index[nearest["walk_minutes"].notna()]] = reason
    return reasons


def reasons(
    network: WalkingNetwork,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    *,
    limit_minutes: float,
    walker: Walker | str | None = None,
    speed_m_s: float | None = None,
    join_limit_m: float = JOIN_LIMIT_M,
) -> pd.DataFrame:
    """Say of every origin why :func:`planner.streets.travel_times` has no row for it.

    Parameters
    ----------
    network, origins, destinations, limit_minutes, walker, speed_m_s, join_limit_m
        As for :func:`planner.streets.travel_times`.

    Returns
    -------
    DataFrame
        One row for every origin, in their order, by their ids: ``reason``, ``nearest``,
        ``walk_minutes``, ``leg_m``, ``part``, as in
        :func:`planner.streets.nearest_centre`. Reasons are empty for those within the
        limit, else the first of these that holds:

        ``no_centre``
            No destination joins any street.
        ``no_place``, ``too_far_from_streets``, ``behind_barrier``
            The origin joins no street: it has no coordinates; every street that the walker can use
            is beyond the limit; those within it are all behind a barrier.
        ``other_part``
            No destination in the part of the streets that it joins, whoever walks there.
        ``others_estate``, ``steps``, ``one_way``
            A way there is, but through others' walled estates; only over steps, for a walker who
            takes none; only against a direction in which feet may not go.
        ``several``
            Only all of these together would open a way.
        ``too_far``
            The nearest destination is beyond the limit.

    Raises
    ------
    TableError
        If ids are missing, repeated, or shared between origins and destinations.
    StreetsError
        If the walker, the limit or the points cannot be used.
    """
    limit_minutes = checked_limit(limit_minutes)
    who = walker_of(walker, speed_m_s)
    starts = joined_frame(network, origins, "origins", join_limit_m, who)
    ends = joined_frame(network, destinations, "destinations", join_limit_m, who)
    told = nearest_centre(network, starts, ends, walker=who)
    reason = pd.Series(WITHIN, index=told.index, dtype=object)
    reason[~np.asarray(units.within(told["walk_minutes"].to_numpy(), limit_minutes))] = "too_far"
    joined = told["joined"].to_numpy()
    reason[~joined] = _why_not(starts)[~joined]
    if ends["joined"].any():
        lost = told.index[joined & told["walk_minutes"].isna().to_numpy()]
        if len(lost):
            reason[lost] = _no_way(network, starts.loc[lost], ends, who)
    else:
        reason[:] = "no_centre"
    return pd.DataFrame({"reason": reason, **told[["nearest", "walk_minutes", "leg_m", "part"]]})


def _why_not(starts: pd.DataFrame) -> pd.Series:
    """Return why points join no street; tables of joined points may not say."""
    if "why_not" in starts.columns:
        return starts["why_not"].map(_NOT_JOINED)
    told = pd.Series("too_far_from_streets", index=starts.index, dtype=object)
    told[starts["leg_m"].isna()] = "no_place"
    return told
