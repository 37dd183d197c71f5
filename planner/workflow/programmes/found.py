"""What a programme is asked with, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.labels import Message
from planner.scenario.siting import ProgrammeSettings
from planner.siting import Programme
from planner.standards.judging.findings import Judgement
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading import Ledgers
from planner.workflow.programmes.decided import DECIDED_MARK, DecidedCentres
from planner.workflow.programmes.menu import ProgrammeMenu
from planner.workflow.programmes.years import ProgrammeYears
from planner.workflow.remedies.found import FoundRemedies
from planner.workflow.siting.answering import Siting
from planner.workflow.standards.estates import FoundEstates
from planner.workflow.standards.planned_audit import PlannedAudit
from planner.workflow.years.plans import FoundYears, Today


@dataclass(frozen=True, eq=False)
class FoundProgramme:
    """A programme, found, proven, recounted and judged.

    Parameters
    ----------
    settings
        ``[programme]``.
    plan
        The answer; ``None`` where a year of it could not be reckoned (``notices`` say so).
    before
        The same with nothing done: who finds a place at what stands; ``None`` likewise.
    menu
        What it was chosen from; ``None`` likewise.
    asked
        Of whom and by which groups; ``None`` likewise.
    audit
        What the books say of the sites that it makes or changes; ``None`` where there are none.
    names
        Names of centres, candidates and pools' places, by id.
    homes
        Community of each resident row, by id; missing outside.
    walked
        Whether the answer was counted again on the streets, too: where rules count other walkers
        or a radius besides, the tables alone tell.
    notices
        What every reader must know.
    promised, sited
        Rooms and candidates of its measures that the list of remedies promises to a centre, too,
        and that the siting plan opens as sites of their own while this makes them part of others.
    weights
        Whether ``[siting]`` weighs elders: a programme counts persons all the same.
    decided
        Centres that open in its years whatever it chooses; ``None`` like the answer.
    base_year
        The year of today's people; ``None`` where nobody tells it.
    beside_given
        Whether the siting plan is a chosen set: a programme is none of it.
    """

    settings: ProgrammeSettings
    plan: Programme | None
    before: Programme | None
    menu: ProgrammeMenu | None
    asked: ProgrammeYears | None
    audit: PlannedAudit | None
    names: pd.Series
    homes: pd.Series
    walked: bool
    notices: tuple[Message, ...]
    promised: tuple[str, ...] = ()
    sited: tuple[str, ...] = ()
    weights: bool = False
    decided: DecidedCentres | None = None
    base_year: float | None = None
    beside_given: bool = False

    @property
    def chosen(self) -> pd.DataFrame:
        """The measures that the programme itself chooses."""
        return pd.DataFrame() if self.plan is None else own_measures(self.plan)

    @property
    def opens_later(self) -> dict[str, int]:
        """The chosen candidates and pools that open after the people of a plan without years.

        Such a plan asks what to do with the money, whenever a building comes: what it chooses
        stands, and when it can open is told. By id, in the order of ids; of rooms that a centre
        takes over it is the rooms' year. Where years are planned for they are kept to.
        """
        if self.menu is None or self.asked is None or self.asked.names or self.chosen.empty:
            return {}
        rows = self.menu.menu.measures.loc[self.chosen.index]
        rows = rows[rows["from_year"] > (-np.inf if self.base_year is None else self.base_year)]
        years = {
            str(cell[0] if isinstance(cell, tuple) else site): int(year)
            for site, cell, year in zip(
                rows["site"], rows["one_of"], rows["from_year"], strict=True
            )
        }
        return dict(sorted(years.items()))

    @property
    def unknown_added_to(self) -> tuple[str, ...]:
        """Centres of unknown places to which measures add: only what is added counts there."""
        if self.plan is None or self.chosen.empty:
            return ()
        adding = self.chosen.loc[self.chosen["kind"] != "close", "site"]
        unknown = adding[adding.isin(list(self.plan.unknown_centres))]
        return tuple(sorted({str(one) for one in unknown}))


def own_measures(plan: Programme) -> pd.DataFrame:
    """Return the measures that a programme chooses: those that were decided before are not."""
    decided = plan.chosen.index.astype(str).str.startswith(DECIDED_MARK)
    return plan.chosen[~decided]


@dataclass(frozen=True, eq=False)
class ProgrammeGround:
    """All that a run knows by the time that a programme is asked.

    Parameters
    ----------
    project, ledgers
        What went in.
    today, years
        What was found of today, and of the years planned for.
    siting
        What was found of the candidates.
    judgement
        What the clauses came to.
    remedies
        Measures that cure today's centres, and the project's unit costs.
    estates
        What was found of the plan's estates; ``None`` where it names none.
    """

    project: Project
    ledgers: Ledgers
    today: Today
    years: FoundYears | None
    siting: Siting
    judgement: Judgement
    remedies: FoundRemedies
    estates: FoundEstates | None = None
