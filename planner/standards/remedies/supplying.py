"""Works and rooms for findings: what is offered, and how much of each need is taken of it.

Works change no map: whoever walks to a centre still does. What one centre of a service group gains
counts for what the group lacks, whatever it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.allotting import allotted, metres_of_works
from planner.standards.remedies.area_units import ROOM_KINDS, AreaUnits, area_units
from planner.standards.remedies.changing import Changes
from planner.standards.remedies.ground import CERTAINTIES, Ground
from planner.standards.remedies.needs import BUILDING_AREA, SHARES, USE_AREA
from planner.standards.remedies.options import offers
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.remedies.works import AREA_MAKING, square_metres

WORK: list[str] = ["borne_by", "kind", "partner"]


@dataclass(frozen=True, eq=False)
class Supply:
    """Where works may be done, and what stands there.

    Parameters
    ----------
    judgement, around
        The findings and what stands around.
    lots
        :func:`planner.standards.remedies.surroundings.room_left`.
    changed
        What changes of use give.
    """

    judgement: Judgement
    around: Surroundings
    lots: pd.DataFrame
    changed: Changes

    def ground(self, defects: pd.DataFrame) -> Ground:
        """Return what offers to these findings are made from."""
        units = area_units(defects, self.judgement, self.around, self.lots, self.changed)
        return Ground(defects, self.judgement, self.around, units, self.lots, self.changed)


def in_order(cures: pd.DataFrame, defects: pd.DataFrame) -> pd.DataFrame:
    """Return cures in the order of the findings and, within them, of the measures."""
    order = pd.Series(np.arange(len(defects)), index=defects.index)
    return (
        cures.assign(rank=cures["defect"].map(order))
        .sort_values(["rank", "place", "distance_m", "partner"], kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def supplied(
    rows: pd.DataFrame, defects: pd.DataFrame, supply: Supply, moved: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, AreaUnits]:
    """Return every offer of works, with the part of each need that it makes good.

    Parameters
    ----------
    rows
        :func:`planner.standards.remedies.options.listed_measures` of ``defects``, without those
        that change the map.
    defects
        What is to be cured.
    supply
        Where works may be done.
    moved
        What moves bring to service groups (:func:`brought_by_moves`): it comes before all works.

    Returns
    -------
    DataFrame, AreaUnits
        :func:`planner.standards.remedies.options.offers` with ``borne_by, part, chosen``; who bears
        what.
    """
    first = _no_works(defects) if moved is None else moved
    cures, units = _taken(rows, defects, supply, first)
    gains = _gains_of_mates(cures, defects, units, supply)
    if len(gains):
        before = pd.concat([first, gains], ignore_index=True) if len(first) else gains
        again, after = _taken(rows, defects, supply, before)
        if _still_made(gains, again, after):
            cures, units = again, after
    return _with_own_gains(cures, defects, units), units


def _taken(
    rows: pd.DataFrame, defects: pd.DataFrame, supply: Supply, gains: pd.DataFrame
) -> tuple[pd.DataFrame, AreaUnits]:
    """Return the offers where gains of group-mates come before everything."""
    less = gains["available"].astype(float).groupby(gains["defect"]).sum()
    left = (defects["need_m2"].astype(float) - less.reindex(defects.index)).clip(lower=0.0)
    ground = supply.ground(defects.assign(need_m2=left.fillna(defects["need_m2"])))
    units = ground.units
    offered = offers(rows, ground)
    bearer = offered["defect"].map(units.bearer).astype(object)
    offered = offered.assign(borne_by=bearer.fillna(offered["centre"]))
    parts = [part for part in (gains, offered) if len(part)]
    cures = in_order(pd.concat(parts, ignore_index=True) if parts else offered, defects)
    # The same room, taken over or shared, is there once.
    again = cures["kind"].isin(ROOM_KINDS) & cures["partner"].notna()
    again &= cures.duplicated(["defect", "partner"])
    usable = cures.assign(available=cures["available"].astype(float).mask(again, 0.0))
    bound = _capacity(cures, supply)
    part = allotted(usable, bound, units.building_per_use)
    return cures.assign(part=part, chosen=part > AREA_TOLERANCE_M2, bound_m2=bound), units


def _capacity(cures: pd.DataFrame, supply: Supply) -> pd.Series:
    """Return the building area that the room, or the lot, of each offer has in all."""
    facts = supply.judgement.facts.reindex(columns=["building_area"])
    idle = facts["building_area"].astype(float)
    party = supply.around.party_rooms["area_m2"].astype(float)
    of_room = cures["partner"].map(party).astype(float)
    of_room = of_room.fillna(cures["partner"].map(idle).astype(float))
    lots = supply.lots
    lot = lots["room_m2"].fillna(lots["most_m2"]).reindex(cures["borne_by"])
    bound = of_room.where(cures["kind"].isin(ROOM_KINDS))
    return bound.mask(cures["kind"] == "enlarge", lot.to_numpy())


def _works_made(cures: pd.DataFrame, units: AreaUnits) -> pd.DataFrame:
    """Return the building area that is made, a row a work: ``borne_by, kind, partner, m2, …``."""
    making = cures["chosen"].astype(bool) & ~cures["optional"].astype(bool)
    making &= cures["kind"].isin(AREA_MAKING) & cures["is_area"].astype(bool)
    making &= cures["known_m2"].astype(bool) & (cures["quantity"] != SHARES)
    made = cures[making]
    none = pd.Series(np.nan, index=made.index)
    made = made.assign(
        m2=square_metres(made, units.building_per_use, none),
        partner=made["partner"].fillna("").astype(str),
        sure=made["certainty"].map({name: place for place, name in enumerate(CERTAINTIES)}),
    )
    if made.empty:
        return _no_works(made)
    rooms = made["quantity"].isin(USE_AREA)
    worst = made.sort_values("sure", ascending=False, kind="stable").drop_duplicates(WORK)
    metres = metres_of_works(made, WORK, rooms).rename("made_m2").reset_index()
    kept = [*WORK, "certainty", "reason", "distance_m"]
    return worst[kept].merge(metres, on=WORK).sort_values(WORK, ignore_index=True)


def _no_works(table: pd.DataFrame) -> pd.DataFrame:
    names = [*WORK, "certainty", "reason", "distance_m", "made_m2", "defect", "available"]
    return pd.DataFrame({name: pd.Series(dtype=object) for name in names}, index=table.index[:0])


def _whole(defects: pd.DataFrame) -> pd.DataFrame:
    """Return the findings on a whole building, or on those of a group, of known m²."""
    rows = defects["is_area"].astype(bool) & ~defects["optional"].astype(bool)
    rows &= defects["quantity"].isin(BUILDING_AREA) & defects["need_m2"].notna()
    return defects[rows].rename_axis("defect").reset_index()


def _gains_of_mates(
    cures: pd.DataFrame, defects: pd.DataFrame, units: AreaUnits, supply: Supply
) -> pd.DataFrame:
    """Return what works for other findings at other centres add to what a group lacks."""
    own = cures[~cures["by_group"].astype(bool)]
    made = _works_made(own, units)
    group = supply.judgement.facts.reindex(columns=["group"])["group"].astype(object)
    wants = _whole(defects)
    wants = wants[wants["by_group"].astype(bool)]
    wants = wants.assign(
        of=wants["centre"].map(group), bearer=wants["defect"].map(units.bearer).astype(object)
    )
    if made.empty or wants.empty:
        return _no_works(defects)
    made = made.assign(of=made["borne_by"].map(group))
    found = wants[wants["of"].notna()].merge(made[made["of"].notna()], on="of")
    found = found[found["borne_by"] != found["bearer"]]
    return _gained(found.drop(columns=["of", "bearer"]))


def brought_by_moves(defects: pd.DataFrame, moves: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return what moves add to the floor area that service groups lack, as rows of cures.

    Parameters
    ----------
    defects
        What the moves leave to be cured.
    moves
        ``borne_by`` (who moves), ``partner`` (the site), ``certainty, reason, distance_m,
        made_m2`` (building area more than before), a row a move.
    group
        Service group of each centre, by id; missing where it is of none.
    """
    wants = _whole(defects)
    wants = wants[wants["by_group"].astype(bool)]
    wants = wants.assign(of=wants["centre"].map(group))
    made = moves[moves["made_m2"].astype(float) > AREA_TOLERANCE_M2]
    made = made.assign(kind="move", of=made["borne_by"].map(group))
    if made.empty or wants.empty:
        return _no_works(defects)
    found = wants[wants["of"].notna()].merge(made[made["of"].notna()], on="of")
    return _gained(found.drop(columns="of"))


