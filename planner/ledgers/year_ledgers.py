"""Ledgers of coming years: communities' figures with 年份, or one file a year, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from planner import tables
from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers import judging, people, projecting
from planner.ledgers.draft import Draft, draft_ledger
from planner.ledgers.findings import Journal
from planner.ledgers.placing import Gazetteer
from planner.ledgers.sharing import PERSON_COLUMNS
from planner.ledgers.source import LedgerSource
from planner.ledgers.years import YearFigures
from planner.tables import ELDER_GROUPS


def given_years(
    sources: LedgerSource | Mapping[int, LedgerSource],
    communities: gpd.GeoDataFrame,
    *,
    years: Iterable[float],
    base: float,
    note: str = "",
) -> YearFigures:
    """Read communities' figures of coming years.

    Parameters
    ----------
    sources
        One ledger with a column 年份, or ``{year: ledger}``; rows name communities by id or name.
    communities
        The plan's communities of today.
    years
        Years planned for; rows of others are set aside, as a note.
    base
        Year of the communities' ledger; its rows are set aside likewise.
    note
        Whose figures they are.

    Raises
    ------
    InputFileError, LedgerError
        If a file cannot be read or understood, or has none of the years.
    """
    asked = sorted({int(year) for year in years})
    single = isinstance(sources, LedgerSource)
    each = {None: sources} if isinstance(sources, LedgerSource) else dict(sources)
    parts: list[pd.DataFrame] = []
    told: list[pd.DataFrame] = []
    aside: list[pd.DataFrame] = []
    read = 0
    for year, source in each.items():
        required = ["elderly_60", "year"] if single else ["elderly_60"]
        draft = draft_ledger("communities", source, required=required)
        if year is not None:
            draft.frame["year"] = float(year)
        rows = _judged(draft, communities, asked)
        parts.append(rows)
        read += len(draft.frame)
        numbers = rows.index.to_list()
        ids = {int(row): str(name) for row, name in zip(numbers, rows["community"], strict=True)}
        told.append(draft.journal.findings(ids))
        aside.append(draft.journal.set_aside_rows(ids))
    found = pd.concat(parts)
    name = next(iter(each.values())).file.name
    missing = sorted(set(asked) - set(found["year"].astype(int)))
    if missing:
        shown = "、".join(map(str, missing))
        problem = message("residents.years_missing", file=name, years=shown)
        raise LedgerError(message("residents.years_refused"), [problem])
    journal = Journal(name)
    table = _completed(found, communities, asked, journal)
    findings = pd.concat([*told, journal.findings({})], ignore_index=True)
    set_aside = pd.concat(aside, ignore_index=True)
    return YearFigures(base, table, findings, set_aside, read, len(found), "given", note)


def _judged(draft: Draft, communities: gpd.GeoDataFrame, years: list[int]) -> pd.DataFrame:
    """Return the rows that are a community's figures of a year asked for; set the others aside."""
    judging.judge_bounds(draft)
    people.judge_people(draft)
    frame = draft.frame
    frame["community"] = communities_named(draft, communities)
    for row in frame.index[frame["community"].isna()]:
        draft.journal.set_aside(int(row), message("residents.year_community_unknown"))
    for row in frame.index[frame["year"].isna()]:
        draft.journal.set_aside(int(row), message("residents.year_missing"))
    other = frame["year"].notna() & ~frame["year"].isin(years)
    for row in frame.index[other]:
        told = message("residents.year_not_planned", year=f"{frame['year'][row]:g}")
        draft.journal.set_aside(int(row), told, severity="note")
    there = frame[~frame.index.isin(list(draft.journal.aside))]
    repeated = there.duplicated(["community", "year"])
    for row in there.index[repeated]:
        draft.journal.set_aside(int(row), message("residents.year_twice"))
    columns = ["community", "year", *PERSON_COLUMNS]
    return there.loc[~repeated, columns]


def communities_named(draft: Draft, communities: gpd.GeoDataFrame) -> pd.Series:
    """Return the community that each row names, by id first, then by name and sub-district."""
    gazetteer = Gazetteer.of(communities)

    def meant(label: Any, street: Any) -> str | None:
        if not isinstance(label, str):
            return None
        codes = gazetteer.candidates(label, street if isinstance(street, str) else None)
        return codes[0] if len(codes) == 1 else None

    frame = draft.frame
    found = [
        meant(code, None) or meant(name, street)
        for code, name, street in zip(frame["id"], frame["name"], frame["street"], strict=True)
    ]
    return pd.Series(found, index=frame.index, dtype=object)


def _completed(
    found: pd.DataFrame, communities: gpd.GeoDataFrame, years: list[int], journal: Journal
) -> pd.DataFrame:
    """Return one row for each community and year; tell of communities left out, and of groups."""
    parts = []
    for year in years:
        rows = found[found["year"] == year].set_index("community")
        absent = communities.index.difference(rows.index)
        if len(absent):
            shown = tables.listed(absent)
            told = message("residents.year_lacks", year=year, count=len(absent), ids=shown)
            journal.add("grave", told)
        figures = rows[list(PERSON_COLUMNS)].reindex(communities.index)
        parts.append(checked_year(figures, communities, year, journal))
    return pd.concat(parts, ignore_index=True)


def checked_year(
    figures: pd.DataFrame, communities: pd.DataFrame, year: int, journal: Journal
) -> pd.DataFrame:
    """Return a year's figures, groups filled in, parts above their whole emptied and told of."""
    lacking = [name for name in ELDER_GROUPS if name not in figures or figures[name].isna().any()]
    whole = projecting.with_groups(figures, communities)
    filled = [
        name
        for name in lacking
        if whole[name].notna().sum() > (figures[name].notna().sum() if name in figures else 0)
    ]
    if filled:
        told = message("residents.groups_by_share", year=year, columns="、".join(filled))
        journal.add("doubt", told)
    over = projecting.contradictions(whole)
    for column in over.columns:
        for code in over.index[over[column]]:
            told = message("residents.year_part_above", year=year, column=column, code=code)
            journal.add("grave", told, action="emptied", of=str(code))
        whole[column] = whole[column].mask(over[column])
    sorted_rows = whole.sort_index().rename_axis("community").reset_index()
    sorted_rows.insert(1, "year", year)
    return sorted_rows
