"""What a project is refused for before any work: its settings, its books, what people typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planner.errors import InputFileError, PlannerError, ScenarioError
from planner.labels import message
from planner.outputs.folder import WORKBOOK_FILE, content_mark
from planner.standards.remedies.defects import LastList
from planner.standards.rulebooks.books import faults_once
from planner.workflow.covering.grading import grade_settings
from planner.workflow.inputs.project import Project, read_as_far
from planner.workflow.inputs.project_books import audit_day, project_book, project_other_books
from planner.workflow.inputs.reading import read_project_rules
from planner.workflow.inputs.walking import walker_for
from planner.workflow.programmes.settings import refuse_programme
from planner.workflow.remedies.found import last_list, project_costs
from planner.workflow.siting.settings import refuse_siting
from planner.workflow.standards.judging import grade_thresholds
from planner.workflow.standards.judging_layers import own_layer
from planner.workflow.standards.provision import given_people

Refusal = Callable[[Project], object]

SETTINGS: Final[tuple[Refusal, ...]] = (
    lambda project: walker_for(project.scenario.walking),
    lambda project: grade_settings(project.scenario),
    lambda project: grade_thresholds(project.scenario),
    lambda project: given_people(project.scenario),
    audit_day,
    project_book,
    project_other_books,
    refuse_siting,
    refuse_programme,
)
"""What can be refused of a project by its settings and its books."""

FILES: Final[tuple[tuple[str, str, Refusal], ...]] = (
    ("streets", "rules", read_project_rules),
    ("remedies", "costs", project_costs),
    ("standard", "noise", lambda project: own_layer(project, "noise")),
    ("standard", "pollution", lambda project: own_layer(project, "pollution")),
    ("standard", "medical", lambda project: own_layer(project, "medical")),
)
"""Small files that settings name; one that is not there is told when the project is opened."""


@dataclass(frozen=True)
class Ready:
    """A project that nothing is against, as far as can be told before its ledgers are read.

    Parameters
    ----------
    project
        The project.
    last
        The last run's list of defects.
    unedited
        The files of the outputs' folder that were read, with their mark then.
    """

    project: Project
    last: LastList | None
    unedited: dict[str, str | None]


def open_project(project: str | Path | Project) -> tuple[Project | None, list[PlannerError]]:
    """Return a project as far as its settings can be read, and what is wrong with them."""
    return (project, []) if isinstance(project, Project) else read_as_far(project)


def refusals_of(project: Project, folder: Path | None = None) -> list[PlannerError]:
    """Return everything that a project is refused for before its ledgers are read.

    Parameters
    ----------
    project
        The project.
    folder
        The folder of the outputs, where the last list may be.
    """
    asked = [*SETTINGS]
    asked += [refuses for section, name, refuses in FILES if _is_there(project, section, name)]
    if folder is not None and _is_there(project, "remedies", "last"):
        asked.append(lambda one: last_list(one, folder))
    errors: list[PlannerError] = []
    for refuses in asked:
        try:
            refuses(project)
        except PlannerError as error:
            errors.append(error)
    return errors


def _is_there(project: Project, section: str, name: str) -> bool:
    """Tell whether the file of a setting can be read; also where it names none."""
    file = getattr(getattr(project.scenario, section), name)
    return file is None or (project.folder / file).is_file()


def refuse_all(errors: list[PlannerError]) -> None:
    """Raise what was found: one error as its kind, several as one list of all they tell.

    Raises
    ------
    PlannerError
        If there is any.
    """
    told = faults_once(one for error in errors for one in (error.problems or (error.message,)))
    # The same file may be refused twice, by its settings and where it is read: still one error.
    if len({(type(error), error.message.text()) for error in errors}) == 1:
        alone = errors[0]
        raise type(alone)(alone.message, told if alone.problems else ()) from alone
    if errors:
        raise ScenarioError(message("scenario.refused"), told)


def ready(project: str | Path | Project, out: str | Path | None, default: str) -> Ready:
    """Return a project that is ready to be run, with what people typed into its last list.

    Parameters
    ----------
    project
        A project, or its folder.
    out
        Folder of the outputs; ``default`` in the project's own if ``None``.
    default
        Name of that folder.

    Raises
    ------
    PlannerError
        With everything that is wrong, in one list.
    """
    found, errors = open_project(project)
    if found is None:
        raise errors[0]
    folder = Path(out) if out is not None else found.folder / default
    # Marked before it is read: what is typed in between is seen at the end.
    mark = _mark(folder / WORKBOOK_FILE)
    refuse_all([*errors, *refusals_of(found, folder)])
    return Ready(found, last_list(found, folder), {WORKBOOK_FILE: mark})


def _mark(file: Path) -> str | None:
    try:
        return content_mark(file)
    except OSError as error:
        told = message("remedies.last_unreadable", file=file.name, reason=error)
        raise InputFileError(told) from error
