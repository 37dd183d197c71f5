"""What a plan must, may and may not do with each site, as a planner says it and as positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import Message, message
from planner.siting.asking.places import (
    IntArray,
    Places,
    has_parts,
    id_problems,
    ids_of,
    in_order,
)
from planner.siting.asking.settings import limit_problems
from planner.siting.asking.weights import is_numeric
from planner.tables import listed
from planner.units import BoolArray

PAIR_OF_PLACES: Final = ("first", "second")


@dataclass(frozen=True, eq=False)
class SiteRules:
    """What every plan keeps to.

    Parameters
    ----------
    required
        Candidates that every plan opens.
    barred
        Candidates that no plan opens; they are told in ``barred`` of the answer.
    may_close
        Existing centres that a plan may close. Each one that it closes makes room for one new
        centre more than ``new_centres``: a centre that moves. ``fewest_centres`` counts those of
        them that stay with the new ones.
    must_close
        Existing centres that close in every plan: nobody walks to them.
    at_most_one
        Groups of candidates and existing centres of which at most one is open: two buildings of
        one owner, two classes of one site. An existing centre that stays open bars the candidates
        of its group, and those that ``may_close`` names have to close beside it. Nothing else
        closes what stands: centres that no rule lets close stay beside each other, and so do
        those that a programme can close, by a measure with its price, for no rule spends money.
    apart
        Columns first, second: two places that are too near each other to be open both, as
        :func:`planner.siting.asking.distances.too_near` makes them. Places that the question does
        not know are not looked at; two existing centres stand there today, and may both stay.
    radius_m
        Straight-line radius that a standard asks for beside the walk: a pair whose ``straight_m``
        (a column of the times) is larger does not count.
    """

    required: Places = ()
    barred: Places = ()
    may_close: Places = ()
    must_close: Places = ()
    at_most_one: Sequence[Places] = ()
    apart: pd.DataFrame | None = None
    radius_m: float | None = None


NO_RULES: Final = SiteRules()


@dataclass(frozen=True)
class CodedRules:
    """Rules as positions among the places that a plan can open.

    Parameters
    ----------
    sites
        Ids that a plan can open, in canonical order: the candidates that nothing bars, and the
        existing centres that may close.
    kept
        Ids of the existing centres that are open in every plan, in canonical order.
    required, today
        Shape (sites,): opened by every plan; open today (may close, by rule or by a measure).
    groups
        Positions in ``sites``, two or more each, none of them required: at most one of a group is
        open. In a programme the ties of its measures decide instead.
    barred, must_close
        Ids that no plan opens: candidates by rule, or because of a group in which a required site
        or a kept centre is open; existing centres that close, by rule or for the same reason.
    pushed_out
        How many of ``must_close`` may close by rule and have to, because of a group: each makes
        room for a new centre, as any that may close.
    """

    sites: pd.Index[Any]
    kept: pd.Index[Any]
    required: BoolArray
    today: BoolArray
    groups: tuple[IntArray, ...]
    barred: tuple[Any, ...]
    must_close: tuple[Any, ...]
    pushed_out: int = 0

    @property
    def is_free(self) -> bool:
        """Whether any sites may be opened together, none of them by force."""
        return not self.groups and not self.required.any()

    def most_open(self, new_centres: int) -> int:
        """Return how many sites may be open: the new ones, and those that may close."""
        return int(new_centres) + int(self.today.sum()) + self.pushed_out


def rule_problems(
    rules: SiteRules,
    candidates: pd.Index[Any],
    existing: pd.Index[Any],
    times: pd.DataFrame,
    by_measure: Places = (),
) -> list[Message]:
    """Tell of strangers among the ids, and of rules that contradict each other."""
    named = {
        name: ids_of(getattr(rules, name))
        for name in ("required", "barred", "may_close", "must_close")
    }
    problems = []
    for name, ids in named.items():
        among = candidates if name in ("required", "barred") else existing
        table = "candidates" if name in ("required", "barred") else "existing"
        problems += id_problems(name, ids)
        if has_parts(ids):
            return problems
        strangers = ids[~ids.isin(among)]
        if len(strangers):
            problems.append(
                message("siting.rule_stranger", rule=name, table=table, ids=listed(strangers))
            )
    for first, second in (("required", "barred"), ("may_close", "must_close")):
        both = named[first][named[first].isin(named[second])]
        if len(both):
            problems.append(
                message("siting.rule_both", first=first, second=second, ids=listed(both))
            )
    problems += _group_problems(rules, candidates.append(existing))
    if rules.radius_m is not None:
        problems += limit_problems(rules.radius_m, "radius_m") + _straight_problems(times)
    if not problems:
        problems += _clashes(rules, named, existing, set(ids_of(by_measure)))
    return problems


def _straight_problems(times: pd.DataFrame) -> list[Message]:
    """Tell if the straight lines that a radius looks at are missing, no numbers, or negative."""
    told = {"table": "times", "column": "straight_m"}
    if "straight_m" not in times.columns:
        return [message("tables.column_missing", **told)]
    straight_m = times["straight_m"]
    if straight_m.isna().all():
        return []
    if not is_numeric(straight_m):
        return [message("tables.not_numbers", **told)]
    negative = int((straight_m < 0).sum())
    return [message("siting.straight_negative", count=negative)] if negative else []


def code_rules(
    rules: SiteRules,
    candidates: pd.Index[Any],
    existing: pd.Index[Any],
    by_measure: Places = (),
) -> CodedRules:
    """Return rules that :func:`rule_problems` has passed as positions among the sites.

    Parameters
    ----------
    rules, candidates, existing
        As asked.
    by_measure
        Existing centres that only a measure of a programme closes: no rule does.
    """
    required, priced = ids_of(rules.required), set(ids_of(by_measure))
    may_close, must_close = set(ids_of(rules.may_close)), set(ids_of(rules.must_close))
    kept = existing[~existing.isin(list(may_close | must_close | priced))]
    groups = _groups(rules, existing)
    forced = set(required) | set(kept)
    beside = {one for group in groups if group & forced for one in group - forced}
    out = set(ids_of(rules.barred)) | (beside - set(existing))
    pushed_out = beside & may_close
    moving = existing[existing.isin(list((may_close - pushed_out) | priced))]
    allowed = candidates[~candidates.isin(list(out))]
    sites = in_order(allowed.append(moving) if len(moving) else allowed)
    position = {one: number for number, one in enumerate(sites)}
    closing = existing[existing.isin(list(must_close | pushed_out))]
    return CodedRules(
        sites=sites,
        kept=in_order(kept),
        required=np.asarray(sites.isin(required), dtype=np.bool_),
        today=np.asarray(sites.isin(moving), dtype=np.bool_),
        groups=_coded_groups(groups, forced, position),
        barred=tuple(in_order(candidates[candidates.isin(list(out))]).tolist()),
        must_close=tuple(in_order(closing).tolist()),
        pushed_out=len(pushed_out),
    )


def _coded_groups(
    groups: Sequence[set[Any]], forced: set[Any], position: Mapping[Any, int]
) -> tuple[IntArray, ...]:
    """Return the groups that still leave a choice, each once, in canonical order."""
    coded = {
        tuple(sorted(position[one] for one in group if one in position))
        for group in groups
        if not group & forced
    }
    return tuple(np.array(group, dtype=np.int64) for group in sorted(coded) if len(group) > 1)


def _groups(rules: SiteRules, existing: pd.Index[Any]) -> list[set[Any]]:
    """Return the groups of which at most one is open, those of ``apart`` as pairs.

    Two existing centres too near each other stand there today: ``apart`` closes neither.
    """
    groups = [set(ids_of(group)) for group in rules.at_most_one]
    if rules.apart is None:
        return groups
    standing = set(existing)
    pairs = rules.apart[list(PAIR_OF_PLACES)].itertuples(index=False)
    pairs_of_ids = ({first, second} for first, second in pairs)
    return groups + [pair for pair in pairs_of_ids if len(pair) > 1 and not pair <= standing]


def _group_problems(rules: SiteRules, places: pd.Index[Any]) -> list[Message]:
    problems = []
    for number, group in enumerate(rules.at_most_one, start=1):
        ids = ids_of(group)
        strangers = ids if has_parts(ids) else ids[~ids.isin(places)]
        if len(strangers):
            problems.append(message("siting.group_stranger", number=number, ids=listed(strangers)))
    if rules.apart is None:
        return problems
    missing = [name for name in PAIR_OF_PLACES if name not in rules.apart.columns]
    return problems + [
        message("tables.column_missing", table="apart", column=name) for name in missing
    ]


def _clashes(
    rules: SiteRules,
    named: Mapping[str, pd.Index[Any]],
    existing: pd.Index[Any],
    priced: set[Any],
) -> list[Message]:
    """Tell of groups in which two are open by force."""
    leaving = set(named["may_close"]) | set(named["must_close"]) | priced
    forced = set(named["required"]) | {one for one in existing if one not in leaving}
    found = []
    for group in _groups(rules, existing):
        both = group & forced
        # Existing centres of one group stand there today: no fault of the question.
        if len(both) > 1 and both & set(named["required"]):
            told = message("siting.rule_clash", ids=listed(sorted(both, key=str)))
            found += [] if told in found else [told]
    return found
