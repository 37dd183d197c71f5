"""Figures of the made-up town, drawn once, and what stands on them."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from planner.labels import Language
from planner.outputs.content import PlanContent
from planner.outputs.printed.drawing import our_settings
from planner.outputs.printed.printed_maps import printed_map, sheet_names
from tests.outputs.town import example_content

TRICKS = "$x_1^2$ \\frac{a}{b} 100% & <b> {0}"
LONG = "六十个字的名称" * 8 + "社区中心"


def town(language: Language = "zh", **changes: Any) -> PlanContent:
    """Return the town with the plan's coverage, and a name that would be read as a formula."""
    content = example_content(language)
    communities = content.communities.assign(
        share_60_after=np.minimum(content.communities["share_60"] + 0.3, 1.0)
    )
    communities.loc[communities.index[5], "name"] = TRICKS
    communities.loc[communities.index[6], "name"] = LONG
    return dataclasses.replace(content, **({"communities": communities} | changes))


@cache
def figure(sheet: str, paper: str = "A3", language: Language = "zh") -> Figure:
    """Return one sheet; callers change nothing of it."""
    return printed_map(town(language), sheet, paper=paper)


def all_sheets() -> tuple[str, ...]:
    """Return the names of the town's sheets."""
    return sheet_names(town())


def texts(drawn: Figure) -> list[Text]:
    """Return the texts of a figure that say anything."""
    return [one for one in drawn.findobj(Text) if isinstance(one, Text) and one.get_text()]


def words(drawn: Figure) -> str:
    """Return all that a figure says, lines joined."""
    return "\n".join(one.get_text().replace("\n", "") for one in texts(drawn))


def extents_mm(drawn: Figure) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return left, bottom, right, top of every text, as the renderer measures them."""
    renderer = FigureCanvasAgg(drawn).get_renderer()  # type: ignore[no-untyped-call]
    with our_settings():
        boxes = [one.get_window_extent(renderer).extents for one in texts(drawn)]
    found: np.ndarray[Any, np.dtype[np.float64]] = np.array(boxes) * 25.4 / drawn.dpi
    return found
