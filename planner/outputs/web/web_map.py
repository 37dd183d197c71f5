"""The web map: one HTML file that opens without a network and asks nothing of any server.

folium makes the page and the map; nothing else of folium is used. Its popups, icons, plugins and
colour maps load jQuery and style sheets from the web and paste names into script. Here names
travel as JSON in a data block and reach the page through ``textContent`` alone; a content
security policy in the page refuses every request besides.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.outputs.cells import resident_cells
from planner.outputs.content import PlanContent
from planner.outputs.web.map_data import map_features
from planner.outputs.web.map_what_if import what_if_data
from planner.outputs.web.map_words import map_texts

if TYPE_CHECKING:
    import folium


def as_json_block(value: Any) -> str:
    """Return a value as JSON that may stand in an HTML script element.

    ``<``, ``>`` and ``&`` are escaped, so that no text in it can end the element, and so are the
    two line separators that older scripts take for line ends. NaN is refused.
    """
    block = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        block = block.replace(character, f"\\u{ord(character):04x}")
    return block


def coverage_map(content: PlanContent) -> folium.Map:
    """Return the web map of a plan.

    Residents are shown as cells of at least five elders
    (:func:`planner.outputs.cells.resident_cells`).

    Parameters
    ----------
    content
        The run's results.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; :func:`write_map` saves it. The same content makes the same
        bytes.
    """
    from planner.outputs.web.page import make_page

    cells = resident_cells(content.residents)
    told = map_texts(content, cells) | map_features(content, cells)
    told["what_if"] = what_if_data(content)
    return make_page(content.about.title, as_json_block(told))


def write_map(content: PlanContent, path: Path) -> None:
    """Write the web map of a plan as one HTML file (UTF-8)."""
    page: str = coverage_map(content).get_root().render()
    path.write_text(page, encoding="utf-8", newline="\n")
