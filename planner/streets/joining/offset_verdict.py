"""What a check of points against the ground found: where they sit, and by what slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.labels import Message, message

AS_DECLARED: Final = "as_declared"
SWAPPED: Final = "swapped"
ZONES: Final = {"zone_3_west": -3.0, "zone_3_east": 3.0, "zone_6_west": -6.0, "zone_6_east": 6.0}
"""Metres read in a zone beside their own: the same place, so many degrees of longitude off."""

SHIFTED: Final = "shifted"
CANNOT_TELL: Final = "cannot_tell"
TOO_FEW: Final = "too_few"

HYPOTHESIS_COLUMNS: Final = (
    "shift_m",
    "median_m",
    "near_score",
    "pattern_score",
    "near_share",
    "inside_share",
)
"""What is told of each place that was tried."""


@dataclass(frozen=True)
class DatumOffset:
    """Where a ledger's points sit, set against the streets or the district.

    Parameters
    ----------
    verdict
        ``as_declared``: they fit where they lie; ``wgs84``, ``gcj02`` or ``bd09``: they are really
        of that datum; ``swapped``: longitude and latitude are exchanged; ``zone_3_west`` and kin:
        their metres were read in a zone that lies so many degrees off; ``shifted``: they fit
        elsewhere, for no known reason; ``cannot_tell``: they fit nowhere better than anywhere;
        ``too_few``: there are too few points to tell.
    declared
        The datum declared.
    points
        Different places among the points, of which at most 200 were looked at.
    east_m, north_m
        How far the points sit east and north of where they belong (medians); 0 where nothing is
        found.
    score
        Spreads by which the place named stands out; NaN where the map or the outline alone told.
    hypotheses
        One row for each place tried, index = its name: ``shift_m`` (median distance from where
        they lie as declared), ``median_m`` (to the nearest street; 81 where more than 80),
        ``near_score``, ``pattern_score``, ``near_share`` (within 500 m of a street),
        ``inside_share`` (in the district). NaN where not looked at.
    """

    verdict: str
    declared: str
    points: int
    east_m: float
    north_m: float
    score: float
    hypotheses: pd.DataFrame

    @property
    def shift_m(self) -> float:
        """How far the points sit from where they belong, in metres."""
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def is_doubtful(self) -> bool:
        """Whether the points belong elsewhere than where they lie as declared."""
        return self.verdict not in (AS_DECLARED, CANNOT_TELL, TOO_FEW)

    def message(self, file: str, section: str) -> Message | None:
        """Return what a planner is to be told, or ``None`` where nothing is wrong.

        Parameters
        ----------
        file, section
            The ledger's file, and its section of ``project.toml``.
        """
        if not self.is_doubtful:
            return None
        kind = "zone" if self.verdict in ZONES else self.verdict
        return message(
            f"datum.offset_{kind}",
            file=file,
            section=section,
            declared=self.declared,
            points=self.points,
            shift_m=round(self.shift_m, -1),
            east_m=round(self.east_m),
            north_m=round(self.north_m),
        )
