"""Which centres the gaps of a plan are asked of: the circle's, or those that serve some needs."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from planner.coverage.needs import needs_served
from planner.coverage.walking import Coverage
from planner.scenario import Scenario
from planner.tables import OPEN_STATUS, PLACED
from planner.workflow.inputs.walking import Walks, open_centres


@dataclass(frozen=True, eq=False)
class GapQuestion:
    """The centres that gaps are asked of, and those near by that are no answer.

    Parameters
    ----------
    needs
        The needs that a centre must serve, all of them; empty: gaps are asked of the circle.
    coverage
        Coverage by ``open_sites``.
    open_sites
        Operating centres that count, all placed.
    closed_sites
        Placed centres that would count, but do not operate.
    lacking_sites
        Placed centres that operate, but do not serve the needs or are not known to; none where no
        needs are asked.
    unknown
        How many of ``lacking_sites`` may serve them: their ledger tells neither rooms nor services.
    """

    needs: tuple[str, ...]
    coverage: Coverage
    open_sites: gpd.GeoDataFrame
    closed_sites: gpd.GeoDataFrame
    lacking_sites: gpd.GeoDataFrame
    unknown: int


def gap_question(
    scenario: Scenario, walks: Walks, coverage: Coverage, centres: gpd.GeoDataFrame
) -> GapQuestion:
    """Return which centres the gaps are asked of.

    Without ``[coverage] needs``, those of the circle. With needs, operating centres of whatever
    kind that serve every one of them (:func:`planner.coverage.needs.needs_served` says ``yes``), as
    the sheet of coverage by question asks: one need's gaps hold whom that sheet leaves out.

    Parameters
    ----------
    scenario, walks
        The plan.
    coverage
        Coverage by the circle's centres.
    centres
        The centres table.
    """
    placed = gpd.GeoDataFrame(centres[centres["position"].isin(PLACED)])
    kinds, needs = scenario.coverage.centre_kinds, scenario.coverage.needs
    if not needs:
        closed = placed["centre_kind"].isin(kinds) & (placed["status"] != OPEN_STATUS)
        nobody = gpd.GeoDataFrame(placed.iloc[:0])
        shut = gpd.GeoDataFrame(placed[closed])
        return GapQuestion((), coverage, open_centres(centres, kinds), shut, nobody, 0)
    served: pd.DataFrame = needs_served(placed)[list(needs)]
    serves = (served == "yes").all(axis="columns")
    operates = placed["status"] == OPEN_STATUS
    may = ~serves & (served != "no").all(axis="columns")
    open_sites = gpd.GeoDataFrame(placed[operates & serves])
    return GapQuestion(
        needs=needs,
        coverage=walks.coverage_by(open_sites),
        open_sites=open_sites,
        closed_sites=gpd.GeoDataFrame(placed[~operates & serves]),
        lacking_sites=gpd.GeoDataFrame(placed[operates & ~serves]),
        unknown=int((operates & may).sum()),
    )
