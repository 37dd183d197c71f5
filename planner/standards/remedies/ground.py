"""What offers are made from, and how an offer is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.area_units import AreaUnits
from planner.standards.remedies.changing import Changes
from planner.standards.remedies.surroundings import Surroundings

CERTAINTIES: Final = ("certain", "to_visit", "ruled_out")
"""From the most certain on. ``to_visit`` 待踏勘: it may work, but some fact must be seen on the
spot first."""

REASONS: Final = (
    "",
    "no_new_area",
    "no_surplus",
    "rooms_need_it",
    "given_already",
    "rooms_change",
    "no_room",
    "room_unknown",
    "none_in_reach",
    "promised_elsewhere",
    "facts_unknown",
    "structure",
    "together_unknown",
    "walks_unknown",
    "some_beyond",
    "some_stranded",
    "unknown_stranded",
    "group_short",
    "capacity_falls",
    "capacity_unknown",
    "receives",
    "area_unknown",
    "site_unknown",
    "no_site",
    "no_help",
    "alone_in_street",
    "decision",
    "use_unknown",
    "untried",
    "not_tried",
    "tried_stays",
    "tried_worse",
    "superseded",
)
"""Why a measure is ruled out or must be seen first; labels ``remedies.reason_…``."""

NO_CURE: Final = ("capacity_unknown", "capacity_falls", "not_tried")
"""Reasons for which a measure that changes the map is only an option until somebody has looked."""


@dataclass(frozen=True, eq=False)
class Ground:
    """All that offers are made from."""

    defects: pd.DataFrame
    judgement: Judgement
    around: Surroundings
    units: AreaUnits
    lots: pd.DataFrame
    changed: Changes


def told(
    rows: pd.DataFrame,
    available: Any,
    certainty: Any,
    reason: Any,
    partner: Any = None,
    **more: Any,
) -> pd.DataFrame:
    """Return offers with what is told of them; what is not given is missing."""
    blank: dict[str, Any] = {"distance_m": np.nan, "elders_beyond": np.nan, "stranded": np.nan}
    table = rows.assign(available=available, certainty=certainty, reason=reason, **(blank | more))
    named = pd.Series(partner, index=rows.index, dtype=object)
    return table.assign(partner=named.where(named.notna(), None))


def borne_at(rows: pd.DataFrame, ground: Ground) -> pd.Series:
    """Return the centre that makes each finding good: its own, but for a group's floor area."""
    bearer = ground.units.bearer.astype(object)
    return rows["defect"].map(bearer).astype(object).fillna(rows["centre"])
