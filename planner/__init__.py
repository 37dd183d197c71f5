"""一刻钟养老服务圈: who can walk to care, which centres fall short, where the next ones go."""

from planner.coverage.areas import by_community, by_street
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
from planner.outputs.web_map import coverage_map
from planner.siting import fewest_centres, most_people, usable_candidates
from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.floor_area.required import required_floor_area
from planner.standards.judging.explaining import explain
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
from planner.workflow import check, compare, init, read_project, run

__all__ = [
    "PlannerError",
    "Walker",
    "WalkingNetwork",
    "audit_floor_area",
    "by_community",
    "by_street",
    "catchments",
    "check",
    "compare",
    "coverage",
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
    "labelled",
    "load_network",
    "most_people",
    "nearest_centre",
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
    "run",
    "save_network",
    "shortcuts",
    "travel_times",
    "usable_candidates",
    "walker",
    "walkers",
    "with_heights",
]
