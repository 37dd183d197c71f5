"""From communities to sub-districts to counties (社区 → 街道/镇 → 区县): sums that add up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner import tables
from planner.coverage.areas import OUTSIDE, UNNAMED, by_community, shares
from planner.coverage.walking import Coverage
from planner.labels import Message, message

By = Literal["code", "place"]

LEVELS: Final = ("community", "street", "county")
"""社区/村, 街道/镇/乡, 区/县, each the sum of the one before."""

EVERY_KIND: Final = "all"
"""Stands for communities and villages together, beside the rows of each."""

KINDS: Final = (*tables.COMMUNITY_KINDS, EVERY_KIND)

CODE_DIGITS: Final = 12
COUNTY_DIGITS: Final = 6
STREET_DIGITS: Final = 9
"""统计用区划代码 (国家统计局《统计用区划代码和城乡划分代码编制规则》): 6 digits of the county,
then 3 of the sub-district or town, then 3 of the community or village. The three digits of the
城乡分类代码 printed beside it (111, 112 … 220) are no part of it and are not read."""

_DAMAGED: Final = re.compile(r"^\d(?:\.\d+)?e\+?\d+$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Rollup:
    """Coverage by community, sub-district and county.

    Parameters
    ----------
    table
        Index ``level`` (:data:`LEVELS`), ``area`` (its code or name), ``community_kind``
        (:data:`KINDS`); columns ``name``, ``parent`` (area one level up), ``communities`` (how
        many), and the figures of :func:`planner.coverage.areas.by_community`. At each level the
        rows of one kind add up to those of the next; 社区 and 村 add up to ``all``. Residents of
        no community are the area ``outside`` of every level, of kind ``all`` alone.
    by
        Whether areas are told by codes or by place.
    notes
        Codes that cannot be used, names that contradict codes.
    """

    table: pd.DataFrame
    by: By
    notes: tuple[Message, ...]

    def level(self, level: str, kind: str = EVERY_KIND) -> pd.DataFrame:
        """Return the rows of one level and kind, index = areas.

        Raises
        ------
        KeyError
            If there is no such level or kind.
        """
        if level not in LEVELS or kind not in KINDS:
            text = f"level must be one of {LEVELS}, kind one of {KINDS}"
            raise KeyError(text)
        index = self.table.index
        there = (index.get_level_values(0) == level) & (index.get_level_values(2) == kind)
        return self.table[there].droplevel([0, 2])


def code_problems(codes: Iterable[Any]) -> dict[str, Message]:
    """Return what is wrong with ids as 12-digit codes of communities, by id; empty if nothing.

    Parameters
    ----------
    codes
        Ids as the ledger has them.
    """
    problems: dict[str, Message] = {}
    for code in codes:
        text = str(code)
        if _DAMAGED.match(text):
            problems[text] = message("residents.code_damaged", code=text)
        elif not re.fullmatch(r"[0-9]+", text) or len(text) != CODE_DIGITS:
            problems[text] = message("residents.code_digits", code=text)
        elif text.endswith("000"):
            # 000 names the sub-district itself: either its own row, or digits that were rounded.
            problems[text] = message("residents.code_of_street", code=text)
        elif text[COUNTY_DIGITS:STREET_DIGITS] == "000":
            problems[text] = message("residents.code_without_street", code=text)
    return problems


def rollup(
    coverage: Coverage,
    communities: pd.DataFrame,
    *,
    by: By | None = None,
    streets: gpd.GeoDataFrame | None = None,
    county: str = "",
) -> Rollup:
    """Return coverage at every level.

    Parameters
    ----------
    coverage
        What :func:`planner.coverage.walking.coverage` gave.
    communities
        A :data:`planner.tables.COMMUNITIES` table.
    by
        ``code``: by the ids' first 9 and 6 digits; ``place``: by the ``street`` that a community
        names, else the outline of ``streets`` that a point inside it lies in. By codes where all
        ids are valid ones, if not given.
    streets
        Outlines of sub-districts with ``name``, where communities name none.
    county
        Name of the county, the one area of its level when told by place.

    Raises
    ------
    ValueError
        If ``by`` is ``code`` and an id is no code.
    """
    chosen: By = by or ("place" if code_problems(communities.index.to_list()) else "code")
    notes: list[Message] = []
    areas = street_areas(communities, notes, by=chosen, streets=streets, county=county)
    figures = by_community(coverage, communities)
    parts = [_community_level(figures, areas)]
    for level, key in (("street", "street_area"), ("county", "county_area")):
        parts.append(_summed(parts[-1], areas, level, key))
    table = pd.concat(parts)
    for name in coverage.elderly_columns:
        table[f"{name}_share"] = shares(table[f"{name}_covered"], table[name])
    return Rollup(table, chosen, tuple(notes))


def street_areas(
    communities: pd.DataFrame,
    notes: list[Message] | None = None,
    *,
    by: By | None = None,
    streets: gpd.GeoDataFrame | None = None,
    county: str = "",
) -> pd.DataFrame:
    """Return which sub-district each community belongs to, as :func:`rollup` has it.

    Parameters
    ----------
    communities, by, streets, county
        As for :func:`rollup`.
    notes
        Where what is worth a word is added.

    Returns
    -------
    DataFrame
        Index as ``communities``: ``street_area`` (the key: a code, a name or
        :data:`planner.coverage.areas.UNNAMED`), ``street_name`` (missing where nobody gave one),
        ``county_area``, ``county_name``.

    Raises
    ------
    ValueError
        If ``by`` is ``code`` and an id is no code.
    """
    told = [] if notes is None else notes
    problems = code_problems(communities.index.to_list())
    if by == "code" and problems:
        text = "; ".join(one.text() for one in problems.values())
        raise ValueError(text)
    if (by or ("place" if problems else "code")) == "code":
        return _by_code(communities, told, county)
    if len(problems) < len(communities):
        # Some ids are codes and some are not: worth a word. None at all is a choice.
        told += list(problems.values())
    return _by_place(communities, streets, told, county)


def _by_code(communities: pd.DataFrame, notes: list[Message], county: str) -> pd.DataFrame:
    """Return each community's areas by its code, with the names that the ledger gives them."""
    codes = pd.Series(communities.index.astype(str), index=communities.index)
    street_area = codes.str[:STREET_DIGITS]
    names = communities["street"] if "street" in communities else pd.Series(index=codes.index)
    named = pd.DataFrame({"area": street_area, "name": names}).dropna()
    chosen: dict[str, str] = {}
    for area, said in named.groupby("area")["name"]:
        counts = said.value_counts()
        # The most frequent, of those the first by name: independent of the order of rows.
        best = sorted(counts[counts == counts.max()].index)[0]
        chosen[str(area)] = str(best)
        if len(counts) > 1:
            shown = "、".join(sorted(map(str, counts.index)))
            notes.append(message("residents.code_names", code=area, names=shown, taken=best))
    for name, areas in named.groupby("name")["area"]:
        several = sorted(set(areas))
        if len(several) > 1:
            shown = "、".join(several)
            notes.append(message("residents.name_codes", name=name, codes=shown))
    county_area = codes.str[:COUNTY_DIGITS]
    one = county if len(set(county_area)) == 1 else ""
    return pd.DataFrame(
        {
            "street_area": street_area,
            "street_name": street_area.map(chosen).fillna(street_area),
            "county_area": county_area,
            "county_name": county_area.map(lambda code: one or code),
        }
    )


