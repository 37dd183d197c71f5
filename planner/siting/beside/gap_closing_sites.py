"""For each gap the site that closes it, or why none does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import SitingError
from planner.labels import DEFAULT_LANGUAGE, Language, message, text
from planner.siting.asking.inputs import Question
from planner.siting.asking.places import Places, ids_of
from planner.siting.beside.asking_again import question_of
from planner.siting.beside.served import counted_pairs_of, in_id_order, served
from planner.siting.beside.verification import by_text
from planner.siting.results import SitingPlan
from planner.tables import listed

WHY_NOT: Final = ("more_centres", "rules", "barred", "no_candidate")
"""Why residents of a gap are left, in the order in which it is looked for.

``more_centres``
    A candidate that was not chosen reaches them, and could be: beside the plan, if there were more
    centres, or instead of a site that the plan chose (at most one of a group, too near).
``rules``
    Only candidates reach them that a rule keeps closed whatever is chosen: barred, or not beside
    a required site or a centre that stays; or a centre of today that the plan closes.
``barred``
    Only candidates reach them that their own facts bar (below ground, unsafe, too small).
``no_candidate``
    No candidate at all is within the limit: see :func:`planner.siting.zones`.
"""


@dataclass(frozen=True, eq=False)
class GapSites:
    """For each gap what closes it.

    Parameters
    ----------
    gaps
        Index ``gap``, by id: ``weight`` (of its residents), ``already`` (those whom a centre of
        today reaches and the plan too), ``closed`` (those whom the plan newly reaches), ``left``;
        of these by reason: :data:`WHY_NOT`; ``sites`` (chosen sites that close it, the one that
        closes most first), ``could`` (candidates for ``more_centres`` that reach most, first),
        ``kept_out`` (for ``rules``), ``barred_sites`` (for ``barred``): tuples of ids.
    closers
        Index ``gap``, ``candidate``: ``weight`` that the site newly reaches in the gap, each
        resident told under the first site of the plan's order that reaches it.
    """

    gaps: pd.DataFrame
    closers: pd.DataFrame

    @staticmethod
    def why_text(reason: str, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return a reason of :data:`WHY_NOT` in words."""
        return text(f"siting_beside.why_{reason}", language)


def gap_sites(plan: SitingPlan, gap_of: pd.Series[Any], *, barred: Places = ()) -> GapSites:
    """Return for each gap which chosen sites close it, and why the rest of it stays open.

    Parameters
    ----------
    plan
        The answer of a siting question.
    gap_of
        Gap of each resident, by id; residents without a gap (missing, or None) are in none.
    barred
        Ids of candidates that their own facts bar, and that were not asked with; their walks are
        in the question's times.

    Returns
    -------
    GapSites
        For each gap ``weight = already + closed + left``, and ``left`` is the sum of its reasons.

    Raises
    ------
    SitingError
        If the gap of an unknown resident is given, or a barred id is a candidate of the question.

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50, 7]}, index=["a", "b", "c"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> gaps = gap_sites(plan, pd.Series({"a": "g1", "b": "g2", "c": "g2"})).gaps
    >>> gaps[["closed", "more_centres", "no_candidate", "could"]].to_dict("index")["g1"]
    {'closed': 0.0, 'more_centres': 30.0, 'no_candidate': 0.0, 'could': ('east',)}
    """
    outside = ids_of(barred)
    _look_over(plan, gap_of, outside)
    rows = served(plan)
    gap = gap_of.reindex(rows.index).astype(object)
    rows = rows.assign(gap=gap.where(gap.notna(), None))
    rows = rows[rows["gap"].notna()]
    left = rows[rows["centre"].isna()]
    reaching = _reaching(plan, outside)
    reaching = reaching[reaching["origin"].isin(left.index)]
    why = _reasons(left.index, reaching)
    index = in_id_order(pd.Index(rows["gap"], dtype=object)).rename("gap")
    reached = rows["centre"].notna()
    new = rows[reached & rows["centre_before"].isna()]
    weights = {
        "weight": rows["weight"].groupby(rows["gap"]).sum(),
        "already": _sum_of(rows[reached & rows["centre_before"].notna()]),
        "closed": _sum_of(new),
        "left": _sum_of(left),
        **{reason: _sum_of(left[(why == reason).to_numpy()]) for reason in WHY_NOT},
    }
    table = pd.DataFrame(
        {name: sums.reindex(index).fillna(0.0) for name, sums in weights.items()}, index=index
    ).astype(float)
    closers = new.groupby(["gap", "first_site"])["weight"].sum().rename_axis(["gap", "candidate"])
    names = {
        "sites": closers,
        "could": _names(left, why, reaching, "more_centres"),
        "kept_out": _names(left, why, reaching, "rules"),
        "barred_sites": _names(left, why, reaching, "barred"),
    }
    lists = {
        name: pd.Series([_ranked(sums, one) for one in index], index=index, dtype=object)
        for name, sums in names.items()
    }
    return GapSites(table.assign(**lists), closers.to_frame())


