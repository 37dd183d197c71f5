"""What a plan of walks means for everybody, counted from the tables."""

from __future__ import annotations

from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from planner.siting.asking.inputs import Question
from planner.siting.asking.places import in_order
from planner.siting.walking.problem import Pairs, ids_at, kept_walks, reachable
from planner.siting.walking.recount import nearest_open
from planner.siting.walking.walked import Walked
from planner.solver import IntArray
from planner.units import BoolArray, FloatArray, share


def plan_of(question: Question, pairs: Pairs, walked: Walked) -> dict[str, Any]:
    """Return the fields of a :class:`planner.siting.walking.results.WalkingPlan`.

    All but ``seconds``, in the words of the result.
    """
    rules, asked, weights = question.rules, question.asked, question.weights
    sites = question.candidates
    is_new = ~rules.today[walked.sites]
    order, gains = _gains(question, pairs, walked.sites[is_new], walked.sites[~is_new])
    staying = sites[walked.sites[~is_new]].append(question.existing)
    standing = in_order(asked.existing)
    stays = np.asarray(standing.isin(staying), dtype=np.bool_)
    walks = _walks(question, [*standing[stays].tolist(), *in_order(sites[order]).tolist()])
    counted = weights > 0
    within_reach = reachable(question, pairs) & counted
    reached = walks["walk_minutes"].notna().to_numpy()
    before = _totals(weights, walks["minutes_before"].to_numpy())
    after = _totals(weights, walks["walk_minutes"].to_numpy())
    return {
        "chosen": tuple(sites[order].tolist()),
        "existing": ids_at(standing, stays),
        "closed": ids_at(standing, ~stays),
        "barred": rules.barred,
        "idle_candidates": _idle(question, pairs),
        "unreachable": ids_at(question.residents, counted & ~within_reach),
        "left_out": ids_at(question.residents, within_reach & ~reached),
        "without_weight": int(np.sum(~counted)),
        "total": fsum(weights.tolist()),
        "bound": walked.bound,
        "gap": walked.gap,
        "status": walked.status,
        "asked": asked,
        "new_centres": int(asked.new_centres or 0),
        "limit_minutes": asked.limit_minutes,
        "weight": asked.weight,
        "reachable": fsum(weights[within_reach].tolist()),
        "walks": walks,
        "gains": gains,
        **{f"{name}_before": value for name, value in before.items()},
        **after,
    }


def _walks(question: Question, open_sites: list[Any]) -> pd.DataFrame:
    asked = question.asked
    limits = {"limit_minutes": asked.limit_minutes, "radius_m": asked.rules.radius_m}
    now = nearest_open(asked.times, asked.residents, open_sites, **limits)
    before = nearest_open(asked.times, asked.residents, in_order(asked.existing), **limits)
    return now.assign(centre_before=before["centre"], minutes_before=before["walk_minutes"])


def _totals(weights: FloatArray, minutes: FloatArray) -> dict[str, float | None]:
    reached = ~np.isnan(minutes) & (weights > 0)
    held = fsum(weights[reached].tolist())
    walk = fsum((weights[reached] * minutes[reached]).tolist())
    return {
        "reached": held,
        "walk": walk,
        "mean": share(walk, held),
        "worst": float(minutes[reached].max()) if reached.any() else None,
    }


def _idle(question: Question, pairs: Pairs) -> tuple[Any, ...]:
    """Return the candidates that are nearest, of all places open in every plan, to nobody."""
    sites = len(question.candidates)
    kept = kept_walks(question, pairs)
    helps = (pairs.place < sites) & (question.weights > 0)[pairs.resident]
    helps &= pairs.minutes < kept[pairs.resident]
    useful = np.zeros(sites, dtype=np.bool_)
    useful[pairs.place[helps]] = True
    return ids_at(question.candidates, ~useful & ~question.rules.today)


def _nearest_two(
    question: Question, pairs: Pairs, sites: IntArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the nearest and the next walk of each resident, and the nearest place (-1: none).

    At equal walks kept centres go first, then the sites in the order given.
    """
    count = len(question.candidates)
    rank = np.full(count + len(question.existing), -1, dtype=np.int64)
    kept = len(question.existing)
    rank[count:] = np.arange(kept)
    rank[sites] = kept + np.arange(len(sites))
    opened = rank[pairs.place] >= 0
    resident, minutes = pairs.resident[opened], pairs.minutes[opened]
    place = pairs.place[opened]
    order = np.lexsort((rank[place], minutes, resident))
    resident, minutes, place = resident[order], minutes[order], place[order]
    starts = np.flatnonzero(np.r_[True, resident[1:] != resident[:-1]][: len(resident)])
    first = np.full(len(question.residents), np.inf)
    second, nearest = first.copy(), np.full(len(first), -1, dtype=np.int64)
    first[resident[starts]] = minutes[starts]
    nearest[resident[starts]] = place[starts]
    following = starts + 1
    following = following[following < len(resident)]
    following = following[resident[following] == resident[following - 1]]
    second[resident[following]] = minutes[following]
    return first, second, nearest


def _gains(
    question: Question, pairs: Pairs, chosen: IntArray, staying: IntArray
) -> tuple[IntArray, pd.DataFrame]:
    """Return the chosen sites, the most useful first, and what each of them does."""
    weights, by_site = question.weights, _walks_by_site(question, pairs, chosen)
    now, _, _ = _nearest_two(question, pairs, staying)
    left, order, rows = list(range(len(chosen))), [], []
    while left:
        worth = [_worth(weights, now, by_site[number]) for number in left]
        best = min(range(len(left)), key=lambda place: (-worth[place][0], -worth[place][1], place))
        rows.append(worth[best])
        number = left.pop(best)
        order.append(number)
        now = np.minimum(now, by_site[number])
    ordered = chosen[np.array(order, dtype=np.int64)]
    # At equal walks the first id: positions stand in the order of the ids.
    first, second, nearest = _nearest_two(question, pairs, np.r_[staying, np.sort(ordered)])
    last = [_dropped(weights, first, second, nearest == site) for site in ordered]
    index = pd.Index(question.candidates[ordered], name="candidate")
    columns = ["newly_reached", "saved", "serves", "mean_minutes", "only_here", "longer"]
    values = [[*one, *other] for one, other in zip(rows, last, strict=True)]
    return ordered, pd.DataFrame(values, columns=columns, index=index, dtype=np.float64)


def _walks_by_site(question: Question, pairs: Pairs, chosen: IntArray) -> list[FloatArray]:
    by_site = []
    for site in chosen:
        walks = np.full(len(question.residents), np.inf)
        here = pairs.place == site
        walks[pairs.resident[here]] = pairs.minutes[here]
        by_site.append(walks)
    return by_site


def _worth(weights: FloatArray, now: FloatArray, there: FloatArray) -> tuple[float, float]:
    better = (there < now) & (weights > 0)
    new = better & np.isinf(now)
    nearer = better & ~new
    saved = weights[nearer] * (now[nearer] - there[nearer])
    return fsum(weights[new].tolist()), fsum(saved.tolist())


def _dropped(
    weights: FloatArray, first: FloatArray, second: FloatArray, served: BoolArray
) -> tuple[float, float, float, float]:
    """Return what a site serves, the mean walk there, who has none else, how much longer it is."""
    served = served & (weights > 0)
    alone = served & np.isinf(second)
    others = served & ~alone
    held = fsum(weights[served].tolist())
    mean = share(fsum((weights[served] * first[served]).tolist()), held)
    longer = fsum((weights[others] * (second[others] - first[others])).tolist())
    return held, np.nan if mean is None else mean, fsum(weights[alone].tolist()), longer
