"""Heights under the streets: read, sampled along every street, bridged, refused; Monaco's hills."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from scipy.interpolate import RegularGridInterpolator

from planner.errors import InputFileError, StreetsError
from planner.streets import (
    WalkingNetwork,
    edge_minutes,
    explain_walk,
    foot_rules,
    load_network,
    read_streets,
    route,
    save_network,
)
from planner.streets.heights import cells, rasters
from planner.streets.heights.heights import read_heights, with_heights
from planner.streets.heights.off_ground import bridged_heights
from planner.streets.walking.slopes import slope_factor, stretches_of
from planner.streets.walking.walkers import Walker
from tests.shared_data import shared_data
from tests.streets.drawn import bent, edge, points, town
from tests.streets.test_explaining import check

CRS = "EPSG:32632"
EAST, NORTH = 373_000.0, 4_843_000.0
SRTM = "elevation/N43E007.hgt.zip"
TOBLER = Walker("tobler", 1.0, "tobler")

Surface = Callable[[np.ndarray, np.ndarray], np.ndarray]


def raster(
    folder: Path,
    surface: Surface,
    *,
    name: str = "heights.tif",
    cell_m: float = 10.0,
    side: int = 120,
    east: float = EAST - 100,
    crs: Any = CRS,
    **profile: Any,
) -> Path:
    """Write a square of heights ``surface(easting - EAST, northing - NORTH)``; return its file."""
    north = NORTH + 0.5 * side * cell_m
    middle = (np.arange(side) + 0.5) * cell_m
    easting, northing = np.meshgrid(east + middle, north - middle)
    heights = surface(easting - EAST, northing - NORTH).astype(np.float32)
    path = folder / name
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=side,
        width=side,
        count=1,
        dtype="float32",
        crs=crs,
        transform=rasterio.Affine(cell_m, 0, east, 0, -cell_m, north),
        **({"nodata": -9999.0} | profile),
    ) as file:
        file.write(heights, 1)
    return path


def place(**nodes: tuple[float, float]) -> dict[str, tuple[float, float]]:
    return {name: (EAST + e, NORTH + n) for name, (e, n) in nodes.items()}


def street(length_m: float = 600.0) -> WalkingNetwork:
    """A ──────── length ──────── B, eastward, within the raster."""
    return town(place(A=(0, 0), B=(length_m, 0)), [edge("A", "B", length_m=length_m)], crs=CRS)


def profile(network: WalkingNetwork, segment: int = 0) -> list[float]:
    start = network.profile_start
    return [float(one) for one in network.profile_height_m[start[segment] : start[segment + 1]]]


def walk(network: WalkingNetwork, start: str, end: str, who: Walker = TOBLER) -> Any:
    doors = []
    for name, node in (("o", start), ("d", end)):
        row = int(np.flatnonzero(network.node_ids == node)[0])
        spot = (float(network.node_easting_m[row]), float(network.node_northing_m[row]))
        doors.append(points({name: spot}, crs=network.crs))
    found = route(network, *doors, walker=who)
    check(network, found, *doors)
    return found


def test_a_plane_is_exact(tmp_path: Path) -> None:
    """Between cells a plane stays a plane: 3 % up to the east, on a street with a bend."""
    path = raster(tmp_path, lambda e, n: 100 + 0.03 * e - 0.01 * n)
    bend = bent((EAST, NORTH), (EAST + 90, NORTH), (EAST + 90, NORTH + 90))
    network = town(
        place(A=(0, 0), B=(90, 90)), [edge("A", "B", geometry=bend, length_m=180.0)], crs=CRS
    )
    found = with_heights(network, read_heights(path))
    assert found.notes["heights"]["spacing_m"] == 20
    assert profile(found) == pytest.approx(
        [100, 100.6, 101.2, 101.8, 102.4, 102.6, 102.4, 102.2, 102.0, 101.8], abs=0.02
    )
    assert network.profile_height_m.size == 0
    assert edge_minutes(network).forward[0] < edge_minutes(found).forward[0]


def test_up_and_home(tmp_path: Path) -> None:
    """600 m up 10 %: exp(0.35) times the flat's ten minutes; home, gently down, ten."""
    path = raster(tmp_path, lambda e, n: 0.10 * e + 0 * n)
    found = with_heights(street(), read_heights(path))
    up, down = walk(found, "A", "B"), walk(found, "B", "A")
    assert up.walk_minutes == pytest.approx(10 * np.exp(0.35), abs=1e-4)
    assert down.walk_minutes == pytest.approx(10, abs=1e-4)
    assert (up.climb_m, up.fall_m) == pytest.approx((60, 0), abs=1e-3)
    assert (down.climb_m, down.fall_m) == pytest.approx((0, 60), abs=1e-3)
    assert up.surface_m == pytest.approx(np.hypot(600, 60), abs=1e-2)
    assert up.by_cause.loc["flat", "minutes"] == pytest.approx(10)
    assert up.by_cause.loc["slope", "minutes"] == pytest.approx(4.1907, abs=1e-3)
    assert explain_walk(up)[1:] == [
        "沿街行走（按平路计）：1 段，经过 0 个路口，600 米，10.00 分钟。",
        "坡道（沿途上升 60 米，下降 0 米）比平路多用：4.19 分钟。",
    ]
    assert "Slopes, 60 m up and 0 m down in all, add 4.19 minutes." in explain_walk(
        up, language="en"
    )


