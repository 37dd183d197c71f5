"""What must be known of the years planned for: whose people, what never opens, what is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import geopandas as gpd
import pandas as pd

from planner import tables
from planner.labels import Message, enumerated, message
from planner.ledgers import YearFigures, undated
from planner.workflow.years.gaps import ELDERS, persons
from planner.workflow.years.plans import YearPlan


def year_notices(
    plans: Sequence[YearPlan],
    figures: YearFigures,
    refused: Mapping[int, Sequence[Message]],
    residents: gpd.GeoDataFrame,
) -> Iterator[Message]:
    """Yield what is to be said of the years.

    Parameters
    ----------
    plans
        The base year, then the years planned for.
    figures
        Whose people they have.
    refused
        Years that could not be reckoned, and why.
    residents
        Today's residents.
    """
    base, *coming = plans
    shown = enumerated(str(year) for year in figures.years if year != base.year)
    whose = figures.source or message("years.no_source")
    yield message(f"years.method_{figures.method}", years=shown, base=base.year, source=whose)
    yield from undated(base.centres)
    overdue = _overdue(base)
    if overdue:
        told = tables.listed(overdue)
        yield message("years.overdue", count=len(overdue), ids=told, base=base.year)
    for plan in coming:
        for reason in plan.not_sited:
            yield message("siting_told.year_refused", year=plan.year, why=reason)
        unknown = plan.unknown.index[plan.unknown[ELDERS]]
        if len(unknown):
            ids, count = tables.listed(unknown), len(unknown)
            yield message("years.elders_unknown", year=plan.year, communities=count, ids=ids)
        if len(plan.homeless):
            yield message(
                "years.without_homes",
                year=plan.year,
                communities=len(plan.homeless),
                ids=_names(plan.homeless, base),
                elders=persons(plan.homeless[ELDERS].sum()),
            )
    yield from _without_homes_today(base, residents)
    yield from _known_by_homes_alone(base, residents, figures)
    for year, why in refused.items():
        for reason in why:
            yield message("years.not_reckoned", year=year, reason=reason)
    lacking = [str(plan.year) for plan in coming if plan.communities["population"].isna().all()]
    if lacking and base.communities["population"].notna().any():
        yield message("years.population_unknown", years=enumerated(lacking))


def _without_homes_today(base: YearPlan, residents: gpd.GeoDataFrame) -> Iterator[Message]:
    """Yield what is to be said of communities whose ledger knows elders, and no home has any."""
    elders = base.communities[ELDERS].astype(float)
    lacking = elders[~elders.index.isin(residents["community"].dropna()) & (elders > 0.0)]
    if len(lacking):
        yield message(
            "years.without_homes_today",
            base=base.year,
            communities=len(lacking),
            ids=_names(lacking.to_frame(), base),
            elders=persons(lacking.sum()),
        )


def _known_by_homes_alone(
    base: YearPlan, residents: gpd.GeoDataFrame, figures: YearFigures
) -> Iterator[Message]:
    """Yield what is to be said of communities whose homes have elders, and whose ledger none."""
    held = residents.groupby(residents["community"].astype(object))[ELDERS].sum()
    ledger = base.communities[ELDERS].astype(float)
    alone = held.astype(float).reindex(ledger.index)
    alone = alone[(alone > 0.0) & ~(ledger > 0.0)]
    if len(alone):
        yield message(
            "years.homes_alone_growth" if figures.rates else "years.homes_alone",
            base=base.year,
            communities=len(alone),
            ids=_names(alone.to_frame(), base),
            elders=persons(alone.sum()),
        )


def _names(rows: pd.DataFrame, base: YearPlan) -> str:
    """Return the names of communities, listed."""
    return tables.listed(base.communities["name"].reindex(rows.index).fillna(""))


def _overdue(base: YearPlan) -> list[str]:
    """Return centres still to open whose year is not after the base year."""
    centres = base.centres
    if "opens_year" not in centres:
        return []
    opens = centres["opens_year"].to_numpy(dtype=float, na_value=float("nan"))
    late = centres["status"].isin(tables.COMING_STATUSES) & (opens <= float(base.year))
    return [str(one) for one in centres.index[late]]
