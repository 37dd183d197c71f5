"""The table of centres, with the columns that only the clauses of a rule book ask for."""

from __future__ import annotations

import dataclasses
from typing import Final

from planner.tables.choices import (
    BUILT_AS,
    CENTRE_KINDS,
    EARTHQUAKE_CLASSES,
    PRESENCE,
    STATUSES,
)
from planner.tables.columns import (
    AREA,
    FLOOR,
    NAME,
    OPENS,
    POSITION,
    WORKS_COLUMN,
    number,
    place,
)
from planner.tables.schema import Column, Table


def _use_area(name: str, zh: str, en: str, of: str) -> Column:
    return number(name, f"{zh}(m²)", f"{en} (m²)", f"Use area of {of}.")


def _presence(name: str, zh: str, en: str, meaning: str) -> Column:
    return Column(name, "choice", zh, en, meaning, choices=PRESENCE)


# What only the clauses of a rule book ask for (建标 143-2010, JGJ 450-2018).
_JUDGED: Final = (
    number("carers", "持证护理员", "Certified carers", "Carers with a certificate."),
    Column(
        "built_as",
        "choice",
        "建设性质",
        "Built as",
        "How the centre came to be: new, converted or extended.",
        choices=BUILT_AS,
    ),
    _use_area("living_area_m2", "生活服务用房", "Daily living", "the rooms for daily living"),
    _use_area("health_area_m2", "保健康复用房", "Health", "the rooms for health and recovery"),
    _use_area("recreation_area_m2", "娱乐用房", "Recreation", "the rooms for recreation"),
    _use_area("support_area_m2", "辅助用房", "Support", "the rooms for support"),
    _use_area("rest_area_m2", "休息室面积", "Rest rooms", "the rest rooms by day"),
    _use_area("dining_area_m2", "餐厅面积", "Dining room", "the dining room"),
    number("dining_seats", "餐位", "Dining seats", "Seats in the dining room."),
    number(
        "rest_room_persons", "休息室每间人数", "Persons a rest room", "Persons in each rest room."
    ),
    number("site_area_m2", "用地面积(m²)", "Site (m²)", "Area of its own site."),
    number(
        "building_density_percent", "建筑密度(%)", "Site coverage (%)", "Built part of its site."
    ),
    _presence("own_entrance", "独立出入口", "Own entrance", "Whether it has one of its own."),
    _presence("lift", "电梯", "Lift", "Whether an accessible lift serves the elders' rooms."),
    _presence("ramp", "无障碍坡道", "Ramp", "Whether an accessible ramp serves them."),
    _presence(
        "ambulance_access",
        "救护车通达",
        "Ambulance access",
        "Whether an ambulance reaches the main entrance.",
    ),
    number("door_width_m", "门净宽(m)", "Clear door (m)", "Least clear width of elders' doors."),
    number(
        "corridor_width_m",
        "走道净宽(m)",
        "Clear corridor (m)",
        "Least clear width of elders' corridors.",
    ),
    number(
        "window_ratio",
        "窗地比",
        "Windows to floor",
        "Least area of windows over floor area: 1/6 is written 1:6 or 0.167.",
    ),
    number("fire_class", "耐火等级", "Fire class", "Fire resistance, 1 (best) to 4."),
    Column(
        "earthquake_class",
        "choice",
        "抗震设防类别",
        "Earthquake class",
        "Class of earthquake protection (GB 50223).",
        choices=EARTHQUAKE_CLASSES,
    ),
    Column(
        "building_services",
        "text",
        "建筑设备",
        "Building services",
        "Power, water and the like that it has, joined by 、.",
    ),
    Column("grounds", "text", "场地", "Grounds", "What its grounds have, joined by 、."),
    Column("equipment", "text", "设备配备", "Equipment", "Equipment that it has, joined by 、."),
    number(
        "ground_slope_percent", "场地坡度(%)", "Ground slope (%)", "Slope of its outdoor ground."
    ),
)
JUDGED_COLUMNS: Final = frozenset(column.name for column in _JUDGED)
"""Columns of centres that a table holds only where its ledger does."""


CENTRES: Final = Table(
    "centres",
    "设施",
    "Centres",
    (
        NAME,
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
        dataclasses.replace(POSITION, required=True, nullable=False),
        Column("community", "text", "所在社区", "Community", "Id of the community it lies in."),
        Column("street", "text", "所在街道", "Sub-district", "Sub-district that it lies in."),
        Column("address", "text", "地址", "Address", "Address of the facility."),
        Column(
            "serves",
            "text",
            "服务社区",
            "Serves",
            "Ids of the communities that the ledger says it serves, joined by 、.",
        ),
        *AREA,
        number(
            "shared_m2",
            "共用面积(m²)",
            "Shared (m²)",
            "Part of the area shared with a 党群服务中心, counted once in a district.",
        ),
        Column("rooms", "text", "功能用房", "Rooms", "Rooms it has, joined by 、."),
        Column("services", "text", "服务内容", "Services", "What it offers, joined by 、."),
        FLOOR,
        number("capacity_persons", "日托位", "Day places", "Day users it can take."),
        number("beds", "床位", "Beds", "Beds."),
        *_JUDGED,
        OPENS,
        WORKS_COLUMN,
        place("Where its entrance is: a point; empty where nothing places it."),
    ),
)
