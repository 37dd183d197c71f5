"""Which findings the accepted mergers, moves and closings cure, and how the others are told."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.standing import Verdict
from planner.standards.remedies.structural import Accepted, StructuralPlan
from planner.standards.rulebooks.wording import rows_of

OF_CIRCLES: Final = ("service_radius", "walked_radius", "walked_minutes")
"""Quantities of how far a centre is from those whom it answers for: none of its building."""

LAST_PLACE: Final = 99
"""The place of a measure that a clause does not name."""


def cured_rows(plan: StructuralPlan, ground: Ground, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that accepted measures cure, a row each.

    What the building of a centre that gives up its place is found short of is gone with it; how far
    it is from its people is not, and the floor area of its service group never is: its rooms go.
    Where a new place holds what the group lacks, the findings of all its centres on that area are
    cured, by the first move that does.

    Parameters
    ----------
    plan
        What is accepted.
    ground
        What offers are made from.
    rows
        :func:`planner.standards.remedies.options.listed_measures`, of measures that change the map.

    Returns
    -------
    DataFrame
        Rows of cures: ``part`` is the whole need.
    """
    named = {(str(d), str(k)): int(p) for d, k, p in rows[["defect", "kind", "place"]].to_numpy()}
    by = _Curing(plan)
    defects = ground.defects.rename_axis("defect").reset_index()
    cured = []
    for row in rows_of(defects):
        one = by.measure(row)
        if one is None:
            continue
        verdict = by.told(one, row, named=(str(row["defect"]), one.kind) in named)
        place = named.get((str(row["defect"]), one.kind), LAST_PLACE)
        cured.append((row["defect"], one.kind, place, one.centre, verdict))
    table = defects.set_index("defect").loc[[name for name, *_ in cured]].reset_index()
    known = table["is_area"].astype(bool) & table["need_m2"].notna()
    need = table["need_m2"].astype(float).where(known, 1.0)
    return _with_verdicts(
        table.assign(
            kind=pd.Series([kind for _, kind, *_ in cured], dtype=object),
            place=pd.Series([place for _, _, place, *_ in cured], dtype=int),
            need=need,
            known_m2=known,
            borne_by=pd.Series([centre for *_, centre, _ in cured], dtype=object),
            part=need,
            chosen=True,
        ),
        [verdict for *_, verdict in cured],
    )


def told_rows(plan: StructuralPlan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return offers that were not accepted, as they stand on the state at last.

    Parameters
    ----------
    plan
        What is accepted.
    rows
        :func:`planner.standards.remedies.options.listed_measures`, of measures that change the map.
    """
    table = rows.reset_index(drop=True)
    verdicts = [plan.verdict(row) for row in rows_of(table)]
    return _with_verdicts(
        table.assign(borne_by=table["centre"].astype(object), part=0.0, chosen=False), verdicts
    )


def _with_verdicts(table: pd.DataFrame, verdicts: list[Verdict]) -> pd.DataFrame:
    cures = np.array([one.cures for one in verdicts], dtype=bool)
    return table.assign(
        partner=pd.Series([one.partner for one in verdicts], index=table.index, dtype=object),
        available=table["need"].where(cures, 0.0).astype(float),
        certainty=pd.Series([one.certainty for one in verdicts], index=table.index, dtype=object),
        reason=pd.Series([one.reason for one in verdicts], index=table.index, dtype=object),
        **{
            name: pd.Series([getattr(one, name) for one in verdicts], table.index, dtype=float)
            for name in ("distance_m", "elders_beyond", "stranded", "places_lost")
        },
    )


class _Curing:
    """Which accepted measure cures which finding."""

    def __init__(self, plan: StructuralPlan) -> None:
        self._plan, self._floor = plan, plan.standing.floor
        self._own = {one.centre: one for one in plan.accepted}
        self._movers: dict[str, list[Accepted]] = {}
        for one in plan.accepted:
            group = self._floor.of(one.centre)
            if one.kind == "move" and group is not None:
                self._movers.setdefault(group, []).append(one)

    def measure(self, row: dict[str, Any]) -> Accepted | None:
        """Return the measure that cures a finding; ``None`` where none does."""
        own = self._own.get(str(row["centre"]))
        group = self._floor.of(str(row["centre"]))
        if row["by_group"] and not row["optional"] and group is not None:
            return self._of_group(row, group)
        if own is None or own.kind == "move":
            return own
        # Those whom its circle did not reach are no nearer to a centre once it is gone.
        stays = row["quantity"] in OF_CIRCLES or (row["by_group"] and own.kind == "merge")
        return None if stays else own

    def told(self, one: Accepted, row: dict[str, Any], *, named: bool) -> Verdict:
        """Return how sure a measure is for a finding: a new place must be fitted for most."""
        if one.kind != "move":
            return one.verdict
        return self._plan.fitting(one.verdict, row, named=named)

    def _of_group(self, row: dict[str, Any], group: str) -> Accepted | None:
        """Return the move with which a group has gained what it lacks, if it keeps it."""
        movers = self._movers.get(group, [])
        if row["need_m2"] is None or not movers:
            return None
        enough = float(row["need_m2"]) - AREA_TOLERANCE_M2
        if self._floor.gained(group) < enough:
            return None
        return next((one for one in movers if one.gained >= enough), movers[-1])
