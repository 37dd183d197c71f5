"""Residents, however a planner holds them: by building, or as points or cells with people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from planner import tables
from planner.errors import LedgerError
from planner.labels import message
from planner.ledgers import judging, people
from planner.ledgers.cells import cut_by
from planner.ledgers.draft import Draft, draft_ledger
from planner.ledgers.findings import Finding, Ledger
from planner.ledgers.finishing import CrsLike, as_table, finished, ids_by_row, projected
from planner.ledgers.placing import communities_at
from planner.ledgers.positions import places
from planner.ledgers.raster_residents import people_cells, residents_of_raster
from planner.ledgers.rasters import is_raster
from planner.ledgers.source import LedgerSource
from planner.ledgers.spots import points_of
from planner.ledgers.spreading import labelled, spread_over_buildings
from planner.ledgers.spreading_cells import over_pieces, piece_ids, tell_cells
from planner.units import BoolArray

BUILDING_COLUMNS: Final = ("floors", "building_use", "footprint_m2")


def residents_from(
    source: LedgerSource, communities: gpd.GeoDataFrame | None = None, *, crs: CrsLike = None
) -> Ledger:
    """Read residents from whatever ledger there is of them.

    A raster (GeoTIFF, or a folder of them) gives its own people, or the communities' are spread
    over its cells (:func:`planner.ledgers.raster_residents.residents_of_raster`). A ledger with
    elders of its own (or a population, and a declared share of elders) is taken as given: each row
    a point, or a cell whose middle stands for it; if ``counts_from`` says ``communities``, its rows
    only tell how these are distributed. Else a ledger with floors is one of buildings, and the
    communities' people are spread over them
    (:func:`planner.ledgers.spreading.spread_over_buildings`); communities without buildings, over
    the raster that ``blend`` names. Persons may be fractions.

    Parameters
    ----------
    source
        The file and how to read it.
    communities
        The plan's communities, in its metre CRS; needed by buildings.
    crs
        Metre CRS of the plan; that of ``communities``, else chosen from where the rows lie.

    Returns
    -------
    Ledger
        Table ``residents`` with ``placed_by`` beside its own columns, one of
        :data:`planner.ledgers.spreading_cells.PLACED_BY`.

    Raises
    ------
    InputFileError, LedgerError
        If the file cannot be read or understood; if it has neither elders nor floors; if it has
        buildings and there are no communities.
    """
    if crs is None and communities is not None:
        crs = communities.crs
    if is_raster(source.file):
        return residents_of_raster(source, communities, crs=crs)
    draft = draft_ledger("residents", source, required=[])
    shared = draft.has("population") and "elderly_60" in source.elderly_shares
    has_people = draft.has("elderly_60") or draft.has("population")
    file = source.file.name
    if source.counts_from == "communities" and has_people and not draft.has("floors"):
        return _distribute(draft, _needed(communities, file))
    if (draft.has("elderly_60") or shared) and source.counts_from != "communities":
        return _given(draft, communities, crs)
    if not draft.has("floors"):
        shown = "、".join(one for one in draft.raw.headings if one not in draft.matches.persons)
        told = message("ledgers.residents_unclear", file=file, headings=shown)
        raise LedgerError(message("ledgers.refused", file=file), [told])
    return _spread(draft, _needed(communities, file))


def _needed(communities: gpd.GeoDataFrame | None, file: str) -> gpd.GeoDataFrame:
    if communities is None:
        told = message("ledgers.communities_required", file=file)
        raise LedgerError(message("ledgers.refused", file=file), [told])
    return communities


def _given(draft: Draft, communities: gpd.GeoDataFrame | None, crs: CrsLike) -> Ledger:
    where = projected(draft, points_of(draft, places(draft, optional=False)), crs)
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_bounds(draft)
    people.judge_people(draft)
    people.judge_elders_missing(draft)
    judging.judge_places(draft, where, ("", "ledgers.no_place"))
    if communities is not None:
        draft.frame["community"] = _homes(draft, where, communities)
    draft.frame = draft.frame.drop(columns=list(BUILDING_COLUMNS))
    draft.frame["placed_by"] = "given"
    return finished(draft, where)


def _homes(draft: Draft, where: gpd.GeoSeries, communities: gpd.GeoDataFrame) -> pd.Series:
    """Return each row's community: what it names, else where it lies, else none."""
    named, findings = labelled(draft.frame["community"], communities)
    draft.journal.found += findings
    named = named.where(named.notna(), communities_at(where, communities))
    outside = int((named.isna() & where.notna()).sum())
    if outside:
        draft.journal.add("doubt", message("ledgers.residents_outside", rows=outside))
    return named


