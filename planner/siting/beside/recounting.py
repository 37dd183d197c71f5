"""A question read again from its tables with dictionaries and loops, and nothing of the engines.

What the engines do with sorted arrays is done here the slow way, on purpose: two ways that share
no step do not share a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf, isfinite
from typing import Any

import pandas as pd

from planner.siting.asking.inputs import Asked
from planner.units import TOLERANCE_MINUTES


@dataclass(frozen=True)
class Recount:
    """The tables of a question as dictionaries.

    Parameters
    ----------
    weight_of
        What each resident weighs.
    walks
        For each place (candidate or existing centre) the minutes of each resident whose walk
        counts: within the limit, and within the straight-line radius where there is one.
    candidates, existing
        As asked.
    kept, may_close, must_close
        Existing centres that are open in every plan; that a plan may close; that close in every
        plan, because a rule says so or one beside them is open in every plan.
    pushed_out
        How many of ``must_close`` a rule only allows to close.
    barred
        Candidates that no plan opens.
    required
        Candidates that every plan opens.
    groups
        Sets of places of which at most one is open.
    """

    weight_of: dict[Any, float]
    walks: dict[Any, dict[Any, float]]
    candidates: frozenset[Any]
    existing: frozenset[Any]
    kept: frozenset[Any]
    may_close: frozenset[Any]
    must_close: frozenset[Any]
    pushed_out: int
    barred: frozenset[Any]
    required: frozenset[Any]
    groups: tuple[frozenset[Any], ...]

    @property
    def can_open(self) -> frozenset[Any]:
        """Every place that some plan has open."""
        return (self.candidates - self.barred) | self.kept | self.may_close

    def walks_to(self, place: Any) -> dict[Any, float]:
        """Return the walks to a place; none to one that the question does not know."""
        return self.walks.get(place, {})

    def weight(self, residents: Iterable[Any]) -> float:
        """Return the weight of residents."""
        return fsum(self.weight_of[one] for one in residents)

    def reached_by(self, places: Iterable[Any]) -> set[Any]:
        """Return the residents whom one of the places reaches."""
        reached: set[Any] = set()
        for place in places:
            reached.update(self.walks_to(place))
        return reached

    def nearest(self, places: Iterable[Any]) -> dict[Any, float]:
        """Return the walk of each resident whom one of the places reaches, to the nearest."""
        found: dict[Any, float] = {}
        for place in places:
            for resident, minutes in self.walks_to(place).items():
                if minutes < found.get(resident, inf):
                    found[resident] = minutes
        return found


def recount(asked: Asked) -> Recount:
    """Read the tables of a question again.

    Parameters
    ----------
    asked
        The question as it was put.
    """
    rules = asked.rules
    candidates, existing = frozenset(asked.candidates), frozenset(asked.existing)
    may_close, must_close = frozenset(_ids(rules.may_close)), frozenset(_ids(rules.must_close))
    kept, required = existing - may_close - must_close, frozenset(_ids(rules.required))
    groups = _groups(asked, existing)
    beside = {
        place for group in groups if group & (required | kept) for place in group - required - kept
    }
    pushed_out = may_close & beside
    return Recount(
        weight_of=_weights(asked),
        walks=_walks(asked, candidates | existing),
        candidates=candidates,
        existing=existing,
        kept=kept,
        may_close=may_close - pushed_out,
        must_close=must_close | pushed_out,
        pushed_out=len(pushed_out),
        barred=frozenset(_ids(rules.barred)) | (candidates & beside),
        required=required,
        groups=groups,
    )


def _ids(places: Any) -> list[Any]:
    """Return the ids of a table, or those of a plain sequence."""
    return list(places.index if isinstance(places, pd.DataFrame | pd.Series) else places)


def _groups(asked: Asked, existing: frozenset[Any]) -> tuple[frozenset[Any], ...]:
    groups = [frozenset(_ids(group)) for group in asked.rules.at_most_one]
    apart = asked.rules.apart
    if apart is not None:
        for first, second in zip(apart["first"], apart["second"], strict=True):
            pair = frozenset((first, second))
            # Two centres that stand too near each other today may both stay.
            if len(pair) == 2 and not pair <= existing:
                groups.append(pair)
    return tuple(groups)


def _weights(asked: Asked) -> dict[Any, float]:
    residents, weight = asked.residents, asked.weight
    if weight is None:
        return dict.fromkeys(residents.index, 1.0)
    factors = {weight: 1.0} if isinstance(weight, str) else weight
    total = dict.fromkeys(residents.index, 0.0)
    for column, factor in factors.items():
        for resident, people in zip(residents.index, residents[column], strict=True):
            total[resident] += float(people) * factor
    return total


def _walks(asked: Asked, places: frozenset[Any]) -> dict[Any, dict[Any, float]]:
    limit = inf if asked.limit_minutes is None else asked.limit_minutes + TOLERANCE_MINUTES
    radius_m = asked.rules.radius_m
    times = asked.times
    apart = [0.0] * len(times) if radius_m is None else times["straight_m"].to_list()
    longest_m = inf if radius_m is None else radius_m + TOLERANCE_MINUTES
    walks: dict[Any, dict[Any, float]] = {place: {} for place in places}
    origins, destinations = times["origin"].to_list(), times["destination"].to_list()
    for origin, destination, minutes, straight_m in zip(
        origins, destinations, times["walk_minutes"].to_list(), apart, strict=True
    ):
        # Missing numbers compare as false: no way.
        if destination in walks and _counts(minutes, limit) and _counts(straight_m, longest_m):
            walks[destination][origin] = float(minutes)
    return walks


def _counts(value: Any, limit: float) -> bool:
    try:
        number = float(value)
    except TypeError:  # pandas' NA
        return False
    return isfinite(number) and number <= limit
