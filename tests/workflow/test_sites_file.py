"""The file of a chosen set of sites: what it may hold, and every way in which it may be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from planner.errors import InputFileError, ScenarioError
from planner.labels import message
from planner.workflow.inputs.sites_file import (
    ChosenSites,
    as_text,
    read_sites,
    refuse_sites,
    sites_of,
)

SITES = ChosenSites(("K1", "K2"), ("C2",), {"K1": "三类"})


def told(held: Any) -> str:
    with pytest.raises(ScenarioError) as refused:
        sites_of(held if isinstance(held, str) else json.dumps(held), name="sites.json")
    return refused.value.text("zh")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "方案.json"
    file.write_text(as_text(SITES), encoding="utf-8")
    assert read_sites(file) == SITES
    # Windows editors put a mark before the text.
    file.write_text(as_text(SITES), encoding="utf-8-sig")
    assert read_sites(str(file)) == SITES


def test_a_link_is_read_like_a_file() -> None:
    link = "file:///C:/out/map.html#sites=" + quote(as_text(SITES))
    assert read_sites(link) == SITES


def test_parts_that_are_not_given_are_empty() -> None:
    assert sites_of('{"planner_sites": 1}', name="x") == ChosenSites()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"sites\.json"):
        read_sites(tmp_path / "sites.json")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("{", "不是 JSON"),
        ("[1]", "planner_sites"),
        ({"open": []}, "planner_sites"),
        ({"planner_sites": 2}, "planner_sites"),
        ({"planner_sites": True}, "planner_sites"),
        ({"planner_sites": 1, "opened": []}, "opened"),
        ({"planner_sites": 1, "open": "K1"}, "编号列表"),
        ({"planner_sites": 1, "close": [1]}, "编号列表"),
        ({"planner_sites": 1, "open": ["K1", "K1"]}, "不止一次"),
        ({"planner_sites": 1, "open": ["K1"], "close": ["K1"]}, "既要开设又要关闭"),
        ({"planner_sites": 1, "classes": {"K1": "三类"}}, "不在 open"),
        ({"planner_sites": 1, "classes": {"K1": 3}}, "对照"),
    ],
)
def test_what_is_wrong_is_told(held: Any, words: str) -> None:
    assert words in told(held)


def test_all_faults_are_told_at_once() -> None:
    lines = told({"planner_sites": 1, "x": 0, "open": ["A", "A"], "close": ["A"], "classes": []})
    assert len(lines.splitlines()) == 5


def test_what_a_project_cannot_do_is_refused_with_the_reason() -> None:
    sites = ChosenSites(("K1", "K3", "C1", "Z"), ("C9",), {"K1": "一类"})
    with pytest.raises(ScenarioError) as refused:
        refuse_sites(
            sites,
            name="sites.json",
            centres=["C1", "C2"],
            candidates=["K1", "K3"],
            barred={"K3": (message("what_if.sites_not_json"),)},
            classes={"K1": ["三类"]},
        )
    lines = refused.value.text("zh").splitlines()[1:]
    for line, words in zip(
        lines, ("Z 不是备选点", "C1 今天已在运营", "C9 不是", "K3 不能设中心", "K1"), strict=True
    ):
        assert words in line.replace("open 中的 ", "").replace("close 中的 ", "")


def test_what_a_project_can_do_passes() -> None:
    refuse_sites(
        SITES,
        name="x",
        centres=["C2"],
        candidates=["K1", "K2"],
        barred={},
        classes={"K1": ["三类"]},
    )
