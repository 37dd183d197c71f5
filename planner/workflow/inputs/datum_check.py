"""Each ledger's points held against the streets: whether its datum is what the project says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd

from planner.labels import Message
from planner.ledgers import Ledger
from planner.ledgers.findings import Journal
from planner.scenario import Scenario
from planner.streets import WalkingNetwork, datum_offset

CHECKED: Final = ("residents", "centres", "candidates", "estates")

OWN_PLACES: Final = ("given", "building")
"""Residents whose places are the ledger's own, and not made of a grid or a community."""

RASTERS: Final = (".tif", ".tiff")


def datums_checked(
    read: Mapping[str, Ledger],
    scenario: Scenario,
    network: WalkingNetwork,
    communities: gpd.GeoDataFrame,
) -> tuple[dict[str, Ledger], tuple[Message, ...]]:
    """Return the ledgers with a finding for each whose points sit elsewhere, and the same to tell.

    Parameters
    ----------
    read
        Ledgers by name.
    scenario
        The datum that each declares.
    network
        The plan's streets.
    communities
        Whose union is the district.
    """
    district = gpd.GeoSeries([communities.geometry.union_all()], crs=communities.crs)
    checked, notices = dict(read), []
    for name in CHECKED:
        if name not in read or read[name].file.suffix.lower() in RASTERS:
            continue
        found = datum_offset(
            network,
            own_places(read[name].table),
            declared=getattr(scenario, name).datum or "wgs84",
            outline=district,
        )
        told = found.message(read[name].file.name, name)
        if told is not None:
            journal = Journal(read[name].file.name)
            journal.add("doubt", told)
            checked[name] = read[name].with_findings(journal, read[name].table)
            notices.append(told)
    return checked, tuple(notices)


def own_places(table: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the places that a ledger itself gives, leaving out those put there for want of any."""
    if "position" in table:
        return table.geometry[table["position"].isin(["given", "doubtful"])]
    if "placed_by" in table:
        return table.geometry[table["placed_by"].isin(OWN_PLACES)]
    return table.geometry
