"""What the reader of any output must know of the data behind it."""

from __future__ import annotations

from planner.coverage.walking import Coverage
from planner.labels import Message, message
from planner.standards.audit import FloorAreaAudit
from planner.streets import WalkingNetwork
from planner.workflow.reading import Ledgers


def notices_of(
    ledgers: Ledgers,
    coverage: Coverage,
    audit: FloorAreaAudit,
    network: WalkingNetwork,
    open_count: int,
    placed: int,
) -> tuple[Message, ...]:
    """Return what the reader of any output must know of the data behind it."""
    told = list(ledgers.notices)
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
    area = audit.district
    if area.unknown_groups:
        told.append(
            message(
                "workflow.unknown_groups",
                groups=area.unknown_groups,
                elders=round(area.unknown_elderly_60),
            )
        )
    if area.unassigned_centres:
        told.append(
            message(
                "workflow.unassigned",
                centres=area.unassigned_centres,
                area=round(area.unassigned_m2),
            )
        )
    private = network.notes.get("rules", {}).get("private", {"share": 0.0})["share"]
    if private:
        told.append(message("workflow.private_ways", share=f"{private:.1%}"))
    return tuple(told)
