"""On the sample: what the list says is cured is cured, counted again by hand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import planner
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.surroundings import Surroundings
from tests.standards.remedy_check import not_cured

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"

Seen = tuple[Remedies, Judgement, Surroundings, Path]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Run the sample once; return what its remedies were found from."""
    caught: list[Any] = []

    def watched(judgement: Judgement, around: Surroundings) -> Remedies:
        found = find_remedies(judgement, around)
        caught.append((found, judgement, around))
        return found

    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.workflow.remedies.find_remedies", watched)
        planner.run(SAMPLE, out=folder)
    return (*caught[0], folder)


def test_what_is_said_to_be_cured_is_cured(seen: Seen) -> None:
    found, judgement, around, _ = seen
    assert not_cured(found, judgement, around) == []


def test_the_check_can_fail(seen: Seen) -> None:
    found, judgement, around, _ = seen
    less = found.measures.assign(m2=found.measures["m2"] * 0.9)
    worse = Remedies(found.defects, found.cures, less, found.tasks)
    assert not_cured(worse, judgement, around)


def test_a_page_a_centre_and_no_more(seen: Seen) -> None:
    found, *_, folder = seen
    book = openpyxl.load_workbook(folder / "workbook.xlsx")
    page = book["一户一档"]
    starts = [one.id for one in page.row_breaks.brk] + [page.max_row]
    listed = found.defects[~found.defects["optional"]]
    assert len(starts) - 1 == listed["centre"].nunique()
    # A4 upright at 75 %: 11.69 in less 0.6 and 0.8 of margins.
    holds = (11.69 - 1.4) * 72 / 0.75
    for before, last in pairwise(starts):
        heights = [page.row_dimensions[row].height or 16.5 for row in range(before + 1, last + 1)]
        assert sum(heights) <= holds
    told = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
    assert not [one for one in told if "。；" in one]
