"""Outside tables become checked tables: read, judged row by row, in one metre CRS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner import tables
from planner.labels import message
from planner.ledgers import judging, judging_rooms, people
from planner.ledgers.draft import Draft, draft_ledger
from planner.ledgers.findings import Ledger
from planner.ledgers.finishing import CrsLike, finished, projected
from planner.ledgers.placing import District, place_centres, place_estates, tell_outside
from planner.ledgers.positions import places
from planner.ledgers.residents import residents_from
from planner.ledgers.source import LedgerSource
from planner.ledgers.spots import points_of
from planner.ledgers.steps import judge_steps


def read_ledger(
    table: str,
    source: LedgerSource,
    *,
    crs: CrsLike = None,
    communities: gpd.GeoDataFrame | None = None,
    district: District | None = None,
) -> Ledger:
    """Read and judge one ledger.

    Every row of the file is either in the outcome's table or set aside with a reason, and all that
    is doubtful is a finding; ``rows_read == len(table) + len(set_aside)`` (plus the rows added for
    communities without buildings).

    Parameters
    ----------
    table
        ``communities``, ``residents``, ``centres``, ``candidates`` or ``estates``.
    source
        The file and how to read it.
    crs
        Metre CRS of the plan; chosen from where the rows lie if not given
        (:func:`planner.projections.metre_crs`).
    communities
        The plan's communities (as :func:`read_ledger` returned them). Residents told only as
        buildings need them; centres are placed in them; points outside all of them are told of.
    district
        The plan's outline in ``crs``, where it is not the union of ``communities``.

    Returns
    -------
    Ledger
        Its table has every column of :mod:`planner.tables`, empty where the ledger has none.

    Raises
    ------
    InputFileError
        If the file is missing or cannot be opened.
    LedgerError
        If it cannot be understood: headings, datum, CRS; all problems are listed.
    ValueError
        If ``table`` is none of the five.
    """
    if table not in READERS and table != "residents":
        text = f"table must be one of {', '.join(tables.LEDGER_TABLES)}, not {table!r}"
        raise ValueError(text)
    if crs is None and communities is not None:
        crs = communities.crs
    if table == "residents":
        return residents_from(source, communities, crs=crs)
    ledger = READERS[table](source, crs)
    if communities is not None and table == "centres":
        return place_centres(ledger, communities, district=district)
    if table == "estates" and communities is not None:
        ledger = place_estates(ledger, communities)
    if table in ("candidates", "estates") and (communities is not None or district is not None):
        return tell_outside(ledger, communities, district=district)
    return ledger


def _read_communities(source: LedgerSource, crs: CrsLike) -> Ledger:
    required = ["name"] if "elderly_60" in source.elderly_shares else ["name", "elderly_60"]
    draft = draft_ledger("communities", source, required=required)
    where = projected(draft, places(draft, optional=False), crs)
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_names(draft)
    judging.judge_community_kinds(draft)
    judging.judge_bounds(draft)
    people.judge_population_none(draft)
    people.judge_people(draft)
    people.judge_elders_missing(draft)
    people.judge_elders_none(draft)
    return finished(draft, _outlines(draft, where))


def _outlines(draft: Draft, where: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return valid outlines; rows with none are set aside."""
    geometry = judging.mended(draft, where).to_numpy()
    kinds = shapely.get_type_id(geometry)
    points = (kinds == 0) & ~shapely.is_empty(geometry)
    if points.any():
        draft.journal.add("doubt", message("ledgers.outline_is_point", rows=int(points.sum())))
    usable = (np.isin(kinds, (3, 6)) & ~shapely.is_empty(geometry)) | points
    for place in np.flatnonzero(~usable):
        row = int(where.index[place])
        draft.journal.set_aside(row, message("ledgers.no_outline"))
    return gpd.GeoSeries(geometry, index=where.index, crs=where.crs)


def _read_centres(source: LedgerSource, crs: CrsLike) -> Ledger:
    draft = draft_ledger("centres", source, required=["name", "centre_kind"])
    where = projected(draft, points_of(draft, places(draft, optional=True)), crs)
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_names(draft)
    judging.judge_states(draft)
    judging.judge_bounds(draft)
    judging.judge_areas(draft)
    judging_rooms.judge_rooms(draft)
    judging.judge_places(draft, where, ("ledgers.centre_without_place", ""))
    given = where.notna()
    states = np.array(["none", "given"], dtype=object)[given.to_numpy(dtype=np.int64)]
    draft.frame["position"] = pd.Series(states, index=given.index, dtype="str")
    return finished(draft, where)


def _read_candidates(source: LedgerSource, crs: CrsLike) -> Ledger:
    draft = draft_ledger("candidates", source, required=["name"])
    where = projected(draft, points_of(draft, places(draft, optional=False)), crs)
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_names(draft)
    judging.judge_bounds(draft)
    judging.judge_areas(draft)
    judging.judge_places(draft, where, ("", "ledgers.no_place"))
    draft.frame["position"] = pd.Series("given", index=draft.frame.index, dtype="string")
    return finished(draft, where)


def _read_estates(source: LedgerSource, crs: CrsLike) -> Ledger:
    draft = draft_ledger("estates", source, required=["name"])
    where = judging.mended(draft, projected(draft, places(draft, optional=True), crs))
    judging.judge_repeats(draft, where)
    judging.judge_ids(draft)
    judging.judge_names(draft)
    judging.judge_bounds(draft)
    judging_rooms.judge_estates(draft)
    judge_steps(draft)
    judging.judge_places(draft, where, ("ledgers.estate_without_place", ""))
    return finished(draft, where)


READERS: Final[dict[str, Callable[[LedgerSource, CrsLike], Ledger]]] = {
    "communities": _read_communities,
    "centres": _read_centres,
    "candidates": _read_candidates,
    "estates": _read_estates,
}
