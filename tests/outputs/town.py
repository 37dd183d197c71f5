"""A made-up town of twelve communities, with the names that a hostile ledger would bring."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, points_from_xy
from shapely import LineString, Point, Polygon, box

from planner.coverage.grades import PATTERNS, GradeSettings
from planner.labels import Language, message
from planner.outputs.content import PlanContent, Told
from planner.outputs.content_parts import About, Counted, Headline, SitingAnswer
from tests.outputs.programme_rows import programme_points, programme_sheets
from tests.outputs.remedy_rows import centre_pages, defect_sheet
from tests.outputs.siting_rows import proposals, siting_sheets

CRS = "EPSG:4545"
WEST_M, SOUTH_M = 564_000.0, 3_800_000.0
COLUMNS, ROWS = 4, 3
WIDE_M, HIGH_M = 900.0, 800.0

HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "{{ 7 * 7 }}{% raw %}",
)
NAMES = (
    "古渡",
    "渭阳",
    "人民路",
    "文林",
    "抚苏",
    "吴家堡",
    "陈杨寨",
    "钓台",
    "沈兴",
    "安谷",
    "长虹",
    "玉泉",
)
CENTRE_STATUSES = ("运营", "运营", "运营", "闲置", "在建", "运营", "停运", "规划", "运营")
STATES = ("covered", "too_far", "no_way_through", "not_joined")


def _communities() -> GeoDataFrame:
    rows, shapes = [], []
    for number, name in enumerate(NAMES):
        column, row = number % COLUMNS, number // COLUMNS
        west, south = WEST_M + column * WIDE_M, SOUTH_M + row * HIGH_M
        shapes.append(box(west, south, west + WIDE_M, south + HIGH_M))
        elders = 300.0 + 170.0 * number
        covered = elders * (1.0, 0.97, 0.75, 0.55, 0.31, 0.1, 0.0)[number % 7]
        rows.append(
            {
                "name": HOSTILE_NAMES[number] if number < len(HOSTILE_NAMES) else f"{name}社区",
                "street": f"{('青渡', '古塔', '滨河')[row]}街道",
                "community_kind": "村" if number == 11 else "社区",
                "population": elders * 5.2,
                "households": elders * 1.9,
                "elderly_60": elders,
                "elderly_65": elders * 0.7,
                "elderly_80": elders * 0.15,
                "covered_60": covered,
                "covered_65": covered * 0.7,
                "covered_80": covered * 0.15,
                "share_60": covered / elders,
                "grade": (None, "blue", "yellow", "yellow", "orange", "red", "red")[number % 7],
                "centres_open": number % 3,
            }
        )
    index = pd.Index([f"6104020010{number:02d}" for number in range(len(NAMES))], name="id")
    table = GeoDataFrame(rows, index=index, geometry=shapes, crs=CRS)
    table.loc[table.index[10], ["elderly_60", "covered_60"]] = 0.0
    table.loc[table.index[10], "share_60"] = np.nan
    table.loc[table.index[10], "grade"] = None
    return table


def _streets() -> GeoDataFrame:
    east, north = WEST_M + COLUMNS * WIDE_M, SOUTH_M + ROWS * HIGH_M
    lines, main = [], []
    for number, easting in enumerate(np.arange(WEST_M, east + 1, 150.0)):
        lines.append(LineString([(easting, SOUTH_M), (easting + 40, north)]))
        main.append(number % 6 == 0)
    for number, northing in enumerate(np.arange(SOUTH_M, north + 1, 160.0)):
        lines.append(LineString([(WEST_M, northing), (east, northing + 60)]))
        main.append(number % 5 == 0)
    return GeoDataFrame({"main": main}, geometry=lines, crs=CRS)


def _ground() -> GeoDataFrame:
    east = WEST_M + COLUMNS * WIDE_M
    river = Polygon(
        [
            (WEST_M - 300, SOUTH_M + 700),
            (east + 300, SOUTH_M + 950),
            (east + 300, SOUTH_M + 1070),
            (WEST_M - 300, SOUTH_M + 840),
        ]
    )
    brook = LineString([(WEST_M + 500, SOUTH_M - 100), (WEST_M + 700, SOUTH_M + 760)])
    rails = LineString([(WEST_M - 300, SOUTH_M + 1900), (east + 300, SOUTH_M + 1700)])
    return GeoDataFrame(
        {"ground_kind": ["water", "waterway", "railway"]}, geometry=[river, brook, rails], crs=CRS
    )


def _residents(communities: GeoDataFrame) -> GeoDataFrame:
    rng = np.random.default_rng(7)
    parts = []
    for number, (community, row) in enumerate(communities.iterrows()):
        if row["elderly_60"] == 0:
            continue
        west, south, east, north = row.geometry.bounds
        count = 60
        states = np.where(
            rng.random(count) < row["share_60"], STATES[0], np.array(STATES)[1 + number % 3]
        )
        minutes = np.where(
            states == "covered", rng.uniform(1, 15, count), rng.uniform(16, 40, count)
        )
        minutes[states == "no_way_through"] = np.nan
        parts.append(
            GeoDataFrame(
                {
                    "community": community,
                    "state": states,
                    "elderly_60": row["elderly_60"] / count,
                    "walk_minutes": minutes,
                },
                geometry=points_from_xy(
                    rng.uniform(west, east, count), rng.uniform(south, north, count)
                ),
                crs=CRS,
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table.index = pd.Index([f"building-{number}" for number in table.index], name="id")
    return GeoDataFrame(table, crs=CRS)


def _centres(communities: GeoDataFrame) -> GeoDataFrame:
    rng = np.random.default_rng(3)
    rows, shapes = [], []
    for number, (community, place) in enumerate(communities.iloc[:9].iterrows()):
        judged = CENTRE_STATUSES[number] == "运营" and number != 5
        result = ("meets", "short", "unknown")[number % 3] if judged else "not_applicable"
        held = {"meets": 1200.0, "short": 960.0}.get(result, np.nan)
        rows.append(
            {
                "name": HOSTILE_NAMES[number] if number < 2 else f"{place['name'][:3]}日间照料中心",
                "centre_kind": "助餐点" if number == 5 else "日间照料",
                "status": CENTRE_STATUSES[number],
                "position": "approximate" if number == 8 else "given",
                "community": community,
                "street": place["street"],
                "result": result,
                "group": f"G{number}" if judged else None,
                "centre_class": "二类" if judged else None,
                "area_m2": held,
                "area_kind": "建筑",
                "required_m2": 1085.0 if judged else np.nan,
                "held_m2": held,
                "shortfall_m2": 125.0
                if result == "short"
                else 0.0
                if result == "meets"
                else np.nan,
                "shortfall_share": 125.0 / 1085.0 if result == "short" else np.nan,
                "per_elder_m2": 1422.7 if judged else np.nan,
                "rooms_lacking": "心理疏导室、网络室" if judged else "",
                "area_note": "口径待核对" if number == 2 else "",
                "mark": "待核对" if judged else "",
                "centre_grade": "差距较大" if result == "short" else None,
                "explanation": "人口 23,400 → 二类 → 宜 1,085 m²\n现有 960 m² → 短缺 125 m²，11.5 %"
                if result == "short"
                else "",
            }
        )
        west, south, east, north = place.geometry.bounds
        shapes.append(
            Point(rng.uniform(west + 100, east - 100), rng.uniform(south + 100, north - 100))
        )
    index = pd.Index([f"C{number:03d}" for number in range(9)], name="id")
    shapes[7] = Point()
    return GeoDataFrame(rows, index=index, geometry=shapes, crs=CRS)


def _candidates(communities: GeoDataFrame) -> GeoDataFrame:
    rng = np.random.default_rng(5)
    states = ("chosen", "usable", "barred", "to_visit", "chosen", "usable", "barred", "usable")
    rows, shapes = [], []
    for number, state in enumerate(states):
        chosen = state == "chosen"
        rows.append(
            {
                "name": HOSTILE_NAMES[2] if number == 1 else f"{NAMES[number]}党群服务中心",
                "candidate_kind": "党群服务中心",
                "area_m2": 900.0 + 10 * number,
                "floor": -1.0 if state == "barred" else 1.0,
                "tenure": "公有",
                "acquisition": "党群整合",
                "cost_10k_yuan": 60.0 + number,
                "state": state,
                "rank": {0: 1.0, 4: 2.0}.get(number, np.nan),
                "gain": {0: 700.0, 4: 450.0}.get(number, np.nan),
                "in_fewest": chosen or number == 5,
                "reasons": "地下层" if state == "barred" else "",
            }
        )
        place = communities.geometry.iloc[11 - number].bounds
        shapes.append(
            Point(
                rng.uniform(place[0] + 80, place[2] - 80), rng.uniform(place[1] + 80, place[3] - 80)
            )
        )
    index = pd.Index([f"K{number:03d}" for number in range(len(states))], name="id")
    return GeoDataFrame(rows, index=index, geometry=shapes, crs=CRS)


def _gaps(communities: GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(communities[["name", "street", "elderly_60", "share_60"]])
    for age in ("60", "65", "80"):
        table[f"uncovered_{age}"] = communities[f"elderly_{age}"] - communities[f"covered_{age}"]
    table = table.loc[table["uncovered_60"] > 0.5].copy()
    table["cause"] = [STATES[1 + number % 3] for number in range(len(table))]
    table["nearest_name"] = [HOSTILE_NAMES[0], *["古渡日间照料中心"] * (len(table) - 1)]
    table["walk_minutes"] = 16.0 + np.arange(len(table))
    table.loc[table["cause"] == "no_way_through", "walk_minutes"] = np.nan
    return table.sort_values("uncovered_60", ascending=False)


GAPS = {"11-1": (11, "red"), "5-1": (5, "orange"), "6-1": (6, "yellow"), "0-1": (0, "blue")}
"""Gaps of the town: the community that each fills but for a margin, and its grade."""


def gap_areas(communities: GeoDataFrame) -> GeoDataFrame:
    """Return gaps of all four grades, worst first; a new way would help the first of them."""
    places = communities.iloc[[place for place, _ in GAPS.values()]]
    return GeoDataFrame(
        {
            "rank": range(1, 5),
            "grade": [grade for _, grade in GAPS.values()],
            "grade_pattern": [PATTERNS[grade] for _, grade in GAPS.values()],
            "streets": ["滨河街道", "古塔街道", "古塔街道", None],
            "gap_communities": ["玉泉社区、长虹社区", "吴家堡社区", "陈杨寨社区", HOSTILE_NAMES[0]],
            "gap_elderly_60": [1_520.0, 320.0, 150.0, 12.0],
            "gap_elderly_65": [1_000.0, 210.0, 100.0, np.nan],
            "gap_elderly_80": [220.0, 40.0, np.nan, 0.0],
            "cause": ["severed", "too_far", "full", "not_joined"],
            "gap_causes": ["被阻隔 1,500、其他 20", "距离过远 320", "附近设施已满 150", "—"],
            "elderly_60_severed": [1_500.0, np.nan, 0.0, 0.0],
            "gap_barrier": ["河道 渭河", None, None, None],
            "nearest_name": ["古渡日间照料中心", "古渡日间照料中心", HOSTILE_NAMES[0], None],
            "walk_minutes_mean": [21.5, 18.0, 9.0, np.nan],
            "walk_minutes_largest": [31.5, 20.0, 12.0, np.nan],
            "candidate_name": ["古渡党群服务中心", None, None, None],
            "candidate_elderly_60": [700.0, np.nan, np.nan, np.nan],
            "candidate_share": [0.46, np.nan, np.nan, np.nan],
            "way": ["bridge", None, None, None],
            "way_length_m": [54.0, np.nan, np.nan, np.nan],
            "way_elderly_60": [600.0, np.nan, np.nan, np.nan],
            "way_minutes_before": [34.0, np.nan, np.nan, np.nan],
            "way_minutes_after": [3.0, np.nan, np.nan, np.nan],
            "verdict": ["stands", "hangs", "falls", None],
            "not_under": [None, "轮椅", "轮椅、步速与接入误差模拟", None],
            "runs_share": [0.97, 0.5, 0.1, np.nan],
        },
        index=pd.Index(list(GAPS), name="gap"),
        geometry=places.buffer(-60.0, join_style="mitre").to_numpy(),
        crs=CRS,
    )


def _new_ways(communities: GeoDataFrame) -> GeoDataFrame:
    middle = communities.geometry.iloc[11].centroid
    way = gap_areas(communities).iloc[:1]
    way = way.set_geometry([LineString([middle, (middle.x, middle.y + 54.0)])], crs=CRS)
    return GeoDataFrame(way[[*way.columns[way.columns.str.startswith("way")], "rank", "grade",
                             "streets", "gap_communities", "geometry"]])  # fmt: skip


def _years() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan_year": ["2024（现状）"] * 2 + ["2030"] * 2,
            "street": ["合计", HOSTILE_NAMES[3]] * 2,
            "elderly_60": [12_000.0, 4_000.0, 13_000.0, 4_300.0],
            "elderly_65": [8_400.0, 2_800.0, 9_100.0, np.nan],
            "elderly_80": [1_800.0, np.nan, 2_000.0, 700.0],
            "disabled": [600.0, np.nan, 650.0, 210.0],
            "covered_60": [9_000.0, 3_000.0, 10_000.0, 3_300.0],
            "share_60": [0.75, 0.75, np.nan, np.nan],
            "unknown_communities": pd.array([0, 0, 1, 1], dtype="Int64"),
            "centres_open": pd.array([6, 2, 8, 3], dtype="Int64"),
            "required_m2": [5_000.0, np.nan, 5_400.0, np.nan],
            "held_m2": [4_000.0, np.nan, 4_900.0, np.nan],
            "shortfall_m2": [1_200.0, np.nan, 800.0, np.nan],
            "year_gain": [1_150.0, np.nan, 900.0, np.nan],
        }
    )


def _groups() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "communities": [HOSTILE_NAMES[4], "古渡社区、渭阳社区", "沈兴社区"],
            "centres": [HOSTILE_NAMES[0], "抚苏日间照料中心", ""],
            "population": [23_400.0, 12_000.0, 8_000.0],
            "elderly_60": [4_446.0, 2_300.0, 1_500.0],
            "centre_class": ["二类", "三类", "三类"],
            "reading": ["", "", "不足 10,000 人，按三类以老年人数折算"],
            "required_m2": [1_085.0, 750.0, 585.0],
            "per_elder_m2": [1_422.7, 897.0, np.nan],
            "held_m2": [960.0, np.nan, 0.0],
            "shortfall_m2": [125.0, np.nan, 585.0],
            "shortfall_share": [125.0 / 1_085.0, np.nan, 1.0],
            "result": ["short", "unknown", "short"],
            "mark": ["待核对", "待核对", "待核对"],
        },
        index=pd.Index(["G1", "G2", "G3"], name="id"),
    )


def _streets_table(communities: GeoDataFrame) -> pd.DataFrame:
    columns = [f"{kind}_{age}" for kind in ("elderly", "covered") for age in ("60", "65", "80")]
    table = (
        pd.DataFrame(communities).groupby("street")[["population", "centres_open", *columns]].sum()
    )
    table["communities"] = communities.groupby("street").size()
    table["share_60"] = table["covered_60"] / table["elderly_60"]
    table["uncovered_60"] = table["elderly_60"] - table["covered_60"]
    return table


def _findings() -> tuple[pd.DataFrame, pd.DataFrame]:
    fields = {"table": HOSTILE_NAMES[3]}
    findings = pd.DataFrame(
        {
            "file": ["centres.csv", "centres.csv"],
            "row": [7, 12],
            "id": ["C001", "C002"],
            "column": ["area_m2", "geometry"],
            "severity": ["doubt", "grave"],
            "key": ["tables.refused", "tables.id_missing"],
            "fields": [fields, fields],
            "action": ["kept", "set_aside"],
        }
    )
    set_aside = findings.loc[[1], ["file", "row", "id", "key", "fields"]]
    return findings, set_aside


def _estates() -> dict[str, Told]:
    who = {"id": ["E001", "E002"], "name": [HOSTILE_NAMES[3], "礼梅苑"]}
    rooms = {
        **who,
        "estate_age": ["新建", None],
        "estate_matter": ["每百户养老服务用房"] * 2,
        "estate_rule": ["某地条例：每百户至少 20 m²。"] * 2,
        "estate_force": ["应"] * 2,
        "mark": ["待核对"] * 2,
        "estate_required_m2": [246.8, np.nan],
        "estate_delivered_m2": [200.0, np.nan],
        "estate_short_m2": [46.8, np.nan],
        "estate_result": ["estate_short", "estate_unknown"],
        "estate_decides": [True, True],
        "estate_told": ["1,234 户 × 20 m²/百户 = 246.8 m²", "请在台账填写：户数"],
    }
    steps = {
        **who,
        "estate_step": ["规划", "建设"],
        "estate_state": ["已同步", None],
        "estate_date": ["2024-12", None],
        "estate_result": ["estate_done", "estate_late"],
        "estate_late_days": [np.nan, 30.0],
        "estate_finding": ["", "预计时间已过而未完成"],
    }
    pools = {
        "rank": [1, 2],
        **who,
        "estate_members": [f"{HOSTILE_NAMES[0]}、礼梅苑", HOSTILE_NAMES[3]],
        "estate_count": [2, 3],
        "estate_rooms_m2": [310.5, 300.0],
        "estate_rooms_delivered_m2": [110.5, 300.0],
        "estate_rooms_owed_m2": [200.0, 0.0],
        "estate_reached_60": [812.0, np.nan],
        "estate_new_60": [97.0, np.nan],
        "estate_gain": ["estate_gain_elders", "estate_gain_centre"],
        "walk_minutes_largest": [14.2, 3.0],
        "estate_basis": ["口径待核对：礼梅苑", ""],
    }
    tables = {"estate_rooms": rooms, "estate_steps": steps, "estate_pools": pools}
    return {key: Told(pd.DataFrame(one), ("2 个居住区。",)) for key, one in tables.items()}


def _provision() -> dict[str, Told]:
    tiers = pd.DataFrame(
        {
            "area_level": ["全区", "街道"], "street": ["", HOSTILE_NAMES[3]],
            "tier": ["养老机构", "全部设施"], "tier_open": [3, 12], "tier_not_open": [1, 2],
            "tier_m2": [19_251.0, np.nan], "tier_m2_unknown": [0, 12],
            "per_100_elders_m2": [10.24, np.nan], "tier_beds": [620.0, np.nan],
            "tier_beds_unknown": [0, 12], "per_1000_elders_beds": [3.3, np.nan],
            "tier_carers": [11.0, 207.0], "tier_carers_unknown": [0, 2],
            "per_10000_elders_carers": [0.58, 11.0], "elderly_60": [187_972.0, np.nan],
        }
    )  # fmt: skip
    areas = pd.DataFrame(
        {
            "area_level": ["全区", "社区"], "street": ["", "东街道"],
            "name": ["", HOSTILE_NAMES[0]],
            "population": [901_963.0, np.nan], "elderly_60": [168_349.0, 462.0],
            "size_class": ["不足 211，超过 0", "不足最小类"], "served_with": ["", HOSTILE_NAMES[2]],
            "part_required_m2": [57_011.8, 149.0], "part_held_m2": [31_752.4, np.nan],
            "part_shortfall_m2": [31_829.2, np.nan],
            "result": ["218 个：不足 137，不明 9", "unknown"],
            "joins": ["", HOSTILE_NAMES[3]], "join_by": ["", "步行 10.3 分钟"],
            "group_centres_needed": [np.nan, 1.0], "group_centres": [np.nan, 0.0],
        }
    )  # fmt: skip
    return {
        "provision": Told(tiers, ("养老机构 3 处。",)),
        "provision_communities": Told(areas, ("218 个社区。",)),
    }


def _measures() -> dict[str, Told]:
    area = {
        "area_level": ["全区", "社区"],
        "street": ["", "东街道"],
        "name": ["", HOSTILE_NAMES[3]],
    }
    people = {"elderly_60": [9_000.0, 1_200.0]}
    circle = pd.DataFrame(
        {
            "circle_radius_m": [747.0, 747.0], **area, **people, "circle_only_60": [700.0, 60.0],
            "circle_only_share": [0.08, 0.05], "circle_only_65": [500.0, np.nan],
            "circle_only_80": [80.0, np.nan], "walk_only_60": [10.0, np.nan],
            "walk_only_65": [7.0, np.nan], "walk_only_80": [np.nan, np.nan],
        }
    )  # fmt: skip
    access = pd.DataFrame(
        {
            **area, **people, "access_two_step": [0.6, 0.5], "access_enhanced": [0.6, 0.4],
            "access_gaussian": [0.6, 0.4], "access_three_step": [0.6, 0.4],
            "access_congestion": [1.1, np.nan], "access_none_60": [900.0, 0.0],
            "access_unknown_60": [30.0, np.nan],
        }
    )  # fmt: skip
    equity = pd.DataFrame(
        {
            "equity_of": ["步行分钟"] * 2, **area, "equity_persons": [8_900.0, 1_200.0],
            "equity_mean": [12.25, np.nan], "equity_gini": [0.31, np.nan],
            "equity_palma": [1.4, np.nan], "equity_concentration": [0.1, np.nan],
            "equity_mean_80": [12.5, np.nan], "equity_ratio_80": [1.02, np.nan],
            "worst_60": [890.0, 300.0], "worst_share": [1.0, 0.34], "equity_without": [100.0, 0.0],
        }
    )  # fmt: skip
    curve = pd.DataFrame(
        {
            "curve_walker": ["老年人"] * 3 + ["=轮椅"] * 3,
            "curve_minutes": [5.0, 12.5, 30.0] * 2,
            "covered_60": [900.0, 3_000.0, 8_000.0, 700.0, 2_000.0, 7_000.0],
            "curve_share_60": [0.1, 0.33, 0.89, 0.08, 0.22, 0.78],
        }
    )
    served = pd.DataFrame(
        {
            "id": [None, "C1"], "name": ["全区合计（按服务组）", HOSTILE_NAMES[3]],
            "street": [None, "东街道"], "mark": [None, "待核对"],
            **{
                column: value
                for one in ("ledger", "walk")
                for column, value in {
                    f"served_{one}": [None, "甲社区、乙社区"], f"{one}_result": [None, "面积不足"],
                    f"{one}_required_m2": [3_000.0, 1_085.0], f"{one}_held_m2": [2_400.0, 960.0],
                    f"{one}_shortfall_m2": [600.0, 125.0],
                }.items()
            },
        }
    )  # fmt: skip
    return {
        "served": Told(served, ("两种口径并列。",)),
        "circle": Told(circle, ("圆圈多算 700 人。",)),
        "access": Told(access, ("42 处设施共可服务 9,000 名老年人。",)),
        "equity": Told(equity, ("平均 12.3 分钟。",)),
        "curve": Told(curve, ("老年人：15 分钟 40.0%。",)),
        **_estates(),
    }


def judging_sheets() -> dict[str, Told]:
    """Return the sheets of the clause-by-clause audit, with names that look like formulas."""
    who = {"id": ["C001", "C002"], "name": [HOSTILE_NAMES[0], "古渡日间照料中心"],
           "street": ["东街道", "西街道"]}  # fmt: skip
    judged = pd.DataFrame(
        {
            **who, "judged_what": ["门净宽", "电梯"], "judged_result": ["judged_short"] * 2,
            "force": ["应", "宜"], "judged_asks": ["≥ 0.9 m", "有"],
            "judged_has": ["0.85 m", "无"], "judged_verdict": ["短缺 0.05 m，5.6 %", "不符合"],
            "judged_share": [0.056, np.nan], "judged_decides": [True, False],
            "judged_mark": ["原文见于一处", "待核对，未见原文"],
            "judged_source": ["建标 143", "JGJ"],
        }
    )  # fmt: skip
    counts = {
        name: [10.0, 3.0]
        for name in ("judged_clauses", "judged_met", "breaches_must", "breaches_should",
                     "judged_unknown", "judged_on_the_spot", "judged_remarks")
    }  # fmt: skip
    grades = pd.DataFrame(
        {
            **who, "centre_kind": ["日间照料"] * 2, "centre_grade": ["严重不足", "资料不足"],
            **counts, "judged_shortfall_share": [0.35, np.nan],
            "grade_why": ["建筑面积短缺 35 %", "面积不明"], "judged_fill_in": ["", "面积(m²)"],
        }
    )  # fmt: skip
    numbers = ("graded_centres", "grade_met", "grade_near", "grade_wide", "grade_severe",
               "grade_unknown")  # fmt: skip
    counted = pd.DataFrame(
        {
            "graded_by": ["全部", "街道"], "graded_name": ["", HOSTILE_NAMES[3]],
            **{name: [2.0, 1.0] for name in numbers},
        }
    )  # fmt: skip
    return {
        "judged": Told(judged, ("逐条对照的标准：建标 143。",)),
        "centre_grades": Told(grades, ("分级。",)),
        "grade_counts": Told(counted),
    }


def example_content(language: Language = "zh", **changes: Any) -> PlanContent:
    """Return all that a run over the made-up town would have to say, with ``changes``."""
    communities = _communities()
    residents = _residents(communities)
    elders = communities["elderly_60"].sum(), communities["covered_60"].sum()
    states = pd.DataFrame(
        {
            "rows": residents.groupby("state").size(),
            "elderly_60": residents.groupby("state")["elderly_60"].sum(),
        }
    ).reindex([*STATES, "no_centre"], fill_value=0)
    findings, set_aside = _findings()
    content = PlanContent(
        about=About(
            title="青渡示范区",
            language=language,
            synthetic=True,
            map_review_number="",
            attributions=("© OpenStreetMap contributors, ODbL 1.0",),
            limit_minutes=15.0,
            speed_m_s=0.83,
            walker="步行者：老年人，平路 0.83 米/秒",
            population_kind="常住",
            population_date="2024-12-31",
            centre_kinds=("日间照料",),
            book_title="社区老年人日间照料中心建设标准（建标 143-2010）",
            small_groups="pro_rata",
        ),
        headline=Headline(
            elderly_60=Counted(*elders),
            elderly_65=Counted(elders[0] * 0.7, elders[1] * 0.7),
            elderly_80=Counted(elders[0] * 0.15, elders[1] * 0.15),
            communities=11,
            communities_with_centre=7,
            centres=9,
            centres_open=4,
            centres_below=1,
            centres_unknown=1,
            required_m2=9_855.0,
            held_m2=4_380.0,
            shortfall_m2=5_475.0,
            area_kinds=("日间照料",),
            all_held_m2=4_700.0,
            per_100_elders_m2=29.4,
        ),
        siting=SitingAnswer(
            new_centres=2,
            chosen=("K000", "K004"),
            covered_before=elders[1],
            covered_after=elders[1] + 1_150.0,
            bound=elders[1] + 1_150.0,
            gap=0.0,
            status="已证明最优",
            unreachable=31,
            unreachable_elderly_60=412.0,
            fewest_chosen=("K000", "K004", "K005"),
            fewest_status="已证明最优",
        ),
        summary={"elderly_60": {"total": elders[0], "covered": elders[1]}},
        notices=(message("tables.refused", table=HOSTILE_NAMES[2]),),
        district=GeoDataFrame(geometry=[communities.union_all()], crs=CRS),
        communities=communities,
        streets=_streets(),
        ground=_ground(),
        residents=residents,
        centres=_centres(communities),
        candidates=_candidates(communities),
        estates=GeoDataFrame(
            {
                "name": [HOSTILE_NAMES[3]],
                "street": ["古塔街道"],
                "households": [1_800.0],
                "housing_area_m2": [190_000.0],
                "delivered_m2": [np.nan],
                "planned": ["已同步"],
                "built": ["已同步"],
                "accepted": ["未同步"],
                "handed_over": [None],
                "estate_required_m2": [360.0],
                "estate_short_m2": [np.nan],
                "estate_result": ["estate_unknown"],
                "estate_pool": ["资料不足"],
                "estate_told": ["1,800 户 × 20 m²/百户 = 360 m²；应，见于一处"],
            },
            index=pd.Index(["E001"], name="id"),
            geometry=[Point(WEST_M + 2_000, SOUTH_M + 500)],
            crs=CRS,
        ),
        gaps=_gaps(communities),
        groups=_groups(),
        streets_table=_streets_table(communities),
        states=states,
        reconciliation=pd.DataFrame(
            {
                "quantity": ["60岁以上老年人", "日间照料中心"],
                "ledger": [elders[0], 9.0],
                "control": [elders[0] + 300.0, np.nan],
                "difference": [-300.0, np.nan],
                "share": [-300.0 / (elders[0] + 300.0), np.nan],
                "remark": ["", "未给出控制数"],
            }
        ),
        rows=pd.DataFrame(
            {
                "file": ["communities.gpkg", "centres.csv"],
                "rows_read": [12, 10],
                "rows_used": [12, 9],
                "rows_set_aside": [0, 1],
            },
            index=pd.Index(["communities", "centres"], name="ledger"),
        ),
        findings=findings,
        set_aside=set_aside,
        foot_rules=pd.DataFrame(
            {
                "foot_rule": ["street", "motorway"],
                "rule_outcome": ["可走", "不可走"],
                "ways": [180, 3],
                "ways_length_m": [91_000.0, 4_000.0],
                "ways_share": [0.9579, 0.0421],
                "rule_reason": ["街道有人行道，或可沿路边行走。", "高速公路：行人不得进入。"],
            }
        ),
        gap_lines=("共 1 处缺口片区。",),
        gap_areas=gap_areas(communities),
        new_ways=_new_ways(communities),
        years=_years(),
        year_communities=_years()[["plan_year", "street", "elderly_60", "covered_60"]].assign(
            id="610402001001", name=HOSTILE_NAMES[3], community_kind="社区", share_60=0.75
        ),
        year_lines=("2030 年：60 岁以上 13,000 人。",),
        area_lines=("街道按社区台账所写的名称划分。",),
        estimated_lines=("推算：residents.gpkg 有 3 行没有“失能”。",),
        grades=GradeSettings(),
        capacity_lines=("服务老年人数（人）：需求 12,000 人。",),
        capacity=pd.DataFrame(
            {
                "capacity_unit": ["服务老年人数（人）"] * 2,
                "centre": ["C1", "C2"],
                "name": ["甲中心", "乙中心"],
                "capacity_persons": [2_000.0, np.nan],
                "load_persons": [2_000.0, np.nan],
                "free_persons": [0.0, np.nan],
                "is_full": [True, None],
                "nearest_persons": [2_400.0, 300.0],
                "turned_away": [400.0, 300.0],
                "sent_on": [100.0, 0.0],
                "left_out": [300.0, 300.0],
                "come_from_elsewhere": [0.0, np.nan],
                "walk_minutes": [9.5, np.nan],
            }
        ),
        proposals=proposals(communities),
        programme=programme_points(HOSTILE_NAMES[3], _centres(communities)),
        measures=siting_sheets(HOSTILE_NAMES[3])
        | programme_sheets(HOSTILE_NAMES[3])
        | _measures()
        | _provision()
        | judging_sheets()
        | defect_sheet(HOSTILE_NAMES[0]),
        centre_pages=centre_pages(HOSTILE_NAMES[0]),
        centre_page_lines=("每处不达标设施一页。",),
        asked=pd.DataFrame(
            {
                "asked_by": ["kind", "need"],
                "asked_of": ["日间照料", "临休就餐"],
                "asked_walker": ["老年人（规划步速）", "老年人（规划步速）"],
                "limit_minutes": [15.0, 15.0],
                "centres_asked": [4, 3],
                "centres_unknown": [0, 2],
                "covered_60": [9_000.0, 7_500.0],
                "share_60": [0.75, 0.625],
                "possible_60": [np.nan, 8_000.0],
                "covered_65": [6_000.0, 5_000.0],
                "covered_80": [1_000.0, 800.0],
            }
        ),
    )
    return dataclasses.replace(content, **changes)


def empty_content() -> PlanContent:
    """Return a run with residents alone: no communities, centres, candidates or streets."""
    content = example_content()
    residents = content.residents.assign(community=None, state="no_centre", walk_minutes=np.nan)
    kept = {"residents", "states", "rows"}
    tables = [
        field.name
        for field in dataclasses.fields(content)
        if isinstance(getattr(content, field.name), pd.DataFrame) and field.name not in kept
    ]
    emptied = {name: getattr(content, name).iloc[:0] for name in tables}
    nobody = Counted(0.0, 0.0)
    headline = dataclasses.replace(
        content.headline, elderly_60=nobody, communities=0, communities_with_centre=0,
        required_m2=None, held_m2=None, shortfall_m2=None, all_held_m2=None,
        per_100_elders_m2=None,
    )  # fmt: skip
    return dataclasses.replace(
        content, siting=None, notices=(), residents=residents, headline=headline, **emptied
    )
