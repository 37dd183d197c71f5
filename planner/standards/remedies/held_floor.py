"""What service groups hold and lack of floor area while centres move and are given up."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd


class HeldFloor:
    """Floor area of service groups, measure after measure.

    Parameters
    ----------
    groups
        By group: ``required_m2, held_m2``.
    group
        Group of each centre, by centre id; missing where it is of none.
    """

    def __init__(self, groups: pd.DataFrame, group: pd.Series) -> None:
        self._of = {str(one): str(name) for one, name in group.dropna().items()}
        figures = groups.reindex(columns=["required_m2", "held_m2"]).astype(float)
        spare = figures["held_m2"] - figures["required_m2"]
        self._spare = {str(name): float(m2) for name, m2 in spare.items()}
        self._gained: dict[str, float] = defaultdict(float)

    def of(self, centre: str) -> str | None:
        """Return the group that a centre answers for; ``None`` where it is of none."""
        return self._of.get(centre)

    def spare(self, group: str, *, change_m2: float = 0.0) -> float:
        """Return held less required; NaN where that is not known.

        Parameters
        ----------
        group
            The group.
        change_m2
            What is to be added to the area held.
        """
        return self._spare.get(group, float("nan")) + self.gained(group) + change_m2

    def gained(self, group: str) -> float:
        """Return the area that accepted measures have added to a group, less what they took."""
        return self._gained.get(group, 0.0)

    def add(self, centre: str, change_m2: float) -> None:
        """Add to what the group of a centre holds, or take off."""
        group = self.of(centre)
        if group is not None:
            self._gained[group] += change_m2
