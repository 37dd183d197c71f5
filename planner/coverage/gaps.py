"""Where the elders live who cannot walk to a centre, worst first.

Part 1's gaps are communities. The table is shaped for gap *areas* (which may cross communities):
its index is a gap's id, and ``communities`` a list, so that they can take its place.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.areas import by_community, community_of, shares
from planner.coverage.community_centre import most_elders
from planner.coverage.walking import Coverage

CAUSES: Final = tuple(state for state in tables.WALKING_STATES if state != "covered")
"""The walking states that leave an elder uncovered."""


def weighted_median(values: units.FloatArray, weights: units.FloatArray) -> float:
    """Return the least value up to which at least half of the weight lies; NaN without weight.

    Parameters
    ----------
    values
        Finite values, shape (n,).
    weights
        Weights >= 0, shape (n,).
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    if not len(reached) or reached[-1] <= 0:
        return float("nan")
    # Half, less a hair: equal halves must not hang on the last bit of a sum.
    half = reached[-1] / 2 * (1 - units.TOLERANCE_MINUTES)
    return float(values[order][np.searchsorted(reached, half)])


def _walks(uncovered: pd.DataFrame) -> pd.DataFrame:
    """Return nearest centre, median and largest minutes by community, of rows with a walk."""
    walking = uncovered[uncovered["walk_minutes"].notna() & (uncovered["elders"] > 0)].sort_index()
    minutes = {
        community: (
            weighted_median(rows["walk_minutes"].to_numpy(), rows["elders"].to_numpy()),
            float(rows["walk_minutes"].max()),
        )
        for community, rows in walking.groupby("community")
    }
    table = pd.DataFrame.from_dict(
        minutes, orient="index", columns=["walk_minutes_median", "walk_minutes_largest"]
    ).astype(float)
    nearest = most_elders(walking["community"], walking["nearest"], walking["elders"])
    return table.assign(nearest_centre=nearest.reindex(table.index).astype(object))


def gaps(coverage: Coverage, communities: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps: one row for each community that holds uncovered elders, worst first.

    Parameters
    ----------
    coverage
        What :func:`planner.coverage.walking.coverage` gave.
    communities
        A :data:`planner.tables.COMMUNITIES` table; geometry is not needed.

    Returns
    -------
    DataFrame
        Index ``gap``: the community's id, or :data:`planner.coverage.areas.OUTSIDE` for those
        who live outside them all. Sorted by ``elderly_60_uncovered`` (to the thousandth of a
        person), most first, then by id. Columns: ``name, community_kind, street, communities``
        (ids, joined by 、), ``elderly_60``; ``…_uncovered`` for each elderly column of the
        residents; ``uncovered_share`` (of the 60+ there); ``cause`` (the state of most of its
        uncovered elders) and ``elderly_60_<state>`` for each; ``nearest_centre`` (nearest to
        most of its uncovered elders; missing where none has a walk), ``walk_minutes_median``
        (weighted by elders) and ``walk_minutes_largest``, both over uncovered elders who have
        a walk, NaN where none has.
    """
    areas = by_community(coverage, communities)
    names = coverage.elderly_columns
    lacking = {f"{name}_uncovered": areas[name] - areas[f"{name}_covered"] for name in names}
    by_cause = areas[[f"elderly_60_{cause}" for cause in CAUSES]]
    # The sum of the causes, not total less covered: exactly 0 where all are covered.
    lacking["elderly_60_uncovered"] = by_cause.sum(axis="columns")
    lacking_60 = lacking["elderly_60_uncovered"]
    table = areas[["name", "community_kind", "street"]].assign(
        communities=areas.index,
        elderly_60=areas["elderly_60"],
        **lacking,
        uncovered_share=shares(lacking_60, areas["elderly_60"]),
        cause=[CAUSES[position] for position in by_cause.to_numpy().argmax(axis=1)],
    )
    residents = coverage.residents
    uncovered = pd.DataFrame(
        {
            "community": community_of(coverage, communities),
            "elders": residents["elderly_60"].fillna(0.0).astype(float),
            "nearest": residents["nearest"],
            "walk_minutes": residents["walk_minutes"],
        }
    )[residents["state"] != "covered"]
    walks = _walks(uncovered).reindex(table.index)
    table = pd.concat([table, by_cause, walks], axis="columns")
    table = table[lacking_60 > 0]
    ranks = table["elderly_60_uncovered"].round(3)
    order = np.lexsort((table.index.to_numpy(dtype=str), -ranks.to_numpy()))
    return table.iloc[order].rename_axis("gap")
