"""When a clause applies to a centre: known to, known not to, or not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.standards.judging.facts import with_beds
from planner.standards.judging.outcomes import empty_columns, texts
from planner.standards.rulebooks.clauses import Clause


def condition_reasons(facts: pd.DataFrame, clause: Clause) -> tuple[np.ndarray, np.ndarray]:
    """Return ``reason, fill_in`` of a clause's conditions, ``""`` where all are known to hold.

    One that is known not to hold settles it, whatever is not known of the others.

    - A capacity from n on is reached wherever day places, or the beds of a kind that may have any,
      are n or more; below n is known only where all that count for the kind of facility are given
      (``capacity_settled`` of :func:`planner.standards.judging.facts.centre_facts`).
    - A mezzanine (夹层, storey 1.5) lies above the first floor.

    Parameters
    ----------
    facts
        :func:`planner.standards.judging.facts.centre_facts`, of the centres to be judged.
    clause
        The clause.

    Returns
    -------
    tuple
        Two arrays of texts, shape (centres,): ``condition_not_met``, ``condition_unknown`` or
        ``""``; the columns that would tell, joined by 、.
    """
    when, count = clause.when, len(facts)
    failed, unknown = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    columns: list[str] = []
    if when.built:
        failed |= (facts["built_as"].notna() & ~facts["built_as"].isin(when.built)).to_numpy()
        unknown |= facts["built_as"].isna().to_numpy()
        columns.append("built_as")
    if when.capacity_from is not None:
        below = ~(facts["capacity"].to_numpy(dtype=float) >= when.capacity_from)
        settled = facts["capacity_settled"].to_numpy(dtype=bool)
        failed |= below & settled
        unknown |= below & ~settled
        columns.append("capacity_persons")
    if when.floor_from is not None:
        value = np.ceil(facts["floor"].to_numpy(dtype=float))
        failed |= value < when.floor_from
        unknown |= np.isnan(value)
        columns.append("floor")
    unknown &= ~failed
    reason = np.select([failed, unknown], ["condition_not_met", "condition_unknown"], "").astype(
        object
    )
    fill_in = np.where(unknown, _conditions_to_fill_in(facts, columns), "").astype(object)
    return reason, fill_in


def _conditions_to_fill_in(facts: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Return which columns would tell whether conditions hold; beds of kinds that have any."""
    if not columns:
        return texts(len(facts))
    asked = empty_columns(facts, columns)
    if "capacity_persons" not in columns:
        return asked
    place = columns.index("capacity_persons") + 1
    both = empty_columns(facts, [*columns[:place], "beds", *columns[place:]])
    return np.where(with_beds(facts["centre_kind"]), both, asked)
