"""Which gaps closed, opened, moved: those of two runs matched by who lives in them, or where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.coverage.severing import same_metres

GAP_CHANGES: Final = (
    "closed", "opened", "smaller", "larger", "stays", "moved", "merged", "split",
)  # fmt: skip
"""``closed``: nobody (no ground) of it is in any gap after. ``opened``: nobody of it was in any gap
before. Of gaps that are matched: ``moved``, where less than half of the smaller is common to both;
else ``smaller`` and ``larger``, where its elders changed by a tenth or more, and ``stays``.
``merged``: what is left of it is in a gap that is matched with another. ``split``: it is a part of
what was a gap that is matched with another."""

COMMON_SHARE: Final = 0.5
"""A matched gap has moved where less than this share of the smaller is common (our own choice)."""

STEADY_SHARE: Final = 0.1
"""A matched gap stays where its elders changed by less than this share of the greater number: a
year's own change of people is no more (our own choice)."""

MatchedBy = Literal["residents", "area"]


@dataclass(frozen=True, eq=False)
class GapChanges:
    """What became of each gap.

    Parameters
    ----------
    matched_by
        ``residents`` (their 60+) or ``area`` (ground in m²).
    table
        One row for each pair of matched gaps and for each gap that is matched with none: ``before``
        and ``after`` (ids; missing where there is none), ``change`` (one of :data:`GAP_CHANGES`),
        ``other`` (of merged and split gaps: the gap, after or before, that holds most of it),
        ``common`` (persons of 60+, the lesser count of both runs, or m²), ``elderly_60_before,
        elderly_60_after, elderly_60_change``. Every gap of either run stands once, so that the
        sums are those of the runs. Sorted by the change, the greatest fall first, then by ids.
    totals
        Index :data:`GAP_CHANGES`: ``gaps`` (rows), ``elderly_60_before, elderly_60_after,
        elderly_60_change``.
    """

    matched_by: MatchedBy
    table: pd.DataFrame
    totals: pd.DataFrame


