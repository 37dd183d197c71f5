"""Access scores against the PySAL package ``access``, by hand, and by what must hold for all."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.access_scores import (
    all_access_scores,
    gaussian,
    gravity,
    steps,
    three_step_scores,
    two_step_scores,
)
from planner.coverage.access_scores_congestion import congestion_costs
from planner.errors import TableError
from tests.shared_data import shared_data

EXACT: dict[str, Any] = {"rtol": 0.0, "atol": 1e-9}
TOY_STEPS = {20.0: 1.0, 40.0: 0.68, 60.0: 0.22}
SF_STEPS = {1500.0: 1.0, 3000.0: 0.68, 5000.0: 0.22}

#   a (10) ─ 5 min ─ east (6 places) ─ 10 min ─ b (20) ─ 15 min ─ west (4)      c (5): nothing
TIMES = pd.DataFrame(
    [("a", "east", 5.0), ("b", "east", 10.0), ("b", "west", 15.0)],
    columns=["origin", "destination", "walk_minutes"],
)
DEMAND = pd.Series({"a": 10.0, "b": 20.0, "c": 5.0})
SUPPLY = pd.Series({"east": 6.0, "west": 4.0, "dark": math.nan})


def toy(costs: dict[str, float]) -> dict[str, Any]:
    """Return the three places of the truth file: each its own hospital."""
    inbound, outbound, cross = costs["inbound"], costs["outbound"], costs["cross"]
    rows = [(place, place, 1.0) for place in "123"]
    rows += [("1", "3", inbound), ("2", "3", inbound), ("3", "1", outbound)]
    rows += [("3", "2", outbound), ("1", "2", cross), ("2", "1", cross)]
    times = pd.DataFrame(rows, columns=["origin", "destination", "walk_minutes"])
    return {
        "times": times.astype({"walk_minutes": float}),
        "demand": pd.Series({"1": 100.0, "2": 50.0, "3": 10.0}),
        "supply": pd.Series({"1": 15.0, "2": 20.0, "3": 100.0}),
    }


@pytest.mark.parametrize("scenario", ["toy_s0", "toy_s1", "toy_s2", "toy_s3"])
def test_the_toy_equals_the_truth(scenario: str) -> None:
    truth = json.loads(shared_data("truth/access_toy.json").read_text(encoding="utf-8"))
    case = truth["scenarios"][scenario]
    given_ = toy(case["costs"])
    found = {
        "b_doc": two_step_scores(**given_, limit_minutes=61),
        "g_doc": two_step_scores(**given_, limit_minutes=61, decay=gravity(1)),
        "e_doc": two_step_scores(**given_, limit_minutes=61, decay=steps(TOY_STEPS)),
        "t_doc": three_step_scores(
            **given_, limit_minutes=61, decay=gravity(1), choice_limit_minutes=math.inf
        ),
        "r_doc": congestion_costs(
            **given_, limit_minutes=1_000, congestion_minutes=60, whole_persons=True
        ),
    }
    for name, scores in found.items():
        expected = pd.Series(case["results"][name])
        np.testing.assert_allclose(scores, expected[scores.index], **EXACT, err_msg=name)


def test_san_francisco_equals_the_truth() -> None:
    truth = pd.read_csv(shared_data("truth/access_sf_205.csv"), dtype={"NAME": str})
    stores = pd.read_csv(shared_data("truth/sf_supply_capacity_made_up.csv"))
    file = "siting/SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    walks = pd.read_csv(shared_data(file))
    # One file writes tract 060750101.00 as 60750101.0.
    tracts = truth["NAME"].astype(float).map("{:.2f}".format)
    times = pd.DataFrame(
        {
            "origin": walks["DestinationName"].astype(float).map("{:.2f}".format),
            "destination": walks["name"],
            "walk_minutes": walks["distance"],
        }
    )
    demand = pd.Series(truth["POP2000"].to_numpy(dtype=float), index=tracts.to_list())
    supply = stores.set_index("NAME")["cap"].astype(float)
    # Metres stand in for minutes.
    far: dict[str, Any] = {"limit_minutes": 5000}
    found = {
        "fca2_5000_cap": two_step_scores(times, demand, supply, **far),
        "e2sfca_5000_cap": two_step_scores(times, demand, supply, **far, decay=steps(SF_STEPS)),
        "fca3_5000_cap": three_step_scores(times, demand, supply, **far, decay=steps(SF_STEPS)),
        "g2sfca_5000_cap": two_step_scores(times, demand, supply, **far, decay=gaussian(2000)),
    }
    for name, scores in found.items():
        np.testing.assert_allclose(scores, truth[name], **EXACT, err_msg=name)
        assert (scores * demand).sum() == pytest.approx(20_000)


def test_two_steps_by_hand() -> None:
    # R east = 6 / 30 = 0.2, R west = 4 / 20 = 0.2
    scores = two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=15)
    assert scores.to_dict() == pytest.approx({"a": 0.2, "b": 0.4, "c": 0.0})
    # steps: R east = 6 / (10 + 20 × 0.5) = 0.3, R west = 4 / (20 × 0.25) = 0.8
    decay = steps({5: 1.0, 10: 0.5, 15: 0.25})
    scores = two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=15, decay=decay)
    assert scores.to_dict() == pytest.approx({"a": 0.3, "b": 0.35, "c": 0.0})


def test_three_steps_by_hand() -> None:
    # f: 1, 0.5, 0.25; G: a east 1, b east 2/3, b west 1/3
    # R east = 6 / (10 + 2/3 × 20 × 0.5) = 0.36; R west = 4 / (1/3 × 20 × 0.25) = 2.4
    decay = steps({5: 1.0, 10: 0.5, 15: 0.25})
    scores = three_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=15, decay=decay)
    assert scores.to_dict() == pytest.approx(
        {"a": 0.36, "b": 2 / 3 * 0.36 * 0.5 + 1 / 3 * 2.4 * 0.25, "c": 0.0}
    )


def test_the_limit_and_every_step_hold_their_bound() -> None:
    inside = two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=15)["b"]
    assert inside == two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=15 - 5e-7)["b"]
    assert inside > two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=14.999)["b"]
    walks = np.array([5.0, 5.0 + 5e-7, 5.00001, 15.0, 15.1])
    np.testing.assert_array_equal(steps({5: 1.0, 15: 0.5})(walks), [1, 1, 0.5, 0.5, 0])


def test_nobody_around_and_no_pairs() -> None:
    nobody = pd.Series({"a": 0.0, "b": 0.0, "c": math.nan})
    assert two_step_scores(TIMES, nobody, SUPPLY, limit_minutes=15).to_list() == [0, 0, 0]
    alone = two_step_scores(TIMES.iloc[:0], DEMAND, SUPPLY, limit_minutes=15)
    assert alone.to_list() == [0, 0, 0]
    costs = congestion_costs(TIMES.iloc[:0], DEMAND, SUPPLY, limit_minutes=15, congestion_minutes=9)
    assert costs.isna().all()


def test_congestion_by_hand() -> None:
    # One row, two equal centres next door: half goes to each, each has half an average crowd … so
    # that both are average: demand 40 over supply 20 is ρ = 2, 20 / 10 / 2 = 1.
    times = pd.DataFrame(
        {"origin": ["a", "a"], "destination": ["x", "y"], "walk_minutes": [0.0, 0.0]}
    )
    cost = congestion_costs(
        times,
        pd.Series({"a": 40.0}),
        pd.Series({"x": 10.0, "y": 10.0}),
        limit_minutes=15,
        congestion_minutes=15,
    )
    assert cost["a"] == pytest.approx(1.0, abs=1e-9)


def test_congestion_comes_to_rest_near_the_equilibrium() -> None:
    random = np.random.default_rng(2)
    walks = random.uniform(0, 15, (30, 6))
    times = pd.DataFrame(
        [(f"r{i:02d}", f"c{j}", walks[i, j]) for i in range(30) for j in range(6)],
        columns=["origin", "destination", "walk_minutes"],
    )
    demand = pd.Series({f"r{i:02d}": float(random.integers(5, 40)) for i in range(30)})
    supply = pd.Series({f"c{j}": float(random.integers(5, 20)) for j in range(6)})
    costs = congestion_costs(times, demand, supply, limit_minutes=15, congestion_minutes=15)
    # Second opinion: the equilibrium is the least of a convex sum (Beckmann 1956), found by
    # averaging all-or-nothing loads until nobody has anything to gain.
    crowd = supply.to_numpy() * (demand.sum() / supply.sum())
    load, share = np.zeros(6), np.zeros((30, 6))
    for turn in range(20_000):
        cheapest = (load / crowd + walks / 15).argmin(axis=1)
        going = np.zeros((30, 6))
        going[np.arange(30), cheapest] = demand
        share += (going - share) / (turn + 1)
        load = share.sum(axis=0)
    resting = (load / crowd + walks / 15).min(axis=1)
    np.testing.assert_allclose(costs, resting, atol=0.02)


def by_the_letter(
    walks: dict[str, dict[str, float]],
    demand: dict[str, float],
    crowd: dict[str, float],
    *,
    whole: bool,
) -> dict[str, float]:
    """Return RAAM's costs as the paper tells its procedure, row by row, with dictionaries."""
    at = {row: dict.fromkeys(ways, 0.0) for row, ways in walks.items()}
    for row, ways in walks.items():
        at[row][min(ways, key=lambda one: ways[one])] = demand[row]
    cost: dict[str, dict[str, float]] = {}
    for cycle in range(150):
        load = {one: sum(here.get(one, 0.0) for here in at.values()) for one in crowd}
        cost = {
            row: {one: load[one] / crowd[one] + walk for one, walk in ways.items()}
            for row, ways in walks.items()
        }
        step, moves = max(0.2 * 0.5 ** (cycle / 50), 0.005), {}
        for row, dearness in cost.items():
            used = [one for one in dearness if at[row][one] != 0]
            low = min(dearness, key=lambda one: dearness[one])
            high = max(used, key=lambda one: dearness[one], default=low)
            even = (dearness[high] - dearness[low]) / (1 / crowd[low] + 1 / crowd[high])
            moved = min(even, at[row][high], step * demand[row]) if low != high else 0.0
            moves[row] = (low, high, math.trunc(moved) if whole else moved)
        gained = {one: sum(n for low, _, n in moves.values() if low == one) for one in crowd}
        for row, (low, high, moved) in moves.items():
            calmed = moved / max(gained[low] / crowd[low], 1.0) if cycle < 20 else moved
            calmed = float(round(calmed)) if whole and cycle < 20 else calmed
            at[row][low] += calmed
            at[row][high] -= calmed
    return {
        row: sum(cost[row][one] * at[row][one] for one in ways) / demand[row]
        if demand[row]
        else min(cost[row].values())
        for row, ways in walks.items()
    }


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 10_000), st.booleans())
def test_congestion_is_the_procedure_by_the_letter(seed: int, whole: bool) -> None:
    random = np.random.default_rng(seed)
    rows, sites = int(random.integers(1, 9)), int(random.integers(1, 5))
    walks = {
        f"r{row}": {
            f"c{site}": float(random.uniform(0, 15))
            for site in np.flatnonzero(random.random(sites) < 0.8).tolist() or [0]
        }
        for row in range(rows)
    }
    demand = {row: float(random.integers(0, 40)) for row in walks}
    demand["r0"] = 11.0
    supply = {f"c{site}": float(random.integers(3, 30)) for site in range(sites)}
    ratio = sum(demand.values()) / sum(supply.values())
    expected = by_the_letter(
        {row: {one: walk / 10 for one, walk in ways.items()} for row, ways in walks.items()},
        demand,
        {one: places * ratio for one, places in supply.items()},
        whole=whole,
    )
    table = [(row, one, walk) for row, ways in walks.items() for one, walk in ways.items()]
    found = congestion_costs(
        pd.DataFrame(table, columns=["origin", "destination", "walk_minutes"]),
        pd.Series(demand),
        pd.Series(supply),
        limit_minutes=15,
        congestion_minutes=10,
        whole_persons=whole,
    )
    np.testing.assert_allclose(found, pd.Series(expected)[found.index], rtol=0, atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data())
