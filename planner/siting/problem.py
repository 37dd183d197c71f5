"""The reduced covering problem: only those whom a new centre could newly reach, merged and sparse.

A travel-time table may hold ten million pairs; what decides is much smaller. Pairs beyond the
limit fall away, residents who are covered already are taken out, residents whom nobody reaches
are set aside by name, residents who see the same candidates are merged (their weights summed),
and candidates that reach nobody new are dropped. None of this changes the optimum.

Rows are put in an order that depends on the ids alone, so that neither the order of the tables
nor chance decides between two equally good plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import SitingError
from planner.labels import message
from planner.siting.inputs import Question
from planner.tables import listed
from planner.units import BoolArray, FloatArray, within

IntArray = npt.NDArray[np.int64]

_MIX: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Constants of SplitMix64 (Steele, Lea, Flood 2014), to spread site positions over 64 bits."""


@dataclass(frozen=True)
class CoveringProblem:
    """Who could be newly covered, by which candidates.

    Parameters
    ----------
    sites
        Shape (n sites,): ids of the candidates that reach somebody new, in canonical order.
    starts, site_of
        Group ``g`` of residents is reached by the sites ``site_of[starts[g]:starts[g + 1]]``
        (positions in ``sites``, ascending, at least one).
    weights
        Shape (n groups,): summed weight of each group, all positive.
    total, covered_before, coverable
        Weight of all residents; of those whom an existing centre reaches; of those whom an
        existing centre or a candidate reaches.
    unreachable
        Ids of the residents with weight whom neither reaches.
    idle_sites
        Ids of the candidates that reach nobody new.
    without_weight
        How many residents weigh nothing, and so ask for nothing.
    """

    sites: pd.Index
    starts: IntArray
    site_of: IntArray
    weights: FloatArray
    total: float
    covered_before: float
    coverable: float
    unreachable: tuple[str, ...]
    idle_sites: tuple[str, ...]
    without_weight: int

    @property
    def groups(self) -> int:
        """Number of merged groups of residents."""
        return len(self.weights)

    def group_of(self) -> IntArray:
        """Return, for each entry of ``site_of``, the group that it belongs to."""
        return np.repeat(np.arange(self.groups), np.diff(self.starts))

    def covered_groups(self, chosen: IntArray) -> BoolArray:
        """Tell for each group whether one of the ``chosen`` sites (positions) reaches it."""
        is_chosen = np.zeros(len(self.sites), dtype=np.bool_)
        is_chosen[chosen] = True
        return np.logical_or.reduceat(is_chosen[self.site_of], self.starts[:-1])

    def newly_covered(self, chosen: IntArray) -> float:
        """Return the weight that the ``chosen`` sites (positions) newly cover."""
        return fsum(self.weights[self.covered_groups(chosen)]) if self.groups else 0.0


def reduce_problem(question: Question) -> CoveringProblem:
    """Reduce a checked question to the covering problem that decides it.

    Parameters
    ----------
    question
        Tables and settings that have passed :func:`planner.siting.inputs.ask`.

    Returns
    -------
    CoveringProblem
        With the same optimum as the full tables.

    Raises
    ------
    SitingError
        If a pair of origin and destination stands twice in the travel times.

    Notes
    -----
    A pair counts as reached if ``within(walk_minutes, limit_minutes)``, so ``<=``. Time and
    memory are a few arrays of the number of pairs; nothing is done a pair at a time.
    """
    resident, place, reached = _pairs(question)
    weights = question.weights
    is_open = np.concatenate(
        [np.zeros(len(question.candidates), np.bool_), np.ones(len(question.existing), np.bool_)]
    )
    covered = _marked(resident[is_open[place] & reached], len(weights))
    reachable = _marked(resident[reached], len(weights))
    asking = weights > 0

    useful = reached & ~is_open[place] & (asking & ~covered)[resident]
    resident, place = resident[useful], place[useful]
    used = _marked(place, len(question.candidates))
    position = np.cumsum(used) - 1
    starts, site_of, group_weights = _merged(resident, position[place], weights)
    return CoveringProblem(
        sites=question.candidates[used],
        starts=starts,
        site_of=site_of,
        weights=group_weights,
        total=fsum(weights),
        covered_before=fsum(weights[covered]),
        coverable=fsum(weights[reachable]),
        unreachable=tuple(question.residents[asking & ~reachable].tolist()),
        idle_sites=tuple(question.candidates[~used].tolist()),
        without_weight=int(np.sum(~asking)),
    )


