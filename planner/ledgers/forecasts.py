"""Communities' figures of coming years: read from ledgers, or projected by the user's own rates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from planner import tables
from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers import projecting, values
from planner.ledgers.age_bands import AgeBand, band_of
from planner.ledgers.draft import Draft, draft_ledger
from planner.ledgers.findings import Journal
from planner.ledgers.source import LedgerSource
from planner.ledgers.vocabulary import normalised
from planner.ledgers.year_ledgers import checked_year, communities_named, given_years
from planner.ledgers.years import YearFigures
from planner.scenario import YearsSettings
from planner.tables import ELDERLY_COLUMNS

_YEAR_OF_DATE: Final = re.compile(r"^(?:19|20|21)\d\d")

BASE_TOLERANCE: Final = 0.1
"""Bands whose elders differ from the communities' by more than a tenth are doubted (own choice):
the growth shown would be that of two sources, not of ageing."""


def year_figures(
    settings: YearsSettings,
    communities: gpd.GeoDataFrame,
    *,
    folder: Path,
    population_date: str = "",
) -> YearFigures:
    """Return the figures of the years that ``[years]`` of a project plans for.

    Parameters
    ----------
    settings
        The section.
    communities
        The plan's communities of today.
    folder
        The project's folder, which its file names are in.
    population_date
        Date of the communities' ledger, whose year is the base where ``base`` is not given.

    Raises
    ------
    InputFileError, LedgerError
        If the section lacks what its method needs, or the files cannot be used; all problems.
    """
    base = base_of(settings, population_date)
    problems = []
    if base is None:
        problems.append(message("residents.base_missing"))
    else:
        problems += _strange_years(settings.plan, base)
    needs_file = settings.method == "cohorts" or (settings.method == "given" and not settings.files)
    if needs_file and settings.file is None:
        problems.append(message("residents.years_file_missing", method=settings.method))
    strange = [name for name in settings.files if not _YEAR_OF_DATE.fullmatch(name)]
    problems += [message("residents.files_year", name=name) for name in strange]
    if settings.method == "cohorts" and not settings.survival:
        problems.append(message("residents.survival_missing", bands="—"))
    if problems or base is None:
        raise LedgerError(message("residents.years_refused"), problems)
    plan, note = settings.plan, settings.source
    if settings.method == "growth":
        return projected_years(communities, settings.growth, years=plan, base=base, note=note)

    def source(name: str) -> LedgerSource:
        return LedgerSource(folder / name, sheet=settings.sheet, columns=settings.columns)

    if settings.method == "cohorts":
        held = source(settings.file or "")
        return cohort_years(held, communities, settings.survival, years=plan, base=base, note=note)
    each = {int(year): source(name) for year, name in sorted(settings.files.items())}
    ledgers = each or source(settings.file or "")
    return given_years(ledgers, communities, years=plan, base=base, note=note)


def base_of(settings: YearsSettings, population_date: str) -> float | None:
    """Return the year of today's ledgers; None where neither settings nor date tell it."""
    dated = _YEAR_OF_DATE.match(population_date)
    return settings.base if settings.base is not None else float(dated[0]) if dated else None


def _strange_years(plan: Iterable[float], base: float) -> list[Message]:
    """Return what is wrong with years: parts of a year, and years before the base."""
    problems = [
        message("residents.year_not_whole", year=f"{one:g}")
        for one in (base, *plan)
        if one != int(one)
    ]
    if not problems:
        past = [one for one in plan if one < base]
        problems += [
            message("residents.year_past", year=f"{one:g}", base=f"{base:g}") for one in past
        ]
    return problems


def projected_years(
    communities: gpd.GeoDataFrame,
    rates: Mapping[str, float],
    *,
    years: Iterable[float],
    base: float,
    note: str = "",
) -> YearFigures:
    """Return figures of coming years by constant yearly rates (:func:`projecting.grown`)."""
    journal = Journal("")
    parts = [
        checked_year(
            projecting.grown(communities, rates, base=base, year=year), communities, year, journal
        )
        for year in sorted({int(year) for year in years})
    ]
    return replace(_projected(parts, journal, base, "growth", note), rates=dict(rates))


