"""Classes keep their order in grey print, and importing the room loads no map library."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

from planner.coverage.grades import GRADES, PATTERNS
from planner.outputs.palette import (
    CANDIDATE_MARKS,
    CENTRE_MARKS,
    COVERAGE_CLASSES,
    COVERAGE_FILLS,
    GRADE_FILLS,
    GRADE_INKS,
    STATE_MARKS,
)


def _lightness(colour: str) -> float:
    """Return CIE L* of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance: float = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * luminance ** (1 / 3) - 16)


def test_coverage_classes_keep_their_order_in_grey_print() -> None:
    steps = [_lightness(COVERAGE_FILLS[name]) for name in COVERAGE_CLASSES[:4]]
    assert all(lighter - darker >= 5 for lighter, darker in pairwise(steps))


def test_marks_are_told_apart_without_colour() -> None:
    for marks in (CENTRE_MARKS, CANDIDATE_MARKS):
        shapes = [shape for shape, _ in marks.values()]
        assert len(set(shapes)) == len(shapes)
    # Too far and no centre never stand on one map: without a centre, nothing is too far.
    shapes = [shape for state, (shape, _) in STATE_MARKS.items() if state != "no_centre"]
    assert len(set(shapes)) == len(shapes)


def test_importing_the_room_loads_no_map_library() -> None:
    code = (
        "import sys, planner.outputs.web.web_map, planner.outputs.book.workbook;"
        "import planner.outputs.layers.writing;"
        "print(*sorted({'folium', 'branca', 'matplotlib', 'osmnx'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def test_grades_are_told_apart_in_grey_print() -> None:
    red, orange, yellow, blue = (_lightness(GRADE_FILLS[grade]) for grade in GRADES)
    assert yellow - orange >= 5
    assert orange - red >= 5
    # Blue is as light as yellow: it alone has no pattern, and each of the others its own
    assert abs(blue - yellow) < 5
    assert len({PATTERNS[grade] for grade in GRADES}) == len(GRADES)
    # Patterns and outlines stand out from their ground
    assert all(_lightness(GRADE_FILLS[one]) - _lightness(GRADE_INKS[one]) >= 30 for one in GRADES)
