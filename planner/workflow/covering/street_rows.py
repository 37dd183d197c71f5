"""The sheet of sub-districts: coverage up to the district, communities and villages apart."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.coverage.areas import OUTSIDE, UNNAMED, shares
from planner.coverage.rollup import EVERY_KIND, Rollup
from planner.labels import Language, text
from planner.tables import COMMUNITY_KINDS, ELDERLY_COLUMNS

TOTAL: Final = "total"
"""Key of the district's own row, beside those of :data:`planner.tables.COMMUNITY_KINDS`."""


def area_names(areas: Rollup, language: Language) -> pd.Series:
    """Return what each sub-district is called, unique: its name, with its code where two share one.

    Parameters
    ----------
    areas
        Coverage at every level.
    language
        Language of what has no name of its own.
    """
    names = streets_in_order(areas)["name"].astype(object)
    names = names.where(names.notna(), pd.Series(names.index, index=names.index, dtype=object))
    for key in (UNNAMED, OUTSIDE):
        names = names.mask(names.index == key, text(f"years.street_{key}", language))
    twice = names.duplicated(keep=False)
    with_codes = pd.Series([f"{name}（{code}）" for code, name in names.items()], index=names.index)
    return names.where(~twice, with_codes)


def streets_in_order(areas: Rollup) -> pd.DataFrame:
    """Return the figures of sub-districts, those without a name and outside all last."""
    streets = areas.level("street")
    last = [key for key in (UNNAMED, OUTSIDE) if key in streets.index]
    return streets.loc[[*streets.index.drop(last), *last]]


def totals(areas: Rollup) -> pd.DataFrame:
    """Return the sums of communities, of villages, and of all, in this order.

    Parameters
    ----------
    areas
        Coverage at every level.

    Returns
    -------
    DataFrame
        Index = a kind of community that the district has, then :data:`TOTAL`, which is all who
        live in it and those who live in no community of the ledger; columns as
        :attr:`planner.coverage.rollup.Rollup.table`.
    """
    rows = {}
    for kind in (*COMMUNITY_KINDS, EVERY_KIND):
        counties = areas.level("county", kind)
        if len(counties):
            key = TOTAL if kind == EVERY_KIND else kind
            rows[key] = counties.select_dtypes("number").sum()
    table = pd.DataFrame(rows).T
    shown = {
        f"{name}_share": shares(table[f"{name}_covered"], table[name])
        for name in ELDERLY_COLUMNS
        if name in table
    }
    return table.assign(**shown)


def row_title(kind: str, language: Language) -> str:
    """Return how the row of a kind of community, or of all, is headed."""
    return text(f"years.row_{_KEYS[kind]}", language)


def street_of(places: pd.DataFrame, areas: Rollup) -> pd.Series:
    """Return the sub-district (key of its row) that each centre stands in; missing where unknown.

    That of the community that it stands in, else the one of the name that its ledger gives, if
    there is one such.

    Parameters
    ----------
    places
        Centres with ``community`` and ``street``.
    areas
        Coverage at every level.
    """
    parents = areas.level("community")["parent"].to_dict()
    streets = areas.level("street")
    names = streets["name"].dropna()
    by_name = {name: key for key, name in names[~names.duplicated(keep=False)].items()}
    known = places.reindex(columns=["community", "street"]).astype(object)
    found = known["community"].map(lambda one: parents.get(one))
    return found.where(found.notna(), known["street"].map(lambda one: by_name.get(one)))


def street_rows(
    areas: Rollup,
    communities: pd.DataFrame,
    open_here: pd.DataFrame,
    below: pd.DataFrame,
    language: Language,
) -> pd.DataFrame:
    """Return the sheet's table: a row a sub-district, then communities, villages, and the district.

    Parameters
    ----------
    areas
        Coverage at every level.
    communities
        The ledger, whose population is told, as on the sheet of communities: residents may have
        figures of their own.
    open_here
        Operating centres of the circle's kinds.
    below
        Those whose floor area is short.
    language
        Language of the rows that have no name of their own.

    Returns
    -------
    DataFrame
        Index = names. The figures of the level, ``share_60``, ``uncovered_60``, ``communities``
        (villages among them), ``villages``, ``centres_open``, ``centres_below``. Sub-districts add
        up to the last row, and so do communities and villages with those who live in neither;
        centres whose sub-district nobody knows stand in the last row alone.
    """
    streets = streets_in_order(areas)
    villages = areas.level("street", "村")["communities"].reindex(streets.index).fillna(0)
    sums = totals(areas)
    kinds = pd.Series(
        {
            code: kind
            for (level, code, kind) in areas.table.index
            if level == "community" and kind != EVERY_KIND
        },
        dtype=object,
    )
    counts = {}
    for name, centres in (("centres_open", open_here), ("centres_below", below)):
        where = street_of(centres, areas).value_counts().reindex(streets.index).fillna(0)
        of_kind = centres["community"].map(kinds).value_counts().reindex(sums.index).fillna(0)
        of_kind.loc[TOTAL] = len(centres)
        counts[name] = [*where, *of_kind]
    total_villages = sums["communities"].get("村", 0)
    village_rows = [*villages, *(0 if kind == "社区" else total_villages for kind in sums.index)]
    titles = [row_title(str(kind), language) for kind in sums.index]
    table = pd.concat([streets, sums], ignore_index=True)
    table.index = pd.Index([*area_names(areas, language), *titles], name="street")
    named = table.assign(
        villages=village_rows,
        population=_population(communities, areas, streets.index, sums.index),
        share_60=table["elderly_60_share"],
        uncovered_60=table["elderly_60"] - table["elderly_60_covered"],
        **counts,
    )
    return named.astype(dict.fromkeys(("communities", "villages", *counts), int))


def _population(
    communities: pd.DataFrame, areas: Rollup, streets: pd.Index, kinds: pd.Index
) -> list[float]:
    """Return the ledger's population by row; NaN where that of any community is unknown."""
    table = pd.DataFrame(
        {
            "people": communities.reindex(columns=["population"])["population"].astype(float),
            "street": areas.level("community")["parent"].reindex(communities.index),
            "kind": communities["community_kind"],
        }
    )

    def summed(rows: pd.DataFrame) -> float:
        return float(rows["people"].sum(skipna=False)) if len(rows) else np.nan

    return [
        *(summed(table[table["street"] == street]) for street in streets),
        *(summed(table if kind == TOTAL else table[table["kind"] == kind]) for kind in kinds),
    ]


_KEYS: Final = {"社区": "communities", "村": "villages", TOTAL: "total"}
