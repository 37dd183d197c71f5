"""A run says the same where pyarrow keeps pandas' text, and so do the steps of a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.labels import Language
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.run import find_out
from tests.workflow.town import write_town

CLOCK_STEPS = 40


def _found(town: Path, storage: str, language: Language = "zh") -> tuple[str, list[Any]]:
    with pd.option_context("mode.string_storage", storage):
        project = read_project(town)
        findings = find_out(project, Clock(CLOCK_STEPS, silent))
        told = json.dumps(findings.summary, sort_keys=True, default=str)
        return told, [one.text(language) for one in findings.notices]


def test_text_in_pyarrow_s_arrays_changes_no_figure(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    town = write_town(tmp_path / "town")
    assert _found(town, "pyarrow") == _found(town, "python")


def test_a_run_leaves_the_user_s_own_setting_as_it_was(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town")
    with pd.option_context("mode.string_storage", "pyarrow"):
        result = planner.run(town, tmp_path / "out")
        assert pd.get_option("mode.string_storage") == "pyarrow"
    storage = result.findings.ledgers.centres.table["name"].dtype
    assert getattr(storage, "storage", "python") == "python"
