"""One name for a sub-district, and one population, on every sheet of a workbook."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.coverage.rollup import rollup
from planner.coverage.walking import Coverage, coverage
from planner.workflow.covering.area_counts import street_names
from planner.workflow.covering.street_rows import street_rows

CODES = ["610402001001", "610402001002", "610402002001", "610402003001"]


def communities(streets: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": list("甲乙丙丁"),
            "street": streets,
            "community_kind": ["社区", "社区", "社区", "村"],
            "population": [8_000.0, 9_000.0, 7_000.0, 900.0],
            "elderly_60": 1_000.0,
            "elderly_65": 700.0,
            "elderly_80": 100.0,
            "households": 500.0,
        },
        index=CODES,
    )


def covered(ids: list[str]) -> Coverage:
    """Who lives there, as a file of homes with figures of its own counts them."""
    residents = pd.DataFrame(
        {"community": ids, "population": 10.0, "elderly_60": 4.0},
        index=[f"r{number}" for number in range(len(ids))],
    )
    nearest = pd.DataFrame(
        {"nearest": "C", "walk_minutes": 3.0, "leg_m": 0.0, "joined": True, "part": 0},
        index=residents.index,
    )
    return coverage(residents, nearest, limit_minutes=15, open_centres=1)


def shown(town: pd.DataFrame) -> pd.DataFrame:
    centres = pd.DataFrame({"community": [], "street": []}, dtype=object)
    return street_rows(rollup(covered(CODES), town), town, centres, centres, "zh")


@pytest.mark.parametrize(
    ("streets", "expected"),
    [
        # 东街办 is what one row calls the sub-district that its code says is 东街道
        (["东街道", "东街办", "西街道", "西街道"], ["东街办", "东街办", "西街道（610402002）"]),
        (["东街道", "东街道", None, "西街道"], ["东街道", "东街道", "610402002"]),
        (["东街道", "东街道", "东街道", "东街道"], ["东街道（610402001）"] * 2),
    ],
)
def test_measures_name_sub_districts_as_their_sheet_does(
    streets: list[str | None], expected: list[str]
) -> None:
    town = communities(streets)
    names = street_names(town)
    assert names.loc[CODES].to_list()[: len(expected)] == expected
    assert set(names.loc[CODES]) <= set(shown(town).index)


def test_the_population_is_the_ledger_s_at_every_level() -> None:
    town = communities(["东街道", "东街道", "西街道", "南镇"])
    table = shown(town)
    assert table["population"].to_dict() == {
        "东街道": 17_000, "西街道": 7_000, "南镇": 900,
        "其中：社区小计": 24_000, "其中：村小计": 900, "合计": 24_900,
    }  # fmt: skip
    assert table.loc["合计", "elderly_60"] == 16


def test_an_unknown_population_is_no_zero() -> None:
    town = communities(["东街道", "东街道", "西街道", "南镇"])
    town.loc[CODES[0], "population"] = np.nan
    table = shown(town)["population"]
    assert table.isna().to_dict() == {
        "东街道": True, "西街道": False, "南镇": False,
        "其中：社区小计": True, "其中：村小计": False, "合计": True,
    }  # fmt: skip
