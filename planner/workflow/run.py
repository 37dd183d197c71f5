"""The whole way: from a project's folder to its outputs, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from planner.coverage.facility_rate import facility_rate
from planner.coverage.gaps import gaps
from planner.coverage.rollup import rollup
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message
from planner.outputs.book.workbook import write_workbook
from planner.outputs.compared.baseline import write_baseline
from planner.outputs.content import PlanContent
from planner.outputs.folder import (
    BASELINE_FILE,
    LAYERS_FILE,
    MAP_FILE,
    PARQUET_FOLDER,
    RECORD_FILE,
    REPORT_FILE,
    SUMMARY_FILE,
    WORKBOOK_FILE,
    checked_target,
    finished_aside,
)
from planner.outputs.layers.parquet import refuse_without_parquet, write_parquet
from planner.outputs.layers.writing import write_layers
from planner.outputs.summary import write_run_record, write_summary
from planner.outputs.web.web_map import write_map
from planner.siting.what_if.table import ReachTable
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.defects import LastList
from planner.workflow.comparing.runs import kept_of
from planner.workflow.content import plan_content
from planner.workflow.covering.answers import answers_of
from planner.workflow.findings import Findings
from planner.workflow.headline import headline
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import (
    books_in_force,
    project_book,
    project_books,
)
from planner.workflow.inputs.quality import refuse_grave
from planner.workflow.inputs.reading import (
    read_ledgers,
    read_network,
    read_project_barriers,
)
from planner.workflow.inputs.record import Clock, Progress, run_record, silent
from planner.workflow.inputs.refusals import refuse_without_people
from planner.workflow.inputs.sites_file import ChosenSites, read_sites
from planner.workflow.inputs.text_storage import plain_text
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.preflight import ready
from planner.workflow.printing import PRINTING_STEPS, refuse_paper, write_for_paper
from planner.workflow.programmes.answering import programme_of
from planner.workflow.programmes.found import ProgrammeGround
from planner.workflow.programmes.settings import refuse_programme_of
from planner.workflow.remedies.content import plan_remedies
from planner.workflow.remedies.found import keep_last_workbook, project_costs
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.chosen_sites import with_classes, with_sites
from planner.workflow.siting.gap_steps import gaps_of
from planner.workflow.siting.steps import given_sites, project_sites, siting_of
from planner.workflow.standards.auditing import audited
from planner.workflow.standards.estates import estates_of
from planner.workflow.standards.judging import judged
from planner.workflow.standards.provision import provision_of
from planner.workflow.standards.provision_neighbours import neighbour_walks
from planner.workflow.years.plans import Today
from planner.workflow.years.reckoning import plan_years

STEPS: Final = 14
SITING_STEPS: Final = 6
OUT_FOLDER: Final = "out"
FILES: Final = {
    "map": MAP_FILE,
    "workbook": WORKBOOK_FILE,
    "report": REPORT_FILE,
    "layers": LAYERS_FILE,
    "summary": SUMMARY_FILE,
    "record": RECORD_FILE,
    "baseline": BASELINE_FILE,
}


@dataclass(frozen=True)
class RunResult:
    """What a run found out and where it was written.

    Parameters
    ----------
    findings
        Coverage, gaps, audit, siting and the ledgers behind them.
    content
        What the outputs were made from; ``planner.coverage_map(result.content)`` draws it again.
    folder
        Where the outputs are.
    not_made
        What was asked for and could not be made, and why.
    """

    findings: Findings
    content: PlanContent
    folder: Path
    not_made: tuple[Message, ...] = ()

    @property
    def files(self) -> dict[str, Path]:
        """The outputs by name: map, workbook, report, layers, summary, record, baseline."""
        return {name: self.folder / file for name, file in FILES.items()}

    @property
    def summary(self) -> dict[str, Any]:
        """The content of ``summary.json``."""
        return dict(self.findings.summary)

    @property
    def gaps(self) -> pd.DataFrame:
        """Where the elders live who cannot walk to a centre, worst first."""
        return self.findings.gaps

    @property
    def audit(self) -> FloorAreaAudit:
        """Floor area and rooms of the centres against the standard."""
        return self.findings.audit

    @property
    def judgement(self) -> Judgement:
        """Every clause of every book, for every centre."""
        return self.findings.judged.judgement

    @property
    def siting(self) -> Siting | None:
        """Where the next centres should go; ``None`` without candidates."""
        return self.findings.siting

    @property
    def reach(self) -> ReachTable | None:
        """What :func:`planner.what_if` tries sites with, as the map holds it; ``None`` for none."""
        return self.findings.reach

    def headline(self, language: Language = DEFAULT_LANGUAGE) -> list[str]:
        """Return the figures that matter, a sentence each."""
        return headline(self.summary, language)


@plain_text()
def run(
    project: str | Path | Project,
    out: str | Path | None = None,
    *,
    strict: bool = False,
    sites: str | Path | None = None,
    paper: str | None = None,
    parquet: bool = False,
    progress: Progress = silent,
) -> RunResult:
    """Compute a project and write its outputs.

    Parameters
    ----------
    project
        A project's folder, or what :func:`planner.read_project` returned.
    out
        Folder of the outputs, put in place whole or not at all; ``out`` in the project's folder
        if not given.
    strict
        Whether any grave finding in a ledger stops the run.
    sites
        A set of sites as the map saves it (a file, or a link to the map): the plan is exactly
        this, instead of the best one.
    paper
        ``"A3"`` or ``"A4"``: printed maps are drawn, too, placed in the report, and the report is
        made a PDF where LibreOffice is installed. ``None``: the report without maps.
    parquet
        Whether the layers are written as GeoParquet, too.
    progress
        Called as each step begins and ends.

    Raises
    ------
    PlannerError
        On input that cannot be used (one clear list) or a folder that cannot be written; then
        nothing is written, and earlier outputs stay as they were.
    """
    # Everything that can be refused is refused before long work; what people typed is read first.
    if parquet:
        refuse_without_parquet()
    if paper is not None:
        refuse_paper(paper)
    chosen = None if sites is None else read_sites(sites)
    begun = ready(project, out, OUT_FOLDER)
    project = begun.project
    folder = Path(out) if out is not None else project.folder / OUT_FOLDER
    steps = STEPS + (SITING_STEPS if project.scenario.candidates is not None else 0)
    steps += int(project.scenario.estates is not None)
    steps += int(project.scenario.programme is not None)
    steps += len({int(year) for year in project.scenario.years.plan})
    steps += (PRINTING_STEPS if paper is not None else 0) + int(parquet)
    clock = Clock(steps, progress)
    checked_target(folder)
    findings = find_out(project, clock, strict=strict, last=begun.last, chosen=chosen)
    with finished_aside(folder, unedited=begun.unedited) as aside:
        keep_last_workbook(folder, aside)
        with clock.step(message("workflow.write_map")):
            content = plan_content(findings)
            write_map(content, aside / MAP_FILE)
        with clock.step(message("workflow.write_workbook")):
            write_workbook(content, aside / WORKBOOK_FILE)
        with clock.step(message("workflow.write_layers")):
            write_layers(content, aside / LAYERS_FILE)
        if parquet:
            with clock.step(message("printing.write_parquet")):
                write_parquet(content, aside / PARQUET_FOLDER)
        not_made = write_for_paper(content, aside, paper, clock)
        write_summary(findings.summary, aside / SUMMARY_FILE)
        write_baseline(kept_of(project, findings), aside / BASELINE_FILE)
        write_run_record(run_record(project, clock), aside / RECORD_FILE)
    return RunResult(findings, content, folder, not_made)


def find_out(
    project: Project,
    clock: Clock,
    *,
    strict: bool = False,
    last: LastList | None = None,
    chosen: ChosenSites | None = None,
) -> Findings:
    """Compute coverage, audit and siting of a project; writes nothing.

    ``last`` is the last run's list of defects, whose typed columns are kept; ``chosen`` the set of
    sites that is the plan, instead of the best one.
    """
    network = read_network(project, clock)
    ledgers = read_ledgers(project, clock, network)
    if strict:
        refuse_grave([ledgers.findings])
    communities, centres = ledgers.communities.table, ledgers.centres.table
    refuse_without_people(ledgers)
    kinds = project.scenario.coverage.centre_kinds
    open_sites = open_centres(centres, kinds)
    book, unchosen = project_book(project), project
    known = None if ledgers.candidates is None else ledgers.candidates.table
    refuse_programme_of(project.scenario, ledgers.residents.table, open_sites, known, book)
    sites = project_sites(project, ledgers, open_sites)
    if chosen is not None:
        costs, _ = project_costs(project)
        ledgers = with_classes(project, ledgers, open_sites, sites, chosen, costs)
        project = with_sites(project, chosen)
        sites = given_sites(project, unchosen, ledgers, open_sites)
    scenario = project.scenario
    with clock.step(message("workflow.join")):
        barriers = read_project_barriers(project)
        walks = Walks.of(network, ledgers.residents.table, scenario, barriers)
    with clock.step(message("workflow.coverage", centres=len(open_sites))):
        coverage = walks.coverage_by(open_sites)
        gap_table = gaps(coverage, communities)
        rate = facility_rate(coverage, communities, centres, centre_kinds=kinds)
    told = answers_of(walks, coverage, communities, centres, open_sites, book, clock)
    with clock.step(message("workflow.audit", book=book.name)):
        # The standard's groups follow the centres that it speaks of, whatever the circle is for.
        own = open_centres(centres, book.applies_to)
        walked = coverage if set(book.applies_to) == set(kinds) else walks.coverage_by(own)
        neighbours = neighbour_walks(walks, communities)
        audit = audited(centres, communities, walked, book, scenario.standard, neighbours)
        provision = provision_of(
            scenario, centres, communities, walked, audit, neighbours, project_books(project)
        )
        areas = rollup(coverage, communities, county=scenario.project.name)
    with clock.step(message("workflow.judge", books=len(books_in_force(project)))):
        found_clauses = judged(project, walks, centres, communities, audit, walked)
    siting = siting_of(
        project, walks, open_sites, sites, coverage, audit, ledgers, neighbours, clock
    )
    with clock.step(message("workflow.remedies")):
        remedies = plan_remedies(project, walks, ledgers, audit, found_clauses, siting, last)
    with clock.step(message("workflow.gaps")):
        found_gaps = gaps_of(
            project, walks, coverage, ledgers, siting, told.capacities, told.walkers
        )
    new_estates = estates_of(project, walks, coverage, ledgers.estates, open_sites, clock)
    today = Today(walks, coverage, walked, audit, areas, siting, book, neighbours)
    years = plan_years(today, ledgers, clock)
    programme = None
    if siting is not None:
        clauses, measures = found_clauses.judgement, remedies.worded.found
        rest = (siting, clauses, measures, new_estates)
        # Of a chosen set it knows nothing: it is asked as the project asks it.
        programme = programme_of(ProgrammeGround(unchosen, ledgers, today, years, *rest), clock)
    return Findings(
        project=project,
        network=network,
        ledgers=ledgers,
        walks=walks,
        open_sites=open_sites,
        coverage=coverage,
        gaps=gap_table,
        rate=rate,
        audit=audit,
        siting=siting,
        asked=told.asked,
        capacities=told.capacities,
        gap_areas=found_gaps,
        measures=told.measures,
        provision=provision,
        judged=found_clauses,
        remedies=remedies,
        estates=new_estates,
        areas=areas,
        years=years,
        programme=programme,
    )
