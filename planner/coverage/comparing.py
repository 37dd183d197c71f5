"""Before and after: two runs compared, this year with last or a plan with today (闭环复查)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner import units
from planner.coverage.comparing_centres import centre_changes
from planner.coverage.comparing_gaps import GapChanges, gap_changes
from planner.coverage.gap_areas import GapAreas
from planner.coverage.gap_causes import people_of
from planner.coverage.same_centres import MOVED_M, SameCentres
from planner.coverage.severing import same_metres
from planner.coverage.walking import Coverage, sorted_people

SAME_IDS: Final = 0.5
"""Two runs are compared row by row if at least this share of the smaller one's residents are, by
their ids and at the same places, in the other; else ids were given anew, and ground decides (our
own choice)."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A run's residents row by row, which never leave the run.

    Parameters
    ----------
    residents
        ``state`` and the people columns by resident id; with points where they are known.
    members
        ``gap`` and ``elderly_60`` of those in a gap, by resident id.
    """

    residents: pd.DataFrame
    members: pd.DataFrame


@dataclass(frozen=True)
class Few:
    """What is told as a sum only, because so few people could be named.

    Parameters
    ----------
    gaps, gaps_elderly_60
        Gaps that are not listed, and the persons of 60+ in them.
    centres_elderly_60
        Covered persons of 60+ of centres whose own number is not told.
    """

    gaps: int = 0
    gaps_elderly_60: float = 0.0
    centres_elderly_60: float = 0.0


@dataclass(frozen=True, eq=False)
class State:
    """One run, as far as another is compared with it.

    Parameters
    ----------
    people
        ``total`` and ``covered`` persons; index the people columns that the run knows.
    gaps
        Where those live who are not covered: at least ``elderly_60``, ``area_m2`` and the ground.
    centres
        The open centres that coverage counts: ``name`` where known, ``elderly_60`` (covered
        persons whose nearest it is; missing: too few to be told), and points in the metre CRS of
        the plan, by id.
    rows
        Row by row; None where a run was kept without its residents.
    few
        What is told as a sum only.
    """

    people: pd.DataFrame
    gaps: GeoDataFrame
    centres: GeoDataFrame
    rows: Rows | None = None
    few: Few = Few()

    @classmethod
    def of(cls, coverage: Coverage, gaps: GapAreas | None, centres: GeoDataFrame) -> State:
        """Return the state of a run.

        Parameters
        ----------
        coverage
            Who is covered.
        gaps
            Where those live who are not; None where nobody is left out.
        centres
            The open centres that coverage counts.
        """
        residents = coverage.residents.sort_index()
        covered = (residents["state"] == "covered").to_numpy()
        people = sorted_people(residents, people_of(residents))
        served = people["elderly_60"][covered].groupby(residents["nearest"][covered]).sum()
        named = centres.reindex(columns=["name"])["name"].astype(object)
        return cls(
            people=pd.DataFrame({"total": people.sum(), "covered": people[covered].sum()}),
            gaps=_no_gaps(centres) if gaps is None else gaps.areas,
            centres=GeoDataFrame(
                {"name": named, "elderly_60": served.reindex(centres.index).fillna(0.0)},
                geometry=centres.geometry,
            ),
            rows=Rows(residents, _NOBODY if gaps is None else gaps.members),
        )

    def in_crs_of(self, other: State) -> State:
        """Return the same run in another's CRS, where both are known and differ."""
        mine, theirs = self.centres.crs, other.centres.crs
        if mine is None or theirs is None or mine == theirs:
            return self
        gaps = self.gaps.to_crs(theirs)
        rows = self.rows
        if rows is not None and isinstance(rows.residents, GeoDataFrame):
            rows = Rows(rows.residents.to_crs(theirs), rows.members)
        return dataclasses.replace(
            self,
            gaps=gaps.assign(area_m2=gaps.area),
            centres=self.centres.to_crs(theirs),
            rows=rows,
        )


_NOBODY: Final = pd.DataFrame(
    {"gap": pd.Series(dtype=object), "elderly_60": pd.Series(dtype=float)}
)


