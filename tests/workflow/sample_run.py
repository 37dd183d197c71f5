"""One run of the sample district, made by the very Python that the README shows."""

from __future__ import annotations

import ast
import re
import shutil
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from planner.ledgers import LedgerWarning
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.remedies.trials import Trial
from planner.workflow import RunResult

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"


@dataclass(frozen=True)
class SampleRun:
    """What the README's Python made up to its run of the sample, and what it goes on with.

    ``remedies`` are the run's, with what they were found from. ``names`` are those of the README's
    Python, ``rest`` its statements after the run, for ``folder``.
    """

    result: RunResult
    remedies: tuple[Remedies, Judgement, Surroundings]
    folder: Path
    names: dict[str, Any]
    rest: list[ast.stmt]

    def go_on(self) -> dict[str, Any]:
        """Run the rest of the README's Python, and return all names that it has then."""
        names = dict(self.names)
        _execute(self.rest, names, self.folder)
        return names


def python_of(readme: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    assert blocks
    return "\n".join(blocks)


def run_readme(folder: Path) -> SampleRun:
    """Run the README's Python, up to its run, in a folder that holds a copy of the sample."""
    shutil.copytree(SAMPLE, folder / "data" / "sample")
    caught: list[tuple[Remedies, Judgement, Surroundings]] = []

    def watched(judgement: Judgement, around: Surroundings, trial: Trial | None = None) -> Remedies:
        found = find_remedies(judgement, around, trial)
        caught.append((found, judgement, around))
        return found

    statements = ast.parse(python_of("README.md")).body
    (run,) = (at for at, one in enumerate(statements) if ast.unparse(one).startswith("result = "))
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.workflow.remedies.found.find_remedies", watched)
        _execute(statements[: run + 1], names, folder)
    result = replace(names["result"], folder=folder / names["result"].folder)
    return SampleRun(result, caught[0], folder, names, statements[run + 1 :])


def _execute(statements: list[ast.stmt], names: dict[str, Any], folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.chdir(folder)
        # The sample's shops and offices are set aside, and said so.
        warnings.simplefilter("ignore", LedgerWarning)
        exec(compile(ast.Module(statements, []), "README.md", "exec"), names)
