"""What a site must hold for a centre to move to it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.standards.remedies.allotting import unit_needs
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.held_floor import HeldFloor
from planner.standards.remedies.needs import BUILDING_AREA, USE_AREA

UPPER_FLOORS: Final = ("floor", "lift", "lift_or_ramp")
"""Quantities that a site on the first floor settles."""


class SitesAsked:
    """Building area that a site must hold for a centre, on what then stands.

    What it has, and the greater of what it lacks itself and what its service group still lacks:
    once a mate has moved, the group lacks the less.

    Parameters
    ----------
    ground
        What offers are made from.
    """

    def __init__(self, ground: Ground) -> None:
        defects = ground.defects[ground.defects["is_area"] & ~ground.defects["optional"]]
        per_use = ground.units.building_per_use
        made = defects[defects["quantity"].isin((*BUILDING_AREA, *USE_AREA))]
        facts = ground.judgement.facts.reindex(columns=["building_area", "group"])
        # A centre of no known group lacks by itself what its group's clause asks.
        grouped = made["centre"].map(facts["group"]).notna().to_numpy()
        shared = made["by_group"].astype(bool).to_numpy() & grouped
        self._own = facts["building_area"].astype(float)
        self._alone, self._shared = (
            unit_needs(part, part["centre"], per_use).reindex(self._own.index).fillna(0.0)
            for part in (made[~shared], made[shared])
        )

    def of(self, centre: str, floor: HeldFloor) -> float:
        """Return the area for one centre; NaN where nobody knows."""
        if centre not in self._own.index:
            return float("nan")
        group = floor.of(centre)
        gained = 0.0 if group is None else floor.gained(group)
        shared = float(self._shared[centre]) - gained if self._shared[centre] > 0.0 else 0.0
        return float(self._own[centre]) + max(float(self._alone[centre]), shared)

    def all(self, floor: HeldFloor) -> pd.Series:
        """Return the area for every centre, by id."""
        names = list(self._own.index)
        return pd.Series([self.of(str(one), floor) for one in names], names, dtype=float)
