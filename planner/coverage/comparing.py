"""Before and after: two runs compared, this year with last or a plan with today (闭环复查)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner import units
from planner.coverage.comparing_gaps import GapChanges, MatchedBy, gap_changes
from planner.coverage.gap_areas import GapAreas
from planner.coverage.gap_causes import people_of
from planner.coverage.severing import same_metres
from planner.coverage.walking import Coverage

MOVED_M: Final = 10.0
"""A centre whose entrance is farther than this from where it was has moved; less is a ledger's
better knowledge (our own choice)."""

SAME_IDS: Final = 0.5
"""Gaps are matched by residents if at least this share of the smaller run's residents are in the
other; else their ids were changed, and ground decides (our own choice)."""

CENTRE_CHANGES: Final = ("opened", "closed", "moved", "stays")


@dataclass(frozen=True, eq=False)
class State:
    """One run, as far as another is compared with it.

    Parameters
    ----------
    coverage
        Who is covered.
    gaps
        Where those live who are not.
    centres
        The open centres that coverage counts: ``name`` where known, and points in the metre CRS of
        the plan, by id.
    """

    coverage: Coverage
    gaps: GapAreas
    centres: GeoDataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from one run to another.

    Parameters
    ----------
    coverage
        Index the people columns that both runs know: ``total_before, total_after,
        covered_before, covered_after, share_before, share_after``; and how the covered came to
        change: ``came_within`` (persons after, of rows that were not covered and are now),
        ``fell_out`` (persons before, of rows that were covered and are not), ``grew`` (change of
        persons in rows covered both times), ``new_rows`` (persons covered after, of rows that
        were not there), ``gone_rows`` (covered before, of rows that are no more). Before + came -
        fell + grew + new - gone = after.
    gaps
        Gaps closed, opened, moved: see :class:`planner.coverage.comparing_gaps.GapChanges`.
    centres
        Centre by centre: index ids, in sorted order: ``name``, ``change`` (one of
        :data:`CENTRE_CHANGES`), ``moved_m`` (NaN unless open both times), ``elderly_60_before``
        and ``…_after`` (covered persons whose nearest it is), ``elderly_60_change``. The sums are
        the covered of both runs.
    """

    coverage: pd.DataFrame
    gaps: GapChanges
    centres: pd.DataFrame


def compare(before: State, after: State) -> Comparison:
    """Compare two runs.

    Rows, centres and communities are the same if their ids are. Runs may differ in anything:
    residents, centres, walker, limit. Gaps are matched by the residents in them, or, where fewer
    than half of the residents' ids were kept, by their ground
    (:func:`planner.coverage.comparing_gaps.gap_changes`).

    Parameters
    ----------
    before, after
        The runs.

    Raises
    ------
    TableError
        If gaps or centres lie in two CRSs.
    """
    same_metres(before.centres, after.centres)
    ids = [state.coverage.residents.index for state in (before, after)]
    kept = len(ids[0].intersection(ids[1]))
    by: MatchedBy = "residents" if kept >= SAME_IDS * min(map(len, ids)) else "area"
    return Comparison(
        coverage=_coverage_change(before.coverage, after.coverage),
        gaps=gap_changes(before.gaps, after.gaps, by=by),
        centres=_centre_changes(before, after),
    )


def _coverage_change(before: Coverage, after: Coverage) -> pd.DataFrame:
    columns = [name for name in people_of(before.residents) if name in people_of(after.residents)]
    ids = before.residents.index.union(after.residents.index).sort_values()
    was = before.residents["state"].reindex(ids)
    now = after.residents["state"].reindex(ids)
    covered_was, covered_now = (was == "covered").to_numpy(), (now == "covered").to_numpy()
    there_was, there_now = was.notna().to_numpy(), now.notna().to_numpy()
    rows = {}
    for name in columns:
        one = before.residents[name].reindex(ids).fillna(0.0).to_numpy(dtype=float)
        two = after.residents[name].reindex(ids).fillna(0.0).to_numpy(dtype=float)
        both = covered_was & covered_now
        rows[name] = {
            "total_before": one.sum(),
            "total_after": two.sum(),
            "covered_before": one[covered_was].sum(),
            "covered_after": two[covered_now].sum(),
            "share_before": units.share(float(one[covered_was].sum()), float(one.sum())),
            "share_after": units.share(float(two[covered_now].sum()), float(two.sum())),
            "came_within": two[covered_now & ~covered_was & there_was].sum(),
            "fell_out": one[covered_was & ~covered_now & there_now].sum(),
            "grew": (two - one)[both].sum(),
            "new_rows": two[covered_now & ~there_was].sum(),
            "gone_rows": one[covered_was & ~there_now].sum(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").astype(float)
    return table.rename_axis("people")


def _served(coverage: Coverage) -> pd.Series:
    """Return covered persons of 60+ by nearest centre."""
    rows = coverage.residents.sort_index()
    rows = rows[rows["state"] == "covered"]
    return rows["elderly_60"].fillna(0.0).astype(float).groupby(rows["nearest"].astype(str)).sum()


def _centre_changes(before: State, after: State) -> pd.DataFrame:
    one, two = before.centres, after.centres
    ids = one.index.union(two.index).sort_values()
    was, now = ids.isin(one.index), ids.isin(two.index)
    places = [frame.geometry.reindex(ids) for frame in (one, two)]
    moved_m = places[0].distance(places[1], align=False).to_numpy(dtype=float)
    change = np.select(
        [now & ~was, was & ~now, moved_m > MOVED_M],
        ["opened", "closed", "moved"],
        default="stays",
    )
    names = [frame.reindex(columns=["name"])["name"].reindex(ids) for frame in (two, one)]
    served = [_served(state.coverage).reindex(ids).fillna(0.0) for state in (before, after)]
    return pd.DataFrame(
        {
            "name": names[0].astype(object).where(names[0].notna(), names[1]),
            "change": change.astype(object),
            "moved_m": moved_m,
            "elderly_60_before": served[0],
            "elderly_60_after": served[1],
            "elderly_60_change": served[1] - served[0],
        },
        index=ids,
    ).rename_axis("centre")
