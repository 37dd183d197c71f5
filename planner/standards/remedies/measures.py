"""What would cure each failing centre: measures in their order, and what nothing cures.

For each finding the measures that its clause names are walked in the clause's order, the mildest
first: each makes good what it can of what is left, until nothing is. Those that were not needed
stay as alternatives; those that cannot be had say why.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from planner.standards.floor_area.group_area import AREA_TOLERANCE_M2
from planner.standards.judging.findings import Judgement
from planner.standards.remedies.changing import changes
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.needs import SHARES, tasks, to_cure
from planner.standards.remedies.options import listed_measures
from planner.standards.remedies.structural import STRUCTURAL, StructuralPlan
from planner.standards.remedies.structural_cures import cured_rows, told_rows
from planner.standards.remedies.supplying import (
    Supply,
    brought_by_moves,
    in_order,
    supplied,
)
from planner.standards.remedies.surroundings import Surroundings, room_left, surplus_use_area
from planner.standards.remedies.trials import Trial
from planner.standards.remedies.trying import Experience, Trials, tried_plan
from planner.standards.remedies.verifying import check_promises
from planner.standards.remedies.works import AREA_MAKING, as_works, chosen_works, square_metres
from planner.tables import LIST_MARK, OPEN_STATUS

STOPPED: Final = "停运"
"""What stands where a centre has gone."""


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
    experience
        What trials have told: of each measure that changes the map, and of all together.
    """

    defects: pd.DataFrame
    cures: pd.DataFrame
    measures: pd.DataFrame
    tasks: pd.DataFrame
    experience: Experience = field(default_factory=Experience)

    @property
    def uncured(self) -> pd.DataFrame:
        """The defects (no remarks) that no measure cures wholly."""
        return self.defects[~self.defects["optional"] & (self.defects["left"] > AREA_TOLERANCE_M2)]


def find_remedies(
    judgement: Judgement, around: Surroundings, trial: Trial | None = None
) -> Remedies:
    """Return the measures that would cure every finding that is short, and what nothing cures.

    Parameters
    ----------
    judgement
        The findings.
    around
        What stands around the centres.
    trial
        Carries measures out on a copy of the ledger and judges it: a move, merger or closing is
        taken up only where it cures what it is to cure, and harms nobody. Without one it is told
        as to be tried (``untried``), never as sure.

    Returns
    -------
    Remedies
        The same whatever the order of any table's rows.

    Raises
    ------
    RemedyError
        If a recount finds a promise of the plan broken.
    """
    defects = _with_shares(to_cure(judgement), judgement, around)
    lots = room_left(judgement)
    supply = Supply(judgement, around, lots, changes(defects, judgement, around))
    listed = listed_measures(defects)
    of_map = listed["kind"].isin(STRUCTURAL)
    works, units = supplied(listed[~of_map], defects, supply)
    ground = Ground(defects, judgement, around, units, lots, supply.changed)
    trials = Trials(trial, around)
    plan = tried_plan(ground, listed[of_map], _wanted(listed[of_map], works), trials)
    cured, kept = parted(cured_rows(plan, ground, listed[of_map]), trials)
    rest = defects[~defects.index.isin(cured["defect"])]
    if plan.accepted:
        # What is gone needs no works: rooms and sites are free for the others.
        after = replace(supply, around=_without(around, plan))
        gone = listed["centre"].isin(plan.standing.givers) & ~_mates_stay(listed, rest, after)
        open_now = ~of_map & ~gone & listed["defect"].isin(rest.index)
        moved = brought_by_moves(rest, plan.moves, _groups(judgement))
        again, units = supplied(listed[open_now], rest, after, moved)
        unused = works[works["defect"].isin({*cured["defect"], *listed.loc[gone, "defect"]})]
        works = pd.concat([again, _superseded(unused)], ignore_index=True)
    staying = listed["defect"].isin(rest.index) & ~listed["centre"].isin(plan.standing.givers)
    options = told_rows(plan, listed[of_map & staying])
    parts = [part for part in (works, cured, kept, options) if len(part)]
    cures = pd.concat(parts, ignore_index=True) if parts else works
    cures = in_order(_one_way_a_room(_unsure_shares(cures)), defects)
    cures = cures.assign(m2=square_metres(cures, units.building_per_use, plan.asked))
    cures = as_works(cures)
    found = Remedies(
        defects=_with_left(defects, cures),
        cures=cures,
        measures=chosen_works(cures, defects, around),
        tasks=tasks(judgement),
    )
    check_promises(found.measures, found.defects, judgement, around)
    return replace(found, experience=trials.experience(found.measures, cures, found.defects))


