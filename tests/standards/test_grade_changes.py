"""Grades and defects of two audits, case by case and against plain sets."""

from __future__ import annotations

import dataclasses

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.standards.judging.findings import defect_id
from planner.standards.judging.grades import GRADES
from planner.standards.provision.grade_changes import GradedAudit, grade_changes

ORDER = GRADES[:-1]
CLAUSES = ("甲书/面积", "甲书/电梯", "乙书/门宽")


def audit(
    grades: dict[str, str],
    short: tuple[tuple[str, str], ...] = (),
    unknown: tuple[tuple[str, str], ...] = (),
    gone: tuple[str, ...] = (),
) -> GradedAudit:
    rows = [(*one, "short") for one in short] + [(*one, "unknown") for one in unknown]
    return GradedAudit(
        pd.DataFrame(
            {"name": [f"{one}中心" for one in grades], "grade": list(grades.values())},
            index=pd.Index(list(grades), dtype=object),
            dtype=object,
        ),
        pd.DataFrame(rows, columns=["centre", "clause", "result"], dtype=object),
        frozenset(gone),
    )


def test_what_becomes_of_a_grade() -> None:
    before = audit(
        {"C1": "达标", "C2": "差距较大", "C3": "基本达标", "C4": "资料不足", "C5": "达标",
         "C6": "资料不足"}
    )  # fmt: skip
    after = audit(
        {"C1": "基本达标", "C2": "达标", "C3": "资料不足", "C4": "严重不足", "C6": "资料不足",
         "C7": "达标"}
    )  # fmt: skip
    found = grade_changes(before, after, order=ORDER)
    assert found.centres["change"].to_dict() == {
        "C1": "worse",
        "C2": "better",
        "C3": "no_longer_known",
        "C4": "now_known",
        "C5": "gone",
        "C6": "same",
        "C7": "new",
    }
    assert found.centres.loc["C5", "name"] == "C5中心"
    assert found.totals.sum() == 7


def test_what_becomes_of_a_defect() -> None:
    area, lift, door = CLAUSES
    before = audit(
        dict.fromkeys(("C1", "C2", "C3"), "差距较大"),
        short=(("C1", area), ("C1", lift), ("C2", area), ("C3", door)),
        gone=(f"C1/{door}",),
    )
    after = audit(
        dict.fromkeys(("C1", "C2"), "差距较大"),
        short=(("C1", area), ("C1", door), ("C2", lift)),
        unknown=(("C2", area),),
    )
    found = grade_changes(before, after, order=ORDER)
    assert found.defects["change"].to_dict() == {
        f"C1/{area}": "stays",
        f"C1/{lift}": "closed",
        f"C1/{door}": "come_back",
        f"C2/{area}": "no_longer_known",
        f"C2/{lift}": "new",
        f"C3/{door}": "gone",
    }
    assert found.defects.loc[f"C3/{door}", "centre"] == "C3"
    assert defect_id("C1", "甲书", "面积") == f"C1/{area}"


def test_a_ledger_numbered_anew() -> None:
    before = audit({"C1": "达标"}, short=(("C1", CLAUSES[0]),), gone=(f"C1/{CLAUSES[1]}",))
    after = audit({"N9": "达标"}, short=(("N9", CLAUSES[0]), ("N9", CLAUSES[1])))
    found = grade_changes(before.renamed({"C1": "N9"}), after, order=ORDER)
    assert found.centres["change"].to_dict() == {"N9": "same"}
    assert found.defects["change"].to_list() == ["come_back", "stays"]


def test_a_clause_that_is_asked_no_more_closes_nothing() -> None:
    """A book taken out, or put in: the centre is the same."""
    area, lift, door = CLAUSES
    one = audit({"C1": "差距较大"}, short=(("C1", area), ("C1", door)))
    two = audit({"C1": "基本达标"}, short=(("C1", area),))
    one = dataclasses.replace(one, clauses=frozenset(CLAUSES))
    two = dataclasses.replace(two, clauses=frozenset({area, lift}))
    there = grade_changes(one, two, order=ORDER).defects["change"]
    assert there.to_dict() == {f"C1/{area}": "stays", f"C1/{door}": "not_asked"}
    back = grade_changes(two, one, order=ORDER).defects["change"]
    assert back.to_dict() == {f"C1/{area}": "stays", f"C1/{door}": "newly_asked"}
    # Still asked, and not found: closed. Of an older run nobody knows what it asked.
    for known in (frozenset(CLAUSES), None):
        found = grade_changes(one, dataclasses.replace(two, clauses=known), order=ORDER)
        assert found.defects["change"][f"C1/{door}"] == "closed"


def test_an_id_of_a_centre_may_hold_a_stroke() -> None:
    before = audit({"C/1": "达标"}, gone=(f"C/1/{CLAUSES[1]}",))
    after = audit({"N9": "达标"}, short=(("N9", CLAUSES[1]),))
    found = grade_changes(before.renamed({"C/1": "N9", "C": "X"}), after, order=ORDER)
    assert found.defects["change"].to_list() == ["come_back"]


ids = st.sampled_from(["C1", "C2", "C3", "C4"])


@st.composite
def audits(draw: st.DrawFn) -> GradedAudit:
    grades = draw(st.dictionaries(ids, st.sampled_from(GRADES)))
    found = draw(
        st.dictionaries(
            st.tuples(ids, st.sampled_from(CLAUSES)), st.sampled_from(["short", "unknown"])
        )
    )
    found = {key: result for key, result in found.items() if key[0] in grades}
    short = tuple(key for key, result in found.items() if result == "short")
    unknown = tuple(key for key, result in found.items() if result == "unknown")
    listed = draw(st.sets(st.tuples(ids, st.sampled_from(CLAUSES))))
    return audit(grades, short, unknown, tuple(f"{a}/{b}" for a, b in listed - set(short)))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(audits(), audits())
def test_as_sets_have_it(before: GradedAudit, after: GradedAudit) -> None:
    found = grade_changes(before, after, order=ORDER)
    was, now = set(before.defects.index), set(after.defects.index)
    for defect, row in found.defects.iterrows():
        centre = str(defect).split("/")[0]
        if defect in now:
            expected = "stays" if defect in was else "come_back" if defect in before.gone else "new"
        elif centre not in after.centres.index:
            expected = "gone"
        else:
            expected = "no_longer_known" if defect in set(after.untold) else "closed"
        assert row["change"] == expected
    assert set(found.defects.index) == was | now
    assert set(found.centres.index) == set(before.centres.index) | set(after.centres.index)
    same = grade_changes(after, after, order=ORDER)
    assert (same.centres["change"] == "same").all()
    assert (same.defects["change"] == "stays").all()
    shuffled = GradedAudit(after.centres.iloc[::-1], after.findings.iloc[::-1], after.gone)
    again = grade_changes(before, shuffled, order=ORDER)
    assert_frame_equal(again.centres, found.centres)
    assert_frame_equal(again.defects, found.defects)
    # Backwards, better is worse.
    back = grade_changes(after, before, order=ORDER).centres["change"]
    turned = {"better": "worse", "worse": "better", "new": "gone", "gone": "new",
              "no_longer_known": "now_known", "now_known": "no_longer_known"}  # fmt: skip
    assert back.map(lambda one: turned.get(one, one)).equals(found.centres["change"])
