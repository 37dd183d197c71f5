"""``planner standards``: the list of rule books, and one of them clause by clause."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.cli import EXIT_BAD_INPUT, main
from planner.errors import ScenarioError
from planner.outputs.book.spreadsheet import text_width
from planner.outputs.terminal import padded, wrapped
from planner.standards.rulebooks.books import rule_book, rule_book_list
from planner.workflow.inputs.book_words import amount, asks, book_lines, counts, in_force, scope
from planner.workflow.inputs.project import read_project
from tests.workflow.town import write_town

OWN = """[book]
name = "own"
based_on = "henan"
zh = "本县规定"
in_force_from = "2024-05-01"
in_force_until = "2026-12-31"
"""


def test_the_list_tells_each_book_with_its_clauses_by_force(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["standards"]) == 0
    printed = capsys.readouterr().out
    for book in rule_book_list():
        assert f"\n{book.name} " in f"\n{printed}"
        assert counts(book.clauses) in printed
    assert "8 条：应 3、宜 5；其中待核对 0 条" in printed
    assert "2018-10-01 起施行" in printed


def test_every_clause_of_every_book_is_explained_in_both_languages() -> None:
    for book in rule_book_list():
        told = {"zh": book_lines(book, "zh", width=80), "en": book_lines(book, "en", width=80)}
        for lines in told.values():
            heads = [line.split()[0] for line in lines if line and not line.startswith(" ")]
            assert [one.id for one in book.clauses] == [
                head for head in heads if head in {clause.id for clause in book.clauses}
            ]
            assert "{" not in "".join(lines)
        assert max(text_width(line) for lines in told.values() for line in lines) <= 82
        plain = "".join("".join(line.strip() for line in told["zh"]).split())
        for clause in book.clauses:
            for text in (clause.zh, clause.source, clause.remedy_zh):
                assert "".join(text.split()) in plain


@pytest.mark.parametrize(
    ("name", "clause", "told"),
    [
        ("jianbiao-143-2010", "window-ratio", "窗地面积比 ≥ 1∶6"),
        ("jianbiao-143-2010", "class-area", "建筑面积 ≥ 三类 750 m²；二类 1,085 m²；一类 1,600 m²"),
        ("jianbiao-143-2010", "rest-room-persons", "休息室每间人数 4 人/间 至 6 人/间"),
        ("jianbiao-143-2010", "lift-or-ramp", "电梯或无障碍坡道：有"),
        ("jianbiao-143-2010", "fire", "耐火等级 ≤ 2 级"),
        ("jianbiao-143-2010", "use-area-ratio", "使用面积系数 = 0.65"),
        ("jianbiao-143-2010", "below-least-class", "由项目选择，不评判"),
        ("jianbiao-143-2010", "floor", "楼层：没有数值，现场判断"),
        ("jianbiao-143-2010", "grounds", "场地：道路、停车、绿化、室外活动场地"),
        ("gb-50180-2018", "circle-15-minutes", "说明性条款，不评判单处设施"),
        ("guizhou-2022", "service-radius", "服务半径（直线距离） < 700 m"),
        ("zhejiang", "care-area-of-housing", "养老服务用房占住宅建筑面积的比例 ≥ 2 ‰"),
        ("shaanxi", "four-steps", "四同步：规划、建设、验收、交付"),
        ("gb-55019", "replaces-jgj-450", "现场判断"),
    ],
)
def test_what_a_clause_asks_for(name: str, clause: str, told: str) -> None:
    book = rule_book(name)
    assert asks(book.clause(clause), book) == told


def test_shares_are_told_by_class_with_their_slack() -> None:
    book = rule_book()
    told = asks(book.clause("use-shares"), book)
    assert "一类 生活服务 43 %、保健康复 11.9 %、娱乐 18.3 %、辅助 26.8 %" in told
    assert told.endswith("（低 3 个百分点 以内不作不达标处理）")


def test_whom_a_clause_binds() -> None:
    jgj, ningbo, code = (
        rule_book(name) for name in ("jgj-450-2018", "ningbo-2018", "gb-50437-2007")
    )
    lift = "日间照料、街道综合中心、养老机构；日托位或床位 20 及以上；老年人使用 2 层及以上"
    assert scope(jgj.clause("lift"), jgj) == lift
    assert scope(ningbo.clause("built-estates"), ningbo) == "已建居住区"
    assert scope(code.clause("beds-per-thousand"), code) == "全区"
    assert scope(code.clause("area-per-bed"), code, "en") == "care institution"


def test_amounts_and_dates() -> None:
    assert amount(1 / 6, "ratio", "en") == "1:6"
    assert amount(0.65, "ratio") == "0.65"
    assert amount(0.1, "m2_per_person") == "0.1 m²/人"
    assert in_force(rule_book("ningbo-2018"), "en") == "in force from 2018-10-01"
    assert in_force(rule_book()) == "施行日期未见"


def test_a_projects_own_books_are_told_before_its_ledgers_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_town(tmp_path / "town")
    (folder / "centres.csv").unlink()
    rules = folder / "rules"
    rules.mkdir()
    (rules / "own.toml").write_text(OWN, encoding="utf-8")
    assert main(["standards", "--project", str(folder)]) == 0
    assert "2024-05-01 至 2026-12-31 施行" in capsys.readouterr().out
    assert main(["standards", "own", "--project", str(folder), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "based on henan" in printed
    assert "built-estates · should (宜) · W1 wording seen once" in printed
    (rules / "own.toml").write_text(OWN.replace("2026-12-31", "2026-02-30"), encoding="utf-8")
    assert main(["standards", "--project", str(folder)]) == EXIT_BAD_INPUT
    assert "own.toml：[book] in_force_until = 2026-02-30 不是日期" in capsys.readouterr().err


def test_a_projects_own_books_are_inputs_of_its_run(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town", **{"[siting]": '[standard]\nfolder = "books"\n[siting]'})
    (folder / "books").mkdir()
    (folder / "books" / "own.toml").write_text(OWN, encoding="utf-8")
    (folder / "books" / "older.toml").mkdir()
    inputs = read_project(folder).inputs
    assert inputs["standard.folder.own"] == folder / "books" / "own.toml"
    assert [name for name in inputs if name.startswith("standard")] == ["standard.folder.own"]


def test_books_outside_the_project_are_refused(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town", **{"[siting]": '[standard]\nfolder = ".."\n[siting]'})
    with pytest.raises(ScenarioError, match="指向项目文件夹以外"):
        read_project(folder)


def test_an_unknown_book_names_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards", "nobody", "--language=en"]) == EXIT_BAD_INPUT
    assert "jianbiao-143-2010" in capsys.readouterr().err


def test_a_reader_that_stops_early_is_no_error() -> None:
    script = (
        "import sys; from planner.cli import main; sys.exit(main(['standards', 'guizhou-2022']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        if process.stdout is None or process.stderr is None:
            pytest.fail("no pipes")
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0
    assert told == b""


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.sampled_from(["养", "老", "站", " ", "350", "m²", "（"]), max_size=60))
def test_wrapped_text_keeps_every_sign_and_the_width(parts: list[str]) -> None:
    value = "站".join(parts)
    lines = wrapped(value, 12, "  ")
    assert "".join("".join(lines).split()) == "".join(value.split())
    assert all(text_width(line) <= 12 and line.startswith("  ") for line in lines)


def test_lines_break_between_chinese_characters_and_between_words() -> None:
    assert wrapped("老年人日间照料中心，见表 3.2.6", 12, "  ") == [
        "  老年人日间",
        "  照料中心，",
        "  见表 3.2.6",
    ]
    assert wrapped("one two three", 9) == ["one two", "three"]
    assert padded("安徽", 6) == "安徽  "
