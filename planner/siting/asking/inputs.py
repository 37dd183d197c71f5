"""The door of siting: tables and settings are looked over once, and ids are coded once.

Everything that is wrong with a question is said at once. What passes is a :class:`Question`:
arrays of positions, in an order that depends on the ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.kinds import refuse_kinds
from planner.siting.asking.places import (
    IntArray,
    Places,
    canonical_order,
    has_parts,
    ids_of,
    place_problems,
    plain,
    positions,
)
from planner.siting.asking.rules import NO_RULES, CodedRules, SiteRules, code_rules, rule_problems
from planner.siting.asking.weights import Weight, is_numeric, weight_problems, weights_of
from planner.tables import LISTED_ROWS, listed
from planner.units import FloatArray, within

PAIR_COLUMNS: Final = ("origin", "destination", "walk_minutes")


@dataclass(frozen=True)
class Asked:
    """A question as it was put: what a plan is verified from.

    Parameters
    ----------
    times, residents
        The tables as given, never changed.
    candidates, existing
        Ids as given.
    limit_minutes, new_centres
        As asked; None where the question has none.
    weight, rules
        As asked.
    """

    times: pd.DataFrame
    residents: pd.DataFrame
    candidates: pd.Index[Any]
    existing: pd.Index[Any]
    limit_minutes: float | None
    new_centres: int | None
    weight: Weight
    rules: SiteRules


@dataclass(frozen=True)
class Question:
    """Tables that have been looked over, as positions.

    Parameters
    ----------
    residents, weights
        Ids in canonical order, and what each weighs (finite, not negative).
    rules
        Which sites a plan can open (``rules.sites``), must open and may not open together, and
        which existing centres are open in every plan (``rules.kept``).
    resident_of, place_of, minutes
        One entry a pair: position in ``residents``; position in ``rules.sites`` followed by
        ``rules.kept``, or -1 where the destination is neither; minutes (NaN: no way, or outside
        the straight-line radius).
    limit_minutes
        Largest walk that counts; infinite where the question has none.
    asked
        The question as it was put.
    """

    residents: pd.Index[Any]
    weights: FloatArray
    rules: CodedRules
    resident_of: IntArray
    place_of: IntArray
    minutes: FloatArray
    limit_minutes: float
    asked: Asked

    @property
    def candidates(self) -> pd.Index[Any]:
        """Ids that a plan can open, in canonical order."""
        return self.rules.sites

    @property
    def existing(self) -> pd.Index[Any]:
        """Ids of the centres that are open in every plan, in canonical order."""
        return self.rules.kept


def ask(
    times: pd.DataFrame,
    residents: pd.DataFrame,
    candidates: Places,
    existing: Places,
    *,
    limit_minutes: float | None,
    weight: Weight,
    new_centres: int | None = None,
    rules: SiteRules = NO_RULES,
    by_measure: Places = (),
    settings: Iterable[Message] = (),
) -> Question:
    """Look over tables and settings, and code their ids.

    Parameters
    ----------
    times, residents, candidates, existing, weight
        As for :func:`planner.siting.covering.questions.most_people`.
    limit_minutes, new_centres
        The same, looked over by the caller; None for a question without them.
    rules
        What every plan keeps to.
    by_measure
        Existing centres that only a measure of a programme closes.
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
    refuse_kinds(rules, [weight], times=times, residents=residents)
    candidate_ids, existing_ids = ids_of(candidates), ids_of(existing)
    problems = list(settings)
    wrong_places = place_problems(candidate_ids, existing_ids)
    problems += wrong_places + weight_problems(residents, weight) + _time_problems(times)
    if not wrong_places:
        problems += rule_problems(rules, candidate_ids, existing_ids, times, by_measure)
    _refuse(problems)
    coded = code_rules(rules, candidate_ids, existing_ids, by_measure)
    if new_centres is not None:
        _refuse(_count_problems(coded, int(new_centres)))

    order = canonical_order(plain(residents.index))
    resident_ids = plain(residents.index)[order]
    places = coded.sites.append(coded.kept) if len(coded.kept) else coded.sites
    named = candidate_ids.append(existing_ids) if len(existing_ids) else candidate_ids
    origins, origin_codes = _coded(times["origin"])
    destinations, destination_codes = _coded(times["destination"])
    _refuse(_stranger_problems(origins, resident_ids) + _mismatch_problems(destinations, named))
    return Question(
        residents=resident_ids,
        weights=weights_of(residents, weight)[order],
        rules=coded,
        resident_of=positions(origins, resident_ids)[origin_codes],
        place_of=positions(destinations, places)[destination_codes],
        minutes=_counted_minutes(times, rules.radius_m),
        limit_minutes=np.inf if limit_minutes is None else float(limit_minutes),
        asked=Asked(
            times=times,
            residents=residents,
            candidates=candidate_ids,
            existing=existing_ids,
            limit_minutes=limit_minutes,
            new_centres=new_centres,
            weight=weight,
            rules=rules,
        ),
    )


def _counted_minutes(times: pd.DataFrame, radius_m: float | None) -> FloatArray:
    minutes = times["walk_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    if radius_m is None:
        return minutes
    straight_m = times["straight_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(within(straight_m, radius_m), minutes, np.nan)


def _count_problems(coded: CodedRules, new_centres: int) -> list[Message]:
    required, room = int(coded.required.sum()), coded.most_open(new_centres)
    if required <= room:
        return []
    return [message("siting.required_too_many", required=required, room=room)]


def _refuse(problems: Sequence[Message]) -> None:
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _time_problems(times: pd.DataFrame) -> list[Message]:
    missing = [name for name in PAIR_COLUMNS if name not in times.columns]
    if missing:
        return [message("tables.column_missing", table="times", column=name) for name in missing]
    problems = [
        message("siting.pair_end_missing", column=name, count=int(times[name].isna().sum()))
        for name in ("origin", "destination")
        if times[name].isna().any()
    ]
    problems += [
        message("siting.ids_in_parts", table=f"times.{name}")
        for name in ("origin", "destination")
        if has_parts(times[name])
    ]
    if not is_numeric(times["walk_minutes"]):
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


def _stranger_problems(origins: pd.Index[Any], residents: pd.Index[Any]) -> list[Message]:
    strangers = origins[positions(origins, residents) < 0]
    if not len(strangers):
        return []
    problems = [message("siting.origin_unknown", ids=listed(strangers))]
    return problems + _mismatch_problems(strangers, residents)


def _mismatch_problems(found: pd.Index[Any], named: pd.Index[Any]) -> list[Message]:
    """Tell of ids that read alike but are numbers in one table and text in the other."""
    unknown = found[positions(found, named) < 0]
    unused = named[~named.isin(found)]
    if not len(unknown) or not len(unused):
        return []
    alike = sorted({str(value) for value in unknown} & {str(value) for value in unused})
    return [message("siting.ids_differ_in_type", ids=listed(alike))] if alike else []
