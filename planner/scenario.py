"""The settings of one plan, read from the tables of ``project.toml`` and never changed after.

Each section is a frozen dataclass whose fields carry their own bounds; :func:`from_mapping`
reports every unknown key, missing value and value out of bounds at once. This module touches
no file: the door reads ``project.toml`` and hands over the mapping.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from planner.datum import DATUMS, MERIDIANS, Datum
from planner.errors import ScenarioError
from planner.labels import LANGUAGES, Language, Message, message
from planner.tables import CENTRE_KINDS, POPULATION_KINDS
from planner.units import LIMIT_MINUTES, SLOPE_RESPONSES, WALKER_BOUNDS

SmallGroups = Literal["pro_rata", "join_nearest"]
SMALL_GROUPS: Final[tuple[str, ...]] = get_args(SmallGroups)
COUNTS_FROM: Final = ("file", "communities")
"""Whose figures residents are: the residents' file's own, or those of the communities' ledger."""

WITHOUT_HOMES: Final = ("point", "area")
"""Where people of a community without buildings or cells are put: one point, or evenly over it."""

YEAR_METHODS: Final = ("given", "growth", "cohorts")
YEAR_BOUNDS: Final = (1990.0, 2100.0)


def _text(default: Any = dataclasses.MISSING, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"kind": str, "choices": choices})


def _number(default: float | None, least: float, most: float = math.inf) -> Any:
    return field(default=default, metadata={"kind": float, "bounds": (least, most)})


def _whole(default: int, least: int, most: float = math.inf) -> Any:
    return field(default=default, metadata={"kind": int, "bounds": (least, most)})


def _share(default: float | None = None) -> Any:
    return field(default=default, metadata={"kind": float, "bounds": (0.0, 1.0)})


def _flag(*, default: bool | None) -> Any:
    return field(default=default, metadata={"kind": bool})


def _texts(default: tuple[str, ...] | None, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"kind": tuple, "choices": choices})


def _numbers(default: tuple[float, ...] | None, least: float, most: float) -> Any:
    return field(default=default, metadata={"kind": tuple, "of": float, "bounds": (least, most)})


def _mapping(kind: Any) -> Any:
    return field(
        default_factory=lambda: MappingProxyType({}), metadata={"kind": Mapping, "of": kind}
    )


@dataclass(frozen=True)
class ProjectSettings:
    """``[project]``: what every output is headed with."""

    name: str = _text()
    synthetic: bool = _flag(default=False)
    language: Language = _text("zh", choices=LANGUAGES)
    map_review_number: str = _text("")


@dataclass(frozen=True)
class StreetsSettings:
    """``[streets]``: the street file, whose data it is, how far a door may be from a street.

    ``layer`` and ``gap_m`` are for a planner's own road layer: which layer of the file, and how
    wide a gap between its lines is closed. ``rules`` is a file of foot rules in place of the
    package's, ``barriers`` one of rivers, railways and walls that no door is joined across,
    ``heights`` rasters of the ground's heights, ``cache`` a folder to keep the network in.
    """

    file: str = _text()
    join_limit_m: float = _number(200.0, 0.0, 2_000.0)
    attribution: str | None = _text(None)
    layer: str | None = _text(None)
    gap_m: float = _number(1.0, 0.0, 50.0)
    rules: str | None = _text(None)
    barriers: str | None = _text(None)
    heights: tuple[str, ...] | None = _texts(None)
    cache: str | None = _text(None)


@dataclass(frozen=True)
class LedgerSettings:
    """``[centres]`` and kin: one ledger, its datum, and where its columns hide.

    ``central_meridian`` (degrees east) and ``six_degree_zones`` are for coordinates in metres of
    CGCS2000: the meridian where eastings carry no zone's number, and whether their zones have 6°.
    """

    file: str = _text()
    datum: Datum | None = _text(None, choices=DATUMS)
    sheet: str | None = _text(None)
    layer: str | None = _text(None)
    encoding: str | None = _text(None)
    columns: Mapping[str, str] = _mapping(str)
    file_crs: str | None = _text(None)
    central_meridian: float | None = _number(None, *MERIDIANS)
    six_degree_zones: bool = _flag(default=False)


