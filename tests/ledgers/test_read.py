"""Every rule that a ledger row is held against, at least once, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import LedgerError
from planner.labels import LANGUAGES
from planner.ledgers import Ledger, LedgerSource, finding_text, from_wgs84, read_ledger
from planner.ledgers.findings import FINDING_COLUMNS, SET_ASIDE_COLUMNS
from planner.tables import LEDGER_TABLES, check
from tests.ledgers import zoo

HEADINGS = ("编号", "名称", "设施类型", "运营状态", "经度", "纬度", "建筑面积", "楼层")
GOOD = ("C1", "甲", "日间照料", "运营", 108.70, 34.33, 400, 1)


def centre(**changes: Any) -> tuple[Any, ...]:
    """Return a good row with some cells changed."""
    named = dict(zip(HEADINGS, GOOD, strict=True))
    return tuple((named | changes).values())


def centres(
    tmp_path: Path, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, **reading: Any
) -> Ledger:
    file = zoo.write_csv(tmp_path / "设施.csv", headings, rows)
    source = LedgerSource(file, **({"datum": "wgs84"} | reading))
    return read_ledger("centres", source)


def test_a_clean_ledger_has_no_finding_but_its_encoding(tmp_path: Path) -> None:
    ledger = centres(tmp_path, GOOD)
    assert zoo.keys(ledger) == ["encoding_found"]
    assert tuple(ledger.findings.columns) == FINDING_COLUMNS
    assert tuple(ledger.set_aside.columns) == SET_ASIDE_COLUMNS
    assert list(ledger.table.columns) == [
        "name", "centre_kind", "status", "community", "street", "address", "serves", "area_m2",
        "area_kind", "shared_m2", "rooms", "services", "floor", "capacity_persons", "beds",
        "opens_year", "works", "position", "geometry",
    ]  # fmt: skip
    check(LEDGER_TABLES["centres"], ledger.table)


def test_exact_repeats_are_set_aside(tmp_path: Path) -> None:
    headings = ("序号", *HEADINGS, "备注", "电话")
    rows = [(1, *GOOD, "x", "111"), (2, *centre(编号="C2"), "", ""), (3, *GOOD, "x", "222")]
    ledger = centres(tmp_path, *rows, headings=headings)
    assert ledger.rows_read == 3
    assert ledger.table.index.to_list() == ["C1", "C2"]
    assert ledger.set_aside.iloc[0].to_dict() == {
        "file": "设施.csv",
        "row": 4,
        "id": "C1",
        "key": "ledgers.row_repeated",
        "fields": {"first": 2},
    }
    assert zoo.keys(ledger, row=4) == ["row_repeated"]


def test_an_id_with_other_content_is_set_aside_and_grave(tmp_path: Path) -> None:
    ledger = centres(tmp_path, GOOD, centre(名称="乙"))
    assert ledger.table["name"].to_list() == ["甲"]
    found = zoo.finding(ledger, "id_repeated")
    assert (found["row"], found["severity"], found["action"]) == (3, "grave", "set_aside")
    assert "第 2 行" in finding_text(found)


def test_a_remark_makes_a_repeat_no_repeat(tmp_path: Path) -> None:
    headings = (*HEADINGS, "备注")
    ledger = centres(tmp_path, (*GOOD, "x"), (*GOOD, "y"), headings=headings)
    assert zoo.keys(ledger, row=3) == ["id_repeated"]


def test_ids_are_made_where_there_are_none(tmp_path: Path) -> None:
    rows = [row[1:] for row in (GOOD, centre(名称="乙"))]
    ledger = centres(tmp_path, *rows, headings=HEADINGS[1:])
    assert ledger.table.index.to_list() == ["C0002", "C0003"]
    assert zoo.finding(ledger, "ids_made")["fields"] == {"rows": 2}
    some = centres(tmp_path, centre(编号="C0003"), centre(编号=None, 名称="乙"))
    assert some.table.index.to_list() == ["C0003", "C0003+"]
    assert zoo.finding(some, "id_missing")["row"] == 3


def test_a_code_in_scientific_notation_is_lost(tmp_path: Path) -> None:
    ledger = centres(tmp_path, centre(编号="6.10402E+11"), centre(编号="6.10402E+11", 名称="乙"))
    assert ledger.table.index.to_list() == ["C0002", "C0003"]
    assert zoo.keys(ledger, row=2) == ["id_damaged"]
    assert set(ledger.findings["severity"]) == {"grave", "note"}


def test_long_codes_stay_whole_in_a_workbook(tmp_path: Path) -> None:
    rows = [centre(编号=610402001001), centre(编号="610402001002", 名称="乙")]
    file = zoo.write_xlsx(tmp_path / "a.xlsx", HEADINGS, rows)
    ledger = read_ledger("centres", LedgerSource(file, "wgs84"))
    assert ledger.table.index.to_list() == ["610402001001", "610402001002"]


@pytest.mark.parametrize(
    ("changes", "key", "severity", "action", "column", "value"),
    [
        ({"建筑面积": "约300㎡"}, "approximate", "doubt", "kept", "area_m2", 300.0),
        ({"建筑面积": "300-400"}, "range", "doubt", "emptied", "area_m2", None),
        ({"建筑面积": "见附件"}, "not_a_number", "doubt", "emptied", "area_m2", None),
        ({"建筑面积": -300}, "absurd_low", "grave", "emptied", "area_m2", None),
        ({"建筑面积": 3_000_000}, "absurd_high", "grave", "emptied", "area_m2", None),
        ({"建筑面积": 0}, "area_zero", "doubt", "emptied", "area_m2", None),
        ({"建筑面积": None}, "area_missing", "doubt", "kept", "area_m2", None),
        ({"楼层": "2-3层"}, "storeys", "doubt", "kept", "floor", 3.0),
        ({"楼层": "夹层"}, "mezzanine", "doubt", "kept", "floor", 1.5),
        ({"楼层": 300}, "absurd_high", "grave", "emptied", "floor", None),
        ({"楼层": -20}, "absurd_low", "grave", "emptied", "floor", None),
        ({"运营状态": "不清楚"}, "choice_unknown", "doubt", "emptied", "status", "未注明"),
        ({"运营状态": None}, "status_missing", "doubt", "kept", "status", "未注明"),
        ({"名称": None}, "name_missing", "doubt", "kept", "name", "C1"),
        ({"经度": None, "纬度": None}, "centre_without_place", "doubt", "kept", "position", "none"),
        ({"经度": 0, "纬度": 0}, "zero_coordinates", "doubt", "emptied", "position", "none"),
        ({"纬度": None}, "lone_coordinate", "doubt", "emptied", "position", "none"),
        ({"经度": 500_123}, "impossible_degrees", "grave", "emptied", "position", "none"),
        ({"经度": 34.33, "纬度": 108.7}, "swapped", "doubt", "kept", "position", "given"),
        ({"经度": "见图"}, "not_a_number", "doubt", "emptied", "position", "none"),
    ],
)
def test_one_fault_one_finding(
    changes: dict[str, Any],
    key: str,
    severity: str,
    action: str,
    column: str,
    value: float | str | None,
    tmp_path: Path,
) -> None:
    ledger = centres(tmp_path, centre(**changes), centre(编号="C2", 名称="乙"))
    # A longitude that is no figure leaves the latitude alone: that is told as well.
    alone = ["lone_coordinate"] if changes == {"经度": "见图"} else []
    assert zoo.keys(ledger, row=2) == [*alone, key]
    found = zoo.finding(ledger, key)
    assert (found["severity"], found["action"], found["id"]) == (severity, action, "C1")
    kept = ledger.table[column]["C1"]
    assert (None if pd.isna(kept) else kept) == value
    assert zoo.keys(ledger, row=3) == []
    assert not len(ledger.set_aside)


@pytest.mark.parametrize(
    ("kind", "key"), [("棋牌室", "kind_unknown"), (None, "kind_missing"), ("不详", "kind_missing")]
)
def test_a_centre_of_no_known_kind_is_set_aside(kind: Any, key: str, tmp_path: Path) -> None:
    ledger = centres(tmp_path, centre(设施类型=kind), centre(编号="C2", 名称="乙"))
    assert ledger.table.index.to_list() == ["C2"]
    assert ledger.set_aside["key"].to_list() == [f"ledgers.{key}"]
    assert zoo.finding(ledger, key)["severity"] == "grave"


def test_swapped_degrees_are_put_right(tmp_path: Path) -> None:
    ledger = centres(tmp_path, GOOD, centre(编号="C2", 名称="乙", 经度=34.34, 纬度=108.71))
    place = ledger.table.to_crs(4326).geometry["C2"]
    assert (place.x, place.y) == pytest.approx((108.71, 34.34), abs=1e-9)


def test_the_arctic_is_no_swap(tmp_path: Path) -> None:
    north_cape = centre(经度=25.78, 纬度=71.17)
    ledger = centres(tmp_path, north_cape)
    assert "swapped" not in zoo.keys(ledger)
    # In Xinjiang the same figures are one: the datum, or a neighbour in China, says so.
    kashgar = centre(经度=39.47, 纬度=75.99)
    assert "swapped" in zoo.keys(centres(tmp_path, kashgar, datum="gcj02"))
    assert "swapped" in zoo.keys(centres(tmp_path, kashgar, centre(编号="C2", 名称="乙")))


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_every_datum_ends_at_the_same_place(datum: str, tmp_path: Path) -> None:
    east, north = from_wgs84(108.7, 34.33, datum)
    ledger = centres(tmp_path, centre(经度=float(east), 纬度=float(north)), datum=datum)
    true = centres(tmp_path, GOOD)
    assert ledger.table.geometry.iloc[0].distance(true.table.geometry.iloc[0]) < 0.01


def test_degrees_without_a_datum_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        centres(tmp_path, GOOD, datum=None)
    assert caught.value.message.key == "ledgers.datum_required"
    assert "gcj02" in str(caught.value)


def test_one_metre_crs(tmp_path: Path) -> None:
    assert centres(tmp_path, GOOD).crs.to_epsg() == 4545
    helsinki = centre(经度=24.94, 纬度=60.17)
    assert centres(tmp_path, helsinki).crs.to_epsg() == 32635
    file = zoo.write_csv(tmp_path / "a.csv", HEADINGS, [GOOD])
    asked = read_ledger("centres", LedgerSource(file, "wgs84"), crs="EPSG:4546")
    assert asked.crs.to_epsg() == 4546
    assert asked.table.crs.is_projected


def test_one_stray_place_does_not_choose_the_crs(tmp_path: Path) -> None:
    rows = [centre(编号=f"C{n}", 名称=f"甲{n}") for n in range(5)]
    ledger = centres(tmp_path, *rows, centre(编号="X", 经度=24.94, 纬度=60.17))
    assert ledger.crs.to_epsg() == 4545


def test_area_kinds(tmp_path: Path) -> None:
    assert centres(tmp_path, GOOD).table["area_kind"].to_list() == ["建筑"]
    headings = (*HEADINGS[:6], "使用面积", "楼层")
    assert centres(tmp_path, GOOD, headings=headings).table["area_kind"].to_list() == ["使用"]
    headings = (*HEADINGS[:6], "面积", "楼层")
    assert centres(tmp_path, GOOD, headings=headings).table["area_kind"].to_list() == ["未注明"]
    rows = [
        (*centre(编号=f"C{n}", 名称=f"甲{n}"), kind)
        for n, kind in enumerate(["套内面积", None, "怪"])
    ]
    ledger = centres(tmp_path, *rows, headings=(*HEADINGS, "面积口径"))
    assert ledger.table["area_kind"].to_list() == ["套内", "未注明", "未注明"]
    assert zoo.keys(ledger, row=4) == ["choice_unknown"]


def test_a_ledger_without_status_or_area(tmp_path: Path) -> None:
    ledger = centres(tmp_path, GOOD[:3] + GOOD[4:6], headings=HEADINGS[:3] + HEADINGS[4:6])
    assert ledger.table["status"].to_list() == ["未注明"]
    assert zoo.keys(ledger) == ["encoding_found", "no_area_column", "no_status_column"]


def test_a_ledger_of_centres_without_coordinates(tmp_path: Path) -> None:
    row = ("C1", "甲", "日间照料", "运营", 300)
    headings = ("编号", "名称", "设施类型", "运营状态", "建筑面积")
    ledger = centres(tmp_path, row, headings=headings, datum=None)
    assert ledger.table["position"].to_list() == ["none"]
    assert ledger.table.geometry.isna().all()
    with pytest.raises(LedgerError, match="纬度"):
        centres(tmp_path, (*row, 108.7), headings=(*headings, "经度"))


def test_shared_area_above_the_whole(tmp_path: Path) -> None:
    ledger = centres(tmp_path, (*GOOD, 500), headings=(*HEADINGS, "共用面积"))
    assert zoo.finding(ledger, "shared_above_area")["severity"] == "grave"
    assert ledger.table["shared_m2"].isna().all()


def test_units_in_the_heading(tmp_path: Path) -> None:
    headings = (*HEADINGS[:6], "建筑面积（亩）", "楼层")
    ledger = centres(tmp_path, centre(建筑面积=3), headings=headings)
    assert ledger.table["area_m2"].to_list() == pytest.approx([2000.0])


def test_candidates_and_estates(tmp_path: Path) -> None:
    headings = [
        "编号",
        "名称",
        "现状用途",
        "经度",
        "纬度",
        "可用面积",
        "面积口径",
        "楼层",
        "改造费用(万元)",
    ]
    rows: list[list[Any]] = [
        ["B1", "甲", "闲置厂房", 108.7, 34.33, "约800", "建筑", "负一层", "20万元"],
        ["B2", "乙", "党群服务中心", None, None, 300, "使用", 1, 30],
        ["B3", "丙", "学校", 108.71, 34.33, 0, None, None, None],
    ]
    file = zoo.write_xlsx(tmp_path / "备选.xlsx", headings, rows)
    ledger = read_ledger("candidates", LedgerSource(file, "gcj02"))
    assert ledger.table.index.to_list() == ["B1", "B3"]
    assert ledger.set_aside["key"].to_list() == ["ledgers.no_place"]
    assert ledger.table["cost_10k_yuan"]["B1"] == 20.0
    assert ledger.table["floor"]["B1"] == -1.0
    assert zoo.keys(ledger, row=4) == ["area_zero"]

    headings = [
        "编号",
        "名称",
        "规划户数",
        "住宅建筑面积",
        "已交付养老用房",
        "规划",
        "经度",
        "纬度",
    ]
    rows = [
        ["E1", "甲", 500, 60_000, 0, "已同步", 108.7, 34.33],
        ["E2", "乙", 1, 200, 3, "", None, None],
    ]
    file = zoo.write_xlsx(tmp_path / "小区.xlsx", headings, rows)
    ledger = read_ledger("estates", LedgerSource(file, "gcj02"))
    assert ledger.table.index.to_list() == ["E1", "E2"]
    assert ledger.table["delivered_m2"]["E1"] == 0.0
    assert zoo.keys(ledger, row=3) == ["estate_without_place"]


def test_places_that_are_areas_become_points(tmp_path: Path) -> None:
    points = zoo.as_points(zoo.CENTRE_HEADINGS, zoo.CENTRES).to_crs(zoo.METRES)
    points.assign(geometry=points.buffer(20)).to_file(tmp_path / "a.gpkg")
    ledger = read_ledger("centres", LedgerSource(tmp_path / "a.gpkg"))
    assert set(ledger.table.geom_type) == {"Point"}
    assert zoo.finding(ledger, "points_of_shapes")["fields"] == {"rows": 3}


def test_an_unknown_table_is_a_slip_of_the_programmer(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="communities"):
        read_ledger("hospitals", LedgerSource(tmp_path / "a.csv"))


def test_every_finding_reads_in_both_languages(tmp_path: Path) -> None:
    faults: list[dict[str, Any]] = [
        {},
        {},
        {"名称": "乙"},
        {"编号": "C3", "设施类型": "棋牌室"},
        {"编号": None, "建筑面积": "约3"},
        {"编号": "C5", "建筑面积": "3-4", "楼层": "夹层"},
        {"编号": "C6", "经度": 34.3, "纬度": 108.7},
        {"编号": "C7", "经度": None},
        {"编号": "C8", "经度": 900},
        {"编号": "6.1E+11", "建筑面积": -1},
    ]
    rows = [centre(**changes) for changes in faults]
    ledger = centres(tmp_path, *rows)
    assert len(ledger.findings) > 10
    for _, row in pd.concat([ledger.findings, ledger.set_aside]).iterrows():
        for language in LANGUAGES:
            assert "{" not in finding_text(row, language)


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "名称": st.sampled_from([None, "乙", "丙"]),
        "设施类型": st.sampled_from(["日间照料中心", "棋牌室", None, "养老院"]),
        "运营状态": st.sampled_from(["运营", "不清楚", None]),
        "经度": st.sampled_from([108.71, 34.33, None, 0, 999, "x"]),
        "纬度": st.sampled_from([34.34, 108.70, None, 0, -999]),
        "建筑面积": st.sampled_from([300, "约300㎡", "1,200", "3-4", -1, 0, None, "x", 1e9]),
        "楼层": st.sampled_from(["一楼", -1, "2-3层", "?", None]),
    },
)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.lists(CELLS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_rows_add_up_and_their_order_never_matters(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, Any]], random: Any
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows = [centre(**({"编号": f"C{n}"} | one)) for n, one in enumerate(changes)]
    shuffled = random.sample(rows, len(rows))
    one, other = centres(folder, *rows), centres(folder, *shuffled)
    for ledger in (one, other):
        assert ledger.rows_read == len(rows) == len(ledger.table) + len(ledger.set_aside)
        # Whatever was set aside or emptied is told of.
        assert set(ledger.set_aside["row"]) <= set(ledger.findings["row"].dropna())
    assert one.crs == other.crs
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.table.drop(columns="geometry")).sort_index(),
        pd.DataFrame(other.table.drop(columns="geometry")).sort_index(),
        check_dtype=False,
    )
    wkt = [ledger.table.geometry.sort_index().to_wkt().to_list() for ledger in (one, other)]
    assert wkt[0] == wkt[1]
    told = [
        sorted(zip(ledger.findings["id"].fillna(""), ledger.findings["key"], strict=True))
        for ledger in (one, other)
    ]
    assert told[0] == told[1]


def test_a_ledger_that_does_not_add_up_cannot_be_made(tmp_path: Path) -> None:
    ledger = centres(tmp_path, GOOD)
    with pytest.raises(ValueError, match="2 rows read"):
        Ledger(
            "centres", ledger.file, ledger.table, ledger.rows, ledger.set_aside, ledger.findings, 2
        )
