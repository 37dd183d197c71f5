"""Compiling where nothing may be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

import planner
from planner.compiled import compiled

IN_A_SEALED_PACKAGE = """
import sys
from pathlib import Path

import numba

import planner.streets
from planner.streets import travel_times
from tests.streets.drawn import METRE_A_SECOND, edge, minutes, points, town

assert Path(planner.__file__).parent == Path.cwd() / "planner", planner.__file__
try:
    numba.njit(cache=True)(planner.streets.walking.arcs.along.py_func)
except RuntimeError as error:
    assert "no locator available" in str(error), error
else:
    sys.exit("numba found a folder to write in: nothing is proved")
streets = town({"a": (0.0, 0.0), "b": (120.0, 0.0)}, [edge("a", "b")])
homes, doors = points({"home": (0.0, 0.0)}), points({"door": (120.0, 0.0)})
found = travel_times(
    streets, homes, doors, limit_minutes=15.0, speed_m_s=METRE_A_SECOND, threads=2
)
print(minutes(found))
"""


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


def test_a_sealed_copy_of_the_package_walks(tmp_path: Path) -> None:
    """A package in a folder that cannot be written, without a cache folder, imports and runs.

    Permissions do not bind the superuser, whom tests may run as. What stands in the way here binds
    everybody: where a folder for machine code would be made lies a plain file.
    """
    here = Path(planner.__file__).parent
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(here, tmp_path / "planner", ignore=without)
    (tmp_path / "tests").symlink_to(here.parent / "tests")
    for folder in [tmp_path / "planner", *(tmp_path / "planner").rglob("*/")]:
        (folder / "__pycache__").write_bytes(b"")
        folder.chmod(0o555)
    wall = tmp_path / "wall"
    wall.write_bytes(b"")
    nowhere = {name: str(wall / "below") for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA")}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", IN_A_SEALED_PACKAGE],
            cwd=tmp_path,
            env={
                **{name: value for name, value in os.environ.items() if "NUMBA" not in name},
                **nowhere,
                "NUMBA_OPT": "0",  # half the time, and nothing here is about speed
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": str(tmp_path),
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        for folder in [tmp_path / "planner", *(tmp_path / "planner").rglob("*/")]:
            folder.chmod(0o755)  # else pytest cannot clear it away
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "{('home', 'door'): 2.0}"
