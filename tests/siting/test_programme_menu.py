"""The menu from the ledgers, and the chosen measures as centres that can be audited."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner import tables
from planner.siting.programmes.menu import measures_of
from planner.siting.programmes.planned import planned_centres
from planner.siting.programmes.questions import programme
from planner.standards.remedies.costs import unit_costs

CANDIDATES = pd.DataFrame(
    {
        "name": ["a", "b", "c", "d", "e"],
        "position": "given",
        "area_m2": [1_600.0, 1_084.9, 705.25, 700.0, np.nan],
        "area_kind": ["建筑", "建筑", "使用", "建筑", "建筑"],
        "floor": [1.0, 1.0, 2.0, 1.0, 1.0],
        "safety": ["合格", "合格", "合格", "合格", "合格"],
        "fire_permit": "齐全",
        "acquisition": ["移交", "党群整合", "改造", "改造", "回购"],
        "cost_10k_yuan": [np.nan, 120.0, np.nan, 10.0, 50.0],
        "opens_year": [2030.0, np.nan, np.nan, np.nan, np.nan],
    },
    index=["A", "B", "C", "D", "E"],
)
CENTRES = pd.DataFrame(
    {
        "name": ["old"],
        "centre_kind": "日间照料",
        "status": "运营",
        "position": "given",
        "area_m2": [900.0],
        "area_kind": "建筑",
        "capacity_persons": [40.0],
    },
    index=["old"],
)
COSTS, FAULTS = unit_costs(
    [
        {"row": 2, "measure": "督促移交配建用房", "unit": "元/处", "price": 1000},
        {"row": 3, "measure": "改造", "unit": "元/㎡", "price": 1000},
        {"row": 4, "measure": "扩建", "unit": "元/㎡", "price": 3000},
    ],
    file="costs",
)


def test_only_classes_with_enough_area_and_only_known_costs() -> None:
    assert not FAULTS
    menu = measures_of(
        CANDIDATES, CENTRES, unit="day_places", costs=COSTS,
        group_of=pd.Series({"A": "g1", "old": "g2"}), enlarge_m2=pd.Series({"old": 185.0}),
        closable=["old"],
    )  # fmt: skip
    table = menu.measures
    sizes = table.groupby("site")["centre_class"].agg(list).to_dict()
    # 1,600 holds every class; 1,084.9 is less than 1,085; 705.25 of use area are 1,085.
    assert sorted(sizes["A"]) == ["一类", "三类", "二类"]
    assert sizes["B"] == ["三类"]
    assert sorted(sizes["C"]) == ["三类", "二类"]
    assert sorted(sizes["E"]) == ["一类", "三类", "二类"]
    assert list(menu.barred.index) == ["D"]
    # 1,085 × 0.65 ÷ 8.5 = 83 day places (TRADE.md, section 5).
    assert table.loc["hand_over:A:二类", "adds_persons"] == 83.0
    assert list(table[["cost_yuan", "cost_note"]].loc["hand_over:A:二类"]) == [1e3, "unit_cost"]
    assert table.loc["hand_over:A:二类", "from_year"] == 2030.0
    assert table.loc["take_over_rooms:B:三类", "cost_yuan"] == 1_200_000.0
    assert table.loc["convert:C:二类", "cost_yuan"] == 1_085_000.0
    assert list(table[["adds_m2", "cost_yuan", "group"]].loc["enlarge:old"]) == [
        185.0, 555_000.0, "g2",
    ]  # fmt: skip
    unknown = table.loc["buy_back:E:三类"]
    assert np.isnan(unknown["adds_persons"])
    assert unknown["to_visit"]
    assert table["cost_yuan"].isna().to_dict()["close:old"]
    assert table.loc["close:old", "adds_m2"] == -900.0


def test_community_elders_have_their_own_figure() -> None:
    menu = measures_of(CANDIDATES, CENTRES, unit="community_elders").measures
    # 1,085 ÷ 0.32 = 3,391 (TRADE.md, section 5).
    assert menu.loc["hand_over:A:二类", "adds_persons"] == 3_391.0
    assert menu.loc["hand_over:A:二类", "cost_note"] == "unknown"
    with pytest.raises(ValueError, match="unit"):
        measures_of(CANDIDATES, CENTRES, unit="beds")  # type: ignore[arg-type]


def test_chosen_measures_become_centres_of_the_table() -> None:
    menu = measures_of(
        CANDIDATES, CENTRES, unit="day_places", costs=COSTS, enlarge_m2=pd.Series({"old": 185.0})
    ).measures.drop(index="hand_over:A:一类")
    times = pd.DataFrame(
        [("x", "A", 3.0), ("y", "old", 3.0)], columns=["origin", "destination", "walk_minutes"]
    )
    people = pd.DataFrame({"asks": [80, 50]}, index=["x", "y"])
    plan = programme(
        times, people, menu, existing=CENTRES, limit_minutes=15, unit="day_places",
        budget_yuan=600_000.0, weight="asks",
    )  # fmt: skip
    assert list(plan.chosen.index) == ["enlarge:old", "hand_over:A:二类"]
    rows = planned_centres(plan, CANDIDATES, CENTRES)
    tables.check(tables.CENTRES, rows, geometry=False)
    new, old = rows.loc["A"], rows.loc["old"]
    assert list(new[["name", "centre_kind", "status", "works"]]) == [
        "a", "日间照料", "规划", "改建",
    ]  # fmt: skip
    assert (new["area_m2"], new["area_kind"], new["capacity_persons"]) == (1_085.0, "建筑", 83.0)
    assert (old["area_m2"], old["works"], old["status"]) == (1_085.0, "扩建", "运营")
    assert old["capacity_persons"] == 40.0 + 14.0
    nothing = planned_centres(plan, CANDIDATES, CENTRES.iloc[:0], through="all")
    assert set(nothing.index) == {"A", "old"}


def test_a_room_goes_to_one_centre_and_is_then_no_site() -> None:
    centres = pd.concat([CENTRES, CENTRES.set_axis(pd.Index(["new"]))])
    rooms = pd.DataFrame(
        [("old", "B", 1_084.9, False), ("new", "B", 1_084.9, False), ("old", "D", np.nan, True)],
        columns=["centre", "room", "area_m2", "to_visit"],
    )
    costs, faults = unit_costs(
        [{"row": 2, "measure": "调剂党群服务中心房间", "unit": "元/㎡", "price": 400}], file="costs"
    )
    assert not faults
    menu = measures_of(CANDIDATES, centres, unit="day_places", costs=costs, rooms=rooms).measures
    mine = menu.loc["take_over_rooms:old:B"]
    assert (mine["site"], mine["adds_persons"]) == ("old", 83.0)
    assert mine["cost_yuan"] == pytest.approx(400.0 * 1_084.9)
    assert menu["adds_persons"].isna()["take_over_rooms:old:D"]
    assert menu.loc["take_over_rooms:old:D", "to_visit"]
    # B's own centre, and B for either centre of today: one of the three at most.
    times = pd.DataFrame(
        [("x", "old", 3.0), ("y", "new", 3.0), ("z", "B", 3.0)],
        columns=["origin", "destination", "walk_minutes"],
    )
    people = pd.DataFrame({"asks": [200, 190, 50]}, index=["x", "y", "z"])
    plan = programme(
        times, people, menu, existing=centres, limit_minutes=15, unit="day_places",
        budget_yuan=1e9, weight="asks",
    )  # fmt: skip
    assert list(plan.chosen.index) == ["take_over_rooms:new:B"]
    assert plan.served_persons == 40.0 + 40.0 + 83.0


def test_a_pool_is_one_measure_and_excludes_the_candidates_that_are_its_rooms() -> None:
    pools = pd.DataFrame(
        {"area_m2": [320.0, np.nan], "to_visit": True, "same_as": [("B",), ()],
         "opens_year": [2031.0, np.nan]},
        index=["pool", "dark"],
    )  # fmt: skip
    costs, _ = unit_costs(
        [{"row": 2, "measure": "归集小区配建用房", "unit": "元/处", "price": 300_000}],
        file="costs",
    )
    menu = measures_of(
        CANDIDATES, CENTRES, unit="community_elders", costs=costs, pools=pools,
        group_of=pd.Series({"pool": "g1"}),
    ).measures  # fmt: skip
    row = menu.loc["pool_rooms:pool"]
    # 320 m² ÷ 0.32 m² an elder; a price a place, whatever its area.
    assert (row["adds_persons"], row["cost_yuan"], row["group"]) == (1_000.0, 300_000.0, "g1")
    assert (row["one_of"], row["from_year"]) == (("pool", "B"), 2031.0)
    assert menu["adds_persons"].isna()["pool_rooms:dark"]
    assert menu["centre_class"].isna()["pool_rooms:pool"]
    assert menu.loc["take_over_rooms:B:三类", "one_of"] == ("B",)


def test_a_room_has_its_own_cost_before_the_unit_cost() -> None:
    rooms = pd.DataFrame(
        {
            "centre": ["old", "old", "old"],
            "room": ["B", "own", "none"],
            "area_m2": [120.0, 120.0, 120.0],
            "to_visit": False,
            "cost_10k_yuan": [np.nan, 50.0, np.nan],
        }
    )
    priced, _ = unit_costs(
        [{"row": 2, "measure": "调剂党群服务中心房间", "unit": "元/㎡", "price": 400}], file="costs"
    )
    for costs, unit, note in ((priced, 48_000.0, "unit_cost"), (None, np.nan, "unknown")):
        table = measures_of(
            CANDIDATES, CENTRES, unit="day_places", costs=costs, rooms=rooms
        ).measures
        own = table.loc["take_over_rooms:old:own"]
        assert (own["cost_yuan"], own["cost_note"]) == (500_000.0, "ledger")
        for room in ("B", "none"):
            told = table.loc[f"take_over_rooms:old:{room}"]
            assert told["cost_note"] == note
            assert told["cost_yuan"] == pytest.approx(unit, nan_ok=True)
