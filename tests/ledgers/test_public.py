"""The readers for notebooks, and the sample as they read it."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from planner.ledgers import (
    LedgerSource,
    LedgerWarning,
    read_candidates,
    read_centres,
    read_communities,
    read_estates,
    read_ledger,
    read_residents,
)
from tests.ledgers import zoo

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
HEADINGS = ("编号", "名称", "设施类型", "运营状态", "经度", "纬度", "建筑面积")
GOOD = ("C1", "甲", "日间照料", "运营", 108.7, 34.33, 400)


def test_a_clean_ledger_warns_of_nothing(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, [GOOD])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = read_centres(file, datum="wgs84")
    assert table.index.to_list() == ["C1"]


def test_what_is_lost_is_warned_of(tmp_path: Path) -> None:
    rows = [GOOD, GOOD, ("C2", "乙", "日间照料", "运营", 108.7, 34.33, "3-4")]
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, rows)
    with pytest.warns(
        LedgerWarning, match="读取 3 行，1 行未采用，1 处按未知处理.*第 3 行.*完全重复"
    ):
        table = read_centres(str(file), datum="wgs84", columns={"name": "名称"})
    assert len(table) == 2


def test_a_plan_in_degrees_is_refused(tmp_path: Path) -> None:
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, [GOOD])
    with pytest.raises(ValueError, match="metre CRS"):
        read_centres(file, datum="wgs84", crs=4326)


def test_every_reader(tmp_path: Path) -> None:
    town = zoo.town().reset_index(names="代码").rename(columns={"name": "名称"})
    town.to_file(tmp_path / "a.gpkg")
    communities = read_communities(tmp_path / "a.gpkg")
    assert communities.index.to_list() == ["A", "B", "C"]
    file = zoo.write_csv(tmp_path / "c.csv", HEADINGS, [GOOD])
    assert len(read_centres(file, datum="wgs84", communities=communities)) == 1
    rows = [("K1", "甲", 108.7, 34.33, 300)]
    headings = ("编号", "名称", "经度", "纬度", "面积")
    file = zoo.write_csv(tmp_path / "k.csv", headings, rows)
    assert len(read_candidates(file, datum="gcj02", crs=4545)) == 1
    assert len(read_estates(file, datum="gcj02")) == 1
    file = zoo.write_csv(tmp_path / "r.csv", ("人口", "经度", "纬度"), [(100, 108.7, 34.3)])
    table = read_residents(file, datum="wgs84", elderly_share_60=0.19, communities=communities)
    assert table["elderly_60"].to_list() == pytest.approx([19.0])


def test_the_sample() -> None:
    if not (SAMPLE / "communities.gpkg").exists():
        pytest.skip("the sample is not made yet")
    communities = read_ledger(
        "communities", LedgerSource(SAMPLE / "communities.gpkg", "cgcs2000", population_kind="常住")
    )
    assert communities.crs.to_epsg() == 4545
    assert not (communities.findings["severity"] == "grave").any()
    town = communities.table
    residents = read_ledger(
        "residents", LedgerSource(SAMPLE / "residents.gpkg", "cgcs2000"), communities=town
    )
    for column in ("population", "elderly_60", "elderly_65", "elderly_80"):
        kept = residents.table.groupby("community")[column].sum()
        assert kept.to_dict() == pytest.approx(town[column].to_dict(), rel=1e-9)
    centres = read_ledger(
        "centres", LedgerSource(SAMPLE / "centres.csv", "gcj02"), communities=town
    )
    # The honest faults that the sample is made with (data/make_sample.py).
    assert {"row_repeated", "area_missing", "swapped", "outside_district"} <= set(zoo.keys(centres))
    # GCJ-02 undone: centres stand in the communities that the ledger says.
    assert zoo.keys(centres).count("community_differs") <= 2
    for table, file in (("candidates", "candidates.xlsx"), ("estates", "estates.xlsx")):
        ledger = read_ledger(table, LedgerSource(SAMPLE / file, "gcj02"), communities=town)
        assert len(ledger.table) > 0
        assert ledger.crs == communities.crs
