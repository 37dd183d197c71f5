"""Tables that several files of tests ask questions of."""

from __future__ import annotations

import pytest

from tests.siting.san_francisco import SanFrancisco, read_san_francisco


@pytest.fixture(scope="session")
def san_francisco() -> SanFrancisco:
    """Return the tables of San Francisco: to be looked at, never to be changed."""
    return read_san_francisco()
