"""Coverage summed by community, by street and over the district; every sum adds up to the rows."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner import tables, units
from planner.coverage.walking import Coverage, sorted_people
from planner.errors import TableError
from planner.labels import message

OUTSIDE: Final = "outside"
"""Id of the row of those who live outside every community of the ledger."""

UNNAMED: Final = "unnamed"
"""Id of the row of those whose community names no street."""

_COMMUNITY_FACTS: Final = ("name", "community_kind", "street")


def shares(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return ``part / whole`` row by row, NaN where there is no whole (:func:`units.share`)."""
    values = [
        units.share(one, all_) for one, all_ in zip(part.to_list(), whole.to_list(), strict=True)
    ]
    return pd.Series(values, index=part.index, dtype=float)


def community_of(coverage: Coverage, communities: pd.DataFrame) -> pd.Series:
    """Return the community id of every resident row, :data:`OUTSIDE` where it is in none.

    A missing id, and one that the communities table does not hold, are both outside.
    """
    if OUTSIDE in communities.index:
        raise TableError(
            message("tables.refused", table="communities"),
            [message("coverage.outside_taken", id=OUTSIDE)],
        )
    residents = coverage.residents
    if "community" not in residents.columns:
        return pd.Series(OUTSIDE, index=residents.index, dtype=object, name="community")
    named = residents["community"].astype(object)
    return named.where(named.isin(communities.index), OUTSIDE)


def _measures(coverage: Coverage) -> pd.DataFrame:
    """Return one numeric row a resident row, whose column sums are the figures of an area."""
    residents = coverage.residents
    people = sorted_people(residents, coverage.people_columns)
    state = residents["state"].reindex(people.index).to_numpy()
    unknown = residents["elderly_60"].isna().reindex(people.index)
    columns: dict[str, pd.Series] = {
        "rows": pd.Series(1, index=people.index),
        "rows_unknown_elders": unknown.astype(int),
    }
    for name in coverage.people_columns:
        columns[name] = people[name]
    for name in coverage.elderly_columns:
        columns[f"{name}_covered"] = people[name] * (state == "covered")
    for walking_state in tables.WALKING_STATES:
        inside = state == walking_state
        columns[f"rows_{walking_state}"] = pd.Series(inside.astype(int), index=people.index)
        columns[f"elderly_60_{walking_state}"] = people["elderly_60"] * inside
    return pd.DataFrame(columns)


def _with_shares(sums: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    added = {
        f"{name}_share": shares(sums[f"{name}_covered"], sums[name])
        for name in coverage.elderly_columns
    }
    counts = {name: int for name in sums.columns if name.startswith("rows")}
    return sums.astype(counts).assign(**added)


def _sums(coverage: Coverage, keys: pd.Series) -> pd.DataFrame:
    measures = _measures(coverage)
    return measures.groupby(keys.reindex(measures.index).to_numpy()).sum()


def by_community(coverage: Coverage, communities: pd.DataFrame) -> pd.DataFrame:
    """Return coverage by community.

    Parameters
    ----------
    coverage
        What :func:`planner.coverage.walking.coverage` gave.
    communities
        A :data:`planner.tables.COMMUNITIES` table; geometry is not needed.

    Returns
    -------
    DataFrame
        One row for each community in the caller's order, also where nobody lives in it, and a
        last row :data:`OUTSIDE` if anybody lives outside them all. Columns: ``name,
        community_kind, street``; ``rows``; ``rows_unknown_elders`` (rows whose 60+ is missing);
        the people columns of the residents; for each elderly column ``…_covered`` and
        ``…_share`` (0 to 1, NaN without elders); and ``rows_<state>``, ``elderly_60_<state>``
        for each walking state.
    """
    tables.check(tables.COMMUNITIES, communities, geometry=False)
    sums = _sums(coverage, community_of(coverage, communities))
    index = communities.index.to_list() + ([OUTSIDE] if OUTSIDE in sums.index else [])
    table = _with_shares(sums.reindex(index, fill_value=0), coverage)
    facts = communities.reindex(columns=list(_COMMUNITY_FACTS)).astype(object).reindex(index)
    return pd.concat([facts, table], axis="columns").rename_axis("community")


def by_street(coverage: Coverage, communities: pd.DataFrame) -> pd.DataFrame:
    """Return coverage by street (街道/镇).

    Parameters
    ----------
    coverage, communities
        As for :func:`by_community`.

    Returns
    -------
    DataFrame
        One row for each street in the order of their names; then :data:`UNNAMED` for
        communities without a street, and :data:`OUTSIDE` for those who live in no community,
        each if there are any. Columns: ``communities`` and ``villages`` (how many of each), and
        the figures of :func:`by_community`.
    """
    tables.check(tables.COMMUNITIES, communities, geometry=False)
    streets = communities.reindex(columns=["street"])["street"].astype(object)
    streets = streets.where(streets.notna(), UNNAMED)
    keys = community_of(coverage, communities).map({**streets.to_dict(), OUTSIDE: OUTSIDE})
    sums = _sums(coverage, keys)
    named = sorted(set(streets) - {UNNAMED, OUTSIDE})
    last = [key for key in (UNNAMED, OUTSIDE) if key in set(streets) or key in sums.index]
    table = _with_shares(sums.reindex(named + last, fill_value=0), coverage)
    village = communities["community_kind"] == "村"
    counts = pd.DataFrame(
        {
            "communities": (~village).groupby(streets.to_numpy()).sum(),
            "villages": village.groupby(streets.to_numpy()).sum(),
        }
    ).reindex(named + last, fill_value=0)
    return pd.concat([counts.astype(int), table], axis="columns").rename_axis("street")


def district(coverage: Coverage) -> pd.Series:
    """Return the figures of the whole district: the columns of :func:`by_community`, summed.

    Everybody counts, also those outside every community. Shares are NaN without elders.
    """
    sums = _sums(coverage, pd.Series("district", index=coverage.residents.index, dtype=object))
    if sums.empty:
        sums = sums.reindex(["district"], fill_value=0)
    figures: pd.Series = _with_shares(sums, coverage).astype(object).iloc[0]
    return figures
