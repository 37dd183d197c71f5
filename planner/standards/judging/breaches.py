"""How many breaches a centre's shortfalls come to: one thing that is lacking is one breach."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.standards.judging.deciding import beyond_range, contends_in
from planner.standards.judging.findings import Judgement
from planner.standards.rulebooks.vocabulary import FORCE_PLACE


def counted_once(
    judgement: Judgement, codes: np.ndarray, short: np.ndarray, force: np.ndarray
) -> np.ndarray:
    """Return which shortfalls count as breaches: of one matter and centre, one.

    Rules of several places that never meet each decide: the same thing would be counted twice. Of
    one matter, direction, and things asked for, that of the greatest force counts.

    Parameters
    ----------
    judgement
        What the clauses came to.
    codes
        Number of each finding's centre, shape (findings,).
    short
        Whether it is a shortfall that decides.
    force
        Force of its clause.

    Returns
    -------
    ndarray
        Of bool, shape (findings,): all true ones are ``short``.
    """
    rows = np.flatnonzero(short)
    findings = judgement.findings.iloc[rows]
    over = beyond_range(findings)
    keys: dict[object, int] = {}
    matter = np.empty(len(rows), dtype=np.int64)
    told = pd.DataFrame({name: findings[name].cat.codes for name in ("book", "clause")})
    for kind, places in told.assign(over=over).groupby(["book", "clause", "over"]).indices.items():
        first = findings.iloc[places[0]]
        clause = judgement.clause(str(first["book"]), str(first["clause"]))
        of = contends_in(clause, over=bool(over[places[0]]))
        key = kind if of is None else (*of, frozenset(clause.items))
        matter[places] = keys.setdefault(key, len(keys))
    place = np.array([FORCE_PLACE[one] for one in force[rows]], dtype=np.int64)
    order = np.lexsort((rows, place, matter, codes[rows]))
    _, first_of = np.unique(
        codes[rows][order].astype(np.int64) * (len(keys) + 1) + matter[order], return_index=True
    )
    counts = np.zeros(len(short), dtype=bool)
    counts[rows[order[first_of]]] = True
    return counts
