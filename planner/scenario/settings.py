"""All settings of one plan, section by section."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from planner.scenario.inputs import (
    CentresSettings,
    CommunitiesSettings,
    ControlSettings,
    LedgerSettings,
    ProjectSettings,
    ResidentsSettings,
    StreetsSettings,
    YearsSettings,
)
from planner.scenario.questions import (
    CapacitySettings,
    CoverageSettings,
    GradesSettings,
    ProvisionSettings,
    RemediesSettings,
    StandardSettings,
    WalkingSettings,
)
from planner.scenario.siting import ProgrammeSettings, SitingSettings
from planner.tables import CENTRE_KINDS


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
    remedies: RemediesSettings = RemediesSettings()
    provision: ProvisionSettings = ProvisionSettings()
    siting: SitingSettings = SitingSettings()
    programme: ProgrammeSettings | None = None
    years: YearsSettings = YearsSettings()
    control_source: ControlSettings = ControlSettings()
    control_totals: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def as_mapping(self) -> dict[str, Any]:
        """Return the settings as plain nested dictionaries, for the run's record."""
        return {part.name: _plain(getattr(self, part.name)) for part in dataclasses.fields(self)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    return value


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
    "remedies": RemediesSettings,
    "provision": ProvisionSettings,
    "siting": SitingSettings,
    "programme": ProgrammeSettings,
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
