"""Streets on foot: who may walk where, where doors join, and how long a walk takes."""

from planner.streets.catchment import Catchments, catchments
from planner.streets.download import DownloadedStreets, download_streets
from planner.streets.explaining import Route, explain_walk, route
from planner.streets.ground import read_ground
from planner.streets.joining import join_to_streets
from planner.streets.network import WalkingNetwork
from planner.streets.read import read_rules, read_streets
from planner.streets.rules import FootRules, foot_rules
from planner.streets.storage import load_network, save_network
from planner.streets.travel_time import nearest_centre, travel_times
from planner.streets.walking_costs import EdgeMinutes, edge_minutes

__all__ = [
    "Catchments",
    "DownloadedStreets",
    "EdgeMinutes",
    "FootRules",
    "Route",
    "WalkingNetwork",
    "catchments",
    "download_streets",
    "edge_minutes",
    "explain_walk",
    "foot_rules",
    "join_to_streets",
    "load_network",
    "nearest_centre",
    "read_ground",
    "read_rules",
    "read_streets",
    "route",
    "save_network",
    "travel_times",
]
