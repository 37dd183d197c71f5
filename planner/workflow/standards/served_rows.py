"""The floor-area audit by both readings of whom a centre serves, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner import tables
from planner.labels import Language, text
from planner.outputs.content import Told
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.words import count, word
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.district_area import DistrictFloorArea
from planner.standards.floor_area.explaining import area_marks

FIGURES: Final = ("required_m2", "held_m2", "shortfall_m2")


def readings(area: Mapping[str, Any], served: str, language: Language) -> str:
    """Return the project's choices behind floor areas in a few words.

    Parameters
    ----------
    area
        ``floor_area`` of the run's summary.
    served
        Whose elders a centre answers for.
    language
        Language of the words.
    """
    keys = [f"small_groups_{area['small_groups']}", f"served_{served}"]
    keys += ["per_elder_decides"] if area["per_elder_decides"] else []
    mark = "；" if language == "zh" else "; "
    return mark.join(text(f"standards.{key}", language) for key in keys)


def beside_lines(area: Mapping[str, Any], language: Language) -> list[str]:
    """Return what the other reading finds, in a sentence; nothing where there is none.

    Parameters
    ----------
    area
        ``floor_area`` of the run's summary.
    language
        Language of the sentence.
    """
    beside = area["beside"]
    if beside is None:
        return []
    return [
        text(
            "workflow.headline_beside",
            language,
            reading=text(f"standards.served_{beside['served']}", language),
            required=count(beside["required_m2"]),
            held=count(beside["held_m2"]),
            groups_short=beside["groups_short"],
            shortfall=count(beside["shortfall_m2"]),
            unknown_groups=beside["unknown_groups"],
            changed=beside["judged_otherwise"],
        )
    ]


def judged_otherwise(audit: FloorAreaAudit) -> int:
    """Return how many operating centres have another result by the other reading."""
    if audit.beside is None:
        return 0
    return int((audit.centres["result"] != audit.beside.centres["result"]).sum())


def district_totals(district: DistrictFloorArea) -> dict[str, float | None]:
    """Return what the service groups come to, as ``summary.json`` tells every reading of them.

    Areas are None where no group can be judged: 0 would be a figure.
    """
    known = district.groups_known > 0
    return {
        "groups": district.groups,
        "groups_short": district.groups_short,
        "required_m2": district.required_m2 if known else None,
        "held_m2": district.held_m2 if known else None,
        "surplus_m2": district.surplus_m2 if known else None,
        "shortfall_m2": district.shortfall_m2 if known else None,
        "unknown_groups": district.unknown_groups,
    }


def served_summary(audit: FloorAreaAudit) -> dict[str, Any] | None:
    """Return the other reading's totals for ``summary.json``; ``None`` where there is none."""
    if audit.beside is None:
        return None
    district = audit.beside.district
    return {
        "served": audit.beside.served,
        **district_totals(district),
        "unassigned_centres": district.unassigned_centres,
        "below_area": district.below_area,
        "unknown_result": district.unknown_result,
        "judged_otherwise": judged_otherwise(audit),
    }


def served_sheets(audit: FloorAreaAudit, language: Language) -> dict[str, Told]:
    """Return the sheet ``served``: a row for the district, and one for each centre judged.

    Parameters
    ----------
    audit
        The audit by the project's reading, with the other beside it.
    language
        Language of the outputs.
    """
    centres = audit.centres
    judged = centres["centre_kind"].isin(audit.book.applies_to)
    judged &= centres["status"] == tables.OPEN_STATUS
    rows = centres.loc[judged, ["name", "street"]].assign(id=lambda table: table.index)
    readings = centres.loc[judged, "reading"]
    readings = readings.where(readings.notna(), "unknown")
    rows = rows.assign(mark=[area_marks(audit.book, str(one), language) for one in readings])
    total: dict[str, Any] = {"name": text("workflow.served_total", language)}
    for served, one in audit.by_served.items():
        of_group = one.centres.loc[judged]
        rows[f"served_{served}"] = of_group["serves_names"]
        rows[f"{served}_result"] = [word(result, language) for result in of_group["result"]]
        for figure in FIGURES:
            rows[f"{served}_{figure}"] = of_group[f"group_{figure}"]
            total[f"{served}_{figure}"] = getattr(one.district, figure)
    table = pd.DataFrame([total]).reindex(columns=list(COLUMNS["served"])).astype(object)
    both = pd.concat([table, rows.astype(object)], ignore_index=True)
    lines = (
        text(
            "workflow.served_beside",
            language,
            chosen=text(f"standards.served_{audit.served}", language),
        ),
        text("workflow.served_changed", language, changed=judged_otherwise(audit)),
        text("outputs.marks", language),
    )
    return {"served": Told(both[list(COLUMNS["served"])], lines)}
