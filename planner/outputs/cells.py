"""Residents as cells: where elders live and whether they can walk, and never whose house it is.

Residents leave the planner's desk only as squares of about 150 m within one community and one
walking state, each standing for at least five elders. A square is shown by its own middle, not
by the middle of its houses, and carries no ids and no counts of smaller age groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from geopandas import GeoDataFrame, points_from_xy

from planner.outputs.content import LEAST_ELDERS
from planner.tables import WALKING_STATES

CELL_SIZE_M: Final = 150.0
"""About a street block: large enough to hold several buildings, small enough to walk past."""

SPREAD: Final = 0.25
"""Squares shared by several groups stand this part of a square off its middle, side by side."""

AMOUNTS: Final = ("elderly_60", "walkers", "elder_minutes")
"""What is summed over the rows of a square: elders, those with a way, and their minutes."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Residents fit to be shown.

    Parameters
    ----------
    table
        One row a cell: community, state, elderly_60 (at least the least number), walk_minutes
        (mean over its elders that have a way, whole minutes, NaN without), geometry (a point in
        the residents' CRS). Sorted by community, state and place; the index is a plain number.
    withheld
        Elders by walking state who stand in no cell, because their community has fewer than the
        least number of them in that state; where that leaves fewer than the least number in all,
        the state's smallest cell is withheld with them, so that no difference of totals brings
        them back. Cells and withheld add up to the residents.
    """

    table: GeoDataFrame
    withheld: pd.Series


def resident_cells(
    residents: GeoDataFrame,
    *,
    size_m: float = CELL_SIZE_M,
    least_elders: float = LEAST_ELDERS,
) -> Cells:
    """Gather residents into squares of one community and one state with enough elders each.

    Squares with fewer than ``least_elders`` elders join the nearest square of the same community
    and state, the smallest first, until none is left; a community with fewer elders than that in
    a state has them withheld (see :class:`Cells`). Rows without elders take no part.

    Parameters
    ----------
    residents
        Points in a metre CRS with community, state, elderly_60 and walk_minutes.
    size_m
        Side of a square in metres.
    least_elders
        Least number of elders aged 60+ of a cell (``>=``).

    Returns
    -------
    Cells
        The order of the rows given makes no difference.
    """
    squares = _squares(residents, size_m)
    places: IntArray = squares[["column", "row"]].to_numpy(dtype=np.int64, copy=True)
    amounts: FloatArray = squares[list(AMOUNTS)].to_numpy(dtype=float, copy=True)
    states = squares["state"].to_numpy()
    kept = np.ones(len(squares), dtype=bool)
    withheld = pd.Series(0.0, index=list(WALKING_STATES), name="elderly_60")
    unshown: list[int] = []
    for group in _groups(squares):
        _merge_small(places[group], amounts[group], kept[group], least_elders)
        last = group.start + int(np.argmax(kept[group]))
        if amounts[last, 0] < least_elders:
            kept[last] = False
            unshown.append(last)
    _withhold_beside(states, amounts[:, 0], kept, unshown, least_elders)
    for place in unshown:
        withheld.loc[states[place]] += amounts[place, 0]
    squares = squares.assign(
        **dict(zip(("column", "row"), places.T, strict=True)),
        **dict(zip(AMOUNTS, amounts.T, strict=True)),
    )
    return Cells(_placed(squares.loc[kept], size_m, residents.crs), withheld)


def _withhold_beside(
    states: npt.NDArray[np.object_],
    elders: FloatArray,
    kept: BoolArray,
    unshown: list[int],
    least_elders: float,
) -> None:
    """Withhold a state's smallest cells too, until those withheld are enough to hide among.

    Otherwise the state's total less its cells would tell the few who were withheld. ``kept`` and
    ``unshown`` are changed in place.
    """
    for state in sorted({str(states[place]) for place in unshown}):
        told = sum(float(elders[place]) for place in unshown if states[place] == state)
        shown = np.flatnonzero(kept & (states == state))
        for place in shown[np.argsort(elders[shown], kind="stable")]:
            if told >= least_elders:
                break
            kept[place] = False
            unshown.append(int(place))
            told += float(elders[place])


def _groups(squares: pd.DataFrame) -> list[slice]:
    """Return where each community's squares of one state stand; they stand together."""
    if squares.empty:
        return []
    same = (squares[["community", "state"]] == squares[["community", "state"]].shift()).all(axis=1)
    starts = np.flatnonzero(~same.to_numpy()).tolist()
    return [slice(*ends) for ends in zip(starts, [*starts[1:], len(squares)], strict=True)]


def _squares(residents: GeoDataFrame, size_m: float) -> pd.DataFrame:
    """Return the elders of each community and state in each square of the grid."""
    points = residents.geometry
    elders = residents["elderly_60"].to_numpy(dtype=float, na_value=0.0)
    minutes = residents["walk_minutes"].to_numpy(dtype=float, na_value=np.nan)
    has_way = np.isfinite(minutes)
    parts = pd.DataFrame(
        {
            "community": residents["community"].astype(object).fillna("").astype(str).to_numpy(),
            "state": residents["state"].astype(str).to_numpy(),
            "column": np.floor(points.x.to_numpy() / size_m).astype(np.int64),
            "row": np.floor(points.y.to_numpy() / size_m).astype(np.int64),
            "elderly_60": elders,
            "walkers": np.where(has_way, elders, 0.0),
            "elder_minutes": np.where(has_way, elders * np.nan_to_num(minutes), 0.0),
        }
    )
    # Sums of floats depend on their order: sort by every column, so that the rows' order does not.
    parts = parts.loc[parts["elderly_60"] > 0].sort_values(list(parts.columns))
    keys = ["community", "state", "column", "row"]
    return parts.groupby(keys, as_index=False, sort=True).sum()


def _merge_small(
    places: IntArray, amounts: FloatArray, kept: BoolArray, least_elders: float
) -> None:
    """Join the smallest square to its nearest until all hold enough elders, or one is left.

    The arrays, one row a square of one group, are changed in place: what joins another square
    is no longer ``kept``.
    """
    while kept.sum() > 1:
        living = np.flatnonzero(kept)
        smallest = living[np.argmin(amounts[living, 0])]
        if amounts[smallest, 0] >= least_elders:
            return
        others = living[living != smallest]
        apart = ((places[others] - places[smallest]) ** 2).sum(axis=1)
        nearest = others[np.argmin(apart)]
        amounts[nearest] += amounts[smallest]
        # The cell stands where most of its elders live.
        if amounts[nearest, 0] < 2 * amounts[smallest, 0]:
            places[nearest] = places[smallest]
        kept[smallest] = False


def _placed(table: pd.DataFrame, size_m: float, crs: object) -> GeoDataFrame:
    """Put each cell at its square's middle, or beside it where a square holds several."""
    table = table.sort_values(["community", "state", "column", "row"]).reset_index(drop=True)
    square = table.groupby(["column", "row"])
    rank = square.cumcount().to_numpy()
    crowded = square["state"].transform("size").to_numpy() > 1
    angle = np.pi / 4 + rank * np.pi / 2
    off = np.where(crowded, SPREAD * size_m * np.sqrt(2.0), 0.0)
    easting_m = (table["column"].to_numpy() + 0.5) * size_m + off * np.cos(angle)
    northing_m = (table["row"].to_numpy() + 0.5) * size_m + off * np.sin(angle)
    with_way = table["walkers"].to_numpy(dtype=float)
    minutes = np.full(len(table), np.nan)
    np.divide(
        table["elder_minutes"].to_numpy(dtype=float), with_way, out=minutes, where=with_way > 0
    )
    return GeoDataFrame(
        {
            "community": table["community"],
            "state": table["state"],
            "elderly_60": table["elderly_60"],
            "walk_minutes": np.round(minutes),
        },
        geometry=points_from_xy(easting_m, northing_m),
        crs=crs,
    )
