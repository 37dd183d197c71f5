"""How sure the gaps are: which stand whatever is assumed, and which hang on one assumption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planner import units
from planner.coverage.gap_areas import GapAreas
from planner.coverage.same_rows import same_rows

STANDS_SHARE: Final = 0.5
"""A gap stands under an assumption if at least this share of its elders stays without a centre in
reach (our own choice; the least share over all assumptions is told beside)."""

VERDICTS: Final = ("stands", "hangs", "falls")
"""``stands``: under every assumption; ``hangs``: not under exactly one; ``falls``: not under two or
more."""

PERTURBED: Final = "perturbed"
"""Name of the perturbed runs together, as one assumption: they are one model of doubt."""


@dataclass(frozen=True)
class Doubt:
    """How far speeds and joins may be wrong, and how often that is tried.

    In each run everybody walks at one factor of the walker's speed, drawn evenly from
    ``1 - speed_share`` to ``1 + speed_share`` (the right speed is unknown, but the same for all);
    and each door's leg to the street is longer or shorter by metres drawn evenly from ``-leg_m``
    to ``leg_m``, each door for itself, never shorter than nothing. All of a resident's walks
    change alike, so that the nearest centre stays the nearest: the minutes are exact for this
    model. Legs of centres stay, as do doors that join no street and ways on the streets.

    Parameters
    ----------
    speed_share
        0 or more, below 1. STANDARDS 7: 0.71 to 0.95 m/s is 0.83 m/s less and more 15 %.
    leg_m
        Metres, 0 or more. A building's middle is some 20 m from its door (our own choice).
    runs
        From 1.
    seed
        Of NumPy's default generator: the same seed, residents and runs give the same figures,
        in whatever order the rows come.
    """

    speed_share: float = 0.15
    leg_m: float = 20.0
    runs: int = 200
    seed: int = 15

    def __post_init__(self) -> None:
        """Refuse what is no doubt."""
        if not 0 <= self.speed_share < 1 or not 0 <= self.leg_m < np.inf or self.runs < 1:
            text = "0 <= speed_share < 1, 0 <= leg_m and 1 <= runs are needed"
            raise ValueError(text)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How sure the gaps of a plan are.

    Parameters
    ----------
    doubt, limit_minutes, walkers
        What was tried: the model, the limit, and the names of the walkers.
    gaps
        Index ``gap`` in their order: ``elderly_60`` (those whose walk is too long or missing: full
        centres are no matter of walking), ``least_share`` and ``most_share`` left out over all
        assumptions, ``stands_in`` and ``assumptions`` (how many of how many), ``runs_share`` (of
        the perturbed runs in which it stands), ``verdict`` (one of :data:`VERDICTS`),
        ``not_under`` (names of the assumptions under which it does not stand, joined by 、).
    shares
        Index ``gap``, a column a walker: the share of its elders left out.
    runs
        Index ``run`` from 0: ``speed_factor``, and the persons covered of ``elderly_60`` and its
        share, over all residents.
    """

    doubt: Doubt
    limit_minutes: float
    walkers: tuple[str, ...]
    gaps: pd.DataFrame
    shares: pd.DataFrame
    runs: pd.DataFrame

    def range_of_share(self, part: float = 0.9) -> tuple[float, float]:
        """Return between which shares of 60+ covered the middle ``part`` of the runs lies."""
        edges = (1 - part) / 2
        low, high = np.nanquantile(self.runs["elderly_60_share"].to_numpy(), [edges, 1 - edges])
        return float(low), float(high)


@dataclass(frozen=True, eq=False)
class _Weights:
    """Whose elders count in which gap: codes of gaps of all residents, -1 in none; persons."""

    gap: np.ndarray
    elders: units.FloatArray
    count: int

    def left_out(self, covered: units.BoolArray) -> units.FloatArray:
        """Return persons not covered by gap, shape (gaps,)."""
        lost = (self.gap >= 0) & ~covered
        sums: units.FloatArray = np.bincount(
            self.gap[lost], weights=self.elders[lost], minlength=self.count
        ).astype(np.float64)
        return sums


def _weights(gaps: GapAreas, residents: pd.DataFrame) -> _Weights:
    members = gaps.members[gaps.members["cause"] != "full"]
    gap = gaps.areas.index.get_indexer(pd.Index(members["gap"]))
    codes = pd.Series(gap, index=members.index).reindex(residents.index, fill_value=-1)
    elders = members["elderly_60"].reindex(residents.index, fill_value=0.0)
    return _Weights(codes.to_numpy(), elders.to_numpy(dtype=float), len(gaps.areas))


def _shares(part: units.FloatArray, whole: units.FloatArray) -> units.FloatArray:
    shares: units.FloatArray = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=shares, where=np.broadcast_to(whole > 0, shares.shape))
    return shares


