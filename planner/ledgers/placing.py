"""Where centres belong: their community and sub-district, a place for those that have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.labels import message
from planner.ledgers.addresses import Addresses, place_by_addresses
from planner.ledgers.findings import Journal, Ledger
from planner.ledgers.values import plain
from planner.ledgers.words import LIST_MARK
from planner.ledgers.wrong_places import District as District
from planner.ledgers.wrong_places import doubtful_at_one_place, in_district, mended_swaps

WATER_KIND: Final = "water"


@dataclass(frozen=True)
class Gazetteer:
    """The communities of a plan by id and by name, for joining by label without guessing.

    Parameters
    ----------
    ids
        Every id, by its plain form.
    names
        Ids of the communities of each plain name, in the order of ids.
    streets
        Plain sub-district of each id, where known.
    full_names
        Ids of the communities of each plain name that begins with their sub-district's.
    """

    ids: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    streets: Mapping[str, str]
    full_names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, communities: gpd.GeoDataFrame) -> Gazetteer:
        """Return the gazetteer of a table of communities."""
        names: dict[str, list[str]] = {}
        for name, code in sorted(zip(communities["name"], communities.index, strict=True)):
            names.setdefault(plain(name), []).append(str(code))
        given = communities["street"] if "street" in communities else pd.Series(dtype=object)
        streets = {str(code): plain(street) for code, street in given.dropna().items()}
        full: dict[str, list[str]] = {}
        for name, code in ((name, code) for name, codes in names.items() for code in codes):
            full.setdefault(f"{streets.get(code, '')}{name}", []).append(code)
        return cls(
            {plain(code): str(code) for code in communities.index},
            {name: tuple(sorted(codes)) for name, codes in names.items()},
            streets,
            {name: tuple(sorted(codes)) for name, codes in full.items()},
        )

    def candidates(self, label: str, street: str | None = None) -> tuple[str, ...]:
        """Return the ids that a label may mean: one if it is an id or a name of its own.

        Parameters
        ----------
        label
            An id or a name as a ledger writes it.
        street
            The sub-district beside it, which decides between several of one name.
        """
        word = plain(label)
        if word in self.ids:
            return (self.ids[word],)
        named = self.names.get(word) or self.full_names.get(word, ())
        if len(named) > 1 and street is not None:
            here = tuple(code for code in named if self.streets.get(code) == plain(street))
            return here or named
        return named


def communities_at(points: gpd.GeoSeries, communities: gpd.GeoDataFrame) -> pd.Series:
    """Return the id of the community in which each point lies.

    Parameters
    ----------
    points
        Points, in any CRS; missing ones lie nowhere.
    communities
        Outlines; where two meet in a point, the lesser id has it (boundaries belong to both).

    Returns
    -------
    Series
        Index of ``points``; ``None`` outside all outlines.
    """
    outlines = communities.geometry.sort_index()
    there = points.to_crs(outlines.crs)
    tree = shapely.STRtree(outlines.to_numpy())
    which, inside = tree.query(there.to_numpy(), predicate="intersects")
    best = np.full(len(points), len(outlines), dtype=np.int64)
    np.minimum.at(best, which, inside)
    codes = np.array([*outlines.index, None], dtype=object)
    return pd.Series(codes[best], index=points.index, dtype=object)


def place_centres(
    ledger: Ledger,
    communities: gpd.GeoDataFrame,
    *,
    district: District | None = None,
    addresses: Addresses | None = None,
    accept_approximate: bool = False,
) -> Ledger:
    """Return the ledger with each centre in its community and sub-district.

    The ledger's own text comes first, if it is exactly a community's id, or a name that only one
    community has (in the sub-district that the row names); else the outline that the point lies
    in. A centre without coordinates is placed by its address, else put on a point inside its
    community, position ``approximate``. ``serves`` becomes ids. Points whose coordinates cannot be
    right are told of (:mod:`planner.ledgers.wrong_places`).

    Parameters
    ----------
    ledger
        Centres, as :func:`planner.ledgers.read.read_ledger` returns them.
    communities
        The plan's communities.
    district
        Outline of the plan in the ledger's CRS; the union of ``communities`` if not given.
    addresses
        The planner's table of addresses, in the ledger's CRS.
    accept_approximate
        Whether the planner accepts that centres stand at their community's middle: their position
        is then ``accepted``, and they count in headline figures.
    """
    if addresses is not None:
        ledger = place_by_addresses(ledger, addresses)
    ledger = mended_swaps(doubtful_at_one_place(ledger), communities, district=district)
    journal = Journal(ledger.file.name)
    gazetteer = Gazetteer.of(communities)
    table = ledger.table.copy()
    by_text = _by_text(table, gazetteer, journal)
    by_place = communities_at(table.geometry, communities)
    for name in table.index[by_text.notna() & by_place.notna() & (by_text != by_place)]:
        told = message(
            "ledgers.community_differs",
            said=communities["name"][by_text[name]],
            lies=communities["name"][by_place[name]],
        )
        journal.add("doubt", told, of=str(name))
    table["community"] = by_text.where(by_text.notna(), by_place)
    _take_streets(table, communities, journal)
    table["serves"] = _served(table, gazetteer, journal)
    table = _placed_at_communities(table, communities, journal, accept=accept_approximate)
    placed = ledger.with_findings(journal, table)
    return tell_outside(placed, communities, district=district)


def place_estates(ledger: Ledger, communities: gpd.GeoDataFrame) -> Ledger:
    """Return the ledger with each estate in its community and sub-district, as for centres.

    Parameters
    ----------
    ledger
        Estates; an outline lies in the community that a point inside of it lies in.
    communities
        The plan's communities.
    """
    journal = Journal(ledger.file.name)
    table = ledger.table.copy()
    by_text = _by_text(table, Gazetteer.of(communities), journal)
    by_place = communities_at(table.geometry.representative_point(), communities)
    table["community"] = by_text.where(by_text.notna(), by_place)
    _take_streets(table, communities, journal)
    return ledger.with_findings(journal, table)


def _take_streets(table: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, journal: Journal) -> None:
    """Fill in the sub-district of each row's community, and tell of rows that name another."""
    street = table["community"].map(communities["street"].dropna())
    both = table.index[table["street"].notna() & street.notna()]
    for name, said, lies in zip(both, table["street"][both], street[both], strict=True):
        short, long = sorted((plain(said), plain(lies)), key=len)
        if not long.startswith(short):  # 东街道 and 东街道办事处 are one
            told = message("ledgers.street_differs", said=said, lies=lies)
            journal.add("doubt", told, of=str(name), column="street")
    table["street"] = table["street"].where(table["street"].notna(), street)


