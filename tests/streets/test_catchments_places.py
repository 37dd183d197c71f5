"""Land shared out, against joining place by place and against measuring every street piece."""

from __future__ import annotations

import numpy as np
import pytest

from planner.streets.catchment import memory
from planner.streets.catchment.catchments import catchments
from planner.streets.catchment.land import BLOCK, NOT_JOINED
from planner.streets.catchment.places import place_at, places_of
from planner.streets.catchment.sharing import land_near
from planner.streets.joining.barriers import walls_of
from planner.streets.joining.kernel import join_all
from planner.streets.joining.lattice import nearest_on, pieces_near, straight_street_pieces
from tests.streets.drawn import edge, points, town
from tests.streets.test_barriers import random_walls
from tests.streets.test_second_opinion import RandomTown

STEP_M = 7.0
LIMIT_M = 120.0


@pytest.mark.parametrize("walled", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_places_join_as_doors_do(seed: int, walled: bool) -> None:
    """Every place of the lattice joins what the kernel of ``join_to_streets`` joins there."""
    network = RandomTown(seed, nodes=9).network()
    pieces = straight_street_pieces(network)
    walls = walls_of(network, random_walls(seed) if walled else None, LIMIT_M)
    # Land is wanted around every other segment: blocks nearer to the others are looked at, too.
    margin_m = np.where(np.arange(network.segment_count) % 2, LIMIT_M, -1.0)
    land = land_near(pieces, walls, margin_m, STEP_M, LIMIT_M)
    places = places_of(pieces, walls, land, network.segment_count)
    inside = np.arange(len(places.piece)) % (BLOCK * BLOCK)
    row = np.repeat(places.row, BLOCK * BLOCK) + inside // BLOCK
    column = np.repeat(places.column, BLOCK * BLOCK) + inside % BLOCK
    joined, measures = join_all(pieces, walls, np.column_stack([column, row]) * STEP_M, LIMIT_M)
    assert (joined == places.piece).all()
    assert 0 < (joined == NOT_JOINED).sum() < len(joined)
    known = joined != NOT_JOINED
    assert abs(measures[known, 1] - places.leg_m[known]).max() < 1e-4
    line = pieces.line[joined[known]]
    fraction = line[:, 5] + measures[known, 0] * (line[:, 6] - line[:, 5])
    assert abs(fraction - places.fraction[known]).max() < 1e-6
    # By segment: each joined place once, with its own.
    owner = np.repeat(np.arange(network.segment_count), np.diff(places.start))
    assert (pieces.segment[places.piece[places.place]] == owner).all()
    assert np.array_equal(np.sort(places.place), np.flatnonzero(known))
    for place in range(0, len(row), 97):
        assert place_at(land, int(row[place]), int(column[place])) == place
    assert place_at(land, int(row.min()) - 10 * BLOCK, int(column.min())) == -1


@pytest.mark.parametrize("seed", range(4))
def test_pieces_near_are_all_that_places_can_join(seed: int) -> None:
    """Whatever some place within reach joins is found, the main part first, and nothing twice."""
    network = RandomTown(seed, nodes=9).network()
    pieces = straight_street_pieces(network)
    walls = walls_of(network, None, LIMIT_M)
    random = np.random.default_rng(seed)
    seen = np.full(len(pieces.segment), -1, dtype=np.int32)
    near = np.empty(1, dtype=np.int32)
    low = [network.node_easting_m.min() - 300, network.node_northing_m.min() - 300]
    high = [network.node_easting_m.max() + 300, network.node_northing_m.max() + 300]
    for mark, (east, north) in enumerate(random.uniform(low, high, (40, 2))):
        reach_m = random.uniform(1, 90)
        main_count, count, near = pieces_near(
            pieces, east, north, reach_m, LIMIT_M, seen, mark, near
        )
        found = near[:count]
        assert len(np.unique(found)) == count
        assert pieces.main[found[:main_count]].all()
        assert not pieces.main[found[main_count:]].any()
        away_m = np.sqrt([nearest_on(pieces.line, int(one), east, north)[0] for one in found])
        assert count == 0 or away_m.max() <= LIMIT_M + reach_m
        turn, far_m = random.uniform(0, 2 * np.pi, 50), random.uniform(0, reach_m, 50)
        places = np.column_stack([east + far_m * np.cos(turn), north + far_m * np.sin(turn)])
        joined, _ = join_all(pieces, walls, places, LIMIT_M)
        assert set(joined.tolist()) - {NOT_JOINED} <= set(found.tolist())


def test_fractions_along_a_bent_street() -> None:
    """A piece begins and ends at its share of the drawn length, whatever was passed before it."""
    network = town({"A": (0, 0), "B": (300, 0), "C": (300, 100)}, [edge("A", "B"), edge("B", "C")])
    assert straight_street_pieces(network).line[:, 5:7].tolist() == [[0, 1], [0, 1]]
    network = RandomTown(1, nodes=9).network()
    pieces = straight_street_pieces(network)
    length_m = np.hypot(pieces.line[:, 2], pieces.line[:, 3])
    whole_m = np.bincount(pieces.segment, weights=length_m)
    share = pieces.line[:, 6] - pieces.line[:, 5]
    assert share == pytest.approx(length_m / whole_m[pieces.segment], abs=1e-12)
    last = np.append(np.diff(pieces.segment) != 0, True)
    assert (pieces.line[last, 6] == 1.0).all()
    assert (pieces.line[1:, 5][~last[:-1]] == pieces.line[:-1, 6][~last[:-1]]).all()


@pytest.mark.parametrize("seed", range(3))
def test_memory_does_not_matter(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one place, which the next takes over, outlines are the same to the last bit."""
    network, (_, centres) = (one := RandomTown(seed, nodes=9)).network(), one.tables()
    walls = random_walls(seed)
    usual = catchments(network, centres, speed_m_s=1.0, barriers=walls, union=True)
    monkeypatch.setattr(memory, "SLOTS", 1)
    forgetful = catchments(network, centres, speed_m_s=1.0, barriers=walls, union=True)
    assert forgetful.areas.geometry.tolist() == usual.areas.geometry.tolist()
    assert forgetful.union_areas is not None
    assert usual.union_areas is not None
    assert forgetful.union_areas.geometry.tolist() == usual.union_areas.geometry.tolist()


def test_centres_on_the_same_corner_have_the_same_land() -> None:
    """What one centre's outlines left in the memory serves the other, and changes nothing."""
    network = RandomTown(2, nodes=9).network()
    walls = random_walls(2)
    spot = (float(network.node_easting_m[0]), float(network.node_northing_m[0]))
    drawn = catchments(network, points({"a": spot, "b": spot}), speed_m_s=1.0, barriers=walls)
    rows = drawn.areas.set_index("centre").geometry
    assert rows.loc[["a"]].tolist() == rows.loc[["b"]].tolist()
    assert not drawn.areas.geometry.is_empty.all()
