"""The rule book of one province, typed anew: what a province's own test looks like."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from planner.standards.rulebooks.books import rule_book


def test_the_figures_of_anhui() -> None:
    book = rule_book("anhui")
    assert book.place == "安徽省"
    figures = {one.id: (one.value, one.unit, one.force, one.mark) for one in book.clauses}
    assert figures == {
        "new-estates": (30, "m2_per_hundred_households", "宜", "W1"),
        "built-estates": (20, "m2_per_hundred_households", "宜", "W1"),
        "least-place": (350, "m2", "宜", "W1"),
    }
    assert book.clause("new-estates").when.estate == ("新建",)
    assert book.clause("built-estates").when.estate == ("已建",)


def test_contributing_shows_the_file_as_it_is() -> None:
    guide = Path(__file__).parents[2] / "CONTRIBUTING.md"
    shown = guide.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    file = resources.files("planner.standards") / "rules" / "anhui.toml"
    assert shown.strip() in file.read_text(encoding="utf-8")
    assert "new-estates" in shown
