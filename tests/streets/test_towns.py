"""Towns small enough to walk by hand, at 1 m/s: 60 m are a minute."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from planner import units
from planner.errors import StreetsError, TableError
from planner.streets import WalkingNetwork, join_to_streets, nearest_centre, travel_times
from tests.streets.drawn import METRE_A_SECOND, bent, edge, minutes, points, town


def walk(
    network: WalkingNetwork,
    origins: Mapping[str, tuple[float, float]],
    destinations: Mapping[str, tuple[float, float]],
    limit_minutes: float = 1000.0,
) -> dict[tuple[str, str], float]:
    """Return the minutes found, having checked that ``nearest_centre`` says the same."""
    starts, ends = points(origins), points(destinations)
    table = travel_times(
        network, starts, ends, limit_minutes=limit_minutes, speed_m_s=METRE_A_SECOND
    )
    nearest = nearest_centre(network, starts, ends, speed_m_s=METRE_A_SECOND)
    for origin, rows in table.groupby("origin", observed=True):
        assert nearest["walk_minutes"].loc[origin] == rows["walk_minutes"].iloc[0]
        assert nearest["nearest"].loc[origin] == rows["destination"].iloc[0]
    return minutes(table)


def one_street() -> WalkingNetwork:
    """A ──────── 600 m ──────── B."""
    return town({"A": (0, 0), "B": (600, 0)}, [edge("A", "B")])


def test_two_doors_on_one_street() -> None:
    """The doors stand 120 m apart along the street, with legs of 30 m and 60 m.

    ::

             o (30 m)
        A────┼───────┼────B
                     d (60 m)
    """
    found = walk(one_street(), {"o": (180, 30)}, {"d": (300, -60)})
    assert found == {("o", "d"): pytest.approx((30 + 120 + 60) / 60, abs=1e-9)}


def test_the_same_spot_costs_the_legs_alone() -> None:
    """Two doors opposite each other cross the street for nothing: both legs are walked."""
    found = walk(one_street(), {"o": (180, 30)}, {"d": (180, -30)})
    assert found == {("o", "d"): pytest.approx(1.0, abs=1e-9)}


def test_beyond_the_end_of_a_street() -> None:
    """A door past the end of a dead end joins the end: its leg is straight, 50 m by 3-4-5."""
    joined = join_to_streets(one_street(), points({"o": (640, 30)}))
    assert joined.loc["o", "leg_m"] == pytest.approx(50.0)
    assert (joined.loc["o", "easting_m"], joined.loc["o", "northing_m"]) == (600.0, 0.0)


def test_round_a_loop_where_that_is_shorter() -> None:
    """On a loop of 400 m, doors at 20 m and 380 m from J are 40 m apart through J.

    ::

        o┌──────┐
        J│      │        J──o and d──J are 20 m each
        d└──────┘
    """
    ring = bent((0, 0), (0, 50), (150, 50), (150, -50), (0, -50), (0, 0))
    network = town({"J": (0, 0), "K": (-60, 0)}, [edge("J", "J", geometry=ring), edge("K", "J")])
    assert network.segment_length_m.sum() == pytest.approx(50 + 150 + 100 + 150 + 50 + 60)
    found = walk(network, {"o": (0, 20)}, {"d": (0, -20), "far": (150, 10)})
    assert found["o", "d"] == pytest.approx(40 / 60, abs=1e-9)
    # 30 up, 150 along, 40 down; the other way round is longer.
    assert found["o", "far"] == pytest.approx(220 / 60, abs=1e-9)


def test_a_way_round_beats_a_long_segment() -> None:
    """Along their own winding street the doors are 900 m apart, over the bridge 300 m.

    ::

        A═══bridge 100 m═══B
        o 100 m from A,  d 100 m from B, the winding street A…B is 1100 m long
    """
    winding = bent((0, 0), (0, 500), (100, 500), (100, 0))
    network = town({"A": (0, 0), "B": (100, 0)}, [edge("A", "B", geometry=winding), edge("A", "B")])
    found = walk(network, {"o": (0, 100)}, {"d": (100, 100)})
    assert found == {("o", "d"): pytest.approx(300 / 60, abs=1e-9)}


def test_parallel_streets_stay_apart() -> None:
    """Two streets between the same nodes: the direct one and the one round the block.

    ::

        ┌───────────┐  c on the far side of the block
        A───────────B  o on the direct street
    """
    block = bent((0, 0), (0, 60), (120, 60), (120, 0))
    network = town({"A": (0, 0), "B": (120, 0)}, [edge("A", "B", geometry=block), edge("A", "B")])
    assert network.segment_count == 2
    found = walk(network, {"o": (30, 0)}, {"c": (0, 30), "d": (120, 30)})
    assert found["o", "c"] == pytest.approx((30 + 30) / 60, abs=1e-9)
    assert found["o", "d"] == pytest.approx((90 + 30) / 60, abs=1e-9)


def one_way_block() -> WalkingNetwork:
    """Feet may go A → B only; the way back is round the block.

    ::

        D───────C
        │       │     every side 60 m
        A──→────B
    """
    return town(
        {"A": (0, 0), "B": (60, 0), "C": (60, 60), "D": (0, 60)},
        [
            edge("A", "B", oneway=True),
            edge("B", "C", oneway=False),
            edge("C", "D", oneway=None),
            edge("D", "A", oneway=False),
        ],
    )


def test_one_way_for_feet() -> None:
    """Onward along the street; back round the block, also between doors of that one street."""
    network = one_way_block()
    near_a, near_b = {"a": (12, 0)}, {"b": (48, 0)}
    assert walk(network, near_a, near_b) == {("a", "b"): pytest.approx(36 / 60, abs=1e-9)}
    assert walk(network, near_b, near_a) == {("b", "a"): pytest.approx(204 / 60, abs=1e-9)}


def test_one_way_seen_from_either_side() -> None:
    """Whether the search starts at origins or at destinations, the walk is the same."""
    network = one_way_block()
    many = {f"m{place}": (place, 0.0) for place in (3, 17, 29, 41, 55)}
    from_one = walk(network, {"x": (30, 60)}, many)
    for name, place in many.items():
        assert walk(network, {"x": (30, 60)}, {name: place})["x", name] == from_one["x", name]
    to_one = walk(network, many, {"x": (30, 60)})
    assert to_one["m3", "x"] == pytest.approx((57 + 60 + 30) / 60)
    assert from_one["x", "m3"] == pytest.approx((30 + 60 + 3) / 60)


def test_a_door_on_the_corner_ignores_the_one_way() -> None:
    """A door on node B of A → B stands on B: from B it is reached without leaving B."""
    found = walk(one_way_block(), {"o": (60, 30)}, {"b": (60, 0), "a": (0, 0)})
    assert found["o", "b"] == pytest.approx(30 / 60, abs=1e-9)
    assert found["o", "a"] == pytest.approx(150 / 60, abs=1e-9)


def test_no_way_between_parts() -> None:
    """What no street joins is absent, and has no nearest centre: never a big number.

    ::

        A────B      C────D
    """
    network = town(
        {"A": (0, 0), "B": (300, 0), "C": (400, 0), "D": (500, 0)},
        [edge("A", "B"), edge("C", "D")],
    )
    origins, destinations = points({"o": (10, 0)}), points({"c": (450, 0)})
    # Within 100 m the stray part is nearer, but the main part is there too: join_limit decides.
    table = travel_times(
        network,
        origins,
        destinations,
        limit_minutes=1e6,
        speed_m_s=METRE_A_SECOND,
        join_limit_m=100,
    )
    assert table.empty
    nearest = nearest_centre(
        network, origins, destinations, speed_m_s=METRE_A_SECOND, join_limit_m=100
    )
    assert nearest["nearest"].isna().all()
    assert nearest["walk_minutes"].isna().all()
    assert nearest.loc["o", "joined"]
    assert nearest.loc["o", "part"] == 0


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("beyond_minutes", "inside"), [(-1e-3, True), (0.0, True), (5e-7, True), (2e-6, False)]
)
def test_on_the_limit(swapped: bool, beyond_minutes: float, inside: bool) -> None:
    """A walk of the limit counts, one of a hair more does not, from either side."""
    network = one_street()
    length_m = 60.0 * (5.0 + beyond_minutes)
    near, far = {"near": (0.0, 0.0)}, {"far": (length_m, 0.0)}
    more = {f"far{number}": (length_m, 0.0) for number in range(3)}
    if swapped:
        table = travel_times(
            network, points(far | more), points(near), limit_minutes=5.0, speed_m_s=1.0
        )
    else:
        table = travel_times(
            network, points(near), points(far | more), limit_minutes=5.0, speed_m_s=1.0
        )
    assert len(table) == (4 if inside else 0)
    assert np.all(units.within(table["walk_minutes"].to_numpy(), 5.0))


@pytest.mark.parametrize("leg_m", [1.0, 150.0])
def test_the_leg_alone_may_exceed_the_limit(leg_m: float) -> None:
    network = one_street()
    found = walk(network, {"o": (100, leg_m)}, {"d": (100, 0)}, limit_minutes=2.0)
    assert bool(found) == (leg_m / 60 <= 2.0)


def test_the_length_given_is_the_length_walked() -> None:
    """The source's own length holds, spread evenly along the drawn line."""
    network = town({"A": (0, 0), "B": (600, 0)}, [edge("A", "B", length_m=1200.0)])
    found = walk(network, {"o": (0, 0)}, {"d": (150, 0)})
    assert found == {("o", "d"): pytest.approx(300 / 60, abs=1e-9)}


