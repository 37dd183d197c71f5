"""What a programme answers with: frozen, in the planner's units, and how far it is proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from planner.coverage.capacity import CapacityUnit, unit_text
from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.siting.programmes.asked import ProgrammeAsked
from planner.siting.programmes.tasks import GoalStatus


@dataclass(frozen=True, eq=False)
class Programme:
    """The answer of :func:`planner.siting.programmes.questions.programme`.

    Parameters
    ----------
    unit
        What a place is: day places, or community elders. Every ``…_persons`` is in it.
    chosen
        What is done, index ``measure``, by year, then id: ``year, site, kind, centre_class``
        (where the menu has it), ``adds_persons, adds_m2`` (NaN unknown), ``group, cost_yuan,
        saves_yuan``.
    goals
        How far each goal is reached, in the order in which they count, index ``goal``: ``year``
        (``all``, or the year where each was planned by itself), ``value, bound, gap, status``
        (``optimal``, ``gap_reached``, ``time_limit``, ``best_found``), ``scope`` (``all_plans``:
        no plan that keeps the goals before is better than the bound; ``these_measures``: only
        plans of the same measures were looked at), ``proof`` (``prices``: plain sums from prices;
        ``branch_and_bound``: the solver's search), ``seconds``.
    by_year
        Index ``year``: ``asked_persons``; ``served_persons``; ``covered_full_persons`` (步行可达,
        no place left); ``capacity_unknown_persons`` (only centres of unknown capacity in reach);
        ``out_of_reach_persons`` (no open centre in reach), which add up to the asked;
        ``served_share`` of the asked; ``capacity_persons``; ``budget_yuan, spent_yuan``;
        ``left_yuan`` (what may still be spent after the year, or lapses);
        ``shortfall_before_m2, shortfall_m2``; ``walk_minutes`` (of all served together),
        ``mean_walk_minutes``.
    sites
        A row for each year and place that is open, or closed by a measure or a rule: ``year,
        site, state`` (``open_today, new, closed``), ``capacity_persons`` (NaN unknown; 0 where
        closed), ``served_persons``.
    flows
        Who goes where: ``year, resident, site, persons, walk_minutes``. A resident row may be
        split. Most served, and of those plans the least walked.
    shortfall
        A row for each year and service group: ``year, group, required_m2, held_m2, added_m2,
        shortfall_before_m2, shortfall_m2``; NaN where required or held is unknown: such groups
        are in no sum.
    set_aside
        Measures that could not be chosen, index ``measure``: ``site, kind, reason``
        (:class:`planner.labels.Message`).
    unknown_centres
        Centres of today of unknown capacity, but for those that a rule closes: they count as
        places for nobody.
    unknown_groups
        Service groups whose required or held area is not known.
    unreachable
        Residents who ask, and whom no centre of today that may stay and no measure that can be
        chosen reaches.
    status
        The least sure of the goals'; in words by :meth:`status_text`.
    seconds
        Wall time.
    target_persons, is_reached, most_persons
        For the least money: the persons to be served, whether they can be, and the most that all
        measures together could serve; else None.
    asked
        The question as it was put.
    """

    unit: CapacityUnit
    chosen: pd.DataFrame
    goals: pd.DataFrame
    by_year: pd.DataFrame
    sites: pd.DataFrame
    flows: pd.DataFrame
    shortfall: pd.DataFrame
    set_aside: pd.DataFrame
    unknown_centres: tuple[Any, ...]
    unknown_groups: tuple[Any, ...]
    unreachable: tuple[Any, ...]
    status: GoalStatus
    seconds: float
    target_persons: float | None
    is_reached: bool | None
    most_persons: float | None
    asked: ProgrammeAsked = field(repr=False)

    @property
    def served_persons(self) -> float:
        """Persons served, summed over the years."""
        return float(self.by_year["served_persons"].sum())

    @property
    def cost_yuan(self) -> float:
        """Money of all years, net of what is saved."""
        return float(self.by_year["spent_yuan"].sum())

    @property
    def shortfall_m2(self) -> float:
        """Square metres short, summed over the years."""
        return float(self.by_year["shortfall_m2"].sum())

    @property
    def is_proven(self) -> bool:
        """Whether every goal is proven to be the best, over all plans."""
        return self.status == "optimal" and bool((self.goals["scope"] == "all_plans").all())

    def status_text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the status in words; where the least money misses its target, that first."""
        words = [text(f"programme.status_{self.status}", language)]
        if (self.goals["scope"] == "these_measures").any():
            words.append(text("programme.walk_of_these", language))
        if self.is_reached is False:
            words.insert(0, self._missed(language))
        return text("programme.sentence_mark", language).join(words)

    def _missed(self, language: Language) -> str:
        return text(
            "programme.target_missed",
            language,
            target=self.target_persons,
            most=self.most_persons,
            unit=unit_text(self.unit, language),
        )
