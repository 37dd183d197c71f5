"""The finding of each centre: its own facts beside what its service group requires and holds."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner import tables
from planner.standards.floor_area.held import TO_CHECK_NOTES
from planner.standards.floor_area.required import clauses_used
from planner.standards.floor_area.service_groups import ServiceGroups
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.vocabulary import CLASS_AREA, PER_ELDER

REASONS: Final = (
    "",
    "other_kind",
    "not_operating",
    "serves_villages_only",
    "serves_no_community",
    "population_unknown",
    "elders_unknown",
    "area_unknown",
    "neighbour_area_unknown",
)
"""Why a centre's result is not a plain meets or short; labels ``standards.reason_…``."""

_GROUP_COLUMNS: Final = {
    "communities": "serves_communities",
    "community_names": "serves_names",
    "population": "population",
    "elderly_60": "elderly_60",
    "centre_class": "centre_class",
    "reading": "reading",
    "centre_count": "centres_in_group",
    "needs_more_centres": "group_needs_more_centres",
    "required_m2": "group_required_m2",
    "held_m2": "group_held_m2",
    "shortfall_m2": "group_shortfall_m2",
    "shortfall_share": "group_shortfall_share",
    "per_elder_area_m2": "group_per_elder_area_m2",
}


def _reasons(table: pd.DataFrame, book: RuleBook) -> np.ndarray:
    """Return why each centre has no plain result; the first reason that holds."""
    group = table["group"].notna()
    unknown_required = group & table["group_required_m2"].isna()
    conditions = [
        ~table["centre_kind"].isin(book.applies_to),
        table["status"] != tables.OPEN_STATUS,
        ~group & table["serves_villages"].notna(),
        ~group,
        table["building_m2"].isna(),
        unknown_required & table["population"].isna(),
        unknown_required,
        table["group_held_m2"].isna(),
    ]
    names = [
        "other_kind",
        "not_operating",
        "serves_villages_only",
        "serves_no_community",
        "area_unknown",
        "population_unknown",
        "elders_unknown",
        "neighbour_area_unknown",
    ]
    return np.select(conditions, names, default="").astype(object)


def _results(reasons: np.ndarray, shortfall: pd.Series) -> np.ndarray:
    not_applicable = np.isin(
        reasons.astype(str), ["other_kind", "not_operating", "serves_villages_only"]
    )
    conditions = [not_applicable, reasons != "", shortfall.to_numpy() > 0]
    return np.select(conditions, ["not_applicable", "unknown", "short"], "meets").astype(object)


def _below_ground(centres: pd.DataFrame) -> pd.Series:
    """Return whether the elders' floor is below ground; missing where no floor is given."""
    floor = centres.reindex(columns=["floor"])["floor"].astype(float)
    below = (floor < 0).astype(object)
    return below.where(floor.notna(), None)


def centre_table(
    centres: pd.DataFrame,
    areas: pd.DataFrame,
    groups: ServiceGroups,
    group_table: pd.DataFrame,
    rooms: pd.DataFrame,
    book: RuleBook,
    *,
    per_elder_decides: bool,
) -> pd.DataFrame:
    """Return the finding of every centre of the ledger, in the caller's order.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table: all kinds and statuses.
    areas
        ``building_m2, shared_building_m2, area_note, counted_m2`` by centre.
    groups, group_table
        The service groups, and what each requires and holds.
    rooms
        :func:`planner.standards.floor_area.rooms.rooms_found` of the book's kinds.
    book
        The rule book.
    per_elder_decides
        Whether the area per elder decides in place of the class's.

    Returns
    -------
    DataFrame
        The columns of :attr:`planner.standards.floor_area.audit.FloorAreaAudit.centres`.
    """
    facts = ["name", "centre_kind", "status", "street", "community"]
    ledger = ["area_m2", "area_kind", "shared_m2", "floor"]
    group = groups.centre_group.reindex(centres.index)
    of_group = group_table.reindex(columns=list(_GROUP_COLUMNS)).rename(columns=_GROUP_COLUMNS)
    of_group = of_group.reindex(group.to_numpy()).set_axis(centres.index, axis="index")
    table = pd.concat(
        [
            pd.DataFrame(centres.reindex(columns=[*facts, *ledger])),
            areas,
            pd.DataFrame({"group": group, "serves_villages": groups.centre_villages}).reindex(
                centres.index
            ),
            of_group,
            rooms.reindex(centres.index),
        ],
        axis="columns",
    )
    reasons = _reasons(table, book)
    clauses = _deciding(table["reading"], book, per_elder_decides=per_elder_decides)
    return table.assign(
        area_to_check=table["area_note"].isin(TO_CHECK_NOTES),
        group_per_elder_difference_m2=table["group_held_m2"] - table["group_per_elder_area_m2"],
        below_ground=_below_ground(centres),
        result=_results(reasons, table["group_shortfall_m2"]),
        reason=reasons,
        clause=[clause.id for clause in clauses],
        force=[clause.force for clause in clauses],
        mark=[clause.mark for clause in clauses],
    )


def _deciding(readings: pd.Series, book: RuleBook, *, per_elder_decides: bool) -> list[Clause]:
    """Return the clause that sets each centre's area; where none does, the one that would."""
    would = book.class_clause(PER_ELDER if per_elder_decides else CLASS_AREA)
    known = {
        reading: clauses[0]
        for reading in readings.dropna().unique()
        if (clauses := clauses_used(book, str(reading)))
    }
    return [known.get(reading, would) for reading in readings]
