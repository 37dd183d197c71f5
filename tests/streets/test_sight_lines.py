"""Lines of sight over areas: the compiled loop against GEOS, line by line."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.streets.sources import sight_lines as sights
from planner.streets.sources.sight_lines import Grounds, sight_lines

Ring = list[tuple[int, int]]
GRID_DEGREES = 2.0**-17
"""About a metre; halves of halves, so that every corner lies exactly where it is meant to."""


def grounds_of(areas: list[list[Ring]]) -> Grounds:
    """Return areas, each of rings of whole numbers of a metre or so, as nodes of their own."""
    rings = [ring for area in areas for ring in area]
    corners = [corner for ring in rings for corner in ring]
    return Grounds(
        np.array(corners, dtype=np.float64).reshape(-1, 2) * GRID_DEGREES + np.array([114.0, 30.0]),
        np.arange(len(corners)),
        np.cumsum([0, *map(len, rings)]),
        np.cumsum([0, *map(len, areas)]),
    )


def expected_lines(area: list[Ring], number: int, entrance: set[int]) -> set[tuple[int, int]]:
    """Return the lines by the words of the definition: GEOS tells what is seen, and what bends."""
    grounds = grounds_of([area])
    shape = grounds.shapes()[0]
    places = [tuple(place) for place in grounds.place.tolist()]
    beside = {}
    for begin, end in itertools.pairwise(grounds.rim_start.tolist()):
        ring = list(range(begin, end))
        for at, corner in enumerate(ring):
            beside[corner] = (ring[at - 1], ring[(at + 1) % len(ring)])
    exact = [corner for ring in area for corner in ring]

    def turn(one: int, other: int, third: int) -> int:
        (a, b), (c, d), (e, f) = exact[one], exact[other], exact[third]
        return (c - a) * (f - b) - (d - b) * (e - a)

    def reflex(corner: int) -> bool:
        one, other = beside[corner]
        triangle = shapely.Polygon([places[one], places[corner], places[other]])
        if not turn(one, corner, other):
            return False
        outside = shapely.difference(triangle, shape).area
        near = places[corner]
        small = shapely.Polygon(
            [
                near,
                *[tuple(np.add(near, np.subtract(places[n], near) * 1e-4)) for n in beside[corner]],
            ]
        )
        return bool(outside > 0 and not shape.contains(small.centroid))

    chosen = [n for n in range(len(exact)) if n + number in entrance or reflex(n)]
    lines = set()
    for one, other in itertools.combinations(chosen, 2):
        if other in beside[one]:
            continue
        if not shape.covers(shapely.LineString([places[one], places[other]])):
            continue
        ends = [(one, other), (other, one)]
        if all(
            end + number in entrance
            or turn(far, end, beside[end][0]) * turn(far, end, beside[end][1]) >= 0
            for end, far in ends
        ):
            lines.add((one + number, other + number))
    return lines


@st.composite
def drawn_areas(draw: st.DrawFn) -> list[list[Ring]]:
    """Return one to three valid areas with up to two holes on a coarse grid: much is in line."""
    areas = []
    for _ in range(draw(st.integers(1, 3))):
        corner = st.tuples(st.integers(0, 7), st.integers(0, 7))
        outer = draw(st.lists(corner, min_size=3, max_size=9, unique=True))
        middle = np.mean(outer, axis=0)
        outer.sort(key=lambda place: math.atan2(place[1] - middle[1], place[0] - middle[0]))
        rings = [outer]
        for hole in draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True)):
            east, north = draw(corner)
            shift = {"a": [(0, 0), (1, 0), (0, 1)], "b": [(0, 0), (2, 1), (1, 2)]}.get(
                hole, [(0, 0), (1, 0), (1, 1), (0, 1)]
            )
            rings.append([(east + e, north + n) for e, n in shift])
        while not grounds_of([rings]).shapes()[0].is_valid:
            if len(rings) > 1:
                rings.pop()
            else:
                rings = [[(0, 0), (7, 0), (7, 7), (3, 2)]]
        areas.append([ring[::-1] if draw(st.booleans()) else ring for ring in rings])
    return areas


@settings(max_examples=150, deadline=None, derandomize=True)
@given(drawn_areas(), st.data())
def test_lines_are_those_that_geos_finds(areas: list[list[Ring]], data: st.DataObject) -> None:
    grounds = grounds_of(areas)
    doors = data.draw(st.sets(st.integers(0, len(grounds.node) - 1), max_size=8))
    entrance = np.isin(grounds.node, list(doors))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sights, "MOST_PLACES", 1000)
        pairs, area, thinned = sight_lines(grounds, grounds.shapes(), entrance)
    assert thinned == 0
    found = [set[tuple[int, int]]() for _ in areas]
    for one, other, number in zip(*pairs.T.tolist(), area.tolist(), strict=True):
        found[number].add((one, other))
    for number, begin in enumerate(grounds.corner_start[:-1].tolist()):
        assert found[number] == expected_lines(areas[number], begin, doors)


def test_what_is_beyond_doubt_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round square with a round basin in it: nothing touches, and GEOS is asked of no line."""
    turn = np.linspace(0.0, 2 * np.pi, 15, endpoint=False)
    rim = np.column_stack([np.cos(turn), np.sin(turn)]) * 1e-3
    place = np.concatenate([rim, rim[:-1] * 0.4]) + np.array([114.0, 30.0])
    grounds = Grounds(place, np.arange(29), np.array([0, 15, 29]), np.array([0, 2]))
    entrance = np.arange(29) < 15
    shapes = grounds.shapes()
    wanted = sum(
        bool(shapes[0].covers(shapely.LineString(place[list(pair)])))
        for pair in itertools.combinations(range(15), 2)
        if pair[1] - pair[0] not in (1, 14)
    )
    asked: list[int] = []
    by_geos = shapely.covers

    def covers(shape: np.ndarray, lines: np.ndarray) -> np.ndarray:
        asked.append(len(lines))
        return np.asarray(by_geos(shape, lines))

    monkeypatch.setattr(shapely, "covers", covers)
    pairs, _, _ = sight_lines(grounds, shapes, entrance)
    assert (pairs < 15).all(axis=1).sum() == wanted > 10
    assert asked == [0]


