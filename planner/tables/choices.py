"""The words that cells of our tables may hold: the trade's own, as they stand in ledgers."""

from __future__ import annotations

from typing import Final

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
