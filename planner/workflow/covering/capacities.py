"""Who finds a place: capacity of the open centres against demand, in each unit of the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.coverage.assigning import CapacityAssignment, assign_capacity
from planner.coverage.capacity import (
    USE_AREA_RATIO,
    CapacityDemand,
    CapacityUnit,
    CentreCapacity,
    capacity_demand,
    centre_capacity,
    unit_text,
)
from planner.labels import Language, text
from planner.standards.floor_area.held import building_areas, counted_areas
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import CAPACITY_STATES
from planner.workflow.inputs.walking import Walks

FIGURES: Final = (
    "capacity_persons", "load_persons", "free_persons", "nearest_persons", "turned_away",
    "sent_on", "left_out", "come_from_elsewhere", "walk_minutes",
)  # fmt: skip
"""What is told of each centre."""

UNITS: Final[tuple[CapacityUnit, ...]] = ("community_elders", "day_places")
"""Told apart, never added: all elders of a community, and those who come for the day."""


def capacity_answers(
    walks: Walks,
    open_sites: gpd.GeoDataFrame,
    book: RuleBook,
    *,
    times: pd.DataFrame | None = None,
) -> dict[str, CapacityAssignment]:
    """Assign the residents to the open centres, once for each unit that can be asked in.

    Day places need the project's demand rate (``[capacity] demand_rate``) or the persons who are
    ``disabled``; without either nobody knows how many ask for one.

    Parameters
    ----------
    walks
        The plan's walks.
    open_sites
        Operating centres of the circle's kinds that a place is known of.
    book
        The rule book, whose ratio of use area to building area counts.
    times
        Walks within the limit from residents to these sites, where they are known already.

    Returns
    -------
    dict
        Unit → assignment; empty without open centres.
    """
    if open_sites.empty:
        return {}
    settings = walks.scenario.capacity
    times = walks.times_to(open_sites) if times is None else times
    answers: dict[str, CapacityAssignment] = {}
    for unit in UNITS:
        need = need_column(walks.residents, unit, settings.demand_rate)
        if unit == "day_places" and settings.demand_rate is None and need is None:
            continue
        answers[unit] = assign_capacity(
            times,
            asking(walks.residents, unit, settings.demand_rate),
            places_of_centres(open_sites, unit, book),
            limit_minutes=walks.scenario.walking.limit_minutes,
        )
    return answers


def asking(residents: pd.DataFrame, unit: CapacityUnit, rate: float | None) -> CapacityDemand:
    """Return how many of each resident row ask for a place: all 60+, or those for the day.

    Parameters
    ----------
    residents
        The residents' table, of today or of a year to come.
    unit
        What a place is.
    rate
        The project's share of the 60+ that asks for a day place.

    Raises
    ------
    TableError
        If day places are asked for and nobody knows by how many.
    """
    return capacity_demand(
        residents,
        unit=unit,
        demand_rate=rate if unit == "day_places" else None,
        need_column=need_column(residents, unit, rate),
    )


def places_of_centres(
    open_sites: pd.DataFrame, unit: CapacityUnit, book: RuleBook
) -> CentreCapacity:
    """Return what each open centre takes; rooms that two of them share are counted once."""
    areas = building_areas(open_sites, book=book)
    areas = areas.assign(counted_m2=counted_areas(open_sites, areas))
    ratio = book.figure("use_area_ratio") or USE_AREA_RATIO
    return centre_capacity(open_sites, areas, unit=unit, use_area_ratio=ratio)


def need_column(residents: pd.DataFrame, unit: str, rate: float | None) -> str | None:
    """Return the column of those who ask for day care, where no rate of the project's stands."""
    if unit != "day_places" or rate is not None or "disabled" not in residents.columns:
        return None
    return "disabled" if residents["disabled"].notna().any() else None


def _by_state(found: CapacityAssignment) -> dict[str, float]:
    persons = found.states["persons"].to_dict()
    return {state: float(persons[state]) for state in CAPACITY_STATES}


def capacity_summary(answers: Mapping[str, CapacityAssignment]) -> dict[str, Any]:
    """Return the figures of ``summary.json``: persons by state and unit, never added up."""
    return {
        unit: {
            "demand_persons": found.demand_persons,
            "rows_unknown_demand": found.demand_unknown,
            "persons": _by_state(found),
            "served_share": found.served_share,
            "centres": len(found.centres),
            "centres_full": int(found.centres["is_full"].eq(True).sum()),
            "centres_unknown": int(found.centres["capacity_persons"].isna().sum()),
            "gap_person_minutes": found.gap_person_minutes,
        }
        for unit, found in answers.items()
    }


def capacity_rows(
    answers: Mapping[str, CapacityAssignment], names: pd.Series, language: Language
) -> pd.DataFrame:
    """Return a row a unit and centre, as a planner reads it: what it takes, who comes, who cannot.

    Parameters
    ----------
    answers
        What :func:`capacity_answers` returned.
    names
        Names of the centres, by id.
    language
        Language of the units.
    """
    parts = []
    for found in answers.values():
        table = found.centres
        part = table[list(FIGURES)].assign(
            capacity_unit=unit_text(found.unit, language),
            name=names.reindex(table.index).to_numpy(),
            centre=table.index.astype(str),
            # Whether a centre of unknown capacity is full nobody knows.
            is_full=table["is_full"].astype(object).where(table["capacity_persons"].notna(), None),
        )
        parts.append(part.reset_index(drop=True))
    empty = pd.DataFrame(columns=["capacity_unit", "centre", "name", *FIGURES])
    return pd.concat(parts, ignore_index=True) if parts else empty


def capacity_lines(answers: Mapping[str, CapacityAssignment], language: Language) -> list[str]:
    """Return one sentence a unit: how many ask, find a place, find all full, are out of reach."""
    return [
        text(
            "capacity.line",
            language,
            unit=unit_text(found.unit, language),
            demand=round(found.demand_persons),
            minutes=found.limit_minutes,
            **{state: round(persons) for state, persons in _by_state(found).items()},
        )
        for found in answers.values()
    ]
