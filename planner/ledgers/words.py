"""What the words in the cells of a ledger mean: choices by their synonyms, names, lists."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.ledgers.sheets import CELL_END, whole_text
from planner.ledgers.values import EMPTY_WORDS, plain

EMPTY_NAMES: Final = frozenset({"", "-", "--", "—", "——", "/", "nan", "null"})
"""Cells that say nothing in a column of text, where 无 says something."""


_ODD_BEGINNINGS: Final = tuple(CELL_END + sign for sign in (CELL_END, *"=#-—/nN"))
"""A cell that begins so may be empty, a formula, or a word for "nothing"."""


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
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object))
    texts = [str(cell) for cell in distinct]
    words = [plain(text) for text in texts]
    meant = np.array([known.get(word, pd.NA) for word in words] + [pd.NA], dtype=object)
    values = pd.Series(meant[codes], index=cells.index, dtype="string")
    odd = [
        code for code, word in enumerate(words) if meant[code] is pd.NA and word not in EMPTY_WORDS
    ]
    places = np.flatnonzero(np.isin(codes, odd)) if odd else ()
    rows = cells.index.to_numpy(dtype=np.int64)
    return values, {int(rows[place]): texts[codes[place]].strip() for place in places}


def _name(cell: Any) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    return None if text.lower() in EMPTY_NAMES else text


def texts(cells: pd.Series) -> pd.Series:
    """Return a column of text: ends trimmed, whole numbers without ``.0``, NA where empty."""
    there = cells.to_numpy(dtype=object)
    codes, distinct = pd.factorize(there)
    names = np.array([_name(cell) for cell in distinct] + [None], dtype=object)
    return pd.Series(names[codes], index=cells.index, dtype="string")


def clean_texts(cells: pd.Series) -> pd.Series | None:
    """Return a column of text that needs no cleaning, by one look at all of it; else ``None``.

    So is most of a large ledger: no spaces, nothing that only says "empty", no failed formula.
    """
    text = whole_text(cells.to_numpy(dtype=object))
    if (
        text is None
        or len(text.split(None, 1)) > 1
        or any(odd in text for odd in _ODD_BEGINNINGS)
        or not unicodedata.is_normalized("NFC", text)
    ):
        return None
    return pd.Series(cells.to_numpy(dtype=object), index=cells.index, dtype="string")


_SEPARATORS: Final = re.compile(r"[、,，;；/|\n\r]+")
LIST_MARK: Final = "、"


def listed(values: pd.Series) -> pd.Series:
    """Return texts that are lists with their parts joined by 、, without empty ones and repeats."""

    def joined(text: str) -> str | None:
        parts = [part.strip() for part in _SEPARATORS.split(text)]
        return LIST_MARK.join(dict.fromkeys(part for part in parts if part)) or None

    codes, distinct = pd.factorize(values.to_numpy(dtype=object))
    new = np.array([joined(str(text)) for text in distinct] + [None], dtype=object)
    return pd.Series(new[codes], index=values.index, dtype="string")
