"""Plans counted in elders aged 60+, whatever they were asked with: what people mean by coverage."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd

from planner.siting import SitingPlan, covered_weight
from planner.siting.asking.places import plain
from planner.siting.beside.served import counted_pairs_of

PLAIN_WEIGHT: Final = "elderly_60"
"""Whom a plan counts where the project says nothing else: elders aged 60+, each once."""

AnyPlan = TypeVar("AnyPlan", bound=SitingPlan)


def in_elders(plan: AnyPlan) -> AnyPlan:
    """Return a plan whose people are counted as elders aged 60+, each once.

    Its sites, and what it claims of its weight, are the same: only those who count them again
    from its question count elders.
    """
    return dataclasses.replace(plan, asked=dataclasses.replace(plan.asked, weight=PLAIN_WEIGHT))


def elders_covered(plan: SitingPlan) -> tuple[float, float]:
    """Return the elders aged 60+ whom centres cover today and with a plan, each once.

    Covered is meant as the question means it: within its limit, its radius, by all its walkers.
    """
    return _covered(plan, plan.asked.existing), _covered(plan, [*plan.existing, *plan.chosen])


def elders_gained(plan: SitingPlan) -> pd.Series[Any]:
    """Return the elders aged 60+ whom each chosen site adds to the centres that stay, in order."""
    sites: list[Any] = list(plan.existing)
    covered = [_covered(plan, sites)]
    for one in plan.chosen:
        sites.append(one)
        covered.append(_covered(plan, sites))
    index: pd.Index[Any] = pd.Index(plan.chosen, dtype=object)
    return pd.Series(np.diff(covered), index=index, dtype=float)


def merged_alike(plan: AnyPlan) -> AnyPlan:
    """Return a plan whose question holds one row for all homes that the same places cover.

    Whoever asks again how many are covered, by whichever sites, gets the same answer in a part of
    the time. Walks are of no length: only who is within the limit is still told.
    """
    asked = plan.asked
    pairs = counted_pairs_of(plan, asked.candidates.append(asked.existing))
    places, place = np.unique(pairs["destination"].astype(object), return_inverse=True)
    homes = plain(asked.residents.index)
    home = homes.get_indexer(pd.Index(pairs["origin"]).astype(object))
    order = np.lexsort((place, home))
    home, place = home[order], place[order].astype(np.int32)
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    kinds: dict[bytes, int] = {b"": 0}
    kind = np.zeros(len(homes), dtype=np.int64)
    for first, after in itertools.pairwise([*starts, len(home)]):
        sites = place[first:after].tobytes()
        kind[home[first]] = kinds.setdefault(sites, len(kinds))
    of_kind = [np.frombuffer(sites, dtype=np.int32) for sites in kinds]
    names = np.array([f"alike:{number}" for number in range(len(kinds))], dtype=object)
    times = pd.DataFrame(
        {
            "origin": np.repeat(names, [len(sites) for sites in of_kind]),
            "destination": places[np.concatenate(of_kind)],
            "walk_minutes": 0.0,
        }
    )
    people = asked.residents.groupby(kind).sum().reindex(range(len(kinds)), fill_value=0.0)
    whole = dataclasses.replace(
        asked,
        times=times,
        residents=people.set_axis(names, axis="index"),
        rules=dataclasses.replace(asked.rules, radius_m=None),
    )
    return dataclasses.replace(plan, asked=whole)


def _covered(plan: SitingPlan, sites: Sequence[Any] | pd.Index[Any]) -> float:
    asked = plan.asked
    limit = asked.limit_minutes
    return covered_weight(
        asked.times,
        asked.residents,
        list(sites),
        limit_minutes=np.inf if limit is None else limit,
        weight=PLAIN_WEIGHT,
        radius_m=asked.rules.radius_m,
    )
