"""Square metres, beds and carers per 100, 1,000 or 10,000 persons, and what the books say of them.

A ratio has a numerator of its own (which facilities, which of them did not tell) and a denominator
of its own (how many persons, of which population, as of when, whose figure): 慈溪's 31 m² per 100
elders and its 32 carers per 10,000 imply two numbers of elders (277,239 and 287,188). Persons of
one ratio are of one population (常住, 户籍 or 实有): ratios to another stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.rulebooks.clauses import RuleBook
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.units import ROUNDING

UNSTATED: Final = "未注明"

PER: Final = MappingProxyType({"m2": 100.0, "beds": 1_000.0, "carers": 10_000.0, "site_m2": 1.0})
"""For how many persons each figure is told; by 慈溪市民政局, 2023-06-29, and GB 50437."""

RATIOS: Final = MappingProxyType(
    {"m2": "per_100_elders_m2", "beds": "per_1000_elders_beds", "carers": "per_10000_elders_carers"}
)
"""Columns of the ratios of a table of tiers."""


@dataclass(frozen=True)
class People:
    """The persons that a ratio is for.

    Parameters
    ----------
    persons
        How many; ``None`` where nobody knows.
    kind
        常住, 户籍, 实有 or 未注明.
    date
        As of when, as the project writes it.
    source
        Whose figure it is; empty for the sum of the communities' ledger.
    unknown
        Communities of the ledger whose persons are not known.
    """

    persons: float | None
    kind: str = UNSTATED
    date: str = ""
    source: str = ""
    unknown: int = 0


@dataclass(frozen=True)
class Ratio:
    """One ratio: ``per * numerator / people.persons``.

    Parameters
    ----------
    figure
        ``m2``, ``beds``, ``carers`` or ``site_m2``.
    kinds
        Kinds of facility that count; of them only those that operate (运营).
    numerator
        Sum of what is known; NaN where there are facilities and none tells.
    facilities, unknown
        How many facilities count; how many of them do not tell.
    people
        The denominator.
    """

    figure: str
    kinds: tuple[str, ...]
    numerator: float
    facilities: int
    unknown: int
    people: People

    @property
    def per(self) -> float:
        """For how many persons it is told."""
        return PER[self.figure]

    @property
    def value(self) -> float | None:
        """The ratio; at least so much where some do not tell; ``None`` where nobody knows it."""
        persons = self.people.persons
        if persons is None or not persons > 0 or math.isnan(self.numerator):
            return None
        return self.per * self.numerator / persons

    def comparable(self, other: Ratio) -> bool:
        """Tell whether both count one kind of population, which both must state (TRADE 7)."""
        return self.people.kind == other.people.kind != UNSTATED

    @property
    def complete(self) -> bool:
        """Whether every facility tells, so that the value is not a least one."""
        return self.unknown == 0


def implied_persons(numerator: float, value: float, per: float) -> float:
    """Return the persons that a published figure and its ratio imply: ``per * numerator / value``.

    Parameters
    ----------
    numerator
        Square metres, beds or carers.
    value
        The ratio, above 0.
    per
        For how many persons it is told.

    Raises
    ------
    ValueError
        If the ratio is not above 0.

    Examples
    --------
    >>> round(implied_persons(85_944, 31, 100))
    277239
    """
    if not value > 0:
        text = f"a ratio must be above 0, not {value}"
        raise ValueError(text)
    return per * numerator / value


def with_ratios(tiers: pd.DataFrame) -> pd.DataFrame:
    """Return a table of tiers with :data:`RATIOS` of every row, to the elders of the row.

    Parameters
    ----------
    tiers
        :func:`planner.standards.provision.tiers.tier_table`.

    Returns
    -------
    DataFrame
        The same with ``per_100_elders_m2, per_1000_elders_beds, per_10000_elders_carers``: NaN
        where the elders or the figure are not known, or nobody is 60+.
    """
    elders = tiers["elderly_60"].where(tiers["elderly_60"] > 0)
    return tiers.assign(
        **{column: PER[figure] * tiers[figure] / elders for figure, column in RATIOS.items()}
    )


def ratio_of(
    tiers: pd.DataFrame,
    figure: str,
    line: str,
    kinds: tuple[str, ...],
    people: People,
    *,
    area: str,
) -> Ratio:
    """Return one ratio of one line and area, to a denominator of its own.

    Parameters
    ----------
    tiers
        :func:`planner.standards.provision.tiers.tier_table`.
    figure
        One of :data:`PER`.
    line, area
        The row.
    kinds
        The kinds of facility of that line.
    people
        The denominator.

    Raises
    ------
    KeyError
        If there is no such row.
    """
    rows = tiers[(tiers["area"] == area) & (tiers["line"] == line)]
    if len(rows) != 1:
        text = f"no line {line!r} of {area!r}"
        raise KeyError(text)
    row = rows.iloc[0]
    return Ratio(
        figure=figure,
        kinds=kinds,
        numerator=float(row[figure]),
        facilities=int(row["facilities"]),
        unknown=int(row[f"{figure}_unknown"]),
        people=people,
    )


DISTRICT_QUANTITIES: Final = MappingProxyType(
    {"beds_per_thousand_elders": "beds", "land_per_head": "site_m2"}
)
"""Quantities of subject ``district``, and the figure of the ratio that each clause is held
against."""

FINDING_COLUMNS: Final = (
    "book", "clause", "quantity", "figure", "result", "reason", "value", "required", "short_by",
    "short_total", "unknown", "force", "mark",
)  # fmt: skip


def district_findings(books: Sequence[RuleBook], ratios: Mapping[str, Ratio]) -> pd.DataFrame:
    """Hold the district's ratios against every clause of the books on the district.

    More beds never make a finding worse, so that a ratio whose facilities do not all tell meets a
    clause if what is known does; else it is ``unknown``, never short.

    Parameters
    ----------
    books
        The books, in the project's order.
    ratios
        By figure; a clause whose ratio is not there is ``unknown``.

    Returns
    -------
    DataFrame
        A row a clause that says ``at_least`` of one of :data:`DISTRICT_QUANTITIES`:
        :data:`FINDING_COLUMNS`. ``result`` is ``meets``, ``short``, ``remark`` (a 可, or a
        project's choice, that is not met), or ``unknown``; ``reason`` ``people_unknown`` or
        ``not_filled`` there; ``short_by``
        in the clause's unit, ``short_total`` in beds or m² (NaN unless short); ``unknown`` the
        facilities that do not tell.
    """
    rows = []
    for book in books:
        for clause in book.clauses:
            figure = DISTRICT_QUANTITIES.get(clause.quantity)
            if figure is None or clause.comparison != "at_least" or clause.value is None:
                continue
            found = ratios.get(figure)
            result, reason = _result(found, clause.value, clause.force)
            value = None if found is None else found.value
            short = result in {"short", "remark"}
            apart = clause.value - value if short and value is not None else np.nan
            persons = found.people.persons if found is not None else None
            rows.append(
                (
                    book.name, clause.id, clause.quantity, figure, result, reason,
                    np.nan if value is None else value, clause.value, apart,
                    np.nan if persons is None or found is None else apart * persons / found.per,
                    0 if found is None else found.unknown, clause.force, clause.mark,
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def _result(ratio: Ratio | None, required: float, force: str) -> tuple[str, str]:
    if ratio is None:
        return "unknown", "not_filled"
    persons = ratio.people.persons
    if persons is None or not persons > 0:
        return "unknown", "people_unknown"
    if ratio.value is not None and ratio.value >= required * (1.0 - ROUNDING):
        return "meets", ""
    if ratio.value is None or not ratio.complete:
        return "unknown", "not_filled"
    return ("short" if force in BREACHES else "remark"), ""
