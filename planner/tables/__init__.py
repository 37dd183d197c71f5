"""The tables that travel between the rooms: their columns, units, meanings and bounds.

Tables are plain (Geo)DataFrames whose index is our id: unique text. :func:`check` stands at the
door of every calculation and reports all that is wrong with a table at once.
"""

from planner.tables.centres import (
    CENTRES,
    JUDGED_COLUMNS,
)
from planner.tables.checking import LISTED_ROWS, check, listed, table_problems
from planner.tables.choices import (
    AREA_KINDS,
    BUILT_AS,
    CAPACITY_STATES,
    CENTRE_KINDS,
    COMING_STATUSES,
    COMMUNITY_KINDS,
    EARTHQUAKE_CLASSES,
    ESTATE_AGES,
    LIST_MARK,
    NEEDS,
    OPEN_STATUS,
    PLACED,
    POPULATION_KINDS,
    POSITIONS,
    PRESENCE,
    STATUSES,
    STEP_STATES,
    STEPS,
    WALKING_STATES,
    WORKS,
)
from planner.tables.columns import (
    ELDER_GROUPS,
    ELDERLY_COLUMNS,
)
from planner.tables.definitions import (
    CANDIDATES,
    COMMUNITIES,
    LEDGER_TABLES,
    RESIDENTS,
    TRAVEL_TIMES,
)
from planner.tables.estates import (
    ESTATES,
)
from planner.tables.schema import Column, Kind, Table

__all__ = [
    "AREA_KINDS",
    "BUILT_AS",
    "CANDIDATES",
    "CAPACITY_STATES",
    "CENTRES",
    "CENTRE_KINDS",
    "COMING_STATUSES",
    "COMMUNITIES",
    "COMMUNITY_KINDS",
    "EARTHQUAKE_CLASSES",
    "ELDERLY_COLUMNS",
    "ELDER_GROUPS",
    "ESTATES",
    "ESTATE_AGES",
    "JUDGED_COLUMNS",
    "LEDGER_TABLES",
    "LISTED_ROWS",
    "LIST_MARK",
    "NEEDS",
    "OPEN_STATUS",
    "PLACED",
    "POPULATION_KINDS",
    "POSITIONS",
    "PRESENCE",
    "RESIDENTS",
    "STATUSES",
    "STEPS",
    "STEP_STATES",
    "TRAVEL_TIMES",
    "WALKING_STATES",
    "WORKS",
    "Column",
    "Kind",
    "Table",
    "check",
    "listed",
    "table_problems",
]
