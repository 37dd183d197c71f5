"""The words around the web map: title block, headline figures, legend with numbers, notes."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner.labels import Language, catalogue, text
from planner.outputs.cells import CELL_SIZE_M, Cells
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.content_parts import About
from planner.outputs.figures import method_lines, plan_figures, stamp, standard_lines, subtitle
from planner.outputs.grades import grade_line, swatches
from planner.outputs.palette import (
    CANDIDATE_MARKS,
    CENTRE_MARKS,
    COVERAGE_CLASSES,
    COVERAGE_FILLS,
    ESTATE_MARKS,
    HATCHED,
    NEW_WAY,
    PROGRAMME_MARKS,
    PROPOSAL_MARKS,
    STATE_MARKS,
    coverage_class,
)
from planner.outputs.web.map_data import centre_class, named
from planner.outputs.web.map_estates import estate_classes
from planner.outputs.web.map_grades import gap_layers, grade_layer
from planner.outputs.web.map_programme import programme_layer
from planner.outputs.web.map_proposals import proposal_layer
from planner.outputs.words import count, is_missing, percent, word
from planner.tables import WALKING_STATES

Swatch = dict[str, Any]

GRADED: Final = ("communities", "gaps")


def page_texts(about: About) -> dict[str, str]:
    """Return the page's own words: every label whose key begins with ``outputs.page_``."""
    start = "outputs.page_"
    return {
        key.removeprefix(start): entry[about.language]
        for key, entry in catalogue().items()
        if key.startswith(start)
    }


def tiles(content: PlanContent) -> list[dict[str, str]]:
    """Return the three headline figures, each with its label and how it comes about."""
    language, headline = content.about.language, content.headline
    elders = headline.elderly_60
    facility = percent(headline.facility_share)
    figures = (
        ("walking", percent(elders.share), (count(elders.covered), count(elders.total))),
        ("facility", facility, (headline.communities_with_centre, headline.communities)),
        ("uncovered", count(elders.uncovered), (count(headline.elderly_80.uncovered), None)),
    )
    notes = {name: f"outputs.tile_{name}_note" for name, _, _ in figures}
    if is_missing(headline.elderly_80.uncovered):
        notes["uncovered"] = "outputs.tile_uncovered_note_60"
    return [
        {
            "label": text(f"outputs.tile_{name}", language),
            "value": value,
            "note": text(notes[name], language, part=part, whole=whole),
        }
        for name, value, (part, whole) in figures
    ]


def _coverage_layer(content: PlanContent) -> dict[str, Any]:
    language, communities = content.about.language, content.communities
    classes = communities["share_60"].astype(float).map(coverage_class)
    elders = communities["elderly_60"].groupby(classes).sum()
    rows = []
    for name in COVERAGE_CLASSES:
        number = int((classes == name).sum())
        if number or name != "nobody":
            value = text(
                "outputs.legend_communities",
                language,
                n=number,
                elders=count(elders.get(name, 0.0)),
            )
            swatch = {"fill": COVERAGE_FILLS[name], "hatch": name in HATCHED}
            label = text(f"outputs.coverage_{name}", language)
            rows.append({"key": name, "label": label, "value": value, "swatch": swatch})
    villages = int((communities["community_kind"] == "村").sum())
    note = text("outputs.legend_villages", language, n=villages) if villages else ""
    return {"key": "areas", "on": True, "classes": rows, "note": note}


def _withheld(cells: Cells, language: Language) -> str:
    """Return how many elders stand in no cell; nothing where all do."""
    elders = float(cells.withheld.sum())
    return text("outputs.withheld", language, elders=count(elders)) if elders >= 0.5 else ""


def _cell_layer(content: PlanContent, cells: Cells) -> dict[str, Any]:
    language = content.about.language
    rows = []
    for state in WALKING_STATES:
        elders = float(content.states["elderly_60"].get(state, 0.0))
        if elders > 0:
            shape, colour = STATE_MARKS[state]
            value = text("outputs.legend_elders", language, elders=count(elders))
            rows.append(
                {
                    "key": state,
                    "label": word(state, language),
                    "value": value,
                    "swatch": {"mark": shape, "colour": colour},
                }
            )
    note = text(
        "outputs.legend_cells", language, size=f"{CELL_SIZE_M:.0f}", least=LEAST_ELDERS
    ) + _withheld(cells, language)
    return {"key": "cells", "on": True, "near": True, "classes": rows, "note": note}


def _mark_rows(
    classes: pd.Series, marks: dict[str, tuple[str, str]], prefix: str, content: PlanContent
) -> list[dict[str, Any]]:
    language = content.about.language
    return [
        {
            "key": name,
            "label": text(f"outputs.{prefix}_{name}", language),
            "value": text("outputs.legend_places", language, n=int((classes == name).sum())),
            "swatch": {"mark": shape, "colour": colour},
        }
        for name, (shape, colour) in marks.items()
        if (classes == name).any()
    ]


def _centre_layer(content: PlanContent) -> dict[str, Any]:
    language, centres = content.about.language, content.centres
    classes = pd.Series([centre_class(row) for row in centres.to_dict("records")], dtype=object)
    unplaced = int((centres.geometry.is_empty | centres.geometry.isna()).sum())
    told = [*standard_lines(content.about)[:2], text("outputs.legend_by_group", language)]
    if unplaced:
        told.append(text("outputs.legend_unplaced", language, n=unplaced))
    note = ("" if language == "zh" else " ").join(told)
    rows = _mark_rows(classes, CENTRE_MARKS, "centre", content)
    return {"key": "centres", "on": True, "classes": rows, "note": note}


