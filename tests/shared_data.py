"""Real data and known answers that tests may use, and what to do where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("PLANNER_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def shared_data(name: str) -> Path:
    """Return the path of a shared file; skip the test where it is absent, but fail in CI."""
    path = FOLDER / name
    if not path.exists():
        reason = f"the shared data file {name} is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
