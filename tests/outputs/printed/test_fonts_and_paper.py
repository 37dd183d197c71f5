"""Fonts by family, round scales and lengths, and names that keep apart."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.font_manager import get_font

from planner.outputs.printed.fonts import face_for, literal, noto
from planner.outputs.printed.paper import PAPERS, Box, round_length_m, round_scale
from planner.outputs.printed.placing import Placer

FRAME = Box(0.0, 0.0, 100.0, 100.0)


def test_the_face_is_the_simplified_chinese_one() -> None:
    assert noto().family == "Noto Sans CJK SC"
    file = noto().at(9.0).get_file()
    assert file is not None
    assert get_font(file).family_name == "Noto Sans CJK SC"


def test_a_face_of_the_system_without_a_letter_gives_way() -> None:
    assert face_for(literal("骨直"), "text").holds("骨直")
    assert literal("\U0001f9d3") == "〓"
    assert literal("a\tb\u202ec") == "a bc"


@pytest.mark.parametrize(
    ("metres", "scale"),
    [
        (960.0, 10_000),
        (961.0, 15_000),
        (2_400.0, 25_000),
        (1.0, 500),
        (0.0, 500),
        (9_000.0, 100_000),
    ],
)
def test_scales_are_round_and_just_large_enough(metres: float, scale: int) -> None:
    assert round_scale(metres, 0.0, FRAME) == scale
    assert round_scale(0.0, metres, FRAME) == scale


@pytest.mark.parametrize(("most", "length"), [(999.0, 500.0), (1000.0, 1000.0), (0.3, 0.2)])
def test_bars_have_round_lengths(most: float, length: float) -> None:
    assert round_length_m(most) == pytest.approx(length)


@pytest.mark.parametrize("name", PAPERS)
def test_map_and_panel_stand_side_by_side_within_the_margins(name: str) -> None:
    paper = PAPERS[name]
    assert paper.map_box.right < paper.panel_box.left
    assert paper.panel_box.right == pytest.approx(paper.wide_mm - paper.margin_mm)
    assert paper.map_box.top < paper.high_mm - paper.margin_mm


def test_names_never_overlap_and_the_first_comes_first() -> None:
    placer = Placer(FRAME)
    spots = [placer.place((20.0, 4.0), (50.0, 50.0), 0.0) for _ in range(80)]
    placed = np.array([one.middle for one in spots if one is not None])
    assert placed[0].tolist() == [50.0, 50.0]
    assert 2 < len(placed) < 80
    apart = np.abs(placed[:, None] - placed[None])
    clear = (apart[..., 0] >= 20.0) | (apart[..., 1] >= 4.0) | np.eye(len(placed), dtype=bool)
    assert clear.all()


def test_a_name_beside_a_mark_keeps_off_it_and_within_the_frame() -> None:
    placer = Placer(FRAME)
    placer.block_marks(np.array([[99.0, 50.0]]), 1.5)
    spot = placer.place((10.0, 3.0), (99.0, 50.0), 1.5)
    assert spot is not None
    assert spot.middle[0] + 5.0 <= 99.0 - 1.5
    assert spot.leader is None


def test_where_nothing_is_free_nothing_is_placed() -> None:
    placer = Placer(FRAME)
    placer.block(np.array([0.0, 0.0, 100.0, 100.0]))
    assert placer.place((5.0, 2.0), (50.0, 50.0), 0.0) is None