def test_a_hill_in_mid_street(tmp_path: Path) -> None:
    """Both ends at 0 m, the top of 30 m half-way: junctions alone would see nothing."""
    path = raster(tmp_path, lambda e, n: 0.1 * (300 - np.abs(e - 300)) + 0 * n, cell_m=5, side=300)
    found = with_heights(street(), read_heights(path))
    over = walk(found, "A", "B")
    assert profile(found)[0] == pytest.approx(profile(found)[-1], abs=0.01)
    assert over.walk_minutes == pytest.approx(5 * np.exp(0.35) + 5, rel=0.002)
    assert (over.climb_m, over.fall_m) == pytest.approx((30, 30), abs=0.3)
    assert walk(found, "A", "B", replace(TOBLER, slope="flat")).walk_minutes == pytest.approx(10)
    half = route(
        found,
        points({"o": (EAST, NORTH)}, crs=CRS),
        points({"d": (EAST + 300, NORTH)}, crs=CRS),
        walker=TOBLER,
    )
    assert (half.climb_m, half.fall_m) == pytest.approx((30, 0), abs=0.3)


def test_a_cliff_is_no_street(tmp_path: Path) -> None:
    """A step of 100 m in the raster costs no more than the steepest street, and is told."""
    path = raster(tmp_path, lambda e, n: np.where(e > 300, 100.0, 0.0) + 0 * n)
    found = with_heights(street(), read_heights(path))
    assert found.notes["heights"]["steepest_m"] == pytest.approx(40, abs=20)
    steep = float(slope_factor(np.array([9.0]))[0])
    most = (600 - 40 + 40 * steep) / 60
    assert 10 < walk(found, "A", "B").walk_minutes <= most + 1e-9


def test_steps_take_their_factor_alone(tmp_path: Path) -> None:
    path = raster(tmp_path, lambda e, n: 0.2 * e + 0 * n)
    network = town(place(A=(0, 0), B=(60, 0)), [edge("A", "B", steps=True)], crs=CRS)
    found = with_heights(network, read_heights(path))
    who = replace(TOBLER, steps_factor=2.5)
    assert walk(found, "A", "B", who).walk_minutes == pytest.approx(2.5, abs=1e-3)


