"""The sample's ledgers: people, buildings, facilities, candidates, estates, and their faults."""

from __future__ import annotations

from collections import Counter
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.ledgers import from_wgs84, to_wgs84
from planner.tables import CENTRE_KINDS, STATUSES
from tests.data.sample_files import METRES, SAMPLE, Streets, sheet, walkable


def test_communities_are_as_many_and_as_large_as_promised(communities: Any) -> None:
    assert communities.crs.to_epsg() == 4490
    assert list(communities.columns) == [
        "名称", "代码", "街道", "类型", "常住人口", "60岁以上", "65岁以上", "80岁以上", "户数",
        "geometry",
    ]  # fmt: skip
    assert Counter(communities["类型"]) == {"社区": 218, "村": 60}
    assert communities["街道"].nunique() == 20
    assert communities["名称"].is_unique
    urban = communities[communities["类型"] == "社区"]
    assert urban["常住人口"].between(1_500, 16_000).all()
    assert 5 <= (urban["常住人口"] >= 10_000).sum() <= 12


def test_codes_follow_the_bureau_of_statistics(communities: Any) -> None:
    codes = communities["代码"]
    assert codes.is_unique
    assert codes.str.fullmatch(r"990401\d{6}").all()
    serial = codes.str[-3:].astype(int)
    village = communities["类型"] == "村"
    assert serial[~village].between(1, 199).all()
    assert (serial[village] >= 200).all()
    assert (communities.groupby("街道")["代码"].agg(lambda c: c.str[:9].nunique()) == 1).all()


def test_people_add_up_to_the_district_of_the_mission(communities: Any) -> None:
    people = communities["常住人口"]
    elders = [communities[name] for name in ("60岁以上", "65岁以上", "80岁以上")]
    assert people.sum() == pytest.approx(985_000, rel=0.01)
    shares = [column.sum() / people.sum() for column in elders]
    assert shares == pytest.approx([0.19, 0.135, 0.026], rel=0.05)
    assert (elders[2] <= elders[1]).all()
    assert (elders[1] <= elders[0]).all()
    assert (elders[0] <= people).all()
    by_street = communities.groupby("街道")[["常住人口", "60岁以上"]].sum()
    share = by_street["60岁以上"] / by_street["常住人口"]
    assert share.max() > 0.24
    assert share.min() < 0.11


def test_communities_do_not_overlap(communities: Any) -> None:
    land = communities.geometry.to_crs(METRES)
    assert land.is_valid.all()
    assert land.area.sum() - land.union_all().area < 100


def test_buildings_stand_in_their_community_and_out_of_the_river(
    communities: Any, residents: Any, streets: Streets
) -> None:
    assert list(residents.columns) == ["编号", "社区代码", "层数", "用途", "geometry"]
    assert residents["编号"].is_unique
    assert 25_000 <= len(residents) <= 35_000
    land = communities.set_index("代码").geometry.loc[residents["社区代码"]]
    middles = residents.geometry.to_crs(METRES).centroid
    assert shapely.contains(np.array(land.to_crs(METRES)), np.array(middles)).all()
    places, _, ways = streets
    edges = shapely.linestrings([[places[a], places[b]] for a, b in walkable(ways)])
    lines = geopandas.GeoSeries(edges, crs=4326).to_crs(METRES)
    _, away = shapely.STRtree(np.array(lines)).query_nearest(
        np.array(middles), return_distance=True, all_matches=False
    )
    assert np.quantile(away, 0.99) < 60
    rings = [nodes for nodes, tags in ways if not tags]
    outer, inner = (shapely.Polygon([places[n] for n in nodes]) for nodes in rings)
    assert not residents.intersects(outer.difference(inner)).any()
    assert residents.intersects(inner).sum() > 30


