"""Where centres stand: how far to those they answer for, to main roads and to layers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.coverage.areas import community_of
from planner.coverage.community_centre import community_centre
from planner.coverage.serving import named_communities
from planner.coverage.walking import Coverage
from planner.errors import StreetsError
from planner.labels import message
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.facts import NEAR
from planner.streets import Heights, WalkingNetwork, nearest_centre, read_heights
from planner.streets.joining.joining import segment_lines
from planner.streets.road_layers.files import read_features
from planner.tables import PLACED
from planner.units import FloatArray, metres_from_minutes
from planner.workflow.project import Project
from planner.workflow.walking import Walks, open_centres

LAYERS: Final = {
    "noise_distance": "noise",
    "pollution_distance": "pollution",
    "medical_distance": "medical",
}
"""Quantities that are distances to a layer, with its name in ``[standard]``."""

LEAST_SLOPE_REACH_M: Final = 15.0
"""The slope of the ground is taken between heights at least so far on each side of a centre (our
own choice: the ground of a building and its yard), and a cell of the heights where that is more."""


def claims_of_audit(audit: FloorAreaAudit) -> pd.DataFrame:
    """Return ``centre, community``: who answers for whom, by the audit's service groups.

    Each community has all centres of its group; a village those whose group it walks to.
    """
    groups = audit.service_groups
    of_group = groups.centre_group.dropna().rename("group").rename_axis("centre").reset_index()
    members = groups.community_group.rename("group").rename_axis("community").reset_index()
    urban = of_group.merge(members, on="group")[["centre", "community"]]
    villages = groups.centre_villages.dropna().str.split("、").explode()
    rural = pd.DataFrame({"centre": villages.index, "community": villages.to_numpy()})
    return pd.concat([urban, rural], ignore_index=True).astype(object)


def claims_of_kind(
    centres: pd.DataFrame, communities: pd.DataFrame, walked: Coverage, *, served: str = "ledger"
) -> pd.DataFrame:
    """Return ``centre, community`` for a kind without service groups: by list, else by the walk.

    Where the project goes by the walk alone (``[standard] served``) the lists tell nothing.

    Parameters
    ----------
    centres
        Operating centres of the kind.
    communities
        The communities.
    walked
        Who walks to the nearest of these centres.
    served
        ``ledger`` or ``walk``.
    """
    lists = centres if served == "ledger" else centres.assign(serves=None)
    named = named_communities(lists, communities).pairs
    nearest = community_centre(walked, communities).dropna()
    nearest = nearest[~nearest.index.isin(named["community"])]
    by_walk = pd.DataFrame({"centre": nearest.to_numpy(), "community": nearest.index})
    return pd.concat([named, by_walk], ignore_index=True).astype(object)


def air_radii(
    claims: pd.DataFrame, homes: gpd.GeoDataFrame, community: pd.Series, sites: gpd.GeoDataFrame
) -> pd.Series:
    """Return how far (air line, m) the farthest home is that each centre answers for.

    A home that several centres answer for counts with the nearest of them.

    Parameters
    ----------
    claims
        ``centre, community``.
    homes
        Where elders live.
    community
        Community of each home.
    sites
        The centres' places, in the same metre CRS.
    """
    placed = claims[claims["centre"].isin(sites.index)]
    pairs = pd.DataFrame({"home": np.arange(len(homes)), "community": community.to_numpy()})
    pairs = pairs.merge(placed, on="community")
    spots = sites.geometry.loc[pairs["centre"]].to_numpy()
    metres = shapely.distance(homes.geometry.to_numpy()[pairs["home"]], spots)
    ranked = pairs.assign(metres=metres).sort_values(["home", "metres", "centre"])
    return ranked.drop_duplicates("home").groupby("centre")["metres"].max()


def walked_minutes(
    claims: pd.DataFrame,
    walks: Walks,
    nearest: Coverage,
    community: pd.Series,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return ``centre, minutes`` by resident row: the walk to the nearest that answers for it.

    Where the nearest of all these centres answers for a home, its walk is known already; else the
    streets are searched once for each set of centres that answer for the same communities.

    Parameters
    ----------
    claims
        ``centre, community``.
    walks
        The plan's walks.
    nearest
        Each resident's walk to the nearest of all these centres.
    community
        Community of each resident row, in the same order.
    sites
        The centres' places.

    Returns
    -------
    DataFrame
        By resident id; missing where nobody answers for a home or no walk leads there.
    """
    placed = claims[claims["centre"].isin(sites.index)].sort_values("centre")
    sets = placed.groupby("community")["centre"].agg(tuple)
    spots = walks.points(sites)
    answering = community.map(sets)
    residents = nearest.residents
    own = residents["nearest"].to_numpy(dtype=object)
    answers = answering.to_numpy(dtype=object)
    known = np.array(
        [isinstance(some, tuple) and one in some for one, some in zip(own, answers, strict=True)],
        dtype=bool,
    )
    found = pd.DataFrame({"centre": None, "minutes": np.nan}, index=residents.index)
    found["centre"] = pd.Series(own, index=residents.index, dtype=object).where(known, None)
    found["minutes"] = residents["walk_minutes"].astype(float).where(known)
    for answering_set in sorted(set(answering[~known].dropna())):
        rows = np.flatnonzero(~known & (answering == answering_set).to_numpy())
        table = nearest_centre(
            walks.network,
            walks.joined.loc[residents.index[rows]],
            spots.loc[list(answering_set)],
            walker=walks.walker,
        )
        found.iloc[rows, 0] = table["nearest"].astype(object).to_numpy()
        found.iloc[rows, 1] = table["walk_minutes"].to_numpy(dtype=float)
    return found