def test_rasters_in_degrees(tmp_path: Path) -> None:
    """The same plane in degrees, on a grid that is turned against the network's."""
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    west, north = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(
        EAST - 100, NORTH + 500
    )
    step, side = 1e-4, 150
    longitude, latitude = np.meshgrid(
        west + (np.arange(side) + 0.5) * step, north - (np.arange(side) + 0.5) * step
    )
    easting, northing = to_metres.transform(longitude, latitude)
    path = tmp_path / "degrees.tif"
    profile_ = {"driver": "GTiff", "height": side, "width": side, "count": 1, "dtype": "float64"}
    with rasterio.open(
        path,
        "w",
        crs="EPSG:4326",
        transform=rasterio.Affine(step, 0, west, 0, -step, north),
        **profile_,
    ) as file:
        file.write(50 + 0.05 * (easting - EAST) - 0.02 * (northing - NORTH), 1)
    heights = read_heights(path)
    assert heights.cell_m == pytest.approx(9.5, abs=0.3)
    found = with_heights(street(), heights)
    assert profile(found) == pytest.approx(np.linspace(50, 80, len(profile(found))), abs=1e-3)


@pytest.mark.parametrize("crs", ["EPSG:4545", "EPSG:32632+5773", "EPSG:4326+5773"])
def test_rasters_in_many_crs(tmp_path: Path, crs: str) -> None:
    """A CRS that holds one for heights, too, is as good as without; a far zone is refused."""
    path = raster(tmp_path, lambda e, n: 7 + 0 * e + 0 * n, crs=crs)
    if crs.startswith("EPSG:32632"):
        assert profile(with_heights(street(), read_heights(path)))[0] == pytest.approx(7)
        return
    with pytest.raises(StreetsError):
        with_heights(street(), read_heights(path))


def test_scale_and_offset(tmp_path: Path) -> None:
    """Heights stored as whole numbers with a scale are read with it."""
    path = raster(tmp_path, lambda e, n: 10 * (20 + 0.01 * e) + 0 * n)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = [0.1], [5.0]
    assert profile(with_heights(street(), read_heights(path)))[0] == pytest.approx(25.0, abs=1e-3)


def valley() -> Surface:
    """Ground at 20 m, and a valley of 0 m between 100 and 500 m east."""
    return lambda e, n: np.where((e > 100) & (e < 500), 0.0, 20.0) + 0 * n


def test_bridges_run_straight(tmp_path: Path) -> None:
    """A bridge of three pieces over the valley, from 20 m to 26 m: no step down, no step up.

    ::

        A──B═══C═══D═══E──F    with the ground falling to 0 m between B and E
    """
    surface: Surface = lambda e, n: valley()(e, n) + np.where(e >= 500, 6.0, 0.0)  # noqa: E731
    path = raster(tmp_path, surface)
    nodes = place(A=(0, 0), B=(80, 0), C=(180, 0), D=(380, 0), E=(520, 0), F=(600, 0))
    rows = [edge("A", "B"), edge("E", "F")]
    rows += [edge(*ends, off_ground=True) for ends in ("BC", "CD", "DE")]
    ground = read_heights(path)
    found = with_heights(town(nodes, rows, crs=CRS), ground)
    over = walk(found, "A", "F")
    assert (over.climb_m, over.fall_m) == pytest.approx((6, 0), abs=1e-3)
    bridge = {name: 20 + 6 * (nodes[name][0] - EAST - 80) / 440 for name in "BCDE"}
    row = {str(name): number for number, name in enumerate(found.node_ids)}
    for segment in np.flatnonzero(found.segment_off_ground):
        ends = [found.segment_from[segment], found.segment_to[segment]]
        wanted = [bridge[str(found.node_ids[node])] for node in ends]
        assert profile(found, int(segment)) == pytest.approx(wanted, abs=1e-3)
    assert set(row) == set("ABCDEF")
    down = with_heights(town(nodes, [one | {"off_ground": False} for one in rows], crs=CRS), ground)
    assert walk(down, "A", "F").climb_m == pytest.approx(26, abs=0.01)


