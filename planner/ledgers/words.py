"""What the words in the cells of a ledger mean: choices by their synonyms, names, lists."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import pandas as pd

from planner.ledgers.values import EMPTY_WORDS, plain

EMPTY_NAMES: Final = frozenset({"", "-", "--", "—", "——", "/", "#n/a", "nan", "null"})
"""Cells that say nothing in a column of text, where 无 says something."""


@cache
def _choices(name: str) -> Mapping[str, str]:
    file = resources.files("planner.ledgers") / "choices.toml"
    book = tomllib.loads(file.read_text(encoding="utf-8"))[name]
    known: dict[str, str] = {}
    for choice, words in book.items():
        for word in (choice, *words):
            known[plain(word)] = choice
    return known


def choices(cells: pd.Series, name: str) -> tuple[pd.Series, dict[int, str]]:
    """Return the choice that each cell stands for.

    Parameters
    ----------
    cells
        Cells as the file has them; index = row numbers.
    name
        Column whose choices are meant: ``centre_kind``, ``status``, ``area_kind``,
        ``community_kind`` or ``building_use``.

    Returns
    -------
    tuple
        The choices (NA where the cell is empty or unknown) and the cells that are neither empty
        nor known, by row.
    """
    known = _choices(name)
    there = cells[cells.notna()].map(str)
    words = {text: plain(text) for text in there.unique()}
    meant = {text: known.get(word) for text, word in words.items()}
    values = pd.Series(pd.NA, index=cells.index, dtype="string")
    values.loc[there.index] = there.map(meant).astype("string")
    odd = there[there.map(lambda text: meant[text] is None and words[text] not in EMPTY_WORDS)]
    rows = zip(odd.index.to_list(), odd.to_list(), strict=True)
    return values, {int(row): str(text).strip() for row, text in rows}


def _name(cell: Any) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    return None if text.lower() in EMPTY_NAMES else text


def texts(cells: pd.Series) -> pd.Series:
    """Return a column of text: ends trimmed, whole numbers without ``.0``, NA where empty."""
    values = pd.Series(pd.NA, index=cells.index, dtype="string")
    there = cells[cells.notna()]
    words = {cell: _name(cell) for cell in there.unique()}
    values.loc[there.index] = there.map(words).astype("string")
    return values


_SEPARATORS: Final = re.compile(r"[、,，;；/|\n\r]+")
LIST_MARK: Final = "、"


def listed(values: pd.Series) -> pd.Series:
    """Return texts that are lists with their parts joined by 、, without empty ones and repeats."""

    def joined(text: str) -> str | None:
        parts = [part.strip() for part in _SEPARATORS.split(text)]
        return LIST_MARK.join(dict.fromkeys(part for part in parts if part)) or None

    there = values[values.notna()]
    new = pd.Series(pd.NA, index=values.index, dtype="string")
    new.loc[there.index] = there.map(joined).astype("string")
    return new
