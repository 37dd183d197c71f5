"""From the tables of ``project.toml`` to a scenario: every problem told at once."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from planner.errors import ScenarioError
from planner.labels import Message, message
from planner.scenario.settings import CONTROL_TOTALS, REQUIRED_SECTIONS, SECTIONS, Scenario


def from_mapping(mapping: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a mapping of sections describes.

    Parameters
    ----------
    mapping
        ``{section: {key: value}}`` as TOML gives it.

    Raises
    ------
    ScenarioError
        With every problem found: unknown sections and keys (with the nearest known name),
        missing ones, and values of a wrong kind or out of bounds.
    """
    problems: list[Message] = []
    known = (*SECTIONS, "control_totals")
    for name in mapping:
        if name not in known:
            problems.append(
                message("scenario.unknown_section", section=name, near=_near(name, known))
            )
    sections: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        if name in mapping:
            sections[name] = _section(kind, name, mapping[name], problems)
        elif name in REQUIRED_SECTIONS:
            problems.append(message("scenario.missing_section", section=name))
    totals = _control_totals(mapping.get("control_totals", {}), problems)
    if problems:
        raise ScenarioError(message("scenario.refused"), problems)
    return Scenario(**sections, control_totals=totals)


def _section(kind: type, name: str, values: Any, problems: list[Message]) -> Any:
    if not isinstance(values, Mapping):
        problems.append(message("scenario.not_a_section", section=name))
        return None
    fields = {part.name: part for part in dataclasses.fields(kind)}
    found = len(problems)
    for key in values:
        if key not in fields:
            problems.append(
                message("scenario.unknown_key", section=name, name=key, near=_near(key, fields))
            )
    settings = {}
    for key, part in fields.items():
        if key in values:
            settings[key] = _value(part, name, values[key], problems)
        elif part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING:
            problems.append(message("scenario.missing_key", section=name, name=key))
    return kind(**settings) if len(problems) == found else None


def _value(part: dataclasses.Field[Any], section: str, value: Any, problems: list[Message]) -> Any:
    """Return the value in its kind, or add to ``problems`` what is wrong with it."""
    kind = part.metadata["kind"]
    if part.metadata.get("dates"):
        value = _without_dates(value)
    place = {"section": section, "name": part.name, "value": value}
    if kind is tuple and part.metadata.get("of") is float:
        return _list_of_numbers(part, place, problems)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is tuple and isinstance(value, list) and (value or part.default == ()):
        value = tuple(value) if all(isinstance(one, str) for one in value) else value
    right_kind = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if kind is Mapping and right_kind:
        right_kind = all(isinstance(entry, part.metadata["of"]) for entry in value.values())
        value = MappingProxyType(dict(value))
    if not right_kind:
        problems.append(message(f"scenario.{_wrong_kind(part)}", **place))
        return None
    if kind in (int, float):
        least, most = part.metadata["bounds"]
        if not least <= value <= most:
            key = "out_of_bounds" if most < math.inf else "too_low"
            bounds = {"least": least} if key == "too_low" else {"least": least, "most": most}
            problems.append(message(f"scenario.{key}", **place, **bounds))
    choices = part.metadata.get("choices", ())
    chosen = value if isinstance(value, tuple) else (value,)
    if choices and any(one not in choices for one in chosen):
        problems.append(message("scenario.not_a_choice", **place, choices=" / ".join(choices)))
    return value


def _wrong_kind(part: dataclasses.Field[Any]) -> str:
    """Return the name of the message that a setting is of another kind than it must be."""
    kind, of = part.metadata["kind"], part.metadata.get("of")
    if kind is Mapping and of is not str:
        return "not_mapping_of_lists" if of is list else "not_mapping_of_numbers"
    if kind is tuple and part.default == ():
        return "not_list_or_empty"
    return f"not_{_KIND_NAMES[kind]}"


def _without_dates(value: Any) -> Any:
    """Return dates that TOML knows for such (``2026-07-01`` without quotes) as their text."""
    if isinstance(value, Mapping):
        return {name: _without_dates(one) for name, one in value.items()}
    is_day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    return value.isoformat() if is_day else value


def _list_of_numbers(
    part: dataclasses.Field[Any], place: dict[str, Any], problems: list[Message]
) -> tuple[float, ...] | None:
    """Return a list of numbers in their bounds, or add to ``problems`` what is wrong with it."""
    value, (least, most) = place["value"], part.metadata["bounds"]
    is_list = isinstance(value, list) and (bool(value) or part.default == ())
    if not is_list or not all(map(_is_count, value)):
        problems.append(message("scenario.not_list_of_numbers", **place))
        return None
    if not all(least <= one <= most for one in value):
        problems.append(message("scenario.out_of_bounds", **place, least=least, most=most))
    return tuple(float(one) for one in value)


_KIND_NAMES: Final = {
    str: "text",
    float: "number",
    int: "whole",
    bool: "flag",
    tuple: "list",
    Mapping: "mapping",
}


def _control_totals(values: Any, problems: list[Message]) -> Mapping[str, float]:
    if not isinstance(values, Mapping):
        problems.append(message("scenario.not_a_section", section="control_totals"))
        return MappingProxyType({})
    totals = {}
    for name, value in values.items():
        place = {"section": "control_totals", "name": name}
        if name not in CONTROL_TOTALS:
            near = _near(name, CONTROL_TOTALS)
            problems.append(message("scenario.unknown_key", **place, near=near))
        elif not _is_count(value):
            problems.append(message("scenario.not_number", **place, value=value))
        else:
            totals[name] = float(value)
    return MappingProxyType(totals)


def _is_count(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < math.inf


def _near(name: str, known: Any) -> str:
    """Return the known name most like ``name``, else all of them."""
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return close[0] if close else " / ".join(known)
