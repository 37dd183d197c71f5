"""What the measures of a run come to: figures for ``summary.json``, sentences, sheets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.coverage.area_access import AreaAccess
from planner.coverage.circles import CASES, Circles
from planner.coverage.coverage_curve import CoverageCurve
from planner.coverage.equity import Equity
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, Told
from planner.tables import ELDERLY_COLUMNS
from planner.workflow.covering.area_counts import DISTRICT
from planner.workflow.covering.asking import walker_title
from planner.workflow.covering.measure_rows import (
    access_rows,
    circle_rows,
    curve_limits,
    curve_rows,
    equity_rows,
    unknown_names,
)
from planner.workflow.covering.measures import Measures

NAMED: Final = 5
"""Areas or centres named in a sentence; of more, the number is told."""

CURVE_TOLD: Final = (5.0, 10.0, 15.0, 20.0, 30.0)


def measure_summary(measures: Measures, limit_minutes: float) -> dict[str, Any]:
    """Return the figures of ``summary.json``: ``circle``, ``access``, ``equity``, ``curve``.

    Sums over the district alone: figures of areas stand in the workbook, small ones withheld.
    """
    limits = curve_limits(limit_minutes)
    figures = {
        "circle": {name: _circle(found) for name, found in measures.circles.items()},
        "access": None if measures.access is None else _access(measures.access),
        "equity": {name: _equity(one.district) for name, one in measures.equity.items()},
        "curve": {
            "limits_minutes": list(limits),
            **{name: _curve(one, limits) for name, one in measures.curves.items()},
        },
    }
    return {name: _known(one) for name, one in figures.items()}


def _known(figures: Any) -> Any:
    """Return figures with ``None`` for those that cannot be computed, as in all of a summary."""
    if isinstance(figures, dict):
        return {name: _known(one) for name, one in figures.items()}
    if isinstance(figures, list):
        return [_known(one) for one in figures]
    return None if isinstance(figures, float) and math.isnan(figures) else figures


def _circle(found: Circles) -> dict[str, Any]:
    ages = [name for name in ELDERLY_COLUMNS if name in found.cases]
    return {"radius_m": found.radius_m} | {
        name: {case: float(found.cases[name][case]) for case in CASES} for name in ages
    }


def _access(access: AreaAccess) -> dict[str, Any]:
    whole = _whole(access)
    return {
        "capacity_persons": access.supply_persons,
        "centres": access.centres,
        "centres_unknown": len(access.supply_unknown),
        "step_weights": {f"{minutes:g}": one for minutes, one in access.step_weights.items()},
        "sigma_minutes": access.sigma_minutes,
        "congestion_minutes": access.congestion_minutes,
        "elderly_60": float(whole["persons"]),
        "elderly_60_none": float(whole["persons_none"]),
        "elderly_60_unknown": float(whole["persons_unknown"]),
        "means": {name: float(whole[name]) for name in access.residents.columns},
    }


def _whole(access: AreaAccess) -> pd.Series:
    everywhere = pd.Series(DISTRICT, index=access.demand.index, dtype=object)
    whole: pd.Series = access.by(everywhere).iloc[0]
    return whole


def _equity(one: Equity) -> dict[str, Any]:
    return {
        "better": one.better,
        "elderly_60": one.persons,
        "elderly_60_without": one.persons_without,
        "mean": one.mean,
        "mean_80": one.mean_80,
        "ratio_80": one.ratio_80,
        "gini": one.gini,
        "palma": one.palma,
        "street_concentration": one.street_concentration,
        "worst_tenth_mean": one.worst_mean,
        "worst_tenth_bound": one.worst_bound,
    }


def _curve(curve: CoverageCurve, limits: Any) -> dict[str, list[float]]:
    table = curve.at(limits)
    return {
        name: [float(value) for value in table[name]] for name in ELDERLY_COLUMNS if name in table
    }


def measure_sheets(
    measures: Measures,
    communities: pd.DataFrame,
    centre_names: pd.Series,
    limit_minutes: float,
    language: Language,
) -> dict[str, Told]:
    """Return what stands on the sheets: circle, access, equity, curve.

    Parameters
    ----------
    measures
        What the run measured.
    communities
        The communities table.
    centre_names
        Names of the centres, by id.
    limit_minutes
        The plan's limit.
    language
        Language of the words.
    """
    equity = equity_rows(measures, communities, language)
    return {
        "circle": Told(
            circle_rows(measures, communities, language), _circle_lines(measures, language)
        ),
        "access": Told(
            access_rows(measures, communities, language),
            _access_lines(measures, centre_names, language),
        ),
        "equity": Told(equity, _equity_lines(measures, equity, language)),
        "curve": Told(
            curve_rows(measures, limit_minutes, language), _curve_lines(measures, language)
        ),
    }


def _circle_lines(measures: Measures, language: Language) -> tuple[str, ...]:
    lines = [
        text(
            f"measures.circle_{name}",
            language,
            radius_m=found.radius_m,
            minutes=found.limit_minutes,
            **{case: float(found.cases["elderly_60"][case]) for case in CASES},
        )
        for name, found in measures.circles.items()
    ]
    return (*lines, _small(language))


def _small(language: Language) -> str:
    return text("measures.small", language, least=LEAST_ELDERS)


def _access_lines(
    measures: Measures, centre_names: pd.Series, language: Language
) -> tuple[str, ...]:
    access = measures.access
    if access is None:
        return (text("measures.access_nothing", language, centres=measures.open_centres),)
    whole = _whole(access)
    bands = [f"{minutes:g}" for minutes in access.step_weights]
    weights = [f"{one:g}" for one in access.step_weights.values()]
    lines = [
        text(
            "measures.access_line",
            language,
            centres=access.centres,
            capacity=access.supply_persons,
            persons=float(whole["persons"]),
            none=float(whole["persons_none"]),
            limit=access.limit_minutes,
            score=float(whole["enhanced_two_step"]),
        ),
        text(
            "measures.access_how",
            language,
            bands=" / ".join(bands),
            weights=" / ".join(weights),
            sigma=access.sigma_minutes,
            tau=access.congestion_minutes,
        ),
    ]
    if access.supply_unknown:
        names = unknown_names(access, centre_names)
        lines.append(
            text(
                "measures.access_unknown",
                language,
                centres=len(names),
                names=_listing(names, language),
                persons=float(whole["persons_unknown"]),
            )
        )
    return (*lines, _small(language))


def _listing(names: list[str], language: Language) -> str:
    told = "、".join(names[:NAMED])
    more = text("measures.and_more", language) if len(names) > NAMED else ""
    return told + more


def _equity_lines(measures: Measures, rows: pd.DataFrame, language: Language) -> tuple[str, ...]:
    lines = []
    for name, one in measures.equity.items():
        whole = one.district
        if not whole.persons > 0:
            lines.append(text(f"measures.equity_{name}_nobody", language))
            continue
        lines.append(
            text(
                f"measures.equity_{name}",
                language,
                persons=whole.persons,
                mean=whole.mean,
                gini=_figure(whole.gini, ".3f", language),
                palma=_figure(whole.palma, ".2f", language),
                concentration=_figure(whole.street_concentration, ".3f", language),
                worst=whole.worst_mean,
                bound=whole.worst_bound,
                no_better=float(one.worst.sum()),
                without=whole.persons_without,
            )
        )
        of_this = rows["equity_of"] == text(f"measures.equity_of_{name}", language)
        where = rows[of_this & (rows["level"] == "community")]["name"].astype(str).to_list()
        if where:
            lines.append(text("measures.equity_where", language, names=_listing(where, language)))
        if math.isfinite(whole.ratio_80):
            lines.append(
                text(
                    f"measures.equity_{name}_80",
                    language,
                    mean_80=whole.mean_80,
                    ratio=whole.ratio_80,
                )
            )
    return (*lines, _small(language))


def _figure(value: float, form: str, language: Language) -> str:
    """Return a figure, or that it cannot be told: nothing to share, or nobody."""
    return format(value, form) if math.isfinite(value) else text("measures.no_figure", language)


def _curve_lines(measures: Measures, language: Language) -> tuple[str, ...]:
    lines = []
    for name, curve in measures.curves.items():
        table = curve.at(CURVE_TOLD)["elderly_60_share"]
        if table.isna().any():
            continue
        told = [
            text("measures.curve_point", language, minutes=minutes, share=share)
            for minutes, share in table.items()
        ]
        mark = text("measures.curve_mark", language)
        lines.append(
            text(
                "measures.curve_line",
                language,
                walker=walker_title(name, language),
                points=mark.join(told),
            )
        )
    return tuple(lines)


def circle_figures(summary: Mapping[str, Any]) -> dict[str, float]:
    """Return what the headline says of the circle of the limit, from ``summary.json``."""
    found = summary["circle"]["limit"]
    return {
        "radius_m": found["radius_m"],
        "over": found["elderly_60"]["circle_only"],
    }
