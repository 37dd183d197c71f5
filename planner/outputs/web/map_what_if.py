"""The table that the page tries sites with, as text that is short, and the figures as it prints.

The page computes by itself here, and nowhere else: from the published table alone, in whole
numbers, as :func:`planner.siting.what_if.evaluating.what_if` does. :func:`shown_figures` prints
what that returns, digit for digit as the page does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner.labels import Language, catalogue, text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.web.drawing import encode_numbers, in_degrees, latitude_longitude
from planner.outputs.words import is_missing, word
from planner.siting.what_if.evaluating import WhatIf, whole_numbers
from planner.siting.what_if.table import HUNDREDTHS, ReachTable

SITES_FILE: Final = "sites.json"
"""What the page calls the file that it saves."""

START: Final = "what_if.page_"


def what_if_data(content: PlanContent) -> dict[str, Any] | None:
    """Return the table as the page is told it; ``None`` where there is nothing to try.

    Returns
    -------
    dict or None
        ``ages``; ``persons`` (hundredths, a text a band), ``lengths`` and ``reach`` (of each group
        the first site, then the steps to the next), ``gap``; ``sites``: ``i`` id, ``n`` name, ``o``
        open today, ``g`` service group (−1 none), ``a`` hundredths of a m² and ``c`` yuan (−1
        unknown), ``p`` place, ``k`` classes (key, label, ``a``, ``c``); ``required`` and ``other``
        by service group, ``gaps`` (their elders), ``plans`` (number, opened, closed), ``text``,
        ``notes``, ``file``.
    """
    table = content.reach
    if table is None or not len(table.sites):
        return None
    language = content.about.language
    steps = np.diff(table.reach_site, prepend=0)
    firsts = table.reach_start[:-1][np.diff(table.reach_start) > 0]
    steps[firsts] = table.reach_site[firsts]
    return {
        "ages": list(table.bands),
        "persons": [encode_numbers(column) for column in table.persons.T],
        "lengths": encode_numbers(np.diff(table.reach_start)),
        "reach": encode_numbers(steps),
        "gap": encode_numbers(_gap_places(table)),
        "sites": _sites(table, content),
        "required": encode_numbers(whole_numbers(table.service_groups["required_m2"], HUNDREDTHS)),
        "other": encode_numbers(whole_numbers(table.service_groups["other_m2"], HUNDREDTHS)),
        "gaps": encode_numbers(table.gaps["elderly_60"].to_numpy(dtype=np.int64)),
        "plans": _plans(table),
        "text": {
            key.removeprefix(START): entry[language]
            for key, entry in catalogue().items()
            if key.startswith(START)
        },
        "notes": notes(table, language),
        "file": SITES_FILE,
    }


def notes(table: ReachTable, language: Language) -> list[str]:
    """Return the sentences below the list: how far from exact, of whom, and how to be exact."""
    parts = text("outputs.list_mark", language).join(
        _difference(age, persons, language) for age, persons in table.differences.items()
    )
    return [
        text("what_if.exact", language, file=SITES_FILE),
        text("what_if.difference", language, least=LEAST_ELDERS, parts=parts),
        text("what_if.walker", language, minutes=table.limit_minutes),
        text("what_if.area", language, gaps=len(table.gaps)),
    ]


def _difference(age: int, persons: float, language: Language) -> str:
    if 0 < persons < LEAST_ELDERS:
        return text("what_if.difference_few", language, age=age, persons=LEAST_ELDERS)
    told = f"{math.ceil(persons - 1e-6):,d}"
    return text("what_if.difference_part", language, age=age, persons=told)


def _gap_places(table: ReachTable) -> Any:
    """Return the position of each group's gap in the list of gaps; −1 for none."""
    return table.gaps.index.get_indexer(pd.Index(table.gap))


def _sites(table: ReachTable, content: PlanContent) -> list[dict[str, Any]]:
    named, places = _known(content)
    groups = table.service_groups.index.get_indexer(pd.Index(table.column("service_group")))
    area = whole_numbers(table.sites["counted_m2"], HUNDREDTHS)
    cost = whole_numbers(table.sites["cost_yuan"])
    classes = _classes(table, content.about.language)
    return [
        {
            "i": str(one),
            "n": named.get(str(one), str(one)),
            "o": bool(table.column("is_open")[place]),
            "g": int(groups[place]),
            "a": int(area[place]),
            "c": int(cost[place]),
            "p": places.get(str(one)),
            "k": classes.get(str(one), []),
        }
        for place, one in enumerate(table.sites.index)
    ]


