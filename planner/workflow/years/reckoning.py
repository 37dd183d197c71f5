"""The years planned for: who lives where then, who can walk, what floor area is short.

Every figure of a year is made by the function that made it for today. What changes is people
(:func:`planner.ledgers.residents_in`) and what operates (:func:`planner.ledgers.centres_open_in`);
streets, doors and where they join stay, so that only ways to newly opened centres are walked anew.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import pandas as pd

from planner.coverage.rollup import rollup
from planner.coverage.walking import NEAREST_COLUMNS, Coverage, coverage
from planner.errors import LedgerError, PlannerError, SitingError
from planner.labels import Message, message
from planner.ledgers import (
    YearFigures,
    available_in,
    centres_open_in,
    residents_in,
    without_homes,
)
from planner.ledgers.sharing import PERSON_COLUMNS
from planner.siting import MostPeople, most_people, verify
from planner.siting.asking.weights import weights_of
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import Walks, open_centres, points_only
from planner.workflow.standards.auditing import audited
from planner.workflow.years.gaps import unknown_people, with_homeless
from planner.workflow.years.notices import year_notices
from planner.workflow.years.plans import FoundYears, Today, YearPlan


def plan_years(today: Today, ledgers: Ledgers, clock: Clock) -> FoundYears | None:
    """Reckon each year planned for; None where the project names none.

    Parameters
    ----------
    today
        What the run has found out.
    ledgers
        Today's ledgers, with the figures of coming years.
    clock
        Times a step a year.
    """
    figures = ledgers.years
    if figures is None:
        return None
    plans = [base_year(today, ledgers, figures)]
    reckoner = _Reckoner(today, ledgers, figures)
    refused: dict[int, tuple[Message, ...]] = {}
    for year in figures.years:
        with clock.step(message("years.step", year=year), f"year_{year}"):
            if year != plans[0].year:
                found = reckoner.plan_or_why_not(year)
                if isinstance(found, YearPlan):
                    plans.append(found)
                else:
                    refused[year] = found
    notices = year_notices(plans, figures, refused, ledgers.residents.table)
    return FoundYears(figures, tuple(plans), tuple(notices), refused)


def base_year(today: Today, ledgers: Ledgers, figures: YearFigures) -> YearPlan:
    """Return the base year: the run's own figures, nothing reckoned anew."""
    centres = ledgers.centres.table
    placed = open_centres(centres, today.walks.scenario.coverage.centre_kinds)
    return YearPlan(
        year=int(figures.base),
        communities=ledgers.communities.table,
        centres=centres,
        open_placed=tuple(str(one) for one in placed.index),
        coverage=today.coverage,
        audit=today.audit,
        areas=today.areas,
        most=None if today.siting is None else today.siting.most,
        siting=today.siting,
        is_given=today.siting is not None and today.siting.asked.is_given,
        unknown=unknown_people(today.coverage, ledgers.communities.table),
        homeless=without_homes(
            figures.base, ledgers.residents.table, ledgers.communities.table, figures
        ),
    )


