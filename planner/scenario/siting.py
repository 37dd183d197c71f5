"""What a plan asks of new centres: how many and where, and what to do for which money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from planner.scenario.fields import (
    flag_field,
    mapping_field,
    number_field,
    share_field,
    text_field,
    texts_field,
    whole_field,
)

ProgrammeUnit = Literal["community_elders", "day_places"]
PROGRAMME_UNITS: Final[tuple[str, ...]] = get_args(ProgrammeUnit)
UnknownPlaces = Literal["nothing", "refuse"]
UNKNOWN_PLACES: Final[tuple[str, ...]] = get_args(UnknownPlaces)


@dataclass(frozen=True)
class SitingSettings:
    """``[siting]``: how many new centres, what every plan keeps to, and what is told beside it.

    ``weights`` says what each elder counts by column of the residents (``{ elderly_60 = 1,
    elderly_80 = 1 }``: those aged 80+ twice); elders aged 60+ once each where nothing is given.
    ``required``, ``barred``, ``may_close``, ``must_close`` are ids; ``at_most_one`` names groups
    of ids of which one at most may be open. ``least_distance_m`` (air line) keeps new centres
    apart from each other and from those of today; ``radius_m`` is an air-line radius that a
    standard asks for beside the walk. ``walkers`` must all arrive in time, besides the plan's own.
    ``near_plans`` is how many of the best different plans are told, ``zones`` whether places are
    proposed for those whom no candidate reaches; ``walks`` whether the plans of the least walking
    and of the shortest longest walk are told, too, which takes longer than all the rest.
    """

    new_centres: int = whole_field(5, 0)
    least_area_m2: float = number_field(300.0, 0.0)
    time_limit_s: float = number_field(300.0, 1.0)
    weights: Mapping[str, float] = mapping_field(int | float)
    required: tuple[str, ...] = texts_field(())
    barred: tuple[str, ...] = texts_field(())
    may_close: tuple[str, ...] = texts_field(())
    must_close: tuple[str, ...] = texts_field(())
    at_most_one: Mapping[str, list[str]] = mapping_field(list)
    least_distance_m: float | None = number_field(None, 0.0, 5_000.0)
    radius_m: float | None = number_field(None, 1.0, 5_000.0)
    walkers: tuple[str, ...] = texts_field(())
    near_plans: int = whole_field(3, 0, 20)
    zones: bool = flag_field(default=True)
    walks: bool = flag_field(default=False)


@dataclass(frozen=True)
class ProgrammeSettings:
    """``[programme]``: what to build, enlarge, take over and close for which money.

    Exactly one of ``budget_10k_yuan`` (one year), ``budgets_10k_yuan`` (by year, such as 2030 and
    2035; their people are those of ``[years]``) and ``served_share`` (the least money that serves
    this share) is asked. ``unit`` is what a place is: all elders of a community, or day places,
    which need ``[capacity] demand_rate`` or the persons who are disabled. ``enlarge`` and
    ``take_over`` put enlarging centres of today, as far as their ledger says there is room, and
    rooms of party centres in reach on the menu, ``pool_estates`` the pools of estates' rooms that
    are proposed from the estates' ledger (配建归集); ``may_close`` names centres that may close.
    Unit costs are those of ``[remedies] costs``; rules on sites are those of ``[siting]``,
    whose ``weights`` do not count here: places are for persons.
    """

    unit: ProgrammeUnit = text_field("community_elders", choices=PROGRAMME_UNITS)
    budget_10k_yuan: float | None = number_field(None, 0.0)
    budgets_10k_yuan: Mapping[str, float] = mapping_field(int | float)
    served_share: float | None = share_field()
    enlarge: bool = flag_field(default=True)
    take_over: bool = flag_field(default=True)
    pool_estates: bool = flag_field(default=True)
    may_close: tuple[str, ...] = texts_field(())
    carries_over: bool = flag_field(default=True)
    foresight: bool = flag_field(default=True)
    unknown_capacity: UnknownPlaces = text_field("nothing", choices=UNKNOWN_PLACES)
    goal_weights: Mapping[str, float] = mapping_field(int | float)
    gap: float = share_field(0.0)
    time_limit_s: float = number_field(300.0, 1.0)
