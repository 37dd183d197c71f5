"""Centre by centre: which opened, closed and moved between two runs, and whom they cover."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

MOVED_M: Final = 10.0
"""A centre whose entrance is farther than this from where it was has moved; less is a ledger's
better knowledge (our own choice)."""

CENTRE_CHANGES: Final = ("opened", "closed", "moved", "stays")


def renamed_centres(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """Return the id after by the id before, of centres whose id changed and whose name did not.

    A name that several of them bear tells nothing.

    Parameters
    ----------
    before, after
        ``name`` by centre id.
    """
    gone = before.loc[before.index.difference(after.index), "name"].dropna()
    come = after.loc[after.index.difference(before.index), "name"].dropna()
    gone, come = gone[~gone.duplicated(keep=False)], come[~come.duplicated(keep=False)]
    ids = pd.Series(come.index, index=pd.Index(come, dtype=object), dtype=object)
    found = gone.map(ids).dropna()
    return {str(one): str(two) for one, two in found.items()}


def centre_changes(before: GeoDataFrame, after: GeoDataFrame) -> pd.DataFrame:
    """Say of every centre open before or after what became of it.

    Centres are the same if their ids are; of those left, if they alone bear one name: ledgers
    are numbered anew.

    Parameters
    ----------
    before, after
        Open centres by id: ``name``, ``elderly_60`` (covered persons whose nearest it is; missing
        where too few to be told), and points in one metre CRS.

    Returns
    -------
    DataFrame
        Index ids (after, where it is open after), in sorted order: ``name``, ``id_before``
        (missing where it was not open), ``change`` (one of :data:`CENTRE_CHANGES`), ``moved_m``
        (NaN unless open both times), ``elderly_60_before``, ``…_after`` and ``…_change`` (NaN
        where either is too few to be told). Sums are the covered of both runs less those.
    """
    renamed = renamed_centres(before, after)
    one = before.assign(id_before=before.index.astype(object)).rename(index=renamed)
    ids = one.index.union(after.index).sort_values()
    was, now = ids.isin(one.index), ids.isin(after.index)
    places = [frame.geometry.reindex(ids) for frame in (one, after)]
    moved_m = places[0].distance(places[1], align=False).to_numpy(dtype=float)
    change = np.select(
        [now & ~was, was & ~now, moved_m > MOVED_M],
        ["opened", "closed", "moved"],
        default="stays",
    )
    names = [frame["name"].reindex(ids).astype(object) for frame in (after, one)]
    served = [
        frame["elderly_60"].reindex(ids).where(there, 0.0)
        for frame, there in ((one, was), (after, now))
    ]
    return pd.DataFrame(
        {
            "name": names[0].where(names[0].notna(), names[1]),
            "id_before": one["id_before"].reindex(ids).astype(object),
            "change": change.astype(object),
            "moved_m": moved_m,
            "elderly_60_before": served[0],
            "elderly_60_after": served[1],
            "elderly_60_change": served[1] - served[0],
        },
        index=ids,
    ).rename_axis("centre")
