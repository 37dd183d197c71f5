"""Road layers: how their lines are walked, through noding and closing, to the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.streets import WalkingNetwork
from planner.streets.network.crossings import crossings_at_ends
from tests.streets.drawn import METRE_A_SECOND
from tests.streets.layers import EASTING_M, NORTHING_M, Road, network_of
from tests.streets.test_road_layer import walk_m

assert METRE_A_SECOND == 1.0


def segment(network: WalkingNetwork, easting: float, northing: float) -> int:
    """Return the segment whose middle vertex or middle is nearest to a spot of the drawing."""
    ends = network.segment_from, network.segment_to
    middle = [
        sum(places[one] for one in ends) / 2
        for places in (network.node_easting_m, network.node_northing_m)
    ]
    away = np.hypot(middle[0] - EASTING_M - easting, middle[1] - NORTHING_M - northing)
    assert away.min() < 1.0
    return int(away.argmin())


def traits(network: WalkingNetwork, easting: float, northing: float) -> dict[str, Any]:
    """Return what is not plain about the segment with its middle at a spot."""
    at = segment(network, easting, northing)
    plain = {"steps": False, "pace": 1.0, "estate": -1, "main_road": 0.0, "off_ground": False}
    found = {name: getattr(network, f"segment_{name}")[at].item() for name in plain}
    return {name: value for name, value in found.items() if value != plain[name]}


def test_columns_tell_how_lines_are_walked(tmp_path: Path) -> None:
    """A row of lines end to end, each of another kind; the last is plain."""
    kinds: list[dict[str, str]] = [
        {"道路等级": "台阶"},
        {"道路等级": "主干路"},
        {"道路等级": "次干路", "oneway": "yes"},
        {"道路等级": "人行天桥"},
        {"道路等级": "步道", "surface": "sand"},
        {"道路等级": "支路", "隧道": "是"},
        {"道路等级": "支路", "oneway": "yes"},
        {"道路等级": "小区路", "access": "private"},
    ]
    lines: list[Road] = [[(100 * n, 0), (100 * n + 100, 0)] for n in range(len(kinds))]
    headings = sorted({name for kind in kinds for name in kind})
    columns: dict[str, Any] = {name: [kind.get(name) for kind in kinds] for name in headings}
    network = network_of(tmp_path, lines, **columns)
    found = [traits(network, 50 + 100 * n, 0) for n in range(len(kinds))]
    assert found == [
        {"steps": True},
        {"main_road": 1.0},
        {"main_road": 0.5},
        {"off_ground": True},
        {"pace": 1.25},
        {"off_ground": True},
        {},
        {"estate": 0},
    ]
    assert network.notes["private"]["estates"] == 1
    assert network.notes["marks"]["steps"]["ways"] == 1


def test_main_roads_are_crossed(tmp_path: Path) -> None:
    """A lane over a 主干路, drawn without a node where they cross: half a crossing on either side.

    ::

            │lane
        ════╪════ 主干路
            │
    """
    lines: list[Road] = [[(-100, 0), (100, 0)], [(0, -60), (0, 60)]]
    network = network_of(tmp_path, lines, 道路等级=["主干路", "街巷"])
    charged = network.segment_crossings_from + network.segment_crossings_to
    kind = network.segment_main_road
    assert charged[kind == 0].tolist() == [0.5, 0.5]
    assert charged[kind > 0].tolist() == [0.0, 0.0]
    ends = network.segment_from.astype(int), network.segment_to.astype(int)
    worst = np.zeros(network.node_count)
    np.maximum.at(worst, np.concatenate(ends), np.tile(kind, 2))
    from_m, to_m = crossings_at_ends(*ends, kind, worst)
    np.testing.assert_array_equal(from_m, network.segment_crossings_from)
    np.testing.assert_array_equal(to_m, network.segment_crossings_to)


def test_a_bridge_crosses_no_main_road(tmp_path: Path) -> None:
    lines: list[Road] = [[(-100, 0), (100, 0)], [(0, -60), (0, 60)]]
    network = network_of(tmp_path, lines, 道路等级=["主干路", "人行天桥"])
    assert not (network.segment_crossings_from + network.segment_crossings_to).any()
    assert network.segment_count == 2


def test_an_estate_is_not_passed_through(tmp_path: Path) -> None:
    """The drive is 100 m shorter than the street round it: for those who live on it only.

    ::

        ┌──street──┐
        ┴──drive───┴
    """
    lines: list[Road] = [
        [(-50, 0), (0, 0)],
        [(0, 0), (0, 50), (100, 50), (100, 0)],
        [(100, 0), (150, 0)],
        [(0, 0), (50, 0)],
        [(50, 0), (100, 0)],
    ]
    network = network_of(
        tmp_path, lines, access=[None, None, None, "private", "private"], highway=["service"] * 5
    )
    assert traits(network, 50, 0) == {"estate": 0}
    assert walk_m(network, (-50, 0), (150, 0)) == pytest.approx(300)
    assert walk_m(network, (75, 0), (150, 0)) == pytest.approx(75)
    assert walk_m(network, (-50, 0), (25, 0)) == pytest.approx(75)


def test_the_easiest_of_lines_drawn_over_each_other(tmp_path: Path) -> None:
    """Stairs beside a ramp in one line, a public path on a private drive, sand on asphalt."""
    line: Road = [(0, 0), (100, 0)]
    network = network_of(
        tmp_path,
        [line, line[::-1], [(100, 0), (160, 0)]],
        highway=["steps", "footway", "steps"],
        access=[None, "private", None],
        surface=["sand", "sand", None],
    )
    assert traits(network, 50, 0) == {"pace": 1.25}
    assert traits(network, 130, 0) == {"steps": True}


@pytest.mark.parametrize(
    ("classes", "access", "link"),
    [
        (["primary", "primary"], [None, None], {"main_road": 1.0}),
        (["primary", "residential"], [None, None], {}),
        (["steps", "steps"], [None, None], {"steps": True}),
        (["steps", "footway"], [None, None], {}),
        (["service", "service"], ["private", "private"], {"estate": 0}),
        (["service", "service"], ["private", None], {}),
    ],
)
def test_links_that_close_gaps(
    tmp_path: Path, classes: list[str], access: list[str | None], link: dict[str, Any]
) -> None:
    """A link of 0.8 m is plain ground, unless what it joins is not plain on either side."""
    ends: list[Road] = [[(-60, 0), (0, 0)], [(0.8, 0), (80, 0)]]
    alleys: list[Road] = [[(0, 0), (0, 30)], [(0.8, 0), (0.8, -30)]]
    network = network_of(tmp_path, ends, highway=classes, access=access)
    assert network.notes["links"] == 1
    if classes[0] == classes[1] and access[0] == access[1]:
        assert network.segment_count == 1
        assert traits(network, 10, 0) == link
        assert not (network.segment_crossings_from + network.segment_crossings_to).any()
        return
    onto = network_of(
        tmp_path,
        ends + alleys,
        highway=[*classes, *classes],
        access=[*access, *access],
    )
    assert traits(onto, 0.4, 0) == link


def test_a_link_to_a_line_takes_after_both(tmp_path: Path) -> None:
    """A private lane ends 0.6 m short of a private drive's middle: the link is private, too."""
    lines: list[Road] = [[(0, 0), (100, 0)], [(40, 0.6), (40, 50)]]
    network = network_of(tmp_path, lines, highway=["service"] * 2, access=["private"] * 2)
    assert network.notes["links"] == 1
    assert network.segment_estate.tolist() == [0, 0, 0]
    sandy = network_of(tmp_path, lines, highway=["path"] * 2, surface=["sand", "asphalt"])
    assert traits(sandy, 40, 25) == {}