def _candidate_layers(content: PlanContent) -> list[dict[str, Any]]:
    states = content.candidates["state"]
    rows = _mark_rows(states, CANDIDATE_MARKS, "candidate", content)
    chosen = [row for row in rows if row["key"] == "chosen"]
    others = [row for row in rows if row["key"] != "chosen"]
    if chosen and content.siting is not None:
        chosen[0]["value"] = text(
            "outputs.legend_chosen",
            content.about.language,
            n=len(content.siting.chosen),
            elders=count(content.siting.gain),
        )
    visits = sum(1 for site in _chosen(content) if site["w"])
    note = text("outputs.legend_to_visit", content.about.language, n=visits) if visits else ""
    return [
        {"key": "chosen", "on": True, "classes": chosen, "note": note},
        {"key": "candidates", "on": False, "classes": others},
    ]


def _estate_layer(content: PlanContent) -> dict[str, Any]:
    rows = _mark_rows(estate_classes(content), ESTATE_MARKS, "estate", content)
    return {"key": "estates", "on": False, "classes": rows}


def _ground_layers(content: PlanContent) -> list[dict[str, Any]]:
    language = content.about.language
    kinds = set(content.ground["ground_kind"])
    swatches: list[tuple[str, bool, Swatch]] = [
        ("streets", len(content.streets) > 0, {"line": "#b9b6ad"}),
        ("water", bool(kinds & {"water", "waterway"}), {"fill": "#bcd9ea"}),
        ("railway", "railway" in kinds, {"line": "#52525b", "dash": True}),
        ("district", len(content.district) > 0, {"line": "#3f3f46", "broad": True}),
    ]
    rows = [
        {"key": name, "label": text(f"outputs.ground_{name}", language), "swatch": swatch}
        for name, present, swatch in swatches
        if present
    ]
    return [
        {"key": "names", "on": True, "classes": []},
        {"key": "ground", "on": True, "classes": rows},
    ]


def legend(content: PlanContent, cells: Cells) -> list[dict[str, Any]]:
    """Return the layers, top to bottom as listed, each with its classes, swatches and numbers."""
    layers = [
        *([_coverage_layer(content), grade_layer(content)] if len(content.communities) else []),
        *gap_layers(content),
        _cell_layer(content, cells),
        _centre_layer(content),
        *_candidate_layers(content),
        programme_layer(content),
        proposal_layer(content),
        _estate_layer(content),
        *_ground_layers(content),
    ]
    for layer in layers:
        layer["title"] = text(f"outputs.layer_{layer['key']}", content.about.language)
    return [layer for layer in layers if layer["classes"] or layer["key"] == "names"]


def notes(content: PlanContent, cells: Cells) -> list[dict[str, Any]]:
    """Return the paragraphs of the notes tab."""
    language = content.about.language
    privacy = text(
        "outputs.privacy", language, size=f"{CELL_SIZE_M:.0f}", least=LEAST_ELDERS
    ) + _withheld(cells, language)
    parts = [
        ("method", method_lines(content.about)),
        ("notices", [notice.text(language) for notice in content.notices]),
        (
            "gaps",
            [*content.gap_lines, *(grade_line(of, content.grades, language) for of in GRADED)],
        ),
        ("privacy", [privacy]),
        ("sources", [*content.about.attributions, "Leaflet 1.9.4 · folium"]),
        ("publication", [stamp(content.about)]),
    ]
    return [
        {"title": text(f"outputs.notes_{name}", language), "lines": lines}
        for name, lines in parts
        if lines
    ]


def map_texts(content: PlanContent, cells: Cells) -> dict[str, Any]:
    """Return all words of the page in the project's language."""
    about = content.about
    return {
        "lang": "zh-CN" if about.language == "zh" else "en",
        "text": page_texts(about),
        "title": about.title,
        "subtitle": subtitle(about),
        "synthetic": text("outputs.synthetic", about.language) if about.synthetic else "",
        "stamp": stamp(about),
        "reviewed": bool(about.map_review_number),
        "attribution": " · ".join(about.attributions),
        "tiles": tiles(content),
        "caveat": text("outputs.caveat", about.language),
        "layers": legend(content, cells),
        "plan": [[figure.label, figure.shown()] for figure in plan_figures(content)],
        "chosen": _chosen(content),
        "notes": notes(content, cells),
        "states": STATE_MARKS,
        "fills": {name: [COVERAGE_FILLS[name], name in HATCHED] for name in COVERAGE_CLASSES},
        "grades": swatches(),
        "way": NEW_WAY,
        "marks": {
            "centres": CENTRE_MARKS,
            "candidates": CANDIDATE_MARKS,
            "estates": ESTATE_MARKS,
            "programme": PROGRAMME_MARKS,
            "proposals": PROPOSAL_MARKS,
        },
    }


def _chosen(content: PlanContent) -> list[dict[str, Any]]:
    """Return the chosen sites in their order; ``i`` is the place in the list of candidates."""
    if content.siting is None:
        return []
    candidates = content.candidates
    places = {identity: place for place, identity in enumerate(candidates.index)}
    listed = []
    for rank, identity in enumerate(content.siting.chosen, start=1):
        row = candidates.loc[identity]
        listed.append(
            {
                "i": places[identity],
                "k": rank,
                "n": named({"id": identity, **row}),
                "v": count(float(row["gain"])),
                "w": "" if is_missing(row["reasons"]) else str(row["reasons"]),
            }
        )
    return listed
