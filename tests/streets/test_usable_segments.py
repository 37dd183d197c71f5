"""Doors of walkers who take no steps: they join the nearest street that is no stairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point

from planner.errors import StreetsError
from planner.streets import (
    Walker,
    WalkingNetwork,
    catchments,
    explain_place,
    join_to_streets,
    nearest_centre,
    reasons,
    route,
    shortcuts,
    travel_times,
)
from planner.streets.joining.joining import segment_lines
from tests.streets.drawn import bent, edge, minutes, points, town
from tests.streets.test_second_opinion import RandomTown

WHEELS = Walker("wheels", 1.0, steps_refused=True)
LEGS = Walker("legs", 1.0)


def hillside(flight: tuple[float, float] = (0, 40)) -> WalkingNetwork:
    """Return two terraces 100 m apart with stairs between, and the road round.

    ::

        C───────────D   north, 100
        ║stairs     │
        A───────────B   south, 0; stairs at easting 0
    """
    return town(
        {"A": (0, 0), "B": (300, 0), "C": (0, 100), "D": (300, 100)},
        [
            edge("A", "B"),
            edge("C", "D"),
            edge("B", "D"),
            edge("A", "C", steps=True, geometry=bent((0, 0), flight, (0, 100))),
        ],
    )


def test_the_nearest_street_that_is_no_stairs() -> None:
    """A door 5 m from the stairs: on legs it joins these, on wheels the terrace 40 m below."""
    network, door = hillside(), points({"o": (-5, 40)})
    for anybody in (None, LEGS, "elder"):
        row = join_to_streets(network, door, walker=anybody).loc["o"]
        assert (row["easting_m"], row["northing_m"], row["leg_m"]) == (0, 40, 5)
    for who in (WHEELS, "wheelchair"):
        row = join_to_streets(network, door, walker=who).loc["o"]
        assert (row["easting_m"], row["northing_m"]) == (0, 0)
        assert row["leg_m"] == row["nearest_m"] == pytest.approx(np.hypot(5, 40))
    far = join_to_streets(network, door, walker=WHEELS, limit_m=20).loc["o"]
    assert (far["why_not"], far["leg_m"]) == ("too_far", pytest.approx(np.hypot(5, 40)))
    with pytest.raises(StreetsError):
        join_to_streets(network, door, walker="flyer")


def test_stairs_alone_are_no_street() -> None:
    network = town({"A": (0, 0), "B": (60, 0)}, [edge("A", "B", steps=True)])
    row = join_to_streets(network, points({"o": (10, 5)}), walker=WHEELS).loc["o"]
    assert (row["joined"], row["why_not"], row["segment"]) == (False, "too_far", -1)
    assert row["leg_m"] == row["nearest_m"] == 5
    drawn = catchments(network, points({"o": (10, 5)}), walker=WHEELS)
    assert drawn.areas.geometry.is_empty.all()


def test_the_main_part_stays_the_network_s() -> None:
    """A terrace that only stairs lead to is main still: preferred to a nearer stray path."""
    network = town(
        {"A": (0, 0), "B": (0, 60), "C": (500, 60), "P": (100, 100), "Q": (140, 100)},
        [edge("A", "B", steps=True), edge("B", "C"), edge("P", "Q")],
    )
    row = join_to_streets(network, points({"o": (120, 95)}), walker=WHEELS).loc["o"]
    assert (row["part"], row["northing_m"], row["nearest_m"]) == (0, 60, 5)
    # Where the main part within the limit is stairs alone, the stray path is joined.
    stray = town(
        {"A": (0, 0), "B": (0, 60), "C": (500, 60), "P": (-40, 20), "Q": (-80, 20)},
        [edge("A", "B", steps=True), edge("B", "C"), edge("P", "Q")],
    )
    row = join_to_streets(stray, points({"o": (-10, 20)}), walker=WHEELS, limit_m=35).loc["o"]
    assert (row["part"], row["leg_m"], row["nearest_m"]) == (1, 30, 30)


def test_behind_a_wall_too() -> None:
    """The terrace below lies behind a wall: wheels join that above, legs the stairs."""
    network, door = hillside(), points({"o": (-5, 40)})
    walls = geopandas.GeoDataFrame(geometry=[bent((-300, 20), (-1, 20))])
    wall_all = geopandas.GeoDataFrame(geometry=[bent((-300, 20), (300, 20))])
    assert join_to_streets(network, door, barriers=walls).loc["o", "leg_m"] == 5
    past = join_to_streets(network, door, barriers=walls, walker=WHEELS).loc["o"]
    assert past["northing_m"] == 0  # past the wall's tip
    assert past["leg_m"] > np.hypot(5, 40)
    above = join_to_streets(network, door, barriers=wall_all, walker=WHEELS).loc["o"]
    assert (above["easting_m"], above["northing_m"]) == (0, 100)


def test_every_question_joins_by_its_walker() -> None:
    """Door and centre both stand by the stairs: wheels go 40 m down and all the way round."""
    network = hillside()
    home, centre = points({"o": (-5, 40)}), points({"c": (0, 100)})
    down_m = np.hypot(5, 40)
    on_wheels, on_legs = (down_m + 300 + 100 + 300) / 60, (5 + 60) / 60
    for who, expected in ((WHEELS, on_wheels), (LEGS, on_legs)):
        times = travel_times(network, home, centre, limit_minutes=30, walker=who)
        assert minutes(times) == {("o", "c"): pytest.approx(expected)}
        nearest = nearest_centre(network, home, centre, walker=who)
        assert nearest["walk_minutes"].tolist() == [pytest.approx(expected)]
        told = reasons(network, home, centre, limit_minutes=30, walker=who)
        assert told["reason"].tolist() == [""]
        assert route(network, home, centre, walker=who).walk_minutes == pytest.approx(expected)
    place = explain_place(network, home, walker=WHEELS)
    assert place.facts["leg_m"] == pytest.approx(down_m)
    assert not place.facts["steps"]
    assert explain_place(network, home, walker=LEGS).facts["steps"]
    # What comes joined keeps its join: on the stairs, whence no wheels lead.
    joined = join_to_streets(network, home)
    assert not len(travel_times(network, joined, centre, limit_minutes=30, walker=WHEELS))
    told = reasons(network, joined, centre, limit_minutes=30, walker=WHEELS)
    assert told["reason"].tolist() == ["steps"]


def test_shortcuts_join_by_the_walker() -> None:
    """A ramp beside the stairs spares wheels the way round; the home by the stairs counts."""
    network = hillside()
    home, centre = points({"o": (-5, 40)}), points({"c": (20, 100)})
    found = shortcuts(network, home, centre, limit_minutes=5, walker=WHEELS, reach_m=101.0)
    assert found["persons_within"].iloc[0] == 1
    # From the very place that the home joins: down 40 m, up the new ramp, and along.
    assert found["length_m"].iloc[0] == pytest.approx(100, abs=5)


def check_area(
    network: WalkingNetwork, centres: geopandas.GeoDataFrame, limits: Sequence[float], samples: int
) -> None:
    """Judge places in and out of the areas of wheels by their travel times."""
    drawn = catchments(network, centres, limits_minutes=limits, walker=WHEELS)
    random = np.random.default_rng(4)
    low = [network.vertex_easting_m.min() - 250, network.vertex_northing_m.min() - 250]
    high = [network.vertex_easting_m.max() + 250, network.vertex_northing_m.max() + 250]
    places = random.uniform(low, high, (samples, 2))
    doors = points({f"p{number}": tuple(place) for number, place in enumerate(places.tolist())})
    for row in drawn.areas.itertuples():
        truth = []
        for limit in (row.limit_minutes - 0.2, row.limit_minutes + 0.2):
            found = travel_times(
                network, doors, centres.loc[[row.centre]], limit_minutes=limit, walker=WHEELS
            )
            truth.append(doors.index.isin(found["origin"].astype(str)))
        inside = shapely.contains_xy(row.geometry, places[:, 0], places[:, 1])
        # Sure places: clearly in time or clearly not; rims between streets may be off by 5 m.
        wrong = (truth[0] & ~inside) | (~truth[1] & inside)
        assert wrong.mean() < 0.01


def test_areas_of_wheels() -> None:
    network = hillside()
    centre = points({"c": (0, 110)})
    check_area(network, centre, [4, 11], 3000)
    on_wheels, on_legs = (
        catchments(network, centre, limits_minutes=[4], walker=who).areas.geometry.iloc[0]
        for who in (WHEELS, LEGS)
    )
    for land in ((-20.0, 30.0), (30.0, 10.0)):
        assert on_legs.contains(Point(land))
        assert not on_wheels.contains(Point(land))
    # Beside the upper stairs wheels walk the leg to the terrace.
    assert on_wheels.contains(Point(-10, 70))


@pytest.mark.parametrize("seed", range(4))
def test_random_towns_with_stairs(seed: int) -> None:
    """Wheels join as everybody does in the town without its stairs, but for the main part."""
    random = np.random.default_rng(seed)
    plain = RandomTown(seed, nodes=9).network()
    steps = random.uniform(size=plain.segment_count) < 0.3
    network = replace(plain, segment_steps=steps)
    places = random.uniform(-100, 1000, (150, 2)).tolist()
    doors = points({f"d{number}": tuple(place) for number, place in enumerate(places)})
    joined = join_to_streets(network, doors, walker=WHEELS)
    lines = segment_lines(network)
    away = np.array([shapely.distance(lines, door) for door in doors.geometry])
    away[:, steps] = np.inf
    on_main = np.where(network.segment_part == 0, away, np.inf).min(axis=1)
    expected = np.where(on_main <= 200, on_main, away.min(axis=1))
    np.testing.assert_allclose(joined["leg_m"], expected, atol=1e-6)
    assert not steps[joined["segment"][joined["joined"]]].any()
    pd.testing.assert_frame_equal(
        join_to_streets(network, doors), join_to_streets(plain, doors, walker=WHEELS)
    )
    centres = doors.iloc[:2]
    check_area(network, centres[join_to_streets(network, centres)["joined"]], [6], 800)
