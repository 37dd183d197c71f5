"""Leaflet, taken from an installed package, as text that a page can hold.

The package ``django-js-lib-leaflet`` ships Leaflet 1.9.4 and depends on nothing; the page then
needs no server, neither for the script nor for the images that the style sheet names.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def _folder() -> Traversable:
    return resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"


@cache
def leaflet_script() -> str:
    """Return Leaflet's script, without the line that asks a browser for its source map."""
    script = (_folder() / "leaflet.js").read_text(encoding="utf-8")
    return SOURCE_MAP.sub("", script).strip()


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet with its images as data URIs."""

    def inlined(found: re.Match[str]) -> str:
        image = base64.b64encode((_folder() / found[1]).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{image})"

    return IMAGE.sub(inlined, (_folder() / "leaflet.css").read_text(encoding="utf-8"))
