"""A chosen set of sites, as the web map saves it and ``planner run --sites`` takes it.

A small JSON file, or a link to the map that ends in the same JSON::

    {"planner_sites": 1, "open": ["K1"], "close": ["C2"], "classes": {"K1": "三类"}}

``open`` names what is opened besides the centres of today, ``close`` those of today that close,
``classes`` the class of an opened site where another is built than the building as it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote

from planner.errors import InputFileError, ScenarioError
from planner.labels import Message, enumerated, message
from planner.tables import listed

VERSION: Final = 1
MARK: Final = "planner_sites"
FRAGMENT: Final = "#sites="
KEYS: Final = (MARK, "open", "close", "classes")


@dataclass(frozen=True)
class ChosenSites:
    """What opens and what closes against today.

    Parameters
    ----------
    opened, closed
        Ids, each once.
    classes
        Class by opened site.
    """

    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)


def read_sites(given: str | Path) -> ChosenSites:
    """Read a chosen set of sites from a file, or from a link of the map.

    Parameters
    ----------
    given
        Path of the file, or text that holds ``#sites=``.

    Raises
    ------
    InputFileError
        If the file cannot be read.
    ScenarioError
        With everything that is wrong with it: no such set, unknown keys, ids that stand twice or
        both open and close, a class of a site that is not opened.
    """
    written = str(given)
    if FRAGMENT in written:
        return sites_of(unquote(written.partition(FRAGMENT)[2]), name=FRAGMENT)
    path = Path(given)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(
            message("what_if.sites_unreadable", file=path.name, reason=str(error))
        ) from error
    return sites_of(text, name=path.name)


def sites_of(text: str, *, name: str) -> ChosenSites:
    """Return the set of sites that a text holds.

    Parameters
    ----------
    text
        JSON.
    name
        What the text is called where it is refused.

    Raises
    ------
    ScenarioError
        As :func:`read_sites`.
    """
    refused = message("what_if.sites_refused", file=name)
    try:
        loaded = json.loads(text)
    except ValueError as error:
        raise ScenarioError(refused, [message("what_if.sites_not_json")]) from error
    if not isinstance(loaded, dict) or loaded.get(MARK) != VERSION or loaded.get(MARK) is True:
        raise ScenarioError(refused, [message("what_if.sites_not_ours", mark=MARK)])
    problems = _problems(loaded)
    if problems:
        raise ScenarioError(refused, problems)
    return ChosenSites(
        tuple(loaded.get("open", ())), tuple(loaded.get("close", ())), loaded.get("classes", {})
    )


def _problems(loaded: Mapping[str, Any]) -> list[Message]:
    problems = []
    if strange := [key for key in loaded if key not in KEYS]:
        told = {"keys": listed(strange), "known": listed(KEYS)}
        problems.append(message("what_if.sites_unknown_key", **told))
    lists: dict[str, list[str]] = {}
    for key in ("open", "close"):
        ids = loaded.get(key, [])
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            problems.append(message("what_if.sites_no_list", name=key))
            continue
        lists[key] = ids
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            problems.append(message("what_if.sites_twice", name=key, ids=listed(twice)))
    classes = loaded.get("classes", {})
    if not isinstance(classes, dict) or not all(isinstance(one, str) for one in classes.values()):
        problems.append(message("what_if.sites_no_classes"))
    elif "open" in lists and (idle := [one for one in classes if one not in lists["open"]]):
        problems.append(message("what_if.sites_class_idle", ids=listed(idle)))
    if both := [one for one in lists.get("open", []) if one in lists.get("close", [])]:
        problems.append(message("what_if.sites_both", ids=listed(both)))
    return problems


def as_text(sites: ChosenSites) -> str:
    """Return a set of sites as the text of its file."""
    held = {
        MARK: VERSION, "open": list(sites.opened), "close": list(sites.closed),
        "classes": dict(sites.classes),
    }  # fmt: skip
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def refuse_sites(
    sites: ChosenSites,
    *,
    name: str,
    centres: Collection[str],
    candidates: Collection[str],
    barred: Mapping[str, tuple[Message, ...]],
    classes: Mapping[str, Collection[str]],
    roomless: Mapping[str, Message] = MappingProxyType({}),
) -> None:
    """Refuse a set that a project cannot open and close.

    Parameters
    ----------
    sites, name
        The set, and what it is called.
    centres
        Ids of the operating, placed centres of the circle: those that may close.
    candidates
        Ids of all candidates, barred ones too.
    barred
        Candidates that their own facts or the project bar, and why.
    classes
        The classes that each candidate has room for.
    roomless
        Why a candidate has room for none.

    Raises
    ------
    ScenarioError
        With every id that no ledger knows, every candidate opened in spite of a bar, every centre
        opened that is open, and every class that a building has no room for.
    """
    problems = []
    if strange := [one for one in sites.opened if one not in candidates and one not in centres]:
        told = {"ids": listed(strange), "known": listed(candidates)}
        problems.append(message("what_if.sites_no_candidate", **told))
    if idle := [one for one in sites.opened if one in centres]:
        problems.append(message("what_if.sites_open_already", ids=listed(idle)))
    if strange := [one for one in sites.closed if one not in centres]:
        told = {"ids": listed(strange), "known": listed(centres)}
        problems.append(message("what_if.sites_no_centre", **told))
    problems += [
        message("what_if.sites_barred", id=one, why=enumerated(barred[one]))
        for one in sites.opened
        if one in barred
    ]
    for one, wanted in sites.classes.items():
        held = list(classes.get(one, ()))
        if one not in candidates or one in barred or wanted in held:
            continue
        told = {"id": one, "option": wanted}
        if one in roomless and not held:
            problems.append(message("what_if.no_class", **told, why=roomless[one]))
        else:
            problems.append(message("what_if.no_option", **told, known=listed(held)))
    if problems:
        raise ScenarioError(message("what_if.sites_refused", file=name), problems)
