"""Before and after: two runs compared from their folders, told and written (闭环复查)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from planner.coverage.comparing import Comparison
from planner.coverage.comparing import compare as compare_states
from planner.coverage.same_centres import SameCentres
from planner.errors import InputFileError, ScenarioError
from planner.labels import DEFAULT_LANGUAGE, LANGUAGES, Language, Message, message, text
from planner.outputs.compared.baseline import Baseline
from planner.outputs.compared.comparison import (
    COMPARISON_BOOK,
    COMPARISON_FILE,
    ComparisonContent,
    write_comparison,
)
from planner.outputs.compared.comparison_book import write_comparison_book
from planner.outputs.compared.comparison_words import headline
from planner.outputs.folder import checked_target, finished_aside
from planner.outputs.words import word
from planner.standards.provision.grade_changes import JudgedChanges
from planner.workflow.comparing.grades import centres_of_runs, judged_changes
from planner.workflow.comparing.runs import (
    COMPUTING_STEPS,
    PLANNING_STEPS,
    computed,
    project_or_kept,
    today_and_plan,
)
from planner.workflow.comparing.settings import (
    common_ground,
    refuse_two_populations,
    settings_table,
)
from planner.workflow.inputs.project import PROJECT_FILE, Project
from planner.workflow.inputs.record import Clock, Progress, silent
from planner.workflow.inputs.text_storage import plain_text

FILES: Final = {"workbook": COMPARISON_BOOK, "record": COMPARISON_FILE}


@dataclass(frozen=True, eq=False)
class ComparedRuns:
    """Two runs compared.

    Parameters
    ----------
    before, after
        What of them is compared.
    comparison
        What changed: coverage, gaps, centres.
    folders
        What the folders of both are called, without the way to them.
    folder
        Where the outputs are; ``None`` where none were asked for.
    is_plan
        Whether the later one is the siting plan of the earlier.
    judged
        What became of grades of centres and of defects; ``None`` where a run kept none.
    same
        Which centres are the same, and by what.
    notices
        What else is to be known of the siting plan: by what its sites were chosen.
    """

    before: Baseline
    after: Baseline
    comparison: Comparison
    folders: tuple[str, str]
    folder: Path | None
    is_plan: bool
    judged: JudgedChanges | None
    same: SameCentres
    notices: tuple[Message, ...] = ()

    @property
    def files(self) -> dict[str, Path]:
        """The outputs by name: workbook, record."""
        if self.folder is None:
            return {}
        return {name: self.folder / file for name, file in FILES.items()}

    @property
    def coverage(self) -> pd.DataFrame:
        """Persons by age before and after: see :class:`planner.coverage.comparing.Comparison`."""
        return self.comparison.coverage

    @property
    def gaps(self) -> pd.DataFrame:
        """What became of each gap."""
        return self.comparison.gaps.table

    @property
    def centres(self) -> pd.DataFrame:
        """What became of each centre, and whom it covers."""
        return self.comparison.centres

    def settings(self, language: Language = DEFAULT_LANGUAGE) -> pd.DataFrame:
        """Return both runs' settings side by side, and which differ."""
        return settings_table(self.before, self.after, language)

    def headline(self, language: Language = DEFAULT_LANGUAGE) -> list[str]:
        """Return the figures that matter, a sentence each; what is unlike in the runs first."""
        return headline(self.content(language))

    def content(self, language: Language) -> ComparisonContent:
        """Return what the outputs are made from, in one language."""
        return ComparisonContent(
            language=language,
            before=self.before,
            after=self.after,
            names=self._names(language),
            comparison=self.comparison,
            settings=self.settings(language),
            is_plan=self.is_plan,
            judged=self.judged,
            same=self.same,
            notices=self.notices,
        )

    def _names(self, language: Language) -> tuple[str, str]:
        one, two = (
            {
                "folder": folder,
                "project": run.settings.get("project", ""),
                "kind": word(str(run.settings.get("population_kind", "")), language),
                "date": run.settings.get("population_date") or text("outputs.no_date", language),
            }
            for run, folder in zip((self.before, self.after), self.folders, strict=True)
        )
        if self.is_plan:
            today, planned = self.before.state.centres.index, self.after.state.centres.index
            closed = len(today.difference(planned))
            told = {"chosen": len(planned.difference(today)), "closed": closed}
            name = text("comparing.today_name", language, **one)
            key = "plan_name_closing" if closed else "plan_name"
            return name, text(f"comparing.{key}", language, **told)
        return (
            text("comparing.run_name", language, **one),
            text("comparing.run_name", language, **two),
        )


