"""Addresses placed by a service that the user names, into the table that ``[addresses]`` reads.

Nothing is sent but the words of addresses. Each answer is kept with its source and its day; an
address that has a row is never asked again.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planner.datum import from_wgs84, to_wgs84
from planner.errors import LedgerError, OutputFileError
from planner.labels import Message, message
from planner.ledgers.addresses import normalised_address
from planner.ledgers.geocoder import Answer, Geocoder
from planner.ledgers.raw import decoded
from planner.ledgers.source import LedgerSource

ADDRESS, LONGITUDE, LATITUDE, DATUM = "地址", "经度", "纬度", "坐标系"
COLUMNS: Final = (
    ADDRESS, LONGITUDE, LATITUDE, DATUM, "精度", "匹配到", "来源", "日期", "低精度位置", "说明",
)  # fmt: skip
"""Headings of the table. What is no exact place stands in 低精度位置, where nobody reads it."""

EXCEL: Final = "utf-8-sig"
"""UTF-8 as Excel knows it."""

NOTHING: Final = "无结果"
COARSE: Final = "精度不足，未作为点位"
SAVED_EVERY: Final = 20
"""Answers after which the table is written; at the end, and when interrupted, it always is."""

FAILURES: Final = 3
"""Addresses in a row without any answer after which the service is taken for gone."""

FORMULA_SIGNS: Final = "=+-@\t "
Progress = Callable[[int, int, str], None]
Row = dict[str, str]


@dataclass(frozen=True)
class Geocoded:
    """What came of asking for addresses.

    Parameters
    ----------
    file, datum
        The table, and what its degrees are: what ``[addresses]`` is to say.
    known
        Addresses that had a row already and were not asked.
    placed, coarse, nothing
        Addresses asked that have a place now, one too coarse to be used, or none.
    failed
        Addresses without an answer, and why; they are asked again next time.
    left
        Addresses not asked: beyond the limit, or after the service refused.
    stopped
        Why asking ended early, if it did.
    """

    file: Path
    datum: str
    known: int
    placed: tuple[str, ...]
    coarse: tuple[str, ...]
    nothing: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    left: int
    stopped: Message | None


def geocode_addresses(
    addresses: Iterable[str],
    service: Geocoder,
    out: Path,
    *,
    datum: str | None = None,
    encoding: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Geocoded:
    """Ask a service for the addresses that a table does not hold yet, and add them to it.

    Parameters
    ----------
    addresses
        Addresses; those that :func:`planner.ledgers.addresses.normalised_address` makes one are
        asked once.
    service
        The service, with its key.
    out
        A ``.csv``, new or with the headings 地址, 经度 and 纬度; other columns of it are kept.
    datum
        What the degrees of ``out`` are, where the project says so; else its column 坐标系 does;
        else they become the service's own. Answers are turned into it.
    encoding
        That of ``out``, where the project says so; else a table that is there keeps its own, and a
        new one is UTF-8 as Excel reads it.
    limit
        How many addresses to ask at most, 1 or more.
    progress
        Told of each address before it is asked: number, how many, address.

    Raises
    ------
    LedgerError
        If ``out`` is there and no such table, or does not say what its degrees are; if its encoding
        has no sign for an address, or ``limit`` is below 1.
    OutputFileError
        If it cannot be written.
    """
    if limit is not None and limit < 1:
        raise LedgerError(message("geocoding.limit_below_one", limit=limit))
    headings, rows, encoding = _table(out, encoding)
    datum = _datum_of(out, rows, datum, service)
    known = {normalised_address(row[ADDRESS]) for row in rows if row[ADDRESS]}
    wanted: dict[str, str] = {}
    for address in sorted(filter(None, map(str.strip, addresses))):
        wanted.setdefault(normalised_address(address), address)
    new = [address for key, address in wanted.items() if key not in known]
    asked = new if limit is None else new[:limit]
    _refuse_unwritable(out, asked, encoding)
    _save(
        out, headings, rows, encoding
    )  # an address asked for a table that cannot be written is wasted
    answers: dict[str, Answer] = {}
    failed: list[tuple[str, str]] = []
    stopped: Message | None = None
    running = 0
    try:
        for number, address in enumerate(asked, start=1):
            if progress is not None:
                progress(number, len(asked), address)
            before = time.monotonic()
            try:
                answers[address] = service.ask(address)
            except LedgerError as error:
                stopped = error.message
                break
            except (OSError, ValueError) as error:
                reason = _reason(error)
                failed.append((address, reason))
                running += 1
                if running == FAILURES:
                    fields = {"service": service.title, "reason": reason}
                    stopped = message("geocoding.no_answers", **fields)
                    break
                continue
            running = 0
            rows.append(_row(address, answers[address], service, datum))
            if number % SAVED_EVERY == 0:
                _save(out, headings, rows, encoding)
            if number < len(asked):
                time.sleep(max(0.0, service.interval_s - (time.monotonic() - before)))
    finally:
        _save(out, headings, rows, encoding)
    placed = {one for one, answer in answers.items() if answer.is_fine}
    roughly = {one for one, answer in answers.items() if answer.is_coarse}
    return Geocoded(
        file=out,
        datum=datum,
        known=len(wanted) - len(new),
        placed=tuple(sorted(placed)),
        coarse=tuple(sorted(roughly)),
        nothing=tuple(sorted(answers.keys() - placed - roughly)),
        failed=tuple(failed),
        left=len(new) - len(answers) - len(failed),
        stopped=stopped,
    )


def _reason(error: Exception) -> str:
    """Return why there is no answer, without the question: it holds the key."""
    code = getattr(error, "code", None)
    if code is not None:
        return f"HTTP {code}"
    return "JSON" if isinstance(error, ValueError) else str(getattr(error, "reason", error))


def _row(address: str, answer: Answer, service: Geocoder, datum: str) -> Row:
    """Return one row of the table."""
    row = dict.fromkeys(COLUMNS, "")
    today = datetime.datetime.now().astimezone().date().isoformat()
    row |= {ADDRESS: address, DATUM: datum, "来源": service.title, "日期": today}
    row |= {"精度": answer.precision, "匹配到": answer.matched.lstrip(FORMULA_SIGNS)}
    if math.isnan(answer.longitude):
        return row | {"说明": NOTHING}
    true = to_wgs84(answer.longitude, answer.latitude, service.datum)
    longitude, latitude = (f"{float(one):.6f}" for one in from_wgs84(*true, datum))
    if answer.is_coarse:
        return row | {"低精度位置": f"{longitude} {latitude}", "说明": COARSE}
    return row | {LONGITUDE: longitude, LATITUDE: latitude}


def _table(out: Path, declared: str | None) -> tuple[list[str], list[Row], str]:
    """Return headings, rows and encoding of the table as it is; no rows where there is none yet."""
    if out.suffix.lower() != ".csv":
        raise OutputFileError(message("geocoding.not_csv", file=str(out)))
    if not out.is_file():
        return list(COLUMNS), [], _written_in(declared or EXCEL, out)
    text, found = decoded(out.read_bytes(), LedgerSource(out, encoding=declared))
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    headings = list(reader.fieldnames or ())
    if not {ADDRESS, LONGITUDE, LATITUDE} <= set(headings):
        raise LedgerError(message("geocoding.other_table", file=out.name))
    rows = [{name: str(cell) for name, cell in row.items() if name} for row in reader]
    added = [name for name in COLUMNS if name not in headings]
    return [*headings, *added], rows, _written_in(declared or found, out)


def _written_in(encoding: str, out: Path) -> str:
    """Return the codec that writes an encoding so that it is read again, by Excel too."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        told = message("ledgers.encoding_unknown", file=out.name, tried=encoding)
        raise LedgerError(told) from error
    return EXCEL if name == "utf-8" else name


