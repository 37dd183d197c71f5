"""The tables that travel between the rooms: their columns, units, meanings and bounds.

Tables are plain (Geo)DataFrames whose index is our id: unique text. :func:`check` stands at the
door of every calculation and reports all that is wrong with a table at once.
"""

from planner.tables.checking import LISTED_ROWS, check, listed, table_problems
from planner.tables.definitions import (
    AREA_KINDS,
    CANDIDATES,
    CAPACITY_STATES,
    CENTRE_KINDS,
    CENTRES,
    COMING_STATUSES,
    COMMUNITIES,
    COMMUNITY_KINDS,
    ELDER_GROUPS,
    ELDERLY_COLUMNS,
    ESTATES,
    LEDGER_TABLES,
    NEEDS,
    OPEN_STATUS,
    PLACED,
    POPULATION_KINDS,
    POSITIONS,
    RESIDENTS,
    STATUSES,
    STEP_STATES,
    STEPS,
    TRAVEL_TIMES,
    WALKING_STATES,
    WORKS,
)
from planner.tables.schema import Column, Kind, Table

__all__ = [
    "AREA_KINDS",
    "CANDIDATES",
    "CAPACITY_STATES",
    "CENTRES",
    "CENTRE_KINDS",
    "COMING_STATUSES",
    "COMMUNITIES",
    "COMMUNITY_KINDS",
    "ELDERLY_COLUMNS",
    "ELDER_GROUPS",
    "ESTATES",
    "LEDGER_TABLES",
    "LISTED_ROWS",
    "NEEDS",
    "OPEN_STATUS",
    "PLACED",
    "POPULATION_KINDS",
    "POSITIONS",
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