def test_branching_bridges_against_linear_algebra() -> None:
    """A random web of bridges, against a dense solve of the same equations."""
    random = np.random.default_rng(4)
    nodes = 40
    start, end = random.integers(0, nodes, (2, 90))
    start, end = np.append(start, np.arange(nodes - 1)), np.append(end, np.arange(1, nodes))
    length = random.uniform(1, 300, len(start))
    ground = random.random(nodes) < 0.2
    ground[0] = True
    heights = random.uniform(0, 100, nodes)
    found = bridged_heights(heights, ground, start, end, length)
    matrix, known = np.zeros((nodes, nodes)), np.where(ground, heights, 0.0)
    for one, other, metres in zip(start, end, length, strict=True):
        for node, far in ((one, other), (other, one)):
            if not ground[node] and one != other:
                matrix[node, node] += 1 / metres
                matrix[node, far] -= 1 / metres
    matrix[ground, ground] = 1.0
    assert found == pytest.approx(np.linalg.solve(matrix, known), abs=1e-5)


def test_bridges_without_ground() -> None:
    """A chain that meets no ground lies on the raster, if that knows of it."""
    heights = np.array([5.0, np.nan, 9.0, np.nan, np.nan])
    pairs = np.array([0, 1, 3]), np.array([1, 2, 4])
    found = bridged_heights(heights, np.zeros(5, dtype=bool), *pairs, np.array([1.0, 3.0, 1.0]))
    assert found == pytest.approx([5, 6, 9, np.nan, np.nan], nan_ok=True)


def test_small_holes_are_filled_and_told(tmp_path: Path) -> None:
    """A hole of four cells in a plane: the plane."""
    surface: Surface = lambda e, n: np.where(  # noqa: E731
        (np.abs(e - 300) < 20) & (np.abs(n) < 20), -9999.0, 50 + 0.02 * e
    )
    found = with_heights(street(), read_heights(raster(tmp_path, surface)))
    assert 0 < found.notes["heights"]["holes_share"] < 0.2
    assert found.notes["heights"]["missing_m"] == 0
    wanted = 50 + 0.02 * np.linspace(0, 600, len(profile(found)))
    assert profile(found) == pytest.approx(wanted, abs=1e-4)


def test_undeclared_nodata(tmp_path: Path) -> None:
    """-32768 and 65535 are no ground, whether the file says so or not."""
    for stand_in in (-32768.0, 65535.0):
        surface: Surface = lambda e, n, value=stand_in: np.where(  # type: ignore[misc]  # noqa: E731
            np.abs(e - 300) < 15, value, 50.0 + 0 * n
        )
        path = raster(tmp_path, surface, nodata=None)
        found = with_heights(street(), read_heights(path))
        assert profile(found) == pytest.approx([50] * len(profile(found)))


def test_great_holes_are_refused(tmp_path: Path) -> None:
    """One sentence: how much is missing, and where."""
    path = raster(tmp_path, lambda e, n: np.where(e > 300, -9999.0, 50.0 + 0 * n))
    with pytest.raises(StreetsError) as caught:
        with_heights(street(), read_heights(path))
    said = caught.value.message
    assert said.key == "heights.not_covering"
    assert said.fields["share"] == pytest.approx(1.0)  # the one street that there is
    longitude, latitude = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True).transform(
        [EAST + 320, EAST + 600], [NORTH, NORTH]
    )
    assert longitude[0] - 1e-3 < said.fields["west"] < said.fields["east"] <= longitude[1] + 1e-9
    assert said.fields["south"] == pytest.approx(latitude[0], abs=1e-4)
    assert "heights.tif" in caught.value.text("zh")
    assert "do not cover" in caught.value.text("en")


