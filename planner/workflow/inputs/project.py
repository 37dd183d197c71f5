"""A project is a folder: ``project.toml`` and the files that it names, all inside it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from planner.errors import InputFileError, PlannerError, ScenarioError
from planner.labels import Message, message
from planner.scenario import LedgerSettings, Scenario, StreetsSettings, from_mapping
from planner.standards.rulebooks.books import own_books

PROJECT_FILE: Final = "project.toml"
INPUTS: Final = (
    "streets", "communities", "residents", "centres", "candidates", "estates", "addresses"
)  # fmt: skip
NAMED_FILES: Final = (
    ("streets", "rules"),
    ("streets", "barriers"),
    ("standard", "noise"),
    ("standard", "pollution"),
    ("standard", "medical"),
    ("remedies", "costs"),
    ("remedies", "last"),
)
"""Sections and the entries of theirs that name a file, where they are given."""


@dataclass(frozen=True)
class Project:
    """A folder whose settings have been read and whose files have been found.

    Parameters
    ----------
    folder
        The project's folder.
    scenario
        Its settings.
    """

    folder: Path
    scenario: Scenario

    def path(self, section: str) -> Path | None:
        """Return the file that a section names, or ``None`` where the section is absent."""
        settings: LedgerSettings | StreetsSettings | None = getattr(self.scenario, section)
        return None if settings is None else self.folder / settings.file

    @property
    def inputs(self) -> dict[str, Path]:
        """The files of the project by section, ``project.toml`` first."""
        paths = {"project": self.folder / PROJECT_FILE}
        paths |= {name: path for name in INPUTS if (path := self.path(name)) is not None}
        for section, name in NAMED_FILES:
            if (file := getattr(getattr(self.scenario, section), name)) is not None:
                paths[f"{section}.{name}"] = self.folder / file
        for number, file in enumerate(self.scenario.streets.heights or (), start=1):
            paths[f"streets.heights.{number}"] = self.folder / file
        paths |= {
            f"standard.folder.{name}": self.rules_folder / file.name
            for name, file in own_books(self.rules_folder).items()
        }
        years = self.scenario.years
        if years.file is not None:
            paths["years"] = self.folder / years.file
        for year, file in sorted(years.files.items()):
            paths[f"years.files.{year}"] = self.folder / file
        return paths

    @property
    def rules_folder(self) -> Path:
        """The folder that may hold rule books of the project's own; it need not be there."""
        return self.folder / self.scenario.standard.folder


def read_settings(folder: str | Path) -> Project:
    """Read a project's settings alone; its other files need not be there yet.

    Raises
    ------
    InputFileError
        If the folder or ``project.toml`` is missing.
    ScenarioError
        If the settings are wrong, or name a file outside the project's folder.
    """
    project = Project(Path(folder), from_mapping(_mapping(Path(folder))))
    _refuse_outside(project)
    return project


def _mapping(folder: Path) -> dict[str, Any]:
    file = folder / PROJECT_FILE
    if not file.is_file():
        raise InputFileError(message("workflow.no_project", folder=str(folder), file=PROJECT_FILE))
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(message("workflow.not_toml", file=str(file), reason=error)) from error


def read_as_far(folder: str | Path) -> tuple[Project | None, list[PlannerError]]:
    """Read a project's settings as far as they go, and what is wrong with them and their files.

    Settings that are wrong stand as if they were not given, so that the others can be judged.

    Parameters
    ----------
    folder
        The folder that holds ``project.toml``.

    Returns
    -------
    tuple
        The project, ``None`` where too little of it can be read; and the errors.
    """
    folder = Path(folder)
    errors: list[PlannerError] = []
    try:
        mapping = _mapping(folder)
    except PlannerError as error:
        return None, [error]
    try:
        scenario = from_mapping(mapping)
    except ScenarioError as error:
        errors.append(error)
        try:
            scenario = from_mapping(_without(mapping, error.problems))
        except ScenarioError:
            return None, errors
    project = Project(folder, scenario)
    for refuses in (_refuse_outside, _refuse_cache, _refuse_missing):
        try:
            refuses(project)
        except PlannerError as error:
            errors.append(error)
    return project, errors


def _without(mapping: Mapping[str, Any], problems: Iterable[Message]) -> dict[str, Any]:
    """Return settings without those that problems are about."""
    kept = {
        name: dict(values) if isinstance(values, Mapping) else values
        for name, values in mapping.items()
    }
    for problem in problems:
        section, name = str(problem.fields.get("section")), problem.fields.get("name")
        if section in kept and name is None:
            del kept[section]
        elif isinstance(values := kept.get(section), dict):
            values.pop(name, None)
    return kept


def read_project(folder: str | Path, *, unmade: Collection[str] = ()) -> Project:
    """Read a project's settings and find its files.

    Parameters
    ----------
    folder
        The folder that holds ``project.toml``.
    unmade
        Sections whose file may be missing, because it is about to be made: ``addresses``.

    Raises
    ------
    InputFileError
        If the folder or ``project.toml`` is missing, or files that it names are missing: all
        of them are listed.
    ScenarioError
        If the settings are wrong, or name a file outside the project's folder.
    """
    project = read_settings(folder)
    _refuse_cache(project)
    _refuse_missing(project, unmade)
    return project


def _refuse_cache(project: Project) -> None:
    cache = project.scenario.streets.cache
    if cache is not None and _is_there(project.folder / cache):
        refusal = message("workflow.cache_is_a_file", file=cache)
        raise ScenarioError(message("scenario.refused"), [refusal])


def _refuse_missing(project: Project, unmade: Collection[str] = ()) -> None:
    missing = [
        message("workflow.no_input", **_named(section), file=str(path))
        for section, path in project.inputs.items()
        if section not in unmade and not _is_there(path)
    ]
    if missing:
        where = message("workflow.inputs_missing", folder=str(project.folder))
        raise InputFileError(where, missing)


def _refuse_outside(project: Project) -> None:
    """Refuse a project that reads files from outside its folder: it could not be passed on."""
    home = project.folder.resolve()
    read = project.inputs | {"standard.folder": project.rules_folder}
    outside: list[Message] = [
        message("workflow.outside", **_named(section), file=str(path))
        for section, path in read.items()
        if not _lies_in(path, home)
    ]
    if outside:
        raise ScenarioError(message("scenario.refused"), outside)


def _named(section: str) -> dict[str, str]:
    """Return where ``project.toml`` names an input: ``streets.heights.1`` in [streets] heights."""
    name, *entry = section.split(".")
    return {"section": name, "entry": entry[0] if entry else "file"}


def _lies_in(path: Path, home: Path) -> bool:
    """Tell whether a path stays in a folder; what no file can be called is missing, not outside."""
    try:
        return path.resolve().is_relative_to(home)
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, links in a ring
        return True


def _is_there(path: Path) -> bool:
    """Tell whether there is such a file; there is none of a name that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
