"""The table of a run that a page tries sites with: who walks where, which areas, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.outputs.content import LEAST_ELDERS
from planner.siting import measures_of
from planner.siting.programmes.menu import YUAN_PER_10K
from planner.siting.what_if.grouping import reach_groups
from planner.siting.what_if.table import NO_GAP, ReachTable
from planner.siting.what_if.withholding import told_bands, told_gaps
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import ELDERLY_COLUMNS
from planner.units import FloatArray, within
from planner.workflow.gaps.content import FoundGaps
from planner.workflow.inputs.walking import Walks
from planner.workflow.siting.answering import Siting
from planner.workflow.standards.planned_audit import community_at

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

PROVEN: Final = "optimal"
OPTION_COLUMNS: Final = ("site", "option", "counted_m2", "cost_yuan")
OLDER_THAN: Final = -1e-6
"""Persons by which an older age may pass a younger one: what sums of floats lose."""


def reach_table_of(
    walks: Walks,
    open_sites: gpd.GeoDataFrame,
    centres: pd.DataFrame,
    communities: gpd.GeoDataFrame,
    audit: FloorAreaAudit,
    siting: Siting | None,
    gaps: FoundGaps | None,
    costs: pd.DataFrame,
) -> ReachTable | None:
    """Return the table that sites are tried with, by the plan's own walker.

    Sites are the operating placed centres of the circle and the candidates that neither their own
    facts nor the project bar. A candidate counts in the service group of the community that it
    stands in. Requirements are those of today's groups: a run with the chosen set makes them anew.

    Parameters
    ----------
    walks
        The plan's walks.
    open_sites
        Centres of the circle's kinds that operate, all placed.
    centres, communities
        The ledgers.
    audit
        Floor area of today.
    siting
        The candidates, the walks to them and the plans; ``None`` without candidates.
    gaps
        The gaps; ``None`` where nobody is left out. Gaps of needs are asked of other centres: they
        are not told.
    costs
        The project's unit costs; may be empty.

    Returns
    -------
    ReachTable or None
        ``None`` without sites, or where there are fewer elders than may be told.
    """
    sites = _sites(open_sites, communities, audit, siting)
    residents = walks.residents
    if not len(sites) or float(residents["elderly_60"].sum()) < LEAST_ELDERS:
        return None
    times = walks.times_to(open_sites) if siting is None else siting.times
    limit_minutes = walks.scenario.walking.limit_minutes
    starts, reached = _rows_to_sites(times, residents.index, sites.index, limit_minutes)
    is_open = sites["is_open"].to_numpy(dtype=bool)
    open_before = np.r_[0, np.cumsum(is_open[reached])]
    is_covered = open_before[starts[1:]] > open_before[starts[:-1]]
    bands, persons = told_bands(*_bands(residents, is_covered), least=LEAST_ELDERS)
    gap = told_gaps(
        _gap_of(gaps, residents.index), persons, is_covered, least=LEAST_ELDERS
    )  # fmt: skip
    groups = reach_groups(starts, reached, persons, gap, is_open, least=LEAST_ELDERS)
    ranks = np.unique(groups.gap[groups.gap != NO_GAP])
    whole = [int(groups.persons[groups.gap == rank].sum()) for rank in ranks]
    return ReachTable(
        bands=bands,
        persons=groups.persons,
        reach_start=groups.reach_start,
        reach_site=groups.reach_site,
        gap=groups.gap,
        sites=sites,
        options=_options(centres, audit, siting, sites, costs),
        service_groups=_service_groups(audit, sites),
        gaps=pd.DataFrame({"elderly_60": whole}, index=pd.Index(ranks, dtype=int)),
        plans=_plans(siting, sites.index),
        differences=groups.differences(bands),
        limit_minutes=limit_minutes,
    )


def _sites(
    open_sites: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    audit: FloorAreaAudit,
    siting: Siting | None,
) -> pd.DataFrame:
    """Return the sites with what opening each adds and costs, centres first, each part by id."""
    held = audit.centres["counted_m2"]
    centres = pd.DataFrame(
        {
            "role": "centre",
            "is_open": True,
            "service_group": audit.service_groups.centre_group.reindex(open_sites.index),
            "counted_m2": held.reindex(open_sites.index),
            "cost_yuan": 0.0,
        },
        index=open_sites.index.astype(object),
    ).sort_index()
    if siting is None:
        return _typed(centres)
    usable = siting.screening.usable
    usable = usable[~usable.index.isin(list(siting.most.barred))]
    where = community_at(siting.candidates.geometry.loc[usable.index], communities)
    candidates = pd.DataFrame(
        {
            "role": "candidate",
            "is_open": False,
            "service_group": where.map(audit.service_groups.community_group),
            "counted_m2": usable["building_area_m2"],
            "cost_yuan": usable.reindex(columns=["cost_10k_yuan"])["cost_10k_yuan"].astype(float)
            * YUAN_PER_10K,
        },
        index=usable.index.astype(object),
    ).sort_index()
    return _typed(pd.concat([one.astype(object) for one in (centres, candidates) if len(one)]))


def _typed(sites: pd.DataFrame) -> pd.DataFrame:
    numbers = {"counted_m2": float, "cost_yuan": float, "is_open": bool}
    known = sites["service_group"].astype(object)
    return sites.astype(numbers).assign(service_group=known.where(known.notna(), None))


def _rows_to_sites(
    times: pd.DataFrame, rows: pd.Index[Any], sites: pd.Index[Any], limit_minutes: float
) -> tuple[IntArray, IntArray]:
    """Return which sites each row reaches, as starts and positions."""
    near = times[within(times["walk_minutes"].to_numpy(dtype=float), limit_minutes)]
    row = _positions(near["origin"], rows)
    site = _positions(near["destination"], sites)
    known = (row >= 0) & (site >= 0)
    pairs = np.unique(row[known] * np.int64(max(len(sites), 1)) + site[known])
    row, site = np.divmod(pairs, max(len(sites), 1))
    starts = np.r_[0, np.cumsum(np.bincount(row, minlength=len(rows)))]
    return starts.astype(np.int64), site.astype(np.int64)


def _positions(ids: pd.Series, index: pd.Index[Any]) -> IntArray:
    coded = pd.Categorical(ids.astype(object) if ids.dtype == object else ids)
    place = index.astype(object).get_indexer(pd.Index(coded.categories).astype(object))
    found: IntArray = np.r_[place, -1].astype(np.int64)[coded.codes]
    return found


def _bands(
    residents: pd.DataFrame, is_covered: BoolArray
) -> tuple[FloatArray, BoolArray, tuple[int, ...]]:
    """Return the persons of bands that exclude each other; ages that somebody lacks are left out.

    An age is known if each row with elders tells it, and no row has more of it than of the younger.
    """
    elders = residents["elderly_60"].to_numpy(dtype=float, na_value=0.0)
    ages, columns = [60], [elders]
    for name in ELDERLY_COLUMNS[1:]:
        if name not in residents:
            continue
        held = residents[name].to_numpy(dtype=float, na_value=np.nan)
        held = np.where(elders > 0, held, 0.0)
        if np.isfinite(held).all() and (columns[-1] - held >= OLDER_THAN).all():
            ages.append(int(name.removeprefix("elderly_")))
            columns.append(np.minimum(held, columns[-1]))
    older = [*columns[1:], np.zeros(len(elders))]
    persons = np.column_stack([one - other for one, other in zip(columns, older, strict=True)])
    return persons, is_covered, tuple(ages)


def _gap_of(gaps: FoundGaps | None, rows: pd.Index[Any]) -> IntArray:
    """Return the rank of each row's gap; what no sheet lists is told nowhere else."""
    if gaps is None or gaps.question.needs:
        return np.full(len(rows), NO_GAP)
    found = gaps.gaps.found
    rank = found.members["gap"].map(found.areas.loc[gaps.listed, "rank"])
    of_row = rank.reindex(rows).fillna(NO_GAP).to_numpy(dtype=np.int64)
    return np.asarray(of_row)


