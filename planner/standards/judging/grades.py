"""Grades of centres: how far each is from the standards, by thresholds that a project may set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.errors import ScenarioError
from planner.labels import DEFAULT_LANGUAGE, Language, enumerated, message
from planner.standards.floor_area.listing import listed_by
from planner.standards.judging.breaches import counted_once
from planner.standards.judging.deciding import contends_in
from planner.standards.judging.findings import Judgement
from planner.standards.rulebooks.vocabulary import BREACHES
from planner.standards.rulebooks.wording import figure
from planner.tables import LIST_MARK
from planner.units import ROUNDING

GRADES: Final = ("达标", "基本达标", "差距较大", "严重不足", "资料不足")
"""From the best to the worst, and grey: too little is known to call a centre good."""

UNASKED: Final = ("on_the_spot", "no_layer", "no_main_road")
"""Unknown for want of a visit or of a layer: no fault of the centre's ledger, not counted in the
share of what is unknown."""

FLOOR_AREA: Final = ("building_area", "building_area_per_elder", "place_area")
"""The matters whose shortfall is measured as a share."""


STEPS: Final = 2
"""Thresholds of a ladder: 差距较大 and 严重不足."""


@dataclass(frozen=True)
class CentreGrades:
    """From which figures on a centre is graded worse. The project's own choice: no rule was seen.

    Only findings that decide their matter count, and only clauses of 应 and 宜; one matter that
    falls short by the rules of two provinces at once, each deciding in its own, is one breach.

    - 严重不足: floor area short by ``shortfalls[1]`` of the required, or ``breaches[1]`` clauses
      of 应 not met: however much is unknown.
    - 差距较大: floor area short by ``shortfalls[0]``, or ``breaches[0]`` clauses of 应 not met.
    - 资料不足: none of these, but floor area unknown, or more than ``unknown_share`` of the
      clauses that apply.
    - 基本达标: floor area short by less, or fewer clauses of 应, or any of 宜 not met.
    - 达标: nothing that is known falls short.

    Defaults: one clause of 应 that is not met is mended by a refit, five are more than half of
    the nine of 建标 143. A centre that lacks a tenth of its floor area lacks a room, which can be
    found (take over, share); one that lacks three tenths is of the class below: 1,085 m² is 32 %
    less than 1,600 m², 750 m² is 31 % less than 1,085 m². Where more than half of what a ledger
    could tell is empty, what is known cannot speak for the rest.

    Parameters
    ----------
    shortfalls
        Shares of the required floor area, from which on (inclusive) 差距较大 and 严重不足.
    breaches
        Numbers of clauses of 应 not met, from which on (inclusive) 差距较大 and 严重不足.
    unknown_share
        Share of the clauses that apply above which 达标 and 基本达标 are not said.

    Raises
    ------
    ScenarioError
        If a ladder is not two numbers above 0 of which the second is not the lesser, or the
        share is not from 0 to 1; all that are wrong are told.
    """

    shortfalls: tuple[float, ...] = (0.10, 0.30)
    breaches: tuple[float, ...] = (2.0, 5.0)
    unknown_share: float = 0.5

    def __post_init__(self) -> None:
        """Refuse thresholds that no centre can be graded by."""
        problems = [
            message("judging.ladder_wrong", name=f"centre_{name}", value=list(steps))
            for name, steps in (("shortfalls", self.shortfalls), ("breaches", self.breaches))
            if len(steps) != STEPS or not 0 < steps[0] <= steps[1]
        ]
        if not 0 <= self.unknown_share <= 1:
            problems.append(message("judging.share_wrong", value=self.unknown_share))
        if problems:
            raise ScenarioError(message("scenario.refused"), problems)


def centre_counts(judgement: Judgement) -> pd.DataFrame:
    """Return what the deciding clauses of 应 and 宜 come to, by operating centre.

    Returns
    -------
    DataFrame
        By centre id, in the facts' order, centres to which no such clause applies left out:
        ``clauses`` (that apply, statements and what no layer tells left out), ``met``,
        ``breaches_must`` (应), ``breaches_should`` (宜; what falls short by the rules of two
        places at once is one breach, of the greater force), ``unknown``, ``on_the_spot``
        (statements to be judged there, and what no layer tells), ``remarks`` (可 that is not
        there, whether or not it decides), ``unknown_share`` (of ``clauses``; NaN where none),
        ``shortfall_share`` (of the deciding clauses on floor area, the greatest; NaN where none is
        known, and where none that is known falls short but another is unknown),
        ``shortfall_matter`` (what that is of), ``area_unknown`` (whether one of these is unknown),
        ``fill_in`` (columns that would tell, joined by 、).
    """
    findings = judgement.findings
    codes = findings["centre"].cat.codes.to_numpy()
    force = _force(judgement)
    result = findings["result"].to_numpy(dtype=object)
    reason = findings["reason"].to_numpy(dtype=object)
    counted = findings["decides"].to_numpy(dtype=bool) & np.isin(force, BREACHES)
    applies = counted & (result != "not_applicable")
    spot = applies & (result == "unknown") & _in(reason, UNASKED)
    asked = applies & ~spot
    short, unknown = asked & (result == "short"), asked & (result == "unknown")
    breach = counted_once(judgement, codes, short, force)
    of_area = asked & findings["matter"].isin(FLOOR_AREA).to_numpy()
    centres = judgement.facts.index

    def count(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(codes[chosen], minlength=len(centres))

    clauses, unknowns = count(asked), count(unknown)
    share = np.full(len(centres), np.nan)
    known_area = of_area & (result != "unknown")
    lacking = findings["short_share"].to_numpy(dtype=float)
    np.fmax.at(share, codes[known_area], np.nan_to_num(lacking[known_area]))
    area_unknown = count(of_area & (result == "unknown")) > 0
    share[area_unknown & (share == 0)] = np.nan
    table = pd.DataFrame(
        {
            "clauses": clauses,
            "met": count(asked & (result == "meets")),
            "breaches_must": count(breach & (force == "应")),
            "breaches_should": count(breach & (force == "宜")),
            "unknown": unknowns,
            "on_the_spot": count(spot),
            "remarks": count(result == "remark"),
            "unknown_share": np.divide(
                unknowns, clauses, out=np.full(len(centres), np.nan), where=clauses > 0
            ),
            "shortfall_share": share,
            "shortfall_matter": _greatest(judgement, codes, share, known_area & short),
            "area_unknown": area_unknown,
        },
        index=centres,
    )
    table["fill_in"] = _to_fill_in(findings[unknown], centres)
    return table[count(applies) > 0]


def _greatest(
    judgement: Judgement, codes: np.ndarray, share: np.ndarray, chosen: np.ndarray
) -> np.ndarray:
    """Return the matter of each centre's greatest shortfall; empty where there is none."""
    rows = np.flatnonzero(chosen)
    lacking = judgement.findings["short_share"].to_numpy(dtype=float)[rows]
    rows = rows[lacking == share[codes[rows]]][::-1]
    told = judgement.findings.iloc[rows][["book", "clause"]].astype(str)
    matters = {
        (book, clause): contends_in(judgement.clause(book, clause))
        for book, clause in told.drop_duplicates().itertuples(index=False)
    }
    matter = np.full(len(share), "", dtype=object)
    for code, key in zip(codes[rows], told.itertuples(index=False, name=None), strict=True):
        if (of := matters[key]) is not None:
            matter[code] = of[0]
    return matter


