"""The gaps of a plan: the questions that coverage asks of the streets, and their answers joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas import GeoSeries

from planner.coverage.coverage_curve import CoverageCurve, coverage_curve
from planner.coverage.gap_areas import LINK_MINUTES, GapAreas, gap_areas, reach_of_link
from planner.coverage.gap_causes import LeftOut, left_out
from planner.coverage.gap_closing import closing_candidates, closing_ways
from planner.coverage.grouping import walking_groups, with_unjoined
from planner.coverage.sensitivity import Doubt, Sensitivity, sensitivity
from planner.coverage.severing import BarrierPieces, severing
from planner.coverage.walking import Coverage
from planner.streets import nearest_centre, read_barriers, travel_times
from planner.streets.sources.osm import SUFFIXES
from planner.workflow.gaps.ways import WAYS_ASKED, joined_sites, ways_to_close
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.walking import Walks

SLICE: Final = 20_000
"""Doors whose neighbours are searched at once, so that a city's pairs are never held together."""

_MARK: Final = "→"


@dataclass(frozen=True, eq=False)
class Gaps:
    """The gaps of a plan and what would close them.

    Parameters
    ----------
    left_out
        Everybody left out, row by row, with the cause.
    found
        The gap areas.
    closing
        By gap, in their order: the columns of
        :func:`planner.coverage.gap_closing.closing_candidates` and
        :func:`planner.coverage.gap_closing.closing_ways`.
    ways
        The new ways as lines in the plan's CRS, index ``gap``; gaps without one are absent.
    """

    left_out: LeftOut
    found: GapAreas
    closing: pd.DataFrame
    ways: gpd.GeoDataFrame


def project_barriers(project: Project, walks: Walks) -> gpd.GeoDataFrame | None:
    """Return what severs doors from centres: the project's barriers, else those of its OSM file.

    Whether or not doors are joined across them, they are what the streets are blamed for. Street
    files of other kinds tell of none.

    Returns
    -------
    GeoDataFrame or None
        In the network's CRS; None where nobody knows of any.
    """
    barriers = walks.barriers
    file = project.folder / project.scenario.streets.file
    if barriers is None and file.name.lower().endswith(SUFFIXES):
        barriers = read_barriers(file)
    if barriers is None or barriers.empty:
        return None
    crs = walks.network.crs
    return barriers if crs is None else barriers.to_crs(crs)


def linking_walks(walks: Walks, ids: pd.Index, link_minutes: float) -> Iterator[pd.DataFrame]:
    """Yield the walks of at most ``link_minutes`` between some residents, slice by slice.

    Parameters
    ----------
    walks
        The plan's walks.
    ids
        Resident ids.
    link_minutes
        Longest walk.

    Yields
    ------
    DataFrame
        ``origin, destination, walk_minutes``, categories of both plain ids.
    """
    joined = walks.joined.loc[ids]
    joined = joined[joined["joined"]]
    ends = joined.set_axis([f"{_MARK}{one}" for one in joined.index], axis="index")
    for start in range(0, len(joined), SLICE):
        pairs = travel_times(
            walks.network,
            joined.iloc[start : start + SLICE],
            ends,
            limit_minutes=link_minutes,
            walker=walks.walker,
        )
        plain = pairs["destination"].cat.rename_categories(lambda one: str(one)[len(_MARK) :])
        yield pairs.assign(destination=plain)


