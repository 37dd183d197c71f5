"""Remedies through a whole run: the list typed into a real workbook and run again."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

import planner
from planner.errors import InputFileError, LedgerError, OutputFileError
from planner.workflow.remedies.costs import read_costs
from planner.workflow.remedies.last_list import read_last_list
from planner.workflow.run import RunResult

SHEET = "整改清单"
C1_AREA = "C1/jianbiao-143-2010/class-area"


@pytest.fixture(scope="module")
def first(plain_town: RunResult) -> Path:
    return plain_town.folder.parent


@pytest.fixture
def town(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "town")
    return tmp_path / "town"


@pytest.fixture(scope="module")
def year(first: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run one town again and again; return its folder as it stood after each of the runs."""
    home = tmp_path_factory.mktemp("year")

    def run_again(before: Path, name: str, *changes: Any) -> Path:
        folder = home / name
        shutil.copytree(before, folder)
        for change in changes:
            change(folder)
        planner.run(folder)
        return folder

    unchanged = run_again(first, "unchanged")
    typed = run_again(unchanged, "typed", lambda folder: edited(folder, _typed), _priced)
    cured = run_again(typed, "cured", lambda folder: edited(folder, _moved), _enlarged)
    back = run_again(
        cured, "back", lambda folder: shutil.copy(first / "centres.csv", folder / "centres.csv")
    )
    return {"unchanged": unchanged, "typed": typed, "cured": cured, "back": back}


def page(book: openpyxl.Workbook) -> tuple[Worksheet, int, dict[str, int]]:
    sheet = book[SHEET]
    top = next(r for r in range(1, 40) if sheet.cell(r, 1).value == "缺陷编号")
    return sheet, top, {cell.value: cell.column for cell in sheet[top] if cell.value}


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    sheet, top, heads = page(openpyxl.load_workbook(folder / "out" / "workbook.xlsx"))
    return {
        str(sheet.cell(r, 1).value): {name: sheet.cell(r, c).value for name, c in heads.items()}
        for r in range(top + 1, sheet.max_row + 1)
        if sheet.cell(r, 1).value
    }


def summary(folder: Path) -> dict[str, Any]:
    told = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return dict(told["remedies"])


def edited(folder: Path, change: Any) -> None:
    path = folder / "out" / "workbook.xlsx"
    book = openpyxl.load_workbook(path)
    change(*page(book))
    book.save(path)


def test_the_list_holds_the_short_findings_and_says_what_would_cure_them(first: Path) -> None:
    rows, told = listed(first), summary(first)
    assert C1_AREA in rows
    assert len(rows) == sum(told["defects"].values()) == told["list"].get("found", 0)
    for row in rows.values():
        assert row["变化"] is None
        assert row["措施"]
        assert row["牵头单位"] is None
    book = openpyxl.load_workbook(first / "out" / "workbook.xlsx")
    assert len(book["一户一档"].row_breaks.brk) == told["centres"]


def _typed(sheet: Worksheet, top: int, heads: dict[str, int]) -> None:
    for name, value in {
        "牵头单位": "民政局",
        "资金": 12.5,
        "状态": "整改中",
        "复查人": "张三",
        "佐证": True,
        "配合单位": 0.3,
        "结论": 1234.5,
    }.items():
        sheet.cell(top + 1, heads[name]).value = value
    sheet.cell(top + 1, heads["配合单位"]).number_format = "0%"
    sheet.cell(top + 1, heads["结论"]).number_format = '#,##0.00"元"'


def _priced(folder: Path) -> None:
    """Give the project a table of costs."""
    settings = folder / "project.toml"
    told = settings.read_text(encoding="utf-8")
    settings.write_text(told + '\n[remedies]\ncosts = "costs.csv"\n', encoding="utf-8")
    lines = "措施,单位,单价(元),来源,日期\n扩建,元/㎡,2000,合成数据,2026\n"
    (folder / "costs.csv").write_text(lines, encoding="utf-8")


