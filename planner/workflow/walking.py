"""Who walks where: the steps from joined points to coverage, today and with new centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.coverage.serving import operating
from planner.coverage.walking import Coverage, coverage
from planner.errors import StreetsError
from planner.labels import message
from planner.scenario import Scenario
from planner.streets import WalkingNetwork, join_to_streets, nearest_centre, travel_times


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
    scenario
        The plan's speed and limits.
    """

    network: WalkingNetwork
    residents: gpd.GeoDataFrame
    joined: pd.DataFrame
    scenario: Scenario

    @classmethod
    def of(cls, network: WalkingNetwork, residents: gpd.GeoDataFrame, scenario: Scenario) -> Walks:
        """Join the residents to the streets.

        Raises
        ------
        StreetsError
            If nobody joins: the street file is of another place, or a datum is wrong.
        """
        limit_m = scenario.streets.join_limit_m
        joined = join_to_streets(network, residents, limit_m=limit_m, table="residents")
        if len(joined) and not joined["joined"].any():
            told = message(
                "workflow.nobody_joined",
                rows=len(joined),
                limit_m=limit_m,
                nearest_m=float(joined["leg_m"].min()),
            )
            raise StreetsError(told)
        return cls(network, residents, joined, scenario)

    def _points(self, table: gpd.GeoDataFrame, name: str) -> pd.DataFrame:
        limit_m = self.scenario.streets.join_limit_m
        return join_to_streets(self.network, table, limit_m=limit_m, table=name)

    def not_joined(self, sites: gpd.GeoDataFrame) -> list[str]:
        """Return the ids of sites that are too far from every street to join it."""
        joined = self._points(sites, "sites")["joined"]
        return [str(site) for site in joined.index[~joined]]

    def coverage_by(self, sites: gpd.GeoDataFrame) -> Coverage:
        """Return who can walk to the nearest of these sites within the limit."""
        walking = self.scenario.walking
        nearest = nearest_centre(
            self.network,
            self.joined,
            self._points(sites, "sites"),
            speed_m_s=walking.speed_m_s,
        )
        return coverage(
            self.residents,
            nearest,
            limit_minutes=walking.limit_minutes,
            open_centres=len(sites),
        )

    def times_to(self, sites: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return the walks within the limit from every resident row to every site."""
        walking = self.scenario.walking
        return travel_times(
            self.network,
            self.joined,
            self._points(sites, "sites"),
            limit_minutes=walking.limit_minutes,
            speed_m_s=walking.speed_m_s,
        )


def open_centres(centres: gpd.GeoDataFrame, kinds: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the operating centres of these kinds whose own coordinates place them.

    Centres put at their community's middle, in water, or nowhere serve somebody, but nobody
    knows whom: they stay out of the walks and are told of.
    """
    operates = operating(centres, kinds)
    return gpd.GeoDataFrame(operates[operates["position"] == "given"])


def points_only(tables: Sequence[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Return the places of several tables as one table of points, by id."""
    crs = tables[0].geometry.crs
    ids = [value for table in tables for value in table.index]
    geometry = np.concatenate([table.geometry.to_numpy() for table in tables])
    return gpd.GeoDataFrame(index=pd.Index(ids, dtype=object), geometry=geometry, crs=crs)
