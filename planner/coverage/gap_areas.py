"""Gap areas: where elders who are left out live close together, walled by what severs them.

A gap is a group of homes of which each is within a short walk of another, so that a river, a
railway or a wall without a way through ends it, and no grid does. Everybody left out is in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from planner import tables, units
from planner.coverage.community_centre import most_elders
from planner.coverage.gap_causes import GAP_CAUSES, LeftOut
from planner.coverage.gap_outlines import gap_outlines
from planner.errors import TableError
from planner.labels import message

LINK_MINUTES: Final = 5.0
"""Homes this near on foot are of one gap unless the caller says otherwise: those of one five-minute
circle (GB 50180-2018's smallest), some 250 m at the pace of elders. That this links homes is our
own choice; less breaks a gap at every wide street."""

LIST_MARK: Final = "、"
_FACTS: Final = ("name", "community_kind", "street")


@dataclass(frozen=True, eq=False)
class GapAreas:
    """The gaps of a plan.

    Parameters
    ----------
    areas
        One row a gap, worst first; see :func:`gap_areas`.
    places
        ``gap, community, name, community_kind, street``, ``rows`` and the persons left out in
        each community of each gap; gaps worst first, in each the most elders first.
    barriers
        ``gap, cause, barrier_kind, barrier``, ``rows`` and ``elderly_60``: what severs whom.
    members
        Index resident ids in sorted order: ``gap`` and the columns of
        :class:`planner.coverage.gap_causes.LeftOut`'s rows.
    people_columns
        The people columns, population first where known; 60+ always.
    without_elders
        Resident rows left out that are in no gap: nobody of 60+ is known in all of their group.
    """

    areas: GeoDataFrame
    places: pd.DataFrame
    barriers: pd.DataFrame
    members: pd.DataFrame
    people_columns: tuple[str, ...]
    without_elders: int


def _named_groups(rows: pd.DataFrame) -> pd.Series:
    """Return each row's gap id: the community of most of its elders, and a number within it.

    Gaps of one community are numbered in the order of their least resident ids: neither a
    change of figures nor the order of a ledger renames them.
    """
    group = rows["together"]
    main = most_elders(group, rows["community"], rows["elderly_60"])
    order = pd.DataFrame({"community": main, "group": main.index})
    order = order.sort_values(["community", "group"])
    number = order.groupby("community").cumcount() + 1
    names = order["community"].astype(str) + "-" + number.astype(str)
    return group.map(names).astype(object)


def _joined_lists(table: pd.DataFrame, column: str) -> pd.Series:
    """Return, by gap, the entries of a column, each once, joined by 、, in the table's order."""
    known = table[table[column].notna()]
    return known.groupby("gap", sort=False)[column].agg(
        lambda one: LIST_MARK.join(dict.fromkeys(one.astype(str)))
    )


def _places(members: pd.DataFrame, communities: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    sums = members.groupby(["gap", "community"])[people].sum()
    sums.insert(0, "rows", members.groupby(["gap", "community"]).size())
    table = sums.reset_index()
    facts = communities.reindex(columns=list(_FACTS)).astype(object)
    table = table.join(facts, on="community")
    table["rounded"] = -table["elderly_60"].round(3)
    table = table.sort_values(["gap", "rounded", "community"], ignore_index=True)
    return table[["gap", "community", *_FACTS, "rows", *people]]


def _walked(members: pd.DataFrame) -> pd.DataFrame:
    """Return minutes to the nearest centre by gap, of the elders who have a walk."""
    walking = members[members["walk_minutes"].notna() & (members["elderly_60"] > 0)]
    elders = walking["elderly_60"]
    by_gap = walking.groupby("gap")["walk_minutes"]
    reached = elders.groupby(walking["gap"]).sum()
    total = (walking["walk_minutes"] * elders).groupby(walking["gap"]).sum()
    return pd.DataFrame(
        {
            "nearest_centre": most_elders(walking["gap"], walking["nearest"], elders),
            "elderly_60_walking": reached,
            "walk_minutes_least": by_gap.min(),
            "walk_minutes_mean": total / reached,
            "walk_minutes_largest": by_gap.max(),
        }
    )


def _causes(members: pd.DataFrame) -> pd.DataFrame:
    """Return by gap the persons of 60+ of each cause, and the cause of most of them."""
    sums = members.pivot_table(
        index="gap", columns="cause", values="elderly_60", aggfunc="sum", fill_value=0.0
    ).reindex(columns=list(GAP_CAUSES), fill_value=0.0)
    # Rounded, so that a tie of two sums falls to the first cause, not to their last bits.
    most = sums.round(6).to_numpy().argmax(axis=1) if len(sums) else np.empty(0, dtype=int)
    causes = sums.add_prefix("elderly_60_").rename_axis(columns=None)
    causes.insert(0, "cause", np.array(GAP_CAUSES, dtype=object)[most])
    speaking = members[members["centre"].notna()]
    main = speaking[speaking["cause"] == speaking["gap"].map(causes["cause"])]
    centre = most_elders(main["gap"], main["centre"], main["elderly_60"])
    return causes.assign(cause_centre=centre.reindex(causes.index).astype(object))


def _barriers(members: pd.DataFrame) -> pd.DataFrame:
    key = ["gap", "cause", "barrier_kind", "barrier"]
    blamed = members[members["barrier_kind"] != ""]
    table = blamed.groupby(key)["elderly_60"].agg(["size", "sum"]).reset_index()
    table = table.rename(columns={"size": "rows", "sum": "elderly_60"})
    table["rounded"] = -table["elderly_60"].round(3)
    table = table.sort_values(["gap", "rounded", *key[1:]], ignore_index=True)
    return table[[*key, "rows", "elderly_60"]]


def _ranked(areas: pd.DataFrame) -> pd.Index:
    order = np.lexsort((areas.index.to_numpy(dtype=str), -areas["elderly_60"].round(3).to_numpy()))
    return areas.index[order]


def _in_order(table: pd.DataFrame, gaps: pd.Index) -> pd.DataFrame:
    order = np.argsort(gaps.get_indexer(pd.Index(table["gap"])), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def gap_areas(
    left_out: LeftOut,
    together: pd.Series,
    communities: pd.DataFrame,
    points: GeoDataFrame,
    *,
    reach_m: float,
    barriers: GeoDataFrame | None = None,
) -> GapAreas:
    """Return where elders who are left out live close together, worst first.

    Parameters
    ----------
    left_out
        What :func:`planner.coverage.gap_causes.left_out` returned.
    together
        Group of each of its rows, as :func:`planner.coverage.grouping.walking_groups` named it.
    communities
        A :data:`planner.tables.COMMUNITIES` table; geometry is not needed.
    points
        *All* residents as points in a metre CRS, covered ones too, by id.
    reach_m
        How far the ground of a door goes (:func:`reach_of_link`: linked doors' grounds meet).
    barriers
        Barriers in that CRS, which part outlines; None where nobody knows of any.

    Returns
    -------
    GapAreas
        Index of its areas ``gap``: community and number, as ``990401001001-2``. Sorted by
        ``elderly_60`` (to the thousandth of a person), most first, then by id. Columns: ``rank``
        from 1; ``community`` (where most of its elders live) with its ``name, community_kind,
        street``; ``communities`` and ``streets`` (joined by 、, most elders first); ``rows``; the
        people columns: persons left out; ``cause`` (of most of its elders; of equal ones the first
        of :data:`planner.coverage.gap_causes.GAP_CAUSES`), ``elderly_60_<cause>`` for each, and
        ``cause_centre`` (that of which the cause speaks to most of them; missing without);
        ``barrier_kind, barrier`` (what severs most of them; missing where nothing does);
        ``nearest_centre`` (to most who have a walk), ``walk_minutes_least``, ``…_mean`` (weighted
        by elders) and ``…_largest``, over the ``elderly_60_walking`` who have a walk; ``area_m2``
        and the outline. Sums over gaps are those over the rows left out.

    Raises
    ------
    TableError
        If ``together`` or ``points`` lack rows, or a CRS is in degrees.
    """
    rows = left_out.rows
    for name, ids in (("together", together.index), ("points", points.index)):
        absent = rows.index.difference(ids)
        if len(absent):
            told = message("gaps.rows_missing", table=name, ids=tables.listed(absent))
            raise TableError(message("gaps.refused"), [told])
    rows = rows.assign(together=together.reindex(rows.index))
    elders = rows["elderly_60"].groupby(rows["together"]).transform("sum")
    kept = rows[elders > 0]
    members = kept.drop(columns="together")
    members.insert(0, "gap", _named_groups(kept))
    people = list(left_out.people_columns)
    places = _places(members, communities, people)
    severed = _barriers(members)
    by_gap = members.groupby("gap")
    areas = by_gap[people].sum()
    areas.insert(0, "rows", by_gap.size())
    main = places.drop_duplicates("gap").set_index("gap")[["community", *_FACTS]]
    worst = severed.drop_duplicates("gap").set_index("gap")[["barrier_kind", "barrier"]]
    table = pd.concat(
        [
            main.reindex(areas.index),
            pd.DataFrame(
                {name: _joined_lists(places, one) for name, one in _LISTS.items()}
            ).reindex(areas.index),
            areas,
            _causes(members),
            worst.reindex(areas.index).astype(object),
            _walked(members).reindex(areas.index),
        ],
        axis="columns",
    )
    outlines = gap_outlines(points, members["gap"], reach_m=reach_m, barriers=barriers)
    order = _ranked(table)
    table = table.reindex(order).rename_axis("gap")
    table.insert(0, "rank", range(1, len(table) + 1))
    outlines = outlines.reindex(order)
    drawn = GeoDataFrame(
        table.assign(area_m2=outlines.area), geometry=outlines.to_numpy(), crs=points.crs
    )
    return GapAreas(
        areas=drawn,
        places=_in_order(places, order),
        barriers=_in_order(severed, order),
        members=members,
        people_columns=left_out.people_columns,
        without_elders=len(rows) - len(kept),
    )


_LISTS: Final = {"communities": "community", "streets": "street"}


def reach_of_link(link_minutes: float, speed_m_s: float) -> float:
    """Return how far the ground of a door goes in metres: half of the longest link."""
    return units.metres_from_minutes(link_minutes, speed_m_s) / 2
