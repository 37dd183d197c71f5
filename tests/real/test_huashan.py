"""A planner's own road layer and a raster of elders through the whole run."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.streets import WalkingNetwork, join_to_streets
from planner.units import ELDER_SPEED_M_S, within
from planner.workflow import RunResult
from tests.real.huashan import write_huashan

ELDERS = 25_905.37
"""Of the raster, known beforehand."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return planner.run(write_huashan(tmp_path_factory.mktemp("huashan")))


def test_every_elder_of_the_raster_is_in_one_state(result: RunResult) -> None:
    states = result.findings.coverage.states["elderly_60"]
    assert states.sum() == pytest.approx(ELDERS, abs=0.01)
    assert result.summary["elderly_60"]["total"] == pytest.approx(ELDERS, abs=0.01)
    for rows in result.summary["ledgers"].values():
        assert rows["rows_read"] == rows["rows_used"] + rows["rows_set_aside"]


def test_who_lives_beyond_the_layer_is_not_joined_and_told(result: RunResult) -> None:
    coverage = result.findings.coverage.residents
    network = result.findings.network
    lines = result.content.streets.union_all()
    far = shapely.distance(coverage.geometry.to_numpy(), lines) > 200.0
    assert network.notes["lines"] == 205
    assert 0.5 < far.mean() < 1.0
    assert ((coverage["state"] == "not_joined").to_numpy() == far).all()
    keys = {notice.key for notice in result.findings.notices}
    assert any("not_joined" in key or "joined" in key for key in keys), keys


def test_walks_equal_those_of_a_plain_graph(result: RunResult) -> None:
    """Dijkstra on the layer's segments, split where doors join, gives everybody's minutes."""
    network, coverage = result.findings.network, result.findings.coverage.residents
    kinds = result.findings.ledgers.centres.table
    graph = networkx.Graph()
    ends = zip(network.segment_from.tolist(), network.segment_to.tolist(), strict=True)
    for (one, two), metres in zip(ends, network.segment_length_m.tolist(), strict=True):
        if not graph.has_edge(one, two) or graph[one][two]["metres"] > metres:
            graph.add_edge(one, two, metres=metres)
    joined = join_to_streets(network, gpd.GeoDataFrame(kinds[["geometry"]]))
    for name, door in joined.iterrows():
        _hang(graph, network, f"centre {name}", door)
        graph.add_edge("any centre", f"centre {name}", metres=0.0)
    homes = join_to_streets(network, gpd.GeoDataFrame(coverage[["geometry"]]))
    reached = networkx.single_source_dijkstra_path_length(graph, "any centre", weight="metres")
    centres = joined[joined["joined"]]
    told_minutes, states = coverage["walk_minutes"].to_dict(), coverage["state"].to_dict()
    checked = 0
    for name, door in homes[homes["joined"]].iterrows():
        start, end = network.segment_from[door["segment"]], network.segment_to[door["segment"]]
        length = network.segment_length_m[door["segment"]]
        ways = [
            reached.get(int(start), np.inf) + door["fraction"] * length,
            reached.get(int(end), np.inf) + (1 - door["fraction"]) * length,
        ]
        same = centres[centres["segment"] == door["segment"]]
        ways += list((same["fraction"] - door["fraction"]).abs() * length + same["leg_m"])
        minutes = (min(ways) + door["leg_m"]) / ELDER_SPEED_M_S / 60
        told, state = told_minutes[name], states[name]
        assert (np.isnan(told) and not np.isfinite(minutes)) or told == pytest.approx(minutes)
        assert (state == "covered") == bool(within(minutes, 15.0))
        checked += 1
    assert checked > 100


def _hang(graph: networkx.Graph, network: WalkingNetwork, name: str, door: pd.Series) -> None:
    """Hang a door on both ends of its segment."""
    segment, fraction, leg_m = door["segment"], door["fraction"], door["leg_m"]
    length = network.segment_length_m[segment]
    graph.add_edge(name, int(network.segment_from[segment]), metres=fraction * length + leg_m)
    graph.add_edge(name, int(network.segment_to[segment]), metres=(1 - fraction) * length + leg_m)


def test_outputs_are_written_with_both_attributions(result: RunResult) -> None:
    page = (result.folder / "map.html").read_text(encoding="utf-8")
    assert "OpenStreetMap" in page
    assert "WorldPop, CC BY 4.0" in page
    assert Path(result.files["workbook"]).stat().st_size > 10_000
