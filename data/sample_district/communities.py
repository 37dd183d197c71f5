"""Sub-districts and communities: cells gathered into 218 社区, villages as 村, and their people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_district import ground
from sample_district.city import City
from sample_district.country import Village
from sample_district.grid import Cell
from sample_district.ground import FloatArray
from sample_district.lanes import Building
from sample_district.names import OFFICES, TOWNS, unused_names

DISTRICT_CODE: Final = "990401"
"""Made up: no province has the number 99."""
POPULATION: Final = 985_000
"""People aimed at, before rounding."""
SHARE_60: Final = 0.190
SPREAD: Final = {
    # quarter: sub-districts, communities, m² of housing a person, share aged 60+
    "old": (2, 28, 20.0, 0.262),
    "inner": (6, 92, 33.0, 0.205),
    "rail": (4, 58, 36.0, 0.190),
    "new": (4, 40, 40.0, 0.102),
}
OLD_MIDDLE_M: Final = (7_900.0, 5_500.0)
FADE_M: Final = 3_300.0
LEAST, MOST, LARGE = 1_500, 9_800, (10_200, 15_900)
LARGE_COMMUNITIES: Final = 7


@dataclass
class Community:
    """A community or village: its land, its buildings, and the people counted in it."""

    kind: str
    quarter: str
    office: int
    land: BaseGeometry
    buildings: list[Building]
    uses: set[str] = field(default_factory=set)
    code: str = ""
    name: str = ""
    street: str = ""
    population: int = 0
    elderly_60: int = 0
    elderly_65: int = 0
    elderly_80: int = 0
    households: int = 0

    @property
    def homes_m2(self) -> float:
        """Housing floor area: footprints times floors."""
        return sum(one.footprint.area * one.floors for one in self.buildings if one.use == "住宅")

    @property
    def mean_floors(self) -> float:
        """Mean floors of its housing, weighed by area; 1 where it has none."""
        ground_m2 = sum(one.footprint.area for one in self.buildings if one.use == "住宅")
        return self.homes_m2 / ground_m2 if ground_m2 else 1.0


def _quarter(cell: Cell) -> str:
    if cell.quarter in ("old", "new"):
        return cell.quarter
    middle = cell.polygon.centroid
    return "rail" if middle.y > ground.railway(middle.x) else "inner"


def _means(places: FloatArray, weights: FloatArray, count: int) -> list[int]:
    """Gather places into ``count`` groups about weighted means (Lloyd), west to east."""
    order = np.argsort(places[:, 0], kind="stable")
    starts = order[((np.arange(count) + 0.5) * len(order) / count).astype(int)]
    middles = places[starts].copy()
    nearest = np.zeros(len(places), dtype=int)
    for _ in range(25):
        gaps = np.hypot(*(places[:, None, :] - middles[None, :, :]).transpose(2, 0, 1))
        nearest = gaps.argmin(axis=1)
        for group in range(count):
            here = nearest == group
            if here.any():
                middles[group] = np.average(places[here], axis=0, weights=weights[here])
    return [int(group) for group in nearest]


def _shares(weights: list[float], total: int) -> list[int]:
    """Share a whole number by weights, at least one each, by largest remainders."""
    spare = total - len(weights)
    exact = np.array(weights) / sum(weights) * spare
    counts = np.floor(exact).astype(int)
    for place in np.argsort(-(exact - counts), kind="stable")[: spare - int(counts.sum())]:
        counts[place] += 1
    return [int(count) + 1 for count in counts]


def _neighbours(cells: list[Cell]) -> list[list[int]]:
    """Return, for each cell, the cells that share a street with it."""
    sides = [{id(segment) for segment in cell.block.sides} for cell in cells]
    return [
        [k for k, other in enumerate(sides) if k != number and mine & other]
        for number, mine in enumerate(sides)
    ]


def _grow(cells: list[Cell], weights: list[float], count: int) -> list[int]:
    """Grow ``count`` connected groups of cells of like weight; return each cell's group."""
    places = np.array([[cell.polygon.centroid.x, cell.polygon.centroid.y] for cell in cells])
    near = _neighbours(cells)
    groups = [-1] * len(cells)
    seeds = [int(np.argmax(weights))]
    gaps = np.hypot(*(places - places[seeds[0]]).T)
    while len(seeds) < count:
        pull = gaps * np.sqrt(np.array(weights) + 1.0)
        pull[seeds] = -1.0
        seeds.append(int(np.argmax(pull)))
        gaps = np.minimum(gaps, np.hypot(*(places - places[seeds[-1]]).T))
    held = []
    for group, seed in enumerate(seeds):
        groups[seed] = group
        held.append(weights[seed])
    while True:
        edge = {
            group: [k for k in range(len(cells)) if groups[k] < 0
                    and any(groups[n] == group for n in near[k])]
            for group in range(count)
        }  # fmt: skip
        growing = [group for group in range(count) if edge[group]]
        if not growing:
            break
        group = min(growing, key=lambda g: (held[g], g))
        start = places[seeds[group]]
        chosen = min(edge[group], key=lambda k: float(np.hypot(*(places[k] - start))))
        groups[chosen] = group
        held[group] += weights[chosen]
    for number, group in enumerate(groups):
        if group < 0:
            away = [float(np.hypot(*(places[number] - places[seed]))) for seed in seeds]
            groups[number] = int(np.argmin(away))
    return groups


