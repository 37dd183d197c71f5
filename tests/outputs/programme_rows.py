"""A made-up programme as its outputs show it: two years, all three classes, a hostile name."""

from __future__ import annotations

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner.outputs.content import Told


def _measures(name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan_year": ["2030", "2030", "2035"],
            "id": ["K000", "C001", "C002"],
            "name": ["古渡党群服务中心", name, None],
            "street": ["东街道", None, "西街道"],
            "programme_kind": ["改造（三类）", f"党群服务中心用房调剂（{name}）", "撤并关闭"],
            "programme_m2": [750.0, 320.0, -400.0],
            "programme_places": [2_344.0, 1_000.0, -1_250.0],
            "programme_cost_10k_yuan": [62.0, 12.8, 5.0],
            "programme_total_10k_yuan": [62.0, 74.8, 79.8],
            "programme_served": [1_900.0, np.nan, 0.0],
            "programme_from": ["古渡社区 1,500", name, ""],
            "centre_grade": ["资料不足", "差距较大", None],
            "programme_breaches": ["建筑面积：短缺 335 m²", "", ""],
            "programme_to_visit": [True, False, False],
            "programme_opens": ["2029", "", ""],
        }
    )


def _years() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan_year": ["2030", "2035"],
            "programme_asked": [12_000.0, 13_000.0],
            "programme_served_before": [6_000.0, np.nan],
            "programme_served_in_all": [8_000.0, 9_000.0],
            "programme_served_share": [0.667, 0.692],
            "programme_full": [1_000.0, 500.0],
            "programme_places_unknown": [0.0, np.nan],
            "programme_out_of_reach": [3_000.0, 3_500.0],
            "programme_walk_minutes": [8.25, 8.5],
            "programme_short_before_m2": [3_000.0, 3_300.0],
            "programme_short_m2": [2_000.0, 1_980.0],
            "programme_budget_10k_yuan": [80.0, np.nan],
            "programme_spent_10k_yuan": [74.8, 5.0],
            "programme_left_10k_yuan": [5.2, np.nan],
        }
    )


def programme_sheets(name: str) -> dict[str, Told]:
    """Return the sheets of a programme; ``name`` is one that a hostile ledger would bring."""
    unused = pd.DataFrame(
        {
            "id": ["K003"],
            "name": [name],
            "programme_kind": ["租赁（二类）"],
            "programme_m2": [1_085.0],
            "programme_places": [3_391.0],
            "programme_cost_10k_yuan": [np.nan],
            "programme_reason": ["费用不详，有预算时不能选入；请补上费用"],
        }
    )
    return {
        "programme": Told(_measures(name), ("预算 80 万元。",)),
        "programme_years": Told(_years(), ("目标 1：有名额人数 17,000。",)),
        "programme_unused": Told(unused, ("备选措施共 9 项。",)),
    }


def programme_points(name: str, places: GeoDataFrame) -> GeoDataFrame:
    """Return the measures as points, at the first three places."""
    rows = _measures(name).rename(columns={"id": "programme_site"})
    rows["programme_class"] = ["programme_new", "programme_larger", "programme_gone"]
    points = places.geometry[~places.geometry.is_empty].iloc[:3].to_numpy()
    index = pd.Index(["convert:K000:三类", "take:C001", "close:C002"], name="measure")
    return GeoDataFrame(rows.set_index(index), geometry=points, crs=places.crs)
