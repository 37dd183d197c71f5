"""Who is served when places are few: flows that fill up, and that follow a place more or less.

A plan of one year is served as well as can be when no chain of moves (one person into a place,
another from it to a further one) serves anybody more (Ford & Fulkerson 1956, Canadian Journal of
Mathematics 8, 399-404). Adding places, or taking some away, mends the flow from where it changed
and starts nothing anew, so that thousands of plans can be tried. A search that finds no way out
never looks at the same sites again.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.compiled import compiled
from planner.siting.programmes.problem import Reach
from planner.units import FloatArray

IntArray = npt.NDArray[np.int64]

DUST: Final = 1e-9
"""Persons: less than this is what sums of float64 lose."""


class Net(NamedTuple):
    """Arcs by row (``starts``, ``site_of``) and by site (``site_starts``, ``arc_at``)."""

    starts: IntArray
    row_of: IntArray
    site_of: IntArray
    site_starts: IntArray
    arc_at: IntArray


class Flow(NamedTuple):
    """Persons by arc; asked and not served, by row; places not taken, by site. Changed in place."""

    persons: FloatArray
    left: FloatArray
    free: FloatArray


class Search(NamedTuple):
    """Room to search in, by site and by row; ``-1`` and marks below the next one where unseen."""

    into: IntArray
    out_of: IntArray
    queue: IntArray
    dead: IntArray
    seen: IntArray
    mark: IntArray


def net_of(reach: Reach, sites: int) -> Net:
    """Return the arcs of a reach, by row and by site."""
    counts = np.bincount(reach.site_of, minlength=sites)
    return Net(
        reach.starts,
        reach.row_of.astype(np.int64),
        reach.site_of.astype(np.int64),
        np.r_[0, np.cumsum(counts)].astype(np.int64),
        np.argsort(reach.site_of, kind="stable").astype(np.int64),
    )


def search_room(rows: int, sites: int) -> Search:
    """Return room for searches."""
    return Search(
        np.full(sites, -1),
        np.full(sites, -1),
        np.zeros(sites, np.int64),
        np.zeros(sites, np.int64),
        np.zeros(rows, np.int64),
        np.zeros(1, np.int64),
    )


@compiled
def _forget(room: Search, count: int) -> None:
    for place in range(count):
        room.into[room.queue[place]] = -1
        room.out_of[room.queue[place]] = -1


@compiled
def _look(row: int, seat: int, tail: int, net: Net, room: Search, mark: int) -> int:
    """Queue the sites that a row could go to from its ``seat`` (arc; -1: none)."""
    for arc in range(net.starts[row], net.starts[row + 1]):
        site = net.site_of[arc]
        if room.dead[site] != mark and room.into[site] < 0:
            room.into[site] = arc
            room.out_of[site] = seat
            room.queue[tail] = site
            tail += 1
    return tail


@compiled
def place_row(row: int, net: Net, flow: Flow, room: Search, mark: int) -> float:
    """Serve the rest of a row by chains of moves; return how many persons that served.

    Sites from which no free place can be had are marked dead, and not looked at again under the
    same ``mark``: no later chain can pass through them.
    """
    served = 0.0
    while flow.left[row] > DUST:
        room.mark[0] += 1
        look = room.mark[0]
        room.seen[row] = look
        tail = _look(row, -1, 0, net, room, mark)
        head, end = 0, -1
        while head < tail and end < 0:
            site = room.queue[head]
            head += 1
            if flow.free[site] > DUST:
                end = site
                break
            for place in range(net.site_starts[site], net.site_starts[site + 1]):
                seat = net.arc_at[place]
                mover = net.row_of[seat]
                if flow.persons[seat] > DUST and room.seen[mover] != look:
                    room.seen[mover] = look
                    tail = _look(mover, seat, tail, net, room, mark)
        if end < 0:
            for place in range(tail):
                room.dead[room.queue[place]] = mark
            _forget(room, tail)
            break
        most = min(flow.left[row], flow.free[end])
        site = end
        while room.out_of[site] >= 0:
            most = min(most, flow.persons[room.out_of[site]])
            site = net.site_of[room.out_of[site]]
        flow.free[end] -= most
        flow.left[row] -= most
        served += most
        site = end
        while room.out_of[site] >= 0:
            flow.persons[room.into[site]] += most
            flow.persons[room.out_of[site]] -= most
            site = net.site_of[room.out_of[site]]
        flow.persons[room.into[site]] += most
        _forget(room, tail)
    return served


@compiled
def fill(net: Net, flow: Flow, room: Search) -> float:
    """Serve as many as can be, starting from any flow; return how many more that are."""
    room.mark[0] += 1
    mark = room.mark[0]
    served = 0.0
    for row in range(len(flow.left)):
        for arc in range(net.starts[row], net.starts[row + 1]):
            site = net.site_of[arc]
            most = min(flow.left[row], flow.free[site])
            if most > DUST:
                flow.persons[arc] += most
                flow.left[row] -= most
                flow.free[site] -= most
                served += most
    for row in range(len(flow.left)):
        if flow.left[row] > DUST:
            served += place_row(row, net, flow, room, mark)
    return served


@compiled
def _draw(root: int, net: Net, flow: Flow, room: Search) -> float:
    """Find one chain that fills a free place at ``root``; return how many persons it served."""
    room.mark[0] += 1
    mark = room.mark[0]
    room.queue[0] = root
    room.dead[root] = mark
    head, tail = 0, 1
    while head < tail:
        site = room.queue[head]
        head += 1
        for place in range(net.site_starts[site], net.site_starts[site + 1]):
            arc = net.arc_at[place]
            row = net.row_of[arc]
            if room.seen[row] == mark:
                continue
            room.seen[row] = mark
            if flow.left[row] > DUST:
                most = min(flow.left[row], flow.free[root])
                back = site
                while room.out_of[back] >= 0:
                    most = min(most, flow.persons[room.out_of[back]])
                    back = net.site_of[room.into[back]]
                flow.left[row] -= most
                flow.free[root] -= most
                flow.persons[arc] += most
                back = site
                while room.out_of[back] >= 0:
                    flow.persons[room.out_of[back]] -= most
                    flow.persons[room.into[back]] += most
                    back = net.site_of[room.into[back]]
                _forget(room, tail)
                return float(most)
            for seat in range(net.starts[row], net.starts[row + 1]):
                other = net.site_of[seat]
                if flow.persons[seat] > DUST and room.dead[other] != mark:
                    room.dead[other] = mark
                    room.out_of[other] = seat
                    room.into[other] = arc
                    room.queue[tail] = other
                    tail += 1
    _forget(room, tail)
    return 0.0


@compiled
def more_places(site: int, places: float, net: Net, flow: Flow, room: Search) -> float:
    """Add places at a site to a flow that serves most; return how many more it serves then."""
    flow.free[site] += places
    gain = 0.0
    while flow.free[site] > DUST:
        served = _draw(site, net, flow, room)
        if served <= 0.0:
            break
        gain += served
    return gain


@compiled
def fewer_places(site: int, places: float, net: Net, flow: Flow, room: Search) -> float:
    """Take places away at a site from a flow that serves most; return how many it loses."""
    turned_out = places - flow.free[site]
    if turned_out <= 0.0:
        flow.free[site] -= places
        return 0.0
    flow.free[site] = 0.0
    lost = 0.0
    room.mark[0] += 1
    mark = room.mark[0]
    for place in range(net.site_starts[site], net.site_starts[site + 1]):
        arc = net.arc_at[place]
        most = min(flow.persons[arc], turned_out)
        if most > 0.0:
            flow.persons[arc] -= most
            flow.left[net.row_of[arc]] += most
            turned_out -= most
            lost += most
    for place in range(net.site_starts[site], net.site_starts[site + 1]):
        row = net.row_of[net.arc_at[place]]
        if flow.left[row] > DUST:
            lost -= place_row(row, net, flow, room, mark)
    return lost
