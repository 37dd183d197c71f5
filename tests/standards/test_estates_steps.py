"""The four steps: what is late, by how much, and what a date's precision can tell."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.labels import LANGUAGES
from planner.standards.estates.steps import (
    FINDINGS,
    STEP_RESULTS,
    FourSteps,
    asked_ages,
    four_steps,
    period,
)
from planner.tables import ESTATE_AGES, STEP_STATES, STEPS
from tests.standards.estate_books import NEW, SHAANXI, book, clause, estates

DONE, UNDONE, WAITS = STEP_STATES
DAY = datetime.date(2025, 6, 30)


def _steps(
    *states: str | None, on: datetime.date | None = DAY, **dates: str | None
) -> dict[str, pd.Series]:
    table = estates(**{step: [state] for step, state in zip(STEPS, states, strict=True)})
    found = four_steps(table.assign(**dates), on=on)
    return {str(row["step"]): row for _, row in found.steps.iterrows()}


def _keys(row: pd.Series) -> list[str]:
    return [one.key.removeprefix("estates.step_") for one in row["findings"]]


@pytest.mark.parametrize(
    ("given_", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-2", "2023-02-01", "2023-02-28"),
        ("2024-12-31", "2024-12-31", "2024-12-31"),
    ],
)
def test_a_date_is_every_day_that_it_may_mean(given_: str, first: str, last: str) -> None:
    found = period(given_)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "given_", ["", "2024-13", "2024-02-30", "soon", "24-1", None, 2024.0, "0000"]
)
def test_what_is_no_date_is_none(given_: object) -> None:
    assert period(given_) is None


def test_all_four_done_in_order_is_nothing_to_tell() -> None:
    found = _steps(
        *[DONE] * 4, planned_on="2021-03", built_on="2022", accepted_on="2022-12",
        handed_over_on="2023-01-15", housing_on="2023-01-15",
    )  # fmt: skip
    assert [row["result"] for row in found.values()] == ["done"] * 4
    assert all(row["findings"] == () for row in found.values())


def test_a_later_step_done_before_an_earlier_one() -> None:
    found = _steps(UNDONE, WAITS, DONE, WAITS)
    assert _keys(found["planned"]) == ["not_in_step", "later_done"]
    assert _keys(found["built"]) == ["later_done"]
    assert found["built"]["result"] == "late"
    assert _keys(found["accepted"]) == []
    assert found["handed_over"]["result"] == "not_due"
    told = found["planned"]["findings"][1]
    assert "验收" in told.text("zh")
    assert "acceptance" in told.text("en")


def test_not_done_though_the_housing_is_handed_over() -> None:
    found = _steps(DONE, DONE, WAITS, WAITS, housing_on="2025-06-20")
    assert _keys(found["accepted"]) == ["housing_over"]
    assert found["accepted"]["late_days"] == 10
    assert not found["accepted"]["late_at_least"]
    # The housing's date lies ahead, or is of this very month: nothing is late yet.
    for later in ("2025-07-01", "2025-06", "2025"):
        assert _steps(DONE, DONE, WAITS, WAITS, housing_on=later)["accepted"]["result"] == "not_due"
    # By the states alone: 未同步 at hand-over says that the housing went without the rooms.
    by_state = _steps(DONE, DONE, WAITS, UNDONE)
    assert _keys(by_state["accepted"]) == _keys(by_state["handed_over"]) == ["housing_over"]
    month = _steps(DONE, DONE, WAITS, WAITS, housing_on="2025-05")["accepted"]
    assert (month["late_days"], month["late_at_least"]) == (30, True)


@pytest.mark.parametrize(
    ("expected", "days", "at_least"),
    [
        ("2025-06-29", 1, False),
        ("2025-06-30", None, False),
        ("2025-05", 30, True),
        ("2025-06", None, False),
        ("2024", 181, True),
        ("2025", None, False),
    ],
)
def test_expected_before_the_day_of_the_audit(
    expected: str, days: int | None, at_least: bool
) -> None:
    row = _steps(DONE, WAITS, WAITS, WAITS, built_on=expected)["built"]
    assert _keys(row) == ([] if days is None else ["overdue"])
    assert row["result"] == ("not_due" if days is None else "late")
    assert (None if pd.isna(row["late_days"]) else row["late_days"]) == days
    assert row["late_at_least"] == at_least


def test_without_a_day_of_the_audit_nothing_is_overdue() -> None:
    row = _steps(DONE, WAITS, WAITS, WAITS, built_on="2001", on=None)["built"]
    assert _keys(row) == ["no_audit_day"]
    assert row["result"] == "not_due"


@pytest.mark.parametrize(
    ("built", "accepted", "days", "at_least"),
    [
        ("2024-03-10", "2024-03-09", 1, False),
        ("2024-03-10", "2024-03-10", None, False),
        ("2024-03-10", "2024-03", None, False),
        ("2024-03", "2024-02", 1, True),
        ("2024", "2023", 1, True),
        ("2024-03-10", "2023", 70, True),
    ],
)
def test_dates_out_of_order(built: str, accepted: str, days: int | None, at_least: bool) -> None:
    """Only what is early on every day that the dates may mean; 2024-03-10 is 70 days after 2023."""
    row = _steps(*[DONE] * 4, built_on=built, accepted_on=accepted)["accepted"]
    assert _keys(row) == ([] if days is None else ["out_of_order"])
    assert (None if pd.isna(row["late_days"]) else row["late_days"]) == days
    assert row["late_at_least"] == at_least
    assert row["result"] == ("done" if days is None else "late")


def test_handed_over_after_the_housing_and_done_in_the_future() -> None:
    row = _steps(*[DONE] * 4, handed_over_on="2024-02-01", housing_on="2024-01-31")["handed_over"]
    assert _keys(row) == ["after_housing"]
    assert row["late_days"] == 1
    same = _steps(*[DONE] * 4, handed_over_on="2024-01-31", housing_on="2024-01")["handed_over"]
    assert same["findings"] == ()
    ahead = _steps(*[DONE] * 4, handed_over_on="2025-07-01")["handed_over"]
    assert _keys(ahead) == ["done_in_future"]


def test_built_and_accepted_after_the_housing_is_late() -> None:
    """2023-01-01 to 2024-05-01 are 486 days, to 2024-06-01 517."""
    found = _steps(
        *[DONE] * 4, built_on="2024-05-01", accepted_on="2024-06-01", housing_on="2023-01-01"
    )
    assert [row["result"] for row in found.values()] == ["done", "late", "late", "done"]
    assert _keys(found["built"]) == _keys(found["accepted"]) == ["after_housing"]
    assert (found["built"]["late_days"], found["accepted"]["late_days"]) == (486, 517)


def test_a_plan_out_of_step_is_told_and_no_breach_of_today() -> None:
    """On 2025-06-30 housing is due in 2026-06, building and hand-over in 2026-09."""
    due: dict[str, Any] = {
        "housing_on": "2026-06-01",
        "built_on": "2026-09-02",
        "handed_over_on": "2026-09-01",
    }
    found = _steps(DONE, WAITS, WAITS, WAITS, **due)
    assert [row["result"] for row in found.values()] == ["done", *["not_due"] * 3]
    assert _keys(found["built"]) == ["planned_after_housing"]
    assert _keys(found["handed_over"]) == ["planned_out_of_order", "planned_after_housing"]
    assert found["built"]["late_days"] != found["built"]["late_days"]
    assert _steps(DONE, None, WAITS, WAITS, **due)["built"]["result"] == "unknown"
    # Said to be done, it is dated as it was done; and once the housing is over, what waits is late
    # by the days that have passed, not by those to come: 2025-01-01 to 2025-06-30 are 180.
    assert _steps(*[DONE] * 4, **due)["built"]["result"] == "late"
    over = _steps(DONE, WAITS, WAITS, WAITS, **due | {"housing_on": "2025-01-01"})["built"]
    assert _keys(over) == ["housing_over", "planned_after_housing"]
    assert over["late_days"] == 180


def test_what_the_ledger_leaves_empty_is_unknown() -> None:
    found = _steps(None, DONE, None, WAITS)
    assert found["planned"]["result"] == found["accepted"]["result"] == "unknown"
    assert _keys(found["planned"]) == ["not_given"]
    bare = four_steps(estates(households=[1.0]))
    assert bare.steps["result"].tolist() == ["unknown"] * 4
    assert bare.housing.tolist() == ["unknown"]
    assert four_steps(estates(households=[1.0]).iloc[:0]).steps.empty


STATE = st.sampled_from([*STEP_STATES, None])
DATE = st.sampled_from(
    [None, "2023", "2024-05", "2025-06-29", "2025-06-30", "2025-07-01", "2026", "?"]
)
ROW = st.fixed_dictionaries(
    dict.fromkeys(STEPS, STATE) | {f"{one}_on": DATE for one in (*STEPS, "housing")}
)


def _of(rows: list[dict[str, str | None]]) -> FourSteps:
    table = pd.DataFrame(rows, index=[f"E{number}" for number in range(len(rows))], dtype=object)
    return four_steps(table, on=DAY)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(rows=st.lists(ROW, min_size=1, max_size=4))
def test_every_step_has_one_row_and_each_estate_stands_for_itself(
    rows: list[dict[str, str | None]],
) -> None:
    found = _of(rows)
    assert len(found.steps) == 4 * len(rows)
    assert set(found.steps["result"]) <= set(STEP_RESULTS)
    keys = {key for findings in found.steps["findings"] for key in (one.key for one in findings)}
    assert keys <= {f"estates.step_{name}" for name in FINDINGS}
    for findings in found.steps["findings"]:
        assert all(one.text(language) for one in findings for language in LANGUAGES)
    assert (found.steps["late_days"].dropna() > 0).all()
    assert (
        found.steps.loc[found.steps["late_days"].notna(), "result"].isin(["late", "unknown"])
    ).all()
    # An estate's rows are its own, whoever stands beside it.
    last = _of(rows[-1:]).steps.reset_index(drop=True)
    own = found.steps.iloc[-4:].reset_index(drop=True)
    columns = ["step", "state", "result", "findings", "late_days", "late_at_least"]
    pd.testing.assert_frame_equal(last[columns], own[columns])


def test_steps_are_asked_of_the_ages_that_the_clause_names() -> None:
    """已建 has none to keep, an unknown age none that could count as late; dates stay shown."""
    table = estates(
        planned=[UNDONE] * 3, built=[DONE] * 3, accepted=[DONE] * 3, handed_over=[WAITS] * 3,
        estate_age=["新建", "已建", None],
    )  # fmt: skip
    table = table.assign(housing_on="2025-06-20")
    ages = asked_ages([book("new", clause("steps", "four_steps", comparison="has", when=NEW))])
    assert ages == ("新建",)
    found = four_steps(table, on=DAY, ages=ages)
    assert found.steps["result"].tolist() == [
        "late", "done", "done", "late",
        *["not_applicable"] * 4,
        "unknown", "done", "done", "unknown",
    ]  # fmt: skip
    assert found.late["estate"].unique().tolist() == ["E1"]
    assert found.steps["late_days"].notna().tolist() == [True, *[False] * 2, True, *[False] * 8]
    assert found.steps["state"].tolist() == [UNDONE, DONE, DONE, WAITS] * 3
    assert _keys(found.steps.iloc[4]) == ["not_asked"]
    assert _keys(found.steps.iloc[8])[0] == "age_unknown"
    assert len(_keys(found.steps.iloc[8])) > 1
    # Whether the housing stands is a fact of every estate.
    assert found.housing.tolist() == ["over"] * 3
    # No condition, or no clause at all: every estate's.
    assert asked_ages([SHAANXI]) == asked_ages([]) == ESTATE_AGES
    assert four_steps(table, on=DAY).late["estate"].nunique() == 3
