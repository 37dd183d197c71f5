"""Which centres operate, and which communities a ledger says that a centre serves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from planner import tables

DAY_CARE: Final = "日间照料"
_BETWEEN: Final = re.compile(r"[、,，;；]")


@dataclass(frozen=True, eq=False)
class NamedCommunities:
    """The communities that ledgers name as served.

    Parameters
    ----------
    pairs
        ``centre, community``: one row for each community that a centre names, by ids.
    unmatched
        ``centre, entry``: what is named but is no community of the ledger.
    """

    pairs: pd.DataFrame
    unmatched: pd.DataFrame


def operating(centres: pd.DataFrame, centre_kinds: Sequence[str] = (DAY_CARE,)) -> pd.DataFrame:
    """Return the centres of these kinds that operate (运营) today, in the caller's order."""
    open_ = centres["status"] == tables.OPEN_STATUS
    return centres.loc[open_ & centres["centre_kind"].isin(list(centre_kinds))]


def named_communities(centres: pd.DataFrame, communities: pd.DataFrame) -> NamedCommunities:
    """Resolve each centre's ``serves`` list to community ids.

    An entry is a community's id, or its name where no other community has that name; any
    other entry is listed as unmatched and joins nothing.

    Parameters
    ----------
    centres
        A :data:`planner.tables.CENTRES` table; all its rows are read, whatever their status.
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    """
    unique_names = communities["name"][~communities["name"].duplicated(keep=False)].dropna()
    ids = communities.index.tolist()
    known = dict(zip(unique_names.tolist(), unique_names.index.tolist(), strict=True))
    known |= dict(zip(ids, ids, strict=True))
    lists = centres.reindex(columns=["serves"])["serves"].dropna()
    entries = [
        (centre, entry.strip(), known.get(entry.strip()))
        for centre, listed in lists.items()
        for entry in _BETWEEN.split(str(listed))
        if entry.strip()
    ]
    table = pd.DataFrame(entries, columns=["centre", "entry", "community"], dtype=object)
    found = table["community"].notna()
    pairs = table.loc[found, ["centre", "community"]].drop_duplicates()
    unmatched = table.loc[~found, ["centre", "entry"]]
    return NamedCommunities(
        pairs=pairs.sort_values(["centre", "community"], ignore_index=True),
        unmatched=unmatched.sort_values(["centre", "entry"], ignore_index=True),
    )
