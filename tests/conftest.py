"""What every test run shares: machine code, and in which order files of tests go to workers."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from tests.machine_code import worker_s_own

WORKER = os.environ.get("PYTEST_XDIST_WORKER")

# Before anything imports numba, which reads this once.
if WORKER is not None and "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(worker_s_own(WORKER))

# As a run keeps text (planner/workflow/inputs/text_storage.py), pyarrow or not; one file of tests
# turns this off.
pd.set_option("mode.string_storage", "python")

ONE_SAMPLE = (
    "tests/workflow/test_sample.py",
    "tests/workflow/test_remedies_cure.py",
    "tests/workflow/test_report_sample.py",
)
"""Files that look at one run of the sample: one worker makes it once for all of them."""

DEAREST = (*ONE_SAMPLE, "tests/notebooks/")
"""Handed out first, so that at the end no worker is alone with minutes of work."""


def place_of(nodeid: str) -> int:
    """Return where a test stands in the order: the dearest first, the others as collected."""
    places = (place for place, start in enumerate(DEAREST) if nodeid.startswith(start))
    return next(places, len(DEAREST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place_of(item.nodeid))


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests go to one worker, as with ``--dist loadfile``; so do the sample's files."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return ONE_SAMPLE[0] if file in ONE_SAMPLE else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None
