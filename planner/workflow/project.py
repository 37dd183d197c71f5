"""A project is a folder: ``project.toml`` and the files that it names, all inside it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planner.errors import InputFileError, ScenarioError
from planner.labels import Message, message
from planner.scenario import LedgerSettings, Scenario, StreetsSettings, from_mapping
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook

PROJECT_FILE: Final = "project.toml"
RULES_FOLDER: Final = "rules"
"""Folder of a project that may hold rule books of its own."""

INPUTS: Final = (
    "streets", "communities", "residents", "centres", "candidates", "estates", "addresses"
)  # fmt: skip


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
        streets = self.scenario.streets
        for name in ("rules", "barriers"):
            if (file := getattr(streets, name)) is not None:
                paths[f"streets.{name}"] = self.folder / file
        for number, file in enumerate(streets.heights or (), start=1):
            paths[f"streets.heights.{number}"] = self.folder / file
        years = self.scenario.years
        if years.file is not None:
            paths["years"] = self.folder / years.file
        for year, file in sorted(years.files.items()):
            paths[f"years.files.{year}"] = self.folder / file
        return paths


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
    folder = Path(folder)
    file = folder / PROJECT_FILE
    if not file.is_file():
        raise InputFileError(message("workflow.no_project", folder=str(folder), file=PROJECT_FILE))
    try:
        mapping = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(message("workflow.not_toml", file=str(file), reason=error)) from error
    project = Project(folder, from_mapping(mapping))
    _refuse_outside(project)
    cache = project.scenario.streets.cache
    if cache is not None and _is_there(project.folder / cache):
        refusal = message("workflow.cache_is_a_file", file=cache)
        raise ScenarioError(message("scenario.refused"), [refusal])
    missing = [
        message("workflow.no_input", **_named(section), file=str(path))
        for section, path in project.inputs.items()
        if section not in unmade and not _is_there(path)
    ]
    if missing:
        raise InputFileError(message("workflow.inputs_missing", folder=str(folder)), missing)
    return project


def project_book(project: Project) -> RuleBook:
    """Return the rule book of a project, its own where it has a folder of them.

    Raises
    ------
    RuleBookError
        If no such book is known, or one is badly formed.
    """
    own = project.folder / RULES_FOLDER
    return rule_book(project.scenario.standard.book, own if own.is_dir() else None)


def _refuse_outside(project: Project) -> None:
    """Refuse a project that reads files from outside its folder: it could not be passed on."""
    home = project.folder.resolve()
    outside: list[Message] = [
        message("workflow.outside", **_named(section), file=str(path))
        for section, path in project.inputs.items()
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
