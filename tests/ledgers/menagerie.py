"""Ledgers as bureaus send them, good and bad, each with all that is to be found in it.

``used`` are the ids used; ``told`` all findings, as ``row key`` (row 0: the whole file), but for
the encoding of text files; ``aside`` those of them that set a row aside. ``error`` is the refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from tests.ledgers.old_excel import Page, write_xls
from tests.ledgers.zoo import write_csv

Rows = list[list[Any]]
HEAD = ["编号", "名称", "设施类型", "运营状态", "所在街道", "经度", "纬度", "建筑面积"]
TITLE: list[Any] = ["某区养老服务设施台账（2024年）"]
ABC = ["C1", "C2", "C3"]


def centre(number: int, **changes: Any) -> list[Any]:
    """Return a row without any fault, changed."""
    good = {
        "编号": f"C{number}", "名称": f"第{number}中心", "设施类型": "日间照料", "运营状态": "运营",
        "所在街道": "东街道", "经度": 108.7 + number / 100, "纬度": 34.33, "建筑面积": 100 * number,
    }  # fmt: skip
    return list((good | changes).values())


def three(**changes: Any) -> Rows:
    """Return three rows, the second changed."""
    return [centre(1), centre(2, **changes), centre(3)]


@dataclass(frozen=True)
class Case:
    """One ledger."""

    name: str
    write: Callable[[Path], Path]
    told: str = ""
    used: Sequence[str] = tuple(ABC)
    aside: Sequence[int] = ()
    error: str = ""
    table: str = "centres"
    reading: dict[str, Any] = field(default_factory=dict)


def xlsx(
    rows: Rows,
    *merged: str,
    hidden: Sequence[int] = (),
    change: Callable[[Any], None] | None = None,
) -> Callable[[Path], Path]:
    """Return what writes a workbook; ``change`` gets its sheet."""

    def write(folder: Path) -> Path:
        book = openpyxl.Workbook()
        page = book.active
        for row in rows:
            page.append(row)
        for area in merged:
            page.merge_cells(area)
        for number in hidden:
            page.row_dimensions[number].hidden = True
        if change is not None:
            change(page)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return write


def sheets(**pages: Rows) -> Callable[[Path], Path]:
    """Return what writes a workbook of several sheets; those called 藏… are hidden."""

    def write(folder: Path) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in pages.items():
            page = book.create_sheet(title)
            page.sheet_state = "hidden" if title.startswith("藏") else "visible"
            for row in rows:
                page.append(row)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return write


def csv(rows: Rows, encoding: str = "gb18030", name: str = "a.csv") -> Callable[[Path], Path]:
    """Return what writes a text file."""
    delimiter = "\t" if name.endswith("tsv") else ","
    return lambda folder: write_csv(folder / name, rows[0], rows[1:], encoding, delimiter)


def text(content: str, name: str = "a.csv") -> Callable[[Path], Path]:
    """Return what writes a text as it is."""

    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode("gb18030"))
        return folder / name

    return write


def xls(*pages: Page) -> Callable[[Path], Path]:
    """Return what writes an old workbook."""
    return lambda folder: write_xls(folder / "a.xls", *pages)


def renamed(write: Callable[[Path], Path], name: str) -> Callable[[Path], Path]:
    """Return what writes a file and gives it another name."""
    return lambda folder: write(folder).rename(folder / name)


def formats(cells: dict[str, str]) -> Callable[[Any], None]:
    """Return what gives cells a number format."""

    def change(page: Any) -> None:
        for place, code in cells.items():
            page[place].number_format = code

    return change


def error_cell(page: Any) -> None:
    page["H3"].value, page["H3"].data_type = "#REF!", "e"


def hidden_column(page: Any) -> None:
    page.column_dimensions["E"].hidden = True


TOTAL = ["合计", None, None, None, None, None, None, 600]
STREET = ["东街道小计", None, None, None, None, None, None, 300]
NOTE = ["注：1.面积为建筑面积。"]
WHO = ["填表人：张某某", None, "联系电话：13900000000"]
WIDE: list[Any] = [None] * 7
TWO_ROWS: Rows = [
    ["社区名称", "街道", "人口", None, None, "经度", "纬度"],
    [None, None, "总数", "其中60岁以上", "80岁以上", None, None],
    ["甲社区", "东街道", 1000, 190, 20, 108.70, 34.33],
    ["乙社区", "东街道", 2000, 400, 50, 108.71, 34.33],
]
PEOPLE = ["社区名称", "街道", "常住人口", "60岁以上", "经度", "纬度"]
GOOD_PEOPLE: Rows = [
    ["甲社区", "东街道", 1000, 190, 108.70, 34.33],
    ["乙社区", "东街道", 2000, 400, 108.71, 34.33],
]
MADE = ["Q0003", "Q0004"]
POINTS = "0 ids_made; 0 kind_assumed; 0 outline_is_point"
PEOPLE_TOLD = f"{POINTS}; 0 population_kind_found"


def people(changes: dict[str, Any], headings: Sequence[str] = PEOPLE) -> Rows:
    """Return a ledger of communities, the first changed."""
    first = list((dict(zip(PEOPLE, GOOD_PEOPLE[0], strict=True)) | changes).values())
    return [list(headings), first, GOOD_PEOPLE[1]]


def cut(path: Path) -> Path:
    """Return a file with its second half cut off."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path
