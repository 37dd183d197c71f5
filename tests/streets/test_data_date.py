"""As of which day street data is: only what the files say."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path
from typing import Any

import osmium
import pytest

from planner.streets import read_streets
from planner.streets.sources.data_date import day_of
from tests.shared_data import shared_data
from tests.streets.test_osm import WALK, osm_text

TOWN = osm_text([(1, 0, 0), (2, 1, 0)], [([1, 2], WALK)])
META = '<meta osm_base="2024-03-01T23:59:02Z"/>'


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2024-05-17T20:21:22Z", "2024-05-17"),
        ("2023-05-25 21:45:25", "2023-05-25"),
        (" 2023-05-25", "2023-05-25"),
        ("2023-05-250", ""),
        ("2023-13-01", ""),
        ("25.05.2023", ""),
        ("", ""),
        (None, ""),
        (20230525, ""),
    ],
)
def test_days(stamp: Any, day: str) -> None:
    assert day_of(stamp) == day


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
@pytest.mark.parametrize("told", [True, False])
def test_overpass_answers(tmp_path: Path, ending: str, told: bool) -> None:
    text = TOWN.replace("<node", META + "<node", 1) if told else TOWN
    file = tmp_path / f"town{ending}"
    unpacked = text.encode()
    packed = {".gz": gzip.compress(unpacked), ".bz2": bz2.compress(unpacked)}
    file.write_bytes(packed.get(file.suffix, unpacked))
    assert read_streets(file).notes.get("data_date") == ("2024-03-01" if told else None)


def test_headers_of_packed_files(tmp_path: Path) -> None:
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2024-05-17T20:21:22Z")
    (tmp_path / "t.osm").write_text(TOWN, encoding="utf-8")
    with osmium.SimpleWriter(str(tmp_path / "t.osm.pbf"), header=header) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "t.osm")):
            writer.add(thing)
    assert read_streets(tmp_path / "t.osm.pbf").notes["data_date"] == "2024-05-17"


def test_real_files() -> None:
    porto = shared_data("networks/andorra.osm.pbf")
    assert read_streets(porto).notes["data_date"] == "2013-05-28"
