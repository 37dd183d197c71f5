"""Reading the table of unit costs that planners write for remedies."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers.files import open_ledger
from planner.ledgers.source import LedgerSource
from planner.standards.remedies.costs import HEADINGS, unit_costs


def read_costs(path: Path) -> pd.DataFrame:
    """Read a table of unit costs (csv or xlsx).

    Returns
    -------
    DataFrame
        :func:`planner.standards.remedies.costs.unit_costs`.

    Raises
    ------
    LedgerError
        With every fault of the table.
    InputFileError
        If it cannot be read.
    """
    columns = {name: names[0] for name, names in HEADINGS.items()}
    raw = open_ledger(LedgerSource(file=path, columns=columns))
    plain = [str(heading).strip().casefold() for heading in raw.headings]
    known = {name: {one.casefold() for one in names} for name, names in HEADINGS.items()}
    places = {
        name: plain.index(next(one for one in plain if one in names))
        for name, names in known.items()
        if names & set(plain)
    }
    missing = [name for name in ("measure", "unit", "price") if name not in places]
    if missing:
        told = "、".join(HEADINGS[name][0] for name in missing)
        refusal = message("remedies.cost_headings", file=path.name, headings=told)
        raise LedgerError(message("remedies.costs_refused", file=path.name), [refusal])
    rows = [
        {"row": int(str(row)), **{name: line[place] for name, place in places.items()}}
        for row, line in zip(raw.cells.index, raw.cells.to_numpy(dtype=object), strict=True)
    ]
    costs, faults = unit_costs(rows, file=path.name)
    if faults:
        raise LedgerError(message("remedies.costs_refused", file=path.name), faults)
    return costs
