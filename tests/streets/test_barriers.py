"""Legs and barriers: walls with gaps, rivers with bridges, doors and gates on the wall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from planner.errors import InputFileError, StreetsError
from planner.streets import WalkingNetwork, join_to_streets
from planner.streets.joining.barriers import BARRIER_KINDS, read_barriers
from planner.streets.joining.joining import segment_lines
from tests.shared_data import shared_data
from tests.streets.drawn import bent, edge, points, town
from tests.streets.test_second_opinion import RandomTown

LIMIT_M = 200.0


def layer(*shapes: Any, crs: Any = None) -> geopandas.GeoDataFrame:
    """Return shapes as a layer of barriers."""
    ids = [f"b{number}" for number in range(len(shapes))]
    return geopandas.GeoDataFrame(index=ids, geometry=list(shapes), crs=crs)


def joined_spot(
    network: WalkingNetwork, place: tuple[float, float], *barriers: Any, limit_m: float = LIMIT_M
) -> Any:
    """Return the row of one point that joins past barriers."""
    table = join_to_streets(
        network, points({"o": place}), barriers=layer(*barriers), limit_m=limit_m
    )
    return table.loc["o"]


def two_streets() -> WalkingNetwork:
    """Two long streets, 100 m apart, joined in the far east.

    ::

        C────────────D   north, 100
                     │
        A────────────B   south, 0
    """
    return town(
        {"A": (0, 0), "B": (1000, 0), "C": (0, 100), "D": (1000, 100)},
        [edge("A", "B"), edge("C", "D"), edge("B", "D")],
    )


def test_the_street_behind_the_wall_is_not_joined() -> None:
    """The south is 20 m away behind a wall from end to end: the door joins the north, 80 m off."""
    row = joined_spot(two_streets(), (300, 20), bent((-900, 10), (1900, 10)))
    assert row["joined"]
    assert (row["easting_m"], row["northing_m"]) == (300, 100)
    assert (row["leg_m"], row["nearest_m"], row["why_not"]) == (80, 20, "")


def test_through_the_gap_of_a_wall() -> None:
    """Beside a gap from 330 to 340 the leg passes its nearer post: 10 m up in 30 m, 20 m in 60."""
    walls = bent((-900, 10), (330, 10)), bent((340, 10), (1900, 10))
    row = joined_spot(two_streets(), (300, 20), *walls)
    assert row["leg_m"] == pytest.approx(np.hypot(60, 20), abs=1e-9)
    assert (row["easting_m"], row["northing_m"]) == pytest.approx((360, 0), abs=1e-9)
    # A wall of two lines that meet at a post has no gap, nor has one drawn of many vertices.
    closed = bent((-900, 10), (315, 10), (330, 10)), bent((330, 10), (1900, 10))
    assert joined_spot(two_streets(), (300, 20), *closed)["leg_m"] == 80
    # In the gap itself nothing stands between.
    row = joined_spot(two_streets(), (335, 20), *walls)
    assert (row["leg_m"], row["easting_m"]) == pytest.approx((20, 335))


def test_river_with_a_bridge() -> None:
    """A street crosses a river by a bridge: doors join it on their own bank, up to the bridge."""
    network = town({"A": (0, -500), "B": (0, 500)}, [edge("A", "B")])
    river = bent((-900, 0), (900, 0))
    for north in (40.0, -40.0):
        row = joined_spot(network, (150, north), river)
        assert (row["leg_m"], row["northing_m"]) == pytest.approx((150, north))
    # The river bends between: in sight is only the street south of the line past the bend.
    bend = bent((-900, 0), (60, 0), (60, 60), (900, 60))
    row = joined_spot(network, (120, 40), bend)
    assert (row["easting_m"], row["northing_m"]) == pytest.approx((0, -40))
    assert (row["leg_m"], row["nearest_m"]) == pytest.approx((np.hypot(120, 80), 120))
    row = joined_spot(network, (120, 40), bent((60, -600), (60, 600)))
    assert not row["joined"]
    assert (row["why_not"], row["leg_m"], row["nearest_m"]) == ("behind_barrier", 120, 120)
    assert row["segment"] == row["part"] == -1
    assert np.isnan(row["fraction"])


def test_a_railway_between_two_stops() -> None:
    """A street of one segment bends round a wall's end: its nearest spot is hidden, another not."""
    network = town(
        {"A": (0, 0), "B": (100, 100)},
        [edge("A", "B", geometry=bent((0, 0), (100, 0), (100, 100)))],
    )
    row = joined_spot(network, (50, 20), bent((-200, 10), (90, 10)))
    assert (row["leg_m"], row["easting_m"]) == pytest.approx((50, 100))
    assert row["fraction"] == pytest.approx(0.6)
    assert row["nearest_m"] == 20


