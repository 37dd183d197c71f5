r"""A town on one street, small enough to solve by hand, as a project's folder.

The street runs 3 km due east from the centre C1 at its western end; a stray street lies north::

      D (村)   0───────300          stray street, 2,000 m north: no way to the main one

      A             B              C
    C1●──────────┼──────────────┼─────────────● 3,000 m
      0    200 700   900  1400     2000 2900

Doors stand 10 m north of the street, C1 likewise: a walk is the way along the street + 20 m.
In 15 minutes at 0.83 m/s an elder walks 747 m.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyproj
from openpyxl import Workbook

TO_DEGREES = pyproj.Transformer.from_crs("EPSG:4545", "EPSG:4490", always_xy=True)
WEST_M, SOUTH_M = 560_000.0, 3_800_000.0

DOORS = {  # easting, northing, 60+, 65+, 80+
    "R1": (200.0, 10.0, 40, 28, 6),
    "R2": (700.0, 10.0, 30, 20, 4),
    "R3": (900.0, 10.0, 25, 16, 3),
    "R4": (1400.0, 10.0, 50, 33, 7),
    "R5": (2000.0, 10.0, 20, 12, 2),
    "R6": (2900.0, 10.0, 10, 6, 1),
    "R7": (100.0, 2010.0, 8, 5, 1),
    "R8": (1000.0, 900.0, 7, 5, 1),
}
"""R7 lives on the stray street; R8 is 900 m from any street."""

COMMUNITIES = {  # name, kind, west, south, east, north, people, 60+, 65+, 80+
    "990401001001": ("甲社区", "社区", -100, -300, 800, 500, 12_000, 70, 48, 10),
    "990401001002": ("乙社区", "社区", 800, -300, 1700, 1000, 8_000, 82, 54, 11),
    "990401001003": ("丙社区", "社区", 1700, -300, 3100, 500, 4_000, 30, 18, 3),
    "990401001201": ("丁村", "村", -100, 1500, 800, 2500, 900, 8, 5, 1),
}

CENTRES = (
    # id, name, kind, status, easting, northing, area, kind of area, rooms
    ("C1", "甲日间照料中心", "日间照料", "运营", 0, 10, 700, "建筑", "休息室、餐厅、厨房"),
    ("C2", "乙日间照料中心", "日间照料", "闲置", 1400, 10, 900, "建筑", ""),
    ("C3", "丙助餐点", "助餐点", "运营", 2000, 10, 80, "使用", ""),
    ("C4", "无坐标日间照料中心", "日间照料", "运营", None, None, None, "", ""),
)
CANDIDATES = (
    # id, name, easting, northing, area, floor
    ("K1", "乙党群服务中心", 1300, 10, 600, 1),
    ("K2", "丙闲置厂房", 2800, 10, 500, 1),
    ("K3", "丙地下室", 2000, 10, 900, -1),
    ("K4", "小房间", 1400, 10, 60, 1),
)

SETTINGS = """
[project]
name = "一街镇"
synthetic = true
[streets]
file = "streets.osm"
[communities]
file = "communities.geojson"
datum = "cgcs2000"
population_kind = "常住"
[residents]
file = "residents.csv"
datum = "cgcs2000"
[centres]
file = "centres.csv"
datum = "cgcs2000"
[candidates]
file = "candidates.xlsx"
datum = "cgcs2000"
[siting]
new_centres = 1
[control_totals]
population = 25000
elderly_60 = 190
"""


def degrees(easting_m: float, northing_m: float) -> tuple[float, float]:
    """Return longitude and latitude of a place in the town's own metres."""
    longitude, latitude = TO_DEGREES.transform(WEST_M + easting_m, SOUTH_M + northing_m)
    return round(longitude, 8), round(latitude, 8)


def write_town(folder: Path, **settings: str) -> Path:
    """Write the town's project; ``settings`` replace texts of its ``project.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = SETTINGS
    for old, new in settings.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "project.toml").write_text(text, encoding="utf-8")
    _write_streets(folder / "streets.osm")
    _write_communities(folder / "communities.geojson")
    lines = ["编号,经度,纬度,常住人口,60岁以上,65岁以上,80岁以上"]
    for name, (easting, northing, *elders) in DOORS.items():
        place = degrees(easting, northing)
        lines.append(",".join(str(one) for one in (name, *place, 5 * elders[0], *elders)))
    (folder / "residents.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    write_centres(folder / "centres.csv", CENTRES)
    _write_candidates(folder / "candidates.xlsx")
    return folder


def write_centres(path: Path, centres: Any) -> None:
    """Write the ledger of centres as a bureau holds it: GB18030 with Chinese headings."""
    lines = ["编号,名称,设施类型,运营状态,经度,纬度,建筑面积,面积口径,功能用房,所在社区"]
    for code, name, kind, status, easting, northing, area, area_kind, rooms in centres:
        place = ("", "") if easting is None else degrees(easting, northing)
        community = "丙社区" if easting is None else ""
        cells = (code, name, kind, status, *place, area, area_kind, rooms, community)
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    path.write_bytes("\r\n".join(lines).encode("gb18030"))


def _write_streets(path: Path) -> None:
    main = [(100.0 * step, 0.0) for step in range(31)]
    stray = [(100.0 * step, 2000.0) for step in range(4)]
    nodes, ways, number = [], [], 0
    for name, line in (("东大街", main), ("北巷", stray)):
        refs = []
        for place in line:
            number += 1
            longitude, latitude = degrees(*place)
            nodes.append(f'<node id="{number}" version="1" lat="{latitude}" lon="{longitude}"/>')
            refs.append(f'<nd ref="{number}"/>')
        tags = f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/>'
        ways.append(f'<way id="{number}" version="1">{"".join(refs)}{tags}</way>')
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(nodes + ways)}</osm>',
        encoding="utf-8",
    )


def _write_communities(path: Path) -> None:
    features = []
    for code, (name, kind, west, south, east, north, *people) in COMMUNITIES.items():
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        labels = ("常住人口", "60岁以上", "65岁以上", "80岁以上")
        facts = {"代码": code, "名称": name, "类型": kind, "街道": "东街道"}
        features.append(
            {
                "type": "Feature",
                "properties": {**facts, **dict(zip(labels, people, strict=True))},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[degrees(*corner) for corner in corners]],
                },
            }
        )
    layer = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")


def _write_candidates(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(
        ["编号", "名称", "经度", "纬度", "可用面积", "面积口径", "楼层", "房屋安全鉴定", "消防手续"]
    )
    for code, name, easting, northing, area, floor in CANDIDATES:
        sheet.append([code, name, *degrees(easting, northing), area, "建筑", floor, "合格", "齐全"])
    book.save(path)
