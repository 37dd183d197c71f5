"""Who can walk to a centre, by sub-district, without small counts and what would tell them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.small_counts import without_small_rows

COUNTS: Final = ("elderly_60", "covered_60", "uncovered_60")
AFTER: Final = ("share_60",)


def street_figures(content: PlanContent) -> pd.DataFrame:
    """Return the rows by sub-district with their totals, small counts withheld.

    All with walking figures are withheld together: elders, those who can walk and those who
    cannot, since any two of them tell the third.

    Returns
    -------
    DataFrame
        ``content.streets_table`` with its index as ``street``, and with missing figures in rows
        where any count is above 0 and below :data:`planner.outputs.content.LEAST_ELDERS`, and in
        as many others as the totals need.
    """
    table = content.streets_table
    if table.empty:
        return table
    totals = content.street_totals
    parts, sums = table.iloc[: len(table) - totals], table.iloc[len(table) - totals :]
    groups = [parts, sums.iloc[:-1]] if totals else [parts]
    masks = []
    for rows in groups:
        whole = sums.iloc[-1] if totals else rows[list(COUNTS)].sum()
        masks.append(_hidden(rows.reset_index(drop=True), whole).to_numpy())
    last = [False] * (len(table) - sum(len(one) for one in masks))
    hidden = np.concatenate([*masks, last]).astype(bool)
    shown = table.assign(street=[str(name) for name in table.index])
    withheld = [*(name for name in COUNTS if name in table), *AFTER]
    shown.loc[hidden, withheld] = float("nan")
    return shown


def _hidden(rows: pd.DataFrame, whole: pd.Series) -> pd.Series:
    """Return which rows are withheld so that no count, and no rest of a total, is a small one."""
    hidden = pd.Series(False, index=rows.index)
    for _ in range(len(rows) + 1):
        found = hidden.copy()
        for name in COUNTS:
            # A row that another count hides is hidden here, too: as a small one would be.
            counts = rows[name].astype(float).where(~found, LEAST_ELDERS / 2)
            found |= without_small_rows(counts, float(whole[name])).isna()
        if found.equals(hidden):
            break
        hidden = found
    return hidden
