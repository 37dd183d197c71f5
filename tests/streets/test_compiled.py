"""Compiling where nothing may be written."""

from __future__ import annotations

from typing import Any

import numba
import pytest

from planner.streets.compiled import compiled


def test_a_read_only_installation_compiles_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder for machine code numba refuses to cache; the function works all the same."""
    njit = numba.njit

    def without_cache(*, cache: bool = False, nogil: bool = False) -> Any:
        if cache:
            text = "cannot cache function: no locator available"
            raise RuntimeError(text)
        return njit(nogil=nogil)

    def doubled(number: int) -> int:
        return 2 * number

    with monkeypatch.context() as patch:
        patch.setattr(numba, "njit", without_cache)
        kernel = compiled(doubled)
    assert kernel(21) == 42
