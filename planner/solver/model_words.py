"""Models as text: for reading, and for comparing in tests."""

from __future__ import annotations

import numpy as np

from planner.solver.models import IntArray, Model
from planner.units import FloatArray


def model_text(model: Model) -> str:
    """Return the model as LP text, for reading and for comparing in tests.

    Columns and rows without names are called ``c0, c1, …`` and ``r0, r1, …``.
    """
    lines = [model.sense, f"  objective: {_sum(model, model.cost, np.arange(len(model.cost)))}"]
    lines.append("subject to")
    for row in range(model.rows.count):
        part = slice(model.rows.starts[row], model.rows.starts[row + 1])
        total = _sum(model, model.rows.values[part], model.rows.columns[part])
        name = model.row_names[row] if model.row_names else f"r{row}"
        low, high = model.row_lower[row], model.row_upper[row]
        lines.append(f"  {name}: {_bounded(total, low, high)}")
    lines.append("bounds")
    for column in range(len(model.cost)):
        name = _column_name(model, column)
        whole = " whole" if model.integral[column] else ""
        lines.append(f"  {_bounded(name, model.lower[column], model.upper[column])}{whole}")
    return "\n".join(lines) + "\n"


def _column_name(model: Model, column: int) -> str:
    return model.column_names[column] if model.column_names else f"c{column}"


def _sum(model: Model, factors: FloatArray, columns: IntArray) -> str:
    terms = [
        f"{factor:+.12g} {_column_name(model, int(column))}"
        for factor, column in zip(factors, columns, strict=True)
        if factor
    ]
    return " ".join(terms) or "0"


def _bounded(what: str, low: float, high: float) -> str:
    if low == high:
        return f"{what} = {low:.12g}"
    left = f"{low:.12g} <= " if np.isfinite(low) else ""
    right = f" <= {high:.12g}" if np.isfinite(high) else ""
    return f"{left}{what}{right}"
