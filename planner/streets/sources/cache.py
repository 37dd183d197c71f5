"""Networks kept from run to run, each under the fingerprint of all that it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pyproj

from planner.errors import InputFileError, OutputFileError
from planner.labels import Message, message
from planner.streets.network.rule_lists import Rule
from planner.streets.network.rules import FootRules
from planner.streets.network.storage import FORMAT, load_network, save_network
from planner.streets.network.walking_network import WalkingNetwork

KEY_LETTERS: Final = 32
"""So much of a key stands in the name of the file that a network is kept in; all of it inside."""

MAKERS: Final = ("network", "road_layers", "sources")
"""Rooms whose code makes networks: they import none of the other rooms of the streets."""


@cache
def _reader_digest() -> str:
    """Return the fingerprint of the code and data that make networks: their change is one, too."""
    package = resources.files("planner")
    files = {"projections.py": package.joinpath("projections.py")}
    for room in MAKERS:
        files |= {
            f"{room}/{one.name}": one
            for one in package.joinpath("streets", room).iterdir()
            if one.name.endswith((".py", ".toml"))
        }
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n".encode() + files[name].read_bytes())
    return digest.hexdigest()


def _rule(rule: Rule) -> list[Any]:
    tags = {key: sorted(values) for key, values in rule.tags.items()}
    return [rule.name, tags, rule.verdict, rule.reason, rule.reason_zh, rule.factor]


def network_key(path: Path, rules: FootRules, settings: Mapping[str, Any] | None = None) -> str:
    """Return the fingerprint of a network: what its source and the rules hold, and who reads them.

    Parameters
    ----------
    path
        Street data.
    rules
        Who may walk where.
    settings
        Whatever else the network depends on, as JSON can hold it.

    Returns
    -------
    str
        SHA-256 in hexadecimal of the file's name and content, the rules, the settings, the code
        that reads, and the versions of PROJ and of the format that networks are saved in.

    Raises
    ------
    InputFileError
        If the file is missing or cannot be read.
    """
    try:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise InputFileError(message("streets.file_missing", file=str(path))) from error
    parts = {
        "format": FORMAT,
        "reader": _reader_digest(),
        "proj": pyproj.proj_version_str,
        "source": path.name,
        "content": digest,
        "rules": {
            entry.name: [_rule(rule) for rule in getattr(rules, entry.name)]
            for entry in fields(rules)
        },
        "settings": dict(settings or {}),
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


NOT_KEPT: Final = "not_kept"
"""Under this a network's notes tell why it could not be kept, where it was meant to be."""


def not_kept(network: WalkingNetwork) -> Message | None:
    """Return what to tell the planner of a network that could not be kept; None if all is well."""
    why = network.notes.get(NOT_KEPT)
    return None if why is None else message("storage.not_kept", **why)


def read_through(
    folder: Path, key: Callable[[], str], read: Callable[[], WalkingNetwork]
) -> WalkingNetwork:
    """Return the network kept under a key, else read it and keep it.

    Parameters
    ----------
    folder
        Where networks are kept; made if need be. Where it cannot be written nothing is kept: the
        next run reads anew, and is as right, but slow, which the notes tell (:func:`not_kept`).
    key
        Gives the fingerprint of what is to be read, as it is now.
    read
        Reads the network.
    """
    before = key()
    file = folder / f"streets-{before[:KEY_LETTERS]}.npz"
    try:
        return load_network(file, key=before)
    except InputFileError:  # not kept yet, or nothing to rely on
        network = read()
    if not _holds(key, before):  # the data changed while it was read
        return network
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:  # read-only, or a file in its place
        return _told(network, folder, error)
    try:
        save_network(network, file, key=before)
    except OutputFileError as error:  # read-only, or the disk is full
        return _told(network, folder, error.__cause__ or error)
    return network


def _holds(key: Callable[[], str], before: str) -> bool:
    """Tell whether data is what it was before it was read; what is there no more is not."""
    try:
        return key() == before
    except InputFileError:
        return False


def _told(network: WalkingNetwork, folder: Path, error: BaseException) -> WalkingNetwork:
    """Return the network with a note of why it could not be kept."""
    why = {"folder": str(folder), "detail": str(error)}
    return replace(network, notes=network.notes | {NOT_KEPT: why})
