"""Four grades, 红橙黄蓝, of communities and gaps, with a pattern each for grey print.

The thresholds are the project's own: no standard gives any (慈溪 grades the risk of canteens by a
four-colour code, and says no figures). An output that shows a grade says by which thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner import units
from planner.errors import ScenarioError
from planner.labels import message

GRADES: Final = ("red", "orange", "yellow", "blue")
"""The worst first. Blue is the mildest: some are left out, but fewer than yellow asks for."""

PATTERNS: Final = {
    "red": "crosshatch",
    "orange": "diagonal",
    "yellow": "dots",
    "blue": "plain",
}
"""Pattern of each grade, so that it can be told in grey print and by the colour-blind."""

UNGRADED: Final = ""
"""Of a community in which nobody is left out, or no elders live."""

BOUNDS: Final = 3


@dataclass(frozen=True)
class GradeSettings:
    """``[grades]``: from which figures on a community or a gap is red, orange, yellow.

    Each is three falling numbers; a figure that equals a bound has reached it.

    Parameters
    ----------
    community_shares
        Share of a community's 60+ who are left out, 0 to 1.
    community_elders
        Persons of 60+ left out: share and number must *both* be reached, so that a hamlet of six
        elders is not red, nor a community of 6,000 for one in ten.
    gap_elders
        Persons of 60+ in a gap.

    Raises
    ------
    ScenarioError
        If one is not three falling numbers within bounds; all that are wrong are told.
    """

    community_shares: tuple[float, ...] = (0.75, 0.5, 0.25)
    community_elders: tuple[float, ...] = (200.0, 100.0, 50.0)
    gap_elders: tuple[float, ...] = (400.0, 200.0, 100.0)

    def __post_init__(self) -> None:
        """Refuse thresholds that are no ladder."""
        ladders = (
            ("community_shares", self.community_shares, 1.0),
            ("community_elders", self.community_elders, np.inf),
            ("gap_elders", self.gap_elders, np.inf),
        )
        problems = [
            message("gaps.grades_not_falling", name=name, values=list(values), most=most)
            for name, values, most in ladders
            if not _falls(values, most)
        ]
        if problems:
            raise ScenarioError(message("gaps.grades_refused"), problems)


def _falls(values: tuple[float, ...], most: float) -> bool:
    if len(values) != BOUNDS:
        return False
    steps = np.asarray(values, dtype=float)
    bounded = np.isfinite(steps).all() and steps[0] <= most and steps[-1] > 0
    return bool(bounded and (np.diff(steps) < 0).all())


def _reached(values: units.FloatArray, bounds: tuple[float, ...]) -> npt.NDArray[np.int64]:
    """Return for each value the place of the first bound that it reaches; 3 for none."""
    # Reached within a millionth: shares of sums must not hang on their last bits.
    below = values[:, None] < np.asarray(bounds)[None, :] - units.TOLERANCE_MINUTES
    steps: npt.NDArray[np.int64] = below.sum(axis=1, dtype=np.int64)
    return steps


def _named(steps: npt.NDArray[np.int64], graded: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    names = np.array(GRADES, dtype=object)[steps]
    return np.where(graded, names, UNGRADED)


def community_grades(areas: pd.DataFrame, settings: GradeSettings | None = None) -> pd.Series:
    """Grade communities by their elders (60+) left out.

    Parameters
    ----------
    areas
        What :func:`planner.coverage.areas.by_community` (or ``by_street``) returned:
        ``elderly_60`` and ``elderly_60_covered``.
    settings
        The thresholds; the package's own unless given.

    Returns
    -------
    Series
        ``grade`` by the index of ``areas``: one of :data:`GRADES`, or :data:`UNGRADED` where
        nobody is left out.
    """
    chosen = settings or GradeSettings()
    elders = areas["elderly_60"].to_numpy(dtype=float)
    lacking = elders - areas["elderly_60_covered"].to_numpy(dtype=float)
    shares = np.divide(lacking, elders, out=np.zeros(len(elders)), where=elders > 0)
    steps = np.maximum(
        _reached(shares, chosen.community_shares), _reached(lacking, chosen.community_elders)
    )
    # A difference of sums that should be nothing may be a hair above it.
    graded = lacking > units.TOLERANCE_MINUTES
    return pd.Series(_named(steps, graded), index=areas.index, name="grade", dtype=object)


def gap_grades(areas: pd.DataFrame, settings: GradeSettings | None = None) -> pd.Series:
    """Grade gaps by the elders (60+) in them.

    Parameters
    ----------
    areas
        Gaps with ``elderly_60``, as :class:`planner.coverage.gap_areas.GapAreas` has them.
    settings
        The thresholds; the package's own unless given.

    Returns
    -------
    Series
        ``grade`` by gap: one of :data:`GRADES`.
    """
    chosen = settings or GradeSettings()
    elders = areas["elderly_60"].to_numpy(dtype=float)
    steps = _reached(elders, chosen.gap_elders)
    return pd.Series(_named(steps, elders > 0), index=areas.index, name="grade", dtype=object)


def grade_totals(grades: pd.Series, elders: pd.Series) -> pd.DataFrame:
    """Return how many areas and elders have each grade.

    Parameters
    ----------
    grades
        Grades by area.
    elders
        Persons of 60+ left out by area.

    Returns
    -------
    DataFrame
        Index ``grade``, all of :data:`GRADES` in their order, then :data:`UNGRADED`: ``areas,
        elderly_60, pattern`` (empty for the last).
    """
    order = [*GRADES, UNGRADED]
    by_grade = elders.reindex(grades.index).sort_index().groupby(grades.sort_index())
    table = pd.DataFrame({"areas": by_grade.size(), "elderly_60": by_grade.sum()})
    table = table.reindex(order).fillna(0.0).astype({"areas": int, "elderly_60": float})
    patterns = [PATTERNS.get(grade, "") for grade in order]
    return table.assign(pattern=patterns).rename_axis("grade")
