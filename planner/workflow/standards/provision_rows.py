"""The two sheets of provision: tiers by street with their ratios, and communities' floor area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.coverage.areas import UNNAMED
from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.standards.provision.ratios import RATIOS
from planner.standards.provision.tiers import DISTRICT, EVERY_LINE, UNPLACED
from planner.tables import LIST_MARK
from planner.units import BoolArray
from planner.workflow.covering.area_counts import shown_parts, withheld
from planner.workflow.standards.provision import Provision

TIER_COLUMNS: Final = {
    "facilities": "tier_open",
    "not_open": "tier_not_open",
    "m2": "tier_m2",
    "m2_unknown": "tier_m2_unknown",
    "per_100_elders_m2": "per_100_elders_m2",
    "beds": "tier_beds",
    "beds_unknown": "tier_beds_unknown",
    "per_1000_elders_beds": "per_1000_elders_beds",
    "carers": "tier_carers",
    "carers_unknown": "tier_carers_unknown",
    "per_10000_elders_carers": "per_10000_elders_carers",
    "elderly_60": "elderly_60",
}
"""What the sheet shows of a table of tiers, and how it is headed there."""

ALWAYS: Final = ("centres", "all")
"""Lines that every area shows, also where it has nothing."""


def told_elders(tiers: pd.DataFrame) -> pd.DataFrame:
    """Return a table of tiers with the elders withheld that would tell of a few.

    Streets of fewer than :data:`planner.outputs.content.LEAST_ELDERS` are withheld, and others
    with them (:func:`planner.workflow.covering.area_counts.shown_parts`). Where any street is, or
    the elders of its 社区 or of its 村 alone are so few, elders of 社区 and of 村 are told nowhere:
    sums along streets and across kinds would bring them back. Ratios to withheld elders go with
    them.

    Parameters
    ----------
    tiers
        :attr:`planner.workflow.standards.provision.Provision.tiers`.
    """
    split = tiers["line"].isin([line.key for line in EVERY_LINE if line.where != "everywhere"])
    streets = ~tiers["area"].isin([DISTRICT, UNPLACED])
    whole = tiers[(tiers["line"] == "all") & streets].set_index("area")["elderly_60"].fillna(0.0)
    nothing = np.zeros(len(whole), dtype=bool)
    shown = shown_parts(whole.to_numpy(dtype=np.float64), nothing)
    silent = tiers["area"].isin(whole.index[~shown])
    few = (tiers["elderly_60"] > 0) & (tiers["elderly_60"] < LEAST_ELDERS)
    silent |= few
    if silent.any():
        silent |= split
    columns = ["elderly_60", *RATIOS.values()]
    told = tiers[columns].mask(_wide(silent, len(columns)))
    return tiers.assign(**{name: told[name] for name in columns})


def _wide(rows: Sequence[bool] | pd.Series, columns: int) -> BoolArray:
    """Return a flag of every row for each of its cells, shape (rows, columns)."""
    return np.repeat(np.asarray(rows, dtype=bool)[:, None], columns, axis=1)


def tier_rows(found: Provision, language: Language) -> pd.DataFrame:
    """Return the sheet of tiers: a row an area and line of which it has facilities, and sums.

    Parameters
    ----------
    found
        What the district has.
    language
        Language of the words.
    """
    tiers = told_elders(found.tiers)
    kept = (tiers["facilities"] + tiers["not_open"] > 0) | tiers["line"].isin(list(ALWAYS))
    rows = tiers[kept].reset_index(drop=True)
    shown = rows[list(TIER_COLUMNS)].rename(columns=TIER_COLUMNS)
    special = {
        UNNAMED: text(f"measures.area_{UNNAMED}", language),
        UNPLACED: text("provision.unplaced", language),
        DISTRICT: "",
    }
    district = rows["area"] == DISTRICT
    levels = [text(f"measures.level_{DISTRICT if one else 'street'}", language) for one in district]
    shown.insert(0, "area_level", levels)
    shown.insert(1, "street", rows["area"].replace(special))
    shown.insert(2, "tier", [text(f"provision.line_{line}", language) for line in rows["line"]])
    return shown


AREA_COLUMNS: Final = {
    "required_m2": "part_required_m2",
    "held_m2": "part_held_m2",
    "shortfall_m2": "part_shortfall_m2",
}


def community_rows(found: Provision, communities: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return the sheet of communities: the district, its streets, then every community.

    Parameters
    ----------
    found
        What the communities require and hold.
    communities
        The communities table.
    language
        Language of the words.

    Returns
    -------
    DataFrame
        ``area_level, street, name, population, elderly_60, size_class, served_with,
        part_required_m2, part_held_m2, part_shortfall_m2, result, joins, join_by,
        group_centres_needed, group_centres``. Elders under five are withheld as on every sheet,
        and with them the parts of the group that they would follow from.
    """
    areas = found.communities
    people = communities.reindex(columns=["name", "population", "elderly_60"]).loc[areas.index]
    names = people["name"].astype(object)
    names = names.where(names.notna(), pd.Series(names.index, index=names.index))
    # Two of one name are told apart by their codes, in lists of names above all.
    twice = names.duplicated(keep=False)
    codes = "（" + pd.Series(names.index.astype(str), index=names.index) + "）"
    names = names.where(~twice, names.astype(str) + codes)
    streets = found.street_names.reindex(areas.index)
    elders = people["elderly_60"].astype(float)
    whole, by_street, each = withheld(elders.fillna(0.0), streets)
    told = elders.where(each.notna())
    silent = areas["group"].isin(areas["group"][told.isna() & elders.notna()])
    parts = areas[list(AREA_COLUMNS)].rename(columns=AREA_COLUMNS)
    silent &= areas["share_by"] != "alone"
    rows = parts.mask(_wide(silent, parts.shape[1])).assign(
        area_level=text("measures.level_community", language),
        street=streets,
        name=names,
        population=people["population"].astype(float),
        elderly_60=told,
        size_class=[_size(row, language) for row in areas.to_dict(orient="records")],
        served_with=_named(areas["served_with"], names),
        result=areas["result"],
        joins=_named(areas["joins"], names),
        join_by=[_join(row, language) for row in areas.to_dict(orient="records")],
        group_centres_needed=areas["group_centres_needed"],
        group_centres=areas["group_centres"],
    )
    # Among people there are elders: a 0 is a number that nobody knows.
    lost = ~(elders > 0)
    unknown = lost.groupby(streets.to_numpy()).any()
    by_street = by_street.where(~unknown.reindex(by_street.index))
    persons = people["population"].astype(float).where(people["population"] > 0)
    # A sum with a missing part is missing.
    missing = persons.isna().groupby(streets.to_numpy()).any()
    of_street = persons.groupby(streets.to_numpy()).sum().where(~missing)
    of_streets = _sums(found.streets, of_street, by_street, language).assign(
        area_level=text("measures.level_street", language)
    )
    of_streets["street"] = of_streets.index
    ranked = rows.assign(order=streets).sort_values("order", kind="stable").drop(columns="order")
    district = _sums(
        found.district,
        pd.Series({DISTRICT: persons.sum(skipna=False)}),
        pd.Series({DISTRICT: np.nan if lost.any() else whole}),
        language,
    ).assign(area_level=text("measures.level_district", language), street="")
    table = pd.concat([district, of_streets, ranked], ignore_index=True)
    unnamed = text(f"measures.area_{UNNAMED}", language)
    table["street"] = table["street"].replace({UNNAMED: unnamed})
    return table[list(COMMUNITY_COLUMNS)]


