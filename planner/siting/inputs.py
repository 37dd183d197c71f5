"""The door of siting: tables and settings are looked over once, and ids are coded once.

Everything that is wrong with a question is said at once. What passes is a :class:`Question`:
arrays of positions, in an order that depends on the ids alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.tables import LISTED_ROWS, listed
from planner.units import FloatArray

IntArray = npt.NDArray[np.int64]
Places: TypeAlias = "pd.DataFrame | pd.Series[Any] | pd.Index[Any] | Sequence[Any]"
"""Where centres are or could be: a table (its index counts) or the ids themselves."""

PAIR_COLUMNS: Final = ("origin", "destination", "walk_minutes")


@dataclass(frozen=True)
class Question:
    """Tables that have been looked over, as positions.

    Parameters
    ----------
    residents, weights
        Ids in canonical order, and what each weighs (finite, not negative).
    candidates, existing
        Ids in canonical order.
    resident_of, place_of, minutes
        One entry a pair: position in ``residents``; position in ``candidates`` followed by
        ``existing``, or -1 where the destination is neither; minutes (NaN: no way).
    limit_minutes
        Largest walk that counts.
    """

    residents: pd.Index[Any]
    weights: FloatArray
    candidates: pd.Index[Any]
    existing: pd.Index[Any]
    resident_of: IntArray
    place_of: IntArray
    minutes: FloatArray
    limit_minutes: float


def ask(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    existing: Places,
    *,
    limit_minutes: float,
    weight: str | None,
    settings: Iterable[Message] = (),
) -> Question:
    """Look over tables and settings, and code their ids.

    Parameters
    ----------
    times, residents, candidates, existing, limit_minutes, weight
        As for :func:`planner.siting.covering.most_people`.
    settings
        Problems with settings that the caller has found, to be told with the rest.

    Returns
    -------
    Question

    Raises
    ------
    SitingError
        With every problem found.
    """
    candidate_ids, existing_ids = ids_of(candidates), ids_of(existing)
    problems = [*settings, *limit_problems(limit_minutes)]
    problems += _place_problems(candidate_ids, existing_ids)
    problems += _weight_problems(residents, weight) + _time_problems(times)
    _refuse(problems)

    order = canonical_order(_plain(residents.index))
    resident_ids = _plain(residents.index)[order]
    weights = _weights(residents, weight)[order]
    candidate_ids = candidate_ids[canonical_order(candidate_ids)]
    existing_ids = existing_ids[canonical_order(existing_ids)]
    places = candidate_ids.append(existing_ids) if len(existing_ids) else candidate_ids
    origins, origin_codes = _coded(times["origin"])
    destinations, destination_codes = _coded(times["destination"])
    _refuse(_stranger_problems(origins, resident_ids) + _mismatch_problems(destinations, places))
    return Question(
        residents=resident_ids,
        weights=weights,
        candidates=candidate_ids,
        existing=existing_ids,
        resident_of=_positions(origins, resident_ids)[origin_codes],
        place_of=_positions(destinations, places)[destination_codes],
        minutes=times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan),
        limit_minutes=float(limit_minutes),
    )


def ids_of(places: Places) -> pd.Index[Any]:
    """Return the ids of a table of places, or of a plain sequence of ids, in the order given.

    Raises
    ------
    TypeError
        If a single text is given where several ids are meant.
    """
    if isinstance(places, str):
        what = f"a sequence of ids or a table is needed, not the single text {places!r}"
        raise TypeError(what)
    if isinstance(places, pd.DataFrame | pd.Series):
        return _plain(places.index)
    if isinstance(places, pd.Index):
        return _plain(places)
    ids: pd.Index[Any] = pd.Index(list(places), dtype=None if len(places) else object)
    return ids


def canonical_order(ids: pd.Index[Any]) -> IntArray:
    """Return the positions that put ids in their natural order; mixed types go by their text."""
    try:
        return np.asarray(np.argsort(ids.to_numpy(), kind="stable"), dtype=np.int64)
    except TypeError:
        keys = [(str(value), type(value).__name__) for value in ids]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def limit_problems(value: object, setting: str = "limit_minutes") -> list[Message]:
    """Tell if a setting is not a positive, finite number."""
    if _finite(value) > 0:
        return []
    return [message("siting.not_positive", setting=setting, value=value)]


def centre_count_problems(new_centres: object) -> list[Message]:
    """Tell if a number of new centres is not a whole number from 0 up."""
    count = _finite(new_centres)
    if count.is_integer() and count >= 0:
        return []
    return [message("siting.count_wrong", value=new_centres)]


def effort_problems(time_limit_s: object, gap: object) -> list[Message]:
    """Tell if a time limit is not positive, or a gap not from 0 up to below 1."""
    problems = []
    if time_limit_s is not None:
        problems += limit_problems(time_limit_s, "time_limit_s")
    if not 0 <= _finite(gap) < 1:
        problems.append(message("siting.gap_wrong", value=gap))
    return problems


def _finite(value: object) -> float:
    """Return a finite number as float, and NaN for everything else."""
    # True and False are numbers to Python, but nobody means one centre by True.
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    return float(value) if math.isfinite(value) else math.nan


def _refuse(problems: Sequence[Message]) -> None:
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _plain(index: pd.Index[Any]) -> pd.Index[Any]:
    # A categorical index sorts by its categories' own order, which is no property of the ids.
    if isinstance(index.dtype, pd.CategoricalDtype):
        plain: pd.Index[Any] = index.astype(index.dtype.categories.dtype)
        return plain
    return index


def _place_problems(candidates: pd.Index[Any], existing: pd.Index[Any]) -> list[Message]:
    problems = _id_problems("candidates", candidates) + _id_problems("existing", existing)
    shared = candidates[candidates.isin(existing)]
    if len(shared):
        problems.append(
            message("tables.ids_shared", ids=listed(shared), first="candidates", second="existing")
        )
    return problems


def _id_problems(table: str, ids: pd.Index[Any]) -> list[Message]:
    problems = []
    if ids.hasnans:
        problems.append(message("tables.id_missing", table=table))
    repeated = ids[ids.duplicated()].unique()
    if len(repeated):
        problems.append(message("tables.id_repeated", table=table, ids=listed(repeated)))
    return problems


def _weight_problems(residents: pd.DataFrame, weight: str | None) -> list[Message]:
    problems = _id_problems("residents", residents.index)
    if weight is None:
        return problems if len(residents) else [*problems, message("siting.nobody")]
    if weight not in residents.columns:
        return [*problems, message("tables.column_missing", table="residents", column=weight)]
    if not _is_numeric(residents[weight]):
        return [*problems, message("tables.not_numbers", table="residents", column=weight)]
    values = _weights(residents, weight)
    for key, wrong in (
        ("siting.weight_missing", np.isnan(values)),
        ("siting.weight_infinite", np.isinf(values)),
        ("siting.weight_negative", values < 0),
    ):
        if wrong.any():
            ids = listed(residents.index[wrong])
            problems.append(message(key, column=weight, ids=ids))
    if not problems and not values.any():
        problems.append(message("siting.nobody"))
    return problems


def _is_numeric(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _weights(residents: pd.DataFrame, weight: str | None) -> FloatArray:
    if weight is None:
        return np.ones(len(residents))
    return residents[weight].to_numpy(dtype=np.float64, na_value=np.nan)


def _time_problems(times: pd.DataFrame) -> list[Message]:
    missing = [name for name in PAIR_COLUMNS if name not in times.columns]
    if missing:
        return [message("tables.column_missing", table="times", column=name) for name in missing]
    problems = [
        message("siting.pair_end_missing", column=name, count=int(times[name].isna().sum()))
        for name in ("origin", "destination")
        if times[name].isna().any()
    ]
    if not _is_numeric(times["walk_minutes"]):
        return [*problems, message("tables.not_numbers", table="times", column="walk_minutes")]
    minutes = times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    negative = np.flatnonzero(minutes < 0)
    if len(negative):
        shown = times.iloc[negative[: LISTED_ROWS + 1]]
        pairs = [f"{a} → {b}" for a, b in zip(shown["origin"], shown["destination"], strict=True)]
        problems.append(
            message("siting.minutes_negative", pairs=listed(pairs), count=len(negative))
        )
    return problems


def _coded(ends: pd.Series[Any]) -> tuple[pd.Index[Any], IntArray]:
    """Return the distinct ids of a column, and each row's position among them."""
    if isinstance(ends.dtype, pd.CategoricalDtype):
        codes = ends.cat.codes.to_numpy()
        # Categories that no row uses are no ids of this table.
        used = np.zeros(len(ends.cat.categories), dtype=np.bool_)
        used[codes] = True
        return ends.cat.categories[used], (np.cumsum(used) - 1)[codes]
    codes, ids = pd.factorize(ends)
    return pd.Index(ids), np.asarray(codes, dtype=np.int64)


def _positions(ids: pd.Index[Any], among: pd.Index[Any]) -> IntArray:
    if not len(ids):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(among.get_indexer(ids), dtype=np.int64)


def _stranger_problems(origins: pd.Index[Any], residents: pd.Index[Any]) -> list[Message]:
    strangers = origins[_positions(origins, residents) < 0]
    if not len(strangers):
        return []
    problems = [message("siting.origin_unknown", ids=listed(strangers))]
    return problems + _mismatch_problems(strangers, residents)


def _mismatch_problems(found: pd.Index[Any], named: pd.Index[Any]) -> list[Message]:
    """Tell of ids that read alike but are numbers in one table and text in the other."""
    unknown = found[_positions(found, named) < 0]
    unused = named[~named.isin(found)]
    if not len(unknown) or not len(unused):
        return []
    alike = sorted({str(value) for value in unknown} & {str(value) for value in unused})
    return [message("siting.ids_differ_in_type", ids=listed(alike))] if alike else []