def test_a_stray_street_outside(tmp_path: Path) -> None:
    """Half a per cent of the streets outside the raster: level where nothing is known, and told."""
    nodes = place(A=(0, 0), B=(600, 0), C=(9000, 0), D=(9010, 0), E=(0, 400))
    rows = [edge("A", "B"), edge("C", "D", length_m=10.0), edge("A", "E", length_m=2400.0)]
    network = town(nodes, rows, crs=CRS)
    found = with_heights(network, read_heights(raster(tmp_path, lambda e, n: 0.1 * e + 0 * n)))
    assert found.notes["heights"]["missing_m"] == found.notes["heights"]["unknown_m"] == 10
    assert walk(found, "C", "D").walk_minutes == pytest.approx(10 / 60)
    assert walk(found, "C", "D").climb_m is None


def test_many_tiles_in_any_order(tmp_path: Path) -> None:
    """Two squares side by side are as good as one, whichever comes first; the finer is taken."""
    surface: Surface = lambda e, n: 30 + 0.04 * e + 0 * n  # noqa: E731
    west = raster(tmp_path, surface, name="west.tif", side=40, east=EAST - 100)
    east = raster(tmp_path, surface, name="east.tif", side=40, east=EAST + 300)
    coarse = raster(
        tmp_path, lambda e, n: 0 * e + 0 * n, name="a.tif", cell_m=100, side=30, east=EAST - 900
    )
    with pytest.raises(StreetsError):
        with_heights(street(), read_heights(west))
    found = [
        profile(with_heights(street(), read_heights(paths)))
        for paths in ([west, east, coarse], [coarse, east, west])
    ]
    assert found[0] == found[1]
    assert found[0] == pytest.approx(np.linspace(30, 54, len(found[0])), abs=1e-4)


@pytest.mark.parametrize("smoothing", [0, 2])
def test_blocks_do_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smoothing: int
) -> None:
    """Read in blocks of eight cells or all at once: the same."""
    random = np.random.default_rng(1)
    holes = random.random((120, 120)) < 0.1
    surface: Surface = lambda e, n: np.where(holes, -9999.0, random.uniform(0, 50, e.shape) + 0 * n)  # noqa: E731
    heights = read_heights(raster(tmp_path, surface))
    easting, northing = (
        EAST + random.uniform(-90, 1000, 400),
        NORTH + random.uniform(-500, 500, 400),
    )
    crs = pyproj.CRS(CRS)
    whole, mended = heights.at(easting, northing, crs, smoothing=smoothing)
    assert not np.isnan(whole).any()
    assert 0.1 < mended.mean() < 0.6
    monkeypatch.setattr(cells, "BLOCK_CELLS", 8)
    parts, also = heights.at(easting, northing, crs, smoothing=smoothing)
    assert whole == pytest.approx(parts, abs=1e-5)
    assert np.array_equal(mended, also)


def test_against_scipy(tmp_path: Path) -> None:
    """Between the middles of cells, bilinear and nearest, against scipy's interpolator."""
    random = np.random.default_rng(2)
    values = random.uniform(0, 80, (120, 120)).astype(np.float32)
    path = raster(tmp_path, lambda e, n: values + 0 * e + 0 * n)
    easting, northing = (
        EAST + random.uniform(-90, 1090, 500),
        NORTH + random.uniform(-590, 590, 500),
    )
    row, column = (NORTH + 600 - northing) / 10 - 0.5, (easting - EAST + 100) / 10 - 0.5
    for interpolation, method in (("bilinear", "linear"), ("nearest", "nearest")):
        grid = RegularGridInterpolator(
            (np.arange(120), np.arange(120)), values.astype(float), method=method
        )
        found, _ = read_heights(path).at(
            easting, northing, pyproj.CRS(CRS), interpolation=interpolation
        )
        assert found == pytest.approx(grid(np.column_stack([row, column])), abs=1e-4)