def test_a_street_without_length() -> None:
    """A step of no length (a lift, say) is passed at once."""
    network = town(
        {"A": (0, 0), "B": (60, 0), "C": (60, 0.0), "D": (120, 0)},
        [edge("A", "B"), edge("B", "C"), edge("C", "D")],
    )
    found = walk(network, {"o": (0, 0)}, {"d": (120, 0)})
    assert found == {("o", "d"): pytest.approx(2.0, abs=1e-9)}


def test_equally_near_centres_are_told_apart_by_id() -> None:
    """Of two centres 60 m away on either hand the first by id is the nearest, whatever the rows."""
    network = one_street()
    origins = points({"o": (300, 0), "p": (310, 0)})
    for names in (("c1", "c2"), ("c2", "c1")):
        centres = points({names[0]: (240, 0), names[1]: (360, 0)})
        nearest = nearest_centre(network, origins, centres, speed_m_s=1.0)
        assert nearest.loc["o", "nearest"] == "c1"
        table = travel_times(network, origins, centres, limit_minutes=10, speed_m_s=1.0)
        assert list(table["destination"][:2]) == ["c1", "c2"]
        assert table["walk_minutes"].iloc[0] == table["walk_minutes"].iloc[1]


def test_table_of_pairs() -> None:
    """Sorted by origin, minutes, destination; categories hold all ids, also those without a row."""
    network = one_street()
    origins = points({"o2": (0, 0), "o1": (100, 0), "away": (0, 5000)})
    destinations = points({"d": (100, 0), "b": (100, 0), "e": (0, 0)})
    table = travel_times(network, origins, destinations, limit_minutes=3, speed_m_s=1.0)
    assert list(zip(table["origin"], table["destination"], strict=True)) == [
        ("o1", "b"),
        ("o1", "d"),
        ("o1", "e"),
        ("o2", "e"),
        ("o2", "b"),
        ("o2", "d"),
    ]
    assert table["walk_minutes"].dtype == np.float64
    assert list(table["origin"].cat.categories) == ["away", "o1", "o2"]
    assert list(table["destination"].cat.categories) == ["b", "d", "e"]
    assert list(table.columns) == ["origin", "destination", "walk_minutes"]


