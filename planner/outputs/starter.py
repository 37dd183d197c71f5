"""A new project's folder: commented settings, and empty ledgers with the headings to fill in."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from planner.errors import OutputFileError
from planner.labels import DEFAULT_LANGUAGE, Language, message, text
from planner.outputs.folder import checked_target, finished_aside
from planner.standards.remedies.costs import template_rows
from planner.tables import CANDIDATES, CENTRES, COMMUNITIES, ESTATES, Column, Table

SETTINGS_FILE: Final = "project.toml"
COSTS_FILE: Final = "remedy_costs.csv"
GEOGRAPHIC_CGCS2000: Final = "EPSG:4490"
FOUND_BY_THE_TOOL: Final = ("geometry", "position")
HEADING_FILL: Final = PatternFill("solid", fgColor="DDE7F0")
HEADING_WIDTH: Final = 16


def write_starter(folder: Path, language: Language = DEFAULT_LANGUAGE) -> None:
    """Write a project that only waits for its data.

    Parameters
    ----------
    folder
        The folder to make. It may exist, but must be empty.
    language
        Language of the headings and of the explanations beside them.

    Raises
    ------
    OutputFileError
        If the folder holds anything, or cannot be made.
    """
    target = checked_target(folder)
    if target.exists() and any(target.iterdir()):
        raise OutputFileError(message("starter.not_empty", folder=str(folder)))
    with finished_aside(target) as aside:
        template = resources.files("planner.outputs") / "starter_files" / SETTINGS_FILE
        (aside / SETTINGS_FILE).write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        _write_costs(aside / COSTS_FILE, language)
        for table in (CENTRES, CANDIDATES, ESTATES):
            _write_empty_workbook(aside / f"{table.name}.xlsx", table, language)
        columns = [text("starter.heading_id", language)]
        columns += [column.label(language) for column in _asked(COMMUNITIES)]
        _write_empty_layer(aside / "communities.gpkg", "communities", columns)
        buildings = ["heading_id", "heading_community", "heading_floors", "heading_use"]
        headings = [text(f"starter.{name}", language) for name in buildings]
        _write_empty_layer(aside / "residents.gpkg", "residents", headings)


def _write_costs(path: Path, language: Language) -> None:
    """Write the table of unit costs of measures without a price: none is assumed."""
    lines = [",".join(row) for row in template_rows(language)]
    # With its mark at the start, Excel reads UTF-8 as such.
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")


def _asked(table: Table) -> list[Column]:
    """Return the columns that a ledger holds; the others are found by the tool."""
    return [column for column in table if column.name not in FOUND_BY_THE_TOOL]


def _write_empty_workbook(path: Path, table: Table, language: Language) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = table.label(language)
    guide = book.create_sheet(text("starter.guide_sheet", language))
    guide.append(
        [text(f"starter.guide_{name}", language) for name in ("heading", "say", "allowed")]
    )
    asked = {column.name: column for column in _asked(table)}
    headings = []
    for name in ("id", *asked, "longitude", "latitude"):
        known = name in asked
        label = asked[name].label(language) if known else text(f"starter.heading_{name}", language)
        choices = "、".join(asked[name].choices) if known else ""
        guide.append([label, text(f"starter.say_{name}", language), choices])
        headings.append(label)
    sheet.append(headings)
    for page in (sheet, guide):
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = Font(bold=True)
            cell.fill = HEADING_FILL
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            page.column_dimensions[get_column_letter(cell.column)].width = HEADING_WIDTH
    guide.column_dimensions["B"].width = guide.column_dimensions["C"].width = 4.5 * HEADING_WIDTH
    book.save(path)


def _write_empty_layer(path: Path, layer: str, headings: list[str]) -> None:
    empty = pd.DataFrame({heading: pd.Series(dtype="str") for heading in headings})
    frame = gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=GEOGRAPHIC_CGCS2000))
    frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", geometry_type="MultiPolygon")
