"""What a run keeps for later comparisons: read again as written, and nobody's house in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal
from shapely.geometry import Point, box

from planner.coverage.comparing import Few, State, compare
from planner.coverage.comparing_shared import shareable
from planner.errors import InputFileError
from planner.outputs.compared.baseline import Baseline, read_baseline, write_baseline
from planner.standards.provision.grade_changes import GradedAudit
from planner.workflow.comparing.grades import centres_of_runs, judged_changes

CRS = "EPSG:4545"


def baseline() -> Baseline:
    gaps = gpd.GeoDataFrame(
        {
            "elderly_60": [25.5, 9.0],
            "communities": ["甲社区", "乙社区、丙社区"],
            "streets": ["街", None],
            "cause": ["too_far", "severed"],
        },
        geometry=[
            box(560_000, 3_800_000, 560_310, 3_800_205),
            box(561_000, 3_800_000, 561_090, 3_800_120),
        ],
        index=pd.Index(["c1-1", "c2-1"], name="gap", dtype=object),
        crs=CRS,
    )
    centres = gpd.GeoDataFrame(
        {"name": ["甲中心", None, "丙中心"], "elderly_60": [40.0, 3.0, 7.0]},
        geometry=[Point(easting, 3_800_010) for easting in (560_000.04, 560_500, 561_000)],
        index=["C1", "C2", "C3"],
        crs=CRS,
    )
    people = pd.DataFrame(
        {"total": [100.0, 20.25], "covered": [50.0, 10.0]}, index=["elderly_60", "elderly_80"]
    )
    state = State(people, gaps.assign(area_m2=gaps.area), centres, None, Few(1, 3.0, 0.0))
    return Baseline(
        {"project": "镇", "limit_minutes": 15.0, "needs": []},
        shareable(state, least_elders=5),
        box(559_000, 3_799_000, 562_000, 3_801_000),
        GradedAudit(
            pd.DataFrame(
                {
                    "name": pd.Series(["甲中心", None], dtype=object),
                    "grade": pd.Series(["差距较大", "资料不足"], dtype=object),
                    "centre_kind": pd.Series(["日间照料", None], dtype=object),
                    "easting_m": [560_000.0, np.nan],
                    "northing_m": [3_800_010.0, np.nan],
                }
            ).set_axis(pd.Index(["C1", "C2"], dtype=object)),
            pd.DataFrame(
                [
                    ("C1", "甲书/电梯", "short"),
                    ("C1", "甲书/面积", "short"),
                    ("C2", "乙书/门宽", "unknown"),
                    ("C2", "甲书/面积", "short"),
                ],
                columns=["centre", "clause", "result"],
                dtype=object,
            ),
            frozenset({"C1/乙书/门宽"}),
            frozenset({"甲书/电梯", "甲书/面积", "乙书/门宽", "乙书/走道"}),
        ),
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    one = baseline()
    write_baseline(one, tmp_path / "one.json")
    two = read_baseline(tmp_path / "one.json")
    assert two.settings == one.settings
    assert two.state.few == one.state.few
    assert two.district.equals(one.district)
    assert_frame_equal(two.state.people, one.state.people)
    order = list(one.state.gaps.columns)
    told = one.state.gaps["streets"].notna()
    expected = one.state.gaps.assign(streets=one.state.gaps["streets"].where(told, None))
    assert_geodataframe_equal(two.state.gaps[order], expected)
    assert two.state.centres["elderly_60"].tolist()[0] == 40.0
    assert two.state.centres["elderly_60"].isna().tolist() == [False, True, True]
    assert two.state.centres.distance(one.state.centres).max() < 0.1
    again = compare(two.state, one.state)
    assert set(again.gaps.table["change"]) == {"stays"}
    assert set(again.centres["change"]) == {"stays"}
    assert one.audit is not None
    assert two.audit is not None
    assert_frame_equal(two.audit.centres, one.audit.centres)
    assert_frame_equal(two.audit.findings, one.audit.findings)
    assert two.audit.gone == one.audit.gone
    write_baseline(two, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_file_of_a_version_without_grades(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    write_baseline(baseline(), file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    del kept["audit"]
    file.write_text(json.dumps(kept), encoding="utf-8")
    old = read_baseline(file)
    assert old.audit is None
    assert judged_changes(old, baseline(), centres_of_runs(old, baseline())) is None
    same = centres_of_runs(baseline(), baseline())
    found = judged_changes(baseline(), baseline(), same)
    assert found is not None
    assert set(found.centres["change"]) == {"same"}
    assert set(found.defects["change"]) == {"stays"}


def test_a_run_without_gaps_and_centres(tmp_path: Path) -> None:
    one = baseline()
    empty = State(one.state.people, one.state.gaps.iloc[:0], one.state.centres.iloc[:0])
    write_baseline(Baseline(one.settings, empty, one.district), tmp_path / "one.json")
    two = read_baseline(tmp_path / "one.json").state
    assert len(two.gaps) == len(two.centres) == 0
    opened = compare(two, one.state).gaps.totals
    assert opened["gaps"]["opened"] == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda kept: kept.pop("format"), "不完整或已改动"),
        (lambda kept: kept.update(format="another"), "不完整或已改动"),
        (lambda kept: kept.update(people={"elderly_60": {"total": 3}}), "不完整或已改动"),
        (lambda kept: kept["gaps"][0].update(ground="POLYGON ((0 0"), "不完整或已改动"),
        (lambda kept: kept.update(crs="EPSG:999999"), "不完整或已改动"),
        (lambda kept: kept["gaps"].append(kept["gaps"][0]), "不完整或已改动"),
        (lambda kept: kept["centres"].append(kept["centres"][0]), "不完整或已改动"),
        (lambda kept: kept["people"]["elderly_60"].update(total=float("nan")), "不完整或已改动"),
        (lambda kept: kept["people"]["elderly_60"].update(covered=None), "不完整或已改动"),
        (lambda kept: kept["people"]["elderly_80"].update(total=float("inf")), "不完整或已改动"),
        (lambda kept: kept["gaps"][0].update(elderly_60=float("nan")), "不完整或已改动"),
        (lambda kept: kept["gaps"][0].update(elderly_60=-5), "不完整或已改动"),
        (lambda kept: kept["centres"][0].update(elderly_60=float("nan")), "不完整或已改动"),
        (lambda kept: kept["gaps_of_few"].update(elderly_60=float("nan")), "不完整或已改动"),
        (lambda kept: kept["audit"].pop("gone"), "不完整或已改动"),
        (
            lambda kept: kept["audit"]["centres"].append(kept["audit"]["centres"][0]),
            "不完整或已改动",
        ),
        (lambda kept: kept["audit"]["findings"][0].update(short=[9]), "不完整或已改动"),
        (lambda kept: kept["audit"]["findings"][0].update(short=[1, 1]), "不完整或已改动"),
        (lambda kept: kept.update(format_version=2), "更新的版本"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(change: Any, told: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    write_baseline(baseline(), file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    change(kept)
    file.write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(InputFileError, match=told):
        read_baseline(file)
    file.write_bytes(b"{\xff")
    with pytest.raises(InputFileError, match="不完整或已改动"):
        read_baseline(file)


def test_ground_is_squares_of_a_fixed_grid() -> None:
    corners = baseline().state.gaps.get_coordinates()
    assert (np.mod(corners.to_numpy(), 100.0) == 0).all()
