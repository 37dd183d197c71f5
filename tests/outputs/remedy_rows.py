"""A list of defects and a centre's page as the workflow hands them over."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.outputs.content import CentrePage, Told
from planner.outputs.sheet_columns import COLUMNS


def defect_sheet(hostile: str) -> dict[str, Told]:
    """Two defects of today and one that has gone; what is typed looks like a formula."""
    blank: dict[str, Any] = dict.fromkeys(COLUMNS["defects"])
    rows: list[dict[str, Any]] = [
        {
            "defect": "C1/book/area", "name": hostile,
            "clause_told": "建筑面积：标准（宜，待核对）",
            "asked_told": "不小于 1,085 m²", "has_told": "960 m²", "short_told": "短缺 125 m²",
            "measure_told": "扩建，125 m²（待踏勘：用地余量不明）", "measure_m2": 125.0,
            "cost_yuan": 250_000.0, "priority_told": "二级 · 3", "lead_unit": hostile,
            "funds": 12.5, "progress": "整改中",
        },
        {"defect": "C1/book/doors", "defect_change": "新增", "name": "甲中心"},
        {"defect": "C2/book/area", "defect_change": "已消除待复查", "conclusion": "已整改"},
    ]  # fmt: skip
    table = pd.DataFrame([blank | row for row in rows], dtype=object)
    return {"defects": Told(table, ("缺陷 2 项。",))}


def centre_pages(hostile: str) -> tuple[CentrePage, ...]:
    """Two pages, one of a centre for which no measure can be had."""
    found = ("建筑面积", "不小于 1,085 m²", "960 m²", "短缺 125 m²", "宜，待核对")
    return (
        CentrePage(
            title=hostile,
            facts=(("编号", "C1"), ("设施类型", "日间照料"), ("缺陷数", "1")),
            findings=(found,),
            measures=(("扩建", 125.0, 250_000.0, "二级 · 3", "待踏勘"),
                      ("补配设备", None, None, "一级 · 1", "可行")),
            lines=(("备选措施", "迁址"),),
        ),
        CentrePage(title="乙中心", facts=(), findings=(found,), measures=()),
    )  # fmt: skip
