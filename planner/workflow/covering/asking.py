"""Coverage asked of every set of centres by every walker of a project."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.many import Asked, coverage_table
from planner.coverage.needs import CentreSet, centre_sets
from planner.labels import Language, text
from planner.scenario import Scenario
from planner.streets import walker
from planner.tables import PLACED
from planner.workflow.inputs.walking import Walks

OWN_WALKER: Final = "own"
"""Name of a plan's walker who is none of the profiles: the project's settings make it."""


def own_name(walks: Walks) -> str:
    """Return the name of a plan's own walker: its profile's, or :data:`OWN_WALKER`."""
    own = walks.walker
    return own.name if own == walker(own.name) else OWN_WALKER


def other_walks(walks: Walks) -> dict[str, Walks]:
    """Return the walks of each walker of the project by name, the plan's own first.

    Each walker joins the streets anew: who takes no steps joins none that is steps.
    """
    return named_walks(walks, walks.scenario.coverage.walkers)


def named_walks(walks: Walks, names: Iterable[str]) -> dict[str, Walks]:
    """Return the walks of some profiles by name, the plan's own walker first."""
    asked = {own_name(walks): walks}
    for name in names:
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
) -> Iterator[Asked]:
    """Yield the nearest minutes of every resident row to each set of centres, walker by walker.

    One answer at a time: all of them together would fill a memory in a city.

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
    for name, one in walks:
        minutes = one.minutes_to_sets(
            centres, [list(ids) for asked in questions for ids in (asked.centres, asked.unknown)]
        )
        for asked, (sure, unsure) in zip(
            questions, zip(minutes, minutes, strict=True), strict=True
        ):
            yield Asked(
                asked.dimension,
                asked.value,
                name,
                sure,
                unsure if asked.unknown else None,
                centres=len(asked.centres),
                unknown=len(asked.unknown),
            )


def coverage_by_question(
    walks: Walks,
    centres: gpd.GeoDataFrame,
    *,
    walkers: Mapping[str, Walks] | None = None,
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Return coverage by set of centres, walker, limit and age; and each walker's minutes.

    Parameters
    ----------
    walks
        The plan's own walks.
    centres
        The centres table; those whose own coordinates do not place them are left out.
    walkers
        What :func:`other_walks` returned, where it is known already.

    Returns
    -------
    tuple
        What :func:`planner.coverage.many.coverage_table` returns; and, by walker, the minutes of
        every resident row to the nearest centre of the circle's kinds.
    """
    placed = gpd.GeoDataFrame(centres[centres["position"].isin(PLACED)])
    scenario = walks.scenario
    kinds = scenario.coverage.centre_kinds
    sets = centre_sets(placed, centre_kinds=kinds)
    walkers = other_walks(walks) if walkers is None else walkers
    of_circle: dict[str, pd.Series] = {}

    def kept() -> Iterator[Asked]:
        for one in ask(walkers.items(), placed, sets):
            if (one.dimension, one.value) == ("kind", "、".join(kinds)):
                of_circle.setdefault(one.walker, one.walk_minutes)
            yield one

    return coverage_table(walks.residents, kept(), limits_minutes=limits_asked(scenario)), of_circle


AGE_COLUMNS: Final = {
    "elderly_60": "60",
    "elderly_65": "65",
    "elderly_80": "80",
    "disabled": "disabled",
    "living_alone": "living_alone",
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
        ``covered_60, share_60, possible_60, covered_65, covered_80``, ``covered_disabled,
        covered_living_alone``; ages and groups nobody knows are left out.
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
    named = {one: walker_title(one, language) for one in order["walker"].unique()}
    flat = rows.reset_index().rename(
        columns={"dimension": "asked_by", "value": "asked_of", "walker": "asked_walker"}
    )
    return flat.assign(asked_walker=flat["asked_walker"].map(named))


def walker_title(name: str, language: Language) -> str:
    """Return how a planner reads the name of a walker, as :func:`other_walks` gives it."""
    if name == OWN_WALKER:
        return text("workflow.own_walker", language)
    return walker(name).title(language)