def parted(cured: pd.DataFrame, trials: Trials) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that accepted measures do cure, and those that stand when they are tried."""
    stands = cured["defect"].isin(trials.still_short([str(one) for one in cured["defect"]]))
    kept = cured[stands].assign(
        part=0.0, available=0.0, chosen=False, certainty="ruled_out", reason="tried_stays"
    )
    return cured[~stands], kept


def _groups(judgement: Judgement) -> pd.Series:
    return judgement.facts.reindex(columns=["group"])["group"].astype(object)


def _mates_stay(listed: pd.DataFrame, rest: pd.DataFrame, after: Supply) -> pd.Series:
    """Return which measures are for a group of which another centre, that stays, fails as well.

    What a group lacks is made good there, also for the finding of a centre that goes.
    """
    group, status = _groups(after.judgement), after.around.centres["status"]
    staying = rest[rest["by_group"].astype(bool) & rest["centre"].map(status).eq(OPEN_STATUS)]
    there = set(staying["centre"].map(group).dropna())
    return listed["by_group"].astype(bool) & listed["centre"].map(group).isin(there)


def _wanted(rows: pd.DataFrame, works: pd.DataFrame) -> pd.Series:
    """Return whether the milder works leave something to cure, by rows of map-changing measures."""
    offers = rows[["defect", "place"]].assign(row=rows.index)
    milder = offers.merge(works[["defect", "place", "part"]], on="defect", suffixes=("", "_of"))
    milder = milder[milder["place_of"].astype(float) < milder["place"].astype(float)]
    done = milder["part"].astype(float).groupby(milder["row"]).sum().reindex(rows.index)
    left = rows["need"].astype(float) - done.fillna(0.0)
    # Nobody closes a centre for what may be, but need not.
    return (left > AREA_TOLERANCE_M2) & ~rows["optional"].astype(bool)


def _with_shares(defects: pd.DataFrame, judgement: Judgement, around: Surroundings) -> pd.DataFrame:
    """Return the defects with the m² that shares of use area are off by, where the class is known.

    What the groups of rooms with too much have beyond their shares is what the others lack.
    """
    surplus = surplus_use_area(judgement, around).sum(axis="columns", skipna=False)
    moved = defects["centre"].map(surplus).astype(float)
    shares = (defects["quantity"] == SHARES) & moved.notna()
    return defects.assign(need_m2=defects["need_m2"].mask(shares, moved))


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


def _without(around: Surroundings, plan: StructuralPlan) -> Surroundings:
    """Return the surroundings less the sites that centres move to; those that are gone stand still.

    A centre that closes, merges or moves has no rooms to lend in its old place.
    """
    taken, givers = plan.standing.sites, plan.standing.givers
    status = around.centres["status"].astype(object)
    gone = status.index.isin(givers)
    return replace(
        around,
        centres=around.centres.assign(status=status.mask(gone, STOPPED)),
        sites=around.sites[~around.sites.index.isin(taken)],
        party_rooms=around.party_rooms[~around.party_rooms.index.isin(taken)],
    )


def _superseded(works: pd.DataFrame) -> pd.DataFrame:
    """Return works for findings that are cured otherwise, or of centres gone: not chosen."""
    was = works["chosen"].astype(bool)
    return works.assign(part=0.0, chosen=False, reason=works["reason"].mask(was, "superseded"))


_PARTLY: Final = (
    "room_unknown", "no_surplus", "rooms_need_it", "given_already", "capacity_unknown",
    "capacity_falls",
)  # fmt: skip
"""Why a measure that can be had may still not be enough."""


def _with_left(defects: pd.DataFrame, cures: pd.DataFrame) -> pd.DataFrame:
    done = cures["part"].astype(float).groupby(cures["defect"]).sum().reindex(defects.index)
    known = defects["is_area"] & defects["need_m2"].notna()
    need = defects["need_m2"].astype(float).where(known, 1.0)
    left = (need - done.fillna(0.0)).clip(lower=0.0)
    partly = cures["reason"].isin(_PARTLY)
    out = cures[(cures["certainty"] == "ruled_out") | partly]
    said = out["kind"].astype(str) + ":" + out["reason"].astype(str)
    why = said.groupby(out["defect"]).agg(lambda parts: LIST_MARK.join(dict.fromkeys(parts)))
    told = why.reindex(defects.index).astype(object)
    none = ~defects.index.isin(cures["defect"])
    told = told.where(told.notna(), "").mask(pd.Series(none, index=defects.index), "none_named")
    return defects.assign(left=left.where(left > AREA_TOLERANCE_M2, 0.0), why=told)
