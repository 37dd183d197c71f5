"""The table of new estates: what they owe, what they hand over, and when."""

from __future__ import annotations

import dataclasses
from typing import Final

from planner.tables.choices import AREA_KINDS, ESTATE_AGES, STEP_STATES
from planner.tables.columns import FLOOR, NAME, number, place
from planner.tables.schema import Column, Table


def _step(name: str, zh: str, en: str, of: str) -> Column:
    return Column(name, "choice", zh, en, f"State of {of}.", choices=STEP_STATES)


ESTATES: Final = Table(
    "estates",
    "新建居住区",
    "New estates",
    (
        NAME,
        number("households", "户数", "Households", "Households planned or built."),
        number("housing_area_m2", "住宅建筑面积(m²)", "Housing (m²)", "Housing floor area."),
        Column("street", "text", "所在街道", "Sub-district", "Sub-district that it lies in."),
        Column("community", "text", "所在社区", "Community", "Id of the community it lies in."),
        Column(
            "estate_age",
            "choice",
            "建成情况",
            "Age",
            "Whether it is being built or stands already: rules ask more of new ones.",
            choices=ESTATE_AGES,
        ),
        number("delivered_m2", "已交付养老用房(m²)", "Delivered (m²)", "Care rooms handed over."),
        Column(
            "delivered_kind",
            "choice",
            "养老用房面积口径",
            "Kind of delivered area",
            "Kind of the area handed over: some rules ask for inner area.",
            choices=AREA_KINDS,
        ),
        number(
            "delivered_places",
            "养老用房处数",
            "Places delivered",
            "In how many places the care rooms handed over lie.",
        ),
        number(
            "least_place_m2",
            "最小单处面积(m²)",
            "Least place (m²)",
            "Area of the smallest single place of its care rooms.",
        ),
        dataclasses.replace(FLOOR, zh="养老用房楼层", en="Floor of care rooms"),
        number(
            "community_rooms_m2",
            "社区综合服务设施(m²)",
            "Community rooms (m²)",
            "Area of its rooms for community services of all kinds.",
        ),
        number(
            "activity_m2",
            "居民活动用房(m²)",
            "Activity rooms (m²)",
            "Part of the rooms for community services that residents use for activities.",
        ),
        _step("planned", "规划", "Planned", "同步规划"),
        _step("built", "建设", "Built", "同步建设"),
        _step("accepted", "验收", "Accepted", "同步验收"),
        _step("handed_over", "交付", "Handed over", "同步交付使用"),
        *(
            Column(
                f"{name}_on",
                "text",
                f"{zh}时间",
                f"{en} on",
                f"Date of {of}, done or expected: 2024, 2024-12 or 2024-12-31, as it is given.",
            )
            for name, zh, en, of in (
                ("planned", "规划", "Planned", "同步规划"),
                ("built", "建设", "Built", "同步建设"),
                ("accepted", "验收", "Accepted", "同步验收"),
                ("handed_over", "交付", "Handed over", "同步交付使用"),
            )
        ),
        Column(
            "housing_on",
            "text",
            "住宅交付时间",
            "Housing handed over on",
            "Date of the first housing handed over, which its care rooms are to be in step with.",
        ),
        place("Where it lies: a point or its outline."),
    ),
)
