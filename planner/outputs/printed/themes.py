"""Layers of the printed maps, each with its words and numbers, from what a run has to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from planner.coverage.grades import PATTERNS
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.grades import gap_rungs, grade_rows
from planner.outputs.palette import (
    CANDIDATE_MARKS,
    CENTRE_MARKS,
    COVERAGE_CLASSES,
    COVERAGE_FILLS,
    GRADE_FILLS,
    GRADE_INKS,
    NEW_WAY,
    PROGRAMME_MARKS,
    coverage_class,
)
from planner.outputs.printed.looks import Group, Layer, Look, shapes_of
from planner.outputs.words import count, is_missing
from planner.tables import OPEN_STATUS

EDGE: Final = "#8b8d91"
"""Outlines of communities."""

COVERAGE_HATCHES: Final = {
    "many": ("/", "#d3ab3e"),
    "some": ("//", "#b9742f"),
    "few": ("////", "#8a4536"),
    "nobody": ("....", "#8b8d91"),
}
"""Pattern and its ink: the worse, the denser, so that the classes keep apart in grey; the inks are
seen on their ground, and not in the way of names."""

GRADE_HATCHES: Final = {"crosshatch": "xxxx", "diagonal": "////", "dots": "....", "plain": ""}
"""Matplotlib's signs for the patterns of the grades."""

COMING: Final = ("在建", "规划")

GROUND: Final = {
    "minor": Look(ink="#cdc9bd", width_pt=0.4),
    "main": Look(ink="#b9b6ad", width_pt=1.0),
    "water": Look(fill="#bcd9ea"),
    "waterway": Look(ink="#8fbcd6", width_pt=1.0),
    "railway": Look(ink="#52525b", width_pt=0.9, dash=(6.0, 3.0)),
    "communities": Look(ink=EDGE, width_pt=0.5),
    "district": Look(ink="#3f3f46", width_pt=1.6),
    "street": Look(ink="#3b0f4f", width_pt=2.2, dash=(5.0, 1.2, 1.2, 1.2)),
}


def named(identity: Any, name: Any) -> str:
    """Return what a thing is called: its name, or its id where the ledger gives no name."""
    return str(identity) if is_missing(name) or name == "" else str(name)


def elders_told(elders: float, language: Language) -> str:
    """Return a number of elders; fewer than :data:`LEAST_ELDERS` only as so few."""
    if 0 < elders < LEAST_ELDERS:
        return text("printed.few", language, least=LEAST_ELDERS)
    return count(elders)


def centre_classes(centres: pd.DataFrame) -> pd.Series:
    """Return the class of each centre: its audit if it operates, else its status."""
    names = [
        "coming"
        if status in COMING
        else "closed"
        if status != OPEN_STATUS
        else "other"
        if result == "not_applicable"
        else str(result)
        for status, result in zip(centres["status"], centres["result"], strict=True)
    ]
    return pd.Series(names, index=centres.index, dtype=object)


def ground_below(content: PlanContent) -> Group:
    """Return what lies under everything: water, streets, railways, the communities' outlines."""
    language, streets = content.about.language, content.streets
    kinds = content.ground["ground_kind"].to_numpy(dtype=object)
    shapes = content.ground.geometry.to_numpy()
    main = streets["main"].to_numpy(dtype=bool)
    lines = streets.geometry.to_numpy()
    drawn = {
        "water": shapes[kinds == "water"],
        "waterway": shapes[kinds == "waterway"],
        "minor": lines[~main],
        "main": lines[main],
        "railway": shapes[kinds == "railway"],
    }
    layers = tuple(
        Layer(GROUND[name], shapes_of(these), text(f"printed.ground_{name}", language))
        for name, these in drawn.items()
        if len(shapes_of(these))
    )
    return Group(text("outputs.layer_ground", language), layers, is_ground=True)


def borders(content: PlanContent, land: Any = None) -> Group:
    """Return the user's own boundaries, never anybody else's.

    Parameters
    ----------
    content
        For communities and district.
    land
        The land of one sub-district, drawn broadest, on its own sheet.
    """
    language = content.about.language
    drawn = {
        "communities": (content.communities.geometry, "printed.ground_communities"),
        "district": (content.district.geometry, "outputs.ground_district"),
        "street": ([] if land is None else [land], "printed.ground_street"),
    }
    layers = tuple(
        Layer(GROUND[name], shapely.boundary(shapes_of(shapes)), text(key, language))
        for name, (shapes, key) in drawn.items()
        if len(shapes_of(shapes))
    )
    return Group(text("outputs.layer_ground", language), layers, is_ground=True)


