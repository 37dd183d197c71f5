"""The siting questions of one plan, and the recount of their answer on the streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

import geopandas as gpd
import pandas as pd

from planner.coverage.walking import Coverage
from planner.labels import message
from planner.siting import (
    FewestCentres,
    MostPeople,
    Screening,
    Zones,
    fewest_centres,
    most_people,
    verify,
)
from planner.siting.asking.recount import check_claim
from planner.siting.asking.weights import weights_of
from planner.workflow.covering.asking import named_walks
from planner.workflow.inputs.record import Clock
from planner.workflow.inputs.walking import Walks, points_only
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.rules import SitesAsked
from planner.workflow.siting.times import covered_on_streets, open_with, site_times
from planner.workflow.standards.planned_audit import PlannedAudit


@dataclass(frozen=True, eq=False)
class Siting:
    """Where the next centres should go.

    Parameters
    ----------
    asked
        The rules and weights that every plan keeps to.
    most
        Most people with the number of new centres that the project asks for.
    fewest
        Fewest new centres for all who can be covered, by the project's own rules: where the plan
        is a chosen set, the set is none of them.
    after
        Coverage recomputed on the streets with the plan's sites open, by the plan's own walker.
    walkers
        Walks by name of the walker of all who must arrive in time, the plan's own first.
    times
        Walks of the plan's own walker within the limit from every resident row to open centres
        and candidates.
    asked_times
        The walks that questions are asked with: of all walkers, with ``straight_m`` where a
        radius is asked for. The same table as ``times`` where neither is.
    beside
        The plans beside it and who gains; ``None`` where nobody asked.
    proposed
        Where candidates would have to be for those whom none reaches; ``None`` where nobody asked,
        or everybody is reached.
    audited
        What the books say of the chosen sites, all of them standing; ``None`` where none is chosen.
    """

    asked: SitesAsked
    most: MostPeople
    fewest: FewestCentres
    after: Coverage
    walkers: Mapping[str, Walks]
    times: pd.DataFrame
    asked_times: pd.DataFrame
    beside: SitingBeside | None = None
    proposed: Zones | None = None
    audited: PlannedAudit | None = None

    @property
    def candidates(self) -> gpd.GeoDataFrame:
        """The candidates' table."""
        return self.asked.candidates

    @property
    def screening(self) -> Screening:
        """Which candidates could hold a centre, and why the others could not."""
        return self.asked.screening

    def times_to(self, sites: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return walks to further sites, counted as the questions count them."""
        return site_times(self.walkers, sites, straight=self.asked.settings.radius_m is not None)


def answer_siting(
    walks: Walks, open_sites: gpd.GeoDataFrame, asked: SitesAsked, clock: Clock
) -> Siting:
    """Ask both siting questions and recount the first one's answer on the streets.

    Parameters
    ----------
    walks
        The plan's walks.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    asked
        What :func:`planner.workflow.siting.rules.sites_asked` returned.
    clock
        Times the steps.

    Raises
    ------
    SitingError
        If the coverage that the optimiser claims differs from the coverage recomputed from
        scratch by more than one part in a million, or a claim of a plan does not stand.
    """
    settings, usable = asked.settings, asked.screening.usable
    walkers = named_walks(walks, settings.walkers)
    places = points_only([open_sites, asked.candidates])
    with clock.step(message("workflow.site_times", candidates=len(usable))):
        plain = asked.is_walked_only
        times = walks.times_to(places)
        has_radius = settings.radius_m is not None
        counted = times if plain else site_times(walkers, places, straight=has_radius)
    question: Any = {
        "limit_minutes": asked.limit_minutes,
        "existing": tuple(open_sites.index),
        "weight": asked.weight,
        "rules": asked.rules,
        "time_limit_s": settings.time_limit_s,
    }
    people = asked.people(walks.residents)
    with clock.step(message("workflow.site_most", new_centres=settings.new_centres)):
        most = most_people(counted, people, usable, new_centres=settings.new_centres, **question)
    with clock.step(message("workflow.site_fewest")):
        own = asked if asked.own is None else asked.own
        fewest = fewest_centres(counted, people, usable, **question | {"rules": own.rules})
    with clock.step(message("workflow.site_recount")):
        opened = open_with(most, open_sites, asked.candidates)
        after = walks.coverage_by(opened)
        found = Siting(asked, most, fewest, after, walkers, times, counted)
        check_claim(most.covered, _recounted(found, opened))
        for plan in (most, fewest):
            verify(plan).raise_if_false()
    return found


def _recounted(siting: Siting, opened: gpd.GeoDataFrame) -> float:
    """Return what the plan of most people covers, in the weight that it was asked with."""
    if not siting.asked.is_walked_only:
        return covered_on_streets(siting.asked, siting.most, siting.walkers, opened)
    state = siting.after.residents["state"]
    people = siting.most.asked.residents
    covered = (state.reindex(people.index) == "covered").to_numpy()
    return fsum(weights_of(people, siting.asked.weight)[covered])
