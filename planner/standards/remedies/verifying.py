"""A last look at a plan of remedies: every promise counted again, knowing nothing of its making.

By plain loops over the table of measures, from what stood before. A plan that breaks one promise
is refused whole: a list that tells a district to close a centre too many is worse than none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.errors import RemedyError
from planner.labels import Message, message
from planner.standards.floor_area.required import required_floor_area
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.area_units import building_per_use
from planner.standards.remedies.needs import BUILDING_AREA, USE_AREA
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.rulebooks.wording import rows_of

MAP_KINDS: Final = ("merge", "move", "close")
LENDING: Final = ("take_over_rooms", "share_rooms", "reopen_idle")
MAKING: Final = (*LENDING, "enlarge")
SLACK_M2: Final = 0.01
"""A square decimetre: sums of many rooms, below any survey."""

Givers = dict[str, tuple[str, str]]
"""Kind and partner of each centre's own measure that changes the map."""


def check_promises(
    measures: pd.DataFrame, defects: pd.DataFrame, judgement: Judgement, around: Surroundings
) -> None:
    """Refuse a plan that takes from somebody what it says it does not.

    Recounted are: who can still walk to a centre of each kind; that no centre gives itself up
    twice, stays for others and goes, or is worked upon after it has gone; that rooms and sites are
    promised once and hold what is taken of them; that no place is given up; that service groups
    hold enough floor area without what is given up; and that moves bring what a group
    lacks but once.

    Parameters
    ----------
    measures, defects
        :attr:`planner.standards.remedies.measures.Remedies.measures` and ``defects``.
    judgement, around
        The findings and what stood around before.

    Raises
    ------
    RemedyError
        With every promise that is broken.
    """
    rows = rows_of(measures)
    firm = [row for row in rows if not row["optional"]]
    givers: Givers = {}
    wrong: list[Message] = []
    for row in firm:
        if row["kind"] in MAP_KINDS:
            told = (str(row["kind"]), str(row["partner"] or ""))
            if givers.setdefault(str(row["centre"]), told) != told:
                wrong.append(_broken("twice", row["centre"]))
    wrong += _gone_and_used(rows, givers)
    wrong += _lost(givers, around)
    wrong += _spent_twice(firm, judgement, around)
    wrong += _without_places(givers, judgement)
    wrong += _too_small(firm, defects, judgement, around)
    if wrong:
        raise RemedyError(message("remedies.promises_broken", count=len(wrong)), wrong)


def _broken(what: str, name: object, **fields: object) -> Message:
    return message(f"remedies.broken_{what}", name=name, **fields)


def _gone_and_used(rows: list[dict[str, Any]], givers: Givers) -> list[Message]:
    """Return the centres that are relied or worked upon although they go."""
    wrong = [
        _broken("goes", other)
        for kind, other in givers.values()
        if kind == "merge" and other in givers
    ]
    for row in rows:
        own = givers.get(str(row["centre"]))
        if own is not None and row["kind"] != own[0]:
            wrong.append(_broken("worked", row["centre"], kind=row["kind"]))
    return wrong


def _lost(givers: Givers, around: Surroundings) -> list[Message]:
    """Return the kinds of centre that somebody loses."""
    if not givers:
        return []
    if around.circles is None:
        return [_broken("unwalked", name) for name in givers]
    places, kinds = around.circles.places, around.circles.kinds
    needed = list(givers) + [p for k, p in givers.values() if k != "close"]
    wrong = [_broken("unwalked", name) for name in needed if name not in places]
    before: dict[str, set[int]] = defaultdict(set)
    after: dict[str, set[int]] = defaultdict(set)
    for name, kind in kinds.items():
        doors = places.get(str(name), np.array([], dtype=np.int64)).tolist()
        before[str(kind)].update(doors)
        what, partner = givers.get(str(name), ("", ""))
        if what == "move":
            after[str(kind)].update(places.get(partner, np.array([], dtype=np.int64)).tolist())
        elif not what:
            after[str(kind)].update(doors)
    elders = around.circles.doors.to_numpy(dtype=float, na_value=np.nan)
    for kind, doors in before.items():
        lost = [door for door in sorted(doors - after[kind]) if elders[door] != 0.0]
        if lost:
            known = float(np.nansum(elders[lost]))
            wrong.append(_broken("reach", kind, elders=known, doors=len(lost)))
    return wrong


