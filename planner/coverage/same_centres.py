"""Which centres of two runs, or of two lists, are the same: by id, by name, by place.

An id alone proves nothing: a ledger numbered 1 to N is numbered anew when a row goes. Two of the
three, id, name and place, say that it is the same centre; one alone, only where nobody else could
be meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.units import FloatArray

MOVED_M: Final = 10.0
"""A centre whose entrance is farther than this from where it was has moved; less is a ledger's
better knowledge (our own choice)."""

SAME_BY: Final = ("id", "name", "place")
"""What told that a centre is the same."""

GONE_MARK: Final = "′"
"""Stands behind the id of a centre that is no more, where another has its id now."""

COLUMNS: Final = ("name", "centre_kind", "easting_m", "northing_m")


@dataclass(frozen=True, eq=False)
class SameCentres:
    """The centres of an earlier table found again in a later one.

    Parameters
    ----------
    pairs
        Index: ids before, sorted; ``after`` (id) and ``by`` (:data:`SAME_BY`). One to one.
    other
        Ids that both tables use, for two centres: neither name nor place agrees, or the place alone
        and the name is that of another.
    unclear
        Ids before that are found again by nothing, though name or place fit one centre after, or
        several, which fit others too.
    bare
        Ids found again by nothing but the id: no name and no place could be held against it.
    shared
        Ids found again by the id and a name that other centres bear, too: where ids are row
        numbers, that proves nothing.
    keys
        By each id before: the id after, where it was found again; else its own, marked with
        :data:`GONE_MARK` where another centre has it after. With the ids after, unique.
    """

    pairs: pd.DataFrame
    other: tuple[str, ...]
    unclear: tuple[str, ...]
    bare: tuple[str, ...]
    shared: tuple[str, ...]
    keys: Mapping[str, str]

    @property
    def after(self) -> dict[str, str]:
        """Id after by id before, of the centres found again."""
        return {str(one): str(two) for one, two in self.pairs["after"].items()}

    @property
    def counts(self) -> dict[str, int]:
        """Number of centres found again by what told it (:data:`SAME_BY`)."""
        found = self.pairs["by"].value_counts()
        return {name: int(found.get(name, 0)) for name in SAME_BY}


def same_centres(before: pd.DataFrame, after: pd.DataFrame) -> SameCentres:
    """Tell which centres of two tables are the same.

    Strongest first, each centre once: id, name and place; name and place; id and a name that
    nobody else bears; id and place, where names were only exchanged among such; such a name alone:
    whoever bears it moved, even into the rooms and to the number of one that is gone; id and place;
    a place alone, of one kind; id and a name that others bear, too; an id, where neither names nor
    places can be held against each other.
    Names are the same but for spaces, capitals and full-width signs, places within
    :data:`MOVED_M`. An id with another name at another place is another centre.

    Parameters
    ----------
    before, after
        Centres by id, in any order; of :data:`COLUMNS` what is known: absent columns and missing
        cells are unknown. Places in one metre CRS. A list without places is matched by ids and
        names alone.

    Raises
    ------
    ValueError
        If an id stands twice in one table.
    """
    one, two = _known(before), _known(after)
    near, names = _near(one, two), _unique_names(one, two)
    numbered = _by_id(one, two)
    exchanged = numbered["before"].isin(_exchanged(numbered[numbered["rank"] == _ID_PLACE], names))
    pairs = pd.concat(
        [
            numbered,
            numbered[exchanged].assign(rank=3),
            near[near["same_name"]].assign(rank=1),
            names.assign(rank=4),
            near[near["same_kind"]].assign(rank=6),
        ],
        ignore_index=True,
    )
    kept: list[pd.DataFrame] = []
    left, come = one, two
    for rank, by in enumerate(_BY_RANK):
        asked = pairs[pairs["rank"] == rank]
        asked = asked[asked["before"].isin(left.index) & asked["after"].isin(come.index)]
        alone = ~(asked.duplicated("before", keep=False) | asked.duplicated("after", keep=False))
        asked = asked.loc[alone, ["before", "after"]].assign(by=by)
        kept.append(asked)
        left = left[~left.index.isin(asked["before"])]
        come = come[~come.index.isin(asked["after"])]
    found = pd.concat(kept).set_index("before").astype(object).sort_index()
    # A name after is no one's yet, too, where whoever has it was found by something else.
    was, now = one["plain"].reindex(found.index), two["plain"].reindex(found["after"])
    others = now[(was.notna().to_numpy() & (was.to_numpy() != now.to_numpy()))]
    here = left["plain"].notna() & left["plain"].isin([*come["plain"].dropna(), *others.dropna()])
    there = near[near["after"].isin(come.index) & near["same_kind"]]["before"]
    unclear = left.index[here | left.index.isin(there)]
    used, again = set(two.index), found["after"].to_dict()

    def by_id(rank: int) -> tuple[str, ...]:
        ids = numbered.loc[numbered["rank"] == rank, "before"]
        return tuple(str(i) for i in ids if again.get(i) == i)

    return SameCentres(
        pairs=found.rename_axis("before"),
        other=tuple(i for i in one.index if i in used and again.get(i) != i),
        unclear=tuple(str(i) for i in unclear),
        bare=by_id(_BARE),
        shared=by_id(_SHARED),
        keys={str(i): str(again.get(i, f"{i}{GONE_MARK}" if i in used else i)) for i in one.index},
    )


_BY_RANK: Final = ("id", "name", "id", "id", "name", "id", "place", "id", "id")
_ID_PLACE: Final = 5
_SHARED: Final = 7
_BARE: Final = 8


def _known(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table's plain names, kinds and places by id, sorted."""
    if table.index.has_duplicates:
        text = "an id stands twice"
        raise ValueError(text)
    plain = table.reindex(columns=list(COLUMNS))
    names = [_plain_name(one) for one in plain["name"]]
    return (
        pd.DataFrame(
            {
                "plain": pd.Series(names, index=table.index, dtype=object),
                "kind": plain["centre_kind"].astype(object),
                "easting_m": plain["easting_m"].astype(float),
                "northing_m": plain["northing_m"].astype(float),
            }
        )
        .set_axis(pd.Index([str(one) for one in table.index], dtype=object))
        .sort_index()
    )


