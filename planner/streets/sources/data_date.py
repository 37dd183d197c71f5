"""As of which day street data is: what their makers wrote into them, as an ISO date."""

from __future__ import annotations

import bz2
import gzip
import re
from pathlib import Path
from typing import Any, BinaryIO, Final

_OVERPASS: Final = re.compile(rb"""<meta\s[^>]*\bosm_base=["']([^"']*)["']""")
_HEAD_BYTES: Final = 4096
_DAY: Final = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")


def day_of(stamp: Any) -> str:
    """Return the day with which a time stamp begins, ``2024-05-17``; empty if it is none."""
    found = _DAY.match(str(stamp).strip()) if stamp else None
    return found.group(0) if found else ""


def _unpacked(path: Path) -> gzip.GzipFile | bz2.BZ2File | BinaryIO:
    ending = path.suffix.lower()
    if ending == ".gz":
        return gzip.open(path, "rb")
    return bz2.open(path, "rb") if ending == ".bz2" else path.open("rb")


def overpass_day(path: Path) -> str:
    """Return the day of an Overpass answer in XML, plain or packed; empty if it does not say.

    Raises
    ------
    OSError
        If the file cannot be read.
    EOFError
        If it is packed and ends too early.
    """
    with _unpacked(path) as file:
        found = _OVERPASS.search(file.read(_HEAD_BYTES))
    return day_of(found.group(1).decode("ascii", errors="replace")) if found else ""