COMMUNITY_COLUMNS: Final = (
    "area_level", "street", "name", "population", "elderly_60", "size_class", "served_with",
    *AREA_COLUMNS.values(), "result", "joins", "join_by", "group_centres_needed", "group_centres",
)  # fmt: skip


_COUNTED: Final = ("communities", "short", "unknown")


def _sums(
    sums: pd.DataFrame, population: pd.Series, elders: pd.Series, language: Language
) -> pd.DataFrame:
    """Return rows of sums over communities; what is not known is told, never added."""
    table = sums[list(AREA_COLUMNS)].rename(columns=AREA_COLUMNS)
    told = [
        text("provision.sum_result", language, **dict(zip(_COUNTED, row, strict=True)))
        for row in sums[list(_COUNTED)].astype(int).to_numpy().tolist()
    ]
    return table.assign(
        name="",
        population=population.reindex(sums.index),
        elderly_60=elders.reindex(sums.index),
        size_class=[
            text("provision.sum_size", language, below=int(below), above=int(above))
            for below, above in zip(sums["below"], sums["above"], strict=True)
        ],
        served_with="",
        result=told,
        joins="",
        join_by="",
        group_centres_needed=np.nan,
        group_centres=np.nan,
    )


def _named(lists: pd.Series, names: pd.Series) -> list[str]:
    """Return lists of ids as lists of names."""
    known: Mapping[Any, Any] = names.to_dict()
    entries = [listed.split(LIST_MARK) if listed else [] for listed in lists]
    return [LIST_MARK.join(str(known.get(one, one)) for one in listed) for listed in entries]


def _size(row: Mapping[Any, Any], language: Language) -> str:
    centres = row["centres_needed"]
    return text(
        f"provision.size_{row['size']}",
        language,
        centre_class=row["centre_class"] or "",
        centres=0 if pd.isna(centres) else int(centres),
    )


def _join(row: Mapping[Any, Any], language: Language) -> str:
    """Return what decided with whom a community is joined: minutes on foot, or the air-line."""
    if not row["joins"]:
        return ""
    return text(
        f"provision.join_{row['join_how']}",
        language,
        minutes=row["join_minutes"],
        apart_m=row["join_apart_m"],
    )
