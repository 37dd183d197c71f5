"""Before a run: a new project begun, settings and ledgers judged."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from planner.errors import InputFileError, PlannerError
from planner.outputs.folder import (
    QUALITY_FILE,
    checked_target,
)
from planner.outputs.starter import write_starter
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import project_book
from planner.workflow.inputs.quality import refuse_grave, write_quality
from planner.workflow.inputs.reading import (
    Ledgers,
    read_ledgers,
)
from planner.workflow.inputs.record import Clock, Progress, silent
from planner.workflow.inputs.refusals import refuse_without_elders
from planner.workflow.inputs.text_storage import plain_text
from planner.workflow.inputs.walking import open_centres
from planner.workflow.preflight import open_project, refusals_of, refuse_all
from planner.workflow.programmes.settings import refuse_programme_of
from planner.workflow.run import OUT_FOLDER
from planner.workflow.siting.steps import project_sites

CHECK_STEPS: Final = 1


@plain_text()
def check(
    project: str | Path | Project,
    out: str | Path | None = None,
    *,
    strict: bool = False,
    progress: Progress = silent,
) -> Ledgers:
    """Read and judge the settings and ledgers of a project; compute nothing.

    Parameters
    ----------
    project, progress
        As for :func:`run`.
    out
        Folder for a copy of each ledger with every finding on the cell that it is about
        (:func:`planner.workflow.inputs.quality.write_quality`); nothing is written if not given.
    strict
        Whether any grave finding is an error, raised when the copies are written.

    Raises
    ------
    PlannerError
        On input that cannot be read at all, where nobody aged 60+ is known, and on rules of
        siting and of a programme that the ledgers do not bear out.
    """
    found, errors = open_project(project)
    if found is None:
        raise errors[0]
    project = found
    errors += refusals_of(project, project.folder / OUT_FOLDER)
    if out is not None:
        checked_target(out, mark=QUALITY_FILE)
    ledgers = _ledgers_or_all(project, Clock(CHECK_STEPS, progress), errors)
    if out is not None:
        write_quality(ledgers, out, language=project.scenario.project.language)
    # Rows that were all set aside are what a check is there to list.
    refuse_without_elders(ledgers)
    _refuse_sites(project, ledgers)
    if strict:
        refuse_grave([ledgers.findings])
    return ledgers


def _refuse_sites(project: Project, ledgers: Ledgers) -> None:
    """Refuse what the ledgers do not bear out of siting and programme, as a run does."""
    kinds = project.scenario.coverage.centre_kinds
    open_sites = open_centres(ledgers.centres.table, kinds)
    known = None if ledgers.candidates is None else ledgers.candidates.table
    refuse_programme_of(
        project.scenario, ledgers.residents.table, open_sites, known, project_book(project)
    )
    project_sites(project, ledgers, open_sites)


def _ledgers_or_all(project: Project, clock: Clock, errors: list[PlannerError]) -> Ledgers:
    """Return the ledgers, or raise what is wrong with them and with the settings, as one list."""
    missing = any(isinstance(error, InputFileError) for error in errors)
    try:
        # Ledgers that are not there have been told already.
        ledgers = None if missing else read_ledgers(project, clock)
    except PlannerError as error:
        errors.append(error)
        ledgers = None
    refuse_all(errors)
    if ledgers is None:
        raise errors[0]
    return ledgers


def init(folder: str | Path) -> Path:
    """Write a new project: commented settings and empty ledgers with their headings.

    Raises
    ------
    OutputFileError
        If the folder holds anything already, or cannot be made.
    """
    write_starter(Path(folder))
    return Path(folder)
