"""The texts of each group in one line, for tables of many groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.tables import LIST_MARK


def listed_by(
    groups: Sequence[Any] | pd.Series, texts: Sequence[Any] | pd.Series | pd.Index
) -> pd.Series:
    """Return the texts of each group joined by 、, in the order in which they are given.

    One sort over all rows, where a function called for each group takes a table apart for every
    one of them.

    Parameters
    ----------
    groups
        Which group each text is of; those of a missing group are left out. Shape (texts,).
    texts
        Shape (texts,).

    Returns
    -------
    Series
        By group, sorted. Groups without texts are absent.
    """
    keys: npt.NDArray[Any] = np.asarray(groups, dtype=object)
    codes, names = pd.factorize(keys, sort=True)
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    lines = np.asarray(texts, dtype=object)[order].astype(str).tolist()
    ends = np.cumsum(np.bincount(codes[order], minlength=len(names))).tolist()
    joined = [LIST_MARK.join(lines[begin:end]) for begin, end in pairwise([0, *ends])]
    return pd.Series(joined, index=pd.Index(names))
