r"""The one-street town with five candidates, asked by any rules without writing any output.

An elder reaches what lies at most 727 m along the street (747 m less 20 m from the doors)::

      A      E                          candidates A 600, B 1,300, C 1,900, D 2,800, E 100
    C1●──────┼─────────┼─────┼────────● today's centre C1 reaches R1 (200) and R2 (700)
      0     600      1300  1900     2800
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from planner.scenario import from_mapping
from planner.scenario.siting import SitingSettings
from planner.standards.rulebooks.clauses import RuleBook
from planner.workflow.inputs.project import Project, read_project
from planner.workflow.inputs.project_books import project_book
from planner.workflow.inputs.reading import Ledgers, read_ledgers, read_network
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.siting.answering import Siting, answer_siting
from planner.workflow.siting.rules import sites_asked
from tests.workflow.town import DOORS, write_town

PLACES = {"A": 600.0, "B": 1300.0, "C": 1900.0, "D": 2800.0, "E": 100.0}
CENTRE_M, REACH_M = 0.0, 747.0 - 20.0
HOMES = ("R1", "R2", "R3", "R4", "R5", "R6")
"""Those on the main street."""

BARRED = "X"
"""A basement at 2,000 m."""


class Ground(NamedTuple):
    """What every question is asked of."""

    project: Project
    ledgers: Ledgers
    walks: Walks
    open_sites: gpd.GeoDataFrame
    candidates: gpd.GeoDataFrame
    book: RuleBook


def ground(folder: Path) -> Ground:
    project = read_project(write_town(folder))
    clock = Clock(9, silent)
    network = read_network(project, clock)
    ledgers = read_ledgers(project, clock, network)
    scenario = project.scenario
    return Ground(
        project,
        ledgers,
        Walks.of(network, ledgers.residents.table, scenario),
        open_centres(ledgers.centres.table, scenario.coverage.centre_kinds),
        _candidates(ledgers),
        project_book(project),
    )


def _candidates(ledgers: Ledgers) -> gpd.GeoDataFrame:
    assert ledgers.candidates is not None
    given = ledgers.candidates.table
    origin = given.geometry["K1"].x - 1300.0
    north = given.geometry["K1"].y
    rows = pd.concat([given.loc[["K1"]]] * len(PLACES) + [given.loc[["K3"]]])
    table = gpd.GeoDataFrame(rows.set_axis([*PLACES, BARRED], axis="index"), crs=given.crs)
    places = [Point(origin + along, north) for along in (*PLACES.values(), 2000.0)]
    costs = [10.0, 20.0, None, 40.0, 50.0, 60.0]
    return table.assign(name=[f"点{one}" for one in table.index], cost_10k_yuan=costs).set_geometry(
        gpd.GeoSeries(places, index=table.index, crs=given.crs)
    )


def with_settings(project: Project, **settings: Any) -> Project:
    mapping = {"project": {"name": "x"}, "streets": {"file": "s"}, "siting": settings}
    needed = ("communities", "residents", "centres")
    read = from_mapping(mapping | {name: {"file": "x"} for name in needed}).siting
    assert isinstance(read, SitingSettings)
    scenario = dataclasses.replace(project.scenario, siting=read)
    return dataclasses.replace(project, scenario=scenario)


def asked(town: Ground, **settings: Any) -> Siting:
    project = with_settings(town.project, **settings)
    scenario = project.scenario
    walks = dataclasses.replace(town.walks, scenario=scenario)
    residents = town.walks.residents
    rules = sites_asked(scenario, town.candidates, town.open_sites, residents, town.book)
    return answer_siting(walks, town.open_sites, rules, Clock(9, silent))


def covered(sites: Any, reach_m: float = REACH_M, column: int = 2) -> float:
    """Return the elders within reach of some places, by the drawing alone."""
    along = [PLACES.get(one, CENTRE_M) for one in sites]
    return sum(
        DOORS[home][column]
        for home in HOMES
        if any(abs(DOORS[home][0] - place) <= reach_m for place in along)
    )