@dataclass(frozen=True)
class CentresSettings(LedgerSettings):
    """``[centres]``: the ledger, and whether centres may stand at their community's middle.

    ``accept_approximate`` counts centres without coordinates, put on a point in their community, in
    headline figures.
    """

    accept_approximate: bool = _flag(default=False)


@dataclass(frozen=True)
class PeopleSettings(LedgerSettings):
    """People's ledgers: shares of elders where one holds only a population, and of 60+.

    ``disabled_share`` and ``living_alone_share`` are of those aged 60 and over, for rows that do
    not give 失能 and 独居; ``shares_source`` says where all these shares come from. None has a
    default: no figure was found that holds everywhere.
    """

    elderly_share_60: float | None = _share()
    elderly_share_65: float | None = _share()
    elderly_share_80: float | None = _share()
    disabled_share: float | None = _share()
    living_alone_share: float | None = _share()
    shares_source: str = _text("")


@dataclass(frozen=True)
class ResidentsSettings(PeopleSettings):
    """``[residents]``: where people live, and whose figures they are.

    ``counts_from``: the file's own figures (where it has any), or the communities', which the
    file then only distributes; a raster distributes unless this says ``file``. ``bands`` names the
    ages of a raster's bands. ``blend`` is a raster (beside the file) for communities that have no
    homes in the file; ``without_homes`` says what becomes of those that neither has.
    """

    counts_from: str | None = _text(None, choices=COUNTS_FROM)
    bands: Mapping[str, str] = _mapping(str)
    blend: str | None = _text(None)
    without_homes: str = _text("point", choices=WITHOUT_HOMES)


@dataclass(frozen=True)
class CommunitiesSettings(PeopleSettings):
    """``[communities]``: as ``[residents]``, and which population it counts, as of when."""

    population_kind: str = _text("未注明", choices=POPULATION_KINDS)
    population_date: str = _text("")


@dataclass(frozen=True)
class YearsSettings:
    """``[years]``: the years planned for, and where their figures come from.

    ``given``: ``file`` is a ledger of communities with 年份, or ``files`` names one a year.
    ``growth``: yearly rates by people column. ``cohorts``: ``file`` holds five-year bands,
    ``survival`` the share of each that lives on into the next after five years. ``base`` is the
    year of the communities' ledger, that of its date where not given; ``source`` whose rates.
    """

    plan: tuple[float, ...] = _numbers((), *YEAR_BOUNDS)
    method: str = _text("given", choices=YEAR_METHODS)
    base: float | None = _number(None, *YEAR_BOUNDS)
    file: str | None = _text(None)
    files: Mapping[str, str] = _mapping(str)
    sheet: str | None = _text(None)
    columns: Mapping[str, str] = _mapping(str)
    growth: Mapping[str, float] = _mapping(int | float)
    survival: Mapping[str, float] = _mapping(int | float)
    source: str = _text("")


@dataclass(frozen=True)
class ControlSettings:
    """``[control_source]``: which population the control totals count, as of when, whose they are.

    Totals of one kind of population are never compared with those of another.
    """

    population_kind: str = _text("未注明", choices=POPULATION_KINDS)
    population_date: str = _text("")
    source: str = _text("")


@dataclass(frozen=True)
class WalkingSettings:
    """``[walking]``: who walks, and for how long.

    ``walker`` names a profile of :mod:`planner.streets.walking.walkers`; the settings after it,
    where given, take the place of the profile's own.
    """

    walker: str = _text("elder")
    speed_m_s: float | None = _number(None, *WALKER_BOUNDS["speed_m_s"])
    slope: str | None = _text(None, choices=SLOPE_RESPONSES)
    steps_factor: float | None = _number(None, *WALKER_BOUNDS["steps_factor"])
    steps_refused: bool | None = _flag(default=None)
    signal_s: float | None = _number(None, *WALKER_BOUNDS["signal_s"])
    crossing_s: float | None = _number(None, *WALKER_BOUNDS["crossing_s"])
    limit_minutes: float = _number(LIMIT_MINUTES, 1.0, 120.0)

    @property
    def own(self) -> dict[str, Any]:
        """The settings of the walker that the project gives itself."""
        names = ("speed_m_s", "slope", "steps_factor", "steps_refused", "signal_s", "crossing_s")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class CoverageSettings:
    """``[coverage]``: the kinds of facility that the circle is drawn around.

    ``limits_minutes`` and ``walkers`` are what coverage is told for besides the plan's own limit
    and walker.
    """

    centre_kinds: tuple[str, ...] = _texts(("日间照料",), choices=CENTRE_KINDS)
    limits_minutes: tuple[float, ...] = _numbers((5.0, 10.0, 15.0, 20.0, 30.0), 1.0, 120.0)
    walkers: tuple[str, ...] = _texts(())


