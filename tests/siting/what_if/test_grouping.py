"""Groups of identical reach: nobody alone, totals kept, and the stated difference never passed."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import SitingError
from planner.siting.what_if.grouping import ReachGroups, reach_groups
from planner.siting.what_if.rounding import rounded_in, rounded_parts
from planner.siting.what_if.table import NO_GAP

FloatArray = npt.NDArray[np.float64]
Row = tuple[tuple[int, ...], tuple[float, ...], int]


def grouped(
    rows: list[Row], open_sites: set[int], sites: int = 5, least: float = 5.0
) -> ReachGroups:
    starts = np.r_[0, np.cumsum([len(reach) for reach, _, _ in rows])].astype(np.int64)
    entries = np.array([one for reach, _, _ in rows for one in reach], dtype=np.int64)
    persons = np.array([held for _, held, _ in rows], dtype=float).reshape(len(rows), -1)
    gap = np.array([one for _, _, one in rows], dtype=np.int64)
    is_open = np.array([one in open_sites for one in range(sites)])
    return reach_groups(starts, entries, persons, gap, is_open, least=least)


def reach_of(groups: ReachGroups, place: int) -> tuple[int, ...]:
    return tuple(
        groups.reach_site[groups.reach_start[place] : groups.reach_start[place + 1]].tolist()
    )


def told(groups: ReachGroups) -> list[tuple[tuple[int, ...], int, list[int]]]:
    return [
        (reach_of(groups, place), int(groups.gap[place]), groups.persons[place].tolist())
        for place in range(len(groups.gap))
    ]


def covered(groups: ReachGroups, sites: set[int]) -> npt.NDArray[np.int64]:
    met = [bool(sites.intersection(reach_of(groups, place))) for place in range(len(groups.gap))]
    sums: npt.NDArray[np.int64] = groups.persons[np.array(met, dtype=bool)].sum(axis=0)
    return sums


def exactly(rows: list[Row], sites: set[int]) -> FloatArray:
    met = [np.array(held) for reach, held, _ in rows if sites.intersection(reach)]
    return np.sum(met, axis=0) if met else np.zeros(len(rows[0][1]))


def test_rows_of_one_reach_and_gap_are_one_group() -> None:
    rows: list[Row] = [
        ((0, 1), (3.0,), NO_GAP), ((2,), (6.25,), 0), ((0, 1), (4.5,), NO_GAP), ((2,), (7.0,), 1),
    ]  # fmt: skip
    groups = grouped(rows, {0})
    assert told(groups) == [((0, 1), NO_GAP, [750]), ((2,), 0, [625]), ((2,), 1, [700])]
    assert groups.moved.tolist() == [0.0]
    assert groups.over.tolist() == groups.under.tolist() == [0.0]


def test_a_few_join_the_most_similar_reach_of_their_gap_and_state() -> None:
    rows: list[Row] = [
        ((1, 2), (3.0,), 0),  # joins (1, 2, 3): 2 of 3; not (1, 2, 4) of another gap
        ((1, 2, 3), (10.0,), 0),
        ((1, 3), (50.0,), 0),
        ((1, 2, 4), (90.0,), 1),
        ((0, 1, 2), (80.0,), 0),  # open today
    ]
    groups = grouped(rows, {0})
    assert ((1, 2, 3), 0, [1300]) in told(groups)
    assert len(told(groups)) == 4
    # 3 persons who reach (1, 2) are counted with site 3 in vain; none is missed.
    assert (groups.over[0], groups.under[0]) == (3.0, 0.0)


def test_ties_go_to_more_persons_then_to_the_first() -> None:
    more: list[Row] = [((1, 2), (2.0,), 0), ((1, 3), (6.0,), 0), ((2, 4), (7.0,), 0)]
    assert ((2, 4), 0, [900]) in told(grouped(more, set()))
    first: list[Row] = [((1, 2), (2.0,), 0), ((2, 4), (7.0,), 0), ((1, 3), (7.0,), 0)]
    assert ((1, 3), 0, [900]) in told(grouped(first, set()))


def test_bands_join_apart() -> None:
    rows: list[Row] = [((1,), (9.0, 2.0), 0), ((1, 2), (4.0, 8.0), 0)]
    groups = grouped(rows, set())
    assert told(groups) == [((1,), 0, [1300, 0]), ((1, 2), 0, [0, 1000])]
    assert groups.moved.tolist() == [4.0, 2.0]
    assert groups.differences((60, 80)) == {60: 4.0, 80: 2.0}


def test_who_has_nobody_of_the_gap_joins_the_same_state_and_at_last_anybody() -> None:
    state: list[Row] = [((1,), (2.0,), 3), ((1, 2), (9.0,), 4), ((0, 1), (50.0,), NO_GAP)]
    assert told(grouped(state, {0})) == [((0, 1), NO_GAP, [5000]), ((1, 2), 4, [1100])]
    alone: list[Row] = [((1,), (2.0,), 3), ((0, 1), (50.0,), NO_GAP)]
    assert told(grouped(alone, {0})) == [((0, 1), NO_GAP, [5200])]


def test_those_who_reach_nothing_stay_together() -> None:
    rows: list[Row] = [((), (2.0,), 0), ((), (3.0,), 1), ((1,), (90.0,), 2)]
    assert told(grouped(rows, set()))[0] == ((), 1, [500])


def test_nobody_makes_an_empty_table() -> None:
    groups = grouped([((1,), (0.0,), 0)], set())
    assert told(groups) == []
    assert groups.reach_start.tolist() == [0]


def test_unknown_persons_are_refused() -> None:
    with pytest.raises(SitingError, match="人数"):
        grouped([((1,), (float("nan"),), 0)], set())


def test_parts_are_rounded_to_their_total() -> None:
    assert rounded_parts(np.array([1, 1, 1]), 3).tolist() == [1, 0, 0]
    assert rounded_parts(np.array([5, 4, 6]), 10).tolist() == [1, 0, 1]
    nested = rounded_in(np.array([4, 4, 4, 4]), [np.array([0, 0, 1, 1])], 10)
    assert nested.tolist() == [1, 0, 1, 0]


ROWS = st.lists(
    st.tuples(
        st.sets(st.integers(0, 4)).map(lambda sites: tuple(sorted(sites))),
        st.tuples(st.floats(0, 12), st.sampled_from([0.0, 1.0, 3.337, 6.0])),
        st.sampled_from([NO_GAP, 0, 1]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, open_sites=st.sets(st.integers(0, 4), max_size=2), data=st.data())
def test_no_set_of_sites_passes_the_stated_difference(
    rows: list[Row], open_sites: set[int], data: st.DataObject
) -> None:
    groups = grouped(rows, open_sites)
    small = (groups.persons > 0) & (groups.persons < 500)
    total = exactly([((0,), held, gap) for _, held, gap in rows], {0})
    for band in range(2):
        # A group of a few is left only where the band has no more than that.
        assert not small[:, band].any() or total[band] < 5.0
    assert np.abs(groups.persons.sum(axis=0) / 100 - total).max() <= 0.005 + 1e-6
    differences = groups.differences((60, 80))
    for size in range(6):
        for chosen in itertools.combinations(range(5), size):
            apart = covered(groups, set(chosen)) / 100 - exactly(rows, set(chosen))
            assert abs(apart.sum()) <= differences[60] + 1e-6
            assert abs(apart[1]) <= differences[80] + 1e-6
    shuffled = data.draw(st.permutations(rows))
    assert told(grouped(shuffled, open_sites)) == told(groups)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, open_sites=st.sets(st.integers(0, 4), min_size=1, max_size=2))
def test_today_is_exact_where_each_state_holds_enough(
    rows: list[Row], open_sites: set[int]
) -> None:
    exact = exactly(rows, open_sites)
    rest = exactly([((0,), held, gap) for _, held, gap in rows], {0}) - exact
    enough = ((exact == 0) | (exact >= 5.001)) & ((rest == 0) | (rest >= 5.001))
    apart = np.abs(covered(grouped(rows, open_sites), open_sites) / 100 - exact)
    assert (apart[enough] <= 0.01 + 1e-6).all()
