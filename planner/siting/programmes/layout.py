"""Where the columns and rows of the programme's model stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solver import IntArray


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the columns stand.

    Parameters
    ----------
    measures, rows, sites, groups, years
        Numbers of each.
    row_of
        Shape (arcs,): row of persons of each arc.
    scale
        Power of two by which persons are multiplied before they go to the solver.
    """

    measures: int
    rows: int
    sites: int
    groups: int
    years: int
    row_of: IntArray
    scale: float

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.row_of)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return (self.measures + self.arcs + self.groups) * self.years

    def done(self, year: int) -> IntArray:
        """Return the columns ``x`` of a year."""
        return year * self.measures + np.arange(self.measures)

    def persons(self, year: int) -> IntArray:
        """Return the columns ``y`` of a year."""
        return self.years * self.measures + year * self.arcs + np.arange(self.arcs)

    def short(self, year: int) -> IntArray:
        """Return the columns ``s`` of a year."""
        first = self.years * (self.measures + self.arcs)
        return first + year * self.groups + np.arange(self.groups)

    def asked(self, year: int) -> IntArray:
        """Return the rows of the model that hold the persons who ask in a year."""
        return year * (self.rows + self.sites) + np.arange(self.rows)

    def places(self, year: int) -> IntArray:
        """Return the rows of the model that hold the places in a year."""
        return year * (self.rows + self.sites) + self.rows + np.arange(self.sites)
