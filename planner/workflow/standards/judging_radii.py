"""How far those are whom each centre answers for: by air line, in walked metres, in minutes."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.coverage.areas import community_of
from planner.coverage.community_centre import community_centre
from planner.coverage.serving import named_communities
from planner.coverage.walking import Coverage
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.streets import nearest_centre
from planner.tables import LIST_MARK
from planner.units import metres_from_minutes
from planner.workflow.inputs.walking import Walks


def claims_of_audit(audit: FloorAreaAudit) -> pd.DataFrame:
    """Return ``centre, community``: who answers for whom, by the audit's service groups.

    Each community has all centres of its group; a village those whose group it walks to.
    """
    groups = audit.service_groups
    of_group = groups.centre_group.dropna().rename("group").rename_axis("centre").reset_index()
    members = groups.community_group.rename("group").rename_axis("community").reset_index()
    urban = of_group.merge(members, on="group")[["centre", "community"]]
    villages = groups.centre_villages.dropna().str.split(LIST_MARK).explode()
    rural = pd.DataFrame({"centre": villages.index, "community": villages.to_numpy()})
    return pd.concat([urban, rural], ignore_index=True).astype(object)


def claims_of_kind(
    centres: pd.DataFrame, communities: pd.DataFrame, walked: Coverage, *, served: str = "ledger"
) -> pd.DataFrame:
    """Return ``centre, community`` for a kind without service groups: by list, else by the walk.

    Where the project goes by the walk alone (``[standard] served``) the lists tell nothing.

    Parameters
    ----------
    centres
        Operating centres of the kind.
    communities
        The communities.
    walked
        Who walks to the nearest of these centres.
    served
        ``ledger`` or ``walk``.
    """
    lists = centres if served == "ledger" else centres.assign(serves=None)
    named = named_communities(lists, communities).pairs
    nearest = community_centre(walked, communities).dropna()
    nearest = nearest[~nearest.index.isin(named["community"])]
    by_walk = pd.DataFrame({"centre": nearest.to_numpy(), "community": nearest.index})
    return pd.concat([named, by_walk], ignore_index=True).astype(object)


def air_radii(
    claims: pd.DataFrame, homes: gpd.GeoDataFrame, community: pd.Series, sites: gpd.GeoDataFrame
) -> pd.Series:
    """Return how far (air line, m) the farthest home is that each centre answers for.

    A home that several centres answer for counts with the nearest of them.

    Parameters
    ----------
    claims
        ``centre, community``.
    homes
        Where elders live.
    community
        Community of each home.
    sites
        The centres' places, in the same metre CRS.
    """
    placed = claims[claims["centre"].isin(sites.index)]
    pairs = pd.DataFrame({"home": np.arange(len(homes)), "community": community.to_numpy()})
    pairs = pairs.merge(placed, on="community")
    spots = sites.geometry.loc[pairs["centre"]].to_numpy()
    metres = shapely.distance(homes.geometry.to_numpy()[pairs["home"]], spots)
    ranked = pairs.assign(metres=metres).sort_values(["home", "metres", "centre"])
    return ranked.drop_duplicates("home").groupby("centre")["metres"].max()


def walked_minutes(
    claims: pd.DataFrame,
    walks: Walks,
    nearest: Coverage,
    community: pd.Series,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return ``centre, minutes`` by resident row: the walk to the nearest that answers for it.

    Where the nearest of all these centres answers for a home, its walk is known already; else the
    streets are searched once for each set of centres that answer for the same communities.

    Parameters
    ----------
    claims
        ``centre, community``.
    walks
        The plan's walks.
    nearest
        Each resident's walk to the nearest of all these centres.
    community
        Community of each resident row, in the same order.
    sites
        The centres' places.

    Returns
    -------
    DataFrame
        By resident id; missing where nobody answers for a home or no walk leads there.
    """
    placed = claims[claims["centre"].isin(sites.index)].sort_values("centre")
    sets = placed.groupby("community")["centre"].agg(tuple)
    spots = walks.points(sites)
    answering = community.map(sets)
    residents = nearest.residents
    own = residents["nearest"].to_numpy(dtype=object)
    answers = answering.to_numpy(dtype=object)
    known = np.array(
        [isinstance(some, tuple) and one in some for one, some in zip(own, answers, strict=True)],
        dtype=bool,
    )
    found = pd.DataFrame({"centre": None, "minutes": np.nan}, index=residents.index)
    found["centre"] = pd.Series(own, index=residents.index, dtype=object).where(known, None)
    found["minutes"] = residents["walk_minutes"].astype(float).where(known)
    for answering_set in sorted(set(answering[~known].dropna())):
        rows = np.flatnonzero(~known & (answering == answering_set).to_numpy())
        table = nearest_centre(
            walks.network,
            walks.joined.loc[residents.index[rows]],
            spots.loc[list(answering_set)],
            walker=walks.walker,
        )
        found.iloc[rows, 0] = table["nearest"].astype(object).to_numpy()
        found.iloc[rows, 1] = table["walk_minutes"].to_numpy(dtype=float)
    return found


