"""Streets on foot: who may walk where, where doors join, and how long a walk takes."""

from planner.streets.catchment.catchments import Catchments, catchments
from planner.streets.heights.heights import Heights, read_heights, with_heights
from planner.streets.joining.barriers import read_barriers
from planner.streets.joining.datum_offset import datum_offset
from planner.streets.joining.joining import join_to_streets
from planner.streets.joining.offset_verdict import DatumOffset
from planner.streets.network.rules import FootRules, foot_rules, rules_text
from planner.streets.network.rules_report import rules_table
from planner.streets.network.storage import load_network, save_network
from planner.streets.network.walking_network import WalkingNetwork
from planner.streets.routes.places import Place, explain_place
from planner.streets.routes.routes import Route, explain_walk, route
from planner.streets.search.reasons import reasons
from planner.streets.search.shortcuts import shortcuts
from planner.streets.search.travel_time import nearest_centre, travel_times
from planner.streets.sources.download import DownloadedStreets, download_streets
from planner.streets.sources.ground import read_ground
from planner.streets.sources.read import read_rules, read_streets
from planner.streets.walking.costs import EdgeMinutes, edge_minutes
from planner.streets.walking.walkers import Walker, walker, walkers

__all__ = [
    "Catchments",
    "DatumOffset",
    "DownloadedStreets",
    "EdgeMinutes",
    "FootRules",
    "Heights",
    "Place",
    "Route",
    "Walker",
    "WalkingNetwork",
    "catchments",
    "datum_offset",
    "download_streets",
    "edge_minutes",
    "explain_place",
    "explain_walk",
    "foot_rules",
    "join_to_streets",
    "load_network",
    "nearest_centre",
    "read_barriers",
    "read_ground",
    "read_heights",
    "read_rules",
    "read_streets",
    "reasons",
    "route",
    "rules_table",
    "rules_text",
    "save_network",
    "shortcuts",
    "travel_times",
    "walker",
    "walkers",
    "with_heights",
]
