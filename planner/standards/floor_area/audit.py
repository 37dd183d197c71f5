"""The floor-area audit: a finding for each centre, each service group, and the district."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from planner import tables
from planner.coverage.serving import operating
from planner.standards.floor_area.centre_table import centre_table
from planner.standards.floor_area.district_area import DistrictFloorArea, district_floor_area
from planner.standards.floor_area.group_area import group_areas, village_table
from planner.standards.floor_area.held import building_areas, counted_areas
from planner.standards.floor_area.required import SmallGroups
from planner.standards.floor_area.rooms import rooms_found
from planner.standards.floor_area.service_groups import (
    SERVED,
    Served,
    ServiceGroups,
    check_served,
    service_groups,
)
from planner.standards.rulebooks.books import DEFAULT_BOOK, classed_book
from planner.standards.rulebooks.clauses import RuleBook


@dataclass(frozen=True, eq=False)
class FloorAreaAudit:
    """What the audit found; how it was made is ``book`` and the project's choices.

    Parameters
    ----------
    book
        The rule book.
    small_groups
        The project's choice for groups below the least class, to be named beside every figure.
    centres
        One row for each centre of the ledger, in the caller's order; columns in
        :func:`audit_floor_area`.
    groups
        :func:`planner.standards.floor_area.group_area.group_areas`. Sum these, never ``centres``:
        a group of two centres stands in two rows there.
    villages
        :func:`planner.standards.floor_area.group_area.village_table`.
    district
        The district's totals.
    service_groups
        The partition behind it, with what the ledgers' lists name in vain.
    served, per_elder_decides
        The project's choices of whose elders a centre answers for, and of the figure that
        decides, to be named beside every figure.
    beside
        The same audit by the other of :data:`planner.standards.floor_area.service_groups.SERVED`,
        to be shown beside this one; ``None`` in that one.
    """

    book: RuleBook
    small_groups: SmallGroups
    centres: pd.DataFrame
    groups: pd.DataFrame
    villages: pd.DataFrame
    district: DistrictFloorArea
    service_groups: ServiceGroups
    served: Served = "ledger"
    per_elder_decides: bool = False
    beside: FloorAreaAudit | None = None

    @property
    def by_served(self) -> dict[Served, FloorAreaAudit]:
        """Both readings, ``ledger`` before ``walk``; one alone where nothing stands beside it."""
        both = {self.served: self} | (
            {} if self.beside is None else {self.beside.served: self.beside}
        )
        return {served: both[served] for served in SERVED if served in both}


def audit_floor_area(
    centres: pd.DataFrame,
    communities: pd.DataFrame,
    community_centre: pd.Series,
    *,
    book: str | RuleBook = DEFAULT_BOOK,
    small_groups: SmallGroups = "pro_rata",
    served: Served = "ledger",
    per_elder_decides: bool = False,
    middles: pd.DataFrame | None = None,
    neighbour_walks: pd.DataFrame | None = None,
    beside: bool = True,
) -> FloorAreaAudit:
    """Hold every day-care centre's floor area against the standard.

    The standard speaks of the community that a centre serves, so that the finding is the service
    group's: required by its people, held by all its operating centres together. Each of these
    centres carries its group's finding; the district sums groups, so that nobody and no square
    metre is counted twice.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table: all kinds and statuses. Geometry is not needed.
    communities
        A :data:`planner.tables.COMMUNITIES` table. Its outlines are needed only for
        ``join_nearest`` without ``middles``.
    community_centre
        Centre id by community id, missing where nobody reaches one, computed from the operating
        centres of the book's kinds alone.
    book
        Name of a shipped rule book, or a book.
    small_groups, served, middles, neighbour_walks
        As for :func:`planner.standards.floor_area.service_groups.service_groups`.
    per_elder_decides
        As for :func:`planner.standards.floor_area.required.required_floor_areas`.
    beside
        Whether to audit by the other reading of whom a centre serves, too.

    Returns
    -------
    FloorAreaAudit
        Its ``centres`` has: ``name, centre_kind, status, street, community``; the ledger's
        ``area_m2, area_kind, shared_m2, floor``; ``building_m2, shared_building_m2, area_note``
        (:func:`planner.standards.floor_area.held.building_areas`), ``counted_m2`` (with which it
        counts in its group; NaN unless it operates), ``area_to_check``; ``group``,
        ``serves_villages``,
        ``serves_communities, serves_names, population, elderly_60, centre_class, reading``,
        ``centres_in_group, group_needs_more_centres, group_required_m2, group_held_m2,
        group_shortfall_m2, group_shortfall_share`` (of the required), ``group_per_elder_area_m2,
        group_per_elder_difference_m2`` (held less recommended); ``rooms_present,
        rooms_lacking, rooms_other`` (remarks; missing for other kinds), ``below_ground``;
        ``result`` (``meets``, ``short``, ``unknown``, ``not_applicable``), ``reason``
        (:data:`.centre_table.REASONS`); ``clause, force, mark`` of the area that decides. The same
        audit by the other reading of whom a centre serves stands ``beside``, if asked for.

    Raises
    ------
    TableError
        If a table breaks its promises, or ``community_centre`` does not fit them.
    RuleBookError
        If there is no such book, or it has no classes.
    """
    rules = classed_book(book)
    check_served(served)
    tables.check(tables.CENTRES, centres, geometry=False)
    tables.check(tables.COMMUNITIES, communities, geometry=False)
    areas = building_areas(centres, book=rules)
    open_ = operating(centres, rules.applies_to)
    counted = counted_areas(open_, areas.loc[open_.index])
    areas = areas.assign(counted_m2=counted.reindex(centres.index))
    rooms = rooms_found(centres[centres["centre_kind"].isin(rules.applies_to)], book=rules)
    by_served = {
        one: _audited(
            centres,
            communities,
            areas,
            rooms,
            service_groups(
                communities,
                centres,
                community_centre,
                book=rules,
                small_groups=small_groups,
                served=one,
                middles=middles,
                neighbour_walks=neighbour_walks,
            ),
            rules,
            per_elder_decides=per_elder_decides,
        )
        for one in SERVED
        if beside or one == served
    }
    chosen = by_served.pop(served)
    return replace(chosen, beside=next(iter(by_served.values()), None))


def _audited(
    centres: pd.DataFrame,
    communities: pd.DataFrame,
    areas: pd.DataFrame,
    rooms: pd.DataFrame,
    groups: ServiceGroups,
    book: RuleBook,
    *,
    per_elder_decides: bool,
) -> FloorAreaAudit:
    """Return the audit by one partition into service groups, with nothing beside it."""
    of_open = areas.loc[operating(centres, book.applies_to).index]
    group_table = group_areas(
        communities, groups, of_open, book=book, per_elder_decides=per_elder_decides
    )
    table = centre_table(
        centres, areas, groups, group_table, rooms, book, per_elder_decides=per_elder_decides
    )
    return FloorAreaAudit(
        book=book,
        small_groups=groups.small_groups,
        centres=table,
        groups=group_table,
        villages=village_table(communities, groups),
        district=district_floor_area(table, group_table, communities, book=book),
        service_groups=groups,
        served=groups.served,
        per_elder_decides=per_elder_decides,
    )
