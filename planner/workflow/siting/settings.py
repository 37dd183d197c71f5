"""What ``[siting]`` is refused for by itself: before any ledger is read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from planner.errors import PlannerError, ScenarioError
from planner.labels import Message, message
from planner.scenario.siting import SitingSettings
from planner.streets import walker, walkers
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS, listed
from planner.workflow.inputs.project import PROJECT_FILE, Project

WEIGHT_COLUMNS: Final = ("population", *ELDERLY_COLUMNS, *ELDER_GROUPS)
"""Columns of residents that may be counted."""

ID_RULES: Final = ("required", "barred", "may_close", "must_close")
"""Rules of ``[siting]`` that are lists of ids."""

LARGEST_WEIGHT: Final = 1e6
SMALLEST_WEIGHT: Final = 1e-6
"""What one person may count, if at all (our own choice): beyond them sums are no figures any more
that anybody can read, and the solver's tolerances are larger than a person."""

OPPOSITES: Final = (("required", "barred"), ("may_close", "must_close"))


def refuse_siting(project: Project) -> None:
    """Refuse settings of sites that contradict themselves, whatever the ledgers hold.

    Raises
    ------
    ScenarioError
        With every fault, naming its key and the remedy.
    """
    settings = project.scenario.siting
    faults = [
        *_id_faults(settings),
        *_group_faults(settings.at_most_one, settings.required),
        *_room_faults(settings),
        *_weight_faults(settings.weights),
        *_walker_faults(settings.walkers),
    ]
    if project.scenario.candidates is None:
        faults += [
            siting_fault("no_candidates", name)
            for name in ("required", "barred", "at_most_one")
            if getattr(settings, name)
        ]
    if faults:
        raise ScenarioError(message("scenario.refused"), faults)


def siting_fault(key: str, name: str, **fields: object) -> Message:
    """Return a fault of one key of ``[siting]``, told with the file that it stands in.

    Parameters
    ----------
    key
        The message, without the room's name.
    name
        The key of ``[siting]``.
    """
    return message(f"siting_run.{key}", file=PROJECT_FILE, name=name, **fields)


def _id_faults(settings: SitingSettings) -> list[Message]:
    faults = []
    for name in ID_RULES:
        ids = getattr(settings, name)
        if twice := _repeated(ids):
            faults.append(siting_fault("twice", name, ids=listed(twice)))
    for first, second in OPPOSITES:
        both = [one for one in getattr(settings, first) if one in getattr(settings, second)]
        if both:
            faults.append(siting_fault("both", first, other=second, ids=listed(both)))
    return faults


def _repeated(ids: Sequence[str]) -> list[str]:
    return [one for place, one in enumerate(ids) if one in ids[:place]]


def _group_faults(groups: Mapping[str, list[str]], required: tuple[str, ...]) -> list[Message]:
    faults = []
    for group, ids in groups.items():
        if len(ids) < 2 or not all(isinstance(one, str) for one in ids):
            faults.append(siting_fault("group_wrong", "at_most_one", group=group))
            continue
        if twice := _repeated(ids):
            faults.append(siting_fault("twice", f"at_most_one.{group}", ids=listed(twice)))
        both = [one for one in required if one in ids]
        if len(both) > 1:
            faults.append(siting_fault("group_clash", "at_most_one", group=group, ids=listed(both)))
    return faults


def _room_faults(settings: SitingSettings) -> list[Message]:
    """Tell of more required sites than may be opened: a centre that closes makes room for one."""
    room = settings.new_centres + len(settings.may_close)
    if len(settings.required) <= room:
        return []
    return [siting_fault("too_many", "required", required=len(settings.required), room=room)]


def _weight_faults(weights: Mapping[str, float]) -> list[Message]:
    faults = [
        siting_fault("weight_unknown", "weights", column=column, known="、".join(WEIGHT_COLUMNS))
        for column in weights
        if column not in WEIGHT_COLUMNS
    ]
    wrong = [
        column
        for column, factor in weights.items()
        if isinstance(factor, bool) or not _is_weight(factor)
    ]
    faults += [
        siting_fault(
            "weight_wrong",
            "weights",
            column=column,
            value=weights[column],
            least=SMALLEST_WEIGHT,
            most=LARGEST_WEIGHT,
        )
        for column in wrong
    ]
    if weights and not wrong and not any(weights.values()):
        faults.append(siting_fault("weights_zero", "weights"))
    return faults


def _is_weight(factor: float) -> bool:
    """Tell whether a person may count so much: nothing, or what figures can still show."""
    return factor == 0 or (math.isfinite(factor) and SMALLEST_WEIGHT <= factor <= LARGEST_WEIGHT)


def _walker_faults(names: Iterable[str]) -> list[Message]:
    faults = []
    for name in names:
        try:
            walker(name)
        except PlannerError:
            known = "、".join(one.name for one in walkers())
            told = {"walker": name, "known": known}
            faults.append(siting_fault("walker", "walkers", **told))
    return faults
