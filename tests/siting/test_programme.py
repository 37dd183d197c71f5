"""A programme solved by hand, and every boundary that money, places and years have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.coverage.capacity import CentreCapacity
from planner.errors import SitingError
from planner.siting.asking.rules import SiteRules
from planner.siting.programmes.least_cost import least_cost
from planner.siting.programmes.questions import programme
from planner.siting.programmes.recount import recount_programme
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear

# north (30) and middle (20) walk to the old centre, which takes 25; middle and south (40) to the
# rooms of the 党群服务中心; south to the shop; nobody to the mill; far (7) to nothing.
TIMES = pd.DataFrame(
    [
        ("north", "old", 5.0),
        ("middle", "old", 15.0),
        ("middle", "rooms", 6.0),
        ("south", "rooms", 10.0),
        ("south", "shop", 2.0),
        ("far", "shop", 15.1),
    ],
    columns=["origin", "destination", "walk_minutes"],
)
PEOPLE = pd.DataFrame(
    {"asks": [30, 20, 40, 7], "later": [30, 20, 80, 7]}, index=["north", "middle", "south", "far"]
)
OLD = pd.DataFrame({"capacity_persons": [25.0]}, index=["old"])
COLUMNS = ["id", "site", "kind", "adds_persons", "adds_m2", "group", "cost_yuan"]
MENU = pd.DataFrame(
    [
        ("enlarge", "old", "enlarge", 10.0, 100.0, "west", 300.0),
        ("rooms", "rooms", "take_over_rooms", 30.0, 300.0, "east", 500.0),
        ("shop small", "shop", "buy_back", 20.0, 200.0, "east", 400.0),
        ("shop large", "shop", "buy_back", 50.0, 500.0, "east", 900.0),
        ("mill", "mill", "hand_over", 50.0, 500.0, "west", 0.0),
    ],
    columns=COLUMNS,
).set_index("id")
GROUPS = pd.DataFrame(
    {"required_m2": [750.0, 750.0, np.nan], "held_m2": [300.0, 0.0, 100.0]},
    index=["west", "east", "hills"],
)


def asked(**changes: Any) -> Programme:
    settings: dict[str, Any] = {
        "measures": MENU,
        "existing": OLD,
        "groups": GROUPS,
        "limit_minutes": 15,
        "unit": "community_elders",
        "weight": "asks",
        **changes,
    }
    measures = settings.pop("measures")
    if "years" not in settings:
        settings.setdefault("budget_yuan", 900.0)
    return programme(TIMES, PEOPLE, measures, **settings)


def test_the_town_by_hand() -> None:
    plan = asked()
    # 900 yuan: the large shop serves south's 40 (25 + 40); rooms and the small shop 25 + 30 + 20,
    # all of south and middle's 20 between them, leave 5 of the old places to north: 25 + 50 = 75,
    # rooms and enlarging 25 + 10 + 30 = 65 at 800.
    assert list(plan.chosen.index) == ["mill", "rooms", "shop small"]
    assert plan.served_persons == 75.0
    assert plan.cost_yuan == 900.0
    # West: 750 - 300 - 500 is no deficit; east: 750 - 500; hills is not known.
    assert plan.shortfall_m2 == 250.0
    assert plan.is_proven
    assert plan.status_text() == "各项目标均已证明最优"
    assert plan.goals["status"].to_list() == ["optimal"] * 4
    assert list(plan.goals.index) == ["served", "shortfall", "walk", "money"]
    year = plan.by_year.loc["all"]
    assert year["asked_persons"] == 97.0
    # north's 5 and 10 more of middle or south find no place; far reaches nothing.
    assert year["covered_full_persons"] == 15.0
    assert year["out_of_reach_persons"] == 7.0
    assert year["shortfall_before_m2"] == 450.0 + 750.0
    assert plan.unreachable == ("far",)
    assert plan.unknown_groups == ("hills",)
    assert plan.shortfall.set_index("group")["shortfall_m2"].isna().to_dict()["hills"]
    assert set(plan.sites["state"]) == {"open_today", "new"}


def test_the_walk_is_least_among_plans_that_serve_as_many() -> None:
    plan = asked(budget_yuan=500.0)
    assert list(plan.chosen.index) == ["mill", "rooms"]
    # 25 of north (5 minutes), all 20 of middle (6) and 10 of south (10) at the rooms.
    assert plan.by_year["walk_minutes"].to_list() == [25 * 5 + 20 * 6 + 10 * 10]
    flows = plan.flows.set_index(["resident", "site"])["persons"].to_dict()
    assert flows == {("north", "old"): 25.0, ("middle", "rooms"): 20.0, ("south", "rooms"): 10.0}


@pytest.mark.parametrize(
    ("budget", "chosen"),
    [
        (0.0, ["mill"]),
        (299.99, ["mill"]),
        (300.0, ["enlarge", "mill"]),
        (399.99, ["enlarge", "mill"]),
        (400.0, ["mill", "shop small"]),
        (899.99, ["enlarge", "mill", "rooms"]),
        (900.0, ["mill", "rooms", "shop small"]),
    ],
)
def test_a_budget_reaches_to_its_last_fen(budget: float, chosen: list[str]) -> None:
    assert list(asked(budget_yuan=budget).chosen.index) == chosen


def test_what_costs_nothing_is_done_only_if_it_helps() -> None:
    plan = asked(budget_yuan=0.0, groups=None)
    # The mill serves nobody, and no floor area is asked for.
    assert plan.chosen.empty
    assert plan.served_persons == 25.0
    assert plan.shortfall_m2 == 0.0


def test_places_are_full_exactly_at_their_number() -> None:
    exact = MENU.assign(adds_persons=[5.0, 60.0, 0.0, 0.0, 0.0])
    plan = asked(measures=exact, budget_yuan=800.0)
    assert plan.served_persons == 90.0
    assert plan.by_year.loc["all", "covered_full_persons"] == 0.0
    one_less = asked(measures=exact.assign(adds_persons=[4.0, 60.0, 0, 0, 0]), budget_yuan=800.0)
    assert one_less.by_year.loc["all", "covered_full_persons"] == 1.0


YEARS = (PlanYear(2030, 500.0, "asks"), PlanYear(2035, 500.0, "later"))


def test_what_is_built_stays_and_money_carries_over() -> None:
    plan = asked(years=YEARS)
    # Planned together: the rooms now, 400 of the rest for the small shop in 2035.
    assert plan.chosen["year"].to_dict() == {"mill": 2030, "rooms": 2030, "shop small": 2035}
    assert plan.by_year["served_persons"].to_list() == [55.0, 75.0]
    assert plan.by_year["spent_yuan"].to_list() == [500.0, 400.0]
    assert plan.by_year["left_yuan"].to_list() == [0.0, 100.0]


def test_money_that_lapses_cannot_be_saved_up() -> None:
    wait = (PlanYear(2030, 450.0, "asks"), PlanYear(2035, 450.0, "later"))
    only_large = MENU.loc[["shop large"]]
    saved = asked(years=wait, measures=only_large)
    assert saved.chosen["year"].to_dict() == {"shop large": 2035}
    lapsed = asked(years=wait, measures=only_large, carries_over=False)
    assert lapsed.chosen.empty
    assert lapsed.by_year["left_yuan"].to_list() == [450.0, 450.0]


def test_foresight_waits_for_what_a_year_by_itself_would_spend() -> None:
    years = (PlanYear(2030, 900.0, "asks"), PlanYear(2035, 0.0, "later"))
    menu = MENU.loc[["shop small", "shop large"]].assign(adds_persons=[40.0, 80.0])
    together = asked(years=years, measures=menu, groups=None)
    assert list(together.chosen.index) == ["shop large"]
    by_year = asked(years=years, measures=menu, groups=None, foresight=False)
    # In 2030 both serve south's 40, the small shop for less.
    assert list(by_year.chosen.index) == ["shop small"]
    assert by_year.served_persons < together.served_persons
    assert by_year.goals["year"].to_list() == [2030] * 4 + [2035] * 4


def test_a_measure_waits_for_its_year_and_for_what_it_needs() -> None:
    menu = MENU.assign(from_year=[np.nan, 2035, np.nan, np.nan, np.nan])
    plan = asked(years=YEARS, measures=menu)
    assert plan.chosen.loc["rooms", "year"] == 2035
    menu = MENU.assign(needs=pd.Series({"rooms": "enlarge"}))
    plan = asked(measures=menu, budget_yuan=500.0)
    assert "rooms" not in plan.chosen.index
    assert "rooms" in asked(measures=menu, budget_yuan=800.0).chosen.index


def test_closing_takes_every_place_and_brings_in_what_it_saves() -> None:
    close = pd.DataFrame(
        [("close", "old", "close", np.nan, -300.0, "west", 50.0)], columns=COLUMNS
    ).set_index("id")
    menu = pd.concat([MENU, close]).assign(saves_yuan=[0, 0, 0, 0, 0, 950.0])
    plan = asked(measures=menu, budget_yuan=0.0)
    # 900 net: 50 served elsewhere instead of 25 here.
    assert "close" in plan.chosen.index
    assert plan.served_persons == 50.0
    assert plan.chosen.loc["close", "adds_persons"] == -25.0
    assert "closed" in set(plan.sites["state"])
    assert "close" not in asked(measures=menu.assign(saves_yuan=0.0)).chosen.index


def test_what_is_unknown_is_told_and_never_free() -> None:
    menu = MENU.assign(
        cost_yuan=[300.0, np.nan, 400.0, 900.0, 0.0], adds_persons=[10, 30, np.nan, 50, 50]
    )
    plan = asked(measures=menu, budget_yuan=1e6)
    assert list(plan.set_aside.index) == ["rooms", "shop small"]
    assert "费用不详" in str(plan.set_aside["reason"].to_dict()["rooms"])
    assert "places" in plan.set_aside["reason"].to_list()[1].text("en")
    unknown = asked(existing=OLD.assign(capacity_persons=np.nan), budget_yuan=0.0)
    assert unknown.unknown_centres == ("old",)
    assert unknown.by_year.loc["all", "capacity_unknown_persons"] == 50.0
    assert unknown.served_persons == 0.0
    with pytest.raises(SitingError, match="容量 capacity_persons 不详"):
        asked(existing=OLD.assign(capacity_persons=np.nan), unknown_capacity="refuse")


def test_goals_can_be_weighed_instead() -> None:
    dear = asked(goal_weights={"served": 1.0, "money": 1.0}, groups=None)
    assert dear.chosen.empty
    worth = asked(goal_weights={"served": 20.0, "money": 1.0}, groups=None, budget_yuan=2_000.0)
    # 30 × 20 > 500 for the rooms; the next best, 20 × 20 for 400, is no gain.
    assert list(worth.chosen.index) == ["rooms"]
    assert list(worth.goals.index) == ["weighted", "walk"]
    assert worth.goals.loc["weighted", "value"] == pytest.approx(500.0 - 20.0 * 55.0)


def least(share: float, **changes: Any) -> Programme:
    settings: dict[str, Any] = {
        "existing": OLD,
        "limit_minutes": 15,
        "unit": "community_elders",
        "weight": "asks",
        "served_share": share,
        **changes,
    }
    return least_cost(TIMES, PEOPLE, MENU, **settings)


def test_the_least_money_for_a_share() -> None:
    half = least(55 / 97)
    assert list(half.chosen.index) == ["rooms"]
    assert (half.cost_yuan, half.is_reached, half.target_persons) == (500.0, True, 55.0)
    assert half.goals.index[0] == "most_persons"
    more = least(56 / 97)
    assert more.cost_yuan == 800.0
    nothing = least(25 / 97)
    assert nothing.chosen.empty


def test_a_share_beyond_reach_is_a_true_answer() -> None:
    plan = least(1.0)
    # far reaches nothing; 85 = 35 at the old centre, 50 at the shop or the rooms and the shop.
    assert (plan.is_reached, plan.most_persons) == (
        False,
        90.0 if plan.served_persons == 90 else 85.0,
    )
    assert plan.served_persons == plan.most_persons
    assert "无法达到" in plan.status_text()
    assert "cannot be reached" in plan.status_text("en")


def test_rules_of_sites_hold() -> None:
    barred = asked(rules=SiteRules(barred=["rooms"]))
    assert "rooms" in barred.set_aside.index
    required = asked(rules=SiteRules(required=["shop"]), budget_yuan=400.0)
    assert list(required.chosen.index) == ["mill", "shop small"]
    with pytest.raises(SitingError, match="必选场地所需的资金"):
        asked(rules=SiteRules(required=["shop"]), budget_yuan=399.0)
    one = asked(rules=SiteRules(at_most_one=[["shop", "rooms"]]))
    assert len({"shop small", "shop large", "rooms"} & set(one.chosen.index)) == 1
    beside = asked(rules=SiteRules(at_most_one=[["old", "rooms"]]))
    assert "rooms" in beside.set_aside.index
    gone = asked(rules=SiteRules(must_close=["old"]), budget_yuan=0.0)
    assert gone.served_persons == 0.0
    assert "enlarge" in gone.set_aside.index
    straight = TIMES.assign(straight_m=[300, 300, 300, 301, 300, 300.0])
    near = programme(
        straight, PEOPLE, MENU, existing=OLD, limit_minutes=15, unit="community_elders",
        budget_yuan=500.0, weight="asks", rules=SiteRules(radius_m=300.0),
    )  # fmt: skip
    assert near.served_persons == 45.0


def test_a_centre_beside_which_one_may_open_has_to_close_first() -> None:
    close = pd.DataFrame(
        [("close", "old", "close", np.nan, -300.0, "west", 0.0)], columns=COLUMNS
    ).set_index("id")
    plan = asked(
        measures=pd.concat([MENU, close]),
        existing=OLD.assign(capacity_persons=5.0),
        rules=SiteRules(at_most_one=[["old", "rooms"]]),
        budget_yuan=500.0,
    )
    assert {"close", "rooms"} <= set(plan.chosen.index)
    assert plan.served_persons == 30.0


def test_the_capacity_table_of_coverage_fits_and_its_unit_is_looked_at() -> None:
    table = OLD.assign(capacity_note="given")
    plan = asked(existing=CentreCapacity("community_elders", table))
    assert plan.served_persons == 75.0
    with pytest.raises(SitingError, match="容量口径不一致"):
        asked(existing=CentreCapacity("day_places", table))
    with pytest.raises(SitingError, match="日托位不能与全部老年人比较"):
        asked(unit="day_places", weight={"elderly_60": 1.0})


def test_several_columns_may_ask_with_their_rates() -> None:
    plan = asked(weight={"asks": 0.5, "later": 0.25}, budget_yuan=0.0, groups=None)
    assert plan.by_year.loc["all", "asked_persons"] == 48.5 + 0.25 * 137
    assert recount_programme(plan).by_year.loc["all", "served_persons"] == plan.served_persons
