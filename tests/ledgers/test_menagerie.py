"""Every ledger of the menagerie says just what is to be found in it, and loses no row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.errors import PlannerError
from planner.labels import LANGUAGES
from planner.ledgers import LedgerSource, finding_text, read_ledger
from tests.ledgers.cases_cells import CELLS
from tests.ledgers.cases_files import FILES
from tests.ledgers.cases_pages import PAGES
from tests.ledgers.menagerie import Case

CASES = [*PAGES, *CELLS, *FILES]

LEAST_CASES = 60


def test_there_are_many() -> None:
    assert len(CASES) >= LEAST_CASES
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_all_that_is_found(case: Case, tmp_path: Path) -> None:
    source = LedgerSource(case.write(tmp_path), **({"datum": "wgs84"} | case.reading))
    expected = sorted(filter(None, case.told.split("; ")))
    if case.error:
        with pytest.raises(PlannerError) as caught:
            read_ledger(case.table, source)
        assert caught.value.message.key.removeprefix("ledgers.") == case.error
        listed = sorted(one.key.removeprefix("ledgers.") for one in caught.value.problems)
        assert listed == expected
        return
    ledger = read_ledger(case.table, source)
    found = ledger.findings[ledger.findings["key"] != "ledgers.encoding_found"]
    rows = found["row"].fillna(0).astype(int)
    told = sorted(
        f"{row} {key.removeprefix('ledgers.')}" for row, key in zip(rows, found["key"], strict=True)
    )
    assert told == expected
    assert sorted(ledger.table.index) == sorted(case.used)
    assert ledger.set_aside["row"].to_list() == list(case.aside)
    assert ledger.rows_read == len(ledger.table) + len(ledger.set_aside)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_found_reads_well(language: str, tmp_path: Path) -> None:
    """No text fails for a missing field, and none carries what identifies persons."""
    for place, case in enumerate(CASES):
        if case.error:
            continue
        folder = tmp_path / str(place)
        folder.mkdir()
        source = LedgerSource(case.write(folder), **({"datum": "wgs84"} | case.reading))
        ledger = read_ledger(case.table, source)
        for _, row in pd.concat([ledger.findings, ledger.set_aside]).iterrows():
            text = finding_text(row, language)  # type: ignore[arg-type]
            assert "张某某" not in text
            assert "13900000000" not in text