def _in(values: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Tell which values are among a few names."""
    among: np.ndarray = np.logical_or.reduce([values == name for name in names])
    return among


def _force(judgement: Judgement) -> np.ndarray:
    """Return the force of each finding's clause."""
    findings = judgement.findings
    forces = {
        (book.name, clause.id): judgement.force(book, clause)
        for book in judgement.books
        for clause in book.clauses
    }
    books, clauses = findings["book"].cat, findings["clause"].cat
    table = np.array(
        [
            [forces.get((book, clause), "-") for clause in clauses.categories]
            for book in books.categories
        ],
        dtype=object,
    )
    return table[books.codes.to_numpy(), clauses.codes.to_numpy()]


def _to_fill_in(unknown: pd.DataFrame, centres: pd.Index) -> pd.Series:
    """Return the columns that unknown findings ask for, each once, in the clauses' order."""
    asked = unknown[["centre", "fill_in"]].drop_duplicates()
    asked = asked[asked["fill_in"] != ""]
    each = asked.assign(fill_in=asked["fill_in"].str.split(LIST_MARK)).explode("fill_in")
    each = each.drop_duplicates()
    joined = listed_by(each["centre"], each["fill_in"])
    return joined.astype(object).reindex(centres).fillna("")


def centre_grades(judgement: Judgement, settings: CentreGrades | None = None) -> pd.DataFrame:
    """Return the grade of each operating centre that clauses of 应 or 宜 apply to.

    Parameters
    ----------
    judgement
        What the clauses came to.
    settings
        The thresholds.

    Returns
    -------
    DataFrame
        :func:`centre_counts`, with ``name, centre_kind, street`` and ``grade`` (one of
        :data:`GRADES`).
    """
    steps = CentreGrades() if settings is None else settings
    table = centre_counts(judgement)
    # A share is a quotient of floats: 30 % short must not slip below 0.30 in the last digit.
    short = table["shortfall_share"].fillna(0.0) + ROUNDING
    must = table["breaches_must"]
    unknown = table["area_unknown"] | (
        table["unknown_share"].fillna(1.0) > steps.unknown_share + ROUNDING
    )
    conditions = [
        (short >= steps.shortfalls[1]) | (must >= steps.breaches[1]),
        (short >= steps.shortfalls[0]) | (must >= steps.breaches[0]),
        unknown,
        (must > 0) | (table["breaches_should"] > 0),
    ]
    grade = np.select(conditions, ["严重不足", "差距较大", "资料不足", "基本达标"], "达标")
    facts = judgement.facts.loc[table.index, ["name", "centre_kind", "street"]]
    return pd.concat([facts, table], axis="columns").assign(grade=grade.astype(object))


def why_graded(row: pd.Series, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return in words why a centre has its grade.

    Parameters
    ----------
    row
        A row of :func:`centre_grades`.
    language
        Language of the words.
    """
    parts = []
    if row["shortfall_share"] > 0:
        percent = figure(100.0 * row["shortfall_share"])
        of = message(f"judging.area_of_{row['shortfall_matter']}")
        parts.append(message("judging.why_area", of=of, percent=percent))
    if row["area_unknown"]:
        parts.append(message("judging.why_area_unknown"))
    if not (row["breaches_must"] or row["breaches_should"] or row["unknown"]):
        parts.append(message("judging.why_met", clauses=int(row["clauses"])))
    for name in ("breaches_must", "breaches_should", "unknown", "on_the_spot"):
        if row[name]:
            told = message(f"judging.why_{name}", count=int(row[name]), clauses=int(row["clauses"]))
            parts.append(told)
    return enumerated(parts).text(language)


def grade_distribution(grades: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return how many centres have each grade, by kind of facility or by 街道.

    Parameters
    ----------
    grades
        :func:`centre_grades`.
    by
        ``centre_kind`` or ``street``; centres without one are counted under ``""``.

    Returns
    -------
    DataFrame
        Index = the kinds or sub-districts, sorted; a column for each of :data:`GRADES`, and
        ``centres``, their sum.
    """
    key = grades[by].astype(object).where(grades[by].notna(), "")
    table = pd.crosstab(key, grades["grade"]).reindex(columns=list(GRADES), fill_value=0)
    return table.assign(centres=table.sum(axis="columns")).rename_axis(by).rename_axis(None, axis=1)
