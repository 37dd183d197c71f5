"""Each community's part of what its service group requires, holds and lacks; neighbours, centres.

A centre serves a group of communities, and the group's area is required and held by all of them
together. What is each one's part of it is told by its elders (:func:`group_shares`); the parts of
a group add up to the group, those of streets and of the district to the sums over groups.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.joining import Joins
from planner.standards.floor_area.required import required_floor_areas
from planner.standards.floor_area.service_groups import ServiceGroups
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import LIST_MARK

SHARED: Final = ("required_m2", "held_known_m2", "held_m2", "shortfall_m2", "surplus_m2")
"""Figures of a group that its communities share."""

SHARED_BY: Final = ("elders", "population", "alone", "")
"""What a community's share of its group is told by; empty where nobody knows it."""

SIZES: Final = ("unknown", "below", "class", "above")
"""A community by itself: people unknown, below the least class, of a class, above the greatest."""


def group_shares(people: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return each community's share of its group: by elders, else by population.

    Population stands in where the elders of one of the group's communities are not known: a group
    whose population is known is judged without its elders.

    Parameters
    ----------
    people
        ``population`` and ``elderly_60`` by community; NaN and 0 are unknown.
    groups
        Group by community id, the same ids.

    Returns
    -------
    DataFrame
        ``share`` (those of a group add up to 1; NaN where neither is known, but 1 for a community
        that is alone in its group) and ``share_by`` (:data:`SHARED_BY`).
    """
    keys = groups.to_numpy()
    size = people["population"].groupby(keys).transform("size")
    share = pd.Series(np.nan, index=people.index)
    shared_by = pd.Series("", index=people.index, dtype=object)
    for column, name in (("elderly_60", "elders"), ("population", "population")):
        known = people[column].astype(float)
        known = known.where(known > 0)
        by_group = known.groupby(keys)
        # A sum with a missing part is missing.
        total = by_group.transform("sum").where(by_group.transform("count") == size)
        open_ = share.isna() & (total > 0)
        share = share.where(~open_, known / total)
        shared_by = shared_by.where(~open_, name)
    alone = size == 1
    return pd.DataFrame(
        {"share": share.where(~alone, 1.0), "share_by": shared_by.where(~alone, "alone")}
    )


def community_areas(
    communities: pd.DataFrame, groups: ServiceGroups, group_areas: pd.DataFrame, *, book: RuleBook
) -> pd.DataFrame:
    """Return of every community (社区) its part of its group's areas, and its own class.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    groups
        Its service groups.
    group_areas
        :func:`planner.standards.floor_area.group_area.group_areas`.
    book
        The rule book.

    Returns
    -------
    DataFrame
        By community id, sorted (villages have no class, and no row): ``group``, ``share,
        share_by`` (:func:`group_shares`), ``served_with`` (the other communities of the group,
        ids joined by 、), ``required_m2, held_known_m2, held_m2, shortfall_m2, surplus_m2`` (its
        part; NaN where the group's or its share is unknown), ``result`` (the group's); of the
        community by itself
        ``size`` (:data:`SIZES`), ``centre_class`` (above the greatest class, of each equal part),
        and ``centres_needed``; ``group_centres_needed`` and ``group_centres``.
    """
    group = groups.community_group.sort_index()
    people = communities.loc[group.index].reindex(columns=["population", "elderly_60"])
    people = people.astype(float)
    shared = group_shares(people, group)
    of_group = group_areas.reindex(group.to_numpy()).set_axis(group.index, axis="index")
    own = required_floor_areas(people, book=book)
    population = people["population"].where(people["population"] > 0)
    size = np.select(
        [
            population.isna(),
            population < book.classes[0].population_from,
            own["centres_needed"] > 1,
        ],
        ["unknown", "below", "above"],
        "class",
    ).astype(object)
    table = of_group[list(SHARED)].mul(shared["share"], axis="index")
    return table.assign(
        group=group,
        share=shared["share"],
        share_by=shared["share_by"],
        served_with=_others(group),
        result=of_group["result"],
        size=size,
        centre_class=own["centre_class"],
        centres_needed=own["centres_needed"],
        group_centres_needed=of_group["centres_needed"],
        group_centres=of_group["centre_count"],
    ).rename_axis("community")


def _others(group: pd.Series) -> pd.Series:
    """Return the other communities of each one's group, ids joined."""
    members = pd.Series(group.index, index=group.index).groupby(group.to_numpy()).agg(list)
    found = [
        LIST_MARK.join(str(other) for other in members[name] if other != one)
        for one, name in group.items()
    ]
    return pd.Series(found, index=group.index, dtype=object)


SUMS: Final = ("required_m2", "held_m2", "shortfall_m2", "surplus_m2")


def rolled_up(areas: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return required, held and short by street or over the district, of what is known.

    Parameters
    ----------
    areas
        :func:`community_areas`.
    keys
        Street (or one word for all) by community id.

    Returns
    -------
    DataFrame
        Index = keys, sorted: ``communities``, ``required_m2, held_m2, shortfall_m2, surplus_m2``
        (sums over communities of groups that are known, whose shares are), ``unknown`` (the
        communities of the others: in no sum), ``short`` (communities of groups that are short),
        ``needing_more`` (of groups with fewer centres than they need), ``below`` and ``above``
        (by their own size).
    """
    named = keys.reindex(areas.index).to_numpy()
    known = areas["shortfall_m2"].notna()
    figures = areas[list(SUMS)].where(known, 0.0)
    wide = figures.assign(
        communities=1,
        unknown=(~known).astype(int),
        short=(known & (areas["result"] == "short")).astype(int),
        needing_more=(areas["group_centres_needed"] > areas["group_centres"]).astype(int),
        below=(areas["size"] == "below").astype(int),
        above=(areas["size"] == "above").astype(int),
    )
    return wide.groupby(named).sum()


def spanning(areas: pd.DataFrame, streets: pd.Series) -> pd.DataFrame:
    """Return the groups whose communities lie in several streets.

    Parameters
    ----------
    areas
        :func:`community_areas`.
    streets
        Street by community id.

    Returns
    -------
    DataFrame
        By group id: ``streets`` (joined by 、) and ``communities`` (how many).
    """
    named = pd.DataFrame({"street": streets.reindex(areas.index), "group": areas["group"]})
    by_group = named.groupby("group")["street"]
    found = pd.DataFrame(
        {
            "streets": by_group.agg(lambda part: LIST_MARK.join(sorted(set(part)))),
            "communities": by_group.size(),
        }
    )
    return found[found["streets"].str.contains(LIST_MARK, regex=False)]


def joined_with(areas: pd.DataFrame, base: pd.Series, joins: Joins) -> pd.DataFrame:
    """Return with whom each community is joined where its group is below the least class.

    Parameters
    ----------
    areas
        :func:`community_areas`, whatever its reading of small groups.
    base
        Group by community id before any joining.
    joins
        :func:`planner.standards.floor_area.joining.join_small_groups` of those groups.

    Returns
    -------
    DataFrame
        Index as ``areas``: ``joins`` (communities of other groups that it is joined with until
        the least class is reached, ids joined by 、; empty where none), and of the step that
        joined its group first ``join_how`` (:data:`planner.standards.floor_area.joining.HOW`;
        missing where none), ``join_minutes`` (NaN for an air-line) and ``join_apart_m``.
    """
    base = base.reindex(areas.index)
    ended = base.map(joins.ends).astype(object)
    members = pd.Series(areas.index, index=areas.index).groupby(ended.to_numpy()).agg(list)
    groups = base.to_dict()
    listed = [
        LIST_MARK.join(str(other) for other in members[end] if groups[other] != groups[one])
        for one, end in ended.items()
    ]
    told = _first_steps(joins.steps).reindex(base.to_numpy()).set_axis(areas.index, axis="index")
    return pd.DataFrame(
        {
            "joins": pd.Series(listed, index=areas.index, dtype=object),
            "join_how": told["how"].astype(object),
            "join_minutes": told["walk_minutes"].astype(float),
            "join_apart_m": told["apart_m"].astype(float),
        }
    )


def _first_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the step in which each group was first joined, by the group's id."""
    long = pd.concat(
        [
            steps.assign(name=steps[side], order=range(len(steps)))
            for side in ("group", "joined_with")
        ]
    )
    ordered = long.sort_values("order", kind="stable")
    return ordered.drop_duplicates("name").set_index("name")
