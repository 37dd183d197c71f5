"""From communities to the places where people live: elders spread over residential buildings."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from planner.labels import Message, message
from planner.ledgers.cells import cut_by
from planner.ledgers.findings import Finding
from planner.ledgers.placing import Gazetteer, communities_at
from planner.ledgers.sharing import shared_out
from planner.ledgers.spots import inner_points
from planner.ledgers.spreading_cells import Spread, checked_crs, homeless, joined, over_pieces

HOUSING: Final = "住宅"


def spread_over_buildings(
    communities: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    cells: gpd.GeoDataFrame | None = None,
    without_homes: str = "point",
) -> Spread:
    """Spread each community's people over its residential buildings.

    Of a community's figure P its building b gets P · w_b / Σ w, with w = footprint (m²) × floors:
    a share of the floor area. Totals are kept (to 1e-9 relative, the rounding of floats); persons
    are fractions on purpose, since rounding them would lose some. A figure that a community does
    not know is unknown in its buildings too.

    A building belongs to the community that it names (an id, or a name that only one has), else
    to the one that it lies in. Missing floors are the community's median, else that of all
    buildings, else 1. A community without buildings is spread over ``cells``, where it has any,
    else as ``without_homes`` says.

    Parameters
    ----------
    communities
        Outlines with ``name``, in a metre CRS; whichever of population, elderly_60/65/80,
        disabled and living_alone it has are spread.
    buildings
        Footprints with ``floors``; optional ``community``, ``building_use`` (all but 住宅 are set
        aside; empty counts as 住宅) and ``footprint_m2`` (where given, it goes before the area of
        the shape).
    cells
        For communities without buildings: as for
        :func:`planner.ledgers.spreading_cells.spread_over_cells`.
    without_homes
        As for :func:`planner.ledgers.spreading_cells.spread_over_cells`.

    Returns
    -------
    Spread
        Rows of ``buildings`` = resident rows placed by building + rows set aside.

    Raises
    ------
    ValueError
        If the communities are not in a metre CRS, or ``without_homes`` is unknown.
    """
    crs = checked_crs(communities, without_homes)
    # Sums of floats depend on their order; rows in the order of ids make the answer the same.
    communities = communities.sort_index()
    stock = buildings.sort_index().to_crs(crs)
    findings: list[Finding] = []
    aside: dict[str, Message] = {}
    stock = _housing(stock, aside, findings)
    stock["community"] = _communities_of(stock, communities, findings)
    stock = _without(stock, stock["community"].isna(), "ledgers.building_outside", aside)
    stock["footprint"] = _footprints(stock)
    stock = _without(stock, ~(stock["footprint"] > 0.0), "ledgers.no_footprint", aside)
    floors = _floors(stock, findings)
    housed = shared_out(communities, stock["community"], stock["footprint"] * floors)
    housed["placed_by"] = "building"
    points = inner_points(stock.geometry.to_numpy())
    spread = gpd.GeoDataFrame(housed, geometry=gpd.GeoSeries(points, index=stock.index, crs=crs))
    lone = communities[~communities.index.isin(spread["community"])]
    if cells is None and without_homes == "point":
        # Communities that go to cells or squares are told of there.
        for code, name in lone["name"].items():
            told = message("ledgers.community_without_buildings", name=name, code=code)
            findings.append(Finding(told, "note"))
    if cells is not None and len(lone):
        there = cells.sort_index().to_crs(crs)
        pieces = cut_by(there, lone.geometry)
        other = over_pieces(lone, there, pieces, without_homes, findings)
    else:
        other = homeless(lone, without_homes, findings)
    return Spread(joined(spread, other), aside, tuple(findings))


def _without(
    stock: gpd.GeoDataFrame, wrong: pd.Series, key: str, aside: dict[str, Message]
) -> gpd.GeoDataFrame:
    aside |= {str(name): message(key) for name in stock.index[wrong]}
    return stock[~wrong].copy()


def _housing(
    stock: gpd.GeoDataFrame, aside: dict[str, Message], findings: list[Finding]
) -> gpd.GeoDataFrame:
    if "building_use" not in stock or stock["building_use"].isna().all():
        findings.append(Finding(message("ledgers.use_unknown", rows=len(stock)), "note"))
        return stock.copy()
    use = stock["building_use"]
    unknown = int(use.isna().sum())
    if unknown:
        findings.append(Finding(message("ledgers.use_unknown", rows=unknown), "doubt"))
    other = use.notna() & (use != HOUSING)
    aside |= {
        str(name): message("ledgers.not_housing", use=word) for name, word in use[other].items()
    }
    return stock[~other].copy()


def _communities_of(
    stock: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, findings: list[Finding]
) -> pd.Series:
    """Return each building's community: what it names, else where it lies."""
    named = pd.Series(None, index=stock.index, dtype=object)
    if "community" in stock:
        named, told = labelled(stock["community"], communities)
        findings += told
    lost = named.isna()
    if lost.any():
        points = inner_points(stock.geometry.to_numpy()[lost.to_numpy()])
        where = gpd.GeoSeries(points, index=stock.index[lost], crs=stock.crs)
        named = named.where(~lost, communities_at(where, communities).reindex(stock.index))
    return named


def labelled(labels: pd.Series, communities: gpd.GeoDataFrame) -> tuple[pd.Series, list[Finding]]:
    """Return the community that each label names exactly, and what is to be said of the rest.

    Parameters
    ----------
    labels
        Ids or names of communities; missing where a row names none.
    communities
        The plan's communities.

    Returns
    -------
    tuple
        Ids (``None`` where there is no label, or none or several communities of that name), and
        one finding for each such label.
    """
    gazetteer = Gazetteer.of(communities)
    meant: dict[str, str | None] = {}
    findings = []
    for label, rows in labels.value_counts().sort_index().items():
        codes = gazetteer.candidates(str(label))
        meant[str(label)] = codes[0] if len(codes) == 1 else None
        if len(codes) != 1:
            told = message("ledgers.label_unknown", label=label, rows=int(rows))
            findings.append(Finding(told, "doubt", column="community"))
    found = labels.astype(object).map(meant)
    return found.astype(object).where(found.notna(), None), findings


def _footprints(stock: gpd.GeoDataFrame) -> pd.Series:
    area: pd.Series = stock.geometry.area
    if "footprint_m2" in stock:
        area = stock["footprint_m2"].where(stock["footprint_m2"] > 0.0, area)
    return area


def _floors(stock: gpd.GeoDataFrame, findings: list[Finding]) -> pd.Series:
    """Return floors, those missing filled with the median of the community, else of all."""
    floors: pd.Series = stock["floors"].astype(float)
    missing = floors.isna()
    if not missing.any():
        return floors
    overall = float(floors.median()) if floors.notna().any() else 1.0
    medians = floors.groupby(stock["community"]).median()
    known = medians.notna()
    medians = medians.where(known, overall)
    for name, count in stock["community"][missing].value_counts().sort_index().items():
        key = "ledgers.floors_of_community" if known[name] else "ledgers.floors_of_all"
        told = message(key, community=name, rows=int(count), floors=float(medians[name]))
        findings.append(Finding(told, "doubt", column="floors"))
    filled: pd.Series = floors.where(~missing, stock["community"].map(medians))
    return filled
