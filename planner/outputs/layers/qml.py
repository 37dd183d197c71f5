"""Looks of a layer as QGIS stores them (QML): rules with a filter, a label and a symbol.

QGIS reads the table ``layer_styles`` of a GeoPackage when it opens a layer. Its forms were taken
from files that QGIS itself wrote (versions 3.10 to 3.34); a renderer of rules is used throughout,
because a rule may ask anything of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

QGIS_VERSION: Final = "3.22.0"
"""The version whose form this is; later ones read it."""

BRUSHES: Final = {"crosshatch": "diagonal_x", "diagonal": "b_diagonal", "dots": "dense6"}
"""QGIS's name of each pattern of :data:`planner.coverage.grades.PATTERNS`; ``plain`` has none."""

LABEL_BUFFER: Final = "255,255,255,220"


@dataclass(frozen=True)
class Look:
    """How one class of a layer is drawn.

    Parameters
    ----------
    kind
        ``fill``, ``line`` or ``marker``.
    color, ink
        Of the ground (or line, or mark) and of outline and pattern, as ``#rrggbb``.
    shape
        QGIS's name of a mark's shape.
    pattern
        A pattern over a fill, by :data:`BRUSHES`.
    size_mm
        Width of a line, size of a mark; of a fill, the width of its outline.
    is_open
        Whether the ground is left out.
    is_dashed
        Whether a line is dashed.
    """

    kind: str
    color: str
    ink: str = "#4b5563"
    shape: str = "circle"
    pattern: str = "plain"
    size_mm: float = 0.2
    is_open: bool = False
    is_dashed: bool = False


@dataclass(frozen=True)
class Rule:
    """Rows that are drawn alike: a filter in QGIS's expressions (empty: all the rest), a label."""

    where: str
    label: str
    look: Look


def quoted(value: str) -> str:
    """Return a text as QGIS's expressions quote it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _rgba(color: str, alpha: int = 255) -> str:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _layer(symbol: ElementTree.Element, kind: str, options: dict[str, str]) -> None:
    layer = ElementTree.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    held = ElementTree.SubElement(layer, "Option", {"type": "Map"})
    for name, value in sorted(options.items()):
        ElementTree.SubElement(held, "Option", {"name": name, "type": "QString", "value": value})


def _fill_layers(symbol: ElementTree.Element, look: Look) -> None:
    outline = {
        "outline_color": _rgba(look.ink),
        "outline_style": "solid",
        "outline_width": f"{look.size_mm:g}",
        "outline_width_unit": "MM",
    }
    ground = "no" if look.is_open else "solid"
    _layer(symbol, "SimpleFill", {"color": _rgba(look.color, 215), "style": ground} | outline)
    if look.pattern != "plain":
        brush = {"color": _rgba(look.ink), "style": BRUSHES[look.pattern], "outline_style": "no"}
        _layer(symbol, "SimpleFill", brush)


def _symbol(look: Look, number: int) -> ElementTree.Element:
    symbol = ElementTree.Element(
        "symbol",
        {"type": look.kind, "name": str(number), "alpha": "1", "clip_to_extent": "1"},
    )
    if look.kind == "fill":
        _fill_layers(symbol, look)
    elif look.kind == "line":
        line = {
            "line_color": _rgba(look.color),
            "line_style": "dash" if look.is_dashed else "solid",
            "line_width": f"{look.size_mm:g}",
            "line_width_unit": "MM",
        }
        _layer(symbol, "SimpleLine", line)
    else:
        mark = {
            "name": look.shape,
            "color": _rgba(look.color, 0 if look.is_open else 255),
            "outline_color": _rgba(look.color if look.is_open else look.ink),
            "outline_width": "0.5" if look.is_open else "0.2",
            "outline_width_unit": "MM",
            "size": f"{look.size_mm:g}",
            "size_unit": "MM",
        }
        _layer(symbol, "SimpleMarker", mark)
    return symbol


def qml(rules: Sequence[Rule], label_field: str | None = None) -> str:
    """Return a layer's style as the text that QGIS keeps in ``layer_styles``.

    Parameters
    ----------
    rules
        In the order of the legend; a rule without a filter takes the rows that no other takes.
    label_field
        The column that is written beside each feature; ``None`` for no labels.
    """
    root = ElementTree.Element(
        "qgis",
        {
            "version": QGIS_VERSION,
            "styleCategories": "Symbology|Labeling",
            "labelsEnabled": "0" if label_field is None else "1",
        },
    )
    renderer = ElementTree.SubElement(
        root, "renderer-v2", {"type": "RuleRenderer", "symbollevels": "0", "enableorderby": "0"}
    )
    tree = ElementTree.SubElement(renderer, "rules", {"key": "root"})
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        facts = {"key": f"rule{number}", "symbol": str(number), "label": rule.label}
        ElementTree.SubElement(tree, "rule", facts | {"filter": rule.where or "ELSE"})
        symbols.append(_symbol(rule.look, number))
    if label_field is not None:
        labeling = ElementTree.SubElement(root, "labeling", {"type": "simple"})
        settings = ElementTree.SubElement(labeling, "settings", {"calloutType": "simple"})
        style = ElementTree.SubElement(
            settings,
            "text-style",
            {
                "fieldName": label_field, "fontSize": "8", "fontSizeUnit": "Point",
                "textColor": "31,41,55,255", "isExpression": "0",
            },
        )  # fmt: skip
        ElementTree.SubElement(
            style,
            "text-buffer",
            {
                "bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM",
                "bufferColor": LABEL_BUFFER,
            },
        )  # fmt: skip
    ElementTree.indent(root, " ")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{_text(root)}\n"


def _text(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")
