"""What the reader of any output must know of the data behind it."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from planner.coverage.walking import Coverage
from planner.labels import Message, message
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.streets import WalkingNetwork
from planner.streets.sources.cache import not_kept
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks

LISTED_SITES: Final = 10
"""Sites named in a notice; of more, only the number is told."""

LEAST_MAIN_SHARE: Final = 0.9
"""Share of street length in the largest part below which the reader is told. OpenStreetMap towns
have 0.97 and more; a layer whose lines do not meet falls far below."""


def notices_of(
    ledgers: Ledgers,
    coverage: Coverage,
    audit: FloorAreaAudit,
    network: WalkingNetwork,
    walks: Walks,
    open_count: int,
    placed: int,
) -> tuple[Message, ...]:
    """Return what the reader of any output must know of the data behind it."""
    told = [*ledgers.notices, *_street_notices(network)]
    for name, row in ledgers.rows.iterrows():
        if row["rows_set_aside"]:
            counts = {key: int(row[key]) for key in ("rows_read", "rows_used", "rows_set_aside")}
            told.append(message("workflow.rows_set_aside", file=row["file"], ledger=name, **counts))
    if placed < open_count:
        told.append(message("workflow.unplaced", unplaced=open_count - placed, open=open_count))
    unknown = int(coverage.residents["elderly_60"].isna().sum())
    if unknown:
        told.append(message("workflow.elders_unknown", rows=unknown))
    rows = int(coverage.states["rows"]["not_joined"])
    if rows:
        elders = round(float(coverage.states["elderly_60"]["not_joined"]))
        told.append(message("workflow.not_joined", rows=rows, elders=elders))
        hidden = walks.behind_barriers()
        if len(hidden):
            behind = round(float(coverage.residents["elderly_60"].reindex(hidden).sum()))
            told.append(message("workflow.behind_barriers", rows=len(hidden), elders=behind))
    area = audit.district
    if area.elders_unknown:
        told.append(message("workflow.elders_of_communities", communities=area.elders_unknown))
    if area.unknown_groups:
        told.append(_unknown_groups(area.unknown_groups, area.unknown_elderly_60))
    if area.unassigned_centres:
        told.append(
            message(
                "workflow.unassigned",
                centres=area.unassigned_centres,
                area=round(area.unassigned_m2),
            )
        )
    return tuple(told)


def _street_notices(network: WalkingNetwork) -> list[Message]:
    """Return what is doubtful about the streets: pieces, loose ends, private ways."""
    told = []
    length_m = network.segment_length_m
    main_share = float(length_m[network.segment_part == 0].sum() / length_m.sum())
    if main_share < LEAST_MAIN_SHARE:
        pieces = {"parts": network.part_count, "share": f"{main_share:.0%}"}
        told.append(message("workflow.streets_in_pieces", **pieces))
        if network.notes.get("open_ends"):
            told.append(message("workflow.open_ends", ends=network.notes["open_ends"]))
    private = network.notes.get("private", {})
    if private.get("estates"):
        share = f"{private['share']:.1%}"
        told.append(message("workflow.private_ways", share=share, estates=private["estates"]))
    if private.get("gates_shut"):
        told.append(message("workflow.gates_shut", gates=private["gates_shut"]))
    kept = not_kept(network)
    return told if kept is None else [*told, kept]


def _unknown_groups(groups: int, elders: float | None) -> Message:
    if elders is None:
        return message("workflow.unknown_groups_and_elders", groups=groups)
    return message("workflow.unknown_groups", groups=groups, elders=round(elders))


def off_streets(
    walks: Walks, open_sites: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame | None
) -> tuple[Message, ...]:
    """Return which sites stand too far from every street to be walked to by anybody.

    Without this, those who live beside such a centre would be told that no way leads through.

    Parameters
    ----------
    walks
        The plan's streets and limits.
    open_sites, candidates
        Operating centres whose coordinates place them, and the candidates, if any.
    """
    limit_m = walks.scenario.streets.join_limit_m
    told = []
    for name, sites in (("centres", open_sites), ("candidates", candidates)):
        lost = [] if sites is None else walks.not_joined(sites)
        if lost:
            shown = "、".join(lost[:LISTED_SITES])
            told.append(
                message(f"workflow.{name}_off_streets", sites=len(lost), ids=shown, limit_m=limit_m)
            )
    return tuple(told)
