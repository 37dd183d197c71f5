"""Readers for notebooks: a file in, a checked table out, a warning where rows were lost."""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd

from planner.labels import message
from planner.ledgers.findings import Ledger, finding_text
from planner.ledgers.read import read_ledger
from planner.ledgers.source import LedgerSource

SHOWN = 5


class LedgerWarning(UserWarning):
    """Rows of a ledger were set aside, or cells emptied."""


def _table_of(ledger: Ledger) -> gpd.GeoDataFrame:
    """Return the ledger's table, warning of what was set aside or emptied."""
    lost = ledger.findings[ledger.findings["action"].isin(["set_aside", "emptied"])]
    # What is set aside by design (a shop among the buildings) is no loss.
    lost = lost[lost["severity"] != "note"]
    if len(lost):
        told = [
            message("ledgers.warning_row", row=row["row"], told=finding_text(row)).text()
            for _, row in lost.head(SHOWN).iterrows()
        ]
        aside = int((lost["action"] == "set_aside").sum())
        summary = message(
            "ledgers.warning",
            file=ledger.file.name,
            read=ledger.rows_read,
            aside=aside,
            emptied=len(lost) - aside,
            more=max(len(lost) - SHOWN, 0),
            examples="；".join(told),
        )
        warnings.warn(LedgerWarning(summary.text()), stacklevel=3)
    return ledger.table


def read_communities(
    path: str | PathLike[str], *, datum: str | None = None, crs: Any = None, **reading: Any
) -> gpd.GeoDataFrame:
    """Read a ledger of communities.

    Parameters
    ----------
    path
        A local file of any kind that :class:`planner.ledgers.LedgerSource` lists.
    datum
        ``wgs84``, ``gcj02``, ``bd09`` or ``cgcs2000``, where the file's own CRS does not say it.
    crs
        Metre CRS of the plan; chosen from where the rows lie if not given.
    **reading
        Any other field of :class:`planner.ledgers.LedgerSource`: sheet, layer, encoding, columns,
        population_kind, elderly_share_60 …

    Returns
    -------
    GeoDataFrame
        Checked table (:data:`planner.tables.COMMUNITIES`), index = ids.

    Warns
    -----
    LedgerWarning
        If rows were set aside or cells emptied. :func:`planner.ledgers.read_ledger` returns the
        findings themselves.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    source = LedgerSource(Path(path), datum, **reading)
    return _table_of(read_ledger("communities", source, crs=crs))


def read_residents(
    path: str | PathLike[str],
    *,
    datum: str | None = None,
    crs: Any = None,
    communities: gpd.GeoDataFrame | None = None,
    **reading: Any,
) -> gpd.GeoDataFrame:
    """Read residents: points, cells, a raster of people, or buildings to spread communities over.

    Parameters
    ----------
    path, datum, crs, **reading
        As for :func:`read_communities`.
    communities
        The plan's communities; needed where the ledger holds buildings without people.

    Returns
    -------
    GeoDataFrame
        Checked table (:data:`planner.tables.RESIDENTS`) and ``placed_by``, index = ids. Persons
        may be fractions.

    Warns
    -----
    LedgerWarning
        As :func:`read_communities`.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    source = LedgerSource(Path(path), datum, **reading)
    return _table_of(read_ledger("residents", source, crs=crs, communities=communities))


def read_centres(
    path: str | PathLike[str],
    *,
    datum: str | None = None,
    crs: Any = None,
    communities: gpd.GeoDataFrame | None = None,
    **reading: Any,
) -> gpd.GeoDataFrame:
    """Read a ledger of facilities.

    Parameters
    ----------
    path, datum, crs, **reading
        As for :func:`read_communities`.
    communities
        The plan's communities; where given, centres are placed in them
        (:func:`planner.ledgers.place_centres`).

    Returns
    -------
    GeoDataFrame
        Checked table (:data:`planner.tables.CENTRES`), index = ids.

    Warns
    -----
    LedgerWarning
        As :func:`read_communities`.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    source = LedgerSource(Path(path), datum, **reading)
    return _table_of(read_ledger("centres", source, crs=crs, communities=communities))


def read_candidates(
    path: str | PathLike[str], *, datum: str | None = None, crs: Any = None, **reading: Any
) -> gpd.GeoDataFrame:
    """Read a ledger of candidate buildings.

    Parameters
    ----------
    path, datum, crs, **reading
        As for :func:`read_communities`.

    Returns
    -------
    GeoDataFrame
        Checked table (:data:`planner.tables.CANDIDATES`), index = ids.

    Warns
    -----
    LedgerWarning
        As :func:`read_communities`.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    source = LedgerSource(Path(path), datum, **reading)
    return _table_of(read_ledger("candidates", source, crs=crs))


def read_estates(
    path: str | PathLike[str], *, datum: str | None = None, crs: Any = None, **reading: Any
) -> gpd.GeoDataFrame:
    """Read a ledger of new estates.

    Parameters
    ----------
    path, datum, crs, **reading
        As for :func:`read_communities`.

    Returns
    -------
    GeoDataFrame
        Checked table (:data:`planner.tables.ESTATES`), index = ids.

    Warns
    -----
    LedgerWarning
        As :func:`read_communities`.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    source = LedgerSource(Path(path), datum, **reading)
    return _table_of(read_ledger("estates", source, crs=crs))
