"""What a run knows of each year planned for, and what it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from planner.coverage.rollup import Rollup
from planner.coverage.walking import Coverage
from planner.labels import Message
from planner.ledgers import YearFigures
from planner.siting import MostPeople
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.inputs.walking import Walks
from planner.workflow.siting.answering import Siting


@dataclass(frozen=True, eq=False)
class YearPlan:
    """One year: its people, its centres, and what follows.

    Parameters
    ----------
    year
        The year; that of today's ledgers for the base.
    communities
        The communities with the people of then.
    centres
        The centres with the status of then.
    open_placed
        Ids of the operating centres of the circle's kinds that somebody can walk to.
    coverage
        Who can walk to one of them within the limit.
    audit
        Floor area required and held.
    areas
        Coverage by community, sub-district and county; communities and villages apart.
    most
        Most elders with as many new centres as the project asks for, from the candidates that can
        be had by then, by the rules of ``[siting]``; None without candidates.
    not_sited
        Why the rules of ``[siting]`` cannot be kept to then; empty where they can.
    required_later
        The required candidates that open only after the year, with the year in which they do: the
        plan of the year does without them.
    is_given
        Whether the plan is a chosen set, of which only what is open by then is opened.
    unknown
        True where nobody knows a community's people of a column
        (:func:`planner.workflow.years.gaps.unknown_people`).
    homeless
        People of communities that have no homes, by community: counted, their walk unknown.
    siting
        The run's own answer in the base year, which tells what of ``most`` is withheld; None in
        every other.
    """

    year: int
    communities: gpd.GeoDataFrame
    centres: gpd.GeoDataFrame
    open_placed: tuple[str, ...]
    coverage: Coverage
    audit: FloorAreaAudit
    areas: Rollup
    most: MostPeople | None
    unknown: pd.DataFrame
    homeless: pd.DataFrame
    not_sited: tuple[Message, ...] = ()
    required_later: Mapping[str, int] = field(default_factory=dict)
    is_given: bool = False
    siting: Siting | None = None


@dataclass(frozen=True, eq=False)
class FoundYears:
    """The base year and the years planned for.

    Parameters
    ----------
    figures
        Whose people of coming years these are, and by what method.
    plans
        The base year, whose figures are the run's own, then the years planned for, ascending.
    notices
        Centres that open in no year, figures that are unknown, whose rates these are.
    not_reckoned
        Years planned for that could not be reckoned, and why.
    """

    figures: YearFigures
    plans: tuple[YearPlan, ...]
    notices: tuple[Message, ...]
    not_reckoned: Mapping[int, tuple[Message, ...]] = field(default_factory=dict)

    def of(self, year: int) -> YearPlan:
        """Return one year.

        Raises
        ------
        KeyError
            If it is none of the years.
        """
        for plan in self.plans:
            if plan.year == year:
                return plan
        text = f"the years are {[plan.year for plan in self.plans]}, not {year}"
        raise KeyError(text)


@dataclass(frozen=True, eq=False)
class Today:
    """What a run has found out of today, from which coming years are reckoned.

    Parameters
    ----------
    walks
        The streets, with today's residents joined.
    coverage, walked
        Coverage by the operating centres of the circle's kinds, and by those of the book's.
    audit, areas, siting
        Today's answers; ``siting`` is None without candidates.
    book
        The rule book.
    neighbours
        Walks between communities, by which small service groups are joined; None for air-lines.
    """

    walks: Walks
    coverage: Coverage
    walked: Coverage
    audit: FloorAreaAudit
    areas: Rollup
    siting: Siting | None
    book: RuleBook
    neighbours: pd.DataFrame | None = None
