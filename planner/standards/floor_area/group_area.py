"""Each service group's required and held floor area, and what is short."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from planner.standards.floor_area.held import TO_CHECK_NOTES
from planner.standards.floor_area.listing import listed_by
from planner.standards.floor_area.required import required_floor_areas
from planner.standards.floor_area.service_groups import ServiceGroups
from planner.standards.rulebooks.clauses import RuleBook
from planner.standards.rulebooks.wording import SAME_M2
from planner.tables import LIST_MARK

AREA_TOLERANCE_M2: Final = SAME_M2
"""Slack of "held meets required"."""

RESULTS: Final = ("meets", "short", "unknown", "not_applicable")


def group_people(communities: pd.DataFrame, groups: ServiceGroups) -> pd.DataFrame:
    """Return ``communities, community_names, community_count, population, elderly_60`` by group.

    The people of a group are unknown (NaN) where those of one of its communities are. A
    population of 0 is one that is not known, and so are elders of 0: among people there are elders.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    groups
        Its service groups.
    """
    group = groups.community_group.sort_index()
    people = communities.reindex(columns=["population", "elderly_60"]).loc[group.index]
    people = people.astype(float)
    people = people.where(people > 0)
    by_group = people.groupby(group.to_numpy())
    size = by_group.size()
    # A sum with a missing part is missing: count tells whether each part was there.
    sums = by_group.sum().where(by_group.count().eq(size, axis="index"))
    names = communities["name"].astype(object).loc[group.index]
    names = names.where(names.notna(), pd.Series(names.index, index=names.index))
    table = pd.DataFrame(
        {
            "communities": listed_by(group, group.index),
            "community_names": listed_by(group, names),
            "community_count": size,
        }
    )
    return pd.concat([table, sums], axis="columns").rename_axis("group")


def _held(groups: ServiceGroups, areas: pd.DataFrame) -> pd.DataFrame:
    """Return what the centres of each group hold; groups without centres are absent."""
    table = areas.assign(group=groups.centre_group).sort_index()
    table = table[table["group"].notna()]
    by_group = table.groupby("group")
    to_check = table["area_note"].isin(TO_CHECK_NOTES)
    return pd.DataFrame(
        {
            "centres": listed_by(table["group"], table.index),
            "centre_count": by_group.size(),
            "held_known_m2": by_group["counted_m2"].sum(),
            "centres_unknown_area": by_group.size() - by_group["counted_m2"].count(),
            "held_to_check": to_check.groupby(table["group"].to_numpy()).any(),
        }
    )


def group_areas(
    communities: pd.DataFrame,
    groups: ServiceGroups,
    areas: pd.DataFrame,
    *,
    book: RuleBook,
    per_elder_decides: bool = False,
) -> pd.DataFrame:
    """Return required, held and short by service group.

    A group is *known* if its required area and the areas of all its centres are; only then has
    it a shortfall ``max(0, required - held)``, at least :data:`AREA_TOLERANCE_M2` if not 0.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    groups
        Its service groups.
    areas
        ``counted_m2`` and ``area_note`` by operating centre.
    book
        The rule book.
    per_elder_decides
        Whether the area per elder decides in place of the class's.

    Returns
    -------
    DataFrame
        By group id (the least id of its communities), sorted: ``communities`` (ids joined by
        、), ``community_names`` (in the same order), ``community_count, population,
        elderly_60``; the columns of
        :func:`planner.standards.floor_area.required.required_floor_areas`; ``centres`` (ids
        joined), ``centre_count, held_known_m2, centres_unknown_area, held_to_check``; ``held_m2``
        (NaN where a centre's area is unknown), ``unknown_area, unknown_people, shortfall_m2,
        shortfall_share, surplus_m2`` (NaN unless known), ``needs_more_centres`` (fewer centres
        than ``centres_needed``), ``result``.
    """
    people = group_people(communities, groups)
    required = required_floor_areas(
        people, book=book, small_groups=groups.small_groups, per_elder_decides=per_elder_decides
    )
    held = _held(groups, areas).reindex(people.index)
    counts = held[["centre_count", "centres_unknown_area"]].fillna(0).astype(int)
    known_part = held["held_known_m2"].astype(float).fillna(0.0)
    unknown_area = counts["centres_unknown_area"] > 0
    held_m2 = known_part.where(~unknown_area)
    apart = required["required_m2"] - held_m2
    short = apart > AREA_TOLERANCE_M2
    shortfall = apart.where(short, 0.0).where(apart.notna())
    return pd.concat([people, required], axis="columns").assign(
        centres=held["centres"].astype(object).where(held["centres"].notna(), ""),
        centre_count=counts["centre_count"],
        held_known_m2=known_part,
        centres_unknown_area=counts["centres_unknown_area"],
        held_to_check=held["held_to_check"].eq(True),
        held_m2=held_m2,
        unknown_area=unknown_area,
        unknown_people=required["required_m2"].isna(),
        shortfall_m2=shortfall,
        # Nothing short of nothing required is no share: 0 / 0 is NaN.
        shortfall_share=shortfall / required["required_m2"],
        surplus_m2=(-apart).where(apart < 0, 0.0).where(apart.notna()),
        needs_more_centres=required["centres_needed"] > counts["centre_count"],
        result=np.select([apart.isna(), short], ["unknown", "short"], "meets").astype(object),
    )


def village_table(communities: pd.DataFrame, groups: ServiceGroups) -> pd.DataFrame:
    """Return the villages (村), which have no class in the book and no required area.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    groups
        Its service groups.

    Returns
    -------
    DataFrame
        By village id, in the caller's order: ``name, street, population, elderly_60, basis``
        (:attr:`ServiceGroups.community_basis`) and ``centres`` (ids joined by 、).
    """
    villages = communities[communities["community_kind"] == "村"]
    table = villages.reindex(columns=["name", "street", "population", "elderly_60"])
    served = groups.centre_villages.dropna().sort_index().str.split(LIST_MARK).explode()
    by_village = listed_by(served, served.index)
    return pd.DataFrame(table).assign(
        basis=groups.community_basis.reindex(villages.index),
        centres=by_village.reindex(villages.index).fillna("").astype(object),
    )
