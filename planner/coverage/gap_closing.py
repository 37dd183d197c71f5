"""What would close a gap: a candidate that covers its elders, a way that spares them walking."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.gap_areas import GapAreas
from planner.errors import TableError
from planner.labels import Message, message

WAY_KINDS: Final = ("bridge", "crossing", "gate", "path")
"""What a new way is called by what it crosses, the hardest first: water wants a bridge, a railway
a crossing (footbridge or underpass), a wall a gate, and nothing but ground a path."""

_CROSSED: Final = {
    "water": "bridge",
    "waterway": "bridge",
    "railway": "crossing",
    "wall": "gate",
    "fence": "gate",
    "hedge": "gate",
    "drawn": "gate",
}

WAY_COLUMNS: Final = (
    "length_m",
    "minutes_before",
    "minutes_after",
    "persons_within",
    "persons_reached",
    "person_minutes",
    "barriers",
)
"""What a table of new ways must tell, as ``streets.shortcuts`` does."""


def way_kind(barriers: str) -> str:
    """Return what a new way is called: one of :data:`WAY_KINDS`.

    Parameters
    ----------
    barriers
        Kinds of the barriers that it crosses, joined by 、; empty for none.
    """
    wanted = {_CROSSED.get(kind, "gate") for kind in barriers.split("、") if kind}
    return next((kind for kind in WAY_KINDS if kind in wanted), "path")


def closing_candidates(
    gaps: GapAreas, times: pd.DataFrame, candidates: pd.Index, *, limit_minutes: float
) -> pd.DataFrame:
    """Return the one candidate by gap that would cover most of its elders.

    Parameters
    ----------
    gaps
        The gaps.
    times
        Walks of resident rows to candidates, ``origin, destination, walk_minutes``, at least those
        within the limit; walks to other places are passed over.
    candidates
        Ids of the candidates that count: usable ones.
    limit_minutes
        The limit, inclusive (:func:`planner.units.within`).

    Returns
    -------
    DataFrame
        One row for each gap, in their order: ``candidate`` (missing where none covers any of its
        elders), ``candidate_elderly_60`` (persons of the gap that it would cover),
        ``candidate_share`` (of the gap's), ``candidate_minutes`` (their mean walk, weighted by
        elders; NaN without). Of candidates with equally many elders, to the thousandth, that
        with the least mean walk, then the least id.
    """
    minutes = times["walk_minutes"].to_numpy(dtype=float)
    near = times[units.within(minutes, limit_minutes)]
    near = near[near["destination"].isin(candidates) & near["origin"].isin(gaps.members.index)]
    origin = near["origin"].astype(object)
    elders = gaps.members["elderly_60"].reindex(origin).to_numpy(dtype=float)
    pairs = pd.DataFrame(
        {
            "gap": gaps.members["gap"].reindex(origin).to_numpy(),
            "candidate": near["destination"].astype(object).to_numpy(),
            "elders": elders,
            "walked": elders * near["walk_minutes"].to_numpy(dtype=float),
            "origin": origin.to_numpy(),
        }
    ).sort_values(["gap", "candidate", "origin"])
    sums = pairs.groupby(["gap", "candidate"])[["elders", "walked"]].sum().reset_index()
    sums = sums[sums["elders"] > 0]
    mean = sums["walked"] / sums["elders"]
    ranked = sums.assign(mean=mean, most=-sums["elders"].round(3), near=mean.round(6))
    ranked = ranked.sort_values(["gap", "most", "near", "candidate"]).drop_duplicates("gap")
    best = ranked.set_index("gap").reindex(gaps.areas.index)
    return pd.DataFrame(
        {
            "candidate": best["candidate"].astype(object),
            "candidate_elderly_60": best["elders"].fillna(0.0).astype(float),
            "candidate_share": best["elders"].fillna(0.0) / gaps.areas["elderly_60"],
            "candidate_minutes": best["mean"].astype(float),
        }
    )


def closing_ways(gaps: GapAreas, ways: pd.DataFrame) -> pd.DataFrame:
    """Return the new way by gap that spares its elders most.

    Parameters
    ----------
    gaps
        The gaps.
    ways
        At most one row a gap, index ``gap``: the best of ``streets.shortcuts`` asked for that
        gap's residents alone, weighted by 60+. Gaps that were not asked about, or that no way
        helps, are absent.

    Returns
    -------
    DataFrame
        One row for each gap, in their order: ``way`` (one of :data:`WAY_KINDS`; missing without),
        ``way_barriers``, ``way_length_m``, ``way_minutes_before`` and ``way_minutes_after`` (from
        where it begins to the nearest centre), ``way_elderly_60`` (who come within the limit by
        it), ``way_reached_60`` (who had no way to any centre), ``way_elder_minutes`` (saved by
        all others).

    Raises
    ------
    TableError
        If a column is missing, or a gap stands twice.
    """
    problems: list[Message] = [
        message("tables.column_missing", table="ways", column=name)
        for name in WAY_COLUMNS
        if name not in ways.columns
    ]
    repeated = ways.index[ways.index.duplicated()]
    if len(repeated):
        told = tables.listed(repeated)
        problems.append(message("tables.id_repeated", table="ways", ids=told))
    if problems:
        raise TableError(message("gaps.refused"), problems)
    found = ways.reindex(gaps.areas.index)
    barriers = found["barriers"].astype(object)
    kinds = [way_kind(str(one)) if isinstance(one, str) else pd.NA for one in barriers]
    return pd.DataFrame(
        {
            "way": np.array(kinds, dtype=object),
            "way_barriers": barriers,
            "way_length_m": found["length_m"],
            "way_minutes_before": found["minutes_before"],
            "way_minutes_after": found["minutes_after"],
            "way_elderly_60": found["persons_within"],
            "way_reached_60": found["persons_reached"],
            "way_elder_minutes": found["person_minutes"],
        },
        index=gaps.areas.index,
    )
