"""Who may walk where: rules as data, tried in order, the first that fits decides.

Of tags with lists of values the most open verdict holds
(:mod:`planner.streets.network.tag_values`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

from planner.streets.network.estates import OPEN
from planner.streets.network.rule_lists import GATES, Rule, read_lists
from planner.streets.network.tag_values import readings

RULES_FILE: Final = "foot_rules.toml"

NO_RULE: Final = "no_rule"
"""Name under which ways are counted that no rule speaks of; they are refused."""
EVERY_LINE: Final = "every_line"
"""Name under which a road layer's lines are counted that are streets as nothing says otherwise."""


MOTORWAYS: Final = ("motorway", "motorway_link")
"""Nobody crosses them on foot, so that no trait calls them main roads; their traffic is as near."""


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one way.

    Parameters
    ----------
    rule
        Which rule decided.
    forward, backward
        Directions, as the way is drawn, in which feet may go.
    private
        Only residents of the walled estate that it belongs to may pass.
    steps, main_road, pace, off_ground
        As in :class:`planner.streets.network.manners.Manners`.
    traffic
        Whether it is a main road or motorway, walked or not, that is not in a tunnel.
    touched
        Names of the other rules that fit: traits, the one on slow ground, and so on.
    area
        Name of the rule that lets feet cross the area that a closed way goes round; empty: none.
    """

    rule: str
    forward: bool
    backward: bool
    private: bool = False
    steps: bool = False
    main_road: float = 0.0
    pace: float = 1.0
    off_ground: bool = False
    touched: tuple[str, ...] = ()
    area: str = ""
    traffic: bool = False

    @property
    def walked(self) -> bool:
        """Whether feet may go at all."""
        return self.forward or self.backward

    @property
    def openness(self) -> tuple[float, ...]:
        """The greater, the more people may walk there, and the more easily."""
        directions = self.forward + self.backward
        return (self.walked, not self.private, directions, not self.steps, -self.pace)

    def turned(self) -> Verdict:
        """Return what holds of the way drawn from back to front."""
        return replace(self, forward=self.backward, backward=self.forward)


@dataclass(frozen=True)
class NodeVerdict:
    """What the rules say of one node: whose gate it is, and whether lights stop the traffic."""

    gate: int = OPEN
    signals: bool = False


@dataclass(frozen=True)
class FootRules:
    """Ordered lists of rules: on ways and on nodes that ways run through.

    Parameters
    ----------
    ways
        Who may walk: ``allowed``, ``private`` (residents of the walled estate) or ``refused``; the
        first that fits decides. A way that fits none is refused.
    directions
        The one direction, ``forward`` or ``backward`` as the way is drawn, in which feet may go;
        the first that fits decides. A way that fits none is walked both ways.
    traits
        All that fit apply: ``steps``, ``main_road``, ``one_carriageway`` (of a main road: it counts
        half), ``off_ground``.
    slower
        Ground that takes ``factor`` times the minutes; the first that fits decides.
    gates
        Nodes passed by everybody (``open``), ``residents`` or nobody (``closed``); the first that
        fits decides. A node that fits none is open.
    signals
        Nodes where lights stop the traffic.
    areas
        Closed ways, if walked, that feet ``cross`` as well (:mod:`planner.streets.sources.areas`),
        and multipolygons with such tags, ``area=yes`` taken as said.
    """

    ways: tuple[Rule, ...]
    directions: tuple[Rule, ...] = ()
    traits: tuple[Rule, ...] = ()
    slower: tuple[Rule, ...] = ()
    gates: tuple[Rule, ...] = ()
    signals: tuple[Rule, ...] = ()
    areas: tuple[Rule, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """All tag keys of ways that any rule looks at."""
        rules = (*self.ways, *self.directions, *self.traits, *self.slower, *self.areas)
        return frozenset(key for rule in rules for key in rule.tags)

    @cached_property
    def node_keys(self) -> frozenset[str]:
        """All tag keys of nodes that any rule looks at."""
        return frozenset(key for rule in (*self.gates, *self.signals) for key in rule.tags)

    @property
    def street_keys(self) -> tuple[str, ...]:
        """The keys of which an allowed way must have at least one: a reader's first filter."""
        first = (next(iter(rule.tags)) for rule in self.ways if rule.verdict != "refused")
        return tuple(dict.fromkeys(first))

    def with_estates_open(self) -> FootRules:
        """Return the rules as they would be if everybody might walk through walled estates."""
        return replace(
            self,
            ways=tuple(
                replace(one, verdict="allowed") if one.verdict == "private" else one
                for one in self.ways
            ),
            gates=tuple(
                replace(one, verdict="open") if one.verdict == "residents" else one
                for one in self.gates
            ),
        )

    def judge(self, tags: Mapping[str, str]) -> Verdict:
        """Return what the rules say of a way with these tags, as a file holds them.

        Of tags with lists of values, the most open of the verdicts on each of them.
        """
        return max(map(self._verdict, readings(tags, self.keys)), key=_openness)

    def _verdict(self, tags: Mapping[str, str]) -> Verdict:
        """Return what the rules say of a way whose tags have one plain value each."""
        rule = _first(self.ways, tags)
        traits = [one for one in self.traits if one.fits(tags)]
        kinds = {one.verdict for one in traits}
        main_road = 0.0
        if "main_road" in kinds:
            main_road = 0.5 if "one_carriageway" in kinds else 1.0
        traffic = main_road > 0.0 or tags.get("highway") in MOTORWAYS
        traffic = traffic and tags.get("tunnel", "no") == "no"
        if rule is None or rule.verdict == "refused":
            return Verdict(
                rule.name if rule else NO_RULE,
                forward=False,
                backward=False,
                main_road=main_road,
                traffic=traffic,
            )
        direction = _first(self.directions, tags)
        slower = _first(self.slower, tags)
        area = _first(self.areas, tags)
        others = (*traits, slower, direction, area)
        return Verdict(
            rule.name,
            direction is None or direction.verdict == "forward",
            direction is None or direction.verdict == "backward",
            private=rule.verdict == "private",
            steps="steps" in kinds,
            main_road=main_road,
            pace=1.0 if slower is None else slower.factor,
            off_ground="off_ground" in kinds,
            touched=tuple(one.name for one in others if one is not None),
            area="" if area is None else area.name,
            traffic=traffic,
        )

    def judge_node(self, tags: Mapping[str, str]) -> NodeVerdict:
        """Return what the rules say of a node with these tags, as a file holds them.

        Of tags with lists of values, the most open gate; lights, if any value means lights.
        """
        gate, signals = len(GATES), False
        for reading in readings(tags, self.node_keys):
            rule = _first(self.gates, reading)
            gate = min(gate, OPEN if rule is None else GATES.index(rule.verdict))
            signals = signals or _first(self.signals, reading) is not None
        return NodeVerdict(gate, signals)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], *, file: str = "rules") -> FootRules:
        """Make rules of the lists of a rule file, see :mod:`planner.streets.network.rule_lists`.

        Raises
        ------
        planner.errors.StreetsError
            With every fault found.
        """
        return cls(*read_lists(mapping, file=file))


def _openness(verdict: Verdict) -> tuple[float, ...]:
    return verdict.openness


def _first(rules: tuple[Rule, ...], tags: Mapping[str, str]) -> Rule | None:
    return next((rule for rule in rules if rule.fits(tags)), None)


def rules_text() -> str:
    """Return the rule file that comes with the package, with its comments.

    A project that decides otherwise saves a copy, edits it, and names it to
    :func:`planner.streets.read_streets`: a project's file replaces this one whole.
    """
    return resources.files("planner.streets.network").joinpath(RULES_FILE).read_text("utf-8")


@cache
def foot_rules() -> FootRules:
    """Return the rules that come with the package, ``foot_rules.toml``."""
    return FootRules.from_mapping(tomllib.loads(rules_text()), file=RULES_FILE)
