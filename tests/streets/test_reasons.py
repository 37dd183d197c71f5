"""Why a resident has no walk within the limit."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from planner.errors import StreetsError
from planner.streets import (
    Walker,
    WalkingNetwork,
    join_to_streets,
    nearest_centre,
    reasons,
    travel_times,
)
from planner.streets.search.reasons import REASONS
from tests.streets.drawn import edge, points, town

WHEELS = Walker("wheels", 1.0, steps_refused=True)
CENTRE = {"centre": (0.0, 0.0)}


def one_street_each() -> WalkingNetwork:
    """Return a street to the centre, and one off it for each reason to have no way.

    a --- b --- c ======= d --- i  b–c is 600 m; c–d steps
    |     |     |
    |     e     f                  b–e one way, towards e; c–f private, f–g behind it
    |           |
    h           g                  p–q: a street of its own
    """
    places = {
        "a": (0, 0),
        "b": (300, 0),
        "c": (900, 0),
        "d": (1000, 0),
        "i": (1100, 0),
        "e": (300, -300),
        "f": (900, -300),
        "g": (900, -600),
        "h": (0, -2000),
        "p": (3000, 0),
        "q": (3000, 90),
    }
    return town(
        places,
        [
            edge("a", "b"), edge("b", "c"), edge("c", "d", steps=True), edge("d", "i"),
            edge("b", "e", oneway=True), edge("c", "f", private=True),
            edge("f", "g", private=True), edge("a", "h"), edge("p", "q"),
        ],
    )  # fmt: skip


def test_one_reason_each() -> None:
    homes = points(
        {
            "near": (100, 0),
            "far": (0, -1900),
            "up the steps": (1000, 0),
            "against the arrow": (300, -300),
            "inside": (900, -500),
            "island": (3000, 50),
            "moor": (1500, 1500),
            "lost": (np.nan, np.nan),
        }
    )
    told = reasons(one_street_each(), homes, points(CENTRE), limit_minutes=25.0, walker=WHEELS)
    assert told["reason"].to_dict() == {
        "near": "",
        "far": "too_far",
        "up the steps": "steps",
        "against the arrow": "one_way",
        "inside": "",
        "island": "other_part",
        "moor": "too_far_from_streets",
        "lost": "no_place",
    }
    assert list(told.index) == list(homes.index)


def test_others_estates() -> None:
    """Beyond the steps there is a way round, but through others' estate."""
    network = town(
        {"a": (0, 0), "b": (300, 0), "c": (400, 0), "d": (700, 0)},
        [
            edge("a", "b", length_m=301.0),
            edge("b", "c", steps=True),
            edge("b", "c", private=True, length_m=150.0),
            edge("c", "d"),
        ],
    )
    homes = points({"beyond": (600, 0)})
    told = reasons(network, homes, points(CENTRE), limit_minutes=25.0, walker=WHEELS)
    assert told["reason"].tolist() == ["others_estate"]
    on_foot = reasons(network, homes, points(CENTRE), limit_minutes=25.0, speed_m_s=1.0)
    assert on_foot["reason"].tolist() == [""]


def test_several_at_once() -> None:
    network = town(
        {"a": (0, 0), "b": (300, 0), "c": (400, 0), "d": (700, 0)},
        [edge("a", "b"), edge("b", "c", steps=True), edge("c", "d", oneway=True)],
    )
    homes = points({"beyond": (600, 0)})
    told = reasons(network, homes, points(CENTRE), limit_minutes=25.0, walker=WHEELS)
    assert told["reason"].tolist() == ["several"]


def test_behind_a_barrier_and_no_centre() -> None:
    network, homes = one_street_each(), points({"yard": (100, 30), "near": (100, 0)})
    wall = geopandas.GeoDataFrame(geometry=[LineString([(-9000, 20), (9000, 20)])])
    joined = join_to_streets(network, homes, barriers=wall)
    told = reasons(network, joined, points(CENTRE), limit_minutes=15.0)
    assert told["reason"].to_dict() == {"yard": "behind_barrier", "near": ""}
    none = reasons(network, homes, points({"centre": (6000, 6000)}), limit_minutes=15.0)
    assert set(none["reason"]) == {"no_centre"}


def test_every_origin_has_a_row_or_a_reason() -> None:
    """Random towns: who has a row has no reason, who has none has one, of those that are known."""
    for seed in range(12):
        random = np.random.default_rng(seed)
        network, homes, centres = random_town(random)
        joined = join_to_streets(network, homes, limit_m=60.0)
        who = {"walker": WHEELS, "limit_minutes": 8.0}
        arguments: dict[str, Any] = {"join_limit_m": 60.0, **who}
        told = reasons(network, joined, centres, **arguments)["reason"]
        rows = travel_times(network, joined, centres, **arguments)
        reached = set(rows["origin"].astype(str))
        assert {name for name, reason in told.items() if not reason} == reached
        assert set(told) <= {"", *REASONS}
        nearest = nearest_centre(network, joined, centres, walker=WHEELS, join_limit_m=60.0)
        no_walk = nearest["joined"] & nearest["walk_minutes"].isna()
        ways = ["other_part", "others_estate", "steps", "one_way", "several"]
        pd.testing.assert_series_equal(told.isin(ways), no_walk, check_names=False)


def random_town(random: np.random.Generator) -> tuple[WalkingNetwork, Any, Any]:
    """Return a grid of streets of all kinds with a third of them missing, homes and centres."""
    side, step_m = 6, 100.0
    places = {f"{i},{j}": (i * step_m, j * step_m) for i in range(side) for j in range(side)}
    rows = [
        edge(
            f"{i},{j}",
            f"{i + di},{j + dj}",
            steps=bool(random.random() < 0.15),
            private=bool(random.random() < 0.15),
            oneway=bool(random.random() < 0.15),
        )
        for i in range(side)
        for j in range(side)
        for di, dj in ((1, 0), (0, 1))
        if i + di < side and j + dj < side and random.random() < 0.65
    ]
    homes = points({f"h{n}": tuple(random.uniform(-80, 580, 2)) for n in range(40)})
    centres = points({f"c{n}": tuple(random.uniform(0, 500, 2)) for n in range(3)})
    return town(places, rows), homes, centres


def test_no_limit_is_refused() -> None:
    with pytest.raises(StreetsError, match="limit_minutes"):
        reasons(one_street_each(), points({"h": (0, 0)}), points(CENTRE), limit_minutes=0.0)
