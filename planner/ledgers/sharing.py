"""The arithmetic of spreading: a community's figures shared among its homes, sums kept."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.ledgers.rasters import FloatArray
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS

PEOPLE_COLUMNS: Final = ("population", *ELDERLY_COLUMNS)
"""Columns of persons of which each holds the next, the widest first."""

PERSON_COLUMNS: Final = (*PEOPLE_COLUMNS, *ELDER_GROUPS)
"""All columns of persons."""

NOBODY: Final = 1e-9
"""Fewer persons (or less weight) than this are none: a share of them would be rounding alone."""

SLACK: Final = 1e-12
"""Relative difference of two figures that is the rounding of floats."""


def shared_out(
    communities: pd.DataFrame, homes: pd.Series, weights: pd.Series | pd.DataFrame
) -> pd.DataFrame:
    """Return the people of homes: each community's figures, shared by weight.

    With one weight a home, home i of a community gets of each figure F the part F · w_i / Σ w.

    With weights by age, each ring of ages is shared by itself: of the rings 80+, 65–79, 60–64 and
    under 60 a home gets (F_T − F_N) · (w_T − w_N) / Σ (w_T − w_N), where F_N and w_N are those of
    the next narrower column that the community knows; its columns are the sums of its rings. So a
    home never has more elders than people. A ring without weight is shared by w_T, else by the
    widest weights, else evenly. A figure that a community does not know is unknown in its homes.

    失能 and 独居 are parts of 60+: they are shared as the home's 60+ were.

    Parameters
    ----------
    communities
        Index = ids; whichever of :data:`PERSON_COLUMNS` it has are shared.
    homes
        Community of each home; index = ids of homes.
    weights
        One column, or some of :data:`PEOPLE_COLUMNS`; not negative, index = that of ``homes``.

    Returns
    -------
    DataFrame
        ``community`` and all of :data:`PERSON_COLUMNS`, index of ``homes``. Sums over a community
        are its figures to the rounding of floats.
    """
    codes = pd.Index(communities.index).get_indexer(homes.to_numpy())
    shares = _Shares(codes, len(communities))
    figures = {
        name: communities[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in communities
        else np.full(len(communities), np.nan)
        for name in PERSON_COLUMNS
    }
    if isinstance(weights, pd.Series):
        even = shares.of(weights.to_numpy(dtype=np.float64))
        people = {name: figures[name][codes] * even for name in PERSON_COLUMNS}
    else:
        people = _by_rings(figures, codes, shares, weights)
        base = shares.of(*_widest(weights))
        elders, total = people[ELDERLY_COLUMNS[0]], figures[ELDERLY_COLUMNS[0]][codes]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(total > NOBODY, elders / total, base)
        for name in ELDER_GROUPS:
            people[name] = figures[name][codes] * part
    columns = {name: people[name] for name in PERSON_COLUMNS}
    return pd.DataFrame({"community": homes, **columns}, index=homes.index)


class _Shares:
    """Weights turned into shares of each community."""

    def __init__(self, codes: np.ndarray[tuple[int], np.dtype[np.intp]], count: int) -> None:
        self.codes = codes
        self.count = count

    def of(self, *weights: FloatArray) -> FloatArray:
        """Return shares by the first of the weights that a community has any of, else even ones."""
        even = np.ones(len(self.codes))
        result = np.zeros(len(self.codes))
        lacking = np.ones(len(self.codes), dtype=bool)
        for one in (*weights, even):
            total = np.bincount(self.codes, weights=one, minlength=self.count)[self.codes]
            here = lacking & (total > NOBODY)
            result[here] = one[here] / total[here]
            lacking &= ~here
        return result


def _widest(weights: pd.DataFrame) -> list[FloatArray]:
    """Return the weights of all columns, 60+ first: those whose places elders' are."""
    order = [ELDERLY_COLUMNS[0], "population", *ELDERLY_COLUMNS[1:]]
    return [weights[name].to_numpy(dtype=np.float64) for name in order if name in weights]


def _by_rings(
    figures: dict[str, FloatArray],
    codes: np.ndarray[tuple[int], np.dtype[np.intp]],
    shares: _Shares,
    weights: pd.DataFrame,
) -> dict[str, FloatArray]:
    base = _widest(weights)
    people: dict[str, FloatArray] = {}
    inner_people = np.zeros(len(codes))
    inner_weight = np.zeros(len(codes))
    inner_total = np.zeros(len(next(iter(figures.values()))))
    for name in reversed(PEOPLE_COLUMNS):
        total = figures[name]
        own = [weights[name].to_numpy(dtype=np.float64)] if name in weights else []
        rings = [np.clip(one - inner_weight, 0.0, None) for one in own]
        ring = np.where(np.isnan(total), 0.0, total - inner_total)
        # A column smaller than its own part contradicts itself: shared alone, not by rings.
        torn = (ring < -SLACK * inner_total)[codes]
        ring = np.clip(ring, 0.0, None)
        nested = inner_people + ring[codes] * shares.of(*rings, *own, *base)
        alone = total[codes] * shares.of(*own, *base)
        found = np.where(torn, alone, nested)
        known = ~np.isnan(total)
        people[name] = np.where(known[codes], found, np.nan)
        inner_people = np.where(known[codes], found, inner_people)
        inner_total = np.where(known, total, inner_total)
        if own:
            inner_weight = np.where(known[codes], own[0], inner_weight)
    return people
