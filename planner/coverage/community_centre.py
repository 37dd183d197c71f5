"""The one centre that a community's elders walk to, and where its elders live on average."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.coverage.areas import community_of
from planner.coverage.walking import Coverage


def most_elders(keys: pd.Series, centres: pd.Series, elders: pd.Series) -> pd.Series:
    """Return, for each key, the centre with most elders; ties by more rows, then by id.

    Parameters
    ----------
    keys, centres, elders
        Aligned, one entry a resident row; rows without a centre are left out.

    Returns
    -------
    Series
        Centre ids by key; keys none of whose rows has a centre are absent.
    """
    table = pd.DataFrame(
        {"key": keys.to_numpy(), "centre": centres.to_numpy(), "elders": elders.to_numpy()},
        index=keys.index,
    )
    table = table[table["centre"].notna()].sort_index()
    sums = table.groupby(["key", "centre"], sort=True)["elders"].agg(["sum", "size"]).reset_index()
    # Rounded, so that two sums that differ in the last bit only are a tie, decided by id.
    ranked = sums.assign(sum=sums["sum"].round(6)).sort_values(
        ["key", "sum", "size", "centre"], ascending=[True, False, False, True]
    )
    return ranked.drop_duplicates("key").set_index("key")["centre"].astype(object)


def community_centre(coverage: Coverage, communities: pd.DataFrame) -> pd.Series:
    """Return the centre that each community goes to: one that its elders can walk to.

    Of the centres that are nearest to some of its covered residents, that which is nearest to
    most of its covered elders aged 60+ (then to most resident rows, then the least id). A
    community none of whose residents is covered goes to no centre (TRADE: a group of its own).

    Parameters
    ----------
    coverage
        Computed from the open centres of the kind that is to be audited, alone.
    communities
        A :data:`planner.tables.COMMUNITIES` table.

    Returns
    -------
    Series
        ``centre`` by community id, in the caller's order; missing where nobody reaches one.
    """
    covered = coverage.residents["state"] == "covered"
    residents = coverage.residents.loc[covered]
    chosen = most_elders(
        community_of(coverage, communities).loc[covered],
        residents["nearest"],
        residents["elderly_60"].fillna(0.0).astype(float),
    )
    return chosen.reindex(communities.index).astype(object).rename("centre")


def community_middles(residents: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Return where a community's elders live on average.

    Parameters
    ----------
    residents
        Points in a metre CRS with ``community`` (where known) and ``elderly_60``.
    communities
        Outlines in the same CRS; the centroid stands in where no elders are known to live.

    Returns
    -------
    DataFrame
        ``easting_m, northing_m`` by community id, in the caller's order; NaN where a community
        has neither elders nor an outline.
    """
    points = residents.geometry
    table = pd.DataFrame(
        {
            "community": residents.reindex(columns=["community"])["community"].to_numpy(),
            "elders": residents["elderly_60"].fillna(0.0).to_numpy(dtype=float),
            "easting_m": points.x.to_numpy(),
            "northing_m": points.y.to_numpy(),
        },
        index=residents.index,
    )
    table = table[table["elders"] > 0].dropna().sort_index()
    weighted = table[["easting_m", "northing_m"]].mul(table["elders"], axis="index")
    sums = weighted.assign(elders=table["elders"]).groupby(table["community"].to_numpy()).sum()
    middles = sums[["easting_m", "northing_m"]].div(sums["elders"], axis="index")
    outlines = communities.geometry.centroid
    centroids = pd.DataFrame(
        {"easting_m": outlines.x, "northing_m": outlines.y}, index=communities.index
    )
    lived_in = middles.reindex(communities.index)
    return lived_in.where(np.isfinite(lived_in), centroids)
