"""Gap areas and new ways as the page of the web map is told them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geopandas import GeoDataFrame

from planner.labels import Language, text
from planner.outputs.content import PlanContent
from planner.outputs.web.drawing import (
    encode_lines,
    encode_outlines,
    in_degrees,
    latitude_longitude,
)
from planner.outputs.words import MISSING, heading, is_missing, shown

OUTLINE_THINNED_M: Final = 5.0
"""Outlines of gaps lose vertices that lie closer than this to the line without them: a door's
ground is drawn with 32 corners, and nobody reads a gap's edge to a metre."""

SLIT_M: Final = 0.5
"""Slits in an outline of up to twice this are closed: on a map, a wall's two sides are one line."""

LIST_MARK: Final = "、"
GAP_FACTS: Final = (
    "gap_communities", "streets", "gap_elderly_60", "gap_elderly_65", "gap_elderly_80",
    "gap_causes", "gap_barrier", "nearest_name", "gap_minutes", "gap_candidate", "gap_way",
    "gap_sure",
)  # fmt: skip
"""What a gap's card tells; the last four are put together of several columns."""


def _together(row: Mapping[str, Any], key: str, language: Language) -> str | None:
    """Return a fact that is told of several columns; None where there is nothing to say."""
    told = {
        "gap_minutes": ("walk_minutes_mean", "walk_minutes_largest"),
        "gap_candidate": ("candidate_name", "candidate_elderly_60", "candidate_share"),
        "gap_way": ("way", "way_length_m", "way_elderly_60", "way_minutes_before",
                    "way_minutes_after"),
        "gap_sure": ("verdict", "runs_share"),
    }[key]  # fmt: skip
    values = {column: shown(column, row.get(column), language) for column in told}
    if values[told[0]] == MISSING:
        return None
    return text(f"gaps.card_{key.removeprefix('gap_')}", language, **values)


def _facts(row: Mapping[str, Any], language: Language) -> list[str | None]:
    facts = []
    for key in GAP_FACTS:
        if f"gaps.card_{key.removeprefix('gap_')}" in _CARDS:
            facts.append(_together(row, key, language))
        else:
            fact = shown(key, row.get(key), language)
            facts.append(None if fact == MISSING else fact)
    return facts


_CARDS: Final = frozenset(f"gaps.card_{name}" for name in ("minutes", "candidate", "way", "sure"))


def _title(row: Mapping[str, Any], language: Language) -> str:
    """Return what a gap is called: the community of most of its elders, and how many there are."""
    communities = str(row.get("gap_communities")).split(LIST_MARK)
    if len(communities) == 1:
        return communities[0]
    return text("gaps.title_more", language, first=communities[0], n=len(communities))


def gap_items(content: PlanContent) -> dict[str, Any]:
    """Return the gap areas, worst first, with outlines, facts and the new way of each.

    Returns
    -------
    dict
        ``labels``, and ``items``: ``n`` name, ``c`` grade, ``s`` street and cause, ``u`` elders,
        ``v`` elders as text, ``g`` outline and ``p`` a point in it, ``f`` facts, ``w`` line of the
        new way (empty without).
    """
    language, gaps = content.about.language, content.gap_areas
    rows = gaps.drop(columns="geometry").to_dict("records")
    outlines = in_degrees(_closed(gaps), tolerance_m=OUTLINE_THINNED_M)
    middles = in_degrees(gaps.set_geometry(gaps.representative_point()))
    ways = _lines(content.new_ways)
    items = []
    for identity, row, outline, middle in zip(gaps.index, rows, outlines, middles, strict=True):
        said = [shown(name, row.get(name), language) for name in ("streets", "cause")]
        items.append(
            {
                "n": _title(row, language),
                "c": row["grade"],
                "s": " · ".join(one for one in said if one != MISSING),
                "u": round(float(row["gap_elderly_60"]), 1),
                "v": shown("gap_elderly_60", row["gap_elderly_60"], language),
                "g": "" if outline.is_empty else encode_outlines(outline),
                "p": latitude_longitude(middle),
                "f": _facts(row, language),
                "w": ways.get(identity, ""),
            }
        )
    return {"labels": [heading(name, language) for name in GAP_FACTS], "items": items}


def _closed(gaps: GeoDataFrame) -> GeoDataFrame:
    """Return the gaps without the slits that walls cut into them."""
    wider = gaps.buffer(SLIT_M, join_style="mitre")
    return gaps.set_geometry(wider.buffer(-SLIT_M, join_style="mitre"))


def _lines(ways: GeoDataFrame) -> dict[Any, str]:
    lines = in_degrees(ways)
    return {
        identity: encode_lines([line])
        for identity, line in lines.items()
        if not is_missing(line) and not line.is_empty
    }
