"""How a setting says what it may be: the makers of the fields of the settings' dataclasses.

A field's ``metadata`` carries its kind, bounds and choices; :mod:`planner.scenario.reading` holds
what a planner wrote against them.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any


def text_field(default: Any = dataclasses.MISSING, choices: tuple[str, ...] = ()) -> Any:
    """Return a setting that is a text, one of ``choices`` if there are any."""
    return field(default=default, metadata={"kind": str, "choices": choices})


def date_field() -> Any:
    """Return a setting that is a date: a text, or a date as TOML writes it without quotes."""
    return field(default="", metadata={"kind": str, "dates": True})


def number_field(default: float | None, least: float, most: float = math.inf) -> Any:
    """Return a setting that is a number from ``least`` to ``most``, both included."""
    return field(default=default, metadata={"kind": float, "bounds": (least, most)})


def whole_field(default: int, least: int, most: float = math.inf) -> Any:
    """Return a setting that is a whole number from ``least`` to ``most``, both included."""
    return field(default=default, metadata={"kind": int, "bounds": (least, most)})


def share_field(default: float | None = None) -> Any:
    """Return a setting that is a share from 0 to 1."""
    return field(default=default, metadata={"kind": float, "bounds": (0.0, 1.0)})


def flag_field(*, default: bool | None) -> Any:
    """Return a setting that is true or false."""
    return field(default=default, metadata={"kind": bool})


def texts_field(default: tuple[str, ...] | None, choices: tuple[str, ...] = ()) -> Any:
    """Return a setting that is a list of texts, each one of ``choices`` if there are any."""
    return field(default=default, metadata={"kind": tuple, "choices": choices})


def numbers_field(default: tuple[float, ...] | None, least: float, most: float) -> Any:
    """Return a setting that is a list of numbers from ``least`` to ``most``."""
    return field(default=default, metadata={"kind": tuple, "of": float, "bounds": (least, most)})


def mapping_field(kind: Any, *, dates: bool = False) -> Any:
    """Return a setting that is a table whose values are of a kind, or ``dates``."""
    return field(
        default_factory=lambda: MappingProxyType({}),
        metadata={"kind": Mapping, "of": kind, "dates": dates},
    )
