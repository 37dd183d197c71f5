"""What a project may say of its streets and its walker, solved by hand in the one-street town."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely.geometry import LineString

import planner
from planner.errors import InputFileError, PlannerError, ScenarioError, StreetsError
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.run import STEPS, find_out
from tests.workflow.town import degrees, write_town

WALKING = "[walking]\n"


def covered(folder: Path) -> dict[str, Any]:
    """Return a project's summary, without the workbook and the map that nobody looks at here."""
    return dict(find_out(planner.read_project(folder), Clock(STEPS, silent)).summary)


def town_with(folder: Path, *, streets: str = "", walking: str = "") -> Path:
    """Write the town with more lines in two sections of its settings."""
    told = {'file = "streets.osm"\n': f'file = "streets.osm"\n{streets}\n'}
    if walking:
        told['[communities]\nfile = "communities.geojson"'] = (
            f'{WALKING}{walking}\n[communities]\nfile = "communities.geojson"'
        )
    return write_town(folder, **told)


@pytest.mark.parametrize(
    ("walking", "elders", "speed_m_s"),
    [
        ("", 70, 0.83),
        ('walker = "gb50180"', 95, 10 / 9),  # 1,000 m: R3's 920 m too
        ("speed_m_s = 0.75", 40, 0.75),  # 675 m: no longer R2's 720 m
        ('walker = "wheelchair"\nspeed_m_s = 0.83', 70, 0.83),
    ],
)
def test_walkers(tmp_path: Path, walking: str, elders: int, speed_m_s: float) -> None:
    summary = covered(town_with(tmp_path / "town", walking=walking))
    assert summary["elderly_60"]["covered"] == elders
    assert summary["speed_m_s"] == pytest.approx(speed_m_s)


def test_an_own_walker_is_told_setting_by_setting(tmp_path: Path) -> None:
    folder = town_with(
        tmp_path / "town", walking='walker = "elder_85"\nsteps_refused = true\nsignal_s = 40'
    )
    result = planner.run(folder, tmp_path / "out")
    assert result.summary["walker"] == {
        "profile": "elder_85",
        "slope": "tobler",
        "steps_factor": 2.5,
        "steps_refused": True,
        "signal_s": 40.0,
        "crossing_s": 15.0,
    }
    assert "不走台阶" in result.content.about.walker
    assert "无高程数据" in result.content.about.walker


def hill(path: Path, rise: float) -> None:
    """Write heights that rise by a slope towards the west, where the centre stands."""
    west, south = degrees(-1000, -1000)
    east, north = degrees(4000, 3000)
    cells = 200
    steps = (east - west) / cells, (north - south) / cells
    transform = rasterio.Affine(steps[0], 0, west, 0, -steps[1], north)
    metres = np.linspace(0.0, 5000.0, cells, endpoint=False) + 2500.0 / cells
    heights = np.repeat((500.0 - rise * metres)[None, :], cells, axis=0).astype(np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=cells, height=cells, count=1, dtype="float32",
        crs="EPSG:4490", transform=transform,
    ) as file:  # fmt: skip
        file.write(heights, 1)


@pytest.mark.parametrize(("rise", "elders"), [(0.0, 70), (0.1, 40), (-0.1, 70)])
def test_a_hill_on_the_way(tmp_path: Path, rise: float, elders: int) -> None:
    """10 % up makes R2's 720 m 20 minutes; down is no faster than the flat."""
    folder = town_with(tmp_path / "town", streets='heights = ["hill.tif"]')
    hill(folder / "hill.tif", rise)
    result = planner.run(folder, tmp_path / "out")
    assert result.summary["elderly_60"]["covered"] == elders
    assert "Tobler" in result.content.about.walker


def test_a_wall_before_a_door(tmp_path: Path) -> None:
    """R1's wall runs 100 m each way: past its tip the leg is 200.2 m, over the limit."""
    folder = town_with(tmp_path / "town", streets='barriers = "wall.geojson"')
    wall = LineString([degrees(100, 5), degrees(300, 5)])
    gpd.GeoDataFrame(geometry=[wall], crs="EPSG:4326").to_file(folder / "wall.geojson")
    result = planner.run(folder, tmp_path / "out")
    assert result.summary["elderly_60"]["covered"] == 30
    assert result.summary["residents"]["elderly_60"]["not_joined"] == 47  # R1 and R8
    told = [one.text("zh") for one in result.findings.notices]
    assert any("1 处（60 岁以上 40 人）附近有道路，但都隔着围墙" in one for one in told)


def test_own_rules(tmp_path: Path) -> None:
    folder = town_with(tmp_path / "town", streets='rules = "rules.toml"')
    rule = '[[rule]]\nname = "streets"\ntags = { highway = ["residential"] }\nverdict = '
    rules = folder / "rules.toml"
    slow = '\n[[slower]]\nname = "cobbles"\ntags = { highway = ["residential"] }\nfactor = 2.0\n'
    rules.write_text(f'{rule}"allowed"{slow}', encoding="utf-8")
    assert covered(folder)["elderly_60"]["covered"] == 40
    rules.write_text(f'{rule}"refused"', encoding="utf-8")
    with pytest.raises(StreetsError, match="没有一条允许步行的"):
        covered(folder)


def test_a_cache_changes_nothing(tmp_path: Path) -> None:
    folder = town_with(tmp_path / "town", streets='cache = ".cache"')
    first = covered(folder)
    kept = list((folder / ".cache").iterdir())
    assert len(kept) == 1
    assert covered(folder) == first
    assert list((folder / ".cache").iterdir()) == kept


def test_files_that_are_not_there_are_all_listed(tmp_path: Path) -> None:
    streets = 'rules = "r.toml"\nbarriers = "b.gpkg"\nheights = ["h.tif", "g.tif"]'
    with pytest.raises(InputFileError) as caught:
        planner.run(town_with(tmp_path / "town", streets=streets), tmp_path / "out")
    assert len(caught.value.problems) == 4
    assert "[streets] 的 heights" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"walking": 'walker = "nobody"'}, StreetsError),
        ({"walking": "speed_m_s = 0"}, ScenarioError),
        ({"walking": "speed_m_s = 5"}, ScenarioError),
        ({"walking": "steps_factor = 0.5"}, ScenarioError),
        ({"walking": 'slope = "steep"'}, ScenarioError),
        ({"streets": "heights = []"}, ScenarioError),
        ({"streets": "heights = [3]"}, ScenarioError),
        ({"streets": 'barriers = "../wall.gpkg"'}, ScenarioError),
        ({"streets": 'cache = "residents.csv"'}, ScenarioError),
    ],
)
def test_what_is_refused(
    tmp_path: Path, settings: dict[str, str], error: type[PlannerError]
) -> None:
    with pytest.raises(error):
        planner.run(town_with(tmp_path / "town", **settings), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "settings", [{"walking": 'walker = "nobody"'}, {"streets": 'rules = "r.toml"'}]
)
def test_check_judges_the_settings_too(tmp_path: Path, settings: dict[str, str]) -> None:
    folder = town_with(tmp_path / "town", **settings)
    (folder / "r.toml").write_text("rule = 3", encoding="utf-8")
    with pytest.raises(StreetsError):
        planner.check(folder)
