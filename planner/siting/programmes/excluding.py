"""Which measures exclude each other, which need another, which must be done: as positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.places import ids_of
from planner.siting.asking.rules import PAIR_OF_PLACES, SiteRules
from planner.siting.programmes.menu_checks import listed_in
from planner.solver import IntArray


@dataclass(frozen=True, eq=False)
class Ties:
    """What measures mean for each other.

    Parameters
    ----------
    exclusive
        Sets of measure ids of which at most one is ever done.
    needs
        Pairs of measure ids: the first needs the second.
    must
        Sets of measure ids of which at least one must be done.
    shut
        Measures at places beside which a centre stands that nothing closes.
    """

    exclusive: tuple[frozenset[Any], ...]
    needs: tuple[tuple[Any, Any], ...]
    must: tuple[frozenset[Any], ...]
    shut: frozenset[Any]


def ties_of(measures: pd.DataFrame, existing: pd.Index[Any], rules: SiteRules) -> Ties:
    """Return what the measures' columns and the rules mean for them.

    Without a column ``one_of`` a candidate is opened in one way at most: its measures exclude each
    other, while those at a centre of today may all be done. Closing a centre always excludes every
    other measure there.
    """
    at: dict[Any, list[Any]] = {}
    for measure, site in measures["site"].items():
        at.setdefault(site, []).append(measure)
    exclusive = _one_of(measures, at, set(existing))
    closing = {site: one for one, site in measures.loc[measures["kind"] == "close", "site"].items()}
    exclusive += [
        frozenset((one, other))
        for site, one in closing.items()
        for other in at[site]
        if other != one
    ]
    needs = [
        (one, other)
        for one, cell in (measures["needs"].items() if "needs" in measures.columns else ())
        for other in listed_in(cell)
    ]
    shut: set[Any] = set()
    leaving = set(ids_of(rules.must_close))
    for group in _site_groups(rules, set(existing)):
        standing = {one for one in group if one in set(existing) and one not in leaving}
        opening = [site for site in group - set(existing) if site in at]
        for site in opening:
            for centre in standing:
                if centre in closing:
                    needs += [(one, closing[centre]) for one in at[site]]
                else:
                    shut.update(at[site])
        exclusive += _apart(opening, at, exclusive)
    must = [frozenset(at.get(site, ())) for site in ids_of(rules.required)]
    return Ties(
        tuple(sorted(set(exclusive), key=lambda one: sorted(map(str, one)))),
        tuple(sorted(set(needs), key=str)),
        tuple(must),
        frozenset(shut),
    )


def _one_of(
    measures: pd.DataFrame, at: Mapping[Any, list[Any]], existing: set[Any]
) -> list[frozenset[Any]]:
    if "one_of" not in measures.columns:
        return [frozenset(ids) for site, ids in at.items() if site not in existing and len(ids) > 1]
    tagged: dict[Any, set[Any]] = {}
    for measure, cell in measures["one_of"].items():
        for tag in listed_in(cell):
            tagged.setdefault(tag, set()).add(measure)
    return [frozenset(ids) for ids in tagged.values() if len(ids) > 1]


def _site_groups(rules: SiteRules, existing: set[Any]) -> list[set[Any]]:
    """Return the groups of places of which at most one is open, pairs too near included."""
    groups = [set(ids_of(group)) for group in rules.at_most_one]
    if rules.apart is None:
        return groups
    pairs = [set(pair) for pair in rules.apart[list(PAIR_OF_PLACES)].itertuples(index=False)]
    return groups + [pair for pair in pairs if len(pair) > 1 and not pair <= existing]


def _apart(
    sites: list[Any], at: Mapping[Any, list[Any]], exclusive: list[frozenset[Any]]
) -> list[frozenset[Any]]:
    """Return sets of measures at different places of a group, of which one is done at most."""
    if len(sites) < 2:
        return []
    one_way = [
        len(at[site]) == 1 or any(set(at[site]) <= group for group in exclusive) for site in sites
    ]
    if all(one_way):
        return [frozenset(one for site in sites for one in at[site])]
    return [
        frozenset((one, other))
        for first, second in combinations(sorted(sites, key=str), 2)
        for one in at[first]
        for other in at[second]
    ]


def coded(ties: Ties, measures: pd.Index[Any]) -> tuple[tuple[IntArray, ...], IntArray]:
    """Return what excludes each other, and what needs what, as positions among the measures."""
    position = {one: number for number, one in enumerate(measures)}
    groups = {
        tuple(sorted(position[one] for one in group if one in position)) for group in ties.exclusive
    }
    kept = sorted(group for group in groups if len(group) > 1)
    pairs = sorted((position[one], position[other]) for one, other in ties.needs if one in position)
    return (
        tuple(np.array(group, dtype=np.int64) for group in kept),
        np.array(pairs, dtype=np.int64).reshape(-1, 2),
    )
