"""What a set of sites comes to, reckoned by hand from the drawing in ``towns``."""

from __future__ import annotations

import dataclasses

import pytest

from planner.errors import SitingError
from planner.siting.what_if.evaluating import what_if
from tests.siting.what_if.towns import SITES, small_table

TODAY = ("C1", "C2")


def test_today_is_what_is_open_today() -> None:
    found = what_if(small_table(), TODAY)
    assert found.totals == {60: 104.0, 65: 46.0, 80: 17.0}
    assert found.covered == {60: 53.0, 65: 23.0, 80: 5.0}
    assert set(found.new.values()) == set(found.lost.values()) == {0.0}
    assert (found.gaps_closed, found.gap_covered) == (0, {1: 0.0, 2: 0.0})
    assert (found.cost_yuan, found.unknown_cost, found.opened, found.closed) == (0, (), (), ())
    # G1: 1,600 - 100 - 700; G2: 1,085 - 300.13.
    assert found.shortfall_m2 == pytest.approx(800.0 + 784.87)


def test_opening_covers_closes_and_costs() -> None:
    found = what_if(small_table(), [*TODAY, "K1", "K3"])
    assert found.covered == {60: 53.0 + 13 + 5, 65: 23.0 + 7, 80: 5.0 + 7}
    assert found.new == {60: 18.0, 65: 7.0, 80: 7.0}
    assert (found.gaps_closed, found.gap_covered) == (1, {1: 13.0, 2: 5.0})
    assert (found.cost_yuan, found.unknown_cost) == (340_000, ())
    # K1 brings 1,200.5 m² to G1, more than it lacks; K3 is of no group.
    assert found.shortfall_m2 == pytest.approx(784.87)


def test_a_site_of_unknown_area_and_cost_is_told() -> None:
    found = what_if(small_table(), [*TODAY, "K2"])
    assert (found.unknown_cost, found.unknown_area, found.cost_yuan) == (("K2",), ("K2",), 0)
    assert found.shortfall_m2 == pytest.approx(800.0 + 784.87)
    assert found.gaps_closed == 1


def test_closing_loses_whom_nobody_else_reaches() -> None:
    found = what_if(small_table(), ["C2"])
    assert found.lost == {60: 23.0, 65: 13.0, 80: 5.0}
    assert found.closed == ("C1",)
    assert found.shortfall_m2 == pytest.approx(1_500.0 + 784.87)


def test_a_class_changes_area_and_cost() -> None:
    found = what_if(small_table(), [*TODAY, "K1", "K2"], options={"K1": "class_3", "K2": "class_2"})
    assert (found.cost_yuan, found.unknown_cost) == (100_000, ("K2",))
    assert found.unknown_area == ()
    assert found.shortfall_m2 == pytest.approx(50.0)


def test_order_and_repetition_of_ids_change_nothing() -> None:
    table = small_table()
    assert what_if(table, ["K3", "C1", "C1"]) == what_if(table, ["C1", "K3"])
    assert what_if(table, reversed(SITES)).open_sites == SITES


def test_strangers_are_refused_with_what_is_known() -> None:
    with pytest.raises(SitingError) as refused:
        what_if(small_table(), ["C1", "Z9"], options={"K1": "class_1", "Q": "class_3"})
    told = refused.value.text("zh")
    assert "Z9、Q" in told
    assert "C1、C2、K1、K2、K3" in told
    assert "class_3" in told
    assert len(refused.value.problems) == 2


def test_ages_that_nobody_knows_are_not_told() -> None:
    table = small_table()
    alone = dataclasses.replace(table, bands=(60,), persons=table.persons.sum(axis=1)[:, None])
    assert what_if(alone, TODAY).covered == {60: 53.0}
