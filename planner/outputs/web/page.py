"""The page that folium makes, with everything inlined. Importing this module loads folium.

Only :mod:`planner.outputs.web.web_map` imports it, and only when a map is asked for.
"""

from __future__ import annotations

import html
from importlib import resources
from typing import Any, Final

import folium
from branca.element import Element, MacroElement
from jinja2 import Template

from planner.outputs.web.leaflet import leaflet_script, leaflet_style

PAGE_FILES: Final = ("symbols.js", "map.js", "what_if.js", "panel.js")
POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)
SKELETON: Final = """<div id="plan-head"></div><div id="plan-tabs"></div>
<div id="plan-sheet"></div><div id="plan-facts" hidden></div><div id="plan-stamp"></div>"""


class Verbatim(Element):
    """Text that is put into the page as it is.

    ``Element(text)`` would take the text for a template and run what a name holds in braces.
    """

    _template = Template("{{ this.content }}")

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content = content


class PageScript(MacroElement):
    """Script that runs once the map stands."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.content }}{% endmacro %}")

    def __init__(self, content: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PageScript"
        self.content = content


def _web_file(name: str) -> str:
    return (resources.files("planner.outputs.web") / "assets" / name).read_text(encoding="utf-8")


def make_page(title: str, data: str) -> folium.Map:
    """Return the map of a page that needs no network.

    Parameters
    ----------
    title
        The page's title: any text.
    data
        JSON that is safe inside a script element.
    """
    plan = folium.Map(location=(0, 0), zoom_start=12, tiles=None, attribution_control=False)
    # Folium's own links lead to the web, and its random ids would change the file on every run.
    plan.default_js, plan.default_css = [], []
    plan._name, plan._id = "map", "plan"
    figure: Any = plan.get_root()
    figure.title = html.escape(title)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    block = f'<script type="application/json" id="plan-data">{data}</script>'
    figure.header.add_child(Verbatim(policy), name="policy", index=0)
    figure.header.add_child(Verbatim(f"<style>{leaflet_style()}</style>"), name="leaflet_style")
    figure.header.add_child(Verbatim(f"<script>{leaflet_script()}</script>"), name="leaflet")
    figure.header.add_child(Verbatim(f"<style>{_web_file('map.css')}</style>"), name="style")
    figure.html.add_child(Verbatim(SKELETON), name="skeleton")
    figure.html.add_child(Verbatim(block), name="data")
    script = "\n".join(_web_file(name) for name in PAGE_FILES)
    plan.add_child(PageScript(script), name="page")
    return plan
