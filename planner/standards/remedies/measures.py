"""What would cure each failing centre: measures in their order, and what nothing cures.

For each finding the measures that its clause names are walked in the clause's order, the mildest
first: each makes good what it can of what is left, until nothing is. Those that were not needed
stay as alternatives; those that cannot be had say why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.allotting import allotted, metres_of_works
from planner.standards.remedies.area_units import ROOM_KINDS, AreaUnits, area_units
from planner.standards.remedies.changing import Changes, changes
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.moves import move_offers, required_site
from planner.standards.remedies.needs import SHARES, USE_AREA, tasks, to_cure
from planner.standards.remedies.options import offers
from planner.standards.remedies.surroundings import Surroundings, room_left, surplus_use_area

SLACK: Final = 1e-6
"""m² below which nothing is left to cure: what sums of floats may lose."""

REPLACING: Final = ("move", "close")
"""Measures after which nothing is built in the old place any more."""

TOGETHER: Final = ("merge", "move", "close", "add_centre", "chain_operation", "packaged_operation")
"""Measures that are one, however many findings they cure."""

AREA_MAKING: Final = (*ROOM_KINDS, "enlarge")
"""Measures whose m² are building area, borne once for a service group."""


@dataclass(frozen=True, eq=False)
class Remedies:
    """What is to be done, and what cannot be.

    Parameters
    ----------
    defects
        :func:`planner.standards.remedies.needs.to_cure`, with ``left`` (how much of ``need`` no
        measure makes good: m², or 1 for a finding of no area) and ``why`` (kinds and reasons of
        those ruled out, ``kind:reason`` joined by 、; ``none_named`` where the clause names none).
    cures
        A row a finding and measure: ``defect, centre, kind, place, partner, need, part`` (of the
        need, made good), ``chosen, certainty, reason, borne_by, m2, distance_m, elders_beyond,
        stranded``. Neither chosen nor ruled out: an alternative.
    measures
        What is chosen, a row a centre, kind and partner, in the order of the centres' findings:
        ``centre, kind, partner, m2`` (of findings on the whole building the greatest, of separate
        rooms the sum, the greater of both; NaN where of no area), ``certainty`` (the least sure),
        ``reason``, ``defects`` (ids cured, joined by 、), ``optional`` (only remarks), ``force``,
        ``elders, short_share, distance_m, elders_beyond, stranded, items`` (how many things are
        lacking).
    tasks
        Unknown findings, by what would tell: no defects.
    """

    defects: pd.DataFrame
    cures: pd.DataFrame
    measures: pd.DataFrame
    tasks: pd.DataFrame

    @property
    def uncured(self) -> pd.DataFrame:
        """The defects (no remarks) that no measure cures wholly."""
        return self.defects[~self.defects["optional"] & (self.defects["left"] > SLACK)]


def find_remedies(judgement: Judgement, around: Surroundings) -> Remedies:
    """Return the measures that would cure every finding that is short, and what nothing cures.

    Parameters
    ----------
    judgement
        The findings.
    around
        What stands around the centres.

    Returns
    -------
    Remedies
        The same whatever the order of any table's rows.
    """
    defects = _with_shares(to_cure(judgement), judgement, around)
    lots = room_left(judgement)
    changed = changes(defects, judgement, around)
    cures, units = _chosen(defects, judgement, around, lots, changed)
    replaced = _replaced(cures)
    if len(replaced):
        # A centre that moves needs no rooms in its old place: they are free for the others.
        staying = defects[~defects["centre"].isin(replaced.index)]
        leaving = defects[defects["centre"].isin(replaced.index)]
        again, _ = _chosen(staying, judgement, _without(around, replaced), lots, changed)
        gone = _superseded(cures[cures["centre"].isin(replaced.index)], replaced, leaving)
        cures = pd.concat([again, gone], ignore_index=True)
    cures = _in_order(_one_way_a_room(_unsure_shares(cures)), defects)
    asked = required_site(Ground(defects, judgement, around, units, lots, changed))
    cures = cures.assign(m2=_square_metres(cures, units.building_per_use, asked))
    return Remedies(
        defects=_with_left(defects, cures),
        cures=cures,
        measures=_measures(cures, defects, around),
        tasks=tasks(judgement),
    )


def _with_shares(defects: pd.DataFrame, judgement: Judgement, around: Surroundings) -> pd.DataFrame:
    """Return the defects with the m² that shares of use area are off by, where the class is known.

    What the groups of rooms with too much have beyond their shares is what the others lack.
    """
    surplus = surplus_use_area(judgement, around).sum(axis="columns", skipna=False)
    moved = defects["centre"].map(surplus).astype(float)
    shares = (defects["quantity"] == SHARES) & moved.notna()
    return defects.assign(need_m2=defects["need_m2"].mask(shares, moved))


def _chosen(
    defects: pd.DataFrame,
    judgement: Judgement,
    around: Surroundings,
    lots: pd.DataFrame,
    changed: Changes,
) -> tuple[pd.DataFrame, AreaUnits]:
    """Return every offer, with the part of each need that it makes good."""
    units = area_units(defects, judgement, around, lots, changed)
    ground = Ground(defects, judgement, around, units, lots, changed)
    offered = offers(ground)
    moves = move_offers(ground, _before_moves(offered, defects))
    parts = [part for part in (offered, moves) if len(part)]
    cures = pd.concat(parts, ignore_index=True) if parts else offered
    cures = _in_order(cures, defects)
    # The same room, taken over or shared, is there once.
    again = cures["kind"].isin(ROOM_KINDS) & cures["partner"].notna()
    again &= cures.duplicated(["defect", "partner"])
    bearer = cures["defect"].map(units.bearer)
    borne = bearer.where(cures["kind"].isin(AREA_MAKING) & bearer.notna(), cures["centre"])
    cures = cures.assign(borne_by=borne)
    usable = cures.assign(available=cures["available"].astype(float).mask(again, 0.0))
    part = allotted(usable, _capacity(cures, units, lots), units.building_per_use)
    return cures.assign(part=part, chosen=part > SLACK), units


def _capacity(cures: pd.DataFrame, units: AreaUnits, lots: pd.DataFrame) -> pd.Series:
    """Return the building area that the room, or the lot, of each offer has in all."""
    rooms = units.promised.set_index("room")["m2"].astype(float)
    of_room = cures["partner"].map(rooms).where(cures["kind"].isin(ROOM_KINDS))
    lot = lots["room_m2"].fillna(lots["most_m2"]).reindex(cures["borne_by"])
    return of_room.astype(float).mask(cures["kind"] == "enlarge", lot.to_numpy())


def _unsure_shares(cures: pd.DataFrame) -> pd.DataFrame:
    """Return the cures; shares of use area are not sure where other measures add rooms."""
    making = cures["chosen"] & cures["kind"].isin(AREA_MAKING) & ~cures["optional"].astype(bool)
    adding = set(cures.loc[making & cures["is_area"].astype(bool), "borne_by"])
    shares = (cures["quantity"] == SHARES) & (cures["kind"] == "change_use")
    unsure = shares & (cures["certainty"] == "certain") & cures["centre"].isin(adding)
    return cures.assign(
        certainty=cures["certainty"].mask(unsure, "to_visit"),
        reason=cures["reason"].mask(unsure & (cures["reason"] == ""), "rooms_change"),
    )


def _one_way_a_room(cures: pd.DataFrame) -> pd.DataFrame:
    """Return the cures; a room that is taken over for one finding is not shared for another."""
    by_room = cures["chosen"] & cures["is_area"].astype(bool) & cures["partner"].notna()
    by_room &= ~cures["optional"].astype(bool)
    keys = cures["borne_by"].astype(str) + "\n" + cures["partner"].fillna("").astype(str)
    taken = set(keys[by_room & (cures["kind"] == "take_over_rooms")])
    shared = by_room & (cures["kind"] == "share_rooms") & keys.isin(taken)
    named = cures.assign(kind=cures["kind"].mask(shared, "take_over_rooms"))
    return named[named["chosen"] | ~named.duplicated(["defect", "kind", "partner"], keep=False)]


def _in_order(cures: pd.DataFrame, defects: pd.DataFrame) -> pd.DataFrame:
    order = pd.Series(np.arange(len(defects)), index=defects.index)
    return (
        cures.assign(rank=cures["defect"].map(order))
        .sort_values(["rank", "place", "distance_m", "partner"], kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def _before_moves(offered: pd.DataFrame, defects: pd.DataFrame) -> pd.Series:
    """Return how much of each need the measures before the move make good."""
    places = pd.Series(
        [kinds.index("move") if "move" in kinds else 0 for kinds in defects["measures"]],
        index=defects.index,
    )
    milder = offered[offered["place"].astype(float) < offered["defect"].map(places).astype(float)]
    milder = milder.drop_duplicates(["defect", "partner", "kind"])
    return milder["available"].astype(float).groupby(milder["defect"]).sum()


def _replaced(cures: pd.DataFrame) -> pd.DataFrame:
    """Return the centres that move or close: ``kind, partner`` by centre."""
    gone = cures[cures["chosen"] & cures["kind"].isin(REPLACING) & ~cures["optional"].astype(bool)]
    return gone.drop_duplicates("centre").set_index("centre")


def _without(around: Surroundings, replaced: pd.DataFrame) -> Surroundings:
    """Return the surroundings less the sites that centres have moved to."""
    taken = set(replaced["partner"].dropna())
    return Surroundings(
        **{
            **{name: getattr(around, name) for name in around.__dataclass_fields__},
            "sites": around.sites[~around.sites.index.isin(taken)],
            "party_rooms": around.party_rooms[~around.party_rooms.index.isin(taken)],
        }
    )


def _superseded(cures: pd.DataFrame, replaced: pd.DataFrame, defects: pd.DataFrame) -> pd.DataFrame:
    """Return the offers to centres that move or close, where that alone is chosen."""
    kind = cures["centre"].map(replaced["kind"])
    is_it = cures["kind"] == kind
    was = cures["chosen"] & ~is_it
    told = cures.assign(
        part=cures["need"].where(is_it & (cures["certainty"] != "ruled_out"), 0.0),
        chosen=is_it & (cures["certainty"] != "ruled_out"),
        reason=cures["reason"].mask(was, "superseded"),
    )
    # A finding whose clause does not name the move is met, or not, when the new place is fitted.
    rest = defects[~defects.index.isin(told.loc[told["chosen"], "defect"])]
    by = replaced.reindex(rest["centre"])
    known = rest["is_area"] & rest["need_m2"].notna()
    need = rest["need_m2"].astype(float).where(known, 1.0)
    implied = rest.rename_axis("defect").reset_index().assign(
        kind=by["kind"].to_numpy(), partner=by["partner"].to_numpy(), place=len(cures),
        need=need.to_numpy(), known_m2=known.to_numpy(), available=need.to_numpy(),
        part=need.to_numpy(), chosen=True, certainty="to_visit", reason="structure",
        borne_by=rest["centre"].to_numpy(), distance_m=by["distance_m"].to_numpy(),
        elders_beyond=by["elders_beyond"].to_numpy(), stranded=by["stranded"].to_numpy(),
    )  # fmt: skip
    return pd.concat([part for part in (told, implied) if len(part)], ignore_index=True)


def _square_metres(cures: pd.DataFrame, per_use: float, asked: pd.Series) -> pd.Series:
    """Return the m² of each measure: of building, but for a change of use, which is of use."""
    in_use = cures["quantity"].isin(USE_AREA) & cures["kind"].isin(AREA_MAKING)
    scale = pd.Series(1.0, index=cures.index).mask(in_use, per_use)
    areal = cures["is_area"].astype(bool) & cures["known_m2"].astype(bool)
    areal &= cures["kind"].isin((*AREA_MAKING, "change_use"))
    areal &= (cures["quantity"] != SHARES) | (cures["kind"] == "change_use")
    shown = cures["part"].where(cures["chosen"], np.minimum(cures["available"], cures["need"]))
    metres = (shown.astype(float) * scale).where(areal & (cures["certainty"] != "ruled_out"))
    return metres.mask(cures["kind"] == "move", cures["centre"].map(asked)).astype(float)


_PARTLY: Final = ("room_unknown", "no_surplus", "rooms_need_it", "given_already")
"""Why a measure that can be had may still not be enough."""


def _with_left(defects: pd.DataFrame, cures: pd.DataFrame) -> pd.DataFrame:
    done = cures["part"].astype(float).groupby(cures["defect"]).sum().reindex(defects.index)
    known = defects["is_area"] & defects["need_m2"].notna()
    need = defects["need_m2"].astype(float).where(known, 1.0)
    left = (need - done.fillna(0.0)).clip(lower=0.0)
    partly = cures["reason"].isin(_PARTLY)
    out = cures[(cures["certainty"] == "ruled_out") | partly]
    said = out["kind"].astype(str) + ":" + out["reason"].astype(str)
    why = said.groupby(out["defect"]).agg(lambda parts: "、".join(dict.fromkeys(parts)))
    told = why.reindex(defects.index).astype(object)
    none = ~defects.index.isin(cures["defect"])
    told = told.where(told.notna(), "").mask(pd.Series(none, index=defects.index), "none_named")
    return defects.assign(left=left.where(left > SLACK, 0.0), why=told)


_WORST: Final = {"certain": 0, "to_visit": 1}


def _works(chosen: pd.DataFrame) -> pd.Series:
    """Return what tells works of one kind at one centre apart: what they are about.

    One lift cures what two books say of upper floors; but a door and a corridor are two works. What
    makes floor area is one work whatever asks for it, and so is what is done with a partner.
    """
    one = chosen["kind"].isin((*AREA_MAKING, *TOGETHER)) & (
        chosen["is_area"].astype(bool) | chosen["kind"].isin(TOGETHER)
    )
    return chosen["matter"].astype(str).mask(one, "")


def _measures(cures: pd.DataFrame, defects: pd.DataFrame, around: Surroundings) -> pd.DataFrame:
    """Return what is chosen, a row a measure."""
    chosen = cures[cures["chosen"]].assign(partner=cures["partner"].fillna("").astype(str))
    chosen = chosen.assign(
        work=_works(chosen),
        optional=chosen["optional"].astype(bool),
        sure=chosen["certainty"].map(_WORST).astype(float),
        items=chosen["told"].fillna("").astype(str).map(lambda told: len(told.split("、"))),
    ).sort_values("sure", ascending=False, kind="stable")
    keys = ["borne_by", "kind", "partner", "optional", "work"]
    rooms = chosen["quantity"].isin(USE_AREA) & chosen["kind"].isin(AREA_MAKING)
    grouped = chosen.groupby(keys, sort=False)
    table = grouped.agg(
        certainty=("certainty", "first"),
        reason=("reason", "first"),
        force_place=("force_place", "min"),
        short_share=("short_share", "max"),
        distance_m=("distance_m", "min"),
        elders_beyond=("elders_beyond", "max"),
        stranded=("stranded", "max"),
        items=("items", "sum"),
    )
    order = pd.Series(np.arange(len(defects)), index=defects.index)
    placed = chosen.assign(rank=chosen["defect"].map(order)).sort_values("rank")
    by = placed.groupby(keys, sort=False)
    table = table.assign(
        defects=by["defect"].agg("、".join).reindex(table.index),
        m2=metres_of_works(chosen, keys, rooms).reindex(table.index),
        rank=by["rank"].min().reindex(table.index),
        place=by["place"].min().reindex(table.index),
    ).reset_index(names=keys)
    table = table.rename(columns={"borne_by": "centre"})
    table = table.assign(
        partner=table["partner"].where(table["partner"] != "", None).astype(object),
        force=table["force_place"].map({0: "应", 1: "宜", 2: "可"}).fillna("-"),
        elders=table["centre"].map(around.elders).astype(float),
    )
    ranked = table.sort_values(["centre", "optional", "rank", "place", "distance_m", "partner"])
    return ranked.drop(columns=["rank", "place", "force_place", "work"]).reset_index(drop=True)
