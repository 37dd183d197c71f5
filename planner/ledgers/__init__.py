"""Outside tables become checked tables: encodings, headings, coordinates, findings, residents.

Nothing is lost in silence: every row of a ledger is used or set aside with a reason, and all that
is doubtful is told, row by row.
"""

from planner.datum import from_wgs84, in_mainland_china, to_wgs84
from planner.ledgers.addresses import Addresses, read_addresses
from planner.ledgers.findings import Ledger, finding_text
from planner.ledgers.forecasts import base_of, year_figures
from planner.ledgers.people import estimated_columns
from planner.ledgers.placing import doubtful_in_water, place_centres, tell_outside
from planner.ledgers.public import (
    LedgerWarning,
    read_candidates,
    read_centres,
    read_communities,
    read_estates,
    read_residents,
)
from planner.ledgers.read import read_ledger
from planner.ledgers.residents import residents_from
from planner.ledgers.source import LedgerSource
from planner.ledgers.spreading import spread_over_buildings
from planner.ledgers.spreading_cells import Spread, spread_over_cells
from planner.ledgers.years import (
    YearFigures,
    available_in,
    centres_open_in,
    opening_later,
    residents_in,
    undated,
    without_homes,
)

__all__ = [
    "Addresses",
    "Ledger",
    "LedgerSource",
    "LedgerWarning",
    "Spread",
    "YearFigures",
    "available_in",
    "base_of",
    "centres_open_in",
    "doubtful_in_water",
    "estimated_columns",
    "finding_text",
    "from_wgs84",
    "in_mainland_china",
    "opening_later",
    "place_centres",
    "read_addresses",
    "read_candidates",
    "read_centres",
    "read_communities",
    "read_estates",
    "read_ledger",
    "read_residents",
    "residents_from",
    "residents_in",
    "spread_over_buildings",
    "spread_over_cells",
    "tell_outside",
    "to_wgs84",
    "undated",
    "without_homes",
    "year_figures",
]