def _by_residents(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return ``before, after, common``: persons of 60+ that two gaps have in common."""
    both = (
        before[["gap", "elderly_60"]]
        .add_suffix("_before")
        .join(after[["gap", "elderly_60"]].add_suffix("_after"), how="inner")
    )
    common = both[["elderly_60_before", "elderly_60_after"]].min(axis="columns").sort_index()
    sums = common.groupby([both["gap_before"], both["gap_after"]]).sum().reset_index()
    return sums.set_axis(["before", "after", "common"], axis="columns")


def _by_area(before: GeoDataFrame, after: GeoDataFrame) -> pd.DataFrame:
    """Return ``before, after, common``: m² that two gaps have in common."""
    same_metres(before, after)
    one, other = before.sindex.query(after.geometry, predicate="intersects")[::-1]
    shared = shapely.area(
        shapely.intersection(before.geometry.to_numpy()[one], after.geometry.to_numpy()[other])
    )
    table = pd.DataFrame(
        {"before": before.index[one], "after": after.index[other], "common": shared}
    )
    return table.sort_values(["before", "after"], ignore_index=True)


def _matched(overlaps: pd.DataFrame) -> pd.DataFrame:
    """Return one-to-one pairs, the greatest overlap first.

    Of equal ones the first by both ids, whichever run is called the earlier: so that the reverse
    of a comparison is its mirror.
    """
    ids = overlaps[["before", "after"]].astype(str)
    ranked = overlaps.assign(
        rank=-overlaps["common"].round(3), first=ids.min(axis=1), second=ids.max(axis=1)
    )
    ranked = ranked.sort_values(["rank", "first", "second", "before"])
    taken_before: set[str] = set()
    taken_after: set[str] = set()
    kept = []
    for row, one, other in zip(ranked.index, ranked["before"], ranked["after"], strict=True):
        if one not in taken_before and other not in taken_after:
            taken_before.add(one)
            taken_after.add(other)
            kept.append(row)
    return overlaps.loc[kept]


def gap_changes(
    before: GeoDataFrame,
    after: GeoDataFrame,
    members: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> GapChanges:
    """Match the gaps of two runs and say what became of each.

    Gaps are matched one to one, those with most in common first.

    Parameters
    ----------
    before, after
        The gaps of both runs by id: ``elderly_60`` and ``area_m2``, and their ground.
    members
        ``gap`` and ``elderly_60`` by resident id, of both runs: then what gaps have in common are
        persons of 60+. Without, or where ids changed, it is ground.

    Raises
    ------
    TableError
        If ground is compared in two CRSs, or in degrees.
    """
    by: MatchedBy
    if members is not None:
        by, size, overlaps = "residents", "elderly_60", _by_residents(*members)
    else:
        by, size, overlaps = "area", "area_m2", _by_area(before, after)
    sizes = (before[size], after[size])
    overlaps = overlaps[overlaps["common"] > 0]
    pairs = _matched(overlaps)
    table = _listed(pairs, overlaps, sizes)
    for name, areas in (("before", before), ("after", after)):
        persons = areas["elderly_60"].reindex(table[name]).fillna(0.0).to_numpy(dtype=float)
        table[f"elderly_60_{name}"] = persons
    figures = ["elderly_60_before", "elderly_60_after", "elderly_60_change"]
    table[figures[2]] = table[figures[1]] - table[figures[0]]
    table["change"] = _grown(table)
    keys = table[["before", "after"]].fillna("").astype(str)
    order = np.lexsort((keys["after"], keys["before"], table[figures[2]].round(3)))
    table = table.iloc[order].reset_index(drop=True)
    totals = table.groupby("change")[figures].sum()
    totals.insert(0, "gaps", table.groupby("change").size())
    totals = totals.reindex(list(GAP_CHANGES)).fillna(0.0).astype({"gaps": int})
    return GapChanges(by, table, totals)


def _grown(table: pd.DataFrame) -> pd.Series:
    """Return the changes, where gaps that stay became smaller or larger told as such."""
    steady = STEADY_SHARE * table[["elderly_60_before", "elderly_60_after"]].max(axis="columns")
    steady = steady * (1 - 1e-9)
    stays, change = table["change"] == "stays", table["elderly_60_change"]
    told = table["change"].mask(stays & (change <= -steady) & (change < 0), "smaller")
    return told.mask(stays & (change >= steady) & (change > 0), "larger")


def _listed(
    pairs: pd.DataFrame, overlaps: pd.DataFrame, sizes: tuple[pd.Series, pd.Series]
) -> pd.DataFrame:
    """Return the matched pairs, and every gap that is matched with none, with what changed."""
    one = sizes[0].reindex(pairs["before"]).to_numpy(dtype=float)
    two = sizes[1].reindex(pairs["after"]).to_numpy(dtype=float)
    common = pairs["common"].to_numpy(dtype=float)
    apart = common < COMMON_SHARE * np.minimum(one, two) * (1 - 1e-9)
    rows = [
        {"before": first, "after": second, "change": "moved" if moved else "stays",
         "other": None, "common": shared}
        for first, second, moved, shared in zip(
            pairs["before"], pairs["after"], apart.tolist(), common.tolist(), strict=True
        )
    ]  # fmt: skip
    for side, other, alone, part in (
        ("before", "after", "closed", "merged"),
        ("after", "before", "opened", "split"),
    ):
        ranked = overlaps.assign(rank=-overlaps["common"].round(3))
        most = ranked.sort_values([side, "rank", other]).drop_duplicates(side).set_index(side)
        sums = overlaps.groupby(side)["common"].sum()
        ids = sizes[0 if side == "before" else 1].index.difference(pd.Index(pairs[side]))
        rows += [
            {side: gap, other: None, "change": part if gap in most.index else alone,
             "other": most[other].get(gap), "common": float(sums.get(gap, 0.0))}
            for gap in ids
        ]  # fmt: skip
    columns = ["before", "after", "change", "other", "common"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"before": object, "after": object, "change": object, "other": object, "common": float}
    )
