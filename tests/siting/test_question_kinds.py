"""A question made of the wrong kinds of things is refused in a sentence, never by a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting import (
    SiteRules,
    fewest_centres,
    least_worst_walk,
    most_people,
    programme,
    shortest_walk,
)

TIMES = pd.DataFrame(
    [("a", "e", 9.0, 700.0), ("b", "e", 15.0, 900.0), ("b", "w", 4.0, np.nan)],
    columns=["origin", "destination", "walk_minutes", "straight_m"],
)
RESIDENTS = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
PAIRS = [("x", 1), ("x", 2)]
IN_PARTS = pd.Series([*PAIRS, PAIRS[0]], TIMES.index)
LEVELS = pd.MultiIndex.from_tuples(PAIRS)
NEAR = SiteRules(radius_m=800.0)

QUESTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "most": (most_people, {"limit_minutes": 15, "new_centres": 1}),
    "fewest": (fewest_centres, {"limit_minutes": 15}),
    "shortest": (shortest_walk, {"new_centres": 1}),
    "worst": (least_worst_walk, {"new_centres": 1}),
}


def _asked(name: str, **changes: Any) -> Any:
    question, given = QUESTIONS[name]
    told = {"times": TIMES, "residents": RESIDENTS, "candidates": ["e", "w"], **given, **changes}
    return question(told.pop("times"), told.pop("residents"), told.pop("candidates"), **told)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"times": None}, "siting.kind_wrong"),
        ({"residents": RESIDENTS["elderly_60"]}, "siting.kind_wrong"),
        ({"rules": None}, "siting.kind_wrong"),
        ({"rules": {"required": ["e"]}}, "siting.kind_wrong"),
        ({"rules": SiteRules(apart=[("e", "w")])}, "siting.kind_wrong"),  # type: ignore[arg-type]
        ({"rules": SiteRules(at_most_one="ew")}, "siting.kind_wrong"),
        ({"rules": SiteRules(required=PAIRS)}, "siting.ids_in_parts"),
        ({"rules": SiteRules(at_most_one=[PAIRS])}, "siting.group_stranger"),
        ({"weight": ["elderly_60"]}, "siting.kind_wrong"),
        ({"weight": {"elderly_60": 1e308}}, "siting.weights_too_large"),
        ({"weight": {"elderly_60": 1e15}}, "siting.weights_too_large"),
        ({"candidates": PAIRS}, "siting.ids_in_parts"),
        ({"candidates": [["e"], ["w"]]}, "siting.ids_in_parts"),
        ({"existing": LEVELS}, "siting.ids_in_parts"),
        (
            {"times": TIMES.assign(destination=IN_PARTS)},
            "siting.ids_in_parts",
        ),
        (
            {"residents": RESIDENTS.set_axis(pd.MultiIndex.from_tuples(PAIRS))},
            "siting.ids_in_parts",
        ),
        ({"times": TIMES.assign(walk_minutes=TIMES["walk_minutes"] + 1j)}, "tables.not_numbers"),
        ({"residents": RESIDENTS + 1j}, "tables.not_numbers"),
        ({"times": TIMES.assign(straight_m="5"), "rules": NEAR}, "tables.not_numbers"),
        ({"times": TIMES.assign(straight_m=True), "rules": NEAR}, "tables.not_numbers"),
        ({"times": TIMES.assign(straight_m=-0.1), "rules": NEAR}, "siting.straight_negative"),
    ],
)
def test_each_wrong_kind_has_its_sentence(
    name: str, changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(SitingError) as refused:
        _asked(name, **changes)
    assert [one.key for one in refused.value.problems] == [expected]
    for problem in refused.value.problems:
        assert problem.text("zh")
        assert problem.text("en")


@pytest.mark.parametrize("name", ["most", "shortest", "worst"])
@pytest.mark.parametrize("count", [10**30, 1e30, 10**400])
def test_a_number_of_centres_beyond_any_plan(name: str, count: float) -> None:
    with pytest.raises(SitingError) as refused:
        _asked(name, new_centres=count)
    assert [one.key for one in refused.value.problems] == ["siting.count_wrong"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_candidates_may_come_one_by_one_and_unknown_lines_count_for_nothing(name: str) -> None:
    assert _asked(name, candidates=(one for one in ("e", "w"))).asked.candidates.tolist() == [
        "e",
        "w",
    ]
    nowhere = TIMES.assign(straight_m=None)
    assert _asked(name, times=nowhere, rules=NEAR).unreachable == ("a", "b")
    with pytest.raises(TypeError, match="a sequence of ids"):
        _asked(name, candidates=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"times": []},
        {"residents": RESIDENTS["elderly_60"]},
        {"measures": None},
        {"existing": ["e"]},
        {"groups": {}},
        {"rules": {}},
        {"weight": ["elderly_60"]},
    ],
)
def test_a_programme_of_wrong_kinds(changes: dict[str, Any]) -> None:
    menu = pd.DataFrame(
        {"site": ["w"], "kind": ["new_centre"], "adds_persons": [9.0], "cost_yuan": [1.0]},
        index=["m"],
    )
    given = {
        "times": TIMES,
        "residents": RESIDENTS,
        "measures": menu,
        "existing": pd.DataFrame({"capacity_persons": [9.0]}, index=["e"]),
        "limit_minutes": 15.0,
        "unit": "community_elders",
        "budget_yuan": 1.0,
        **changes,
    }
    with pytest.raises(SitingError) as refused:
        programme(given.pop("times"), given.pop("residents"), given.pop("measures"), **given)
    assert [one.key for one in refused.value.problems] == ["siting.kind_wrong"]
