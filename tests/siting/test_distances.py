"""Pairs of places that stand less than a distance apart."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from planner.errors import SitingError
from planner.siting.asking.distances import too_near
from planner.siting.asking.rules import SiteRules
from planner.siting.covering.questions import most_people
from tests.siting.towns import town

METRES = "EPSG:4546"


def _places(spots: dict[Any, tuple[float, float]], crs: str | None = METRES) -> gpd.GeoDataFrame:
    points = [Point(*spot) for spot in spots.values()]
    return gpd.GeoDataFrame(index=list(spots), geometry=points, crs=crs)


def test_exactly_so_far_apart_is_far_enough() -> None:
    places = _places({"c": (0, 0), "a": (300, 400), "b": (0, 499.9), "d": (5000, 0)})
    near = too_near(places, least_distance_m=500.0)
    assert list(near.columns) == ["first", "second", "straight_m"]
    assert list(zip(near["first"], near["second"], strict=True)) == [("a", "b"), ("b", "c")]
    assert near["straight_m"].tolist() == pytest.approx([hypot(300, 99.9), 499.9])


def test_places_at_one_spot_and_places_alone() -> None:
    assert len(too_near(_places({"a": (1, 1), "b": (1, 1)}), least_distance_m=0.1)) == 1
    assert not len(too_near(_places({"a": (1, 1)}), least_distance_m=10.0))
    none = too_near(_places({}), least_distance_m=10.0)
    assert list(none.columns) == ["first", "second", "straight_m"]


@pytest.mark.parametrize("seed", range(5))
def test_the_same_as_measuring_every_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = {number: tuple(rng.integers(0, 60, 2) * 5.0) for number in rng.permutation(40)}
    near = too_near(_places(spots), least_distance_m=25.0)
    expected = {
        tuple(sorted((one, other), key=str))
        for one, other in combinations(spots, 2)
        if hypot(*np.subtract(spots[one], spots[other])) < 25.0
    }
    assert set(zip(near["first"], near["second"], strict=True)) == expected
    assert len(near) == len(expected) > 5


def test_the_order_of_rows_never_matters() -> None:
    rng = np.random.default_rng(0)
    places = _places({f"p{n}": tuple(rng.random(2) * 100) for n in range(30)})
    near = too_near(places, least_distance_m=20.0)
    other = too_near(places.iloc[::-1], least_distance_m=20.0)
    assert near.equals(other)
    assert list(near["first"]) == sorted(near["first"])


def test_a_plan_keeps_its_distance() -> None:
    some = town(
        [("a", "A", 1.0), ("b", "B", 1.0), ("c", "C", 1.0)], {"a": 9, "b": 8, "c": 1}, "ABC"
    )
    places = _places({"A": (0, 0), "B": (100, 0), "C": (900, 0)})
    rules = SiteRules(apart=too_near(places, least_distance_m=200.0))
    plan = most_people(
        some.times, some.residents, some.candidates, limit_minutes=15, new_centres=2, rules=rules
    )
    assert plan.chosen == ("A", "C")


def _keys(places: gpd.GeoDataFrame, least_distance_m: Any) -> list[str]:
    with pytest.raises(SitingError) as refused:
        too_near(places, least_distance_m=least_distance_m)
    for problem in refused.value.problems:
        assert problem.text("zh")
        assert problem.text("en")
    return [problem.key for problem in refused.value.problems]


@pytest.mark.parametrize("distance", [0, -5.0, float("nan"), float("inf"), "5", True])
def test_distances_out_of_bounds(distance: Any) -> None:
    assert _keys(_places({"a": (0, 0)}), distance) == ["siting.not_positive"]


@pytest.mark.parametrize("crs", [None, "EPSG:4490"])
def test_places_without_metres(crs: str | None) -> None:
    assert _keys(_places({"a": (110, 30)}, crs), 500.0) == ["siting.no_metres"]
    assert _keys(_places({"a": (110, 30)}, crs), 0) == ["siting.not_positive", "siting.no_metres"]


def test_places_whose_position_is_not_known_are_refused_by_name() -> None:
    places = _places({"a": (0, 0), "b": (1, 1)})
    places.loc["b", "geometry"] = None
    assert _keys(places, 5.0) == ["siting.no_position"]
    with pytest.raises(SitingError, match="b"):
        too_near(places, least_distance_m=5.0)
    areas = _places({"a": (0, 0)}).buffer(1.0).to_frame("geometry")
    assert _keys(gpd.GeoDataFrame(areas, crs=METRES), 5.0) == ["siting.no_position"]
    assert _keys(gpd.GeoDataFrame(geometry=[Point()], index=["a"], crs=METRES), 5.0) == [
        "siting.no_position"
    ]


def test_ids_that_stand_twice() -> None:
    places = _places({"a": (0, 0), "b": (1, 1)}).set_axis(["a", "a"])
    assert _keys(places, 5.0) == ["tables.id_repeated"]
