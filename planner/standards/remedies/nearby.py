"""Which neighbours and sites each centre could go to, and how each such offer stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.assigning import assign_sites
from planner.standards.remedies.circles import near_pairs
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.moves import UPPER_FLOORS, SitesAsked
from planner.standards.remedies.needs import BUILDING_AREA
from planner.standards.remedies.standing import Standing, Verdict
from planner.tables import OPEN_STATUS

Row = dict[str, Any]

Known = Callable[[str, str, Verdict], Verdict]
"""How an offer (centre, kind, verdict) stands by what trials have told of it."""


def as_it_is(_centre: str, _kind: str, verdict: Verdict) -> Verdict:
    """Return an offer as it is: no trial has told anything."""
    return verdict


class Nearby:
    """What stands near the centres that might go.

    Parameters
    ----------
    ground
        What offers are made from.
    centres
        Those that might.
    known
        What trials have told of offers.
    """

    def __init__(self, ground: Ground, centres: list[str], known: Known) -> None:
        around = ground.around
        points = points_of(around.centres)
        own = points[points.index.isin(centres)]
        running = around.centres[around.centres["status"] == OPEN_STATUS]
        kinds = around.centres["centre_kind"]
        near = near_pairs(own, points.reindex(running.index), around.reach_m, ("centre", "other"))
        same = near["centre"].map(kinds).to_numpy() == near["other"].map(kinds).to_numpy()
        self.asked = SitesAsked(ground)
        sites = near_pairs(own, around.sites["geometry"], around.move_m, ("centre", "other"))
        self.neighbours = _by_centre(near[same])
        self._sites = _by_centre(sites)
        self._holds = {str(k): float(v) for k, v in around.sites["area_m2"].astype(float).items()}
        self._floor = {str(k): float(v) for k, v in around.sites["floor"].astype(float).items()}
        self._visit = {str(k): bool(v) for k, v in around.sites["to_visit"].astype(bool).items()}
        self.promised: dict[str, str] = {}
        self._known = known
        lacks = ground.defects[~ground.defects["optional"].astype(bool)]
        lacks = lacks[lacks["quantity"].isin(BUILDING_AREA)]
        self._lacking = set(lacks["centre"].astype(str))

    def _large(self, centre: str, standing: Standing) -> list[tuple[str, float]]:
        """Return the sites near a centre that hold what it would need by now."""
        asked = self.asked.of(centre, standing.floor)
        return [
            (site, metres)
            for site, metres in self._sites.get(centre, [])
            if self._holds[site] >= asked - AREA_TOLERANCE_M2
        ]

    def promise_sites(self, movers: list[str], standing: Standing) -> None:
        """Promise sites exactly to the centres that would move, where nobody loses his centre."""
        pairs = [
            (centre, site, True, 0.0, metres)
            for centre in movers
            for site, metres in self._large(centre, standing)
            if site not in standing.sites
            and self._known(centre, "move", standing.moving(centre, site, metres)).cures
        ]
        table = pd.DataFrame(
            pairs, columns=["centre", "site", "must", "stranded", "distance_m"]
        ).astype({"must": bool, "stranded": float, "distance_m": float})
        found = assign_sites(table)
        self.promised = dict(zip(found["centre"], found["site"], strict=True))

    def best(self, row: Row, standing: Standing) -> Verdict:
        """Return the best that a measure can do for a finding on a state."""
        centre, kind = str(row["centre"]), str(row["kind"])
        if kind == "close":
            return self._known(centre, kind, standing.closing(centre, row))
        if kind == "move":
            return self._move(row, standing)
        offers = [
            self._known(centre, kind, standing.merging(centre, other, row, metres))
            for other, metres in self.neighbours.get(centre, [])
            if other not in standing.givers
        ]
        return min(offers, key=self._rank, default=Verdict("ruled_out", "none_in_reach"))

    def _move(self, row: Row, standing: Standing) -> Verdict:
        centre, pending = str(row["centre"]), self.promised.get(str(row["centre"]))
        others = {site for one, site in self.promised.items() if one not in standing.givers}
        offers = [
            standing.moving(centre, site, metres)
            for site, metres in self._large(centre, standing)
            if site not in standing.sites and (site == pending or site not in others)
        ]
        offers = [self._known(centre, "move", self.fitting(one, row)) for one in offers]
        if pending is not None:
            offers = [one for one in offers if one.partner == pending and one.cures] or offers
        return min(offers, key=self._rank, default=Verdict("ruled_out", "no_site"))

    def _rank(self, verdict: Verdict) -> tuple[int, float, bool, float, str]:
        """Return by what the better of two offers is known.

        One that cures, the fewest beyond it, a partner that has area enough, the nearest.
        """
        if verdict.cures:
            place = 0
        elif verdict.certainty == "to_visit":
            place = 1
        else:
            place = 2 if verdict.reason in _TELLING else 3
        beyond = np.nan_to_num(verdict.elders_beyond) + np.nan_to_num(verdict.stranded)
        partner = str(verdict.partner)
        metres = float(np.nan_to_num(verdict.distance_m))
        return place, float(beyond), partner in self._lacking, metres, partner

    def fitting(self, verdict: Verdict, row: Row) -> Verdict:
        """Return a move with what the site's floor and unknown facts say of it."""
        site = str(verdict.partner)
        floor = self._floor.get(site, float("nan"))
        upper = row["quantity"] in UPPER_FLOORS
        if verdict.certainty == "ruled_out":
            return verdict
        if upper and floor > 1.0:
            return replace(verdict, certainty="ruled_out", reason="no_help")
        if self._visit.get(site, True):
            return replace(verdict, certainty="to_visit", reason="facts_unknown")
        if row["quantity"] in BUILDING_AREA or (upper and floor == 1.0):
            return verdict
        return replace(verdict, certainty="to_visit", reason="structure")


def _by_centre(pairs: pd.DataFrame) -> dict[str, list[tuple[str, float]]]:
    found: dict[str, list[tuple[str, float]]] = {}
    columns = (pairs["centre"], pairs["other"], pairs["distance_m"])
    for centre, other, metres in zip(*columns, strict=True):
        found.setdefault(str(centre), []).append((str(other), float(metres)))
    return found


_TELLING: Final = (
    "some_stranded", "unknown_stranded", "group_short", "tried_stays", "tried_worse",
)  # fmt: skip
"""Of several offers that are ruled out, those that say what would be lost are told first."""