def _urban(city: City) -> list[Community]:
    """Gather the city's cells into sub-districts and these into communities."""
    buildings: dict[int, list[Building]] = {id(cell): [] for cell in city.cells}
    for cell, building in city.buildings:
        buildings[id(cell)].append(building)
    volume = {
        key: sum(b.footprint.area * b.floors for b in built if b.use == "住宅")
        for key, built in buildings.items()
    }
    made: list[Community] = []
    first_office = 0
    for quarter, (offices, count, _, _) in SPREAD.items():
        cells = [cell for cell in city.cells if _quarter(cell) == quarter]
        places = np.array([[c.polygon.centroid.x, c.polygon.centroid.y] for c in cells])
        weights = np.array([volume[id(c)] + 1_000.0 for c in cells])
        office_of = _means(places, weights, offices)
        totals = [float(weights[np.array(office_of) == k].sum()) for k in range(offices)]
        for office, share in enumerate(_shares(totals, count)):
            mine = [c for c, k in zip(cells, office_of, strict=True) if k == office]
            groups = _grow(mine, [volume[id(c)] for c in mine], share)
            for group in range(share):
                inside = [c for c, g in zip(mine, groups, strict=True) if g == group]
                made.append(
                    Community(
                        "社区",
                        quarter,
                        first_office + office,
                        shapely.union_all([c.polygon for c in inside]),
                        [b for c in inside for b in buildings[id(c)]],
                        {c.use for c in inside},
                    )
                )
        first_office += offices
    return made


def _town(village: Village) -> int:
    east, north = village.middle
    if village.in_hills:
        return 0
    if north < ground.river_middle(east):
        return 3
    return 1 if east > ground.FRAME_M[0] / 2 else 2


def _named(communities: list[Community], taken: set[str]) -> None:
    """Give names and codes, sub-district by sub-district, from north-west to south-east."""
    names = iter(unused_names(len(communities), 30, taken))
    for office in sorted({one.office for one in communities}):
        here = [one for one in communities if one.office == office]
        here.sort(key=lambda one: (-round(one.land.centroid.y / 600), one.land.centroid.x))
        town = office >= len(OFFICES)
        street = TOWNS[office - len(OFFICES)] + "镇" if town else OFFICES[office] + "街道"
        number = 100 + office - len(OFFICES) if town else office + 1
        for place, one in enumerate(here, start=1):
            serial = 200 + place if one.kind == "村" else place
            one.code = f"{DISTRICT_CODE}{number:03d}{serial:03d}"
            one.name = next(names) + one.kind
            one.street = street


def _fullness(one: Community) -> float:
    """Return how full homes are: fewer people and more empty flats away from the old middle."""
    middle = one.land.centroid
    away = float(np.hypot(middle.x - OLD_MIDDLE_M[0], middle.y - OLD_MIDDLE_M[1]))
    return float(np.exp(-max(0.0, away - 1_200) / FADE_M))


def _populate(communities: list[Community]) -> None:
    """Count people: by housing, within what communities usually hold, and a few that hold more."""
    rng = ground.random_source(31)
    urban = [one for one in communities if one.kind == "社区"]
    wanted = {
        one.code: one.homes_m2
        / SPREAD[one.quarter][2]
        * _fullness(one)
        * float(rng.uniform(0.8, 1.2))
        for one in urban
    }
    outer = [one for one in urban if one.quarter in ("rail", "new")]
    largest = sorted(outer, key=lambda one: -wanted[one.code])[: LARGE_COMMUNITIES * 3 : 3]
    for one in communities:
        if one.kind == "村":
            one.population = int(len(one.buildings) * float(rng.uniform(8, 15))) + 60
        elif one in largest:
            one.population = int(rng.integers(*LARGE))
    rest = [one for one in urban if one not in largest]
    least = {one.code: LEAST + int(rng.integers(0, 700)) for one in rest}
    left = POPULATION - sum(one.population for one in communities)
    factor = left / sum(wanted[one.code] for one in rest)
    for _ in range(30):
        sizes = [min(MOST, max(least[one.code], factor * wanted[one.code])) for one in rest]
        factor *= left / sum(sizes)
    for one, size in zip(rest, sizes, strict=True):
        one.population = round(size)


def _share_60(one: Community, rng: np.random.Generator) -> float:
    """Return a community's share of elders: old where the houses are old and low."""
    if one.kind == "村":
        return 0.225 * float(rng.uniform(0.85, 1.25))
    base = SPREAD[one.quarter][3]
    if one.quarter in ("inner", "rail"):
        base *= 1.22 - 0.045 * max(0.0, min(9.0, one.mean_floors - 5.0))
    return base * float(rng.uniform(0.84, 1.17))


def _age(communities: list[Community]) -> None:
    """Count elders of each age, and households."""
    rng = ground.random_source(32)
    shares = [_share_60(one, rng) for one in communities]
    people = np.array([one.population for one in communities])
    scale = SHARE_60 * people.sum() / float((np.array(shares) * people).sum())
    for one, share in zip(communities, shares, strict=True):
        steady = 1.0 if one.quarter in ("old", "new") else scale
        one.elderly_60 = round(one.population * share * steady)
        one.elderly_65 = round(one.elderly_60 * float(rng.uniform(0.67, 0.75)))
        one.elderly_80 = round(one.elderly_65 * float(rng.uniform(0.165, 0.22)))
        one.households = round(one.population / float(rng.uniform(2.45, 3.05)))


def gather(city: City, villages: list[Village], taken: set[str]) -> list[Community]:
    """Make every community and village with its people, in the order of its code.

    Parameters
    ----------
    city
        Cells and their buildings.
    villages
        Villages; the last one is the island's.
    taken
        Names in use; those of communities are added.
    """
    communities = _urban(city)
    for village in villages:
        office = len(OFFICES) + _town(village)
        communities.append(Community("村", "country", office, village.land, village.buildings))
    _named(communities, taken)
    communities.sort(key=lambda one: one.code)
    _populate(communities)
    _age(communities)
    return communities
