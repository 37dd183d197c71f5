"""Proposed places on the web map: a mark of their own, a card, and nothing where there are none."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd

from planner.outputs.book.charts import add_lines
from planner.outputs.cells import resident_cells
from planner.outputs.palette import (
    CANDIDATE_MARKS,
    CENTRE_MARKS,
    ESTATE_MARKS,
    PROPOSAL_MARKS,
    STATE_MARKS,
)
from planner.outputs.web.map_data import map_features
from planner.outputs.web.map_proposals import PROPOSAL_FACTS
from planner.outputs.web.map_words import legend, map_texts
from tests.outputs.town import empty_content, example_content


def test_each_place_has_its_mark_and_its_facts() -> None:
    content = example_content()
    cells = resident_cells(content.residents)
    told = map_features(content, cells)["proposals"]
    assert [one["n"] for one in told["items"]] == ["建议点位01（待踏勘）", "建议点位02（待踏勘）"]
    facts = dict(zip(PROPOSAL_FACTS, told["items"][0]["f"], strict=True))
    assert facts["zone_60"] == "812"
    assert facts["zone_walk_minutes"] == "9.2"
    assert facts["zone_longitude"] == "108.65209"
    layer = next(one for one in legend(content, cells) if one["key"] == "proposals")
    assert layer["classes"][0]["value"] == "2 处"
    assert "909" in layer["note"]
    assert map_texts(content, cells)["marks"]["proposals"] == PROPOSAL_MARKS


def test_the_shape_is_no_other_mark_s_so_that_grey_print_tells_it() -> None:
    others = (CANDIDATE_MARKS, CENTRE_MARKS, ESTATE_MARKS, STATE_MARKS)
    shapes = {shape for marks in others for shape, _ in marks.values()}
    assert not shapes & {shape for shape, _ in PROPOSAL_MARKS.values()}


def test_no_places_no_layer() -> None:
    content = empty_content()
    cells = resident_cells(content.residents)
    assert map_features(content, cells)["proposals"]["items"] == []
    assert "proposals" not in {one["key"] for one in legend(content, cells)}


def test_a_chart_of_one_line_needs_no_column_that_names_it() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "点数"
    table = pd.DataFrame({"number": [0, 1, 2], "share": [0.1, 0.5, 0.6]})
    add_lines(page, table, 5, lines=None, across="number", up="share", title="t", titles=("a", "b"))
    made = io.BytesIO()
    book.save(made)
    (chart,) = openpyxl.load_workbook(made).worksheets[0]._charts
    assert [(one.xVal.numRef.f, one.yVal.numRef.f) for one in chart.series] == [
        ("'点数'!$A$5:$A$7", "'点数'!$B$5:$B$7")
    ]
