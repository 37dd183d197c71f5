"""The policy of walled estates, said once more: networkx on layers of states, for small towns.

A walk leaves the estate that it begins in once, goes along everybody's streets, and enters the
estate that it ends in once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx

OPEN, RESIDENTS, CLOSED = range(3)


@dataclass(frozen=True)
class Step:
    """One drawn step between two nodes; steps of one way bear its name."""

    start: int
    end: int
    metres: float
    private: bool
    way: Any = None

    @property
    def ends(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def key(self) -> tuple[int, int]:
        return min(self.ends), max(self.ends)


Spot = tuple[Step, float]
"""A place on a step: its share of the step's length from its start."""


def _point(node: int, other: int, shut: Iterable[int]) -> Any:
    """Return a node, or, where nobody passes, the end of the steps from one neighbour there."""
    return (node, other) if node in shut else node


@dataclass
class Town:
    """Steps and gates, and who may walk where."""

    steps: Sequence[Step]
    gates: Mapping[int, int] = field(default_factory=dict)
    parallels: bool = False
    """Steps between the same nodes are streets of their own, not one drawn twice."""

    def __post_init__(self) -> None:
        self.closed = {node for node, gate in self.gates.items() if gate == CLOSED}
        guarded = {node for node, gate in self.gates.items() if gate == RESIDENTS}
        everybodys = self._everybodys(guarded)
        outside = {node for number in everybodys for node in self.steps[number].ends}
        own = set(range(len(self.steps))) - everybodys
        inside = {node for number in own for node in self.steps[number].ends}
        self.shut = self.closed | {node for node in guarded if node in outside - inside}
        self.estate = self._estates(own, outside)

    def _ends(self, number: int, shut: Iterable[int]) -> tuple[Any, Any]:
        step = self.steps[number]
        return _point(step.start, step.end, shut), _point(step.end, step.start, shut)

    def _everybodys(self, guarded: set[int]) -> set[int]:
        """Return the steps that everybody may walk: the longest piece of each joined town."""
        whole = networkx.Graph(self._ends(n, self.closed) for n in range(len(self.steps)))
        streets = networkx.MultiGraph()
        for number, step in enumerate(self.steps):
            if not step.private:
                # A gate parts each single step's end from all others.
                ends = (
                    (node, "gate", number, place) if node in self.closed | guarded else node
                    for place, node in enumerate(step.ends)
                )
                streets.add_edge(*ends, number=number, metres=step.metres)
        found: set[int] = set()
        pieces: list[tuple[float, set[int]]] = []
        for piece in networkx.connected_components(streets):
            edges = list(streets.subgraph(piece).edges(data=True))
            metres = sum(data["metres"] for _, _, data in edges)
            pieces.append((metres, {data["number"] for _, _, data in edges}))
        for part in networkx.connected_components(whole):
            mine = [one for one in pieces if self._ends(min(one[1]), self.closed)[0] in part]
            if mine:
                found |= max(mine, key=lambda one: one[0])[1]
        return found

    def _estates(self, own: set[int], outside: set[int]) -> dict[int, int]:
        """Return the estate of each step that is some estate's."""
        way = networkx.Graph()
        way.add_nodes_from(self.steps[number].way for number in own)
        met = networkx.Graph()
        met.add_nodes_from(own)
        if not self.parallels:
            for one, other in itertools.combinations(sorted(own), 2):
                first, second = self.steps[one], self.steps[other]
                if first.key == second.key and first.private and second.private:
                    way.add_edge(first.way, second.way)
        alike = {name: n for n, g in enumerate(networkx.connected_components(way)) for name in g}
        for one, other in itertools.combinations(sorted(own), 2):
            first, second = self.steps[one], self.steps[other]
            for node in set(first.ends) & set(second.ends):
                same_way = alike[first.way] == alike[second.way]
                if node not in outside or same_way:
                    met.add_edge(one, other)
        groups = networkx.connected_components(met)
        return {number: name for name, group in enumerate(groups) for number in group}

    def _walked(self) -> list[int]:
        """Return the steps to walk: everybody's where one is drawn over an estate's."""
        if self.parallels:
            return list(range(len(self.steps)))
        public = {self.steps[n].key for n in range(len(self.steps)) if n not in self.estate}
        kept: dict[Any, int] = {}
        for number, step in enumerate(self.steps):
            if number not in self.estate or step.key not in public:
                kept.setdefault(step.key, number)
        return sorted(kept.values())

    def _layer(self, number: int, layer: str) -> Any:
        return (layer, self.estate[number]) if number in self.estate else "streets"

    def graph(self) -> Any:
        """Return the layers: out of estates, everybody's streets, into estates."""
        states = networkx.DiGraph()
        for number in self._walked():
            ends = self._ends(number, self.shut)
            metres = self.steps[number].metres
            for layer in {self._layer(number, "out"), self._layer(number, "in")}:
                one, other = ((layer, end) for end in ends)
                for tail, head in ((one, other), (other, one)):
                    known = states.get_edge_data(tail, head, {"metres": metres})["metres"]
                    states.add_edge(tail, head, metres=min(metres, known))
            if number in self.estate:
                for end in ends:
                    out, inside = ("out", self.estate[number]), ("in", self.estate[number])
                    states.add_edge((out, end), ("streets", end), metres=0.0)
                    states.add_edge(("streets", end), (inside, end), metres=0.0)
        return states

    def _number(self, step: Step) -> int:
        """Return the number of the step that stands for one drawn, as it is walked."""
        walked = self._walked()
        if step in self.steps and self.steps.index(step) in walked:
            return self.steps.index(step)
        return next(n for n in walked if self.steps[n].key == step.key)

    def times(self, origins: Sequence[Spot], destinations: Sequence[Spot]) -> list[list[float]]:
        """Return the metres of the shortest lawful walks, infinite where there is none."""
        states = self.graph()
        # Two estates that meet at a point of everybody's: there is none to walk, but a gate.
        table = []
        for origin in origins:
            for layer, point, metres in self._leaving(origin, "out"):
                states.add_edge("origin", (layer, point), metres=metres)
            found = networkx.single_source_dijkstra_path_length(states, "origin", weight="metres")
            states.remove_node("origin")
            table.append([self._to(origin, found, destination) for destination in destinations])
        return table

    def _leaving(self, spot: Spot, name: str) -> list[tuple[Any, Any, float]]:
        step, share = spot
        number = self._number(step)
        if self.steps[number].start != step.start:
            share = 1.0 - share
        one, other = self._ends(number, self.shut)
        metres, layer = step.metres, self._layer(number, name)
        return [(layer, one, share * metres), (layer, other, (1 - share) * metres)]

    def _to(self, origin: Spot, found: Mapping[Any, float], destination: Spot) -> float:
        best = min(
            found.get((layer, point), float("inf")) + metres
            for name in ("out", "in")
            for layer, point, metres in self._leaving(destination, name)
        )
        if self._number(origin[0]) == self._number(destination[0]):
            share = (
                destination[1] if destination[0].start == origin[0].start else 1 - destination[1]
            )
            best = min(best, abs(share - origin[1]) * origin[0].metres)
        return best
