"""Where a candidate would have to be."""

from __future__ import annotations

import doctest
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.errors import SitingError
from planner.siting import zones
from planner.siting.beside import zones as module
from planner.tables import CANDIDATES, table_problems

CRS = 32650

# A street from west (0) to east (9), a corner each 100 m; one minute between two corners.
#   a at 0, b at 2, c at 9; e is off the street.
CORNERS = gpd.GeoDataFrame(
    index=[f"n{number}" for number in range(10)],
    geometry=gpd.points_from_xy(np.arange(10) * 100.0, np.zeros(10)),
    crs=CRS,
)
PEOPLE = pd.DataFrame(
    {"elderly_60": [10.0, 30.0, 20.0, 5.0, 0.0]}, index=["a", "b", "c", "e", "nobody"]
)
TIMES = pd.DataFrame(
    [
        (who, f"n{number}", float(abs(at - number)))
        for who, at in (("a", 0), ("b", 2), ("c", 9))
        for number in range(10)
    ],
    columns=["origin", "destination", "walk_minutes"],
)


def _zones(limit_minutes: float, **more: Any) -> Any:
    return zones(list(PEOPLE.index), PEOPLE, CORNERS, TIMES, limit_minutes=limit_minutes, **more)


def test_zones_hold_every_place_that_reaches_all_of_a_cluster() -> None:
    found = _zones(3.0)
    table = found.zones
    assert table.index.tolist() == ["proposed-01", "proposed-02"]
    assert table["weight"].tolist() == [40.0, 20.0]
    assert table["residents"].tolist() == [2, 1]
    # a and b: everything from n0 to n3 is within 3 of both; n2 walks least (10 × 2).
    inside = found.places.groupby("zone")["place"].agg(list)
    assert inside["proposed-01"] == ["n0", "n1", "n2", "n3"]
    assert inside["proposed-02"] == ["n6", "n7", "n8", "n9"]
    assert table["place"].tolist() == ["n2", "n9"]
    assert table["mean_minutes"].tolist() == [0.5, 0.0]
    assert table["worst_minutes"].tolist() == [2.0, 0.0]
    assert table.geometry.iloc[0].equals(shapely.LineString([(0, 0), (300, 0)]))
    assert found.out_of_reach == ("e",)
    assert found.only_barred == ()
    assert found.members.to_dict() == {"a": "proposed-01", "b": "proposed-01", "c": "proposed-02"}
    assert (len(found.fewest.chosen), found.fewest.bound) == (2, 2)


def test_the_limit_itself_is_within() -> None:
    assert len(_zones(5.0).zones) == 1
    assert len(_zones(4.999).zones) == 2
    assert len(_zones(0.5).zones) == 3


def test_barred_areas_are_left_out_and_told() -> None:
    water = gpd.GeoDataFrame(geometry=[shapely.box(150, -50, 300, 50)], crs=CRS)
    found = _zones(3.0, barred_areas=water)
    assert found.places.query("zone == 'proposed-01'")["place"].tolist() == ["n0", "n1"]
    assert found.zones["place"].tolist() == ["n1", "n9"]
    everywhere = gpd.GeoDataFrame(geometry=[shapely.box(-50, -50, 500, 50)], crs=CRS)
    none = _zones(1.0, barred_areas=everywhere)
    assert none.only_barred == ("a", "b")
    assert none.out_of_reach == ("e",)


def test_places_too_near_a_centre_are_told_apart_from_none() -> None:
    standing = gpd.GeoDataFrame(geometry=[shapely.Point(900, 0)], crs=CRS)
    # c at 900 reaches n6 to n9; n4 is exactly 500 m away, and far enough.
    found = _zones(3.0, standing=standing, least_distance_m=500.0)
    assert found.only_too_near == ("c",)
    assert (found.only_barred, found.out_of_reach) == ((), ("e",))
    assert _zones(5.0, standing=standing, least_distance_m=500.0).only_too_near == ()
    # In water, and the dry ones too near: the rule keeps c out; only in water: the water does.
    wet = gpd.GeoDataFrame(geometry=[shapely.box(550, -50, 650, 50)], crs=CRS)
    both = _zones(3.0, standing=standing, least_distance_m=500.0, barred_areas=wet)
    assert both.only_too_near == ("c",)
    every = gpd.GeoDataFrame(geometry=[shapely.box(550, -50, 950, 50)], crs=CRS)
    drowned = _zones(3.0, standing=standing, least_distance_m=500.0, barred_areas=every)
    assert (drowned.only_too_near, drowned.only_barred) == ((), ("c",))


