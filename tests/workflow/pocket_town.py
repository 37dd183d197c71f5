"""A town of pockets on one street, each a few doors, a community or two, centres and sites.

Pockets lie kilometres apart, so that nobody walks from one to another. Doors, centres and sites
stand 10 m north of the street; an elder walks 747 m in 15 minutes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from openpyxl import Workbook

from tests.workflow.town import degrees

SETTINGS = """
[project]
name = "口袋镇"
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
[standard]
book = "jianbiao-143-2010"
books = ["gb-50180-2018", "guizhou-2022"]
"""


@dataclass(frozen=True)
class Centre:
    """One row of the centres' ledger: a day-care centre without places, its lot built full."""

    id: str
    x: float
    area: float
    serves: str = ""
    status: str = "运营"
    floor: int = 1


@dataclass(frozen=True)
class Site:
    """One candidate: sound, licensed, to be rented."""

    id: str
    x: float
    area: float
    floor: int = 1


@dataclass
class Town:
    """The ledgers, as lists."""

    communities: list[tuple[str, float, float, int, int]] = field(default_factory=list)
    """Name, west, east, people, 60+."""
    doors: list[tuple[float, int]] = field(default_factory=list)
    """Easting and 60+."""
    centres: list[Centre] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)

    def change(self, centre: str, **cells: object) -> None:
        """Type into a centre's row."""
        self.centres = [
            replace(one, **cells) if one.id == centre else one  # type: ignore[arg-type]
            for one in self.centres
        ]

    def move(self, centre: str, site: str, area: float) -> None:
        """Take a centre to a site, which is no candidate any more."""
        (there,) = [one for one in self.sites if one.id == site]
        self.sites = [one for one in self.sites if one.id != site]
        self.change(centre, x=there.x, area=area, floor=there.floor)

    def write(self, folder: Path) -> Path:
        """Write the project's folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "project.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "streets.osm").write_text(_streets(), encoding="utf-8")
        _write_communities(self.communities, folder / "communities.geojson")
        rows = ["编号,经度,纬度,常住人口,60岁以上,65岁以上,80岁以上"]
        rows += [
            f"R{n},{_place(x)},{5 * e},{e},{int(e * 0.7)},{int(e * 0.1)}"
            for n, (x, e) in enumerate(self.doors)
        ]
        (folder / "residents.csv").write_text("\n".join(rows), encoding="utf-8-sig")
        head = (
            "编号,名称,设施类型,运营状态,经度,纬度,建筑面积,面积口径,日托位,楼层,"
            "用地面积,建筑密度,服务社区"
        )
        rows = [head] + [
            f"{c.id},{c.id}站,日间照料,{c.status},{_place(c.x)},{c.area},建筑,0,{c.floor},"
            f"500,100,{c.serves}"
            for c in self.centres
        ]
        (folder / "centres.csv").write_text("\n".join(rows), encoding="utf-8-sig")
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["编号", "名称", "经度", "纬度", "可用面积", "面积口径", "楼层",
                      "房屋安全鉴定", "消防手续", "现状用途", "取得方式"])  # fmt: skip
        for site in self.sites:
            where = degrees(site.x, 10.0)
            sheet.append([site.id, f"{site.id}点", *where, site.area, "建筑", site.floor,
                          "合格", "齐全", "闲置房屋", "租赁"])  # fmt: skip
        book.save(folder / "candidates.xlsx")
        return folder


def _place(x: float) -> str:
    longitude, latitude = degrees(x, 10.0)
    return f"{longitude},{latitude}"


def _streets() -> str:
    nodes, ways = [], []
    for step in range(-20, 361):
        longitude, latitude = degrees(100.0 * step, 0.0)
        nodes.append(f'<node id="{step + 100}" version="1" lat="{latitude}" lon="{longitude}"/>')
        ways.append(f'<nd ref="{step + 100}"/>')
    tags = '<tag k="highway" v="residential"/><tag k="name" v="东大街"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(nodes)}'
        f'<way id="1" version="1">{"".join(ways)}{tags}</way></osm>'
    )


def _write_communities(rows: list[tuple[str, float, float, int, int]], file: Path) -> None:
    features = []
    for number, (name, west, east, people, elders) in enumerate(rows, start=1):
        ring = ((west, -300.0), (east, -300.0), (east, 300.0), (west, 300.0), (west, -300.0))
        told = {
            "代码": f"9904010{number:05d}", "名称": name, "类型": "社区", "街道": "东街道",
            "常住人口": people, "60岁以上": elders, "65岁以上": int(elders * 0.7),
            "80岁以上": int(elders * 0.1),
        }  # fmt: skip
        outline = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in ring]]}
        features.append({"type": "Feature", "properties": told, "geometry": outline})
    collection = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
