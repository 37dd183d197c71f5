"""What stands between a door and the centre that is nearest to it by air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner import tables, units
from planner.errors import TableError
from planner.labels import message

BARRIER_RANK: Final = ("water", "waterway", "railway", "drawn", "wall", "fence", "hedge")
"""Kinds of barriers, the hardest to get across first: of several on one line the first is named
(our own order: a wall wants a gate, a railway an underpass, a river a bridge). Others come last."""

DRAWN: Final = "drawn"
"""Kind of barriers whose layer does not say what they are: a planner's own."""

TOUCHED_M: Final = 0.001
"""A barrier this near to an end of a line is not crossed by it: a door in the wall itself."""

LONGEST_PIECE_M: Final = 250.0
"""Barriers are cut to pieces of at most this, so that each is near few lines."""

NEARLY_M: Final = 0.001
"""Centres whose straight distances differ by less are equally near; the least id is taken."""

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def same_metres(*frames: GeoDataFrame) -> None:
    """Refuse tables whose coordinates are not metres of one CRS.

    Tables without any CRS are taken for metres of a drawn town.

    Raises
    ------
    TableError
        If a CRS is in degrees, or two differ.
    """
    known = [frame.crs for frame in frames]
    if any(crs is not None and crs.is_geographic for crs in known):
        raise TableError(message("gaps.in_degrees"))
    if any(crs != known[0] for crs in known):
        names = "、".join(sorted({"-" if crs is None else str(crs.name) for crs in known}))
        raise TableError(message("gaps.crs_differ", names=names))


def nearest_by_air(points: GeoDataFrame, centres: GeoDataFrame) -> pd.DataFrame:
    """Return each point's nearest centre by the straight line, exactly.

    Parameters
    ----------
    points, centres
        Points by id, in one metre CRS; missing or empty geometry is allowed.

    Returns
    -------
    DataFrame
        Index that of ``points``: ``centre`` (missing without a place, or without centres) and
        ``air_m`` (NaN there). Of centres equally near, to the millimetre, the least id.

    Raises
    ------
    TableError
        If the CRSs differ or are in degrees.
    """
    same_metres(points, centres)
    placed = centres[~(centres.geometry.isna() | centres.geometry.is_empty)].sort_index()
    shapes: Any = np.asarray(points.geometry.to_numpy(), dtype=object)
    air_m = np.full(len(points), np.nan)
    found = np.full(len(points), pd.NA, dtype=object)
    here = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if len(placed) and len(here):
        sites: Any = np.asarray(placed.geometry.to_numpy(), dtype=object)
        tree = shapely.STRtree(sites)
        row, metres = tree.query_nearest(shapes[here], return_distance=True, all_matches=False)
        air_m[here[row[0]]] = metres
        # All that are as near, but for rounding: the least id, however the ledger was sorted.
        twin, site = tree.query(shapes[here], predicate="dwithin", distance=air_m[here] + NEARLY_M)
        order = np.lexsort((site, twin))
        twin, site = twin[order], site[order]
        first = np.concatenate([[True], np.diff(twin) != 0])
        found[here[twin[first]]] = placed.index.to_numpy()[site[first]]
    return pd.DataFrame({"centre": found, "air_m": air_m}, index=points.index)


