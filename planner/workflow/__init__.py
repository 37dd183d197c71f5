"""The order of the steps, from a project's folder to its outputs."""

from planner.workflow.checking import check, init
from planner.workflow.comparing.comparing import ComparedRuns, compare
from planner.workflow.headline import check_lines, headline
from planner.workflow.inputs.project import Project, read_project
from planner.workflow.run import RunResult, run

__all__ = [
    "ComparedRuns",
    "Project",
    "RunResult",
    "check",
    "check_lines",
    "compare",
    "headline",
    "init",
    "read_project",
    "run",
]
