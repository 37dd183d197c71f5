"""What must hold of any ledger: a plain loop agrees, more is never worse, order never matters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.judging.facts import SHARE_COLUMNS, centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import centre_grades
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book, rule_books
from planner.units import M2_PER_MU
from tests.benchmarks.many_centres import many_centres
from tests.standards.hand_town import CENTRES, COMMUNITIES, WALKS
from tests.standards.one_centre import BOOK, finding, judged_rows
from tests.standards.plain_judge import plain_judge

BOOKS = [rule_book(name) for name in rule_books()]
FOUR = [BOOK, *(rule_book(name) for name in ("jgj-450-2018", "gb-50437-2007", "gb-50180-2018"))]
WORSE = {"meets": 0, "remark": 1, "short": 1}


def _judge(centres: pd.DataFrame, communities: pd.DataFrame, walked: pd.Series) -> Judgement:
    return judge(centre_facts(centres, audit_floor_area(centres, communities, walked)), FOUR)


def _by_id(judgement: Judgement) -> pd.DataFrame:
    """Return the findings as plain columns, in the order of their ids."""
    names = ["centre", "book", "clause", "matter", "result", "reason"]
    plain = judgement.findings.astype(dict.fromkeys(names, str))
    return plain.sort_values(["centre", "book", "clause"], ignore_index=True)


@pytest.mark.parametrize(("seed", "empty"), [(1, 0.0), (2, 0.3), (3, 0.9)])
def test_a_plain_loop_finds_the_same_by_all_shipped_books(seed: int, empty: float) -> None:
    centres, communities, walked = many_centres(150, seed=seed, empty=empty)
    facts = centre_facts(centres, audit_floor_area(centres, communities, walked))
    judgement = judge(facts, BOOKS)
    names = ["centre", "book", "clause", "result"]
    ours = list(judgement.findings[names].astype(str).itertuples(index=False, name=None))
    assert ours == plain_judge(facts, BOOKS)
    by_result = judgement.findings.groupby("result", observed=True)["short_by"]
    assert (by_result.get_group("short") > 0).all()
    assert (by_result.get_group("meets") == 0).all() if empty < 0.5 else True
    assert by_result.get_group("unknown").isna().all()


def test_the_hand_town_too() -> None:
    facts = centre_facts(CENTRES, audit_floor_area(CENTRES, COMMUNITIES, WALKS))
    judgement = judge(facts, FOUR)
    assert finding_of(judgement, "a") == ("short", 125.0)
    assert finding_of(judgement, "g") == ("meets", 0.0)
    assert finding_of(judgement, "e") == finding_of(judgement, "f") == ("short", 285.0)
    assert finding_of(judgement, "d")[0] == "unknown"
    assert finding_of(judgement, "h")[0] == "not_applicable"


def finding_of(judgement: Judgement, centre: str) -> tuple[str, float]:
    table = judgement.findings
    row = table[(table["centre"] == centre) & (table["clause"] == "class-area")].iloc[0]
    return str(row["result"]), float(row["short_by"])


def test_the_order_of_rows_never_matters() -> None:
    centres, communities, walked = many_centres(120)
    there = _judge(centres, communities, walked)
    shuffled = centres.sample(frac=1.0, random_state=5)
    back = _judge(shuffled, communities.iloc[::-1], walked.iloc[::-1])
    pd.testing.assert_frame_equal(_by_id(there), _by_id(back))
    grades = centre_grades(there)
    pd.testing.assert_frame_equal(grades, centre_grades(back).loc[grades.index])


def test_a_ledger_in_two_parts_says_the_same() -> None:
    # Each community has its own centre here, so that no group is shared between the parts.
    centres, communities, walked = many_centres(120)
    whole = _by_id(_judge(centres, communities, walked))
    parts = [
        _by_id(_judge(centres.iloc[part], communities.iloc[part], walked.iloc[part]))
        for part in (slice(0, 47), slice(47, None))
    ]
    both = pd.concat(parts).sort_values(["centre", "book", "clause"], ignore_index=True)
    pd.testing.assert_frame_equal(whole, both)


def test_the_order_of_books_changes_no_result() -> None:
    centres, communities, walked = many_centres(100)
    facts = centre_facts(centres, audit_floor_area(centres, communities, walked))
    one, other = judge(facts, FOUR), judge(facts, FOUR[::-1])
    names = ["centre", "book", "clause", "result", "short_by"]
    pd.testing.assert_frame_equal(_by_id(one)[names], _by_id(other)[names])
    counts = ["breaches_must", "breaches_should", "unknown", "grade"]
    pd.testing.assert_frame_equal(centre_grades(one)[counts], centre_grades(other)[counts])


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    area=st.floats(1.0, 3_000.0),
    more=st.floats(0.0, 1_000.0),
    people=st.integers(100, 80_000),
    share=st.floats(0.05, 0.4),
)
def test_more_area_never_worsens_a_finding(
    area: float, more: float, people: int, share: float
) -> None:
    cells = {"population": people, "elders": float(round(people * share)), "beds": 30.0}
    for book in (BOOK, rule_book("gb-50180-2018")):
        found = judged_rows(book, [cells | {"area_m2": area}, cells | {"area_m2": area + more}])
        table = found.findings.assign(centre=found.findings["centre"].astype(str))
        result = table.pivot_table(
            index="clause", columns="centre", values="result", aggfunc="first", observed=True
        ).astype(object)
        known = result[result.isin(list(WORSE)).all(axis="columns")]
        assert (known["c1"].map(WORSE) <= known["c0"].map(WORSE)).all(), result
        short = table.pivot_table(index="clause", columns="centre", values="short_by")
        assert (short["c1"] <= short["c0"] + 1e-9).all()


def test_more_rest_area_never_worsens_its_own_clause() -> None:
    areas = [10.0, 60.0, 119.0, 120.0, 500.0]
    rows = [{"rest_area_m2": area, "capacity_persons": 30.0} for area in areas]
    table = judged_rows(rule_book("jgj-450-2018"), rows).findings
    found = table[table["clause"] == "rest-area"]
    assert found["short_by"].is_monotonic_decreasing
    assert found["result"].to_list() == ["short"] * 3 + ["meets"] * 2


def test_square_metres_and_mu_agree() -> None:
    rows = [{"area_m2": 960.0}, {"area_m2": 960.0 / M2_PER_MU * M2_PER_MU}]
    table = judged_rows(BOOK, rows).findings
    area = table[table["clause"] == "class-area"]
    assert area["short_by"].to_list() == pytest.approx([125.0, 125.0])


def test_facts_are_derived_as_told_and_nobodys_table_is_changed() -> None:
    centres, communities, walked = many_centres(60, empty=0.1)
    before = centres.copy(deep=True)
    audit = audit_floor_area(centres, communities, walked)
    near = pd.DataFrame({"service_radius": np.arange(60.0), "ground_slope": 9.0}, centres.index)
    facts = centre_facts(centres, audit, near=near)
    pd.testing.assert_frame_equal(centres, before)
    for id_, row in centres.iterrows():
        fact = facts.loc[str(id_)]
        places, seats = row["capacity_persons"], row["dining_seats"]
        assert fact["rest_area_per_day_user"] == pytest.approx(
            row["rest_area_m2"] / places, nan_ok=True
        )
        assert fact["dining_seats_share"] == pytest.approx(100 * seats / places, nan_ok=True)
        total = sum(row[column] for column in SHARE_COLUMNS.values())
        for group, column in SHARE_COLUMNS.items():
            assert fact[f"use_share_{group}"] == pytest.approx(
                100 * row[column] / total, nan_ok=True
            )
        assert fact["service_radius_reason"] == ""
        assert fact["noise_distance_reason"] == "no_layer"
        assert fact["clear_door_width"] == pytest.approx(row["door_width_m"], nan_ok=True)
        given = row["ground_slope_percent"]
        assert fact["ground_slope"] == (9.0 if np.isnan(given) else given)
    none = centre_facts(centres.assign(capacity_persons=0.0), audit)
    assert none["rest_area_per_day_user"].isna().all()


def test_a_distance_that_no_layer_tells_is_unknown_and_says_so() -> None:
    book = rule_book("gb-50180-2018")
    rows: list[dict[str, Any]] = [
        {},
        {"near": {"service_radius_reason": "not_placed"}},
        {"near": {"service_radius": 5.0}},
    ]
    table = judged_rows(book, rows).findings
    found = table[table["clause"] == "day-care-radius"]
    assert found["reason"].to_list() == ["no_layer", "not_placed", ""]
    assert found["fill_in"].to_list() == ["", "geometry", ""]
    assert finding(judged_rows(book, rows[2:]), "day-care-radius")["result"] == "meets"