def _moved(sheet: Worksheet, top: int, heads: dict[str, int]) -> None:
    """Do with the list what people do: rename, add, write anywhere, move."""
    one = sheet.cell(top + 1, 1).value
    sheet.cell(top, heads["牵头单位"]).value = "责任单位"
    sheet.cell(top, sheet.max_column + 1).value = "备注"
    sheet.cell(top + 1, sheet.max_column).value = "下周再看"
    sheet.cell(top + 1, heads["状态"]).value = "差不多了"
    low = sheet.max_row + 1
    sheet.cell(low, 1).value = "自查-1"
    sheet.cell(low, heads["期限"]).value = "2026-12"
    sheet.cell(low + 1, heads["结论"]).value = "没有编号"
    sheet.cell(low + 2, 1).value = one
    sheet.cell(low + 2, heads["佐证"]).value = "又一行"
    sheet.insert_cols(1)
    sheet.title = "我的清单"


def _enlarged(folder: Path) -> None:
    """Give C1 all the floor area that it lacks."""
    ledger = folder / "centres.csv"
    text = ledger.read_bytes().decode("gb18030")
    assert ",700," in text
    ledger.write_bytes(text.replace(",700,", ",7000,").encode("gb18030"))


def test_typed_cells_are_there_after_a_rerun_and_the_name_nowhere_else(
    first: Path, year: dict[str, Path]
) -> None:
    books = [folder / "out" / "workbook.xlsx" for folder in (first, year["unchanged"])]
    assert books[0].read_bytes() == books[1].read_bytes()
    row = listed(year["typed"])[C1_AREA]
    assert (row["牵头单位"], row["资金"], row["状态"], row["复查人"]) == (
        "民政局",
        12.5,
        "整改中",
        "张三",
    )
    assert row["变化"] is None
    assert (row["佐证"], row["配合单位"], row["结论"]) == (True, 0.3, 1234.5)
    sheet, top, heads = page(openpyxl.load_workbook(year["typed"] / "out" / "workbook.xlsx"))
    found = next(r for r in range(top, sheet.max_row + 1) if sheet.cell(r, 1).value == C1_AREA)
    told = {name: sheet.cell(found, column).number_format for name, column in heads.items()}
    assert told["配合单位"] == "0%"
    assert told["结论"] == '#,##0.00"元"'
    assert told["资金"] == "General"
    for file in (year["typed"] / "out").iterdir():
        if file.suffix in (".json", ".html", ".gpkg"):
            assert "张三".encode() not in file.read_bytes(), file.name


def test_moved_renamed_and_own_columns_are_told(town: Path) -> None:
    edited(town, _typed)
    edited(town, _moved)
    last = read_last_list(town / "out" / "workbook.xlsx")
    keys = {notice.key.removeprefix("remedies.last_") for notice in last.notices}
    assert keys == {
        "renamed", "columns_gone", "columns_own", "progress", "no_id", "twice",
    }  # fmt: skip
    assert "差不多" not in "".join(str(notice) for notice in last.notices)


def test_moved_renamed_and_own_columns_are_kept(year: dict[str, Path]) -> None:
    rows = listed(year["cured"])
    assert rows[C1_AREA]["其他填写"] == "责任单位：民政局；备注：下周再看"
    assert rows[C1_AREA]["状态"] == "差不多了"
    assert rows["自查-1"]["期限"] == "2026-12"
    assert rows["自查-1"]["变化"] == "编号不识，原样保留"
    assert "没有编号" in {row["结论"] for row in rows.values()}
    assert rows[f"{C1_AREA}#2"]["佐证"] == "又一行"
    assert rows[f"{C1_AREA}#2"]["变化"] == "编号重复，原样保留"


def test_a_cured_defect_waits_to_be_checked_and_may_come_back(year: dict[str, Path]) -> None:
    assert listed(year["cured"])[C1_AREA]["变化"] == "已消除待复查"
    assert summary(year["cured"])["list"]["gone"] == 1
    assert listed(year["back"])[C1_AREA]["变化"] == "再次出现"