def _judged(draft: Draft, communities: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, BoolArray]:
    """Return where homes are in the communities' CRS, and which rows are not set aside."""
    where = projected(draft, places(draft, optional=False), communities.crs)
    where = judging.mended(draft, where)
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_bounds(draft)
    judging.judge_places(draft, where, ("", "ledgers.no_place"))
    return where, ~draft.frame.index.isin(list(draft.journal.aside))


def _spread(draft: Draft, communities: gpd.GeoDataFrame) -> Ledger:
    where, is_used = _judged(draft, communities)
    buildings = as_table(draft.frame[is_used], where[is_used])
    rows = pd.Series(draft.frame.index[is_used].to_numpy(dtype=np.int64), index=buildings.index)
    findings: list[Finding] = []
    people.tell_unused_shares(draft.source, findings)
    cells = None
    if draft.source.blend is not None:
        cells = people_cells(draft.source.blend, draft.source, communities, None, findings)
    spread = spread_over_buildings(
        communities, buildings, cells=cells, without_homes=draft.source.without_homes
    )
    draft.journal.found += findings
    for name, told in spread.set_aside.items():
        # A shop is set aside by design, a building in nobody's community is not.
        by_design = told.key == "ledgers.not_housing"
        draft.journal.set_aside(int(rows[name]), told, severity="note" if by_design else "doubt")
    headings = {name: draft.heading(name) for name in ("floors", "community")}
    draft.journal.found += [
        replace(one, column=headings.get(one.column or "", one.column)) for one in spread.findings
    ]
    return _ledger(draft, spread.residents, rows)


def _distribute(draft: Draft, communities: gpd.GeoDataFrame) -> Ledger:
    """Spread communities over the rows of a grid or of points, which give only the proportions."""
    where, is_used = _judged(draft, communities)
    cells = as_table(draft.frame[is_used], where[is_used]).sort_index()
    rows = pd.Series(
        draft.frame.index[is_used].to_numpy(dtype=np.int64),
        index=pd.Index(draft.frame["id"][is_used].to_list(), dtype=object),
    )
    pieces = cut_by(cells, communities.geometry)
    for name in cells.index[~cells.index.isin(pieces.table["cell"])]:
        draft.journal.set_aside(
            int(rows[name]), message("residents.cell_outside"), severity="doubt"
        )
    findings: list[Finding] = []
    people.tell_unused_shares(draft.source, findings)
    tell_cells(pieces, findings)
    ordered = communities.sort_index()
    residents = over_pieces(ordered, cells, pieces, draft.source.without_homes, findings)
    draft.journal.found += findings
    homes = pd.Series(pieces.table["cell"].map(rows).to_numpy(), index=piece_ids(pieces))
    return _ledger(draft, residents, homes)


def _ledger(draft: Draft, residents: gpd.GeoDataFrame, rows: pd.Series) -> Ledger:
    """Return spread residents as a ledger; ``rows`` are the file's, by resident id."""
    ids = ids_by_row(draft)
    tables.check(tables.RESIDENTS, residents)
    used = int((~draft.frame.index.isin(list(draft.journal.aside))).sum())
    return Ledger(
        name="residents",
        file=Path(draft.source.file),
        table=residents,
        rows=rows.reindex(residents.index).fillna(0).astype(np.int64),
        set_aside=draft.journal.set_aside_rows(ids),
        findings=draft.journal.findings(ids),
        rows_read=draft.rows_read,
        rows_added=len(residents) - used,
    )
