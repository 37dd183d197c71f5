"""Three tiers of facilities, and what stands beside them: counts, areas, beds, carers, elders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from planner import tables
from planner.standards.floor_area.held import TO_CHECK_NOTES, building_areas, counted_areas
from planner.standards.rulebooks.clauses import RuleBook

Where = Literal["everywhere", "communities", "villages"]

DISTRICT: Final = "district"
UNPLACED: Final = "unplaced"
"""Area of facilities whose street nobody knows: with it, streets add up to the district."""


@dataclass(frozen=True)
class Line:
    """What one line of the table counts.

    Parameters
    ----------
    key
        Its name in code; what it is called and made of stands in the labels.
    kinds
        The kinds of facility (:data:`planner.tables.CENTRE_KINDS`).
    where
        ``communities``: those that do not stand in a village of the ledger; ``villages``: those
        that do, and every 农村幸福院; ``everywhere``: both. Its elders are those of 社区, of 村
        (of the ledger), or all.
    """

    key: str
    kinds: tuple[str, ...]
    where: Where = "everywhere"


VILLAGE_KIND: Final = "农村幸福院"
CENTRE_KINDS: Final = ("街道综合中心", "日间照料", VILLAGE_KIND)

LINES: Final = (
    Line("institution", ("机构",)),
    Line("regional", ("街道综合中心",)),
    Line("community", ("日间照料", VILLAGE_KIND), "communities"),
    Line("village", ("日间照料", VILLAGE_KIND), "villages"),
    Line("meals", ("助餐点",)),
    Line("stations", ("居家服务站", "活动室")),
)
"""Every facility is in exactly one: 慈溪市民政局's three tiers (2023-06-29: 18 养老机构, 17
区域性居家养老服务机构, 82 村(社区)级), the third by where it stands; then what that letter tells
apart, stations and activity rooms (130,098 m²), and places for meals."""

SUMS: Final = (Line("centres", CENTRE_KINDS), Line("all", tables.CENTRE_KINDS))
"""居家养老服务中心用房 (regional, community and village level: 慈溪's 85,944 m²), and all."""

EVERY_LINE: Final = (*LINES[:4], SUMS[0], *LINES[4:], SUMS[1])
"""In the order in which they are shown."""

FIGURES: Final = ("m2", "beds", "carers", "site_m2")
"""Figures of facilities that are summed; each with the number of those that do not give it."""


def facility_facts(
    centres: pd.DataFrame, communities: pd.DataFrame, streets: pd.Series, *, book: RuleBook
) -> pd.DataFrame:
    """Return of every facility where it stands, whether it operates, and what it has.

    Parameters
    ----------
    centres, communities
        Tables of :data:`planner.tables.CENTRES` and :data:`planner.tables.COMMUNITIES`.
    streets
        Name of the street of every community, by its id.
    book
        The rule book whose figures areas are converted by.

    Returns
    -------
    DataFrame
        Index = centre ids, sorted: ``centre_kind``, ``is_open``, ``community`` (missing where the
        ledger's is none of the communities), ``street`` (that of the community, else the one that
        its ledger names, if a community lies there; else :data:`UNPLACED`), ``in_village``;
        ``building_m2, shared_building_m2, area_note``
        (:func:`planner.standards.floor_area.held.building_areas`), ``beds, carers`` and
        ``site_m2`` (用地面积, or the area where that is 占地); NaN where not given.
    """
    table = centres.sort_index()
    areas = building_areas(table, book=book)
    facts = table.reindex(
        columns=["community", "street", "beds", "carers", "site_area_m2", "area_m2", "area_kind"]
    )
    community = facts["community"].astype(object)
    community = community.where(community.isin(communities.index), None)
    named = facts["street"].astype(object)
    named = named.where(named.isin(set(streets)), None)
    by_place = community.map(streets.to_dict())
    street = by_place.where(by_place.notna(), named)
    kinds = community.map(communities["community_kind"].to_dict())
    ground = facts["area_m2"].astype(float).where(facts["area_kind"] == "占地")
    site = facts["site_area_m2"].astype(float)
    return areas.assign(
        centre_kind=table["centre_kind"].astype(object),
        is_open=table["status"] == tables.OPEN_STATUS,
        community=community,
        street=street.where(street.notna(), UNPLACED).astype(object),
        in_village=(kinds == "村") | (table["centre_kind"] == VILLAGE_KIND),
        beds=facts["beds"].astype(float),
        carers=facts["carers"].astype(float),
        site_m2=site.where(site.notna(), ground),
    )


def in_line(facts: pd.DataFrame, line: Line) -> pd.Series:
    """Tell which facilities a line counts, open or not."""
    of_kind = facts["centre_kind"].isin(line.kinds)
    if line.where == "everywhere":
        return of_kind
    return of_kind & (facts["in_village"] == (line.where == "villages"))


def _open_figures(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the summed figures of operating facilities, shared rooms once among them."""
    counted = counted_areas(facts, facts[["building_m2", "shared_building_m2"]])
    return facts.assign(m2=counted)[list(FIGURES)]


def _line_sums(facts: pd.DataFrame, line: Line, keys: list[str]) -> pd.DataFrame:
    """Return the figures of one line by street, and of the district first."""
    of_line = facts[in_line(facts, line)]
    open_ = of_line[of_line["is_open"]]
    figures = _open_figures(open_)
    columns = {
        "facilities": pd.Series(1, index=open_.index),
        **{name: figures[name].fillna(0.0) for name in FIGURES},
        **{f"{name}_unknown": figures[name].isna().astype(int) for name in FIGURES},
        "m2_to_check": open_["area_note"].isin(TO_CHECK_NOTES).astype(int),
    }
    wide = pd.DataFrame(columns)
    by_street = wide.groupby(open_["street"].to_numpy()).sum().reindex(keys[1:], fill_value=0)
    whole = wide.sum().to_frame(DISTRICT).T
    sums = pd.concat([whole, by_street])
    idle = of_line[~of_line["is_open"]]
    not_open = idle.groupby(idle["street"].to_numpy()).size().reindex(keys[1:], fill_value=0)
    sums["not_open"] = [len(idle), *not_open]
    for name in FIGURES:
        # Where no facility gives it, nobody knows the sum; where there is none, it is 0.
        nothing = (sums[f"{name}_unknown"] == sums["facilities"]) & (sums["facilities"] > 0)
        sums[name] = sums[name].astype(float).where(~nothing)
    return sums


def line_elders(
    communities: pd.DataFrame, streets: pd.Series, people: str = "elderly_60"
) -> dict[Where, pd.DataFrame]:
    """Return persons of the district and its streets, of 社区, of 村, and of both.

    Parameters
    ----------
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    streets
        Name of the street of every community, by its id.
    people
        The column of persons.

    Returns
    -------
    dict
        By :data:`Where`: index :data:`DISTRICT`, then streets sorted; ``persons`` (NaN where
        those of one community are not known: they are no 0, and a 0, of persons or of elders
        among them, is unknown)
        and ``communities_unknown``.
    """
    table = communities.sort_index()
    persons = table.reindex(columns=[people])[people].astype(float)
    persons = persons.where(persons > 0)
    named = streets.reindex(table.index).to_numpy()
    village = (table["community_kind"] == "村").to_numpy()
    parts: dict[Where, np.ndarray] = {
        "everywhere": np.ones(len(table), dtype=bool),
        "communities": ~village,
        "villages": village,
    }
    keys = sorted(set(named))
    found: dict[Where, pd.DataFrame] = {}
    for where, rows in parts.items():
        values = pd.DataFrame(
            {"persons": persons[rows].fillna(0.0), "unknown": persons[rows].isna().astype(int)}
        )
        by_street = values.groupby(named[rows]).sum().reindex(keys, fill_value=0)
        sums = pd.concat([values.sum().to_frame(DISTRICT).T, by_street])
        found[where] = pd.DataFrame(
            {
                "persons": sums["persons"].astype(float).where(sums["unknown"] == 0),
                "communities_unknown": sums["unknown"].astype(int),
            }
        )
    return found


def tier_table(facts: pd.DataFrame, communities: pd.DataFrame, streets: pd.Series) -> pd.DataFrame:
    """Return what every tier has, for the district and each street.

    Only operating facilities (运营) hold areas, beds and carers; others are counted apart. Rooms
    shared with a 党群服务中心 count once within a line
    (:func:`planner.standards.floor_area.held.counted_areas`); where facilities of two lines share
    them, the sum of both is less than its parts, by ``shared_between_m2``.

    Parameters
    ----------
    facts
        :func:`facility_facts`.
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    streets
        Name of the street of every community, by its id.

    Returns
    -------
    DataFrame
        A row an area (:data:`DISTRICT`, streets sorted, :data:`UNPLACED` where facilities lie
        there) and line, in the order of :data:`EVERY_LINE`: ``area, line``, ``facilities`` (that
        operate), ``not_open``, ``m2, beds, carers, site_m2`` (sums of what is known; NaN where
        facilities are there and none gives it), ``m2_unknown …`` (facilities that do not),
        ``m2_to_check`` (facilities whose area is converted or of no stated kind),
        ``shared_between_m2`` (of sums of lines, else 0), ``elderly_60`` and
        ``communities_unknown`` (:func:`line_elders`; NaN for :data:`UNPLACED`).
    """
    extra = [UNPLACED] if (facts["street"] == UNPLACED).any() else []
    keys = [DISTRICT, *sorted(set(streets)), *extra]
    elders = line_elders(communities, streets)
    parts = {line.key: _line_sums(facts, line, keys) for line in EVERY_LINE}
    between = _shared_between(parts)
    rows = [
        sums.assign(
            area=sums.index,
            line=line.key,
            shared_between_m2=between.get(line.key, 0.0),
            elderly_60=elders[line.where]["persons"].reindex(sums.index),
            communities_unknown=elders[line.where]["communities_unknown"].reindex(
                sums.index, fill_value=0
            ),
        )
        for line in EVERY_LINE
        for sums in [parts[line.key]]
    ]
    order = {key: place for place, key in enumerate(keys)}
    table = pd.concat(rows)
    places = table["area"].map(order).to_numpy()
    table = table.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)
    counts = ["facilities", "not_open", "m2_to_check", *(f"{name}_unknown" for name in FIGURES)]
    first = ["area", "line", "facilities", "not_open"]
    return table[[*first, *table.columns.drop(first)]].astype(dict.fromkeys(counts, int))


def _shared_between(parts: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """Return by how much the sums of lines fall short of their parts: rooms that two share."""
    members: dict[str, tuple[str, ...]] = {
        "centres": ("regional", "community", "village"),
        "all": tuple(line.key for line in LINES),
    }
    return {
        key: (sum(parts[one]["m2"].fillna(0.0) for one in lines) - parts[key]["m2"].fillna(0.0))
        .round(6)
        .clip(lower=0.0)
        for key, lines in members.items()
    }
