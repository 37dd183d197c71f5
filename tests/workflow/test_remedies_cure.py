"""On the sample: what the list says is cured is cured, counted again by hand."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.measures import Remedies
from planner.standards.remedies.surroundings import Surroundings
from tests.standards.remedy_check import not_cured
from tests.workflow.sample_run import SampleRun

Seen = tuple[Remedies, Judgement, Surroundings, Path]


@pytest.fixture(scope="module")
def seen(sample_run: SampleRun) -> Seen:
    """Return the remedies of the sample's run, what they were found from, and its folder."""
    return (*sample_run.remedies, sample_run.result.folder)


def test_what_is_said_to_be_cured_is_cured(seen: Seen) -> None:
    found, judgement, around, _ = seen
    assert not_cured(found, judgement, around) == []


def test_the_check_can_fail(seen: Seen) -> None:
    found, judgement, around, _ = seen
    less = found.measures.assign(m2=found.measures["m2"] * 0.9)
    worse = Remedies(found.defects, found.cures, less, found.tasks)
    assert not_cured(worse, judgement, around)


def test_list_pages_and_summary_tell_one_sum(seen: Seen) -> None:
    *_, folder = seen
    book = openpyxl.load_workbook(folder / "workbook.xlsx", read_only=True)
    rows = list(book["整改清单"].iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if row[0] == "缺陷编号")
    heads = {name: place for place, name in enumerate(rows[top]) if name}
    cost, metres = (
        sum(float(row[heads[name]] or 0.0) for row in rows[top + 1 :])
        for name in ("费用(元)", "面积(m²)")
    )
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["remedies"]
    assert cost == pytest.approx(told["cost_known_yuan"], abs=1.0)
    # Each measure to a tenth of a square metre; use area is no part of it.
    building = sum(one["m2"] for kind, one in told["measures"].items() if kind != "change_use")
    assert metres == pytest.approx(building, abs=0.05 * len(rows))
    pages = 0.0
    for row in book["一户一档"].iter_rows(values_only=True):
        cells = [*row, *[None] * 6][:6]
        if isinstance(cells[0], int) and "级 · " in str(cells[5]):
            pages += float(cells[4]) if isinstance(cells[4], (int, float)) else 0.0
    assert pages == pytest.approx(cost, abs=1.0)


def test_one_measure_is_equally_sure_on_every_sheet(seen: Seen) -> None:
    found, *_ = seen
    chosen = found.cures[found.cures["chosen"] & ~found.cures["optional"].astype(bool)]
    by: dict[tuple[str, str, str | None], set[tuple[str, str]]] = {}
    for row in chosen.to_dict("records"):
        if row["kind"] in ("take_over_rooms", "enlarge", "add_centre", "move"):
            key = (row["borne_by"], row["kind"], row["partner"])
            by.setdefault(key, set()).add((row["certainty"], row["reason"]))
    assert by
    assert all(len(told) == 1 for told in by.values())


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
