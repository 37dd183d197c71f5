"""Which column of a ledger is which of ours: by synonyms kept as data, never by guessing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from planner.labels import Message, message
from planner.ledgers.near_headings import near_misses
from planner.ledgers.quantities import heading_unit
from planner.ledgers.raw import RawLedger
from planner.ledgers.source import LedgerSource
from planner.ledgers.vocabulary import (
    column_names,
    cut_synonyms,
    is_counter,
    label_of,
    names_persons,
    normalised,
    readings,
    says,
    synonyms,
)

KIND_ORDER: Final = ("建筑", "使用", "套内", None, "占地")
"""Which area is taken where a ledger has several: the building standard's own kind first."""


KIND_OF_PEOPLE: Final = ("population", "elderly_60", "elderly_65", "elderly_80", "households")
"""Columns of which a ledger may have one for each population kind (常住, 户籍, 实有)."""


@dataclass(frozen=True)
class Matched:
    """One column of a ledger that is one of ours.

    Parameters
    ----------
    position
        Its place in the file, from 0.
    heading
        Its heading as the file has it.
    unit
        The unit that the heading names, or ``None``.
    says
        What the heading itself says of the figures: an area kind or a population kind.
    """

    position: int
    heading: str
    unit: str | None = None
    says: str | None = None


@dataclass(frozen=True)
class Matches:
    """How the headings of a ledger were understood.

    Parameters
    ----------
    columns
        Our column → the ledger's.
    persons
        Headings that identify persons; their columns go no further.
    unmatched
        Headings that are none of ours; their columns are not used.
    kept
        Positions of all columns but those of persons.
    compared
        Positions of the columns that tell one row from another (all but persons and counters).
    remarks
        What is to be said of choices made.
    problems
        Why the ledger cannot be used, if it cannot.
    """

    columns: Mapping[str, Matched]
    persons: tuple[str, ...]
    unmatched: tuple[str, ...]
    kept: tuple[int, ...]
    compared: tuple[int, ...]
    remarks: tuple[Message, ...]
    problems: tuple[Message, ...]


def _column_of(
    parts: Sequence[str], heading: str, table: str, *, short: bool
) -> tuple[str | None, Matched | None]:
    """Return which column a heading is, and what the heading says beside."""
    known = synonyms(table)
    above = next((said for part in parts[:-1] if (said := says(normalised(part)[0]))), None)
    for reading in readings(parts):
        plain, inside = normalised(reading)
        base, unit = heading_unit(plain, inside)
        name, said = known.get(plain) or known.get(base), says(plain) or says(base) or above
        if name is None and short:
            name, said = cut_synonyms(table).get(plain, (None, None))
        if name is not None:
            return name, Matched(-1, heading, unit, said)
    return None, None


def match_headings(raw: RawLedger, table: str, source: LedgerSource) -> Matches:
    """Find our columns among a ledger's headings.

    Parameters
    ----------
    raw
        The ledger as its file has it.
    table
        Name of the table that it should become.
    source
        Its ``columns`` go before the synonyms; its ``population_kind`` decides between several
        populations.

    Returns
    -------
    Matches
        Two headings for one column, and an override that cannot be followed, are problems.
    """
    persons, counters, free = _sorted_headings(raw)
    problems, columns = _overrides(raw, table, source, persons)
    remarks: list[Message] = []
    taken = {match.position for match in columns.values()}
    found: dict[str, list[Matched]] = {}
    for position in free:
        heading = raw.headings[position]
        parts = raw.heading_parts[position] if raw.heading_parts else (heading,)
        name, match = _column_of(parts, heading, table, short=raw.short_headings)
        if name is not None and match is not None and position not in taken | counters:
            placed = Matched(position, match.heading, match.unit, match.says)
            found.setdefault(name, []).append(placed)
    for name, matches in found.items():
        if name in columns:
            continue
        chosen = _chosen(name, matches, source)
        if chosen is None:
            problems.append(
                message(
                    "ledgers.heading_twice",
                    file=source.file.name,
                    column=name,
                    label=label_of(table, name),
                    headings="、".join(match.heading for match in matches),
                )
            )
            continue
        columns[name] = chosen
        if len(matches) > 1:
            left = "、".join(match.heading for match in matches if match is not chosen)
            remarks.append(message("ledgers.heading_chosen", heading=chosen.heading, left=left))
    remarks += _bracket_remarks(columns)
    used = {match.position for match in columns.values()}
    unmatched = tuple(raw.headings[place] for place in free if place not in used | counters)
    remarks += near_misses(table, {*columns, *found}, unmatched)
    compared = tuple(place for place in free if place in used or place not in counters)
    return Matches(
        columns, persons, unmatched, tuple(free), compared, tuple(remarks), tuple(problems)
    )


def _sorted_headings(raw: RawLedger) -> tuple[tuple[str, ...], set[int], list[int]]:
    """Return the headings of persons, the places of counters, and all places free of persons."""
    persons = [names_persons(heading, short=raw.short_headings) for heading in raw.headings]
    named = tuple(heading for heading, is_one in zip(raw.headings, persons, strict=True) if is_one)
    counters = {place for place, heading in enumerate(raw.headings) if is_counter(heading)}
    free = [place for place, is_one in enumerate(persons) if not is_one]
    return named, counters, free


def _overrides(
    raw: RawLedger, table: str, source: LedgerSource, persons: tuple[str, ...]
) -> tuple[list[Message], dict[str, Matched]]:
    problems: list[Message] = []
    columns: dict[str, Matched] = {}
    plain_headings = [normalised(heading) for heading in raw.headings]
    for name, heading in source.columns.items():
        place = {"file": source.file.name, "column": name, "heading": heading}
        if name not in column_names(table):
            known = " ".join(column_names(table))
            problems.append(message("ledgers.override_unknown", **place, known=known))
        elif names_persons(heading):
            problems.append(message("ledgers.override_person", **place))
        else:
            wanted = [
                position
                for position, there in enumerate(plain_headings)
                if there == normalised(heading) and raw.headings[position] not in persons
            ]
            if len(wanted) == 1:
                plain, inside = plain_headings[wanted[0]]
                base, unit = heading_unit(plain, inside)
                said = says(plain) or says(base)
                columns[name] = Matched(wanted[0], raw.headings[wanted[0]], unit, said)
            else:
                shown = "、".join(one for one in raw.headings if one not in persons)
                key = "ledgers.override_twice" if wanted else "ledgers.override_missing"
                problems.append(message(key, **place, headings=shown))
    return problems, columns


def _chosen(name: str, matches: list[Matched], source: LedgerSource) -> Matched | None:
    """Return the one heading meant, or ``None`` where that would be a guess."""
    if len(matches) == 1:
        return matches[0]
    if name in KIND_OF_PEOPLE and source.population_kind is not None:
        meant = [match for match in matches if match.says == source.population_kind]
        return meant[0] if len(meant) == 1 else None
    if name in ("area_m2", "delivered_m2"):
        kinds = [match.says for match in matches]
        if len(set(kinds)) == len(kinds):
            return min(matches, key=lambda match: KIND_ORDER.index(match.says))
    return None


def _bracket_remarks(columns: Mapping[str, Matched]) -> list[Message]:
    """Say which headings carry a bracket that is no unit, and so may change their meaning."""
    remarks = []
    for match in columns.values():
        plain, inside = normalised(match.heading)
        odd = [part for part in inside if part and heading_unit(plain, (part,))[1] is None]
        if odd:
            remarks.append(
                message("ledgers.bracket_ignored", heading=match.heading, bracket="、".join(odd))
            )
    return remarks
