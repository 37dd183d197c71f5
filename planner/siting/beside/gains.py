"""Who gains by a plan: site by site, by age and by community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.beside.served import elders_of, is_few, people_columns, served
from planner.siting.results import SitingPlan
from planner.tables import listed

By = Literal["order", "nearest"]


@dataclass(frozen=True, eq=False)
class WhoGains:
    """Who gains by a plan.

    Parameters
    ----------
    by
        Which site a newly served resident is told under: ``order`` (the first of ``chosen`` that
        reaches it, so that a site's number is what it adds to those before it) or ``nearest``.
    sites
        Index ``candidate``, in the order of ``chosen``: the weight newly served and each people
        column; ``mean_minutes`` (walk of the newly served to the site they are told under),
        ``minutes_saved`` (weight × minutes less than the walk to a centre of today, of those whose
        walk today is known) and ``weight_without_before`` (of those whose is not),
        ``nearer_weight`` and ``nearer_saved`` (those who have a centre today, but this one is
        nearer); ``is_few``. With costs: ``cost``, ``cost_per_served`` (a unit of weight). With
        areas: ``area_m2``, ``cured_m2``.
    communities
        Index ``candidate``, ``community``: the weight newly served, each people column and
        ``is_few``. Residents without a community are under None.
    closed
        Index ``centre``: of each centre of today that closes, the weight that is served no more
        and each people column.
    totals
        Index the weight and the people columns: ``newly_served, no_longer_served, net``. The
        first is the sum of ``sites`` and of ``communities``, the second that of ``closed``.
    """

    by: By
    sites: pd.DataFrame
    communities: pd.DataFrame
    closed: pd.DataFrame
    totals: pd.DataFrame


def who_gains(
    plan: SitingPlan,
    residents: pd.DataFrame | None = None,
    *,
    by: By = "order",
    minutes_before: pd.Series[Any] | None = None,
    costs: pd.Series[Any] | None = None,
    areas_m2: pd.Series[Any] | None = None,
    group_of: pd.Series[Any] | None = None,
    shortfall_m2: pd.Series[Any] | None = None,
) -> WhoGains:
    """Return whom each site of a plan newly serves, and what it saves, costs and cures.

    Parameters
    ----------
    plan
        The answer of a siting question.
    residents
        Residents with ages (``elderly_60`` …) and ``community``; None takes those asked with.
    by
        See :class:`WhoGains`. Each resident is told under one site.
    minutes_before
        Walk of each resident to the nearest centre of today, without a limit, by id (NaN where
        there is no way); None knows the walks within the limit only.
    costs
        Cost of each chosen site, by id; NaN where it is not known.
    areas_m2, group_of, shortfall_m2
        Building area of each chosen site and the service group it stands in, by its id; the
        floor area that each group lacks today. In the order of ``chosen`` each site cures what
        is left of its group's shortfall, at most its own area. All three or none.

    Returns
    -------
    WhoGains
        ``is_few`` marks numbers of 1 to 4 elders, to be suppressed where they are printed.

    Raises
    ------
    SitingError
        If a resident is missing from ``residents``, or a chosen site from a series.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame(
    ...     {"elderly_60": [30, 50], "elderly_80": [3, 9], "community": ["x", "y"]},
    ...     index=["a", "b"],
    ... )
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> who_gains(plan).sites[["elderly_60", "elderly_80", "mean_minutes"]].to_dict("index")
    {'west': {'elderly_60': 50.0, 'elderly_80': 9.0, 'mean_minutes': 15.0}}
    """
    _look_over(plan, by, costs, (areas_m2, group_of, shortfall_m2))
    rows = served(plan, residents)
    rows = rows.assign(before=_before(rows, minutes_before))
    newly = rows[rows["centre_before"].isna() & rows["centre"].notna()]
    newly = newly.assign(candidate=newly["first_site" if by == "order" else "centre"])
    newly = newly.assign(minutes=_walks_to(plan, newly) if by == "order" else newly["minutes"])
    lost = rows[rows["centre_before"].notna() & rows["centre"].isna()]
    columns = people_columns(rows)
    sites = newly.groupby("candidate")[columns].sum().reindex(_index(plan.chosen), fill_value=0.0)
    sites = sites.assign(**_minutes(plan, newly, rows), is_few=is_few(sites[elders_of(rows)]))
    if costs is not None:
        cost = costs.reindex(sites.index).astype(float)
        sites = sites.assign(cost=cost, cost_per_served=_each(cost, sites["weight"]))
    if areas_m2 is not None and group_of is not None and shortfall_m2 is not None:
        cured = _cured(plan.chosen, areas_m2, group_of, shortfall_m2)
        sites = sites.assign(area_m2=areas_m2.reindex(sites.index).astype(float), cured_m2=cured)
    closed = lost.groupby("centre_before")[columns].sum()
    totals = {"newly_served": newly[columns].sum(), "no_longer_served": lost[columns].sum()}
    summed = pd.DataFrame(totals).rename_axis("people")
    return WhoGains(
        by=by,
        sites=sites,
        communities=_communities(plan, newly, columns),
        closed=closed.reindex(_index(plan.closed, "centre"), fill_value=0.0),
        totals=summed.assign(net=summed["newly_served"] - summed["no_longer_served"]),
    )


def _index(ids: tuple[Any, ...], name: str = "candidate") -> pd.Index[Any]:
    index: pd.Index[Any] = pd.Index(ids, name=name, dtype=None if ids else object)
    return index


def _look_over(plan: SitingPlan, by: str, costs: Any, areas: tuple[Any, Any, Any]) -> None:
    if by not in ("order", "nearest"):
        what = f"by must be 'order' or 'nearest', not {by!r}"
        raise ValueError(what)
    if len({one is None for one in areas}) > 1:
        what = "areas_m2, group_of and shortfall_m2 go together"
        raise ValueError(what)
    problems: list[Message] = []
    for name, series in (("costs", costs), ("areas_m2", areas[0]), ("group_of", areas[1])):
        if series is None:
            continue
        absent = [site for site in plan.chosen if site not in series.index]
        if absent:
            problems.append(message("siting_beside.sites_missing", series=name, ids=listed(absent)))
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _before(rows: pd.DataFrame, minutes_before: pd.Series[Any] | None) -> pd.Series[Any]:
    """Return the walk today: within the limit as the question has it, beyond it as given."""
    if minutes_before is None:
        return rows["minutes_before"]
    beyond = minutes_before.reindex(rows.index).astype(float)
    return rows["minutes_before"].fillna(beyond.where(np.isfinite(beyond)))


def _walks_to(plan: SitingPlan, newly: pd.DataFrame) -> pd.Series[Any]:
    """Return the walk of each newly served resident to the site that it is told under."""
    times = plan.asked.times
    walks = times.loc[times["destination"].isin(plan.chosen), :]
    known = pd.Series(
        walks["walk_minutes"].to_numpy(dtype=float, na_value=np.nan),
        index=pd.MultiIndex.from_arrays(
            [walks["origin"].astype(object), walks["destination"].astype(object)]
        ),
    )
    pairs = pd.MultiIndex.from_arrays([newly.index.astype(object), newly["candidate"]])
    return pd.Series(known.reindex(pairs).to_numpy(), index=newly.index)


def _minutes(
    plan: SitingPlan, newly: pd.DataFrame, rows: pd.DataFrame
) -> dict[str, pd.Series[Any]]:
    known = newly["before"].notna()
    nearer = rows[rows["centre_before"].notna() & rows["centre"].isin(plan.chosen)]
    nearer = nearer[nearer["minutes"] < nearer["minutes_before"]]
    sums = {
        "walked": _sums(plan, newly["candidate"], newly["weight"] * newly["minutes"]),
        "weight": _sums(plan, newly["candidate"], newly["weight"]),
        "saved": _sums(
            plan,
            newly["candidate"][known],
            (newly["weight"] * (newly["before"] - newly["minutes"]))[known],
        ),
        "without": _sums(plan, newly["candidate"][~known], newly["weight"][~known]),
        "nearer": _sums(plan, nearer["centre"], nearer["weight"]),
        "nearer_saved": _sums(
            plan,
            nearer["centre"],
            nearer["weight"] * (nearer["minutes_before"] - nearer["minutes"]),
        ),
    }
    return {
        "mean_minutes": _each(sums["walked"], sums["weight"]),
        "minutes_saved": sums["saved"],
        "weight_without_before": sums["without"],
        "nearer_weight": sums["nearer"],
        "nearer_saved": sums["nearer_saved"],
    }


def _sums(plan: SitingPlan, site: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    sums: pd.Series[Any] = values.groupby(site).sum()
    return sums.reindex(_index(plan.chosen), fill_value=0.0).astype(float)


def _each(amount: pd.Series[Any], count: pd.Series[Any]) -> pd.Series[Any]:
    return amount / count.where(count > 0)


def _communities(plan: SitingPlan, newly: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    sums = newly.groupby(["candidate", "community"], dropna=False)[columns].sum()
    table = sums.reset_index()
    table = table.assign(community=table["community"].astype(object))
    table["community"] = table["community"].where(table["community"].notna(), None)
    rank = {site: place for place, site in enumerate(plan.chosen)}
    table = table.assign(
        place=table["candidate"].map(rank).astype(float), text=table["community"].astype(str)
    )
    table = table.sort_values(["place", "text"]).drop(columns=["place", "text"])
    table = table.assign(is_few=is_few(table[elders_of(newly)]))
    return table.set_index(["candidate", "community"])


def _cured(
    chosen: tuple[Any, ...],
    areas_m2: pd.Series[Any],
    group_of: pd.Series[Any],
    shortfall_m2: pd.Series[Any],
) -> list[float]:
    """Return what each site cures of its group's shortfall; NaN where that is not known."""
    left = {group: float(lacking) for group, lacking in shortfall_m2.items()}
    cured = []
    for site in chosen:
        area, group = float(areas_m2[site]), group_of[site]
        if area != area or group not in left or left[group] != left[group]:
            cured.append(float("nan"))
            continue
        cured.append(min(area, max(left[group], 0.0)))
        left[group] -= cured[-1]
    return cured