@pytest.mark.parametrize(("south", "lines"), [(-1, 0), (0, 1)])
def test_out_at_a_corner_and_in_at_another(south: int, lines: int) -> None:
    """The line from door to door runs through a basin's two corners: across it, or along it."""
    outer: Ring = [(0, -4), (6, -4), (6, 0), (6, 4), (0, 4), (0, 0)]
    basin: Ring = [(2, 0), (3, 1), (4, 0), (3, south)] if south else [(2, 0), (3, 1), (4, 0)]
    grounds = grounds_of([[outer, basin]])
    doors = {2, 5}
    pairs, _, _ = sight_lines(grounds, grounds.shapes(), np.isin(grounds.node, list(doors)))
    assert pairs.tolist().count([2, 5]) == lines
    assert {tuple(pair) for pair in pairs.tolist()} == expected_lines([outer, basin], 0, doors)


def test_at_even_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of seven, three: the first, the one after two steps and a third, and so on, in each area."""
    monkeypatch.setattr(sights, "MOST_PLACES", 3)
    chosen = np.array([True, False, True, True, *[True] * 7, False, False, True])
    rows = sights._thinned(chosen, np.array([0, 4, 11, 11, 14]))
    assert rows.tolist() == [0, 2, 3, 4, 6, 8, 13]


def test_ground_to_the_left() -> None:
    square: Ring = [(0, 0), (6, 0), (6, 6), (0, 6)]
    basin: Ring = [(2, 2), (4, 2), (4, 4), (2, 4)]
    expected = grounds_of([[square, basin[::-1]]]).place.tolist()
    for outer, inner in itertools.product((square, square[::-1]), (basin, basin[::-1])):
        ground = grounds_of([[outer, inner]]).ground_left()
        assert sorted(ground.place.tolist()) == sorted(expected)
        for begin, end, sign in ((0, 4, 1), (4, 8, -1)):
            east, north = (ground.place[begin:end] - ground.place[begin]).T
            assert np.sign(np.sum(east * np.roll(north, -1) - np.roll(east, -1) * north)) == sign
