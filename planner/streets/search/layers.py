"""Nodes and arcs as searches see them: walled estates are left once and entered once.

Each estate stands in the search twice. In the first copy walks that begin in it look for a gate;
from the gates they go on along everybody's streets. The second copy, *inside*, can be entered from
its gates but not left: walks that reach it end in it. So nobody passes through an estate, while its
residents use all its gates, and the search itself knows nothing of estates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.streets.arrays import BoolArray, Int32Array, IntArray
from planner.streets.network.arcs import arc_rows
from planner.streets.network.manners import EVERYBODY
from planner.streets.network.walking_network import WalkingNetwork

NO_TWIN = -1


class Layers(NamedTuple):
    """Search nodes and arcs of a network; both directions of every segment are among the arcs.

    Parameters
    ----------
    start, head, segment, forward
        CSR of arcs by search node. Gates' arcs, which have no length, bear the number behind the
        last segment's.
    segment_from, segment_to
        Search nodes at the ends of each segment, of an estate's segments in its first copy, shape
        (segments,).
    twin
        Of nodes in an estate's second copy, the node in the first; else -1, shape (search nodes,).
    node
        Network's node that each search node stands for, shape (search nodes,).
    """

    start: IntArray
    head: Int32Array
    segment: Int32Array
    forward: BoolArray
    segment_from: Int32Array
    segment_to: Int32Array
    twin: Int32Array
    node: Int32Array


def _closed(*arrays: np.ndarray) -> None:
    """Close arrays against writing, as the network's own are: one compiled kernel serves both."""
    for array in arrays:
        array.flags.writeable = False


def _without_estates(network: WalkingNetwork) -> Layers:
    if network.arc_count == 2 * network.segment_count:
        arcs = (network.arc_start, network.arc_to, network.arc_segment, network.arc_forward)
    else:
        every: BoolArray = np.ones(network.segment_count, dtype=bool)
        ends = (network.segment_from, network.segment_to)
        arcs = arc_rows(network.node_count, *ends, every, every)
    twin = np.full(network.node_count, NO_TWIN, dtype=np.int32)
    node = np.arange(network.node_count, dtype=np.int32)
    _closed(*arcs, twin, node)
    return Layers(*arcs, network.segment_from, network.segment_to, twin, node)


def _gates(network: WalkingNetwork) -> BoolArray:
    """Tell which nodes are gates: an estate's street meets everybody's, or another estate's."""
    first = np.full(network.node_count, np.iinfo(np.int32).max, dtype=np.int32)
    last = np.full(network.node_count, np.iinfo(np.int32).min, dtype=np.int32)
    for ends in (network.segment_from, network.segment_to):
        np.minimum.at(first, ends, network.segment_estate)
        np.maximum.at(last, ends, network.segment_estate)
    return (last >= 0) & (first < last)


def _with_estates(network: WalkingNetwork) -> Layers:
    nodes, segments = network.node_count, network.segment_count
    private = network.segment_estate != EVERYBODY
    rows = np.flatnonzero(private)
    ends = np.concatenate([network.segment_from[rows], network.segment_to[rows]]).astype(np.int64)
    estate = np.tile(network.segment_estate[rows], 2).astype(np.int64)
    pairs, place = np.unique(estate * nodes + ends, return_inverse=True)
    own_node = pairs % nodes
    at_gate = _gates(network)[own_node]
    gates = np.flatnonzero(at_gate)
    first_copy = own_node.copy()
    first_copy[gates] = nodes + np.arange(len(gates))
    second_copy = nodes + len(gates) + np.arange(len(pairs))
    outer_from = network.segment_from.astype(np.int64)
    outer_to = network.segment_to.astype(np.int64)
    outer_from[rows] = first_copy[place[: len(rows)]]
    outer_to[rows] = first_copy[place[len(rows) :]]
    inner_from, inner_to = second_copy[place[: len(rows)]], second_copy[place[len(rows) :]]
    gate_number = np.full(len(gates), segments)
    # Every segment both ways, in both copies; out of each gate, and in.
    onward = [
        (outer_from, outer_to, np.arange(segments)),
        (inner_from, inner_to, rows),
        (first_copy[gates], own_node[gates], gate_number),
        (own_node[gates], second_copy[gates], gate_number),
    ]
    back = [(head, tail, segment) for tail, head, segment in onward[:2]]
    tail, head, segment = (np.concatenate(column) for column in zip(*onward, *back, strict=True))
    forward = np.arange(len(tail)) < sum(len(one[0]) for one in onward)
    order = np.lexsort((~forward, segment, tail))
    count = nodes + len(gates) + len(pairs)
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=count), out=start[1:])
    twin = np.full(count, NO_TWIN, dtype=np.int32)
    twin[second_copy] = first_copy
    node = np.concatenate([np.arange(nodes), own_node[gates], own_node]).astype(np.int32)
    layers = Layers(
        start,
        head[order].astype(np.int32),
        segment[order].astype(np.int32),
        forward[order],
        outer_from.astype(np.int32),
        outer_to.astype(np.int32),
        twin,
        node,
    )
    _closed(*layers)
    return layers


def search_layers(network: WalkingNetwork) -> Layers:
    """Return the nodes and arcs that searches of a network use; made once for each network."""
    kept: Layers | None = network.kept.get("layers")
    if kept is None:
        estates = (network.segment_estate != EVERYBODY).any()
        kept = _with_estates(network) if estates else _without_estates(network)
        network.kept["layers"] = kept
    return kept
