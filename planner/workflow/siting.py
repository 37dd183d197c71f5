"""The siting questions of one plan, and the recount of their answer on the streets."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.coverage.walking import Coverage
from planner.labels import message
from planner.siting import (
    FewestCentres,
    MostPeople,
    Screening,
    fewest_centres,
    most_people,
    usable_candidates,
    verify,
)
from planner.siting.asking.recount import check_claim
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.record import Clock
from planner.workflow.walking import Walks, points_only


@dataclass(frozen=True)
class Siting:
    """Where the next centres should go.

    Parameters
    ----------
    candidates
        The candidates' table.
    screening
        Which of them could hold a centre, and why the others could not.
    most
        Most elders with the number of new centres that the project asks for.
    fewest
        Fewest new centres for all who can be covered.
    after
        Coverage recomputed on the streets with the chosen sites open.
    times
        Walks within the limit from every resident row to open centres and usable candidates.
    """

    candidates: gpd.GeoDataFrame
    screening: Screening
    most: MostPeople
    fewest: FewestCentres
    after: Coverage
    times: pd.DataFrame


def answer_siting(
    walks: Walks,
    open_sites: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    book: RuleBook,
    clock: Clock,
) -> Siting:
    """Ask both siting questions and recount the first one's answer on the streets.

    Raises
    ------
    SitingError
        If the coverage that the optimiser claims differs from the coverage recomputed from
        scratch by more than one part in a million, or a claim of a plan does not stand.
    """
    settings = walks.scenario.siting
    screening = usable_candidates(
        candidates,
        least_area_m2=settings.least_area_m2,
        use_area_ratio=book.figure("use_area_ratio"),
    )
    usable = screening.usable
    # Rows whose elders are unknown ask for nothing here; their number stands in the notices.
    weights = walks.residents[["elderly_60"]].fillna(0.0)
    with clock.step(message("workflow.site_times", candidates=len(usable))):
        times = walks.times_to(points_only([open_sites, usable]))
    limit_minutes = walks.scenario.walking.limit_minutes
    existing = tuple(open_sites.index)
    with clock.step(message("workflow.site_most", new_centres=settings.new_centres)):
        most = most_people(
            times,
            weights,
            usable,
            limit_minutes=limit_minutes,
            new_centres=settings.new_centres,
            existing=existing,
            time_limit_s=settings.time_limit_s,
        )
    with clock.step(message("workflow.site_fewest")):
        fewest = fewest_centres(
            times,
            weights,
            usable,
            limit_minutes=limit_minutes,
            existing=existing,
            time_limit_s=settings.time_limit_s,
        )
    with clock.step(message("workflow.site_recount")):
        chosen = candidates.loc[list(most.chosen)]
        after = walks.coverage_by(points_only([open_sites, chosen]))
        check_claim(most.covered, float(after.states["elderly_60"]["covered"]))
        for plan in (most, fewest):
            verify(plan).raise_if_false()
    return Siting(candidates, screening, most, fewest, after, times)