def _gained(found: pd.DataFrame) -> pd.DataFrame:
    """Return rows of cures for findings that works made for others lessen."""
    partner = found["partner"].astype(object)
    return found.assign(
        partner=partner.where(partner != "", None),
        place=-1,
        need=found["need_m2"].astype(float),
        known_m2=True,
        available=found["made_m2"].astype(float),
        elders_beyond=np.nan,
        stranded=np.nan,
    ).drop(columns="made_m2")


def _still_made(gains: pd.DataFrame, cures: pd.DataFrame, units: AreaUnits) -> bool:
    """Return whether the works that were counted upon are there when all is found anew."""
    own = cures[~cures["by_group"].astype(bool)]
    made = _works_made(own, units).set_index(WORK)["made_m2"].astype(float)
    plain = gains.assign(partner=gains["partner"].fillna("").astype(str))
    wanted = plain.drop_duplicates(WORK).set_index(WORK)["available"].astype(float)
    return bool((made.reindex(wanted.index).fillna(0.0) >= wanted - AREA_TOLERANCE_M2).all())


def _with_own_gains(cures: pd.DataFrame, defects: pd.DataFrame, units: AreaUnits) -> pd.DataFrame:
    """Return the cures; what is made at a centre for one finding lessens what else it lacks."""
    wants = _whole(defects)
    done = cures["part"].astype(float).groupby(cures["defect"]).sum()
    left = wants["need_m2"].astype(float) - wants["defect"].map(done).astype(float).fillna(0.0)
    wants = wants.assign(rest=left, borne_by=wants["defect"].map(units.bearer).astype(object))
    wants = wants[wants["rest"] > AREA_TOLERANCE_M2]
    made = _works_made(cures, units)
    if wants.empty or made.empty:
        return cures
    found = wants.merge(made, on="borne_by")
    has = cures.loc[cures["chosen"].astype(bool), ["defect", "kind", "partner"]]
    used = set(has.fillna("").astype(str).itertuples(index=False, name=None))
    keys = found[["defect", "kind", "partner"]].astype(str).itertuples(index=False, name=None)
    found = found[np.array([key not in used for key in keys], dtype=bool)]
    before = found.groupby("defect")["made_m2"].cumsum().astype(float) - found["made_m2"]
    left = (found["rest"].astype(float) - before).clip(lower=0.0)
    part = found["made_m2"].astype(float).clip(upper=left)
    gained = _gained(found.drop(columns="rest")).assign(part=part.astype(float), chosen=True)
    gained = gained[gained["part"] > AREA_TOLERANCE_M2]
    if gained.empty:
        return cures
    return in_order(pd.concat([cures, gained], ignore_index=True), defects)