def test_a_workbook_that_cannot_be_read_stops_the_run(town: Path) -> None:
    path = town / "out" / "workbook.xlsx"
    edited(town, lambda sheet, top, _heads: setattr(sheet.cell(top, 1), "value", "号"))
    with pytest.raises(InputFileError, match="缺陷编号"):
        planner.run(town)
    path.write_bytes(b"PK broken")
    with pytest.raises(InputFileError, match="打不开"):
        planner.run(town)
    assert path.read_bytes() == b"PK broken"


def test_the_list_of_the_folder_is_kept_beside_the_one_that_is_named(town: Path) -> None:
    one, two = next(iter(listed(town))), "自查-1"
    shutil.copy2(town / "out" / "workbook.xlsx", town / "last.xlsx")
    settings = town / "project.toml"
    more = '\n[remedies]\nlast = "last.xlsx"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    edited(town, _typed)
    book = openpyxl.load_workbook(town / "last.xlsx")
    sheet, top, heads = page(book)
    sheet.cell(top + 1, heads["牵头单位"]).value = "旧单位"
    sheet.cell(top + 2, 1).value = two
    sheet.cell(top + 2, heads["佐证"]).value = "照片"
    book.save(town / "last.xlsx")
    for _ in range(2):
        planner.run(town)
        rows = listed(town)
        assert (rows[one]["牵头单位"], rows[one]["资金"]) == ("民政局", 12.5)
        assert rows[two]["佐证"] == "照片"
    lines = [cell.value for cell in _sheet(town)["A"] if cell.value]
    (told,) = [line for line in lines if "last.xlsx 有" in line]
    assert one in told
    assert "旧单位" not in told


def _sheet(folder: Path) -> Worksheet:
    return openpyxl.load_workbook(folder / "out" / "workbook.xlsx")[SHEET]


def test_merged_doubled_commented_and_computed_cells_are_kept_and_told(town: Path) -> None:
    one, two = next(iter(listed(town))), "自查-1"

    def change(sheet: Worksheet, top: int, heads: dict[str, int]) -> None:
        lead, wide = heads["牵头单位"], sheet.max_column
        sheet.cell(top + 2, 1).value = two
        sheet.cell(top + 1, lead).value = "民政局"
        sheet.merge_cells(start_row=top + 1, end_row=top + 2, start_column=lead, end_column=lead)
        for shift, heading in enumerate(("期限", "备注", "备注"), start=1):
            sheet.cell(top, wide + shift).value = heading
            sheet.cell(top + 1, wide + shift).value = f"第{shift}列"
        sheet.cell(top + 1, heads["期限"]).value = "本月"
        sheet.cell(top + 1, heads["资金"]).value = "=1+2"
        sheet.cell(top + 2, heads["佐证"]).comment = Comment("见\n会议纪要", "某人")

    edited(town, change)
    last = read_last_list(town / "out" / "workbook.xlsx")
    keys = {notice.key.removeprefix("remedies.last_") for notice in last.notices}
    assert keys == {"merged", "columns_again", "columns_own", "formulas", "comments"}
    rows = last.rows
    assert rows.loc[[one, two], "lead_unit"].tolist() == ["民政局", "民政局"]
    assert rows.loc[one, "due"] == "本月"
    assert rows.loc[one, "funds"] == "=1+2"
    assert rows.loc[one, "other_typed"] == "期限：第1列；备注：第2列；备注：第3列"
    assert "见 会议纪要" in str(rows.loc[two, "other_typed"])


def test_sheets_of_the_planner_s_own_are_told_and_kept_for_good(town: Path) -> None:
    path = town / "out" / "workbook.xlsx"
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book[SHEET]).title = f"{SHEET} (2)"
    book.create_sheet("我的笔记")["A1"] = "记"
    book.save(path)
    typed = path.read_bytes()
    planner.run(town)
    assert (town / "out" / "workbook.last.xlsx").read_bytes() == typed
    lines = " ".join(str(cell.value) for cell in _sheet(town)["A"] if cell.value)
    assert f"{SHEET} (2)、我的笔记" in lines
    planner.run(town)
    kept = [file for file in (town / "out").glob("workbook.2*.xlsx") if file.read_bytes() == typed]
    assert len(kept) == 1
    assert kept[0].name in lines


