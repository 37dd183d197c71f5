"""Where a ledger is and how to read it: one frozen value for each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from planner.datum import DATUMS
from planner.scenario import COUNTS_FROM
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS, POPULATION_KINDS


def _no_columns() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class LedgerSource:
    """One ledger on disk, and what its user declares of it.

    Parameters
    ----------
    file
        A local file: ``.xlsx .xlsm .csv .tsv .txt .gpkg .geojson .json .shp``.
    datum
        What its degrees are: ``wgs84``, ``gcj02``, ``bd09`` or ``cgcs2000``. Must be given where
        the file holds degrees and no CRS of its own (csv, xlsx).
    sheet
        Worksheet of an xlsx; the first one with cells where not given.
    layer
        Layer of a gpkg; the first one with places where not given.
    encoding
        Encoding of a csv or shp; found by trying where not given.
    columns
        ``{our column: heading in the file}``, where the headings are not found by themselves.
    population_kind
        常住, 户籍 or 实有: which heading is meant where a ledger holds several populations.
    elderly_share_60, elderly_share_65, elderly_share_80
        Shares (0–1) of the population aged so, taken where a ledger holds a population and no
        elders. What comes of them is marked as an assumption.
    disabled_share, living_alone_share
        Shares (0–1) of those aged 60 and over who are 失能 and 独居, taken where a ledger does not
        give them. Marked as the others.
    shares_source
        Where these shares come from; told with each figure that they make.
    counts_from
        Of residents: ``file``, the file's own figures, or ``communities``, whose figures the file
        then only distributes. Where not given, a raster distributes if there are communities, and
        a ledger with figures of its own is taken at its word.
    bands
        ``{band: ages}`` of a raster of people (:func:`planner.ledgers.rasters.read_people_raster`).
    blend
        A raster of people for communities in which the file has no homes; a relative path is one
        beside ``file``.
    without_homes
        ``point`` or ``area``: where the people of a community without any home are put.
    file_crs
        What a vector file's coordinates are, where it does not say so itself (a drawing never
        does), or where that takes the user's own parameters: an EPSG code or a PROJ string, with
        ``+towgs84=`` and its seven parameters for 西安80, 北京54 and local grids.
    central_meridian
        Central meridian, in degrees east, of metres of CGCS2000 whose eastings carry no zone's
        number (``500000`` where others write ``36500000``).
    six_degree_zones
        Whether such metres may lie in 6° zones (13-23), and not in 3° ones alone.
    """

    file: Path
    datum: str | None = None
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=_no_columns)
    population_kind: str | None = None
    elderly_share_60: float | None = None
    elderly_share_65: float | None = None
    elderly_share_80: float | None = None
    disabled_share: float | None = None
    living_alone_share: float | None = None
    shares_source: str = ""
    counts_from: str | None = None
    bands: Mapping[str, str] = field(default_factory=_no_columns)
    blend: Path | None = None
    without_homes: str = "point"
    file_crs: str | None = None
    central_meridian: float | None = None
    six_degree_zones: bool = False

    def __post_init__(self) -> None:
        """Refuse a datum, population kind or share that cannot be.

        Raises
        ------
        ValueError
            If the datum or the population kind is unknown, or a share is not within 0 and 1.
        """
        object.__setattr__(self, "file", Path(self.file))
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        if self.datum is not None and self.datum not in DATUMS:
            text = f"datum must be one of {', '.join(DATUMS)}, not {self.datum!r}"
            raise ValueError(text)
        if self.population_kind is not None and self.population_kind not in POPULATION_KINDS:
            text = f"population_kind must be one of {POPULATION_KINDS}, not {self.population_kind}"
            raise ValueError(text)
        object.__setattr__(self, "bands", MappingProxyType(dict(self.bands)))
        if self.blend is not None:
            object.__setattr__(self, "blend", self.file.parent / self.blend)
        if self.counts_from not in (None, *COUNTS_FROM):
            text = f"counts_from must be one of {', '.join(COUNTS_FROM)}, not {self.counts_from!r}"
            raise ValueError(text)
        for name, share in (*self.elderly_shares.items(), *self.group_shares.items()):
            if not 0.0 <= share <= 1.0:
                text = f"the share of {name} must be from 0 to 1, not {share}"
                raise ValueError(text)

    @property
    def elderly_shares(self) -> dict[str, float]:
        """The shares that are given, by column of elders."""
        shares = (self.elderly_share_60, self.elderly_share_65, self.elderly_share_80)
        named = zip(ELDERLY_COLUMNS, shares, strict=True)
        return {name: share for name, share in named if share is not None}

    @property
    def group_shares(self) -> dict[str, float]:
        """The shares of those aged 60 and over that are given, by column of the group."""
        named = zip(ELDER_GROUPS, (self.disabled_share, self.living_alone_share), strict=True)
        return {name: share for name, share in named if share is not None}


WORKBOOK_SUFFIXES: Final = (".xlsx", ".xlsm", ".xls")
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
FOLDER_SUFFIXES: Final = (".gdb",)
"""What is a folder and counts as one file."""

VECTOR_SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".dxf", *FOLDER_SUFFIXES)
SUFFIXES: Final = (*WORKBOOK_SUFFIXES, *TEXT_SUFFIXES, *VECTOR_SUFFIXES)
"""Endings of the files that can be read."""
