"""Who walks: speed, slopes, steps, waits at crossings; named profiles and the planner's own."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Final

from planner.errors import StreetsError
from planner.labels import DEFAULT_LANGUAGE, Language, Message, message, text
from planner.units import SLOPE_RESPONSES, WALKER_BOUNDS, is_number

DEFAULT_WALKER: Final = "elder"
PLAIN: Final = "plain"
"""Name of the walker that a bare speed stands for."""

_UNITS: Final = {"speed_m_s": "m/s", "steps_factor": "×", "signal_s": "s", "crossing_s": "s"}


@dataclass(frozen=True)
class Walker:
    """Somebody on foot or on wheels.

    Parameters
    ----------
    name
        Short name; those of the named profiles are in ``walkers.toml``.
    speed_m_s
        Speed on flat, firm ground and on the legs between doors and streets, 0.2 to 2 m/s.
    slope
        ``"flat"``: slopes cost nothing. ``"tobler"``:
        :func:`planner.streets.walking.slopes.slope_factor` where the network has heights.
    steps_factor
        Minutes on steps are so many times those on flat ground, 1 to 10; instead of slopes.
    steps_refused
        Whether steps are no way at all.
    signal_s, crossing_s
        Mean seconds lost at each crossing of a main road with lights, and at each one without, 0 to
        300 s.
    source, own_choices
        Where the speed is from, and what is nobody's measurement.

    Raises
    ------
    planner.errors.StreetsError
        With every setting that is out of bounds.
    """

    name: str
    speed_m_s: float
    slope: str = "flat"
    steps_factor: float = 1.0
    steps_refused: bool = False
    signal_s: float = 0.0
    crossing_s: float = 0.0
    source: str = ""
    own_choices: str = ""

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        settings = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        if problems := _problems(settings):
            raise StreetsError(message("walkers.refused", name=self.name), problems)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Walker:
        """Make a walker of settings, as a project writes them; ``name`` and ``speed_m_s`` at least.

        Raises
        ------
        planner.errors.StreetsError
            With every fault found: unknown entries, missing ones, and values out of bounds.
        """
        known = [entry.name for entry in fields(cls)]
        problems = [
            message("walkers.unknown_entry", entry=entry, known="、".join(known))
            for entry in mapping
            if entry not in known
        ]
        problems += _problems({"name": "", "speed_m_s": None} | dict(mapping))
        if problems:
            name = mapping.get("name", "")
            raise StreetsError(message("walkers.refused", name=name), problems)
        return cls(**mapping)

    def title(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what the walker is called: its text where it has one, else its name."""
        return text(f"walkers.{self.name}", language) if self._is_named() else self.name

    def about(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return one sentence on how the walker walks; empty for a planner's own."""
        return text(f"walkers.{self.name}_about", language) if self._is_named() else ""

    def sourced(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return where the speed is from."""
        known = self._is_named() and self.name != PLAIN
        return text(f"walkers.{self.name}_source", language) if known else self.source

    def _is_named(self) -> bool:
        """Tell whether the texts are this walker's, not only its name's."""
        plain = Walker(PLAIN, self.speed_m_s) if self.name == PLAIN else None
        return self in (plain, _profiles().get(self.name))


def _is_within(value: Any, entry: str) -> bool:
    least, most = WALKER_BOUNDS[entry]
    return is_number(value) and least <= value <= most


def _problems(settings: Mapping[str, Any]) -> list[Message]:
    """Return what is wrong with a walker's settings; those that are not there are right."""
    problems = []
    if not isinstance(settings["name"], str) or not settings["name"].strip():
        problems.append(message("walkers.name_missing"))
    problems += [
        message(
            "walkers.number_refused",
            entry=entry,
            value=settings[entry],
            least=f"{WALKER_BOUNDS[entry][0]:g}",
            most=f"{WALKER_BOUNDS[entry][1]:g}",
            unit=unit,
        )
        for entry, unit in _UNITS.items()
        if entry in settings and not _is_within(settings[entry], entry)
    ]
    choices: dict[str, tuple[Any, ...]] = {"slope": SLOPE_RESPONSES, "steps_refused": (False, True)}
    for entry, allowed in choices.items():
        value = settings.get(entry, allowed[0])
        if type(value) is not type(allowed[0]) or value not in allowed:
            named = "、".join(str(one).lower() for one in allowed)
            problems.append(
                message("walkers.choice_refused", entry=entry, value=value, choices=named)
            )
    for entry in ("source", "own_choices"):
        if not isinstance(settings.get(entry, ""), str):
            value = settings[entry]
            problems.append(
                message("walkers.choice_refused", entry=entry, value=value, choices='"…"')
            )
    return problems


@cache
def _profiles() -> dict[str, Walker]:
    """Return the profiles of ``walkers.toml`` by name."""
    file = resources.files("planner.streets.walking").joinpath("walkers.toml")
    profiles = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: Walker.from_mapping({"name": name, **one}) for name, one in profiles.items()}


def walkers() -> tuple[Walker, ...]:
    """Return the named profiles, in the order of ``walkers.toml``."""
    return tuple(_profiles().values())


def walker(name: str) -> Walker:
    """Return a named profile.

    Raises
    ------
    planner.errors.StreetsError
        If there is none of that name.
    """
    profiles = _profiles()
    if not isinstance(name, str) or name not in profiles:
        raise StreetsError(message("walkers.unknown", name=name, known="、".join(profiles)))
    return profiles[name]


def walker_of(given: Walker | str | None = None, speed_m_s: float | None = None) -> Walker:
    """Return who walks, by what a caller said.

    Parameters
    ----------
    given
        A walker, or the name of a profile.
    speed_m_s
        One speed on all streets that feet may use, whatever their slopes, steps and crossings; only
        ground that the rules call slow is slower.

    Returns
    -------
    Walker
        ``elder`` where the caller said neither.

    Raises
    ------
    planner.errors.StreetsError
        If both are given, the name is unknown, or the speed is no walking speed.
    """
    if given is not None and speed_m_s is not None:
        raise StreetsError(message("walkers.both", speed_m_s=walker_of(given).speed_m_s))
    if isinstance(given, Walker):
        return given
    if speed_m_s is None:
        return walker(DEFAULT_WALKER if given is None else given)
    if not _is_within(speed_m_s, "speed_m_s"):
        slowest, fastest = WALKER_BOUNDS["speed_m_s"]
        told = {"speed_m_s": speed_m_s, "slowest": slowest, "fastest": fastest}
        raise StreetsError(message("streets.speed_refused", **told))
    return Walker(PLAIN, float(speed_m_s))


def mean_wait_s(cycle_s: float, green_s: float) -> float:
    r"""Return the mean seconds that people who come at random wait at lights.

    .. math:: d = \frac{(C - g)^2}{2 C}

    Parameters
    ----------
    cycle_s, green_s
        Cycle :math:`C` and green for those on foot :math:`g`, in seconds, ``0 <= g <= C``.

    References
    ----------
    Highway Capacity Manual 2000, chapter 18 (pedestrians); Korean Highway Capacity Manual 2013,
    formula 14-5.
    """
    if not (0 <= green_s <= cycle_s and 0 < cycle_s < math.inf):
        text_ = f"0 <= green_s <= cycle_s must hold, but they are {green_s} and {cycle_s}"
        raise ValueError(text_)
    return (cycle_s - green_s) ** 2 / (2 * cycle_s)
