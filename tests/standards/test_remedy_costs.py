"""Unit costs: every fault told; what nobody prices is not known; priorities by a stated rule."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.labels import LANGUAGES
from planner.standards.remedies.costs import (
    PRICED,
    kind_named,
    measure_costs,
    template_rows,
    unit_costs,
)
from planner.standards.remedies.priorities import doubling_step, priorities
from planner.standards.rulebooks.vocabulary import MEASURES


def line(row: int, measure: str, unit: Any = "元/㎡", price: Any = 1000) -> dict[str, Any]:
    return {"row": row, "measure": measure, "unit": unit, "price": price, "source": "合成数据"}


def test_every_measure_has_a_name_of_its_own_in_both_languages() -> None:
    for language in LANGUAGES:
        rows = template_rows(language)
        assert len(rows) == len(PRICED) + 1
        assert [kind_named(row[0]) for row in rows[1:]] == list(PRICED)
        costs, faults = unit_costs(
            [dict(zip(("measure", "unit", "price"), row, strict=False), row=n)
             for n, row in enumerate(rows[1:], start=2)], file="t.csv",
        )  # fmt: skip
        assert costs.empty
        assert not faults
    assert set(PRICED) | {"fill_ledger", "inspect"} == set(MEASURES)


def test_prices_are_read_however_they_are_written() -> None:
    rows = [line(2, "扩建", "元/平方米", "1,200.5"), line(3, "加装电梯", "元／部", 450_000),
            line(4, "supply", "元/项", "0")]  # fmt: skip
    costs, faults = unit_costs(rows, file="t.csv")
    assert not faults
    assert costs["price_yuan"].to_dict() == {"enlarge": 1200.5, "add_lift": 450_000.0, "supply": 0}
    assert costs["unit"].tolist() == ["元/m²", "元/部", "元/项"]


def test_every_fault_is_listed_with_its_row() -> None:
    rows = [
        line(2, "刷墙"), line(3, "扩建", price=-1), line(4, "迁址", unit=""), line(5, "扩建"),
        line(6, "加装电梯", unit="元/㎡"), line(7, "改造", price="面议"), line(8, "现场核对"),
        line(9, "", price=5), line(10, "加宽门洞或走道", unit="元/处", price=float("nan")),
        line(11, "补配设备", unit="元/项", price="inf"),
    ]  # fmt: skip
    costs, faults = unit_costs(rows, file="t.csv")
    assert costs.empty
    told = {(fault.key.removeprefix("remedies.cost_"), fault.fields["row"]) for fault in faults}
    assert told == {
        ("unknown_measure", 2), ("price", 3), ("no_unit", 4), ("twice", 5), ("unit", 6),
        ("price", 7), ("unknown_measure", 8), ("unknown_measure", 9), ("price", 11),
    }  # fmt: skip
    assert all(fault.text("zh") and fault.text("en") for fault in faults)


def _measures(**columns: Any) -> pd.DataFrame:
    blank = {"kind": "enlarge", "m2": np.nan, "partner": None, "items": 1}
    return pd.DataFrame(blank | columns)


def test_costs_follow_their_unit_and_are_unknown_without_one() -> None:
    costs, _ = unit_costs(
        [line(2, "扩建"), line(3, "补配设备", "元/项", 300), line(4, "加装电梯", "元/部", 9),
         line(5, "迁址")], file="t",
    )  # fmt: skip
    table = _measures(
        kind=["enlarge", "enlarge", "supply", "add_lift", "widen", "move", "move"],
        m2=[125.0, np.nan, np.nan, np.nan, np.nan, 400.0, 400.0],
        items=[1, 1, 3, 1, 1, 1, 1],
        partner=[None, None, None, None, None, "s", "t"],
    )
    told = measure_costs(table, costs, pd.Series({"s": 5e5, "t": np.nan}))
    np.testing.assert_array_equal(told, [125_000, np.nan, 900, 9, np.nan, 500_000, 400_000])
    nothing = measure_costs(table, unit_costs([], file="")[0], pd.Series(dtype=float))
    assert nothing.isna().all()


@pytest.mark.parametrize(
    ("elders", "step"),
    [(0, 0), (1, 0), (1.9, 0), (2, 1), (511, 8), (512, 9), (1023, 9), (1024, 10)],
)
def test_steps_double(elders: float, step: int) -> None:
    assert doubling_step(pd.Series([elders])).tolist() == [step]
    assert doubling_step(pd.Series([np.nan])).tolist() == [-1]


def test_priority_goes_by_force_then_elders_then_share_then_cost() -> None:
    rows = pd.DataFrame(
        {
            "centre": list("abcdefgh"),
            "force": ["应", "宜", "应", "宜", "宜", "宜", "宜", "应"],
            "optional": [False] * 7 + [True],
            "elders": [600.0, 9000.0, 5000.0, 1000.0, 600.0, 600.0, np.nan, 9999.0],
            "short_share": [0.1, 0.1, np.nan, 0.5, 0.49, 0.49, 1.0, 1.0],
            "cost_yuan": [1.0, 1.0, 1.0, 1.0, np.nan, 9e9, 1.0, 1.0],
            "kind": "enlarge", "partner": None, "defects": list("abcdefgh"),
        }
    )  # fmt: skip
    told = priorities(rows)
    order = rows.loc[told.sort_values("priority").index, "centre"].tolist()
    # d and e, f hold 512 to 1,023 elders: d is short of half or more, f's cost is known.
    assert order == ["c", "a", "b", "d", "f", "e", "g", "h"]
    assert told["short_step"].iloc[3:5].tolist() == [0.0, 1.0]
    assert told["priority_class"].tolist()[0::7] == ["first", "optional"]
    for shuffled in itertools.islice(itertools.permutations(range(8)), 0, 40320, 4999):
        again = priorities(rows.iloc[list(shuffled)])["priority"].sort_index()
        pd.testing.assert_series_equal(again, told["priority"])
