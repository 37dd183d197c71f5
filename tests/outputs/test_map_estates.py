"""New estates on the web map: their class, place and facts."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import Polygon, box

from planner.outputs.cells import resident_cells
from planner.outputs.palette import ESTATE_MARKS
from planner.outputs.web.map_data import map_features
from planner.outputs.web.map_estates import ESTATE_FACTS, estate_classes, estate_points
from planner.outputs.web.map_words import legend
from tests.outputs.town import SOUTH_M, WEST_M, empty_content, example_content


def test_an_estate_bears_its_result_and_its_facts() -> None:
    content = example_content()
    cells = resident_cells(content.residents)
    (item,) = map_features(content, cells)["estates"]["items"]
    assert item["c"] == "unknown"
    facts = dict(zip(ESTATE_FACTS, item["f"], strict=True))
    assert facts["estate_required_m2"] == "360.0"
    assert facts["estate_short_m2"] is None
    assert facts["estate_result"] == "资料不足"
    layer = next(one for one in legend(content, cells) if one["key"] == "estates")
    assert [row["label"] for row in layer["classes"]] == ["配建资料不足"]
    assert layer["on"] is False


@pytest.mark.parametrize("result", [None, "estate_meets", "estate_short", "estate_remark", "other"])
def test_every_result_has_a_mark(result: str | None) -> None:
    content = example_content()
    told = example_content(estates=content.estates.assign(estate_result=[result]))
    (found,) = estate_classes(told)
    assert found in ESTATE_MARKS
    assert (found == "no_rule") == (result in (None, "other"))
    bare = example_content(estates=content.estates.drop(columns="estate_result"))
    assert estate_classes(bare).tolist() == ["no_rule"]


def test_an_outline_is_marked_inside_it() -> None:
    content = example_content()
    corner = Polygon(
        [(0, 0), (100, 0), (100, 10), (10, 10), (10, 100), (0, 100)]
    )  # its middle lies outside
    outline = content.estates.set_geometry([corner], crs=content.estates.crs)
    (point,) = estate_points(example_content(estates=outline)).geometry
    assert corner.contains(point)
    assert box(WEST_M, SOUTH_M, WEST_M + 5_000, SOUTH_M + 5_000).contains(
        estate_points(content).geometry.iloc[0]
    )


def test_no_estates_no_layer() -> None:
    content = empty_content()
    cells = resident_cells(content.residents)
    assert map_features(content, cells)["estates"]["items"] == []
    assert "estates" not in {one["key"] for one in legend(content, cells)}
    assert isinstance(estate_classes(content), pd.Series)
