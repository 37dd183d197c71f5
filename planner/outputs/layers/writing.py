"""``layers.gpkg``: the run as layers that QGIS opens, with a data dictionary inside.

Columns bear our English names; their headings in the project's language are stored as the
GeoPackage's own column titles, which QGIS shows, and as the table ``dictionary``. Values of choice
columns are words of that language, as on the workbook's sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pandas as pd
import pyogrio
from geopandas import GeoDataFrame

from planner.coverage.gap_causes import GAP_CAUSES
from planner.labels import Language, text
from planner.outputs.cells import resident_cells
from planner.outputs.content import PlanContent
from planner.outputs.layers.metadata import metadata_of
from planner.outputs.layers.package_tables import NEVER, complete_package, style_table
from planner.outputs.sheet_columns import COLUMNS, GROUP_FIGURES
from planner.outputs.sheets import translated
from planner.outputs.words import heading, meaning

LAYER_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "communities": tuple(name for name in COLUMNS["communities"] if name != "id"),
    "gaps": tuple(name for name in COLUMNS["gaps"] if name != "id"),
    "centres": tuple(name for name in COLUMNS["audit"] if name != "id"),
    "candidates": (
        *(name for name in COLUMNS["candidates"] if name != "id"), "rank", "gain", "in_fewest",
    ),
    "estates": tuple(name for name in COLUMNS["estates"] if name != "id"),
    "cells": ("community", "state", "elderly_60", "walk_minutes"),
    "streets": ("main",),
    "proposals": tuple(name for name in COLUMNS["zones"] if name != "id"),
    "gap_areas": (
        "rank", "grade", "grade_pattern", "streets", "gap_communities", "gap_elderly_60",
        "gap_elderly_65", "gap_elderly_80", "cause",
        *(f"elderly_60_{cause}" for cause in GAP_CAUSES), "gap_barrier", "nearest_name",
        "walk_minutes_mean", "walk_minutes_largest", "candidate_name", "candidate_elderly_60",
        "candidate_share", "way", "way_length_m", "way_elderly_60", "way_minutes_before",
        "way_minutes_after", "verdict", "not_under", "runs_share",
    ),
    "new_ways": (
        "rank", "grade", "streets", "gap_communities", "way", "way_length_m", "way_elderly_60",
        "way_minutes_before", "way_minutes_after",
    ),
    "groups": tuple(name for name in COLUMNS["groups"] if name != "id"),
    "programme": (
        "programme_site", *(name for name in COLUMNS["programme"] if name != "id"),
        "programme_class",
    ),
}  # fmt: skip
"""Columns of each layer, after ``id``; those that a table does not hold are left out."""

NAMELESS: Final = ("cells", "streets")
"""Layers without ids: residents must have none, streets need none."""

SHAPES: Final = {
    "communities": "MultiPolygon", "gaps": "MultiPolygon", "centres": "Point",
    "candidates": "Point", "estates": "Unknown", "cells": "Point", "streets": "LineString",
    "gap_areas": "MultiPolygon", "new_ways": "LineString", "programme": "Point",
    "proposals": "Point",
}  # fmt: skip


@contextmanager
def _undated() -> Iterator[None]:
    """Let GDAL write a fixed date into the file; put its setting back after."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NEVER})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _shown_columns(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a layer's columns, its ids as plain text before them."""
    kept = [column for column in LAYER_COLUMNS[name] if column in table.columns]
    chosen = table[[*kept, *([table.geometry.name] if isinstance(table, GeoDataFrame) else [])]]
    if name in NAMELESS:
        return chosen.reset_index(drop=True)
    plain = chosen.reset_index(drop=True)
    plain.insert(0, "id", [str(value) for value in table.index])
    return plain


def layer_tables(content: PlanContent) -> dict[str, pd.DataFrame]:
    """Return the tables of all layers by name; those that are empty are left out.

    Geometry stays in the plan's metre CRS. Residents appear only as cells of at least five elders.
    """
    communities = content.communities
    uncovered = communities["elderly_60"] - communities["covered_60"]
    places = communities[[communities.geometry.name]]
    gaps = places.join(content.gaps, how="inner").loc[
        [identity for identity in content.gaps.index if identity in communities.index]
    ]
    tables: dict[str, pd.DataFrame | None] = {
        "communities": communities.assign(uncovered_60=uncovered),
        "gaps": gaps.assign(rank=range(1, len(gaps) + 1)),
        "centres": content.centres.rename(columns=GROUP_FIGURES),
        "candidates": content.candidates,
        "estates": content.estates,
        "cells": resident_cells(content.residents).table,
        "streets": content.streets,
        "gap_areas": content.gap_areas,
        "new_ways": content.new_ways,
        "proposals": content.proposals,
        "groups": content.groups,
        "programme": content.programme,
    }
    language = content.about.language
    return {
        name: translated(_shown_columns(name, table), language)
        for name, table in tables.items()
        if table is not None and len(table)
    }


def dictionary_table(tables: dict[str, pd.DataFrame], language: Language) -> pd.DataFrame:
    """Return one row a column of every layer: layer, field, heading, meaning."""
    rows = [
        {
            "layer": name,
            "field": column,
            "heading": heading(column, language),
            "meaning": meaning(column, language),
        }
        for name, table in tables.items()
        for column in table.columns
        if column != "geometry"
    ]
    return pd.DataFrame(rows, columns=["layer", "field", "heading", "meaning"])


def write_layers(content: PlanContent, path: Path) -> None:
    """Write all layers of a plan as one GeoPackage, in the plan's metre CRS.

    The file bears a fixed date: the same results make the same bytes.
    """
    language = content.about.language
    tables = layer_tables(content)
    tables["dictionary"] = dictionary_table(tables, language)
    titles = {name: text(f"outputs.layer_note_{name}", language) for name in tables}
    tables["layer_styles"] = style_table(titles, language)
    path.unlink(missing_ok=True)
    with _undated():
        for name, table in tables.items():
            title = text(f"outputs.layer_note_{name}", language)
            about = f"{content.about.title} · {title}"
            if content.about.synthetic:
                about = f"{text('outputs.synthetic', language)} · {about}"
            pyogrio.write_dataframe(
                table,
                path,
                layer=name,
                driver="GPKG",
                geometry_type=SHAPES.get(name),
                promote_to_multi=SHAPES.get(name, "").startswith("Multi"),
                append=path.exists(),
                layer_options={"IDENTIFIER": f"{title} ({name})", "DESCRIPTION": about},
            )
    complete_package(path, tables["dictionary"], metadata_of(content, titles))
