"""There, home, the harder of both, and both together: on hills and one-way streets."""

from __future__ import annotations

from dataclasses import replace

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import units
from planner.errors import StreetsError
from planner.streets import WalkingNetwork, catchments, nearest_centre, route, travel_times
from planner.streets.walking.walkers import Walker
from tests.streets.drawn import edge, minutes, points, town
from tests.streets.test_walkers import HillTown

WHO = Walker("one", 1.0, "tobler", steps_factor=2.0, signal_s=20.0, crossing_s=10.0)


def hill() -> WalkingNetwork:
    """600 m up 10 % from A to B; ten minutes down, exp(0.35) times as long up."""
    flat = town({"A": (0, 0), "B": (600, 0)}, [edge("A", "B")])
    return replace(flat, profile_start=np.array([0, 2]), profile_height_m=np.array([0.0, 60.0]))


UP = 10 * np.exp(0.35)


@pytest.mark.parametrize(
    ("trip", "walk"), [("there", UP), ("back", 10), ("harder", UP), ("round", UP + 10)]
)
def test_a_hill(trip: str, walk: float) -> None:
    """The centre on the hill; and the centre below, where the way home is the harder one."""
    doors = points({"o": (0, 0)}), points({"d": (600, 0)})
    table = travel_times(hill(), *doors, limit_minutes=30, walker=WHO, trip=trip)
    assert minutes(table)["o", "d"] == pytest.approx(walk)
    below = travel_times(hill(), doors[1], doors[0], limit_minutes=30, walker=WHO, trip=trip)
    other = {"there": 10, "back": UP}.get(trip, walk)
    assert minutes(below)["d", "o"] == pytest.approx(other)
    for limit, found in ((walk - 1e-3, 0), (walk, 1)):
        table = travel_times(hill(), *doors, limit_minutes=limit, walker=WHO, trip=trip)
        assert len(table) == found
    if trip in ("harder", "round"):
        assert table["there_minutes"].tolist() == pytest.approx([UP])
        assert table["home_minutes"].tolist() == pytest.approx([10])
    else:
        assert list(table.columns) == ["origin", "destination", "walk_minutes"]


def test_one_way_home() -> None:
    """Feet may go A → B only: there is a way there and none home, so no harder and no round one."""
    network = town({"A": (0, 0), "B": (60, 0)}, [edge("A", "B", oneway=True)])
    doors = points({"o": (10, 0)}), points({"d": (50, 0)})
    found = {
        trip: len(travel_times(network, *doors, limit_minutes=30, walker=WHO, trip=trip))
        for trip in ("there", "back", "harder", "round")
    }
    assert found == {"there": 1, "back": 0, "harder": 0, "round": 0}
    assert nearest_centre(network, *doors, walker=WHO)["nearest"].tolist() == ["d"]
    assert nearest_centre(network, *doors, walker=WHO, trip="back")["nearest"].isna().all()


def test_trips_refused() -> None:
    doors = points({"o": (0, 0)}), points({"d": (600, 0)})
    with pytest.raises(StreetsError) as caught:
        travel_times(hill(), *doors, limit_minutes=30, trip="home")
    assert "harder" in caught.value.text("en")
    assert "home" in caught.value.text("zh")
    for trip in ("harder", "round"):
        with pytest.raises(StreetsError):
            nearest_centre(hill(), *doors, trip=trip)


def doors_in(seed: int) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    random = np.random.default_rng(seed + 1)
    places = random.uniform(0, 900, (16, 2)).tolist()
    origins = {f"o{number}": (e, n) for number, (e, n) in enumerate(places[:11])}
    ends = {f"d{number}": (e, n) for number, (e, n) in enumerate(places[11:])}
    return points(origins), points(ends)


quick = settings(max_examples=20, deadline=None, derandomize=True)