def _spent_twice(
    firm: list[dict[str, Any]], judgement: Judgement, around: Surroundings
) -> list[Message]:
    """Return the rooms and sites promised to two, or of less area than is taken."""
    areas = {str(k): float(v) for k, v in around.party_rooms["area_m2"].astype(float).items()}
    idle = around.centres.index[around.centres["status"] == "闲置"]
    owned = _figures(judgement, "building_area")
    areas |= {str(one): owned.get(str(one), float("nan")) for one in idle}
    users: dict[str, set[str]] = defaultdict(set)
    taken: dict[str, float] = defaultdict(float)
    wrong: list[Message] = []
    for row in firm:
        partner = str(row["partner"] or "")
        if row["kind"] in LENDING and partner in areas:
            users[partner].add(str(row["centre"]))
            # What is shared for no area of its own takes none.
            metres = _metres(row)
            taken[partner] += 0.0 if np.isnan(metres) else metres
        if row["kind"] == "move":
            users[partner].add(str(row["centre"]))
            holds = float(around.sites["area_m2"].astype(float).get(partner, float("nan")))
            if not holds >= _metres(row) - SLACK_M2:
                wrong.append(_broken("site", partner, holds=holds, m2=row["m2"]))
    wrong += [_broken("room_twice", room) for room, who in users.items() if len(who) > 1]
    wrong += [
        _broken("room", room, holds=areas[room], m2=m2)
        for room, m2 in taken.items()
        if m2 > areas[room] + SLACK_M2
    ]
    return wrong


def _without_places(givers: Givers, judgement: Judgement) -> list[Message]:
    """Return the centres given up with places that nobody has: those that stay count as full."""
    kinds = judgement.facts["centre_kind"]
    held = {name: _figures(judgement, name) for name in ("beds", "capacity_persons")}
    wrong: list[Message] = []
    for name, (kind, _) in givers.items():
        column = "beds" if kinds.get(name) == "机构" else "capacity_persons"
        places = held[column].get(name, float("nan"))
        # Unknown is not none: the comparison with NaN is false.
        if kind != "move" and not places <= 0.0:
            wrong.append(_broken("places", name, places=places))
    return wrong


def _too_small(
    firm: list[dict[str, Any]],
    defects: pd.DataFrame,
    judgement: Judgement,
    around: Surroundings,
) -> list[Message]:
    """Return the service groups that hold less, once all is done, than the plan says."""
    group_of = _groups(judgement)
    own = _figures(judgement, "building_area")
    change: dict[str, float] = defaultdict(float)
    poorer: set[str] = set()
    for row in firm:
        centre = str(row["centre"])
        group = group_of.get(centre)
        if group is None:
            continue
        # Rooms go with a centre that is closed or merged; a move may bring less than another took.
        if row["kind"] in ("close", "merge"):
            change[group] -= own.get(centre, float("nan"))
            poorer.add(group)
        elif row["kind"] == "move":
            change[group] += _metres(row) - own.get(centre, float("nan"))
    wrong = [
        _broken("group", name, short=short)
        for name in sorted(poorer)
        if not (short := _short(name, change[name], around)) <= SLACK_M2
    ]
    made = _made_too_little(firm, defects, judgement)
    return [*wrong, *made, *_paid_twice(firm, defects, judgement)]


