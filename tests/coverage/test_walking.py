from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import tables
from planner.coverage.walking import Coverage, coverage
from planner.errors import TableError
from tests.coverage.towns import NEAREST, RESIDENTS


def _town(limit: float = 15.0, open_centres: int = 2) -> Coverage:
    return coverage(RESIDENTS, NEAREST, limit_minutes=limit, open_centres=open_centres)


def test_each_row_ends_in_its_state() -> None:
    assert _town().residents["state"].to_dict() == {
        "r1": "covered",
        "r2": "covered",
        "r3": "too_far",
        "r4": "too_far",
        "r5": "no_way_through",
        "r6": "not_joined",
        "r7": "too_far",
        "r8": "covered",
        "r9": "covered",
    }


def test_states_add_up_to_the_rows_and_to_the_elders() -> None:
    states = _town().states
    assert states.index.to_list() == list(tables.WALKING_STATES)
    assert states["rows"].to_dict() == {
        "covered": 4,
        "too_far": 3,
        "no_way_through": 1,
        "not_joined": 1,
        "no_centre": 0,
    }
    # 50 + 30 + 7, the ninth unknown; 20 + 40 + 10
    assert states["elderly_60"].to_list() == [87, 70, 40, 30, 0]
    assert states["population"].sum() == RESIDENTS["population"].sum()


def test_without_an_open_centre_nothing_else_is_to_blame() -> None:
    states = _town(open_centres=0).states
    assert states.loc["no_centre", "rows"] == len(RESIDENTS)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(14.999, "covered"), (15.0, "covered"), (15.0 + 5e-7, "covered"), (15.0 + 2e-6, "too_far")],
)
def test_the_line_belongs_to_the_inside(minutes: float, state: str) -> None:
    nearest = NEAREST.assign(walk_minutes=minutes, joined=True)
    result = coverage(RESIDENTS, nearest, limit_minutes=15, open_centres=1)
    assert set(result.residents["state"]) == {state}


def test_infinite_minutes_are_no_way_and_are_not_kept() -> None:
    nearest = NEAREST.assign(walk_minutes=np.inf, joined=True)
    result = coverage(RESIDENTS, nearest, limit_minutes=15, open_centres=1)
    assert set(result.residents["state"]) == {"no_way_through"}
    assert result.residents["walk_minutes"].isna().all()


def test_the_callers_tables_stay_and_the_callers_order_is_kept() -> None:
    residents, nearest = RESIDENTS.copy(), NEAREST.iloc[::-1].copy()
    result = coverage(residents, nearest, limit_minutes=15, open_centres=1)
    pd.testing.assert_frame_equal(residents, RESIDENTS)
    pd.testing.assert_frame_equal(nearest, NEAREST.iloc[::-1])
    assert result.residents.index.equals(RESIDENTS.index)
    assert result.residents.loc["r6", "leg_m"] == 450


def test_every_fault_of_the_tables_is_named_at_once() -> None:
    residents = RESIDENTS.drop(columns="elderly_60")
    nearest = NEAREST.drop(columns="part").drop(index="r3").rename(index={"r4": "rX"})
    with pytest.raises(TableError) as caught:
        coverage(residents, nearest, limit_minutes=15, open_centres=1)
    keys = [problem.key for problem in caught.value.problems]
    assert keys == [
        "tables.column_missing",
        "tables.column_missing",
        "coverage.nearest_missing",
        "coverage.nearest_strange",
    ]
    assert "r3、r4" in str(caught.value)
    assert "rX" in caught.value.text("en")


def test_a_repeated_nearest_row_is_refused() -> None:
    nearest = pd.concat([NEAREST, NEAREST.loc[["r1"]]])
    with pytest.raises(TableError, match="r1"):
        coverage(RESIDENTS, nearest, limit_minutes=15, open_centres=1)


