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
from planner.siting.results import PlanStatus
from planner.units import BoolArray
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.elders import PLAIN_WEIGHT
from planner.workflow.siting.small import shown_levels
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
    only_barred, only_too_near, out_of_reach
        Resident rows that only places in water, only places too near a centre, and that no place
        would reach.
    without_weight
        Resident rows with elders whom no plan reaches, but who weigh nothing in the question.
    crowded
        Pairs of shown zones whose points stand nearer to each other than the least distance.
    status
        How far it is proven that no fewer places do.
    """

    table: gpd.GeoDataFrame
    elders: float
    too_few: int
    only_barred: int
    only_too_near: int
    out_of_reach: int
    without_weight: int
    crowded: tuple[tuple[str, str], ...]
    status: PlanStatus


def shown_zones(siting: Siting) -> ShownZones | None:
    """Return the proposals as outputs show them; ``None`` where there are none."""
    found, levels = siting.proposed, shown_levels(siting)
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
    unreached = levels.beyond.unreached
    rest = float(unreached[~unreached.index.isin(found.members.index)].sum())
    shown = table[_tellable(table["zone_60"], rest)]
    shown = shown.sort_values("zone_60", ascending=False, kind="stable")
    while len(shown) and not levels.tells_unreached(float(shown["zone_60"].sum())):
        shown = shown.iloc[:-1]
    crowded = found.crowded[["first", "second"]]
    crowded = crowded[crowded.isin(list(shown.index)).all(axis="columns")]
    return ShownZones(
        table=gpd.GeoDataFrame(shown),
        elders=float(shown["zone_60"].sum()),
        too_few=len(table) - len(shown),
        only_barred=len(found.only_barred),
        only_too_near=len(found.only_too_near),
        out_of_reach=len(found.out_of_reach),
        without_weight=_without_weight(siting),
        crowded=tuple((str(one), str(two)) for one, two in crowded.itertuples(index=False)),
        status=found.fewest.status,
    )


def _without_weight(siting: Siting) -> int:
    """Return how many rows of elders no plan reaches, and no question asks for."""
    unreached = shown_levels(siting).beyond.unreached.index
    return int((~unreached.isin(list(siting.most.unreachable))).sum())


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
    return Told(table, tuple(_lines(siting, language)))


def _lines(siting: Siting | None, language: Language) -> list[str]:
    """Return what is to be known of the proposals: for whom there are some, for whom none."""

    def say(key: str, **told: Any) -> str:
        return text(f"siting_told.zones_{key}", language, **told)

    if siting is None:
        return [say("no_siting")]
    if not siting.asked.settings.zones:
        return [say("not_asked")]
    shown = shown_zones(siting)
    if shown is None:
        without = _without_weight(siting)
        return [say("none")] if not without else [say("without_weight", n=without)]
    lines = [say("nowhere")]
    if len(shown.table):
        status = text(f"siting.status_{shown.status}", language)
        lines = [say("total", elders=shown.elders, n=len(shown.table), status=status)]
    if shown.too_few:
        lines.append(say("few", n=shown.too_few))
    parts = {
        "barred": shown.only_barred,
        "too_near": shown.only_too_near,
        "out": shown.out_of_reach,
        "without_weight": shown.without_weight,
    }
    lines += [say(key, n=rows) for key, rows in parts.items() if rows]
    if shown.crowded:
        mark = text("outputs.list_mark", language)
        names = shown.table["name"]
        pairs = mark.join(
            say("pair", first=names[one], second=names[two]) for one, two in shown.crowded
        )
        metres = siting.asked.settings.least_distance_m
        lines.append(say("crowded", pairs=pairs, metres=metres))
    return lines