def _perturbed(
    residents: pd.DataFrame,
    minutes: units.FloatArray,
    weights: _Weights,
    *,
    limit_minutes: float,
    speed_m_s: float,
    doubt: Doubt,
) -> tuple[pd.DataFrame, units.FloatArray]:
    """Return the runs, and persons left out by run and gap, shape (runs, gaps)."""
    rng = np.random.default_rng(doubt.seed)
    factors = 1 + doubt.speed_share * rng.uniform(-1, 1, doubt.runs)
    leg_m = residents["leg_m"].fillna(0.0).to_numpy(dtype=float)
    elders = residents["elderly_60"].fillna(0.0).to_numpy(dtype=float)
    left = np.empty((doubt.runs, weights.count))
    covered_elders = np.empty(doubt.runs)
    for run in range(doubt.runs):
        moved_m = np.maximum(doubt.leg_m * rng.uniform(-1, 1, len(leg_m)), -leg_m)
        changed = minutes + units.minutes_from_metres(moved_m, speed_m_s)
        covered = np.asarray(units.within(changed / factors[run], limit_minutes))
        left[run] = weights.left_out(covered)
        covered_elders[run] = elders[covered].sum()
    total = np.asarray(elders.sum())
    runs = pd.DataFrame(
        {
            "speed_factor": factors,
            "elderly_60_covered": covered_elders,
            "elderly_60_share": _shares(covered_elders, total),
        }
    )
    return runs.rename_axis("run"), left


def sensitivity(
    gaps: GapAreas,
    residents: pd.DataFrame,
    walkers: Mapping[str, pd.Series],
    *,
    own: str,
    limit_minutes: float,
    speed_m_s: float = units.ELDER_SPEED_M_S,
    doubt: Doubt | None = None,
) -> Sensitivity:
    """Ask of every gap whether it stands for each walker, and with speeds and joins perturbed.

    Parameters
    ----------
    gaps
        The gaps of the plan's own walker.
    residents
        The residents of the plan's coverage: ``elderly_60`` and ``leg_m`` (metres from the door to
        the street) by id.
    walkers
        Minutes of every resident row to its nearest open centre by name of the walker, the plan's
        own among them: the assumptions.
    own
        Name of the plan's own walker, whose minutes are perturbed.
    limit_minutes
        The limit, inclusive.
    speed_m_s
        Speed of the plan's own walker on level streets: metres of a leg to minutes.
    doubt
        How far speeds and joins may be wrong; the package's own unless given.

    Raises
    ------
    TableError
        If minutes lack residents or repeat ids.
    ValueError
        If ``own`` is none of the walkers, or speed or limit are not positive numbers.
    """
    if own not in walkers:
        text = f"{own!r} is none of the walkers {list(walkers)}"
        raise ValueError(text)
    if not (0 < speed_m_s < np.inf and 0 < limit_minutes < np.inf):
        text = "speed_m_s and limit_minutes must be positive numbers"
        raise ValueError(text)
    chosen = doubt or Doubt()
    # Sorted, so that each door draws the same number however the ledger was sorted.
    rows = residents.sort_index()
    minutes = {name: same_rows(rows, one, name) for name, one in walkers.items()}
    weights = _weights(gaps, rows)
    elders = weights.left_out(np.zeros(len(rows), dtype=bool))
    by_walker = np.column_stack(
        [
            _shares(weights.left_out(np.asarray(units.within(one, limit_minutes))), elders)
            for one in minutes.values()
        ]
    )
    runs, left = _perturbed(
        rows,
        minutes[own],
        weights,
        limit_minutes=limit_minutes,
        speed_m_s=speed_m_s,
        doubt=chosen,
    )
    shares = pd.DataFrame(by_walker, index=gaps.areas.index, columns=list(minutes))
    table = _judged(shares, _shares(left, elders), elders)
    return Sensitivity(
        doubt=chosen,
        limit_minutes=float(limit_minutes),
        walkers=tuple(minutes),
        gaps=table,
        shares=shares,
        runs=runs,
    )


def _judged(
    shares: pd.DataFrame, run_shares: units.FloatArray, elders: units.FloatArray
) -> pd.DataFrame:
    """Return what is told of each gap; gaps that are no matter of walking have no verdict."""
    walked = elders > 0
    least, most = _range(np.vstack([shares.to_numpy().T, run_shares]))
    line = STANDS_SHARE - units.TOLERANCE_MINUTES
    stands_runs = run_shares >= line
    stands = pd.DataFrame(shares >= line).assign(**{PERTURBED: np.asarray(stands_runs.all(axis=0))})
    lacking = (~stands).sum(axis="columns").to_numpy()
    verdict = np.array(VERDICTS, dtype=object)[np.minimum(lacking, len(VERDICTS) - 1)]
    return pd.DataFrame(
        {
            "elderly_60": elders,
            "least_share": least,
            "most_share": most,
            "stands_in": np.where(walked, stands.shape[1] - lacking, 0),
            "assumptions": stands.shape[1],
            "runs_share": np.where(walked, stands_runs.mean(axis=0), np.nan),
            "verdict": np.where(walked, verdict, ""),
            "not_under": _names(stands, walked),
        },
        index=shares.index,
    )


def _range(shares: units.FloatArray) -> tuple[units.FloatArray, units.FloatArray]:
    """Return least and most by column; NaN where there is nobody to have a share of."""
    return shares.min(axis=0), shares.max(axis=0)


def _names(stands: pd.DataFrame, walked: Sequence[bool] | np.ndarray) -> list[str]:
    names = list(stands.columns)
    return [
        "、".join(name for name, one in zip(names, row, strict=True) if not one) if known else ""
        for row, known in zip(stands.to_numpy().tolist(), walked, strict=True)
    ]
