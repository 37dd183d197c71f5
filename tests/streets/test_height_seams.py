"""Heights across the seams of tiles and the holes in them: no cliff, and the even slope kept."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio

from planner.streets.heights import cells, mosaics
from planner.streets.heights.heights import read_heights, with_heights
from tests.streets.drawn import edge, town
from tests.streets.test_heights import CRS, EAST, NORTH, Surface, place, profile, raster


def cut(path: Path, rows: tuple[int, ...], columns: tuple[int, ...]) -> list[Path]:
    """Cut a raster before some of its rows and columns; return the files of the pieces."""
    pieces = []
    with rasterio.open(path) as whole:
        edges = [(0, *rows, whole.height), (0, *columns, whole.width)]
        for top, bottom in pairwise(edges[0]):
            for left, right in pairwise(edges[1]):
                window = rasterio.windows.Window(left, top, right - left, bottom - top)
                shape = {"height": bottom - top, "width": right - left}
                where = {"transform": whole.transform @ rasterio.Affine.translation(left, top)}
                piece = path.with_name(f"{path.stem}_{top}_{left}.tif")
                with rasterio.open(piece, "w", **(whole.profile | shape | where)) as file:
                    file.write(whole.read(window=window))
                pieces.append(piece)
    return pieces


@pytest.mark.parametrize("smoothing", [0, 2])
@pytest.mark.parametrize("crs", [CRS, "EPSG:4326"])
def test_cut_rasters_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crs: str, smoothing: int
) -> None:
    """Cut anywhere, given in any order, holes and all: what the uncut raster gives."""
    random = np.random.default_rng(8)
    values = np.where(random.random((60, 60)) < 0.1, -9999.0, random.uniform(0, 50, (60, 60)))
    path = raster(tmp_path, lambda e, n: values + 0 * (e + n), side=60, cell_m=30)
    easting, northing = (
        EAST + random.uniform(-100, 1700, 900),
        NORTH + random.uniform(-9e2, 9e2, 900),
    )
    if crs != CRS:
        with rasterio.open(path, "r+") as file:
            file.crs, file.transform = crs, rasterio.Affine(1 / 3600, 0, 7.1, 0, -1 / 3600, 43.7)
        easting, northing = (
            7.1 + (easting - EAST + 100) / 108e3,
            43.7 + (northing - NORTH - 900) / 108e3,
        )
    places = (easting, northing, pyproj.CRS(crs))
    whole, mended = read_heights(path).at(*places, smoothing=smoothing)
    assert not np.isnan(whole).any()
    monkeypatch.setattr(mosaics, "MOST_OPEN", 2)
    for rows, columns in (((), (17,)), ((1,), ()), ((31,), (59,)), ((5, 6, 40), (2, 30, 33))):
        pieces = cut(path, rows, columns)
        random.shuffle(pieces)
        found, also = read_heights(pieces).at(*places, smoothing=smoothing)
        assert found == pytest.approx(whole, abs=1e-6)
        assert np.array_equal(mended, also)
        cell, _ = read_heights(path).at(*places, interpolation="nearest")
        assert np.array_equal(cell, read_heights(pieces).at(*places, interpolation="nearest")[0])


def test_no_cliff_at_a_cut(tmp_path: Path) -> None:
    """A street of 4 m over the seam of two tiles rises with the ground: 10 %."""
    path = raster(tmp_path, lambda e, n: 0.1 * e + 0 * n, cell_m=30, side=30)
    seam = 17 * 30 - 100
    network = town(place(A=(seam - 2, 0), B=(seam + 2, 0)), [edge("A", "B")], crs=CRS)
    for files in ([path], cut(path, (), (17,)), cut(path, (15,), (17,))):
        found = profile(with_heights(network, read_heights(files)))
        assert (found[1] - found[0]) / 4 == pytest.approx(0.1, abs=1e-5)


def test_tiles_that_leave_corners_out(tmp_path: Path) -> None:
    """Three quarters of a raster: level at the rim, nothing outside, no cliff anywhere."""
    path = raster(tmp_path, lambda e, n: 0.1 * e + 0.05 * n, cell_m=30, side=30)
    pieces = cut(path, (15,), (17,))[:3]
    corner = (EAST + 17 * 30 - 100, NORTH)
    away = np.linspace(-60, 60, 121)
    easting, northing = (one.ravel() for one in np.meshgrid(corner[0] + away, corner[1] + away))
    crs = pyproj.CRS(CRS)
    found, mended = read_heights(pieces).at(easting, northing, crs)
    outside = (easting > corner[0]) & (northing < corner[1])
    assert np.array_equal(np.isnan(found), outside)
    assert not mended.any()
    whole, _ = read_heights(path).at(easting, northing, crs)
    assert np.nanmax(np.abs(found - whole)) < 0.1 * 30
    for axis in (0, 1):
        assert np.nanmax(np.abs(np.diff(found.reshape(121, 121), axis=axis))) < 0.25


@pytest.mark.parametrize(
    ("shift_m", "exact"), [(0.0, True), (7.0, False), (-45.0, False), (-75.0, True)]
)
def test_tiles_on_other_grids(tmp_path: Path, shift_m: float, exact: bool) -> None:
    """Tiles whose rows do not meet, side by side, half a cell apart, overlapping: no cliff.

    The second stands 11 m to the north of the first's grid. Where they meet rim to rim, or overlap
    by two cells, an even slope is given back; else it is at most twice as steep over a cell.
    """
    surface: Surface = lambda e, n: 0.1 * e + 0 * n  # noqa: E731
    west = raster(tmp_path, surface, name="a.tif", cell_m=30, side=20)
    east = raster(tmp_path, surface, name="b.tif", cell_m=30, side=20, east=EAST + 500 + shift_m)
    with rasterio.open(east, "r+") as file:
        file.transform = rasterio.Affine.translation(0, 11) @ file.transform
    easting = EAST + np.arange(300.0, 700.0)
    easting = easting[(easting <= EAST + 500) | (easting >= EAST + 500 + shift_m)]
    found, _ = read_heights([east, west]).at(easting, np.full(len(easting), NORTH), pyproj.CRS(CRS))
    slope = np.diff(found) / np.diff(easting)
    assert slope == pytest.approx(0.1, abs=1e-4 if exact else 0.11)


def test_another_datum_is_no_cliff(tmp_path: Path) -> None:
    """A fine raster within a coarse one that says 6 m more: 6 m over its outermost cell."""
    fine = raster(tmp_path, lambda e, n: 0 * e + 0 * n, name="fine.tif", cell_m=10, side=40)
    wide: dict[str, Any] = {"cell_m": 90, "side": 20, "east": EAST - 900}
    coarse = raster(tmp_path, lambda e, n: 6 + 0 * e + 0 * n, name="coarse.tif", **wide)
    easting = EAST + np.arange(200.0, 400.0)
    crs = pyproj.CRS(CRS)
    found, _ = read_heights([coarse, fine]).at(easting, np.full(200, NORTH), crs)
    rise = np.diff(found)
    assert (found[0], found[-1]) == pytest.approx((0, 6))
    assert rise.max() == pytest.approx(0.6, abs=1e-6)
    assert np.all(np.flatnonzero(rise > 1e-9) >= 84)


def test_squares_that_share_a_column(tmp_path: Path) -> None:
    """Two .hgt side by side, both holding the column between: even across it, on both sides."""
    for west in (7, 8):
        columns = np.arange(1201) + 1200 * (west - 7)
        square = np.broadcast_to(columns, (1201, 1201)).astype(">i2")
        (tmp_path / f"N43E00{west}.hgt").write_bytes(square.tobytes())
    longitude = 8 + np.linspace(-3, 3, 61) / 1200
    places = longitude, np.full(61, 43.5), pyproj.CRS("EPSG:4326")
    found, _ = read_heights(tmp_path.glob("*.hgt")).at(*places)
    assert found == pytest.approx((longitude - 7) * 1200, abs=1e-6)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("long", [False, True])
def test_holes_on_a_slope(tmp_path: Path, size: int, long: bool) -> None:
    """Holes of up to six cells, and rivers as wide, in an even slope: the slope, nothing else."""
    plane: Surface = lambda e, n: 50 + 0.1 * e - 0.04 * n  # noqa: E731

    def surface(e: np.ndarray, n: np.ndarray) -> np.ndarray:
        beside = (np.abs(n) < 400) if long else (n > 0) & (n < 10 * size)
        hole = (e > 200) & (e < 200 + 10 * size) & beside
        return np.where(hole, -9999.0, plane(e, n))

    heights = read_heights(raster(tmp_path, surface))
    easting, northing = (
        one.ravel() for one in np.meshgrid(np.arange(150, 320, 3.0), np.arange(-40, 41, 4.0))
    )
    found, mended = heights.at(EAST + easting, NORTH + northing, pyproj.CRS(CRS))
    assert mended.any()
    assert found == pytest.approx(plane(easting, northing), abs=1e-4)


def test_holes_against_linear_algebra() -> None:
    """Random ground with holes of any shape: each filled cell the mean of those beside it."""
    random = np.random.default_rng(5)
    truth = random.uniform(0, 90, (30, 30))
    hole = random.random((30, 30)) < 0.4
    hole[10:16, 8:14] = True
    found = cells.filled(np.where(hole, np.nan, truth), np.ones((30, 30), dtype=bool))
    matrix, known = np.eye(900), np.where(hole, 0.0, truth).ravel()
    for row, column in np.argwhere(hole):
        around = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        around = [one for one in around if min(one) >= 0 and max(one) < 30]
        for down, right in around:
            matrix[30 * row + column, 30 * down + right] = -1 / len(around)
    wanted = np.linalg.solve(matrix, known).reshape(30, 30)
    assert found == pytest.approx(wanted, abs=1e-5)


def test_seven_cells_stay_open() -> None:
    """A hole of seven cells keeps its middle; what no tile holds is not filled at all."""
    values = np.full((21, 21), 5.0)
    values[7:14, 7:14] = np.nan
    held = np.ones((21, 21), dtype=bool)
    found = cells.filled(values, held)
    assert np.argwhere(np.isnan(found)).tolist() == [[10, 10]]
    assert found[~np.isnan(found)] == pytest.approx(5)
    held[7:14, 7:14] = False
    assert np.array_equal(cells.filled(values, held), values, equal_nan=True)
