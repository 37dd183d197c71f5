"""Example rows of what is told beside a siting plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.outputs.content import Told

PLACES = {
    "zone_community": ["甲社区", "乙社区"],
    "zone_60": [812.0, 97.0],
    "zone_walk_minutes": [9.25, 4.0],
    "zone_walk_minutes_largest": [14.9, 6.1],
    "zone_places": [3.0, 1.0],
    "zone_longitude": [108.652092, 108.66],
    "zone_latitude": [34.343888, 34.35],
}


def proposals(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return two proposed places in the first two communities."""
    points = communities.geometry.iloc[:2].representative_point()
    table = gpd.GeoDataFrame(
        {"name": ["建议点位01（待踏勘）", "建议点位02（待踏勘）"], **PLACES}, geometry=list(points)
    )
    return table.set_axis(["proposed-01", "proposed-02"], axis="index").set_crs(communities.crs)


def siting_sheets(name: str) -> dict[str, Told]:
    """Return the finished sheets; ``name`` is that of a site."""
    near = pd.DataFrame(
        {
            "rank": [1, 2], "near_sites": [f"{name}、甲点", name], "near_new": ["", "乙点"],
            "near_left_out": ["", "甲点"], "near_closed": ["", ""], "near_60": [3_000.0, 2_968.0],
            "near_value": [3_000.0, 2_968.0], "near_worse": [0.0, 32.0],
            "near_bound": [3_000.0, 2_970.0], "near_gap_share": [0.0, 0.000674],
            "near_status": ["已证明最优", "到达时限，为目前找到的最好方案"],
        }
    )  # fmt: skip
    gains = pd.DataFrame(
        {
            "rank": [1, 2], "id": ["K000", "K004"], "name": [name, "甲点"],
            "gain_60": [900.0, np.nan], "gain_80": [110.0, np.nan],
            "gain_communities": ["甲社区 880 人、另有 2 个社区人数少，不列", None],
            "gain_saved_minutes": [12.25, np.nan], "gain_nearer_60": [30.0, 0.0],
            "cured_m2": [467.0, np.nan], "cost_10k_yuan": [109.0, np.nan],
            "gain_cost_yuan": [1_211.0, np.nan], "loss_60": [900.0, np.nan],
            "loss_replacement": ["乙点", None], "price": [706.0, "12 至 15"],
        }
    )  # fmt: skip
    gaps = pd.DataFrame(
        {
            "rank": [1], "id": ["11-1"], "grade": ["red"], "gap_communities": ["甲社区"],
            "gap_asking_60": [600.0], "gap_closed_60": [400.0], "gap_closers": [name],
            "gap_more_60": [np.nan], "gap_could": [None], "gap_rules_60": [0.0],
            "gap_barred_60": [np.nan], "gap_none_60": [190.0],
        }
    )  # fmt: skip
    curve = pd.DataFrame(
        {
            "site_number": [0, 1, 2], "site_opened": [0, 1, 2], "site_closes": [0, 0, 0],
            "site_covered_60": [2_100.0, 3_000.0, 3_250.0],
            "site_share_60": [0.18, 0.25, 0.27], "site_covered": [2_100.0, 3_000.0, 3_250.0],
            "site_bound": [2_100.0, 3_000.0, 3_250.0], "site_gain_of_one": [np.nan, 900.0, 250.0],
            "site_status": ["已证明最优"] * 3, "site_knee": [False, True, False],
        }
    )  # fmt: skip
    places = pd.DataFrame(
        {
            "id": ["proposed-01", "proposed-02"],
            "name": ["建议点位01（待踏勘）", "建议点位02（待踏勘）"], **PLACES,
        }
    )  # fmt: skip
    tables = {
        "near_plans": near, "site_gains": gains, "gap_sites": gaps, "site_curve": curve,
        "zones": places,
    }  # fmt: skip
    line = "方案的值为可达的 60 岁以上老年人（人）。"
    return {key: Told(table, (line,)) for key, table in tables.items()}