def test_own_ends_may_touch() -> None:
    """A door on the wall, a gate in it, a street on it or ending on it: none is crossed."""
    network = two_streets()
    wall = bent((-900, 10), (1900, 10))
    door = joined_spot(network, (300, 10), wall)
    assert (door["leg_m"], door["northing_m"]) == (10, 0)
    corner = joined_spot(network, (300, 10), bent((-900, 10), (300, 10), (300, 90)))
    assert corner["leg_m"] == 10
    along = joined_spot(network, (300, 20), bent((-900, 0), (1900, 0)))
    assert (along["leg_m"], along["northing_m"]) == (20, 0)
    lane = town({"A": (0, 0), "B": (0, 60), "C": (5, 60)}, [edge("A", "B"), edge("B", "C")])
    gate = joined_spot(lane, (0, 90), bent((-300, 60), (300, 60)))
    assert (gate["leg_m"], gate["northing_m"]) == (30, 60)


def test_the_tip_of_a_wall_is_no_wall() -> None:
    row = joined_spot(two_streets(), (300, 20), bent((300, 10), (900, 10)))
    assert (row["leg_m"], row["easting_m"]) == (20, 300)


@pytest.mark.parametrize("wall", [bent((-20, -9), (-20, 0), (-20, 9)), bent((-20, -9), (-20, 9))])
@pytest.mark.parametrize("north", [0.0, 1e-7, 0.0005, 0.002, -0.0005])
def test_a_street_seen_end_on(wall: LineString, north: float) -> None:
    """A wall across the very end of a street, where the door looks along it."""
    network = town({"A": (0, 0), "B": (900, 0)}, [edge("A", "B")])
    row = joined_spot(network, (-50, north), wall)
    assert not row["joined"]
    assert row["why_not"] == "behind_barrier"
    assert joined_spot(network, (-50, north), shapely.affinity.translate(wall, 60, 0))["joined"]


def test_areas_count_by_their_outlines() -> None:
    """A pond hides the street behind it, and whoever stands in it; an island in it is cut off."""
    network = two_streets()
    pond = MultiPolygon([Polygon(box(200, 5, 400, 60).exterior, [box(280, 20, 320, 40).exterior])])
    north = joined_spot(network, (300, 70), pond)
    assert (north["leg_m"], north["northing_m"]) == (30, 100)
    for inside in ((220.0, 30.0), (300.0, 30.0)):
        assert joined_spot(network, inside, pond)["why_not"] == "behind_barrier"


def test_the_main_part_is_preferred_in_sight_only() -> None:
    network = town(
        {"A": (0, 0), "B": (1000, 0), "C": (400, 100), "D": (500, 100)},
        [edge("A", "B"), edge("C", "D")],
    )
    near, short = joined_spot(network, (450, 90)), bent((440, 80), (460, 80))
    assert (near["part"], near["leg_m"], near["nearest_m"]) == (0, 90, 10)
    past = joined_spot(network, (450, 90), short)
    assert (past["part"], past["leg_m"]) == (0, pytest.approx(np.hypot(90, 90)))
    stray = joined_spot(network, (450, 90), bent((-900, 80), (1900, 80)))
    assert (stray["part"], stray["leg_m"]) == (1, 10)
    neither = joined_spot(network, (450, 90), bent((-900, 80), (1900, 80)), limit_m=5)
    assert (neither["why_not"], neither["leg_m"], neither["nearest_m"]) == ("too_far", 10, 10)


def test_reasons_and_distances() -> None:
    table = points({"near": (300, 20), "far": (300, 900)})
    table.loc["nowhere", "geometry"] = None
    joined = join_to_streets(two_streets(), table)
    assert joined["why_not"].tolist() == ["", "too_far", "no_place"]
    assert joined["nearest_m"].tolist()[:2] == [20, 800]
    assert joined["nearest_m"].isna().tolist() == [False, False, True]


