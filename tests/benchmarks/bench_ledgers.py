"""A ledger of 200,000 centres read, judged and projected, against pandas reading the same file.

pandas only reads: it looks for no headings, judges nothing and knows no places. Its default engine
for xlsx is openpyxl (as of pandas 3; from a later release on it will be calamine, which is measured
too). Both take turns on the same file in one process; what counts is the best of three, of openpyxl
the only one, since it takes most of a minute.

Run as ``python -m tests.benchmarks.bench_ledgers``.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import openpyxl
import pandas as pd

from planner.ledgers import LedgerSource, read_ledger
from tests.ledgers.zoo import write_csv

ROWS: Final = 200_000
BARS: Final = {"csv": 4.0, "csv in GB18030": 4.0, "xlsx": 2.0}
"""At most how many times as long as pandas takes to read."""

Engine = Literal["openpyxl", "calamine"]
FASTEST: Final[dict[str, tuple[str, Engine | None]]] = {
    "csv": ("C parser", None),
    "csv in GB18030": ("C parser", None),
    "xlsx": ("calamine", "calamine"),
}

HEADINGS: Final = (
    "编号", "名称", "设施类型", "运营状态", "所在街道", "所在社区", "服务社区", "经度", "纬度",
    "建筑面积", "面积口径", "共用面积", "功能用房", "楼层", "日托位", "床位",
)  # fmt: skip


def rows_of(count: int) -> list[list[Any]]:
    """Return the rows of a ledger as the sample has them, of as many centres as asked."""
    generator = np.random.default_rng(20_260_101)
    places = generator.uniform((108.5, 34.2), (109.0, 34.6), (count, 2)).round(6).tolist()
    figures = generator.uniform(100, 1_600, (count, 2)).round(1).tolist()
    storeys = generator.integers(1, 5, count).tolist()
    persons = generator.integers(5, 60, (count, 2)).tolist()
    return [
        [
            f"C{number:06d}", f"第{number}日间照料中心", "日间照料中心", "运营",
            f"第{number % 20}街道",
            f"第{number % 500}社区", f"第{number % 500}社区、第{(number + 1) % 500}社区",
            *places[number], figures[number][0], "建筑面积", None, "休息室、餐厅、阅览室",
            storeys[number], *persons[number],
        ]
        for number in range(count)
    ]  # fmt: skip


def write_workbook(path: Path, rows: list[list[Any]]) -> Path:
    """Write a workbook row by row."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("台账")
    for row in (list(HEADINGS), *rows):
        page.append(row)
    book.save(path)
    return path


def _seconds(job: Callable[[], object]) -> float:
    before = time.perf_counter()
    job()
    return time.perf_counter() - before


def _ours(path: Path) -> Callable[[], object]:
    return lambda: read_ledger("centres", LedgerSource(path, "gcj02"))


def _pandas(path: Path, engine: Engine | None) -> Callable[[], object]:
    """Return pandas' reading of a file, by the engine named or its default one."""

    def read() -> object:
        if path.suffix == ".csv":
            return pd.read_csv(path, encoding="gb18030" if path.stem == "b" else "utf-8")
        with warnings.catch_warnings():
            # pandas announces that its default engine will be another.
            warnings.simplefilter("ignore")
            return pd.read_excel(path) if engine is None else pd.read_excel(path, engine=engine)

    return read


def main() -> dict[str, float]:
    """Print the table and return the ratio of our time to pandas', by file and engine."""
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(ROWS)
        files = {
            "csv": write_csv(Path(folder) / "a.csv", HEADINGS, rows),
            "csv in GB18030": write_csv(Path(folder) / "b.csv", HEADINGS, rows, "gb18030"),
            "xlsx": write_workbook(Path(folder) / "a.xlsx", rows),
        }
        small = write_csv(Path(folder) / "small.csv", HEADINGS, rows[:100])
        del rows
        read_ledger("centres", LedgerSource(small, "gcj02"))  # loads projections and word lists
        print(f"{ROWS:,} centres, {len(HEADINGS)} columns, gcj02: read, judged and projected")
        print(f"{'':32}{'pandas reads':>14}{'ours':>10}{'ratio':>9}   bar")
        for kind, path in files.items():
            name, engine = FASTEST[kind]
            theirs, ours = [], []
            for _ in range(3):
                theirs.append(_seconds(_pandas(path, engine)))
                ours.append(_seconds(_ours(path)))
            contenders = [(name, min(theirs))]
            if kind == "xlsx":
                contenders.append(("openpyxl, the default", _seconds(_pandas(path, None))))
            for name, seconds in contenders:
                ratio = min(ours) / seconds
                ratios[f"{kind}, {name}"] = ratio
                print(
                    f"{kind + ', ' + name:32}{seconds:12.2f} s{min(ours):8.2f} s{ratio:8.2f}×"
                    f"   {BARS[kind]:.0f}×"
                )
    return ratios


if __name__ == "__main__":
    main()
