"""Lists of rules as a rule file holds them: read, and every fault in them told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.network.tag_values import plain_values

ANY: Final = "*"

VERDICTS: Final = ("allowed", "private", "refused")
DIRECTIONS: Final = ("forward", "backward")
TRAITS: Final = ("steps", "main_road", "one_carriageway", "off_ground")
GATES: Final = ("open", "residents", "closed")
SIGNALS: Final = ("signals",)
AREAS: Final = ("cross",)
SLOWEST_PACE: Final = 10.0
"""A rule may multiply minutes by more than 1 and at most this (our own bound against slips)."""

LISTS: Final = {
    "rule": ("verdict", VERDICTS),
    "direction": ("walkable", DIRECTIONS),
    "trait": ("is", TRAITS),
    "slower": ("factor", ()),
    "gate": ("passed_by", GATES),
    "signal": ("is", SIGNALS),
    "area": ("feet", AREAS),
}
"""What may stand in a rule file: each list, the entry that decides, and its choices."""


@dataclass(frozen=True)
class Rule:
    """One rule: where every key of ``tags`` has one of its values, ``verdict`` holds.

    Parameters
    ----------
    name
        Short name, unique in its list.
    tags
        Key → allowed values, plain (in small letters, without blanks around them); ``"*"`` stands
        for any value.
    verdict
        What holds then: one of :data:`LISTS`' choices.
    reason, reason_zh
        Why, in a sentence, in English and Chinese.
    factor
        Of a rule on slow ground: what minutes are multiplied by.
    """

    name: str
    tags: dict[str, frozenset[str]]
    verdict: str
    reason: str = ""
    reason_zh: str = ""
    factor: float = 1.0

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether the rule speaks of a way with these tags, each of one plain value."""
        for key, values in self.tags.items():
            value = tags.get(key)
            if value is None or (value not in values and ANY not in values):
                return False
        return True


def read_lists(mapping: Mapping[str, Any], *, file: str) -> list[tuple[Rule, ...]]:
    """Return the rules of each list of :data:`LISTS`, in its order.

    Parameters
    ----------
    mapping
        What a rule file holds.
    file
        Its name, for messages.

    Raises
    ------
    planner.errors.StreetsError
        With every fault found.
    """
    problems: list[Message] = []
    lists = [_rules(_entries(mapping, name), name, file, problems) for name in LISTS]
    problems += [
        message(
            "streets.rule_unknown_entry",
            file=file,
            entry=key,
            known="、".join(f"[[{name}]]" for name in LISTS),
        )
        for key in mapping
        if key not in LISTS
    ]
    if all(rule.verdict == "refused" for rule in lists[0]):
        problems.append(message("streets.rules_empty", file=file))
    if problems:
        raise StreetsError(message("streets.rules_refused", file=file), problems)
    return lists


def _entries(mapping: Mapping[str, Any], name: str) -> list[Any]:
    """Return the entries of a list; one empty entry, which is refused, where it is no list."""
    entries = mapping.get(name, [])
    return entries if isinstance(entries, list) else [{}]


def _is_told(entry: dict[str, Any], decides: str) -> bool:
    """Tell whether an entry has a name and tags, all of them texts, and nothing unknown."""
    name, tags = entry.get("name"), entry.get("tags")
    if not (isinstance(name, str) and name and isinstance(tags, dict) and tags):
        return False
    if not set(entry) <= {"name", "tags", "reason", "reason_zh", decides}:
        return False
    return all(
        isinstance(values, list)
        and values
        and all(isinstance(one, str) and plain_values(one) for one in values)
        for values in tags.values()
    )


def _decided(entry: Any, kind: str) -> tuple[str, float] | None:
    """Return verdict and factor of an entry of a list, None where it gives none that is known."""
    decides, choices = LISTS[kind]
    value = entry.get(decides)
    if kind != "slower":
        return (value, 1.0) if isinstance(value, str) and value in choices else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return (kind, float(value)) if 1.0 < value <= SLOWEST_PACE else None


def _rules(entries: Any, kind: str, file: str, problems: list[Message]) -> tuple[Rule, ...]:
    """Return the rules of one list; what is wrong with them is added to ``problems``."""
    rules = []
    names: set[str] = set()
    decides, choices = LISTS[kind]
    for number, entry in enumerate(entries, start=1):
        entry = entry if isinstance(entry, dict) else {}
        name = entry.get("name", "")
        decided = _decided(entry, kind)
        if decided is None or not _is_told(entry, decides) or name in names:
            problems.append(
                message(
                    "streets.rule_malformed",
                    file=file,
                    list=kind,
                    number=number,
                    name=name,
                    verdict=decides,
                    choices="、".join(choices) or f"> 1, <= {SLOWEST_PACE:g}",
                )
            )
            continue
        names.add(name)
        sets = {
            key: frozenset(part for value in values for part in plain_values(value))
            for key, values in entry["tags"].items()
        }
        why = str(entry.get("reason", "")), str(entry.get("reason_zh", ""))
        rules.append(Rule(name, sets, decided[0], *why, factor=decided[1]))
    return tuple(rules)
