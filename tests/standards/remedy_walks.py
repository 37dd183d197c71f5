"""A second opinion on who keeps a centre within walking distance, by plain loops over doors."""

from __future__ import annotations

from typing import Any

from planner.standards.remedies.measures import Remedies

MAP_KINDS = ("close", "merge", "move")

Gone = dict[str, tuple[str, Any]]


def broken(found: Remedies, town: dict[str, Any]) -> list[str]:
    """Return what a plan may not do: take somebody his centre, send him where nobody stays."""
    firm = found.measures[~found.measures["optional"]]
    rows = firm[firm["kind"].isin(MAP_KINDS)]
    wrong = [f"{name} goes twice" for name in rows.loc[rows["centre"].duplicated(), "centre"]]
    gone = dict(zip(rows["centre"], zip(rows["kind"], rows["partner"], strict=True), strict=True))
    for name, (kind, partner) in gone.items():
        if name not in town["walks"]:
            wrong.append(f"{name} goes unwalked")
        if kind == "merge" and partner in gone:
            wrong.append(f"{name} merges into {partner}, which goes")
        works = firm[(firm["centre"] == name) & ~firm["kind"].isin(MAP_KINDS)]
        wrong += [f"{name} gets {one}" for one in works["kind"]]
    sites = [partner for kind, partner in gone.values() if kind == "move"]
    if len(set(sites)) < len(sites):
        wrong.append(f"sites {sites}")
    for kind in {fact["centre_kind"] for fact in town["facts"].values()}:
        wrong += [*_lost(kind, gone, town), *_without_places(kind, gone, town)]
    return wrong


def _lost(kind: str, gone: Gone, town: dict[str, Any]) -> list[str]:
    facts, walks = town["facts"], town["walks"]
    mine = [one for one in facts if facts[one]["centre_kind"] == kind and one in walks]
    moved = {one: gone[one][1] for one in mine if one in gone and gone[one][0] == "move"}
    wrong = []
    for door, elders in town["elders"].items():
        before = [one for one in mine if door in walks[one]]
        after = [one for one in before if one not in gone]
        after += [one for one, site in moved.items() if door in walks[site]]
        if elders != 0.0 and before and not after:
            wrong.append(f"{door} loses {kind}")
    return wrong


def _without_places(kind: str, gone: Gone, town: dict[str, Any]) -> list[str]:
    facts = town["facts"]
    given = [
        facts[one]["capacity_persons"]
        for one in facts
        if facts[one]["centre_kind"] == kind and one in gone and gone[one][0] != "move"
    ]
    # Who stays may be full: no place may go, nor one of which nobody knows.
    return [f"{kind}: places {given}"] if any(value != 0.0 for value in given) else []