def _refuse_unwritable(out: Path, addresses: list[str], encoding: str) -> None:
    """Refuse addresses that the table's encoding has no sign for: they would never be found."""
    for address in addresses:
        try:
            address.encode(encoding)
        except UnicodeError as error:
            fields = {"file": out.name, "encoding": encoding, "address": address}
            raise LedgerError(message("geocoding.cannot_encode", **fields)) from error


def _datum_of(out: Path, rows: list[Row], declared: str | None, service: Geocoder) -> str:
    """Return what the degrees of the table are."""
    said = {row.get(DATUM, "") for row in rows if row[LONGITUDE]} - {""}
    if declared is not None:
        said.add(declared)
    if len(said) > 1 or (rows and not said and any(row[LONGITUDE] for row in rows)):
        raise LedgerError(message("geocoding.datum_unknown", file=out.name))
    return said.pop() if said else service.datum


def _save(out: Path, headings: list[str], rows: list[Row], encoding: str) -> None:
    """Write the table aside and put it in place by one rename; Excel reads it as it is.

    What a service matched may hold signs that the encoding has not: they become question marks.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, headings, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    try:
        handle, aside = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.absolute().parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(buffer.getvalue().encode(encoding, errors="replace"))
            Path(aside).chmod(0o644)
            Path(aside).replace(out)
        finally:
            Path(aside).unlink(missing_ok=True)
    except OSError as error:
        told = message("geocoding.cannot_write", file=str(out), reason=error.strerror or "")
        raise OutputFileError(told) from error
