"""Metres of CGCS2000 in a ledger: what must be declared of them, and what is told of them."""

from __future__ import annotations

import numpy as np

from planner.datum.shifts import BoolArray, FloatArray
from planner.datum.zones import (
    NO_MERIDIAN,
    OFF_GRID,
    OTHER_ZONE,
    SIX_DEGREES,
    Unprojected,
    from_zones,
)
from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers.draft import Draft


def unprojected(draft: Draft, east: FloatArray, north: FloatArray) -> Unprojected:
    """Return the degrees of metres of CGCS2000, which must say their zone or have it declared.

    Parameters
    ----------
    draft
        The ledger, whose source may declare a central meridian.
    east, north
        Metres, shape (places,), in either order.

    Raises
    ------
    LedgerError
        If eastings carry no zone's number and no meridian is declared, are of 6° zones that were
        not declared, or most of them contradict the meridian declared.
    """
    file, source = draft.source.file.name, draft.source
    found = from_zones(
        east,
        north,
        central_meridian=source.central_meridian,
        six_degree_zones=source.six_degree_zones,
    )
    problems = []
    if (found.why_not == NO_MERIDIAN).any():
        rows = int((found.why_not == NO_MERIDIAN).sum())
        problems.append(message("datum.meridian_required", file=file, rows=rows))
    six = found.zone[found.why_not == SIX_DEGREES]
    if len(six):
        problems.append(message("datum.six_degrees", file=file, zone=int(six[0])))
    other = found.why_not == OTHER_ZONE
    if other.sum() > len(other) / 2.0:
        zone, meridian = int(found.zone[other][0]), source.central_meridian
        problems.append(
            message("datum.meridian_contradicted", file=file, zone=zone, meridian=meridian)
        )
    if problems:
        raise LedgerError(message("ledgers.refused", file=file), problems)
    return found


def tell_zones(draft: Draft, metres: BoolArray, found: Unprojected) -> None:
    """Tell of rows whose metres lie in no zone, or in another than the one declared.

    Parameters
    ----------
    draft
        The ledger.
    metres
        Its rows that hold metres, shape (rows,).
    found
        What those are in degrees, shape (rows that hold metres,).
    """
    rows = draft.frame.index.to_numpy()[metres]
    for place in np.flatnonzero(np.isin(found.why_not, (OFF_GRID, OTHER_ZONE))).tolist():
        told = message(
            f"datum.{found.why_not[place]}",
            zone=int(found.zone[place]),
            meridian=draft.source.central_meridian or 0.0,
        )
        draft.journal.add("grave", told, action="emptied", row=int(rows[place]))
