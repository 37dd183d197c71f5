"""Sectors round a door: they hide nothing that is in sight, and change no join."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from planner.streets import WalkingNetwork
from planner.streets.joining.barriers import walls_of
from planner.streets.joining.kernel import join_all
from planner.streets.joining.lattice import straight_street_pieces
from planner.streets.joining.sectors import RIMS, SECTORS, around, in_sectors, span_of
from planner.streets.joining.sight import nearest_in_sight, walls_around
from tests.streets.drawn import bent, edge, town
from tests.streets.test_barriers import layer, random_walls
from tests.streets.test_second_opinion import RandomTown

LIMIT_M = 200.0


def joined_by_all(
    network: WalkingNetwork, barriers: geopandas.GeoDataFrame, places: np.ndarray
) -> list[tuple[int, float]]:
    """Return piece and metres that places join: every piece judged by every wall within reach."""
    pieces, walls = straight_street_pieces(network), walls_of(network, barriers, LIMIT_M)
    found = []
    for east, north in places.tolist():
        near = walls_around(walls, east, north, LIMIT_M)
        squares = [
            nearest_in_sight(pieces.line, piece, near, east, north)[0]
            for piece in range(len(pieces.line))
        ]
        best: tuple[int, float] = (-1, np.inf)
        for main in (True, False):
            some = np.where(pieces.main == main, squares, np.inf)
            if some.min() <= LIMIT_M**2:
                best = int(some.argmin()), float(np.sqrt(some.min()))
                break
        found.append(best)
    return found


def dense_walls(seed: int) -> geopandas.GeoDataFrame:
    """Return many short walls, rings with and without a gap, round ponds and crossing walls."""
    random = np.random.default_rng(seed)
    shapes: list[Any] = []
    for _ in range(120):
        start = random.uniform(0, 900, 2)
        shapes.append(LineString([start, start + random.normal(0, 25, 2)]))
    for _ in range(12):
        ring = shapely.affinity.rotate(box(0, 0, *random.uniform(15, 120, 2)), random.uniform(0, 9))
        ring = shapely.affinity.translate(ring, *random.uniform(0, 850, 2))
        shapes.append(ring if random.uniform() < 0.6 else LineString(ring.exterior.coords[:-1]))
    for _ in range(6):
        shapes.append(Point(*random.uniform(0, 900, 2)).buffer(random.uniform(8, 60)))
    return layer(*shapes)


@pytest.mark.parametrize("seed", range(10))
def test_joins_are_those_of_every_wall_and_piece(seed: int) -> None:
    random = np.random.default_rng(seed)
    network = RandomTown(seed, nodes=9).network()
    barriers = dense_walls(seed) if seed % 2 else random_walls(seed)
    places = np.concatenate(
        [random.uniform(-50, 950, (60, 2)), random.integers(0, 45, (20, 2)) * 20.0]
    )
    pieces, walls = straight_street_pieces(network), walls_of(network, barriers, LIMIT_M)
    piece, measures = join_all(pieces, walls, places, LIMIT_M)
    expected = joined_by_all(network, barriers, places)
    assert piece.tolist() == [one for one, _ in expected]
    assert measures[:, 1].tolist() == [metres for _, metres in expected]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_shut_is_shut(seed: int) -> None:
    """Rays to where a sector is shut meet a wall on their way; some sectors are, some are not."""
    random = np.random.default_rng(seed)
    barriers = dense_walls(seed)
    network = town({"A": (0, 0), "B": (900, 900)}, [edge("A", "B")])
    walls = walls_of(network, barriers, LIMIT_M)
    drawn = shapely.union_all(shapely.linestrings(walls.line.reshape(-1, 2, 2)))
    shapely.prepare(drawn)
    shut = 0
    for east, north in random.uniform(100, 800, (25, 2)).tolist():
        seen = around(walls_around(walls, east, north, LIMIT_M), east, north)
        sector = np.flatnonzero(np.isfinite(seen.shut_m))
        shut += len(sector)
        for share in (0.0, 1e-9, 0.3, 0.7, 1.0):
            way = RIMS[sector] + share * (RIMS[sector + 1] - RIMS[sector])
            long_m = seen.shut_m[sector] * (1 + 1e-9) + 1e-6
            far = way / np.hypot(way[:, :1], way[:, 1:]) * long_m[:, None]
            door = np.full(far.shape, (east, north))
            rays = np.stack([door, door + far], axis=1)
            # A ray through the very seam of two walls passes neither by more than rounding.
            assert (shapely.distance(shapely.linestrings(rays), drawn) < 1e-7).all()
    assert 0 < shut < 25 * SECTORS


def test_a_closed_ring_shuts_the_round() -> None:
    """Four walls, and a pond's bank of many, shut all; with the gap of a centimetre they do not."""
    door = (3.0, -2.0)
    for ring in (
        box(-40, -30, 60, 50),
        Point(5, 5).buffer(30, 90),
        Polygon([(-9, -9), (9, -9), (0, 20)]),
    ):
        line = np.array(ring.exterior.coords)
        near = np.column_stack([line[:-1], line[1:]])
        farthest_m = np.hypot(*(line - door).T).max()
        assert around(near, *door).shut_m.max() <= farthest_m * (1 + 1e-9)
        assert around(near[::-1, [2, 3, 0, 1]].copy(), *door).shut_m.max() <= farthest_m * (
            1 + 1e-9
        )
        open_ = near.copy()
        open_[0, :2] += 0.01 * (near[0, 2:] - near[0, :2]) / np.hypot(*(near[0, 2:] - near[0, :2]))
        assert np.isinf(around(open_, *door).shut_m.max())


