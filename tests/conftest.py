"""What every test run shares: where machine code is kept while several workers run side by side.

numba writes one index of machine code a function, and two processes that compile the same function
for different arguments at the same moment may write one's code under the other's name. Workers of
pytest-xdist therefore keep theirs apart, by the sources that it was made from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

DAY_S = 86_400.0
ROOT = Path(__file__).parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER")


def machine_code_folder(worker: str) -> Path:
    """Return a worker's folder for machine code of the package as it stands."""
    sources = hashlib.sha256()
    for file in sorted((ROOT / "planner").rglob("*.py")):
        sources.update(file.read_bytes())
    return ROOT / ".pytest_cache" / "machine-code" / sources.hexdigest()[:16] / worker


def clear_old(folder: Path) -> None:
    """Remove machine code of other sources that no run has asked for since a day."""
    for other in folder.parent.parent.glob("*"):
        if other != folder.parent and other.stat().st_mtime < time.time() - DAY_S:
            shutil.rmtree(other, ignore_errors=True)


# Before anything imports numba, which reads this once.
if WORKER is not None and "NUMBA_CACHE_DIR" not in os.environ:
    FOLDER = machine_code_folder(WORKER)
    FOLDER.mkdir(parents=True, exist_ok=True)
    clear_old(FOLDER)
    os.environ["NUMBA_CACHE_DIR"] = str(FOLDER)