def _known(content: PlanContent) -> tuple[dict[str, str], dict[str, list[float] | None]]:
    """Return the names and places of centres and candidates, by id."""
    named: dict[str, str] = {}
    places: dict[str, list[float] | None] = {}
    tables: tuple[GeoDataFrame, ...] = (content.candidates, content.centres)
    for table in tables:
        if not len(table):
            continue
        points = in_degrees(table)
        for one, name, point in zip(table.index, table["name"], points, strict=True):
            named[str(one)] = str(one) if is_missing(name) or name == "" else str(name)
            places[str(one)] = latitude_longitude(point)
    return named, places


def _classes(table: ReachTable, language: Language) -> dict[str, list[list[Any]]]:
    """Return the classes of each site: key, label, hundredths of a m², yuan."""
    rows = table.options
    if not len(rows):
        return {}
    area = whole_numbers(rows["counted_m2"].astype(float), HUNDREDTHS).tolist()
    cost = whole_numbers(rows["cost_yuan"].astype(float)).tolist()
    found: dict[str, list[list[Any]]] = {}
    for site, name, m2, yuan in zip(rows["site"], rows["option"], area, cost, strict=True):
        found.setdefault(str(site), []).append([str(name), word(str(name), language), m2, yuan])
    return found


def _plans(table: ReachTable) -> list[list[Any]]:
    """Return the proven plans: number of new centres, sites opened, sites closed (positions)."""
    today = table.column("is_open").astype(bool)
    found = []
    for number, ids in sorted(table.plans.items()):
        is_open = table.sites.index.isin(list(ids))
        opened = np.flatnonzero(is_open & ~today).tolist()
        closed = np.flatnonzero(today & ~is_open).tolist()
        if opened or closed:
            found.append([number, opened, closed])
    return found


def shown_figures(found: WhatIf, table: ReachTable, language: Language) -> dict[str, str]:
    """Return the figures of a set of sites as the page prints them, by the page's own names.

    Halves are rounded up, in whole numbers, so that two machines round alike.
    """
    words = {key: entry[language] for key, entry in catalogue().items() if key.startswith(START)}
    shown: dict[str, str] = {}
    for age in table.bands:
        covered, total = _hundredths(found.covered, age), _hundredths(found.totals, age)
        shown[f"covered-{age}"] = _whole(covered, HUNDREDTHS)
        shown[f"share-{age}"] = _percent(covered, total)
        shown[f"new-{age}"] = "+" + _whole(_hundredths(found.new, age), HUNDREDTHS)
        shown[f"lost-{age}"] = "−" + _whole(_hundredths(found.lost, age), HUNDREDTHS)
    gaps = words["what_if.page_gaps_of"].replace("#1", f"{found.gaps_closed:,d}")
    shown["gaps"] = gaps.replace("#2", f"{len(table.gaps):,d}")
    tenths = (found.cost_yuan + 500) // 1_000
    money = f"{tenths // 10:,d}.{tenths % 10}"
    cost = [words["what_if.page_cost_known"].replace("#1", money)]
    if found.unknown_cost:
        told = words["what_if.page_cost_unknown"]
        cost.append(told.replace("#2", f"{len(found.unknown_cost):,d}"))
    shown["cost"] = " · ".join(cost)
    short = _whole(round(found.shortfall_m2 * HUNDREDTHS), HUNDREDTHS)
    area = [words["what_if.page_shortfall_m2"].replace("#1", short)]
    if found.unknown_area:
        told = words["what_if.page_area_unknown"]
        area.append(told.replace("#2", f"{len(found.unknown_area):,d}"))
    shown["shortfall"] = " · ".join(area)
    return shown


def _hundredths(figures: Mapping[int, float], age: int) -> int:
    return round(figures[age] * HUNDREDTHS)


def _whole(parts: int, unit: int) -> str:
    return f"{(2 * parts + unit) // (2 * unit):,d}"


def _percent(part: int, whole: int) -> str:
    if not whole:
        return "—"
    tenths = (2_000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