def _by_text(table: gpd.GeoDataFrame, gazetteer: Gazetteer, journal: Journal) -> pd.Series:
    found: dict[str, str | None] = {}
    there = table["community"].notna()
    for name, label, street in zip(
        table.index[there], table["community"][there], table["street"][there], strict=True
    ):
        meant = gazetteer.candidates(label, street if isinstance(street, str) else None)
        found[name] = meant[0] if len(meant) == 1 else None
        if len(meant) != 1:
            key = "ledgers.community_ambiguous" if meant else "ledgers.community_unknown"
            journal.add("doubt", message(key, label=label), column="community", of=str(name))
    return pd.Series(found, dtype=object).reindex(table.index)


def _served(table: gpd.GeoDataFrame, gazetteer: Gazetteer, journal: Journal) -> pd.Series:
    """Return the ids of the communities that each centre is said to serve, joined by 、."""
    result: dict[str, str | None] = {}
    there = table["serves"].notna()
    for name, labels, street in zip(
        table.index[there], table["serves"][there], table["street"][there], strict=True
    ):
        codes: list[str] = []
        for label in labels.split(LIST_MARK):
            meant = gazetteer.candidates(label, street if isinstance(street, str) else None)
            if len(meant) == 1:
                codes.append(meant[0])
            else:
                key = "ledgers.serves_ambiguous" if meant else "ledgers.serves_unknown"
                journal.add("doubt", message(key, label=label), column="serves", of=str(name))
        result[name] = LIST_MARK.join(dict.fromkeys(codes)) or None
    return pd.Series(result, dtype=object).reindex(table.index).where(lambda one: one.notna(), None)


def _placed_at_communities(
    table: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, journal: Journal, *, accept: bool
) -> gpd.GeoDataFrame:
    lost = (table["position"] == "none") & table["community"].notna()
    if not lost.any():
        return table
    outlines = communities.geometry.to_crs(table.crs)
    inner = outlines.representative_point()
    geometry = table.geometry.to_numpy().copy()
    geometry[lost.to_numpy()] = inner[table["community"][lost]].to_numpy()
    table = table.set_geometry(gpd.GeoSeries(geometry, index=table.index, crs=table.crs))
    table["position"] = table["position"].where(~lost, "accepted" if accept else "approximate")
    key = "datum.place_accepted" if accept else "ledgers.place_approximate"
    for name in table.index[lost]:
        told = message(key, community=communities["name"][table["community"][name]])
        journal.add("doubt", told, of=str(name))
    return table


def tell_outside(
    ledger: Ledger, communities: gpd.GeoDataFrame | None, *, district: District | None = None
) -> Ledger:
    """Return the ledger with a finding for each point outside the district.

    Parameters
    ----------
    ledger
        Centres, candidates or estates.
    communities
        The plan's communities, whose union is the district where none is given.
    district
        The district's outline, in the ledger's CRS.
    """
    if district is None and communities is None:
        return ledger
    ledger = mended_swaps(ledger, communities, district=district)
    journal = Journal(ledger.file.name)
    outside = ~in_district(ledger.table.geometry, communities, district=district)
    there = ~(ledger.table.geometry.isna() | ledger.table.geometry.is_empty)
    for name in ledger.table.index[outside & there]:
        journal.add("doubt", message("ledgers.outside_district"), of=str(name))
    return ledger.with_findings(journal, ledger.table)


def doubtful_in_water(ledger: Ledger, water: gpd.GeoDataFrame) -> Ledger:
    """Return the ledger with points that lie in water marked ``doubtful`` and told of.

    Parameters
    ----------
    ledger
        Centres or candidates, row by row; or residents, of whom only the number in water is told:
        outlines of water are drawn roughly, and houses on its edge are many.
    water
        ``ground_kind`` and polygons, in any CRS, as :func:`planner.streets.read_ground` returns
        them; kinds other than water are passed over.
    """
    table, journal = ledger.table, Journal(ledger.file.name)
    shapes = water[water["ground_kind"] == WATER_KIND].geometry.to_crs(table.crs)
    shapes = shapes[shapes.geom_type.isin(["Polygon", "MultiPolygon"])]
    if shapes.empty or table.empty:
        return ledger
    tree = shapely.STRtree(shapes.to_numpy())
    which, _ = tree.query(table.geometry.to_numpy(), predicate="within")
    wet = np.zeros(len(table), dtype=bool)
    wet[which] = True
    if "position" not in table:
        if wet.any():
            told = message("datum.residents_in_water", rows=int(wet.sum()), all=len(wet))
            journal.add("doubt", told)
        return ledger.with_findings(journal, table)
    wet &= (table["position"] == "given").to_numpy()
    table = table.assign(position=table["position"].mask(wet, "doubtful"))
    for name in table.index[wet]:
        journal.add("grave", message("ledgers.in_water"), of=str(name))
    return ledger.with_findings(journal, table)
