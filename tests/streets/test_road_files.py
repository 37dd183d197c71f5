"""Files of road layers: three formats, Chinese in shapefiles, bad input in one sentence each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import osmium
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point

from planner.errors import InputFileError, PlannerError, StreetsError
from planner.streets import WalkingNetwork, foot_rules, read_streets
from planner.streets.road_layers.files import road_layer_options
from tests.shared_data import shared_data
from tests.streets.layers import METRES, Road, roads, save

TOWN: list[Road] = [
    [(-100, 0), (100, 0)],
    [(0, -100), (0, 100)],
    [(-100, 50), (100, 50)],
    [(100.6, 0), (100.6, 50)],
]
CLASSES = ["支路", "主干路", "高速公路", "人行道"]


def problem(error: PlannerError) -> tuple[str, dict[str, Any]]:
    """Return key and fields of the one problem of an error, in both languages whole sentences."""
    told = error.problems[0] if error.problems else error.message
    assert len(error.problems) <= 1
    for language in ("zh", "en"):
        assert "{" not in error.text(language)
    return told.key, told.fields


def refused(file: Path, **how: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises((StreetsError, InputFileError)) as caught:
        read_streets(file, **how)
    assert file.name in str(caught.value)
    return problem(caught.value)


def same(one: WalkingNetwork, other: WalkingNetwork) -> None:
    """Check that two networks are one but for a millimetre."""
    np.testing.assert_array_equal(one.segment_from, other.segment_from)
    np.testing.assert_array_equal(one.segment_to, other.segment_to)
    np.testing.assert_allclose(one.segment_length_m, other.segment_length_m, atol=1e-3)
    np.testing.assert_allclose(one.vertex_easting_m, other.vertex_easting_m, atol=1e-3)
    np.testing.assert_allclose(one.vertex_northing_m, other.vertex_northing_m, atol=1e-3)


def test_three_formats_are_one_network(tmp_path: Path) -> None:
    frame = roads(TOWN, 道路等级=CLASSES)
    networks = [
        read_streets(save(frame, tmp_path / f"路网{suffix}", **how))
        for suffix, how in ((".gpkg", {}), (".shp", {"encoding": "UTF-8"}), (".geojson", {}))
    ]
    headings = [network.notes["columns"]["class"] for network in networks]
    assert headings == ["道路等级", "道路等", "道路等级"]  # a shapefile cuts at ten bytes
    for network in networks:
        assert network.notes["links"] == 1
        assert network.notes["rules"]["motorway"]["ways"] == 1
        same(networks[0], network)


@pytest.mark.parametrize("declared", [True, False])
def test_a_shapefile_in_gbk(tmp_path: Path, declared: bool) -> None:
    """Also where nothing declares it, and headings are cut at ten bytes."""
    frame = roads(TOWN, 道路等级=CLASSES, 道路名称和别名=["一路", "二路", "三路", "四路"])
    file = save(frame, tmp_path / "roads.shp", encoding="GBK")
    if not declared:
        file.with_suffix(".cpg").unlink()
    network = read_streets(file)
    assert network.notes["columns"] == {"class": "道路等级"}
    assert network.notes["rules"]["motorway"]["ways"] == 1


def test_a_layer_in_a_zone_with_its_number(tmp_path: Path) -> None:
    """EPSG:4524 writes the zone's number before the easting; the plan's CRS has none."""
    plain = read_streets(save(roads(TOWN), tmp_path / "a.gpkg"))
    numbered = read_streets(save(roads(TOWN).to_crs(4524), tmp_path / "b.gpkg"))
    same(plain, numbered)
    assert numbered.vertex_easting_m.max() < 1e6


def test_rows_that_are_no_lines_are_counted(tmp_path: Path) -> None:
    shapes = [LineString(TOWN[0]), Point(0, 0), None, Point(1, 1).buffer(1), LineString()]
    network = read_streets(save(roads(shapes), tmp_path / "mixed.gpkg"))
    assert network.notes["rows"] == 5
    assert network.notes["lines"] == 1
    assert network.notes["rows_no_line"] == {"Point": 1, "Polygon": 1, "none": 2}


def test_heights_are_left_out(tmp_path: Path) -> None:
    line = LineString([(0, 0, 5), (100, 0, 90)])
    network = read_streets(save(roads([line]), tmp_path / "high.gpkg"))
    assert network.segment_length_m[0] == pytest.approx(100, rel=1e-6)


def test_layers_by_name(tmp_path: Path) -> None:
    file = tmp_path / "many.gpkg"
    save(roads([Point(0, 0)]), file, layer="点")
    save(roads(TOWN[:1]), file, layer="道路", append=True)
    save(roads(TOWN), file, layer="道路2024", append=True)
    network = read_streets(file)
    assert network.notes["layer"] == "道路"
    assert network.notes["other_layers"] == ["点", "道路2024"]
    assert read_streets(file, layer="道路2024").notes["lines"] == 4
    key, fields = refused(file, layer="街道")
    assert key == "road_layer.no_such_layer"
    assert fields["layers"] == "点、道路、道路2024"
    assert refused(file, layer="点")[0] == "road_layer.no_line"


def test_degrees_called_metres_and_metres_called_degrees(tmp_path: Path) -> None:
    degrees = roads(TOWN).to_crs(4490).set_crs(METRES, allow_override=True)
    assert refused(save(degrees, tmp_path / "d.gpkg"))[0] == "road_layer.degrees_called_metres"
    metres = roads(TOWN).set_crs(4490, allow_override=True)
    key, fields = refused(save(metres, tmp_path / "m.gpkg"))
    assert key == "road_layer.metres_called_degrees"
    assert fields["easting"] == pytest.approx(499_900)
    turned = roads(TOWN).to_crs(4490)
    swapped = turned.set_geometry(
        [LineString([(n, e) for e, n in line.coords]) for line in turned.geometry], crs=4490
    )
    assert refused(save(swapped, tmp_path / "s.gpkg"))[0] == "road_layer.metres_called_degrees"


def test_no_crs(tmp_path: Path) -> None:
    bare = geopandas.GeoDataFrame(geometry=roads(TOWN).geometry.to_numpy())
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.write_dataframe(bare, tmp_path / "bare.gpkg")
    assert refused(tmp_path / "bare.gpkg")[0] == "road_layer.no_crs"
    file = save(roads(TOWN), tmp_path / "lost.shp")
    file.with_suffix(".prj").unlink()
    assert refused(file)[0] == "road_layer.no_crs"


def test_no_lines(tmp_path: Path) -> None:
    key, fields = refused(save(roads([Point(0, 0), Point(1, 1)]), tmp_path / "points.gpkg"))
    assert (key, fields["kinds"]) == ("road_layer.no_line", "Point 2")
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert refused(tmp_path / "empty.geojson")[0] == "road_layer.no_line"
    table = geopandas.GeoDataFrame({"a": [1]}, geometry=[None], crs=METRES)
    pyogrio.write_dataframe(table.drop(columns="geometry"), tmp_path / "table.gpkg")
    assert refused(tmp_path / "table.gpkg")[0] == "road_layer.no_line"


def test_files_that_are_not_what_they_are_called(tmp_path: Path) -> None:
    whole = save(roads(TOWN), tmp_path / "whole.gpkg").read_bytes()
    (tmp_path / "cut.gpkg").write_bytes(whole[:3000])
    (tmp_path / "text.gpkg").write_text("no layer")
    (tmp_path / "text.shp").write_text("no layer")
    (tmp_path / "cut.geojson").write_text('{"type": "FeatureCollection", "features": [')
    (tmp_path / "list.geojson").write_text("[1, 2]")
    for name in ("cut.gpkg", "text.gpkg", "text.shp", "cut.geojson", "list.geojson"):
        assert refused(tmp_path / name)[0] == "road_layer.unreadable", name
    assert refused(tmp_path / "none.gpkg")[0] == "streets.file_missing"


@pytest.mark.parametrize(
    "address",
    ["/vsicurl/http://127.0.0.1/a.gpkg", "http://127.0.0.1/a.gpkg", "/vsizip/a.zip/a.shp"],
)
def test_only_files_on_this_machine(address: str) -> None:
    with pytest.raises(InputFileError) as caught:
        read_streets(address)
    assert caught.value.message.key == "streets.file_missing"


@pytest.mark.parametrize("gap_m", [-0.1, 50.1, float("nan")])
def test_a_tolerance_that_is_none(tmp_path: Path, gap_m: float) -> None:
    file = save(roads(TOWN), tmp_path / "roads.gpkg")
    assert refused(file, gap_m=gap_m)[0] == "road_layer.gap_refused"


def test_coordinates_off_the_map(tmp_path: Path) -> None:
    line = LineString([(0, 0), (1e12, 1e12)])
    key, fields = refused(save(roads([LineString(TOWN[0]), line]), tmp_path / "far.gpkg"))
    assert (key, fields["rows"]) == ("road_layer.off_the_map", "2")


def test_a_cache_knows_what_a_road_layer_depends_on(tmp_path: Path) -> None:
    """Tolerance, layer, and the files beside a shapefile; a mended .dbf is read anew."""
    cache = tmp_path / "cache"
    file = save(roads(TOWN, 道路等级=CLASSES), tmp_path / "roads.shp", encoding="UTF-8")
    first = read_streets(file, cache=cache)
    assert read_streets(file, cache=cache).notes == first.notes
    assert read_streets(file, cache=cache, gap_m=0.0).notes["links"] == 0
    before = road_layer_options(file, None, 1.0)
    assert sorted(before["beside"]) == ["roads.cpg", "roads.dbf", "roads.prj", "roads.shx"]
    shape = file.read_bytes()
    save(roads(TOWN, 道路等级=["支路"] * 4), file, encoding="UTF-8")
    assert file.read_bytes() == shape
    assert "motorway" not in read_streets(file, cache=cache).notes["rules"]


def test_a_line_of_no_length_to_speak_of(tmp_path: Path) -> None:
    file = save(roads([[(0, 0), (0.0004, 0)]]), tmp_path / "dot.gpkg")
    assert refused(file)[0] == "streets.no_way"


def test_streets_of_monaco_without_their_nodes(tmp_path: Path) -> None:
    """The ways of OpenStreetMap as mere lines: the network that their nodes make, all but.

    Lines also meet where ways cross without a shared node, and near ends are closed: the network
    from lines may hold together better, never worse, and its streets are as long.
    """
    source = shared_data("networks/monaco.osm.gz")
    by_nodes = read_streets(source, rules=replace(foot_rules(), areas=()))
    factory = osmium.geom.WKBFactory()
    keys = ("highway", "foot", "access", "layer", "bridge", "tunnel")
    rows, lines = [], []
    way: Any
    for way in (
        osmium.FileProcessor(str(source))
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    ):
        lines.append(shapely.from_wkb(bytes.fromhex(factory.create_linestring(way))))
        rows.append({key: way.tags.get(key) for key in keys})
    frame = geopandas.GeoDataFrame(rows, geometry=lines, crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / "ways.gpkg")
    by_lines = read_streets(tmp_path / "ways.gpkg")
    whole_m = by_nodes.segment_length_m.sum()
    assert by_lines.segment_length_m.sum() == pytest.approx(whole_m, rel=0.01)
    assert by_lines.part_count <= by_nodes.part_count
    assert by_lines.notes["lines_above"] > 20
    assert by_lines.notes["lines_below"] > 50
    crossings, links = by_lines.notes["crossings"], by_lines.notes["links"]
    assert crossings + links < 10
