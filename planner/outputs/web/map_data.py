"""What the page of the web map is told: one value of plain lists, texts and numbers.

The page computes nothing and translates nothing: figures arrive formatted, words in the reader's
language. Names from ledgers are data from here to ``textContent``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.labels import Language, text
from planner.outputs.cells import Cells
from planner.outputs.content import PlanContent
from planner.outputs.grades import UNGRADED
from planner.outputs.palette import coverage_class
from planner.outputs.sheet_columns import GROUP_FIGURES
from planner.outputs.web.drawing import (
    STEP_DEGREES,
    encode_lines,
    encode_numbers,
    encode_outlines,
    in_degrees,
    latitude_longitude,
)
from planner.outputs.web.map_estates import ESTATE_FACTS, estate_classes, estate_points
from planner.outputs.web.map_gaps import gap_items
from planner.outputs.web.map_programme import programme_items
from planner.outputs.web.map_proposals import PROPOSAL_FACTS, proposal_classes
from planner.outputs.words import MISSING, heading, is_missing, shown
from planner.tables import OPEN_STATUS, WALKING_STATES

THINNED_M: Final = 1.5
"""Streets lose vertices that lie closer than this to the line without them."""

LISTED_GAPS: Final = 20
"""Gaps that are numbered on the map; the list beside it holds all."""

COMMUNITY_FACTS: Final = (
    "street", "community_kind", "population", "elderly_60", "elderly_65", "elderly_80",
    "covered_60", "uncovered_60", "share_60", "grade", "centres_open", "rate_difference", "cause",
    "nearest_name", "gap_walk_minutes",
)  # fmt: skip
CENTRE_FACTS: Final = (
    "id", "centre_kind", "status", "position", "street", "community", "result", "centre_grade",
    "centre_class", "area_m2", "area_kind", "building_area_m2", "area_note",
    *GROUP_FIGURES.values(), "rooms_lacking", "mark",
)  # fmt: skip
CANDIDATE_FACTS: Final = (
    "id", "state", "rank", "gain", "in_fewest", "centre_grade", "site_breaches", "reasons",
    "candidate_kind", "area_m2", "floor", "tenure", "acquisition", "cost_10k_yuan",
)  # fmt: skip

COMING: Final = ("在建", "规划")

SAID_WHERE_EMPTY: Final = ("area_m2",)
"""Facts whose absence is a fact: the card says that the ledger leaves them empty."""


def _labelled(columns: tuple[str, ...], language: Language) -> list[str]:
    return [heading(column, language) for column in columns]


def _facts(row: Mapping[str, Any], columns: tuple[str, ...], language: Language) -> list[Any]:
    """Return the texts of a row's columns; ``None`` where there is nothing to say."""
    facts = [shown(column, row.get(column), language) for column in columns]
    empty = text("words.not_filled", language)
    return [
        (empty if column in SAID_WHERE_EMPTY else None) if fact == MISSING else fact
        for column, fact in zip(columns, facts, strict=True)
    ]


def named(record: Mapping[str, Any]) -> str:
    """Return what a thing is called: its name, or its id where the ledger gives no name."""
    name = record.get("name")
    return str(record["id"]) if is_missing(name) or name == "" else str(name)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    records = zip(plain.index, plain.to_dict("records"), strict=True)
    return [
        {str(name): value for name, value in row.items()} | {"id": str(i)} for i, row in records
    ]


def _middles(table: GeoDataFrame) -> list[list[float] | None]:
    """Return a point inside every shape, in degrees."""
    points = table.geometry.representative_point()
    return [latitude_longitude(point) for point in in_degrees(table.set_geometry(points)).array]


def _areas(content: PlanContent) -> dict[str, Any]:
    """Return the communities with their class, outline and facts."""
    language = content.about.language
    communities = content.communities
    gap_columns = ["uncovered_60", "cause", "nearest_name", "walk_minutes"]
    gaps = content.gaps.reindex(columns=gap_columns)
    gaps = gaps.rename(columns={"walk_minutes": "gap_walk_minutes"})
    joined = pd.DataFrame(communities.drop(columns="geometry")).join(gaps, how="left")
    outlines = [encode_outlines(shape) for shape in in_degrees(communities)]
    items = [
        {
            "n": named(record),
            "c": coverage_class(float(record["share_60"])),
            "r": UNGRADED if is_missing(record.get("grade")) else record["grade"],
            "g": outline,
            "p": middle,
            "f": _facts(record, COMMUNITY_FACTS, language),
        }
        for record, outline, middle in zip(
            _records(joined), outlines, _middles(communities), strict=True
        )
    ]
    return {"labels": _labelled(COMMUNITY_FACTS, language), "items": items}


