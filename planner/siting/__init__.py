"""Where the next centres should go, and how far the answer is proven."""

from planner.siting.candidates import Screening, usable_candidates
from planner.siting.covering import fewest_centres, most_people
from planner.siting.recount import covered_residents, covered_weight
from planner.siting.results import CoveringPlan, FewestCentres, MostPeople

__all__ = [
    "CoveringPlan",
    "FewestCentres",
    "MostPeople",
    "Screening",
    "covered_residents",
    "covered_weight",
    "fewest_centres",
    "most_people",
    "usable_candidates",
]
