"""Two plans side by side: sites, who is reached, how evenly, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from planner.coverage.equity import Equity, equity_figures
from planner.errors import SitingError
from planner.labels import message
from planner.siting.asking.places import in_order
from planner.siting.beside.served import is_few, people_columns, served
from planner.siting.results import SitingPlan
from planner.tables import listed

FLOWS: Final = ("both", "wins", "loses", "neither")
"""What the second plan means for a resident: reached by both plans, by the second only, by the
first only, by neither."""


@dataclass(frozen=True, eq=False)
class PlanComparison:
    """Two plans of the same residents.

    Parameters
    ----------
    sites
        Index ``site``, by id, every place that is open with one of them: ``first``, ``second``
        (whether it is open), ``is_new`` (a candidate, not a centre of today); with costs ``cost``
        of new ones (0 for the others).
    people
        Index ``weight`` (as the first asks) and the people columns:
        ``total``, ``first`` and ``second`` (reached), ``difference``, and by :data:`FLOWS`.
    communities
        Index ``community`` (None where it is not known), weight as the first asks: ``total,
        first, second, difference, first_share, second_share``; ``is_few`` marks those of 1 to 4.
    residents
        Index ``resident``: ``flow`` (one of :data:`FLOWS`), ``first_minutes``,
        ``second_minutes`` (walk to the nearest open centre within the limit; NaN without).
    equity_first, equity_second
        How evenly walks are spread over those reached (minutes, less is better); None where
        ``elderly_60`` is not known, or nobody is reached.
    money
        ``first, second, difference``: cost of the new centres; NaN without costs, or where one
        is not known.
    """

    sites: pd.DataFrame
    people: pd.DataFrame
    communities: pd.DataFrame
    residents: pd.DataFrame
    equity_first: Equity | None
    equity_second: Equity | None
    money: pd.Series[Any]


def compare_plans(
    first: SitingPlan,
    second: SitingPlan,
    residents: pd.DataFrame | None = None,
    *,
    costs: pd.Series[Any] | None = None,
) -> PlanComparison:
    """Compare two plans, which may answer different questions about the same residents.

    Parameters
    ----------
    first, second
        Answers of siting questions; limit, weight, rules and candidates may differ.
    residents
        Residents with ages and community; None takes those that the first was asked with.
    costs
        Cost of each candidate, by id.

    Returns
    -------
    PlanComparison
        ``first + wins - loses = second`` in every row of ``people``, and the communities add up
        to the row ``weight``.

    Raises
    ------
    SitingError
        If the plans are about different residents.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> one, two = (
    ...     most_people(times, residents, sites, limit_minutes=15, new_centres=1)
    ...     for sites in (["east"], ["east", "west"])
    ... )
    >>> compare_plans(one, two).people.loc["weight", ["first", "second", "wins", "loses"]].tolist()
    [30.0, 50.0, 50.0, 30.0]
    """
    _same_residents(first, second)
    table = first.asked.residents if residents is None else residents
    one, two = served(first, table), served(second, table)
    was, now = one["centre"].notna(), two["centre"].notna()
    flow = pd.Series("neither", index=one.index, dtype=object)
    flow = flow.mask(was & now, "both").mask(now & ~was, "wins").mask(was & ~now, "loses")
    columns = people_columns(one)
    sites = _sites(first, second, costs)
    return PlanComparison(
        sites=sites,
        people=_people(one, columns, flow),
        communities=_communities(one, was, now),
        residents=pd.DataFrame(
            {"flow": flow, "first_minutes": one["minutes"], "second_minutes": two["minutes"]}
        ),
        equity_first=_equity(one),
        equity_second=_equity(two),
        money=_money(sites, costs),
    )


def _same_residents(first: SitingPlan, second: SitingPlan) -> None:
    one, two = first.asked.residents.index, second.asked.residents.index
    strangers = one.symmetric_difference(two)
    if len(strangers):
        raise SitingError(
            message("siting.refused"),
            [message("siting_beside.residents_differ", ids=listed(strangers))],
        )


def _sites(first: SitingPlan, second: SitingPlan, costs: pd.Series[Any] | None) -> pd.DataFrame:
    opened = [{*plan.chosen, *plan.existing} for plan in (first, second)]
    new = {*first.chosen, *second.chosen}
    every = [*opened[0], *(one for one in opened[1] if one not in opened[0])]
    index = in_order(pd.Index(every, dtype=None if every else object)).rename("site")
    table = pd.DataFrame(
        {
            "first": [site in opened[0] for site in index],
            "second": [site in opened[1] for site in index],
            "is_new": [site in new for site in index],
        },
        index=index,
    )
    if costs is None:
        return table
    paid = costs.reindex(index).astype(float)
    return table.assign(cost=paid.where(table["is_new"], 0.0))


def _people(rows: pd.DataFrame, columns: list[str], flow: pd.Series[Any]) -> pd.DataFrame:
    sums = {name: rows.loc[flow == name, columns].sum() for name in FLOWS}
    table = pd.DataFrame(sums).rename_axis("people")
    first, second = table["both"] + table["loses"], table["both"] + table["wins"]
    totals = pd.DataFrame(
        {
            "total": rows[columns].sum(),
            "first": first,
            "second": second,
            "difference": second - first,
        }
    )
    return totals.join(table)


def _communities(rows: pd.DataFrame, was: pd.Series[Any], now: pd.Series[Any]) -> pd.DataFrame:
    weight = rows["weight"]
    parts = pd.DataFrame(
        {"total": weight, "first": weight.where(was, 0.0), "second": weight.where(now, 0.0)}
    )
    sums = parts.groupby(rows["community"].to_numpy(dtype=object), dropna=False).sum()
    names = pd.Index([None if pd.isna(one) else one for one in sums.index], dtype=object)
    table = sums.set_axis(names).rename_axis("community")
    total = table["total"].where(table["total"] > 0)
    return table.assign(
        difference=table["second"] - table["first"],
        first_share=table["first"] / total,
        second_share=table["second"] / total,
        is_few=is_few(table["first"]) | is_few(table["second"]) | is_few(table["total"]),
    )


def _equity(rows: pd.DataFrame) -> Equity | None:
    ages = [name for name in ("elderly_60", "elderly_80") if name in rows.columns]
    if "elderly_60" not in ages or not rows.loc[rows["minutes"].notna(), "elderly_60"].sum() > 0:
        return None
    # Ids of any kind may be asked with; the measure of equity takes texts.
    named = rows[ages].set_axis(rows.index.astype(str).rename("resident"))
    minutes = rows["minutes"].set_axis(named.index)
    return equity_figures(minutes, named, measure="walk_minutes", better="less")


def _money(sites: pd.DataFrame, costs: pd.Series[Any] | None) -> pd.Series[Any]:
    sums = dict.fromkeys(("first", "second"), float("nan"))
    if costs is not None:
        sums = {name: float(sites.loc[sites[name], "cost"].sum(skipna=False)) for name in sums}
    return pd.Series({**sums, "difference": sums["second"] - sums["first"]})