def coverage(
    content: PlanContent, communities: GeoDataFrame, column: str = "share_60", title: str = ""
) -> Group:
    """Return communities by the share of their elders who can walk to a centre.

    Parameters
    ----------
    content
        For its language.
    communities
        Those that are drawn.
    column
        ``share_60`` today, or ``share_60_after`` with the chosen sites.
    title
        Heading of the legend; the web map's own if not given.
    """
    language = content.about.language
    classes = communities[column].astype(float).map(coverage_class)
    elders = communities["elderly_60"].groupby(classes).sum()
    layers = []
    for name in COVERAGE_CLASSES:
        mine = communities.geometry[classes == name]
        if len(mine) or name != "nobody":
            hatch, ink = COVERAGE_HATCHES.get(name, ("", EDGE))
            look = Look(COVERAGE_FILLS[name], EDGE, hatch, ink, 0.5)
            told = elders_told(float(elders.get(name, 0.0)), language)
            value = text("outputs.legend_communities", language, n=len(mine), elders=told)
            label = text(f"outputs.coverage_{name}", language)
            layers.append(Layer(look, shapes_of(mine), label, value))
    heading = title or text("outputs.layer_areas", language)
    return Group(heading, tuple(layers) if len(communities) else ())


def _points(
    table: GeoDataFrame,
    classes: pd.Series,
    marks: Mapping[str, tuple[str, str]],
    prefix: str,
    language: Language,
) -> tuple[Layer, ...]:
    layers = []
    for name, (shape, colour) in marks.items():
        mine = table.geometry[(classes == name).to_numpy()]
        if len(shapes_of(mine)):
            places = shapes_of(mine.representative_point())
            value = text("outputs.legend_places", language, n=len(places))
            label = text(f"{prefix}{name}", language)
            layers.append(Layer(Look(ink=colour, mark=shape), places, label, value))
    return tuple(layers)


def centres(content: PlanContent, table: GeoDataFrame) -> Group:
    """Return centres by what the audit says of them; those without a place are counted."""
    language = content.about.language
    layers = _points(table, centre_classes(table), CENTRE_MARKS, "outputs.centre_", language)
    unplaced = int((table.geometry.is_empty | table.geometry.isna()).sum())
    note = text("printed.unplaced", language, n=unplaced) if unplaced else ""
    return Group(text("outputs.layer_centres", language), layers, note)


def candidates(content: PlanContent, table: GeoDataFrame, states: tuple[str, ...]) -> Group:
    """Return candidates of some states: barred first, chosen last, and so drawn over the rest."""
    language = content.about.language
    marks = {name: CANDIDATE_MARKS[name] for name in reversed(CANDIDATE_MARKS) if name in states}
    layers = _points(table, table["state"], marks, "outputs.candidate_", language)
    key = "outputs.layer_chosen" if states == ("chosen",) else "outputs.layer_candidates"
    return Group(text(key, language), layers)


def gaps(content: PlanContent, table: GeoDataFrame) -> Group:
    """Return gap areas by grade, the mildest drawn first."""
    language = content.about.language
    if not len(table):
        return Group("", ())
    rungs = gap_rungs(content.grades, language)
    layers = []
    for row in grade_rows(table["grade"], table["gap_elderly_60"], rungs, language):
        grade = row["key"]
        hatch = GRADE_HATCHES[PATTERNS[grade]]
        ink = GRADE_INKS[grade]
        look = Look(GRADE_FILLS[grade], ink, hatch, ink, 0.9)
        mine = shapes_of(table.geometry[(table["grade"] == grade).to_numpy()])
        layers.append(Layer(look, mine, row["label"], row["value"]))
    return Group(text("outputs.layer_gaps", language), tuple(layers))


def new_ways(content: PlanContent) -> Group:
    """Return the ways that would help gaps."""
    language, lines = content.about.language, shapes_of(content.new_ways.geometry)
    if not len(lines):
        return Group("", ())
    look = Look(ink=NEW_WAY, width_pt=2.0, dash=(3.0, 1.5))
    value = text("outputs.legend_places", language, n=len(lines))
    return Group("", (Layer(look, lines, text("outputs.legend_ways", language), value),))


def programme(content: PlanContent, table: GeoDataFrame | None) -> Group:
    """Return the programme's measures by what is done."""
    language = content.about.language
    if table is None or not len(table):
        return Group("", ())
    layers = _points(table, table["programme_class"], PROGRAMME_MARKS, "printed.", language)
    return Group(text("outputs.layer_programme", language), layers)
