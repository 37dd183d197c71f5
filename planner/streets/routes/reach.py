"""How much street lies within some minutes of a spot."""

from __future__ import annotations

import numpy as np

from planner.streets.arrays import FloatArray
from planner.streets.catchment.lines import reached_share
from planner.streets.catchment.search import Field, nodes_within, touched_segments
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.search.points import search_arcs
from planner.streets.walking.arcs import Spots
from planner.streets.walking.costs import EdgeMinutes


def reached_m(
    network: WalkingNetwork, costs: EdgeMinutes, spot: Spots, limits: FloatArray
) -> FloatArray:
    """Return the metres of street that one spot reaches within each limit, shape (limits,).

    Parameters
    ----------
    network, costs
        What is walked, and the minutes.
    spot
        One joined point.
    limits
        Minutes, the point's leg included.
    """
    arcs = search_arcs(network, costs, against=False)
    _, node, minutes = nodes_within(arcs, spot, float(limits.max()))
    best = np.full(len(arcs.start) - 1, np.inf)
    best[node] = minutes
    seen = np.full(network.segment_count, -1, dtype=np.int32)
    segments = touched_segments(arcs, node, spot.segment, seen, 0)
    field = Field(best, *spot)
    return np.array(
        [
            sum(
                reached_share(arcs, field, segment, limit) * network.segment_length_m[segment]
                for segment in segments.tolist()
            )
            for limit in limits.tolist()
        ]
    )
