"""One run of the sample district, made by the very Python that the README shows."""

from __future__ import annotations

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
from planner.workflow import RunResult

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"


@dataclass(frozen=True)
class SampleRun:
    """What the README's Python made.

    ``remedies`` are the run's, with what they were found from. ``trouble`` is what stopped the
    README's Python after its run, if anything did.
    """

    result: RunResult
    remedies: tuple[Remedies, Judgement, Surroundings]
    names: dict[str, Any]
    trouble: Exception | None


def python_of(readme: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    assert blocks
    return "\n".join(blocks)


def run_readme(folder: Path) -> SampleRun:
    """Run the README's Python in a folder that holds a copy of the sample."""
    shutil.copytree(SAMPLE, folder / "data" / "sample")
    caught: list[tuple[Remedies, Judgement, Surroundings]] = []

    def watched(judgement: Judgement, around: Surroundings) -> Remedies:
        found = find_remedies(judgement, around)
        caught.append((found, judgement, around))
        return found

    names: dict[str, Any] = {}
    trouble = None
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.chdir(folder)
        patch.setattr("planner.workflow.remedies.find_remedies", watched)
        # The sample's shops and offices are set aside, and said so.
        warnings.simplefilter("ignore", LedgerWarning)
        try:
            exec(python_of("README.md"), names)
        except Exception as error:
            if "result" not in names:
                raise
            trouble = error
    result = replace(names["result"], folder=folder / names["result"].folder)
    return SampleRun(result, caught[0], names, trouble)