def test_scores_weighted_by_demand_add_up_to_the_supply(data: st.DataObject) -> None:
    rows, sites = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 5))
    walks = data.draw(st.lists(st.floats(0.0, 20.0), min_size=rows * sites, max_size=rows * sites))
    times = pd.DataFrame(
        {
            "origin": [f"r{i}" for i in range(rows) for _ in range(sites)],
            "destination": [f"c{j}" for _ in range(rows) for j in range(sites)],
            "walk_minutes": walks,
        }
    )
    demand = pd.Series({f"r{i}": float(data.draw(st.integers(1, 50))) for i in range(rows)})
    supply = pd.Series({f"c{j}": float(data.draw(st.integers(0, 50))) for j in range(sites)})
    reached = times.loc[times["walk_minutes"] <= 15 + 1e-6, "destination"].unique()
    decay = gaussian(5)
    for scores in (
        two_step_scores(times, demand, supply, limit_minutes=15),
        two_step_scores(times, demand, supply, limit_minutes=15, decay=decay),
        three_step_scores(times, demand, supply, limit_minutes=15, decay=decay),
    ):
        assert (scores * demand).sum() == pytest.approx(supply[reached].sum())
    shuffled = times.sample(frac=1, random_state=1)
    mixed = two_step_scores(shuffled, demand[::-1], supply[::-1], limit_minutes=15)
    first = two_step_scores(times, demand, supply, limit_minutes=15)
    pd.testing.assert_series_equal(first, mixed[first.index], check_exact=True)


