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

from planner.ledgers.coding import coded, decoded_texts, rows_with
from planner.ledgers.sheets import CELL_END
from planner.ledgers.values import EMPTY_WORDS, plain

EMPTY_NAMES: Final = frozenset({"", "-", "--", "—", "——", "/", "nan", "null"})
"""Cells that say nothing in a column of text, where 无 says something."""


_ODD_BEGINNINGS: Final = tuple(CELL_END + sign for sign in (CELL_END, *"=#-—/nN"))
"""A cell that begins so may be empty, a formula, or a word for "nothing"."""


@cache
def known_choices(name: str) -> Mapping[str, str]:
    """Return word → choice of a column, words as :func:`planner.ledgers.values.plain` has them."""
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
    known = known_choices(name)
    distinct = [str(cell) for cell in coded(cells)[1]]
    words = [plain(text) for text in distinct]
    meant = [known.get(word) for word in words]
    odd = [
        place
        for place, word in enumerate(words)
        if meant[place] is None and word not in EMPTY_WORDS
    ]
    rows = rows_with(cells, odd)
    return decoded_texts(cells, meant), {row: distinct[odd].strip() for row, odd in rows.items()}


def _name(cell: Any) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    return None if text.lower() in EMPTY_NAMES else text


def texts(cells: pd.Series) -> pd.Series:
    """Return a column of text: ends trimmed, whole numbers without ``.0``, NA where empty."""
    return decoded_texts(cells, [_name(cell) for cell in coded(cells)[1]])


def clean_texts(cells: pd.Series, text: str | None) -> pd.Series | None:
    """Return a column of text that needs no cleaning, by one look at all of it; else ``None``.

    So is most of a large ledger: no spaces, nothing that only says "empty", no failed formula.

    Parameters
    ----------
    cells
        Cells as the file has them.
    text
        All of them as one text (:func:`planner.ledgers.coding.column_text`).
    """
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


def listed(cells: pd.Series) -> pd.Series:
    """Return cells that are lists as texts, their parts joined by 、 without blanks and repeats.

    Parameters
    ----------
    cells
        Cells as the file has them; parts stand apart by commas, semicolons, bars, slashes or lines.
    """

    def joined(cell: Any) -> str | None:
        parts = _SEPARATORS.split(cell) if isinstance(cell, str) else [cell]
        return LIST_MARK.join(dict.fromkeys(filter(None, map(_name, parts)))) or None

    return decoded_texts(cells, [joined(cell) for cell in coded(cells)[1]])
