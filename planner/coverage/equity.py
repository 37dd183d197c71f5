"""How evenly access is spread over the elders: five figures, each weighted by persons.

A row of residents stands for its persons: a row of 30 elders weighs as 30 rows of one. With
``x`` the measure (minutes, places for each person, share covered …) and ``w`` the persons:

- Gini: ``G = Σ_i Σ_j w_i w_j |x_i - x_j| / (2 W² μ)``, ``W = Σ w``, ``μ = Σ w x / W``: 0 if all are
  alike (Gini 1912; by the Lorenz curve, Sen 1973, *On Economic Inequality*, p. 29-31);
- Palma ratio: what the 10 % with most have over what the 40 % with least have (Palma 2011,
  Development and Change 42, 87-153; Cobham & Sumner 2013, CGD working paper 343): 0.25 if alike;
- concentration index: ``C = 2 Σ_i w_i x_i r_i / (W μ) - 1`` with ``r`` the place (0 to 1, the
  middle of each row's persons) in an order by *another* measure (Wagstaff, Paci & van Doorslaer
  1991, Social Science & Medicine 33, 545-557; Kakwani 1977, Econometrica 45, 719-728): below 0 if
  those first in the order have most;
- the worst-off tenth: the 10 % of persons with the worst ``x`` (Rawls's difference principle as a
  measure of transport: Martens, Golub & Robinson 2012, Transportation Research A 46, 684-695);
- the oldest (80+) against all (60+): the same mean with two weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from planner import tables, units
from planner.coverage.assigning_problem import summed
from planner.errors import TableError
from planner.labels import Message, message
from planner.units import FloatArray

Better = Literal["more", "less"]

PALMA_TOP: Final = 0.1
PALMA_BOTTOM: Final = 0.4
WORST_SHARE: Final = 0.1


@dataclass(frozen=True, eq=False)
class Equity:
    """How evenly one measure is spread over the elders.

    Parameters
    ----------
    measure, better
        What was measured; whether ``more`` of it is better, or ``less`` (minutes).
    persons, persons_without
        Elders (60+) with a known measure; those without (they are in none of the figures).
    mean, gini, palma
        Over the persons; NaN where there is nobody, or nothing to share.
    worst_mean, worst_bound
        Of the worst-off tenth: mean, and the best value in it.
    worst
        By resident id, worst first (of equals, by id): ``value, persons`` of the worst-off
        tenth; the last row may be in it with a part of its persons.
    streets
        By street, in the order of the concentration curve (least mean first, then by id):
        ``persons, mean, share_of_persons, share_of_measure, worst_persons`` (of the worst-off
        tenth) and the running sums ``curve_persons, curve_measure``.
    street_concentration
        Twice the area between that curve and the diagonal, 0 or more: the Gini between streets.
    mean_80, ratio_80
        Mean over persons aged 80+, and ``mean_80 / mean``; NaN where they are not known.
    """

    measure: str
    better: Better
    persons: float
    persons_without: float
    mean: float
    gini: float
    palma: float
    worst_mean: float
    worst_bound: float
    worst: pd.DataFrame
    streets: pd.DataFrame
    street_concentration: float
    mean_80: float
    ratio_80: float


def weighted_mean(values: FloatArray, persons: FloatArray) -> float:
    """Return ``Σ w x / Σ w``; NaN without persons."""
    whole = persons.sum()
    return float((values * persons).sum() / whole) if whole > 0 else float("nan")


def _fractional_ranks(persons: FloatArray) -> FloatArray:
    """Return the middle of each row's persons in the order given, 0 to 1."""
    return np.asarray((np.cumsum(persons) - persons / 2) / persons.sum())


def concentration_index(values: FloatArray, persons: FloatArray, order_by: FloatArray) -> float:
    """Return the concentration index of a measure in the order of another.

    Parameters
    ----------
    values
        ``x``, 0 or more, shape (n,).
    persons
        ``w``, 0 or more, shape (n,).
    order_by
        What persons are put in order by, least first, shape (n,). Equals share their middle
        place, so that the order of the rows does not matter.

    Returns
    -------
    float
        From -1 to 1; NaN where there are no persons or nothing to share.
    """
    mean = weighted_mean(values, persons)
    if not mean > 0:
        return float("nan")
    keys, group = np.unique(order_by, return_inverse=True)
    group_persons = summed(group, persons, len(keys))
    ranks = _fractional_ranks(group_persons)[group]
    return float(2 * (persons * values * ranks).sum() / (persons.sum() * mean) - 1)


def gini(values: FloatArray, persons: FloatArray) -> float:
    """Return the Gini coefficient: the concentration index of a measure in its own order.

    Parameters
    ----------
    values, persons
        As for :func:`concentration_index`.
    """
    return concentration_index(values, persons, values)


def held_by(values: FloatArray, persons: FloatArray, share: float) -> float:
    """Return ``Σ w x`` of the share of persons with the least ``x``; a row may count in part.

    Parameters
    ----------
    values, persons
        Shape (n,).
    share
        0 to 1.
    """
    order = np.argsort(values, kind="stable")
    taken = _first_persons(persons[order], share)
    return float((values[order] * taken).sum())


def _first_persons(persons: FloatArray, share: float) -> FloatArray:
    """Return how many persons of each row are among the first ``share`` of all."""
    before = np.cumsum(persons) - persons
    return np.asarray(np.clip(share * persons.sum() - before, 0.0, persons))


