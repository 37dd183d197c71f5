"""The runs that several files of tests look at, each made once."""

from __future__ import annotations

import pytest

import planner
from planner.workflow.run import RunResult
from tests.workflow.sample_run import SampleRun, run_readme
from tests.workflow.town import write_town


@pytest.fixture(scope="session")
def plain_town(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Return the run of the one-street town as it is: to be looked at, never to be changed."""
    return planner.run(write_town(tmp_path_factory.mktemp("plain") / "town"))


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """Return what the README's Python made of the sample: to be looked at, never to be changed."""
    return run_readme(tmp_path_factory.mktemp("readme"))
