"""Limits, legs and speeds of wrong kinds: one clear sentence, never what Python says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import scenario, units
from planner.errors import PlannerError, ScenarioError, StreetsError
from planner.streets import (
    Walker,
    catchments,
    edge_minutes,
    explain_place,
    nearest_centre,
    reasons,
    route,
    shortcuts,
    travel_times,
)
from planner.streets.joining.joining import JOIN_LIMIT_M
from planner.streets.road_layers.layers import GAP_M, MOST_GAP_M
from tests.streets.drawn import edge, points, town

NETWORK = town({"A": (0, 0), "B": (900, 0)}, [edge("A", "B")])
HOME, CENTRE = points({"home": (10, 5)}), points({"centre": (800, 5)})
BOTH = (NETWORK, HOME, CENTRE)

LIMITED: dict[str, Callable[..., Any]] = {
    "travel_times": lambda limit, **how: travel_times(*BOTH, limit_minutes=limit, **how),
    "reasons": lambda limit, **how: reasons(*BOTH, limit_minutes=limit, **how),
    "shortcuts": lambda limit, **how: shortcuts(*BOTH, limit_minutes=limit, **how),
    "catchments": lambda limit, **how: catchments(NETWORK, CENTRE, limits_minutes=[limit], **how),
    "catchments, bare": lambda limit, **how: catchments(
        NETWORK, CENTRE, limits_minutes=limit, **how
    ),
}
ALL: dict[str, Callable[..., Any]] = {
    **{name: lambda of=of, **how: of(15.0, **how) for name, of in LIMITED.items()},
    "nearest_centre": lambda **how: nearest_centre(*BOTH, **how),
    "route": lambda **how: route(*BOTH, **how),
    "explain_place": lambda **how: explain_place(NETWORK, HOME, **how),
    "explain": lambda **how: NETWORK.explain(HOME, **how),
}
NO_NUMBERS: tuple[Any, ...] = (
    "15",
    None,
    float("nan"),
    np.float64("nan"),
    True,
    np.True_,
    pd.NA,
    {},
    np.ones((1, 2)),
)
FAST = 9.0
NUMBERS = (np.float64(15.0), np.float32(15.0), np.int64(15), 15)


def refusal(call: Callable[[], Any], *said: str) -> PlannerError:
    with pytest.raises(StreetsError) as caught:
        call()
    for language in ("zh", "en"):
        for word in said:
            assert word in caught.value.text(language)
    return caught.value


@pytest.mark.parametrize("limit", [*NO_NUMBERS, -1.0, 0, -np.inf], ids=repr)
@pytest.mark.parametrize("name", LIMITED)
def test_limits_that_are_none(name: str, limit: Any) -> None:
    error = refusal(lambda: LIMITED[name](limit), "limit", "_minutes")
    assert error.message.key == "streets.limit_refused"


@pytest.mark.parametrize("name", ["shortcuts", "catchments"])
def test_limits_without_end(name: str) -> None:
    """All walks can be counted (test_towns.py), but not drawn, and not saved by a new way."""
    error = refusal(lambda: LIMITED[name](np.inf), "inf")
    assert error.message.key == "streets.limit_refused"


@pytest.mark.parametrize("limit", NUMBERS, ids=repr)
@pytest.mark.parametrize("name", LIMITED)
def test_every_kind_of_number(name: str, limit: Any) -> None:
    """A walk of 15 minutes is within 15 of any kind: float32 would lose the slack."""
    far = {"speed_m_s": 800 / 900}  # 790 m and two legs of 5 m
    found, same = LIMITED[name](limit, **far), LIMITED[name](15.0, **far)
    if isinstance(found, pd.DataFrame):
        pd.testing.assert_frame_equal(found, same)
    else:
        assert found.areas.geometry.equals(same.areas.geometry)
    assert name != "travel_times" or len(found) == 1


@pytest.mark.parametrize("limit_m", [*NO_NUMBERS, -1.0, -np.inf], ids=repr)
@pytest.mark.parametrize("name", ALL)
def test_legs_that_are_none(name: str, limit_m: Any) -> None:
    error = refusal(lambda: ALL[name](join_limit_m=limit_m), "join_limit_m")
    assert error.message.key == "streets.join_limit_refused"


@pytest.mark.parametrize("limit_m", [5, np.float32(5.0), np.int32(5), np.inf], ids=repr)
@pytest.mark.parametrize("name", ALL)
def test_legs_of_every_kind_of_number(name: str, limit_m: Any) -> None:
    found = ALL[name](join_limit_m=limit_m)
    expected = ALL[name](join_limit_m=float(limit_m))
    assert repr(found) == repr(expected)
    assert type(found) is type(expected)


@pytest.mark.parametrize("speed", ["1", np.nan, True, {}, pd.NA, 0, -1, 3, np.inf], ids=repr)
@pytest.mark.parametrize("name", ALL)
def test_speeds_that_are_none(name: str, speed: Any) -> None:
    error = refusal(lambda: ALL[name](speed_m_s=speed), "0.2", "2.0")
    assert error.message.key == "streets.speed_refused"


@pytest.mark.parametrize("who", [True, "alder", ["elder"], {}, FAST, np.nan, pd.NA], ids=repr)
def test_walkers_that_are_none(who: Any) -> None:
    one = refusal(lambda: edge_minutes(NETWORK, who))
    other = refusal(lambda: travel_times(*BOTH, limit_minutes=15, walker=who))
    # Only where there is no argument for a speed, a number is taken for one.
    assert one.message.key == ("streets.speed_refused" if who is FAST else "walkers.unknown")
    assert other.message.key == "walkers.unknown"


def test_a_speed_for_a_walker() -> None:
    forward = edge_minutes(NETWORK, np.float64(1.0)).forward
    assert forward.tolist() == edge_minutes(NETWORK, 1).forward.tolist() == [15.0]


@pytest.mark.parametrize("wrong", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("count", "streets.limit_refused"),
        ("reach_m", "streets.limit_refused"),
        ("least_saving_minutes", "shortcuts.saving_refused"),
    ],
)
def test_what_shortcuts_are_asked_for(name: str, key: str, wrong: Any) -> None:
    error = refusal(lambda: shortcuts(*BOTH, limit_minutes=15.0, **{name: wrong}), name)
    assert error.message.key == key


@pytest.mark.parametrize("wrong", NO_NUMBERS, ids=repr)
def test_how_exactly_catchments_are_drawn(wrong: Any) -> None:
    error = refusal(lambda: catchments(NETWORK, CENTRE, tolerance_m=wrong), "tolerance_m")
    assert error.message.key == "streets.limit_refused"


PROJECT: dict[str, Any] = {
    "project": {"name": "n"},
    **{name: {"file": "f"} for name in ("streets", "communities", "residents", "centres")},
}


@pytest.mark.parametrize("name", units.WALKER_BOUNDS)
def test_a_project_file_and_a_walker_have_the_same_bounds(name: str) -> None:
    least, most = units.WALKER_BOUNDS[name]
    for value in (least, most, (least + most) / 2):
        own = scenario.from_mapping(PROJECT | {"walking": {name: value}}).walking.own
        assert own == {name: value}
        Walker.from_mapping({"name": "own", "speed_m_s": 1.0} | own)
    for value in (least - 1e-9, most + 1e-9):
        with pytest.raises(ScenarioError, match=name):
            scenario.from_mapping(PROJECT | {"walking": {name: value}})
        with pytest.raises(StreetsError, match=name):
            Walker.from_mapping({"name": "own", "speed_m_s": 1.0, name: value})


@pytest.mark.parametrize("slope", units.SLOPE_RESPONSES)
def test_a_project_file_and_a_walker_know_the_same_slopes(slope: str) -> None:
    own = scenario.from_mapping(PROJECT | {"walking": {"slope": slope}}).walking.own
    assert Walker.from_mapping({"name": "own", "speed_m_s": 1.0} | own).slope == slope


def test_a_project_file_and_a_call_join_and_close_alike() -> None:
    streets = scenario.from_mapping(PROJECT).streets
    assert streets.join_limit_m == JOIN_LIMIT_M
    bounds = {one.name: one.metadata.get("bounds") for one in fields(streets)}
    assert (streets.gap_m, bounds["gap_m"]) == (GAP_M, (0.0, MOST_GAP_M))
