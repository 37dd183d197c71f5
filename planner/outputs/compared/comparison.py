"""What a comparison of two runs hands to its outputs, and ``comparison.json``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from planner.coverage.comparing import Comparison
from planner.coverage.same_centres import SameCentres
from planner.labels import Language, Message
from planner.outputs.compared.baseline import Baseline
from planner.outputs.compared.comparison_grades import grades_record, nothing_judged_changed
from planner.outputs.summary import plain, write_summary
from planner.standards.provision.grade_changes import JudgedChanges

COMPARISON_FILE: Final = "comparison.json"
COMPARISON_BOOK: Final = "闭环复查.xlsx"

SAME_PERSONS: Final = 1e-3
"""Persons, who may be fractions, that rounding when a run is kept can change."""


@dataclass(frozen=True, eq=False)
class ComparisonContent:
    """A comparison with all that stands beside its figures.

    Parameters
    ----------
    language
        Language of the texts.
    before, after
        The two runs.
    names
        What they are called, before and after.
    comparison
        What changed.
    settings
        Both runs' settings side by side: ``heading, before, after, differs, loud``; index the
        setting.
    is_plan
        Whether the later run is the siting plan of the earlier.
    judged
        What became of grades and defects; None where a run kept none.
    same
        Which centres are the same, and by what; None where nothing beyond the comparison tells.
    notices
        What else is to be known of the siting plan.
    """

    language: Language
    before: Baseline
    after: Baseline
    names: tuple[str, str]
    comparison: Comparison
    settings: pd.DataFrame
    is_plan: bool = False
    judged: JudgedChanges | None = None
    same: SameCentres | None = None
    notices: tuple[Message, ...] = ()

    @property
    def nothing_changed(self) -> bool:
        """Whether neither a setting nor a figure, a gap or a centre differs."""
        found, table = self.comparison, self.comparison.coverage
        same = [
            (table[f"{name}_before"].fillna(-1.0) - table[f"{name}_after"].fillna(-1.0)).abs()
            for name in ("total", "covered")
        ]
        return bool(
            not self.settings["differs"].any()
            and nothing_judged_changed(self.judged)
            and pd.concat(same).max() < SAME_PERSONS
            and (found.gaps.table["change"] == "stays").all()
            and (found.gaps.table["elderly_60_change"].abs() < SAME_PERSONS).all()
            and (found.centres["change"] == "stays").all()
            and not (found.centres["elderly_60_change"].abs() >= SAME_PERSONS).any()
        )

    @property
    def title(self) -> str:
        """The later run's project."""
        return str(self.after.settings.get("project", ""))

    @property
    def synthetic(self) -> bool:
        """Whether either run's data are made up."""
        return any(bool(run.settings.get("synthetic")) for run in (self.before, self.after))


def comparison_record(content: ComparisonContent) -> dict[str, Any]:
    """Return the content of ``comparison.json``: figures by English keys, missing as null.

    Names of runs are those of their projects; no place on a disk is told.
    """
    comparison = content.comparison
    gaps, centres = comparison.gaps, comparison.centres
    few = {
        side: {
            "gaps": one.gaps,
            "gaps_elderly_60": one.gaps_elderly_60,
            "centres_elderly_60": one.centres_elderly_60,
        }
        for side, one in (("before", comparison.few_before), ("after", comparison.few_after))
    }
    differs = content.settings["differs"]
    return {
        "before": dict(content.before.settings),
        "after": dict(content.after.settings),
        "settings_that_differ": list(content.settings.index[differs]),
        "compared_row_by_row": comparison.by_rows,
        "gaps_matched_by": gaps.matched_by,
        "coverage": comparison.coverage.to_dict(orient="index"),
        "gaps": {
            "totals": gaps.totals.to_dict(orient="index"),
            "rows": _records(gaps.table),
        },
        "centres": _records(centres.reset_index()),
        "centres_known_by": None if content.same is None else content.same.counts,
        "ids_of_other_centres": [] if content.same is None else list(content.same.other),
        "centres_unclear": [] if content.same is None else list(content.same.unclear),
        **grades_record(content.judged),
        "too_few_to_list": few,
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    known = table.astype(object).where(table.notna(), None)
    return [plain(row) for row in known.to_dict(orient="records")]


def write_comparison(content: ComparisonContent, path: Path) -> None:
    """Write ``comparison.json``: the same runs make the same bytes."""
    write_summary(comparison_record(content), path)
