"""Which figures of a run's siting outputs may be told: one register decides for all of them."""

from __future__ import annotations

from math import fsum, nan
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.siting import CoveringPlan
from planner.units import BoolArray
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import SitingBeside
from planner.workflow.siting.elders import PLAIN_WEIGHT, elders_covered
from planner.workflow.siting.reach import BeyondReach, beyond_reach, by_walk_alone, shown_part
from planner.workflow.siting.register import SAME, Level, Register, few
from planner.workflow.siting.walked import WalksServed, walks_served


def least_value(siting: Siting) -> float:
    """Return the smallest difference of values that may be told: so much count five persons."""
    return LEAST_ELDERS * fsum(siting.asked.factors.values())


def newly_covered(siting: Siting) -> float:
    """Return the elders whom the plan brings within reach and no centre of today does."""
    if siting.beside is None:
        before, after = elders_covered(siting.most)
        return after - before
    return float(siting.beside.gains.totals["newly_served"]["weight"])


class ShownLevels:
    """What of a plan, and of what stands beside it, may be told in any output.

    The most wanted figures come first: everybody and whom centres reach today (both are told
    without siting, too), the plan, whom nothing reaches, the curve, the near plans, the fewest
    centres, what each site is worth, the plans of walks.

    Parameters
    ----------
    siting
        What was found.

    Attributes
    ----------
    before, after
        Elders aged 60+ within reach today and with the plan; ``None`` where they may not be told.
    gain
        Their difference; ``None`` unless both are told.
    walking
        The same two by the walk alone, where the project asks for more than the walk; else
        ``None``.
    unreachable
        Elders whom no plan reaches; ``None`` where they may not be told.
    by_rules
        Of them those whom rules keep out; ``None`` likewise.
    beyond
        Who they are.
    """

    before: float | None
    after: float | None
    gain: float | None
    walking: tuple[float, float | None] | None
    unreachable: float | None
    by_rules: float | None
    beyond: BeyondReach

    def __init__(self, siting: Siting) -> None:
        most = siting.most
        self._is_weighted = siting.asked.is_weighted
        self._register = Register((LEAST_ELDERS, least_value(siting)))
        self._total = fsum(most.asked.residents[PLAIN_WEIGHT])
        self._best, self._covered = most.covered, elders_covered(most)
        self.beyond = beyond_reach(siting)
        by_walk = None if siting.asked.is_walked_only else by_walk_alone(siting)
        lost, ruled = (fsum(people) for people in (self.beyond.unreached, self.beyond.by_rules))
        keep, elders = self._register.keep, self._of_elders
        keep(elders(self._total), always=True)
        if by_walk is not None:
            keep(elders(by_walk[0]), always=True)
        today = (self._covered[0], most.covered_before)
        keep(today, always=by_walk is None)
        keep(self.level(most))
        if by_walk is not None:
            keep(elders(by_walk[1]))
        keep(elders(self._total - lost), elders(self._total - lost + ruled))
        self._keep_others(siting)
        self.before = self._covered[0] if self._register.tells(today) else None
        self.after = self._covered[1] if self.tells(most) else None
        self.gain = None
        if self.before is not None and self.after is not None:
            self.gain = self.after - self.before
        self.walking = by_walk and (by_walk[0], self.elders(by_walk[1]))
        self.unreachable = lost if self.tells_elders(self._total - lost) else None
        self.by_rules = self._ruled(lost, ruled)

    def _keep_others(self, siting: Siting) -> None:
        keep, beside = self._register.keep, siting.beside
        if beside is not None:
            keep(*(self.level(one) for one in beside.curve.plans))
            if beside.near is not None:
                keep(*((elders_covered(one.plan)[1], one.value) for one in beside.near.plans))
        keep(self.level(siting.fewest), self._of_value(siting.most.coverable))
        if beside is None:
            return
        before, after = self._covered
        if not siting.most.closed:
            reached = before + np.cumsum(beside.gains.sites["elderly_60"].to_numpy(dtype=float))
            keep(*(self._of_elders(one) for one in reached.tolist()))
        keep(*(self._of_elders(after - one) for one in beside.losses["lost"].dropna().tolist()))
        exact = beside.prices["at_least"][beside.prices["is_exact"].astype(bool)]
        exact = exact[np.isfinite(exact.astype(float))]
        keep(*(self._of_value(self._best - one) for one in exact.tolist()))
        for walking in (beside.shortest, beside.worst):
            if walking is not None:
                served = walks_served(walking)
                keep(*(self._of_elders(one) for one in served.levels))

    def _ruled(self, lost: float, ruled: float) -> float | None:
        if self.unreachable is None or not self.tells_elders(self._total - lost + ruled):
            return None
        return shown_part(ruled, lost)

    def _of_elders(self, elders: float) -> Level:
        return (elders, nan if self._is_weighted else elders)

    def _of_value(self, value: float) -> Level:
        return (nan if self._is_weighted else value, value)

    @staticmethod
    def level(plan: CoveringPlan) -> Level:
        """Return the level of a plan: the elders whom it covers, and what it counts."""
        return (elders_covered(plan)[1], plan.covered)

    def tells(self, plan: CoveringPlan) -> bool:
        """Tell whether the figures of a plan may be told."""
        return self._register.tells(self.level(plan))

    def tells_elders(self, elders: float) -> bool:
        """Tell whether a number of elders within reach may be told."""
        return self._register.tells(self._of_elders(elders))

    def tells_value(self, value: float) -> bool:
        """Tell whether a value of a plan may be told."""
        return self._register.tells(self._of_value(value))

    def elders(self, elders: float) -> float | None:
        """Return elders within reach; ``None`` where they may not be told."""
        return elders if self.tells_elders(elders) else None

    def tells_price(self, price: float) -> bool:
        """Tell whether it may be told how much less than the plan another is worth."""
        return abs(price) <= SAME or (
            self.after is not None and self.tells_value(self._best - price)
        )

    def tells_loss(self, lost: float) -> bool:
        """Tell whether it may be told how many elders the plan loses with a site."""
        return abs(lost) <= SAME or (
            self.after is not None and self.tells_elders(self._covered[1] - lost)
        )

    def walks(
        self, served: WalksServed
    ) -> tuple[float | None, float | None, float | None, float | None]:
        """Return of elders who have a walk today, with a plan of walks, with others, and with none.

        ``None`` stands for those that may not be told.
        """
        before, after, some = (self.elders(one) for one in served.levels)
        left = None if after is None or some is None else served.left_out
        nowhere = served.unreachable
        if some is None or not self.tells_unreached(nowhere) or few(nowhere):
            return before, after, left, None
        return before, after, left, nowhere

    def tells_unreached(self, elders: float) -> bool:
        """Tell whether it may be told how many of those live somewhere whom no plan reaches."""
        return self.tells_elders(self._total - elders)

    def curve(self, beside: SitingBeside) -> BoolArray:
        """Tell for each point of the curve whether its figures may be told."""
        return np.array([self.tells(one) for one in beside.curve.plans], dtype=bool)

    def near(self, beside: SitingBeside) -> BoolArray:
        """Tell for each near plan whether its figures may be told."""
        plans = () if beside.near is None else beside.near.plans
        levels = [(elders_covered(one.plan)[1], one.value) for one in plans]
        return np.array([self._register.tells(one) for one in levels], dtype=bool)


