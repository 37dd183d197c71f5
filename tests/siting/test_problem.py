"""The reduced problem: what is set aside, merged and kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.siting.covering import merging as reducing
from planner.siting.covering.problem import CoveringProblem
from tests.siting.reduced_towns import reduced_town
from tests.siting.towns import Town, random_town, street_town, town


def _reduced(some: Town) -> CoveringProblem:
    return reduced_town(some, some.existing)


def _site_sets(reduced: CoveringProblem) -> dict[frozenset[str], float]:
    sets = np.split(reduced.site_of, reduced.starts[1:-1]) if reduced.groups else []
    return {
        frozenset(reduced.sites[sites]): float(weight)
        for sites, weight in zip(sets, reduced.weights, strict=True)
    }


def test_by_hand() -> None:
    reduced = _reduced(
        town(
            [
                ("a1", "A", 1.0),  # a1 and a2 see the same sites
                ("a1", "B", 1.0),
                ("a2", "B", 2.0),
                ("a2", "A", 15.0),
                ("b", "B", 1.0),
                ("c", "A", 1.0),  # c is covered already
                ("c", "old", 1.0),
                ("d", "A", 16.0),  # d is too far
                ("f", "F", 1.0),  # nobody lives at f
                ("g", "G", 15.1),
            ],
            {"a1": 1.0, "a2": 2.0, "b": 4.0, "c": 8.0, "d": 16.0, "e": 32.0, "f": 0.0, "g": 64.0},
            ["G", "F", "B", "A"],
            ["old"],
        )
    )
    assert list(reduced.sites) == ["A", "B"]
    assert reduced.idle_sites == ("F", "G")
    assert _site_sets(reduced) == {frozenset("AB"): 3.0, frozenset("B"): 4.0}
    assert reduced.unreachable == ("d", "e", "g")
    assert (reduced.total, reduced.covered_before, reduced.coverable) == (127.0, 8.0, 15.0)
    assert reduced.without_weight == 1
    assert reduced.newly_covered(np.array([0])) == 3.0


def _expected_sets(some: Town) -> dict[frozenset[str], float]:
    already = some.covered_by(some.existing)
    expected: dict[frozenset[str], float] = {}
    for one, weight in some.residents["elderly_60"].items():
        sites = frozenset(site for site in some.candidates if one in some.reached[site])
        if weight and sites and one not in already:
            expected[sites] = expected.get(sites, 0.0) + weight
    return expected


def test_groups_are_exactly_the_distinct_site_sets() -> None:
    for seed in range(2000, 2100):
        some = random_town(seed)
        reduced = _reduced(some)
        assert _site_sets(reduced) == pytest.approx(_expected_sets(some))
        assert len(_site_sets(reduced)) == reduced.groups
        assert set(reduced.unreachable) == some.unreachable()


def test_equal_sums_of_unequal_sets_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were every set to mix to the same sum, fewer would merge, but never two that differ."""
    monkeypatch.setattr(reducing, "_mixed", lambda at: np.zeros(len(at), dtype=np.uint64))
    for seed in range(2000, 2050):
        some = random_town(seed)
        reduced = _reduced(some)
        sets = np.split(reduced.site_of, reduced.starts[1:-1]) if reduced.groups else []
        weight: dict[frozenset[str], float] = {}
        for sites, one in zip(sets, reduced.weights, strict=True):
            key = frozenset(reduced.sites[sites])
            weight[key] = weight.get(key, 0.0) + one
        monkeypatch.undo()
        assert weight == pytest.approx(_site_sets(_reduced(some)))
        monkeypatch.setattr(reducing, "_mixed", lambda at: np.zeros(len(at), dtype=np.uint64))


def test_a_million_pairs_reduce_in_seconds() -> None:
    some = street_town(400, 2500, 8, seed=5)
    copies = 50
    times = pd.concat(
        [
            some.times.assign(origin=some.times["origin"].astype(str) + f"-{k}")
            for k in range(copies)
        ]
    )
    names = [f"{one}-{k}" for k in range(copies) for one in some.residents.index]
    residents = pd.DataFrame({"elderly_60": np.ones(len(names))}, index=names)
    assert len(times) > 900_000
    reduced = _reduced(Town(times, residents, some.candidates, (), {}))
    single = _reduced(
        Town(some.times, some.residents.assign(elderly_60=1.0), some.candidates, (), {})
    )
    np.testing.assert_array_equal(reduced.site_of.sum(), single.site_of.sum())
    assert reduced.groups == single.groups
    np.testing.assert_allclose(np.sort(reduced.weights), np.sort(single.weights) * copies)
