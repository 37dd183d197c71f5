"""The tables that travel between the rooms: their columns, units, meanings and bounds.

Tables are plain (Geo)DataFrames whose index is our id: unique text. :func:`check` stands at the
door of every calculation and reports all that is wrong with a table at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from planner.errors import TableError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message

Kind = Literal["text", "number", "choice", "flag", "geometry"]

# The trade's own words are the values: they stand so in ledgers, and are translated on output.
COMMUNITY_KINDS: Final = ("社区", "村")
CENTRE_KINDS: Final = (
    "机构",
    "街道综合中心",
    "日间照料",
    "居家服务站",
    "助餐点",
    "农村幸福院",
    "活动室",
)
STATUSES: Final = ("运营", "闲置", "停运", "在建", "规划", "未注明")
OPEN_STATUS: Final = "运营"
AREA_KINDS: Final = ("建筑", "使用", "套内", "占地", "未注明")
POPULATION_KINDS: Final = ("常住", "户籍", "实有", "未注明")
POSITIONS: Final = ("given", "approximate", "doubtful", "none")
"""Where a facility's point comes from: its own coordinates, its community's middle, coordinates
that cannot be right (in water), or nowhere. Only ``given`` points count in headline figures."""

WALKING_STATES: Final = ("covered", "too_far", "no_way_through", "not_joined", "no_centre")
"""The one state that every resident row ends in."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Name in code, with its unit.
    kind
        What its values are: text, a number, one of ``choices``, true/false, or a geometry.
    zh, en
        What a planner reads above the column.
    meaning
        One sentence for the data dictionary.
    required
        Whether the table is refused without it. Values may still be missing in columns that
        are ``nullable``; missing means *unknown*, never 0.
    nullable
        Whether single values may be missing.
    minimum, maximum
        Bounds of a number, both inclusive.
    choices
        Allowed values of a choice.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    meaning: str
    required: bool = False
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def label(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the heading that a planner reads."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Table:
    """A table's name and columns; the index is the row's id."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    def label(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the table's name as a planner reads it."""
        return self.zh if language == "zh" else self.en

    def __iter__(self) -> Iterator[Column]:
        """Iterate over the columns."""
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)


def _number(name: str, zh: str, en: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "number", zh, en, meaning, required=required, minimum=0.0)


def _geometry(meaning: str) -> Column:
    return Column("geometry", "geometry", "位置", "Place", meaning, required=True)


_NAME: Final = Column("name", "text", "名称", "Name", "Name as the ledger has it.", required=True)
_PEOPLE: Final = (
    _number("population", "人口", "Population", "Persons of the population kind declared."),
    _number("elderly_60", "60岁以上", "Aged 60+", "Persons aged 60 and over.", required=True),
    _number("elderly_65", "65岁以上", "Aged 65+", "Persons aged 65 and over."),
    _number("elderly_80", "80岁以上", "Aged 80+", "Persons aged 80 and over."),
)
ELDERLY_COLUMNS: Final = ("elderly_60", "elderly_65", "elderly_80")

COMMUNITIES: Final = Table(
    "communities",
    "社区",
    "Communities",
    (
        _NAME,
        Column(
            "community_kind",
            "choice",
            "类型",
            "Kind",
            "社区 (urban community) or 村 (village, which has no class in 建标 143).",
            required=True,
            nullable=False,
            choices=COMMUNITY_KINDS,
        ),
        Column(
            "street", "text", "街道", "Sub-district", "Sub-district or town that it belongs to."
        ),
        *_PEOPLE,
        _number("households", "户数", "Households", "Households."),
        _geometry("The community's own boundary, as the user gave it."),
    ),
)

RESIDENTS: Final = Table(
    "residents",
    "居民点",
    "Residents",
    (
        Column("community", "text", "社区代码", "Community", "Id of the community it lies in."),
        *_PEOPLE,
        _geometry("Where these people live: a point."),
    ),
)

_AREA: Final = (
    _number(
        "area_m2", "面积(㎡)", "Area (m²)", "Area as the ledger has it, of the kind beside it."
    ),
    Column(
        "area_kind",
        "choice",
        "面积口径",
        "Kind of area",
        "Building, usable, inner, or ground area; 未注明 is read as building area, to be checked.",
        choices=AREA_KINDS,
    ),
)
_FLOOR: Final = Column(
    "floor", "number", "楼层", "Floor", "Storey that elders use; below ground is negative."
)

_POSITION: Final = Column(
    "position",
    "choice",
    "定位方式",
    "Position",
    "Where the point comes from; only given points count in headline figures.",
    choices=POSITIONS,
)

CENTRES: Final = Table(
    "centres",
    "设施",
    "Centres",
    (
        _NAME,
        Column(
            "centre_kind",
            "choice",
            "设施类型",
            "Kind of facility",
            "Which rule book and which circle apply.",
            required=True,
            nullable=False,
            choices=CENTRE_KINDS,
        ),
        Column(
            "status",
            "choice",
            "运营状态",
            "Status",
            "Only 运营 (operating) serves today.",
            required=True,
            nullable=False,
            choices=STATUSES,
        ),
        dataclasses.replace(_POSITION, required=True, nullable=False),
        Column("community", "text", "所在社区", "Community", "Id of the community it lies in."),
        Column("street", "text", "所在街道", "Sub-district", "Sub-district that it lies in."),
        Column(
            "serves",
            "text",
            "服务社区",
            "Serves",
            "Ids of the communities that the ledger says it serves, joined by 、.",
        ),
        *_AREA,
        _number(
            "shared_m2",
            "共用面积(㎡)",
            "Shared (m²)",
            "Part of the area shared with a 党群服务中心, counted once in a district.",
        ),
        Column("rooms", "text", "功能用房", "Rooms", "Rooms it has, joined by 、."),
        _FLOOR,
        _number("capacity_persons", "日托位", "Day places", "Day users it can take."),
        _number("beds", "床位", "Beds", "Beds."),
        _geometry("Where its entrance is: a point; empty where nothing places it."),
    ),
)