_LEVELS: WeakKeyDictionary[Siting, ShownLevels] = WeakKeyDictionary()


def shown_levels(siting: Siting) -> ShownLevels:
    """Return what may be told of a choice of sites: worked out once, the same in every output."""
    if siting not in _LEVELS:
        _LEVELS[siting] = ShownLevels(siting)
    return _LEVELS[siting]


def shown_fewest(siting: Siting) -> float | None:
    """Return the elders whom the fewest centres cover; ``None`` where it tells of a few."""
    covered = elders_covered(siting.fewest)[1]
    return covered if shown_levels(siting).tells(siting.fewest) else None


def shown_left_out(siting: Siting) -> float | None:
    """Return the elders whom rules leave out of the fewest; ``None`` where it tells of a few."""
    levels = shown_levels(siting)
    left = fsum(levels.beyond.left_out)
    if not left:
        return 0.0
    return None if few(left) or not levels.tells(siting.fewest) else left


def shown_gaps(
    parts: pd.DataFrame, closed: str, newly: float, *, is_told: bool = True
) -> tuple[pd.DataFrame, BoolArray]:
    """Withhold a further row of a column whose hidden figures a sum elsewhere would tell.

    Parameters
    ----------
    parts
        Elders by gap and reason, small ones missing already; each row adds up to a total.
    closed
        The column whose sum is told elsewhere.
    newly
        That sum, of these gaps and whoever lives in none.
    is_told
        Whether it is; else nothing that is shown may come near it.

    Returns
    -------
    DataFrame, BoolArray
        The same with a figure more withheld, where all that is withheld of the sum comes to less
        than five elders; and the rows whose total must be withheld with it.
    """
    column = parts[closed]
    hidden_total = np.zeros(len(parts), dtype=bool)
    left = newly - float(column.sum())
    is_near = few(left) if is_told else abs(left) < LEAST_ELDERS
    if not is_near:
        return parts, hidden_total
    others = column.where(column > 0).dropna()
    if others.empty:
        return parts, hidden_total
    row = others.idxmin()
    hidden_total[parts.index.get_loc(row)] = True
    hidden: Any = column.where(column.index != row)
    return parts.assign(**{closed: hidden}), hidden_total