def walked_radii(found: pd.DataFrame, homes: pd.Index) -> pd.Series:
    """Return the longest walk of each centre's homes, in minutes; those without a way left out."""
    lived = found.loc[homes].dropna()
    return lived.groupby("centre")["minutes"].max()


def streets_shared(
    claims: pd.DataFrame, lived: pd.Series, homes_part: pd.Series, sites_part: pd.Series
) -> pd.Series:
    """Tell which centres' streets hang together with those of a home that they answer for.

    Parameters
    ----------
    claims
        ``centre, community``.
    lived
        Community of each home of elders.
    homes_part, sites_part
        Part of the network that each home, and each centre, joins; -1: none.

    Returns
    -------
    Series
        By the rows of ``claims``: whether a home of the community and the centre join one part.
    """
    there = pd.DataFrame({"community": lived, "part": homes_part.reindex(lived.index)})
    there = there[there["part"] >= 0].drop_duplicates()
    asked = claims.assign(part=claims["centre"].map(sites_part), row=np.arange(len(claims)))
    found = asked.merge(there, on=["community", "part"], how="inner")["row"]
    return pd.Series(np.isin(np.arange(len(claims)), found), index=claims.index)


def why_no_radius(
    claims: pd.DataFrame, lived: pd.Series, reached: pd.Series, way: pd.Series | None = None
) -> pd.Series:
    """Return why a centre that answers for communities has no radius, if it has none.

    Parameters
    ----------
    claims
        ``centre, community``.
    lived
        Community of each home of elders.
    reached
        Community of each of these homes that has a way to a centre that answers for it.
    way
        By the rows of ``claims``: whether a way leads from the community to that very centre
        (:func:`streets_shared`); all have, if not given, as by air.

    Returns
    -------
    Series
        By centre id: ``no_homes`` (its communities have none), ``no_way`` (to it: others may be
        walked to), else ``others_nearer`` (every home of them is nearer to another centre that
        answers for it).
    """
    ways = claims["community"].isin(reached)
    told = claims.assign(
        lived=claims["community"].isin(lived), reached=ways if way is None else ways & way
    )
    by_centre = told.groupby("centre")[["lived", "reached"]].any()
    nobody = [~by_centre["lived"], ~by_centre["reached"]]
    why = np.select(nobody, ["no_homes", "no_way"], "others_nearer")
    return pd.Series(why, by_centre.index, dtype=object)


def flat(walks: Walks) -> Walks:
    """Return the walks of one who goes the shortest way: whom neither slope nor steps slow.

    Minutes times speed are then the metres walked.
    """
    who = walks.walker
    own = dataclasses.replace(
        walks.scenario.walking,
        slope="flat",
        steps_factor=1.0,
        steps_refused=who.steps_refused,
        signal_s=0.0,
        crossing_s=0.0,
    )
    return dataclasses.replace(walks, scenario=dataclasses.replace(walks.scenario, walking=own))


def radii_of(
    walks: Walks,
    claims: pd.DataFrame,
    walked: Coverage,
    communities: pd.DataFrame,
    sites: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return the three radii of centres, by centre id: never merged (TRADE 4)."""
    residents = walks.residents
    community = community_of(walked, communities)
    lived = (residents["elderly_60"].fillna(0.0) > 0).to_numpy()
    homes = gpd.GeoDataFrame(residents[lived])
    shortest = flat(walks)
    metres = walked_minutes(claims, shortest, shortest.coverage_by(sites), community, sites)
    minutes = walked_minutes(claims, walks, walked, community, sites)
    speed = shortest.walker.speed_m_s
    placed = claims[claims["centre"].isin(sites.index)]
    whose = community[lived]
    parts = walks.joined["part"].where(walks.joined["joined"], -1)
    spots = walks.points(sites)
    way = streets_shared(placed, whose, parts, spots["part"].where(spots["joined"], -1))
    return pd.DataFrame(
        {
            "service_radius": air_radii(placed, homes, whose, sites),
            "walked_radius": metres_from_minutes(1.0, speed) * walked_radii(metres, homes.index),
            "walked_minutes": walked_radii(minutes, homes.index),
            "service_radius_reason": why_no_radius(placed, whose, whose),
            **{
                f"{name}_reason": why_no_radius(
                    placed, whose, whose[found.loc[homes.index, "minutes"].notna().to_numpy()], way
                )
                for name, found in (("walked_radius", metres), ("walked_minutes", minutes))
            },
        }
    )
