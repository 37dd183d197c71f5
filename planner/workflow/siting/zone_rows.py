"""Proposed places as the outputs show them: few elders are withheld, coordinates are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, Told
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.small_counts import without_small_parts
from planner.solver import Status
from planner.units import BoolArray
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.elders import PLAIN_WEIGHT
from planner.workflow.standards.planned_audit import community_at

CGCS2000: Final = "EPSG:4490"
DECIMALS: Final = 6
"""Of degrees: about a decimetre."""

COLUMNS_SHOWN: Final = (
    "name", "zone_community", "zone_60", "zone_walk_minutes", "zone_walk_minutes_largest",
    "zone_places", "zone_longitude", "zone_latitude",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ShownZones:
    """What outputs show of the proposals: zones of a few elders are left out.

    Parameters
    ----------
    table
        Points, index the zone's id, the most elders first: ``name``, ``zone_60`` (elders aged
        60+ told under it), ``zone_walk_minutes``, ``zone_walk_minutes_largest``,
        ``zone_places``, ``zone_longitude``, ``zone_latitude`` (CGCS2000, degrees).
    elders
        Those of all zones shown.
    too_few
        Zones that are left out.
    only_barred, out_of_reach
        Resident rows that only places in water, and that no place would reach.
    status
        How far it is proven that no fewer places do.
    """

    table: gpd.GeoDataFrame
    elders: float
    too_few: int
    only_barred: int
    out_of_reach: int
    status: Status


def shown_zones(siting: Siting) -> ShownZones | None:
    """Return the proposals as outputs show them; ``None`` where there are none."""
    found = siting.proposed
    if found is None:
        return None
    people = siting.most.asked.residents[PLAIN_WEIGHT]
    elders = people.loc[found.members.index].groupby(found.members.to_numpy()).sum()
    zone = found.zones
    points = found.proposals.geometry
    degrees = points.to_crs(CGCS2000)
    table = gpd.GeoDataFrame(
        {
            "name": zone["name"],
            "zone_60": elders.reindex(zone.index).astype(float),
            "zone_walk_minutes": zone["mean_minutes"],
            "zone_walk_minutes_largest": zone["worst_minutes"],
            "zone_places": zone["places"],
            "zone_longitude": degrees.x.round(DECIMALS),
            "zone_latitude": degrees.y.round(DECIMALS),
        },
        geometry=points,
    )
    shown = table[
        _tellable(
            table["zone_60"], float(people.loc[[*found.only_barred, *found.out_of_reach]].sum())
        )
    ]
    shown = shown.sort_values("zone_60", ascending=False, kind="stable")
    return ShownZones(
        table=gpd.GeoDataFrame(shown),
        elders=float(shown["zone_60"].sum()),
        too_few=len(table) - len(shown),
        only_barred=len(found.only_barred),
        out_of_reach=len(found.out_of_reach),
        status=found.fewest.status,
    )


def _tellable(elders: pd.Series[Any], rest: float) -> BoolArray:
    """Tell which zones may be shown: neither they nor what is left of the total tell of a few.

    Parameters
    ----------
    elders
        Of each zone; with the rest they add up to all whom no candidate reaches.
    rest
        Those whom no place reaches.
    """
    parts = pd.DataFrame([[*elders, rest]])
    told: BoolArray = without_small_parts(parts).notna().to_numpy()[0, :-1]
    return told & (elders.to_numpy() >= LEAST_ELDERS)


def zone_points(
    siting: Siting | None, communities: gpd.GeoDataFrame, names: SiteNames
) -> gpd.GeoDataFrame:
    """Return the proposed places as the map, the layers and the sheet show them; empty for none.

    Parameters
    ----------
    siting
        What was found; ``None`` where the project names no candidates.
    communities
        Their outlines, to tell where a place lies.
    names
        What they are called.
    """
    shown = None if siting is None else shown_zones(siting)
    if shown is None:
        empty: dict[str, list[float]] = {name: [] for name in COLUMNS_SHOWN}
        return gpd.GeoDataFrame(empty, geometry=[], crs=communities.crs)
    table = shown.table.to_crs(communities.crs)
    home = community_at(table.geometry, communities)
    table = table.assign(zone_community=home.map(lambda one: names.communities.get(one, one)))
    return gpd.GeoDataFrame(table[[*COLUMNS_SHOWN, "geometry"]])


def zone_sheet(
    siting: Siting | None, communities: gpd.GeoDataFrame, names: SiteNames, language: Language
) -> Told:
    """Return the sheet of proposed places, and what is to be known of them.

    Parameters
    ----------
    siting, communities, names
        As for :func:`zone_points`.
    language
        Language of the sentences.
    """
    points = zone_points(siting, communities, names)
    plain = points.drop(columns="geometry").rename_axis("id").reset_index()
    table = plain.reindex(columns=list(COLUMNS["zones"]))
    shown = None if siting is None else shown_zones(siting)
    if shown is None:
        return Told(table, (text("siting_told.zones_none", language),))
    status = text(f"siting.status_{shown.status}", language)
    told = {"elders": shown.elders, "n": len(shown.table), "status": status}
    lines = [text("siting_told.zones_total", language, **told)]
    if shown.too_few:
        lines.append(text("siting_told.zones_few", language, n=shown.too_few))
    if shown.only_barred or shown.out_of_reach:
        left = {"barred": shown.only_barred, "out": shown.out_of_reach}
        lines.append(text("siting_told.zones_left", language, **left))
    return Told(table, tuple(lines))
