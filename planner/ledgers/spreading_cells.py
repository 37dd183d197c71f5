"""Communities' figures spread over cells of a raster or grid, or, without any, over themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from planner.labels import Message, message
from planner.ledgers.cells import Pieces, cut_by, even_cells
from planner.ledgers.findings import Finding
from planner.ledgers.sharing import PEOPLE_COLUMNS, shared_out
from planner.scenario import WITHOUT_HOMES

COMMUNITY_POINT_PREFIX: Final = "P"
"""What the id of a community without homes begins with as a resident row."""

PLACED_BY: Final = ("given", "building", "cell", "area", "community")
"""How a resident row came to its place: as the ledger gives it; on a building; in a cell of a
raster or grid; in a square of a community divided evenly; at one point of its community. The last
two are approximate (近似)."""

APPROXIMATE: Final = ("area", "community")


@dataclass(frozen=True)
class Spread:
    """Residents that communities' figures were spread over.

    Parameters
    ----------
    residents
        One row for each home: community, population, elderly_60/65/80, disabled, living_alone,
        placed_by (one of :data:`PLACED_BY`), geometry (a point in the home). Sorted by id: a
        building's own; a cell's (``cell/community`` where several share it); ``P`` + the
        community's id, where one point stands for it.
    set_aside
        Buildings not used: id → reason.
    findings
        What is to be said of it.
    """

    residents: gpd.GeoDataFrame
    set_aside: Mapping[str, Message]
    findings: tuple[Finding, ...]


def spread_over_cells(
    communities: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, without_homes: str = "point"
) -> Spread:
    """Spread each community's people over the cells of a population raster or grid.

    A cell's people tell only how a community's own are distributed; the totals are the
    communities' (:func:`planner.ledgers.sharing.shared_out`, ring of ages by ring). A cell on a
    boundary is shared by area (:mod:`planner.ledgers.cells`).

    Parameters
    ----------
    communities
        As for :func:`spread_over_buildings`.
    cells
        Outlines or points with some of population, elderly_60/65/80; index = ids. What they do
        not know counts as nobody.
    without_homes
        What becomes of a community without a cell: ``point``, all of it at one point inside it;
        ``area``, evenly over squares of 100 m (wider in vast ones). Both are told as 近似.

    Returns
    -------
    Spread
        Nothing is set aside: cells outside all communities are told of.

    Raises
    ------
    ValueError
        If the communities are not in a metre CRS, or ``without_homes`` is unknown; if no cell has
        a column of people.
    """
    crs = checked_crs(communities, without_homes)
    communities = communities.sort_index()
    cells = cells.sort_index().to_crs(crs)
    findings: list[Finding] = []
    pieces = cut_by(cells, communities.geometry)
    tell_cells(pieces, findings)
    residents = over_pieces(communities, cells, pieces, without_homes, findings)
    return Spread(residents, {}, tuple(findings))


def over_pieces(
    communities: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    pieces: Pieces,
    without_homes: str,
    findings: list[Finding],
) -> gpd.GeoDataFrame:
    """Return communities' figures on pieces of cells, and the rows of communities without any."""
    spread = _on_pieces(communities, cells, pieces).assign(placed_by="cell")
    met = int(spread["community"].nunique())
    told = message("residents.spread_over_cells", cells=len(spread), communities=met)
    findings.append(Finding(told, "note"))
    lone = communities[~communities.index.isin(spread["community"])]
    for code, name in lone["name"].items():
        told = message("residents.community_without_cells", name=name, code=code)
        findings.append(Finding(told, "doubt"))
    return joined(spread, homeless(lone, without_homes, findings))


def checked_crs(communities: gpd.GeoDataFrame, without_homes: str) -> pyproj.CRS:
    """Return the communities' metre CRS; refuse degrees, and an unknown ``without_homes``."""
    crs = pyproj.CRS.from_user_input(communities.crs)
    if not crs.is_projected:
        text = f"communities must be in a metre CRS, not {crs.name}"
        raise ValueError(text)
    if without_homes not in WITHOUT_HOMES:
        text = f"without_homes must be one of {', '.join(WITHOUT_HOMES)}, not {without_homes!r}"
        raise ValueError(text)
    return crs


