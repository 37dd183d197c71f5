"""对账: what the ledgers add up to, beside what the project's control totals say."""

from __future__ import annotations

import pandas as pd

from planner.coverage.walking import Coverage
from planner.labels import Language, text
from planner.scenario import Scenario
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.reading import Ledgers


def reconciliation(
    ledgers: Ledgers,
    coverage: Coverage,
    scenario: Scenario,
    floor_area_m2: float,
    language: Language,
) -> pd.DataFrame:
    """Return ledger figures beside control totals, and the residents' sums beside the ledger's.

    Parameters
    ----------
    ledgers, coverage, scenario
        The plan's; the control totals are the scenario's.
    floor_area_m2
        Building area of all operating day-care centres.
    language
        Language of the quantities' names.

    Returns
    -------
    DataFrame
        ``quantity, ledger, control, difference, share, remark``; the difference is ledger less
        control, its share of the control.
    """
    communities = ledgers.communities.table
    residents = coverage.residents
    people = [name for name in ("population", *ELDERLY_COLUMNS) if name in communities]
    # A column that no row fills has no sum: nothing is known, which is not 0.
    held = {name: float(communities[name].sum(min_count=1)) for name in (*people, "households")}
    held |= {
        "communities": float(len(communities)),
        "centres": float(len(ledgers.centres.table)),
        "floor_area_m2": floor_area_m2,
    }
    rows = [
        (
            text(f"workflow.total_{name}", language),
            held[name],
            control,
            _rows_unknown(communities, name, language),
        )
        for name, control in scenario.control_totals.items()
    ]
    remark = text("workflow.total_from_residents", language)
    rows += [
        (
            text(f"workflow.total_{name}", language),
            float(residents[name].sum(min_count=1)),
            held[name],
            remark,
        )
        for name in people
        if name in residents
    ]
    table = pd.DataFrame(rows, columns=["quantity", "ledger", "control", "remark"])
    difference = table["ledger"] - table["control"]
    # Spreading keeps totals to the rounding of floats: that is no difference to report.
    none = difference.abs() <= 1e-6 * table["control"].abs()
    difference = difference.mask(none, 0.0)
    share = (difference / table["control"]).where(table["control"] != 0)
    shown = ["quantity", "ledger", "control", "difference", "share", "remark"]
    return table.assign(difference=difference, share=share)[shown].rename_axis("id")


def _rows_unknown(communities: pd.DataFrame, name: str, language: Language) -> str:
    """Return how many communities leave a figure empty, if any do."""
    rows = int(communities[name].isna().sum()) if name in communities else 0
    return text("workflow.total_partly_unknown", language, rows=rows) if rows else ""
