"""Who may walk where: rules as data, tried in order, the first that fits decides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from planner.errors import StreetsError
from planner.labels import Message, message

ANY: Final = "*"
NO_RULE: Final = "no_rule"
"""Name under which ways are counted that no rule speaks of; they are refused."""

VERDICTS: Final = ("allowed", "refused")
DIRECTIONS: Final = ("forward", "backward")


@dataclass(frozen=True)
class Rule:
    """One rule: where every key of ``tags`` has one of its values, ``verdict`` holds.

    Parameters
    ----------
    name
        Short name, unique in its list.
    tags
        Key → allowed values; ``"*"`` stands for any value.
    verdict
        ``allowed`` or ``refused``; of a rule on directions, ``forward`` or ``backward``.
    reason
        Why, in a sentence.
    """

    name: str
    tags: dict[str, frozenset[str]]
    verdict: str
    reason: str = ""

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether the rule speaks of a way with these tags."""
        for key, values in self.tags.items():
            value = tags.get(key)
            if value is None or (value not in values and ANY not in values):
                return False
        return True


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one way: by which rule, and in which directions feet may go."""

    rule: str
    forward: bool
    backward: bool


@dataclass(frozen=True)
class FootRules:
    """An ordered list of rules on ways and one on directions.

    Parameters
    ----------
    ways
        Rules whose verdict is ``allowed`` or ``refused``. A way that fits none is refused.
    directions
        Rules whose verdict is the one direction, ``forward`` or ``backward`` as the way is drawn,
        in which feet may go. A way that fits none is walked both ways.
    """

    ways: tuple[Rule, ...]
    directions: tuple[Rule, ...]

    @property
    def keys(self) -> frozenset[str]:
        """All tag keys that any rule looks at."""
        return frozenset(key for rule in (*self.ways, *self.directions) for key in rule.tags)

    @property
    def street_keys(self) -> tuple[str, ...]:
        """The keys of which an allowed way must have at least one: a reader's first filter."""
        first = (next(iter(rule.tags)) for rule in self.ways if rule.verdict == "allowed")
        return tuple(dict.fromkeys(first))

    def judge(self, tags: Mapping[str, str]) -> Verdict:
        """Return what the rules say of a way with these tags."""
        rule = next((rule for rule in self.ways if rule.fits(tags)), None)
        if rule is None or rule.verdict == "refused":
            return Verdict(rule.name if rule else NO_RULE, forward=False, backward=False)
        direction = next((one.verdict for one in self.directions if one.fits(tags)), None)
        return Verdict(rule.name, direction != "backward", direction != "forward")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], *, file: str = "rules") -> FootRules:
        """Make rules of what a rule file holds: lists ``rule`` and, if any, ``direction``.

        Raises
        ------
        planner.errors.StreetsError
            With every fault found.
        """
        problems: list[Message] = []
        ways = _rules(mapping.get("rule", []), "verdict", VERDICTS, file, problems)
        directions = _rules(mapping.get("direction", []), "walkable", DIRECTIONS, file, problems)
        problems += [
            message("streets.rule_unknown_entry", file=file, entry=key)
            for key in mapping
            if key not in ("rule", "direction")
        ]
        if not ways:
            problems.append(message("streets.rules_empty", file=file))
        if problems:
            raise StreetsError(message("streets.rules_refused", file=file), problems)
        return cls(ways, directions)


def _rules(
    entries: Any, verdict: str, choices: tuple[str, ...], file: str, problems: list[Message]
) -> tuple[Rule, ...]:
    """Return the rules of one list; what is wrong with them is added to ``problems``."""
    rules = []
    names: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        name = entry.get("name", "")
        tags = entry.get("tags", {})
        listed = isinstance(tags, dict) and all(
            isinstance(values, list) for values in tags.values()
        )
        if not name or name in names or not tags or not listed or entry.get(verdict) not in choices:
            problems.append(
                message(
                    "streets.rule_malformed",
                    file=file,
                    number=number,
                    name=name,
                    verdict=verdict,
                    choices="、".join(choices),
                )
            )
            continue
        names.add(name)
        sets = {key: frozenset(values) for key, values in tags.items()}
        rules.append(Rule(name, sets, entry[verdict], entry.get("reason", "")))
    return tuple(rules)


@cache
def foot_rules() -> FootRules:
    """Return the rules that come with the package, ``foot_rules.toml``."""
    file = "foot_rules.toml"
    text = resources.files("planner.streets").joinpath(file).read_text(encoding="utf-8")
    return FootRules.from_mapping(tomllib.loads(text), file=file)
