"""What coordinates of China mean: the shifted degrees of web maps, metres in zones of CGCS2000."""

from planner.datum.shifts import (
    DATUMS,
    Datum,
    from_wgs84,
    in_mainland_china,
    to_wgs84,
)
from planner.datum.zones import MERIDIANS, Unprojected, are_metres, from_zones

__all__ = [
    "DATUMS",
    "MERIDIANS",
    "Datum",
    "Unprojected",
    "are_metres",
    "from_wgs84",
    "from_zones",
    "in_mainland_china",
    "to_wgs84",
]
