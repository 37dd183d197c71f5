"""The tables that come from outside and travel between the rooms, column by column."""

from __future__ import annotations

import dataclasses
from typing import Final

from planner.tables.schema import Column, Table

LIST_MARK: Final = "、"
"""What joins the entries of a list in one cell, of ledgers and of our tables."""

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
NEEDS: Final = (
    "生活照料",
    "临休就餐",
    "短期托养",
    "保健康复",
    "文化娱乐",
    "精神慰藉",
    "教育咨询",
)
"""The seven needs of 咸阳市民政局 咸民函〔2024〕40号, in its order."""

STATUSES: Final = ("运营", "闲置", "停运", "在建", "规划", "未注明")
OPEN_STATUS: Final = "运营"
COMING_STATUSES: Final = ("在建", "规划")
"""What serves from its year on (TRADE 10): under construction, planned."""

WORKS: Final = ("保留", "改建", "扩建", "新建")
"""What a plan does with a facility or a candidate."""

STEPS: Final = ("planned", "built", "accepted", "handed_over")
"""The 四同步 of a new estate's care rooms, in their order; columns of its table."""

STEP_STATES: Final = ("已同步", "未同步", "未到阶段")
"""Done, not done, and not yet due or going on; a state that is not given is missing."""

ESTATE_AGES: Final = ("新建", "已建")
"""Rules on 配建 ask more of new residential areas than of those that stand already."""

BUILT_AS: Final = ("新建", "改建", "扩建")
"""How a centre came to be: standards bind new ones, and serve as a guide for the others."""

PRESENCE: Final = ("有", "无")
EARTHQUAKE_CLASSES: Final = ("特殊设防类", "重点设防类", "标准设防类", "适度设防类")
"""Classes of GB 50223, also called 甲, 乙, 丙 and 丁类."""

AREA_KINDS: Final = ("建筑", "使用", "套内", "占地", "未注明")
POPULATION_KINDS: Final = ("常住", "户籍", "实有", "未注明")
POSITIONS: Final = ("given", "accepted", "approximate", "doubtful", "none")
"""Where a facility's point comes from: its own coordinates or its address's, its community's middle
as the planner accepted it (``accepted``) or not yet, coordinates that cannot be right (in water),
or nowhere."""

PLACED: Final = ("given", "accepted")
"""Positions that count in headline figures."""

WALKING_STATES: Final = ("covered", "too_far", "no_way_through", "not_joined", "no_centre")
"""The one state that every resident row ends in."""

CAPACITY_STATES: Final = ("served", "covered_full", "capacity_unknown", "out_of_reach")
"""Where the persons of a resident row end when places are counted, beside its walking state: with
a place; within reach of centres that are full, of one whose capacity nobody knows, of none."""


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
    _number(
        "disabled",
        "失能老年人",
        "Disabled elders",
        "Persons aged 60 and over who are 失能, as the ledger counts them.",
    ),
    _number(
        "living_alone",
        "独居老年人",
        "Elders living alone",
        "Persons aged 60 and over living alone.",
    ),
)
ELDERLY_COLUMNS: Final = ("elderly_60", "elderly_65", "elderly_80")
ELDER_GROUPS: Final = ("disabled", "living_alone")
"""Parts of those aged 60 and over that are no age group."""

_YEAR: Final = Column(
    "year",
    "number",
    "年份",
    "Year",
    "Year that the figures are of.",
    minimum=1900.0,
    maximum=2200.0,
)
_OPENS: Final = Column(
    "opens_year",
    "number",
    "投用年份",
    "Opens in",
    "Year from which it serves, where it is being built or planned.",
    minimum=1900.0,
    maximum=2200.0,
)
_WORKS: Final = Column(
    "works",
    "choice",
    "建设方式",
    "Works",
    "What the plan does with it: keep, convert, extend or build it.",
    choices=WORKS,
)

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
        _YEAR,
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


def _use_area(name: str, zh: str, en: str, of: str) -> Column:
    return _number(name, f"{zh}(㎡)", f"{en} (m²)", f"Use area of {of}.")


def _presence(name: str, zh: str, en: str, meaning: str) -> Column:
    return Column(name, "choice", zh, en, meaning, choices=PRESENCE)


# What only the clauses of a rule book ask for (建标 143-2010, JGJ 450-2018).
_JUDGED: Final = (
    _number("carers", "持证护理员", "Certified carers", "Carers with a certificate."),
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
    _number("dining_seats", "餐位", "Dining seats", "Seats in the dining room."),
    _number(
        "rest_room_persons", "休息室每间人数", "Persons a rest room", "Persons in each rest room."
    ),
    _number("site_area_m2", "用地面积(㎡)", "Site (m²)", "Area of its own site."),
    _number(
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
    _number("door_width_m", "门净宽(m)", "Clear door (m)", "Least clear width of elders' doors."),
    _number(
        "corridor_width_m",
        "走道净宽(m)",
        "Clear corridor (m)",
        "Least clear width of elders' corridors.",
    ),
    _number(
        "window_ratio",
        "窗地比",
        "Windows to floor",
        "Least area of windows over floor area: 1/6 is written 1:6 or 0.167.",
    ),
    _number("fire_class", "耐火等级", "Fire class", "Fire resistance, 1 (best) to 4."),
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
    _number(
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
        Column("address", "text", "地址", "Address", "Address of the facility."),
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
        Column("services", "text", "服务内容", "Services", "What it offers, joined by 、."),
        _FLOOR,
        _number("capacity_persons", "日托位", "Day places", "Day users it can take."),
        _number("beds", "床位", "Beds", "Beds."),
        *_JUDGED,
        _OPENS,
        _WORKS,
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
        _OPENS,
        _WORKS,
        _geometry("Where its entrance is: a point."),
    ),
)


def _step(name: str, zh: str, en: str, of: str) -> Column:
    return Column(name, "choice", zh, en, f"State of {of}.", choices=STEP_STATES)


ESTATES: Final = Table(
    "estates",
    "新建居住区",
    "New estates",
    (
        _NAME,
        _number("households", "户数", "Households", "Households planned or built."),
        _number("housing_area_m2", "住宅建筑面积(㎡)", "Housing (m²)", "Housing floor area."),
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
        _number("delivered_m2", "已交付养老用房(㎡)", "Delivered (m²)", "Care rooms handed over."),
        Column(
            "delivered_kind",
            "choice",
            "养老用房面积口径",
            "Kind of delivered area",
            "Kind of the area handed over: some rules ask for inner area.",
            choices=AREA_KINDS,
        ),
        _number(
            "delivered_places",
            "养老用房处数",
            "Places delivered",
            "In how many places the care rooms handed over lie.",
        ),
        _number(
            "least_place_m2",
            "最小单处面积(㎡)",
            "Least place (m²)",
            "Area of the smallest single place of its care rooms.",
        ),
        dataclasses.replace(_FLOOR, zh="养老用房楼层", en="Floor of care rooms"),
        _number(
            "community_rooms_m2",
            "社区综合服务设施(㎡)",
            "Community rooms (m²)",
            "Area of its rooms for community services of all kinds.",
        ),
        _number(
            "activity_m2",
            "居民活动用房(㎡)",
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
