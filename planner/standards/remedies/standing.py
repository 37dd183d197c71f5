"""What stands once some measures are accepted: whether a further one can be had, and taking it.

A measure that changes the map is judged on this state, never on today's alone: two centres that
each may close because of the other must not both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.judging.facts import capacity_column
from planner.standards.remedies.ground import NO_CURE, Ground
from planner.standards.remedies.held_floor import HeldFloor
from planner.standards.remedies.needs import BUILDING_AREA
from planner.standards.remedies.reach import Reach

NAN: Final = float("nan")


@dataclass(frozen=True)
class Verdict:
    """Whether a measure can be had on the state, and what it would do to people.

    Parameters
    ----------
    certainty, reason
        Of :mod:`planner.standards.remedies.ground`.
    partner
        The centre merged with, or the site.
    distance_m
        Air line to it.
    elders_beyond
        60+ of its circle who cannot walk to the partner.
    stranded
        60+ known to be left without any centre.
    places_lost
        Places fewer than before, every centre that stays being full.
    """

    certainty: str
    reason: str
    partner: str | None = None
    distance_m: float = NAN
    elders_beyond: float = NAN
    stranded: float = NAN
    places_lost: float = NAN

    @property
    def cures(self) -> bool:
        """Whether the measure may be chosen."""
        return self.certainty != "ruled_out" and self.reason not in NO_CURE


class Standing:
    """The state: who walks where, what groups hold, which places are given up.

    Parameters
    ----------
    ground
        What offers are made from.
    """

    def __init__(self, ground: Ground) -> None:
        facts = ground.judgement.facts
        circles = ground.around.circles
        self.reach = None if circles is None else Reach(circles)
        self.floor = HeldFloor(ground.around.groups, facts.reindex(columns=["group"])["group"])
        self._own = _numbers(facts, "building_area")
        self._places = _places(facts)
        self.givers: dict[str, str] = {}
        self.receivers: set[str] = set()
        self.sites: set[str] = set()

    # --- judging ---------------------------------------------------------------------------

    def closing(self, centre: str, row: dict[str, Any]) -> Verdict:
        """Judge closing a centre: nobody loses his, its group holds enough, no place is lost."""
        fault = self._bound(centre)
        if fault or self.reach is None:
            return Verdict("ruled_out", fault or "walks_unknown")
        told = self._given_up(centre)
        if row["by_group"] and self.floor.of(centre) is not None and told.cures:
            # What a group lacks is not less for having less.
            return replace(told, certainty="ruled_out", reason="group_short")
        if told.certainty == "certain":
            return replace(told, certainty="to_visit", reason="decision")
        return told

    def moving(self, centre: str, site: str, distance_m: float) -> Verdict:
        """Judge moving a centre to a site: nobody may lose his centre by it."""
        where: dict[str, Any] = {"partner": site, "distance_m": distance_m}
        fault = self._bound(centre)
        if fault or self.reach is None or not self.reach.knows(site):
            return Verdict("ruled_out", fault or "walks_unknown", **where)
        lost = self.reach.people(self.reach.lost_by_move(centre, site))
        where |= {"elders_beyond": self.reach.beyond(centre, site), "stranded": lost[0]}
        if any(lost):
            return Verdict("ruled_out", _stranding(lost), **where)
        return Verdict("certain", "", **where)

    def merging(self, centre: str, other: str, row: dict[str, Any], distance_m: float) -> Verdict:
        """Judge giving up a centre for a near one, which takes its elders.

        Its rooms go with it: a merger makes no floor area, and what a service group lacks it never
        cures.
        """
        where: dict[str, Any] = {"partner": other, "distance_m": distance_m}
        if row["by_group"] or row["quantity"] not in BUILDING_AREA:
            return Verdict("ruled_out", "no_help")
        fault = self._bound(centre)
        if fault or self.reach is None or not self.reach.knows_centre(other):
            return Verdict("ruled_out", fault or "walks_unknown", **where)
        beyond = self.reach.beyond(centre, other)
        told = replace(self._given_up(centre), **where, elders_beyond=beyond)
        if told.certainty == "certain" and beyond > 0.0:
            return replace(told, certainty="to_visit", reason="some_beyond")
        return told

    def _bound(self, centre: str) -> str:
        """Return why a centre may neither move nor close nor be merged; empty where it may."""
        if centre in self.givers:
            return "superseded"
        if centre in self.receivers:
            return "receives"
        known = self.reach is not None and self.reach.knows_centre(centre)
        return "" if known else "walks_unknown"

    def _given_up(self, centre: str) -> Verdict:
        """Judge doing without a centre, its rooms and its places."""
        reach = self._known_reach()
        lost = reach.people(reach.lost_without(centre))
        if any(lost):
            return Verdict("ruled_out", _stranding(lost), stranded=lost[0])
        group = self.floor.of(centre)
        if group is not None:
            spare = self.floor.spare(group, change_m2=-self._own.get(centre, NAN))
            if np.isnan(spare):
                return Verdict("ruled_out", "together_unknown", stranded=0.0)
            if spare < -AREA_TOLERANCE_M2:
                return Verdict("ruled_out", "group_short", stranded=0.0)
        # Who uses a centre is in no ledger: each that stays counts as full, so that every place
        # given up is a place less.
        places = self._places.get(centre, NAN)
        if np.isnan(places):
            return Verdict("to_visit", "capacity_unknown", stranded=0.0)
        if places > 0.0:
            return Verdict("to_visit", "capacity_falls", stranded=0.0, places_lost=places)
        return Verdict("certain", "", stranded=0.0)

    # --- accepting -------------------------------------------------------------------------

    def give_up(self, centre: str, kind: str, *partner: str) -> None:
        """Close a centre, or merge it into a partner: those on whom its elders rely stay."""
        reach = self._known_reach()
        self.receivers |= {*reach.relied_on(centre, *partner)}
        reach.close(centre)
        self.givers[centre] = kind
        self.floor.add(centre, -self._own.get(centre, NAN))

    def move(self, centre: str, site: str, asked_m2: float) -> float:
        """Take a centre to a site where it has so much building area; return how much more."""
        self._known_reach().move(centre, site)
        self.givers[centre] = "move"
        self.sites.add(site)
        more = asked_m2 - self._own.get(centre, NAN)
        if not np.isnan(more):
            self.floor.add(centre, more)
        return more

    def _known_reach(self) -> Reach:
        if self.reach is None:
            text = "nothing closes, merges or moves where nobody has walked"
            raise ValueError(text)
        return self.reach


def _stranding(lost: tuple[float, int]) -> str:
    return "some_stranded" if lost[0] > 0.0 else "unknown_stranded"


def _numbers(facts: pd.DataFrame, column: str) -> dict[str, float]:
    values = facts.reindex(columns=[column])[column].astype(float)
    return {str(one): float(value) for one, value in values.items()}


def _places(facts: pd.DataFrame) -> dict[str, float]:
    """Return the places of each centre in the unit of its kind: day places, or beds."""
    known = facts.reindex(columns=["capacity_persons", "beds"]).astype(float)
    beds = capacity_column(facts["centre_kind"]) == "beds"
    places = np.where(beds, known["beds"], known["capacity_persons"])
    return dict(zip((str(one) for one in facts.index), places.tolist(), strict=True))
