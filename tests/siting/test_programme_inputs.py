"""Bad input: each case its own sentence, all of them at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting.asking.rules import SiteRules
from planner.siting.programmes.least_cost import least_cost
from planner.siting.programmes.questions import programme
from planner.siting.programmes.years import PlanYear
from tests.siting.test_programme import GROUPS, MENU, OLD, PEOPLE, TIMES, asked


def keys(caught: pytest.ExceptionInfo[SitingError]) -> list[str]:
    for problem in caught.value.problems:
        assert problem.text("zh")
        assert problem.text("en")
    return [problem.key.removeprefix("programme.") for problem in caught.value.problems]


def cells(first: Any) -> pd.Series[Any]:
    """Return a column of the menu with one cell filled in."""
    return pd.Series([first, *[None] * (len(MENU) - 1)], index=MENU.index, dtype=object)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"measures": MENU.drop(columns="cost_yuan")}, "tables.column_missing"),
        ({"measures": MENU.assign(kind="palace")}, "kind_wrong"),
        ({"measures": MENU.assign(site=pd.Series({"rooms": "rooms"}))}, "site_missing"),
        ({"measures": MENU.assign(kind="enlarge")}, "not_a_centre"),
        ({"measures": MENU.assign(cost_yuan=-1.0)}, "negative_money"),
        ({"measures": MENU.assign(needs=MENU.index)}, "needs_itself"),
        ({"measures": MENU.assign(cost_yuan=np.inf)}, "infinite"),
        ({"measures": MENU.assign(cost_yuan="dear")}, "tables.not_numbers"),
        ({"measures": MENU.assign(adds_persons=-1.0)}, "sign_wrong"),
        ({"measures": MENU.assign(adds_m2=-1.0)}, "sign_wrong"),
        ({"measures": MENU.assign(needs="sunshine")}, "needs_stranger"),
        ({"measures": MENU.assign(group="moon")}, "group_stranger"),
        ({"measures": pd.concat([MENU, MENU])}, "tables.id_repeated"),
        ({"existing": OLD.rename(columns=str.upper)}, "tables.column_missing"),
        ({"existing": OLD.assign(capacity_persons=-5.0)}, "negative"),
        ({"existing": pd.concat([OLD, OLD])}, "tables.id_repeated"),
        ({"groups": GROUPS.drop(columns="held_m2")}, "tables.column_missing"),
        ({"groups": GROUPS.assign(held_m2=-1.0)}, "negative"),
        ({"years": ()}, "no_years"),
        ({"years": (PlanYear("soon", 1.0), PlanYear("later", 1.0))}, "year_wrong"),
        ({"years": (PlanYear(2035, 1.0, "asks"), PlanYear(2030, 1.0, "asks"))}, "years_order"),
        ({"budget_yuan": -1.0}, "budget_wrong"),
        ({"budget_yuan": float("nan")}, "budget_wrong"),
        ({"weight": "nobody"}, "tables.column_missing"),
        ({"weight": {"asks": 0.0}}, "siting.nobody"),
        ({"limit_minutes": 0}, "siting.not_positive"),
        ({"time_limit_s": -1}, "siting.not_positive"),
        ({"gap": 1.0}, "siting.gap_wrong"),
        ({"unknown_capacity": "guess"}, "unknown_capacity_wrong"),
        ({"goal_weights": {"walk": 1.0}}, "goal_strange"),
        ({"goal_weights": {"served": -1.0}}, "goal_weights_wrong"),
        ({"goal_weights": {"served": 0.0}}, "goal_weights_wrong"),
        ({"goal_weights": {"served": 1e300}}, "goal_weights_wrong"),
        ({"goal_weights": ["served"]}, "goal_weights_kind"),
        ({"carries_over": "no"}, "flag_kind"),
        ({"foresight": 1}, "flag_kind"),
        ({"years": [(2030, 50.0)]}, "years_kind"),
        ({"years": 2030}, "years_kind"),
        ({"measures": MENU.assign(needs=cells({"rooms": 1}))}, "cell_wrong"),
        ({"measures": MENU.assign(one_of=cells(["x", ["y"]]))}, "cell_wrong"),
        ({"rules": SiteRules(may_close=["old"])}, "may_close"),
        ({"rules": SiteRules(required=["shop"], barred=["shop"])}, "siting.rule_both"),
        ({"rules": SiteRules(required=["moon"])}, "siting.rule_stranger"),
    ],
)
def test_each_fault_has_its_sentence(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(SitingError) as caught:
        asked(**changes)
    assert expected in keys(caught)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SitingError) as caught:
        asked(
            measures=MENU.assign(cost_yuan=-1.0),
            existing=OLD.assign(capacity_persons=-1.0),
            limit_minutes=-1,
            budget_yuan=-1.0,
        )
    assert len(caught.value.problems) == 4


def test_two_closings_of_one_centre_and_closing_a_candidate() -> None:
    close = MENU.iloc[:2].assign(kind="close", site="old", adds_persons=np.nan, adds_m2=np.nan)
    with pytest.raises(SitingError) as caught:
        asked(measures=close)
    assert keys(caught) == ["close_twice"]


def test_money_is_said_once() -> None:
    for money in ({}, {"budget_yuan": 1.0, "years": (PlanYear(2030, 1.0, "asks"),)}):
        with pytest.raises(SitingError) as caught:
            programme(
                TIMES, PEOPLE, MENU, existing=OLD, limit_minutes=15, unit="community_elders",
                weight="asks", **money,  # type: ignore[arg-type]
            )  # fmt: skip
        assert keys(caught) == ["money_missing"]


def test_a_share_is_a_share_and_a_unit_a_unit() -> None:
    for share in (0.0, 1.1, float("nan")):
        with pytest.raises(SitingError, match="served_share"):
            least_cost(
                TIMES, PEOPLE, MENU, existing=OLD, limit_minutes=15, unit="community_elders",
                weight="asks", served_share=share,
            )  # fmt: skip
    with pytest.raises(ValueError, match="unit must be one of"):
        asked(unit="beds")


def test_a_required_site_without_a_measure_that_can_be_chosen() -> None:
    menu = MENU.assign(cost_yuan=[1.0, np.nan, 1.0, 1.0, 0.0])
    with pytest.raises(SitingError) as caught:
        asked(measures=menu, rules=SiteRules(required=["rooms"]))
    assert keys(caught) == ["required_without"]


def test_pairs_that_stand_twice() -> None:
    twice = pd.concat([TIMES, TIMES.iloc[:1]])
    with pytest.raises(SitingError, match="north → old"):
        programme(
            twice, PEOPLE, MENU, existing=OLD, limit_minutes=15, unit="community_elders",
            weight="asks", budget_yuan=0.0,
        )  # fmt: skip


def test_nothing_to_do_and_nobody_in_reach_are_true_answers() -> None:
    nothing = asked(measures=MENU.iloc[:0], groups=None)
    assert nothing.chosen.empty
    assert nothing.served_persons == 25.0
    nowhere = programme(
        TIMES.iloc[:0], PEOPLE, MENU, existing=OLD, limit_minutes=15, unit="community_elders",
        weight="asks", budget_yuan=1e6,
    )  # fmt: skip
    assert nowhere.chosen.empty
    assert nowhere.served_persons == 0.0
    assert nowhere.by_year.loc["all", "out_of_reach_persons"] == 97.0
    assert nowhere.unreachable == ("far", "middle", "north", "south")
    hurried = asked(time_limit_s=1e-9)
    assert hurried.served_persons >= 25.0
    assert hurried.status_text()
