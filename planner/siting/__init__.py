"""Where the next centres should go, and how far the answer is proven."""

from planner.siting.asking.candidates import Screening, usable_candidates
from planner.siting.asking.distances import too_near
from planner.siting.asking.recount import covered_residents, covered_weight
from planner.siting.asking.rules import NO_RULES, SiteRules
from planner.siting.asking.weights import Weight
from planner.siting.beside.best_plans import BestPlans, NearPlan, best_plans, site_frequency
from planner.siting.beside.comparing_plans import PlanComparison, compare_plans
from planner.siting.beside.curves import CoverageCurve, coverage_by_number
from planner.siting.beside.gains import WhoGains, who_gains
from planner.siting.beside.gap_closing_sites import GapSites, gap_sites
from planner.siting.beside.insisting import price_of_each_site
from planner.siting.beside.losses import losses
from planner.siting.beside.money_curve import MoneyCurve, coverage_by_money
from planner.siting.beside.verification import Claim, Verification
from planner.siting.beside.verifying import verify
from planner.siting.beside.walkers import Together, WalkerPart, together
from planner.siting.beside.zones import Zones, zones
from planner.siting.covering.questions import fewest_centres, most_people
from planner.siting.programmes.least_cost import least_cost
from planner.siting.programmes.menu import Menu, measures_of
from planner.siting.programmes.planned import planned_centres
from planner.siting.programmes.questions import programme
from planner.siting.programmes.recount import check_programme, recount_programme
from planner.siting.programmes.results import Programme
from planner.siting.programmes.years import PlanYear
from planner.siting.results import CoveringPlan, FewestCentres, MostPeople, SitingPlan
from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.siting.walking.results import LeastWorstWalk, ShortestWalk, WalkingPlan

__all__ = [
    "NO_RULES",
    "BestPlans",
    "Claim",
    "CoverageCurve",
    "CoveringPlan",
    "FewestCentres",
    "GapSites",
    "LeastWorstWalk",
    "Menu",
    "MoneyCurve",
    "MostPeople",
    "NearPlan",
    "PlanComparison",
    "PlanYear",
    "Programme",
    "Screening",
    "ShortestWalk",
    "SiteRules",
    "SitingPlan",
    "Together",
    "Verification",
    "WalkerPart",
    "WalkingPlan",
    "Weight",
    "WhoGains",
    "Zones",
    "best_plans",
    "check_programme",
    "compare_plans",
    "coverage_by_money",
    "coverage_by_number",
    "covered_residents",
    "covered_weight",
    "fewest_centres",
    "gap_sites",
    "least_cost",
    "least_worst_walk",
    "losses",
    "measures_of",
    "most_people",
    "planned_centres",
    "price_of_each_site",
    "programme",
    "recount_programme",
    "shortest_walk",
    "site_frequency",
    "together",
    "too_near",
    "usable_candidates",
    "verify",
    "who_gains",
    "zones",
]
