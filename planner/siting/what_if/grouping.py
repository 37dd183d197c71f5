"""Groups of identical reach that name nobody, and how far their figures may be from the exact ones.

A published table of who reaches which sites must hold no group of one household. Residents with
the same reach and gap are one group; in each band of age apart, groups of fewer than the least
number join the group whose reach is most like theirs. So every set of sites can be tried on a
screen, at the price of a difference that is bounded here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from planner.errors import SitingError
from planner.labels import message
from planner.siting.covering.merging import merged, ranges
from planner.siting.what_if.joining import Holders, Reach, join_small, not_contained
from planner.siting.what_if.rounding import rounded_in
from planner.siting.what_if.table import HUNDREDTHS, NO_GAP

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_PERSONS: Final = 5.0
"""Least number of persons of a figure (TRADE.md 13)."""

PER_PERSON: Final = 10**9
"""Persons are summed in whole billionths, so that no sum depends on the order of its rows."""


@dataclass(frozen=True, eq=False)
class ReachGroups:
    """Groups fit to be published.

    Parameters
    ----------
    persons
        Hundredths of persons, shape (groups, bands).
    reach_start, reach_site, gap
        As in :class:`planner.siting.what_if.table.ReachTable`.
    over, under
        By band, how many persons more and how many fewer than the exact figure the table can tell
        at most, shape (bands,).
    moved
        By band, the persons who joined another group, shape (bands,).
    """

    persons: IntArray
    reach_start: IntArray
    reach_site: IntArray
    gap: IntArray
    over: FloatArray
    under: FloatArray
    moved: FloatArray

    def differences(self, bands: Sequence[int]) -> dict[int, float]:
        """Return, by lower age, the greatest difference of those of that age and older."""
        up = np.cumsum(self.over[::-1])[::-1]
        down = np.cumsum(self.under[::-1])[::-1]
        return {
            age: float(max(more, less)) for age, more, less in zip(bands, up, down, strict=True)
        }


def reach_groups(
    starts: IntArray,
    sites: IntArray,
    persons: FloatArray,
    gap: IntArray,
    is_open: BoolArray,
    *,
    least: float = LEAST_PERSONS,
) -> ReachGroups:
    """Return groups of residents by what they reach, none of a few persons.

    In each band of age apart, the smallest group with ``0 < persons < least`` joins, of the groups
    of the same gap and the same state today (covered by a site that is open, or not), that of the
    most similar reach: the largest ``|A ∩ B| / |A ∪ B|`` (Jaccard), of equal ones that of more
    persons, then the first by its sites. Where none of the gap is left, those of the same state
    are asked, then all. A band of fewer persons than the least in all is left as one group.

    The difference of any figure of the table from the exact one is bounded: let ``p`` persons who
    reach the sites ``A`` be counted as if they reached ``B``. A set of open sites ``S`` counts them
    in vain only if it meets ``B`` and not ``A``, so only if ``B`` is not contained in ``A``; it
    misses them only if it meets ``A`` and not ``B``, so only if ``A`` is not contained in ``B``.
    Hence for every ``S``, with ``r`` the rounding of each group::

        table(S) - exact(S) <= over  = Σ p [B ⊄ A] + Σ max(0,  r)
        exact(S) - table(S) <= under = Σ p [A ⊄ B] + Σ max(0, -r)

    Since the state is kept, today's figure is that of the rows, to the hundredth, as long as
    somebody of the same state was left to join.

    Parameters
    ----------
    starts, sites
        Row ``i`` reaches ``sites[starts[i]:starts[i + 1]]``, ascending, each once; shapes
        (rows + 1,), (pairs,).
    persons
        Of bands that exclude each other, shape (rows, bands); not negative.
    gap
        Of each row, or :data:`planner.siting.what_if.table.NO_GAP`, shape (rows,).
    is_open
        Whether each site is open today, shape (sites,).
    least
        Least number of persons of a group in a band, if any.

    Returns
    -------
    ReachGroups
        Sorted by sites, then gap; the order of the rows makes no difference.

    Raises
    ------
    SitingError
        If persons are negative or unknown.
    """
    if not np.isfinite(persons).all() or (persons < 0).any():
        raise SitingError(message("what_if.persons_wrong"))
    parts = np.rint(persons * PER_PERSON)
    first, entry, held, of_gap = _identical(starts, sites, parts, gap, len(is_open))
    count, bands = held.shape
    state = _states(first, entry, is_open)
    _, cell = np.unique(np.column_stack([state, of_gap]), axis=0, return_inverse=True)
    reach = Reach(first, entry, cell.ravel().astype(np.int64), state)
    least_parts = int(np.ceil(least * PER_PERSON))
    whole = np.zeros((count, bands), dtype=np.int64)
    over, under, moved = np.zeros(bands), np.zeros(bands), np.zeros(bands)
    for band in range(bands):
        own = np.ascontiguousarray(held[:, band])
        joined, kept = join_small(reach, _holders(reach, len(is_open)), own, least_parts)
        rounded = rounded_in(kept, [state, reach.cell], PER_PERSON // HUNDREDTHS)
        more = (rounded * (PER_PERSON // HUNDREDTHS) - kept) / PER_PERSON
        over[band], under[band] = more[more > 0].sum(), -more[more < 0].sum()
        gone = np.flatnonzero(joined != np.arange(count))
        last = _last(joined)[gone]
        lost, won = own[gone] / PER_PERSON, own[gone] / PER_PERSON
        over[band] += won[not_contained(first, entry, last, gone)].sum()
        under[band] += lost[not_contained(first, entry, gone, last)].sum()
        moved[band] = lost.sum()
        whole[:, band] = rounded
    used = np.flatnonzero(whole.any(axis=1))
    lengths = np.diff(first)[used]
    return ReachGroups(
        persons=whole[used],
        reach_start=np.r_[0, np.cumsum(lengths)].astype(np.int64),
        reach_site=entry[ranges(first[used], lengths)] if len(used) else entry[:0],
        gap=of_gap[used],
        over=over,
        under=under,
        moved=moved,
    )


def _identical(
    starts: IntArray, sites: IntArray, parts: FloatArray, gap: IntArray, count: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the groups of identical reach and gap that hold somebody, sorted by sites, then gap.

    Returns
    -------
    starts, sites, parts, gap
        Of the groups.
    """
    rows = np.flatnonzero(parts.sum(axis=1) > 0)
    lengths = np.diff(starts)[rows]
    # The gap stands behind the sites as one more of them, so that no row is empty.
    ends = np.cumsum(lengths + 1)
    row = np.repeat(np.arange(len(rows)), lengths + 1)
    site = np.empty(len(row), dtype=np.int64)
    is_gap = np.zeros(len(row), dtype=np.bool_)
    is_gap[ends - 1] = True
    site[is_gap] = gap[rows] - NO_GAP + count
    if len(rows):
        site[~is_gap] = sites[ranges(starts[rows], lengths)]
    made = [merged(row, site, parts[rows, band]) for band in range(parts.shape[1])]
    first, entry = made[0][0], made[0][1].astype(np.int64)
    summed = np.column_stack([one[2] for one in made]).astype(np.int64)
    order = _sorted(first, entry)
    sizes = np.diff(first)[order]
    entry = entry[ranges(first[order], sizes)] if len(order) else entry
    last = np.cumsum(sizes) - 1
    inner = np.ones(len(entry), dtype=np.bool_)
    inner[last] = False
    return (
        np.r_[0, np.cumsum(sizes - 1)].astype(np.int64),
        entry[inner],
        summed[order],
        entry[last] - count + NO_GAP,
    )