def test_all_scores_side_by_side_and_by_community() -> None:
    found = all_access_scores(
        TIMES,
        DEMAND,
        SUPPLY,
        limit_minutes=15,
        step_weights={5: 1.0, 10: 0.68, 15: 0.22},
        sigma_minutes=7.5,
        congestion_minutes=15,
        communities=pd.Series({"a": "k1", "b": "k1", "c": "k2"}),
    )
    assert found.residents.index.to_list() == ["a", "b", "c"]
    assert found.supply_unknown == ("dark",)
    assert found.communities.loc["k1", "two_step"] == pytest.approx((10 * 0.2 + 20 * 0.4) / 30)
    assert found.communities.loc["k2", "two_step"] == 0
    assert found.communities["congestion_cost"].isna().loc["k2"]


@pytest.mark.parametrize(
    "wrong", [lambda: steps({}), lambda: steps({0: 1}), lambda: gaussian(0), lambda: gravity(-1)]
)
def test_decays_out_of_bounds_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="above 0"):
        wrong()


def test_settings_and_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        two_step_scores(TIMES, DEMAND, SUPPLY, limit_minutes=0)
    with pytest.raises(ValueError, match="congestion"):
        congestion_costs(TIMES, DEMAND, SUPPLY, limit_minutes=15, congestion_minutes=0)
    with pytest.raises(TableError):
        two_step_scores(TIMES, DEMAND.drop("a"), SUPPLY, limit_minutes=15)
