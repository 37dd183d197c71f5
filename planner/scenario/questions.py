"""What a plan asks: who walks how long to what, by which standard, for how many new centres."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from planner.scenario.fields import (
    date_field,
    flag_field,
    mapping_field,
    number_field,
    numbers_field,
    share_field,
    text_field,
    texts_field,
)
from planner.tables import CENTRE_KINDS, NEEDS
from planner.units import LIMIT_MINUTES, SLOPE_RESPONSES, WALKER_BOUNDS

SmallGroups = Literal["pro_rata", "join_nearest"]
SMALL_GROUPS: Final[tuple[str, ...]] = get_args(SmallGroups)
Served = Literal["ledger", "walk"]
SERVED: Final[tuple[str, ...]] = get_args(Served)


@dataclass(frozen=True)
class WalkingSettings:
    """``[walking]``: who walks, and for how long.

    ``walker`` names a profile of :mod:`planner.streets.walking.walkers`; the settings after it,
    where given, take the place of the profile's own.
    """

    walker: str = text_field("elder")
    speed_m_s: float | None = number_field(None, *WALKER_BOUNDS["speed_m_s"])
    slope: str | None = text_field(None, choices=SLOPE_RESPONSES)
    steps_factor: float | None = number_field(None, *WALKER_BOUNDS["steps_factor"])
    steps_refused: bool | None = flag_field(default=None)
    signal_s: float | None = number_field(None, *WALKER_BOUNDS["signal_s"])
    crossing_s: float | None = number_field(None, *WALKER_BOUNDS["crossing_s"])
    limit_minutes: float = number_field(LIMIT_MINUTES, 1.0, 120.0)

    @property
    def own(self) -> dict[str, Any]:
        """The settings of the walker that the project gives itself."""
        names = ("speed_m_s", "slope", "steps_factor", "steps_refused", "signal_s", "crossing_s")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class CoverageSettings:
    """``[coverage]``: the kinds of facility that the circle is drawn around.

    ``limits_minutes`` and ``walkers`` are what coverage is told for besides the plan's own limit
    and walker. ``needs``: gaps are asked of all operating centres, of whatever kind, that serve
    every one of these; of the circle's centres where none is named.
    """

    centre_kinds: tuple[str, ...] = texts_field(("日间照料",), choices=CENTRE_KINDS)
    limits_minutes: tuple[float, ...] = numbers_field((5.0, 10.0, 15.0, 20.0, 30.0), 1.0, 120.0)
    walkers: tuple[str, ...] = texts_field(())
    needs: tuple[str, ...] = texts_field((), choices=NEEDS)


@dataclass(frozen=True)
class CapacitySettings:
    """``[capacity]``: the share of those aged 60+ that asks for a day place.

    There is no default: no figure of this rate has been seen in a standard.
    """

    demand_rate: float | None = share_field()


@dataclass(frozen=True)
class GradesSettings:
    """``[grades]``: from which figures on a community or a gap is red, orange, yellow.

    The thresholds and their meaning are those of :class:`planner.coverage.grades.GradeSettings`;
    those of centres, of :class:`planner.standards.judging.grades.CentreGrades`.
    """

    community_shares: tuple[float, ...] | None = numbers_field(None, 0.0, 1.0)
    community_elders: tuple[float, ...] | None = numbers_field(None, 0.0, math.inf)
    gap_elders: tuple[float, ...] | None = numbers_field(None, 0.0, math.inf)
    centre_shortfalls: tuple[float, ...] | None = numbers_field(None, 0.0, 1.0)
    centre_breaches: tuple[float, ...] | None = numbers_field(None, 0.0, math.inf)
    centre_unknown_share: float | None = share_field()

    @property
    def given(self) -> dict[str, tuple[float, ...]]:
        """The ladders of communities and gaps that the project gives itself."""
        names = ("community_shares", "community_elders", "gap_elders")
        ladders = {name: getattr(self, name) for name in names}
        return {name: steps for name, steps in ladders.items() if steps is not None}


@dataclass(frozen=True)
class StandardSettings:
    """``[standard]``: the rule books, and how they are read.

    ``book`` sets the classes and the floor area of day-care centres; ``books`` are judged beside
    it, clause by clause. ``folder`` holds the project's own books. ``small_groups`` says how 建标
    143 is read below 10,000 people, ``served`` whose elders a centre answers for: those of the
    communities that its ledger names (where it names any), or those who walk to it; both are
    shown. ``per_elder_decides`` lets the area per elder decide in place of the class's. ``on`` is
    the day of the audit: books not in force then are not judged; without it none is left out for
    its dates. ``noise``, ``pollution`` and ``medical`` are layers that centres are held against.
    """

    book: str = text_field("jianbiao-143-2010")
    books: tuple[str, ...] = texts_field(())
    folder: str = text_field("rules")
    small_groups: SmallGroups = text_field("pro_rata", choices=SMALL_GROUPS)
    served: Served = text_field("ledger", choices=SERVED)
    per_elder_decides: bool = flag_field(default=False)
    on: str = date_field()
    noise: str | None = text_field(None)
    pollution: str | None = text_field(None)
    medical: str | None = text_field(None)


@dataclass(frozen=True)
class RemediesSettings:
    """``[remedies]``: what measures cost, and how far rooms and centres may lie to be joined.

    ``costs`` is a table of unit costs that the planner edits; without it costs are unknown.
    ``last`` is the workbook of the last run, whose typed columns of the list of defects are kept.
    ``reach_m`` is how far (air line) rooms to be taken over or shared, and centres to be merged
    with, may lie.
    """

    costs: str | None = text_field(None)
    last: str | None = text_field(None)
    reach_m: float = number_field(300.0, 0.0, 5_000.0)


@dataclass(frozen=True)
class ProvisionSettings:
    """``[provision]``: elders that ratios are told for besides those of the communities' ledger.

    Each table by what the ratio is of: ``area`` (m² per 100), ``beds`` (per 1,000), ``carers`` (per
    10,000). A bureau's published ratios each have a denominator of their own.
    """

    elders: Mapping[str, float] = mapping_field(int | float)
    population_kinds: Mapping[str, str] = mapping_field(str)
    population_dates: Mapping[str, str] = mapping_field(str, dates=True)
    sources: Mapping[str, str] = mapping_field(str)
