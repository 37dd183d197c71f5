"""What is told beside a siting plan, as rows of the workbook's sheets."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import Told
from planner.outputs.sheet_columns import COLUMNS
from planner.siting import NearPlan
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import PLAIN_WEIGHT, elders_covered
from planner.workflow.siting.gain_rows import gain_rows
from planner.workflow.siting.small import shown_levels
from planner.workflow.siting.words import curve_lines, gain_lines, near_lines

NEAR_FIGURES: Final = ("near_60", "near_value", "near_worse", "near_bound", "near_gap_share")
"""Of a plan that differs by few persons none of them is told: each would tell the others."""

SHEETS: Final = ("near_plans", "site_gains", "site_curve")


def siting_sheets(siting: Siting | None, ledgers: Ledgers, language: Language) -> dict[str, Told]:
    """Return the sheets of what is told beside a plan: near plans, who gains, the curve.

    Parameters
    ----------
    siting
        What was found; ``None`` where the project names no candidates: the sheets are empty.
    ledgers
        Whose names are told.
    language
        Language of the words.
    """
    if siting is None or siting.beside is None:
        return {key: Told(pd.DataFrame(columns=list(COLUMNS[key]))) for key in SHEETS}
    names, beside = SiteNames.of(ledgers), siting.beside
    return {
        "near_plans": Told(
            _near_rows(siting, beside, names, language),
            near_lines(siting, beside, names.sites, language),
        ),
        "site_gains": Told(
            gain_rows(siting, beside, names, language),
            gain_lines(siting, beside, names.sites, language),
        ),
        "site_curve": Told(
            _curve_rows(siting, beside, language), curve_lines(siting, beside, language)
        ),
    }


def _near_rows(
    siting: Siting, beside: SitingBeside, names: SiteNames, language: Language
) -> pd.DataFrame:
    """Return a row a plan, the best first, and what it exchanges against the first."""
    if beside.near is None:
        return pd.DataFrame(columns=list(COLUMNS["near_plans"]))
    plans = beside.near.plans
    rows = [_near_row(one, plans[0], names, language) for one in plans]
    table = pd.DataFrame(rows, columns=list(COLUMNS["near_plans"]))
    levels = shown_levels(siting)
    told = levels.near(beside)
    table = table.assign(**{name: table[name].astype(float).where(told) for name in NEAR_FIGURES})
    # How much less is told by the value, where that of the first is told.
    return table if told[0] else table.assign(near_worse=np.nan)


def _near_row(
    near: NearPlan, first: NearPlan, names: SiteNames, language: Language
) -> dict[str, Any]:
    plan, best = near.plan, first.plan
    new = [one for one in plan.chosen if one not in best.chosen]
    left = [one for one in best.chosen if one not in plan.chosen]
    return {
        "rank": near.rank,
        "near_sites": names.sites(plan.chosen, language),
        "near_new": names.sites(new, language),
        "near_left_out": names.sites(left, language),
        "near_closed": names.sites(plan.closed, language),
        "near_60": elders_covered(plan)[1],
        "near_value": near.value,
        "near_worse": first.value - near.value,
        "near_bound": near.bound,
        "near_gap_share": near.gap,
        "near_status": near.status_text(language),
    }


def _curve_rows(siting: Siting, beside: SitingBeside, language: Language) -> pd.DataFrame:
    """Return a row a number of new centres: who is covered, and how far it is proven."""
    points = beside.curve.points
    elders = [elders_covered(plan)[1] for plan in beside.curve.plans]
    total = float(siting.most.asked.residents[PLAIN_WEIGHT].sum())
    status = [text(f"siting.status_{one}", language) for one in points["status"]]
    told = shown_levels(siting).curve(beside)
    steps = points["gain_of_one"].to_numpy(dtype=float)
    # A step between two figures that are told is told by them.
    steps = np.where(told & np.roll(told, 1), steps, np.nan)
    covered_60 = np.where(told, elders, np.nan)
    table = pd.DataFrame(
        {
            "site_number": points.index,
            "site_opened": [len(plan.chosen) for plan in beside.curve.plans],
            "site_closes": [len(plan.closed) for plan in beside.curve.plans],
            "site_covered_60": covered_60,
            "site_share_60": covered_60 / total if total else np.nan,
            "site_covered": points["covered"].where(told).to_numpy(),
            "site_bound": points["covered_bound"].where(told).to_numpy(),
            "site_gain_of_one": steps,
            "site_status": status,
            "site_knee": [number == beside.curve.knee for number in points.index],
        }
    )
    return table[list(COLUMNS["site_curve"])]