class _Reckoner:
    """Reckons years one after the other, and walks to each set of centres once."""

    def __init__(self, today: Today, ledgers: Ledgers, figures: YearFigures) -> None:
        self.today = today
        self.ledgers = ledgers
        self.figures = figures
        self.scenario = today.walks.scenario
        kinds = self.scenario.coverage.centre_kinds
        self.known = {
            _ids(open_centres(ledgers.centres.table, names)): found.residents
            for names, found in ((kinds, today.coverage), (today.book.applies_to, today.walked))
        }
        self.times = None if today.siting is None else today.siting.asked_times
        self.timed = set(open_centres(ledgers.centres.table, kinds).index)

    def plan_or_why_not(self, year: int) -> YearPlan | tuple[Message, ...]:
        """Return one coming year; why it cannot be reckoned, so that the rest of a run stands."""
        try:
            return self.plan(year)
        except PlannerError as error:
            return (error.message, *error.problems)

    def plan(self, year: int) -> YearPlan:
        """Return one coming year.

        Raises
        ------
        LedgerError
            If nobody knows any elders of that year.
        """
        scenario = self.scenario
        today, book = self.ledgers.communities.table, self.today.book
        communities = people_in(year, today, self.figures)
        centres = centres_open_in(self.ledgers.centres.table, year)
        then = dataclasses.replace(
            self.today.walks,
            residents=residents_in(year, self.today.walks.residents, today, self.figures),
        )
        homeless = without_homes(year, then.residents, today, self.figures)
        if homeless.empty and then.residents["elderly_60"].isna().all():
            raise LedgerError(message("years.no_elders_known"))
        sites = open_centres(centres, scenario.coverage.centre_kinds)
        found = self._coverage(then, sites, homeless)
        walked = self._coverage(then, open_centres(centres, book.applies_to), homeless.iloc[:0])
        most, not_sited = self._most_or_why_not(year, then, sites)
        return YearPlan(
            year=year,
            communities=communities,
            centres=centres,
            open_placed=_ids(sites),
            coverage=found,
            audit=audited(
                centres,
                communities,
                walked,
                book,
                scenario.standard,
                self.today.neighbours,
                beside=False,
            ),
            areas=rollup(found, communities, county=scenario.project.name),
            most=most,
            not_sited=not_sited,
            required_later=self._required_later(year),
            is_given=self.today.siting is not None and self.today.siting.asked.is_given,
            unknown=unknown_people(found, communities),
            homeless=homeless,
        )

    def _coverage(self, then: Walks, sites: gpd.GeoDataFrame, homeless: pd.DataFrame) -> Coverage:
        """Return coverage by these sites; a set that was walked to before is not walked again."""
        key = _ids(sites)
        if key not in self.known:
            self.known[key] = then.coverage_by(sites).residents
        everybody, walks = with_homeless(
            then.residents,
            self.known[key][list(NEAREST_COLUMNS)],
            homeless,
            self.ledgers.communities.table,
        )
        return coverage(
            everybody,
            walks,
            limit_minutes=self.scenario.walking.limit_minutes,
            open_centres=len(sites),
        )

    def _most_or_why_not(
        self, year: int, then: Walks, sites: gpd.GeoDataFrame
    ) -> tuple[MostPeople | None, tuple[Message, ...]]:
        """Return the plan of a year; why the rules of today cannot be kept to in it."""
        try:
            most = self._most(year, then, sites)
        except SitingError as error:
            return None, error.problems or (error.message,)
        if most is not None:
            verify(most).raise_if_false()
        return most, ()

    def _required_later(self, year: int) -> dict[str, int]:
        """Return the required candidates that open only after a year, and when."""
        siting = self.today.siting
        if siting is None:
            return {}
        candidates = siting.candidates
        required = [one for one in siting.asked.settings.required if one in candidates.index]
        late = set(required).difference(available_in(candidates, year).index)
        return {one: int(candidates["opens_year"][one]) for one in required if one in late}

    def _most(self, year: int, then: Walks, sites: gpd.GeoDataFrame) -> MostPeople | None:
        """Ask the run's own question of a year: most elders with as many new centres."""
        siting = self.today.siting
        if siting is None or self.times is None:
            return None
        asked = siting.asked
        people = asked.people(then.residents)
        if not weights_of(people, asked.weight).any():
            return None
        added = sites[~sites.index.isin(self.timed)]
        if len(added):
            self.times = one_table(self.times, siting.times_to(points_only([added])))
            self.timed |= set(added.index)
        to_be_had = available_in(siting.candidates, year).index
        usable = siting.screening.usable
        usable = usable[usable.index.isin(to_be_had)]
        new_centres = asked.settings.new_centres
        if asked.is_given:
            usable = usable[usable.index.isin(list(asked.settings.required))]
            new_centres = len(usable)
        open_then = [*sites.index, *usable.index]
        return most_people(
            self.times[self.times["destination"].isin(open_then)],
            people,
            usable,
            limit_minutes=self.scenario.walking.limit_minutes,
            new_centres=new_centres,
            existing=tuple(sites.index),
            weight=asked.weight,
            rules=asked.rules_among(sites, usable),
            time_limit_s=asked.settings.time_limit_s,
        )


def people_in(year: float, communities: gpd.GeoDataFrame, figures: YearFigures) -> gpd.GeoDataFrame:
    """Return the communities with the people of a year; today's in the base year.

    Parameters
    ----------
    year
        The base year or one that there are figures for.
    communities
        Today's communities; those without figures of the year are unknown then.
    figures
        What the year brings.
    """
    if int(year) == int(figures.base):
        return communities.copy()
    then = figures.of(year).reindex(communities.index)
    return communities.assign(**{name: then[name] for name in PERSON_COLUMNS})


def _ids(sites: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in sites.index))


def one_table(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return two tables of travel times as one, ids coded once."""
    coded = {
        name: pd.api.types.union_categoricals([_plain(first[name]), _plain(second[name])])
        for name in ("origin", "destination")
    }
    measured = first.columns.drop(list(coded))
    figures = pd.concat([first[measured], second[measured]], ignore_index=True)
    return pd.DataFrame(coded).assign(**figures)


def _plain(ids: pd.Series) -> pd.Categorical:
    """Return ids coded over plain objects: two tables may hold text in two ways."""
    coded = pd.Categorical(ids)
    return pd.Categorical.from_codes(coded.codes, coded.categories.astype(object))
