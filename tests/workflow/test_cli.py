"""The shell's door: what it prints, and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli import EXIT_BAD_INPUT, main
from planner.streets import foot_rules, read_rules, walkers
from tests.workflow.town import write_town


def test_run_prints_the_figures_and_where_to_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_town(tmp_path / "town")
    assert main(["run", str(folder), "--out", str(tmp_path / "results")]) == 0
    printed = capsys.readouterr()
    assert "步行可达率 36.8%" in printed.out
    assert str(tmp_path / "results" / "map.html") in printed.out
    assert "[ 1/20] 读取路网 streets.osm" in printed.err


def test_bad_input_is_one_list_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_town(
        tmp_path, **{"new_centres = 1": "new_centres = -1\nsped = 3", '"centres.csv"': "7"}
    )
    assert main(["run", str(folder)]) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert told.count("\n  - ") == 3
    assert "Traceback" not in told
    assert not (folder / "out").exists()


def test_english_by_switch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path), "--language", "en"]) == EXIT_BAD_INPUT
    assert "holds no project.toml" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--language", "en", "run"], ["--language=en", "run"]])
def test_the_switch_stands_before_the_command_too(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, str(tmp_path)]) == EXIT_BAD_INPUT
    assert "holds no project.toml" in capsys.readouterr().err


def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == EXIT_BAD_INPUT
    assert "planner init" in capsys.readouterr().out


def test_init_then_check_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "新项目"
    assert main(["init", str(folder)]) == 0
    assert main(["check", str(folder)]) == EXIT_BAD_INPUT
    assert "streets.osm.pbf" in capsys.readouterr().err
    assert main(["init", str(folder)]) == EXIT_BAD_INPUT


def test_check_prints_rows_and_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_town(tmp_path))]) == 0
    printed = capsys.readouterr().out
    assert "读入 4 行 = 采用 4 行 + 搁置 0 行" in printed
    assert "centres.csv 第 5 行" in printed


def test_help_is_chinese_and_works_as_a_process() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "planner.cli", "--help"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert "一刻钟养老服务圈规划工具" in answer.stdout
    assert "planner run data/sample" in answer.stdout


def test_walkers_are_listed_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walkers"]) == 0
    printed = capsys.readouterr().out
    assert all(f"{one.name}  {one.title()}" in printed for one in walkers())


def test_rules_are_written_once_and_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.toml"
    assert main(["rules", "--out", str(file)]) == 0
    assert read_rules(file) == foot_rules()
    file.write_text("mine", encoding="utf-8")
    assert main(["rules", "--out", str(file)]) == EXIT_BAD_INPUT
    assert file.read_text(encoding="utf-8") == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["rules.toml"]
    capsys.readouterr()
    assert main(["rules"]) == 0
    assert capsys.readouterr().out.startswith("# Who may walk where")
