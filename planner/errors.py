"""What can go wrong, said once, completely, and in the planner's language.

A calculation or a reader collects *every* problem that it finds before it raises: a planner
who mends a ledger wants the whole list, not the first line of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.labels import DEFAULT_LANGUAGE, Language, Message


class PlannerError(Exception):
    """The base of all errors that this package raises on purpose.

    Parameters
    ----------
    message
        What failed, as one sentence.
    problems
        Every problem found, in the order of the input. Each names its file and row where it
        has one, and its remedy.
    """

    def __init__(self, message: Message, problems: Sequence[Message] = ()) -> None:
        super().__init__(message, tuple(problems))
        self.message = message
        self.problems = tuple(problems)

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the sentence and the bulleted list of problems in one language."""
        lines = [self.message.text(language)]
        lines += [f"  - {problem.text(language)}" for problem in self.problems]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the text in the default language."""
        return self.text()


class ScenarioError(PlannerError, ValueError):
    """A setting in ``project.toml`` is unknown, missing or out of bounds."""


class TableError(PlannerError, ValueError):
    """A table that enters a calculation breaks the promises of :mod:`planner.tables`."""


class LedgerError(PlannerError, ValueError):
    """A ledger can be opened but not understood."""


class StreetsError(PlannerError, ValueError):
    """Street data cannot be turned into a walking network."""


class RuleBookError(PlannerError, ValueError):
    """A rule book is unknown or badly formed."""


class SitingError(PlannerError, ValueError):
    """A siting question cannot be asked of these tables."""


class RemedyError(PlannerError, ValueError):
    """A plan of remedies breaks what it promises."""


class SolverError(PlannerError, ValueError):
    """The solver broke down on a model."""


class InputFileError(PlannerError, OSError):
    """A file that the project names is missing or cannot be opened."""


class OutputFileError(PlannerError, OSError):
    """Results cannot be put where they were asked for."""
