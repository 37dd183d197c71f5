"""What was found of new estates, as rows, sentences and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from planner import tables
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, Told
from planner.outputs.sheet_columns import COLUMNS
from planner.standards.estates.explaining import explain_finding
from planner.standards.estates.steps import STEP_RESULTS
from planner.standards.rulebooks.quantities import QUANTITIES
from planner.standards.rulebooks.wording import rows_of, weight
from planner.tables import LIST_MARK
from planner.workflow.standards.estate_words import pool_basis, pool_lines, room_lines, step_lines
from planner.workflow.standards.estates import FoundEstates

SHEETS: Final = ("estate_rooms", "estate_steps", "estate_pools")


def estate_sheets(
    found: FoundEstates | None, estates: pd.DataFrame | None, language: Language
) -> dict[str, Told]:
    """Return the sheets of new estates: care rooms owed, four steps, pools.

    Parameters
    ----------
    found
        What was found; ``None`` where the project names no estates: the sheets are empty.
    estates
        Their ledger.
    language
        Language of the words.
    """
    if found is None or estates is None:
        return {key: Told(pd.DataFrame(columns=list(COLUMNS[key]))) for key in SHEETS}
    names = _names(estates)
    return {
        "estate_rooms": Told(_room_rows(found, estates, language), room_lines(found, language)),
        "estate_steps": Told(_step_rows(found, names, language), step_lines(found, language)),
        "estate_pools": Told(
            _pool_rows(found, names, language), pool_lines(found, names, language)
        ),
    }


def _names(estates: pd.DataFrame) -> dict[str, str]:
    """Return what each estate is called: its name, else its id."""
    given = estates["name"].astype(object)
    return {
        str(one): str(one) if pd.isna(name) or name == "" else str(name)
        for one, name in given.items()
    }


def _room_rows(found: FoundEstates, estates: pd.DataFrame, language: Language) -> pd.DataFrame:
    owed, names = found.owed, _names(estates)
    facts: dict[str, dict[str, Any]] = {
        str(one): {str(key): value for key, value in row.items()}
        for one, row in zip(estates.index, estates.to_dict("records"), strict=True)
    }
    titles = {book.name: book.title(language) for book in owed.books}
    rows = []
    for record in owed.findings.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        estate, clause = facts[row["estate"]], owed.clause(row["book"], row["clause"])
        age = estate.get("estate_age")
        rows.append(
            {
                "id": row["estate"],
                "name": names[row["estate"]],
                "estate_age": age if isinstance(age, str) else None,
                "estate_matter": QUANTITIES[row["quantity"]].label(language),
                "estate_rule": text(
                    "outputs.labelled",
                    language,
                    label=titles[row["book"]],
                    value=clause.text(language),
                ),
                "estate_force": clause.force,
                "mark": weight(clause, language),
                "estate_required_m2": row["required_m2"],
                "estate_delivered_m2": row["delivered_m2"],
                "estate_short_m2": row["short_m2"],
                "estate_result": f"estate_{row['result']}",
                "estate_decides": bool(row["decides"]),
                "estate_told": explain_finding(row, estate, clause, language),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS["estate_rooms"]))


def _step_rows(found: FoundEstates, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    steps = found.steps.steps
    mark = text("outputs.clause_mark", language)
    told = []
    for findings, days, at_least in zip(
        steps["findings"], steps["late_days"], steps["late_at_least"], strict=True
    ):
        parts = [one.text(language) for one in findings]
        if at_least:
            parts.append(text("estates.step_at_least", language, days=days))
        told.append(mark.join(parts))
    return pd.DataFrame(
        {
            "id": steps["estate"],
            "name": steps["estate"].map(dict(names)),
            "estate_step": [tables.ESTATES[step].label(language) for step in steps["step"]],
            "estate_state": steps["state"],
            "estate_date": steps["date"],
            "estate_result": "estate_" + steps["result"].astype(object),
            "estate_late_days": steps["late_days"],
            "estate_finding": told,
        }
    )[list(COLUMNS["estate_steps"])]


def _told_elders(elders: pd.Series) -> pd.Series:
    """Return counts of elders without those under :data:`LEAST_ELDERS` (TRADE 13)."""
    figures = elders.astype(float)
    return figures.mask((figures > 0) & (figures < LEAST_ELDERS))


def _pool_rows(found: FoundEstates, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    pools = found.pools.pools
    members = [
        LIST_MARK.join(names[one] for one in str(many).split(LIST_MARK))
        for many in pools["estates"]
    ]
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(pools) + 1),
            "id": pools["place"].to_numpy(dtype=object),
            "name": pools["place"].map(dict(names)).to_numpy(dtype=object),
            "estate_members": members,
            "estate_count": pools["estate_count"].to_numpy(),
            "estate_rooms_m2": pools["rooms_m2"].to_numpy(),
            "estate_rooms_delivered_m2": pools["delivered_m2"].to_numpy(),
            "estate_rooms_owed_m2": pools["owed_m2"].to_numpy(),
            "estate_reached_60": _told_elders(pools["elderly_60_reached"]).to_numpy(),
            "estate_new_60": _told_elders(pools["elderly_60_new"]).to_numpy(),
            "estate_gain": "estate_gain_" + pools["gain"].astype(object),
            "walk_minutes_largest": pools["walk_minutes_longest"].to_numpy(),
            "estate_basis": [
                pool_basis(found, str(many).split(LIST_MARK), names, language)
                for many in pools["estates"]
            ],
        }
    )[list(COLUMNS["estate_pools"])]


def estate_columns(
    found: FoundEstates | None, estates: pd.DataFrame, language: Language
) -> dict[str, Any]:
    """Return what the ledger's own sheet and layer tell besides: owed, short, result, pool."""
    if found is None:
        return {}
    ids = [str(one) for one in estates.index]
    owed, pooled = found.owed.estates.reindex(ids), found.pools.estates.reindex(ids)
    result = [
        f"estate_{one}" if isinstance(one, str) else "estate_no_rule" for one in owed["result"]
    ]
    pool = [
        text(f"estates.pool_{state}", language) + ("" if pd.isna(number) else f" {number}")
        for state, number in zip(pooled["state"], pooled["pool"], strict=True)
    ]
    return {
        "estate_required_m2": owed["required_m2"].to_numpy(),
        "estate_short_m2": owed["short_m2"].to_numpy(),
        "estate_result": result,
        "estate_pool": pool,
        "estate_told": _deciding(found, estates, language),
    }


