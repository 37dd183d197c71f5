"""The whole way on a town solved by hand, and what a broken project leaves behind."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import box

import planner
from planner.errors import InputFileError, LedgerError, ScenarioError, StreetsError
from planner.workflow.content import _outline
from planner.workflow.run import RunResult
from planner.workflow.siting.summary import siting_figures
from tests.workflow.town import CENTRES, DOORS, degrees, write_centres, write_town


@pytest.fixture(scope="module")
def town(plain_town: RunResult) -> Path:
    return plain_town.folder.parent


@pytest.fixture(scope="module")
def result(plain_town: RunResult) -> Any:
    return plain_town


def summary_of(folder: Path) -> dict[str, Any]:
    text = (folder / "summary.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_every_resident_row_ends_in_the_state_that_the_map_shows(result: Any) -> None:
    # C1 stands at 0 m: R1 walks 220 m, R2 720 m (14.5 min); R3 920 m (18.5 min) is too far.
    states = result.findings.coverage.residents["state"].to_dict()
    assert states == {
        "R1": "covered",
        "R2": "covered",
        "R3": "too_far",
        "R4": "too_far",
        "R5": "too_far",
        "R6": "too_far",
        "R7": "no_way_through",
        "R8": "not_joined",
    }
    minutes = result.findings.coverage.residents["walk_minutes"]
    assert minutes["R2"] == pytest.approx(720 / 0.83 / 60, abs=0.01)
    assert minutes["R6"] == pytest.approx(2920 / 0.83 / 60, abs=0.01)


def test_summary_holds_the_hand_worked_figures(result: Any) -> None:
    summary = summary_of(result.folder)
    elders = sum(door[2] for door in DOORS.values())
    assert summary["residents"] == {
        "rows": 8,
        "states": {
            "covered": 2,
            "too_far": 4,
            "no_way_through": 1,
            "not_joined": 1,
            "no_centre": 0,
        },
        "elderly_60": {
            "covered": 70,
            "too_far": 105,
            "no_way_through": 8,
            "not_joined": 7,
            "no_centre": 0,
        },
    }
    assert summary["elderly_60"]["total"] == elders == 190
    assert summary["elderly_60"]["covered"] == 70
    assert summary["elderly_60"]["share"] == pytest.approx(70 / 190)
    assert summary["elderly_80"] == {"total": 25, "covered": 10, "share": pytest.approx(10 / 25)}
    # C4 operates without coordinates: it is open, audited, and nobody's walk.
    assert summary["centres"]["rows"] == 4
    assert summary["centres"]["open"] == 2
    assert summary["centres"]["open_placed"] == 1
    assert summary["centres"]["unknown_area"] == 1
    assert summary["communities"]["urban"] == 3
    assert summary["communities"]["with_centre"] == 2


def test_floor_area_by_hand(result: Any) -> None:
    # 甲 (12,000 people): 三类, 750 m², holds 700: short 50. 乙 (8,000, nobody reaches a centre):
    # 0.39 x 82 = 31.98, holds 0. 丙 holds C4, whose area is unknown: totalled apart.
    area = summary_of(result.folder)["floor_area"]
    assert area["required_m2"] == pytest.approx(750 + 0.39 * 82)
    assert area["held_m2"] == pytest.approx(700)
    assert area["shortfall_m2"] == pytest.approx(50 + 0.39 * 82)
    assert area["unknown_groups"] == 1
    assert area["unknown_elderly_60"] == 30
    assert area["small_groups"] == "pro_rata"
    # C4's area is unknown; what is told is of 日间照料 alone: 慈溪's 31 is of more kinds.
    assert area["per_100_elders_m2"] == pytest.approx(700 / 190 * 100)
    assert area["per_100_elders_of"] == ["日间照料"]
    assert not any("cixi" in name for name in area)
    ratios = summary_of(result.folder)["provision"]["ratios"]
    beside = {one["ratio"]: one.get("cixi") for one in ratios}
    assert {name for name, figure in beside.items() if figure is not None} == {"area"}
    said = next(line for line in result.headline() if "每百名老年人" in line)
    assert "日间照料全部已知面积 700 m²（含无法判定的组），每百名老年人 368.4 m²" in said
    assert said.index("居家养老服务中心（街道综合中心、日间照料、农村幸福院）") < said.index(
        "31 m²"
    )
    assert "31 m²" not in said.split("居家养老服务中心")[0]


def test_siting_by_hand_and_recounted(result: Any) -> None:
    # K1 at 1,300 m: R3 420 m, R4 120 m, R5 720 m: 95. K2 at 2,800 m: R6 only (R5 820 m): 10.
    siting = summary_of(result.folder)["siting"]
    assert siting["chosen"] == ["K1"]
    assert siting["covered_before"] == 70
    assert siting["covered_after"] == 165
    assert siting["bound"] == pytest.approx(165)
    assert siting["gap"] == 0
    assert siting["barred"] == ["K3", "K4"]
    assert sorted(result.siting.most.unreachable) == ["R7", "R8"]
    assert siting["unreachable"] == 2
    assert siting["unreachable_communities"] == {"990401001002": 7, "990401001201": 8}
    assert siting["unreachable_elderly_60"] == 15
    assert siting["unreachable_communities_withheld"] == 0
    assert sorted(siting["fewest"]["chosen"]) == ["K1", "K2"]
    after = result.siting.after.residents
    assert after.loc[after["state"] == "covered", "elderly_60"].sum() == 165


def test_gaps_are_listed_worst_first_with_their_nearest_centre(result: Any) -> None:
    gaps = result.gaps
    assert gaps["name"].to_list() == ["乙社区", "丙社区", "丁村"]
    assert gaps["elderly_60_uncovered"].to_list() == [82, 30, 8]
    assert gaps["nearest_centre"].iloc[0] == "C1"
    assert gaps["cause"].to_list() == ["too_far", "too_far", "no_way_through"]


def test_rows_add_up_in_every_ledger(result: Any) -> None:
    for name, rows in summary_of(result.folder)["ledgers"].items():
        assert rows["rows_read"] == rows["rows_used"] + rows["rows_set_aside"], name


def test_outputs_are_there_and_open(result: Any) -> None:
    assert sorted(path.name for path in result.folder.iterdir()) == [
        "baseline.json",
        "layers.gpkg",
        "map.html",
        "report.docx",
        "run.json",
        "summary.json",
        "workbook.xlsx",
    ]
    book = openpyxl.load_workbook(result.folder / "workbook.xlsx")
    assert book.sheetnames[0] == "对账"
    layers = set(gpd.list_layers(result.folder / "layers.gpkg")["name"])
    assert {"communities", "centres", "candidates", "gaps"} <= layers
    page = (result.folder / "map.html").read_text(encoding="utf-8")
    assert "内部工作用图 未经审图 不得公开" in page
    assert "合成数据" in page


def test_run_record_repeats_the_settings_and_checksums(result: Any) -> None:
    record = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))
    walking = record["scenario"]["walking"]
    given = {name: value for name, value in walking.items() if value is not None}
    assert given == {"walker": "elder", "limit_minutes": 15.0}
    assert set(record["inputs"]) == {
        "project",
        "streets",
        "communities",
        "residents",
        "centres",
        "candidates",
    }
    assert all(len(one["sha256"]) == 64 for one in record["inputs"].values())
    assert record["versions"]["service-circle-planner"]


def test_a_rerun_gives_the_same_summary_bytes(town: Path, result: Any, tmp_path: Path) -> None:
    again = planner.run(town, tmp_path / "again")
    first = (result.folder / "summary.json").read_bytes()
    assert (again.folder / "summary.json").read_bytes() == first


def test_shuffled_ledgers_give_the_same_summary(result: Any, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "shuffled")
    heading, *rows = (folder / "residents.csv").read_text(encoding="utf-8-sig").split("\n")
    (folder / "residents.csv").write_text("\n".join([heading, *reversed(rows)]), encoding="utf-8")
    write_centres(folder / "centres.csv", tuple(reversed(CENTRES)))
    shuffled = summary_of(planner.run(folder).folder)
    assert shuffled == summary_of(result.folder)


def test_joining_small_groups_is_named_and_changes_the_requirement(tmp_path: Path) -> None:
    folder = write_town(
        tmp_path,
        **{"new_centres = 1": 'new_centres = 1\n[standard]\nsmall_groups = "join_nearest"'},
    )
    area = summary_of(planner.run(folder).folder)["floor_area"]
    # 丙 (4,000) joins 乙 (8,000): 12,000 people, 三类; C4's area is unknown, so all of it is apart.
    assert area["small_groups"] == "join_nearest"
    assert area["groups"] == 2
    assert area["required_m2"] == pytest.approx(750)
    assert area["unknown_elderly_60"] == 112


def test_no_open_centre_is_a_state_not_an_error(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    closed = [(*row[:3], "停运", *row[4:]) for row in CENTRES]
    write_centres(folder / "centres.csv", closed)
    summary = summary_of(planner.run(folder).folder)
    assert summary["residents"]["states"]["no_centre"] == 8
    assert summary["elderly_60"]["covered"] == 0
    assert summary["siting"]["covered_before"] == 0


def test_without_candidates_there_is_no_siting(tmp_path: Path) -> None:
    folder = write_town(
        tmp_path, **{'[candidates]\nfile = "candidates.xlsx"\ndatum = "cgcs2000"\n': ""}
    )
    result = planner.run(folder)
    assert summary_of(result.folder)["siting"] is None
    assert result.headline("en")[-1].startswith("Ledgers:")


def test_ids_that_meet_are_told_apart_and_said(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    numbered = [(f"K{place}", *row[1:]) for place, row in enumerate(CENTRES, start=1)]
    write_centres(folder / "centres.csv", numbered)
    result = planner.run(folder)
    assert summary_of(result.folder)["siting"]["chosen"] == ["B-K1"]
    assert result.findings.coverage.residents["nearest"].dropna().unique().tolist() == ["C-K1"]
    assert "workflow.ids_told_apart" in [notice.key for notice in result.findings.notices]


def test_a_failed_run_leaves_the_earlier_outputs(town: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(town, tmp_path / "town")
    out = folder / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (folder / "centres.csv").write_text("没有,用处\n1,2\n", encoding="utf-8")
    with pytest.raises(LedgerError):
        planner.run(folder)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_missing_files_are_listed_together(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    (folder / "streets.osm").unlink()
    (folder / "candidates.xlsx").unlink()
    with pytest.raises(InputFileError) as caught:
        planner.run(folder)
    assert [problem.fields["section"] for problem in caught.value.problems] == [
        "streets",
        "candidates",
    ]
    assert not (folder / "out").exists()


def test_files_outside_the_project_are_refused(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "inner", **{'"centres.csv"': '"../centres.csv"'})
    (folder / "centres.csv").rename(tmp_path / "centres.csv")
    with pytest.raises(ScenarioError, match=r"\.\./centres\.csv"):
        planner.run(folder)


@pytest.mark.parametrize("name", ["a\\u0000b.csv", "长" * 3000 + ".csv", "ring.csv"])
def test_a_name_that_no_file_can_have_is_a_missing_file(name: str, tmp_path: Path) -> None:
    folder = write_town(tmp_path, **{'"centres.csv"': f'"{name}"'})
    (folder / "ring.csv").symlink_to("ring.csv")
    with pytest.raises(InputFileError) as caught:
        planner.run(folder)
    assert [problem.fields["section"] for problem in caught.value.problems] == ["centres"]


def test_a_ledger_all_of_whose_rows_are_set_aside_is_refused(tmp_path: Path) -> None:
    """Else nobody lives there, or no centre is open: figures that nobody counted."""
    folder = write_town(tmp_path)
    heading = "编号,经度,纬度,60岁以上"
    (folder / "residents.csv").write_text(f"{heading}\nR1,,,10\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"residents\.csv 的 1 行全部搁置") as caught:
        planner.run(folder)
    assert [problem.key for problem in caught.value.problems] == ["ledgers.no_place"]
    assert planner.check(folder).rows.loc["residents", "rows_set_aside"] == 1


@pytest.mark.parametrize(("elders", "why"), [("0", "全是 0"), ("", "都没有 60 岁以上人数")])
def test_nobody_aged_is_refused_at_the_door(tmp_path: Path, elders: str, why: str) -> None:
    folder = write_town(tmp_path)
    rows = f"编号,经度,纬度,60岁以上\nR1,116.301,39.901,{elders}\n"
    (folder / "residents.csv").write_text(rows, encoding="utf-8")
    for door in (planner.check, planner.run):
        with pytest.raises(LedgerError, match=why):
            door(folder)


def test_a_centre_off_every_street_is_told(tmp_path: Path) -> None:
    """A datum declared wrongly puts centres where nobody can walk: not the residents' fault."""
    folder = write_town(tmp_path)
    far = [("C1", "远中心", "日间照料", "运营", 500, 900, 700, "建筑", "")]
    write_centres(folder / "centres.csv", far)
    told = {notice.key: notice.fields for notice in planner.run(folder).findings.notices}
    assert told["workflow.centres_off_streets"] == {"sites": 1, "ids": "C1", "limit_m": 200.0}
    assert "workflow.candidates_off_streets" not in told


