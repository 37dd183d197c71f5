"""Every move, merger and closing is tried before it is taken up; those that harm are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from planner.standards.judging.findings import Judgement
from planner.standards.remedies.area_units import points_of
from planner.standards.remedies.ground import Ground
from planner.standards.remedies.needs import BUILDING_AREA
from planner.standards.remedies.standing import Verdict
from planner.standards.remedies.structural import Accepted, StructuralPlan, structural_plan
from planner.standards.remedies.surroundings import Surroundings
from planner.standards.remedies.trials import (
    Carried,
    Comparison,
    Key,
    Outcome,
    Trial,
    Tried,
    trials_allowed,
    unsettled,
)
from planner.standards.remedies.works import AREA_MAKING
from planner.standards.rulebooks.wording import rows_of
from planner.units import FloatArray

CARRIED: Final = ("merge", "move", "close", *AREA_MAKING)
"""Measures that a trial can carry out: what is decided or built elsewhere is none of them."""


@dataclass(frozen=True, eq=False)
class Experience:
    """What trials have told.

    Parameters
    ----------
    outcomes
        Of each measure that was tried, by its key: the last that was found.
    trials
        How many there were.
    untried
        Keys of offers that were left without one: so many are allowed, and no more.
    together
        All that is adopted, carried out together; ``None`` where nothing was tried.
    """

    outcomes: Mapping[Key, Outcome] = field(default_factory=dict)
    trials: int = 0
    untried: tuple[Key, ...] = ()
    together: Outcome | None = None


def key_of(centre: object, kind: object, partner: object) -> Key:
    """Return what outcomes of a measure are kept by."""
    return str(centre), str(kind), partner if isinstance(partner, str) else ""


class Trials:
    """The trials of one plan.

    Parameters
    ----------
    trial
        How to carry measures out; ``None`` where nobody can: what is accepted is then to be tried
        (``untried``), never sure.
    around
        What stands around.
    """

    def __init__(self, trial: Trial | None, around: Surroundings) -> None:
        self._trial = trial
        self._most = trials_allowed(len(around.centres))
        points = points_of(around.centres)
        self._points: dict[str, FloatArray] = {
            str(one): np.array([point.x, point.y]) for one, point in points.items()
        }
        self._before: Tried | None = None
        self._refused: dict[Key, Outcome] = {}
        self._held: dict[Key, Outcome] = {}
        self._untried: dict[Key, None] = {}
        self._last: Judgement | None = None
        self._spent = 0

    # --- what is known of offers -------------------------------------------------------------

    def known(self, centre: str, kind: str, verdict: Verdict) -> Verdict:
        """Return how an offer stands by what trials have told of it."""
        if self._trial is None:
            sure = verdict.certainty == "certain"
            return replace(verdict, certainty="to_visit", reason="untried") if sure else verdict
        if not verdict.cures:
            return verdict
        key = key_of(centre, kind, verdict.partner)
        if key in self._refused:
            stays = bool(self._refused[key].stays)
            reason = "tried_stays" if stays else "tried_worse"
            return replace(verdict, certainty="ruled_out", reason=reason)
        if key in self._untried or (self._closed and key not in self._held):
            self._untried[key] = None
            return replace(verdict, certainty="to_visit", reason="not_tried")
        return verdict

    @property
    def _closed(self) -> bool:
        return self._spent >= self._most

    # --- trying ------------------------------------------------------------------------------

    def sift(self, accepted: Sequence[Accepted]) -> bool:
        """Try a plan; return whether all of it holds. What does not is refused from now on."""
        if self._trial is None or not accepted:
            return True
        by_key = {key_of(one.centre, one.kind, one.verdict.partner): one for one in accepted}
        if self._closed:
            return all(key in self._held for key in by_key)
        several = []
        found = self._tried(by_key, list(by_key))
        self._last = found[0][1].judgement
        for keys, outcome in found:
            if outcome.holds:
                self._held.update(dict.fromkeys(keys, outcome))
            elif len(keys) == 1:
                self._refuse(keys[0], outcome)
            else:
                several.append(keys)
        self._one_after_another(by_key, several)
        return all(outcome.holds for _, outcome in found)

    def still_short(self, claims: Sequence[str]) -> set[str]:
        """Return which defects stand although the plan that was tried last is carried out."""
        return set() if self._last is None else unsettled(self._last).intersection(claims)

    def _one_after_another(
        self, by_key: Mapping[Key, Accepted], several: Sequence[Sequence[Key]]
    ) -> None:
        """Try measures that meddle with each other in their order, each on those that held.

        As many lists as there are go together: no list meddles with another.
        """
        kept: list[list[Key]] = [[] for _ in several]
        for turn in range(max((len(keys) for keys in several), default=0)):
            asked = [(place, keys[turn]) for place, keys in enumerate(several) if turn < len(keys)]
            if self._closed:
                self._untried.update(dict.fromkeys(key for _, key in asked))
                continue
            names = [key for keys in kept for key in keys] + [key for _, key in asked]
            found = self._tried(by_key, names)
            for place, key in asked:
                outcome = next(one for keys, one in found if key in keys)
                if outcome.holds:
                    kept[place].append(key)
                    self._held[key] = outcome
                else:
                    self._refuse(key, outcome)
        for keys, those in zip(several, kept, strict=True):
            if len(those) == len(keys):  # told apart they hold, together they do not
                self._untried[keys[-1]] = None

    def _refuse(self, key: Key, outcome: Outcome) -> None:
        self._refused[key] = outcome
        self._held.pop(key, None)

    def _tried(
        self, by_key: Mapping[Key, Accepted], keys: Sequence[Key]
    ) -> list[tuple[list[Key], Outcome]]:
        """Try measures; return what each list of those that meddle with each other comes to."""
        changes = [Carried(key[0], key[1], key[2] or None, by_key[key].asked_m2) for key in keys]
        comparison = self._compared(changes, keys)
        told = []
        for those in comparison.together():
            claims = [by_key[key].defect for key in those]
            told.append((those, comparison.outcome(those, claims)))
        return told

    def _compared(self, changes: Sequence[Carried], keys: Sequence[Key]) -> Comparison:
        if self._trial is None:
            text = "nobody can try measures here"
            raise ValueError(text)
        if self._before is None:
            self._before = self._trial(())
        self._spent += 1
        return Comparison(self._before, self._trial(changes), keys, self._points)

    # --- all of it ---------------------------------------------------------------------------

    def experience(
        self, measures: pd.DataFrame, cures: pd.DataFrame, defects: pd.DataFrame
    ) -> Experience:
        """Try once more all that is adopted together, and return what all trials have told.

        Parameters
        ----------
        measures, cures, defects
            :class:`planner.standards.remedies.measures.Remedies`.
        """
        outcomes = {**self._held, **self._refused}
        if self._trial is None:
            return Experience(outcomes)
        firm = measures[~measures["optional"].astype(bool) & measures["kind"].isin(CARRIED)]
        changes = [
            Carried(
                str(row["centre"]),
                str(row["kind"]),
                row["partner"],
                float("nan") if row["m2"] is None else float(row["m2"]),
            )
            for row in rows_of(firm)
        ]
        if not changes:
            return Experience(outcomes, self._spent, tuple(self._untried))
        trials = self._spent
        keys = [key_of(one.centre, one.kind, one.partner) for one in changes]
        together = self._compared(changes, keys).whole(_claims(cures, defects))
        return Experience(outcomes, trials, tuple(self._untried), together)


def _claims(cures: pd.DataFrame, defects: pd.DataFrame) -> list[str]:
    """Return the defects of floor area that measures which a trial carries out are to cure wholly.

    What is cured by rooms within the building, or by what the district decides, no trial tells.
    """
    chosen = cures[cures["chosen"].astype(bool) & ~cures["optional"].astype(bool)]
    other = set(chosen.loc[~chosen["kind"].isin(CARRIED), "defect"])
    mine = chosen[chosen["quantity"].isin(BUILDING_AREA) & ~chosen["defect"].isin(other)]
    cured = defects.index[(defects["left"] <= 0.0) & defects["is_area"].astype(bool)]
    return [str(one) for one in dict.fromkeys(mine["defect"]) if one in cured]


def tried_plan(
    ground: Ground, rows: pd.DataFrame, wanted: pd.Series, trials: Trials
) -> StructuralPlan:
    """Return the plan of measures that change the map all of which hold where they are tried.

    Parameters
    ----------
    ground, rows, wanted
        As for :func:`planner.standards.remedies.structural.structural_plan`.
    trials
        What refuses those that do not hold; it knows more afterwards.
    """
    while True:
        plan = structural_plan(ground, rows, wanted, trials.known)
        if trials.sift(plan.accepted):
            return plan
