"""Reading a project's files into one plan: one CRS, ids that do not meet, water seen."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from planner.errors import LedgerError
from planner.labels import Message, message
from planner.ledgers import (
    Ledger,
    LedgerSource,
    YearFigures,
    doubtful_in_water,
    place_centres,
    read_addresses,
    read_ledger,
)
from planner.scenario import LedgerSettings
from planner.streets import (
    FootRules,
    WalkingNetwork,
    read_barriers,
    read_ground,
    read_heights,
    read_rules,
    read_streets,
    with_heights,
)
from planner.workflow.inputs.datum_check import datums_checked
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.reading_years import opening_doubted, read_years
from planner.workflow.inputs.record import Clock

ID_PREFIXES: Final = {"residents": "R-", "centres": "C-", "candidates": "B-", "estates": "E-"}
"""What ids are told apart by where two ledgers number their rows alike."""

OPTIONAL: Final = ("candidates", "estates")
"""Ledgers that a project may lack, or leave with headings only."""


@dataclass(frozen=True)
class Ledgers:
    """The ledgers of one plan, in one metre CRS.

    Parameters
    ----------
    communities, residents, centres
        Always there.
    candidates, estates
        ``None`` where the project names none.
    ground
        Water, rivers and railways of the street file, in the same CRS.
    notices
        What was done to them here.
    years
        People of the years planned for; ``None`` where the project plans for none.
    """

    communities: Ledger
    residents: Ledger
    centres: Ledger
    candidates: Ledger | None
    estates: Ledger | None
    ground: gpd.GeoDataFrame
    notices: tuple[Message, ...] = ()
    years: YearFigures | None = None

    @property
    def by_name(self) -> dict[str, Ledger]:
        """The ledgers that are there, by name, in the order in which they were read."""
        names = ("communities", *ID_PREFIXES)
        return {name: one for name in names if (one := getattr(self, name)) is not None}

    @property
    def rows(self) -> pd.DataFrame:
        """Rows by ledger: ``file, rows_read, rows_used, rows_set_aside, rows_added``.

        ``rows_used`` are rows of the file; those added (a community without buildings) are not.
        """
        table = {
            name: {
                "file": ledger.file.name,
                "rows_read": ledger.rows_read,
                "rows_used": len(ledger.table) - ledger.rows_added,
                "rows_set_aside": len(ledger.set_aside),
                "rows_added": ledger.rows_added,
            }
            for name, ledger in self.by_name.items()
        }
        if self.years is not None and self.years.rows_read:
            table["years"] = {
                "file": self.years.file,
                "rows_read": self.years.rows_read,
                "rows_used": self.years.rows_used,
                "rows_set_aside": len(self.years.set_aside),
                "rows_added": 0,
            }
        return pd.DataFrame.from_dict(table, orient="index").rename_axis("ledger")

    @property
    def findings(self) -> pd.DataFrame:
        """The findings of all ledgers, in the order in which they were read."""
        tables = [ledger.findings for ledger in self.by_name.values()]
        return _stacked(tables if self.years is None else [*tables, self.years.findings])

    @property
    def set_aside(self) -> pd.DataFrame:
        """The rows set aside of all ledgers."""
        tables = [ledger.set_aside for ledger in self.by_name.values()]
        return _stacked(tables if self.years is None else [*tables, self.years.set_aside])


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled or tables[:1], ignore_index=True)


def read_network(project: Project, clock: Clock) -> WalkingNetwork:
    """Read the streets of a project, with the heights of the ground where it names any."""
    streets = project.scenario.streets
    with clock.step(message("workflow.read_streets", file=Path(streets.file).name)):
        network = _streets(project)
        if streets.heights:
            network = with_heights(
                network, read_heights([project.folder / name for name in streets.heights])
            )
        return network


def _streets(project: Project) -> WalkingNetwork:
    """Read the streets of a project as they lie flat."""
    streets = project.scenario.streets
    return read_streets(
        project.folder / streets.file,
        rules=read_project_rules(project),
        cache=None if streets.cache is None else project.folder / streets.cache,
        layer=streets.layer,
        gap_m=streets.gap_m,
    )


def read_project_rules(project: Project) -> FootRules | None:
    """Read the foot rules of a project's own, where it names such a file."""
    name = project.scenario.streets.rules
    return None if name is None else read_rules(project.folder / name)


def read_project_barriers(project: Project) -> gpd.GeoDataFrame | None:
    """Read what no door is joined across, where the project names such a file."""
    name = project.scenario.streets.barriers
    return None if name is None else read_barriers(project.folder / name)