def in_sight(door: np.ndarray, spots: np.ndarray, walls: Any) -> np.ndarray:
    """Return which spots a door sees, by shapely: the leg but for its last millimetres is clear."""
    legs = spots - door
    long_m = np.hypot(legs[:, 0], legs[:, 1])[:, None]
    cut = np.minimum(2e-3 / np.maximum(long_m, 1e-9), 0.5)
    ends = np.stack([door + cut * legs, spots - cut * legs], axis=1)
    clear: np.ndarray = ~shapely.intersects(shapely.linestrings(ends), walls)
    return clear


def check_against_samples(
    network: WalkingNetwork, doors: geopandas.GeoDataFrame, barriers: geopandas.GeoDataFrame
) -> int:
    """Compare with spots every two metres of every street; return how many had to turn away."""
    plain = join_to_streets(network, doors, limit_m=LIMIT_M)
    joined = join_to_streets(network, doors, limit_m=LIMIT_M, barriers=barriers)
    walls = shapely.union_all(
        [one if one.geom_type == "LineString" else one.boundary for one in barriers.geometry]
    )
    shapely.prepare(walls)
    lines = segment_lines(network)
    main = network.segment_part == 0
    steps = [np.linspace(0, 1, max(int(line.length / 2.0), 2)) for line in lines]
    spots = np.concatenate(
        [
            shapely.get_coordinates(shapely.line_interpolate_point(line, step, normalized=True))
            for line, step in zip(lines, steps, strict=True)
        ]
    )
    on_main = np.repeat(main, [len(step) for step in steps])
    turned = 0
    for name, door in doors.geometry.items():
        place = np.array([door.x, door.y])
        row = joined.loc[name]
        away = np.hypot(*(spots - place).T)
        seen = away <= LIMIT_M
        seen[seen] = in_sight(place, spots[seen], walls)
        some = seen & on_main if (seen & on_main).any() else seen
        if row["joined"]:
            spot = np.array([[row["easting_m"], row["northing_m"]]])
            assert np.hypot(*(spot[0] - place)) == pytest.approx(row["leg_m"], abs=1e-6)
            # The leg may pass a wall's tip: nudged to one side or the other it is clear.
            nudged = spot + np.array([[0, 0], [1e-6, 0], [-1e-6, 0], [0, 1e-6], [0, -1e-6]]) * 50
            assert in_sight(place, nudged, walls).any()
            if some.any() and on_main[some].any() == (row["part"] == 0):
                assert row["leg_m"] <= away[some].min() + 1e-6
        else:
            # Some spot may be seen through so narrow a gap that no sample falls in it; never more.
            assert not some.any()
        turned += int(
            row["leg_m"] != plain["leg_m"].loc[name] or row["why_not"] == "behind_barrier"
        )
    return turned


def random_walls(seed: int) -> geopandas.GeoDataFrame:
    """Return bent walls and a few ponds, on whole metres."""
    random = np.random.default_rng(seed)
    shapes: list[Any] = []
    for _ in range(60):
        start = random.integers(0, 900, 2)
        steps = random.integers(-60, 60, (int(random.integers(1, 5)), 2))
        shapes.append(LineString(np.concatenate([[start], start + np.cumsum(steps, axis=0)])))
    for _ in range(6):
        shapes.append(Point(*random.integers(0, 900, 2)).buffer(int(random.integers(10, 60)), 3))
    return layer(*shapes)


