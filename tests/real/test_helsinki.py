"""Real streets and a real population grid through the whole run."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx
import osmium
import pyproj
import pytest

import planner
from planner.streets import foot_rules, read_streets
from planner.units import minutes_from_metres
from planner.workflow import RunResult
from tests.real.helsinki import ELDERLY_SHARE, write_helsinki
from tests.shared_data import shared_data

PEOPLE = 71_724


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return planner.run(write_helsinki(tmp_path_factory.mktemp("helsinki")))


def test_nobody_is_lost_between_the_grid_and_the_states(
    result: RunResult,
) -> None:
    summary = result.summary
    assert summary["elderly_60"]["total"] == pytest.approx(PEOPLE * ELDERLY_SHARE)
    assert sum(summary["residents"]["states"].values()) == summary["residents"]["rows"] == 92
    for rows in summary["ledgers"].values():
        assert rows["rows_read"] == rows["rows_used"] + rows["rows_set_aside"]


def test_the_share_of_elders_is_told_as_an_assumption(
    result: RunResult,
) -> None:
    keys = set(result.findings.ledgers.findings["key"])
    assert any("share" in key or "assum" in key for key in keys), keys


def test_some_are_covered_and_siting_adds_to_them(result: RunResult) -> None:
    summary = result.summary
    siting = summary["siting"]
    assert 0 < summary["elderly_60"]["covered"] < summary["elderly_60"]["total"]
    assert siting["covered_after"] >= siting["covered_before"]
    assert siting["gap"] == 0
    assert len(siting["chosen"]) <= 3


def test_unknown_areas_stay_unknown(result: RunResult) -> None:
    centres = result.summary["centres"]
    assert centres["unknown_area"] == centres["open"] > 0
    assert centres["below_area"] == 0
    assert result.summary["floor_area"]["per_100_elders_m2"] is None


def test_the_map_is_in_the_metre_crs_of_finland_and_written_whole(
    result: RunResult,
) -> None:
    assert result.findings.network.crs is not None
    assert result.findings.network.crs.to_epsg() == 32635
    assert json.loads((result.folder / "summary.json").read_text(encoding="utf-8"))
    assert (result.folder / "map.html").stat().st_size > 100_000


def test_minutes_equal_those_of_an_independent_graph() -> None:
    """Walks between junctions on a plain networkx graph of the raw ways."""
    graph = _plain_graph(shared_data("networks/helsinki.osm.pbf"))
    # A plain graph knows no residents, walks round squares, and is as fast on sand.
    rules = replace(foot_rules().with_estates_open(), areas=(), slower=())
    network = read_streets(shared_data("networks/helsinki.osm.pbf"), rules=rules)
    known = [node for node in network.node_ids if node.isdigit() and int(node) in graph][::60]
    assert len(known) > 10
    lookup = {str(node): place for place, node in enumerate(network.node_ids)}

    def points(ids: list[str], prefix: str) -> gpd.GeoDataFrame:
        places = [lookup[one] for one in ids]
        return gpd.GeoDataFrame(
            index=[f"{prefix}{one}" for one in ids],
            geometry=gpd.points_from_xy(
                network.node_easting_m[places], network.node_northing_m[places]
            ),
            crs=network.crs,
        )

    times = planner.travel_times(
        network, points(known, "a"), points(known, "b"), limit_minutes=20, speed_m_s=0.83
    )
    assert len(times) > 100
    for row in times.sample(60, random_state=1).itertuples():
        metres = networkx.dijkstra_path_length(
            graph, int(str(row.origin)[1:]), int(str(row.destination)[1:]), weight="metres"
        )
        assert row.walk_minutes == pytest.approx(minutes_from_metres(metres, 0.83), abs=0.01)


def _walked(tags: dict[str, str]) -> bool:
    refused = {"motorway", "motorway_link", "construction", "proposed", "bus_guideway", "raceway"}
    if tags.get("foot") in {"no", "use_sidepath"}:
        return False
    if tags.get("access") == "no" and "foot" not in tags:
        return False
    if tags.get("railway") == "platform" or tags.get("man_made") == "pier":
        return True
    return tags.get("highway", "motorway") not in refused


def _plain_graph(path: Path) -> networkx.Graph:
    geod = pyproj.Geod(ellps="WGS84")
    graph = networkx.Graph()
    ways = osmium.FileProcessor(str(path)).with_locations()
    way: Any
    for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
        if not _walked({tag.k: tag.v for tag in way.tags}):
            continue
        nodes = [node for node in way.nodes if node.location.valid()]
        for one, two in pairwise(nodes):
            _, _, metres = geod.inv(
                one.location.lon, one.location.lat, two.location.lon, two.location.lat
            )
            graph.add_edge(one.ref, two.ref, metres=metres)
    node: Any
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        shut = node.tags.get("foot") == "no" or (
            node.tags.get("access") in {"no", "military"} and "foot" not in node.tags
        )
        if "barrier" in node.tags and shut:
            graph.remove_nodes_from([node.id])
    return graph
