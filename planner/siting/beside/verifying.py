"""Every claim of a result, counted again from the tables of its question."""

from __future__ import annotations

from functools import singledispatch

from planner.siting.beside.claims_covering import covering_claims
from planner.siting.beside.claims_programme import programme_claims
from planner.siting.beside.claims_rules import common_claims
from planner.siting.beside.claims_walking import walking_claims
from planner.siting.beside.recounting import Recount, recount
from planner.siting.beside.verification import Claim, Verification
from planner.siting.programmes.results import Programme
from planner.siting.results import CoveringPlan, SitingPlan
from planner.siting.walking.results import WalkingPlan


def verify(plan: SitingPlan | Programme) -> Verification:
    """Count every claim of a plan again, from the tables of its question alone.

    Dictionaries and loops only: nothing of the solver, the reduced problem or the engines is
    used, so that a mistake of theirs cannot hide here. What cannot be counted is looked at from
    both sides: a bound must not be worse than the plan, and a plan that is called proven must
    not be farther from its bound than the solver's tolerance.

    Parameters
    ----------
    plan
        The answer of any siting question, or a programme.

    Returns
    -------
    Verification
        ``claims`` with ``claimed``, ``recounted`` and ``agrees``; ``is_true``;
        ``raise_if_false()``. A walk of exactly the limit counts (``<=``, with the tolerance of
        :func:`planner.units.within`).

    Examples
    --------
    >>> import pandas as pd
    >>> from planner.siting import most_people
    >>> times = pd.DataFrame(
    ...     {"origin": ["a", "b"], "destination": ["east", "west"], "walk_minutes": [9.0, 15.0]}
    ... )
    >>> residents = pd.DataFrame({"elderly_60": [30, 50]}, index=["a", "b"])
    >>> plan = most_people(times, residents, ["east", "west"], limit_minutes=15, new_centres=1)
    >>> verify(plan).is_true
    True
    >>> verify(plan).table("en").loc["covered", ["claimed", "recounted"]].tolist()
    [50.0, 50.0]
    """
    if isinstance(plan, Programme):
        return Verification(tuple(programme_claims(plan)))
    facts = recount(plan.asked)
    return Verification((*common_claims(plan, facts), *own_claims(plan, facts)))


@singledispatch
def own_claims(plan: SitingPlan, facts: Recount) -> list[Claim]:
    """Return the claims that only plans of one question make; each question registers its own."""
    del plan, facts
    return []


own_claims.register(CoveringPlan, covering_claims)
own_claims.register(WalkingPlan, walking_claims)
