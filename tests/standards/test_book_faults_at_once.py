"""All faults of a book are told at once: those of form hide no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import RuleBookError
from planner.standards.rulebooks.books import book_from_text, rule_book_list
from tests.standards.test_books_based_on import CLAUSE, faults, write

HEAD = '[book]\nname = "{name}"\nzh = "甲"\nen = "A"\nplace = "乙"\napplies_to = {kinds}\n'


def told(text: str, file: str = "here.toml") -> str:
    with pytest.raises(RuleBookError) as caught:
        book_from_text(text, file)
    lines = [problem.text("en") for problem in caught.value.problems]
    assert len(set(lines)) == len(lines)
    return "\n".join(lines)


def test_a_missing_key_hides_no_other_fault() -> None:
    one = CLAUSE.format(id="one", value=20).replace('source = "本地文件"\n', "")
    for old, new in {
        '"m2_per_hundred_households"': '"acre"',
        'per = "hundred_households"': 'per = "moon"',
        'force = "应"': 'force = "必"',
        '"at_least"': '"atleast"',
        '["claim_delivery"]': '["wish"]',
    }.items():
        assert old in one
        one = one.replace(old, new)
    two = CLAUSE.format(id="two", value=-1).replace("care_area_per_hundred_households", "weight")
    found = told(HEAD.format(name="here", kinds='["火箭"]') + one + two)
    for word in ("source", "acre", "moon", "必", "atleast", "wish", "weight", "-1", "火箭"):
        assert word in found, word


def test_a_book_without_clauses_still_names_its_strange_kinds() -> None:
    assert "火箭" in told(HEAD.format(name="here", kinds='["火箭"]'))


def test_a_circle_hides_no_other_fault_and_is_told_once(tmp_path: Path) -> None:
    wrong = CLAUSE.format(id="one", value=20).replace('"m2_per_hundred_households"', '"acre"')
    write(tmp_path, "x", "y", wrong)
    write(tmp_path, "y", "x", CLAUSE.format(id="two", value=20).replace('"应"', '"必"'))
    found = "\n".join(faults("x", tmp_path))
    assert "circle" in found
    assert "acre" in found
    assert "必" in found
    with pytest.raises(RuleBookError) as caught:
        rule_book_list(tmp_path)
    lines = [problem.text("en") for problem in caught.value.problems]
    assert sum("circle" in line for line in lines) == 1
    assert sum("acre" in line for line in lines) == 1


def test_the_base_s_faults_and_one_s_own_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "own", "below", CLAUSE.format(id="one", value=20).replace('"应"', '"必"'))
    (tmp_path / "below.toml").write_text(
        HEAD.format(name="below", kinds="[]")
        + CLAUSE.format(id="two", value=20).replace('"claim_delivery"', '"wish"'),
        encoding="utf-8",
    )
    found = "\n".join(faults("own", tmp_path))
    assert "必" in found
    assert "wish" in found


@pytest.mark.parametrize("name", ["a/b", "a b", "a／b", "a、b", "a\\tb"])
def test_names_that_ids_are_made_of_hold_no_strokes_or_spaces(name: str) -> None:
    found = told(HEAD.format(name="here", kinds="[]") + CLAUSE.format(id=name, value=20))
    assert "must not hold" in found
    if "\\" not in name:
        head = HEAD.format(name=name, kinds="[]") + CLAUSE.format(id="one", value=20)
        assert "must not hold" in told(head, f"{name}.toml")