def test_joined_tables_walk_like_points() -> None:
    network = one_way_block()
    origins, destinations = points({"o": (5, 3), "x": (900, 900)}), points({"d": (58, 20)})
    joined = join_to_streets(network, origins), join_to_streets(network, destinations)
    pd.testing.assert_frame_equal(
        travel_times(network, origins, destinations, limit_minutes=9),
        travel_times(network, *joined, limit_minutes=9),
    )
    pd.testing.assert_frame_equal(
        nearest_centre(network, origins, destinations), nearest_centre(network, *joined)
    )


def test_nothing_to_walk_to() -> None:
    """No centre at all, or none joined: every origin keeps its row, without a nearest."""
    network = one_street()
    origins = points({"o": (0, 0)})
    for centres in (points({}), points({"c": (0, 9e3)})):
        assert travel_times(network, origins, centres, limit_minutes=15).empty
        nearest = nearest_centre(network, origins, centres)
        assert list(nearest.index) == ["o"]
        assert nearest["nearest"].isna().all()
    assert nearest_centre(network, points({}), origins).empty
    assert travel_times(network, points({}), origins, limit_minutes=15).empty


def test_shared_and_repeated_ids_are_refused_together() -> None:
    network = one_street()
    origins = pd.concat([points({"a": (0, 0), "b": (1, 0)}), points({"b": (2, 0)})])
    with pytest.raises(TableError) as caught:
        travel_times(network, origins, points({"a": (9, 0)}), limit_minutes=15)
    assert {problem.key for problem in caught.value.problems} == {
        "tables.id_repeated",
        "tables.ids_shared",
    }
    with pytest.raises(TableError):
        nearest_centre(network, points({"a": (0, 0)}), points({"a": (9, 0)}))


@pytest.mark.parametrize("speed_m_s", [0.0, 5.0, -1.0, float("nan")])
def test_speeds_nobody_walks_at(speed_m_s: float) -> None:
    origins, destinations = points({"a": (0, 0)}), points({"b": (9, 0)})
    with pytest.raises(StreetsError) as caught:
        travel_times(one_street(), origins, destinations, limit_minutes=15, speed_m_s=speed_m_s)
    assert caught.value.message.key == "streets.speed_refused"
    with pytest.raises(StreetsError):
        nearest_centre(one_street(), origins, destinations, speed_m_s=speed_m_s)


@pytest.mark.parametrize("limit_minutes", [0.0, -1.0, float("nan")])
def test_limits_that_limit_nothing(limit_minutes: float) -> None:
    with pytest.raises(StreetsError) as caught:
        travel_times(
            one_street(), points({"a": (0, 0)}), points({"b": (9, 0)}), limit_minutes=limit_minutes
        )
    assert caught.value.message.key == "streets.limit_refused"


def test_without_a_limit_all_pairs_that_have_a_way() -> None:
    """An infinite limit finds all that can be reached, and only that, also past one-ways."""
    network = town(
        {"A": (0, 0), "B": (6000, 0), "C": (0, 9000)},
        [edge("A", "B", oneway=True), edge("B", "C", oneway=True)],
    )
    found = walk(network, {"o": (60, 0)}, {"d": (5940, 0)}, limit_minutes=float("inf"))
    assert found == {("o", "d"): pytest.approx(98.0)}
    assert walk(network, {"d": (5940, 0)}, {"o": (60, 0)}, limit_minutes=float("inf")) == {}