def class_options(
    candidates: pd.DataFrame, centres: pd.DataFrame, book: RuleBook, costs: pd.DataFrame
) -> pd.DataFrame:
    """Return the classes of a book that each candidate has room for.

    Parameters
    ----------
    candidates
        Those that nothing bars.
    centres
        The ledger of centres.
    book
        The standard whose classes are built.
    costs
        The project's unit costs; may be empty.

    Returns
    -------
    DataFrame
        ``site``, ``option`` (the class), ``counted_m2``, ``cost_yuan`` (missing: unknown).
        Candidates of unknown area have none.
    """
    if not len(candidates):
        return pd.DataFrame({name: pd.Series(dtype=object) for name in OPTION_COLUMNS})
    menu = measures_of(
        candidates,
        centres.drop(columns="geometry", errors="ignore"),
        unit="community_elders",
        book=book,
        costs=costs if len(costs) else None,
    ).measures
    known = menu[menu["adds_m2"].notna()]
    table = pd.DataFrame(
        {
            "site": known["site"].astype(str),
            "option": known["centre_class"].astype(str),
            "counted_m2": known["adds_m2"].astype(float),
            "cost_yuan": known["cost_yuan"].astype(float),
        }
    )
    return table.sort_values(["site", "option"], ignore_index=True)[list(OPTION_COLUMNS)]


def _options(
    centres: pd.DataFrame,
    audit: FloorAreaAudit,
    siting: Siting | None,
    sites: pd.DataFrame,
    costs: pd.DataFrame,
) -> pd.DataFrame:
    """Return the classes that each candidate among the sites has room for."""
    nobody = pd.DataFrame()
    usable = nobody if siting is None else siting.candidates.loc[siting.screening.usable.index]
    told = class_options(usable, centres, audit.book, costs)
    return told[told["site"].isin(sites.index)].reset_index(drop=True)


def _service_groups(audit: FloorAreaAudit, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the groups of known area: what they require, and what stands besides the sites."""
    groups = audit.groups[audit.groups["shortfall_m2"].notna()]
    own = sites.loc[sites["role"] == "centre"]
    of_sites = own.groupby("service_group")["counted_m2"].sum().reindex(groups.index)
    other = (groups["held_m2"] - of_sites.fillna(0.0)).clip(lower=0.0)
    return pd.DataFrame({"required_m2": groups["required_m2"], "other_m2": other}).astype(float)


def _plans(siting: Siting | None, sites: pd.Index[Any]) -> Mapping[int, tuple[str, ...]]:
    """Return all that is open in each plan of the curve that is proven best."""
    if siting is None or siting.beside is None:
        return {}
    curve = siting.beside.curve
    found = {}
    for number, plan in zip(curve.points.index, curve.plans, strict=True):
        together = [str(one) for one in (*plan.existing, *plan.chosen)]
        if curve.points.loc[number, "status"] == PROVEN and sites.isin(together).sum() == len(
            together
        ):
            found[int(number)] = tuple(together)
    return found
