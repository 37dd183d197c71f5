"""The status says what ended a search: a time limit only where one was reached."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.siting import SiteRules, least_worst_walk, most_people, verify
from planner.siting.results import SitingPlan, told_status

FAR_APART = pd.DataFrame({"elderly_60": [1e9, 0.001, 1.0]}, index=["a", "b", "c"])


def _far_apart(time_limit_s: float | None) -> list[SitingPlan]:
    times = pd.DataFrame(
        [("a", "c1", 1.0), ("b", "c2", 2.0), ("c", "c1", 9.0), ("c", "c2", 1.0), ("a", "c3", 3.0)],
        columns=["origin", "destination", "walk_minutes"],
    )
    walk = least_worst_walk(
        times, FAR_APART, ["c1", "c2", "c3"], new_centres=1, time_limit_s=time_limit_s
    )
    crossed = pd.DataFrame(
        [("a", "e1", 9.0), ("b", "c1", 9.0), ("a", "c1", 3.0), ("c", "e1", 9.0), ("b", "c2", 9.0)],
        columns=["origin", "destination", "walk_minutes"],
    )
    most = most_people(
        crossed,
        FAR_APART,
        ["c1", "c2"],
        existing=["e1"],
        limit_minutes=15,
        new_centres=1,
        rules=SiteRules(may_close=["e1"], at_most_one=[["e1", "c1", "c2"]]),
        time_limit_s=time_limit_s,
    )
    return [walk, most]


@pytest.mark.parametrize("time_limit_s", [None, 600.0])
def test_no_limit_is_told_that_was_not_reached(time_limit_s: float | None) -> None:
    for plan in _far_apart(time_limit_s):
        assert plan.status in ("optimal", "best_found")
        assert plan.is_proven is (plan.status == "optimal")
        assert plan.gap == 0.0 or not plan.is_proven
        assert verify(plan).is_true
        assert plan.status_text("zh")
        assert plan.status_text("en")


def test_what_ended_a_search() -> None:
    assert told_status("time_limit", 5.0, None) == "best_found"
    assert told_status("time_limit", 0.1, 5.0) == "best_found"
    assert told_status("time_limit", 5.0, 5.0) == "time_limit"
    assert told_status("optimal", 9.0, 5.0) == "optimal"
    assert told_status("gap_reached", 0.1, None) == "gap_reached"
