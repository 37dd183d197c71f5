"""Catchments past barriers: no far bank, no yard behind a wall, checked place by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, join_to_streets, travel_times
from planner.streets.catchment import drawing
from planner.streets.catchment.catchments import TOLERANCE_M, Catchments, catchments
from tests.streets.drawn import bent, edge, points, town
from tests.streets.test_barriers import layer, random_walls
from tests.streets.test_catchments import around, held, one_area
from tests.streets.test_second_opinion import RandomTown


def in_time(
    network: WalkingNetwork,
    places: np.ndarray,
    centres: geopandas.GeoDataFrame,
    barriers: geopandas.GeoDataFrame,
    limit_minutes: float,
    walker: Any,
) -> np.ndarray:
    """Return which places, shape (places, 2), join past barriers and walk to a centre in time."""
    doors = geopandas.GeoDataFrame(
        index=pd.RangeIndex(len(places)).astype(str),
        geometry=geopandas.points_from_xy(places[:, 0], places[:, 1]),
        crs=network.crs,
    )
    who = None if isinstance(walker, float) else walker
    joined = [
        join_to_streets(network, table, barriers=barriers, walker=who) for table in (doors, centres)
    ]
    pace = {"speed_m_s": walker} if isinstance(walker, float) else {"walker": walker}
    found = travel_times(network, *joined, limit_minutes=limit_minutes, **pace)
    reached: np.ndarray = doors.index.isin(found["origin"].astype(str))
    return reached


def sampled(network: WalkingNetwork, barriers: geopandas.GeoDataFrame, count: int) -> np.ndarray:
    """Return random places: half of them anywhere, the others within 15 m of a barrier."""
    random = np.random.default_rng(7)
    west, south = network.vertex_easting_m.min(), network.vertex_northing_m.min()
    east, north = network.vertex_easting_m.max(), network.vertex_northing_m.max()
    anywhere = random.uniform([west - 150, south - 150], [east + 150, north + 150], (count, 2))
    lines = [one if one.geom_type == "LineString" else one.boundary for one in barriers.geometry]
    line = np.array(lines, dtype=object)[random.integers(0, len(lines), count)]
    spot = shapely.line_interpolate_point(line, random.uniform(size=count), normalized=True)
    beside = shapely.get_coordinates(spot) + random.uniform(-15, 15, (count, 2))
    return np.concatenate([anywhere, beside])


def check(
    network: WalkingNetwork,
    centres: geopandas.GeoDataFrame,
    barriers: geopandas.GeoDataFrame,
    limits: Sequence[float],
    *,
    walker: Any = 1.0,
    samples: int = 1500,
    tolerance_m: float = TOLERANCE_M,
) -> Catchments:
    """Draw catchments and judge random places; all wrong ones have other land near."""
    pace = {"speed_m_s": walker} if isinstance(walker, float) else {"walker": walker}
    drawn = catchments(
        network,
        centres,
        limits_minutes=limits,
        barriers=barriers,
        union=True,
        tolerance_m=tolerance_m,
        **pace,
    )
    assert drawn.areas.geometry.is_valid.all()
    assert drawn.union_areas is not None
    places = sampled(network, barriers, samples)
    for table, everyone in ((drawn.areas, False), (drawn.union_areas, True)):
        for row in table.itertuples():
            some = centres if everyone else centres.loc[[row.centre]]
            asked = (some, barriers, row.limit_minutes, walker)
            truth = in_time(network, places, *asked)
            wrong = held(row.geometry, places) != truth
            assert wrong.mean() < 0.05
            if wrong.any():
                near = around(places[wrong], tolerance_m)
                other = in_time(network, near, *asked).reshape(wrong.sum(), -1)
                alone = (other == truth[wrong][:, None]).all(axis=1)
                assert not alone.any(), places[wrong][alone]
    return drawn


def test_a_wall_with_a_gap() -> None:
    """Behind a wall along the street only the land that sees the street through the gap is in.

    ::

        ══════════════ ══════════════   wall, 20 m north, gap from 480 to 520
        A──────────────c─────────────B
    """
    network = town({"A": (0, 0), "B": (1000, 0)}, [edge("A", "B")])
    centre = points({"c": (500, -5)})
    walls = layer(bent((-500, 20), (480, 20)), bent((520, 20), (1500, 20)))
    area = one_area(check(network, centre, walls, [5]), "c", 5)
    plain = one_area(catchments(network, centre, limits_minutes=[5], speed_m_s=1.0), "c", 5)
    # South of the wall nothing changes, to the wall itself but for the corners at the gap.
    south = box(-500, -300, 1500, 19.7)
    assert area.intersection(south).symmetric_difference(plain.intersection(south)).area < 30
    # North of it, 60 m behind the wall: in sight of the street is all that sees the gap.
    assert area.contains(Point(500, 80))
    assert area.contains(Point(400, 60))  # a leg of 100 m beside one of 75: through the gap's post
    assert not area.contains(Point(330, 24))
    beyond = area.intersection(box(0, 20.3, 470, 26))
    assert beyond.area < 0.05 * box(0, 20.3, 470, 26).area


def test_the_outline_runs_along_the_wall() -> None:
    """Beside a wall that hides all, the outline is the wall to less than a decimetre or two."""
    network = town({"A": (0, 0), "B": (1000, 0)}, [edge("A", "B")])
    for wall in (bent((-900, 40), (1900, 40)), bent((-900, 7), (1900, 93))):
        area = one_area(check(network, points({"c": (500, 0)}), layer(wall), [5]), "c", 5)
        line = np.concatenate([np.array(part.exterior.coords) for part in area.geoms])
        way = np.subtract(wall.coords[1], wall.coords[0])
        off = (line - wall.coords[0]) @ [-way[1], way[0]] / np.hypot(*way)
        on_wall = (abs(line[:, 0] - 500) < 200) & (line[:, 1] > 0)
        assert on_wall.sum() > 20
        assert abs(off[on_wall]).max() < 0.2


def test_river_with_one_bridge() -> None:
    """Streets on both banks, 60 m apart: the far bank is reached by the bridge alone.

    ::

        N0──────────N1──────────N2
        ~~~~~~~~~~~~│~~~~~~~~~~~~~    a river 30 m wide, its outline open at the bridge only
        S0──────────S1──────────S2
    """
    nodes = {
        "S0": (0, 0),
        "S1": (600, 0),
        "S2": (1200, 0),
        "N0": (0, 60),
        "N1": (600, 60),
        "N2": (1200, 60),
    }
    ways = [("S0", "S1"), ("S1", "S2"), ("N0", "N1"), ("N1", "N2"), ("S1", "N1")]
    network = town(nodes, [edge(*way) for way in ways])
    river = layer(box(-500, 15, 1700, 45))
    drawn = check(network, points({"c": (900, -10), "n": (100, 70)}), river, [4, 7])
    area = one_area(drawn, "c", 7)
    assert area.contains(Point(590, 70))
    assert not area.intersects(box(1100, 47, 1300, 100))
    # The street of the near bank is nearer than 45 m to the far bank: all that is hidden by water.
    assert not area.intersects(box(1000, 16, 1300, 80))
    # On the water nobody sees a street, but on the bridge's own line.
    assert not area.intersects(box(700, 17, 1300, 43))


def test_a_yard_behind_a_wall() -> None:
    """Without its gate a yard beside the centre is nobody's; by it, the way round counts.

    ::

        A───────c────────B
          ╔══════════╗
          ║   Y──────╫gate──Z      the yard's lane leads out in the east
          ╚══════════╝      │
        D───────────────────C
    """
    network = town(
        {
            "A": (0, 0),
            "B": (600, 0),
            "C": (600, -300),
            "D": (0, -300),
            "Y": (250, -150),
            "Z": (600, -150),
        },
        [edge("A", "B"), edge("B", "Z"), edge("Z", "C"), edge("C", "D"), edge("Y", "Z")],
    )
    yard = box(150, -260, 450, -40)
    drawn = check(
        network, points({"c": (300, 10)}), layer(yard), [4, 9, 16], tolerance_m=3.0, samples=3000
    )
    assert one_area(drawn, "c", 4).intersection(yard.buffer(-1)).area < 40  # a corner's chord
    inside = one_area(drawn, "c", 16)
    # Round by the gate: 10 + 300 + 150 + 350 m and a leg of 103 m, beside 60 m to the centre's own.
    assert inside.contains(Point(200, -60))
    assert not one_area(drawn, "c", 9).contains(Point(250, -50))
    closed = layer(yard, bent((500, -1000), (500, -20)))  # the lane runs on, its doors do not see
    check(network, points({"c": (300, 10)}), closed, [16])


def test_nobody_joins_through_a_closed_ring() -> None:
    """A ring without a street in it is a hole in the area, with the land that it hides for good."""
    network = town({"A": (0, 0), "B": (1000, 0)}, [edge("A", "B")])
    ring = Polygon([(480, 40), (520, 40), (520, 80), (480, 80)])
    area = one_area(check(network, points({"c": (500, 5)}), layer(ring), [6]), "c", 6)
    assert area.intersection(ring).area < 40  # less than half a lattice square a corner
    (hole,) = (Polygon(one) for part in area.geoms for one in part.interiors)
    assert hole.contains(ring.buffer(-3))
    # 10 m behind its middle the street in sight is 201 m off past the corner; 20 m behind, 141 m.
    assert hole.contains(Point(500, 89))
    assert area.contains(Point(500, 101))


@pytest.mark.parametrize("seed", range(6))
def test_random_towns_and_walls(seed: int) -> None:
    network, (_, centres) = (one := RandomTown(seed, nodes=9)).network(), one.tables()
    drawn = check(network, centres.iloc[:3], random_walls(seed), [4, 11], walker=0.83, samples=600)
    assert sorted(drawn.areas["limit_minutes"]) == [4, 4, 4, 11, 11, 11]


def test_walls_that_no_leg_meets_change_nothing() -> None:
    """Far barriers, and none: the same to the last bit."""
    network, (_, centres) = (one := RandomTown(3, nodes=9)).network(), one.tables()
    plain = catchments(network, centres, speed_m_s=1.0)
    for barriers in (layer(), layer(bent((5e5, 0), (5e5, 900)))):
        drawn = catchments(network, centres, speed_m_s=1.0, barriers=barriers)
        assert drawn.areas.geometry.tolist() == plain.areas.geometry.tolist()
    # A wall beside the town that stands between no place and its street: looked at, in vain.
    easternmost = network.vertex_easting_m.max()
    idle = layer(bent((easternmost + 199, 0), (easternmost + 199, 0.5)))
    drawn = catchments(network, centres, speed_m_s=1.0, barriers=idle)
    for one_, other in zip(drawn.areas.geometry, plain.areas.geometry, strict=True):
        assert one_.symmetric_difference(other).area < 100


def test_centres_join_past_barriers() -> None:
    """A centre behind a wall joins the street that it sees; one that comes joined keeps its own."""
    network = town(
        {"A": (0, 0), "B": (1000, 0), "C": (0, 100), "D": (1000, 100)},
        [edge("A", "B"), edge("C", "D"), edge("B", "D")],
    )
    centre, walls = points({"c": (300, 20)}), layer(bent((-900, 10), (1900, 10)))
    drawn = catchments(network, centre, limits_minutes=[5], speed_m_s=1.0, barriers=walls)
    assert drawn.joined["northing_m"].tolist() == [100]
    assert not one_area(drawn, "c", 5).contains(Point(300, 5))
    before = join_to_streets(network, centre)
    drawn = catchments(network, before, limits_minutes=[5], speed_m_s=1.0, barriers=walls)
    assert one_area(drawn, "c", 5).contains(Point(300, 5))
    assert not one_area(drawn, "c", 5).contains(Point(300, 20))


def test_batches_and_order_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    network, (_, centres) = (one := RandomTown(2, nodes=9)).network(), one.tables()
    walls = random_walls(2)
    once = catchments(network, centres, speed_m_s=1.0, barriers=walls)
    monkeypatch.setattr(drawing, "LAND_AT_ONCE_M2", 1.0)
    apart = catchments(network, centres, speed_m_s=1.0, barriers=walls.iloc[::-1])
    for one_, other in zip(once.areas.geometry, apart.areas.geometry, strict=True):
        assert one_.symmetric_difference(other).area < 1e-3


def test_bad_barriers_are_refused() -> None:
    network = town({"A": (0, 0), "B": (900, 0)}, [edge("A", "B")])
    with pytest.raises(StreetsError):
        catchments(network, points({"c": (0, 0)}), barriers=layer(Point(0, 0)))
