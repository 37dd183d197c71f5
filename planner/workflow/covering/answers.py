"""The steps of a run between coverage and audit: what it asks of all walkers, places and areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.coverage.assigning import CapacityAssignment
from planner.coverage.walking import Coverage
from planner.labels import message
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.covering.asking import coverage_by_question, other_walks
from planner.workflow.covering.capacities import capacity_answers
from planner.workflow.covering.measures import Measures, measures_of
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import Walks


@dataclass(frozen=True, eq=False)
class Answers:
    """What was found.

    Parameters
    ----------
    walkers
        Walks of each walker of the project by name, the plan's own first.
    asked
        Coverage by question (:func:`planner.workflow.covering.asking.coverage_by_question`).
    capacities
        Who finds a place, by unit.
    measures
        Circles, access scores, equity and curves, from the minutes of the above.
    """

    walkers: Mapping[str, Walks]
    asked: pd.DataFrame
    capacities: Mapping[str, CapacityAssignment]
    measures: Measures


def answers_of(
    walks: Walks,
    coverage: Coverage,
    communities: pd.DataFrame,
    centres: gpd.GeoDataFrame,
    open_sites: gpd.GeoDataFrame,
    book: RuleBook,
    clock: Clock,
) -> Answers:
    """Ask what a plan wants to know of its walks; each search of the streets is made once."""
    with clock.step(message("workflow.ask")):
        walkers = other_walks(walks)
        asked, minutes = coverage_by_question(walks, centres, walkers=walkers)
        times = walks.times_to(open_sites)
        capacities = capacity_answers(walks, open_sites, book, times=times)
    with clock.step(message("workflow.measure")):
        measures = measures_of(
            walks,
            coverage,
            communities,
            open_sites,
            book,
            capacities=capacities,
            times=times,
            minutes=minutes,
        )
    return Answers(walkers, asked, capacities, measures)
