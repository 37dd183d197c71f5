"""Two runs compared from their folders: last year's town and this year's, and the siting plan."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import openpyxl
import pytest
from pandas.testing import assert_frame_equal

import planner
from planner.cli import EXIT_BAD_INPUT, main
from planner.coverage.comparing import FLOWS
from planner.errors import InputFileError, LedgerError, OutputFileError
from planner.outputs.compared.baseline import write_baseline
from planner.workflow.comparing.runs import computed
from planner.workflow.comparing.settings import run_settings
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.record import Clock, silent
from tests.workflow import town as drawn
from tests.workflow.town import degrees, write_centres, write_town

LAST_YEAR = {  # easting, northing, 60+
    "户R1": (200.0, 10.0, 40),
    "户R2": (700.0, 10.0, 30),
    "户R3": (900.0, 10.0, 25),
    "户R4": (1400.0, 10.0, 50),
    "户R5": (2000.0, 10.0, 20),
    "户R6": (2900.0, 10.0, 10),
    "户R8": (1000.0, 900.0, 3),
    "户S1": (0.0, 2010.0, 8),
    "户S2": (150.0, 2010.0, 6),
    "户S3": (300.0, 2010.0, 9),
}
"""As in the town, with three doors on the stray street, each 170 m from the next: one gap."""

THIS_YEAR = {door: place for door, place in LAST_YEAR.items() if door != "户S2"}

CENTRES = (
    ("C1", "甲日间照料中心", "日间照料", "运营", 0, 10, 700, "建筑", ""),
    ("C5", "丙日间照料中心", "日间照料", "运营", 2000, 10, 900, "建筑", ""),
)
LATER = (
    ("C1", "甲日间照料中心", "日间照料", "运营", 250, 10, 700, "建筑", ""),
    ("C5", "丙日间照料中心", "日间照料", "停运", 2000, 10, 900, "建筑", ""),
    ("C6", "丁日间照料中心", "日间照料", "运营", 2700, 10, 900, "建筑", ""),
)
COVERED = (140.0, 125.0)
"""By hand: R1, R2, R4 and R5 (600 m + 20 m from C5); then R1, R2 and R3 (670 m from C1, which
moved), R5 (720 m from C6) and R6. R4 falls out, and nobody new is near it."""


def write_project(folder: Path, doors: dict[str, Any], centres: Any, **settings: str) -> Path:
    write_town(folder, **settings)
    lines = ["编号,经度,纬度,60岁以上"]
    for name, (easting, northing, elders) in doors.items():
        lines.append(",".join(str(one) for one in (name, *degrees(easting, northing), elders)))
    (folder / "residents.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    write_centres(folder / "centres.csv", centres)
    return folder


class Years(NamedTuple):
    before: Path
    after: Path
    kept_before: Path
    kept_after: Path


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Years:
    home = tmp_path_factory.mktemp("years")
    before = write_project(home / "2024", LAST_YEAR, CENTRES)
    after = write_project(home / "2025", THIS_YEAR, LATER)
    for year in (before, after):
        planner.run(year)
    return Years(before, after, before / "out", after / "out")


@pytest.fixture(scope="module")
def compared(years: Years) -> dict[str, Any]:
    return {
        "computed": planner.compare(years.before, years.after),
        "mixed": planner.compare(years.kept_before, years.after),
        "kept": planner.compare(years.kept_before, years.kept_after),
    }


@pytest.mark.parametrize("kind", ["computed", "mixed", "kept"])
def test_both_kinds_of_folders_tell_the_same(kind: str, compared: dict[str, Any]) -> None:
    found = compared[kind]
    row = found.coverage.loc["elderly_60"]
    assert (row["covered_before"], row["covered_after"]) == COVERED
    assert (row["total_before"], row["total_after"]) == (201, 195)
    totals = found.comparison.gaps.totals["gaps"]
    # R3 and R6 are reached now, R4 is not; without the house between, S1 and S3 live apart.
    assert totals[totals > 0].to_dict() == {"closed": 2, "opened": 1, "smaller": 1, "split": 1}
    assert found.comparison.gaps.matched_by == ("residents" if kind == "computed" else "area")
    assert found.comparison.few_after.gaps_elderly_60 == 3  # R8 alone
    centres = found.centres
    assert centres["change"].to_dict() == {"C1": "moved", "C5": "closed", "C6": "opened"}
    assert centres["moved_m"]["C1"] == pytest.approx(250, abs=0.2)
    assert centres["elderly_60_before"].to_dict() == {"C1": 70, "C5": 70, "C6": 0}
    assert centres["elderly_60_after"].to_dict() == {"C1": 95, "C5": 0, "C6": 30}


def test_who_came_and_who_fell_out_is_known_row_by_row_only(compared: dict[str, Any]) -> None:
    row = compared["computed"].coverage.loc["elderly_60"]
    assert [row[name] for name in FLOWS] == [35, 50, 0, 0, 0]
    assert compared["kept"].coverage[list(FLOWS)].isna().all(axis=None)
    assert any("只知净变化" in line for line in compared["kept"].headline())
    assert any("新纳入 35 人，失去 50 人" in line for line in compared["computed"].headline())


@pytest.mark.parametrize("kind", ["before", "kept_before"])
def test_a_run_beside_itself_says_that_nothing_changed(kind: str, years: Years) -> None:
    told = planner.compare(getattr(years, kind), years.kept_before).headline()
    assert "两次没有差别。" in told
    assert not any("注意" in line for line in told)


def test_the_reverse_is_the_mirror(years: Years, compared: dict[str, Any]) -> None:
    back = planner.compare(years.kept_after, years.kept_before)
    there = compared["kept"]
    assert back.comparison.gaps.totals["gaps"].to_dict() == {
        "closed": 1, "opened": 2, "smaller": 0, "larger": 1, "stays": 0, "moved": 0,
        "merged": 1, "split": 0,
    }  # fmt: skip
    mirrored = there.coverage.rename(
        columns=lambda name: (
            name.replace("_before", "_x").replace("_after", "_before").replace("_x", "_after")
        )
    )
    assert_frame_equal(back.coverage[there.coverage.columns], mirrored[there.coverage.columns])
    assert (back.centres["elderly_60_change"] == -there.centres["elderly_60_change"]).all()


def test_what_is_kept_names_no_resident_and_no_door(years: Years) -> None:
    kept = (years.kept_before / "baseline.json").read_bytes()
    for door, (easting, _, _) in LAST_YEAR.items():
        assert door.encode() not in kept
        place = f"{drawn.WEST_M + easting:.0f} {drawn.SOUTH_M + 10:.0f}"
        assert place.encode() not in kept
    # Computed anew for a comparison, without audit and siting: the same, to the byte.
    again = computed(planner.read_project(years.before), Clock(6, silent))
    write_baseline(again, years.before / "again.json")
    assert (years.before / "again.json").read_bytes() == kept


def test_the_shell_writes_the_workbook(
    years: Years, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "复查"
    words = ["compare", str(years.kept_before), str(years.after), "--out", str(out)]
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "走得到的 140 → 125 人" in printed.out
    assert str(out / "闭环复查.xlsx") in printed.out
    assert "[ 7/7]" in printed.err
    assert sorted(path.name for path in out.iterdir()) == ["comparison.json", "闭环复查.xlsx"]
    book = openpyxl.load_workbook(out / "闭环复查.xlsx")
    assert book.sheetnames == ["总表", "缺口变化", "站点变化", "等级变化", "问题变化", "设置对照"]
    gaps = [[cell.value for cell in row] for row in book["缺口变化"].iter_rows()]
    heading = next(row for row in gaps if row[0] == "变化")
    body = gaps[gaps.index(heading) + 1 :]
    assert [row[0] for row in body[:1]] == ["缺口已消除"]
    assert body[-1][-3:] == [25 + 10 + 23 + 3, 50 + 9 + 8 + 3, 9]
    assert body[-2][0] == "少于5人的缺口（1 → 1 处）"
    record = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert record["coverage"]["elderly_60"]["covered_after"] == 125
    assert record["settings_that_differ"] == ["residents", "centres"]
    assert str(tmp_path) not in json.dumps(record)
    first = (out / "闭环复查.xlsx").read_bytes()
    assert main([*words, "--language", "en"]) == 0
    assert (out / "闭环复查.xlsx").read_bytes() == first
    assert "140 → 125 can walk there" in capsys.readouterr().out
    with pytest.raises(OutputFileError, match="不是"):
        planner.compare(years.kept_before, years.kept_after, years.before)


def test_grades_and_defects_of_both_years(years: Years, tmp_path: Path) -> None:
    kept = planner.compare(years.kept_before, years.kept_after)
    anew = planner.compare(years.before, years.after)
    assert kept.judged is not None
    assert anew.judged is not None
    assert_frame_equal(anew.judged.centres, kept.judged.centres)
    assert_frame_equal(anew.judged.defects, kept.judged.defects)
    # C5 closed, C6 opened: only operating centres are graded.
    changes = kept.judged.centres["change"].to_dict()
    assert (changes["C5"], changes["C6"]) == ("gone", "new")
    assert set(kept.judged.defects["change"][kept.judged.defects["centre"] == "C5"]) <= {"gone"}
    assert any(line.startswith("评定等级的设施 2 → 2 处") for line in kept.headline())
    old = tmp_path / "old"
    shutil.copytree(years.kept_before, old)
    content = json.loads((old / "baseline.json").read_text(encoding="utf-8"))
    del content["audit"]
    (old / "baseline.json").write_text(json.dumps(content), encoding="utf-8")
    found = planner.compare(old, years.kept_after, tmp_path / "out")
    assert found.judged is None
    assert any(line.startswith("没有对比等级和问题") for line in found.headline())
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert record["grades"] is None


def test_settings_that_differ_are_told_before_any_figure(years: Years, tmp_path: Path) -> None:
    other = write_project(
        tmp_path / "other",
        LAST_YEAR,
        CENTRES,
        **{"[siting]": "[walking]\nlimit_minutes = 20\nspeed_m_s = 1.0\n[siting]"},
    )
    streets = other / "streets.osm"
    streets.write_text(streets.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = planner.compare(years.kept_before, other).headline()
    assert told[1].startswith("注意：两次计算的设置不同")
    for part in ("步行时限（分钟）：15 → 20", "步速（m/s）：0.83 → 1", "路网文件"):
        assert part in told[1]
    assert "步行可达率" not in "".join(told[:2])


def test_the_day_of_the_audit_and_its_books_are_settings(tmp_path: Path) -> None:
    """Only ``on`` differs: another day, and a book that is not in force on it."""
    found = []
    for number, on in enumerate(("2018-01-01", "2025-01-01", "")):
        section = '[standard]\nbooks = ["jgj-450-2018"]\n' + (f'on = "{on}"\n' if on else "")
        folder = write_project(
            tmp_path / str(number), LAST_YEAR, CENTRES, **{"[siting]": f"{section}[siting]"}
        )
        found.append(folder)
    early, late, dayless = found
    rows = planner.compare(early, late).settings()
    assert list(rows.loc["on", ["before", "after", "differs", "loud"]]) == [
        "2018-01-01", "2025-01-01", True, True,
    ]  # fmt: skip
    assert list(rows.loc["books", ["before", "after"]]) == [
        "jianbiao-143-2010", "jianbiao-143-2010、jgj-450-2018",
    ]  # fmt: skip
    told = planner.compare(late, dayless).headline()
    assert "评估日期：2025-01-01 → 未给出" in told[1]
    assert "两次没有差别。" not in told


def test_a_ledger_numbered_anew_attributes_nothing_to_others(tmp_path: Path) -> None:
    """1 甲, 2 乙, 3 丙; 甲 has closed, and the others move up: 1 乙, 2 丙, where they were."""
    rows = [(*one[1:4], *one[4:]) for one in CENTRES]
    first, last = rows[0], rows[1]
    middle = ("乙日间照料中心", "日间照料", "运营", 1400, 10, 650, "建筑", "")
    before = [(str(number), *row) for number, row in enumerate((first, middle, last), start=1)]
    after = [(str(number), *row) for number, row in enumerate((middle, last), start=1)]
    one = write_project(tmp_path / "one", LAST_YEAR, before)
    two = write_project(tmp_path / "two", LAST_YEAR, after)
    planner.run(one)
    planner.run(two)
    for folders in ((one, two), (one / "out", two / "out")):
        found = planner.compare(*folders, tmp_path / "out")
        assert found.centres["change"].to_dict() == {"1": "stays", "1′": "closed", "2": "stays"}
        assert found.judged is not None
        changes = found.judged.centres["change"].to_dict()
        # More elders are 乙's now, so that its grade may change: it is 乙's.
        assert (set(changes), changes["1′"]) == ({"1", "1′", "2"}, "gone")
        assert found.judged.centres["name"].to_dict() == {
            "1": "乙日间照料中心", "1′": "甲日间照料中心", "2": "丙日间照料中心",
        }  # fmt: skip
        by_centre = found.judged.defects.groupby("centre")["change"].agg(set).to_dict()
        assert set(by_centre) <= {"1", "1′", "2"}
        assert by_centre.get("1′", {"gone"}) == {"gone"}
        told = "".join(found.headline())
        assert "按编号对应 0 处，编号变了、按名称对应 2 处" in told
        assert "编号相同而名称或位置不同，不是同一设施：1、2" in told
        record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
        assert record["centres_known_by"] == {"id": 0, "name": 2, "place": 0}
        shutil.rmtree(tmp_path / "out")


def test_two_kinds_of_population_are_never_subtracted(years: Years, tmp_path: Path) -> None:
    registered = write_project(tmp_path / "huji", LAST_YEAR, CENTRES, 常住="户籍")
    with pytest.raises(LedgerError, match="人口口径不同（常住人口、户籍人口）") as caught:
        planner.compare(years.kept_before, registered)
    assert "(resident population, registered population)" in caught.value.text("en")
    unknown = write_project(tmp_path / "unknown", LAST_YEAR, CENTRES, 常住="未注明")
    assert "人口口径" in planner.compare(years.kept_before, unknown).headline()[1]


def test_two_places_are_refused(
    years: Years, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "SOUTH_M", drawn.SOUTH_M + 50_000)
    elsewhere = write_project(tmp_path / "elsewhere", LAST_YEAR, CENTRES)
    with pytest.raises(LedgerError, match="这是两个地方"):
        planner.compare(years.kept_before, elsewhere)


def test_a_folder_that_is_neither_and_results_of_an_older_version(
    years: Years, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputFileError, match="既不是项目文件夹"):
        planner.compare(tmp_path, years.kept_after)
    older = shutil.copytree(years.kept_before, tmp_path / "older")
    (older / "baseline.json").unlink()
    with pytest.raises(InputFileError, match="旧版本的计算结果"):
        planner.compare(older, years.kept_after)
    for words in (
        ["compare", str(years.before)],
        ["compare", str(years.before), str(years.after), "--plan"],
        ["compare", str(years.kept_before), "--plan"],
    ):
        assert main(words) == EXIT_BAD_INPUT
        assert "--plan" in capsys.readouterr().err


def test_a_town_without_an_open_centre(years: Years, tmp_path: Path) -> None:
    shut = [(*one[:3], "停运", *one[4:]) for one in CENTRES]
    nothing = write_project(tmp_path / "nothing", LAST_YEAR, shut)
    planner.run(nothing)
    for first in (nothing, nothing / "out"):
        found = planner.compare(first, years.before)
        assert found.coverage.loc["elderly_60", "covered_before"] == 0
        assert set(found.centres["change"]) == {"opened"}
    back = planner.compare(years.kept_before, nothing / "out")
    assert set(back.centres["change"]) == {"closed"}
    assert "60岁以上步行可达率由 69.7% 变为 0.0%" in back.headline()[2]


def test_today_beside_the_siting_plan(years: Years, capsys: pytest.CaptureFixture[str]) -> None:
    # K2 at 2,800 m would reach R6 alone; K1 at 1,300 m R3 alone: 25 more elders.
    found = planner.compare(years.before, plan=True)
    row = found.coverage.loc["elderly_60"]
    assert (row["covered_before"], row["covered_after"]) == (140, 165)
    assert [row[name] for name in FLOWS] == [25, 0, 0, 0, 0]
    assert found.centres["change"].to_dict() == {"C1": "stays", "C5": "stays", "K1": "opened"}
    assert found.comparison.gaps.totals["gaps"]["closed"] == 1
    assert "现有设施加选中的 1 处" in found.headline()[0]
    settings = years.before / "project.toml"
    bare = settings.parent.parent / "bare"
    shutil.copytree(settings.parent, bare)
    text = settings.read_text(encoding="utf-8")
    without = text.replace('[candidates]\nfile = "candidates.xlsx"\ndatum = "cgcs2000"\n', "")
    (bare / "project.toml").write_text(without, encoding="utf-8")
    assert main(["compare", str(bare), "--plan"]) == EXIT_BAD_INPUT
    assert "没有备选点" in capsys.readouterr().err


def test_ledgers_that_differ_are_told_as_data(tmp_path: Path) -> None:
    there = '[residents]\ncounts_from = "communities"'
    before, after = (
        write_town(tmp_path / name, **{"[residents]": there}) for name in ("one", "two")
    )
    layer = json.loads((after / "communities.geojson").read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"]["60岁以上"] *= 2
    (after / "communities.geojson").write_text(json.dumps(layer), encoding="utf-8")
    found = planner.compare(before, after)
    differs = found.settings()["differs"]
    assert list(differs[differs].index) == ["communities"]
    (line,) = [one for one in found.headline() if one.startswith("两次的资料：")]
    assert "社区台账文件" in line
    assert not any("注意" in one for one in found.headline())


def test_a_shapefile_is_told_by_its_figures_too(tmp_path: Path) -> None:
    project = write_town(tmp_path, **{"communities.geojson": "communities.shp"})
    layer = gpd.read_file(tmp_path / "communities.geojson")[["geometry"]]
    told = []
    for population in (100, 100, 200):
        layer.assign(总人口=population).to_file(tmp_path / "communities.shp", encoding="utf-8")
        told.append(run_settings(read_project(project))["communities"])
    assert told[0] == told[1] != told[2]
