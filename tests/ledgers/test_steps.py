"""The 四同步 of new estates, as bureaus write them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from planner.ledgers import Ledger, LedgerSource, read_ledger
from planner.tables import STEPS
from tests.ledgers import zoo

HEADINGS = ("编号", "名称", "经度", "纬度", "规划", "建设", "验收", "交付")
DONE, NOT_DONE, NOT_DUE = "已同步", "未同步", "未到阶段"
DAY = datetime.datetime(2023, 5, 6)

STATES: dict[str | None, tuple[Any, ...]] = {
    DONE: ("√", "✓", "是", "有", "已", True, 1, "已同步", "验收合格", "已 交付"),
    NOT_DONE: ("×", "否", "无", False, 0, "未验收", "未同步"),
    NOT_DUE: ("未到阶段", "在建", "待交付"),
}
DATED = (
    (DAY, DONE, "2023-05-06"),
    ("2023-05-06", DONE, "2023-05-06"),
    ("2023.5", DONE, "2023-05"),
    ("2023年5月", DONE, "2023-05"),
    ("2023年", DONE, "2023"),
    ("是（2023年5月6日）", DONE, "2023-05-06"),
    ("2023年5月已验收", DONE, "2023-05"),
    ("√ 2023/5/6", DONE, "2023-05-06"),
    ("预计2026年6月交付", NOT_DUE, "2026-06"),
    ("计划2026年底", NOT_DUE, "2026-12-31"),
    ("未交付（2026年底）", NOT_DONE, "2026-12-31"),
)
ASKED: tuple[tuple[Any, str | None], ...] = (
    ("部分", None), ("不涉及", None), (45657, None), (2023, None), ("2023年13月", None),
    ("否，2026年补建", "2026"), ("已于2023年5月移交", "2023-05"),
)  # fmt: skip
EMPTY = (None, "/", "—")


def read(folder: Path, headings: tuple[str, ...], rows: list[list[Any]]) -> Ledger:
    """Return estates whose columns after the coordinates hold these."""
    lines = [[f"E{place}", "甲苑", 108.7, 34.3, *row] for place, row in enumerate(rows)]
    file = zoo.write_xlsx(folder / "a.xlsx", headings, lines)
    return read_ledger("estates", LedgerSource(file, "wgs84"))


@pytest.mark.parametrize("step", STEPS)
def test_cells(tmp_path: Path, step: str) -> None:
    wanted: list[tuple[Any, str | None, str | None]] = [
        (cell, state, None) for state, cells in STATES.items() for cell in cells
    ]
    wanted += [*DATED, *((cell, None, when) for cell, when in ASKED)]
    wanted += [(cell, None, None) for cell in EMPTY]
    rows = [[cell if one == step else "是" for one in STEPS] for cell, _, _ in wanted]
    ledger = read(tmp_path, HEADINGS, rows)
    states, days = (ledger.table[name].astype(object) for name in (step, f"{step}_on"))
    assert states.where(states.notna(), None).to_list() == [state for _, state, _ in wanted]
    assert days.where(days.notna(), None).to_list() == [when for _, _, when in wanted]
    asked = ledger.findings[ledger.findings["key"] == "ledgers.choice_unknown"]
    assert [one["cell"] for one in asked["fields"]] == [str(cell) for cell, _ in ASKED]
    for other in set(STEPS) - {step}:
        assert (ledger.table[other] == DONE).all()
        assert ledger.table[f"{other}_on"].isna().all()


def test_columns_of_dates_of_their_own(tmp_path: Path) -> None:
    headings = (*HEADINGS[:4], "交付", "交付时间", "验收时间")
    ledger = read(tmp_path, headings, [["2024年3月已交付", datetime.datetime(2024, 4, 1), "去年"]])
    row = ledger.table.loc["E0"]
    assert (row["handed_over"], row["handed_over_on"]) == (DONE, "2024-04-01")
    assert ledger.table[["accepted", "accepted_on"]].isna().all(axis=None)
    assert zoo.keys(ledger, row=2) == ["no_date"]
