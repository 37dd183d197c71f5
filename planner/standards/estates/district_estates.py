"""What the estates of a district owe together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class DistrictEstates:
    """Totals over estates; a surplus of one never hides what another is short of.

    Parameters
    ----------
    estates
        Estates in the ledger.
    without_rule
        Estates of whose care area no clause speaks.
    meeting, short, unknown
        Estates whose care area meets, is short, or is not known: with those without a rule, all.
    required_m2, delivered_m2
        Sums over the estates that meet or are short.
    short_m2
        Sum of max(0, required - delivered) over the same.
    short_now_m2, short_later_m2, short_unknown_m2
        The same where the housing is handed over, is not yet, or where nobody knows: together
        ``short_m2``.
    short_at_least
        Estates whose shortfall is a lower bound.
    derived, to_check
        Estates in ``delivered_m2`` whose area is converted from another kind (推算), or of no
        stated kind (口径待核对).
    unknown_required_m2, unknown_delivered_m2
        What is known of the others' areas; in no other sum. Delivered: building area alone.
    kind_unknown
        Estates that delivered ground area, or inner or use area that no book converts: no floor
        that could be added to building area, and in ``unknown_delivered_m2`` never.
    unknown_if_new_m2, unknown_if_built_m2
        What those estates would owe whose age alone is not told, if all were new, or already built.
    """

    estates: int
    without_rule: int
    meeting: int
    short: int
    unknown: int
    required_m2: float
    delivered_m2: float
    short_m2: float
    short_now_m2: float
    short_later_m2: float
    short_unknown_m2: float
    short_at_least: int
    derived: int
    to_check: int
    unknown_required_m2: float
    unknown_delivered_m2: float
    kind_unknown: int
    unknown_if_new_m2: float
    unknown_if_built_m2: float

    @classmethod
    def of(cls, owed: pd.DataFrame) -> DistrictEstates:
        """Return the totals of a table of estates.

        Parameters
        ----------
        owed
            :attr:`planner.standards.estates.required.EstatesOwed.estates`.
        """
        result = owed["result"]
        short = result.isin(["short", "remark"])
        known, unknown = owed[short | (result == "meets")], owed[result == "unknown"]
        missing = known["short_m2"].fillna(0.0)
        by_due: dict[Any, float] = missing.groupby(known["due"]).sum().to_dict()
        ageless = unknown[unknown["reason"] == "condition_unknown"]
        return cls(
            estates=len(owed),
            without_rule=int(result.isna().sum()),
            meeting=int((result == "meets").sum()),
            short=int(short.sum()),
            unknown=len(unknown),
            required_m2=float(known["required_m2"].sum()),
            delivered_m2=float(known["delivered_m2"].sum()),
            short_m2=float(missing.sum()),
            short_now_m2=float(by_due.get("now", 0.0)),
            short_later_m2=float(by_due.get("later", 0.0)),
            short_unknown_m2=float(by_due.get("unknown", 0.0)),
            short_at_least=int(known["short_at_least"].sum()),
            derived=int((known["note"] == "derived").sum()),
            to_check=int((known["note"] == "kind_to_check").sum()),
            unknown_required_m2=float(unknown["required_m2"].sum()),
            unknown_delivered_m2=float(unknown["building_m2"].sum()),
            kind_unknown=int(owed["kind_unknown"].sum()),
            unknown_if_new_m2=float(ageless["required_new_m2"].sum()),
            unknown_if_built_m2=float(ageless["required_built_m2"].sum()),
        )
