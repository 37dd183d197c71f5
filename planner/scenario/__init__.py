"""The settings of one plan, read from the tables of ``project.toml`` and never changed after.

Each section is a frozen dataclass whose fields carry their own bounds; :func:`from_mapping`
reports every unknown key, missing value and value out of bounds at once. Nothing here touches a
file: the door reads ``project.toml`` and hands over the mapping.
"""

from planner.scenario.inputs import (
    COUNTS_FROM,
    WITHOUT_HOMES,
    LedgerSettings,
    StreetsSettings,
    YearsSettings,
)
from planner.scenario.questions import WalkingSettings
from planner.scenario.reading import from_mapping
from planner.scenario.settings import Scenario

__all__ = [
    "COUNTS_FROM",
    "WITHOUT_HOMES",
    "LedgerSettings",
    "Scenario",
    "StreetsSettings",
    "WalkingSettings",
    "YearsSettings",
    "from_mapping",
]
