"""Who is left out, and why: one cause for every resident row that lacks a centre in reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.areas import community_of
from planner.coverage.same_rows import row_problems
from planner.coverage.walking import Coverage, known_people
from planner.errors import TableError
from planner.labels import Message, message

GAP_CAUSES: Final = (
    "full",
    "lacks_need",
    "closed",
    "severed",
    "too_far",
    "no_way_through",
    "not_joined",
    "no_centre",
)
"""Why elders are left out, in the order in which a gap's sums are told.

``full``
    A centre is within the limit, but has no place left for them.
``lacks_need``
    A centre that operates is within the limit, but does not offer what is asked for.
``closed``
    A centre of the kind asked for is within the limit, but does not operate.
``severed``
    A centre is within the limit by air, but not on foot: a barrier lies between, or the way round
    is long.
``too_far``
    No centre is within the limit, nor would a straight way make one so, or nearly so.
``no_way_through``
    On the streets, but no walk leads to any centre.
``not_joined``
    The door joins no street: nothing can be said of its walk.
``no_centre``
    No centre of the kind asked for operates anywhere.
"""

ROUNDABOUT: Final = 2.0
"""A walk this many times as long as the straight line is cut off by something, even where no
barrier is known (our own choice; ordinary streets make walks 1.2 to 1.5 times as long: STANDARDS 7
has 1.52 for Hong Kong)."""

UNKNOWN_BARRIER: Final = "unknown"
"""Kind of what makes a way roundabout where no known barrier is crossed."""


def people_of(residents: pd.DataFrame) -> tuple[str, ...]:
    """Return the people columns of which any figure is known, 失能 and 独居 after the ages."""
    ages = known_people(residents)
    more = tuple(
        name
        for name in tables.ELDER_GROUPS
        if name not in ages and name in residents.columns and residents[name].notna().any()
    )
    return (*ages, *more)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Everybody who lacks a centre in reach, row by row.

    Parameters
    ----------
    limit_minutes
        The limit of the walk.
    people_columns
        The people columns of ``rows``, population first where known; 60+ always.
    rows
        Index resident ids in sorted order: ``community`` (id, or
        :data:`planner.coverage.areas.OUTSIDE`), ``state``, ``cause`` (one of
        :data:`GAP_CAUSES`), ``centre`` (that which the cause speaks of: full, lacking, closed, or
        near by air; missing for others), ``nearest`` and ``walk_minutes`` on foot, ``air_m``,
        ``barrier_kind`` and ``barrier`` (name; empty texts where none is to blame), and the
        persons left out (unknown persons as 0).
    rows_unknown_elders
        How many of these rows do not know their 60+.
    """

    limit_minutes: float
    people_columns: tuple[str, ...]
    rows: pd.DataFrame
    rows_unknown_elders: int


def _checked(
    residents: pd.DataFrame, others: dict[str, tuple[pd.DataFrame | pd.Series | None, list[str]]]
) -> None:
    problems: list[Message] = []
    for name, (table, columns) in others.items():
        if table is None:
            continue
        frame = table.to_frame("full") if isinstance(table, pd.Series) else table
        problems += [
            message("tables.column_missing", table=name, column=column)
            for column in columns
            if column not in frame.columns
        ]
        problems += row_problems(residents, frame.index, name)
    if problems:
        raise TableError(message("gaps.refused"), problems)


def _near(residents: pd.DataFrame, nearest: pd.DataFrame | None, limit: float) -> pd.Series:
    """Return the id of another centre within the limit of each row; missing without one."""
    if nearest is None:
        return pd.Series(pd.NA, index=residents.index, dtype=object)
    found = nearest.reindex(residents.index)
    minutes = found["walk_minutes"].to_numpy(dtype=float, na_value=np.nan)
    return found["nearest"].astype(object).where(np.asarray(units.within(minutes, limit)), pd.NA)


def _severed(residents: pd.DataFrame, severing: pd.DataFrame | None) -> pd.DataFrame:
    if severing is None:
        nothing = {"centre": pd.NA, "air_m": np.nan, "barrier_kind": "", "barrier": ""}
        return pd.DataFrame(nothing, index=residents.index)
    kept = severing.reindex(residents.index)[["centre", "air_m", "barrier_kind", "barrier"]]
    texts = {name: kept[name].fillna("").astype(object) for name in ("barrier_kind", "barrier")}
    return kept.assign(**texts)


def _shares_full(residents: pd.DataFrame, full: pd.Series | None) -> units.FloatArray:
    """Return the share of each row's elders who find no place; 0 where none is known to."""
    if full is None:
        return np.zeros(len(residents))
    elders = residents["elderly_60"].fillna(0.0).to_numpy(dtype=float)
    without = full.reindex(residents.index).fillna(0.0).to_numpy(dtype=float)
    shares: units.FloatArray = np.divide(
        without, elders, out=np.zeros(len(elders)), where=elders > 0
    )
    # Sums of shares of a building may pass its elders by their last bits.
    return np.minimum(np.maximum(shares, 0.0), 1.0)


