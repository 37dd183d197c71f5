"""Measures that change the map (merge, move, close): accepted one at a time, on what then stands.

Offers are candidates. They are taken up in a fixed order (the priority of the finding, then ids),
each judged on the state after those already accepted; the pass is repeated until it accepts nothing
more. A centre gives itself up at most once, and one that has taken others' elders stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.nearby import Known, Nearby, Row, as_it_is
from planner.standards.remedies.priorities import priorities
from planner.standards.remedies.standing import Standing, Verdict
from planner.standards.rulebooks.wording import rows_of

STRUCTURAL: Final = ("merge", "move", "close")
"""Measures that change where centres stand."""


@dataclass(frozen=True)
class Accepted:
    """One measure that changes the map.

    Parameters
    ----------
    centre, kind
        Who gives up his place, and how.
    verdict
        On the state on which it was accepted, with its partner.
    gained
        What its service group has gained by all that are accepted, up to it; 0 where of none.
    asked_m2
        Building area that its site must hold; NaN where it stays.
    more_m2
        So much more it has there than before; NaN where it stays, or nobody knows.
    defect
        The finding for which it was taken up.
    """

    centre: str
    kind: str
    verdict: Verdict
    gained: float = 0.0
    asked_m2: float = float("nan")
    more_m2: float = float("nan")
    defect: str = ""


@dataclass(frozen=True, eq=False)
class StructuralPlan:
    """What is accepted, and the state that it leaves.

    Parameters
    ----------
    accepted
        In the order in which they were.
    standing
        The state after all of them.
    asked
        Building area that a site must hold, by centre.
    """

    accepted: tuple[Accepted, ...]
    standing: Standing
    asked: pd.Series
    _near: Nearby = field(repr=False)

    @property
    def moves(self) -> pd.DataFrame:
        """What moves bring, as :func:`planner.standards.remedies.supplying.brought_by_moves`."""
        told = ["partner", "certainty", "reason", "distance_m"]
        rows = [
            (one.centre, one.more_m2, *(getattr(one.verdict, name) for name in told))
            for one in self.accepted
            if one.kind == "move"
        ]
        return pd.DataFrame(rows, columns=["borne_by", "made_m2", *told])

    def verdict(self, row: Row) -> Verdict:
        """Return how an offer that was not accepted stands at last.

        Parameters
        ----------
        row
            Of a finding and one of :data:`STRUCTURAL`: ``centre, kind, quantity, by_group,
            required``.
        """
        return self._near.best(row, self.standing)

    def fitting(self, verdict: Verdict, row: Row, *, named: bool) -> Verdict:
        """Return how sure an accepted move is for one of its centre's findings.

        Parameters
        ----------
        verdict
            Of the move.
        row
            The finding.
        named
            Whether its clause names the move; else the new place must be fitted out for it.
        """
        plain = replace(verdict, certainty="certain", reason="")
        if verdict.reason == "untried":
            return verdict
        fits = self._near.fitting(plain, row)
        if named and fits.certainty != "ruled_out":
            return fits
        return replace(verdict, certainty="to_visit", reason="structure")


def structural_plan(
    ground: Ground, rows: pd.DataFrame, wanted: pd.Series, known: Known = as_it_is
) -> StructuralPlan:
    """Accept the measures that change the map.

    Parameters
    ----------
    ground
        What offers are made from.
    rows
        Offers, a row a finding and measure of :data:`STRUCTURAL`: ``defect, centre, kind, place,
        quantity, by_group, by_site, required, optional, force, short_share``.
    wanted
        By the rows: whether milder measures leave something to cure, and it is no remark.
    known
        What trials have told of offers.

    Returns
    -------
    StructuralPlan
        The same whatever the order of the rows.
    """
    standing = Standing(ground)
    near = Nearby(ground, sorted(set(rows["centre"].astype(str))), known)
    turns = list(_in_turn(rows[wanted.to_numpy(dtype=bool)], ground))
    movers = sorted(centre for centre, mine in turns if any(row["kind"] == "move" for row in mine))
    accepted: list[Accepted] = []
    promise = True
    while True:
        before = len(accepted)
        # Whoever needs no move by now, for a mate has moved, keeps no site from others.
        still = [centre for centre in movers if centre not in standing.givers]
        near.promised = {}
        if promise:
            open_now = {centre for centre, mine in turns if _open(mine, standing)}
            near.promise_sites([centre for centre in still if centre in open_now], standing)
        for centre, mine in turns:
            if centre not in standing.givers:
                accepted += _first_that_holds(_open(mine, standing), near, standing)
        if len(accepted) == before and not promise:
            asked = near.asked.all(standing.floor)
            asked.update(pd.Series({one.centre: one.asked_m2 for one in accepted}, dtype=float))
            return StructuralPlan(tuple(accepted), standing, asked, near)
        promise = len(accepted) > before


def _in_turn(rows: pd.DataFrame, ground: Ground) -> Iterator[tuple[str, list[Row]]]:
    """Yield centres with their wanted offers: the priority of the finding, then ids."""
    if rows.empty:
        return
    table = rows.assign(
        partner=None,
        defects=rows["defect"].astype(str),
        elders=rows["centre"].map(ground.around.elders).astype(float),
        cost_yuan=np.nan,
    )
    table = table.assign(turn=priorities(table)["priority"])
    order = pd.Series(np.arange(len(ground.defects)), index=ground.defects.index)
    table = table.assign(rank=table["defect"].map(order))
    first = table.groupby("centre")["turn"].min().sort_values()
    by_centre: dict[str, list[Row]] = {}
    for row in rows_of(table.sort_values(["rank", "place"])):
        by_centre.setdefault(str(row["centre"]), []).append(row)
    for centre in first.index:
        yield str(centre), by_centre[str(centre)]


def _open(mine: list[Row], standing: Standing) -> list[Row]:
    """Return the offers for findings that what is accepted has not cured already."""
    return [row for row in mine if not _made_good(row, standing)]


def _made_good(row: Row, standing: Standing) -> bool:
    """Return whether mates that moved have brought what a finding on their group lacks."""
    group = standing.floor.of(str(row["centre"]))
    if not row["by_group"] or group is None or row["need_m2"] is None:
        return False
    return standing.floor.gained(group) >= float(row["need_m2"]) - AREA_TOLERANCE_M2


def _first_that_holds(mine: list[Row], near: Nearby, standing: Standing) -> list[Accepted]:
    """Accept the first of a centre's offers that can be had, if any; the state has it then."""
    for row in mine:
        verdict = near.best(row, standing)
        if not verdict.cures:
            continue
        centre, kind = str(row["centre"]), str(row["kind"])
        asked = more = float("nan")
        if kind == "move":
            asked = near.asked.of(centre, standing.floor)
            more = standing.move(centre, str(verdict.partner), asked)
        else:
            standing.give_up(centre, kind, *([verdict.partner] if verdict.partner else []))
        group = standing.floor.of(centre)
        gained = 0.0 if group is None else standing.floor.gained(group)
        return [Accepted(centre, kind, verdict, gained, asked, more, str(row["defect"]))]
    return []
