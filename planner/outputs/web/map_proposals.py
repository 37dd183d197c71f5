"""Proposed places on the web map: where a candidate would have to be, one mark each."""

from __future__ import annotations

from typing import Any, Final

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.palette import PROPOSAL_MARKS
from planner.outputs.words import count

PROPOSAL_FACTS: Final = (
    "id", "zone_community", "zone_60", "zone_walk_minutes", "zone_walk_minutes_largest",
    "zone_places", "zone_longitude", "zone_latitude",
)  # fmt: skip

PROPOSAL: Final = "place"
"""The class of every proposed place: it is a point on a street, no more."""


def proposal_classes(content: PlanContent) -> list[str]:
    """Return the class of each proposed place."""
    return [PROPOSAL] * len(content.proposals)


def proposal_layer(content: PlanContent) -> dict[str, Any]:
    """Return the layer of the legend, without classes where nothing is proposed."""
    language, proposals = content.about.language, content.proposals
    if not len(proposals):
        return {"key": "proposals", "on": False, "classes": []}
    shape, colour = PROPOSAL_MARKS[PROPOSAL]
    elders = count(float(proposals["zone_60"].sum()))
    row = {
        "key": PROPOSAL,
        "label": text("outputs.proposal_place", language),
        "value": text("outputs.legend_places", language, n=len(proposals)),
        "swatch": {"mark": shape, "colour": colour},
    }
    note = text("outputs.legend_proposals", language, elders=elders)
    return {"key": "proposals", "on": False, "classes": [row], "note": note}
