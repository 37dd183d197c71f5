"""Single linkage, beside scipy's and networkx's."""

from __future__ import annotations

import geopandas as gpd
import networkx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_series_equal
from scipy.cluster.hierarchy import fcluster, linkage
from shapely.geometry import LineString, Point

from planner.coverage.grouping import linked, walking_groups, with_unjoined
from planner.coverage.severing import BarrierPieces
from planner.errors import TableError
from tests.coverage.gap_towns import PAIRS


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 30), st.data())
def test_groups_are_connected_components(count: int, data: st.DataObject) -> None:
    member = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(member, member), max_size=40))
    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(links)
    expected = {one: min(part) for part in networkx.connected_components(graph) for one in part}
    first = np.array([one for one, _ in links], dtype=np.int64)
    second = np.array([two for _, two in links], dtype=np.int64)
    whole = linked(np.arange(count), first, second)
    assert whole.tolist() == [expected[one] for one in range(count)]
    half = len(links) // 2
    in_slices = linked(np.arange(count), second[:half], first[:half])
    in_slices = linked(in_slices, first[half:], second[half:])
    assert in_slices.tolist() == whole.tolist()


def test_a_long_chain_is_one_group() -> None:
    count = 10_000
    order = np.random.default_rng(3).permutation(count)
    label = linked(np.arange(count), order[:-1], order[1:])
    assert not label.any()


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_those_of_single_linkage(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place = rng.uniform(0, 30, (60, 2))
    metres = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    told = fcluster(linkage(place, "single"), 3.0, criterion="distance")
    ids = pd.Index([f"r{one:02d}" for one in range(60)])
    first, second = np.nonzero(metres <= 5)
    pairs = pd.DataFrame(
        {"origin": ids[first], "destination": ids[second], "walk_minutes": metres[first, second]}
    )
    groups = walking_groups(ids, [pairs], link_minutes=3.0)
    assert pd.crosstab(groups, told).astype(bool).sum().eq(1).all()
    assert groups.nunique() == len(set(told))


def test_only_walks_between_those_asked_for_link() -> None:
    """Bend and tower are 3.5 minutes apart; both are near a neighbour who is covered."""
    ids = pd.Index(["tower", "bend", "bank2", "bank1", "blank", "far"])
    groups = walking_groups(ids, [PAIRS], link_minutes=3.0)
    assert groups.to_dict() == {
        "bank1": "bank1", "bank2": "bank1", "bend": "bend", "blank": "blank", "far": "blank",
        "tower": "tower",
    }  # fmt: skip
    wider = walking_groups(ids, [PAIRS], link_minutes=3.5)
    assert wider["tower"] == "bend"


def test_order_and_slices_and_categories_make_no_difference() -> None:
    ids = pd.Index(["tower", "bend", "bank2", "bank1", "blank", "far"])
    whole = walking_groups(ids, [PAIRS], link_minutes=3.0)
    coded = PAIRS.iloc[::-1].astype({"origin": "category", "destination": "category"})
    assert_series_equal(walking_groups(ids[::-1], [coded], link_minutes=3.0), whole)
    slices = [PAIRS.iloc[[row]] for row in (3, 1, 0, 2)]
    assert_series_equal(walking_groups(ids, slices, link_minutes=3.0), whole)


def test_what_must_stay_apart_is_not_linked() -> None:
    ids = pd.Index(["a", "b", "c", "d"])
    chain = pd.DataFrame(
        {"origin": ["a", "b", "c"], "destination": ["b", "c", "d"], "walk_minutes": 1.0}
    )
    streets = pd.Series({"d": None, "c": None, "b": "东", "a": "东"})
    groups = walking_groups(ids, [chain], link_minutes=3.0, apart=streets)
    assert groups.to_list() == ["a", "a", "c", "c"]
    streets["c"] = "东"
    groups = walking_groups(ids, [chain], link_minutes=3.0, apart=streets)
    assert groups.to_list() == ["a", "a", "a", "d"]


def test_repeated_ids_and_odd_links_are_refused() -> None:
    with pytest.raises(TableError, match="a"):
        walking_groups(pd.Index(["a", "a"]), [], link_minutes=3.0)
    with pytest.raises(ValueError, match="link_minutes"):
        walking_groups(pd.Index(["a"]), [], link_minutes=0.0)


def test_who_joins_no_street_goes_to_the_nearest_neighbour_in_sight() -> None:
    #   walkers: w1 (0)        w2 (100)    | wall at 130     w3 (135)
    #   no street: u1 (60) – u2 (120) are 60 apart; u2 is 20 from w2, 15 from w3 behind the wall
    #   u3 (400) has nobody within 80; u4 has no place
    east = {"w1": 0, "w2": 100, "w3": 135, "u1": 60, "u2": 120, "u3": 400}
    points = gpd.GeoSeries({name: Point(one, 0) for name, one in east.items()} | {"u4": None})
    joined = pd.Series({name: name.startswith("w") for name in points.index})
    together = pd.Series({name: name for name in sorted(points.index)}, dtype=object)
    wall = BarrierPieces.of(gpd.GeoDataFrame(geometry=[LineString([(130, -9), (130, 9)])]))
    groups = with_unjoined(together, points, joined, link_m=80.0, barriers=wall)
    # u1 and u2 are one group, and its nearest walker is w2: w1, 60 m from u1, stays apart
    assert groups.to_dict() == {
        "u1": "u1", "u2": "u1", "w2": "u1", "u3": "u3", "u4": "u4", "w1": "w1", "w3": "w3",
    }  # fmt: skip
    open_ = with_unjoined(together, points, joined, link_m=80.0)
    assert open_["w3"] == "u1"  # without the wall w3 is nearer than w2, and never both
    assert open_["w2"] == "w2"
    backwards = with_unjoined(together, points.iloc[::-1], joined.iloc[::-1], link_m=80.0)
    assert_series_equal(backwards, open_)


def test_all_on_streets_stay_as_they_are() -> None:
    together = pd.Series({"a": "a", "b": "a"}, dtype=object)
    points = gpd.GeoSeries({"a": Point(0, 0), "b": Point(1, 0)})
    joined = pd.Series({"a": True, "b": True})
    assert with_unjoined(together, points, joined, link_m=9.0).equals(together)
