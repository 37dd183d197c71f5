"""The sample's ``project.toml``: what a planner would declare about these ledgers."""

from __future__ import annotations

from typing import Final

from sample_district.communities import Community

TEXT: Final = """\
# 青渡示范区：合成数据。地名、人口、设施均为虚构，不对应任何真实地方、机构或个人。
# 由 data/make_sample.py 生成，请勿手工修改；写自己的项目请用 planner init。

[project]
name = "青渡示范区"            # 项目名称，印在每一份成果上
synthetic = true               # 合成数据：成果上加盖“合成数据”
language = "zh"                # 成果语言：zh 中文，en 英文
map_review_number = ""         # 审图号；为空则地图加盖“内部工作用图 未经审图 不得公开”

[streets]
file = "streets.osm.pbf"       # 道路：OSM 格式
attribution = "合成路网（OSM 格式，非 OpenStreetMap 数据）" # 数据署名，印在图上
join_limit_m = 200             # 离最近道路超过此距离（米）的点视为未接入路网
barriers = "streets.osm.pbf"   # 阻隔：其中的围墙、水面、河流、铁路，出门上街不可穿越

[communities]
file = "communities.gpkg"      # 社区、村界线与人口
datum = "cgcs2000"             # 坐标：2000 国家大地坐标系
population_kind = "常住"        # 人口口径：常住、户籍、实有
population_date = "2024-12-31" # 人口时点

[residents]
file = "residents.gpkg"
datum = "cgcs2000"

[centres]
file = "centres.csv"           # 养老服务设施台账
datum = "gcj02"                # 坐标取自互联网地图（火星坐标）

[candidates]
file = "candidates.xlsx"       # 备选点：党群服务中心、闲置房屋
datum = "gcj02"

[estates]
file = "estates.xlsx"          # 新建居住区（四同步）
datum = "gcj02"

[walking]
walker = "elder"               # 步行者：老年人，规划步速 0.83 米/秒，台阶用时为平路的 2.5 倍
limit_minutes = 15             # 一刻钟

[coverage]
centre_kinds = ["日间照料"]     # 哪些设施计入步行可达
walkers = ["elder_75_84", "wheelchair", "gb50180"]  # 另外按这些步行者统计（planner walkers）

[standard]
book = "jianbiao-143-2010"     # 社区老年人日间照料中心建设标准
books = [                      # 另外逐条评估的标准（planner standards 列出全部）
  "jgj-450-2018", "gb-50437-2007", "gb-50180-2018", "complete-community-2020", "shaanxi",
]
small_groups = "pro_rata"      # 不足 1 万人的服务组：pro_rata 按老年人数折算
                               # join_nearest 与邻近的组合并
on = "2025-06-30"              # 评估日期：此日未施行的标准不评，逾期也以此日计

[remedies]
costs = "remedy_costs.csv"     # 单价表（合成数据：单价为虚构的整数，不可引用）

[siting]
new_centres = 10               # 拟新增几处

[years]                        # 规划年份：近期、远期
plan = [2030, 2035]
method = "growth"              # growth 年增长率；也可 given（给定预测）、cohorts（五岁组变老）
source = "合成数据：增长率为虚构，仅作演示" # 比率出处，印在成果上
growth = {{ population = -0.002, elderly_60 = 0.03, elderly_65 = 0.035, elderly_80 = 0.045 }}

[programme]                    # 规划方案：用多少钱、建什么、先后（金额为虚构，仅作演示）
budgets_10k_yuan = {{ 2030 = 400, 2035 = 400 }}   # 各年预算，万元；没用完的可留到下一年
gap = 0.05                     # 每个目标差距在 5% 以内即可停；不写则求到证明最优

[control_totals]               # 核对总数：统计公报、民政台账上的数，与分社区合计核对
population = {population}
elderly_60 = {elderly_60}
centres = {centres}
"""


def project_text(communities: list[Community], centres: int) -> str:
    """Return ``project.toml``, its control totals a little off the ledgers' own sums.

    Parameters
    ----------
    communities
        Whose people are added up.
    centres
        Facilities that the bureau counts.
    """
    people = sum(one.population for one in communities)
    elders = sum(one.elderly_60 for one in communities)
    return TEXT.format(
        population=round(people * 1.006, -2), elderly_60=round(elders * 0.994, -2), centres=centres
    )
