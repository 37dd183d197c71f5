"""Outside tables become checked tables: encodings, headings, coordinates, findings, residents.

Nothing is lost in silence: every row of a ledger is used or set aside with a reason, and all that
is doubtful is told, row by row.
"""

from planner.ledgers.datum import from_wgs84, in_mainland_china, to_wgs84
from planner.ledgers.findings import Ledger, finding_text
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
from planner.ledgers.spreading import Spread, spread_over_buildings

__all__ = [
    "Ledger",
    "LedgerSource",
    "LedgerWarning",
    "Spread",
    "doubtful_in_water",
    "finding_text",
    "from_wgs84",
    "in_mainland_china",
    "place_centres",
    "read_candidates",
    "read_centres",
    "read_communities",
    "read_estates",
    "read_ledger",
    "read_residents",
    "residents_from",
    "spread_over_buildings",
    "tell_outside",
    "to_wgs84",
]
