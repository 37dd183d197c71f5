"""Every word that a planner reads, in one place: Chinese first, English beside it.

The texts are data: one TOML file a room, each entry a key with ``zh`` and ``en``. Code names
the key and the figures; :class:`Message` carries both, so that errors, quality findings and
notices can be counted and tested by key, and shown in either language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
DEFAULT_LANGUAGE: Final[Language] = "zh"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return all texts as ``{key: {"zh": …, "en": …}}``, keys being ``room.name``.

    Raises
    ------
    ValueError
        If a key stands in two files.
    """
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for room, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, entry in entries.items():
                key = f"{room}.{name}"
                if key in texts:
                    message = f"{key} stands twice in the label files ({file.name})"
                    raise ValueError(message)
                texts[key] = entry
    return texts


def text(key: str, language: Language = DEFAULT_LANGUAGE, /, **fields: Any) -> str:
    """Return the text of ``key`` with its ``{fields}`` filled in; messages in the same language.

    Raises
    ------
    KeyError
        If the key is unknown, or the text names a field that is not given.
    """
    filled = {
        name: value.text(language) if isinstance(value, Message) else value
        for name, value in fields.items()
    }
    return catalogue()[key][language].format(**filled)


@dataclass(frozen=True)
class Message:
    """A text by its key, with the figures that belong in it.

    Parameters
    ----------
    key
        ``room.name`` of an entry in the label files.
    fields
        The figures and names to fill in. Never changed.
    """

    key: str
    fields: dict[str, Any]

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the filled-in text in one language."""
        return text(self.key, language, **self.fields)

    def __str__(self) -> str:
        """Return the text in the default language."""
        return self.text()


@dataclass(frozen=True)
class Enumeration(Message):
    """Several values, told with the list mark of the language: the field ``values``."""

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return the values in one language, separated as it does."""
        told = (
            one.text(language) if isinstance(one, Message) else str(one)
            for one in self.fields["values"]
        )
        return text("outputs.list_mark", language).join(told)


def enumerated(values: Iterable[Message | str]) -> Message:
    """Return values as a field of a message: ``2030、2035`` in Chinese, ``2030, 2035`` else."""
    return Enumeration("outputs.list_mark", {"values": tuple(values)})


def choice(value: str) -> Message | str:
    """Return a value of a choice column as a field of a message; any other stays as it is."""
    return message(f"words.{value}") if f"words.{value}" in catalogue() else value


def message(key: str, /, **fields: Any) -> Message:
    """Return the message of ``key``: ``message("tables.refused", table="centres")``."""
    return Message(key, fields)
