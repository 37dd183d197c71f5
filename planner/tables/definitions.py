"""The tables that come from outside and travel between the rooms, column by column."""

from __future__ import annotations

from typing import Final

from planner.tables.centres import CENTRES
from planner.tables.choices import COMMUNITY_KINDS
from planner.tables.columns import (
    AREA,
    FLOOR,
    NAME,
    OPENS,
    PEOPLE,
    POSITION,
    WORKS_COLUMN,
    YEAR,
    number,
    place,
)
from planner.tables.estates import ESTATES
from planner.tables.schema import Column, Table

COMMUNITIES: Final = Table(
    "communities",
    "社区",
    "Communities",
    (
        NAME,
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
        *PEOPLE,
        number("households", "户数", "Households", "Households."),
        YEAR,
        place("The community's own boundary, as the user gave it."),
    ),
)

RESIDENTS: Final = Table(
    "residents",
    "居民点",
    "Residents",
    (
        Column("community", "text", "社区代码", "Community", "Id of the community it lies in."),
        *PEOPLE,
        place("Where these people live: a point."),
    ),
)

CANDIDATES: Final = Table(
    "candidates",
    "备选点",
    "Candidates",
    (
        NAME,
        Column("candidate_kind", "text", "现状用途", "Present use", "What the building is today."),
        POSITION,
        *AREA,
        FLOOR,
        Column("tenure", "text", "产权", "Tenure", "Who owns it."),
        Column("acquisition", "text", "取得方式", "Way to obtain", "How it would be obtained."),
        Column("safety", "text", "房屋安全鉴定", "Structural safety", "Result of the inspection."),
        Column("fire_permit", "text", "消防手续", "Fire permit", "Whether fire permits stand."),
        number("cost_10k_yuan", "改造费用(万元)", "Cost (10,000 yuan)", "Cost to fit it out."),
        OPENS,
        WORKS_COLUMN,
        place("Where its entrance is: a point."),
    ),
)

TRAVEL_TIMES: Final = Table(
    "travel_times",
    "步行时间",
    "Travel times",
    (
        Column("origin", "text", "起点", "Origin", "Id of the origin.", required=True),
        Column("destination", "text", "终点", "Destination", "Id of the end.", required=True),
        number(
            "walk_minutes", "步行分钟", "Minutes", "Door to door, legs included.", required=True
        ),
    ),
)

LEDGER_TABLES: Final = {
    table.name: table for table in (COMMUNITIES, RESIDENTS, CENTRES, CANDIDATES, ESTATES)
}
"""The tables that come from outside, by name."""
