"""Clauses with a figure: of all centres alike, or of the class of the people they serve."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.required import SmallGroups, required_floor_areas
from planner.standards.judging.facts import MAP_DISTANCES, NEAR, SHARE_COLUMNS
from planner.standards.judging.naming import NOT_FILLED
from planner.standards.judging.outcomes import (
    TOLERANCE,
    Outcome,
    empty_columns,
    held_against,
    read_on_map,
    texts,
)
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.vocabulary import CLASS_AREA
from planner.standards.rulebooks.wording import SAME_M2
from planner.tables import LIST_MARK
from planner.units import FloatArray

PEOPLE: Final = ("population", "elderly_60")
PLACE_COLUMN: Final = "geometry"

FULL_STOREY: Final = "full_storey"
MEZZANINE: Final = "夹层"
"""What is told of a centre on a storey that is no whole one."""


def plain_outcome(facts: pd.DataFrame, clause: Clause) -> Outcome:
    """Hold a quantity against a clause whose figure is the same for all.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    clause
        The clause.
    """
    count = len(facts)
    value = facts[clause.quantity].to_numpy(dtype=float, na_value=np.nan)
    if clause.quantity in MAP_DISTANCES:
        value = read_on_map(clause, value)
    columns = QUANTITIES[clause.quantity].columns
    reason, fill_in = texts(count, NOT_FILLED), empty_columns(facts, columns)
    if clause.quantity in NEAR and not columns:
        reason = facts[f"{clause.quantity}_reason"].to_numpy(dtype=object)
        fill_in = np.where(reason == "not_placed", PLACE_COLUMN, "")
    required = np.full(count, np.nan if clause.value is None else clause.value)
    outcome = held_against(clause, value, required, reason=reason, fill_in=fill_in)
    return in_storeys(clause, outcome) if clause.unit == "storey" else outcome


def in_storeys(clause: Clause, outcome: Outcome) -> Outcome:
    """Return an outcome in whole storeys, and bar mezzanines where the clause bars them.

    A ledger's storey is a whole number, but 1.5 for 夹层 and -0.5 for 半地下. There is no storey 0:
    from -1 to 1 is one storey; half a storey short is one, too. A clause on :data:`FULL_STOREY` is
    broken by any mezzanine, whose storey nobody can count: by 1, ``told`` :data:`MEZZANINE`.
    """
    value, required, gap = outcome.value, outcome.required, outcome.short_by
    crosses = ((value < 0) & (required > 0)).astype(float)
    storeys = np.where(gap > 0, np.ceil(gap - crosses - TOLERANCE), gap)
    barred = np.zeros(len(value), dtype=bool)
    if clause.quantity == FULL_STOREY:
        barred = (value > 0) & (value != np.floor(value))
    return replace(
        outcome,
        short_by=np.where(barred, np.fmax(storeys, 1.0), storeys),
        told=np.where(barred, MEZZANINE, outcome.told),
    )


def class_figures(facts: pd.DataFrame, book: RuleBook, small_groups: SmallGroups) -> pd.DataFrame:
    """Return what the people of each centre's service group require by a book's classes.

    Parameters
    ----------
    facts
        ``population, elderly_60`` of each centre's service group.
    book
        A book with classes.
    small_groups
        How groups below its least class are read.

    Returns
    -------
    DataFrame
        :func:`planner.standards.floor_area.required.required_floor_areas`, and ``shares_of``: the
        class whose shares of use area are taken (below the least class, that), missing where the
        population is unknown.
    """
    people = facts[list(PEOPLE)].astype(float)
    table = required_floor_areas(people, book=book, small_groups=small_groups)
    below = table["centre_class"].isna() & people["population"].notna()
    return table.assign(shares_of=table["centre_class"].where(~below, book.classes[0].name))


def group_outcome(facts: pd.DataFrame, clause: Clause, classes: pd.DataFrame) -> Outcome:
    """Hold a service group's floor area against its class's figure: whole, or for each elder.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    clause
        A clause by class, of ``class_area_m2`` or ``per_elder_area_m2``.
    classes
        :func:`class_figures` of the same centres.
    """
    whole = clause.by_class == CLASS_AREA
    given = facts["group_held_m2" if whole else "building_area_per_elder"]
    value = given.to_numpy(dtype=float, na_value=np.nan)
    required = classes["required_m2" if whole else "per_elder_m2"].to_numpy(dtype=float)
    if not whole:
        # What is no shortage in square metres is none for each elder.
        elders = facts["elderly_60"].to_numpy(dtype=float, na_value=np.nan)
        same = np.abs(required - value) * elders <= SAME_M2
        value = np.where(same, required, value)
    people_unknown = np.isnan(required)
    if not whole:
        people_unknown |= facts["elderly_60"].isna().to_numpy()
    own_unknown = facts["building_area"].isna().to_numpy()
    unknown = [people_unknown, own_unknown]
    reason = np.select(unknown, ["people_unknown", NOT_FILLED], "neighbour_unknown").astype(object)
    area = empty_columns(facts, QUANTITIES["building_area"].columns)
    fill_in = np.select(unknown, [empty_columns(facts, PEOPLE), area], "").astype(object)
    outcome = held_against(
        clause,
        value,
        required,
        reason=reason,
        fill_in=fill_in,
    )
    return in_groups_only(facts, outcome)


def in_groups_only(facts: pd.DataFrame, outcome: Outcome) -> Outcome:
    """Return an outcome that nobody knows of for centres that are in no service group."""
    alone = facts["group"].isna().to_numpy()
    villages = alone & facts["serves_villages"].notna().to_numpy()
    reasons = [villages, alone]
    return Outcome(
        value=outcome.value,
        required=np.where(alone, np.nan, outcome.required),
        upper=outcome.upper,
        short_by=np.where(alone, np.nan, outcome.short_by),
        told=np.where(alone, "", outcome.told),
        reason=np.select(
            reasons, ["serves_villages_only", "serves_no_community"], outcome.reason
        ).astype(object),
        fill_in=np.select(reasons, ["", "serves"], outcome.fill_in).astype(object),
    )


def share_outcome(
    facts: pd.DataFrame, book: RuleBook, clause: Clause, classes: pd.DataFrame
) -> Outcome:
    """Hold the shares of use area of the groups of rooms against those of the class.

    A share may lie above its figure, and below it by the clause's tolerance. ``value`` and
    ``required`` are those of the group of rooms that is farthest below, in percent; ``told`` names
    all that are too low. Where some areas are not known, a share is at most the area over the sum
    of those that are: what is too low even so is known to be, by at least so much.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    book, clause
        The clause and its book.
    classes
        :func:`class_figures` of the same centres.
    """
    groups = list(book.classes[0].use_share_percent)
    asked = pd.DataFrame(
        {entry.name: entry.use_share_percent for entry in book.classes}, index=groups
    ).T
    required = asked.reindex(classes["shares_of"].to_numpy()).to_numpy(dtype=float)
    value, most = _shares(facts, groups)
    slack = clause.tolerance or 0.0
    certain = np.isnan(value) & (required - most > slack + TOLERANCE)
    value = np.where(certain, most, value)
    gap = np.where(required - value <= slack + TOLERANCE, 0.0, required - value)
    # One that is certainly too low is a miss, whatever is not known of the others.
    unknown = np.isnan(gap).any(axis=1) & ~(gap > 0).any(axis=1)
    worst = np.where(np.isnan(gap), -np.inf, required - value).argmax(axis=1)
    rows = np.arange(len(facts))
    people_unknown = classes["shares_of"].isna().to_numpy()
    not_filled = empty_columns(facts, QUANTITIES[clause.quantity].columns)
    reason = np.where(people_unknown, texts(len(facts), "people_unknown"), NOT_FILLED)
    fill_in = np.where(people_unknown, "population", not_filled)
    outcome = Outcome(
        value=value[rows, worst],
        required=required[rows, worst],
        upper=np.full(len(facts), np.nan),
        short_by=np.where(unknown, np.nan, gap[rows, worst]),
        told=np.where(unknown, "", _named(gap > 0, groups)),
        reason=np.where(unknown, reason, ""),
        fill_in=np.where(unknown, fill_in, ""),
    )
    return in_groups_only(facts, outcome)


def _shares(facts: pd.DataFrame, groups: list[str]) -> tuple[FloatArray, FloatArray]:
    """Return the shares of the groups of rooms in percent, and at most what they may be.

    Both of shape (centres, groups); a share that is known is no more than it is.
    """
    names = [f"use_share_{group}" for group in groups]
    share = facts.reindex(columns=names).to_numpy(dtype=float, na_value=np.nan)
    columns = [SHARE_COLUMNS.get(group, group) for group in groups]
    areas = facts.reindex(columns=columns).to_numpy(dtype=float, na_value=np.nan)
    known = np.nansum(areas, axis=1, keepdims=True)
    most: FloatArray = np.full(areas.shape, np.nan)
    np.divide(100.0 * areas, known, out=most, where=known > 0)
    return share, most


def _named(chosen: np.ndarray, names: list[str]) -> np.ndarray:
    """Return the names chosen in each row, joined by 、; ``chosen`` of shape (rows, names)."""
    codes = (chosen.astype(np.int64) << np.arange(len(names))).sum(axis=1)
    joined = [
        LIST_MARK.join(name for place, name in enumerate(names) if code >> place & 1)
        for code in range(1 << len(names))
    ]
    named: np.ndarray = np.array(joined, dtype=object)[codes]
    return named