def nearest_of(walks: Walks, sites: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Return every resident's nearest of some sites, however far; None without sites."""
    if sites.empty:
        return None
    return nearest_centre(
        walks.network, walks.joined, joined_sites(walks, sites), walker=walks.walker
    )


def find_gaps(
    walks: Walks,
    coverage: Coverage,
    communities: pd.DataFrame,
    open_sites: gpd.GeoDataFrame,
    *,
    barriers: gpd.GeoDataFrame | None = None,
    closed_sites: gpd.GeoDataFrame | None = None,
    lacking_sites: gpd.GeoDataFrame | None = None,
    full: pd.Series | None = None,
    times: pd.DataFrame | None = None,
    candidates: pd.Index | None = None,
    link_minutes: float = LINK_MINUTES,
    apart: pd.Series | None = None,
    ways_asked: int = WAYS_ASKED,
) -> Gaps:
    """Find the gaps of a plan, why they are, and what would close them.

    Parameters
    ----------
    walks, coverage, communities
        The plan's walks, coverage by the open sites, and communities.
    open_sites
        Centres that coverage counts, all placed.
    barriers
        What :func:`project_barriers` returned.
    closed_sites
        Placed centres of the same kinds that do not operate.
    lacking_sites
        Placed centres that operate, but do not serve what coverage asks for.
    full
        Persons of 60+ by resident who are within the limit but find no place.
    times
        Walks of residents to candidates within the limit, as siting asked for them.
    candidates
        Ids of the usable candidates.
    link_minutes
        Longest walk that links two doors of a gap.
    apart
        What no gap may mix, by resident id
        (:func:`planner.coverage.grouping.walking_groups`); None for nothing.
    ways_asked
        How many new ways are looked for; 0 to look for none.
    """
    residents = walks.residents
    speed_m_s = walks.walker.speed_m_s
    pieces = None if barriers is None else BarrierPieces.of(barriers)
    lost = left_out(
        coverage,
        communities,
        speed_m_s=speed_m_s,
        severing=severing(residents, open_sites, pieces),
        closed=None if closed_sites is None else nearest_of(walks, closed_sites),
        lacking_need=None if lacking_sites is None else nearest_of(walks, lacking_sites),
        full=full,
    )
    ids = lost.rows.index
    together = walking_groups(
        ids, linking_walks(walks, ids, link_minutes), link_minutes=link_minutes, apart=apart
    )
    reach_m = reach_of_link(link_minutes, speed_m_s)
    together = with_unjoined(
        together,
        GeoSeries(residents.geometry),
        walks.joined["joined"],
        link_m=2 * reach_m,
        barriers=pieces,
    )
    found = gap_areas(lost, together, communities, residents, reach_m=reach_m, barriers=barriers)
    ways = ways_to_close(walks, found, open_sites, pieces, ways_asked=ways_asked)
    sites = candidates if candidates is not None else pd.Index([], dtype=object)
    walked = times if times is not None else _NO_WALKS
    closing = pd.concat(
        [
            closing_candidates(found, walked, sites, limit_minutes=coverage.limit_minutes),
            closing_ways(found, ways),
        ],
        axis="columns",
    )
    return Gaps(lost, found, closing, ways)


def how_sure(
    walkers: Mapping[str, Walks],
    coverage: Coverage,
    gaps: GapAreas,
    open_sites: gpd.GeoDataFrame,
    *,
    doubt: Doubt | None = None,
) -> tuple[Sensitivity, dict[str, CoverageCurve]]:
    """Return how sure the gaps are, and the coverage curve of each walker.

    Parameters
    ----------
    walkers
        Walks by name of the walker, the plan's own first
        (:func:`planner.workflow.covering.asking.other_walks`).
    coverage, gaps
        Of the plan's own walker.
    open_sites
        Centres that coverage counts, all placed.
    doubt
        How far speeds and joins may be wrong.
    """
    own = next(iter(walkers))
    residents = coverage.residents
    minutes = {own: residents["walk_minutes"]}
    for name, one in walkers.items():
        if name != own:
            found = nearest_of(one, open_sites)
            nowhere = pd.Series(np.nan, index=residents.index)
            minutes[name] = nowhere if found is None else found["walk_minutes"]
    sure = sensitivity(
        gaps,
        residents,
        minutes,
        own=own,
        limit_minutes=coverage.limit_minutes,
        speed_m_s=walkers[own].walker.speed_m_s,
        doubt=doubt,
    )
    return sure, {name: coverage_curve(residents, one) for name, one in minutes.items()}


_NO_WALKS: Final = pd.DataFrame(
    {"origin": pd.Series(dtype=object), "destination": pd.Series(dtype=object),
     "walk_minutes": pd.Series(dtype=float)}
)  # fmt: skip