@quick
@given(st.integers(0, 10**6), st.floats(5, 60))
def test_against_two_plain_tables(seed: int, limit: float) -> None:
    """All four from the walks there and, with the tables changed about, the walks home; exactly."""
    network, (origins, ends) = HillTown(seed).network, doors_in(seed)
    there = minutes(travel_times(network, origins, ends, limit_minutes=1e6, walker=WHO))
    turned = minutes(travel_times(network, ends, origins, limit_minutes=1e6, walker=WHO))
    home = {(origin, end): walk for (end, origin), walk in turned.items()}
    both = there.keys() & home.keys()
    expected = {
        "there": there,
        "back": home,
        "harder": {pair: max(there[pair], home[pair]) for pair in both},
        "round": {pair: there[pair] + home[pair] for pair in both},
    }
    for trip, walks in expected.items():
        table = travel_times(network, origins, ends, limit_minutes=limit, walker=WHO, trip=trip)
        within = {pair: walk for pair, walk in walks.items() if units.within(walk, limit)}
        assert minutes(table) == within
        order = table.assign(o=table["origin"].cat.codes, d=table["destination"].cat.codes)
        resorted = order.sort_values(["o", "walk_minutes", "d"])
        assert resorted.index.tolist() == table.index.tolist()
        if trip in ("harder", "round"):
            for column, one_way in (("there_minutes", there), ("home_minutes", home)):
                pairs = zip(table["origin"], table["destination"], strict=True)
                assert table[column].tolist() == [one_way[pair] for pair in pairs]


@quick
@given(st.integers(0, 10**6))
def test_nearest_on_the_way_home(seed: int) -> None:
    network, (origins, ends) = HillTown(seed).network, doors_in(seed)
    table = travel_times(network, origins, ends, limit_minutes=1e6, walker=WHO, trip="back")
    found = nearest_centre(network, origins, ends, walker=WHO, trip="back")
    first = table.groupby("origin", observed=True).first()
    reached = found.dropna(subset="nearest")
    assert set(reached.index) == set(first.index.astype(str))
    reached = reached.loc[first.index.astype(str)]
    assert reached["walk_minutes"].tolist() == first["walk_minutes"].tolist()
    assert reached["nearest"].tolist() == first["destination"].tolist()


def test_few_threads_or_many() -> None:
    network, (origins, ends) = HillTown(5).network, doors_in(5)
    tables = [
        travel_times(
            network, origins, ends, limit_minutes=60, walker=WHO, trip="round", threads=count
        )
        for count in (1, 2)
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1], check_exact=True)


def test_progress_of_both_ways() -> None:
    told: list[tuple[int, int]] = []
    network, (origins, ends) = HillTown(5).network, doors_in(5)
    travel_times(
        network,
        origins,
        ends,
        limit_minutes=60,
        trip="harder",
        progress=lambda done, sources: told.append((done, sources)),
    )
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({sources for _, sources in told}) == 1


def test_the_route_says_so_too() -> None:
    """A route's minutes are those of the table, both ways round."""
    network = hill()
    start, end = points({"o": (50, 0)}), points({"d": (550, 0)})
    there = travel_times(network, start, end, limit_minutes=60, walker=WHO, trip="round")
    up, down = route(network, start, end, walker=WHO), route(network, end, start, walker=WHO)
    assert there["there_minutes"].iloc[0] == up.walk_minutes
    assert there["home_minutes"].iloc[0] == down.walk_minutes
    assert there["walk_minutes"].iloc[0] == up.walk_minutes + down.walk_minutes


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("who", ["elder_85", "wheelchair"])
def test_catchments_of_walkers(seed: int, who: str) -> None:
    """A place belongs to the area just if the walker's time from it is within the limit."""
    network = HillTown(seed).network
    centre = doors_in(seed)[1].iloc[:1]
    random = np.random.default_rng(seed)
    spots = {f"p{number}": (e, n) for number, (e, n) in enumerate(random.uniform(0, 900, (400, 2)))}
    places = points(spots)
    found = catchments(network, centre, limits_minutes=[15.0], walker=who, tolerance_m=3.0)
    times = travel_times(network, places, centre, limit_minutes=15.0, walker=who)
    within = places.index.isin(times["origin"].astype(str))
    area = found.areas.geometry.iloc[0]
    clear = places.geometry.distance(area.boundary) > 4.5
    if area.is_empty:
        clear[:] = True
    assert clear.mean() > 0.8
    inside = places.geometry.within(area)
    assert (inside[clear] == within[clear.to_numpy()]).all()
