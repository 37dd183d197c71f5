"""The files: which there are, the same bytes twice, what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from planner.errors import OutputFileError
from planner.outputs.content import PlanContent
from planner.outputs.printed.printed_maps import (
    FORMATS,
    SHEETS,
    printed_map,
    write_printed_maps,
)
from tests.outputs.printed.drawn import town

LOOK: Any = {"formats": FORMATS, "paper": "A4", "dpi": 40}


def _small() -> PlanContent:
    """Return the town with one sub-district and few streets."""
    content = town()
    return town(communities=content.communities.iloc[:4], streets=content.streets.iloc[:5])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_printed_maps(_small(), tmp_path_factory.mktemp("printed"), **LOOK)


def test_a_file_a_sheet_and_one_of_all_sub_districts(written: list[Path]) -> None:
    names = [file.name for file in written]
    assert names[:15] == [f"map_{sheet}.{form}" for sheet in SHEETS for form in FORMATS]
    assert names[15:] == [
        "map_streets.pdf", "map_streets_001.png", "map_streets_001.svg", "map_streets_002.png",
        "map_streets_002.svg",
    ]  # fmt: skip
    pages = re.findall(rb"/Type /Page\b(?!s)", written[15].read_bytes())
    assert len(pages) == 2


def test_the_same_content_gives_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    again = write_printed_maps(_small(), tmp_path, **LOOK)
    assert len(again) == 20
    for one, other in zip(again, written, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert b"CreationDate" not in written[0].read_bytes()


def test_unknown_wishes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="A5"):
        printed_map(town(), "coverage", paper="A5")
    with pytest.raises(OutputFileError, match="coverage"):
        printed_map(town(), "street/无")
    with pytest.raises(OutputFileError, match="bmp"):
        write_printed_maps(town(), tmp_path / "none", formats=("bmp",))
    assert not (tmp_path / "none").exists()
