"""What goes into a plan: its name, its files, and whose figures they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from planner.datum import DATUMS, MERIDIANS, Datum
from planner.labels import LANGUAGES, Language
from planner.scenario.fields import (
    date_field,
    flag_field,
    mapping_field,
    number_field,
    numbers_field,
    share_field,
    text_field,
    texts_field,
)
from planner.tables import POPULATION_KINDS

COUNTS_FROM: Final = ("file", "communities")
"""Whose figures residents are: the residents' file's own, or those of the communities' ledger."""

WITHOUT_HOMES: Final = ("point", "area")
"""Where people of a community without buildings or cells are put: one point, or evenly over it."""

YEAR_METHODS: Final = ("given", "growth", "cohorts")
YEAR_BOUNDS: Final = (1990.0, 2100.0)


@dataclass(frozen=True)
class ProjectSettings:
    """``[project]``: what every output is headed with."""

    name: str = text_field()
    synthetic: bool = flag_field(default=False)
    language: Language = text_field("zh", choices=LANGUAGES)
    map_review_number: str = text_field("")


@dataclass(frozen=True)
class StreetsSettings:
    """``[streets]``: the street file, whose data it is, how far a door may be from a street.

    ``layer`` and ``gap_m`` are for a planner's own road layer: which layer of the file, and how
    wide a gap between its lines is closed. ``rules`` is a file of foot rules in place of the
    package's, ``barriers`` one of rivers, railways and walls that no door is joined across,
    ``heights`` rasters of the ground's heights, ``cache`` a folder to keep the network in.
    """

    file: str = text_field()
    join_limit_m: float = number_field(200.0, 0.0, 2_000.0)
    attribution: str | None = text_field(None)
    layer: str | None = text_field(None)
    gap_m: float = number_field(1.0, 0.0, 50.0)
    rules: str | None = text_field(None)
    barriers: str | None = text_field(None)
    heights: tuple[str, ...] | None = texts_field(None)
    cache: str | None = text_field(None)


@dataclass(frozen=True)
class LedgerSettings:
    """``[centres]`` and kin: one ledger, its datum, and where its columns hide.

    ``central_meridian`` (degrees east) and ``six_degree_zones`` are for coordinates in metres of
    CGCS2000: the meridian where eastings carry no zone's number, and whether their zones have 6°.
    ``attribution`` says whose data they are, on every map and in every workbook.
    """

    file: str = text_field()
    datum: Datum | None = text_field(None, choices=DATUMS)
    sheet: str | None = text_field(None)
    layer: str | None = text_field(None)
    encoding: str | None = text_field(None)
    columns: Mapping[str, str] = mapping_field(str)
    file_crs: str | None = text_field(None)
    central_meridian: float | None = number_field(None, *MERIDIANS)
    six_degree_zones: bool = flag_field(default=False)
    attribution: str | None = text_field(None)


@dataclass(frozen=True)
class CentresSettings(LedgerSettings):
    """``[centres]``: the ledger, and whether centres may stand at their community's middle.

    ``accept_approximate`` counts centres without coordinates, put on a point in their community, in
    headline figures.
    """

    accept_approximate: bool = flag_field(default=False)


@dataclass(frozen=True)
class PeopleSettings(LedgerSettings):
    """People's ledgers: shares of elders where one holds only a population, and of 60+.

    ``disabled_share`` and ``living_alone_share`` are of those aged 60 and over, for rows that do
    not give 失能 and 独居; ``shares_source`` says where all these shares come from. None has a
    default: no figure was found that holds everywhere.
    """

    elderly_share_60: float | None = share_field()
    elderly_share_65: float | None = share_field()
    elderly_share_80: float | None = share_field()
    disabled_share: float | None = share_field()
    living_alone_share: float | None = share_field()
    shares_source: str = text_field("")


@dataclass(frozen=True)
class ResidentsSettings(PeopleSettings):
    """``[residents]``: where people live, and whose figures they are.

    ``counts_from``: the file's own figures (where it has any), or the communities', which the
    file then only distributes; a raster distributes unless this says ``file``. ``bands`` names the
    ages of a raster's bands. ``blend`` is a raster (beside the file) for communities that have no
    homes in the file; ``without_homes`` says what becomes of those that neither has.
    """

    counts_from: str | None = text_field(None, choices=COUNTS_FROM)
    bands: Mapping[str, str] = mapping_field(str)
    blend: str | None = text_field(None)
    without_homes: str = text_field("point", choices=WITHOUT_HOMES)


@dataclass(frozen=True)
class CommunitiesSettings(PeopleSettings):
    """``[communities]``: as ``[residents]``, and which population it counts, as of when."""

    population_kind: str = text_field("未注明", choices=POPULATION_KINDS)
    population_date: str = date_field()


@dataclass(frozen=True)
class YearsSettings:
    """``[years]``: the years planned for, and where their figures come from.

    ``given``: ``file`` is a ledger of communities with 年份, or ``files`` names one a year.
    ``growth``: yearly rates by people column. ``cohorts``: ``file`` holds five-year bands,
    ``survival`` the share of each that lives on into the next after five years. ``base`` is the
    year of the communities' ledger, that of its date where not given; ``source`` whose rates.
    """

    plan: tuple[float, ...] = numbers_field((), *YEAR_BOUNDS)
    method: str = text_field("given", choices=YEAR_METHODS)
    base: float | None = number_field(None, *YEAR_BOUNDS)
    file: str | None = text_field(None)
    files: Mapping[str, str] = mapping_field(str)
    sheet: str | None = text_field(None)
    columns: Mapping[str, str] = mapping_field(str)
    growth: Mapping[str, float] = mapping_field(int | float)
    survival: Mapping[str, float] = mapping_field(int | float)
    source: str = text_field("")


@dataclass(frozen=True)
class ControlSettings:
    """``[control_source]``: which population the control totals count, as of when, whose they are.

    Totals of one kind of population are never compared with those of another.
    """

    population_kind: str = text_field("未注明", choices=POPULATION_KINDS)
    population_date: str = date_field()
    source: str = text_field("")
