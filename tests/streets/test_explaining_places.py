"""What a place on the map is to the streets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, catchments, explain_place
from tests.streets.drawn import METRE_A_SECOND, edge, points, town


def high_street(**traits: object) -> WalkingNetwork:
    """Return a street of 3 km from west to east."""
    return town({"w": (0, 0), "e": (3000, 0)}, [edge("w", "e", **traits)])


def test_a_door_on_a_street() -> None:
    place = high_street().explain(Point(1000, 30), speed_m_s=METRE_A_SECOND)
    assert place.facts["leg_m"] == 30.0
    assert place.facts["leg_minutes"] == pytest.approx(0.5)
    assert place.facts["forward_minutes"] == pytest.approx(50.0)
    assert place.facts["part_share"] == 1.0
    assert place.leg is not None
    assert place.leg.equals(LineString([(1000, 30), (1000, 0)]))
    # 30 m are gone on the leg; west there are but 1,000 m of street.
    assert place.reach["street_m"].tolist() == pytest.approx([2 * 270, 2 * 570, 2 * 870])
    assert place.text("en") == [
        "point: 30 m (0.5 minutes) to a street in part 0 of the network"
        " (the main one, 100.0% of all street length).",
        "This piece of street is 3000 m long and takes 50.0 minutes, 50.0 the other way.",
        "0.5 km of streets are within 5 minutes.",
        "1.1 km of streets are within 10 minutes.",
        "1.7 km of streets are within 15 minutes.",
    ]
    assert place.text()[0].startswith("point：走 30 米（0.5 分钟）上街")


def test_what_a_street_is() -> None:
    network = high_street(steps=True, pace=1.25, main_road=1.0, off_ground=True, oneway=True)
    street = explain_place(network, Point(10, 0), speed_m_s=METRE_A_SECOND).text("en")[1]
    assert street == (
        "This piece of street is 3000 m long and takes 62.5 minutes, no way the other way; "
        "steps; a main road; a bridge or tunnel; slow ground."
    )
    private = town(
        {"a": (0, 0), "b": (500, 0), "c": (700, 0)},
        [edge("a", "b"), edge("b", "c", private=True)],
    )
    lines = explain_place(private, Point(650, 0), speed_m_s=METRE_A_SECOND).text()
    assert "小区内部道路" in lines[1]


def test_a_nearer_stray_piece_is_told() -> None:
    network = town(
        {"a": (0, 0), "b": (900, 0), "c": (0, 100), "d": (50, 100)},
        [edge("a", "b"), edge("c", "d")],
    )
    place = explain_place(network, points({"home": (20, 90)}))
    assert place.facts["nearest_m"] == pytest.approx(10.0)
    assert any("A street 10 m away is nearer" in line for line in place.text("en"))
    stray = explain_place(network, points({"home": (20, 90)}), join_limit_m=50.0)
    assert "not the main one: 5.3% of all street length" in stray.text("en")[0]


def test_places_that_join_no_street() -> None:
    network = high_street()
    far = explain_place(network, Point(100, 900))
    assert (far.leg, len(far.reach)) == (None, 0)
    assert far.text("en") == [
        "point: no street within 200 m; the nearest is 900 m away. Check its coordinates, or add "
        "the street that is missing."
    ]
    nowhere = explain_place(network, points({"lost": (np.nan, np.nan)}))
    assert nowhere.text("en") == ["lost has no valid coordinates. Give them."]


def test_reach_is_that_of_catchments() -> None:
    random = np.random.default_rng(3)
    side = 6
    places = {
        f"{i},{j}": (i * 150.0 + random.uniform(-20, 20), j * 150.0 + random.uniform(-20, 20))
        for i in range(side)
        for j in range(side)
    }
    rows = [
        edge(f"{i},{j}", f"{i + di},{j + dj}", private=bool(random.random() < 0.1))
        for i in range(side)
        for j in range(side)
        for di, dj in ((1, 0), (0, 1))
        if i + di < side and j + dj < side and random.random() < 0.8
    ]
    network = town(places, rows)
    door = points({"door": (420.0, 380.0)})
    reach = explain_place(network, door, speed_m_s=METRE_A_SECOND).reach
    drawn = catchments(network, door, speed_m_s=METRE_A_SECOND, tolerance_m=20.0).streets
    expected = pd.Series(drawn.length.to_numpy(), index=drawn["limit_minutes"])
    assert reach.set_index("limit_minutes")["street_m"].tolist() == pytest.approx(
        expected.tolist(), rel=1e-6
    )


def test_what_is_no_point() -> None:
    with pytest.raises(StreetsError, match="2"):
        explain_place(high_street(), points({"a": (0, 0), "b": (1, 1)}))
    with pytest.raises(TypeError):
        explain_place(high_street(), (0.0, 0.0))
