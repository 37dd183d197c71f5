"""The remedies of one plan as its outputs show them: the list, the pages, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.labels import Language, Message, choice
from planner.outputs.content import CentrePage, Told
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.remedies.defects import DefectList, LastList
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.inputs.walking import Walks
from planner.workflow.remedies.found import project_costs, remedies_notices, remedies_of
from planner.workflow.remedies.listing import defect_list, lines, list_sheet, remedies_summary
from planner.workflow.remedies.pages import centre_pages
from planner.workflow.remedies.worded import Worded
from planner.workflow.siting.answering import Siting
from planner.workflow.standards.judging import Judged


@dataclass(frozen=True, eq=False)
class PlanRemedies:
    """What would cure a plan's centres, and the list that people work off.

    Parameters
    ----------
    worded
        Measures and findings.
    listed
        The list with what people typed into the last one.
    grades
        Grade of each centre, by id.
    """

    worded: Worded
    listed: DefectList
    grades: pd.Series

    @property
    def notices(self) -> tuple[Message, ...]:
        """What every reader must know."""
        return (*remedies_notices(self.worded.found), *self.listed.notices)

    @property
    def summary(self) -> dict[str, Any]:
        """The content of ``remedies`` in ``summary.json``."""
        return {**remedies_summary(self.worded), "list": dict(sorted(self.listed.counts.items()))}

    def sheets(self) -> dict[str, Told]:
        """Return the sheets that arrive finished."""
        return {"defects": list_sheet(self.worded, self.listed)}

    def pages(self) -> tuple[CentrePage, ...]:
        """Return a page a failing centre."""
        language = self.worded.language
        words = {str(centre): _word(grade, language) for centre, grade in self.grades.items()}
        return centre_pages(self.worded, words)

    def page_lines(self) -> tuple[str, ...]:
        """Return the sentences before the pages."""
        defects = self.worded.found.remedies.defects
        pages = defects.loc[~defects["optional"], "centre"].nunique()
        return (self.worded.say("lines_pages", pages=pages), *lines(self.worded, typed=False))


def _word(value: Any, language: Language) -> str:
    told = choice(str(value))
    return told if isinstance(told, str) else told.text(language)


def plan_remedies(
    project: Project,
    walks: Walks,
    ledgers: Ledgers,
    audit: FloorAreaAudit,
    judged: Judged,
    siting: Siting | None,
    last: LastList | None,
) -> PlanRemedies:
    """Find the measures of a plan and bring its list of defects up to date.

    Raises
    ------
    LedgerError
        If the table of unit costs has faults.
    InputFileError
        If it cannot be read.
    """
    costs = project_costs(project)
    found = remedies_of(project, walks, ledgers, audit, judged.judgement, siting, costs)
    tables = [ledgers.centres.table]
    if ledgers.candidates is not None:
        tables.append(ledgers.candidates.table)
    names = pd.concat([table["name"].astype(object) for table in tables])
    homes = ledgers.communities.table["name"].astype(object)
    language = project.scenario.project.language
    worded = Worded(found, judged.judgement, names, language, homes)
    grades = judged.grades["grade"].dropna()
    return PlanRemedies(worded, defect_list(worded, last), grades)