@pytest.mark.parametrize("seed", range(8))
def test_random_towns_against_samples(seed: int) -> None:
    random = np.random.default_rng(seed + 50)
    network = RandomTown(seed, nodes=8).network()
    doors = points({f"d{i}": tuple(random.uniform(0, 900, 2)) for i in range(80)})
    assert check_against_samples(network, doors, random_walls(seed)) > 3


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), east=st.integers(-5, 5))
def test_properties(seed: int, east: int) -> None:
    """Walls that no leg meets change nothing; more walls never shorten a leg; order is nothing."""
    random = np.random.default_rng(seed)
    network = RandomTown(seed % 40, nodes=8).network()
    doors = points({f"d{i}": tuple(random.integers(0, 900, 2)) for i in range(25)})
    plain = join_to_streets(network, doors)
    legs = shapely.linestrings(
        np.stack(
            [shapely.get_coordinates(doors.geometry), plain[["easting_m", "northing_m"]]], axis=1
        )[plain["joined"]]
    )
    walls = random_walls(seed)
    apart = walls[~walls.intersects(shapely.union_all(legs).buffer(0.01))]
    pd.testing.assert_frame_equal(join_to_streets(network, doors, barriers=apart), plain)
    few = join_to_streets(network, doors, barriers=walls.iloc[:6])
    many = join_to_streets(network, doors, barriers=walls)
    for fewer, more in ((plain, few), (few, many)):
        # Whoever loses sight of the main part may join a nearer stray piece instead.
        same = more["joined"] & ((more["part"] == 0) == (fewer["part"] == 0))
        assert (more["leg_m"] >= fewer["leg_m"])[same].all()
    assert not (many["joined"] & ~few["joined"]).any()
    assert many["nearest_m"].equals(plain["nearest_m"])
    turned = walls.iloc[::-1].copy()
    turned["geometry"] = turned.geometry.reverse()
    again = join_to_streets(network, doors.iloc[::-1], barriers=turned)
    pd.testing.assert_frame_equal(again.loc[many.index], many, rtol=0, atol=1e-6)
    if few["joined"].any():  # a whole layer far away is none at all
        far = layer(*(shapely.affinity.translate(one, 5e5 + east, 0) for one in walls.geometry))
        pd.testing.assert_frame_equal(join_to_streets(network, doors, barriers=far), plain)


def test_in_any_crs() -> None:
    corner = (500_000, 3.8e6)
    network = town(
        {"A": corner, "B": (501_000, 3.8e6), "C": (500_000, 3.8e6 + 100)},
        [edge("A", "B"), edge("A", "C")],
        crs="EPSG:4545",
    )
    wall = layer(bent((500_090, 3.8e6 + 10), (501_900, 3.8e6 + 10)), crs="EPSG:4545")
    door = points({"o": (500_100, 3.8e6 + 20)}, crs="EPSG:4545")
    for crs in ("EPSG:4545", "EPSG:4326", "EPSG:3857"):
        joined = join_to_streets(network, door, barriers=wall.to_crs(crs))
        assert joined["leg_m"].tolist() == pytest.approx([np.hypot(20, 20)], abs=1e-4)


@pytest.mark.parametrize(
    ("barriers", "keys"),
    [
        (layer(bent((0, 0), (1, 1))), ["barriers.without_crs"]),
        (layer(Point(0, 0), crs="EPSG:4545"), ["barriers.points_in_it"]),
        (layer(bent((0, 0), (np.inf, 1)), crs="EPSG:4545"), ["barriers.off_the_map"]),
        (
            layer(Point(0, 0), bent((0, 0), (1, 1))),
            ["barriers.points_in_it", "barriers.without_crs"],
        ),
    ],
)
def test_layers_refused(barriers: geopandas.GeoDataFrame, keys: list[str]) -> None:
    network = town({"A": (5e5, 3e6), "B": (5.1e5, 3e6)}, [edge("A", "B")], crs="EPSG:4545")
    door = points({"o": (5e5, 3e6)}, crs="EPSG:4545")
    with pytest.raises(StreetsError) as caught:
        join_to_streets(network, door, barriers=barriers)
    assert [problem.key for problem in caught.value.problems] == keys
    with pytest.raises(TypeError, match="barriers"):
        join_to_streets(network, door, barriers=barriers.geometry)


def test_degrees_on_a_drawing() -> None:
    wall = layer(bent((0, 0), (1, 1)), crs="EPSG:4326")
    with pytest.raises(StreetsError) as caught:
        join_to_streets(two_streets(), points({"o": (0, 0)}), barriers=wall)
    assert [problem.key for problem in caught.value.problems] == ["barriers.in_degrees"]