def _no_gaps(centres: GeoDataFrame) -> GeoDataFrame:
    """Return the gaps of a run that has none."""
    empty = pd.DataFrame({"elderly_60": pd.Series(dtype=float), "area_m2": pd.Series(dtype=float)})
    return GeoDataFrame(empty.rename_axis("gap"), geometry=[], crs=centres.crs)


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
        fell + grew + new - gone = after. NaN where rows cannot be told again (:attr:`by_rows`).
    gaps
        Gaps closed, opened, moved: see :class:`planner.coverage.comparing_gaps.GapChanges`.
    centres
        Centre by centre: see :func:`planner.coverage.comparing_centres.centre_changes`.
    few_before, few_after
        What both runs tell as a sum only. With it, gaps and centres add up to the runs' totals.
    by_rows
        Whether residents were compared row by row.
    """

    coverage: pd.DataFrame
    gaps: GapChanges
    centres: pd.DataFrame
    few_before: Few
    few_after: Few
    by_rows: bool


def compare(before: State, after: State, same: SameCentres | None = None) -> Comparison:
    """Compare two runs.

    Rows and communities are the same if their ids are, centres by
    :func:`planner.coverage.same_centres.same_centres`. Runs may differ in anything: residents,
    centres, walker, limit, CRS (the earlier is projected to the later's). Gaps are matched by the
    residents in them, or, where a run was kept without its residents or fewer than half of their
    ids were kept, by their ground (:func:`planner.coverage.comparing_gaps.gap_changes`).

    Parameters
    ----------
    before, after
        The runs.
    same
        Which centres are the same, where more of them is known than the runs' open ones tell.

    Raises
    ------
    TableError
        If the CRS of one run alone is unknown, or in degrees.
    """
    before = before.in_crs_of(after)
    same_metres(before.centres, after.centres)
    one, two = before.rows, after.rows
    coverage = _totals(before.people, after.people)
    by_rows = one is not None and two is not None and _same_rows(one.residents, two.residents)
    members = None
    if one is not None and two is not None and by_rows:
        flows = _flows(one.residents, two.residents, list(coverage.index))
        members = (one.members, two.members)
    else:
        flows = pd.DataFrame(np.nan, index=coverage.index, columns=list(FLOWS))
    return Comparison(
        coverage=coverage.join(flows),
        gaps=gap_changes(before.gaps, after.gaps, members),
        centres=centre_changes(before.centres, after.centres, same),
        few_before=before.few,
        few_after=after.few,
        by_rows=by_rows,
    )


FLOWS: Final = ("came_within", "fell_out", "grew", "new_rows", "gone_rows")
"""How the covered came to change, as :attr:`Comparison.coverage` has it."""


def _same_rows(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Tell whether ids mean the same residents: rows numbered anew stand at other places."""
    kept = one.index.intersection(two.index)
    count = len(kept)
    if isinstance(one, GeoDataFrame) and isinstance(two, GeoDataFrame):
        apart_m = one.geometry.loc[kept].distance(two.geometry.loc[kept], align=False)
        # Rows without a place on either side are the same by their ids.
        count = int((~(apart_m > MOVED_M)).sum())
    return count >= SAME_IDS * min(len(one), len(two))


def _totals(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in one.index if name in two.index]
    rows = {
        name: {
            "total_before": one.loc[name, "total"],
            "total_after": two.loc[name, "total"],
            "covered_before": one.loc[name, "covered"],
            "covered_after": two.loc[name, "covered"],
            "share_before": units.share(one.loc[name, "covered"], one.loc[name, "total"]),
            "share_after": units.share(two.loc[name, "covered"], two.loc[name, "total"]),
        }
        for name in columns
    }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float).rename_axis("people")


def _flows(before: pd.DataFrame, after: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    ids = before.index.union(after.index).sort_values()
    was, now = before["state"].reindex(ids), after["state"].reindex(ids)
    covered_was, covered_now = (was == "covered").to_numpy(), (now == "covered").to_numpy()
    there_was, there_now = was.notna().to_numpy(), now.notna().to_numpy()
    both = covered_was & covered_now
    rows = {}
    for name in columns:
        one = before[name].reindex(ids).fillna(0.0).to_numpy(dtype=float)
        two = after[name].reindex(ids).fillna(0.0).to_numpy(dtype=float)
        rows[name] = {
            "came_within": two[covered_now & ~covered_was & there_was].sum(),
            "fell_out": one[covered_was & ~covered_now & there_now].sum(),
            "grew": (two - one)[both].sum(),
            "new_rows": two[covered_now & ~there_was].sum(),
            "gone_rows": one[covered_was & ~there_now].sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)
