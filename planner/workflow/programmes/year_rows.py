"""A programme year by year, as its sheet and ``summary.json`` show it.

What nobody knows is told as such: the floor area short is unknown, and no 0, where no service group
has both its areas known.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.small_counts import without_small_parts
from planner.siting import Programme
from planner.siting.programmes.years import ONE_YEAR
from planner.workflow.programmes.found import FoundProgramme
from planner.workflow.programmes.years import TEN_THOUSAND

PARTS: Final = (
    "served_persons", "covered_full_persons", "capacity_unknown_persons", "out_of_reach_persons",
)  # fmt: skip
"""Into these all who ask fall."""


def year_word(year: Any, language: Language) -> str:
    """Return a year as it is printed; of a programme without years a word."""
    return text("programme_run.one_year", language) if year == ONE_YEAR else str(year)


def knows_areas(plan: Programme) -> bool:
    """Tell whether any service group has both its areas known: else no shortfall is known."""
    return len(plan.unknown_groups) < len(plan.asked.groups)


def year_figures(plan: Programme) -> pd.DataFrame:
    """Return ``by_year`` of a programme with small counts withheld; ``before`` added by callers.

    Where a part is withheld, so are the share and the mean walk that would tell it. The floor area
    short is missing where no group can be judged.
    """
    table = plan.by_year
    parts = without_small_parts(table[list(PARTS)])
    hidden = parts["served_persons"].isna()
    return table.assign(
        **{name: parts[name] for name in PARTS},
        asked_persons=_told(table["asked_persons"]),
        served_share=table["served_share"].astype(float).mask(hidden),
        mean_walk_minutes=table["mean_walk_minutes"].mask(hidden),
        walk_minutes=table["walk_minutes"].mask(hidden),
        shortfall_m2=table["shortfall_m2"] if knows_areas(plan) else np.nan,
    )


def unknown_required(found: FoundProgramme) -> dict[str, float | None]:
    """Return by year what the groups are known to require whose required or held area is unknown.

    In m², for the people of that year; ``None`` where no such group is known to require anything.
    """
    if found.plan is None or found.asked is None:
        return {}
    unknown = list(found.plan.unknown_groups)
    told: dict[str, float | None] = {}
    for year in found.plan.asked.years:
        known = found.asked.required.loc[unknown, year.required].dropna()
        told[str(year.year)] = float(known.sum()) if len(known) else None
    return told


def _told(persons: pd.Series) -> pd.Series:
    figures = persons.astype(float)
    return figures.mask((figures > 0) & (figures < LEAST_ELDERS))


def year_rows(found: FoundProgramme, language: Language) -> pd.DataFrame:
    """Return a row a year: who asks, who finds a place, what is short, what is spent."""
    plan, before = found.plan, found.before
    if plan is None or before is None:
        return pd.DataFrame(columns=["plan_year", *YEAR_COLUMNS])
    now, then = year_figures(plan), year_figures(before)
    hundred = {"budget": "budget_yuan", "spent": "spent_yuan", "left": "left_yuan"}
    money = {
        f"programme_{name}_10k_yuan": now[column].where(np.isfinite(now[column])) / TEN_THOUSAND
        for name, column in hundred.items()
    }
    return pd.DataFrame(
        {
            "plan_year": [year_word(year, language) for year in now.index],
            "programme_asked": now["asked_persons"],
            "programme_served_before": then["served_persons"],
            "programme_served_in_all": now["served_persons"],
            "programme_served_share": now["served_share"],
            "programme_full": now["covered_full_persons"],
            "programme_places_unknown": now["capacity_unknown_persons"],
            "programme_out_of_reach": now["out_of_reach_persons"],
            "programme_walk_minutes": now["mean_walk_minutes"],
            "programme_short_before_m2": then["shortfall_m2"],
            "programme_short_m2": now["shortfall_m2"],
            **money,
        }
    ).reset_index(drop=True)


YEAR_COLUMNS: Final = (
    "programme_asked", "programme_served_before", "programme_served_in_all",
    "programme_served_share", "programme_full", "programme_places_unknown",
    "programme_out_of_reach", "programme_walk_minutes", "programme_short_before_m2",
    "programme_short_m2", "programme_budget_10k_yuan", "programme_spent_10k_yuan",
    "programme_left_10k_yuan",
)  # fmt: skip