def test_what_no_row_fills_has_no_total_to_compare(tmp_path: Path) -> None:
    folder = write_town(tmp_path, **{"elderly_60 = 190": "elderly_60 = 190\nhouseholds = 9000"})
    communities = json.loads((folder / "communities.geojson").read_text(encoding="utf-8"))
    communities["features"][0]["properties"]["60岁以上"] = None
    text = json.dumps(communities, ensure_ascii=False)
    (folder / "communities.geojson").write_text(text, encoding="utf-8")
    result = planner.run(folder)
    table = result.content.reconciliation.set_index("quantity")
    assert pd.isna(table.loc["户数", ["ledger", "difference", "share"]]).all()
    assert table.loc["户数", "remark"] == "4 行没有填，未计入"
    # 甲社区's 70 elders are not known to the ledger: neither are m² per 100 elders.
    assert summary_of(result.folder)["floor_area"]["per_100_elders_m2"] is None


def test_streets_of_another_place_are_refused(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    streets = (folder / "streets.osm").read_text(encoding="utf-8")
    (folder / "streets.osm").write_text(streets.replace('lat="34.', 'lat="35.'), encoding="utf-8")
    with pytest.raises(StreetsError, match="8 个居民点没有一个"):
        planner.run(folder)


def test_check_reads_and_judges_only(town: Path) -> None:
    ledgers = planner.check(town)
    assert ledgers.rows.loc["centres", "rows_read"] == 4
    keys = set(ledgers.findings["key"])
    assert "ledgers.place_approximate" in keys


def test_progress_tells_every_step_once(tmp_path: Path) -> None:
    told: list[tuple[int, int, bool]] = []
    planner.run(
        write_town(tmp_path),
        progress=lambda step, steps, _what, seconds: told.append((step, steps, seconds is None)),
    )
    begun = [step for step, _, begins in told if begins]
    assert begun == list(range(1, told[0][1] + 1))
    assert len(told) == 2 * len(begun)


def test_english_outputs_on_request(tmp_path: Path) -> None:
    folder = write_town(tmp_path, **{"synthetic = true": 'synthetic = true\nlanguage = "en"'})
    result = planner.run(folder)
    page = (result.folder / "map.html").read_text(encoding="utf-8")
    assert "Can walk there" in page
    assert "步行可达率" not in page
    book = openpyxl.load_workbook(result.folder / "workbook.xlsx")
    assert not any("缺口" in name for name in book.sheetnames)


def test_the_callers_tables_stay_as_they_were(result: Any) -> None:
    findings = result.findings
    pd.testing.assert_index_equal(
        findings.ledgers.residents.table.index, findings.coverage.residents.index
    )
    assert "state" not in findings.ledgers.residents.table.columns


def test_streets_in_pieces_and_loose_ends_are_told(tmp_path: Path) -> None:
    folder = write_town(tmp_path, **{"streets.osm": "roads.geojson"})
    west, gap, east = degrees(0, 0), degrees(1500, 0), degrees(1520, 0)
    lines = [[west, gap], [east, degrees(3000, 0)]]
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line in lines
    ]
    layer = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "roads.geojson").write_text(layer, encoding="utf-8")
    told = {notice.key: notice.fields for notice in planner.run(folder).findings.notices}
    assert told["workflow.streets_in_pieces"] == {"parts": 2, "share": "50%"}
    assert told["workflow.open_ends"] == {"ends": 4}

    settings = (folder / "project.toml").read_text(encoding="utf-8")
    closed = settings.replace('"roads.geojson"', '"roads.geojson"\ngap_m = 25')
    (folder / "project.toml").write_text(closed, encoding="utf-8")
    result = planner.run(folder)
    assert "workflow.streets_in_pieces" not in [one.key for one in result.findings.notices]
    # The street is whole again: the same elders walk as on the OSM street.
    assert result.summary["elderly_60"]["covered"] == 70


