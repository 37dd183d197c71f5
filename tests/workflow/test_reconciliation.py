"""Control totals beside the ledgers: differences, shares, and populations that are never mixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from tests.workflow.town import write_town

FIGURES = ("ledger", "control", "difference")
Table = dict[str, dict[str, Any]]


def reconciled(folder: Path, more: str, *, communities: str = "") -> Table:
    """Run the one-street town with more settings; return its reconciliation by quantity."""
    town = write_town(
        folder,
        **{
            'population_kind = "常住"\n': f'population_kind = "常住"\n{communities}',
            "elderly_60 = 190\n": more,
        },
    )
    table = planner.run(town).content.reconciliation
    rows = table.drop_duplicates("quantity").set_index("quantity").to_dict("index")
    return {
        str(name): {str(key): value for key, value in row.items()} for name, row in rows.items()
    }


@pytest.fixture(scope="module")
def totals(tmp_path_factory: pytest.TempPathFactory) -> Table:
    more = (
        'elderly_60 = 200\ncentres = 5\n"日间照料" = 3\n"助餐点" = 2\ncommunities = 4\n'
        'floor_area_m2 = 1000\n[control_source]\npopulation_kind = "常住"\n'
        'population_date = "2020-11-01"\nsource = "七普"\n'
    )
    date = 'population_date = "2024-12-31"\n'
    return reconciled(tmp_path_factory.mktemp("a") / "town", more, communities=date)


def test_differences_and_shares(totals: Table) -> None:
    people = totals["人口"]
    assert (people["ledger"], people["control"], people["difference"]) == (24_900, 25_000, -100)
    assert people["share"] == pytest.approx(-0.004)
    assert "控制数来源：七普" in people["remark"]
    assert "时点不同（台账 2024-12-31，控制数 2020-11-01）" in people["remark"]
    elders = totals["60岁以上"]
    assert (elders["ledger"], elders["difference"]) == (190, -10)
    assert totals["设施数"]["difference"] == -1
    assert totals["设施数"]["remark"] == "其中运营 3 处"
    assert [totals["其中：日间照料"][one] for one in FIGURES] == [3, 3, 0]
    assert totals["其中：日间照料"]["remark"] == "其中运营 2 处"
    assert totals["其中：助餐点"]["difference"] == -1
    assert totals["社区、村数"]["remark"] == "其中村 1 个"
    assert [totals["日间照料建筑面积(m²)"][one] for one in FIGURES] == [700, 1000, -300]


def test_what_has_no_control_total_has_its_figure_alone(totals: Table) -> None:
    row = totals["65岁以上"]
    assert row["ledger"] == 125
    assert all(pd.isna(row[one]) for one in ("control", "difference", "share"))


def test_two_kinds_of_population_are_never_compared(tmp_path: Path) -> None:
    more = 'elderly_60 = 190\nhouseholds = 9\n[control_source]\npopulation_kind = "户籍"\n'
    table = reconciled(tmp_path / "town", more)
    for name in ("人口", "60岁以上"):
        assert table[name]["control"] > 0
        assert all(pd.isna(table[name][one]) for one in ("difference", "share"))
        assert "口径不同（台账为常住人口，控制数为户籍人口），不作比较" in table[name]["remark"]
    # Centres are no population.
    assert table["设施数"]["remark"] == "其中运营 3 处"


def test_a_kind_that_is_not_stated_is_told(tmp_path: Path) -> None:
    table = reconciled(tmp_path / "town", "elderly_60 = 190\n")
    assert "口径没有全部注明（台账：常住人口；控制数：未注明）" in table["人口"]["remark"]
    assert table["60岁以上"]["difference"] == 0
