"""Columns that several tables have, and how columns of figures and places are made."""

from __future__ import annotations

from typing import Final

from planner.tables.choices import AREA_KINDS, POSITIONS, WORKS
from planner.tables.schema import Column


def number(name: str, zh: str, en: str, meaning: str, *, required: bool = False) -> Column:
    """Return a column of figures, 0 or more."""
    return Column(name, "number", zh, en, meaning, required=required, minimum=0.0)


def place(meaning: str) -> Column:
    """Return the column of geometries."""
    return Column("geometry", "geometry", "位置", "Place", meaning, required=True)


NAME: Final = Column("name", "text", "名称", "Name", "Name as the ledger has it.", required=True)
PEOPLE: Final = (
    number("population", "人口", "Population", "Persons of the population kind declared."),
    number("elderly_60", "60岁以上", "Aged 60+", "Persons aged 60 and over.", required=True),
    number("elderly_65", "65岁以上", "Aged 65+", "Persons aged 65 and over."),
    number("elderly_80", "80岁以上", "Aged 80+", "Persons aged 80 and over."),
    number(
        "disabled",
        "失能老年人",
        "Disabled elders",
        "Persons aged 60 and over who are 失能, as the ledger counts them.",
    ),
    number(
        "living_alone",
        "独居老年人",
        "Elders living alone",
        "Persons aged 60 and over living alone.",
    ),
)

YEAR: Final = Column(
    "year",
    "number",
    "年份",
    "Year",
    "Year that the figures are of.",
    minimum=1900.0,
    maximum=2200.0,
)
OPENS: Final = Column(
    "opens_year",
    "number",
    "投用年份",
    "Opens in",
    "Year from which it serves, where it is being built or planned.",
    minimum=1900.0,
    maximum=2200.0,
)
WORKS_COLUMN: Final = Column(
    "works",
    "choice",
    "建设方式",
    "Works",
    "What the plan does with it: keep, convert, extend or build it.",
    choices=WORKS,
)
AREA: Final = (
    number("area_m2", "面积(m²)", "Area (m²)", "Area as the ledger has it, of the kind beside it."),
    Column(
        "area_kind",
        "choice",
        "面积口径",
        "Kind of area",
        "Building, usable, inner, or ground area; 未注明 is read as building area, to be checked.",
        choices=AREA_KINDS,
    ),
)
FLOOR: Final = Column(
    "floor", "number", "楼层", "Floor", "Storey that elders use; below ground is negative."
)

POSITION: Final = Column(
    "position",
    "choice",
    "定位方式",
    "Position",
    "Where the point comes from; only given points count in headline figures.",
    choices=POSITIONS,
)

ELDERLY_COLUMNS: Final = ("elderly_60", "elderly_65", "elderly_80")
ELDER_GROUPS: Final = ("disabled", "living_alone")
"""Parts of those aged 60 and over that are no age group."""