def _cells(content: PlanContent, cells: Cells) -> dict[str, Any]:
    """Return the cells as columns of whole numbers: place, state, elders, minutes (-1: no way)."""
    table = cells.table
    steps = shapely.get_coordinates(in_degrees(table).array) / STEP_DEGREES
    steps = np.rint(steps).astype(np.int64)
    states = {state: number for number, state in enumerate(WALKING_STATES)}
    columns = (
        np.diff(steps[:, 0], prepend=0),
        np.diff(steps[:, 1], prepend=0),
        table["state"].map(states).to_numpy(dtype=np.int64),
        np.rint(table["elderly_60"].to_numpy(dtype=float)),
        table["walk_minutes"].fillna(-1.0).to_numpy(dtype=float),
    )
    return {
        "states": [shown("state", state, content.about.language) for state in WALKING_STATES],
        "keys": list(WALKING_STATES),
        "columns": [encode_numbers(column) for column in columns],
    }


def centre_class(record: Mapping[str, Any]) -> str:
    """Return the class that the map gives a centre: its audit if it operates, else its status."""
    if record["status"] in COMING:
        return "coming"
    if record["status"] != OPEN_STATUS:
        return "closed"
    return "other" if record["result"] == "not_applicable" else str(record["result"])


def _points(
    table: GeoDataFrame,
    classes: list[str],
    columns: tuple[str, ...],
    language: Language,
    names: Mapping[str, str],
) -> dict[str, Any]:
    items = []
    places = [latitude_longitude(point) for point in in_degrees(table)]
    for record, place, name in zip(_records(table), places, classes, strict=True):
        if not is_missing(record.get("community")):
            record["community"] = names.get(record["community"], record["community"])
        item: dict[str, Any] = {"n": named(record), "c": name, "p": place}
        item["f"] = _facts(record, columns, language)
        explanation = record.get("explanation")
        if not is_missing(explanation) and explanation:
            item["t"] = str(explanation)
        if not is_missing(record.get("rank")):
            item["k"] = int(record["rank"])
        items.append(item)
    return {"labels": _labelled(columns, language), "items": items}


def _ground(content: PlanContent) -> dict[str, str]:
    streets = content.streets
    shapes = in_degrees(streets, tolerance_m=THINNED_M)
    main = streets["main"].to_numpy(dtype=bool)
    drawn = {
        "main": encode_lines(shapely.get_parts(shapes.array[main])),
        "minor": encode_lines(shapely.get_parts(shapes.array[~main])),
    }
    ground = in_degrees(content.ground, tolerance_m=THINNED_M)
    kinds = content.ground["ground_kind"].to_numpy(dtype=object)
    for kind in ("waterway", "railway"):
        drawn[kind] = encode_lines(shapely.get_parts(ground.array[kinds == kind]))
    drawn["water"] = encode_outlines(ground.array[kinds == "water"])
    drawn["district"] = encode_outlines(in_degrees(content.district).array)
    return drawn


def _street_names(content: PlanContent) -> list[dict[str, Any]]:
    """Return the name of each 街道 with a point inside the land of its communities."""
    communities = content.communities
    if not len(communities):
        return []
    streets = communities[["street", "geometry"]].dropna(subset="street").dissolve("street")
    return [
        {"n": str(name), "p": place}
        for name, place in zip(streets.index, _middles(streets), strict=True)
    ]


def _bounds(content: PlanContent) -> list[list[float]] | None:
    """Return the south-west and north-east corner of what the map should show first."""
    tables = (content.district, content.communities, content.residents, content.centres)
    for table in tables:
        if len(table) and not table.geometry.is_empty.all():
            west, south, east, north = in_degrees(table).total_bounds.round(5).tolist()
            return [[south, west], [north, east]]
    return None


def map_features(content: PlanContent, cells: Cells) -> dict[str, Any]:
    """Return everything that is drawn, with the facts behind it.

    Parameters
    ----------
    content
        The run's results.
    cells
        Its residents, as :func:`planner.outputs.cells.resident_cells` gathers them.
    """
    language = content.about.language
    names = {record["id"]: named(record) for record in _records(content.communities)}
    centres, candidates = content.centres, content.candidates
    return {
        "bounds": _bounds(content),
        "ground": _ground(content),
        "areas": _areas(content),
        "cells": _cells(content, cells),
        "centres": _points(
            centres.rename(columns=GROUP_FIGURES),
            [centre_class(row) for row in _records(centres)],
            CENTRE_FACTS,
            language,
            names,
        ),
        "candidates": _points(
            candidates, [str(state) for state in candidates["state"]], CANDIDATE_FACTS, language, {}
        ),
        "estates": _points(
            estate_points(content), estate_classes(content).tolist(), ESTATE_FACTS, language, names
        ),
        "proposals": _points(
            content.proposals, proposal_classes(content), PROPOSAL_FACTS, language, {}
        ),
        "programme": programme_items(content),
        "gaps": gap_items(content),
        "listed_gaps": LISTED_GAPS,
        "streets": _street_names(content),
    }
