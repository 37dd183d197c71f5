"""The same walks as published truth and as the textbook model in another solver's door."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, eye_array, hstack, kron, vstack

from planner.siting.walking.questions import least_worst_walk, shortest_walk
from planner.units import FloatArray
from tests.benchmarks.walking_graphs import beasley_walks, walking_tables
from tests.shared_data import shared_data
from tests.siting.san_francisco import SanFrancisco


def test_san_francisco(san_francisco: SanFrancisco) -> None:
    times, tracts, stores = san_francisco
    truth = pd.read_csv(shared_data("truth/sf_siting_exact.csv"))
    seen = 0
    for row in truth[truth["problem"].isin(["p-median", "p-center"])].to_dict("records"):
        question = shortest_walk if row["problem"] == "p-median" else least_worst_walk
        plan = question(times, tracts, stores, new_centres=int(row["p"]), weight="POP2000")
        value = plan.walk if row["problem"] == "p-median" else plan.worst
        assert value == pytest.approx(row["objective"], rel=1e-12), row
        assert plan.bound == value
        assert plan.is_proven
        assert not plan.left_out
        seen += 1
    assert seen == 16


def textbook(walks: FloatArray, weights: FloatArray, count: int) -> float:
    """Every pair a column (ReVelle & Swain 1970), solved by SciPy."""
    people, sites = walks.shape
    each = kron(eye_array(people), np.ones((1, sites)))
    opened = vstack([eye_array(sites)] * people)
    rows = [
        LinearConstraint(hstack([each, coo_array((people, sites))]).tocsr(), 1.0, 1.0),
        LinearConstraint(hstack([eye_array(people * sites), -opened]).tocsr(), -np.inf, 0.0),
        LinearConstraint(np.r_[np.zeros(people * sites), np.ones(sites)], 0, count),
    ]
    solved = milp(
        np.r_[(walks * weights[:, np.newaxis]).ravel(), np.zeros(sites)],
        constraints=rows,
        integrality=np.r_[np.zeros(people * sites), np.ones(sites)],
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    return float(solved.fun)


@pytest.mark.parametrize(("seed", "counts"), [(1, (3, 8)), (2, (4, 12))])
def test_the_textbook_model_finds_the_same(seed: int, counts: tuple[int, int]) -> None:
    walks = beasley_walks(60, seed)
    random = np.random.default_rng(seed)
    for count, weights in zip(counts, (np.ones(60), random.random(60) * 9.0), strict=True):
        times, _ = walking_tables(walks)
        residents = pd.DataFrame({"elderly_60": weights})
        plan = shortest_walk(times, residents, residents, new_centres=count)
        assert plan.walk == pytest.approx(textbook(walks, weights, count), rel=1e-9)
        assert plan.is_proven


def test_a_graph_of_two_hundred_nodes_is_proven_at_every_number() -> None:
    walks = beasley_walks(200, seed=7)
    times, residents = walking_tables(walks)
    last = np.inf
    for count in (5, 10, 67):
        plan = shortest_walk(times, residents, residents, new_centres=count)
        assert (plan.status, plan.bound) == ("optimal", plan.walk)
        chosen = [int(site) for site in plan.chosen]
        assert walks[:, chosen].min(axis=1).sum() == plan.walk
        assert plan.walk < last
        last = plan.walk
