"""Small judgements made by hand, and what stands around their centres."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.standards.judging.findings import COLUMNS, Judgement
from planner.standards.remedies.circles import Circles, circles_of
from planner.standards.remedies.measures import Remedies, find_remedies
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.remedies.trials import Trial
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook

CRS = "EPSG:4545"
NAME = "jianbiao-143-2010"


def book(**measures: Sequence[str]) -> RuleBook:
    """建标 143 with these measures in its clauses (``class_area=("enlarge",)``), none elsewhere."""
    named = {key.replace("_", "-"): tuple(kinds) for key, kinds in measures.items()}
    whole = rule_book(NAME)
    assert set(named) <= {clause.id for clause in whole.clauses}
    clauses = tuple(
        dataclasses.replace(clause, measures=named.get(clause.id, ())) for clause in whole.clauses
    )
    return dataclasses.replace(whole, clauses=clauses)


def finding(centre: str, clause: str, short_by: float = np.nan, **more: Any) -> dict[str, Any]:
    """One finding, short if nothing else is said."""
    blank = {
        "matter": clause, "result": "short", "reason": "", "value": np.nan, "required": np.nan,
        "upper": np.nan, "short_share": np.nan, "told": "", "fill_in": "", "decides": True,
    }  # fmt: skip
    return blank | {"centre": centre, "book": NAME, "clause": clause, "short_by": short_by} | more


def judgement(
    rules: RuleBook, findings: Sequence[dict[str, Any]], facts: Mapping[str, Mapping[str, Any]]
) -> Judgement:
    table = pd.DataFrame(list(findings), columns=list(COLUMNS))
    told = pd.DataFrame.from_dict(dict(facts), orient="index")
    blank = {"centre_kind": "日间照料", "street": "东街", "group": None, "building_area": np.nan}
    return Judgement((rules,), table, told.assign(**{k: v for k, v in blank.items()
                                                    if k not in told.columns}))  # fmt: skip


def places(points: Mapping[str, tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:
    """A table of points; a column is one value for all, or a mapping by id."""
    geometry = [shapely.Point(*point) for point in points.values()]
    table = gpd.GeoDataFrame(index=pd.Index(list(points), dtype=object), geometry=geometry, crs=CRS)
    for name, value in columns.items():
        table[name] = [value[one] if isinstance(value, dict) else value for one in points]
    return table


def circles(
    walks: Mapping[str, Sequence[str]],
    elders: Mapping[str, float],
    *,
    sites: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
) -> Circles:
    """Who walks where: doors by centre and site, 60+ by door; all of one kind if not said."""
    times = pd.DataFrame(
        [(door, place) for place, doors in walks.items() for door in doors],
        columns=["origin", "destination"],
    )
    centres = [one for one in walks if one not in sites]
    of = pd.Series({one: (kinds or {}).get(one, "日间照料") for one in centres}, dtype=object)
    return circles_of(times, pd.Series(dict(elders), dtype=float), of, list(walks))


def remedies(
    rules: RuleBook,
    findings: Sequence[dict[str, Any]],
    facts: Mapping[str, Mapping[str, Any]],
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    status: Mapping[str, str] | None = None,
    rooms: gpd.GeoDataFrame | None = None,
    sites: gpd.GeoDataFrame | None = None,
    groups: pd.DataFrame | None = None,
    classes: Mapping[str, str] | None = None,
    circles: Circles | None = None,
    elders: Mapping[str, float] | None = None,
    reach_m: float = 300.0,
    kinds: Mapping[str, str] | None = None,
    seen: list[Surroundings] | None = None,
    trial: Trial | None = None,
) -> Remedies:
    """Find the remedies of centres; they stand 1,000 m apart if nothing else is said.

    ``seen`` is given what stands around them; ``trial`` tells what measures come to.
    """
    where = points or {name: (1_000.0 * place, 0.0) for place, name in enumerate(facts)}
    state = dict.fromkeys(where, "运营") | dict(status or {})
    none = places({}, area_m2=0.0, to_visit=False, floor=1.0, cost_yuan=0.0)
    none = none.assign(area_m2=[], to_visit=[], floor=[], cost_yuan=[])
    around = Surroundings(
        centres=places(
            where,
            name="名",
            centre_kind=dict(kinds) if kinds else "日间照料",
            status=state,
            position="given",
        ),
        party_rooms=none if rooms is None else rooms,
        sites=none if sites is None else sites,
        elders=pd.Series(dict(elders or {}), dtype=float),
        centre_class=pd.Series(dict(classes or {}), dtype=object),
        groups=_no_groups() if groups is None else groups,
        book=rules,
        small_groups="pro_rata",
        circles=circles,
        reach_m=reach_m,
        move_m=750.0,
    )
    if seen is not None:
        seen.append(around)
    return find_remedies(judgement(rules, findings, facts), around, trial)


def _no_groups() -> pd.DataFrame:
    columns = ["population", "elderly_60", "required_m2", "held_m2"]
    return pd.DataFrame(columns=columns, dtype=float)


def chosen(found: Remedies) -> list[tuple[str, str, str | None, float | None, str]]:
    """What is chosen: centre, kind, partner, m² and how surely."""
    return [
        (
            row["centre"],
            row["kind"],
            row["partner"] if isinstance(row["partner"], str) else None,
            None if np.isnan(row["m2"]) else round(float(row["m2"]), 3),
            row["certainty"],
        )
        for row in found.measures.to_dict("records")
    ]
