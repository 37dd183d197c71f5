"""The report as PDF, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from planner.outputs.report.fields import without_contents_field

PROGRAMS: Final = ("soffice", "libreoffice")
TIMEOUT_S: Final = 180.0
"""A hung office must not hang a run: the sample's report takes a few seconds."""


def report_pdf(docx_path: Path, pdf_path: Path, *, timeout_s: float = TIMEOUT_S) -> bool:
    """Write a report as PDF by LibreOffice, without a window and in a profile of its own.

    Parameters
    ----------
    docx_path
        What :func:`planner.outputs.report.writing.write_report` wrote.
    pdf_path
        The file to write; left as it was where nothing comes of it.
    timeout_s
        Seconds after which LibreOffice is given up.

    Returns
    -------
    bool
        Whether the PDF was written. ``False`` where there is no LibreOffice, or it made none:
        the Word document stands by itself.
    """
    office = next((found for found in map(shutil.which, PROGRAMS) if found), None)
    if office is None:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = folder / "report.docx"
        _with_page_numbers(docx_path, source)
        command = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder),
            str(source),
        ]  # fmt: skip
        made = folder / "report.pdf"
        if not _ran(command, timeout_s) or not made.exists():
            return False
        shutil.copyfile(made, pdf_path)
    return True


def _ran(command: list[str], timeout_s: float) -> bool:
    """Run LibreOffice; given up, it is ended with all that it started."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return False
    try:
        return process.wait(timeout_s) == 0
    except subprocess.TimeoutExpired:
        # What is found on the path is a starter: ended alone, it would leave the office behind.
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def _with_page_numbers(docx_path: Path, source: Path) -> None:
    """Copy a report so that LibreOffice works out the page numbers of its contents."""
    with zipfile.ZipFile(docx_path) as made, zipfile.ZipFile(source, "w") as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "word/document.xml":
                part = without_contents_field(part.decode("utf-8")).encode("utf-8")
            kept.writestr(name, part)
