"""Covering questions, ready to be asked for further plans: the best, the next, the one after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum

from planner.siting.asking.inputs import Question
from planner.siting.covering.models import (
    fewest_centres_model,
    fewest_for_weight_model,
    most_people_model,
    site_values,
    start_values,
    weight_scale,
    whole,
)
from planner.siting.covering.problem import CoveringProblem, reduce_problem
from planner.siting.covering.today import opening_costs
from planner.solver import IntArray, Model
from planner.units import FloatArray


@dataclass(frozen=True)
class Ranking:
    """A covering question, ready to be asked for further plans.

    Parameters
    ----------
    problem
        The reduced problem, with every site that reaches anybody new.
    most_open
        Largest number of open sites; None where the fewest are sought.
    goal
        Weight that every plan must newly cover; None where the most is sought.
    model
        The integer model, its weights times ``scale``.
    scale
        See :func:`planner.siting.covering.models.weight_scale`.
    step
        Every plan's objective in the model is a whole multiple of it, where that is known.
    """

    problem: CoveringProblem
    most_open: int | None
    goal: float | None
    model: Model
    scale: float
    step: float | None

    def values(self, sites: IntArray) -> FloatArray:
        """Return the columns of the model that open some sites."""
        return start_values(self.problem, sites, self.model)

    def exact(self, values: FloatArray) -> FloatArray:
        """Return the columns that the sites of a solution give."""
        return self.values(site_values(self.problem, values))

    def is_plan(self, sites: IntArray) -> bool:
        """Tell whether sites keep to the rules, the number and the goal."""
        if self.most_open is not None and len(sites) > self.most_open:
            return False
        if not self.problem.allows(sites):
            return False
        return self.goal is None or self.problem.newly_covered(sites) >= self.goal


def most_people_ranking(question: Question, most_open: int | None = None) -> Ranking | None:
    """Return the ranking of plans for the most people; None where no plan gains anybody.

    Parameters
    ----------
    question
        As asked.
    most_open
        Largest number of open sites, the required ones among them; None takes it from the
        question.
    """
    problem = reduce_problem(question)
    if most_open is None:
        most_open = question.rules.most_open(question.asked.new_centres or 0)
    most_open -= len(problem.required)
    if not problem.groups or most_open < 1:
        return None
    scale = weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    model = most_people_model(scaled, most_open)
    step = scale if whole(problem.weights) else None
    return Ranking(problem, most_open, None, model, scale, step)


def fewest_centres_ranking(question: Question, covered: float) -> Ranking | None:
    """Return the ranking of plans with the fewest centres that cover as much as one known.

    Parameters
    ----------
    question
        As asked.
    covered
        Weight that each plan must cover in all.
    """
    problem = reduce_problem(question)
    if not problem.groups:
        return None
    cost = opening_costs(problem)
    goal = covered - problem.covered_before
    everybody = fsum(problem.weights)
    if goal >= everybody * (1.0 - 1e-12):
        model = fewest_centres_model(problem, cost=cost)
        return Ranking(problem, None, everybody, model, 1.0, 1.0)
    # Rules keep some of them out of every plan: as many as can be covered must be.
    scale = weight_scale(problem.weights)
    scaled = replace(problem, weights=problem.weights * scale)
    least = goal * (1.0 - 1e-12)
    model = fewest_for_weight_model(scaled, cost, least * scale)
    return Ranking(problem, None, least, model, 1.0, 1.0)
