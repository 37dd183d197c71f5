"""Elders whom a plan cannot reach, and whether rules keep them out or nothing stands near them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.siting import covered_weight
from planner.siting.asking.places import plain
from planner.siting.asking.rules import CodedRules, code_rules
from planner.siting.beside.served import counted_pairs_of
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.elders import PLAIN_WEIGHT


@dataclass(frozen=True, eq=False)
class BeyondReach:
    """Rows of residents with elders whom no plan of the question can reach.

    Parameters
    ----------
    unreached
        Elders aged 60+ by resident row: out of reach of all that may stay or be chosen.
    by_rules
        Of them, those within reach of candidates that rules keep out, or of centres that must
        close: by their own rule, or because of a group.
    left_out
        Elders within reach of something that may be chosen, whom the rules nevertheless keep out
        of every plan of the fewest centres.
    """

    unreached: pd.Series[Any]
    by_rules: pd.Series[Any]
    left_out: pd.Series[Any]


def beyond_reach(siting: Siting) -> BeyondReach:
    """Return whom no plan reaches, counted in elders aged 60+ whatever the plan counts."""
    plan = siting.most
    asked = plan.asked
    elders = asked.residents[PLAIN_WEIGHT]
    elders = elders[elders > 0]
    # Which centres a group pushes out is decided where the question is put into positions.
    kept = {*plan.barred, *_coded(siting).must_close}
    both = [*asked.candidates, *asked.existing]
    near = _reached_by(siting, [one for one in both if one not in kept])
    unreached = elders[~elders.index.isin(near)]
    by_rules = unreached[unreached.index.isin(_reached_by(siting, kept))]
    fewest = siting.fewest
    left_out = elders[elders.index.isin(list(fewest.left_out))]
    return BeyondReach(unreached, by_rules, left_out)


def _coded(siting: Siting) -> CodedRules:
    asked = siting.most.asked
    return code_rules(asked.rules, plain(asked.candidates), plain(asked.existing))


def _reached_by(siting: Siting, sites: Iterable[Any]) -> pd.Index[Any]:
    pairs = counted_pairs_of(siting.most, list(sites))
    origins: pd.Index[Any] = pd.Index(pairs["origin"].astype(object).unique())
    return origins


def shown_part(part: float, whole: float) -> float | None:
    """Return a part that stands beside its whole; ``None`` where it, or the rest, is of a few."""
    rest = whole - part
    if 0 < part < LEAST_ELDERS or (part > 0 and 1e-6 < rest < LEAST_ELDERS):
        return None
    return part


def by_walk_alone(siting: Siting) -> tuple[float, float]:
    """Return the elders aged 60+ whom the plan's own walker alone brings to a centre in time.

    Today and with the plan, whatever radius or further walkers the project adds: what the walking
    rate of the run counts.
    """
    plan = siting.most
    before, after = (
        covered_weight(
            siting.times,
            plan.asked.residents,
            list(sites),
            limit_minutes=siting.asked.limit_minutes,
            weight=PLAIN_WEIGHT,
        )
        for sites in (plan.asked.existing, [*plan.existing, *plan.chosen])
    )
    return before, after