def test_sectors_of_pieces() -> None:
    """By angles: every sector that a piece crosses, and walls beside it, are told."""
    random = np.random.default_rng(3)
    assert np.degrees(np.arctan2(*RIMS[[16, 32, 64, 96], ::-1].T)) == pytest.approx(
        [45, 90, 180, -90]
    )
    for ends in random.normal(0, 50, (200, 4)):
        _, _, first, last = span_of(*ends.tolist())
        assert 0 <= first < SECTORS
        assert first <= last <= first + SECTORS // 2
        spots = ends[:2] + np.linspace(0, 1, 50)[:, None] * (ends[2:] - ends[:2])
        inner = [span_of(*spot, *spot)[2] for spot in spots.tolist()]
        assert all((sector - first) % SECTORS <= last - first for sector in inner)
    near = np.array([[10.0, -1, 10, 1], [-10, -1, -10, 1], [-1, 10, 1, 10]])
    walls = around(near, 0.0, 0.0)
    assert in_sectors(walls, 0, 0).tolist() == [near[0].tolist()]
    assert in_sectors(walls, SECTORS // 2 - 1, SECTORS // 2).tolist() == [near[1].tolist()]
    assert len(in_sectors(walls, 0, SECTORS - 1)) == 3


def test_bent_walls_round_a_street() -> None:
    """A yard with a lane in it: its doors join that one, whatever stands around."""
    network = town(
        {"A": (0, 0), "B": (900, 0), "Y": (100, 60), "Z": (140, 60)},
        [edge("A", "B"), edge("Y", "Z"), edge("Z", "A")],
    )
    yard = layer(box(90, 40, 150, 90), bent((0, 20), (900, 20)))
    pieces, walls = straight_street_pieces(network), walls_of(network, yard, LIMIT_M)
    _, measures = join_all(pieces, walls, np.array([[120.0, 45.0], [120.0, 30.0]]), LIMIT_M)
    # Between the yard and the other wall a door joins the lane where it leaves the yard.
    expected_m = [(45 * 7 - 120 * 3) / -np.hypot(7, 3), np.hypot(120 - 40 * 7 / 3, 10)]
    assert measures[:, 1].tolist() == pytest.approx(expected_m, abs=2e-3)