CANDIDATES: Final = Table(
    "candidates",
    "备选点",
    "Candidates",
    (
        _NAME,
        Column("candidate_kind", "text", "现状用途", "Present use", "What the building is today."),
        _POSITION,
        *_AREA,
        _FLOOR,
        Column("tenure", "text", "产权", "Tenure", "Who owns it."),
        Column("acquisition", "text", "取得方式", "Way to obtain", "How it would be obtained."),
        Column("safety", "text", "房屋安全鉴定", "Structural safety", "Result of the inspection."),
        Column("fire_permit", "text", "消防手续", "Fire permit", "Whether fire permits stand."),
        _number("cost_10k_yuan", "改造费用(万元)", "Cost (10,000 yuan)", "Cost to fit it out."),
        _geometry("Where its entrance is: a point."),
    ),
)

ESTATES: Final = Table(
    "estates",
    "新建居住区",
    "New estates",
    (
        _NAME,
        _number("households", "户数", "Households", "Households planned or built."),
        _number("housing_area_m2", "住宅建筑面积(㎡)", "Housing (m²)", "Housing floor area."),
        _number("delivered_m2", "已交付养老用房(㎡)", "Delivered (m²)", "Care rooms handed over."),
        Column("planned", "text", "规划", "Planned", "State of 同步规划."),
        Column("built", "text", "建设", "Built", "State of 同步建设."),
        Column("accepted", "text", "验收", "Accepted", "State of 同步验收."),
        Column("handed_over", "text", "交付", "Handed over", "State of 同步交付使用."),
        _geometry("Where it lies: a point or its outline."),
    ),
)

TRAVEL_TIMES: Final = Table(
    "travel_times",
    "步行时间",
    "Travel times",
    (
        Column("origin", "text", "起点", "Origin", "Id of the origin.", required=True),
        Column("destination", "text", "终点", "Destination", "Id of the end.", required=True),
        _number(
            "walk_minutes", "步行分钟", "Minutes", "Door to door, legs included.", required=True
        ),
    ),
)

LEDGER_TABLES: Final = {
    table.name: table for table in (COMMUNITIES, RESIDENTS, CENTRES, CANDIDATES, ESTATES)
}
"""The tables that come from outside, by name."""

LISTED_ROWS: Final = 5


def listed(ids: Iterable[Any]) -> str:
    """Return the first few of many ids for a message, each once: ``a、b、c … (120)``."""
    shown = list(dict.fromkeys(str(value) for value in ids))
    first = "、".join(shown[:LISTED_ROWS])
    return first if len(shown) <= LISTED_ROWS else f"{first} … ({len(shown)})"


def _index_problems(table: Table, frame: pd.DataFrame) -> list[Message]:
    problems = []
    if frame.index.hasnans:
        problems.append(message("tables.id_missing", table=table.name))
    repeated = frame.index[frame.index.duplicated()].unique()
    if len(repeated):
        problems.append(message("tables.id_repeated", table=table.name, ids=listed(repeated)))
    return problems


def _number_problems(table: Table, column: Column, values: pd.Series) -> list[Message]:
    if not pd.api.types.is_numeric_dtype(values):
        return [message("tables.not_numbers", table=table.name, column=column.name)]
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    wrong = np.isinf(numbers)
    if column.minimum is not None:
        wrong |= numbers < column.minimum
    if column.maximum is not None:
        wrong |= numbers > column.maximum
    if not wrong.any():
        return []
    return [
        message(
            "tables.out_of_bounds",
            table=table.name,
            column=column.name,
            ids=listed(values.index[wrong]),
        )
    ]


def _column_problems(table: Table, column: Column, frame: pd.DataFrame) -> list[Message]:
    if column.name not in frame.columns:
        if not column.required:
            return []
        return [message("tables.column_missing", table=table.name, column=column.name)]
    values = frame[column.name]
    problems = []
    if not column.nullable and values.isna().any():
        empty = listed(values.index[values.isna()])
        problems.append(
            message("tables.value_missing", table=table.name, column=column.name, ids=empty)
        )
    if column.kind == "number":
        problems += _number_problems(table, column, values)
    if column.kind == "choice":
        unknown = values.notna() & ~values.isin(column.choices)
        if unknown.any():
            problems.append(
                message(
                    "tables.not_a_choice",
                    table=table.name,
                    column=column.name,
                    ids=listed(values.index[unknown]),
                    choices="、".join(column.choices),
                )
            )
    return problems


def table_problems(table: Table, frame: pd.DataFrame, *, geometry: bool = True) -> list[Message]:
    """Return everything that is wrong with ``frame`` as a ``table``; an empty list if nothing.

    Parameters
    ----------
    table
        What the frame should be.
    frame
        The table to look at; never changed.
    geometry
        Whether its geometry is needed. Siting, for one, needs none.
    """
    problems = _index_problems(table, frame)
    for column in table:
        if geometry or column.kind != "geometry":
            problems += _column_problems(table, column, frame)
    return problems


def check(table: Table, frame: pd.DataFrame, *, geometry: bool = True) -> None:
    """Refuse a frame that breaks the promises of its table.

    Parameters
    ----------
    table, frame, geometry
        As for :func:`table_problems`.

    Raises
    ------
    TableError
        With every problem found.
    """
    problems = table_problems(table, frame, geometry=geometry)
    if problems:
        raise TableError(message("tables.refused", table=table.name), problems)
