"""社区设施覆盖率 (what bureaus report) beside 步行可达率 (what elders walk): why they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from planner import tables, units
from planner.coverage.areas import OUTSIDE, by_community
from planner.coverage.serving import DAY_CARE, named_communities, operating
from planner.coverage.walking import Coverage

DIFFERENCES: Final = ("centre_not_reached", "reached_without_centre")
"""A centre stands there, but most elders cannot walk to one; none stands there, but most can."""

MOST: Final = 0.5
"""Most elders: at least half for those who can, fewer than half for those who cannot."""


@dataclass(frozen=True, eq=False)
class FacilityRate:
    """Two measures side by side; neither is wrong, they count different things.

    Parameters
    ----------
    centre_kinds
        The kinds of facility that count.
    limit_minutes
        The limit of the walk.
    communities
        By community id: ``name, community_kind, street, has_centre, centre_inside,
        centre_named, elderly_60, elderly_60_covered, elderly_60_share, difference`` (one of
        :data:`DIFFERENCES`, or missing where the two measures agree).
    kinds
        By kind of community (社区, 村): ``communities, with_centre, facility_rate, elderly_60,
        elderly_60_covered, walking_rate``.
    facility_rate
        社区设施覆盖率: communities (社区) that have a centre / communities. None without any.
    walking_rate
        步行可达率: elders (60+) covered / elders, over all resident rows of the district.
    differences
        By :data:`DIFFERENCES`: ``communities, elderly_60, elderly_60_covered,
        elderly_60_uncovered``; communities (社区) and villages together.
    """

    centre_kinds: tuple[str, ...]
    limit_minutes: float
    communities: pd.DataFrame
    kinds: pd.DataFrame
    facility_rate: float | None
    walking_rate: float | None
    differences: pd.DataFrame


def _communities_inside(centres: pd.DataFrame, communities: pd.DataFrame) -> set[str]:
    """Return ids of communities that hold a centre: by the ledger's word, else by the outline."""
    stated = centres.reindex(columns=["community"])["community"].astype(object)
    inside = set(stated.dropna()) & set(communities.index)
    unstated = centres.loc[~stated.isin(communities.index)]
    if len(unstated) and "geometry" in centres.columns and "geometry" in communities.columns:
        points = unstated.geometry
        placed = points[points.notna() & ~points.is_empty]
        found = communities.sindex.query(placed, predicate="within")[1]
        inside |= set(communities.index[found])
    return inside


def _difference(table: pd.DataFrame) -> pd.Series:
    reached = table["elderly_60_share"] >= MOST
    elders = table["elderly_60"] > 0
    difference = pd.Series(None, index=table.index, dtype=object)
    difference[table["has_centre"] & ~reached & elders] = "centre_not_reached"
    difference[~table["has_centre"] & reached & elders] = "reached_without_centre"
    return difference


def _by_kind(table: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for kind in tables.COMMUNITY_KINDS:
        of_kind = table[table["community_kind"] == kind]
        elders, covered = of_kind["elderly_60"].sum(), of_kind["elderly_60_covered"].sum()
        rows.append(
            {
                "community_kind": kind,
                "communities": len(of_kind),
                "with_centre": int(of_kind["has_centre"].sum()),
                "facility_rate": units.share(of_kind["has_centre"].sum(), len(of_kind)),
                "elderly_60": elders,
                "elderly_60_covered": covered,
                "walking_rate": units.share(covered, elders),
            }
        )
    measures = pd.DataFrame(rows).set_index("community_kind")
    return measures.astype({"facility_rate": float, "walking_rate": float})


def _differences(table: pd.DataFrame) -> pd.DataFrame:
    chosen = table[table["difference"].notna()]
    sums = chosen.groupby("difference")[["elderly_60", "elderly_60_covered"]].sum()
    sums.insert(0, "communities", chosen.groupby("difference").size())
    sums = sums.reindex(list(DIFFERENCES)).fillna(0.0).astype({"communities": int})
    uncovered = sums["elderly_60"] - sums["elderly_60_covered"]
    return sums.assign(elderly_60_uncovered=uncovered).rename_axis("difference")


def facility_rate(
    coverage: Coverage,
    communities: pd.DataFrame,
    centres: pd.DataFrame,
    *,
    centre_kinds: Sequence[str] = (DAY_CARE,),
) -> FacilityRate:
    """Put the share of communities with a centre beside the share of elders who can walk to one.

    A community *has a centre* if an operating centre of these kinds lies in it (by the ledger's
    ``community``, else by the outline) or names it in ``serves``: bureaus count so, wherever
    the centre stands and whoever can walk there.

    Parameters
    ----------
    coverage
        Coverage by the operating centres of the same kinds.
    communities, centres
        Tables of :data:`planner.tables.COMMUNITIES` and :data:`planner.tables.CENTRES`; geometry
        is only needed for centres whose community the ledger does not say.
    centre_kinds
        Kinds of facility that count.
    """
    tables.check(tables.CENTRES, centres, geometry=False)
    areas = by_community(coverage, communities)
    inside_areas = areas.drop(index=OUTSIDE, errors="ignore")
    open_ = operating(centres, centre_kinds)
    inside = inside_areas.index.isin(_communities_inside(open_, communities))
    named = inside_areas.index.isin(named_communities(open_, communities).pairs["community"])
    kept = ["name", "community_kind", "street"]
    elders = ["elderly_60", "elderly_60_covered", "elderly_60_share"]
    table = pd.concat(
        [
            inside_areas[kept].assign(
                has_centre=inside | named, centre_inside=inside, centre_named=named
            ),
            inside_areas[elders],
        ],
        axis="columns",
    )
    table = table.assign(difference=_difference(table))
    urban = table[table["community_kind"] == "社区"]
    return FacilityRate(
        centre_kinds=tuple(centre_kinds),
        limit_minutes=coverage.limit_minutes,
        communities=table,
        kinds=_by_kind(table),
        facility_rate=units.share(float(urban["has_centre"].sum()), len(urban)),
        walking_rate=units.share(
            float(areas["elderly_60_covered"].sum()), float(areas["elderly_60"].sum())
        ),
        differences=_differences(table),
    )
