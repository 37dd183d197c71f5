"""Where centres stand: how far to those they answer for, to main roads and to layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.coverage.walking import Coverage
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.facts import NEAR
from planner.streets import Heights, read_heights
from planner.streets.network.traffic_roads import traffic_lines
from planner.tables import PLACED
from planner.units import FloatArray
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.standards.judging_layers import LAYERS, layer_shapes
from planner.workflow.standards.judging_radii import claims_of_audit, claims_of_kind, radii_of

LEAST_SLOPE_REACH_M: Final = 15.0
"""The slope of the ground is taken between heights at least so far on each side of a centre (our
own choice: the ground of a building and its yard), and a cell of the heights where that is more."""

NOTHING_TOLD: Final = {
    **dict.fromkeys(("service_radius", "walked_radius", "walked_minutes"), "serves_no_community"),
    "main_road_distance": "no_main_road",
}
"""Why a figure is missing that nothing else is told of: a layer, unless said here."""


def distances(sites: gpd.GeoDataFrame, shapes: np.ndarray) -> FloatArray:
    """Return the air-line distance (m) of each site to the nearest shape, 0 within an area."""
    if not len(shapes) or not len(sites):
        return np.full(len(sites), np.nan)
    tree = shapely.STRtree(shapes)
    points = sites.geometry.to_numpy()
    return np.asarray(shapely.distance(points, shapes[tree.nearest(points)]), dtype=float)


def slopes(sites: gpd.GeoDataFrame, heights: Heights) -> FloatArray:
    """Return the slope of the ground at each site in percent, NaN where there are no heights.

    The steepest ascent of the plane through four heights, d metres to the east, west, north and
    south: ``100 * hypot((e - w) / 2d, (n - s) / 2d)``, d = :data:`LEAST_SLOPE_REACH_M` or a cell.
    """
    reach = max(LEAST_SLOPE_REACH_M, heights.cell_m)
    east, north = sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()
    steps = ((reach, 0.0), (-reach, 0.0), (0.0, reach), (0.0, -reach))
    e, w, n, s = (heights.at(east + dx, north + dy, sites.crs)[0] for dx, dy in steps)
    return np.asarray(100.0 * np.hypot((e - w) / (2 * reach), (n - s) / (2 * reach)))


def near_centres(
    project: Project,
    walks: Walks,
    centres: gpd.GeoDataFrame,
    communities: pd.DataFrame,
    audit: FloorAreaAudit,
    walked: Coverage,
    kinds: tuple[str, ...],
) -> pd.DataFrame:
    """Return what streets and layers tell of every centre, by centre id.

    Parameters
    ----------
    project, walks
        The project, and its residents on its streets.
    centres, communities
        The whole ledgers.
    audit, walked
        The floor-area audit, and who walks to the centres of its book's kinds.
    kinds
        All kinds that a book speaks of.

    Returns
    -------
    DataFrame
        :data:`planner.standards.judging.facts.NEAR` with ``<name>_reason``.
    """
    placed = centres["position"].isin(PLACED) & ~centres.geometry.is_empty
    sites = gpd.GeoDataFrame(centres[placed & centres.geometry.notna()])
    table = pd.DataFrame(index=centres.index)
    own = tuple(audit.book.applies_to)
    served = project.scenario.standard.served
    parts = [(own, claims_of_audit(audit), walked)]
    for kind in kinds:
        of_kind = open_centres(centres, (kind,))
        if kind not in own and len(of_kind):
            reached = walks.coverage_by(of_kind)
            parts.append(
                ((kind,), claims_of_kind(of_kind, communities, reached, served=served), reached)
            )
    radii = [
        radii_of(walks, claims, reached, communities, open_centres(centres, of))
        for of, claims, reached in parts
    ]
    table = pd.concat(radii).reindex(centres.index)
    found: Mapping[str, FloatArray] = _around(project, walks, sites)
    for name, values in found.items():
        table[name] = pd.Series(values, index=sites.index).reindex(centres.index)
    lost = ~centres.index.isin(sites.index)
    for name in NEAR:
        reason, why = f"{name}_reason", NOTHING_TOLD.get(name, "no_layer")
        known = table.reindex(columns=[name, reason])
        table[name] = known[name].astype(float)
        table[reason] = known[reason].astype(object).fillna(why).mask(lost, "not_placed")
    return table


def _around(project: Project, walks: Walks, sites: gpd.GeoDataFrame) -> dict[str, FloatArray]:
    """Return distances to main roads and layers, and slopes, where there is anything to tell."""
    told: dict[str, FloatArray] = {}
    roads = traffic_lines(walks.network)
    if len(roads):
        told["main_road_distance"] = distances(sites, roads)
    for quantity, name in LAYERS.items():
        shapes = layer_shapes(project, name, walks.residents)
        if shapes is not None:
            told[quantity] = distances(sites, shapes)
    heights = project.scenario.streets.heights
    if heights:
        told["ground_slope"] = slopes(
            sites, read_heights([project.folder / file for file in heights])
        )
    return told
