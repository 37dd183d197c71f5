"""Figures of the district, its streets and its communities, small counts withheld at every level.

A count of fewer than :data:`planner.outputs.content.LEAST_ELDERS` persons is withheld (TRADE.md
13), and so are others of the same level where the next level less the rest would tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.coverage.areas import OUTSIDE, UNNAMED
from planner.coverage.rollup import street_areas
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.units import BoolArray, FloatArray

DISTRICT: Final = "district"
LEVELS: Final = (DISTRICT, "street", "community")


def street_names(communities: pd.DataFrame) -> pd.Series:
    """Return the street of every community by its id, and of those outside them all.

    As the sheet of sub-districts has them: by codes where the ids are codes, else by name; two of
    one name bear their codes.
    """
    areas = street_areas(communities)
    keys, names = areas["street_area"], areas["street_name"].astype(object)
    names = names.where(names.notna(), keys)
    owners = keys.groupby(names.to_numpy()).nunique()
    shared = names.isin(owners.index[owners > 1])
    names = names.where(~shared, names.astype(str) + "（" + keys.astype(str) + "）")
    outside = pd.Series({OUTSIDE: OUTSIDE}, dtype=object)
    named: pd.Series = pd.concat([names.rename(None), outside])
    return named


def shown_parts(values: FloatArray, hidden: BoolArray, least: float = LEAST_ELDERS) -> BoolArray:
    """Tell which parts of a total may stand beside it.

    Parameters
    ----------
    values
        Persons, shape (parts,), 0 or more.
    hidden
        Parts withheld for other reasons, shape (parts,).
    least
        Parts above 0 and below this are withheld.

    Returns
    -------
    ndarray of bool
        Where any is withheld, at least two parts above 0 are, and they come to ``least`` or more,
        if there are so many; the smallest go first (the first of equals).
    """
    told = ~(hidden | ((values > 0) & (values < least)))
    for place in np.argsort(values, kind="stable"):
        lost = ~told & (values > 0)
        if not lost.any() or (lost.sum() > 1 and values[lost].sum() >= least):
            break
        if values[place] > 0:
            told[place] = False
    return np.asarray(told)


def withheld(
    counts: pd.Series, streets: pd.Series, least: float = LEAST_ELDERS
) -> tuple[float, pd.Series, pd.Series]:
    """Return persons of the district, its streets and its communities, NaN where withheld.

    Parameters
    ----------
    counts
        Persons by community.
    streets
        Street of each of them, in the same order.
    least
        As for :func:`shown_parts`.

    Returns
    -------
    tuple
        The whole (NaN if small); by street, sorted; by community.
    """
    sums = counts.groupby(streets.to_numpy()).sum().astype(float)
    whole = float(sums.sum())
    nothing = np.zeros(len(sums), dtype=bool)
    told = shown_parts(np.asarray(sums, dtype=np.float64), nothing, least)
    shown = counts.astype(float).copy()
    for street, open_ in zip(sums.index, told, strict=True):
        here = np.flatnonzero(streets.to_numpy() == street)
        values = np.asarray(shown, dtype=np.float64)[here]
        hidden = np.zeros(len(here), dtype=bool)
        if not open_ and values.sum() > 0:
            # A street that is withheld must not come back as the sum of its communities.
            hidden[np.flatnonzero(values == values[values > 0].min())[0]] = True
        shown.iloc[here[~shown_parts(values, hidden, least)]] = np.nan
    return whole if whole == 0 or whole >= least else float("nan"), sums.where(told), shown


def area_frame(communities: pd.DataFrame, index: Sequence[str], language: Language) -> pd.DataFrame:
    """Return a row for the district, for each street and for each community, in words.

    Parameters
    ----------
    communities
        The communities table: ``name``, ``street``.
    index
        Ids of the communities to be listed, :data:`planner.coverage.areas.OUTSIDE` among them
        where anybody lives there.
    language
        Language of the words.

    Returns
    -------
    DataFrame
        ``level`` (one of :data:`LEVELS`) and ``key`` (to look figures up by), then
        ``area_level, street, name`` as a planner reads them.
    """
    streets = street_names(communities).reindex(list(index))
    names = communities.reindex(columns=["name"])["name"]
    rows: list[tuple[str, str, Any, Any]] = [(DISTRICT, DISTRICT, "", "")]
    rows += [("street", one, one, "") for one in sorted(set(streets))]
    rows += [("community", one, streets[one], names.get(one)) for one in index]
    frame = pd.DataFrame(rows, columns=["level", "key", "street", "name"])
    words = {key: text(f"measures.area_{key}", language) for key in (UNNAMED, OUTSIDE)}
    levels = {level: text(f"measures.level_{level}", language) for level in LEVELS}
    inside = (frame["level"] == "community") & (frame["key"] == OUTSIDE)
    return frame.assign(
        area_level=frame["level"].map(levels),
        street=frame["street"].replace(words),
        name=frame["name"].where(~inside, ""),
    )


def put_counts(
    frame: pd.DataFrame, column: str, counts: pd.Series, communities: pd.DataFrame
) -> pd.DataFrame:
    """Return an area frame with a column of persons, small ones withheld.

    Parameters
    ----------
    frame
        What :func:`area_frame` returned.
    column
        Name of the new column.
    counts
        Persons by community, of all communities where anybody lives.
    communities
        The communities table.
    """
    streets = street_names(communities).reindex(counts.index)
    whole, by_street, by_community = withheld(counts, streets)
    return put_figures(
        frame, column, pd.Series({DISTRICT: whole}, dtype=float), by_street, by_community
    )


def put_figures(
    frame: pd.DataFrame,
    column: str,
    district: pd.Series,
    by_street: pd.Series,
    by_community: pd.Series | None = None,
) -> pd.DataFrame:
    """Return an area frame with a column of figures by level and key; NaN where there is none."""
    levels = {DISTRICT: district, "street": by_street, "community": by_community}
    values = np.full(len(frame), np.nan)
    for level, figures in levels.items():
        rows = (frame["level"] == level).to_numpy()
        if figures is not None:
            found = figures.reindex(frame["key"].to_numpy()[rows])
            values[rows] = found.to_numpy(dtype=float, na_value=np.nan)
    return frame.assign(**{column: values})
