"""What may be told of whom the plan of a year brings within reach: a register a year."""

from __future__ import annotations

from math import fsum

from planner.outputs.content import LEAST_ELDERS
from planner.siting import MostPeople
from planner.workflow.siting.elders import PLAIN_WEIGHT, elders_covered
from planner.workflow.siting.register import Register
from planner.workflow.siting.small import shown_levels
from planner.workflow.years.plans import YearPlan


def shown_reach(plan: YearPlan) -> dict[str, float | None]:
    """Return the elders within reach in a year, before and after, and the gain.

    In the base year they are told as today's siting tells them. Another year tells its elders,
    those with homes among them, and whom its centres cover by the walk alone; what differs from
    these by a few is withheld.

    Parameters
    ----------
    plan
        The year.

    Returns
    -------
    dict
        ``covered_before, covered_after, gain``, as in ``summary.json``; ``None`` for what may not
        be told or is not known.
    """
    if plan.siting is not None:
        levels = shown_levels(plan.siting)
        before, after = levels.before, levels.after
    elif plan.most is not None:
        before, after = _in_coming_year(plan, plan.most)
    else:
        before = after = None
    gain = None if before is None or after is None else after - before
    return {"covered_before": before, "covered_after": after, "gain": gain}


def _in_coming_year(plan: YearPlan, most: MostPeople) -> tuple[float | None, float | None]:
    register = Register((LEAST_ELDERS, LEAST_ELDERS))
    elders = plan.coverage.states[PLAIN_WEIGHT]
    homes = fsum(most.asked.residents[PLAIN_WEIGHT])
    for told in (float(elders.sum()), homes, float(elders["covered"])):
        register.keep((told, told), always=True)
    reached = elders_covered(most)
    register.keep(*((one, one) for one in reached))
    before, after = (one if register.tells((one, one)) else None for one in reached)
    return before, after