def _pairs(question: Question) -> tuple[IntArray, IntArray, BoolArray]:
    """Return resident, place and whether reached, by resident and place, each pair once."""
    known = question.place_of >= 0
    resident, place = question.resident_of[known], question.place_of[known]
    reached = np.asarray(within(question.minutes[known], question.limit_minutes))
    places = len(question.candidates) + len(question.existing)
    # One sort of one number a pair orders the pairs and brings repeated ones together.
    keys = np.sort((resident * max(places, 1) + place) * 2 + reached)
    pair = keys >> 1
    repeated = pair[1:][pair[1:] == pair[:-1]]
    if len(repeated):
        ids = question.candidates.append(question.existing)
        shown = [
            f"{question.residents[key // places]} → {ids[key % places]}"
            for key in np.unique(repeated)
        ]
        raise SitingError(
            message("siting.refused"), [message("siting.pairs_repeated", pairs=listed(shown))]
        )
    resident, place = np.divmod(pair, max(places, 1))
    return resident, place, (keys & 1).astype(np.bool_)


def _marked(positions: IntArray, length: int) -> BoolArray:
    marks = np.zeros(length, dtype=np.bool_)
    marks[positions] = True
    return marks


def _merged(
    resident: IntArray, site: IntArray, weights: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Merge residents with equal site sets; pairs come sorted by resident, then site."""
    if not len(resident):
        return np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0)
    firsts = np.flatnonzero(np.r_[True, resident[1:] != resident[:-1]])
    lengths = np.diff(np.r_[firsts, len(resident)])
    group, leaders = _groups(site, firsts, lengths)
    merged = np.bincount(group, weights=weights[resident[firsts]]).astype(np.float64)
    starts = np.r_[0, np.cumsum(lengths[leaders])]
    entries = ranges(firsts[leaders], lengths[leaders])
    return starts, site[entries], merged


def _groups(site: IntArray, firsts: IntArray, lengths: IntArray) -> tuple[IntArray, IntArray]:
    """Return each row's group, and each group's first row, groups in order of first row."""
    sums = np.add.reduceat(_mixed(site), firsts)
    _, leader, row_group = np.unique(sums, return_index=True, return_inverse=True)
    leader_of_row = leader[row_group]
    # Equal sums of mixed numbers all but prove equal sets; "all but" is not enough for a proof,
    # so every row is compared with its leader, entry by entry.
    same_length = lengths[leader_of_row] == lengths
    differs = ~same_length
    rows = np.flatnonzero(same_length)
    own = ranges(firsts[rows], lengths[rows])
    led = ranges(firsts[leader_of_row[rows]], lengths[rows])
    entry_row = np.repeat(rows, lengths[rows])
    differs[entry_row[site[own] != site[led]]] = True
    leader_of_row = np.where(differs, np.arange(len(firsts)), leader_of_row)
    leaders, group = np.unique(leader_of_row, return_inverse=True)
    return group, leaders


def _mixed(positions: IntArray) -> npt.NDArray[np.uint64]:
    value = (positions.astype(np.uint64) + np.uint64(1)) * np.uint64(_MIX[0])
    value = (value ^ (value >> np.uint64(30))) * np.uint64(_MIX[1])
    value = (value ^ (value >> np.uint64(27))) * np.uint64(_MIX[2])
    return value ^ (value >> np.uint64(31))


def ranges(firsts: IntArray, lengths: IntArray) -> IntArray:
    """Return ``first, first + 1, …`` (``length`` of them) for each row, one row after another.

    Parameters
    ----------
    firsts, lengths
        Shape (rows,).
    """
    ends = np.cumsum(lengths)
    count = int(ends[-1]) if len(ends) else 0
    positions: IntArray = np.arange(count) + np.repeat(firsts - ends + lengths, lengths)
    return positions