@dataclass(frozen=True, eq=False)
class BarrierPieces:
    """Barriers as straight pieces, ready to be asked which lines cross them.

    Parameters
    ----------
    tree
        Of the pieces.
    barrier
        The barrier of each piece, as its place in ``kinds`` and ``names``; shape (pieces,).
    kinds, names
        ``barrier_kind`` (:data:`DRAWN` without one) and ``name`` of each barrier; empty text
        without a name.
    """

    tree: shapely.STRtree
    barrier: Ints
    kinds: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, barriers: GeoDataFrame) -> BarrierPieces:
        """Cut a layer of barriers into pieces.

        Parameters
        ----------
        barriers
            Lines and areas, whose outlines count, in the plan's metre CRS, with ``barrier_kind``
            and ``name`` where known (as ``streets.read_barriers`` gives them).

        Raises
        ------
        TableError
            If its coordinates are degrees.
        """
        same_metres(barriers)
        parts: Any = np.asarray(barriers.geometry.to_numpy(), dtype=object)
        row = np.arange(len(parts))
        for _ in range(2):  # a collection of multi-shapes
            parts, within = shapely.get_parts(parts, return_index=True)
            row = row[within]
        area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        rings, ring_of = shapely.get_rings(parts[area], return_index=True)
        lines = np.concatenate([parts[~area], rings])
        row = np.concatenate([row[~area], row[area][ring_of]]).astype(np.int64)
        ends, line = shapely.get_coordinates(
            shapely.segmentize(lines, LONGEST_PIECE_M), return_index=True
        )
        onward = np.diff(line) == 0
        pieces: Any = shapely.linestrings(np.stack([ends[:-1][onward], ends[1:][onward]], axis=1))
        empty = pd.Series("", index=barriers.index)
        kinds = barriers.get("barrier_kind", empty).fillna("").astype(str).replace("", DRAWN)
        names = barriers.get("name", empty).fillna("").astype(str)
        piece_row = row[line[:-1][onward]]
        return cls(shapely.STRtree(pieces), piece_row, tuple(kinds), tuple(names))

    def crossings(self, start_m: units.FloatArray, end_m: units.FloatArray) -> tuple[Ints, Ints]:
        """Return which lines cross which barriers between their own ends, each pair once.

        Parameters
        ----------
        start_m, end_m
            Ends of straight lines, easting and northing, shape (lines, 2).

        Returns
        -------
        tuple of ndarray of int64
            Lines and barriers, shape (crossings,), in the order of the lines, then the barriers.
        """
        along = end_m - start_m
        length_m = np.hypot(along[:, 0], along[:, 1])
        trim = np.divide(TOUCHED_M, length_m, out=np.zeros(len(along)), where=length_m > 0)
        step = along * np.minimum(trim, 0.5)[:, None]
        lines = shapely.linestrings(np.stack([start_m + step, end_m - step], axis=1))
        line, piece = self.tree.query(lines, predicate="intersects")
        pairs = np.unique(np.stack([line, self.barrier[piece]], axis=1), axis=0)
        return pairs[:, 0], pairs[:, 1]

    def kinds_crossed(self, start_m: units.FloatArray, end_m: units.FloatArray) -> list[str]:
        """Return the kinds that each line crosses, in alphabetical order, joined by 、."""
        line, barrier = self.crossings(start_m, end_m)
        kinds: list[set[str]] = [set() for _ in range(len(start_m))]
        for one, crossed in zip(line.tolist(), barrier.tolist(), strict=True):
            kinds[one].add(self.kinds[crossed])
        return ["、".join(sorted(found)) for found in kinds]

    def crossed(self, start_m: units.FloatArray, end_m: units.FloatArray) -> Bools:
        """Return whether each line crosses any barrier between its own ends; shape (lines,)."""
        told = np.zeros(len(start_m), dtype=bool)
        told[self.crossings(start_m, end_m)[0]] = True
        return told


def _rank(kind: str) -> int:
    return BARRIER_RANK.index(kind) if kind in BARRIER_RANK else len(BARRIER_RANK)


def severing(
    points: GeoDataFrame, centres: GeoDataFrame, barriers: BarrierPieces | None = None
) -> pd.DataFrame:
    """Say what the straight line from each point to its nearest centre by air crosses.

    Parameters
    ----------
    points, centres
        Doors and open centres: points by id, in one metre CRS.
    barriers
        Barriers in that CRS; None where nobody knows of any.

    Returns
    -------
    DataFrame
        Index that of ``points``: ``centre`` and ``air_m`` of :func:`nearest_by_air`;
        ``barrier_kind`` and ``barrier`` (its name) of the hardest barrier that the line crosses
        (:data:`BARRIER_RANK`; of equally hard ones a named one, the first by name), empty texts
        where it crosses none; ``barrier_kinds``, all kinds that it crosses, in the order of the
        alphabet, joined by 、.

    Raises
    ------
    TableError
        If the CRSs differ or are in degrees, or an id is repeated.
    """
    repeated = centres.index[centres.index.duplicated()]
    if len(repeated):
        problem = message("tables.id_repeated", table="centres", ids=tables.listed(repeated))
        raise TableError(message("tables.refused", table="centres"), [problem])
    found = nearest_by_air(points, centres)
    table = found.assign(barrier_kind="", barrier="", barrier_kinds="")
    rows = np.flatnonzero(found["air_m"].notna().to_numpy())
    if barriers is None or not len(barriers.barrier) or not len(rows):
        return table
    start = shapely.get_coordinates(points.geometry.to_numpy()[rows])
    chosen = centres.geometry.reindex(found["centre"].iloc[rows]).to_numpy()
    end = shapely.get_coordinates(chosen)
    line, barrier = barriers.crossings(start, end)
    kinds = np.array(barriers.kinds, dtype=object)[barrier]
    names = np.array(barriers.names, dtype=object)[barrier]
    crossings = pd.DataFrame(
        {
            "row": rows[line],
            "rank": [_rank(kind) for kind in kinds],
            "nameless": names == "",
            "name": names,
            "kind": kinds,
        }
    ).sort_values(["row", "rank", "kind", "nameless", "name"])
    hardest = crossings.drop_duplicates("row").set_index("row")
    columns = {
        "barrier_kind": hardest["kind"].reindex(rows).fillna(""),
        "barrier": hardest["name"].reindex(rows).fillna(""),
        "barrier_kinds": barriers.kinds_crossed(start, end),
    }
    for column, values in columns.items():
        told = table[column].to_numpy(dtype=object, copy=True)
        told[rows] = np.asarray(values, dtype=object)
        table[column] = told
    return table
