"""What a project's check and run say of datums, addresses and approximate places."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.errors import InputFileError
from planner.workflow.run import RunResult
from tests.workflow.town import degrees, write_town

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return a copy of the sample whose settings may be changed."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample"))


def offsets(ledgers: Any) -> dict[str, str]:
    found = ledgers.findings
    told = found[found["key"].str.startswith("datum.offset_")]
    return dict(zip(told["file"], told["key"], strict=True))


def test_a_datum_declared_rightly_is_not_told_of(sample: Path) -> None:
    ledgers = planner.check(sample)
    assert offsets(ledgers) == {}
    assert [one.key for one in ledgers.notices if one.key.startswith("datum.")] == []


def test_a_datum_declared_wrongly_is_told_by_the_check(sample: Path) -> None:
    settings = sample / "project.toml"
    text = settings.read_text(encoding="utf-8")
    assert text.count('datum = "gcj02"') == 3
    settings.write_text(text.replace('datum = "gcj02"', 'datum = "wgs84"'), encoding="utf-8")
    ledgers = planner.check(sample)
    # Fifteen estates are too few to tell; the residents are as declared.
    assert offsets(ledgers) == {
        "centres.csv": "datum.offset_gcj02",
        "candidates.xlsx": "datum.offset_gcj02",
    }
    told = next(one for one in ledgers.notices if one.key == "datum.offset_gcj02")
    assert "460 米" in told.text("zh")
    assert "[centres] datum" in told.text("zh")
    row = ledgers.findings.set_index("key").loc["datum.offset_gcj02"].iloc[0]
    assert row["severity"] == "doubt"


ADDRESSED = """编号,名称,设施类型,运营状态,所在社区,地址,经度,纬度,建筑面积
C1,甲日间照料中心,日间照料,运营,甲社区,,{0},{1},700
C4,无坐标日间照料中心,日间照料,运营,丙社区,东街１２号,,,400
C5,社区里的日间照料中心,日间照料,运营,乙社区,,,,400
"""


def town(folder: Path, settings: str = "", accept: bool = False) -> Path:
    accepted = "[centres]\naccept_approximate = true" if accept else "[centres]"
    write_town(folder, **{"[centres]": accepted})
    place = degrees(0, 10)
    (folder / "centres.csv").write_text(ADDRESSED.format(*place), encoding="utf-8")
    east, north = degrees(2000, 10)
    (folder / "addresses.csv").write_text(
        f"地址,经度,纬度\n东街12号,{east},{north}\n", encoding="utf-8"
    )
    file = folder / "project.toml"
    file.write_text(file.read_text(encoding="utf-8") + settings, encoding="utf-8")
    return folder


ADDRESSES = '\n[addresses]\nfile = "addresses.csv"\ndatum = "cgcs2000"\n'


@pytest.fixture(scope="module")
def unplaced(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Return the run in which the centres that have an address only are not placed by it."""
    return planner.run(town(tmp_path_factory.mktemp("unplaced") / "town"))


def covered(folder: Path) -> float:
    return float(planner.run(folder).summary["elderly_60"]["covered"])


def test_addresses_place_centres(unplaced: RunResult, tmp_path: Path) -> None:
    # Without: C1 alone, R1 and R2. With: C4 at 2,000 m, 20 elders there (R5) and R4 at 620 m.
    assert unplaced.summary["elderly_60"]["covered"] == 70
    assert covered(town(tmp_path / "with", ADDRESSES)) == 70 + 20 + 50
    ledgers = planner.check(tmp_path / "with")
    assert ledgers.centres.table["position"].to_list() == ["given", "given", "approximate"]
    assert "datum.placed_by_address" in set(ledgers.findings["key"])


def test_approximate_places_count_once_accepted(unplaced: RunResult, tmp_path: Path) -> None:
    assert unplaced.summary["elderly_60"]["covered"] == 70
    accepted = planner.run(town(tmp_path / "accepted", accept=True))
    assert accepted.summary["elderly_60"]["covered"] > 70
    told = [one for one in accepted.findings.notices if one.key == "datum.accepted_notice"]
    assert [one.fields["centres"] for one in told] == [2]
    # Marked so, and audited either way.
    assert set(accepted.findings.ledgers.centres.table["position"]) == {"given", "accepted"}
    for one in (unplaced, accepted):
        assert len(one.audit.centres) == 3


def test_a_missing_address_table_is_listed(tmp_path: Path) -> None:
    folder = town(tmp_path, ADDRESSES)
    (folder / "addresses.csv").unlink()
    with pytest.raises(InputFileError) as caught:
        planner.check(folder)
    assert [one.fields["section"] for one in caught.value.problems] == ["addresses"]
