"""Rules of ``[siting]`` on a town solved by hand, and each refusal in words of ``project.toml``."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from planner.errors import PlannerError, ScenarioError, SitingError
from planner.siting.asking.recount import check_claim
from planner.workflow.siting.elders import (
    elders_covered,
    elders_gained,
    in_elders,
    merged_alike,
)
from planner.workflow.siting.rules import sites_asked
from planner.workflow.siting.settings import refuse_siting
from planner.workflow.siting.times import covered_on_streets, open_with
from tests.workflow.siting_town import (
    BARRED,
    PLACES,
    Ground,
    asked,
    covered,
    ground,
    with_settings,
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("siting") / "town")


def best(new_centres: int, allowed: Any = lambda _: True) -> float:
    """Return the most that so many new centres cover beside C1, by trying all of them."""
    return max(
        covered(["C1", *sites])
        for number in range(new_centres + 1)
        for sites in itertools.combinations(PLACES, number)
        if allowed(sites)
    )


@pytest.mark.parametrize("new_centres", [0, 1, 2, 3, 5])
def test_without_rules_the_plan_is_the_best_of_all(town: Ground, new_centres: int) -> None:
    found = asked(town, new_centres=new_centres)
    assert found.most.covered == pytest.approx(best(new_centres))
    assert elders_covered(found.most) == pytest.approx((70.0, best(new_centres)))
    assert found.asked_times is found.times
    assert set(found.most.unreachable) == {"R7", "R8"}
    # The fewest that cover all six homes on the street, beside C1.
    assert len(found.fewest.chosen) == 2


@pytest.mark.parametrize(
    ("settings", "chosen", "after"),
    [
        ({"new_centres": 1}, {"B"}, 165.0),
        ({"new_centres": 1, "required": ["D"]}, {"D"}, 80.0),
        ({"new_centres": 1, "barred": ["B"]}, {"C"}, 140.0),
        ({"new_centres": 2, "at_most_one": {"owner": ["B", "D"]}}, None, 165.0),
        ({"new_centres": 2, "at_most_one": {"owner": ["C1", "B", "C"]}}, {"A", "D"}, 105.0),
        # B–D are 1,500 m apart, C1–B 1,300 m.
        ({"new_centres": 2, "least_distance_m": 1299.0}, {"B", "D"}, 175.0),
        ({"new_centres": 2, "least_distance_m": 1301.0}, {"C"}, 140.0),
        ({"new_centres": 1, "least_distance_m": 0}, {"B"}, 165.0),
    ],
)
def test_each_rule_by_hand(
    town: Ground, settings: dict[str, Any], chosen: set[str] | None, after: float
) -> None:
    found = asked(town, **settings)
    assert chosen is None or set(found.most.chosen) == chosen
    assert found.most.covered == pytest.approx(after)
    assert found.most.covered == pytest.approx(covered(["C1", *found.most.chosen]))
    # The plan of the fewest keeps to the same rules.
    for group in settings.get("at_most_one", {}).values():
        assert len({*found.fewest.chosen, *found.fewest.existing} & set(group)) <= 1
    assert not set(settings.get("barred", ())) & set(found.fewest.chosen)
    assert set(settings.get("required", ())) <= set(found.fewest.chosen)


def test_centres_that_may_and_must_close(town: Ground) -> None:
    # Nothing new, C1 may close: moved to B it covers 125 + R2's 30 that C1 covered too.
    may = asked(town, new_centres=0, may_close=["C1"])
    assert (may.most.closed, may.most.chosen) == (("C1",), ("B",))
    assert may.most.covered == pytest.approx(covered(["B"]))
    must = asked(town, new_centres=1, must_close=["C1"])
    assert must.most.closed == ("C1",)
    assert must.most.covered == pytest.approx(max(covered([one]) for one in PLACES))
    assert must.most.covered_before == 70
    # Coverage on the streets is that of the plan: the closed centre serves nobody.
    state = must.after.residents["state"]
    assert set(state.index[state == "covered"]) == {"R2", "R3", "R4", "R5"}
    assert must.after.residents.loc["R2", "nearest"] == "B"


def test_a_radius_beside_the_walk(town: Ground) -> None:
    # 590 m: C1 keeps R1 (200 m), B has R3 and R4, not R2 (600 m) nor R5 (700 m).
    found = asked(town, new_centres=1, radius_m=590)
    assert elders_covered(found.most) == pytest.approx((40.0, 115.0))
    assert "straight_m" in found.asked_times
    # What the streets say without the radius is more, and no claim of the plan.
    assert found.after.states["elderly_60"]["covered"] == 165
    # On the line: doors, C1 and candidates stand 10 m north of the street.
    on = asked(town, new_centres=0, radius_m=700.01)
    assert elders_covered(on.most)[0] == 70
    assert elders_covered(asked(town, new_centres=0, radius_m=699.99).most)[0] == 40


def test_several_walkers_must_all_arrive(town: Ground) -> None:
    # A wheelchair goes 0.64 m/s: 576 m in 15 minutes, 556 m along the street.
    found = asked(town, new_centres=1, walkers=["wheelchair"])
    assert elders_covered(found.most) == pytest.approx((40.0, 40.0 + 75.0))
    assert list(found.walkers) == ["elder", "wheelchair"]
    pairs = found.asked_times.set_index(["origin", "destination"])["walk_minutes"]
    assert pairs["R3", "B"] == pytest.approx(420 / 0.64 / 60, rel=1e-3)
    plain = asked(town, new_centres=1, walkers=["elder"])
    assert plain.most.covered == 165
    both = asked(town, new_centres=1, walkers=["wheelchair"], radius_m=390)
    # R3 is 400 m from B: R4 alone; C has R5 (100 m); A R2 and R3 (100 m, 300 m).
    assert (set(both.most.chosen), elders_covered(both.most)[1]) == ({"A"}, 95.0)


def test_weights_are_never_called_elders(town: Ground) -> None:
    weights = {"elderly_60": 1, "elderly_80": 10}
    found = asked(town, new_centres=1, weights=weights)
    assert found.most.covered_before == pytest.approx(70 + 10 * 10)
    assert found.most.covered == pytest.approx(165 + 10 * 22)
    assert elders_covered(found.most) == (70.0, 165.0)
    assert elders_gained(found.most).to_dict() == {"B": 95.0}
    assert found.asked.is_weighted
    for same in ({}, {"elderly_60": 1}, {"elderly_60": 1, "elderly_80": 0}):
        assert not asked(town, weights=same).asked.is_weighted
    oldest = asked(town, new_centres=1, weights={"elderly_80": 1})
    assert oldest.most.covered == pytest.approx(covered(["C1", *oldest.most.chosen], column=4))


def test_a_claim_that_is_not_walked_is_refused(town: Ground) -> None:
    found = asked(town, new_centres=1, walkers=["wheelchair"], weights={"elderly_80": 2})
    opened = open_with(found.most, town.open_sites, town.candidates)
    walked = covered_on_streets(found.asked, found.most, found.walkers, opened)
    assert walked == pytest.approx(found.most.covered) == 2 * (6 + 3 + 7)
    with pytest.raises(SitingError, match="核对不符"):
        check_claim(found.most.covered + 1, walked)


def test_homes_of_the_same_sites_are_one(town: Ground) -> None:
    for settings in ({}, {"radius_m": 590}, {"weights": {"elderly_60": 1, "elderly_80": 3}}):
        plan = asked(town, new_centres=2, **settings).most
        small = merged_alike(plan)
        assert len(small.asked.residents) <= len(plan.asked.residents)
        assert elders_covered(small) == pytest.approx(elders_covered(plan))
        assert elders_gained(small).tolist() == pytest.approx(elders_gained(plan).tolist())
        assert in_elders(small).asked.weight == "elderly_60"
    nobody = dataclasses.replace(plan, asked=dataclasses.replace(plan.asked, limit_minutes=1e-6))
    assert len(merged_alike(nobody).asked.times) == 0


# Refusals ---------------------------------------------------------------------------------------
BY_THEMSELVES = [
    ({"required": ["B", "B"]}, "twice", "B"),
    ({"required": ["B"], "barred": ["B"]}, "both", "barred"),
    ({"may_close": ["C1"], "must_close": ["C1"]}, "both", "must_close"),
    ({"at_most_one": {"g": ["B"]}}, "group_wrong", "g"),
    ({"at_most_one": {"g": ["B", 3]}}, "group_wrong", "g"),
    ({"at_most_one": {"g": ["B", "B"]}}, "twice", "at_most_one.g"),
    (
        {"new_centres": 2, "required": ["B", "C"], "at_most_one": {"g": ["B", "C"]}},
        "group_clash", "required",
    ),
    ({"new_centres": 1, "required": ["B", "C"]}, "too_many", "new_centres"),
    ({"weights": {"elderly_70": 1}}, "weight_unknown", "elderly_60"),
    ({"weights": {"elderly_60": -1}}, "weight_wrong", "-1"),
    ({"weights": {"elderly_60": float("nan")}}, "weight_wrong", "nan"),
    ({"weights": {"elderly_60": 0}}, "weights_zero", "60"),
    ({"walkers": ["cyclist"]}, "walker", "cyclist"),
]  # fmt: skip

BY_LEDGERS = [
    ({"required": ["Z9"]}, "stranger_candidates", "candidates.xlsx"),
    ({"barred": ["C1"]}, "stranger_candidates", "C1"),
    ({"may_close": ["C2"]}, "stranger_centres", "centres.csv"),
    ({"must_close": ["Z9"]}, "stranger_centres", "C1"),
    ({"at_most_one": {"g": ["B", "Z9"]}}, "group_stranger", "Z9"),
    ({"required": [BARRED]}, "required_barred", "楼层 -1"),
    ({"required": ["B"], "at_most_one": {"g": ["B", "C1"]}}, "group_clash", "C1"),
    ({"required": ["B"], "least_distance_m": 1400}, "near_clash", "1300 米"),
    ({"weights": {"disabled": 1}}, "weight_of_nobody", "disabled"),
]


@pytest.mark.parametrize(("settings", "key", "told"), BY_THEMSELVES)
def test_settings_are_refused_by_themselves(
    town: Ground, settings: dict[str, Any], key: str, told: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        refuse_siting(with_settings(town.project, **settings))
    _is_told(caught.value, key, told)


@pytest.mark.parametrize(("settings", "key", "told"), BY_LEDGERS)
def test_settings_are_refused_by_the_ledgers(
    town: Ground, settings: dict[str, Any], key: str, told: str
) -> None:
    project = with_settings(town.project, **settings)
    refuse_siting(project)
    with pytest.raises(ScenarioError) as caught:
        sites_asked(
            project.scenario, town.candidates, town.open_sites, town.walks.residents, town.book
        )
    _is_told(caught.value, key, told)


def _is_told(error: PlannerError, key: str, told: str) -> None:
    found = [one for one in error.problems if one.key == f"siting_run.{key}"]
    assert found
    for language in ("zh", "en"):
        words = found[0].text(language)
        assert "project.toml" in words
        assert "[siting]" in words
    assert told in found[0].text("zh") + error.text("zh")


def test_people_of_whom_there_are_none_are_refused(town: Ground) -> None:
    residents = town.walks.residents.assign(disabled=0.0)
    project = with_settings(town.project, weights={"disabled": 2})
    with pytest.raises(ScenarioError) as caught:
        sites_asked(project.scenario, town.candidates, town.open_sites, residents, town.book)
    _is_told(caught.value, "weights_of_none", "disabled")


def test_rules_of_candidates_that_nobody_names_are_refused(town: Ground) -> None:
    project = with_settings(town.project, required=["B"], at_most_one={"g": ["B", "C"]})
    scenario = dataclasses.replace(project.scenario, candidates=None)
    with pytest.raises(ScenarioError) as caught:
        refuse_siting(dataclasses.replace(project, scenario=scenario))
    keys = [one.key for one in caught.value.problems]
    assert keys == ["siting_run.no_candidates"] * 2


def test_rules_that_name_barred_candidates_ask_for_nothing(town: Ground) -> None:
    found = asked(town, barred=[BARRED], at_most_one={"g": ["B", BARRED]}, new_centres=1)
    assert found.most.chosen == ("B",)
    assert found.asked.rules.at_most_one == ()
    assert found.asked.rules.barred == ()
