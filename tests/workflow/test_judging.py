"""What streets and layers tell of centres, worked by hand, and what a run says of its clauses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from planner import run
from planner.errors import InputFileError, ScenarioError
from planner.standards.judging.facts import NEAR
from planner.streets import Heights, read_streets
from planner.streets.network.traffic_roads import traffic_lines
from planner.workflow.headline import headline
from planner.workflow.run import RunResult
from planner.workflow.standards.judging_near import distances, slopes
from planner.workflow.standards.judging_radii import (
    air_radii,
    streets_shared,
    walked_radii,
    why_no_radius,
)
from tests.workflow.town import write_town

CRS = "EPSG:4545"
CLAIMS = pd.DataFrame({"centre": ["a", "b", "b", "lost"], "community": ["k", "k", "m", "m"]})


def _points(*places: tuple[float, float], ids: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        index=list(ids), geometry=[shapely.Point(one) for one in places], crs=CRS
    )


def test_a_home_counts_with_the_nearest_centre_that_answers_for_it() -> None:
    sites = _points((0, 0), (1_000, 0), ids="ab")
    homes = _points((100, 0), (700, 0), (1_000, 400), (300, 400), (0, 900), ids="uvwxy")
    community = pd.Series(["k", "k", "m", "m", "nobody's"], homes.index)
    radii = air_radii(CLAIMS, homes, community, sites)
    # a: u 100 (v is 300 from b); b: v 300, w 400, x hypot(700, 400), though a is nearer to x.
    assert radii.to_dict() == pytest.approx({"a": 100.0, "b": np.hypot(700, 400)})


def test_the_longest_walk_leaves_out_who_has_no_way() -> None:
    found = pd.DataFrame(
        {"centre": ["a", "a", "b", None], "minutes": [5.0, 9.0, np.nan, np.nan]}, index=list("uvwx")
    )
    assert walked_radii(found, pd.Index(list("uwx"))).to_dict() == {"a": 5.0}


def test_distances_are_to_the_nearest_shape_and_nothing_within_an_area() -> None:
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.LineString([(50, -5), (50, 5)])])
    sites = _points((5, 5), (40, 0), (20, 10), ids="abc")
    assert distances(sites, shapes).tolist() == [0.0, 10.0, 10.0]
    assert np.isnan(distances(sites, shapes[:0])).all()


def test_why_a_centre_has_no_radius() -> None:
    claims = pd.DataFrame({"centre": ["a", "b", "b", "c"], "community": ["k", "k", "m", "n"]})
    lived = pd.Series(["k", "k", "m"])
    told = why_no_radius(claims, lived, lived)
    assert told.to_dict() == {"a": "others_nearer", "b": "others_nearer", "c": "no_homes"}
    cut_off = why_no_radius(claims, lived, lived[lived == "m"])
    assert cut_off.to_dict() == {"a": "no_way", "b": "others_nearer", "c": "no_homes"}


def test_a_centre_off_the_streets_has_no_way_though_its_mate_is_walked_to() -> None:
    """a joins no street, d an island of streets; b and c of the same group are in reach of k."""
    claims = pd.DataFrame({"centre": list("abcd"), "community": ["k"] * 4}, index=[3, 1, 2, 0])
    lived = pd.Series(["k", "k"], index=["u", "v"])
    homes = pd.Series({"u": 0, "v": -1, "w": 1})
    way = streets_shared(claims, lived, homes, pd.Series({"a": -1, "b": 0, "c": 0, "d": 1}))
    assert way.to_dict() == {3: False, 1: True, 2: True, 0: False}
    walked = why_no_radius(claims, lived, lived[:1], way)
    assert walked.to_dict() == {
        "a": "no_way", "b": "others_nearer", "c": "others_nearer", "d": "no_way",
    }  # fmt: skip
    # By air it stands where it stands.
    assert set(why_no_radius(claims, lived, lived)) == {"others_nearer"}


def test_a_motorway_is_a_road_to_keep_away_from(tmp_path: Path) -> None:
    """Nobody walks on it: 20 m away, while the nearest main road with a pavement is 3 km off."""
    lines = [
        shapely.LineString([(560_000, 3_800_000), (561_000, 3_800_000)]),
        shapely.LineString([(560_000, 3_800_050), (561_000, 3_800_050)]),
        shapely.LineString([(560_000, 3_803_000), (561_000, 3_803_000)]),
    ]
    roads = gpd.GeoDataFrame({"道路等级": ["支路", "高速公路", "主干路"]}, geometry=lines, crs=CRS)
    roads.to_file(tmp_path / "roads.gpkg", engine="pyogrio")
    network = read_streets(tmp_path / "roads.gpkg")
    site = _points((560_500, 3_800_030), ids="a").to_crs(network.crs)
    assert distances(site, traffic_lines(network)) == pytest.approx([20.0], abs=0.1)


class _Plane(Heights):
    """Ground that rises 3 m in 100 to the east and 4 m in 100 to the north."""

    @property
    def cell_m(self) -> float:
        return 30.0

    def at(self, easting: Any, northing: Any, *_: Any, **__: Any) -> Any:
        return 0.03 * easting + 0.04 * northing, np.zeros(len(easting), dtype=bool)


def test_the_slope_of_a_plane() -> None:
    assert slopes(_points((7, 9), (500, 2), ids="ab"), _Plane(())) == pytest.approx([5.0, 5.0])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = write_town(tmp_path_factory.mktemp("town") / "town")
    settings = folder / "project.toml"
    layers = '[standard]\nbooks = ["gb-50437-2007", "gb-50180-2018"]\nnoise = "noise.geojson"\n'
    text = settings.read_text(encoding="utf-8")
    assert "[standard]" not in text
    settings.write_text(f"{text}\n{layers}", encoding="utf-8")
    spot = gpd.GeoSeries([shapely.Point(560_000.0, 3_800_110.0)], crs=CRS).to_crs("EPSG:4490")
    spot.to_file(folder / "noise.geojson", driver="GeoJSON")
    return run(folder, folder.parent / "out")


def test_radii_of_the_town(town: RunResult) -> None:
    facts = town.judgement.facts
    assert facts.loc["C1", "noise_distance"] == pytest.approx(100.0, abs=0.2)
    assert facts.loc["C1", "pollution_distance_reason"] == "no_layer"
    assert facts.loc["C4", "service_radius_reason"] == "not_placed"
    told = facts.loc["C1", list(NEAR)]
    # C1 answers for 甲社区: R1 and R2, 700 m along the street; each walk has 20 m of legs more.
    assert told["service_radius"] == pytest.approx(700.0, abs=1.0)
    assert told["walked_radius"] == pytest.approx(720.0, abs=2.0)
    assert told["walked_minutes"] == pytest.approx(720.0 / (0.83 * 60.0), abs=0.05)


def test_the_run_tells_what_the_clauses_came_to(town: RunResult) -> None:
    standards = json.loads(town.files["summary"].read_text(encoding="utf-8"))["standards"]
    findings = town.judgement.findings
    assert sum(standards["findings"].values()) == len(findings)
    assert sum(standards["grades"].values()) == standards["centres_graded"]
    assert list(standards["books"]) == ["jianbiao-143-2010", "gb-50437-2007", "gb-50180-2018"]
    assert any("逐条评估" in line for line in town.headline())
    parts = standards["unknown_findings"]
    assert sum(parts.values()) == standards["findings"]["unknown"]
    assert parts["deciding"] == standards["unknown"]
    book = openpyxl.load_workbook(town.files["workbook"])
    rows = list(book["逐条评估"].iter_rows(values_only=True))
    assert any(row[0] == "C1" and row[3] == "服务半径（直线距离）" for row in rows)
    listed = findings["result"].isin(["short", "remark", "unknown"]).sum()
    assert sum(str(row[0]).startswith("C") for row in rows) == listed
    assert any(row[0] == "C1" for row in book["设施分级"].iter_rows(values_only=True))
    _same_counts_everywhere(town, rows)
    arithmetic = {row[0]: row for row in book["评估算式"].iter_rows(values_only=True)}
    assert "等级：" in str(arithmetic["C1"])
    assert "等级" in town.files["map"].read_text(encoding="utf-8")


def test_the_headline_names_the_book_and_how_well_it_is_known(town: RunResult) -> None:
    summary = json.loads(town.files["summary"].read_text(encoding="utf-8"))
    told = "\n".join(headline(summary, "zh"))
    assert "《社区老年人日间照料中心建设标准》建标 143-2010，待核对；" in told
    area = summary["floor_area"] | {"book_title": {"zh": "我的标准", "en": "Mine"}, "marks": ["W2"]}
    own = summary | {"floor_area": area}
    assert "；我的标准，原文见于两处以上；" in "\n".join(headline(own, "zh"))
    assert "; Mine, wording seen twice or more; " in "\n".join(headline(own, "en"))


def _same_counts_everywhere(town: RunResult, rows: list[tuple[Any, ...]]) -> None:
    """Check that summary, sheets and list of defects agree on what decides and what is beside."""
    whole = json.loads(town.files["summary"].read_text(encoding="utf-8"))
    standards, remedies = whole["standards"], whole["remedies"]
    assert remedies["deciding"] == standards["breaches"]
    assert remedies["tasks_deciding"] == standards["unknown"]
    for force in ("应", "宜"):
        assert remedies["defects"][force] == remedies["deciding"][force] + remedies["beside"][force]
        for decides, name in (("是", "deciding"), ("否", "beside")):
            listed = [row for row in rows if row[4] == "不符合" and row[5] == force]
            assert sum(row[10] == decides for row in listed) == remedies[name][force]
    book = openpyxl.load_workbook(town.files["workbook"])
    (line,) = (
        str(row[0])
        for row in book["整改清单"].iter_rows(values_only=True)
        if str(row[0]).startswith("缺陷 ")
    )
    total, deciding, beside = (
        sum(remedies[name].values()) for name in ("defects", "deciding", "beside")
    )
    assert f"缺陷 {total} 项 = 起决定作用的 {deciding} 项" in line
    assert f"+ 并列的 {beside} 项" in line


def test_a_layer_that_is_not_there_and_thresholds_that_do_not_rise(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    settings = folder / "project.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[standard]\nmedical = "none.gpkg"\n', encoding="utf-8")
    with pytest.raises(InputFileError, match=r"none\.gpkg"):
        run(folder, tmp_path / "out")
    settings.write_text(f"{text}\n[grades]\ncentre_shortfalls = [0.5, 0.1]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="centre_shortfalls"):
        run(folder, tmp_path / "out")
