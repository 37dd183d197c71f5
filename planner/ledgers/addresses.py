"""A planner's own table of addresses and their places, for centres without coordinates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import message
from planner.ledgers.draft import Draft, draft_ledger
from planner.ledgers.findings import Journal, Ledger
from planner.ledgers.finishing import CrsLike, projected
from planner.ledgers.positions import places
from planner.ledgers.source import LedgerSource
from planner.ledgers.spots import points_of

SAME_PLACE_M: Final = 1.0
"""Two rows of one address that lie no farther apart say the same."""

_DIGITS: Final = {word: number for number, word in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_NUMERALS: Final = re.compile(
    r"[零〇一二两三四五六七八九十]{1,3}(?=号|弄|巷|幢|栋|座|单元|室|层|组)"
)
_BUILDING: Final = re.compile(r"(?<=[0-9a-z])(?:号楼|幢楼|栋楼|栋|座)")
_DASHES: Final = re.compile(r"[-‐‑‒–—―－_~～至]+")
_NOISE: Final = re.compile(r"[\s,，.。、;；:：·'\"“”‘’()（）\[\]【】#＃]+")


def normalised_address(address: str) -> str:
    """Return an address without the ways in which one and the same is written.

    Full-width forms, case, blanks and punctuation go; Chinese numerals before 号, 弄, 幢 and kin
    become digits; 号楼, 栋 and 座 after a number or letter become 幢; a number at the end is one
    with 号. What else differs is another address: nothing is guessed.

    Parameters
    ----------
    address
        As a ledger writes it.

    Examples
    --------
    >>> normalised_address("渭阳西路１２号 三号楼")
    '渭阳西路12号3幢'
    >>> normalised_address("渭阳西路12号3栋")
    '渭阳西路12号3幢'
    """
    plain = unicodedata.normalize("NFKC", address).lower()
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", _NOISE.sub("", plain)))
    plain = _NUMERALS.sub(lambda found: str(_number(found.group())), plain)
    plain = _BUILDING.sub("幢", plain)
    return f"{plain}号" if plain[-1:].isdigit() else plain


def _number(word: str) -> int | str:
    """Return the number below 100 that a Chinese numeral writes, digit by digit without 十."""
    tens, ten, ones = word.partition("十")
    if not ten:
        return "".join(str(_DIGITS[digit]) for digit in word)
    if len(tens) > 1 or len(ones) > 1:
        return word
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


@dataclass(frozen=True)
class Addresses:
    """Places by address.

    Parameters
    ----------
    file
        Name of the file.
    places
        Point of each normalised address, in the plan's CRS.
    ambiguous
        Normalised addresses that the table puts in several places: none of them is taken.
    findings
        What is to be said of the table itself, as in a ledger's findings.
    rows_read
        Rows of the table.
    """

    file: str
    places: Mapping[str, shapely.Point]
    ambiguous: frozenset[str]
    findings: pd.DataFrame
    rows_read: int


def read_addresses(source: LedgerSource, *, crs: CrsLike) -> Addresses:
    """Read a table of addresses: 地址 and coordinates, in any form that a ledger may have.

    Parameters
    ----------
    source
        The file and how to read it.
    crs
        Metre CRS of the plan.

    Raises
    ------
    InputFileError, LedgerError
        As :func:`planner.ledgers.read_ledger`.
    """
    draft = draft_ledger("centres", source, required=["address"])
    where = projected(draft, points_of(draft, places(draft, optional=False)), crs)
    words = draft.frame["address"]
    known = words.notna() & where.notna()
    points: dict[str, shapely.Point] = {}
    ambiguous: set[str] = set()
    for row in words.index[words.notna() & where.isna()]:
        draft.journal.add("doubt", message("datum.address_without_place"), row=int(row))
    for address, point in zip(words[known], where[known], strict=True):
        key = normalised_address(address)
        if shapely.distance(points.setdefault(key, point), point) > SAME_PLACE_M:
            ambiguous.add(key)
    for key in sorted(ambiguous):
        del points[key]
        draft.journal.add("doubt", message("datum.address_twice", address=key))
    return Addresses(
        file=source.file.name,
        places=points,
        ambiguous=frozenset(ambiguous),
        findings=_own_journal(draft).findings({}),
        rows_read=len(draft.frame),
    )


def _own_journal(draft: Draft) -> Journal:
    """Return what was said of the file, its addresses and its coordinates; of nothing else."""
    names = ("address", "longitude", "latitude", "easting", "northing")
    columns = {None, *(draft.heading(name) for name in names)}
    found = [
        one for one in draft.journal.found if one.column in columns and one.action != "set_aside"
    ]
    return Journal(draft.journal.file, found)


def place_by_addresses(ledger: Ledger, addresses: Addresses) -> Ledger:
    """Return the ledger with centres without coordinates placed by their address.

    The match is exact (:func:`normalised_address`); the address table's word counts as the
    ledger's own coordinates would, position ``given``.

    Parameters
    ----------
    ledger
        Centres, before they are placed at their communities.
    addresses
        The planner's table, in the ledger's CRS.
    """
    table, journal = ledger.table, Journal(ledger.file.name)
    lost = (table["position"] == "none").to_numpy()
    geometry = table.geometry.to_numpy().copy()
    position = table["position"].copy()
    placed = 0
    for place in np.flatnonzero(lost).tolist():
        name, words = str(table.index[place]), table["address"].iloc[place]
        if not isinstance(words, str):
            journal.add("doubt", message("datum.no_address", file=addresses.file), of=name)
            continue
        key = normalised_address(words)
        fields = {"address": words, "file": addresses.file}
        if key in addresses.places:
            geometry[place] = addresses.places[key]
            position.iloc[place] = "given"
            journal.add("note", message("datum.placed_by_address", **fields), of=name)
            placed += 1
        elif key in addresses.ambiguous:
            journal.add("doubt", message("datum.address_ambiguous", **fields), of=name)
        else:
            journal.add("doubt", message("datum.address_unmatched", **fields), of=name)
    journal.add(
        "note",
        message(
            "datum.addresses_used",
            file=addresses.file,
            rows=addresses.rows_read,
            usable=len(addresses.places),
            placed=placed,
            lost=int(lost.sum()) - placed,
        ),
    )
    table = table.set_geometry(gpd.GeoSeries(geometry, index=table.index, crs=table.crs))
    told = ledger.with_findings(journal, table.assign(position=position))
    both = [one for one in (told.findings, addresses.findings) if len(one)]
    return replace(told, findings=pd.concat(both, ignore_index=True))