def test_slits_between_communities_are_no_border_of_the_plan() -> None:
    """Neighbours whose common edge was drawn twice, 4 cm apart, have one outline."""
    table = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), box(100.04, 0, 200, 100)])
    outline = _outline(table)
    assert outline.equals_exact(box(0, 0, 200, 100).normalize(), 1e-6, normalize=True)
    apart = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), box(101, 0, 200, 100)])
    assert len(_outline(apart).geoms) == 2


@pytest.mark.parametrize(
    ("seven", "eight", "shown", "withheld"),
    [
        (7.0, 8.0, {"990401001002": 8.0, "990401001201": 7.0}, 0.0),
        (2.5, 8.0, {}, 10.5),
        (2.5, 3.0, {}, 5.5),
        (0.0, 2.5, {}, None),
    ],
)
def test_few_persons_of_a_community_are_withheld_with_another(
    result: Any, seven: float, eight: float, shown: dict[str, float], withheld: float | None
) -> None:
    """Under five are not told, nor found as the total less the rest."""
    most = result.siting.most
    residents = most.asked.residents.assign(
        elderly_60=most.asked.residents["elderly_60"].astype(float).mask(
            most.asked.residents.index == "R7", seven
        ).mask(most.asked.residents.index == "R8", eight)
    )  # fmt: skip
    asked = dataclasses.replace(most.asked, residents=residents)
    siting = dataclasses.replace(result.siting, most=dataclasses.replace(most, asked=asked))
    told = siting_figures(siting)
    assert told["unreachable_communities"] == shown
    assert told["unreachable_communities_withheld"] == (seven > 0) + (eight > 0) - len(shown)
    assert told["unreachable_elderly_60_withheld"] == withheld
    whole = None if withheld is None else sum(shown.values()) + withheld
    assert told["unreachable_elderly_60"] == whole
