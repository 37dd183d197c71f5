"""Where points join the streets."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, join_to_streets, travel_times
from planner.streets.joining.joining import JOINED_COLUMNS, segment_lines
from tests.streets.drawn import bent, edge, points, town


def main_and_stray() -> WalkingNetwork:
    """A long street and, 100 m beside it, a short one that leads nowhere.

    ::

               C──D      (stray, 100 m north)
        A──────────────B (main)
    """
    return town(
        {"A": (0, 0), "B": (1000, 0), "C": (400, 100), "D": (500, 100)},
        [edge("A", "B"), edge("C", "D")],
    )


def test_columns_rows_and_order() -> None:
    places = {"z": (250.0, 30.0), "a": (250.0, 900.0), "m": (0.0, -10.0)}
    table = points(places)
    table.loc["empty", "geometry"] = None
    before = table.copy()
    joined = join_to_streets(main_and_stray(), table)
    assert list(joined.columns) == list(JOINED_COLUMNS)
    assert list(joined.index) == ["z", "a", "m", "empty"]
    assert joined["joined"].tolist() == [True, False, True, False]
    assert joined["leg_m"].tolist()[:3] == pytest.approx([30.0, np.hypot(150, 800), 10.0])
    assert joined["leg_m"].isna().tolist() == [False, False, False, True]
    assert joined["part"].tolist() == [0, -1, 0, -1]
    assert (joined.loc["a", "segment"], joined.loc["empty", "segment"]) == (-1, -1)
    assert joined["fraction"].isna().tolist() == [False, True, False, True]
    assert (joined.loc["z", "easting_m"], joined.loc["z", "northing_m"]) == (250.0, 0.0)
    pd.testing.assert_frame_equal(table, before)


def test_the_main_part_is_preferred_within_the_limit() -> None:
    network = main_and_stray()
    door = points({"o": (450, 90)})
    near = join_to_streets(network, door, limit_m=200)
    assert (near.loc["o", "part"], near.loc["o", "leg_m"]) == (0, 90.0)
    short = join_to_streets(network, door, limit_m=50)
    assert (short.loc["o", "part"], short.loc["o", "leg_m"]) == (1, 10.0)
    neither = join_to_streets(network, door, limit_m=5)
    assert not neither.loc["o", "joined"]
    assert neither.loc["o", "leg_m"] == 10.0


def test_the_limit_belongs_to_the_inside() -> None:
    network = main_and_stray()
    assert join_to_streets(network, points({"o": (50, 200)})).loc["o", "joined"]
    assert not join_to_streets(network, points({"o": (50, 200.001)})).loc["o", "joined"]
    assert join_to_streets(network, points({"o": (50, 0)}), limit_m=0).loc["o", "joined"]
    with pytest.raises(ValueError, match="limit_m"):
        join_to_streets(network, points({"o": (0, 0)}), limit_m=-1)


def test_a_point_on_a_node_joins_the_first_of_its_segments() -> None:
    network = town(
        {"A": (0, 0), "B": (100, 0), "C": (100, 100), "D": (200, 0)},
        [edge("A", "B"), edge("B", "C"), edge("B", "D")],
    )
    joined = join_to_streets(network, points({"o": (100, 0)}))
    assert joined.loc["o", "segment"] == 0
    assert joined.loc["o", "fraction"] in (0.0, 1.0)
    assert joined.loc["o", "leg_m"] == 0.0


def test_against_every_segment_one_by_one() -> None:
    """The nearest of all segments, found by measuring each, over a town of random bends."""
    random = np.random.default_rng(3)
    places = {f"n{number}": tuple(random.uniform(0, 1000, 2)) for number in range(30)}
    edges = []
    for _ in range(60):
        start, end = random.choice(30, 2, replace=False)
        a, b = places[f"n{start}"], places[f"n{end}"]
        middle = tuple((np.array(a) + np.array(b)) / 2 + random.normal(0, 60, 2))
        edges.append(edge(f"n{start}", f"n{end}", geometry=bent(a, middle, b)))
    network = town(places, edges)
    doors = points({f"d{number}": tuple(random.uniform(0, 1000, 2)) for number in range(200)})
    joined = join_to_streets(network, doors, limit_m=1e4)
    lines = segment_lines(network)
    main = network.segment_part == 0
    for name, door in doors.geometry.items():
        distance = np.where(main, shapely.distance(lines, door), np.inf)
        assert joined["segment"].loc[name] == np.argmin(distance)
        assert joined["leg_m"].loc[name] == pytest.approx(distance.min())
        spot = Point(joined["easting_m"].loc[name], joined["northing_m"].loc[name])
        line: LineString = lines[joined["segment"].loc[name]]
        assert line.distance(spot) < 1e-6
        assert spot.distance(door) == pytest.approx(distance.min(), abs=1e-6)
        assert line.project(spot, normalized=True) == pytest.approx(
            joined["fraction"].loc[name], abs=1e-9
        )


def test_points_are_brought_to_the_networks_crs() -> None:
    network = town(
        {"A": (500_000, 3.8e6), "B": (501_000, 3.8e6)}, [edge("A", "B")], crs="EPSG:4545"
    )
    door = points({"o": (500_300, 3.8e6 + 40)}, crs="EPSG:4545")
    expected = join_to_streets(network, door)
    for crs in ("EPSG:4490", "EPSG:4326", "EPSG:3857"):
        joined = join_to_streets(network, door.to_crs(crs))
        assert joined.loc["o", "leg_m"] == pytest.approx(expected.loc["o", "leg_m"], abs=1e-4)
    with pytest.raises(StreetsError) as caught:
        join_to_streets(network, points({"o": (500_300, 3.8e6)}), table="residents")
    assert caught.value.problems[0].key == "streets.points_without_crs"
    assert "residents" in str(caught.value)


def test_points_that_cannot_be_joined_are_named() -> None:
    network = main_and_stray()
    table = geopandas.GeoDataFrame(
        index=["home", "estate"], geometry=[Point(0, 0), Point(9, 9).buffer(5)], crs="EPSG:4326"
    )
    with pytest.raises(StreetsError) as caught:
        join_to_streets(network, table)
    assert [problem.key for problem in caught.value.problems] == [
        "streets.not_points",
        "streets.points_in_degrees",
    ]
    assert "estate" in str(caught.value)
    assert "home" not in str(caught.value)


def test_points_off_the_globe_are_not_joined() -> None:
    """Coordinates that the CRS cannot show are no place: their row stays, without a leg."""
    network = town(
        {"A": (500_000, 3.8e6), "B": (501_000, 3.8e6)}, [edge("A", "B")], crs="EPSG:4545"
    )
    joined = join_to_streets(network, points({"o": (999.0, 999.0)}, crs="EPSG:4326"))
    assert not joined.loc["o", "joined"]
    assert joined["leg_m"].isna().all()


def test_a_table_of_another_place_is_refused_in_one_sentence() -> None:
    """A hundred thousand points far from any street are a mistake, not a hundred thousand gaps."""
    network = town({"a": (0, 0), "b": (900, 0)}, [edge("a", "b")])
    centre = points({"centre": (0, 0)})
    far = points({f"r{number}": (5e6 + number, 4e6) for number in range(100_000)})
    with pytest.raises(StreetsError, match="100000") as caught:
        travel_times(network, far, centre, limit_minutes=15)
    assert len(caught.value.problems) == 1
    assert "tables" in caught.value.problems[0].text("en")  # what the network was made from
    # One point near by is enough to take the rest for people who live far out.
    mixed = points({"near": (10, 0), "far": (5e6, 4e6)})
    assert len(travel_times(network, mixed, centre, limit_minutes=15)) == 1
    # A village ten kilometres off is far, not elsewhere.
    village = points({"village": (10_000, 0)})
    assert travel_times(network, village, centre, limit_minutes=15).empty