def tell_cells(pieces: Pieces, findings: list[Finding]) -> None:
    """Tell of cells that no community holds whole, and of those that several claim."""
    outside = int((pieces.outside > 0.0).sum())
    if outside:
        wholly = int((pieces.outside >= 1.0).sum())
        told = message("residents.cells_outside", cells=outside, wholly=wholly)
        findings.append(Finding(told, "note"))
    if pieces.overlapping:
        told = message("residents.cells_overlap", cells=pieces.overlapping)
        findings.append(Finding(told, "doubt"))


def piece_ids(pieces: Pieces) -> pd.Index:
    """Return the id of each piece: its cell's, with its community's where the cell has several."""
    table = pieces.table
    several = table["cell"].duplicated(keep=False)
    joined = table["cell"].astype(str) + "/" + table["community"].astype(str)
    ids: pd.Index = pd.Index(
        table["cell"].astype(str).where(~several, joined).to_numpy(dtype=object)
    )
    return ids


def piece_people(cells: gpd.GeoDataFrame, pieces: Pieces) -> pd.DataFrame:
    """Return the cells' own people in each piece, by its share; index = ids of the pieces."""
    table = pieces.table
    known = [name for name in PEOPLE_COLUMNS if name in cells and cells[name].notna().any()]
    if not known:
        text = f"cells must have one of {', '.join(PEOPLE_COLUMNS)}"
        raise ValueError(text)
    place = cells.index.get_indexer(table["cell"].to_numpy())
    share = table["share"].to_numpy()
    return pd.DataFrame(
        {name: cells[name].to_numpy(dtype=np.float64)[place] * share for name in known},
        index=piece_ids(pieces),
    )


def _on_pieces(
    communities: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, pieces: Pieces
) -> gpd.GeoDataFrame:
    weights = piece_people(cells, pieces).fillna(0.0)
    homes = pieces.table["community"].set_axis(weights.index)
    people = shared_out(communities, homes, weights)
    points = pieces.table.geometry.set_axis(weights.index)
    return gpd.GeoDataFrame(people, geometry=points, crs=communities.crs)


def joined(*parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rows of residents as one table, sorted by id; later ids that are taken get a ``+``."""
    taken: set[str] = set()
    filled = []
    for part in parts:
        if len(part):
            ids = part.index
            while (met := ids.isin(list(taken))).any():
                ids = pd.Index(np.where(met, ids.astype(str) + "+", ids), dtype=object)
            taken |= set(ids)
            filled.append(part.set_axis(ids))
    return pd.concat(filled).sort_index() if filled else parts[0]


def homeless(
    lone: gpd.GeoDataFrame, without_homes: str, findings: list[Finding]
) -> gpd.GeoDataFrame:
    """Return the rows of communities without a home: one point each, or squares of them."""
    if without_homes == "point" or lone.empty:
        return _at_points(lone)
    outlined = lone.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    parts = [_at_points(lone[~outlined])]
    for code, outline in lone.geometry[outlined].items():
        squares = even_cells(outline, lone.crs, f"{COMMUNITY_POINT_PREFIX}{code}")
        own = lone.loc[[code]]
        spread = _on_pieces(own, squares, cut_by(squares, own.geometry))
        parts.append(spread.assign(placed_by="area"))
    if outlined.any():
        told = message("residents.divided_evenly", communities=int(outlined.sum()))
        findings.append(Finding(told, "doubt"))
    return joined(*parts)


def _at_points(lone: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row for each community, at a point inside it."""
    ids = [f"{COMMUNITY_POINT_PREFIX}{code}" for code in lone.index]
    homes = pd.Series(lone.index.to_numpy(), index=pd.Index(ids, dtype=object), dtype=object)
    people = shared_out(lone, homes, pd.Series(1.0, index=homes.index))
    people["placed_by"] = "community"
    points = lone.geometry.representative_point().set_axis(homes.index)
    return gpd.GeoDataFrame(people, geometry=points, crs=lone.crs)
