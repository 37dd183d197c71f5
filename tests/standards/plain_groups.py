"""Service groups, what they require and what they hold, found by plain loops over a town."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from planner.standards.floor_area.required import required_floor_area

KINDS = ("日间照料",)
USE_TO_BUILDING = 0.65
KNOWN_PLACES = ("given", "accepted")
Walked = dict[str, str | None]


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _named(row: Any, communities: pd.DataFrame) -> list[str]:
    """Return the ids of the communities that a centre's list names."""
    found = []
    for entry in re.split("[、,，;；]", "" if _is_missing(row.serves) else row.serves):
        alike = [id_ for id_, name in communities["name"].items() if name == entry.strip()]
        if entry.strip() in communities.index:
            found.append(entry.strip())
        elif len(alike) == 1:
            found.append(alike[0])
    return found


def claimed(
    centres: pd.DataFrame, communities: pd.DataFrame, walks: Walked, served: str
) -> set[tuple[str, str]]:
    """Return which centre answers for which community, villages too."""
    open_ = [
        row for row in centres.itertuples() if row.status == "运营" and row.centre_kind in KINDS
    ]
    pairs = {
        (str(row.Index), place)
        for row in open_
        if served == "ledger"
        for place in _named(row, communities)
    }
    listed = {place for _, place in pairs}
    pairs |= {(centre, place) for place, centre in walks.items() if centre and place not in listed}
    busy, reached = {centre for centre, _ in pairs}, {place for _, place in pairs}
    for row in open_:
        unsure = row.position not in KNOWN_PLACES
        if row.Index in busy or row.community not in communities.index:
            continue
        if row.community in reached or unsure:
            pairs.add((str(row.Index), str(row.community)))
    return pairs


def parts(pairs: set[tuple[str, str]], members: list[str]) -> dict[str, str]:
    """Return the least community of each community's connected part."""
    least = {member: member for member in members}
    changed = True
    while changed:
        changed = False
        for centre, place in pairs:
            for other_centre, other in pairs:
                if centre == other_centre and least[place] < least[other]:
                    least[other], changed = least[place], True
    return least


def _area(row: Any) -> float:
    """Return a centre's building area, NaN where it is unknown."""
    if row.area_kind == "占地" or _is_missing(row.area_m2):
        return math.nan
    return float(row.area_m2 / USE_TO_BUILDING if row.area_kind == "使用" else row.area_m2)


def plain_groups(
    centres: pd.DataFrame, communities: pd.DataFrame, walks: Walked, served: str
) -> dict[str, dict[str, Any]]:
    """Return each group's ids, people, required, held and short by its id; no shared rooms."""
    urban = [str(id_) for id_, kind in communities["community_kind"].items() if kind != "村"]
    pairs = {pair for pair in claimed(centres, communities, walks, served) if pair[1] in urban}
    group_of = parts(pairs, urban)
    table: dict[str, dict[str, Any]] = {}
    for group in sorted(set(group_of.values())):
        members = sorted(place for place in urban if group_of[place] == group)
        ids = sorted({centre for centre, place in pairs if place in members})
        of_group = communities.loc[members]
        people = [float(value) or math.nan for value in of_group["population"].to_list()]
        elders = [float(value) or math.nan for value in of_group["elderly_60"].to_list()]
        required = required_floor_area(sum(people), sum(elders)).required_m2
        held = sum(_area(row) for row in centres.loc[ids].itertuples())
        short = None if required is None or math.isnan(held) else max(0.0, required - held)
        table[group] = {
            "communities": "、".join(members),
            "community_names": "、".join(
                place if _is_missing(name) else name
                for place, name in zip(members, of_group["name"].to_list(), strict=True)
            ),
            "centres": "、".join(ids),
            "population": sum(people),
            "elderly_60": sum(elders),
            "required_m2": math.nan if required is None else required,
            "held_m2": held,
            "shortfall_m2": math.nan if short is None else short,
            "shortfall_share": short / required if short is not None and required else math.nan,
        }
    return table


def plain_rooms(listed: str | None, menu: dict[str, str]) -> tuple[str | None, ...]:
    """Return the rooms that a list names and lacks, and what else it names."""
    entries = [entry.strip() for entry in re.split("[、,，;；]", listed or "") if entry.strip()]
    if not entries:
        return (None, None, None)
    rooms = list(dict.fromkeys(menu.values()))
    has = [room for room in rooms if any(menu.get(entry) == room for entry in entries)]
    return (
        "、".join(has),
        "、".join(room for room in rooms if room not in has),
        "、".join(entry for entry in entries if entry not in menu),
    )