@pytest.mark.parametrize(("limit", "centres"), [(0.0, 1), (float("nan"), 1), (15.0, -1)])
def test_senseless_settings_are_refused(limit: float, centres: int) -> None:
    with pytest.raises(ValueError, match="limit_minutes"):
        coverage(RESIDENTS, NEAREST, limit_minutes=limit, open_centres=centres)


def test_no_residents_is_an_answer() -> None:
    result = coverage(RESIDENTS.iloc[:0], NEAREST.iloc[:0], limit_minutes=15, open_centres=1)
    assert result.states["rows"].sum() == 0


@st.composite
def _walks(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    size = draw(st.integers(1, 12))
    minutes = st.floats(0, 40) | st.just(float("nan"))
    ids = [f"r{number:02}" for number in range(size)]
    joined = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    walk = draw(st.lists(minutes, min_size=size, max_size=size))
    nearest = pd.DataFrame(
        {
            "nearest": "z1",
            "walk_minutes": [time if on else np.nan for time, on in zip(walk, joined, strict=True)],
            "leg_m": 1.0,
            "joined": joined,
            "part": 0,
        },
        index=ids,
    )
    elders = draw(st.lists(st.floats(0, 500), min_size=size, max_size=size))
    return pd.DataFrame({"elderly_60": elders}, index=ids), nearest


def _covered(residents: pd.DataFrame, nearest: pd.DataFrame, limit: float) -> set[str]:
    result = coverage(residents, nearest, limit_minutes=limit, open_centres=1)
    assert result.states["rows"].sum() == len(residents)
    assert result.states["elderly_60"].sum() == pytest.approx(residents["elderly_60"].sum())
    return set(result.residents.index[result.residents["state"] == "covered"])


@settings(deadline=None, derandomize=True)
@given(_walks(), st.floats(1, 30), st.floats(0, 10), st.floats(1, 3))
def test_longer_limits_and_faster_walks_never_uncover(
    town: tuple[pd.DataFrame, pd.DataFrame], limit: float, more: float, faster: float
) -> None:
    residents, nearest = town
    today = _covered(residents, nearest, limit)
    assert today <= _covered(residents, nearest, limit + more)
    quicker = nearest.assign(walk_minutes=nearest["walk_minutes"] / faster)
    assert today <= _covered(residents, quicker, limit)


@settings(deadline=None, derandomize=True)
@given(_walks(), st.floats(1, 30), st.data())
def test_a_new_centre_never_uncovers(
    town: tuple[pd.DataFrame, pd.DataFrame], limit: float, data: st.DataObject
) -> None:
    residents, nearest = town
    size = len(nearest)
    times = data.draw(st.lists(st.floats(0, 40), min_size=size, max_size=size))
    new = np.where(nearest["joined"], times, np.nan)
    both = nearest.assign(walk_minutes=np.fmin(nearest["walk_minutes"].to_numpy(), new))
    assert _covered(residents, nearest, limit) <= _covered(residents, both, limit)


@settings(deadline=None, derandomize=True)
@given(_walks(), st.data())
def test_the_order_of_rows_does_not_matter(
    town: tuple[pd.DataFrame, pd.DataFrame], data: st.DataObject
) -> None:
    residents, nearest = town
    order = data.draw(st.permutations(residents.index.to_list()))
    here = coverage(residents, nearest, limit_minutes=15, open_centres=1)
    there = coverage(residents.loc[order], nearest, limit_minutes=15, open_centres=1)
    pd.testing.assert_frame_equal(here.states, there.states, check_exact=True)


def test_an_age_of_which_nothing_is_known_is_unknown_and_not_nobody() -> None:
    residents = RESIDENTS.assign(elderly_80=np.nan)
    result = coverage(residents, NEAREST, limit_minutes=15, open_centres=1)
    assert "elderly_80" not in result.elderly_columns
    assert "elderly_80" not in result.states.columns
    none_known = coverage(
        RESIDENTS.assign(elderly_60=np.nan), NEAREST, limit_minutes=15, open_centres=1
    )
    assert "elderly_60" in none_known.elderly_columns
