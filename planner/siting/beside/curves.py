"""How coverage grows with the number of new centres, and with the money for them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any, Final

import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.places import Places
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.settings import centre_count_problems, limit_problems
from planner.siting.asking.weights import Weight
from planner.siting.covering.questions import most_people
from planner.siting.results import MostPeople

PROVEN: Final = 1e-9
"""Share by which bound and plan may differ and still be called equal."""


@dataclass(frozen=True)
class CoverageCurve:
    """Coverage for several numbers of new centres.

    Parameters
    ----------
    points
        Index ``new_centres`` ascending: ``covered``, ``covered_bound`` (no plan of that number
        covers more), ``status``, ``share`` (of the weight of all residents), ``gain_of_one``
        (what each further centre brings, on the average since the point before; NaN at first).
    knee
        The number after which further centres bring markedly less: the point that lies farthest
        above the straight line from the first point to the last, both axes from 0 to 1 (Satopää,
        Albrecht, Irwin & Raghavan 2011, "Finding a Kneedle in a Haystack", ICDCS Workshops;
        ties: the smaller number). None where no point lies above it.
    plans
        The plan of each point.
    """

    points: pd.DataFrame
    knee: int | None
    plans: tuple[MostPeople, ...]


def coverage_by_number(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    *,
    limit_minutes: float,
    numbers: Iterable[int],
    existing: Places = (),
    weight: Weight = "elderly_60",
    rules: SiteRules = NO_RULES,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> CoverageCurve:
    """Return the most that can be covered with each of several numbers of new centres.

    Parameters
    ----------
    times, residents, candidates, limit_minutes, existing, weight, rules, gap
        As for :func:`planner.siting.most_people`.
    numbers
        Numbers of new centres, such as ``range(11)``; their order does not matter.
    time_limit_s
        Seconds for the whole curve, shared evenly among the points that are left; None for none.

    Returns
    -------
    CoverageCurve
        Coverage never falls along it, and no bound is above that of a larger number: where time
        or gap left a point behind, the plan or the bound of its neighbour holds for it too.

    Raises
    ------
    SitingError
        With every problem of tables and settings.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> curve = coverage_by_number(
    ...     times, residents, ["east", "west"], limit_minutes=15, numbers=range(3)
    ... )
    >>> curve.points["covered"].tolist(), curve.knee
    ([0.0, 50.0, 80.0], 1)
    """
    asked = _checked_numbers(numbers, time_limit_s)
    end = inf if time_limit_s is None else time.perf_counter() + time_limit_s
    plans: list[MostPeople] = []
    for place, number in enumerate(asked):
        left = None
        if end < inf:
            # Even when time is up each point gets a plan: the greedy one takes next to no time.
            left = max((end - time.perf_counter()) / (len(asked) - place), 1e-3)
        plans.append(
            most_people(
                times,
                residents,
                candidates,
                limit_minutes=limit_minutes,
                new_centres=number,
                existing=existing,
                weight=weight,
                rules=rules,
                time_limit_s=left,
                gap=gap,
            )
        )
    best = _never_falling(plans)
    points = pd.DataFrame(
        {
            "covered": [plan.covered for plan in best],
            "covered_bound": bounds_along([plan.bound for plan in plans]),
            "status": [plan.status for plan in plans],
        },
        index=pd.Index(asked, name="new_centres"),
    )
    points = with_shares(points, plans[0].total).rename(columns={"gain_of_step": "gain_of_one"})
    return CoverageCurve(points, knee_of(points["covered"]), tuple(best))


def _checked_numbers(numbers: Iterable[Any], time_limit_s: float | None) -> list[int]:
    given = list(numbers)
    problems: list[Message] = [] if given else [message("siting_beside.no_numbers")]
    for number in given:
        problems += centre_count_problems(number)
    if time_limit_s is not None:
        problems += limit_problems(time_limit_s, "time_limit_s")
    if problems:
        raise SitingError(message("siting.refused"), problems)
    return sorted({int(number) for number in given})


def _never_falling(plans: list[MostPeople]) -> list[MostPeople]:
    """Return, for each number, the best plan of it or of a smaller number."""
    best: list[MostPeople] = []
    for plan in plans:
        is_worse = bool(best) and plan.covered < best[-1].covered
        best.append(best[-1] if is_worse else plan)
    return best


def bounds_along(bounds: list[float]) -> list[float]:
    """Return bounds of ascending numbers, each at most the next: more centres never cover less."""
    along: list[float] = []
    for bound in reversed(bounds):
        along.insert(0, min([bound, *along[:1]]))
    return along


def with_shares(points: pd.DataFrame, total: float) -> pd.DataFrame:
    """Return the points of a curve with shares, steps, and what neighbours prove.

    Parameters
    ----------
    points
        ``covered, covered_bound, status`` by ascending number.
    total
        Weight of all residents.
    """
    covered, bound = points["covered"], points["covered_bound"].clip(lower=points["covered"])
    steps = pd.Series(points.index.to_numpy(dtype=float), index=points.index).diff()
    proven = bound <= covered * (1.0 + PROVEN)
    return points.assign(
        share=covered / total,
        covered_bound=bound.where(~proven, covered),
        status=points["status"].where(~proven, "optimal"),
        gain_of_step=covered.diff() / steps,
    )


def knee_of(covered: pd.Series[Any]) -> Any:
    """Return where a curve bends most; None where it is straight, or has one point only."""
    known = covered.dropna()
    if known.empty:
        return None
    at = known.index.to_numpy(dtype=float)
    width, height = at[-1] - at[0], float(known.iloc[-1] - known.iloc[0])
    if not width or not height:
        return None
    above = (known - known.iloc[0]) / height - (at - at[0]) / width
    # Rounded, so that of equals the first is taken.
    knee = known.index.tolist()[int(above.round(12).argmax())]
    return knee if above.max() > PROVEN else None
