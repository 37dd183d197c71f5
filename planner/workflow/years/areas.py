"""People of a year by sub-district and community, small counts withheld at both levels."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.coverage.areas import OUTSIDE, shares
from planner.labels import Language, text
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.covering.area_counts import withheld
from planner.workflow.covering.street_rows import area_names
from planner.workflow.years.plans import FoundYears, YearPlan

PERSONS: Final = (*ELDERLY_COLUMNS, "disabled", "covered_60")
"""Persons of an area that the sheets of years show."""

COMMUNITY_COLUMNS: Final = ("plan_year", "id", "name", "street", "community_kind", "elderly_60")
"""Columns of the sheet of communities, also where there are no years."""


def persons_of(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the persons of areas that are shown, NaN where nobody knows any of a column."""
    renamed = figures.rename(columns={"elderly_60_covered": "covered_60"})
    return renamed.reindex(columns=list(PERSONS)).astype(float)


def shown_people(plan: YearPlan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return :data:`PERSONS` by sub-district and by community, NaN where withheld or unknown.

    Those covered are withheld also where they would tell of too few who are left out. Of what
    nobody knows of a community in a year planned for, nothing is shown; sums over sub-districts
    are as :func:`planner.workflow.years.gaps.shown_sums` leaves them.

    Parameters
    ----------
    plan
        One year.
    """
    communities = plan.areas.level("community")
    persons = persons_of(communities)
    measures = persons.assign(left_out=persons["elderly_60"] - persons["covered_60"])
    streets, each = {}, {}
    for name in measures.columns[measures.notna().any()]:
        _, streets[name], each[name] = withheld(measures[name], communities["parent"])
    tables = []
    for shown in (pd.DataFrame(streets), pd.DataFrame(each)):
        told = shown["covered_60"].where(shown["left_out"].notna())
        tables.append(shown.assign(covered_60=told).reindex(columns=list(PERSONS)))
    return tables[0], tables[1]


def known_alone(shown: pd.DataFrame, plan: YearPlan) -> pd.DataFrame:
    """Return :data:`PERSONS` by community, missing where nobody knows them."""
    unknown = plan.unknown.reindex(shown.index)
    hidden = {name: unknown[name if name in unknown else ELDERLY_COLUMNS[0]] for name in PERSONS}
    return shown.mask(pd.DataFrame(hidden).astype(bool))


def share_of(table: pd.DataFrame) -> pd.Series:
    """Return covered over all of 60+, row by row; NaN where nobody is or either is withheld."""
    return shares(table["covered_60"], table["elderly_60"])


def year_labels(found: FoundYears, language: Language) -> list[tuple[str, YearPlan]]:
    """Return each year as readers see it, today's first and named so."""
    base, *coming = found.plans
    today = text("years.base_year", language, year=str(base.year))
    return [(today, base), *((str(plan.year), plan) for plan in coming)]


def year_community_rows(found: FoundYears | None, language: Language) -> pd.DataFrame:
    """Return the sheet of communities: a row a year and community.

    Parameters
    ----------
    found
        The years; None for no rows.
    language
        Language of what has no name of its own.

    Returns
    -------
    DataFrame
        ``plan_year, id, name, street, community_kind``, :data:`PERSONS`, ``share_60``; columns that
        nobody knows are left out.
    """
    if found is None:
        return pd.DataFrame({name: [] for name in COMMUNITY_COLUMNS})
    parts = []
    for label, plan in year_labels(found, language):
        _, shown = shown_people(plan)
        if plan is not found.plans[0]:
            shown = known_alone(shown, plan)
        facts = plan.areas.level("community").reindex(shown.index)
        kinds = plan.communities["community_kind"].reindex(shown.index)
        outside = shown.index == OUTSIDE
        rows = shown.assign(
            plan_year=label,
            id=[str(one) for one in shown.index.where(~outside, "")],
            name=facts["name"].mask(outside, text("years.street_outside", language)),
            street=facts["parent"].map(area_names(plan.areas, language)).mask(outside, ""),
            community_kind=kinds,
            share_60=share_of(shown),
        )
        parts.append(rows)
    table = pd.concat(parts, ignore_index=True)
    return table.drop(columns=[name for name in PERSONS if table[name].isna().all()])
