"""The quality report: every finding back on a copy of the planner's own ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import LedgerError
from planner.labels import Language, message
from planner.ledgers.findings import Ledger
from planner.ledgers.marking import Layout
from planner.outputs.book.marked_ledger import SEVERITIES, write_marked_ledger
from planner.outputs.folder import MARKED_END, QUALITY_FILE, finished_aside
from planner.outputs.summary import write_summary
from planner.workflow.inputs.reading import Ledgers


def counts(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger's rows by what became of them, and its findings by how grave they are."""
    severity = ledger.findings["severity"]
    return {
        "file": ledger.file.name,
        "rows_read": ledger.rows_read,
        "rows_used": len(ledger.table) - ledger.rows_added,
        "rows_set_aside": len(ledger.set_aside),
        "rows_added": ledger.rows_added,
        "findings": {name: int((severity == name).sum()) for name in SEVERITIES},
    }


def write_quality(ledgers: Ledgers, out: str | Path, *, language: Language) -> dict[str, Path]:
    """Write a workbook a ledger, and ``quality.json`` with the counts of all.

    A workbook's own sheet comes back with each finding as a comment on the cell that it is about,
    rows set aside in grey, and a sheet 数据质量; other files come as that sheet alone.

    Parameters
    ----------
    ledgers
        What :func:`planner.check` returned.
    out
        Folder of the outputs, put in place whole or not at all.
    language
        Language of the comments.

    Returns
    -------
    dict
        Ledger → its file.

    Raises
    ------
    OutputFileError
        If the folder is somebody else's or cannot be written.
    """
    files: dict[str, Path] = {}
    summary: dict[str, Any] = {}
    with finished_aside(out, mark=QUALITY_FILE) as aside:
        for name, ledger in ledgers.by_name.items():
            file = f"{ledger.file.stem}{MARKED_END}"
            if file in {one.name for one in files.values()}:
                file = f"{ledger.file.stem}_{name}{MARKED_END}"
            write_marked_ledger(
                ledger.file,
                ledger.findings,
                ledger.layout or Layout(),
                aside / file,
                language=language,
            )
            files[name] = Path(out) / file
            summary[name] = counts(ledger)
        write_summary(summary, aside / QUALITY_FILE)
    return files


def refuse_grave(findings: Iterable[pd.DataFrame]) -> None:
    """Refuse to go on where any finding is grave (``--strict``).

    Parameters
    ----------
    findings
        Findings of ledgers, those of coming years among them.

    Raises
    ------
    LedgerError
        With every grave finding, by file and row.
    """
    problems = []
    for table in findings:
        grave = table[table["severity"] == "grave"]
        for one in grave.to_dict(orient="records"):
            told = message(one["key"], **one["fields"])
            key = "workflow.grave_file" if pd.isna(one["row"]) else "workflow.grave_row"
            problems.append(message(key, file=one["file"], row=one["row"], told=told))
    if problems:
        raise LedgerError(message("workflow.strict", count=len(problems)), problems)