def cohort_years(
    source: LedgerSource,
    communities: gpd.GeoDataFrame,
    survival: Mapping[str, float],
    *,
    years: Iterable[float],
    base: float,
    note: str = "",
) -> YearFigures:
    """Return figures of coming years by ageing a ledger of five-year bands.

    Parameters
    ----------
    source
        A ledger with a row for each community and a column for each band (50-54岁 … 80岁及以上).
    communities, years, base, note
        As for :func:`given_years`.
    survival
        As for :func:`planner.ledgers.projecting.aged`.

    Raises
    ------
    InputFileError, LedgerError
        If the file cannot be read or understood; as :func:`planner.ledgers.projecting.aged`.
    """
    draft = draft_ledger("communities", source, required=[])
    draft.frame["community"] = communities_named(draft, communities)
    frame = draft.frame
    for row in frame.index[frame["community"].isna()]:
        draft.journal.set_aside(int(row), message("residents.year_community_unknown"))
    there = frame["community"].dropna()
    for row in there.index[there.duplicated()]:
        draft.journal.set_aside(int(row), message("residents.year_twice"))
    used = there[~there.duplicated()]
    found = _bands(draft)
    _tell_unused(draft)
    bands = found.loc[used.index].set_index(pd.Index(used, dtype=object))
    absent = communities.index.difference(bands.index)
    if len(absent):
        shown = tables.listed(absent)
        told = message("residents.year_lacks", year=int(base), count=len(absent), ids=shown)
        draft.journal.add("grave", told)
    parts = [
        checked_year(
            projecting.aged(bands, survival, base=base, year=year).reindex(communities.index),
            communities,
            year,
            draft.journal,
        )
        for year in sorted({int(year) for year in years})
    ]
    at_base = projecting.aged(bands, survival, base=base, year=base)
    _hold_against_today(at_base, communities, int(base), draft.journal)
    figures = _projected(parts, draft.journal, base, "cohorts", note)
    return replace(figures, rows_read=len(frame), rows_used=len(used))


def _bands(draft: Draft) -> pd.DataFrame:
    """Return the columns of a ledger whose headings are bands of ages, named by them.

    A ledger may give 60+ beside its bands of five years: of bands without end, that which follows
    the last of those is meant.
    """
    found: dict[AgeBand, pd.Series] = {}
    for place, heading in enumerate(draft.raw.headings):
        band = band_of(normalised(heading)[0])
        if place in draft.raw.cells and band is not None and band.sex == "t":
            found[band] = values.numbers(draft.raw.cells[place], "count", None).figures
    last = max((band.last for band in found if band.last is not None), default=None)
    columns = {
        band.label: figures
        for band, figures in found.items()
        if band.last is not None or last is None or band.first == last + 1
    }
    return pd.DataFrame(columns, index=draft.frame.index)


def _tell_unused(draft: Draft) -> None:
    """Tell again which columns are not used, without those of bands."""
    key = "ledgers.unmatched"
    draft.journal.found = [one for one in draft.journal.found if one.told.key != key]
    unused = [
        heading
        for heading in draft.matches.unmatched
        if heading and ((band := band_of(normalised(heading)[0])) is None or band.sex != "t")
    ]
    if unused:
        draft.journal.add("note", message(key, headings="、".join(unused)))


def _hold_against_today(
    at_base: pd.DataFrame, communities: gpd.GeoDataFrame, base: int, journal: Journal
) -> None:
    """Tell what elders the bands start from, beside those of the communities' ledger."""
    elders = ELDERLY_COLUMNS[0]
    today = communities.reindex(columns=[elders])[elders].astype(float)
    both = pd.DataFrame({"bands": at_base[elders], "today": today}).dropna()
    sums = both.sum()
    differs = abs(sums["bands"] - sums["today"]) > BASE_TOLERANCE * sums["today"]
    told = message(
        "residents.bands_base_differ" if differs else "residents.bands_base",
        base=base,
        communities=len(both),
        bands=float(sums["bands"]),
        today=float(sums["today"]),
    )
    journal.add("doubt" if differs else "note", told)


def _projected(
    parts: list[pd.DataFrame], journal: Journal, base: float, method: str, note: str
) -> YearFigures:
    if not note:
        journal.add("doubt", message("residents.rates_without_source"))
    table = pd.concat(parts, ignore_index=True)
    aside = journal.set_aside_rows({})
    return YearFigures(base, table, journal.findings({}), aside, 0, 0, method, note)
