"""Which communities a centre answers for: a partition of the communities into service groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from planner import tables
from planner.coverage.grouping import linked
from planner.coverage.serving import NamedCommunities, named_communities, operating
from planner.errors import TableError
from planner.labels import Message, message
from planner.standards.floor_area.joining import join_small_groups, middles_of
from planner.standards.floor_area.listing import listed_by
from planner.standards.floor_area.required import SmallGroups, check_small_groups
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import PLACED

Served = Literal["ledger", "walk"]
SERVED: Final[tuple[Served, ...]] = get_args(Served)
"""Whose elders a centre answers for: those of the communities that its ledger names, and where it
names none those who walk to it; or those who walk to it, whatever its ledger names."""


@dataclass(frozen=True, eq=False)
class ServiceGroups:
    """A partition of the communities (社区; villages stand apart) and the centres of each part.

    Parameters
    ----------
    small_groups
        How groups below the least class are read.
    served
        Whether the ledgers' lists were followed.
    community_group
        Group of each community, by community id: every community is in exactly one.
    community_basis
        Why, by community id, villages too: ``ledger`` (a centre's list names it), ``walk``
        (nearest centre on foot within reach), ``stands`` (a centre whose point is not surely
        known stands in it) or ``none`` (nobody reaches it).
    centre_group
        Group of each operating centre of the book's kinds, by centre id; missing where it
        answers for no community.
    centre_villages
        Ids of the villages that each of these centres answers for, joined by 、; else missing.
    unmatched
        ``centre, entry``: what lists name that is no community of the ledger.
    """

    small_groups: SmallGroups
    served: Served
    community_group: pd.Series
    community_basis: pd.Series
    centre_group: pd.Series
    centre_villages: pd.Series
    unmatched: pd.DataFrame

    @property
    def groups(self) -> list[str]:
        """The groups' ids, sorted: each is the least id of its communities."""
        return sorted(set(self.community_group))


def _walk_problems(
    community_centre: pd.Series, communities: pd.DataFrame, centres: pd.DataFrame
) -> list[Message]:
    """Return what is wrong with the walked centres: unknown communities, centres not operating."""
    problems = []
    absent = communities.index.difference(community_centre.index)
    if len(absent):
        ids = tables.listed(absent)
        problems.append(message("standards.community_without_walk", ids=ids))
    strange = sorted(set(community_centre.dropna()) - set(centres.index))
    if strange:
        ids = tables.listed(strange)
        problems.append(message("standards.walk_to_strange_centre", ids=ids))
    return problems


def check_served(served: str) -> None:
    """Refuse a reading of service areas that is not one of :data:`SERVED`.

    Raises
    ------
    ValueError
        If it is another.
    """
    if served not in SERVED:
        text = f"served must be one of {SERVED}, not {served!r}"
        raise ValueError(text)


def _claims(
    communities: pd.DataFrame, named: NamedCommunities, community_centre: pd.Series, served: Served
) -> pd.DataFrame:
    """Return ``centre, community, basis``: by the ledgers' lists, else by the walk."""
    listed = named.pairs.assign(basis="ledger")
    if served == "walk":
        listed = listed.iloc[:0]
    walked = community_centre.reindex(communities.index).astype(object).dropna()
    walked = walked[~walked.index.isin(listed["community"])]
    by_walk = pd.DataFrame(
        {"centre": walked.to_numpy(), "community": walked.index, "basis": "walk"}, dtype=object
    )
    return pd.concat([listed, by_walk], ignore_index=True)


def _standing(
    centres: pd.DataFrame, claims: pd.DataFrame, communities: pd.DataFrame
) -> pd.DataFrame:
    """Return ``centre, community, basis`` of centres without claims, where their place counts.

    It counts where another centre's group holds the community, so that its elders do walk to
    care; and where the centre's own point is not surely known, so that no walk can tell.
    """
    idle = centres[~centres.index.isin(claims["centre"])]
    place = idle.reindex(columns=["community"])["community"].astype(object)
    reached = place.isin(claims["community"])
    unplaced = ~idle["position"].isin(PLACED)
    found = place[place.isin(communities.index) & (reached | unplaced)]
    return pd.DataFrame(
        {"centre": found.index, "community": found.to_numpy(), "basis": "stands"}, dtype=object
    )


def service_groups(
    communities: pd.DataFrame,
    centres: pd.DataFrame,
    community_centre: pd.Series,
    *,
    book: RuleBook,
    small_groups: SmallGroups = "pro_rata",
    served: Served = "ledger",
    middles: pd.DataFrame | None = None,
    neighbour_walks: pd.DataFrame | None = None,
) -> ServiceGroups:
    """Partition the communities into service groups (TRADE: 服务范围).

    A community named in the ``serves`` list of an operating centre belongs to that centre; any
    other goes to the centre that its elders walk to; one that nobody reaches is a group of its
    own, with nothing held. Centres that claim the same community share a group, so that groups
    are the connected parts of communities and centres. A centre that no community is left for
    joins the group of the community it stands in, if that community is in some centre's group
    or the centre's point is not surely known; else it answers for nobody. With ``served`` of
    ``walk`` the lists are not followed: every community goes to the centre that it walks to.

    Villages (村) have no class in 建标 143: they are in no group, and join none together.

    Parameters
    ----------
    communities, centres
        Tables of :data:`planner.tables.COMMUNITIES` and :data:`planner.tables.CENTRES`. Only
        operating centres of the book's kinds take part.
    community_centre
        Centre id by community id (villages too), missing where nobody reaches one, as
        :func:`planner.coverage.community_centre.community_centre` gives it.
    book
        The rule book: its kinds of centre, its least class.
    small_groups
        ``pro_rata`` leaves groups as they are; ``join_nearest`` joins those below the least
        class with their neighbours
        (:func:`planner.standards.floor_area.joining.join_small_groups`).
    served
        ``ledger`` follows the centres' lists, ``walk`` does not.
    middles
        ``easting_m, northing_m`` by community id, for ``join_nearest``; else the outlines'
        centroids.
    neighbour_walks
        ``origin, destination, walk_minutes`` between communities, for ``join_nearest``; without
        them, and where they lead nowhere, air-lines decide.

    Raises
    ------
    TableError
        If ``community_centre`` lacks a community, or names a centre that does not operate or
        is of another kind.
    """
    check_small_groups(small_groups)
    check_served(served)
    open_ = operating(centres, book.applies_to)
    problems = _walk_problems(community_centre, communities, open_)
    if problems:
        raise TableError(message("standards.groups_refused"), problems)
    named = named_communities(open_, communities)
    claims = _claims(communities, named, community_centre, served)
    claims = pd.concat([claims, _standing(open_, claims, communities)], ignore_index=True)
    urban = communities.index[communities["community_kind"] != "村"]
    of_urban = claims[claims["community"].isin(urban)]
    community_group = _connected(urban, of_urban)
    if small_groups == "join_nearest":
        joined = join_small_groups(
            community_group,
            communities.loc[urban],
            middles_of(communities.loc[urban], middles),
            least_population=book.classes[0].population_from,
            walks=neighbour_walks,
        )
        community_group = community_group.map(joined.ends).astype(object)
    basis = claims.drop_duplicates("community").set_index("community")["basis"]
    home = of_urban.drop_duplicates("centre").set_index("centre")["community"].map(community_group)
    of_villages = claims[~claims["community"].isin(urban)].sort_values("community")
    villages = listed_by(of_villages["centre"], of_villages["community"])
    return ServiceGroups(
        small_groups=small_groups,
        served=served,
        community_group=community_group,
        community_basis=_by_id(basis, communities.index).fillna("none"),
        centre_group=_by_id(home, open_.index),
        centre_villages=_by_id(villages, open_.index),
        unmatched=named.unmatched,
    )


def _by_id(values: pd.Series, index: pd.Index) -> pd.Series:
    """Return the values of these ids, missing where there is none."""
    return values.astype(object).reindex(index)


def _connected(communities: pd.Index, claims: pd.DataFrame) -> pd.Series:
    """Return the group of each community: its connected part, by its least id."""
    ids = communities.sort_values()
    place = ids.get_indexer(pd.Index(claims["community"])).astype(np.int64)
    centre, centres = pd.factorize(claims["centre"])
    # Communities come before centres, so that the least member of each part is a community.
    least = linked(np.arange(len(ids) + len(centres)), place, len(ids) + centre)
    groups = ids.to_numpy(dtype=object)[least[ids.get_indexer(communities)]]
    return pd.Series(groups, index=communities, dtype=object, name="group")
