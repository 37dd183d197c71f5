"""What a run writes for paper: the report, and printed maps where they are asked for."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from planner.errors import OutputFileError
from planner.labels import Message, message
from planner.outputs.content import PlanContent
from planner.outputs.folder import PRINTED_FOLDER, REPORT_FILE
from planner.outputs.printed.printed_maps import (
    PAPER_NAMES,
    write_map_pictures,
    write_printed_maps,
)
from planner.outputs.report.pdf import report_pdf
from planner.outputs.report.writing import write_report
from planner.workflow.inputs.record import Clock

PDF_FILE: Final = "report.pdf"
PRINTING_STEPS: Final = 2
"""Steps besides the report, where printed maps are asked for."""


def refuse_paper(paper: str) -> None:
    """Refuse a paper that no sheet is drawn on, before long work.

    Raises
    ------
    OutputFileError
        If it is neither A3 nor A4.
    """
    if paper not in PAPER_NAMES:
        raise OutputFileError(message("printed.unknown_paper", paper=paper))


def write_for_paper(
    content: PlanContent, folder: Path, paper: str | None, clock: Clock
) -> tuple[Message, ...]:
    """Write the report, and where a paper is given the printed maps and the report as PDF.

    Parameters
    ----------
    content
        What the run has to say.
    folder
        Where the outputs of the run go.
    paper
        ``"A3"``, ``"A4"``, or ``None`` for the report without maps.
    clock
        Times the steps.

    Returns
    -------
    tuple of Message
        What could not be made, and why.
    """
    report = folder / REPORT_FILE
    if paper is None:
        with clock.step(message("printing.write_report")):
            write_report(content, report)
        return ()
    printed = folder / PRINTED_FOLDER
    with clock.step(message("printing.write_printed", paper=paper)):
        write_printed_maps(content, printed, paper=paper)
    with (
        clock.step(message("printing.write_report")),
        tempfile.TemporaryDirectory() as scratch,
    ):
        write_report(content, report, pictures=write_map_pictures(content, Path(scratch)))
    with clock.step(message("printing.write_pdf")):
        made = report_pdf(report, printed / PDF_FILE)
    return () if made else (message("printing.no_pdf"),)
