"""What a GeoPackage holds beside its layers: column titles, metadata, the styles of QGIS.

The tables are those of the GeoPackage standard (OGC 12-128, schema and metadata extensions) and,
for styles, the one that QGIS makes itself when it saves a style into a package.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import pandas as pd

from planner.labels import Language, text
from planner.outputs.layers.qml import qml
from planner.outputs.layers.styles import LABELS, layer_rules

NEVER: Final = "1980-01-01T00:00:00.000Z"
"""The date that every layer bears, so that a rerun makes the same bytes; run.json has the true."""

GEOMETRY_COLUMN: Final = "geom"
"""What GDAL calls the geometry column of a GeoPackage's layer."""

METADATA_STANDARD: Final = "http://mrcc.com/qgis.dtd"
"""Under this name QGIS finds its own metadata in a package."""

COLUMN_TITLES: Final = (
    "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, "
    "column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, "
    "constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name))"
)
EXTENSIONS: Final = (
    "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, "
    "extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, "
    "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
)
METADATA: Final = (
    "CREATE TABLE IF NOT EXISTS gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC "
    "NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, "
    "mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')"
)
METADATA_REFERENCE: Final = (
    "CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT NOT NULL, "
    "table_name TEXT, column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL "
    "DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, "
    "md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES "
    "gpkg_metadata(id), CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES "
    "gpkg_metadata(id))"
)
EXTENDED: Final = (
    ("gpkg_data_columns", "gpkg_schema", "extension_schema"),
    ("gpkg_metadata", "gpkg_metadata", "extension_metadata"),
    ("gpkg_metadata_reference", "gpkg_metadata", "extension_metadata"),
)


def style_table(titles: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Return ``layer_styles``: the default style of every layer that has a look of its own.

    Parameters
    ----------
    titles
        What each layer of the package is called, by its name.
    language
        Language of the legends.
    """
    return pd.DataFrame(
        [
            {
                "f_table_catalog": "",
                "f_table_schema": "",
                "f_table_name": name,
                "f_geometry_column": GEOMETRY_COLUMN,
                "styleName": name,
                "styleQML": qml(rules, LABELS.get(name)),
                "styleSLD": "",
                "useAsDefault": True,
                "description": text("layers.style", language, title=titles[name]),
                "owner": "",
                "ui": None,
                "update_time": pd.Timestamp(NEVER),
            }
            for name, rules in layer_rules(language).items()
            if name in titles
        ]
    )


def complete_package(path: Path, dictionary: pd.DataFrame, metadata: Mapping[str, str]) -> None:
    """Write column titles and metadata into a GeoPackage.

    Parameters
    ----------
    path
        The package, all its layers in it.
    dictionary
        ``layer``, ``field``, ``heading``, ``meaning``: a row a column.
    metadata
        The metadata of each layer, as QGIS writes it.
    """
    rows = list(dictionary.itertuples(index=False, name=None))
    with closing(sqlite3.connect(path)) as package, package:
        for made in (COLUMN_TITLES, EXTENSIONS, METADATA, METADATA_REFERENCE):
            package.execute(made)
        package.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) "
            "VALUES (?, ?, ?, ?)",
            rows,
        )
        for number, (layer, told) in enumerate(metadata.items(), start=1):
            package.execute(
                "INSERT INTO gpkg_metadata (id, md_scope, md_standard_uri, mime_type, metadata) "
                "VALUES (?, 'dataset', ?, 'text/xml', ?)",
                (number, METADATA_STANDARD, told),
            )
            package.execute(
                "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, "
                "md_file_id) VALUES ('table', ?, ?, ?)",
                (layer, NEVER, number),
            )
        package.executemany(
            "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, ?, "
            "'http://www.geopackage.org/spec121/#' || ?, 'read-write')",
            EXTENDED,
        )
