"""What outputs are headed with: the project, the district's numbers, the siting answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.labels import Language
from planner.units import share


@dataclass(frozen=True)
class About:
    """What every output is headed with.

    Parameters
    ----------
    title
        The project's name. Outside text: shown, never run.
    language
        Language of all outputs of the run.
    synthetic
        Whether the data are made up: then every output says so.
    map_review_number
        审图号. Empty: every map is stamped 内部工作用图 未经审图 不得公开 (TRADE.md 12).
    attributions
        Whose data are drawn, such as ``"© OpenStreetMap contributors, ODbL 1.0"``.
    limit_minutes
        The circle's limit, in minutes, itself inside.
    speed_m_s
        Walking speed on the flat in metres a second.
    walker
        One sentence on who walks and what slows them.
    population_kind, population_date
        常住, 户籍, 实有 or 未注明, and the date as the project writes it.
    centre_kinds
        The kinds of facility that the circle is drawn around.
    book_title
        Title of the standard, such as ``"社区老年人日间照料中心建设标准（建标 143-2010）"``.
    small_groups
        How the standard is read for service groups under 10,000 people.
    served, per_elder_decides
        Whose elders a centre answers for, and whether the area per elder decides.
    """

    title: str
    language: Language
    synthetic: bool
    map_review_number: str
    attributions: tuple[str, ...]
    limit_minutes: float
    speed_m_s: float
    walker: str
    population_kind: str
    population_date: str
    centre_kinds: tuple[str, ...]
    book_title: str
    small_groups: Literal["pro_rata", "join_nearest"]
    served: Literal["ledger", "walk"] = "ledger"
    per_elder_decides: bool = False


@dataclass(frozen=True)
class Counted:
    """Persons of one age group: all, and those who can walk to a centre within the limit."""

    total: float
    covered: float

    @property
    def uncovered(self) -> float:
        """Those who cannot."""
        return self.total - self.covered

    @property
    def share(self) -> float | None:
        """步行可达率, 0 to 1; ``None`` where there is nobody."""
        return share(self.covered, self.total)


@dataclass(frozen=True)
class Headline:
    """The district's numbers, each of them also in ``summary.json``.

    Parameters
    ----------
    elderly_60, elderly_65, elderly_80
        Elders of the district and those within the limit of an operating centre.
    communities, communities_with_centre
        Communities (villages apart), and those that hold an operating centre: their ratio is the
        社区设施覆盖率 that bureaus report.
    centres, centres_open
        Facilities in the ledger; those of :attr:`About.centre_kinds` that operate.
    centres_below, centres_unknown
        Audited centres below their required area; those whose area is unknown.
    required_m2, held_m2, shortfall_m2
        Floor area over all service groups (TRADE.md 3), in m²; ``None`` where nothing is audited.
    area_kinds
        The kinds of facility whose area is audited: those that the book applies to.
    all_held_m2
        Known area of all operating facilities of these kinds, those of groups that cannot be
        judged, of villages and of nobody among them.
    per_100_elders_m2
        That for each hundred elders aged 60+.
    """

    elderly_60: Counted
    elderly_65: Counted
    elderly_80: Counted
    communities: int
    communities_with_centre: int
    centres: int
    centres_open: int
    centres_below: int
    centres_unknown: int
    required_m2: float | None
    held_m2: float | None
    shortfall_m2: float | None
    area_kinds: tuple[str, ...]
    all_held_m2: float | None
    per_100_elders_m2: float | None

    @property
    def facility_share(self) -> float | None:
        """社区设施覆盖率: communities that hold an operating centre, 0 to 1."""
        return share(self.communities_with_centre, self.communities)


@dataclass(frozen=True)
class SitingAnswer:
    """The two siting questions, answered.

    Parameters
    ----------
    new_centres
        How many new centres the project asks for.
    chosen
        Ids of the candidates chosen for most elders newly covered, in the order of their gain.
    covered_before, covered_after
        Elders aged 60+ within the limit, today and with the chosen sites; ``None`` where they would
        tell of a few.
    bound
        No plan of as many sites covers more elders aged 60+ than this; ``None`` where the project
        counts something else, which ``lines`` tell, and where it would tell of a few.
    gap
        ``(bound - covered_after) / bound``: 0 is a proof that no better plan exists.
    status
        The solver's ending, in the planner's words.
    unreachable, unreachable_elderly_60
        Resident rows, and elders aged 60+, within the limit of no centre and no candidate; elders
        ``None`` where they would tell of a few.
    fewest_chosen
        Ids of the fewest candidates that cover all who can be covered, in the order of the ids.
    fewest_status
        The solver's ending on that question.
    lines
        What every plan kept to and whom it counted, a sentence each.
    left_out
        Elders aged 60+ whom rules leave out of the fewest centres; ``None`` for too few to tell.
    is_by_rule
        Whether elders are covered by a radius, or by further walkers, beside the walk.
    fewest_kept
        How many of today's centres that may close stay with the fewest: new ones and these are the
        fewest together. ``None`` where none may close: then the new ones alone are.
    is_withheld
        Whether ``bound`` is withheld because it would tell of a few.
    is_given
        Whether the sites are a chosen set, of which nothing is proven: ``bound`` is ``None`` then.
    """

    new_centres: int
    chosen: tuple[str, ...]
    covered_before: float | None
    covered_after: float | None
    bound: float | None
    gap: float
    status: str
    unreachable: int
    unreachable_elderly_60: float | None
    fewest_chosen: tuple[str, ...]
    fewest_status: str
    lines: tuple[str, ...] = ()
    left_out: float | None = 0.0
    is_by_rule: bool = False
    fewest_kept: int | None = None
    is_withheld: bool = False
    is_given: bool = False

    @property
    def gain(self) -> float | None:
        """Elders aged 60+ newly within the limit; ``None`` where it would tell of a few."""
        if self.covered_before is None or self.covered_after is None:
            return None
        return self.covered_after - self.covered_before
