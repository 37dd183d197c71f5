"""A run's folder is finished aside and put in place by one rename: whole, or not there at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from planner.errors import OutputFileError, PlannerError
from planner.labels import message

MAP_FILE: Final = "map.html"
WORKBOOK_FILE: Final = "workbook.xlsx"
REPORT_FILE: Final = "report.docx"
LAYERS_FILE: Final = "layers.gpkg"
SUMMARY_FILE: Final = "summary.json"
RECORD_FILE: Final = "run.json"
BASELINE_FILE: Final = "baseline.json"
LAST_WORKBOOK_FILE: Final = "workbook.last.xlsx"
"""The workbook as it was before the run, with what people had typed into its list."""
PRINTED_FOLDER: Final = "printed"
"""Maps on paper and the report as PDF, where they were asked for."""

PARQUET_FOLDER: Final = "parquet"
"""The layers as GeoParquet, where they were asked for."""

OUTPUT_FILES: Final = (
    MAP_FILE, WORKBOOK_FILE, REPORT_FILE, LAYERS_FILE, PRINTED_FOLDER, PARQUET_FOLDER,
    SUMMARY_FILE, BASELINE_FILE, RECORD_FILE,
)  # fmt: skip
"""What a run writes. A folder that holds the last of them is one of ours."""

LEFTOVERS: Final = (*(f"{LAYERS_FILE}{end}" for end in ("-wal", "-shm", "-journal")), ".~lock.*")
"""What QGIS and LibreOffice leave beside a file that they have open."""


QUALITY_FILE: Final = "quality.json"
MARKED_END: Final = "_数据质量.xlsx"
"""What the files of a check are called: ``centres.csv`` is told in ``centres_数据质量.xlsx``."""


@contextmanager
def finished_aside(
    out: str | Path, *, mark: str = RECORD_FILE, unedited: Mapping[str, str | None] | None = None
) -> Iterator[Path]:
    """Give an empty folder to write results in; put it in place of ``out`` when all is written.

    The folder given lies beside ``out``, so that putting it in place is a rename. Files in an
    older folder that are not a run's own (a planner's notes) are carried over. If anything
    fails, the older folder stays as it was and nothing new is left behind.

    Parameters
    ----------
    out
        Where the results go: a new place, an empty folder, or the folder of an earlier run.
    mark
        The file by which an earlier folder of the kind is known.
    unedited
        Files of the older folder that were read, with their :func:`content_mark` then: if one
        has changed since, the older folder stays.

    Yields
    ------
    Path
        The folder to write in.

    Raises
    ------
    OutputFileError
        If ``out`` is a file or somebody else's folder, or cannot be written; or a file of it was
        edited meanwhile.
    """
    target = checked_target(out, mark=mark)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    old = aside / "old"
    try:
        # mkdtemp makes a folder for its owner alone: results are to be read by colleagues.
        unfinished = aside / "new"
        unfinished.mkdir()
        try:
            yield unfinished
            _carry_over(target, unfinished)
            _put_in_place(unfinished, target, old, unedited or {})
        except OSError as error:
            if isinstance(error, PlannerError):
                raise
            raise _cannot_write(target, error) from error
    finally:
        # Whatever ended the run, what is aside is only thrown away once the place is taken.
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def content_mark(file: Path) -> str | None:
    """Return what tells a file's content from any other; ``None`` if there is no such file."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def write_new_text(path: str | Path, text: str) -> None:
    """Write a new text file, whole or not at all; one that is there is never written over.

    Raises
    ------
    OutputFileError
        If there is such a file already, or it cannot be written.
    """
    target = Path(path)
    if target.exists():
        raise OutputFileError(message("outputs.file_exists", file=str(target)))
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            aside.write_text(text, encoding="utf-8")
            aside.rename(target)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(target, error) from error


def checked_target(out: str | Path, *, mark: str = RECORD_FILE) -> Path:
    """Return where results would go, or refuse a place that they cannot go to.

    Asked before long work, so that it is not done in vain.

    Raises
    ------
    OutputFileError
        As :func:`finished_aside`.
    """
    target = Path(out).absolute()
    try:
        if target.exists():
            target = target.resolve()
            _refuse_foreign(target, mark)
        above = next(folder for folder in target.parents if folder.exists())
    except PlannerError:  # which an OutputFileError is, and an OSError, too
        raise
    except OSError as error:
        raise _cannot_write(target, error) from error
    if not os.access(above, os.W_OK):
        raise _cannot_write(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return target


def _refuse_foreign(target: Path, mark: str) -> None:
    if not target.is_dir():
        raise OutputFileError(message("outputs.not_a_folder", folder=str(target)))
    if any(target.iterdir()) and not (target / mark).is_file():
        raise OutputFileError(message("outputs.not_ours", folder=str(target), mark=mark))


def _cannot_write(target: Path, error: OSError) -> OutputFileError:
    reason = error.strerror or str(error)
    return OutputFileError(message("outputs.cannot_write", folder=str(target), reason=reason))


def _put_in_place(
    finished: Path, target: Path, old: Path, unedited: Mapping[str, str | None]
) -> None:
    """Move the finished folder to its place; the older one is back if that cannot be done."""
    if not target.exists():
        finished.rename(target)
        return
    _refuse_edited(target, target, unedited)
    target.rename(old)
    try:
        # Once more: what was saved in between lies in the older folder now.
        _refuse_edited(old, target, unedited)
        finished.rename(target)
    except OSError:
        old.rename(target)
        raise


def _refuse_edited(folder: Path, target: Path, unedited: Mapping[str, str | None]) -> None:
    for name, before in unedited.items():
        if content_mark(folder / name) != before:
            raise OutputFileError(message("outputs.edited_meanwhile", file=str(target / name)))


def _carry_over(target: Path, finished: Path) -> None:
    """Copy what a planner keeps in the older folder: it is whole until the new one stands."""
    if not target.exists():
        return
    for kept in sorted(target.iterdir()):
        ours = kept.name in OUTPUT_FILES or any(kept.match(pattern) for pattern in LEFTOVERS)
        ours = ours or kept.name == QUALITY_FILE or kept.name.endswith(MARKED_END)
        if ours or (finished / kept.name).exists():
            continue
        if kept.is_dir() and not kept.is_symlink():
            shutil.copytree(kept, finished / kept.name, symlinks=True)
        else:
            shutil.copy2(kept, finished / kept.name, follow_symlinks=False)