def read_ledgers(project: Project, clock: Clock, network: WalkingNetwork | None = None) -> Ledgers:
    """Read and judge all ledgers of a project.

    Parameters
    ----------
    project
        The project.
    clock
        Times the steps.
    network
        The streets, whose CRS the plan takes; without them (``planner check``) the communities
        choose it, and streets are read only to hold the ledgers against them.
    """
    scenario = project.scenario
    with clock.step(message("workflow.read_ledgers")):
        crs = None if network is None else network.crs
        communities = read_ledger(
            "communities",
            ledger_source(
                project.folder,
                scenario.communities,
                population_kind=scenario.communities.population_kind,
            ),
            crs=crs,
        )
        within = communities.table
        ground = read_ground(project.folder / scenario.streets.file).to_crs(within.crs)
        read: dict[str, Ledger] = {}
        empty: list[Message] = []
        for name in ID_PREFIXES:
            settings = getattr(scenario, name)
            if settings is None:
                continue
            try:
                source = ledger_source(project.folder, settings)
                if name == "centres":
                    read[name] = _read_centres(project, source, within)
                else:
                    read[name] = read_ledger(name, source, communities=within)
            except LedgerError as error:
                # A ledger with headings only is a planner's way of saying: there are none.
                if name not in OPTIONAL or error.message.key != "ledgers.no_rows":
                    raise
                empty.append(message("workflow.empty_ledger", file=source.file.name))
        for name in ("residents", "centres", "candidates"):
            if name in read:
                read[name] = doubtful_in_water(read[name], ground)
        streets = _streets(project) if network is None else network
        read, doubts = datums_checked(read, scenario, streets, within)
        years = read_years(project, within)
        read["centres"] = opening_doubted(project, read["centres"])
    apart, notices = _told_apart(read)
    return Ledgers(
        communities=communities,
        residents=apart["residents"],
        centres=apart["centres"],
        candidates=apart.get("candidates"),
        estates=apart.get("estates"),
        ground=ground,
        notices=(*empty, *doubts, *_accepted(read["centres"]), *notices),
        years=years,
    )


def _read_centres(project: Project, source: LedgerSource, communities: gpd.GeoDataFrame) -> Ledger:
    """Read the centres and place them: by their coordinates, their address, their community."""
    settings, table = project.scenario.centres, project.scenario.addresses
    addresses = None
    if table is not None:
        addresses = read_addresses(ledger_source(project.folder, table), crs=communities.crs)
    return place_centres(
        read_ledger("centres", source, crs=communities.crs),
        communities,
        addresses=addresses,
        accept_approximate=settings.accept_approximate,
    )


def _accepted(centres: Ledger) -> tuple[Message, ...]:
    """Return what is told of centres whose place at their community's middle was accepted."""
    count = int((centres.table["position"] == "accepted").sum())
    if not count:
        return ()
    return (message("datum.accepted_notice", file=centres.file.name, centres=count),)


def ledger_source(folder: Path, settings: LedgerSettings, **more: str) -> LedgerSource:
    """Return where a ledger of a project is and how to read it, as its section says."""
    known = {field.name for field in dataclasses.fields(LedgerSource)}
    given = {
        field.name: getattr(settings, field.name)
        for field in dataclasses.fields(settings)
        if field.name in known
    }
    return LedgerSource(**{**given, **more, "file": folder / settings.file})


def _told_apart(read: dict[str, Ledger]) -> tuple[dict[str, Ledger], tuple[Message, ...]]:
    """Return ledgers whose ids do not meet: 1, 2, 3 … in two ledgers become C-1 and B-1.

    All ids of a ledger that shares any with another are prefixed, so that they stay sortable
    and recognisable; findings keep the ledger's own.
    """
    owners = pd.concat([pd.Series(name, index=one.table.index) for name, one in read.items()])
    shared = set(owners[owners.index.duplicated(keep=False)])
    if not shared:
        return read, ()
    apart = dict(read)
    for name in sorted(shared):
        ids = [f"{ID_PREFIXES[name]}{value}" for value in read[name].table.index]
        apart[name] = dataclasses.replace(
            read[name],
            table=read[name].table.set_axis(pd.Index(ids, name=read[name].table.index.name)),
            rows=read[name].rows.set_axis(ids),
        )
    files = "、".join(read[name].file.name for name in sorted(shared))
    prefixes = "、".join(ID_PREFIXES[name] for name in sorted(shared))
    return apart, (message("workflow.ids_told_apart", files=files, prefixes=prefixes),)