def test_noise_of_cells(tmp_path: Path) -> None:
    """What SRTM's noise of 1.55 m costs on level ground: about 3 %, after one pass under 1 %."""
    random = np.random.default_rng(3)
    noise = np.rint(20 + random.normal(0, 1.55, (60, 60)))
    path = raster(tmp_path, lambda e, n: noise + 0 * e + 0 * n, cell_m=90, side=60, east=EAST - 500)
    lines = [((0, 90.0 * k - 2000), (4000, 90.0 * k - 1800)) for k in range(40)]
    nodes = {
        f"{end}{k}": spot
        for k, line in enumerate(lines)
        for end, spot in zip("ab", line, strict=True)
    }
    rows = [edge(f"a{k}", f"b{k}") for k in range(40)]
    network = town(place(**nodes), rows, crs=CRS)
    costs = []
    for smoothing in (0, 1):
        found = with_heights(network, read_heights(path), smoothing=smoothing)
        ratio = edge_minutes(found, TOBLER).forward / edge_minutes(network, TOBLER).forward
        costs.append(float(ratio.mean()) - 1)
    assert costs[0] == pytest.approx(0.03, abs=0.01)
    assert 0 < costs[1] < 0.01


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_archive_is_refused_and_nothing_else(tmp_path: Path, packing: int) -> None:
    side, file = 100, tmp_path / "N34E108.hgt.zip"
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("N34E108.hgt", np.arange(side * side, dtype=">i2").tobytes())
    whole = file.read_bytes()
    assert rasters._hgt_heights(file).shape == (side, side)
    generator = np.random.default_rng(20_260_401)
    refused = 0
    for trial in range(120):
        damaged = bytearray(whole[: generator.integers(len(whole))] if trial % 6 == 0 else whole)
        begin = 0 if trial % 2 else max(0, len(damaged) - 130)
        for place in generator.integers(begin, len(damaged), 4) if len(damaged) else ():
            damaged[place] = generator.integers(256)
        file.write_bytes(damaged)
        try:
            rasters._hgt_heights(file)
        except InputFileError:
            refused += 1
    assert refused > 60


def test_every_bad_file_at_once(tmp_path: Path) -> None:
    good = raster(tmp_path, lambda e, n: 0 * e + 0 * n, name="good.tif")
    no_tif, no_end = tmp_path / "no.tif", tmp_path / "heights.asc"
    no_tif.write_bytes(b"hello")
    no_end.write_text("ncols 3")
    misnamed, short = tmp_path / "tile.hgt", tmp_path / "N43E007.hgt"
    misnamed.write_bytes(bytes(2 * 1201 * 1201))
    short.write_bytes(bytes(1000))
    packed = tmp_path / "N01E001.hgt.zip"
    packed.write_bytes(b"PK no zip")
    empty = tmp_path / "N01E002.hgt.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    many = tmp_path / "many.tif"
    shape = {"driver": "GTiff", "height": 2, "width": 2, "dtype": "int16"}
    with rasterio.open(
        many, "w", count=3, crs=CRS, transform=rasterio.Affine(1, 0, 5, 0, -1, 5), **shape
    ) as file:
        file.write(np.zeros((3, 2, 2), dtype=np.int16))
    placeless = raster(tmp_path, lambda e, n: 0 * e + 0 * n, name="placeless.tif", crs=None)
    wrong = {
        tmp_path / "gone.tif": "heights.file_missing",
        no_tif: "heights.unreadable",
        no_end: "heights.suffix_unknown",
        misnamed: "heights.hgt_name",
        short: "heights.hgt_size",
        packed: "heights.unreadable",
        empty: "heights.unreadable",
        many: "heights.many_bands",
        placeless: "heights.without_crs",
    }
    with pytest.raises(InputFileError) as caught:
        read_heights([good, *wrong])
    assert [one.key for one in caught.value.problems] == list(wrong.values())
    for path, problem in zip(wrong, caught.value.problems, strict=True):
        for language in ("zh", "en"):
            assert path.name in problem.text(language)
    with pytest.raises(InputFileError):
        read_heights([])