@plain_text()
def compare(
    before: str | Path,
    after: str | Path | None = None,
    out: str | Path | None = None,
    *,
    plan: bool = False,
    progress: Progress = silent,
) -> ComparedRuns:
    """Compare two runs: coverage by age, gaps closed, opened and moved, centre by centre.

    Parameters
    ----------
    before, after
        A project's folder, computed anew, or the outputs' folder of an earlier run. Two projects
        are compared resident by resident where ids were kept; results hold no residents, and are
        compared by their sums and by the ground of their gaps.
    out
        Folder of ``闭环复查.xlsx`` and ``comparison.json``, in the later project's language, put in
        place whole or not at all; nothing is written if not given.
    plan
        Whether the project ``before`` is compared with its own siting plan; ``after`` is left out.
    progress
        Called as each step begins and ends.

    Raises
    ------
    InputFileError
        If a folder is neither a project nor results that can be compared.
    LedgerError
        If the runs count different populations, or are of two places.
    PlannerError
        As :func:`planner.run` on a project that cannot be computed.
    """
    if out is not None:
        checked_target(out, mark=COMPARISON_FILE)
    runs = _opened(before, after, plan=plan)
    one, two, notices = _computed(runs, plan=plan, progress=progress)
    refuse_two_populations(one, two)
    common_ground(one, two)
    same = centres_of_runs(one, two)
    found = ComparedRuns(
        before=one,
        after=two,
        comparison=compare_states(one.state, two.state, same),
        folders=(_called(before), _called(before if after is None else after)),
        folder=None if out is None else Path(out),
        is_plan=plan,
        judged=None if plan else judged_changes(one, two, same),
        same=same,
        notices=notices,
    )
    if out is not None:
        told = str(two.settings.get("language", DEFAULT_LANGUAGE))
        language = next((one for one in LANGUAGES if one == told), DEFAULT_LANGUAGE)
        content = found.content(language)
        with finished_aside(out, mark=COMPARISON_FILE) as aside:
            write_comparison_book(content, aside / COMPARISON_BOOK)
            write_comparison(content, aside / COMPARISON_FILE)
    return found


def _called(folder: str | Path) -> str:
    """Return what a folder is called: results by the folder that they lie in, too."""
    place = Path(folder).resolve()
    kept = not (place / PROJECT_FILE).is_file()
    return f"{place.parent.name}/{place.name}" if kept else place.name


def _opened(
    before: str | Path, after: str | Path | None, *, plan: bool
) -> list[Project | Baseline]:
    """Open what is compared: both folders before anything is computed.

    Raises
    ------
    ScenarioError
        If one folder is too many or too few for what is asked.
    InputFileError
        As :func:`planner.workflow.comparing.runs.project_or_kept`.
    """
    if plan and after is not None:
        raise ScenarioError(message("comparing.plan_or_after"))
    if not plan and after is None:
        raise ScenarioError(message("comparing.no_after"))
    runs = [project_or_kept(Path(one)) for one in (before, after) if one is not None]
    if plan and not isinstance(runs[0], Project):
        raise InputFileError(message("comparing.plan_of_results", folder=str(before)))
    return runs


def _computed(
    runs: list[Project | Baseline], *, plan: bool, progress: Progress
) -> tuple[Baseline, Baseline, tuple[Message, ...]]:
    """Compute those that are projects, one after the other, counting their steps together."""
    steps = PLANNING_STEPS if plan else COMPUTING_STEPS
    total = steps * sum(isinstance(one, Project) for one in runs)
    done = 0

    def told(step: int, _: int, what: Message, seconds: float | None) -> None:
        progress(done + step, total, what, seconds)

    found: list[Baseline] = []
    for one in runs:
        if not isinstance(one, Project):
            found.append(one)
        elif plan:
            today, planned, notices = today_and_plan(one, Clock(steps, told))
            return today, planned, notices
        else:
            found.append(computed(one, Clock(steps, told)))
            done += steps
    return found[0], found[1], ()
