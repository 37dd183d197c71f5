"""Sites that open only later, and centres that stand together against a rule."""

from __future__ import annotations

from typing import Any

from planner.workflow.siting.answering import Siting


def opening_later(siting: Siting) -> dict[str, Any] | None:
    """Return the chosen sites that open only after the year of today's figures.

    The choice of today does not look at years: whoever reads it must know of them. Where nobody
    tells the year of today's figures, all chosen sites with a year are told.

    Returns
    -------
    dict or None
        ``base_year`` and ``sites`` (id, name, opens_year), in the order of the plan; ``None`` for
        none.
    """
    table, base = siting.candidates, siting.asked.base_year
    if "opens_year" not in table:
        return None
    rows = table.loc[list(siting.most.chosen)]
    years = rows["opens_year"].astype(float)
    later = years.notna() if base is None else years > base
    if not later.any():
        return None
    names = rows["name"] if "name" in rows else rows.index.to_series()
    sites = [
        {
            "id": str(one),
            "name": str(names[one]) if isinstance(names[one], str) and names[one] else str(one),
            "opens_year": int(years[one]),
        }
        for one in rows.index[later]
    ]
    return {"base_year": None if base is None else int(base), "sites": sites}


def standing_together(siting: Siting) -> dict[str, list[str]]:
    """Return of each group of which at most one may be open the centres that stay open together.

    A group keeps candidates out; it closes nothing that stands and may not close.
    """
    staying = set(siting.most.existing)
    both = {
        group: [one for one in ids if one in staying]
        for group, ids in siting.asked.settings.at_most_one.items()
    }
    return {group: ids for group, ids in both.items() if len(ids) > 1}