def test_a_truncated_tif(tmp_path: Path) -> None:
    path = raster(tmp_path, lambda e, n: e + n)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(InputFileError) as caught:
        with_heights(street(), read_heights(path))
    assert [one.key for one in caught.value.problems] == ["heights.unreadable"]


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    heights = read_heights(raster(tmp_path, lambda e, n: 0 * e + 0 * n))
    drawing = town({"A": (0, 0), "B": (9, 0)}, [edge("A", "B")])
    with pytest.raises(StreetsError) as caught:
        with_heights(drawing, heights)
    assert caught.value.message.key == "heights.network_without_crs"
    for wrong in ({"interpolation": "cubic"}, {"smoothing": -1}, {"smoothing": 99}):
        with pytest.raises(ValueError, match="smoothing"):
            with_heights(street(), heights, **wrong)


def test_saved_with_heights(tmp_path: Path) -> None:
    found = with_heights(street(), read_heights(raster(tmp_path, lambda e, n: 0.1 * e + 0 * n)))
    save_network(found, tmp_path / "town.npz", key="k")
    again = load_network(tmp_path / "town.npz", key="k")
    assert profile(again) == profile(found)
    assert again.notes["heights"] == found.notes["heights"]


def test_hgt_squares(tmp_path: Path) -> None:
    """South and west of zero, fine and coarse: corner cells stand on whole degrees."""
    for side, name in ((1201, "S04W063.hgt"), (3601, "S04W062.hgt")):
        square = np.zeros((side, side), dtype=">i2")
        square[0, 0], square[-1, 0], square[0, 1] = 40, 70, -32768
        (tmp_path / name).write_bytes(square.tobytes())
    heights = read_heights([tmp_path / "S04W063.hgt", tmp_path / "S04W062.hgt"])
    degrees = pyproj.CRS("EPSG:4326")
    assert [one.rows for one in heights.rasters] == [3601, 1201]
    for west in (-63.0, -62.0):
        corners = np.array([west, west, west + 0.5]), np.array([-3.0, -4.0, -3.5])
        found, _ = heights.at(*corners, degrees)
        expected = [0.0 if west == -62.0 else 40.0, 70.0, 0.0]
        assert found[1:] == pytest.approx(expected[1:])
        assert found[0] > 0


def test_importing_loads_no_gdal() -> None:
    """Whoever has no heights never waits for the library that reads them."""
    code = "import planner.streets, sys; sys.exit('rasterio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@cache
def monaco() -> WalkingNetwork:
    """Return the ways as lines, open to everybody: other routers cross no area."""
    rules = replace(foot_rules().with_estates_open(), areas=())
    return read_streets(shared_data("networks/monaco.osm.gz"), rules=rules)


def foot_routes() -> list[dict[str, Any]]:
    truth = json.loads(shared_data("truth/monaco_foot_routes.json").read_text(encoding="utf-8"))
    routes: list[dict[str, Any]] = truth["comparable_to_plain_shortest_distance"]["routes"]
    return routes


def route_of(network: WalkingNetwork, one: dict[str, Any]) -> Any:
    doors = [points({name: tuple(one[name][::-1])}, crs="EPSG:4326") for name in ("from", "to")]
    return route(network, doors[0], doors[1], speed_m_s=1.0)


