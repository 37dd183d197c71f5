"""Circles, access scores, equity and curves as a planner reads them: a row an area, or a limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from planner.coverage.area_access import AreaAccess
from planner.coverage.circles import CASES, Circles
from planner.coverage.coverage_curve import CURVE_MINUTES
from planner.coverage.equity import Equity
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.small_counts import without_small_ages
from planner.workflow.covering.area_counts import (
    DISTRICT,
    area_frame,
    put_counts,
    put_figures,
    street_names,
)
from planner.workflow.covering.asking import walker_title
from planner.workflow.covering.measures import EquityByArea, Measures, listed

AGES: Final = ("60", "65", "80")

ACCESS_COLUMNS: Final = {
    "two_step": "access_two_step",
    "enhanced_two_step": "access_enhanced",
    "gaussian_two_step": "access_gaussian",
    "three_step": "access_three_step",
    "congestion_cost": "access_congestion",
}
"""The scores, as the workbook calls them."""

CIRCLE_CASES: Final = ("circle_only", "walk_only")


def circle_rows(measures: Measures, communities: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return whom circles wrongly count and leave out: by district, street and community.

    Of communities those aged 60+ alone are told, of streets and the district also 65+ and 80+.
    Communities where the circle errs for nobody are left out, the others come worst first; so are
    the columns of those whom no circle leaves out.
    """
    parts = [
        _circle_part(found, communities, language).assign(circle_radius_m=found.radius_m)
        for found in measures.circles.values()
    ]
    rows = pd.concat(parts, ignore_index=True)
    left_out = [name for name in rows.columns if name.startswith("walk_only")]
    if not any(found.cases["rows"]["walk_only"] for found in measures.circles.values()):
        rows = rows.drop(columns=left_out)
    return rows


def _circle_part(found: Circles, communities: pd.DataFrame, language: Language) -> pd.DataFrame:
    table = found.communities
    frame = area_frame(communities, [str(one) for one in table.index], language)
    for age in AGES:
        if f"elderly_{age}_both" not in table:
            continue
        whole = table[[f"elderly_{age}_{case}" for case in CASES]].sum(axis="columns")
        columns = {f"{case}_{age}": table[f"elderly_{age}_{case}"] for case in CIRCLE_CASES}
        if age == "60":
            columns = {"elderly_60": whole, **columns}
        for column, counts in columns.items():
            frame = put_counts(frame, column, counts, communities)
    frame = _worst_first(_ages_shown(frame))
    return frame.assign(circle_only_share=frame["circle_only_60"] / frame["elderly_60"])


def _worst_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without communities where the circle errs for nobody, most wrong first."""
    errs = frame[[f"{case}_60" for case in CIRCLE_CASES]].fillna(1.0).gt(0).any(axis="columns")
    areas = frame["level"] != "community"
    wrong = frame[~areas & errs].sort_values(
        ["circle_only_60", "key"], ascending=[False, True], na_position="last"
    )
    return pd.concat([frame[areas], wrong], ignore_index=True)


def _ages_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with 65+ and 80+ of streets and the district, where they name nobody.

    Where one street's figure of an age is withheld, so are those of all streets: the district's
    less the rest would tell it.
    """
    shown = frame.copy()
    small = (shown["level"] == "community").to_numpy()
    streets = (shown["level"] == "street").to_numpy()
    for case in CIRCLE_CASES:
        names = [f"{case}_{age}" for age in AGES if f"{case}_{age}" in shown]
        safe = without_small_ages(shown[names])
        for name in names[1:]:
            told = safe[name].where(~small)
            lost = bool((streets & told.isna().to_numpy()).any())
            shown[name] = told.where(~streets) if lost else told
    return shown