def left_out(
    coverage: Coverage,
    communities: pd.DataFrame,
    *,
    speed_m_s: float = units.ELDER_SPEED_M_S,
    severing: pd.DataFrame | None = None,
    lacking_need: pd.DataFrame | None = None,
    closed: pd.DataFrame | None = None,
    full: pd.Series | None = None,
) -> LeftOut:
    """Say of everybody without a centre in reach why.

    A row has one cause, the first of these that holds: ``full`` (of rows that are covered),
    ``not_joined``, ``lacks_need``, ``closed``, ``no_way_through``, ``no_centre``, ``severed``,
    ``too_far``. Causes that no table tells of are not found: without ``severing``, say, rows that
    are severed are too far.

    Parameters
    ----------
    coverage
        Coverage by the open centres that serve what is asked for.
    communities
        A :data:`planner.tables.COMMUNITIES` table; geometry is not needed.
    speed_m_s
        Speed of the walker on level streets: straight metres to minutes.
    severing
        What :func:`planner.coverage.severing.severing` gave for all resident rows and these open
        centres. A row is severed if the straight line is within the limit and crosses a barrier,
        or the walk is at least :data:`ROUNDABOUT` times as long as it. Of a row without a way
        through only the barrier is told.
    lacking_need, closed
        Nearest-centre tables (``nearest, walk_minutes``) of all resident rows to the centres that
        operate but do not serve what is asked for, and to those that would but do not operate.
    full
        For all resident rows: persons of 60+ who are within the limit of a centre but find no
        place (a capacity assignment's); other people columns in the same proportion. None:
        capacity is not asked about.

    Returns
    -------
    LeftOut
        Rows that are not covered, and covered ones of whom some find no place.

    Raises
    ------
    TableError
        If a table lacks columns or residents, or repeats ids.
    ValueError
        If the speed is not a positive number.
    """
    if not 0 < speed_m_s < np.inf:
        text = "speed_m_s must be a positive number"
        raise ValueError(text)
    residents = coverage.residents
    walk = ["nearest", "walk_minutes"]
    others: dict[str, tuple[pd.DataFrame | pd.Series | None, list[str]]] = {
        "severing": (severing, ["centre", "air_m", "barrier_kind", "barrier"]),
        "lacking_need": (lacking_need, walk),
        "closed": (closed, walk),
        "full": (full, []),
    }
    _checked(residents, others)
    limit = coverage.limit_minutes
    cut = _severed(residents, severing)
    air_minutes = units.minutes_from_metres(cut["air_m"].to_numpy(dtype=float), speed_m_s)
    minutes = residents["walk_minutes"].to_numpy(dtype=float)
    barred = (cut["barrier_kind"] != "").to_numpy()
    near = np.asarray(units.within(air_minutes, limit))
    roundabout = minutes >= ROUNDABOUT * air_minutes - units.TOLERANCE_MINUTES
    severed = near & (barred | roundabout)
    state = residents["state"].to_numpy()
    need, shut = _near(residents, lacking_need, limit), _near(residents, closed, limit)
    share = _shares_full(residents, full)
    covered = state == "covered"
    conditions = {
        "full": covered,
        "not_joined": state == "not_joined",
        "lacks_need": need.notna().to_numpy(),
        "closed": shut.notna().to_numpy(),
        "no_way_through": state == "no_way_through",
        "no_centre": state == "no_centre",
        "severed": severed,
    }
    cause = np.select(list(conditions.values()), list(conditions), default="too_far")
    centre = pd.Series(pd.NA, index=residents.index, dtype=object)
    spoken = {"full": residents["nearest"], "lacks_need": need, "closed": shut}
    for name, of_cause in {**spoken, "severed": cut["centre"]}.items():
        centre = centre.mask(cause == name, of_cause)
    blamed = (cause == "severed") | ((cause == "no_way_through") & near)
    kind = cut["barrier_kind"].where(barred | (cause != "severed"), UNKNOWN_BARRIER)
    people = people_of(residents)
    persons = residents[list(people)].astype(float).fillna(0.0)
    rows = pd.DataFrame(
        {
            "community": community_of(coverage, communities),
            "state": state,
            "cause": cause.astype(object),
            "centre": centre,
            "nearest": residents["nearest"],
            "walk_minutes": minutes,
            "air_m": cut["air_m"],
            "barrier_kind": kind.where(blamed, ""),
            "barrier": cut["barrier"].where(blamed, ""),
            **persons.mul(np.where(covered, share, 1.0), axis="index"),
        },
        index=residents.index,
    )
    lacking = ~covered | (share > 0)
    unknown = int((residents["elderly_60"].isna().to_numpy() & lacking).sum())
    return LeftOut(limit, people, rows[lacking].sort_index(), unknown)
