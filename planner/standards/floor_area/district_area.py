"""The district's floor area: what is required, held and short, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from planner import tables, units
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import LIST_MARK

CIXI_PER_100_ELDERS_M2: Final = 31.0
"""慈溪市民政局, 2023-06-29: 85,944 m² of 居家养老服务中心用房, 31 m² per 100 elders. It does not
state its denominator (the two figures imply 277,239 elders); W1."""

ELDERS_PER_RATIO: Final = 100.0


@dataclass(frozen=True)
class DistrictFloorArea:
    """Totals over service groups; ``required - held + surplus = shortfall`` for the known ones.

    Parameters
    ----------
    groups, groups_known
        Number of groups; of those whose required and held area are both known.
    groups_short, groups_without_centre, groups_needing_more_centres
        Known groups that are short; groups that no operating centre answers for; groups with
        fewer centres than they need.
    required_m2, held_m2, surplus_m2, shortfall_m2
        Sums over the known groups. The shortfall is the sum of max(0, required - held): a
        surplus here never hides a deficit there.
    unknown_groups, unknown_communities, unknown_elderly_60
        The groups that are not known, their communities and elders (``None`` where those of a
        community are not known).
    unknown_required_m2, unknown_held_m2
        What is known of those groups' areas. In no other sum but ``all_held_m2``.
    villages, villages_elderly_60
        Villages (村), which have no class in the book, and their elders (``None`` where those of
        one are not known).
    unassigned_centres, unassigned_m2
        Operating centres of the book's kinds that answer for no community or village.
    all_held_m2
        Known building area of all operating centres of the book's kinds, shared rooms once:
        those of groups, of villages, and the unassigned.
    all_elderly_60
        All persons aged 60+ in the ledger's communities and villages; ``None`` where those of one
        are not known: missing, or 0, for among people there are elders.
    elders_unknown
        Communities and villages of which that is so.
    per_100_elders_m2
        ``100 * all_held_m2 / all_elderly_60``; ``None`` without elders, and
        where their number is not known. Beside it stands
        :data:`CIXI_PER_100_ELDERS_M2`.
    centres, centres_open
        Facilities of every kind in the ledger; of those, operating.
    day_care, day_care_open
        Facilities of the book's kinds; of those, operating.
    below_area, meeting, unknown_result
        Operating centres of the book's kinds whose group is short, meets, or is not known.
    unknown_area
        Operating centres of the book's kinds whose own building area is unknown.
    """

    groups: int
    groups_known: int
    groups_short: int
    groups_without_centre: int
    groups_needing_more_centres: int
    required_m2: float
    held_m2: float
    surplus_m2: float
    shortfall_m2: float
    unknown_groups: int
    unknown_communities: int
    unknown_elderly_60: float | None
    unknown_required_m2: float
    unknown_held_m2: float
    villages: int
    villages_elderly_60: float | None
    unassigned_centres: int
    unassigned_m2: float
    all_held_m2: float
    all_elderly_60: float | None
    elders_unknown: int
    per_100_elders_m2: float | None
    centres: int
    centres_open: int
    day_care: int
    day_care_open: int
    below_area: int
    meeting: int
    unknown_result: int
    unknown_area: int


def _whole_sum(figures: pd.Series) -> float | None:
    """Return the sum, or ``None`` where a part of it is not known: a missing figure is no 0."""
    return None if figures.isna().any() else float(figures.sum())


def district_floor_area(
    centres: pd.DataFrame, groups: pd.DataFrame, communities: pd.DataFrame, *, book: RuleBook
) -> DistrictFloorArea:
    """Sum up an audit.

    Parameters
    ----------
    centres, groups
        The tables of :class:`planner.standards.floor_area.audit.FloorAreaAudit`.
    communities
        The communities and villages.
    book
        The rule book.
    """
    known = groups[groups["result"] != "unknown"]
    unknown = groups[groups["result"] == "unknown"]
    villages = communities[communities["community_kind"] == "村"]
    of_book = centres[centres["centre_kind"].isin(book.applies_to)].sort_index()
    open_ = of_book[of_book["status"] == tables.OPEN_STATUS]
    unassigned = open_[open_["reason"] == "serves_no_community"]
    all_held = float(open_["counted_m2"].sum())
    elders = communities["elderly_60"].astype(float).sort_index()
    elders = elders.where(elders > 0)
    all_elders = _whole_sum(elders)
    ratio = None if all_elders is None else units.share(ELDERS_PER_RATIO * all_held, all_elders)
    unknown_members = unknown["communities"].str.split(LIST_MARK).explode()
    return DistrictFloorArea(
        groups=len(groups),
        groups_known=len(known),
        groups_short=int((known["result"] == "short").sum()),
        groups_without_centre=int((groups["centre_count"] == 0).sum()),
        groups_needing_more_centres=int(groups["needs_more_centres"].sum()),
        required_m2=float(known["required_m2"].sum()),
        held_m2=float(known["held_m2"].sum()),
        surplus_m2=float(known["surplus_m2"].sum()),
        shortfall_m2=float(known["shortfall_m2"].sum()),
        unknown_groups=len(unknown),
        unknown_communities=len(unknown_members),
        unknown_elderly_60=_whole_sum(elders.reindex(unknown_members)),
        unknown_required_m2=float(unknown["required_m2"].sum()),
        unknown_held_m2=float(unknown["held_known_m2"].sum()),
        villages=len(villages),
        villages_elderly_60=_whole_sum(elders.reindex(villages.index)),
        unassigned_centres=len(unassigned),
        unassigned_m2=float(unassigned["counted_m2"].sum()),
        all_held_m2=all_held,
        all_elderly_60=all_elders,
        elders_unknown=int(elders.isna().sum()),
        per_100_elders_m2=ratio,
        centres=len(centres),
        centres_open=int((centres["status"] == tables.OPEN_STATUS).sum()),
        day_care=len(of_book),
        day_care_open=len(open_),
        below_area=int((open_["result"] == "short").sum()),
        meeting=int((open_["result"] == "meets").sum()),
        unknown_result=int((open_["result"] == "unknown").sum()),
        unknown_area=int(open_["building_m2"].isna().sum()),
    )