def _look_over(plan: SitingPlan, gap_of: pd.Series[Any], outside: pd.Index[Any]) -> None:
    problems = []
    strangers = gap_of.index[~gap_of.index.isin(plan.asked.residents.index)]
    if len(strangers):
        problems.append(message("siting_beside.gap_strangers", ids=listed(strangers)))
    known = plan.asked.candidates.append(plan.asked.existing)
    both = outside[outside.isin(known)]
    if len(both):
        problems.append(message("siting_beside.barred_asked", ids=listed(both)))
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _reaching(plan: SitingPlan, outside: pd.Index[Any]) -> pd.DataFrame:
    """Return pairs of residents and closed places within the limit, and why each is closed."""
    question = question_of(plan.asked)
    opened = {*plan.chosen, *plan.existing}
    beside = _kept_out(question, opened & _fixed(plan))
    reason = {
        **dict.fromkeys(outside, "barred"),
        **dict.fromkeys(plan.closed, "rules"),
        **dict.fromkeys(plan.barred, "rules"),
        **{
            site: "rules" if site in beside else "more_centres"
            for site in question.candidates
            if site not in opened and site not in set(plan.closed)
        },
    }
    pairs = counted_pairs_of(plan, list(reason))
    return pairs.assign(
        origin=pairs["origin"].astype(object),
        destination=pairs["destination"].astype(object),
        reason=[reason[site] for site in pairs["destination"]],
    )


def _fixed(plan: SitingPlan) -> set[Any]:
    """Return the sites that every plan has open: nothing else may be chosen instead of them."""
    rules = plan.asked.rules
    leaving = {*rules.may_close, *rules.must_close}
    return {*rules.required, *(set(plan.asked.existing) - leaving)}


def _kept_out(question: Question, opened: set[Any]) -> set[Any]:
    """Return the sites that may not open beside some that are open."""
    groups = [set(question.candidates[group]) for group in question.rules.groups]
    return {site for group in groups if group & opened for site in group - opened}


def _reasons(left: pd.Index[Any], reaching: pd.DataFrame) -> pd.Series[Any]:
    """Return the first reason of :data:`WHY_NOT` that holds for each resident that is left."""
    rank = reaching["reason"].map({reason: place for place, reason in enumerate(WHY_NOT)})
    first = rank.groupby(reaching["origin"].to_numpy()).min().reindex(left)
    places = first.fillna(len(WHY_NOT) - 1).to_numpy(dtype=np.int64)
    return pd.Series([WHY_NOT[place] for place in places], index=left, dtype=object)


def _sum_of(rows: pd.DataFrame) -> pd.Series[Any]:
    sums: pd.Series[Any] = rows["weight"].groupby(rows["gap"]).sum()
    return sums


def _names(
    left: pd.DataFrame, why: pd.Series[Any], reaching: pd.DataFrame, reason: str
) -> pd.Series[Any]:
    """Return the weight that each site would reach in each gap, of those left for one reason."""
    theirs = left[(why == reason).to_numpy() & (left["weight"] > 0).to_numpy()]
    pairs = reaching[(reaching["reason"] == reason) & reaching["origin"].isin(theirs.index)]
    rows = theirs.loc[pairs["origin"]]
    sums: pd.Series[Any] = pd.Series(
        rows["weight"].to_numpy(dtype=float),
        index=pd.MultiIndex.from_arrays(
            [rows["gap"].to_numpy(dtype=object), pairs["destination"].to_numpy(dtype=object)],
            names=["gap", "candidate"],
        ),
    )
    return sums.groupby(level=["gap", "candidate"]).sum()


def _ranked(sums: pd.Series[Any], gap: Any) -> tuple[Any, ...]:
    """Return the sites of a gap, the largest weight first, ties by id."""
    if gap not in sums.index.get_level_values("gap"):
        return ()
    weights = sums.xs(gap, level="gap").to_dict()
    return tuple(
        sorted(by_text(one for one in weights if weights[one] > 0), key=lambda one: -weights[one])
    )
