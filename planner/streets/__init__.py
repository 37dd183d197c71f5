"""Streets on foot: who may walk where, where doors join, and how long a walk takes."""

from planner.streets.barriers import read_barriers
from planner.streets.catchment import Catchments, catchments
from planner.streets.download import DownloadedStreets, download_streets
from planner.streets.explaining import Route, explain_walk, route
from planner.streets.explaining_places import Place, explain_place
from planner.streets.ground import read_ground
from planner.streets.heights import Heights, read_heights, with_heights
from planner.streets.joining import join_to_streets
from planner.streets.network import WalkingNetwork
from planner.streets.read import read_rules, read_streets
from planner.streets.reasons import reasons
from planner.streets.rules import FootRules, foot_rules, rules_text
from planner.streets.rules_report import rules_table
from planner.streets.shortcuts import shortcuts
from planner.streets.storage import load_network, save_network
from planner.streets.travel_time import nearest_centre, travel_times
from planner.streets.walkers import Walker, walker, walkers
from planner.streets.walking_costs import EdgeMinutes, edge_minutes

__all__ = [
    "Catchments",
    "DownloadedStreets",
    "EdgeMinutes",
    "FootRules",
    "Heights",
    "Place",
    "Route",
    "Walker",
    "WalkingNetwork",
    "catchments",
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