def test_proposals_keep_their_distance_where_their_zones_allow_it() -> None:
    near = _zones(3.0)
    assert near.zones["place"].tolist() == ["n2", "n9"]
    assert near.crowded.empty
    # n9 is 700 m from n2: far enough for 700 m, and nothing of its zone for 701 m.
    assert _zones(3.0, least_distance_m=700.0).crowded.empty
    crowded = _zones(3.0, least_distance_m=701.0)
    assert crowded.zones["place"].tolist() == ["n2", "n9"]
    assert crowded.crowded[["first", "second"]].to_numpy().tolist() == [
        ["proposed-01", "proposed-02"]
    ]
    assert crowded.crowded["straight_m"].tolist() == [700.0]
    # d at 4 is told under a place of his own; moved one corner on it keeps 300 m.
    people = pd.DataFrame({"elderly_60": [40.0, 20.0]}, index=["b", "d"])
    times = pd.DataFrame(
        [(who, f"n{n}", float(abs(at - n))) for who, at in (("b", 2), ("d", 4)) for n in range(10)],
        columns=["origin", "destination", "walk_minutes"],
    )
    places = CORNERS.drop(index="n3")
    found = zones(["b", "d"], people, places, times, limit_minutes=1, least_distance_m=300.0)
    assert found.zones["place"].tolist() == ["n2", "n5"]
    assert found.zones["mean_minutes"].tolist() == [0.0, 1.0]
    assert found.zones["worst_minutes"].tolist() == [0.0, 1.0]
    assert found.crowded.empty


def test_no_places_at_all_reach_nobody() -> None:
    nowhere = CORNERS.iloc[:0]
    found = zones(list(PEOPLE.index), PEOPLE, nowhere, TIMES.iloc[:0], limit_minutes=3.0)
    assert found.out_of_reach == ("a", "b", "c", "e")
    assert found.zones.empty


def test_proposals_fit_a_ledger_of_candidates() -> None:
    found = _zones(3.0)
    rows = found.proposals
    assert rows["name"].tolist() == ["建议点位01（待踏勘）", "建议点位02（待踏勘）"]
    assert rows["candidate_kind"].tolist() == ["建议点位", "建议点位"]
    assert rows["to_visit"].all()
    assert rows.geometry.iloc[0].equals(shapely.Point(200, 0))
    assert table_problems(CANDIDATES, rows) == []
    assert (
        _zones(3.0, language="en").proposals["name"].iloc[0] == "Proposed site 01 (to be visited)"
    )


def test_nobody_left_is_no_zone() -> None:
    found = zones(["e"], PEOPLE, CORNERS, TIMES, limit_minutes=3.0)
    assert len(found.zones) == len(found.proposals) == len(found.places) == 0
    assert found.out_of_reach == ("e",)


def test_everybody_is_in_one_place_and_rows_do_not_matter() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        ids = [f"r{number}" for number in range(8)]
        people = pd.DataFrame({"elderly_60": rng.integers(1, 9, 8).astype(float)}, index=ids)
        times = pd.DataFrame(
            [
                (one, corner, float(rng.integers(1, 20)))
                for one in ids
                for corner in CORNERS.index
                if rng.random() < 0.3
            ],
            columns=["origin", "destination", "walk_minutes"],
        )
        found = zones(ids, people, CORNERS, times, limit_minutes=10)
        told = {*found.members.index, *found.only_barred, *found.out_of_reach}
        assert told == set(ids)
        assert found.zones["weight"].sum() == people.loc[found.members.index, "elderly_60"].sum()
        walks = {(a, b): m for a, b, m in times.itertuples(index=False)}
        for zone, members in found.members.groupby(found.members):
            inside = found.places.loc[found.places["zone"] == zone, "place"]
            whole = [
                corner
                for corner in CORNERS.index
                if all(walks.get((one, corner), 99) <= 10 for one in members.index)
            ]
            assert inside.tolist() == whole
        again = zones(
            ids[::-1], people.iloc[::-1], CORNERS.iloc[::-1], times.iloc[::-1], limit_minutes=10
        )
        pd.testing.assert_frame_equal(
            pd.DataFrame(found.zones.drop(columns="geometry")),
            pd.DataFrame(again.zones.drop(columns="geometry")),
        )


def test_what_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SitingError) as refused:
        zones(["x"], PEOPLE, CORNERS.to_crs(4326), TIMES, limit_minutes=0)
    keys = [problem.key for problem in refused.value.problems]
    assert keys == [
        "siting.not_positive",
        "siting_beside.residents_missing",
        "siting.no_metres",
    ]


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(module).failed == 0