def test_uses_and_unsurveyed_communities(communities: Any, residents: Any) -> None:
    uses = residents["用途"].value_counts(normalize=True)
    assert uses["住宅"] > 0.88
    assert {"商业", "办公"} <= set(uses.index)
    assert residents["层数"].between(1, 33).all()
    homes = residents.loc[residents["用途"] == "住宅", "社区代码"]
    assert len(set(communities["代码"]) - set(homes)) == 2


def test_centres_are_of_every_kind_and_status(centres: pd.DataFrame) -> None:
    assert Counter(centres["设施类型"])["日间照料"] == pytest.approx(62, abs=2)
    assert set(centres["设施类型"]) == set(CENTRE_KINDS)
    assert set(centres["运营状态"]) == set(STATUSES) - {"未注明"}
    assert 95 <= len(centres) <= 115
    day = centres[centres["设施类型"] == "日间照料"]
    assert (day["运营状态"] == "运营").mean() > 0.7
    assert 0.2 < day["服务社区"].notna().mean() < 0.5
    assert (day["功能用房"].str.count("、") < 11).sum() > 8


def test_served_communities_are_in_the_ledger(centres: pd.DataFrame, communities: Any) -> None:
    named = set(centres["服务社区"].dropna().str.split("、").explode()) | set(centres["所在社区"])
    assert named <= set(communities["名称"])


def test_the_faults_are_there(centres: pd.DataFrame, communities: Any) -> None:
    day = centres[centres["设施类型"] == "日间照料"]
    area = day["建筑面积"]
    assert area.isna().sum() == 1
    assert (area == "约300㎡").sum() == 1
    assert (area == "0").sum() == 1
    assert (day["面积口径"] == "占地").sum() == 1
    assert day["面积口径"].isna().sum() >= 2
    assert (day["楼层"] == "-1").sum() == 1
    assert centres.duplicated().sum() == 1
    assert centres["编号"].duplicated().sum() == 1
    placed = centres.dropna(subset=["经度", "纬度"])
    assert len(centres) - len(placed) == 1
    east, north = placed["经度"].astype(float), placed["纬度"].astype(float)
    assert (east < north).sum() == 1
    right = east > north
    lon, lat = to_wgs84(east[right].to_numpy(), north[right].to_numpy(), "gcj02")
    points = geopandas.GeoSeries(geopandas.points_from_xy(lon, lat), crs=4490).to_crs(METRES)
    land = communities.geometry.to_crs(METRES).union_all()
    # Only the centre that stands in the river stands outside every community.
    assert (~points.within(land)).sum() == 1


def test_gcj02_moves_points_by_the_shift_of_the_region(centres: pd.DataFrame) -> None:
    lon, lat = from_wgs84(np.array([108.70]), np.array([34.33]), "gcj02")
    points = geopandas.GeoSeries(
        geopandas.points_from_xy([108.70, lon[0]], [34.33, lat[0]]), crs=4490
    ).to_crs(METRES)
    assert points.iloc[0].distance(points.iloc[1]) == pytest.approx(458, abs=15)
    decimals = centres["经度"].dropna().str.partition(".")[2].str.len()
    assert (decimals == 6).all()


def test_candidates_and_estates() -> None:
    candidates, estates = sheet(SAMPLE / "candidates.xlsx"), sheet(SAMPLE / "estates.xlsx")
    assert list(candidates.columns) == [
        "编号", "名称", "现状用途", "经度", "纬度", "可用面积", "面积口径", "楼层", "产权",
        "取得方式", "房屋安全鉴定", "消防手续", "改造费用(万元)",
    ]  # fmt: skip
    assert 75 <= len(candidates) <= 90
    assert (candidates["可用面积"] < 300).sum() >= 5
    assert (candidates["楼层"] < 0).sum() == 3
    assert {"合格", "不合格", "未鉴定"} == set(candidates["房屋安全鉴定"])
    assert Counter(candidates["现状用途"])["党群服务中心"] >= 50
    assert len(estates) == 15
    assert {"规划", "建设", "验收", "交付"} <= set(estates.columns)
    assert 0 < (estates["已交付养老用房"] > 0).sum() < 15