def _sorted(starts: IntArray, entries: IntArray) -> IntArray:
    """Return the groups' order by their sites, read as words, then by the gap behind them."""
    words = entries.astype(">u4").tobytes()
    keys = [
        (words[4 * start : 4 * end - 4], words[4 * end - 4 : 4 * end])
        for start, end in itertools.pairwise(starts.tolist())
    ]
    order: IntArray = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    return order


def _states(starts: IntArray, sites: IntArray, is_open: BoolArray) -> IntArray:
    """Return 1 for the groups that a site covers which is open today, else 0."""
    open_before = np.r_[0, np.cumsum(is_open[sites])]
    covered: IntArray = (open_before[starts[1:]] > open_before[starts[:-1]]).astype(np.int64)
    return covered


def _holders(reach: Reach, count: int) -> Holders:
    """Return which groups reach each site."""
    group = np.repeat(np.arange(len(reach.starts) - 1), np.diff(reach.starts))
    order = np.argsort(reach.sites, kind="stable")
    numbers = np.bincount(reach.sites, minlength=count)
    ends = np.cumsum(numbers).astype(np.int64)
    return Holders(ends - numbers, ends, group[order])


def _last(joined: IntArray) -> IntArray:
    """Return the group that each group ended up in."""
    last = joined
    while True:
        further = joined[last]
        if np.array_equal(further, last):
            return last
        last = further
