"""Measures of a programme on the web map: a mark each by what is done, its year within."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.palette import PROGRAMME_MARKS
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.web.drawing import in_degrees, latitude_longitude
from planner.outputs.words import MISSING, heading, is_missing, shown

PROGRAMME_FACTS: Final = (
    "programme_site", *(name for name in COLUMNS["programme"] if name not in ("id", "name")),
)  # fmt: skip


def _rows(content: PlanContent) -> list[dict[str, Any]]:
    table = content.programme
    if table is None:
        return []
    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def programme_items(content: PlanContent) -> dict[str, Any]:
    """Return the measures as the page is told them: name, class, place, facts, year in the mark."""
    language, table = content.about.language, content.programme
    places = [] if table is None else in_degrees(GeoDataFrame(table))
    items = []
    for row, place in zip(_rows(content), places, strict=True):
        # A card has no lines of its own within a fact.
        told = row | {"programme_breaches": row["programme_breaches"].replace("\n", "；")}
        facts = [shown(column, told[column], language) for column in PROGRAMME_FACTS]
        name = row["name"]
        items.append(
            {
                "n": str(row["programme_site"]) if is_missing(name) else str(name),
                "c": str(row["programme_class"]),
                "p": latitude_longitude(place),
                "f": [None if fact == MISSING else fact for fact in facts],
                "k": _year_mark(str(row["plan_year"])),
            }
        )
    return {"labels": [heading(name, language) for name in PROGRAMME_FACTS], "items": items}


def _year_mark(year: str) -> str:
    """Return what stands in a mark: the last two figures of its year; nothing without years."""
    return year[-2:] if year.isdecimal() else ""


def programme_layer(content: PlanContent) -> dict[str, Any]:
    """Return the programme's legend: a row a class, with how many measures and what they cost."""
    language, rows = content.about.language, _rows(content)
    classes = []
    for name, (shape, colour) in PROGRAMME_MARKS.items():
        mine = [row for row in rows if row["programme_class"] == name]
        if mine:
            money = sum(float(row["programme_cost_10k_yuan"]) for row in mine)
            classes.append(
                {
                    "key": name,
                    "label": text(f"outputs.{name}", language),
                    "value": text(
                        "outputs.legend_programme", language, n=len(mine), money=f"{money:,.1f}"
                    ),
                    "swatch": {"mark": shape, "colour": colour},
                }
            )
    visits = sum(1 for row in rows if row["programme_to_visit"])
    note = text("outputs.legend_programme_visit", language, n=visits) if visits else ""
    return {"key": "programme", "on": False, "classes": classes, "note": note}
