"""How pandas keeps text while a run works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd


@contextmanager
def plain_text() -> Iterator[None]:
    """Keep text as plain Python text until the end of the block, whatever is installed.

    Where pyarrow is installed, pandas 3 keeps every column of text in its arrays. The many small
    tables of a run then take twice as long: the sample 74 s instead of 36 (November 2026, pandas
    3.1, pyarrow 26). What comes out is the same, which a test holds.
    """
    with pd.option_context("mode.string_storage", "python"):
        yield
