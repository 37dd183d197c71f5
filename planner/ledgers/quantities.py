"""Units as ledgers write them, and what they are in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from planner.units import M2_PER_MU

_AREA: Final = {
    "m2": 1.0, "平方米": 1.0, "平米": 1.0, "平方": 1.0, "平": 1.0, "㎡": 1.0, "sqm": 1.0,
    "亩": M2_PER_MU, "公顷": 10_000.0, "ha": 10_000.0, "万m2": 10_000.0, "万平方米": 10_000.0,
    "万平": 10_000.0, "km2": 1_000_000.0, "平方公里": 1_000_000.0,
}  # fmt: skip
_COUNT: Final = {
    "人": 1.0, "名": 1.0, "位": 1.0, "个": 1.0, "张": 1.0, "床": 1.0, "户": 1.0, "套": 1.0,
    "千人": 1_000.0, "万人": 10_000.0, "万户": 10_000.0, "万": 10_000.0, "人次": 1.0,
    "persons": 1.0, "people": 1.0, "households": 1.0, "beds": 1.0,
}  # fmt: skip
_MONEY_10K_YUAN: Final = {
    "万元": 1.0, "万": 1.0, "万元人民币": 1.0, "元": 1e-4, "千元": 0.1, "亿元": 10_000.0,
    "亿": 10_000.0, "10,000yuan": 1.0,
}  # fmt: skip
_EACH: Final = {
    "人": 1.0,
    "人/间": 1.0,
    "人每间": 1.0,
    "名": 1.0,
    "床": 1.0,
    "床/间": 1.0,
    "张": 1.0,
}
_LENGTH: Final = {
    "m": 1.0, "米": 1.0, "dm": 0.1, "cm": 0.01, "厘米": 0.01, "公分": 0.01, "mm": 0.001,
    "毫米": 0.001,
}  # fmt: skip
_SHARE: Final = {"%": 0.01, "‰": 0.001}
_STOREYS: Final = {"层": 1.0, "f": 1.0, "楼": 1.0}
_YEAR: Final = {"年": 1.0, "年度": 1.0, "年底": 1.0}
_DEGREES: Final = {"°": 1.0, "度": 1.0, "°e": 1.0, "°n": 1.0, "e": 1.0, "n": 1.0}

QUANTITIES: Final[Mapping[str, Mapping[str, float]]] = {
    "area": _AREA,
    "count": _COUNT,
    "money": _MONEY_10K_YUAN,
    "storeys": _STOREYS,
    "degrees": _DEGREES,
    "year": _YEAR,
    "each": _EACH,
    "length": _LENGTH,
    "ratio": _SHARE,
    "percent": {unit: 100.0 * factor for unit, factor in _SHARE.items()},
    "grade": {"级": 1.0},
}
"""Quantity → unit as written → our units in one of it."""

COLUMN_QUANTITIES: Final = {
    "area_m2": "area",
    "shared_m2": "area",
    "housing_area_m2": "area",
    "delivered_m2": "area",
    "footprint_m2": "area",
    "population": "count",
    "elderly_60": "count",
    "elderly_65": "count",
    "elderly_80": "count",
    "disabled": "count",
    "living_alone": "count",
    "households": "count",
    "capacity_persons": "count",
    "beds": "count",
    "carers": "count",
    "dining_seats": "count",
    "living_area_m2": "area",
    "health_area_m2": "area",
    "recreation_area_m2": "area",
    "support_area_m2": "area",
    "rest_area_m2": "area",
    "dining_area_m2": "area",
    "site_area_m2": "area",
    "rest_room_persons": "each",
    "door_width_m": "length",
    "corridor_width_m": "length",
    "window_ratio": "ratio",
    "building_density_percent": "percent",
    "ground_slope_percent": "percent",
    "fire_class": "grade",
    "delivered_places": "count",
    "least_place_m2": "area",
    "community_rooms_m2": "area",
    "activity_m2": "area",
    "cost_10k_yuan": "money",
    "floors": "storeys",
    "year": "year",
    "opens_year": "year",
    "longitude": "degrees",
    "latitude": "degrees",
}
"""What each column of numbers measures."""

ABSURD_ABOVE: Final = {
    "area_m2": 200_000.0,
    "shared_m2": 200_000.0,
    "housing_area_m2": 5_000_000.0,
    "delivered_m2": 200_000.0,
    "footprint_m2": 200_000.0,
    "population": 500_000.0,
    "elderly_60": 200_000.0,
    "elderly_65": 200_000.0,
    "elderly_80": 200_000.0,
    "disabled": 200_000.0,
    "living_alone": 200_000.0,
    "households": 200_000.0,
    "capacity_persons": 5_000.0,
    "beds": 10_000.0,
    "carers": 5_000.0,
    "dining_seats": 5_000.0,
    "living_area_m2": 200_000.0,
    "health_area_m2": 200_000.0,
    "recreation_area_m2": 200_000.0,
    "support_area_m2": 200_000.0,
    "rest_area_m2": 200_000.0,
    "dining_area_m2": 200_000.0,
    "site_area_m2": 2_000_000.0,
    "rest_room_persons": 200.0,
    "door_width_m": 10.0,
    "corridor_width_m": 20.0,
    "window_ratio": 1.0,
    "building_density_percent": 100.0,
    "ground_slope_percent": 100.0,
    "fire_class": 4.0,
    "delivered_places": 1_000.0,
    "least_place_m2": 200_000.0,
    "community_rooms_m2": 200_000.0,
    "activity_m2": 200_000.0,
    "cost_10k_yuan": 1_000_000.0,
    "floors": 150.0,
    "floor": 150.0,
    "year": 2_200.0,
    "opens_year": 2_200.0,
}
"""A figure above this is a slip of the pen or of the unit: emptied. Wide on purpose (the largest
communities hold about 100,000 people, the tallest housing has fewer than 100 storeys)."""

ABSURD_BELOW: Final = {
    "floor": -9.0,
    "floors": 0.5,
    "year": 1900.0,
    "opens_year": 1900.0,
    "door_width_m": 0.3,
    "corridor_width_m": 0.3,
    "building_density_percent": 1.0,
    "fire_class": 1.0,
}
"""A figure below this cannot be: a door of 0.9 mm, or a site coverage of 0.3 % that was meant as a
share of 1. All other columns: below 0."""

_UNIT_NAMES: Final = {unit for units in QUANTITIES.values() for unit in units}
_TRAILING: Final = re.compile(
    r"^(.+?)[/_\-,，]?(m2|平方米|亩|公顷|万元|万人|万户|mm|cm|毫米|厘米|%)$|^(.+?)[/_\-,，](\w+)$"
)


def heading_unit(plain: str, inside: tuple[str, ...]) -> tuple[str, str | None]:
    """Return a normalised heading without its unit, and the unit.

    Parameters
    ----------
    plain, inside
        What :func:`planner.ledgers.headings.normalised` returns: the unit stands in the brackets,
        else at the end (``建筑面积㎡``, ``户数/户``).
    """
    for part in inside:
        unit = part.removeprefix("单位").lstrip(":：")
        if unit in _UNIT_NAMES:
            return plain, unit
    found = _TRAILING.match(plain)
    if found is not None:
        base, unit = found.group(1) or found.group(3), found.group(2) or found.group(4)
        if unit in _UNIT_NAMES:
            return base, unit
    return plain, None
