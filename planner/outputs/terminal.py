"""Text for a terminal: Chinese characters are twice as wide as Latin ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from planner.outputs.book.spreadsheet import text_width

NO_LINE_BEGINS_WITH: Final = "，。；：、）》」！？,.;:)%‰"
"""Marks that stay with what is before them."""


def padded(value: str, width: int) -> str:
    """Return a text filled up with blanks to a width in columns of a terminal."""
    return value + " " * max(0, width - round(text_width(value)))


def _pieces(value: str) -> Iterator[str]:
    """Yield what is never divided: words of Latin letters, single Chinese characters, blanks."""
    word = ""
    for sign in value:
        if sign in NO_LINE_BEGINS_WITH or (sign.isascii() and not sign.isspace()):
            word += sign
            continue
        yield word
        word = sign
        if sign.isspace():
            yield sign
            word = ""
    yield word


def wrapped(value: str, width: int, indent: str = "") -> list[str]:
    """Return a text as lines no wider than a terminal, each with its indent.

    Parameters
    ----------
    value
        The text, without line breaks.
    width
        Columns of the terminal; a Chinese character takes two. A word that is wider stands on a
        line of its own.
    indent
        What every line begins with.
    """
    room = max(width - text_width(indent), 2.0)
    lines, line, used = [], "", 0.0
    for piece in filter(None, _pieces(value)):
        wide = text_width(piece)
        if line and used + wide > room:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if piece.isspace():
                continue
        line, used = line + piece, used + wide
    lines.append(line.rstrip())
    return [indent + one for one in itertools.filterfalse(str.isspace, lines) if one]