def _by_place(
    communities: pd.DataFrame,
    streets: gpd.GeoDataFrame | None,
    notes: list[Message],
    county: str,
) -> pd.DataFrame:
    """Return each community's areas by the street it names, else by the outline it lies in."""
    named = pd.Series(None, index=communities.index, dtype=object)
    if "street" in communities:
        named = communities["street"].astype(object)
    lost = named.isna()
    if streets is not None and lost.any():
        outlines = streets.sort_values("name").to_crs(communities.crs)
        shapes = communities.geometry.to_numpy()[lost.to_numpy()]
        points = shapely.point_on_surface(shapes)
        which, inside = shapely.STRtree(outlines.geometry.to_numpy()).query(
            points, predicate="intersects"
        )
        first = np.full(len(points), len(outlines), dtype=np.int64)
        np.minimum.at(first, which, inside)
        names = np.array([*outlines["name"], None], dtype=object)[first]
        named = named.where(~lost, pd.Series(names, index=named.index[lost]))
    nowhere = int(named.isna().sum())
    if nowhere:
        notes.append(message("residents.street_unknown", count=nowhere))
    area = named.where(named.notna(), UNNAMED)
    return pd.DataFrame(
        {
            "street_area": area,
            "street_name": named,
            "county_area": county or "county",
            "county_name": county,
        },
        index=communities.index,
    )


def _counted(figures: pd.DataFrame) -> list[str]:
    """Return the columns that add up: persons and rows, no shares and no facts."""
    return [
        name
        for name in figures.columns
        if not name.endswith("_share") and pd.api.types.is_numeric_dtype(figures[name])
    ]


def _community_level(figures: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    counted = _counted(figures)
    outside = figures.index == OUTSIDE
    kinds = figures["community_kind"].where(~outside, EVERY_KIND)
    facts = pd.DataFrame(
        {
            "level": "community",
            "area": figures.index,
            "community_kind": kinds,
            "name": figures["name"],
            "parent": areas["street_area"].reindex(figures.index).where(~outside, OUTSIDE),
            "communities": (~outside).astype(int),
        }
    )
    rows = pd.concat([facts, figures[counted]], axis="columns")
    both = rows[~outside].assign(community_kind=EVERY_KIND)
    return pd.concat([rows, both]).set_index(["level", "area", "community_kind"])


def _summed(below: pd.DataFrame, areas: pd.DataFrame, level: str, key: str) -> pd.DataFrame:
    """Return the next level up; its figures are sums of the rows below, whatever their order."""
    counted = ["communities", *[name for name in _counted(below) if name != "communities"]]
    # Street → county; the county has no parent.
    upward = areas.drop_duplicates("street_area").set_index("street_area")["county_area"]
    named = areas.drop_duplicates(key).set_index(key)[key.replace("_area", "_name")]
    rows = []
    groups = below.groupby([below["parent"], below.index.get_level_values("community_kind")])
    for (area, kind), part in groups:
        sums = {name: math.fsum(part[name]) for name in counted}
        parent = OUTSIDE if area == OUTSIDE else upward.get(area) if level == "street" else ""
        name = None if area == OUTSIDE else named.get(area)
        rows.append(
            {
                "level": level,
                "area": area,
                "community_kind": kind,
                "name": name,
                "parent": parent,
                **sums,
            }
        )
    table = pd.DataFrame(rows).set_index(["level", "area", "community_kind"])
    whole = [name for name in counted if name == "communities" or name.startswith("rows")]
    return table.astype(dict.fromkeys(whole, int))