@dataclass(frozen=True)
class CapacitySettings:
    """``[capacity]``: the share of those aged 60+ that asks for a day place.

    There is no default: no figure of this rate has been seen in a standard.
    """

    demand_rate: float | None = _share()


@dataclass(frozen=True)
class GradesSettings:
    """``[grades]``: from which figures on a community or a gap is red, orange, yellow.

    The thresholds and their meaning are those of :class:`planner.coverage.grades.GradeSettings`.
    """

    community_shares: tuple[float, ...] | None = _numbers(None, 0.0, 1.0)
    community_elders: tuple[float, ...] | None = _numbers(None, 0.0, math.inf)
    gap_elders: tuple[float, ...] | None = _numbers(None, 0.0, math.inf)

    @property
    def given(self) -> dict[str, tuple[float, ...]]:
        """The ladders that the project gives itself."""
        ladders = {part.name: getattr(self, part.name) for part in dataclasses.fields(self)}
        return {name: steps for name, steps in ladders.items() if steps is not None}


@dataclass(frozen=True)
class StandardSettings:
    """``[standard]``: the rule book, and how it is read below 10,000 people."""

    book: str = _text("jianbiao-143-2010")
    small_groups: SmallGroups = _text("pro_rata", choices=SMALL_GROUPS)


@dataclass(frozen=True)
class SitingSettings:
    """``[siting]``: how many new centres, and the least building area a site must offer."""

    new_centres: int = _whole(5, 0)
    least_area_m2: float = _number(300.0, 0.0)
    time_limit_s: float = _number(300.0, 1.0)


@dataclass(frozen=True)
class Scenario:
    """All settings of one plan. Made by :func:`from_mapping`, never changed after."""

    project: ProjectSettings
    streets: StreetsSettings
    communities: CommunitiesSettings
    residents: ResidentsSettings
    centres: CentresSettings
    candidates: LedgerSettings | None = None
    estates: LedgerSettings | None = None
    addresses: LedgerSettings | None = None
    walking: WalkingSettings = WalkingSettings()
    coverage: CoverageSettings = CoverageSettings()
    capacity: CapacitySettings = CapacitySettings()
    grades: GradesSettings = GradesSettings()
    standard: StandardSettings = StandardSettings()
    siting: SitingSettings = SitingSettings()
    years: YearsSettings = YearsSettings()
    control_source: ControlSettings = ControlSettings()
    control_totals: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def as_mapping(self) -> dict[str, Any]:
        """Return the settings as plain nested dictionaries, for the run's record."""
        return {part.name: _plain(getattr(self, part.name)) for part in dataclasses.fields(self)}


SECTIONS: Final[dict[str, type]] = {
    "project": ProjectSettings,
    "streets": StreetsSettings,
    "communities": CommunitiesSettings,
    "residents": ResidentsSettings,
    "centres": CentresSettings,
    "candidates": LedgerSettings,
    "estates": LedgerSettings,
    "addresses": LedgerSettings,
    "walking": WalkingSettings,
    "coverage": CoverageSettings,
    "capacity": CapacitySettings,
    "grades": GradesSettings,
    "standard": StandardSettings,
    "siting": SitingSettings,
    "years": YearsSettings,
    "control_source": ControlSettings,
}
REQUIRED_SECTIONS: Final = ("project", "streets", "communities", "residents", "centres")
CONTROL_TOTALS: Final = (
    "population",
    "elderly_60",
    "elderly_65",
    "elderly_80",
    "disabled",
    "living_alone",
    "households",
    "communities",
    "centres",
    "floor_area_m2",
    "beds",
    "capacity_persons",
    *CENTRE_KINDS,
)
"""What a total may be given for; a kind of facility by its name (日间照料 = 70)."""


