"""What each estate owes, has delivered and is short of, and what that comes to in the district."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner import tables
from planner.standards.estates.clause_judges import numbers, storeys, words
from planner.standards.estates.delivered_area import (
    AREA_KIND_OF,
    Ratios,
    as_building_m2,
    delivered_area,
)
from planner.standards.estates.district_estates import DistrictEstates
from planner.standards.estates.findings import COLUMNS, clause_findings, estate_clauses
from planner.standards.estates.steps import four_steps
from planner.standards.rulebooks.clauses import Clause, RuleBook
from planner.standards.rulebooks.contending import leading, places_of
from planner.standards.rulebooks.vocabulary import FORCE_PLACE

AREA_MATTER: Final = "care_area"
"""The matter that required, delivered and short are told of."""

FLOOR_MATTER: Final = "care_rooms_floor"
"""The matter of the storey of the care rooms."""

_DUE: Final = {"over": "now", "not_yet": "later"}


@dataclass(frozen=True, eq=False)
class EstatesOwed:
    """What the estates of a district owe.

    Parameters
    ----------
    books
        The books whose clauses were held against them, in the project's order.
    not_in_force
        Names of books left out for their dates.
    findings
        One row an estate and clause, in the order of estates, books and clauses: columns of
        :data:`planner.standards.estates.findings.COLUMNS`, and ``decides`` (whether it is the
        clause that decides its matter for this estate: of two provinces' rules one of each).
    estates
        One row an estate, by id: of its care area, ``result`` (missing where no clause speaks of
        it), ``required_m2, delivered_m2, short_m2, short_at_least, note, book, clause, force,
        mark`` of the clause that decides (in its kind of area; ``delivered_m2`` is missing where
        the ledger's is of a kind that leaves the clause undecided); ``building_m2,
        required_building_m2`` (delivered and required as building area, missing where no book
        converts them), ``building_note`` (how the delivered was read:
        :data:`planner.standards.estates.delivered_area.NOTES`); ``kind_unknown`` (more than 0 m²
        delivered, but not as building area); ``required_new_m2, required_built_m2`` (what it would
        owe as 新建 or 已建); ``barred`` (its rooms lie below ground, on a mezzanine, or where a
        clause on storeys forbids), ``floor_unknown``; ``due`` (``now``, ``later``, ``unknown``:
        whether its housing is handed over), ``breaches`` (matters, all kinds, whose deciding
        clause is not met).
    district
        Totals.
    """

    books: tuple[RuleBook, ...]
    not_in_force: tuple[str, ...]
    findings: pd.DataFrame
    estates: pd.DataFrame
    district: DistrictEstates

    def clause(self, book: str, clause: str) -> Clause:
        """Return a clause of one of its books.

        Raises
        ------
        KeyError
            If there is none.
        """
        found = {one.name: one for one in self.books}
        return found[book].clause(clause)


def _deciding(findings: pd.DataFrame, books: Sequence[RuleBook]) -> pd.Series:
    """Return which findings decide their matter for their estate, on either side of the quantity.

    Of the clauses of books that meet in one place, as for centres
    (:func:`planner.standards.rulebooks.contending.places_of`): the rules of two provinces never
    contend.
    """
    able = findings[findings["result"] != "not_applicable"]
    decides = pd.Series(data=False, index=findings.index)
    for names in places_of(books):
        here = able[able["book"].isin(names)]
        decides[_leading(here, ["estate", "matter", "side"])] = True
    return decides


def _leading(findings: pd.DataFrame, of: list[str]) -> pd.Index:
    """Return the findings that decide, one of each group: rows of one ``of``.

    As :func:`planner.standards.rulebooks.contending.leading` has it; the stricter is that of the
    greater shortfall, then of the greater requirement, then of the earlier book.
    """
    required, short = (findings[name].fillna(0.0) for name in ("required_m2", "short_m2"))
    chosen = leading(
        findings.groupby(of, sort=False).ngroup().to_numpy(),
        findings["force"].map(dict(FORCE_PLACE)).to_numpy(dtype=np.int64),
        findings["result"].to_numpy(dtype=object),
        (-short.to_numpy(dtype=float), -required.to_numpy(dtype=float), np.arange(len(findings))),
        pd.factorize(findings["quantity"])[0],
    )
    return findings.index[chosen]


def _greatest_by_age(
    findings: pd.DataFrame, books: Sequence[RuleBook], age: str, ids: pd.Index
) -> pd.Series:
    """Return the greatest care area that each estate would owe at one age, 应 before 宜."""
    of_age = {
        (book.name, clause.id)
        for book, clause in estate_clauses(books)
        if not clause.when.estate or age in clause.when.estate
    }
    names = pd.MultiIndex.from_frame(findings[["book", "clause"]])
    chosen = findings[(findings["matter"] == AREA_MATTER) & names.isin(of_age)]
    place = chosen["force"].map(dict(FORCE_PLACE)).astype(float)
    chosen = chosen[place == place.groupby(chosen["estate"]).transform("min")]
    return chosen.groupby("estate", sort=False)["required_m2"].max().reindex(ids)


def _building_areas(own: pd.DataFrame, estates: pd.DataFrame, ratios: Ratios) -> pd.DataFrame:
    """Return what each estate delivered and owes as building area, and whether that is known."""
    delivered = numbers(estates, "delivered_m2")
    given = pd.Series(delivered, index=own.index)
    told = words(estates, "delivered_kind")
    kinds = told.where(told.notna(), "未注明").set_axis(own.index)
    asked = own["quantity"].map(AREA_KIND_OF)
    building, required = given * np.nan, own["required_m2"] * np.nan
    for kind in tables.AREA_KINDS:
        converted = pd.Series(as_building_m2(delivered, kind, ratios), index=own.index)
        building = building.where(kinds != kind, converted)
        owed = own["required_m2"].to_numpy(dtype=float)
        converted = pd.Series(as_building_m2(owed, kind, ratios), index=own.index)
        required = required.where(asked != kind, converted)
    return pd.DataFrame(
        {
            "building_m2": building,
            "building_note": delivered_area(estates, "建筑", ratios).notes,
            "required_building_m2": required,
            "kind_unknown": (given > 0) & building.isna(),
        }
    )


def _floors(findings: pd.DataFrame, estates: pd.DataFrame, ids: pd.Index) -> dict[str, Any]:
    """Return whose rooms no centre can be made of for their storey, and whose nobody knows.

    Basement, half-basement and mezzanine are barred whatever the books say (TRADE.md 9).
    """
    floor = storeys(estates)
    barred = (floor < 1) | (floor != np.floor(floor)) & ~np.isnan(floor)
    against = findings[findings["matter"].eq(FLOOR_MATTER) & findings["result"].eq("short")]
    return {"barred": barred | ids.isin(against["estate"]), "floor_unknown": np.isnan(floor)}


def _of_estates(
    findings: pd.DataFrame, books: Sequence[RuleBook], estates: pd.DataFrame, due: pd.Series
) -> pd.DataFrame:
    ids = pd.Index([str(one) for one in estates.index], name="estate")
    deciding = findings[findings["decides"] & (findings["matter"] == AREA_MATTER)]
    # Of two provinces' rules each decides in its own; one figure is what the estate owes.
    deciding = deciding.loc[_leading(deciding, ["estate"])]
    kept = ["result", "reason", "required_m2", "delivered_m2", "short_m2", "short_at_least", "note"]
    own = deciding.set_index("estate")
    own = own[[*kept, "book", "clause", "force", "mark", "quantity"]].reindex(ids)
    # As clauses of two ages are not told apart, neither figure is what is owed.
    own["required_m2"] = own["required_m2"].mask(own["reason"] == "condition_unknown")
    unknown = findings["result"].eq("unknown") & findings["matter"].eq(AREA_MATTER)
    places = dict(FORCE_PLACE)
    deciding_place = findings["estate"].map(own["force"].map(places)).astype(float)
    no_weaker = findings["force"].map(places).astype(float) <= deciding_place
    open_ones = findings.loc[unknown & no_weaker, "estate"].unique()
    short = own["result"].isin(["short", "remark"])
    at_least = own["short_at_least"].eq(True) | (short & ids.isin(open_ones))
    breaches = findings[findings["decides"] & (findings["result"] == "short")]
    # What falls short by two provinces' rules is one matter.
    breaches = breaches.drop_duplicates(["estate", "matter", "side"])
    # Ground area is no floor, and an area of another kind that decides nothing no figure of it.
    undecided = own["result"].eq("unknown") & own["reason"].eq("kind_unknown")
    areas = _building_areas(own, estates, Ratios.of(tuple(books)))
    return own.drop(columns="quantity").assign(
        **areas,
        delivered_m2=own["delivered_m2"].fillna(areas["building_m2"]).mask(undecided),
        short_at_least=at_least.astype(bool),
        required_new_m2=_greatest_by_age(findings, books, tables.ESTATE_AGES[0], ids),
        required_built_m2=_greatest_by_age(findings, books, tables.ESTATE_AGES[1], ids),
        **_floors(findings, estates, ids),
        due=due.reindex(ids).map(_DUE).fillna("unknown"),
        breaches=breaches.groupby("estate").size().reindex(ids).fillna(0).astype(int),
    )


def estates_owed(
    estates: pd.DataFrame, books: Sequence[RuleBook], *, on: datetime.date | None = None
) -> EstatesOwed:
    """Hold every estate against every clause that speaks of estates.

    An area per hundred households is ``figure * households / 100``, one in per mille of the housing
    ``figure * housing_area_m2 / 1000``; short is ``max(0, required - delivered)``, with the
    relative slack :data:`planner.units.ROUNDING`.

    Parameters
    ----------
    estates
        A :data:`planner.tables.ESTATES` table; geometry is not needed, and absent columns are
        unknown.
    books
        The project's books, with clauses on other matters, too.
    on
        The day of the audit: books not in force on it are left out. Without it none is.

    Raises
    ------
    TableError
        If the table breaks its promises.
    """
    tables.check(tables.ESTATES, estates, geometry=False)
    kept = tuple(book for book in books if on is None or book.in_force(on))
    ratios = Ratios.of(kept)
    steps = four_steps(estates, on=on)
    parts = [
        clause_findings(book, clause, estates, ratios, steps)
        for book, clause in estate_clauses(kept)
    ]
    if parts:
        # One clause after the other; the estates' order first is what a reader wants.
        findings = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    else:
        findings = pd.DataFrame({name: [] for name in COLUMNS}, dtype=object)
        figures = ["value", "required", "required_m2", "delivered_m2", "short_m2"]
        findings = findings.astype(dict.fromkeys(figures, float) | {"short_at_least": bool})
    findings = findings.assign(decides=_deciding(findings, kept))
    owed = _of_estates(findings, kept, estates, steps.housing)
    return EstatesOwed(
        books=kept,
        not_in_force=tuple(book.name for book in books if book not in kept),
        findings=findings,
        estates=owed,
        district=DistrictEstates.of(owed),
    )