@pytest.mark.parametrize("number", range(4))
def test_monaco_with_srtm(number: int) -> None:
    """GraphHopper's lengths on the slope, within 3 %, by the heights of the nearest cells.

    Between cells (the default) the same streets are 2 to 7 % shorter on the slope: GraphHopper
    takes the nearest cell's height at every point of a way, without smoothing, so that all the
    difference between two cells of 79 m is climbed within a step of some metres.
    """
    one = foot_routes()[number]
    heights = read_heights(shared_data(SRTM))
    nearest = with_heights(monaco(), heights, interpolation="nearest")
    found = route_of(nearest, one)
    assert found.surface_m == pytest.approx(one["with_SRTM_elevation_m"], rel=0.03)
    between = route_of(with_heights(monaco(), heights), one)
    assert found.pieces["metres"].sum() < between.surface_m < found.surface_m
    assert between.surface_m == pytest.approx(one["with_SRTM_elevation_m"], rel=0.07)


def test_monaco_as_graphhopper_does() -> None:
    """The rest, told apart: its own way of taking heights gives its lengths to 1.5 %.

    Heights at the way's own points, from the cell ``floor(1201 (lon - 7))`` (which is off by up to
    half a cell), bridges and tunnels straight, lengths by Pythagoras.
    """
    path = shared_data(SRTM)
    with zipfile.ZipFile(path) as archive:
        square = np.frombuffer(archive.read("N43E007.hgt"), dtype=">i2").reshape(1201, 1201)
    network = monaco()
    to_degrees = pyproj.Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)
    straight = with_heights(network, read_heights(path), interpolation="nearest")
    for one in foot_routes():
        total = 0.0
        found = route_of(straight, one)
        for row in found.pieces.itertuples():
            if network.segment_off_ground[row.segment]:
                total += row.surface_m
                continue
            line = np.array(row.geometry.coords)
            longitude, latitude = to_degrees.transform(*line.T)
            column = np.minimum((1201 * (longitude - 7)).astype(int), 1200)
            down = np.maximum(1200 - (1201 * (latitude - 43)).astype(int), 0)
            rise = np.diff(square[down, column].astype(float))
            total += np.hypot(np.hypot(*np.diff(line, axis=0).T), rise).sum()
        assert total == pytest.approx(one["with_SRTM_elevation_m"], rel=0.015)


def test_monaco_uphill_is_longer() -> None:
    """From the harbour up to the Exotic Garden an elder takes longer than home."""
    network = with_heights(monaco(), read_heights(shared_data(SRTM)))
    doors = points({"harbour": (7.4219, 43.7353), "garden": (7.4137, 43.7318)}, crs="EPSG:4326")
    up = route(network, doors.loc[["harbour"]], doors.loc[["garden"]])
    down = route(network, doors.loc[["garden"]], doors.loc[["harbour"]])
    check(network, up, doors.loc[["harbour"]], doors.loc[["garden"]])
    assert up.walk_minutes > 1.05 * down.walk_minutes
    assert (up.climb_m or 0) > (up.fall_m or 0) + 50
    assert network.notes["heights"]["missing_m"] == 0
    assert len(stretches_of(network).segment) > network.segment_count


def test_monaco_heights_are_not_helsinkis() -> None:
    network = read_streets(shared_data("networks/helsinki.osm.pbf"))
    with pytest.raises(StreetsError) as caught:
        with_heights(network, read_heights(shared_data(SRTM)))
    assert caught.value.message.fields["share"] == pytest.approx(1.0)
    assert "N43E007.hgt.zip" in caught.value.text("zh")


def test_our_hgt_is_gdals() -> None:
    """Places in all of the square, against GDAL's own reading of the file."""
    path = shared_data(SRTM)
    random = np.random.default_rng(6)
    longitude, latitude = random.uniform(7.3, 7.9, 500), random.uniform(43.7, 43.99, 500)
    found, _ = read_heights(path).at(
        longitude, latitude, pyproj.CRS("EPSG:4326"), interpolation="nearest"
    )
    with rasterio.open(f"/vsizip/{path}/N43E007.hgt") as file:
        theirs = [float(one[0]) for one in file.sample(zip(longitude, latitude, strict=True))]
    kept = np.array(theirs) > -1000
    assert kept.mean() > 0.5
    assert found[kept] == pytest.approx(np.array(theirs)[kept])
