"""The workbook opens, says what it must, and keeps text as text."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.coverage.grades import GRADES
from planner.outputs.book.defect_sheet import TYPED_FILL
from planner.outputs.book.spreadsheet import put
from planner.outputs.book.workbook import write_workbook
from planner.outputs.palette import GRADE_FILLS
from planner.outputs.sheet_columns import COLUMNS, ORDER
from planner.outputs.sheets import workbook_tables
from planner.outputs.words import heading, meaning
from tests.outputs.town import HOSTILE_NAMES, empty_content, example_content

SHEETS = [
    "对账", "总览", "社区", "街道", "设施评估", "评估算式", "服务组", "服务范围两口径",
    "设施分级", "分级统计", "逐条评估", "整改清单", "一户一档", "配置水平", "社区配建面积",
    "缺口", "缺口片区", "缺口补法", "分类覆盖", "时间曲线", "直线与步行", "容纳能力", "可及得分",
    "公平性",
    "选址方案", "备选方案", "受益分析", "缺口与选址", "点数与覆盖", "建议点位",
    "备选点", "新建居住区", "新建小区配建", "四同步", "配建归集",
    "规划年份", "规划年份社区", "近期项目库", "分年方案", "未列入措施",
    "数据质量", "搁置行", "步行规则", "数据字典",
]  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "workbook.xlsx"
    write_workbook(example_content(), path)
    return openpyxl.load_workbook(path)


def _heading_row(page: Worksheet) -> int:
    return int(page.auto_filter.ref.split(":")[0].lstrip("A"))


def _headings(page: Worksheet) -> list[str]:
    return [cell.value for cell in page[_heading_row(page)] if cell.value is not None]


def test_sheets_stand_in_their_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    assert len(ORDER) == len(SHEETS)


def test_every_table_has_frozen_headings_filters_and_print_setup(book: openpyxl.Workbook) -> None:
    for page in book.worksheets:
        assert page.page_setup.fitToWidth == 1
        assert page.page_setup.fitToHeight == 0
        if page.title in ("总览", "一户一档"):
            continue
        row = _heading_row(page)
        assert page.freeze_panes.endswith(str(row + 1))
        assert page.print_title_rows == f"${row}:${row}"
        assert page.page_setup.orientation == "landscape"
    assert _headings(book["缺口"])[:5] == ["序号", "编号", "名称", "街道", "不可达60岁以上"]


def test_every_sheet_says_what_it_is(book: openpyxl.Workbook) -> None:
    for page in book.worksheets:
        said = "\n".join(str(page.cell(row, 1).value) for row in range(1, 5))
        for words in ("青渡示范区", "合成数据", "0.83 m/s", "15 分钟", "常住人口", "2024-12-31"):
            assert words in said, (page.title, words)
    for name in ("设施评估", "评估算式", "服务组"):
        said = "\n".join(str(book[name].cell(row, 1).value) for row in range(1, 8))
        assert "按三类面积以老年人数折算" in said
        assert "待核对" in said


def test_grades_are_coloured_words_and_the_gap_sheets_narrow(book: openpyxl.Workbook) -> None:
    for name in ("社区", "缺口片区", "缺口补法"):
        page = book[name]
        column = _headings(page).index("分级")
        letter = openpyxl.utils.get_column_letter(column + 1)
        rules = [
            rule
            for where, found in page.conditional_formatting._cf_rules.items()
            if str(where.sqref).startswith(letter)
            for rule in found
        ]
        fills = {rule.formula[0]: rule.dxf.fill.start_color.rgb[-6:] for rule in rules}
        assert fills == {
            f'"{word}"': GRADE_FILLS[grade][1:].upper()
            for grade, word in zip(GRADES, "红橙黄蓝", strict=True)
        }
        words = {row[column].value for row in page.iter_rows(min_row=_heading_row(page) + 1)}
        assert words == {"红", "橙", "黄", "蓝", *([None] if name == "社区" else [])}
        said = "\n".join(str(page.cell(row, 1).value) for row in range(1, _heading_row(page)))
        assert "红（交叉线）" in said
        assert "本项目自定" in said
    for key in ("gap_areas", "gap_closing"):
        assert len(COLUMNS[key]) <= 14
    closing = book["缺口补法"]
    rows = closing.iter_rows(min_row=_heading_row(closing) + 1, values_only=True)
    told = {row[1]: row[6:11] for row in rows}
    assert told["11-1"] == ("桥", 54, 600, 34, 3)
    assert told["5-1"] == (None,) * 5


def test_text_that_begins_like_a_formula_stays_text(book: openpyxl.Workbook) -> None:
    found = 0
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (page.title, cell.coordinate)
                if cell.value == HOSTILE_NAMES[3]:
                    found += 1
                    assert cell.data_type == "s"
                    assert cell.quotePrefix
    assert found >= 3


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "#N/A", "=cmd|' /C calc'!A0"])
def test_any_text_is_kept_as_it_is(value: str) -> None:
    cell = openpyxl.Workbook().active["A1"]
    put(cell, value)
    assert (cell.value, cell.data_type) == (value, "s")


def test_control_characters_and_endless_text_do_no_harm() -> None:
    cell = openpyxl.Workbook().active["A1"]
    put(cell, "a\x00b\x1fc" + "长" * 40_000)
    assert cell.value.startswith("a\ufffdb\ufffdc")
    assert len(cell.value) == 32_767


def test_figures_are_numbers_with_formats(book: openpyxl.Workbook) -> None:
    page = book["社区"]
    row = _heading_row(page) + 1
    cells = dict(zip(_headings(page), page[row], strict=True))
    assert cells["60岁以上"].value == 300
    assert cells["60岁以上"].number_format == "#,##0"
    assert cells["步行可达率"].number_format == "0.0%"
    assert cells["编号"].data_type == "s"


def test_the_curve_is_drawn_beside_its_table(book: openpyxl.Workbook) -> None:
    page = book["时间曲线"]
    first = _heading_row(page) + 1
    (chart,) = page._charts
    assert [one.yVal.numRef.f for one in chart.series] == [
        f"'时间曲线'!$D${first}:$D${first + 2}", f"'时间曲线'!$D${first + 3}:$D${first + 5}",
    ]  # fmt: skip
    assert page.cell(first + 1, 2).value == 12.5
    assert page.cell(first + 1, 2).number_format == "General"
    assert book["可及得分"].cell(_heading_row(book["可及得分"]) + 1, 5).number_format == "0.000"
    assert "圆圈多算 700 人。" in {cell.value for cell in book["直线与步行"]["A"]}


def test_choices_are_words_and_no_codes(tmp_path: Path) -> None:
    content = example_content()
    why = content.communities.assign(rate_difference="centre_not_reached")
    write_workbook(dataclasses.replace(content, communities=why), tmp_path / "why.xlsx")
    page = openpyxl.load_workbook(tmp_path / "why.xlsx")["社区"]
    cells = dict(zip(_headings(page), page[_heading_row(page) + 1], strict=True))
    assert cells["两率差异"].value == "有设施，多数老年人走不到"


def test_centres_that_meet_fall_short_and_cannot_be_judged_add_up(
    book: openpyxl.Workbook,
) -> None:
    told = {row[0]: row[1] for row in book["总览"].iter_rows(max_col=2, values_only=True)}
    results = example_content().centres["result"]
    assert told["面积达标（处，按服务组）"] == (results == "meets").sum()
    assert told["资料不足，无法判定（处）"] == (results == "unknown").sum()


def test_rows_set_aside_with_a_mere_note_stand_on_their_own_sheet_alone() -> None:
    content = example_content()
    rows = content.findings.assign(severity="note", action="set_aside")
    tables = workbook_tables(dataclasses.replace(content, findings=rows))
    assert len(tables["quality"]) == 0
    assert len(workbook_tables(content)["quality"]) == len(content.findings)


def test_the_same_results_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "other.xlsx"):
        write_workbook(example_content(), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.xlsx") as parts:
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_run_without_facilities_still_makes_every_sheet(tmp_path: Path) -> None:
    write_workbook(empty_content(), tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames == SHEETS
    assert book["缺口"].cell(_heading_row(book["缺口"]) + 1, 1).value == "（无）"


def test_the_workbook_speaks_english(tmp_path: Path) -> None:
    write_workbook(example_content("en"), tmp_path / "en.xlsx")
    book = openpyxl.load_workbook(tmp_path / "en.xlsx")
    assert book.sheetnames[0] == "Reconciliation"
    assert "Aged 60+" in _headings(book["Communities"])
    values = {cell.value for row in book["Audit"].iter_rows() for cell in row}
    assert {"day care", "operating", "short"} <= values


def test_every_column_has_a_heading_and_a_meaning_in_both_languages() -> None:
    for columns in COLUMNS.values():
        for column in columns:
            for language in ("zh", "en"):
                assert heading(column, language)
                assert meaning(column, language)


def test_the_dictionary_names_every_column_shown() -> None:
    tables = workbook_tables(example_content())
    listed = set(tables["dictionary"]["field"])
    shown = {name for key, table in tables.items() if key != "dictionary" for name in table}
    assert listed == shown


def test_real_data_are_not_called_made_up(tmp_path: Path) -> None:
    content = example_content()
    real = dataclasses.replace(content, about=dataclasses.replace(content.about, synthetic=False))
    write_workbook(real, tmp_path / "real.xlsx")
    book = openpyxl.load_workbook(tmp_path / "real.xlsx")
    texts = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    assert not any("合成数据" in value for value in texts)


def test_typed_columns_are_tinted_open_and_offer_the_words_of_their_state(
    book: openpyxl.Workbook,
) -> None:
    page = book["整改清单"]
    row, heads = _heading_row(page) + 1, _headings(page)
    state = page.cell(row, heads.index("状态") + 1)
    assert state.value == "整改中"
    assert state.fill.start_color.rgb.endswith(TYPED_FILL)
    assert not state.protection.locked
    assert page.cell(row, heads.index("标准值") + 1).protection.locked
    funds = page.cell(row, heads.index("资金") + 1)
    assert (funds.value, funds.number_format) == (12.5, "General")
    assert page.cell(row, heads.index("牵头单位") + 1).data_type == "s"
    offered = page.data_validations.dataValidation[0]
    assert state.coordinate in offered.sqref
    assert offered.formula1 == '"待整改,整改中,待复查,已销号,暂缓"'
    assert "其他填写" not in heads or len(heads) == 21


def test_each_centre_has_a_page_to_sign(book: openpyxl.Workbook) -> None:
    page = book["一户一档"]
    said = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert sum("区民政局（签字）" in one for one in said) == 2
    assert len(page.row_breaks.brk) == 2
    assert not page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.orientation == "portrait"
    breaks = [one.id for one in page.row_breaks.brk]
    assert all(str(page.cell(row + 1, 1).value).startswith("整改一户一档 ·") for row in breaks)
    assert "待定" in said
