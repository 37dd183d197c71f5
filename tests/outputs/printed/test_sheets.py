"""The sheets as they are drawn: nothing over anything else, nothing without its words."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from planner.labels import text
from planner.outputs.content import PlanContent
from planner.outputs.printed.printed_maps import SHEETS, printed_map, sheet_names
from tests.outputs.printed.drawn import (
    LONG,
    TRICKS,
    all_sheets,
    extents_mm,
    figure,
    texts,
    town,
    words,
)
from tests.outputs.town import empty_content

TOUCH_MM = 0.05
STREET = "street/古塔街道"
LOOKED_AT = (*((name, "A3") for name in (*SHEETS, "index", STREET)), ("siting", "A4"),
             (STREET, "A4"))  # fmt: skip


def _assert_apart(drawn: Figure) -> None:
    boxes, said = extents_mm(drawn), [one.get_text() for one in texts(drawn)]
    wide, high = drawn.get_size_inches() * 25.4
    inside = (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, 2] <= wide) & (boxes[:, 3] <= high)
    assert inside.all(), [said[n] for n in np.flatnonzero(~inside)]
    for number, box in enumerate(boxes):
        rest = boxes[number + 1 :]
        over = (rest[:, :2] < box[2:] - TOUCH_MM) & (rest[:, 2:] > box[:2] + TOUCH_MM)
        other = np.flatnonzero(over.all(axis=1))
        assert not len(other), (said[number], [said[number + 1 + n] for n in other])


@pytest.mark.parametrize(("sheet", "paper"), LOOKED_AT)
def test_no_text_runs_into_another_or_off_the_page(sheet: str, paper: str) -> None:
    _assert_apart(figure(sheet, paper))


def test_crowded_names_keep_apart_and_none_is_lost() -> None:
    communities = town().communities
    middle = communities.union_all().centroid
    crowded = communities.set_geometry(communities.scale(0.06, 0.06, origin=middle))
    crowded = crowded.set_geometry(
        crowded.translate(middle.x - crowded.centroid.x.mean(), 0.0).affine_transform(
            [0.08, 0, 0, 0.08, 0.92 * middle.x, 0.92 * middle.y]
        )
    )
    drawn = printed_map(town(communities=crowded), "coverage")
    _assert_apart(drawn)
    said = words(drawn).replace(" ", "")
    for name in communities["name"]:
        assert name.replace(" ", "") in said


def test_english_sheets_have_their_room_too() -> None:
    _assert_apart(figure("siting", "A4", "en"))
    assert "Chosen sites" in words(figure("siting", "A4", "en"))


@pytest.mark.parametrize("sheet", all_sheets())
def test_every_sheet_bears_stamp_mark_source_date_and_scale(sheet: str) -> None:
    said = words(figure(sheet))
    for key in ("outputs.stamp", "outputs.synthetic", "printed.north"):
        assert text(key) in said
    assert "© OpenStreetMap contributors, ODbL 1.0" in said
    assert "2024-12-31" in said
    assert "按 A3 原大打印" in said


def test_a_reviewed_map_bears_its_number_instead_of_the_stamp() -> None:
    about = dataclasses.replace(town().about, map_review_number="GS(2026)1号", synthetic=False)
    said = words(printed_map(town(about=about), "gaps"))
    assert "GS(2026)1号" in said
    assert text("outputs.stamp") not in said
    assert "合成数据" not in said


def _colours(drawn: Figure, axes: str) -> set[str]:
    found = set()
    for one in drawn.axes:
        if one.get_label() == axes:
            for drawing in one.collections:
                assert isinstance(drawing, PathCollection)
                both = (*drawing.get_facecolor(), *drawing.get_edgecolor())
                found |= {to_hex(colour) for colour in both if colour[3] > 0}
    return found


@pytest.mark.parametrize("sheet", all_sheets())
def test_the_legend_explains_every_colour_of_the_map(sheet: str) -> None:
    drawn = figure(sheet)
    assert _colours(drawn, "map")
    assert _colours(drawn, "map") <= _colours(drawn, "page")


def test_names_are_drawn_as_they_are() -> None:
    said = words(figure("coverage")).replace(" ", "")
    assert TRICKS.replace(" ", "") in said
    assert "${alert(1)}" in said
    assert LONG in said
    assert not any(one.get_parse_math() or one.get_usetex() for one in texts(figure("coverage")))


def test_a_name_without_room_is_numbered_and_listed() -> None:
    said = [one.get_text().replace("\n", "") for one in texts(figure("coverage"))]
    listed = next(one for one in said if LONG in one)
    number = listed.split(LONG)[0].split("；")[-1].strip()
    assert number.startswith("(")
    assert number in said


def test_letters_of_no_font_are_told_and_moving_marks_dropped() -> None:
    about = dataclasses.replace(town().about, title="青\U000e0041渡\u202e示\U0001f9d3\n范")
    assert "青渡示〓 范" in words(printed_map(town(about=about), "coverage"))


def test_few_elders_are_withheld() -> None:
    content = town()
    communities = content.communities.copy()
    few = communities["share_60"] < 0.3
    communities.loc[few, "elderly_60"] = 0.0
    communities.loc[communities.index[few][0], "elderly_60"] = 3.0
    said = words(printed_map(dataclasses.replace(content, communities=communities), "coverage"))
    assert "个 · 不足 5 人" in said
    assert "个 · 3 人" not in said


def test_before_and_after_stand_at_one_scale() -> None:
    maps = [one for one in figure("before_after").axes if one.get_label() == "map"]
    assert len(maps) == 2
    assert len({(one.get_xlim(), one.get_ylim()) for one in maps}) == 1


def test_the_scale_is_true() -> None:
    drawn = figure("centres")
    axes = next(one for one in drawn.axes if one.get_label() == "map")
    wide_mm = axes.get_position().width * drawn.get_size_inches()[0] * 25.4
    west, east = axes.get_xlim()
    scale = round((east - west) * 1000 / wide_mm)
    assert f"1:{scale:,}（" in words(drawn)


def _odd(content: PlanContent, **tables: int) -> PlanContent:
    cut = {name: getattr(content, name).iloc[:rows] for name, rows in tables.items()}
    return dataclasses.replace(content, **cut)


@pytest.mark.parametrize(
    "content",
    [
        _odd(town(), gap_areas=0, new_ways=0, gaps=0),
        _odd(town(), centres=0),
        _odd(town(siting=None, programme=None), candidates=0),
        _odd(town(), communities=1, district=0, streets=0, ground=0),
        town(communities=town().communities.assign(street=None)),
        empty_content(),
    ],
    ids=["no gaps", "no centres", "no candidates", "one community", "no streets", "nothing"],
)
def test_odd_districts_have_sheets_too(content: PlanContent) -> None:
    for sheet in ("before_after", "gaps", *sheet_names(content)[6:7]):
        _assert_apart(printed_map(content, sheet, paper="A4"))