def test_empty_layers_are_no_barriers() -> None:
    network, door = two_streets(), points({"o": (300, 20)})
    plain = join_to_streets(network, door)
    nothing = layer(LineString(), Polygon())
    nothing.loc["none", "geometry"] = None
    for empty in (layer(), nothing):
        pd.testing.assert_frame_equal(join_to_streets(network, door, barriers=empty), plain)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_reading_a_layer(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"barriers{suffix}"
    drawn = layer(bent((108.7, 34.3), (108.8, 34.3)), bent((108, 34), (109, 35)), crs="EPSG:4326")
    drawn["name"] = ["围墙", ""]
    drawn.to_file(file, encoding="utf-8")
    table = read_barriers(file)
    assert list(table.columns) == ["barrier_kind", "name", "geometry"]
    assert set(table["barrier_kind"]) == {"drawn"}
    assert table["name"].tolist() == ["围墙", ""]
    assert table.geometry.to_numpy().tolist() == drawn.geometry.to_numpy().tolist()
    assert table.crs == "EPSG:4326"


def test_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        read_barriers(tmp_path / "none.gpkg")
    file = tmp_path / "points.gpkg"
    layer(Point(0, 0), crs="EPSG:4326").to_file(file)
    with pytest.raises(StreetsError) as caught:
        read_barriers(file)
    assert [problem.key for problem in caught.value.problems] == ["barriers.points_in_it"]
    assert "points.gpkg" in str(caught.value)
    file = tmp_path / "empty.gpkg"
    layer(LineString(), crs="EPSG:4326").to_file(file)
    with pytest.raises(StreetsError) as caught:
        read_barriers(file)
    assert [problem.key for problem in caught.value.problems] == ["barriers.empty"]
    file = tmp_path / "nowhere.shp"
    layer(bent((0, 0), (1, 1)), crs="EPSG:4545").to_file(file)
    file.with_suffix(".prj").unlink()
    with pytest.raises(StreetsError) as caught:
        read_barriers(file)
    assert [problem.key for problem in caught.value.problems] == ["barriers.file_without_crs"]
    with pytest.raises(ValueError, match="kinds"):
        read_barriers(file, kinds=["moat"])


OSM = """<?xml version="1.0"?><osm version="0.6">
{nodes}{ways}</osm>"""


def osm_file(path: Path, tags: list[dict[str, str]]) -> Path:
    """Write one closed square a set of tags."""
    nodes, ways = [], []
    for number, of_one in enumerate(tags):
        for place, (east, north) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)]):
            lon, lat = 8 + number * 0.01 + east * 0.001, 41 + north * 0.001
            nodes.append(
                f'<node id="{number * 4 + place + 1}" lat="{lat}" lon="{lon}" version="1"/>'
            )
        refs = [number * 4 + place + 1 for place in (0, 1, 2, 3, 0)]
        lines = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        texts = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in of_one.items())
        ways.append(f'<way id="{number + 1}" version="1">{lines}{texts}</way>')
    path.write_text(OSM.format(nodes="".join(nodes), ways="".join(ways)), encoding="utf-8")
    return path


def test_barriers_of_openstreetmap(tmp_path: Path) -> None:
    file = osm_file(
        tmp_path / "town.osm",
        [
            {"natural": "water", "name": "Pond"},
            {"waterway": "river"},
            {"railway": "rail"},
            {"railway": "rail", "tunnel": "yes"},
            {"railway": "rail", "bridge": "yes"},
            {"barrier": "wall"},
            {"barrier": "city_wall"},
            {"barrier": "fence"},
            {"barrier": "hedge"},
            {"railway": "abandoned"},
            {"waterway": "canal", "tunnel": "culvert"},
            {"highway": "footway"},
        ],
    )
    table = read_barriers(file)
    assert sorted(table["barrier_kind"]) == ["railway", "wall", "wall", "water", "waterway"]
    assert table.loc[table["barrier_kind"] == "water", "name"].tolist() == ["Pond"]
    assert table.crs == "EPSG:4326"
    every = read_barriers(file, kinds=[*BARRIER_KINDS, "fence", "hedge"])
    assert len(every) == 7
    assert read_barriers(file, kinds=["hedge"])["barrier_kind"].tolist() == ["hedge"]
    assert not len(read_barriers(file, kinds=[]))


def test_barriers_of_monaco() -> None:
    table = read_barriers(shared_data("networks/monaco.osm.gz"))
    assert set(table["barrier_kind"]) <= set(BARRIER_KINDS)
    assert (table["barrier_kind"] == "wall").sum() > 3
