"""Merged cells, headings of two rows, and what cells may hold."""

from __future__ import annotations

import datetime

from tests.ledgers.menagerie import (
    HEAD,
    MADE,
    POINTS,
    TWO_ROWS,
    WIDE,
    Case,
    centre,
    csv,
    error_cell,
    formats,
    three,
    xls,
    xlsx,
)
from tests.ledgers.old_excel import Page, Styled

CELLS = [
    # Merged cells -----------------------------------------------------------------------------
    Case(
        "sub-district merged down",
        xlsx([HEAD, centre(1), centre(2, 所在街道=None), centre(3)], "E2:E3"),
        "0 merged_carried",
    ),
    Case(
        "sub-district merged down, xls",
        xls(Page("a", [HEAD, centre(1), centre(2, 所在街道=None), centre(3)], [((1, 4), (2, 4))])),
        "0 merged_carried",
    ),
    Case(
        "area merged down",
        xlsx([HEAD, centre(1), centre(2, 建筑面积=None), centre(3)], "H2:H3"),
        "2 merged_figure; 3 area_missing",
    ),
    Case(
        "place merged down",
        xlsx([HEAD, centre(1), centre(2, 经度=None, 纬度=None), centre(3)], "F2:F3", "G2:G3"),
        "0 merged_carried; 0 merged_carried",
    ),
    Case("blank is not merged", xlsx([HEAD, *three(所在街道=None)])),
    # Headings of two rows ---------------------------------------------------------------------
    Case(
        "two rows, merged",
        xlsx(TWO_ROWS, "A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2"),
        f"0 heading_rows; {POINTS}",
        MADE,
        table="communities",
    ),
    Case("two rows, csv", csv(TWO_ROWS), f"0 heading_rows; {POINTS}", MADE, table="communities"),
    Case(
        "two rows, title",
        xlsx([["某区人口台账"], *TWO_ROWS], "A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:F3", "G2:G3"),
        f"0 title_rows; 0 heading_rows; {POINTS}",
        ["Q0004", "Q0005"],
        table="communities",
    ),
    Case(
        "two rows, none of ours below",
        xlsx(
            [
                [*HEAD, "资金", None],
                [*WIDE, None, "中央", "地方"],
                *[[*row, 1, 2] for row in three()],
            ],
            "I1:J1",
        ),
        "0 heading_rows; 0 unmatched",
    ),
    Case(
        "two populations told apart",
        xlsx(
            [
                ["社区名称", "常住", None, "户籍", None, "经度", "纬度"],
                [None, "总人口", "60岁以上", "总人口", "60岁以上", None, None],
                ["甲社区", 1000, 190, 900, 180, 108.7, 34.33],
            ],
            "B1:C1",
            "D1:E1",
        ),
        f"0 heading_rows; 0 unmatched; 0 heading_chosen; 0 heading_chosen; {POINTS}",
        ["Q0003"],
        table="communities",
        reading={"population_kind": "户籍"},
    ),
    Case(
        "two populations, none declared",
        xlsx(
            [
                ["社区名称", "常住", None, "户籍", None, "经度", "纬度"],
                [None, "总人口", "60岁以上", "总人口", "60岁以上", None, None],
                ["甲社区", 1000, 190, 900, 180, 108.7, 34.33],
            ],
            "B1:C1",
            "D1:E1",
        ),
        "heading_twice; heading_twice",
        error="refused",
        table="communities",
    ),
    # Cells ------------------------------------------------------------------------------------
    Case(
        "full width",
        xlsx([HEAD, *three(编号="Ｃ２", 建筑面积="２００．５")]),
        used=["C1", "C3", "Ｃ２"],
    ),
    Case("thousands and units", xlsx([HEAD, *three(建筑面积="1,200㎡")])),
    Case("mu", csv([[*HEAD[:7], "建筑面积（亩）"], *three(建筑面积="0.5")])),
    Case("about", xlsx([HEAD, *three(建筑面积="约300㎡")]), "3 approximate"),
    Case("about, after", xlsx([HEAD, *three(建筑面积="300左右")]), "3 approximate"),
    Case("range", xlsx([HEAD, *three(建筑面积="200-300")]), "3 range"),
    Case("bound", xlsx([HEAD, *three(建筑面积="300+")]), "3 range"),
    Case("less than", xlsx([HEAD, *three(建筑面积="不足300")]), "3 range"),
    Case("error cell", xlsx([HEAD, *three()], change=error_cell), "3 cell_error"),
    Case("error cell, xls", xls(Page("a", [HEAD, *three(建筑面积="#N/A")])), "3 cell_error"),
    Case("error in a name", csv([HEAD, *three(名称="#REF!")]), "3 cell_error; 3 name_missing"),
    Case("formula never calculated", xlsx([HEAD, *three(建筑面积="=100*2")]), "3 cell_formula"),
    Case(
        "percent",
        xlsx([HEAD, *three(建筑面积=0.19)], change=formats({"H3": "0.0%"})),
        "3 not_a_number",
    ),
    Case(
        "percent, xls",
        xls(Page("a", [HEAD, *three(建筑面积=Styled(0.19, "0%"))])),
        "3 not_a_number",
    ),
    Case("boolean", xlsx([HEAD, *three(建筑面积=True)]), "3 not_a_number"),
    Case(
        "a range that became a date",
        xlsx([HEAD, *three(建筑面积=datetime.datetime(2024, 2, 3))]),
        "3 not_a_number",
    ),
    Case("state unknown", xlsx([HEAD, *three(运营状态="？？")]), "3 choice_unknown"),
    Case(
        "kind unknown", xlsx([HEAD, *three(设施类型="棋牌室")]), "3 kind_unknown", ["C1", "C3"], [3]
    ),
]
