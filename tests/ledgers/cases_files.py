"""Ids, sheets, questions, communities, and files that cannot be read."""

from __future__ import annotations

from tests.ledgers.menagerie import (
    HEAD,
    NOTE,
    PEOPLE,
    PEOPLE_TOLD,
    TITLE,
    TOTAL,
    Case,
    centre,
    csv,
    cut,
    formats,
    hidden_column,
    people,
    sheets,
    text,
    three,
    xls,
    xlsx,
)
from tests.ledgers.old_excel import Page, Styled

FILES = [
    # Ids --------------------------------------------------------------------------------------
    Case(
        "ids shown with zeros",
        xlsx(
            [HEAD, *[centre(n, 编号=n) for n in (1, 2, 3)]],
            change=formats(dict.fromkeys(("A2", "A3", "A4"), "000000")),
        ),
        used=["000001", "000002", "000003"],
    ),
    Case(
        "ids shown with zeros, xls",
        xls(Page("a", [HEAD, *[centre(n, 编号=Styled(n, "000000")) for n in (1, 2, 3)]])),
        used=["000001", "000002", "000003"],
    ),
    Case(
        "zeros lost",
        xlsx([HEAD, centre(1, 编号="001"), centre(2, 编号=2), centre(3, 编号="003")]),
        "0 id_zeros_lost",
        ["001", "003", "2"],
    ),
    Case(
        "long codes as numbers",
        xlsx([HEAD, *three(编号=610402001001)]),
        used=["610402001001", "C1", "C3"],
    ),
    Case(
        "too long codes as numbers",
        xlsx([HEAD, *three(编号=610402199001011234)]),
        "3 id_digits_lost; 3 id_missing",
        ["C0003", "C1", "C3"],
    ),
    Case(
        "ids kept as text by a formula",
        text(
            "编号,名称,设施类型,运营状态\n"
            + "\n".join(f'="00{n}",第{n}中心,日间照料,运营' for n in (1, 2, 3))
        ),
        "0 no_coordinates; 0 no_area_column; 2 centre_without_place; 3 centre_without_place; "
        "4 centre_without_place",
        ["001", "002", "003"],
    ),
    # Sheets, hidden things --------------------------------------------------------------------
    Case(
        "a cover sheet",
        sheets(说明=[["填表说明"], ["请如实填写"]], 台账=[HEAD, *three()]),
        "0 sheet_taken",
    ),
    Case("an empty form", sheets(空表=[HEAD], 台账=[HEAD, *three()]), "0 sheet_taken"),
    Case(
        "sheets alike", sheets(东街道=[HEAD, *three()], 西街道=[HEAD, *three()]), "0 sheets_alike"
    ),
    Case(
        "a hidden sheet is not taken",
        sheets(藏=[HEAD, *three()], 台账=[HEAD, *three()]),
        "0 sheet_taken",
    ),
    Case(
        "a hidden sheet asked for",
        sheets(藏=[HEAD, *three()], 台账=[HEAD, centre(9)]),
        "0 sheet_hidden",
        reading={"sheet": "藏"},
    ),
    Case("hidden rows", xlsx([HEAD, *three()], hidden=[3, 4]), "0 hidden_rows"),
    Case("hidden rows, xls", xls(Page("a", [HEAD, *three()], hidden_rows=[2])), "0 hidden_rows"),
    Case("hidden column", xlsx([HEAD, *three()], change=hidden_column), "0 hidden_columns"),
    # Questions --------------------------------------------------------------------------------
    Case(
        "nearly a heading",
        xlsx([[*HEAD[:7], "现状建筑面积情况"], *three()]),
        "0 unmatched; 0 heading_maybe; 0 no_area_column",
    ),
    Case(
        "nearly a heading, named",
        xlsx([[*HEAD[:7], "现状建筑面积情况"], *three()]),
        reading={"columns": {"area_m2": "现状建筑面积情况"}},
    ),
    Case(
        "two headings for one column",
        xlsx([[*HEAD, "设施名称"], *[[*row, "x"] for row in three()]]),
        "heading_twice",
        error="refused",
    ),
    Case(
        "a heading of persons",
        xlsx([[*HEAD, "负责人"], *[[*row, "张某某"] for row in three()]]),
        "0 person_dropped",
    ),
    # Communities ------------------------------------------------------------------------------
    Case(
        "people in ten thousands",
        xlsx(people({"常住人口": 0.1}, [*PEOPLE[:2], "常住人口（万人）", *PEOPLE[3:]])),
        f"{PEOPLE_TOLD}; 3 absurd_high",
        ["Q0002", "Q0003"],
        table="communities",
    ),
    Case(
        "people in ten thousands, in the cell",
        xlsx(people({"常住人口": "0.1万人"})),
        PEOPLE_TOLD,
        ["Q0002", "Q0003"],
        table="communities",
    ),
    Case(
        "more elders than people",
        xlsx(people({"60岁以上": 1900})),
        f"{PEOPLE_TOLD}; 2 part_above_whole",
        ["Q0002", "Q0003"],
        table="communities",
    ),
    Case(
        "a total of people",
        xlsx([*people({}), ["合计", None, 3000, 590, None, None]]),
        f"{PEOPLE_TOLD}; 4 total_row",
        ["Q0002", "Q0003"],
        [4],
        table="communities",
    ),
    Case(
        "a total of people that differs",
        xlsx([*people({}), ["合计", None, 3001, 590, None, None]]),
        f"{PEOPLE_TOLD}; 4 total_row; 4 total_differs",
        ["Q0002", "Q0003"],
        [4],
        table="communities",
    ),
    # Nothing to read --------------------------------------------------------------------------
    Case("no rows", xlsx([TITLE, HEAD]), error="no_rows"),
    Case("only a total", xlsx([HEAD, TOTAL]), error="no_rows"),
    Case("only notes", xlsx([HEAD, NOTE]), error="no_rows"),
    Case("nothing at all", xlsx([]), error="no_heading"),
    Case(
        "a web page called xls",
        text("<html><table></table></html>", "a.xls"),
        error="not_that_format",
    ),
    Case(
        "half an xls",
        lambda folder: cut(xls(Page("a", [HEAD, *three()]))(folder)),
        error="unreadable",
    ),
    Case("half an xlsx", lambda folder: cut(xlsx([HEAD, *three()])(folder)), error="unreadable"),
    Case(
        "a column of ours missing",
        xlsx([HEAD[:2], *[row[:2] for row in three()]]),
        "column_required",
        error="refused",
    ),
    Case(
        "degrees of no datum",
        csv([HEAD, *three()]),
        error="datum_required",
        reading={"datum": None},
    ),
    Case(
        "an open quotation mark",
        text(
            "编号,名称,设施类型,运营状态\n"
            + "\n".join(
                f"C{n},{chr(34) if n == 1 else ''}第{n}中心,日间照料,运营" for n in (1, 2, 3)
            )
        ),
        "rows_in_a_cell",
        error="refused",
    ),
]
