"""What rules come to, and how each wrong one is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import SitingError
from planner.siting.asking.inputs import ask
from planner.siting.asking.rules import CodedRules, SiteRules
from planner.siting.covering.questions import most_people

TIMES = pd.DataFrame(
    {
        "origin": ["a", "a", "b", "c"],
        "destination": ["A", "B", "C", "old"],
        "walk_minutes": [3.0, 9.0, 15.0, 7.0],
        "straight_m": [300.0, 300.1, np.nan, 100.0],
    }
)
RESIDENTS = pd.DataFrame({"elderly_60": [10.0, 20.0, 30.0]}, index=["a", "b", "c"])


def _ask(times: pd.DataFrame = TIMES, new_centres: int = 2, **rules: Any) -> Any:
    return ask(
        times,
        RESIDENTS,
        ["C", "B", "A"],
        ["old", "older"],
        limit_minutes=15.0,
        weight="elderly_60",
        new_centres=new_centres,
        rules=SiteRules(**rules),
    )


def _coded(**rules: Any) -> CodedRules:
    coded: CodedRules = _ask(**rules).rules
    return coded


def _keys(**rules: Any) -> list[str]:
    with pytest.raises(SitingError) as refused:
        _ask(**rules)
    for problem in refused.value.problems:
        assert problem.text("zh")
        assert problem.text("en")
    return [problem.key for problem in refused.value.problems]


def _apart(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["first", "second"])


def test_without_rules_every_candidate_is_a_site_and_every_centre_stays() -> None:
    coded = _coded()
    assert list(coded.sites) == ["A", "B", "C"]
    assert list(coded.kept) == ["old", "older"]
    assert coded.is_free
    assert not coded.today.any()
    assert (coded.barred, coded.must_close, coded.pushed_out) == ((), (), 0)
    assert coded.most_open(2) == 2


def test_each_rule_in_positions() -> None:
    coded = _coded(required=["B"], barred=["C"], may_close=["old"], must_close=["older"])
    assert list(coded.sites) == ["A", "B", "old"]
    assert coded.required.tolist() == [False, True, False]
    assert coded.today.tolist() == [False, False, True]
    assert list(coded.kept) == []
    assert (coded.barred, coded.must_close) == (("C",), ("older",))
    # One that closes makes room for one more; one that has to close does not.
    assert coded.most_open(2) == 3
    assert not coded.is_free


def test_tables_stand_for_their_index() -> None:
    table = pd.DataFrame({"name": ["x"]}, index=["B"])
    assert _coded(required=table).required.tolist() == [False, True, False]
    assert _coded(barred=table.index).barred == ("B",)


def test_groups_and_pairs_too_near_are_the_same_rule() -> None:
    for rules in ({"at_most_one": [["C", "A"]]}, {"apart": _apart(("A", "C"))}):
        coded = _coded(**rules)
        assert [group.tolist() for group in coded.groups] == [[0, 2]]
        assert not coded.is_free


def test_a_group_told_twice_counts_once_and_one_without_a_choice_not_at_all() -> None:
    coded = _coded(at_most_one=[["A", "B"], ["B", "A", "A"], ["C"], []], apart=_apart(("C", "C")))
    assert [group.tolist() for group in coded.groups] == [[0, 1]]


def test_a_centre_that_stays_bars_those_beside_it() -> None:
    for rules in ({"at_most_one": [["A", "old"]]}, {"apart": _apart(("old", "A"))}):
        coded = _coded(**rules)
        assert list(coded.sites) == ["B", "C"]
        assert (coded.barred, coded.groups) == (("A",), ())


def test_a_centre_that_has_to_close_bars_nobody() -> None:
    coded = _coded(at_most_one=[["A", "old"]], must_close=["old"])
    assert list(coded.sites) == ["A", "B", "C"]
    assert coded.groups == ()


def test_a_required_site_pushes_out_a_centre_that_may_close_and_makes_room() -> None:
    coded = _coded(required=["A"], may_close=["old"], at_most_one=[["A", "old", "B"]])
    assert list(coded.sites) == ["A", "C"]
    assert (coded.barred, coded.must_close, coded.pushed_out) == (("B",), ("old",), 1)
    assert coded.most_open(0) == 1


def test_two_centres_of_today_too_near_each_other_may_both_stay() -> None:
    near = _apart(("old", "older"))
    assert _coded(apart=near, may_close=["old"]).groups == ()
    assert list(_coded(apart=near).kept) == ["old", "older"]
    # Of a group at most one is open, whatever stands today.
    assert _coded(at_most_one=[["old", "older"]], may_close=["old"]).must_close == ("old",)
    both = _coded(at_most_one=[["old", "older"]], may_close=["old", "older"])
    assert [group.tolist() for group in both.groups] == [[3, 4]]


def test_pairs_that_the_question_does_not_know_are_not_looked_at() -> None:
    assert _coded(apart=_apart(("A", "zz"), ("yy", "zz"))).groups == ()


def test_the_radius_bounds_the_pairs_that_count() -> None:
    minutes = _ask(radius_m=300).minutes
    np.testing.assert_array_equal(minutes, [3.0, np.nan, np.nan, 7.0])


@pytest.mark.parametrize("rule", ["required", "barred", "may_close", "must_close"])
def test_strangers_and_repeated_ids(rule: str) -> None:
    own, other = (["A", "old"], ["old", "A"])[rule.endswith("close")]
    assert _keys(**{rule: ["zz"]}) == ["siting.rule_stranger"]
    assert _keys(**{rule: [other]}) == ["siting.rule_stranger"]
    assert _keys(**{rule: [own, own]}) == ["tables.id_repeated"]
    assert _keys(**{rule: [float("nan")]}) == ["tables.id_missing", "siting.rule_stranger"]


def test_contradictions() -> None:
    assert _keys(required=["A"], barred=["A"]) == ["siting.rule_both"]
    assert _keys(may_close=["old"], must_close=["old"]) == ["siting.rule_both"]
    assert _keys(required=["A", "B"], at_most_one=[["A", "B"]]) == ["siting.rule_clash"]
    assert _keys(required=["A", "B"], apart=_apart(("A", "B"))) == ["siting.rule_clash"]
    assert _keys(required=["A"], at_most_one=[["A", "old"]]) == ["siting.rule_clash"]
    with pytest.raises(SitingError, match=r"A、B.*at most|A.*B") as refused:
        _ask(required=["A", "B"], at_most_one=[["A", "B", "C"]])
    assert "C" not in refused.value.problems[0].fields["ids"]


def test_groups_with_strangers_and_pairs_without_columns() -> None:
    assert _keys(at_most_one=[["A", "B"], ["A", "zz"]]) == ["siting.group_stranger"]
    assert _keys(apart=pd.DataFrame({"first": ["A"]})) == ["tables.column_missing"]


@pytest.mark.parametrize("radius", [0, -1.0, float("nan"), float("inf"), "300", True])
def test_radius_out_of_bounds(radius: Any) -> None:
    assert _keys(radius_m=radius) == ["siting.not_positive"]


def test_radius_without_distances() -> None:
    with pytest.raises(SitingError) as refused:
        _ask(times=TIMES.drop(columns="straight_m"), radius_m=300.0)
    assert [problem.key for problem in refused.value.problems] == ["tables.column_missing"]


def test_more_required_than_may_be_open() -> None:
    with pytest.raises(SitingError, match="2 处") as refused:
        _ask(required=["A", "B"], new_centres=1)
    assert [problem.key for problem in refused.value.problems] == ["siting.required_too_many"]
    assert _ask(required=["A", "B"], new_centres=1, may_close=["old"]).rules.most_open(1) == 2


def test_a_single_text_is_no_list_of_ids() -> None:
    with pytest.raises(TypeError, match="'A'"):
        _ask(required="A")
    with pytest.raises(TypeError, match="'AB'"):
        _ask(at_most_one=["AB"])


def test_everything_wrong_is_told_at_once_and_settings_with_it() -> None:
    with pytest.raises(SitingError) as refused:
        most_people(
            TIMES.drop(columns="straight_m"),
            RESIDENTS,
            ["A"],
            limit_minutes=-1,
            new_centres=1,
            weight={"elderly_60": -1.0},
            rules=SiteRules(required=["zz"], barred=["zz"], radius_m=-1.0),
        )
    assert [problem.key for problem in refused.value.problems] == [
        "siting.not_positive",
        "siting.factor_wrong",
        "siting.rule_stranger",
        "siting.rule_stranger",
        "siting.rule_both",
        "siting.not_positive",
        "tables.column_missing",
    ]
