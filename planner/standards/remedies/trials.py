"""What measures do once they are carried out: today and a trial, held against each other.

Moves, mergers and closings change who is nearest to whom, and with it the service groups: what the
books say of the places then is known only by carrying them out on a copy of the ledger and judging
that (:data:`Trial`). Two measures meddle with each other only where the groups of before and of
after, taken together, join them (:class:`Comparison`): far ones are told apart in one trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.judging.findings import Judgement, defect_id
from planner.standards.remedies.needs import BUILDING_AREA, clause_table
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.units import FloatArray


@dataclass(frozen=True)
class Carried:
    """One measure to be carried out on a copy of the ledger.

    Parameters
    ----------
    centre, kind, partner
        Whose measure, of what kind, with whom.
    m2
        Building area: of a move what the centre has then, else what it gains; NaN unknown.
    """

    centre: str
    kind: str
    partner: str | None = None
    m2: float = float("nan")


@dataclass(frozen=True, eq=False)
class Tried:
    """What the books say of a copy of the ledger.

    Parameters
    ----------
    judgement
        Every clause for every centre.
    shortfall_m2
        By service group; missing is unknown.
    community_group, centre_group
        Group of each community and of each centre that answers for any.
    """

    judgement: Judgement
    shortfall_m2: pd.Series
    community_group: pd.Series
    centre_group: pd.Series


Trial = Callable[[Sequence[Carried]], Tried]
"""Carries measures out on a copy of the ledger, cuts the groups anew on foot, and judges it by
every book; of none: how it stands today."""

Key = tuple[str, str, str]
"""Centre, kind and partner (empty for none) of a measure."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a measure comes to, once carried out.

    Parameters
    ----------
    stays
        Defects that it was to cure and that are found all the same.
    worse
        Ids of findings of 应, or that decide and are 宜, that are new with it.
    beside
        New findings of 宜 beside another that decides: told, no reason to refuse.
    rise_m2
        By how much the shortfall of the service groups concerned grows; 0 where it does not.
    judgement
        The findings of the trial.
    unknown
        Communities of whose groups nobody can tell any more whether their area is enough.
    """

    stays: tuple[str, ...]
    worse: tuple[str, ...]
    beside: tuple[str, ...]
    rise_m2: float
    judgement: Judgement
    unknown: int = 0

    @property
    def holds(self) -> bool:
        """Whether it cures what it is to cure, and harms nobody."""
        return not (self.stays or self.worse or self.rise_m2 > 0.0 or self.unknown > 0)


def short_findings(judgement: Judgement) -> pd.DataFrame:
    """Return ``centre, grave`` of all that is short, by defect id.

    ``grave``: of 应, or a breach that decides its matter.
    """
    findings = judgement.findings[judgement.findings["result"] == "short"]
    plain = findings[["centre", "book", "clause"]].astype(object).assign(
        decides=findings["decides"].astype(bool)
    )  # fmt: skip
    forces = clause_table(judgement)[["book", "clause", "force"]]
    table = plain.merge(forces, on=["book", "clause"], how="left")
    named = zip(table["centre"], table["book"], table["clause"], strict=True)
    grave = (table["force"] == BREACHES[0]) | (table["decides"] & table["force"].isin(BREACHES))
    ids = pd.Index([defect_id(*names) for names in named], dtype=object)
    return pd.DataFrame({"centre": table["centre"].to_numpy(), "grave": grave.to_numpy()}, ids)


def unsettled(judgement: Judgement) -> set[str]:
    """Return the findings that are short, and those of floor area that can not be told.

    What else cannot be told is to be seen on the spot: a new place is fitted for it.
    """
    findings = judgement.findings
    open_now = findings[findings["result"].isin(("short", "unknown"))]
    rows = open_now[["centre", "book", "clause", "result"]].astype(object)
    clauses = clause_table(judgement)[["book", "clause", "quantity"]]
    rows = rows.merge(clauses, on=["book", "clause"], how="left")
    rows = rows[(rows["result"] == "short") | rows["quantity"].isin(BUILDING_AREA)]
    named = zip(rows["centre"], rows["book"], rows["clause"], strict=True)
    return {defect_id(*names) for names in named}


_Node = tuple[str, str]
"""A centre, or a group of before or after."""


class _Parts:
    """Things that hang together, whatever joins them."""

    def __init__(self) -> None:
        self._above: dict[_Node, _Node] = {}

    def root(self, node: _Node) -> _Node:
        while self._above.setdefault(node, node) != node:
            self._above[node] = self._above[self._above[node]]
            node = self._above[node]
        return node

    def join(self, *nodes: _Node) -> None:
        first = self.root(nodes[0])
        for node in nodes[1:]:
            self._above[self.root(node)] = first


class Comparison:
    """Today and a trial of some measures.

    Parameters
    ----------
    before, after
        Today, and with the measures carried out.
    measures
        Those carried out.
    points
        Where centres stand, by id, to tell whose doing it is where no group tells.
    """

    def __init__(
        self, before: Tried, after: Tried, measures: Sequence[Key], points: Mapping[str, FloatArray]
    ) -> None:
        self._after, self._points = after, points
        self._measures = list(measures)
        self._parts = _Parts()
        self._of = {
            side: {str(k): str(v) for k, v in one.centre_group.dropna().items()}
            for side, one in (("before", before), ("after", after))
        }
        then = after.community_group.reindex(before.community_group.index)
        for old, new in set(zip(before.community_group, then, strict=True)):
            self._parts.join(("before", str(old)), ("after", str(new)))
        for centre, _, partner in self._measures:
            self._parts.join(*self._nodes(centre), *(self._nodes(partner) if partner else []))
        was, now = (short_findings(one.judgement) for one in (before, after))
        self._new = now[~now.index.isin(was.index)]
        self._open = unsettled(after.judgement)
        self._rise: dict[_Node, float] = {}
        self._unknown: dict[_Node, int] = {}
        for side, one, sign in (("after", after, 1.0), ("before", before, -1.0)):
            for group, metres in one.shortfall_m2.astype(float).dropna().items():
                part = self._parts.root((side, str(group)))
                self._rise[part] = self._rise.get(part, 0.0) + sign * float(metres)
            unknown = one.community_group.map(one.shortfall_m2).isna()
            for group in one.community_group[unknown]:
                part = self._parts.root((side, str(group)))
                self._unknown[part] = self._unknown.get(part, 0) + int(sign)
        whose = self._whose([str(one) for one in self._new["centre"]])
        self._by_part = self._new.groupby(np.array(whose, dtype=np.int64)).indices

    def _nodes(self, centre: str) -> list[_Node]:
        groups = [(side, of[centre]) for side, of in self._of.items() if centre in of]
        return [("centre", centre), *groups]

    def together(self) -> list[list[Key]]:
        """Return the measures, those that meddle with each other in one list."""
        lists: dict[_Node, list[Key]] = {}
        for key in self._measures:
            lists.setdefault(self._parts.root(("centre", key[0])), []).append(key)
        return list(lists.values())

    def outcome(self, keys: Sequence[Key], claims: Iterable[str]) -> Outcome:
        """Return what measures that meddle with each other come to.

        Parameters
        ----------
        keys
            One list of :meth:`together`.
        claims
            Defects that they are to cure.
        """
        here = self._parts.root(("centre", keys[0][0]))
        rows = self._by_part.get(self._number[here], np.array([], dtype=np.int64))
        unknown = self._unknown.get(here, 0)
        return self._told(claims, self._new.iloc[rows], self._rise.get(here, 0.0), unknown)

    def whole(self, claims: Iterable[str]) -> Outcome:
        """Return what all of it comes to in the whole district."""
        unknown = sum(max(count, 0) for count in self._unknown.values())
        return self._told(claims, self._new, sum(self._rise.values()), unknown)

    def _told(
        self, claims: Iterable[str], new: pd.DataFrame, rise_m2: float, unknown: int
    ) -> Outcome:
        stays = tuple(sorted(self._open.intersection(claims)))
        # What was claimed and stands is told once.
        others = new[~new.index.isin(stays)]
        grave = others["grave"].astype(bool)
        worse, beside = (tuple(str(one) for one in others.index[of]) for of in (grave, ~grave))
        rise = rise_m2 if rise_m2 > AREA_TOLERANCE_M2 else 0.0
        return Outcome(stays, worse, beside, rise, self._after.judgement, max(unknown, 0))

    def _whose(self, centres: Sequence[str]) -> list[int]:
        """Return the number of the part whose measures each centre's new finding is put down to.

        The part that its group hangs together with; where that has no measure, the nearest's.
        """
        doing = [self._parts.root(("centre", key[0])) for key in self._measures]
        self._number = {part: number for number, part in enumerate(dict.fromkeys(doing))}
        nowhere = np.full(2, np.inf)
        spots = np.array([self._points.get(key[0], nowhere) for key in self._measures])
        found: dict[str, int] = {}
        for centre in dict.fromkeys(centres):
            part = self._parts.root(self._nodes(centre)[-1])
            if part not in self._number:
                at = self._points.get(centre, np.zeros(2))
                part = doing[int(np.argmin(np.hypot(*(spots - at).T)))]
            found[centre] = self._number[part]
        return [found[centre] for centre in centres]


MOST_TRIALS: Final = 24
"""Trials of one plan, at most: each judges the whole ledger once."""

MOST_CENTRES: Final = 40_000
"""Centres judged in all trials of one plan together, about: large ledgers have fewer trials."""

LEAST_TRIALS: Final = 4


def trials_allowed(centres: int) -> int:
    """Return how many trials a plan of so many centres may have."""
    return max(LEAST_TRIALS, min(MOST_TRIALS, MOST_CENTRES // max(centres, 1)))