def _short(name: str, change_m2: float, around: Surroundings) -> float:
    """Return what a group lacks once its area has changed."""
    if name not in around.groups.index:
        return float("nan")
    columns = ("population", "elderly_60", "held_m2")
    people, elders, held = (float(around.groups[one].astype(float)[name]) for one in columns)
    required = required_floor_area(
        people,
        elders,
        book=around.book,
        small_groups=around.small_groups,
        per_elder_decides=around.per_elder_decides,
    ).required_m2
    if required is None:
        return float("nan")
    return required - held - change_m2


def _paid_twice(
    firm: list[dict[str, Any]], defects: pd.DataFrame, judgement: Judgement
) -> list[Message]:
    """Return the service groups for which moves bring more than all that the group lacks.

    Of each move what its centre lacks by itself is taken off first.
    """
    group_of, own = _groups(judgement), _figures(judgement, "building_area")
    per_use = building_per_use(judgement)
    lacks: dict[str, float] = defaultdict(float)
    whole: dict[str, float] = defaultdict(float)
    rooms: dict[str, float] = defaultdict(float)
    asked = defects[~defects["optional"].astype(bool) & defects["need_m2"].notna()]
    for row in rows_of(asked):
        centre, need = str(row["centre"]), float(row["need_m2"])
        group = group_of.get(centre)
        if row["by_group"] and group is not None:
            lacks[group] = max(lacks[group], need)
        elif row["quantity"] in BUILDING_AREA:
            whole[centre] = max(whole[centre], need)
        elif row["quantity"] in USE_AREA:
            rooms[centre] += need * per_use
    brought: dict[str, float] = defaultdict(float)
    for row in firm:
        centre, group = str(row["centre"]), group_of.get(str(row["centre"]))
        if row["kind"] == "move" and group is not None:
            more = _metres(row) - own.get(centre, float("nan"))
            brought[group] += max(more - max(whole[centre], rooms[centre]), 0.0)
    return [
        _broken("paid_twice", name, need=lacks[name], m2=m2)
        for name, m2 in sorted(brought.items())
        if not m2 <= lacks[name] + SLACK_M2
    ]


def _made_too_little(
    firm: list[dict[str, Any]], defects: pd.DataFrame, judgement: Judgement
) -> list[Message]:
    """Return the findings on groups that rooms, building and moves are said to cure, and do not."""
    group_of, own = _groups(judgement), _figures(judgement, "building_area")
    made: dict[str, float] = defaultdict(float)
    otherwise: set[str] = set()
    for row in firm:
        metres = _metres(row)
        if row["kind"] == "move":
            metres -= own.get(str(row["centre"]), float("nan"))
        if row["kind"] in (*MAKING, "move"):
            made[group_of.get(str(row["centre"]), "")] += 0.0 if np.isnan(metres) else metres
        else:
            otherwise |= set(str(row["defects"]).split("、"))
    wrong = []
    whole = defects[
        defects["by_group"].astype(bool) & ~defects["optional"].astype(bool)
        & defects["is_area"].astype(bool) & defects["need_m2"].notna() & (defects["left"] <= 0)
    ]  # fmt: skip
    for name, centre, need in zip(whole.index, whole["centre"], whole["need_m2"], strict=True):
        group = group_of.get(str(centre))
        if group is not None and name not in otherwise and made[group] < need - SLACK_M2:
            wrong.append(_broken("made", name, need=need, m2=made[group]))
    return wrong


def _groups(judgement: Judgement) -> dict[str, str]:
    facts = judgement.facts.reindex(columns=["group"])["group"]
    return {str(one): str(name) for one, name in facts.dropna().items()}


def _metres(row: dict[str, Any]) -> float:
    """Return the m² of a measure; NaN where it has none, which no promise holds for."""
    return float("nan") if row["m2"] is None else float(row["m2"])


def _figures(judgement: Judgement, column: str) -> dict[str, float]:
    values = judgement.facts.reindex(columns=[column])[column].astype(float)
    return {str(one): float(value) for one, value in values.items()}
