"""The straight-line 服务半径 beside walked minutes: whom a circle wrongly counts or leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner import tables, units
from planner.coverage.areas import OUTSIDE, community_of
from planner.coverage.severing import nearest_by_air
from planner.coverage.walking import Coverage, known_people, sorted_people

CASES: Final = ("both", "circle_only", "walk_only", "neither")
"""``circle_only``: in a circle, but cannot walk there in time: wrongly counted. ``walk_only``: can,
but lives outside every circle: wrongly left out."""


@dataclass(frozen=True, eq=False)
class Circles:
    """Circles and walks side by side.

    Parameters
    ----------
    radius_m, limit_minutes
        The circle's radius, and the limit of the walk.
    rows
        Index resident ids, in the caller's order: ``community``, ``centre`` (nearest by air),
        ``air_m``, ``walk_minutes``, ``state`` and ``case`` (one of :data:`CASES`).
    communities
        Index community ids in the caller's order, and
        :data:`planner.coverage.areas.OUTSIDE` last where anybody lives outside them: ``name,
        community_kind, street``; for each case ``rows_<case>`` and for each people column
        ``<people>_<case>``.
    cases
        Index :data:`CASES`: ``rows`` and the people columns; its sums are all residents.
    """

    radius_m: float
    limit_minutes: float
    rows: pd.DataFrame
    communities: pd.DataFrame
    cases: pd.DataFrame


def circles(
    coverage: Coverage,
    communities: pd.DataFrame,
    open_centres: GeoDataFrame,
    *,
    radius_m: float,
) -> Circles:
    """Compare circles round the open centres with the walks to them.

    Parameters
    ----------
    coverage
        Coverage by these centres; its residents must be points in a metre CRS.
    communities
        A :data:`planner.tables.COMMUNITIES` table; geometry is not needed.
    open_centres
        The centres that coverage counts, as points in the same CRS.
    radius_m
        The 服务半径 in metres, inclusive (:func:`planner.units.within`). Exact plane distances in
        the plan's CRS; no circle is drawn, nor any polygon of one.

    Raises
    ------
    TableError
        If the CRSs differ or are in degrees, or a community is named as
        :data:`planner.coverage.areas.OUTSIDE`.
    ValueError
        If the radius is not a positive number, or the residents have no geometry.
    """
    if not 0 < radius_m < np.inf:
        text = "radius_m must be a positive number"
        raise ValueError(text)
    residents = coverage.residents
    if not isinstance(residents, GeoDataFrame):
        text = "the residents of the coverage must have points"
        raise ValueError(text)
    tables.check(tables.COMMUNITIES, communities, geometry=False)
    air = nearest_by_air(residents, open_centres)
    inside = np.asarray(units.within(air["air_m"].to_numpy(dtype=float), radius_m))
    covered = residents["state"].to_numpy() == "covered"
    case = np.select([inside & covered, inside, covered], list(CASES[:3]), default=CASES[3]).astype(
        object
    )
    rows = pd.DataFrame(
        {
            "community": community_of(coverage, communities),
            "centre": air["centre"],
            "air_m": air["air_m"],
            "walk_minutes": residents["walk_minutes"],
            "state": residents["state"],
            "case": case,
        },
        index=residents.index,
    )
    people = sorted_people(residents, known_people(residents))
    people.insert(0, "rows", 1)
    sorted_rows = rows.loc[people.index]
    totals = people.groupby(sorted_rows["case"].to_numpy()).sum()
    totals = totals.reindex(list(CASES), fill_value=0).astype({"rows": int}).rename_axis("case")
    return Circles(
        radius_m=float(radius_m),
        limit_minutes=coverage.limit_minutes,
        rows=rows,
        communities=_by_community(sorted_rows, people, communities),
        cases=totals,
    )


def _by_community(
    rows: pd.DataFrame, people: pd.DataFrame, communities: pd.DataFrame
) -> pd.DataFrame:
    sums = {
        f"{name}_{case}": people[name]
        .where(rows["case"] == case, 0)
        .groupby(rows["community"].to_numpy())
        .sum()
        for name in people.columns
        for case in CASES
    }
    table = pd.DataFrame(sums)
    index = communities.index.to_list() + ([OUTSIDE] if OUTSIDE in table.index else [])
    counts = {f"rows_{case}": int for case in CASES}
    table = table.reindex(index, fill_value=0).astype(counts)
    facts = communities.reindex(columns=["name", "community_kind", "street"]).astype(object)
    return pd.concat([facts.reindex(index), table], axis="columns").rename_axis("community")
