"""Metadata of each layer as QGIS keeps it: what it is, whose data, in which CRS."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from planner.labels import text
from planner.outputs.content import LEAST_ELDERS, PlanContent
from planner.outputs.layers.qml import QGIS_VERSION


def metadata_of(content: PlanContent, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the metadata of each layer, by its name.

    Parameters
    ----------
    content
        The run's results: its title, whose data are drawn, its map review number.
    titles
        What each layer is called, by its name.
    """
    return {name: _metadata(content, name, title) for name, title in titles.items()}


def _metadata(content: PlanContent, name: str, title: str) -> str:
    about = content.about
    language = about.language
    marks = [text("outputs.synthetic", language)] if about.synthetic else []
    lineage = text("layers.lineage", language, least=LEAST_ELDERS)
    number = about.map_review_number
    stamp = (
        text("layers.review_number", language, number=number)
        if number
        else text("outputs.stamp", language)
    )
    root = ElementTree.Element("qgis", {"version": QGIS_VERSION})
    facts = {
        "identifier": name,
        "parentidentifier": "",
        "language": language,
        "type": "dataset",
        "title": f"{about.title} · {title}",
        "abstract": "\n".join([*marks, stamp, lineage]),
    }
    for key, told in facts.items():
        ElementTree.SubElement(root, key).text = told
    for source in about.attributions:
        rights = text("layers.rights", language, sources=source)
        ElementTree.SubElement(root, "rights").text = rights
    crs = content.communities.crs
    if crs is not None:
        held = ElementTree.SubElement(ElementTree.SubElement(root, "crs"), "spatialrefsys")
        ElementTree.SubElement(held, "wkt").text = crs.to_wkt()
        authority = crs.to_authority()
        if authority is not None:
            ElementTree.SubElement(held, "authid").text = ":".join(authority)
    ElementTree.indent(root, " ")
    plain = ElementTree.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{plain}\n"
