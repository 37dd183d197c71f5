"""Residents leave only in cells of enough elders, and nobody is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame, points_from_xy
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.outputs.cells import CELL_SIZE_M, resident_cells
from planner.tables import WALKING_STATES

resident = st.tuples(
    st.sampled_from(["A", "B", None]),
    st.sampled_from(WALKING_STATES),
    st.floats(0.0, 9.0, allow_subnormal=False) | st.just(float("nan")),
    st.floats(0.0, 60.0) | st.just(float("nan")),
    st.floats(500_000.0, 500_900.0),
    st.floats(3_800_000.0, 3_800_900.0),
)


def _table(rows: Sequence[tuple[str | None, str, float, float, float, float]]) -> GeoDataFrame:
    columns = ["community", "state", "elderly_60", "walk_minutes", "easting_m", "northing_m"]
    table = pd.DataFrame(rows, columns=columns)
    places = points_from_xy(table["easting_m"], table["northing_m"])
    return GeoDataFrame(table[columns[:4]], geometry=places, crs="EPSG:4545")


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(resident, max_size=60))
def test_every_cell_has_enough_elders_and_totals_are_kept(
    rows: Sequence[tuple[str | None, str, float, float, float, float]],
) -> None:
    residents = _table(rows)
    cells = resident_cells(residents)
    assert (cells.table["elderly_60"] >= 5.0).all()
    drawn = cells.table.groupby("state")["elderly_60"].sum()
    for state in WALKING_STATES:
        given_elders = residents.loc[residents["state"] == state, "elderly_60"].sum()
        told = drawn.get(state, 0.0) + cells.withheld[state]
        # Whoever is withheld hides among enough others, unless nobody of the state is shown.
        assert not 0 < cells.withheld[state] < 5.0 or state not in drawn
        assert told == pytest.approx(given_elders, abs=1e-9)
    assert set(cells.table.columns) == {
        "community", "state", "elderly_60", "walk_minutes", "geometry",
    }  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(resident, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(
    rows: Sequence[tuple[str | None, str, float, float, float, float]], dice: object
) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = resident_cells(_table(rows)), resident_cells(_table(shuffled))
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.table).astype({"geometry": str}),
        pd.DataFrame(other.table).astype({"geometry": str}),
    )
    pd.testing.assert_series_equal(one.withheld, other.withheld)


def test_no_difference_of_totals_brings_a_withheld_resident_back() -> None:
    rows = [
        ("A", "too_far", 30.0, 20.0, 500_010.0, 3_800_010.0),
        ("A", "too_far", 6.0, 20.0, 500_510.0, 3_800_010.0),
        ("B", "too_far", 1.0, 25.0, 500_020.0, 3_800_010.0),
    ]
    cells = resident_cells(_table(rows))
    assert cells.table["elderly_60"].tolist() == [30.0]
    assert cells.withheld["too_far"] == 7.0


def test_a_rare_resident_joins_the_neighbours_or_is_withheld() -> None:
    residents = _table(
        [
            ("A", "too_far", 30.0, 20.0, 500_010.0, 3_800_010.0),
            ("A", "too_far", 2.0, 30.0, 500_800.0, 3_800_010.0),
            ("B", "covered", 3.0, 5.0, 500_020.0, 3_800_010.0),
        ]
    )
    cells = resident_cells(residents)
    assert cells.table[["community", "elderly_60"]].to_numpy().tolist() == [["A", 32.0]]
    assert cells.table["walk_minutes"].tolist() == [round((30 * 20 + 2 * 30) / 32)]
    assert cells.withheld["covered"] == 3.0


def test_a_lone_house_is_shown_by_its_square_not_by_its_door() -> None:
    house = (500_013.0, 3_800_131.0)
    cells = resident_cells(_table([("A", "covered", 40.0, 5.0, *house)]))
    place = cells.table.geometry.iloc[0]
    middle = [(np.floor(part / CELL_SIZE_M) + 0.5) * CELL_SIZE_M for part in house]
    assert [place.x, place.y] == middle
    moved = resident_cells(_table([("A", "covered", 40.0, 5.0, house[0] + 20, house[1] + 1)]))
    assert moved.table.geometry.iloc[0] == place


def test_groups_that_share_a_square_stand_beside_each_other() -> None:
    rows = [("A", state, 40.0, 5.0, 500_013.0, 3_800_131.0) for state in WALKING_STATES[:3]]
    places = resident_cells(_table(rows)).table.geometry
    assert places.nunique() == 3
    assert places.union_all().envelope.bounds[2] - places.union_all().envelope.bounds[0] <= 75.0


def test_nobody_makes_no_cells() -> None:
    cells = resident_cells(_table([]))
    assert cells.table.empty
    assert cells.table.crs == "EPSG:4545"
    assert cells.withheld.sum() == 0.0
