"""A run's folder is finished aside and put in place by one rename: whole, or not there at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from planner.errors import OutputFileError, PlannerError
from planner.labels import message

MAP_FILE: Final = "map.html"
WORKBOOK_FILE: Final = "workbook.xlsx"
LAYERS_FILE: Final = "layers.gpkg"
SUMMARY_FILE: Final = "summary.json"
RECORD_FILE: Final = "run.json"
OUTPUT_FILES: Final = (MAP_FILE, WORKBOOK_FILE, LAYERS_FILE, SUMMARY_FILE, RECORD_FILE)
"""The files of a run. A folder that holds the last of them is one of ours."""

LEFTOVERS: Final = (*(f"{LAYERS_FILE}{end}" for end in ("-wal", "-shm", "-journal")), ".~lock.*")
"""What QGIS and LibreOffice leave beside a file that they have open."""


@contextmanager
def finished_aside(out: str | Path) -> Iterator[Path]:
    """Give an empty folder to write results in; put it in place of ``out`` when all is written.

    The folder given lies beside ``out``, so that putting it in place is a rename. Files in an
    older folder that are not a run's own (a planner's notes) are carried over. If anything
    fails, the older folder stays as it was and nothing new is left behind.

    Parameters
    ----------
    out
        Where the results go: a new place, an empty folder, or the folder of an earlier run.

    Yields
    ------
    Path
        The folder to write in.

    Raises
    ------
    OutputFileError
        If ``out`` is a file or somebody else's folder, or cannot be written.
    """
    target = Path(out).absolute()
    if target.exists():
        target = target.resolve()
    _refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        # mkdtemp makes a folder for its owner alone: results are to be read by colleagues.
        unfinished = aside / "new"
        unfinished.mkdir()
        try:
            yield unfinished
        except OSError as error:
            if isinstance(error, PlannerError):
                raise
            raise _cannot_write(target, error) from error
        _put_in_place(unfinished, target, aside / "old")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputFileError(message("outputs.not_a_folder", folder=str(target)))
    if any(target.iterdir()) and not (target / RECORD_FILE).is_file():
        raise OutputFileError(message("outputs.not_ours", folder=str(target)))


def _cannot_write(target: Path, error: OSError) -> OutputFileError:
    reason = error.strerror or str(error)
    return OutputFileError(message("outputs.cannot_write", folder=str(target), reason=reason))


def _put_in_place(finished: Path, target: Path, old: Path) -> None:
    """Move the finished folder to its place; the older one is back if that cannot be done."""
    try:
        if target.exists():
            target.rename(old)
            try:
                finished.rename(target)
            except OSError:
                old.rename(target)
                raise
            _carry_over(old, target)
        else:
            finished.rename(target)
    except OSError as error:
        raise _cannot_write(target, error) from error


def _carry_over(old: Path, target: Path) -> None:
    for kept in sorted(old.iterdir()):
        ours = kept.name in OUTPUT_FILES or any(kept.match(pattern) for pattern in LEFTOVERS)
        if not ours and not (target / kept.name).exists():
            kept.rename(target / kept.name)
