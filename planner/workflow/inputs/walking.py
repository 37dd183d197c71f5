"""Who walks where: the steps from joined points to coverage, today and with new centres."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.coverage.serving import operating
from planner.coverage.walking import Coverage, coverage
from planner.errors import StreetsError
from planner.labels import Language, message, text
from planner.scenario import Scenario, WalkingSettings
from planner.streets import (
    Walker,
    WalkingNetwork,
    join_to_streets,
    nearest_centre,
    travel_times,
    walker,
)
from planner.streets.joining.joining import BEHIND_BARRIER
from planner.tables import PLACED


def walker_for(settings: WalkingSettings) -> Walker:
    """Return who walks in a plan: the profile named, with what the project says otherwise.

    Raises
    ------
    StreetsError
        If there is no profile of that name, or a setting is out of bounds.
    """
    profile = walker(settings.walker)
    own = settings.own
    if all(getattr(profile, name) == value for name, value in own.items()):
        return profile
    return dataclasses.replace(profile, **own)


def walker_line(who: Walker, language: Language, *, heights: bool) -> str:
    """Return who walks and what slows them, in one sentence.

    Parameters
    ----------
    who, language
        The walker; language of the sentence.
    heights
        Whether the network has heights.
    """
    slope = "unknown" if who.slope == "tobler" and not heights else who.slope
    steps = "steps_refused" if who.steps_refused else "steps_factor"
    return text(
        "workflow.walker",
        language,
        title=who.title(language),
        speed=who.speed_m_s,
        slope=text(f"workflow.slope_{slope}", language),
        steps=text(f"workflow.{steps}", language, factor=who.steps_factor),
        signal=who.signal_s,
        crossing=who.crossing_s,
    )


@dataclass(frozen=True)
class Walks:
    """The network of one plan with its residents joined, ready to be asked.

    Parameters
    ----------
    network
        The streets.
    residents
        Residents table.
    joined
        Where each resident row joins the streets.
    barriers
        What no leg crosses; None for nothing.
    scenario
        The plan's limits.
    """

    network: WalkingNetwork
    residents: gpd.GeoDataFrame
    joined: pd.DataFrame
    barriers: gpd.GeoDataFrame | None
    scenario: Scenario

    @classmethod
    def of(
        cls,
        network: WalkingNetwork,
        residents: gpd.GeoDataFrame,
        scenario: Scenario,
        barriers: gpd.GeoDataFrame | None = None,
    ) -> Walks:
        """Join the residents to the streets.

        Raises
        ------
        StreetsError
            If nobody joins: the street file is of another place, or a datum is wrong.
        """
        limit_m = scenario.streets.join_limit_m
        joined = join_to_streets(
            network,
            residents,
            limit_m=limit_m,
            barriers=barriers,
            walker=walker_for(scenario.walking),
            table="residents",
        )
        if len(joined) and not joined["joined"].any():
            told = message(
                "workflow.nobody_joined",
                rows=len(joined),
                limit_m=limit_m,
                nearest_m=float(joined["leg_m"].min()),
            )
            raise StreetsError(told)
        return cls(network, residents, joined, barriers, scenario)

    @property
    def walker(self) -> Walker:
        """Who walks."""
        return walker_for(self.scenario.walking)

    def _points(self, table: gpd.GeoDataFrame, name: str) -> pd.DataFrame:
        limit_m = self.scenario.streets.join_limit_m
        return join_to_streets(
            self.network,
            table,
            limit_m=limit_m,
            barriers=self.barriers,
            walker=self.walker,
            table=name,
        )

    def points(self, sites: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return where sites join the streets (:func:`planner.streets.join_to_streets`)."""
        return self._points(sites, "sites")

    def not_joined(self, sites: gpd.GeoDataFrame) -> list[str]:
        """Return the ids of sites that are too far from every street to join it."""
        joined = self._points(sites, "sites")["joined"]
        return [str(site) for site in joined.index[~joined]]

    def behind_barriers(self) -> pd.Index:
        """Return the ids of resident rows whose every street lies behind a barrier."""
        return self.joined.index[self.joined["why_not"] == BEHIND_BARRIER]

    def coverage_by(self, sites: gpd.GeoDataFrame) -> Coverage:
        """Return who can walk to the nearest of these sites within the limit."""
        walking = self.scenario.walking
        nearest = nearest_centre(
            self.network, self.joined, self._points(sites, "sites"), walker=self.walker
        )
        return coverage(
            self.residents,
            nearest,
            limit_minutes=walking.limit_minutes,
            open_centres=len(sites),
        )

    def minutes_to_sets(
        self, sites: gpd.GeoDataFrame, sets: Sequence[Sequence[str]]
    ) -> Iterator[pd.Series]:
        """Yield, for each set of ids of sites, every resident row's minutes to its nearest.

        Sites are joined once. NaN where there is no walk, and everywhere for an empty set.
        """
        joined = self._points(sites, "sites")
        nothing = pd.Series(np.nan, index=self.residents.index)
        for ids in sets:
            if len(ids):
                found = nearest_centre(
                    self.network, self.joined, joined.loc[list(ids)], walker=self.walker
                )
                yield found["walk_minutes"]
            else:
                yield nothing

    def times_to(
        self, sites: gpd.GeoDataFrame, *, limit_minutes: float | None = None
    ) -> pd.DataFrame:
        """Return the walks within the limit, else that given, from every resident row to sites."""
        walking = self.scenario.walking
        return travel_times(
            self.network,
            self.joined,
            self._points(sites, "sites"),
            limit_minutes=walking.limit_minutes if limit_minutes is None else limit_minutes,
            walker=self.walker,
        )


def open_centres(centres: gpd.GeoDataFrame, kinds: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the operating centres of these kinds whose place is known, or accepted as such.

    Centres put at their community's middle, in water, or nowhere serve somebody, but nobody
    knows whom: they stay out of the walks and are told of.
    """
    operates = operating(centres, kinds)
    return gpd.GeoDataFrame(operates[operates["position"].isin(PLACED)])


def points_only(tables: Sequence[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Return the places of several tables as one table of points, by id."""
    crs = tables[0].geometry.crs
    ids = [value for table in tables for value in table.index]
    geometry = np.concatenate([table.geometry.to_numpy() for table in tables])
    return gpd.GeoDataFrame(index=pd.Index(ids, dtype=object), geometry=geometry, crs=crs)
