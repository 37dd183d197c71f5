"""What a year does not know: communities without figures, elders without homes.

Whose number nobody knows adds nothing to a sum, and is never printed as 0; sums that lack somebody
are never set beside sums that do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import units
from planner.coverage.areas import OUTSIDE, community_of
from planner.coverage.walking import NEAREST_COLUMNS, Coverage
from planner.labels import Message, message
from planner.ledgers.sharing import PERSON_COLUMNS
from planner.outputs.content import LEAST_ELDERS
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.years.plans import YearPlan

ELDERS = ELDERLY_COLUMNS[0]

HOMELESS_ID = "without-home:"
"""Begins the ids of rows that stand for elders without homes; they never leave a year's plan."""


def unknown_people(coverage: Coverage, communities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell of which communities nobody knows how many people of each kind they have.

    Parameters
    ----------
    coverage
        A year's coverage.
    communities
        The communities with the people of that year.

    Returns
    -------
    DataFrame of bool
        Index = communities, and :data:`OUTSIDE` where rows are in none; columns = person columns.
        True where none of its rows knows a figure; without rows, where its ledger does not.
    """
    columns = list(PERSON_COLUMNS)
    homes = community_of(coverage, communities)
    known = coverage.residents.reindex(columns=columns).notna().groupby(homes.to_numpy()).any()
    ledger = communities.reindex(columns=columns).notna()
    alone = ledger[~ledger.index.isin(known.index)]
    order = [*communities.index, *([OUTSIDE] if OUTSIDE in known.index else [])]
    unknown: pd.DataFrame = ~pd.concat([known, alone]).reindex(order).astype(bool)
    return unknown


def with_homeless(
    residents: gpd.GeoDataFrame,
    nearest: pd.DataFrame,
    homeless: pd.DataFrame,
    communities: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return residents and their walks, with a row for each community's elders without homes.

    Such a row joins no street: its elders count, and nothing is known of their walk.

    Parameters
    ----------
    residents
        Residents of a year.
    nearest
        Their walks: :data:`planner.coverage.walking.NEAREST_COLUMNS`.
    homeless
        Person columns by community (:func:`planner.ledgers.without_homes`).
    communities
        The communities, inside which the rows are put.
    """
    if homeless.empty:
        return residents, nearest
    ids = pd.Index([f"{HOMELESS_ID}{code}" for code in homeless.index], dtype=object)
    places = communities.geometry.reindex(homeless.index).representative_point()
    people = {name: homeless[name].to_numpy() for name in homeless if name in residents}
    rows = gpd.GeoDataFrame(
        {"community": homeless.index.to_numpy(dtype=object), **people},
        index=ids,
        geometry=places.to_numpy(),
        crs=residents.crs,
    )
    columns = list(rows.columns)
    walks = pd.DataFrame(
        {
            "nearest": pd.Series(None, index=ids, dtype=object),
            "walk_minutes": np.inf,
            "leg_m": np.inf,
            "joined": False,
            "part": -1,
        }
    )[list(NEAREST_COLUMNS)]
    everybody = pd.concat([residents[columns], rows])
    return gpd.GeoDataFrame(everybody), pd.concat([nearest.astype({"nearest": object}), walks])


def persons(count: float) -> Message:
    """Return a count of persons in words: fewer than 5 are not counted out."""
    if 0 < count < LEAST_ELDERS:
        return message("years.persons_few", least=LEAST_ELDERS)
    return message("years.persons", count=float(count))


def told(count: float) -> float | None:
    """Return a count of persons, None where it is too few to be told."""
    return None if 0 < count < LEAST_ELDERS else float(count)


@dataclass(frozen=True)
class SamePeople:
    """Elders of the communities that two years both know; None where they would tell of too few.

    Parameters
    ----------
    elderly_60, covered_60
        Persons of the year.
    elderly_60_base, covered_60_base
        Persons of the base year.
    """

    elderly_60: float | None
    elderly_60_base: float | None
    covered_60: float | None
    covered_60_base: float | None

    @property
    def shares(self) -> tuple[float | None, float | None]:
        """The share covered, of the year and of the base year."""
        pairs = (
            (self.covered_60, self.elderly_60),
            (self.covered_60_base, self.elderly_60_base),
        )
        return tuple(  # type: ignore[return-value]
            None if part is None or whole is None else units.share(part, whole)
            for part, whole in pairs
        )


def same_people(plan: YearPlan, base: YearPlan) -> SamePeople | None:
    """Return the elders of communities known in both years; None where the same ones are known.

    Parameters
    ----------
    plan, base
        A year planned for, and the base year.
    """
    if not differs(plan, base).any():
        return None
    both = ~(plan.unknown[ELDERS] | base.unknown[ELDERS].reindex(plan.unknown.index))
    figures: list[float] = []
    left: list[float] = []
    for one in (plan, base):
        rows = one.areas.level("community")
        here = both.reindex(rows.index).astype(bool)
        for name in (ELDERS, f"{ELDERS}_covered"):
            figures.append(float(rows.loc[here, name].sum()))
            left.append(float(rows.loc[~here, name].sum()))
        left.append(left[-2] - left[-1])
    if any(0 < count < LEAST_ELDERS for count in left):
        return SamePeople(None, None, None, None)
    return SamePeople(figures[0], figures[2], figures[1], figures[3])


def differs(plan: YearPlan, base: YearPlan) -> pd.Series:
    """Tell of which communities the elders are known in one of two years alone."""
    before = base.unknown[ELDERS].reindex(plan.unknown.index)
    return plan.unknown[ELDERS] != before


def elders_today(plan: YearPlan, base: YearPlan) -> float:
    """Return today's elders of the communities whose elders are unknown in a year."""
    rows = base.areas.level("community")[ELDERS]
    return float(rows[plan.unknown[ELDERS].reindex(rows.index)].sum())


def shown_sums(
    table: pd.DataFrame, members: Sequence[pd.Index], plan: YearPlan, base: YearPlan
) -> pd.DataFrame:
    """Return sums of areas, less what is not known, with ``unknown_communities``.

    A sum is missing where nobody knows any of its parts; that of another column than 60+ also where
    it lacks communities that it had in the base year, or has some that 60+ lacks. The base year is
    as the run has it.

    Parameters
    ----------
    table
        Persons by area (rows), columns as :data:`planner.workflow.years.areas.PERSONS`, and
        ``share_60``, missing where the elders of other communities are known than in the base year.
    members
        Communities of each row.
    plan, base
        The year and the base year.
    """
    unknown, before = plan.unknown, base.unknown.reindex(plan.unknown.index)
    shown = table.assign(
        unknown_communities=[int(unknown.loc[ids, ELDERS].sum()) for ids in members]
    )
    if plan is base:
        return shown
    for name in shown.columns.intersection([*PERSON_COLUMNS, "covered_60", "share_60"]):
        of = name if name in unknown else ELDERS
        nobody = np.array([bool(len(ids)) and unknown.loc[ids, of].all() for ids in members])
        if of != ELDERS:
            lost = unknown[of] & ~unknown[ELDERS] & ~before[of]
            lost |= unknown[ELDERS] & ~unknown[of]
            nobody |= np.array([bool(lost.loc[ids].any()) for ids in members])
        shown[name] = shown[name].mask(nobody)
    other = differs(plan, base)
    mixed = np.array([bool(other.loc[ids].any()) for ids in members])
    return shown.assign(share_60=shown["share_60"].mask(mixed))