def _deciding(found: FoundEstates, estates: pd.DataFrame, language: Language) -> list[str]:
    """Return of each estate the arithmetic of the clause that decides its care area."""
    own = found.owed.findings.merge(
        found.owed.estates[["book", "clause"]].dropna().rename_axis("estate").reset_index(),
        on=["estate", "book", "clause"],
    )
    rows = {str(row["estate"]): row for row in rows_of(own)}
    told = []
    for one, facts in zip(estates.index, rows_of(pd.DataFrame(estates)), strict=True):
        row = rows.get(str(one))
        if row is None:
            told.append("")
            continue
        clause = found.owed.clause(row["book"], row["clause"])
        told.append(
            text(
                "estates.deciding",
                language,
                told=explain_finding(row, facts, clause, language),
                force=clause.force,
                weight=weight(clause, language),
            )
        )
    return told


def estate_summary(found: FoundEstates | None) -> dict[str, Any] | None:
    """Return the figures of ``summary.json``: ``estates``; ``None`` where there are none."""
    if found is None:
        return None
    total, pools = found.owed.district, found.pools
    steps = found.steps.steps["result"].value_counts()
    few = 0 < pools.elderly_60_new < LEAST_ELDERS
    return {
        "rows": total.estates,
        "books": sorted(set(found.owed.findings["book"])),
        "not_in_force": list(found.owed.not_in_force),
        "meeting": total.meeting,
        "short": total.short,
        "unknown": total.unknown,
        "without_rule": total.without_rule,
        "required_m2": total.required_m2,
        "delivered_m2": total.delivered_m2,
        "short_m2": total.short_m2,
        "short_now_m2": total.short_now_m2,
        "short_later_m2": total.short_later_m2,
        "short_unknown_m2": total.short_unknown_m2,
        "short_at_least": total.short_at_least,
        "derived": total.derived,
        "kind_to_check": total.to_check,
        "unknown_required_m2": total.unknown_required_m2,
        "unknown_delivered_m2": total.unknown_delivered_m2,
        "kind_unknown": total.kind_unknown,
        "unknown_if_new_m2": total.unknown_if_new_m2,
        "unknown_if_built_m2": total.unknown_if_built_m2,
        "audit_day": None if found.steps.on is None else found.steps.on.isoformat(),
        "steps": {name: int(steps.get(name, 0)) for name in STEP_RESULTS},
        "estates_late": int(found.steps.late["estate"].nunique()),
        "pools": {
            "pools": len(pools.pools),
            "estates": int((pools.estates["state"] == "pooled").sum()),
            "rooms_m2": pools.rooms_m2,
            "least_m2": pools.least_m2,
            "least_from": "siting" if found.least_from is None else found.least_from[0].name,
            "elderly_60_new": None if few else pools.elderly_60_new,
            "bound": None if few else pools.bound,
            "status": pools.status,
        },
    }
