"""What centres can take and how many ask, in one unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.coverage.capacity import (
    CAPACITY_UNITS,
    capacity_demand,
    centre_capacity,
    unit_text,
)
from planner.errors import TableError
from planner.labels import LANGUAGES

#    z1 ledger says 40 places   z2 1,085 m² building   z3 nothing   z4 a floor of 0 m²
CENTRES = pd.DataFrame(
    {
        "name": ["一", "二", "三", "四"],
        "centre_kind": "日间照料",
        "status": "运营",
        "position": "given",
        "capacity_persons": [40.0, np.nan, np.nan, np.nan],
    },
    index=["z1", "z2", "z3", "z4"],
)
AREAS = pd.DataFrame(
    {
        "building_m2": [750.0, 1085.0, np.nan, 0.0],
        "area_note": ["as_given", "kind_unstated", "missing", "as_given"],
    },
    index=CENTRES.index,
)
RESIDENTS = pd.DataFrame(
    {"elderly_60": [100.0, 50.0, np.nan], "disabled": [7.0, np.nan, np.nan]},
    index=["r1", "r2", "r3"],
)


def test_day_places_by_ledger_then_by_area_then_unknown() -> None:
    found = centre_capacity(CENTRES, AREAS, unit="day_places")
    # 1,085 × 0.65 / 8.5 = 82.97
    np.testing.assert_array_equal(
        found.centres["capacity_persons"].to_numpy(), [40, 83, np.nan, np.nan]
    )
    assert found.centres["capacity_note"].to_list() == ["given", "from_area", "unknown", "unknown"]
    assert found.centres["to_check"].to_list() == [False, True, False, False]
    assert found.unknown == ("z3", "z4")
    assert found.known_persons == 123


def test_community_elders_never_read_the_ledgers_day_places() -> None:
    found = centre_capacity(CENTRES, AREAS, unit="community_elders")
    # 750 / 0.32 = 2,343.75; 1,085 / 0.32 = 3,390.6
    np.testing.assert_array_equal(
        found.centres["capacity_persons"].to_numpy(), [2344, 3391, np.nan, np.nan]
    )
    assert found.centres["capacity_note"].to_list()[0] == "from_area"


def test_rooms_shared_with_another_centre_count_once() -> None:
    shared = AREAS.assign(counted_m2=[750.0, 585.0, np.nan, 0.0])
    found = centre_capacity(CENTRES, shared, unit="day_places")
    assert found.centres.loc["z2", "capacity_persons"] == 45  # 585 × 0.65 / 8.5 = 44.7


def test_without_areas_only_the_ledger_is_known() -> None:
    found = centre_capacity(CENTRES, unit="day_places")
    assert found.unknown == ("z2", "z3", "z4")
    no_column = CENTRES.drop(columns="capacity_persons")
    assert len(centre_capacity(no_column, unit="day_places").unknown) == 4


def test_a_given_zero_is_a_figure() -> None:
    none = CENTRES.assign(capacity_persons=[0.0, np.nan, np.nan, np.nan])
    found = centre_capacity(none, AREAS, unit="day_places")
    assert found.centres.loc["z1", "capacity_persons"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"use_area_ratio": 0.0},
        {"use_area_ratio": 1.2},
        {"use_m2_per_day_user": -1.0},
        {"building_m2_per_elder": float("nan")},
        {"areas": AREAS.drop(index="z2")},
        {"areas": AREAS.drop(columns="building_m2")},
    ],
)
def test_figures_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"areas": AREAS, "unit": "day_places"} | wrong
    with pytest.raises(TableError):
        centre_capacity(CENTRES, **settings)


def test_an_unknown_unit_is_a_slip_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="unit"):
        centre_capacity(CENTRES, unit="beds")  # type: ignore[arg-type]


def test_demand_for_day_places_by_need_then_by_rate() -> None:
    found = capacity_demand(RESIDENTS, unit="day_places", demand_rate=0.1, need_column="disabled")
    np.testing.assert_allclose(
        found.residents["demand_persons"].to_numpy(), [7.0, 5.0, np.nan], equal_nan=True
    )
    assert found.residents["demand_note"].to_list() == ["given", "rate", "unknown"]
    assert found.known_persons == 12


def test_all_elders_ask_for_a_community_centre() -> None:
    found = capacity_demand(RESIDENTS, unit="community_elders", demand_rate=0.1)
    assert found.residents["demand_persons"].to_list()[:2] == [100, 50]
    assert found.demand_rate is None


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"demand_rate": 1.5},
        {"demand_rate": -0.1},
        {"need_column": "frail"},
        {"need_column": "negative"},
    ],
)
def test_day_places_without_a_sound_demand_are_refused(settings: dict[str, Any]) -> None:
    residents = RESIDENTS.assign(negative=[-1.0, 0.0, 0.0])
    with pytest.raises(TableError):
        capacity_demand(residents, unit="day_places", **settings)


def test_units_have_words() -> None:
    for unit in CAPACITY_UNITS:
        assert all(unit_text(unit, language) for language in LANGUAGES)
