"""Pairs turned and sorted against numpy, with many ties."""

from __future__ import annotations

import numpy as np

from planner.streets.pair_order import sorted_within_groups, turned_pairs


def test_against_numpy() -> None:
    random = np.random.default_rng(8)
    sources, targets, pairs = 40, 300, 6000
    source = np.sort(random.integers(0, sources, pairs))
    target = random.integers(0, targets, pairs).astype(np.int32)
    minutes = random.integers(0, 6, pairs) / 4.0
    pair_start = np.searchsorted(source, np.arange(sources + 1))

    turned_start, other, walk = turned_pairs(pair_start, target, minutes, targets)
    order = np.lexsort((np.arange(pairs), target))
    np.testing.assert_array_equal(turned_start, np.searchsorted(target[order], range(targets + 1)))
    np.testing.assert_array_equal(other, source[order])
    np.testing.assert_array_equal(walk, minutes[order])

    before = list(zip(source.tolist(), minutes.tolist(), target.tolist(), strict=True))
    sorted_within_groups(pair_start, target, minutes)
    after = list(zip(source.tolist(), minutes.tolist(), target.tolist(), strict=True))
    assert after == sorted(before)
