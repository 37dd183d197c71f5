"""A run made fit to be kept and shown: no gap, no centre and no ground that tells of a few."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.coverage.comparing import Rows, State

SQUARE_M: Final = 100.0
"""Side of the squares that stand for a gap's ground. An outline drawn round doors would tell where
they are; squares of a fixed grid do not (our own choice: a few houses wide)."""

WORDS: Final = ("communities", "streets", "cause")
"""What is kept of a gap besides ``elderly_60``, ``area_m2`` and its ground, where it is known."""


def shareable(state: State, *, least_elders: float) -> State:
    """Return a run of which nothing tells of fewer than some elders, nor where a door is.

    Gaps of fewer elders are only counted and summed, with their residents' rows; the ground of the
    others is drawn in squares of a fixed grid (:func:`squares`). Centres that cover fewer, but
    some, have their number withheld, and with it the smallest told number, until those withheld
    come to ``least_elders``: no difference from the total brings one back.

    Parameters
    ----------
    state
        The run.
    least_elders
        Least number of persons of 60+ (``>=``).
    """
    listed = state.gaps["elderly_60"] >= least_elders
    kept = state.gaps[listed]
    elders = state.centres["elderly_60"]
    told = _told(elders, least_elders)
    rows = state.rows
    if rows is not None:
        rows = Rows(rows.residents, rows.members[rows.members["gap"].isin(kept.index)])
    return State(
        people=state.people,
        gaps=_in_squares(kept),
        centres=state.centres.assign(elderly_60=elders.where(told)),
        rows=rows,
        few=dataclasses.replace(
            state.few,
            gaps=state.few.gaps + int((~listed).sum()),
            gaps_elderly_60=state.few.gaps_elderly_60
            + float(state.gaps["elderly_60"][~listed].sum()),
            centres_elderly_60=state.few.centres_elderly_60 + float(elders[~told].sum()),
        ),
    )


def _told(elders: pd.Series, least_elders: float) -> pd.Series:
    """Return which numbers are told; withheld ones come to ``least_elders`` or are none."""
    few = (elders > 0) & (elders < least_elders)
    shown = elders[~few & (elders > 0)].sort_index().sort_values(kind="stable")
    hidden, more = float(elders[few].sum()), 0
    while 0 < hidden < least_elders and more < len(shown):
        hidden += float(shown.iloc[more])
        more += 1
    return ~few & ~pd.Series(elders.index.isin(shown.index[:more]), index=elders.index)


def _in_squares(gaps: GeoDataFrame) -> GeoDataFrame:
    """Return gaps with what is kept of them, their ground in squares."""
    table = pd.DataFrame(gaps[["elderly_60"]].astype(float))
    for name in WORDS:
        if name in gaps.columns:
            table[name] = gaps[name].astype(object)
    grounds = [squares(shape) for shape in gaps.geometry]
    drawn = GeoDataFrame(table, geometry=grounds, crs=gaps.crs)
    return drawn.assign(area_m2=drawn.area)


def squares(ground: Any, side_m: float = SQUARE_M) -> Any:
    """Return the squares of a fixed grid whose middles lie in some ground, joined.

    Parameters
    ----------
    ground
        A (multi)polygon in metres; empty ground stays empty.
    side_m
        Side of a square. Corners lie at its multiples of the CRS's own metres.

    Returns
    -------
    shapely geometry
        At least one square: that of a point in the ground, where no middle lies in it. Grounds
        that do not meet share no square but such a one.
    """
    if ground is None or ground.is_empty:
        return shapely.Polygon()
    west, south, east, north = np.floor(np.array(ground.bounds) / side_m).astype(int)
    columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
    shapely.prepare(ground)
    inside = shapely.contains_xy(ground, (columns + 0.5) * side_m, (rows + 0.5) * side_m)
    column, row = columns[inside], rows[inside]
    if not len(column):
        point = ground.representative_point()
        column = np.array([np.floor(point.x / side_m)])
        row = np.array([np.floor(point.y / side_m)])
    boxes = shapely.box(column * side_m, row * side_m, (column + 1) * side_m, (row + 1) * side_m)
    return shapely.normalize(shapely.coverage_union_all(boxes))
