"""一刻钟养老服务圈: who can walk to care, which centres fall short, where the next ones go."""

from planner.coverage.areas import by_community, by_street
from planner.coverage.capacity import centre_capacity
from planner.coverage.community_centre import community_centre
from planner.coverage.gaps import gaps
from planner.coverage.walking import coverage
from planner.errors import PlannerError
from planner.ledgers import (
    read_candidates,
    read_centres,
    read_communities,
    read_estates,
    read_residents,
)
from planner.outputs.labelled import labelled
from planner.outputs.printed.printed_maps import printed_map
from planner.outputs.web.web_map import coverage_map
from planner.siting import (
    SiteRules,
    best_plans,
    compare_plans,
    coverage_by_number,
    fewest_centres,
    least_cost,
    least_worst_walk,
    measures_of,
    most_people,
    programme,
    shortest_walk,
    too_near,
    usable_candidates,
    verify,
    who_gains,
)
from planner.siting.what_if.evaluating import what_if
from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.floor_area.required import required_floor_area
from planner.standards.judging.explaining import explain
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.grades import centre_grades
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book
from planner.streets import (
    Walker,
    WalkingNetwork,
    catchments,
    datum_offset,
    download_streets,
    explain_place,
    explain_walk,
    join_to_streets,
    load_network,
    nearest_centre,
    read_barriers,
    read_heights,
    read_streets,
    reasons,
    route,
    save_network,
    shortcuts,
    travel_times,
    walker,
    walkers,
    with_heights,
)
from planner.workflow import check, check_lines, compare, init, read_project, run

__all__ = [
    "PlannerError",
    "SiteRules",
    "Walker",
    "WalkingNetwork",
    "audit_floor_area",
    "best_plans",
    "by_community",
    "by_street",
    "catchments",
    "centre_capacity",
    "centre_facts",
    "centre_grades",
    "check",
    "check_lines",
    "community_centre",
    "compare",
    "compare_plans",
    "coverage",
    "coverage_by_number",
    "coverage_map",
    "datum_offset",
    "download_streets",
    "explain",
    "explain_place",
    "explain_walk",
    "fewest_centres",
    "gaps",
    "init",
    "join_to_streets",
    "judge",
    "labelled",
    "least_cost",
    "least_worst_walk",
    "load_network",
    "measures_of",
    "most_people",
    "nearest_centre",
    "printed_map",
    "programme",
    "read_barriers",
    "read_candidates",
    "read_centres",
    "read_communities",
    "read_estates",
    "read_heights",
    "read_project",
    "read_residents",
    "read_streets",
    "reasons",
    "required_floor_area",
    "route",
    "rule_book",
    "run",
    "save_network",
    "shortcuts",
    "shortest_walk",
    "too_near",
    "travel_times",
    "usable_candidates",
    "verify",
    "walker",
    "walkers",
    "what_if",
    "who_gains",
    "with_heights",
]
