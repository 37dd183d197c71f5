"""The centres that a programme makes, as rows of the centres' table, to be audited like others."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner.siting.asking.places import plain
from planner.siting.programmes.results import Programme
from planner.tables import CENTRES

WORKS_OF: Final = {
    "new_centre": "新建", "convert": "改建", "exchange": "改建", "buy_back": "改建",
    "hand_over": "改建", "lease": "改建", "pool_rooms": "改建", "take_over_rooms": "改建",
    "enlarge": "扩建",
}  # fmt: skip
"""What a plan does with a place, in the words of 保留 · 改建 · 扩建 · 新建."""


def planned_centres(
    plan: Programme,
    candidates: pd.DataFrame,
    centres: pd.DataFrame,
    *,
    through: int | str | None = None,
    centre_kind: str = "日间照料",
    status: str = "规划",
) -> pd.DataFrame:
    """Return the centres that a programme opens or changes, as a planner would enter them.

    A new centre has the candidate's name, point and facts, and the floor area that its measures
    take; a centre that is enlarged or takes over rooms keeps its row, with the area and the places
    added. Unknown stays unknown: an area with an unknown part is unknown. Closed centres are left
    out, as are those that nothing changes.

    Parameters
    ----------
    plan
        The programme.
    candidates, centres
        The tables of :data:`planner.tables.CANDIDATES` and :data:`planner.tables.CENTRES`.
    through
        The last year whose measures count; None: all.
    centre_kind, status
        What new centres are entered as: the kind decides which rule book and circle apply.

    Returns
    -------
    DataFrame
        Columns of :data:`planner.tables.CENTRES` that either table knows, index: site.

    Examples
    --------
    ``audit_floor_area(pd.concat([rest, planned_centres(plan, candidates, centres)]), …)`` audits
    the chosen sites before they are printed, where ``rest`` is today's centres without them.
    """
    chosen = plan.chosen
    if through is not None:
        names = [year.year for year in plan.asked.years]
        chosen = chosen[chosen["year"].isin(names[: names.index(through) + 1])]
    opened = chosen[chosen["kind"] != "close"]
    names_of = [column.name for column in CENTRES]
    rows: dict[Any, dict[str, Any]] = {}
    tables = [table.set_axis(plain(table.index)) for table in (candidates, centres)]
    for site, done in opened.groupby("site", sort=True):
        is_new = site not in tables[1].index
        table = tables[0] if is_new else tables[1]
        facts: dict[str, Any] = (
            {str(name): value for name, value in table.loc[site].items()}
            if site in table.index
            else {}
        )
        rows[site] = _row(facts, done, plan, is_new=is_new)
        if is_new:
            rows[site] |= {"centre_kind": centre_kind, "status": status}
    known = [name for name in names_of if any(name in row for row in rows.values())]
    return pd.DataFrame.from_dict(rows, orient="index", columns=known)


def _row(
    facts: dict[str, Any], done: pd.DataFrame, plan: Programme, *, is_new: bool
) -> dict[str, Any]:
    m2 = done["adds_m2"].sum(skipna=False)
    persons = done["adds_persons"].sum()
    row = dict(facts)
    row["works"] = WORKS_OF[str(done["kind"].iloc[-1])]
    if is_new:
        row |= {"area_m2": m2, "area_kind": "建筑"}
    elif facts.get("area_kind") in ("建筑", "未注明", None):
        row["area_m2"] = facts.get("area_m2", float("nan")) + m2
    else:
        # Building area cannot be added to area of another kind.
        row |= {"area_m2": float("nan"), "area_kind": "建筑"}
    if plan.unit == "day_places":
        row["capacity_persons"] = persons + (0.0 if is_new else _number(facts))
    return row


def _number(facts: dict[str, Any]) -> float:
    value = facts.get("capacity_persons")
    return float("nan") if value is None else float(value)
