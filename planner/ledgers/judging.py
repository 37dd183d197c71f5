"""The rules that every ledger row is held against, one function each.

Each takes a draft, changes its frame and tells its journal what it did and why. No figure is
mended by guessing: what cannot be is emptied, and emptied means unknown, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import message
from planner.ledgers.draft import UNKNOWN, Draft
from planner.ledgers.quantities import ABSURD_ABOVE, ABSURD_BELOW, COLUMN_QUANTITIES
from planner.ledgers.sheets import whole_text

ID_PREFIXES: Final = {
    "communities": "Q",
    "residents": "R",
    "centres": "C",
    "candidates": "B",
    "estates": "E",
}
"""What generated ids begin with, so that those of tables that meet differ."""

VILLAGE_HUNDREDS: Final = (2, 3, 5)
"""First of the last three digits of a 12-digit 统计用区划代码 that tells a village: 001-199 居委会,
200-399 村委会, 400-499 类似居委会, 500-599 类似村委会 (国家统计局《统计用区划代码编制规则》)."""

COMMUNITY_CODE_DIGITS: Final = 12
_E_NOTATION: Final = re.compile(r"\de\+?\d", re.IGNORECASE)
_DAMAGED_CODE: Final = re.compile(r"^\d(?:\.\d+)?e\+?\d+$", re.IGNORECASE)


def judge_repeats(draft: Draft, where: gpd.GeoSeries) -> None:
    """Set aside rows that repeat an earlier row in every cell and place.

    Counters (序号) and columns of persons are not compared. Residents without ids are let be: two
    people of one house are two rows that look the same.
    """
    if draft.name == "residents" and not draft.has("id"):
        return
    # Rows alike in all cells are alike in their id, or name: the others need no look.
    tell = next((name for name in ("id", "name") if draft.has(name)), None)
    alike = np.ones(len(where), dtype=bool)
    if tell is not None:
        names = draft.frame[tell].to_numpy(dtype=object)
        if len(set(names)) == len(names):
            return
        alike = draft.frame[tell].duplicated(keep=False).to_numpy()
    cells = draft.raw.cells.loc[alike, list(draft.matches.compared)].astype(object)
    looked_at = cells.where(cells.notna(), "").map(
        lambda cell: cell.strip() if isinstance(cell, str) else str(cell)
    )
    looked_at["place"] = shapely.to_wkb(where.to_numpy()[alike])
    looked_at["place"] = looked_at["place"].map(lambda data: data or b"")
    repeated = looked_at.duplicated(keep=False)
    first: dict[tuple[object, ...], int] = {}
    for row, entry in zip(
        looked_at.index[repeated], looked_at[repeated].itertuples(index=False), strict=True
    ):
        key = tuple(entry)
        if key in first:
            told = message("ledgers.row_repeated", first=first[key])
            draft.journal.set_aside(int(row), told, severity="doubt")
        first.setdefault(key, int(row))


def judge_ids(draft: Draft) -> None:
    """Give every row an id, and set aside later rows that repeat one with other content."""
    ids = draft.frame["id"].astype(object)
    text = whole_text(ids.to_numpy())
    if text is not None and _is_plain(text) and len(set(ids.to_numpy())) == len(ids):
        draft.frame["id"] = ids
        return
    ids = ids.where(ids.notna(), None)
    damaged = ids.map(lambda value: value is not None and bool(_DAMAGED_CODE.match(value)))
    for row in ids.index[damaged]:
        told = message("ledgers.id_damaged", cell=ids[row])
        draft.journal.add("grave", told, action="emptied", row=int(row), column=draft.heading("id"))
    ids = ids.where(~damaged, None)
    taken = set(ids.dropna())
    missing = ids.index[ids.isna()]
    if len(missing) and not draft.has("id"):
        draft.journal.add("note", message("ledgers.ids_made", rows=len(missing)))
    made = {}
    for row in missing:
        name = f"{ID_PREFIXES[draft.name]}{row:04d}"
        while name in taken:
            name += "+"
        taken.add(name)
        made[row] = name
        if draft.has("id") and row not in draft.journal.aside and not damaged[row]:
            told = message("ledgers.id_missing", name=name)
            draft.journal.add("doubt", told, row=int(row), column=draft.heading("id"))
    ids = ids.where(ids.notna(), pd.Series(made, dtype=object).reindex(ids.index))
    draft.frame["id"] = ids
    there = ids[~ids.index.isin(list(draft.journal.aside))]
    first = there.drop_duplicates().to_frame("id").reset_index(names="row").set_index("id")["row"]
    for row, name in there[there.duplicated()].items():
        told = message("ledgers.id_repeated", name=name, first=int(first[name]))
        draft.journal.set_aside(_number(row), told, column=draft.heading("id"))


def _is_plain(text: str) -> bool:
    """Tell whether no id of a column is a number in powers of ten (the search is slow)."""
    return ("e" not in text and "E" not in text) or _E_NOTATION.search(text) is None


def _number(row: object) -> int:
    return int(str(row))


def row_at(values: pd.Series, place: np.integer[Any]) -> int:
    """Return the row number at a position of a column."""
    return int(values.index.to_numpy()[place])


def judge_bounds(draft: Draft) -> None:
    """Empty figures below 0 and absurd ones; a floor area of 0 is unknown."""
    for column in (*COLUMN_QUANTITIES, "floor"):
        if column in ("longitude", "latitude") or not draft.has(column):
            continue
        figures = draft.frame[column]
        if column == "area_m2":
            empty_figures(draft, column, figures == 0.0, "doubt", "ledgers.area_zero")
        low = figures < ABSURD_BELOW.get(column, 0.0)
        empty_figures(draft, column, low, "grave", "ledgers.absurd_low")
        high = figures > ABSURD_ABOVE[column]
        empty_figures(draft, column, high, "grave", "ledgers.absurd_high")


def empty_figures(draft: Draft, column: str, wrong: pd.Series, severity: str, key: str) -> None:
    """Empty the figures of a column that cannot be, telling of each: emptied means unknown.

    Parameters
    ----------
    draft
        The ledger.
    column
        A column of numbers.
    wrong
        Which rows' figures cannot be, by row number.
    severity
        ``grave`` or ``doubt``.
    key
        What is told; its text names ``heading`` and ``number``.
    """
    heading = draft.heading(column)
    figures = draft.frame[column].to_numpy(dtype=np.float64)
    for place in np.flatnonzero(wrong):
        row, told = (
            row_at(wrong, place),
            message(key, heading=heading, number=float(figures[place])),
        )
        draft.journal.add(
            "grave" if severity == "grave" else "doubt",
            told,
            action="emptied",
            row=row,
            column=heading,
        )
    if wrong.any():
        draft.frame[column] = draft.frame[column].where(~wrong)


def judge_names(draft: Draft) -> None:
    """Call rows without a name by their id."""
    names = draft.frame["name"]
    missing = names.isna()
    if not missing.any():
        return
    for row, name in draft.frame["id"][missing].items():
        told = message("ledgers.name_missing", name=name)
        draft.journal.add("doubt", told, row=_number(row), column=draft.heading("name"))
    draft.frame["name"] = names.where(~missing, draft.frame["id"])


def judge_community_kinds(draft: Draft) -> None:
    """Take 社区 or 村 from the ledger, else from the 12-digit code, else 社区."""
    kinds = draft.frame["community_kind"]
    codes = draft.frame["id"].astype("string")
    official = codes.str.fullmatch(rf"\d{{{COMMUNITY_CODE_DIGITS}}}").fillna(False).astype(bool)
    last = pd.to_numeric(codes.str[-3:].where(official, "0")).to_numpy(dtype=np.int64)
    village = np.isin(last // 100, VILLAGE_HUNDREDS)
    by_code = pd.Series(np.where(village, "村", "社区"), index=kinds.index, dtype="string")
    from_code, assumed = kinds.isna() & official, kinds.isna() & ~official
    if from_code.any():
        draft.journal.add("note", message("ledgers.kind_from_code", rows=int(from_code.sum())))
    if assumed.any():
        draft.journal.add("note", message("ledgers.kind_assumed", rows=int(assumed.sum())))
    draft.frame["community_kind"] = kinds.where(kinds.notna(), by_code)


def judge_states(draft: Draft) -> None:
    """Set aside centres without a kind; a state that is not given is 未注明 and does not serve."""
    kinds = draft.frame["centre_kind"]
    for row in kinds.index[kinds.isna()]:
        told = message("ledgers.kind_missing", heading=draft.heading("centre_kind"))
        draft.journal.set_aside(int(row), told, column=draft.heading("centre_kind"))
    states = draft.frame["status"]
    told_of = {one.row for one in draft.journal.found if one.told.key == "ledgers.choice_unknown"}
    if not draft.has("status"):
        draft.journal.add("grave", message("ledgers.no_status_column"))
    else:
        for row in states.index[states.isna()] if states.hasnans else ():
            if row not in told_of:
                draft.journal.add(
                    "doubt",
                    message("ledgers.status_missing"),
                    row=int(row),
                    column=draft.heading("status"),
                )
    if states.hasnans:
        draft.frame["status"] = states.fillna(UNKNOWN)


def judge_areas(draft: Draft) -> None:
    """Say of what kind each area is, and tell of missing areas and of shares above the whole."""
    frame = draft.frame
    says = draft.matches.columns["area_m2"].says if draft.has("area_m2") else None
    # A column of kinds decides; only where the ledger has none does the heading.
    fallback = UNKNOWN if draft.has("area_kind") or says is None else says
    if frame["area_kind"].hasnans:
        frame["area_kind"] = frame["area_kind"].fillna(fallback)
    heading = draft.heading("area_m2")
    if not draft.has("area_m2"):
        draft.journal.add("grave", message("ledgers.no_area_column"))
        return
    told_of = {one.row for one in draft.journal.found if one.column == heading}
    missing = frame["area_m2"].isna()
    for row in missing.index[missing]:
        if row not in told_of:
            told = message("ledgers.area_missing", heading=heading)
            draft.journal.add("doubt", told, row=int(row), column=heading)
    if "shared_m2" in frame:
        excess = frame["shared_m2"] > frame["area_m2"]
        empty_figures(draft, "shared_m2", excess, "grave", "ledgers.shared_above_area")


def judge_places(draft: Draft, where: gpd.GeoSeries, keys: Sequence[str]) -> None:
    """Tell of rows without a place; ``keys`` are the finding's, and the reason to set aside."""
    missing = where.isna() | where.is_empty
    told_of = {one.row for one in draft.journal.found if one.column == draft.heading("longitude")}
    kept_key, aside_key = keys
    for row in missing.index[missing]:
        if aside_key:
            draft.journal.set_aside(int(row), message(aside_key))
        elif row not in told_of:
            draft.journal.add("doubt", message(kept_key), row=int(row))


def mended(draft: Draft, where: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return places with invalid shapes made valid, each told of.

    Lines and points that making valid leaves over are dropped: an outline is an area.
    """
    geometry = where.to_numpy().copy()
    invalid = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    for place in np.flatnonzero(invalid):
        reason = shapely.is_valid_reason(geometry[place]).partition("[")[0]
        told = message("ledgers.outline_mended", reason=reason)
        draft.journal.add("doubt", told, row=int(where.index[place]))
    geometry[invalid] = shapely.make_valid(
        geometry[invalid], method="structure", keep_collapsed=False
    )
    return gpd.GeoSeries(geometry, index=where.index, crs=where.crs)
