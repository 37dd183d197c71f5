"""The same centre in ㎡, 平方米, 亩, and in metres or centimetres: the same findings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.ledgers import LedgerSource, read_ledger
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book
from tests.standards.one_centre import audited, community

BOOKS = tuple(rule_book(name) for name in ("jianbiao-143-2010", "gb-50180-2018"))
PLAIN = ("建筑面积(㎡)", "1000", "门净宽(m)", "0.85")
WRITTEN = [
    ("建筑面积（平方米）", "1000", "门净宽", "0.85m"),
    ("建筑面积", "1000㎡", "门净宽（厘米）", "85"),
    ("建筑面积", "1,000平方米", "门净宽", "85cm"),
    ("建筑面积(亩)", "1.5", "门净宽（毫米）", "850"),
    ("建筑面积", "1.5亩", "门净宽", "850mm"),
]


def findings(folder: Path, area: str, area_cell: str, door: str, door_cell: str) -> pd.DataFrame:
    """Return what the books say of a centre read from a ledger of these headings and cells."""
    file = folder / "centres.csv"
    head = f"编号,名称,设施类型,运营状态,所在社区,服务社区,经度,纬度,面积口径,{area},{door}\n"
    row = f'c,c中心,日间照料,运营,k,k,108.7,34.3,建筑,"{area_cell}",{door_cell}\n'
    file.write_text(head + row, encoding="utf-8")
    centres = read_ledger("centres", LedgerSource(file, datum="wgs84"), crs="EPSG:4545").table
    audit = audited(centres, community())
    return judge(centre_facts(centres, audit), BOOKS).findings


@pytest.mark.parametrize("written", WRITTEN, ids=lambda cells: "-".join(cells))
def test_units_change_no_finding(tmp_path: Path, written: tuple[str, str, str, str]) -> None:
    plain = findings(tmp_path, *PLAIN)
    # 23,400 people are of the second class: 1,085 m², 85 more than there are.
    short = plain.set_index("clause")["short_by"]
    assert short["class-area"] == pytest.approx(85.0)
    assert short["door-width"] == pytest.approx(0.05)
    pd.testing.assert_frame_equal(findings(tmp_path, *written), plain, rtol=1e-9)