def walked_radii(found: pd.DataFrame, homes: pd.Index) -> pd.Series:
    """Return the longest walk of each centre's homes, in minutes; those without a way left out."""
    lived = found.loc[homes].dropna()
    return lived.groupby("centre")["minutes"].max()


def flat(walks: Walks) -> Walks:
    """Return the walks of one who goes the shortest way: whom neither slope nor steps slow.

    Minutes times speed are then the metres walked.
    """
    who = walks.walker
    own = dataclasses.replace(
        walks.scenario.walking,
        slope="flat",
        steps_factor=1.0,
        steps_refused=who.steps_refused,
        signal_s=0.0,
        crossing_s=0.0,
    )
    return dataclasses.replace(walks, scenario=dataclasses.replace(walks.scenario, walking=own))


def distances(sites: gpd.GeoDataFrame, shapes: np.ndarray) -> FloatArray:
    """Return the air-line distance (m) of each site to the nearest shape, 0 within an area."""
    if not len(shapes) or not len(sites):
        return np.full(len(sites), np.nan)
    tree = shapely.STRtree(shapes)
    points = sites.geometry.to_numpy()
    return np.asarray(shapely.distance(points, shapes[tree.nearest(points)]), dtype=float)


def main_roads(network: WalkingNetwork) -> np.ndarray:
    """Return the network's main roads as lines."""
    main = network.segment_main_road > 0
    return np.asarray(segment_lines(network)[main])


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


def read_layer(project: Project, name: str, crs: object) -> np.ndarray | None:
    """Return the shapes of a layer of ``[standard]`` in the plan's CRS; ``None`` if not named.

    Raises
    ------
    InputFileError
        If the file is missing or is not what its ending says.
    StreetsError
        If it has no CRS, or holds no shapes.
    """
    file = getattr(project.scenario.standard, name)
    if file is None:
        return None
    frame, _ = read_features(project.folder / file)
    if frame.crs is None:
        problem = message("barriers.file_without_crs", table=file)
        raise StreetsError(message("judging.layer_refused", file=file), [problem])
    shapes = frame.geometry.to_crs(crs).to_numpy()
    return np.asarray(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])


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
        _radii(walks, claims, reached, communities, open_centres(centres, of))
        for of, claims, reached in parts
    ]
    table = pd.concat(radii).reindex(centres.index)
    found: Mapping[str, FloatArray] = _around(project, walks, sites)
    for name, values in found.items():
        table[name] = pd.Series(values, index=sites.index).reindex(centres.index)
    for name in NEAR:
        given = name in table.columns
        why = "no_layer" if not given else "serves_no_community"
        table[name] = table[name] if given else np.nan
        table[f"{name}_reason"] = np.where(~centres.index.isin(sites.index), "not_placed", why)
    return table


def _radii(
    walks: Walks,
    claims: pd.DataFrame,
    walked: Coverage,
    communities: pd.DataFrame,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return the three radii of centres, by centre id: never merged (TRADE 4)."""
    residents = walks.residents
    community = community_of(walked, communities)
    lived = (residents["elderly_60"].fillna(0.0) > 0).to_numpy()
    homes = gpd.GeoDataFrame(residents[lived])
    shortest = flat(walks)
    metres = walked_minutes(claims, shortest, shortest.coverage_by(sites), community, sites)
    minutes = walked_minutes(claims, walks, walked, community, sites)
    speed = shortest.walker.speed_m_s
    return pd.DataFrame(
        {
            "service_radius": air_radii(claims, homes, community[lived], sites),
            "walked_radius": metres_from_minutes(1.0, speed) * walked_radii(metres, homes.index),
            "walked_minutes": walked_radii(minutes, homes.index),
        }
    )


def _around(project: Project, walks: Walks, sites: gpd.GeoDataFrame) -> dict[str, FloatArray]:
    """Return distances to main roads and layers, and slopes, where there is anything to tell."""
    told: dict[str, FloatArray] = {}
    roads = main_roads(walks.network)
    if len(roads):
        told["main_road_distance"] = distances(sites, roads)
    for quantity, name in LAYERS.items():
        shapes = read_layer(project, name, sites.crs)
        if shapes is not None and len(shapes):
            told[quantity] = distances(sites, shapes)
    heights = project.scenario.streets.heights
    if heights:
        told["ground_slope"] = slopes(
            sites, read_heights([project.folder / file for file in heights])
        )
    return told