def access_rows(measures: Measures, communities: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return the access scores of the district, its streets and its communities.

    Scores of areas of fewer than :data:`planner.outputs.content.LEAST_ELDERS` elders are withheld.
    """
    access, lives_in = measures.access, measures.communities
    if access is None:
        return pd.DataFrame({"area_level": [], "name": []})
    index = listed(lives_in, communities)
    by_community = access.by(lives_in).reindex(index)
    by_street = access.by(lives_in.map(street_names(communities)))
    district = access.by(pd.Series(DISTRICT, index=lives_in.index))
    persons = by_community.fillna({"persons": 0.0, "persons_none": 0.0, "persons_unknown": 0.0})
    frame = area_frame(communities, index, language)
    frame = put_counts(frame, "elderly_60", persons["persons"], communities)
    told = frame["elderly_60"] >= LEAST_ELDERS
    for score, column in ACCESS_COLUMNS.items():
        figures = [table[score] for table in (district, by_street, by_community)]
        frame = put_figures(frame, column, *figures)
        frame[column] = frame[column].where(told)
    for state in ("none", "unknown"):
        frame = put_counts(frame, f"access_{state}_60", persons[f"persons_{state}"], communities)
    return frame


def equity_rows(measures: Measures, communities: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return how evenly each measure is spread: the district, its streets, and who is worst off.

    Communities are listed where at least :data:`planner.outputs.content.LEAST_ELDERS` live who
    are no better off than the best off of the worst-off tenth, most first.
    """
    parts = [
        _equity_part(name, found, measures.communities, communities, language)
        for name, found in measures.equity.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _equity_part(
    name: str,
    found: EquityByArea,
    lives_in: pd.Series,
    communities: pd.DataFrame,
    language: Language,
) -> pd.DataFrame:
    frame = area_frame(communities, listed(lives_in, communities), language)
    counts = {
        "equity_persons": found.persons,
        "worst_60": found.worst,
        "equity_without": found.without,
    }
    for column, persons in counts.items():
        frame = put_counts(frame, column, persons, communities)
    figures = {DISTRICT: _figures(found.district)}
    figures |= {street: _figures(one) for street, one in found.streets.items()}
    table = pd.DataFrame(figures).T
    for column in table.columns:
        frame = put_figures(frame, column, table[column], table[column])
    frame.loc[frame["level"] != DISTRICT, "equity_concentration"] = np.nan
    areas = frame["level"] != "community"
    worst = frame[~areas & frame["worst_60"].gt(0)].sort_values(
        ["worst_60", "key"], ascending=[False, True]
    )
    rows = pd.concat([frame[areas], worst], ignore_index=True)
    return rows.assign(
        worst_share=rows["worst_60"] / float(found.worst.sum() or np.nan),
        equity_of=text(f"measures.equity_of_{name}", language),
    )


def _figures(one: Equity) -> dict[str, float]:
    """Return what is told of an area; nothing of so few that they could be named."""
    if one.persons < LEAST_ELDERS:
        return dict.fromkeys(_figures_of(one), float("nan"))
    return _figures_of(one)


def _figures_of(one: Equity) -> dict[str, float]:
    return {
        "equity_mean": one.mean,
        "equity_mean_80": one.mean_80,
        "equity_ratio_80": one.ratio_80,
        "equity_gini": one.gini,
        "equity_palma": one.palma,
        "equity_concentration": one.street_concentration,
    }


def curve_limits(limit_minutes: float) -> Sequence[float]:
    """Return 5 to 30 minutes, each, and the plan's own limit."""
    return sorted({*CURVE_MINUTES, float(limit_minutes)})


def curve_rows(measures: Measures, limit_minutes: float, language: Language) -> pd.DataFrame:
    """Return who is covered at every limit, walker by walker."""
    parts = []
    for name, curve in measures.curves.items():
        table = curve.at(curve_limits(limit_minutes))
        columns = {"curve_minutes": table.index.to_numpy()}
        for age in AGES:
            if f"elderly_{age}" in table:
                columns[f"covered_{age}"] = table[f"elderly_{age}"].to_numpy()
                columns[f"curve_share_{age}"] = table[f"elderly_{age}_share"].to_numpy()
        part = pd.DataFrame(columns)
        part.insert(0, "curve_walker", walker_title(name, language))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def unknown_names(access: AreaAccess, names: pd.Series) -> list[str]:
    """Return the names of the centres of unknown capacity, ids where they have none."""
    return [str(names.get(one, one)) for one in access.supply_unknown]