def _plain_name(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()) or None


def _points(table: pd.DataFrame) -> FloatArray:
    return table[["easting_m", "northing_m"]].to_numpy(dtype=float)


def _by_id(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of one id, ranked by what else agrees; none where something speaks against."""
    ids = one.index.intersection(two.index)
    was, now = one.loc[ids], two.loc[ids]
    names = was["plain"].notna().to_numpy() & now["plain"].notna().to_numpy()
    same_name = names & (was["plain"].to_numpy() == now["plain"].to_numpy())
    apart_m = np.hypot(*(_points(was) - _points(now)).T)
    same_place, places = apart_m <= MOVED_M, ~np.isnan(apart_m)
    only = ~(_shared(one)[ids].to_numpy() | _shared(two)[ids].to_numpy())
    rank = np.select(
        [same_name & same_place, same_name & only, same_place, same_name, ~names & ~places],
        [0, 2, _ID_PLACE, _SHARED, _BARE],
        -1,
    )
    table = pd.DataFrame({"before": ids, "after": ids, "rank": rank})
    return table[table["rank"] >= 0]


def _exchanged(pairs: pd.DataFrame, names: pd.DataFrame) -> set[str]:
    """Return the ids, of pairs of one id and place, whose names went round among them alone.

    Parameters
    ----------
    pairs
        ``before`` and ``after`` of pairs of one id and place whose names differ.
    names
        The same of :func:`_unique_names`: who bears the name after.
    """
    bears = dict(zip(names["before"], names["after"], strict=True))
    bore = dict(zip(names["after"], names["before"], strict=True))
    kept = set(pairs["before"])
    # Whoever of a round is no pair of one id and place opens it: then it is none.
    while open_ends := {i for i in kept if bears.get(i) not in kept or bore.get(i) not in kept}:
        kept -= open_ends
    return kept


def _shared(table: pd.DataFrame) -> pd.Series:
    """Tell of each centre whether others bear its name."""
    return table["plain"].notna() & table["plain"].duplicated(keep=False)


def _near(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that stand at one place, and whether name and kind agree."""
    was, now = (
        one.dropna(subset=["easting_m", "northing_m"]),
        two.dropna(subset=["easting_m", "northing_m"]),
    )
    tree = shapely.STRtree(gpd.points_from_xy(now["easting_m"], now["northing_m"]))
    points = gpd.points_from_xy(was["easting_m"], was["northing_m"])
    first, second = tree.query(points, predicate="dwithin", distance=MOVED_M)
    was, now = was.iloc[first], now.iloc[second]
    kinds = was["kind"].notna().to_numpy() & now["kind"].notna().to_numpy()
    return pd.DataFrame(
        {
            "before": was.index,
            "after": now.index,
            "same_name": was["plain"].notna().to_numpy()
            & (was["plain"].to_numpy() == now["plain"].to_numpy()),
            "same_kind": ~kinds | (was["kind"].to_numpy() == now["kind"].to_numpy()),
        }
    ).astype({"before": object, "after": object, "same_name": bool, "same_kind": bool})


def _unique_names(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of a name that one centre of each table bears."""
    parts = [
        table.loc[~_shared(table) & table["plain"].notna(), "plain"].rename_axis(side)
        for table, side in ((one, "before"), (two, "after"))
    ]
    return parts[0].reset_index().merge(parts[1].reset_index(), on="plain")[["before", "after"]]
