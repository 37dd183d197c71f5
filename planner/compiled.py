"""Compiling loops over flat arrays to machine code, also where nothing may be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` compiled on first call, without the GIL, kept on disk where possible.

    A read-only installation without a writable cache folder compiles anew in every process
    instead of failing.
    """
    try:
        kernel: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba found no folder to keep the machine code in
        kernel = numba.njit(nogil=True)(function)
    return kernel