def palma(values: FloatArray, persons: FloatArray) -> float:
    """Return the Palma ratio; NaN where the 40 % with least have nothing.

    Parameters
    ----------
    values, persons
        As for :func:`concentration_index`.
    """
    bottom = held_by(values, persons, PALMA_BOTTOM)
    top = float((values * persons).sum()) - held_by(values, persons, 1 - PALMA_TOP)
    return top / bottom if bottom > 0 else float("nan")


def equity_figures(
    values: pd.Series,
    residents: pd.DataFrame,
    *,
    measure: str,
    better: Better,
    streets: pd.Series | None = None,
) -> Equity:
    """Return how evenly a measure is spread over the elders.

    Parameters
    ----------
    values
        The measure by resident id, 0 or more; NaN where it is not known (no walk at all: say
        how many, the figures are of the others).
    residents
        A :data:`planner.tables.RESIDENTS` table, geometry not needed; persons are
        ``elderly_60``, those of 80 and over ``elderly_80``. Unknown persons count as 0.
    measure
        What the values are, for the reader.
    better
        ``"more"`` or ``"less"``: which end of the measure is the worse.
    streets
        Street by resident id; rows without one are in no street's figures.

    Raises
    ------
    TableError
        If the table is malformed, values are missing for a resident, negative or infinite.
    ValueError
        If ``better`` is neither word.
    """
    if better not in ("more", "less"):
        what = f"better must be 'more' or 'less', not {better!r}"
        raise ValueError(what)
    problems = tables.table_problems(tables.RESIDENTS, residents, geometry=False)
    problems = problems or _value_problems(values, residents)
    if problems:
        raise TableError(message("equity.refused"), problems)
    # In the order of the ids: sums of floats depend on theirs in the last digit.
    ids = residents.sort_index().index
    value = values.loc[ids].to_numpy(dtype=float, na_value=np.nan)
    everybody = _persons(residents, "elderly_60").loc[ids].to_numpy()
    oldest = _persons(residents, "elderly_80").loc[ids].to_numpy()
    known = np.isfinite(value)
    value, persons, oldest, ids = value[known], everybody[known], oldest[known], ids[known]
    worst = _worst(value, persons, ids, better)
    table = _streets(value, persons, ids, streets, worst)
    mean, mean_80 = weighted_mean(value, persons), weighted_mean(value, oldest)
    return Equity(
        measure=measure,
        better=better,
        persons=float(persons.sum()),
        persons_without=float(everybody[~known].sum()),
        mean=mean,
        gini=gini(value, persons),
        palma=palma(value, persons),
        worst_mean=weighted_mean(worst["value"].to_numpy(), worst["persons"].to_numpy()),
        worst_bound=float(worst["value"].iloc[-1]) if len(worst) else float("nan"),
        worst=worst,
        streets=table,
        street_concentration=gini(table["mean"].to_numpy(), table["persons"].to_numpy()),
        mean_80=mean_80,
        ratio_80=mean_80 / mean if mean else float("nan"),
    )


def _persons(residents: pd.DataFrame, column: str) -> pd.Series:
    return residents.reindex(columns=[column])[column].astype(float).fillna(0.0)


def _value_problems(values: pd.Series, residents: pd.DataFrame) -> list[Message]:
    absent = residents.index.difference(values.index)
    if len(absent):
        return [message("equity.values_missing", ids=tables.listed(absent))]
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    wrong = (numbers < 0) | np.isinf(numbers)
    if wrong.any():
        return [message("equity.values_wrong", ids=tables.listed(values.index[wrong]))]
    return []


def _worst(value: FloatArray, persons: FloatArray, ids: pd.Index, better: Better) -> pd.DataFrame:
    order = np.argsort(value if better == "more" else -value, kind="stable")
    taken = _first_persons(persons[order], WORST_SHARE)
    table = pd.DataFrame({"value": value[order], "persons": taken}, index=ids[order])
    return table[table["persons"] > units.TOLERANCE_MINUTES].rename_axis("resident")


def _streets(
    value: FloatArray,
    persons: FloatArray,
    ids: pd.Index,
    streets: pd.Series | None,
    worst: pd.DataFrame,
) -> pd.DataFrame:
    named = pd.Series(None, index=ids, dtype=object)
    if streets is not None:
        named = streets.reindex(ids).astype(object)
    rows = pd.DataFrame(
        {
            "street": named.to_numpy(),
            "persons": persons,
            "measure": value * persons,
            "worst_persons": worst["persons"].reindex(ids).fillna(0.0).to_numpy(),
        }
    )
    sums = rows.groupby("street")[["persons", "measure", "worst_persons"]].sum()
    sums = sums[sums["persons"] > 0]
    sums = sums.assign(mean=sums["measure"] / sums["persons"])
    ranked = sums.assign(rounded=sums["mean"].round(12)).sort_index()
    ranked = ranked.sort_values("rounded", kind="stable")
    shares = ranked[["persons", "measure"]] / ranked[["persons", "measure"]].sum()
    return pd.DataFrame(
        {
            "persons": ranked["persons"],
            "mean": ranked["mean"],
            "share_of_persons": shares["persons"],
            "share_of_measure": shares["measure"],
            "worst_persons": ranked["worst_persons"],
            "curve_persons": shares["persons"].cumsum(),
            "curve_measure": shares["measure"].cumsum(),
        }
    ).rename_axis("street")
