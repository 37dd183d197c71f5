"""失能 and 独居: read, held against 60+, filled in by declared shares, and marked as estimates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from planner.ledgers import Ledger, LedgerSource, estimated_columns, read_ledger
from tests.ledgers import zoo

HEADINGS = ("编号", "常住人口", "60岁以上", "80岁以上", "失能老年人数", "独居老人", "经度", "纬度")


def residents(tmp_path: Path, rows: Sequence[Sequence[Any]], **declared: Any) -> Ledger:
    file = zoo.write_csv(tmp_path / "居民.csv", HEADINGS, [(*row, 108.7, 34.3) for row in rows])
    return read_ledger("residents", LedgerSource(file, "wgs84", **declared), crs=zoo.METRES)


def test_they_are_read_and_held_against_those_aged_60(tmp_path: Path) -> None:
    rows = [("r1", 100, 20, 5, 3, 4), ("r2", 100, 20, 5, 25, 20), ("r3", 100, 20, 5, 20, 21)]
    ledger = residents(tmp_path, rows)
    assert ledger.table["disabled"].to_dict()["r1"] == 3.0
    assert ledger.table["disabled"].isna().to_list() == [False, True, False]
    assert ledger.table["living_alone"].isna().to_list() == [False, False, True]
    assert zoo.keys(ledger, row=3) == ["part_above_whole"]
    told = ledger.findings[ledger.findings["row"] == 3].iloc[0]
    assert (told["severity"], told["action"], told["column"]) == (
        "grave",
        "emptied",
        "失能老年人数",
    )
    assert estimated_columns(ledger).empty


def test_a_declared_share_fills_what_is_not_given(tmp_path: Path) -> None:
    rows = [("r1", 100, 20, 5, 3, None), ("r2", 100, 20, 5, 25, None), ("r3", 50, None, 1, None, 2),
            ("r4", 100, 40, 5, None, None)]  # fmt: skip
    ledger = residents(
        tmp_path, rows, disabled_share=0.1, living_alone_share=0.25, shares_source="某市抽样调查"
    )
    # r2's 25 of 20 was impossible: it stays unknown, an estimate would hide the fault.
    disabled = ledger.table["disabled"]
    assert disabled.isna().to_list() == [False, True, True, False]
    assert disabled[["r1", "r4"]].to_list() == [3.0, 4.0]
    assert ledger.table["living_alone"][["r1", "r2", "r4"]].to_list() == [5.0, 5.0, 10.0]
    assert estimated_columns(ledger).to_dict() == {"disabled": 1, "living_alone": 3}
    told = zoo_finding(ledger, "residents.share_taken")
    assert told[0]["source"] == "某市抽样调查"
    assert "residents.share_without_source" not in set(ledger.findings["key"])


def zoo_finding(ledger: Ledger, key: str) -> list[dict[str, Any]]:
    return list(ledger.findings[ledger.findings["key"] == key]["fields"])


def test_shares_of_elders_come_before_those_of_elders(tmp_path: Path) -> None:
    """失能 is a share of 60+, also of a 60+ that is itself estimated; without a source, told."""
    rows = [("r1", 100, None, None, None, None)]
    ledger = residents(tmp_path, rows, elderly_share_60=0.2, disabled_share=0.1)
    assert ledger.table["disabled"].to_list() == pytest.approx([2.0])
    assert estimated_columns(ledger).to_dict() == {"elderly_60": 1, "disabled": 1}
    assert zoo_finding(ledger, "residents.share_without_source") == [
        {"columns": "elderly_60、disabled"}
    ]


@pytest.mark.parametrize("name", ["disabled_share", "living_alone_share"])
@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_a_share(name: str, share: float) -> None:
    shares: dict[str, Any] = {name: share}
    with pytest.raises(ValueError, match="0 to 1"):
        LedgerSource(Path("a.csv"), **shares)


def test_whose_figures_count_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="counts_from"):
        LedgerSource(Path("a.csv"), counts_from="census")
