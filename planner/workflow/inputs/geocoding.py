"""``planner geocode``: centres without coordinates, placed by a service once, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planner.labels import DEFAULT_LANGUAGE, Language, text
from planner.ledgers import LedgerSource, read_addresses, read_ledger
from planner.ledgers.addresses import normalised_address
from planner.ledgers.geocoder import Geocoder
from planner.ledgers.geocoding import Geocoded, Progress, geocode_addresses
from planner.tables import listed
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading import ledger_source

ADDRESS_TABLE: Final = "地址表.csv"
"""What the table is called where the project names none."""


@dataclass(frozen=True)
class GeocodedCentres:
    """What came of a project's centres.

    Parameters
    ----------
    answers
        What the service said of their addresses.
    centres
        How many centres have no coordinates of their own.
    without_address
        Ids of those that say no address either.
    """

    answers: Geocoded
    centres: int
    without_address: tuple[str, ...]

    def lines(self, language: Language = DEFAULT_LANGUAGE) -> list[str]:
        """Return what a planner is told: counts, each address without a place, and what next."""

        def say(key: str, **fields: object) -> str:
            return text(f"geocoding.{key}", language, **fields)

        one = self.answers
        counts = {
            "placed": len(one.placed),
            "coarse": len(one.coarse),
            "nothing": len(one.nothing),
            "failed": len(one.failed),
        }
        told = [say("done", centres=self.centres, known=one.known, left=one.left, **counts)]
        told += [f"  {say('row_coarse', address=address)}" for address in one.coarse]
        told += [f"  {say('row_nothing', address=address)}" for address in one.nothing]
        told += [
            f"  {say('row_failed', address=address, reason=reason)}"
            for address, reason in one.failed
        ]
        if self.without_address:
            ids = listed(self.without_address)
            told.append(say("without_address", count=len(self.without_address), ids=ids))
        told.append(say("saved", file=one.file, name=one.file.name, datum=one.datum))
        return told


def geocode(
    project: Project,
    service: Geocoder,
    out: Path | None = None,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> GeocodedCentres:
    """Ask a service for the addresses of a project's centres that have no coordinates.

    The only function of the planner that sends a ledger's words anywhere: those addresses, and
    nothing else of it.

    Parameters
    ----------
    project
        The project; what ``[addresses]`` names need not be there yet
        (:func:`planner.workflow.inputs.project.read_project`, ``unmade``).
    service
        The service, with the user's key (:func:`planner.ledgers.geocoder.geocoder`).
    out
        The table; the one that ``[addresses]`` names, else ``地址表.csv`` in the project's folder.
    limit
        How many addresses to ask at most.
    progress
        Told of each address before it is asked.

    Raises
    ------
    InputFileError, LedgerError, OutputFileError
        If the ledger cannot be read, or the table is none of ours or cannot be written.
    """
    settings = project.scenario.addresses
    own = None if settings is None else project.folder / settings.file
    target = out or own or project.folder / ADDRESS_TABLE
    source = ledger_source(project.folder, project.scenario.centres)
    ledger = read_ledger("centres", source)
    lost = ledger.table[ledger.table["position"] == "none"]
    words = lost["address"].dropna().astype(str)
    datum = encoding = None
    if settings is not None and own is not None:
        table: LedgerSource = ledger_source(project.folder, settings)
        if own.resolve() == target.resolve():
            datum, encoding = table.datum, table.encoding
        elif own.is_file():
            placed = read_addresses(table, crs=ledger.crs).places
            words = words[[normalised_address(one) not in placed for one in words]]
    answers = geocode_addresses(
        words.to_list(),
        service,
        target,
        datum=datum,
        encoding=encoding,
        limit=limit,
        progress=progress,
    )
    without = tuple(sorted(map(str, lost.index[lost["address"].isna()])))
    return GeocodedCentres(answers, len(lost), without)
