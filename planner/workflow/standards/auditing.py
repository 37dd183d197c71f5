"""The floor-area audit of one plan, as today and as the years planned for ask for it."""

from __future__ import annotations

import pandas as pd

from planner.coverage.community_centre import community_centre, community_middles
from planner.coverage.walking import Coverage
from planner.scenario.questions import StandardSettings
from planner.standards.floor_area.audit import FloorAreaAudit, audit_floor_area
from planner.standards.rulebooks.clauses import RuleBook


def audited(
    centres: pd.DataFrame,
    communities: pd.DataFrame,
    walked: Coverage,
    book: RuleBook,
    settings: StandardSettings,
    neighbours: pd.DataFrame | None = None,
    *,
    beside: bool = True,
) -> FloorAreaAudit:
    """Hold the floor area of centres against the standard.

    Parameters
    ----------
    centres
        All centres of the ledger, with their status.
    communities
        The communities, with their people.
    walked
        Who walks to the nearest operating centre of the book's own kinds: the standard's groups
        follow the centres that it speaks of, whatever the circle is drawn around.
    book
        The rule book.
    settings
        The project's choices: how groups below the least class are read, whose elders a centre
        answers for, and whether the area per elder decides.
    neighbours
        Walks between communities, by which small groups are joined
        (:func:`planner.workflow.standards.provision_neighbours.neighbour_walks`).

    beside
        Whether to audit by the other reading of whom a centre serves, too.

    Raises
    ------
    TableError
        If a table breaks its promises.
    """
    return audit_floor_area(
        centres,
        communities,
        community_centre(walked, communities),
        book=book,
        small_groups=settings.small_groups,
        served=settings.served,
        per_elder_decides=settings.per_elder_decides,
        middles=community_middles(walked.residents, communities),
        neighbour_walks=neighbours,
        beside=beside,
    )
