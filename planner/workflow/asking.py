"""Coverage asked of every set of centres by every walker of a project."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.many import Asked, coverage_table
from planner.coverage.needs import CentreSet, centre_sets
from planner.labels import Language, text
from planner.scenario import Scenario
from planner.streets import walker
from planner.tables import PLACED
from planner.workflow.walking import Walks

OWN_WALKER: Final = "own"
"""Name of a plan's walker who is none of the profiles: the project's settings make it."""


def other_walks(walks: Walks) -> dict[str, Walks]:
    """Return the walks of each walker of the project by name, the plan's own first.

    Each walker joins the streets anew: who takes no steps joins none that is steps.
    """
    own = walks.walker
    asked = {own.name if own == walker(own.name) else OWN_WALKER: walks}
    for name in walks.scenario.coverage.walkers:
        if name not in asked:
            settings = dataclasses.replace(walks.scenario.walking, **_NOTHING_OWN, walker=name)
            scenario = dataclasses.replace(walks.scenario, walking=settings)
            asked[name] = Walks.of(walks.network, walks.residents, scenario, walks.barriers)
    return asked


_NOTHING_OWN: Final[dict[str, Any]] = dict.fromkeys(
    ("speed_m_s", "slope", "steps_factor", "steps_refused", "signal_s", "crossing_s")
)
"""Named walkers are asked as they are: the project's own settings are of its own walker."""


def limits_asked(scenario: Scenario) -> tuple[float, ...]:
    """Return the limits that coverage is told for, the plan's own among them, ascending."""
    return tuple(sorted({*scenario.coverage.limits_minutes, scenario.walking.limit_minutes}))


def ask(
    walks: Iterable[tuple[str, Walks]], centres: gpd.GeoDataFrame, sets: Iterable[CentreSet]
) -> list[Asked]:
    """Return the nearest minutes of every resident row to each set of centres.

    Parameters
    ----------
    walks
        Walkers by name, as :func:`other_walks` returned them.
    centres
        Centres that a place is known of.
    sets
        What is asked of them.
    """
    questions = list(sets)
    found = []
    for name, one in walks:
        minutes = one.minutes_to_sets(
            centres, [list(ids) for asked in questions for ids in (asked.centres, asked.unknown)]
        )
        for number, asked in enumerate(questions):
            found.append(
                Asked(
                    asked.dimension,
                    asked.value,
                    name,
                    minutes[2 * number],
                    minutes[2 * number + 1] if asked.unknown else None,
                    centres=len(asked.centres),
                    unknown=len(asked.unknown),
                )
            )
    return found


def coverage_by_question(
    walks: Walks, centres: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, list[Asked]]:
    """Return coverage by set of centres, walker, limit and age; and the minutes behind it.

    Parameters
    ----------
    walks
        The plan's own walks.
    centres
        The centres table; those whose own coordinates do not place them are left out.
    """
    placed = gpd.GeoDataFrame(centres[centres["position"].isin(PLACED)])
    scenario = walks.scenario
    sets = centre_sets(placed, centre_kinds=scenario.coverage.centre_kinds)
    asked = ask(other_walks(walks).items(), placed, sets)
    return coverage_table(walks.residents, asked, limits_minutes=limits_asked(scenario)), asked


AGE_COLUMNS: Final = {
    "elderly_60": "60",
    "elderly_65": "65",
    "elderly_80": "80",
}


def asked_rows(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return coverage by question as a planner reads it: a row a question and limit.

    Parameters
    ----------
    table
        What :func:`planner.coverage.many.coverage_table` returned.
    language
        Language of the walkers' titles.

    Returns
    -------
    DataFrame
        ``asked_by, asked_of, asked_walker, limit_minutes, centres_asked, centres_unknown``, then
        ``covered_60, share_60, possible_60, covered_65, covered_80``; ages nobody knows are left
        out.
    """
    key = ["dimension", "value", "walker", "limit_minutes"]
    order = table[key].drop_duplicates()
    rows = order.set_index(key)
    first = table.drop_duplicates(key).set_index(key)
    rows = rows.assign(centres_asked=first["centres"], centres_unknown=first["unknown"])
    for column, age in AGE_COLUMNS.items():
        of_age = table[table["people"] == column].set_index(key)
        if of_age.empty:
            continue
        rows[f"covered_{age}"] = of_age["covered"]
        if age == "60":
            rows["share_60"] = of_age["share"]
            # Nothing unknown, nothing to add: the column tells of doubt, and of nothing else.
            doubt = of_age["unknown"] > 0
            rows["possible_60"] = of_age["possible"].where(doubt)
    named = {one: _title(one, language) for one in order["walker"].unique()}
    flat = rows.reset_index().rename(
        columns={"dimension": "asked_by", "value": "asked_of", "walker": "asked_walker"}
    )
    return flat.assign(asked_walker=flat["asked_walker"].map(named))


def _title(name: str, language: Language) -> str:
    if name == OWN_WALKER:
        return text("workflow.own_walker", language)
    return walker(name).title(language)
