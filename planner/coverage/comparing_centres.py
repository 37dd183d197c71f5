"""Centre by centre: which opened, closed and moved between two runs, and whom they cover."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.coverage.same_centres import MOVED_M, SameCentres, same_centres

CENTRE_CHANGES: Final = ("opened", "closed", "moved", "stays")


def centre_changes(
    before: GeoDataFrame, after: GeoDataFrame, same: SameCentres | None = None
) -> pd.DataFrame:
    """Say of every centre open before or after what became of it.

    Parameters
    ----------
    before, after
        Open centres by id: ``name``, ``elderly_60`` (covered persons whose nearest it is; missing
        where too few to be told), and points in one metre CRS.
    same
        Which centres are the same, those of both runs that are not open among them; found out from
        ``before`` and ``after`` where not given.

    Returns
    -------
    DataFrame
        Index ids (after, where it is open after; else :attr:`SameCentres.keys`), in sorted order:
        ``name``, ``name_before``, ``id_before``, ``id_after`` (missing where it was not open),
        ``same_by`` (:data:`planner.coverage.same_centres.SAME_BY`; missing unless open both
        times), ``change`` (one of :data:`CENTRE_CHANGES`), ``moved_m``
        (NaN unless open both times), ``elderly_60_before``, ``…_after`` and ``…_change`` (NaN
        where either is too few to be told). Sums are the covered of both runs less those.
    """
    if same is None:
        same = same_centres(placed(before), placed(after))
    one = before.assign(id_before=before.index.astype(object)).rename(index=dict(same.keys))
    two = after.assign(id_after=after.index.astype(object))
    by = same.pairs.set_index("after")["by"]
    ids = one.index.union(two.index).sort_values()
    was, now = ids.isin(one.index), ids.isin(two.index)
    places = [frame.geometry.reindex(ids) for frame in (one, two)]
    moved_m = places[0].distance(places[1], align=False).to_numpy(dtype=float)
    change = np.select(
        [now & ~was, was & ~now, moved_m > MOVED_M],
        ["opened", "closed", "moved"],
        default="stays",
    )
    names = [frame["name"].reindex(ids).astype(object) for frame in (two, one)]
    served = [
        frame["elderly_60"].reindex(ids).where(there, 0.0)
        for frame, there in ((one, was), (two, now))
    ]
    return pd.DataFrame(
        {
            "name": names[0].where(names[0].notna(), names[1]),
            "name_before": names[1],
            "id_before": one["id_before"].reindex(ids).astype(object),
            "id_after": two["id_after"].reindex(ids).astype(object),
            "same_by": by.reindex(ids).astype(object).where(was & now),
            "change": change.astype(object),
            "moved_m": moved_m,
            "elderly_60_before": served[0],
            "elderly_60_after": served[1],
            "elderly_60_change": served[1] - served[0],
        },
        index=ids,
    ).rename_axis("centre")


def placed(centres: GeoDataFrame) -> pd.DataFrame:
    """Return centres as :func:`planner.coverage.same_centres.same_centres` asks for them.

    Parameters
    ----------
    centres
        By id: points in a metre CRS (empty ones are unknown), ``name`` and, where known,
        ``centre_kind``.
    """
    points = centres.geometry
    return pd.DataFrame(
        {
            "name": centres.reindex(columns=["name"])["name"].astype(object),
            "centre_kind": centres.reindex(columns=["centre_kind"])["centre_kind"].astype(object),
            "easting_m": shapely.get_x(points.to_numpy()),
            "northing_m": shapely.get_y(points.to_numpy()),
        },
        index=centres.index,
    )
