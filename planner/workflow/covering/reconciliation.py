"""对账: what the ledgers add up to, beside what the project's control totals say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.coverage.walking import Coverage
from planner.labels import Language, text
from planner.ledgers import estimated_columns
from planner.outputs.words import word
from planner.scenario import Scenario
from planner.tables import CENTRE_KINDS, ELDER_GROUPS, ELDERLY_COLUMNS, OPEN_STATUS
from planner.workflow.inputs.reading import Ledgers

PEOPLE: tuple[str, ...] = ("population", *ELDERLY_COLUMNS, *ELDER_GROUPS)
UNSTATED = "未注明"


@dataclass(frozen=True)
class _Held:
    """A ledger's figure: its sum, and what is to be said of it."""

    figure: float
    remarks: tuple[str, ...] = ()


def reconciliation(
    ledgers: Ledgers,
    coverage: Coverage,
    scenario: Scenario,
    floor_area_m2: float,
    language: Language,
) -> pd.DataFrame:
    """Return ledger figures beside control totals, and the residents' sums beside the ledger's.

    Populations of two kinds (常住, 户籍, 实有) are never set against each other: where the control
    totals count another kind than the communities' ledger, there is no difference and no share,
    and the remark says why. Dates that differ are told.

    Parameters
    ----------
    ledgers, coverage, scenario
        The plan's; the control totals, their kind of population, date and source are the
        scenario's.
    floor_area_m2
        Building area of all operating day-care centres.
    language
        Language of the quantities' names.

    Returns
    -------
    DataFrame
        ``quantity, ledger, control, difference, share, remark``; the difference is ledger less
        control, its share of the control. All that the ledgers hold has a row, the control empty
        where none is given; then each column of people summed over the residents.
    """
    held = _held(ledgers, floor_area_m2, language)
    rows = []
    for name, one in held.items():
        control = scenario.control_totals.get(name, np.nan)
        remarks = list(one.remarks)
        is_mixed = False
        if name in PEOPLE and not np.isnan(control):
            is_mixed, told = _population_remarks(scenario, language)
            remarks += told
        rows.append((_quantity(name, language), one.figure, control, is_mixed, remarks))
    source = scenario.control_source.source
    if source and scenario.control_totals:
        rows[0][-1].append(text("reconciliation.source", language, source=source))
    rows += _residents(coverage.residents, held, language)
    table = pd.DataFrame(rows, columns=["quantity", "ledger", "control", "mixed", "remarks"])
    difference = (table["ledger"] - table["control"]).mask(table["mixed"])
    # Spreading keeps totals to the rounding of floats: that is no difference to report.
    none = difference.abs() <= 1e-6 * table["control"].abs()
    difference = difference.mask(none, 0.0)
    share = (difference / table["control"]).where(table["control"] != 0)
    shown = ["quantity", "ledger", "control", "difference", "share", "remark"]
    joined = table["remarks"].map(
        lambda remarks: text("reconciliation.mark", language).join(remarks)
    )
    return table.assign(difference=difference, share=share, remark=joined)[shown].rename_axis("id")


def _quantity(name: str, language: Language) -> str:
    """Return what a planner calls a total; a kind of facility is called by its own name."""
    if name in CENTRE_KINDS:
        return text("reconciliation.centres_of_kind", language, kind=name)
    return text(f"workflow.total_{name}", language)


def _held(ledgers: Ledgers, floor_area_m2: float, language: Language) -> dict[str, _Held]:
    """Return what the ledgers add up to; a column that no row fills has no sum, not 0."""
    communities, centres = ledgers.communities.table, ledgers.centres.table
    estimated = estimated_columns(ledgers.communities)
    held: dict[str, _Held] = {}
    for name in (*PEOPLE, "households"):
        if name not in communities or (name in ELDER_GROUPS and communities[name].isna().all()):
            continue
        remarks = _unknown(communities, name, language)
        if name in estimated.index:
            rows = int(estimated[name])
            remarks.append(text("reconciliation.estimated", language, rows=rows))
        held[name] = _Held(float(communities[name].sum(min_count=1)), tuple(remarks))
    villages = int((communities["community_kind"] == "村").sum())
    told = text("reconciliation.villages", language, rows=villages)
    held["communities"] = _Held(float(len(communities)), (told,) if villages else ())
    is_open = centres["status"] == OPEN_STATUS
    told = text("reconciliation.open", language, rows=int(is_open.sum()))
    held["centres"] = _Held(float(len(centres)), (told,))
    for kind in CENTRE_KINDS:
        of_kind = centres["centre_kind"] == kind
        rows = int((of_kind & is_open).sum())
        told = text("reconciliation.open", language, rows=rows)
        held[kind] = _Held(float(of_kind.sum()), (told,))
    held["floor_area_m2"] = _Held(floor_area_m2)
    for name in ("beds", "capacity_persons"):
        if name in centres and centres[name].notna().any():
            figure = float(centres[name].sum())
            held[name] = _Held(figure, tuple(_unknown(centres, name, language)))
    return held


def _unknown(table: pd.DataFrame, name: str, language: Language) -> list[str]:
    """Return how many rows leave a figure empty, if any do."""
    rows = int(table[name].isna().sum())
    return [text("workflow.total_partly_unknown", language, rows=rows)] if rows else []


def _population_remarks(scenario: Scenario, language: Language) -> tuple[bool, list[str]]:
    """Return whether two kinds of population would be mixed, and what is to be said of both."""
    ours, control = scenario.communities, scenario.control_source
    kinds = (ours.population_kind, control.population_kind)
    told_kinds = [word(kind, language) for kind in kinds]
    dates = (ours.population_date, control.population_date)
    if UNSTATED not in kinds and kinds[0] != kinds[1]:
        told = text(
            "reconciliation.kinds_mixed", language, ledger=told_kinds[0], control=told_kinds[1]
        )
        return True, [told]
    remarks = []
    if UNSTATED in kinds:
        told = text(
            "reconciliation.kind_unstated", language, ledger=told_kinds[0], control=told_kinds[1]
        )
        remarks.append(told)
    if all(dates) and dates[0] != dates[1]:
        told = text("reconciliation.dates", language, ledger=dates[0], control=dates[1])
        remarks.append(told)
    return False, remarks


def _residents(
    residents: pd.DataFrame, held: dict[str, _Held], language: Language
) -> list[tuple[str, float, float, bool, list[str]]]:
    """Return the sums over residents beside the communities': what spreading kept or lost."""
    remark = text("workflow.total_from_residents", language)
    return [
        (
            _quantity(name, language),
            float(residents[name].sum(min_count=1)),
            held[name].figure,
            False,
            [remark],
        )
        for name in PEOPLE
        if name in held and name in residents
    ]
