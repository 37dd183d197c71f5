"""What the arrays of a saved network must hold, lest a search read foreign memory."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

import numpy as np

from planner.streets.network.manners import EVERYBODY
from planner.streets.network.walking_network import WalkingNetwork

ARRAY_TYPES: Final[dict[str, type[np.generic]]] = {
    "FloatArray": np.float64,
    "IntArray": np.int64,
    "Int32Array": np.int32,
    "BoolArray": np.bool_,
    "TextArray": np.str_,
}
"""What the fields of :class:`WalkingNetwork` that are stored as arrays hold, by their types."""

ARRAYS: Final[dict[str, type[np.generic]]] = {
    entry.name: ARRAY_TYPES[str(entry.type)]
    for entry in fields(WalkingNetwork)
    if str(entry.type) in ARRAY_TYPES
}

Arrays = dict[str, np.ndarray]


def demand(holds: bool, fault: str) -> None:
    """Demand that something holds of a saved network.

    Raises
    ------
    ValueError
        Naming the fault, if it does not.
    """
    if not holds:
        raise ValueError(fault)


def check_arrays(arrays: Arrays) -> None:
    """Demand that arrays, of the right types, make a network.

    Raises
    ------
    ValueError
        Naming the first that does not.
    """
    _check_sizes(arrays)
    _check_places(arrays)
    _check_arcs(arrays)


def _check_sizes(arrays: Arrays) -> None:
    """Demand that every array is of the length that its name promises."""
    count = {
        "node": len(arrays["node_ids"]),
        "segment": len(arrays["segment_from"]),
        "vertex": len(arrays["vertex_easting_m"]),
        "profile": len(arrays["profile_height_m"]),
        "arc": len(arrays["arc_to"]),
        "road": len(arrays["road_easting_m"]),
    }
    starts = {
        "vertex_start": count["segment"] + 1,
        "profile_start": count["segment"] + 1,
        "arc_start": count["node"] + 1,
        "road_start": max(len(arrays["road_start"]), 1),
    }
    for name, array in arrays.items():
        size = starts.get(name, count[name.split("_")[0]])
        demand(len(array) == size, name)
        if ARRAYS[name] is np.float64:
            demand(bool(np.isfinite(array).all()), name)


def _check_places(arrays: Arrays) -> None:
    """Demand that no array points beyond another: searches would read foreign memory."""
    nodes, segments = len(arrays["node_ids"]), len(arrays["segment_from"])
    for name, least, whole in (
        ("vertex_start", 2, len(arrays["vertex_easting_m"])),
        ("profile_start", 0, len(arrays["profile_height_m"])),
        ("arc_start", 0, len(arrays["arc_to"])),
        ("road_start", 2, len(arrays["road_easting_m"])),
    ):
        start = arrays[name]
        demand(start[0] == 0 and start[-1] == whole and bool((np.diff(start) >= least).all()), name)
    for name, end in (
        ("segment_from", nodes),
        ("segment_to", nodes),
        ("node_part", nodes),
        ("arc_to", nodes),
        ("arc_segment", segments),
    ):
        array = arrays[name]
        demand(not len(array) or (array.min() >= 0 and array.max() < end), name)


def _check_arcs(arrays: Arrays) -> None:
    """Demand that every arc runs along its segment, and is as long."""
    segment, forward = arrays["arc_segment"], arrays["arc_forward"]
    tail = np.repeat(np.arange(len(arrays["node_ids"])), np.diff(arrays["arc_start"]))
    first, last = arrays["segment_from"][segment], arrays["segment_to"][segment]
    demand(bool((np.where(forward, first, last) == tail).all()), "arc_start")
    demand(bool((np.where(forward, last, first) == arrays["arc_to"]).all()), "arc_to")
    length_m = arrays["segment_length_m"]
    demand(bool((length_m >= 0.0).all()), "segment_length_m")
    demand(bool((arrays["segment_pace"] >= 1.0).all()), "segment_pace")
    demand(bool((arrays["segment_estate"] >= EVERYBODY).all()), "segment_estate")
    demand(bool((np.diff(arrays["profile_start"]) != 1).all()), "profile_start")
    for name in ("segment_main_road", "segment_crossings_from", "segment_crossings_to"):
        demand(bool((arrays[name] >= 0.0).all()), name)
    demand(bool((arrays["arc_length_m"] == length_m[segment]).all()), "arc_length_m")
