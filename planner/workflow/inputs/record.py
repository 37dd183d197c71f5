"""The run's record: what went in, with which settings and versions, and how long it took."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from planner.labels import Message
from planner.workflow.inputs.project import Project

DISTRIBUTION: Final = "service-circle-planner"
RECORDED_PACKAGES: Final = (
    DISTRIBUTION,
    "folium",
    "geopandas",
    "highspy",
    "numba",
    "numpy",
    "openpyxl",
    "osmium",
    "osmnx",
    "pandas",
    "pyogrio",
    "pyproj",
    "shapely",
)

Progress = Callable[[int, int, Message, float | None], None]
"""Called as ``progress(step, steps, what, seconds)``: seconds is ``None`` as a step begins."""


def silent(step: int, steps: int, what: Message, seconds: float | None) -> None:
    """Report nothing: the progress of a caller who did not ask for any."""


@dataclass
class Clock:
    """Times the steps of one run and tells the caller of each as it begins and ends."""

    steps: int
    progress: Progress
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, what: Message, name: str | None = None) -> Iterator[None]:
        """Time one step, recorded by its name: that of its message, if not given."""
        number = len(self.seconds) + 1
        self.progress(number, self.steps, what, None)
        begun = time.perf_counter()
        yield
        took = time.perf_counter() - begun
        self.seconds[name or what.key.partition(".")[2]] = took
        self.progress(number, self.steps, what, took)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run_record(project: Project, clock: Clock) -> dict[str, Any]:
    """Return all that is needed to repeat a run, and its times; the only dated output."""
    return {
        "started": clock.started.isoformat(timespec="seconds"),
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
        "seconds_total": round(sum(clock.seconds.values()), 3),
        "scenario": project.scenario.as_mapping(),
        "inputs": {
            section: {"file": str(path.relative_to(project.folder)), "sha256": sha256(path)}
            for section, path in project.inputs.items()
        },
        "versions": {name: version(name) for name in RECORDED_PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
