"""Several walkers or ages asked about at once, and the answer read back for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.inputs import PAIR_COLUMNS
from planner.siting.asking.places import plain
from planner.siting.asking.settings import limit_problems
from planner.siting.asking.weights import Weight, weight_problems, weights_of
from planner.siting.beside.served import served
from planner.siting.results import SitingPlan
from planner.tables import listed
from planner.units import within

MARK: Final = "|"
"""Between the walker and the id of a resident; no walker's name holds it."""

WEIGHT: Final = "weight"
"""The column of the stacked residents that is asked with."""


@dataclass(frozen=True, eq=False)
class WalkerPart:
    """One kind of walker, or one age, of a question about several.

    Parameters
    ----------
    times, residents
        As for every siting question.
    limit_minutes
        Largest walk that counts for this walker; None where none has a limit.
    weight
        What to count, as for every siting question. Parts count people apart: with a part for
        60 to 79 and one for 80 and over, each counts its own, or people count twice.
    """

    times: pd.DataFrame
    residents: pd.DataFrame
    limit_minutes: float | None = None
    weight: Weight = "elderly_60"


@dataclass(frozen=True, eq=False)
class Together:
    """Several walkers as one question.

    Parameters
    ----------
    times
        The walks of all that count, each by its own limit; origins are ``walker|id``.
    residents
        Index ``walker|id``: the columns of each part, ``walker``, ``resident`` (its id) and
        ``weight``.
    limit_minutes
        The longest limit, None without: ask with it, shorter limits are kept already.
    weight
        The column to ask with.
    """

    times: pd.DataFrame
    residents: pd.DataFrame
    limit_minutes: float | None
    weight: str

    def by_walker(self, plan: SitingPlan) -> pd.DataFrame:
        """Return what a plan that was asked of these tables means for each walker.

        Parameters
        ----------
        plan
            The answer of any siting question with these ``times`` and ``residents``.

        Returns
        -------
        DataFrame
            Index ``walker``, in the order of the parts: ``total``, ``reached_before``,
            ``reached``, ``gain`` (the last less the one before), ``unreachable`` (weight whom no
            site reaches), ``mean_minutes`` (of those reached; NaN for nobody).
        """
        rows = served(plan, self.residents)
        walker = self.residents["walker"].reindex(rows.index)
        weight = rows["weight"]
        named = {
            "total": weight,
            "reached_before": weight.where(rows["centre_before"].notna(), 0.0),
            "reached": weight.where(rows["centre"].notna(), 0.0),
            "unreachable": weight.where(rows.index.isin(plan.unreachable), 0.0),
            "walk": (weight * rows["minutes"]).fillna(0.0),
        }
        order = list(dict.fromkeys(self.residents["walker"]))
        sums = {
            name: [fsum(values[(walker == one).to_numpy()]) for one in order]
            for name, values in named.items()
        }
        table = pd.DataFrame(sums, index=pd.Index(order, name="walker"), dtype=float)
        mean = table["walk"] / table["reached"].where(table["reached"] > 0)
        gain = table["reached"] - table["reached_before"]
        told = table.assign(gain=gain, mean_minutes=mean)
        return told[["total", "reached_before", "reached", "gain", "unreachable", "mean_minutes"]]


def together(parts: Mapping[str, WalkerPart]) -> Together:
    """Return several walkers or ages as tables of one question.

    A centre serves them all, each within its own limit at its own pace: the question with
    ``Σ`` over walkers of their own weights within their own limits.

    Parameters
    ----------
    parts
        By walker's name, such as ``{"60-79": WalkerPart(…), "80+": WalkerPart(…)}``. Either all
        have a limit, or none has.

    Returns
    -------
    Together
        For any siting question: ``most_people(all.times, all.residents, candidates,
        limit_minutes=all.limit_minutes, weight=all.weight, …)``.

    Raises
    ------
    SitingError
        With every problem of the parts, naming the walker.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> walks = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 12.0]}
    ... )
    >>> people = pd.DataFrame({"younger": [30, 50], "elderly_80": [9, 3]}, index=["a", "b"])
    >>> slower = walks.assign(walk_minutes=walks["walk_minutes"] * 1.5)
    >>> both = together(
    ...     {
    ...         "60-79": WalkerPart(walks, people, 15, "younger"),
    ...         "80+": WalkerPart(slower, people, 15, "elderly_80"),
    ...     }
    ... )
    >>> plan = most_people(
    ...     both.times,
    ...     both.residents,
    ...     ["east", "west"],
    ...     limit_minutes=both.limit_minutes,
    ...     weight=both.weight,
    ...     new_centres=1,
    ... )
    >>> plan.chosen, both.by_walker(plan)["reached"].to_dict()
    (('west',), {'60-79': 50.0, '80+': 0.0})
    """
    problems = _problems(parts)
    if problems:
        raise SitingError(message("siting.refused"), problems)
    limits = [part.limit_minutes for part in parts.values() if part.limit_minutes is not None]
    # Residents who weigh nothing for one walker still weigh for another: rows stay apart.
    return Together(
        times=pd.concat([_walks(name, part) for name, part in parts.items()], ignore_index=True),
        residents=pd.concat([_people(name, part) for name, part in parts.items()]),
        limit_minutes=float(max(limits)) if limits else None,
        weight=WEIGHT,
    )


def _problems(parts: Mapping[str, WalkerPart]) -> list[Message]:
    if not parts:
        return [message("siting_beside.no_walkers")]
    problems: list[Message] = []
    wrong = [name for name in parts if MARK in str(name)]
    if wrong:
        problems.append(message("siting_beside.walker_name", names=listed(wrong), mark=MARK))
    if len({part.limit_minutes is None for part in parts.values()}) > 1:
        problems.append(message("siting_beside.limits_mixed"))
    for name, part in parts.items():
        found = weight_problems(part.residents, part.weight)
        if part.limit_minutes is not None:
            found += limit_problems(part.limit_minutes)
        found += [
            message("tables.column_missing", table="times", column=column)
            for column in PAIR_COLUMNS
            if column not in part.times.columns
        ]
        # Nobody of one walker is no fault, as long as there is somebody of another.
        problems += [
            message("siting_beside.of_walker", walker=name, problem=one)
            for one in found
            if one.key != "siting.nobody"
        ]
    return problems


def _named(walker: str, ids: Any) -> list[str]:
    return [f"{walker}{MARK}{one}" for one in ids]


def _walks(walker: str, part: WalkerPart) -> pd.DataFrame:
    minutes = part.times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    counts = np.isfinite(minutes)
    if part.limit_minutes is not None:
        counts &= within(minutes, float(part.limit_minutes))
    # Walks below 0 stay, for the question to refuse.
    rows = part.times[counts]
    codes, ids = pd.factorize(plain(pd.Index(rows["origin"])))
    names = np.array(_named(walker, ids), dtype=object)
    walks: pd.DataFrame = rows.assign(
        origin=names[codes] if len(names) else rows["origin"].astype(object),
        destination=rows["destination"].astype(object),
    )
    return walks


def _people(walker: str, part: WalkerPart) -> pd.DataFrame:
    table = pd.DataFrame(part.residents.drop(columns=["geometry"], errors="ignore"))
    index = pd.Index(_named(walker, plain(table.index)), name="resident", dtype=object)
    return table.assign(
        walker=walker,
        resident=plain(table.index).to_numpy(),
        **{WEIGHT: weights_of(part.residents, part.weight)},
    ).set_axis(index)
