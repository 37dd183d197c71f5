"""Unit costs of remedies: invented round figures, so that the sample shows what costs look like."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = ("措施", "单位", "单价(元)", "来源", "日期")
SOURCE: Final = "合成数据"
DATE: Final = "2025-06-30"

PRICES: Final = (
    ("调整房间用途", "元/㎡", 300),
    ("调剂党群服务中心房间", "元/㎡", 400),
    ("共用房间", "元/㎡", 100),
    ("扩建", "元/㎡", 3000),
    ("加装电梯", "元/部", 500000),
    ("加设无障碍坡道", "元/处", 20000),
    ("加宽门洞或走道", "元/处", 10000),
    ("改造", "元/㎡", 1000),
    ("补配设备", "元/项", 5000),
    ("增配人员", "元/处", 60000),
    ("增设设施", "元/处", 2000000),
    ("与邻近设施合并", "元/处", 100000),
    ("迁址", "元/㎡", 2000),
    ("启用闲置设施", "元/㎡", 800),
    ("连锁运营", "元/处", 30000),
    ("打包运营", "元/处", 20000),
    ("归集小区配建用房", "元/处", 300000),
    ("督促移交配建用房", "元/处", 1000),
    ("撤并关闭", "元/处", 50000),
)
"""Measure, unit, yuan: of no place and no standard."""


def cost_rows() -> list[dict[str, object]]:
    """Return the table of unit costs that the planner of the district keeps."""
    return [dict(zip(HEADINGS, (*price, SOURCE, DATE), strict=True)) for price in PRICES]
