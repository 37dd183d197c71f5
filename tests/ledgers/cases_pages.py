"""Formats, titles, notes and totals."""

from __future__ import annotations

from tests.ledgers.menagerie import (
    HEAD,
    NOTE,
    STREET,
    TITLE,
    TOTAL,
    WHO,
    WIDE,
    Case,
    centre,
    csv,
    renamed,
    text,
    three,
    xls,
    xlsx,
)
from tests.ledgers.old_excel import Page
from tests.ledgers.zoo import CENTRE_HEADINGS, CENTRES, as_points, write_geojson, write_shp

PAGES = [
    # As it should be, in every format ---------------------------------------------------------
    Case("plain xlsx", xlsx([HEAD, *three()])),
    Case("plain csv, GB18030", csv([HEAD, *three()])),
    Case("plain csv, UTF-8 with mark", csv([HEAD, *three()], "utf-8-sig")),
    Case("plain tsv", csv([HEAD, *three()], "utf-8", "a.tsv")),
    Case("plain xls", xls(Page("台账", [HEAD, *three()]))),
    Case(
        "txt with bars",
        text("\n".join("|".join(map(str, row)) for row in [HEAD, *three()]), "a.txt"),
    ),
    Case("xls that is an xlsx", renamed(xlsx([HEAD, *three()]), "a.xls"), "0 renamed"),
    Case("xlsx that is an xls", renamed(xls(Page("a", [HEAD, *three()])), "a.xlsx"), "0 renamed"),
    Case(
        "geojson",
        lambda folder: write_geojson(folder / "a.geojson", as_points(CENTRE_HEADINGS, CENTRES)),
        "0 person_dropped; 0 person_dropped; 3 area_missing",
    ),
    Case(
        "shapefile in GBK without .cpg",
        lambda folder: write_shp(
            folder / "a.shp", as_points(CENTRE_HEADINGS, CENTRES), "gbk", None
        ),
        "0 person_dropped; 0 person_dropped; 3 area_missing",
    ),
    Case(
        "shapefile whose .cpg lies",
        lambda folder: write_shp(
            folder / "a.shp", as_points(CENTRE_HEADINGS, CENTRES), "gbk", "UTF-8"
        ),
        "0 cpg_wrong; 0 person_dropped; 0 person_dropped; 3 area_missing",
    ),
    # Titles, blank rows, blank columns --------------------------------------------------------
    Case("title", xlsx([TITLE, HEAD, *three()], "A1:H1"), "0 title_rows"),
    Case(
        "title in xls", xls(Page("a", [TITLE, HEAD, *three()], [((0, 0), (0, 7))])), "0 title_rows"
    ),
    Case("title in csv", csv([TITLE, HEAD, *three()]), "0 title_rows"),
    Case(
        "title, unit and date",
        xlsx(
            [
                TITLE,
                ["填报单位：某区民政局", *WIDE[:4], "填表日期：2024年12月31日"],
                HEAD,
                *three(),
            ],
            "A1:H1",
        ),
        "0 title_rows",
    ),
    Case(
        "title of plain units", xlsx([[*TITLE, "单位：人、平方米"], HEAD, *three()]), "0 title_rows"
    ),
    Case(
        "title of a unit that is not ours",
        xlsx([TITLE, [*WIDE[:5], "单位：万平方米"], HEAD, *three()]),
        "0 title_rows; 0 title_unit",
    ),
    Case("title after blank rows", xlsx([[], TITLE, [], HEAD, *three()]), "0 title_rows"),
    Case("blank rows", xlsx([HEAD, centre(1), [], [" "], centre(2), centre(3)]), "0 blank_rows"),
    Case("blank columns", xlsx([[None, *row] for row in [HEAD, *three()]])),
    Case(
        "headings printed again",
        xlsx([HEAD, centre(1), HEAD, centre(2), centre(3)]),
        "3 heading_again",
        aside=[3],
    ),
    Case(
        "columns numbered",
        xlsx([HEAD, ["甲", "乙", "丙", 1, 2, 3, 4, 5], *three()]),
        "2 column_numbers",
        aside=[2],
    ),
    # Notes below ------------------------------------------------------------------------------
    Case("note below", xlsx([HEAD, *three(), NOTE]), "5 note_row", aside=[5]),
    Case(
        "numbered notes",
        csv([HEAD, *three(), NOTE, ["2.坐标为高德坐标。"], ["（3）截至年底。"]]),
        "5 note_row; 6 note_row; 7 note_row",
        aside=[5, 6, 7],
    ),
    Case(
        "who filled it in", xlsx([HEAD, *three(), [], WHO]), "0 blank_rows; 6 note_row", aside=[6]
    ),
    Case(
        "note without a mark, across the table",
        xlsx([HEAD, *three(), ["以上数据以实地核查为准"]], "A5:H5"),
        "5 note_row",
        aside=[5],
    ),
    # Totals -----------------------------------------------------------------------------------
    Case("total below", xlsx([HEAD, *three(), TOTAL]), "5 total_row", aside=[5]),
    Case("total above", csv([HEAD, TOTAL, *three()]), "2 total_row", aside=[2]),
    Case(
        "total with spaces",
        xlsx([HEAD, *three(), ["合　计", *WIDE[1:], 600]]),
        "5 total_row",
        aside=[5],
    ),
    Case(
        "total in the column of names",
        xlsx([HEAD, *three(), [None, "总计：", *WIDE[2:], 600]]),
        "5 total_row",
        aside=[5],
    ),
    Case(
        "total in the column of states",
        xlsx([HEAD, *three(), [*WIDE[:3], "合计", *WIDE[4:], 600]]),
        "5 total_row",
        aside=[5],
    ),
    Case(
        "total that differs",
        xlsx([HEAD, *three(), ["合计", *WIDE[1:], 700]]),
        "5 total_row; 5 total_differs",
        aside=[5],
    ),
    Case(
        "total over an unknown",
        xlsx([HEAD, *three(建筑面积="300-400"), TOTAL]),
        "3 range; 5 total_row; 5 total_differs",
        aside=[5],
    ),
    Case(
        "subtotal and total",
        xlsx(
            [
                HEAD,
                centre(1),
                centre(2),
                STREET,
                centre(3, 所在街道="西街道"),
                ["西街道小计", *WIDE[1:], 300],
                TOTAL,
            ]
        ),
        "4 total_row; 6 total_row; 7 total_row",
        aside=[4, 6, 7],
    ),
    Case(
        "subtotals above their rows",
        xlsx(
            [
                HEAD,
                ["东街道小计", *WIDE[1:], 300],
                centre(1),
                centre(2),
                ["小计", *WIDE[1:], 300],
                centre(3),
            ]
        ),
        "2 total_row; 5 total_row",
        aside=[2, 5],
    ),
    Case(
        "spreadsheet's own subtotals",
        xlsx([HEAD, centre(1), centre(2), [*WIDE[:4], "东街道 汇总", *WIDE[5:], 300], centre(3)]),
        "4 total_row",
        aside=[4],
    ),
    Case("average", xlsx([HEAD, *three(), ["平均", *WIDE[1:], 200]]), "5 total_row", aside=[5]),
    Case(
        "total without a word", xlsx([HEAD, *three(), [*WIDE, 600]]), "5 total_unnamed", aside=[5]
    ),
    Case("a name that ends like a total", xlsx([HEAD, *three(名称="合计路中心")])),
]
