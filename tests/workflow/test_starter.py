"""What ``planner init`` writes is understood by ``planner run`` once it is filled in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest

import planner
from planner.errors import OutputFileError
from planner.labels import Language
from planner.outputs.starter import write_starter
from tests.workflow.town import CENTRES, COMMUNITIES, degrees, write_town


def filled(folder: Path, town: Path, language: Language) -> Path:
    """Fill a starter with the town's data, under the starter's own headings."""
    write_starter(folder, language)
    for layer, source in (("communities", "communities.geojson"), ("residents", None)):
        path = folder / f"{layer}.gpkg"
        headings = [name for name in gpd.read_file(path).columns if name != "geometry"]
        outlines = gpd.read_file(town / "communities.geojson").set_index("代码")
        if source is None:
            rows = [
                dict(zip(headings, (f"B{code}", code, "6", "住宅"), strict=True))
                for code in outlines.index
            ]
            places = outlines.geometry.centroid.buffer(0.0001)
        else:
            rows = []
            for code, (name, kind, *_, people, e60, e65, e80) in COMMUNITIES.items():
                cells = (code, name, kind, "东街道", people, e60, e65, e80)
                row = dict.fromkeys(headings)
                row |= dict(zip(headings[:8], map(str, cells), strict=True))
                row["户数" if language == "zh" else "Households"] = str(people // 3)
                rows.append(row)
            places = outlines.geometry
        table = gpd.GeoDataFrame(rows, geometry=places.to_numpy(), crs="EPSG:4490")
        path.unlink()
        table.to_file(path, layer=layer, driver="GPKG")
    book = openpyxl.load_workbook(folder / "centres.xlsx")
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for code, name, kind, status, easting, northing, area, area_kind, rooms in CENTRES[:3]:
        longitude, latitude = degrees(easting or 0, northing or 0)
        known = {0: code, 1: name, 2: kind, 3: status}
        line: list[Any] = [known.get(place) for place in range(len(headings))]
        line[headings.index("面积(m²)" if language == "zh" else "Area (m²)")] = area
        line[headings.index("面积口径" if language == "zh" else "Kind of area")] = area_kind
        line[headings.index("功能用房" if language == "zh" else "Rooms")] = rooms
        line[-2:] = [longitude, latitude]
        sheet.append(line)
    book.save(folder / "centres.xlsx")
    shutil.copy(town / "streets.osm", folder / "streets.osm")
    settings = (folder / "project.toml").read_text(encoding="utf-8")
    settings = settings.replace("streets.osm.pbf", "streets.osm").replace('"gcj02"', '"cgcs2000"')
    (folder / "project.toml").write_text(settings, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_a_filled_starter_runs(language: Language, tmp_path: Path) -> None:
    folder = filled(tmp_path / "starter", write_town(tmp_path / "town"), language)
    result = planner.run(folder)
    summary = result.summary
    assert summary["centres"]["rows"] == 3
    assert summary["elderly_60"]["total"] == pytest.approx(190)
    assert summary["floor_area"]["held_m2"] == pytest.approx(700)
    # Ledgers of candidates and estates with headings only are no fault, and told of.
    assert summary["siting"] is None
    told = [notice.key for notice in result.findings.notices]
    assert told.count("workflow.empty_ledger") == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_says_how_to_fill_in_every_heading(language: Language, tmp_path: Path) -> None:
    write_starter(tmp_path / "new", language)
    for file in ("centres", "candidates", "estates"):
        sheet, guide = openpyxl.load_workbook(tmp_path / "new" / f"{file}.xlsx").worksheets
        rows = list(guide.iter_rows(min_row=2, max_col=2, values_only=True))
        assert [heading for heading, _ in rows] == [cell.value for cell in sheet[1]]
        assert all(told for _, told in rows)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(b"mine")
    with pytest.raises(OutputFileError):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]
