"""Which gaps closed, opened, moved: those of two runs matched by who lives in them, or where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.coverage.gap_areas import GapAreas
from planner.coverage.severing import same_metres

GAP_CHANGES: Final = ("closed", "opened", "stays", "moved", "merged", "split")
"""``closed``: nobody (no ground) of it is in any gap after. ``opened``: nobody of it was in any gap
before. ``stays``: matched with a gap, at least half of either being common to both. ``moved``:
matched with one of which less is common: it shrank, grew or shifted. ``merged``: what is left of it
is in a gap that is matched with another. ``split``: it is a part of what was a gap that is matched
with another."""

COMMON_SHARE: Final = 0.5
"""A matched gap stays where at least this share of both is common to both (our own choice)."""

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


def _by_residents(before: GapAreas, after: GapAreas) -> pd.DataFrame:
    """Return ``before, after, common``: persons of 60+ that two gaps have in common."""
    both = (
        before.members[["gap", "elderly_60"]]
        .add_suffix("_before")
        .join(after.members[["gap", "elderly_60"]].add_suffix("_after"), how="inner")
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
    """Return one-to-one pairs, the greatest overlap first; of equal ones the first by ids."""
    ranked = overlaps.assign(rank=-overlaps["common"].round(3))
    ranked = ranked.sort_values(["rank", "before", "after"])
    taken_before: set[str] = set()
    taken_after: set[str] = set()
    kept = []
    for row, one, other in zip(ranked.index, ranked["before"], ranked["after"], strict=True):
        if one not in taken_before and other not in taken_after:
            taken_before.add(one)
            taken_after.add(other)
            kept.append(row)
    return overlaps.loc[kept]


def gap_changes(before: GapAreas, after: GapAreas, *, by: MatchedBy = "residents") -> GapChanges:
    """Match the gaps of two runs and say what became of each.

    Gaps are matched one to one, those with most in common first.

    Parameters
    ----------
    before, after
        The gaps of both runs.
    by
        What gaps have in common: ``residents`` (persons of 60+ in both, by resident ids), or
        ``area`` (ground), where ids changed.

    Raises
    ------
    TableError
        If ground is compared in two CRSs, or in degrees.
    """
    if by == "residents":
        sizes = (before.areas["elderly_60"], after.areas["elderly_60"])
        overlaps = _by_residents(before, after)
    else:
        sizes = (before.areas["area_m2"], after.areas["area_m2"])
        overlaps = _by_area(before.areas, after.areas)
    overlaps = overlaps[overlaps["common"] > 0]
    pairs = _matched(overlaps)
    table = _listed(pairs, overlaps, sizes)
    for name, areas in (("before", before.areas), ("after", after.areas)):
        persons = areas["elderly_60"].reindex(table[name]).fillna(0.0).to_numpy(dtype=float)
        table[f"elderly_60_{name}"] = persons
    figures = ["elderly_60_before", "elderly_60_after", "elderly_60_change"]
    table[figures[2]] = table[figures[1]] - table[figures[0]]
    keys = table[["before", "after"]].fillna("").astype(str)
    order = np.lexsort((keys["after"], keys["before"], table[figures[2]].round(3)))
    table = table.iloc[order].reset_index(drop=True)
    totals = table.groupby("change")[figures].sum()
    totals.insert(0, "gaps", table.groupby("change").size())
    totals = totals.reindex(list(GAP_CHANGES)).fillna(0.0).astype({"gaps": int})
    return GapChanges(by, table, totals)


def _listed(
    pairs: pd.DataFrame, overlaps: pd.DataFrame, sizes: tuple[pd.Series, pd.Series]
) -> pd.DataFrame:
    """Return the matched pairs, and every gap that is matched with none, with what changed."""
    one = sizes[0].reindex(pairs["before"]).to_numpy(dtype=float)
    two = sizes[1].reindex(pairs["after"]).to_numpy(dtype=float)
    common = pairs["common"].to_numpy(dtype=float)
    half = common >= COMMON_SHARE * np.maximum(one, two) * (1 - 1e-9)
    rows = [
        {"before": first, "after": second, "change": "stays" if same else "moved",
         "other": None, "common": shared}
        for first, second, same, shared in zip(
            pairs["before"], pairs["after"], half.tolist(), common.tolist(), strict=True
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
