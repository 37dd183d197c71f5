"""Which bands of which files hold which ages: by their names, or as the project says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from planner.errors import InputFileError, LedgerError
from planner.labels import Message, message
from planner.ledgers.age_bands import AgeBand, band_of, with_ends

RASTER_SUFFIXES: Final = (".tif", ".tiff")


@dataclass(frozen=True)
class RasterBand:
    """One band of ages: its file, its number in it (from 1), and the ages."""

    file: Path
    number: int
    ages: AgeBand


def ages_of(found: Sequence[RasterBand]) -> str:
    """Return the ages of bands for a message, each once."""
    labels = dict.fromkeys(band.ages.label for band in sorted(found, key=lambda one: one.ages))
    return "、".join(labels)


def band_files(file: Path, bands: Mapping[str, str] | None) -> list[Path]:
    """Return the files to open: the one, or those of the folder that hold bands."""
    if not file.exists():
        raise InputFileError(message("ledgers.no_file", file=str(file)))
    if not file.is_dir():
        return [file]
    if bands:
        named = [file / name for name in sorted(bands)]
        missing = [one for one in named if not one.is_file()]
        if missing:
            raise InputFileError(
                message("ledgers.refused", file=file.name),
                [message("ledgers.no_file", file=f"{file.name}/{one.name}") for one in missing],
            )
        return named
    held = sorted(one for one in file.iterdir() if one.suffix.lower() in RASTER_SUFFIXES)
    taken = [one for one in held if band_of(one.stem) is not None]
    if not taken:
        shown = "、".join(one.name for one in held[:10]) or "—"
        told = message("residents.bands_unknown", file=file.name, names=shown)
        raise LedgerError(message("ledgers.refused", file=file.name), [told])
    return taken


def find_bands(
    file: Path, opened: Mapping[Path, Any], named: Mapping[str, str] | None
) -> list[RasterBand]:
    """Return the bands to read with their ages; refuse names that are not understood."""
    there: list[tuple[Path, int, list[str]]] = []
    for one, dataset in opened.items():
        for number in range(1, dataset.count + 1):
            names = [dataset.descriptions[number - 1] or ""]
            names += [one.name, one.stem] if dataset.count == 1 else []
            there.append((one, number, [*filter(None, names), str(number)]))
    problems: list[Message] = []
    found: list[RasterBand] = []
    if named:
        for name, ages in named.items():
            band = band_of(ages)
            places = [one for one in there if name in one[2]]
            if len(places) != 1 or band is None:
                known = "、".join(one[2][0] for one in there)
                told = message(
                    "residents.band_setting", file=file.name, band=name, ages=ages, known=known
                )
                problems.append(told)
            else:
                found.append(RasterBand(places[0][0], places[0][1], band))
    else:
        for one, number, names in there:
            bands = [band for name in names[:-1] if (band := band_of(name)) is not None]
            if bands:
                found.append(RasterBand(one, number, bands[0]))
            else:
                shown = f"{one.name} {names[0]}"
                problems.append(message("residents.bands_unknown", file=file.name, names=shown))
    if problems:
        raise LedgerError(message("ledgers.refused", file=file.name), problems)
    ended = with_ends([band.ages for band in found])
    return [
        RasterBand(band.file, band.number, ages) for band, ages in zip(found, ended, strict=True)
    ]