def from_mapping(mapping: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a mapping of sections describes.

    Parameters
    ----------
    mapping
        ``{section: {key: value}}`` as TOML gives it.

    Raises
    ------
    ScenarioError
        With every problem found: unknown sections and keys (with the nearest known name),
        missing ones, and values of a wrong kind or out of bounds.
    """
    problems: list[Message] = []
    known = (*SECTIONS, "control_totals")
    for name in mapping:
        if name not in known:
            problems.append(
                message("scenario.unknown_section", section=name, near=_near(name, known))
            )
    sections: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        if name in mapping:
            sections[name] = _section(kind, name, mapping[name], problems)
        elif name in REQUIRED_SECTIONS:
            problems.append(message("scenario.missing_section", section=name))
    totals = _control_totals(mapping.get("control_totals", {}), problems)
    if problems:
        raise ScenarioError(message("scenario.refused"), problems)
    return Scenario(**sections, control_totals=totals)


def _section(kind: type, name: str, values: Any, problems: list[Message]) -> Any:
    if not isinstance(values, Mapping):
        problems.append(message("scenario.not_a_section", section=name))
        return None
    fields = {part.name: part for part in dataclasses.fields(kind)}
    found = len(problems)
    for key in values:
        if key not in fields:
            problems.append(
                message("scenario.unknown_key", section=name, name=key, near=_near(key, fields))
            )
    settings = {}
    for key, part in fields.items():
        if key in values:
            settings[key] = _value(part, name, values[key], problems)
        elif part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING:
            problems.append(message("scenario.missing_key", section=name, name=key))
    return kind(**settings) if len(problems) == found else None


def _value(part: dataclasses.Field[Any], section: str, value: Any, problems: list[Message]) -> Any:
    """Return the value in its kind, or add to ``problems`` what is wrong with it."""
    kind = part.metadata["kind"]
    place = {"section": section, "name": part.name, "value": value}
    if kind is tuple and part.metadata.get("of") is float:
        return _list_of_numbers(part, place, problems)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is tuple and isinstance(value, list) and (value or part.default == ()):
        value = tuple(value) if all(isinstance(one, str) for one in value) else value
    right_kind = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if kind is Mapping and right_kind:
        right_kind = all(isinstance(entry, part.metadata["of"]) for entry in value.values())
        value = MappingProxyType(dict(value))
    if not right_kind:
        problems.append(message(f"scenario.not_{_KIND_NAMES[kind]}", **place))
        return None
    if kind in (int, float):
        least, most = part.metadata["bounds"]
        if not least <= value <= most:
            problems.append(message("scenario.out_of_bounds", **place, least=least, most=most))
    choices = part.metadata.get("choices", ())
    chosen = value if isinstance(value, tuple) else (value,)
    if choices and any(one not in choices for one in chosen):
        problems.append(message("scenario.not_a_choice", **place, choices=" / ".join(choices)))
    return value


def _list_of_numbers(
    part: dataclasses.Field[Any], place: dict[str, Any], problems: list[Message]
) -> tuple[float, ...] | None:
    """Return a list of numbers in their bounds, or add to ``problems`` what is wrong with it."""
    value, (least, most) = place["value"], part.metadata["bounds"]
    is_list = isinstance(value, list) and (bool(value) or part.default == ())
    if not is_list or not all(map(_is_count, value)):
        problems.append(message("scenario.not_list_of_numbers", **place))
        return None
    if not all(least <= one <= most for one in value):
        problems.append(message("scenario.out_of_bounds", **place, least=least, most=most))
    return tuple(float(one) for one in value)


_KIND_NAMES: Final = {
    str: "text",
    float: "number",
    int: "whole",
    bool: "flag",
    tuple: "list",
    Mapping: "mapping",
}


def _control_totals(values: Any, problems: list[Message]) -> Mapping[str, float]:
    if not isinstance(values, Mapping):
        problems.append(message("scenario.not_a_section", section="control_totals"))
        return MappingProxyType({})
    totals = {}
    for name, value in values.items():
        place = {"section": "control_totals", "name": name}
        if name not in CONTROL_TOTALS:
            near = _near(name, CONTROL_TOTALS)
            problems.append(message("scenario.unknown_key", **place, near=near))
        elif not _is_count(value):
            problems.append(message("scenario.not_number", **place, value=value))
        else:
            totals[name] = float(value)
    return MappingProxyType(totals)


def _is_count(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < math.inf


def _near(name: str, known: Any) -> str:
    """Return the known name most like ``name``, else all of them."""
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return close[0] if close else " / ".join(known)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    return value