def test_what_is_typed_while_a_run_works_stops_it(town: Path) -> None:
    path = town / "out" / "workbook.xlsx"
    saved: list[bytes] = []

    def meanwhile(step: int, *_: Any) -> None:
        if step > 3 and not saved:
            edited(town, _typed)
            saved.append(path.read_bytes())

    with pytest.raises(OutputFileError, match="运行期间被改动"):
        planner.run(town, progress=meanwhile)
    assert path.read_bytes() == saved[0]


def test_typing_in_our_own_columns_is_refused(first: Path) -> None:
    sheet, top, heads = page(openpyxl.load_workbook(first / "out" / "workbook.xlsx"))
    refused = [one for one in sheet.data_validations.dataValidation if one.type == "custom"]
    assert [one.formula1 for one in refused] == ["FALSE"]
    for heading, column in heads.items():
        cell = sheet.cell(top + 1, column)
        ours = heading in ("缺陷编号", "变化", "名称", "条款", "标准值", "现状", "差值", "措施",
                           "面积(m²)", "费用(元)", "优先级")  # fmt: skip
        assert (str(cell.coordinate) in refused[0].sqref) == ours, heading
    assert not sheet.protection.sheet


def test_a_workbook_saved_by_libreoffice_is_read_alike(town: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    edited(town, _typed)
    path = town / "out" / "workbook.xlsx"
    book = openpyxl.load_workbook(path)
    for name in book.sheetnames:
        if name != SHEET:
            del book[name]
    small = tmp_path / "small.xlsx"
    book.save(small)
    command = [
        office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "resaved"),
        str(small),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = read_last_list(tmp_path / "resaved" / "small.xlsx").rows
    plain = read_last_list(small).rows
    assert again.fillna("").astype(str).equals(plain.fillna("").astype(str))


def test_costs_are_the_planner_s_own(year: dict[str, Path], town: Path) -> None:
    table = read_costs(year["typed"] / "costs.csv")
    assert table[["unit", "price_yuan", "source"]].to_numpy().tolist() == [
        ["元/m²", 2000, "合成数据"]
    ]
    told = summary(year["typed"])
    assert told["cost_known_yuan"] == 2000 * told["measures"]["enlarge"]["m2"] > 0
    _priced(town)
    wrong = "措施,单位,单价(元)\n扩建,,2000\n刷墙,元/处,5\n"
    (town / "costs.csv").write_text(wrong, encoding="gb18030")
    for call in (planner.check, planner.run):
        with pytest.raises(LedgerError) as caught:
            call(town)
        assert [one.fields["row"] for one in caught.value.problems] == [2, 3]


def test_a_new_project_comes_with_a_table_to_price(tmp_path: Path) -> None:
    planner.init(tmp_path / "new")
    assert read_costs(tmp_path / "new" / "remedy_costs.csv").empty


def test_whatever_kind_of_value_is_typed_the_next_run_keeps_it(town: Path) -> None:
    typed = {
        "期限": (datetime.timedelta(hours=36), "[h]:mm", "36:00"),
        "复查日期": (datetime.time(9, 30), "hh:mm", "09:30:00"),
        "结论": (datetime.date(2026, 12, 31), "yyyy-mm-dd", "2026-12-31"),
        "佐证": (13_812_345_678, "0", 13_812_345_678),
        "资金": (12_345_678.91, "General", 12_345_678.91),
        "配合单位": (123_456_789.125, "#,##0.000", 123_456_789.125),
        "牵头单位": ("00123", "@", "00123"),
    }

    def change(sheet: Worksheet, top: int, heads: dict[str, int]) -> None:
        for name, (value, form, _) in typed.items():
            sheet.cell(top + 1, heads[name]).value = value
            sheet.cell(top + 1, heads[name]).number_format = form

    one = next(iter(listed(town)))
    edited(town, change)
    planner.run(town)
    assert {name: listed(town)[one][name] for name in typed} == {
        name: kept for name, (_, _, kept) in typed.items()
    }
