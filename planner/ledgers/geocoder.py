"""Services that place an address: each a file of data, asked politely, one address at a time."""

from __future__ import annotations

import http.client
import json
import os
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np

from planner.datum import DATUMS
from planner.errors import LedgerError
from planner.labels import message

TIMEOUT_S: Final = 20.0
TRIES: Final = 3
"""How often one address is asked before it counts as failed; the pause doubles each time."""

BUSY: Final = (429, 500, 502, 503, 504)
"""Answers of HTTP that another try may mend."""

LARGEST_ANSWER: Final = 1 << 20
"""Bytes: the answer to one address is a few hundred."""


@dataclass(frozen=True)
class Answer:
    """What a service says of one address.

    Parameters
    ----------
    longitude, latitude
        Degrees in the service's datum; NaN where it knows no place.
    precision
        How exact, in the service's own word; empty where it does not say.
    matched
        The address that it took it for, where it says so.
    is_fine
        Whether that is a place (a door, a building) and not a street or a district.
    """

    longitude: float = np.nan
    latitude: float = np.nan
    precision: str = ""
    matched: str = ""
    is_fine: bool = False

    @property
    def is_coarse(self) -> bool:
        """Whether it knows where, but not the very place."""
        return not self.is_fine and not np.isnan(self.longitude)


@dataclass(frozen=True)
class Geocoder:
    """A service, as its file describes it.

    Parameters
    ----------
    title
        What a planner calls it; stands in the table beside each answer.
    url
        Address of the service, without parameters.
    datum
        What the degrees of its answers are.
    parameters
        Parameters of a question; ``{address}``, ``{address_json}`` (in quotation marks) and
        ``{key}`` are filled in.
    answer
        Where in the JSON of an answer what stands: paths of names and places in lists, by dots.
        ``status`` with ``found`` and ``nothing`` (values), ``message``, ``longitude`` and
        ``latitude`` or ``point`` (both, by a comma), ``precision`` with ``fine`` (words) or
        ``fine_from`` (a number), ``matched``.
    key_variable
        Environment variable that holds the user's key; empty where none is needed.
    interval_s
        Seconds between two questions, at least.
    to_check
        What of this description nobody has yet held against the service's own documentation.
    """

    title: str
    url: str
    datum: str
    parameters: Mapping[str, str]
    answer: Mapping[str, Any]
    key_variable: str = ""
    interval_s: float = 1.0
    to_check: str = ""
    key: str = field(default="", repr=False)

    def ask(self, address: str) -> Answer:
        """Ask for the place of one address.

        Raises
        ------
        LedgerError
            If the service refuses to answer questions at all.
        OSError, ValueError
            If it gives no answer, or one that is no JSON, even at the last try.
        """
        for left in reversed(range(TRIES)):
            try:
                return self._understood(json.loads(self._fetched(address)))
            except LedgerError:
                raise
            except (OSError, ValueError) as error:
                mended = not isinstance(error, urllib.error.HTTPError) or error.code in BUSY
                if not (left and mended):
                    raise
                time.sleep(self.interval_s * 2 ** (TRIES - left))
        raise AssertionError  # pragma: no cover

    def _fetched(self, address: str) -> bytes:
        quoted = json.dumps(address, ensure_ascii=False)
        filled = {
            name: text.replace("{address_json}", quoted)
            .replace("{address}", address)
            .replace("{key}", self.key)
            for name, text in self.parameters.items()
        }
        url = f"{self.url}?{urllib.parse.urlencode(filled)}"
        request = urllib.request.Request(url, headers={"User-Agent": "service-circle-planner"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:
                return bytes(reply.read(LARGEST_ANSWER))
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error

    def _understood(self, reply: Any) -> Answer:
        """Return what the JSON of an answer says."""
        place = self.answer
        if "status" in place:
            status = str(_at(reply, place["status"]))
            if status in place.get("nothing", ()):
                return Answer()
            if status not in place["found"]:
                said = str(_at(reply, place.get("message", "")) or "—")
                said = said.replace(self.key, "***") if self.key else said
                fields = {"service": self.title, "status": status, "said": said[:200]}
                raise LedgerError(message("geocoding.refused_by", **fields))
        if "point" in place:
            east, _, north = str(_at(reply, place["point"]) or "").partition(",")
        else:
            east, north = (str(_at(reply, place[one]) or "") for one in ("longitude", "latitude"))
        if not (east and north):
            return Answer()
        longitude, latitude = float(east), float(north)
        if not (abs(longitude) <= 180.0 and abs(latitude) <= 90.0):
            text = f"{longitude}, {latitude}"
            raise ValueError(text)
        precision = _at(reply, place.get("precision", ""))
        said = "" if precision is None else str(precision)
        matched = str(_at(reply, place.get("matched", "")) or "")
        return Answer(longitude, latitude, said, matched, self._is_fine(said))

    def _is_fine(self, precision: str) -> bool:
        if "fine_from" in self.answer:
            try:
                return float(precision) >= float(self.answer["fine_from"])
            except ValueError:
                return False
        return precision in self.answer.get("fine", ())


def _at(reply: Any, path: str) -> Any:
    """Return what stands at a path in JSON, ``None`` where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(reply, list) and step.isdecimal():
            reply = reply[int(step)] if int(step) < len(reply) else None
        elif isinstance(reply, dict):
            reply = reply.get(step)
        else:
            return None
    return reply if path else None


def known_services() -> tuple[str, ...]:
    """Return the names of the services that come with the planner."""
    folder = resources.files("planner.ledgers") / "geocoders"
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir()))


def geocoder(service: str) -> Geocoder:
    """Return a service by its name, or by a file of one's own, with the user's key.

    Parameters
    ----------
    service
        One of :func:`known_services`, or a file ending in ``.toml``.

    Raises
    ------
    LedgerError
        If there is no such service, its file is wrong, or its key is not in the environment.
    """
    if service.endswith(".toml"):
        source: Any = Path(service)
    elif service in known_services():
        source = resources.files("planner.ledgers") / "geocoders" / f"{service}.toml"
    else:
        known = "、".join(known_services())
        raise LedgerError(message("geocoding.no_service", service=service, known=known))
    try:
        content = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        told = message("geocoding.file_refused", file=service, reason=str(error))
        raise LedgerError(told) from error
    wrong = _wrong(content)
    if wrong:
        raise LedgerError(message("geocoding.file_refused", file=service, reason=wrong))
    variable = content.get("key_variable", "")
    key = os.environ.get(variable, "").strip() if variable else ""
    if variable and not key:
        fields = {"service": content["title"], "variable": variable}
        raise LedgerError(message("geocoding.no_key", **fields))
    return Geocoder(**content, key=key)


_KEYS: Final = ("title", "url", "datum", "parameters", "answer")
_MAY: Final = (*_KEYS, "key_variable", "interval_s", "to_check")


def _wrong(content: Mapping[str, Any]) -> str:
    """Return what is wrong with a service's file, in its own words; empty if nothing is."""
    lacking = [name for name in _KEYS if name not in content]
    unknown = [name for name in content if name not in _MAY]
    if lacking or unknown:
        return ", ".join([*(f"{one} ?" for one in lacking), *unknown])
    if not str(content["url"]).startswith(("http://", "https://")):
        return f"url = {content['url']!r}"
    if content["datum"] not in DATUMS:
        return f"datum = {content['datum']!r}"
    answer = content["answer"]
    if "point" not in answer and not {"longitude", "latitude"} <= set(answer):
        return "answer.longitude, answer.latitude ?"
    return "answer.found ?" if "status" in answer and "found" not in answer else ""
