"""Centres without coordinates: by the planner's address table, else at their community."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.ledgers import Ledger, LedgerSource, place_centres, read_addresses, read_ledger
from planner.ledgers.addresses import normalised_address
from tests.ledgers import zoo
from tests.ledgers.test_wrong_places import degrees

HEADINGS = ("编号", "名称", "设施类型", "运营状态", "所在社区", "地址", "建筑面积", "经度", "纬度")
IN_A, IN_B = degrees(500, 500), degrees(1500, 500)


def centre(
    name: str,
    address: str = "",
    community: str = "",
    place: tuple[Any, Any] = ("", ""),
) -> list[Any]:
    return [name, name, "日间照料", "运营", community, address, 300, *place]


def placed(
    tmp_path: Path, rows: list[list[Any]], table: list[list[Any]] | None, **how: Any
) -> Ledger:
    town = zoo.town()
    addresses = None
    if table is not None:
        headings = ("地址", "经度", "纬度", "联系电话")
        full = [[*row, "13900000000"] for row in table]
        file = zoo.write_csv(tmp_path / "地址.csv", headings, full, encoding="gb18030")
        addresses = read_addresses(LedgerSource(file, "wgs84"), crs=town.crs)
    file = zoo.write_csv(tmp_path / "设施.csv", HEADINGS, rows)
    ledger = read_ledger("centres", LedgerSource(file, "wgs84"), crs=town.crs)
    return place_centres(ledger, town, addresses=addresses, **how)


def told(ledger: Ledger, key: str) -> pd.DataFrame:
    return ledger.findings[ledger.findings["key"] == f"datum.{key}"]


def test_by_address_before_community(tmp_path: Path) -> None:
    rows = [
        centre("C1", "东街12号3栋", "甲社区"),
        centre("C2", "没有的路1号", "甲社区"),
        centre("C3", "没有的路1号"),
        centre("C4", "", "乙社区"),
        centre("C5", "东街12号3栋", place=IN_A),
    ]
    ledger = placed(tmp_path, rows, [["东街１２号 三号楼", *IN_B], ["西街1号", *IN_A]])
    assert ledger.table["position"].to_list() == [
        "given", "approximate", "none", "approximate", "given",
    ]  # fmt: skip
    town = zoo.town()
    # The ledger's word on the community stands, the place is the address table's.
    assert ledger.table.geometry["C1"].within(town.geometry["B"])
    assert ledger.table["community"]["C1"] == "A"
    # Its own coordinates go before its address.
    assert ledger.table.geometry["C5"].within(town.geometry["A"])
    assert told(ledger, "placed_by_address")["row"].to_list() == [2]
    assert told(ledger, "address_unmatched")["id"].to_list() == ["C2", "C3"]
    assert told(ledger, "no_address")["id"].to_list() == ["C4"]
    assert told(ledger, "addresses_used")["fields"].iloc[0] == {
        "file": "地址.csv", "rows": 2, "usable": 2, "placed": 1, "lost": 3,
    }  # fmt: skip
    assert "13900000000" not in ledger.findings.to_csv() + ledger.table.to_csv()


def test_every_centre_is_kept(tmp_path: Path) -> None:
    """A centre without coordinates is audited all the same: it stays in the table."""
    ledger = placed(tmp_path, [centre("C1"), centre("C2", "路1号")], None)
    assert ledger.table["position"].to_list() == ["none", "none"]
    assert len(ledger.set_aside) == 0
    assert ledger.table["area_m2"].to_list() == [300.0, 300.0]


def test_an_address_with_two_places_is_not_guessed(tmp_path: Path) -> None:
    table = [["东街1号", *IN_A], ["东街1", *IN_B], ["西街2号", *IN_A], ["西街2号", *IN_A]]
    ledger = placed(tmp_path, [centre("C1", "东街1号"), centre("C2", "西街2号")], table)
    assert ledger.table["position"].to_list() == ["none", "given"]
    assert len(told(ledger, "address_ambiguous")) == 1
    twice = told(ledger, "address_twice")
    assert (twice["file"].iloc[0], twice["fields"].iloc[0]) == ("地址.csv", {"address": "东街1号"})


def test_bad_coordinates_in_the_address_table_are_told(tmp_path: Path) -> None:
    table: list[list[Any]] = [["东街1号", "", ""], ["西街2号", 0, 0], ["南街3号", *IN_A]]
    ledger = placed(tmp_path, [centre("C1", "东街1号")], table)
    assert ledger.table["position"].to_list() == ["none"]
    rows = told(ledger, "address_without_place")
    assert rows["row"].to_list() == [2, 3]
    assert set(rows["file"]) == {"地址.csv"}


def test_an_address_table_needs_addresses(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", ["名称", "经度", "纬度"], [["甲", *IN_A]])
    with pytest.raises(LedgerError) as caught:
        read_addresses(LedgerSource(file, "wgs84"), crs=zoo.METRES)
    assert caught.value.problems[0].fields["label"] == "地址"


def test_accepted_places_count_and_stay_marked(tmp_path: Path) -> None:
    rows = [centre("C1", "", "乙社区"), centre("C2"), centre("C3", place=IN_A)]
    ledger = placed(tmp_path, rows, None, accept_approximate=True)
    assert ledger.table["position"].to_list() == ["accepted", "none", "given"]
    assert told(ledger, "place_accepted")["fields"].iloc[0] == {"community": "乙社区"}
    assert "place_approximate" not in zoo.keys(ledger)


SAME = {
    "渭阳西路12号3幢": [
        "渭阳西路１２号３幢",
        "渭阳西路 12号 3栋",
        "渭阳西路十二号三号楼",
        "渭阳西路12号3座",
    ],
    "东大街5弄7号": ["东大街五弄七号", "东大街5弄7", "东大街（5弄）7号", "东大街５弄，７号。"],
    "a幢": ["A座", "Ａ栋", "a 幢"],
    "五一路20号": ["五一路二十号", "五一路20", "五一路２０号"],
    "南街12-3号": ["南街12－3号", "南街１２—３", "南街 12~3号"],
}


@pytest.mark.parametrize("address", SAME)
def test_one_address_written_differently(address: str) -> None:
    assert {normalised_address(one) for one in (address, *SAME[address])} == {address}


def test_other_addresses_stay_others() -> None:
    apart = ["南街123号", "南街12-3号", "南街12号3幢", "南街12号3楼", "南街12弄3号", "北街123号"]
    assert len({normalised_address(one) for one in apart}) == len(apart)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(address: str) -> None:
    once = normalised_address(address)
    assert normalised_address(once) == once
