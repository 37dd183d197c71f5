"""New estates on the web map: a mark each by what it owes, and its facts."""

from __future__ import annotations

from typing import Final

import pandas as pd
from geopandas import GeoDataFrame

from planner.outputs.content import PlanContent
from planner.outputs.palette import ESTATE_MARKS

ESTATE_FACTS: Final = (
    "id", "street", "households", "housing_area_m2", "delivered_m2", "estate_required_m2",
    "estate_short_m2", "estate_result", "planned", "built", "accepted", "handed_over",
    "estate_pool",
)  # fmt: skip


def estate_classes(content: PlanContent) -> pd.Series:
    """Return the class that the map gives each estate; of unknown result ``no_rule``."""
    estates = content.estates
    told = pd.DataFrame(estates).reindex(columns=["estate_result"])["estate_result"]
    names = told.astype(object).map(lambda one: str(one).removeprefix("estate_"))
    return names.where(names.isin(list(ESTATE_MARKS)), "no_rule").astype(object)


def estate_points(content: PlanContent) -> GeoDataFrame:
    """Return the estates as points: inside their outline, where the ledger gives one."""
    estates = content.estates
    if not len(estates):
        return estates
    return estates.set_geometry(estates.geometry.representative_point())
