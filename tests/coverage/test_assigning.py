"""Assignment to centres that take only so many, against hand, brute force and other solvers."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from planner import tables
from planner.coverage import assigning_search
from planner.coverage.assigning import CapacityAssignment, assign_capacity
from planner.coverage.assigning_problem import AssignmentProblem
from planner.coverage.assigning_search import best_assignment, bound, plain_assignment, value
from planner.coverage.capacity import CapacityDemand, CentreCapacity
from planner.errors import SolverError, TableError
from planner.labels import LANGUAGES

STATES = list(tables.CAPACITY_STATES)

#   a 6 persons ── 2 min ── east (5 places) ── 3 min ── b 4 persons
#   b ── 9 min ── west (2 places)      c 3 persons ── 4 min ── west
#   d 2 persons ── 16 min ── west      e 2 persons ── 5 min ── dark (places unknown)
TIMES = pd.DataFrame(
    [
        ("a", "east", 2.0),
        ("b", "east", 3.0),
        ("b", "west", 9.0),
        ("c", "west", 4.0),
        ("d", "west", 16.0),
        ("e", "dark", 5.0),
        ("a", "elsewhere", 1.0),
    ],
    columns=["origin", "destination", "walk_minutes"],
)


def demand_of(persons: dict[str, float]) -> CapacityDemand:
    table = pd.DataFrame({"demand_persons": pd.Series(persons, dtype=float)})
    return CapacityDemand("day_places", table.assign(demand_note="given"), None)


def capacity_of(places: dict[str, float]) -> CentreCapacity:
    return CentreCapacity(
        "day_places", pd.DataFrame({"capacity_persons": pd.Series(places, dtype=float)})
    )


PERSONS = {"a": 6.0, "b": 4.0, "c": 3.0, "d": 2.0, "e": 2.0, "f": 0.0, "g": math.nan}
PLACES = {"east": 5.0, "west": 2.0, "dark": math.nan, "idle": 4.0}
TOWN = assign_capacity(TIMES, demand_of(PERSONS), capacity_of(PLACES), limit_minutes=15)


def test_the_town_by_hand() -> None:
    # Seven places, thirteen ask within reach. East takes 5 of a (2 min, not b at 3), west 2 of c.
    flows = {(row.resident, row.centre): row.persons for row in TOWN.flows.itertuples()}
    assert flows == pytest.approx({("a", "east"): 5.0, ("c", "west"): 2.0})
    assert TOWN.walk_person_minutes == pytest.approx(18.0)
    assert TOWN.states["persons"].to_dict() == pytest.approx(
        {"served": 7.0, "covered_full": 6.0, "capacity_unknown": 2.0, "out_of_reach": 2.0}
    )
    assert TOWN.demand_persons == 17
    assert TOWN.demand_unknown == 1
    assert TOWN.served_share == pytest.approx(7 / 17)
    assert TOWN.residents["state"].fillna("-").to_list() == [
        "served",
        "covered_full",
        "served",
        "out_of_reach",
        "capacity_unknown",
        "-",
        "-",
    ]


def test_centres_tell_whom_they_turn_away() -> None:
    east, west, dark, idle = (TOWN.centres.loc[name] for name in ("east", "west", "dark", "idle"))
    assert (east["nearest_persons"], east["turned_away"], east["left_out"]) == (10, 5, 5)
    assert east["is_full"]
    assert east["one_more_serves"]
    assert (west["nearest_persons"], west["left_out"], west["free_persons"]) == (3, 1, 0)
    assert np.isnan(dark["load_persons"])
    assert not dark["is_full"]
    assert (idle["load_persons"], idle["free_persons"], idle["one_more_minutes"]) == (0, 4, 0)


def test_who_is_sent_on_to_the_next_centre() -> None:
    roomy = assign_capacity(
        TIMES, demand_of(PERSONS), capacity_of(PLACES | {"west": 20.0}), limit_minutes=15
    )
    # a has east alone, b can go on to west: a takes all five places, one of a is left out.
    assert roomy.residents.loc["b", "sent_on"] == pytest.approx(4)
    assert roomy.residents.loc["b", "centres"] == "west"
    assert roomy.centres.loc["west", "come_from_elsewhere"] == pytest.approx(4)
    assert roomy.centres.loc["east", "sent_on"] == pytest.approx(4)
    assert roomy.centres.loc["east", "left_out"] == pytest.approx(1)
    roomier = assign_capacity(
        TIMES, demand_of(PERSONS), capacity_of(PLACES | {"west": 20.0, "east": 6.0})
    )
    assert not roomier.centres.loc["east", "one_more_serves"]
    # One more place at east: one of b walks 3 minutes in place of 9.
    assert roomier.centres.loc["east", "one_more_minutes"] == pytest.approx(6)


def test_most_served_goes_before_the_least_walk() -> None:
    # Alone, `near` would take the only place (1 min); but `near` can walk to far, `tied` cannot.
    times = pd.DataFrame(
        [("near", "x", 1.0), ("near", "y", 15.0), ("tied", "x", 15.0)],
        columns=["origin", "destination", "walk_minutes"],
    )
    found = assign_capacity(
        times, demand_of({"near": 1.0, "tied": 1.0}), capacity_of({"x": 1.0, "y": 1.0})
    )
    assert found.states.loc["served", "persons"] == 2
    assert found.walk_person_minutes == 30


def test_the_people_of_one_row_may_split() -> None:
    times = pd.DataFrame(
        [("a", "x", 1.0), ("a", "y", 2.0), ("a", "z", 2.0)],
        columns=["origin", "destination", "walk_minutes"],
    )
    found = assign_capacity(
        times, demand_of({"a": 4.5}), capacity_of({"x": 1.0, "y": 2.0, "z": 1.0})
    )
    assert found.residents.loc["a", "centres"] == "y、x、z"
    assert found.residents.loc["a", "served"] == 4
    assert found.residents.loc["a", "covered_full"] == pytest.approx(0.5)


def test_a_walk_exactly_on_the_limit_is_within() -> None:
    for minutes, served in ((15.0, 1), (15.0 + 5e-7, 1), (15.001, 0)):
        times = pd.DataFrame({"origin": ["a"], "destination": ["x"], "walk_minutes": [minutes]})
        found = assign_capacity(
            times, demand_of({"a": 1.0}), capacity_of({"x": 1.0}), limit_minutes=15
        )
        assert found.states.loc["served", "persons"] == served


def test_nobody_nothing_and_no_pairs() -> None:
    found = assign_capacity(TIMES.iloc[:0], demand_of(PERSONS), capacity_of(PLACES))
    assert found.states.loc["out_of_reach", "persons"] == 17
    assert found.gap_person_minutes == 0
    empty = assign_capacity(TIMES.iloc[:0], demand_of({}), capacity_of({}))
    assert empty.served_share is None
    full = assign_capacity(TIMES, demand_of(PERSONS), capacity_of(dict.fromkeys(PLACES, 0.0)))
    assert full.states.loc["served", "persons"] == 0
    assert full.states.loc["covered_full", "persons"] == 15


def test_refused_questions() -> None:
    other = CentreCapacity("community_elders", capacity_of(PLACES).centres)
    with pytest.raises(TableError, match="不能混用"):
        assign_capacity(TIMES, demand_of(PERSONS), other)
    with pytest.raises(TableError, match="起点"):
        assign_capacity(TIMES, demand_of({"a": 1.0}), capacity_of(PLACES))
    with pytest.raises(TableError, match="不止一次"):
        assign_capacity(pd.concat([TIMES, TIMES]), demand_of(PERSONS), capacity_of(PLACES))
    with pytest.raises(TableError, match="walk_minutes"):
        assign_capacity(TIMES.drop(columns="walk_minutes"), demand_of(PERSONS), capacity_of(PLACES))
    with pytest.raises(ValueError, match="limit"):
        assign_capacity(TIMES, demand_of(PERSONS), capacity_of(PLACES), limit_minutes=0)


def test_states_have_words() -> None:
    for state in STATES:
        assert all(TOWN.state_text(state, language) for language in LANGUAGES)


@st.composite
def towns(draw: st.DrawFn) -> AssignmentProblem:
    rows, sites = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    pairs = [
        (row, site)
        for row in range(rows)
        for site in sorted(draw(st.sets(st.integers(0, sites - 1), min_size=1)))
    ]
    whole = draw(st.booleans())
    unit = st.integers(0, 9).map(float) if whole else st.floats(0.0, 9.0)
    return AssignmentProblem(
        demand=np.array([max(draw(unit), 0.25) for _ in range(rows)]),
        capacity=np.array([draw(unit) for _ in range(sites)]),
        resident_of=np.array([row for row, _ in pairs]),
        site_of=np.array([site for _, site in pairs]),
        minutes=np.array([draw(st.sampled_from([0.0, 1.0, 2.5, 7.0, 15.0])) for _ in pairs]),
    )


def frames(problem: AssignmentProblem) -> tuple[pd.DataFrame, dict[str, float], dict[str, float]]:
    times = pd.DataFrame(
        {
            "origin": [f"r{row}" for row in problem.resident_of],
            "destination": [f"c{site}" for site in problem.site_of],
            "walk_minutes": problem.minutes,
        }
    )
    persons = {f"r{row}": float(count) for row, count in enumerate(problem.demand)}
    places = {f"c{site}": float(count) for site, count in enumerate(problem.capacity)}
    return times, persons, places


def answer(problem: AssignmentProblem) -> CapacityAssignment:
    times, persons, places = frames(problem)
    return assign_capacity(times, demand_of(persons), capacity_of(places))


def by_linprog(problem: AssignmentProblem) -> tuple[float, float]:
    """Return most served and then the least walk: two programmes, one after the other."""
    arcs = len(problem.minutes)
    ones, entries = np.ones(arcs), np.arange(arcs)
    sums = [
        coo_matrix((ones, (keys, entries)), shape=(count, arcs))
        for keys, count in (
            (problem.resident_of, len(problem.demand)),
            (problem.site_of, len(problem.capacity)),
        )
    ]
    matrix = np.vstack([part.toarray() for part in sums])
    limits = np.concatenate([problem.demand, problem.capacity])
    most = -linprog(-ones, A_ub=matrix, b_ub=limits).fun
    matrix = np.vstack([matrix, -ones])
    limits = np.append(limits, -most + 1e-9)
    return most, linprog(problem.minutes, A_ub=matrix, b_ub=limits).fun


@settings(deadline=None, derandomize=True, max_examples=100)
@given(towns())
def test_two_programmes_of_scipy_agree(problem: AssignmentProblem) -> None:
    found = answer(problem)
    served, walk = by_linprog(problem)
    assert found.served_persons == pytest.approx(served, abs=1e-6)
    assert found.walk_person_minutes == pytest.approx(walk, abs=1e-5)
    assert found.gap_person_minutes <= 1e-6 * problem.demand.sum()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(towns())
def test_sums_are_kept(problem: AssignmentProblem) -> None:
    found = answer(problem)
    rows = found.residents
    np.testing.assert_allclose(rows[STATES].sum(axis=1), rows["demand_persons"], rtol=1e-9)
    assert (rows[STATES] >= 0).all(axis=None)
    loads = found.centres
    assert (loads["load_persons"] <= loads["capacity_persons"] + 1e-9).all()
    assert loads["load_persons"].sum() == pytest.approx(found.served_persons, abs=1e-6)
    assert loads["nearest_persons"].sum() == pytest.approx(found.demand_persons)
    nearest_here = loads["nearest_persons"] - loads["turned_away"] + loads["come_from_elsewhere"]
    np.testing.assert_allclose(nearest_here, loads["load_persons"], atol=1e-6)
    assert loads["sent_on"].sum() == pytest.approx(loads["come_from_elsewhere"].sum(), abs=1e-6)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(towns(), st.integers(0, 3), st.sampled_from([0.0, 1.0, 2.5]))
def test_more_places_and_other_centres_never_serve_fewer(
    problem: AssignmentProblem, which: int, more: float
) -> None:
    times, persons, places = frames(problem)
    before = answer(problem)
    centre = f"c{which % len(places)}"
    richer = assign_capacity(
        times, demand_of(persons), capacity_of(places | {centre: places[centre] + more})
    )
    assert richer.served_persons >= before.served_persons - 1e-6
    # What the shadow of one more place promises is what it gives.
    if more == 1.0 and before.centres.loc[centre, "one_more_serves"]:
        assert richer.served_persons > before.served_persons + 1e-6
    elif more == 1.0:
        assert richer.served_persons == pytest.approx(before.served_persons, abs=1e-6)
        saved = before.walk_person_minutes - richer.walk_person_minutes
        # The first part of a place saves most: one whole place saves at most as much for each.
        promised = float(before.centres["one_more_minutes"].loc[centre])
        assert -1e-6 <= saved <= promised + 1e-6
        assert (promised > 1e-6) == (saved > 1e-9)
    new = times[times["destination"] == centre].assign(destination="new")
    wider = assign_capacity(
        pd.concat([times, new]), demand_of(persons), capacity_of(places | {"new": more})
    )
    assert wider.served_persons >= before.served_persons - 1e-6


@settings(deadline=None, derandomize=True, max_examples=40)
@given(towns())
def test_the_order_of_rows_never_matters(problem: AssignmentProblem) -> None:
    times, persons, places = frames(problem)
    first = assign_capacity(times, demand_of(persons), capacity_of(places))
    mixed = assign_capacity(
        times.sample(frac=1, random_state=7).astype({"origin": "category"}),
        demand_of(dict(reversed(persons.items()))),
        capacity_of(dict(reversed(places.items()))),
    )
    pd.testing.assert_frame_equal(first.flows, mixed.flows, check_exact=True)
    pd.testing.assert_frame_equal(
        first.residents, mixed.residents.loc[first.residents.index], check_exact=True
    )
    pd.testing.assert_frame_equal(
        first.centres, mixed.centres.loc[first.centres.index], check_exact=True
    )


def test_every_way_to_place_a_few_persons() -> None:
    random = np.random.default_rng(4)
    for _ in range(25):
        rows, sites = 5, 3
        minutes = random.integers(1, 20, (rows, sites)).astype(float)
        reached = minutes <= 15
        capacity = random.integers(0, 3, sites)
        best = (0, 0.0)
        for choice in itertools.product(range(-1, sites), repeat=rows):
            going = [(row, site) for row, site in enumerate(choice) if site >= 0]
            if not all(reached[pair] for pair in going):
                continue
            if any(choice.count(site) > capacity[site] for site in range(sites)):
                continue
            best = max(best, (len(going), -sum(minutes[pair] for pair in going)))
        times = pd.DataFrame(
            [(f"r{r}", f"c{c}", minutes[r, c]) for r in range(rows) for c in range(sites)],
            columns=["origin", "destination", "walk_minutes"],
        )
        found = assign_capacity(
            times,
            demand_of({f"r{r}": 1.0 for r in range(rows)}),
            capacity_of({f"c{c}": float(capacity[c]) for c in range(sites)}),
        )
        assert (found.served_persons, -found.walk_person_minutes) == pytest.approx(best)
        # Whole persons and places give a whole answer.
        np.testing.assert_allclose(found.flows["persons"], found.flows["persons"].round())


def grown_town(seed: int, rows: int = 400, sites: int = 25) -> AssignmentProblem:
    """Return a town on a plane, with too few places here and plenty there; whole numbers."""
    random = np.random.default_rng(seed)
    homes, centres = random.uniform(0, 3, (rows, 2)), random.uniform(0, 3, (sites, 2))
    minutes = np.round(np.hypot(*(homes[:, None] - centres[None]).T).T * 15)
    resident_of, site_of = np.nonzero(minutes <= 15)
    kept, resident_of = np.unique(resident_of, return_inverse=True)
    used, site_of = np.unique(site_of, return_inverse=True)
    demand = random.integers(1, 9, rows)[kept].astype(float)
    share = random.uniform(0.2, 1.6, len(used))
    capacity = np.round(share / share.sum() * demand.sum() * 0.95)
    return AssignmentProblem(
        demand, capacity, resident_of, site_of, minutes[np.ix_(kept, used)][resident_of, site_of]
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_minimum_cost_flow_of_networkx_agrees(seed: int) -> None:
    problem = grown_town(seed)
    graph = nx.DiGraph()
    total, dear = int(problem.demand.sum()), int(problem.unserved_cost)
    graph.add_node("end", demand=total)
    for row, persons in enumerate(problem.demand):
        graph.add_node(("r", row), demand=-int(persons))
        graph.add_edge(("r", row), "end", weight=dear)
    for site, places in enumerate(problem.capacity):
        graph.add_edge(("c", site), "end", capacity=int(places), weight=0)
    for row, site, minutes in zip(
        problem.resident_of, problem.site_of, problem.minutes, strict=True
    ):
        graph.add_edge(("r", int(row)), ("c", int(site)), weight=int(minutes))
    cost = nx.min_cost_flow_cost(graph)
    found = best_assignment(problem)
    assert dear * problem.demand.sum() - cost == pytest.approx(value(problem, found.persons))
    np.testing.assert_allclose(found.persons, found.persons.round(), atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_plain_programme_agrees_and_stands_in(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = grown_town(seed)
    found, plain = best_assignment(problem), plain_assignment(problem)
    assert value(problem, found.persons) == pytest.approx(value(problem, plain.persons), rel=1e-12)

    def worthless(*_: object) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(len(problem.minutes)), np.zeros(len(problem.capacity))

    monkeypatch.setattr(assigning_search, "placed", worthless)
    again = best_assignment(problem)
    assert value(problem, again.persons) == pytest.approx(value(problem, plain.persons), rel=1e-12)


def test_an_answer_that_cannot_be_proven_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning_search, "PROOF_MINUTES", -1.0)
    with pytest.raises(SolverError, match="未能证明"):
        best_assignment(grown_town(0))


def test_any_prices_bound_every_plan() -> None:
    problem = grown_town(5)
    best = value(problem, best_assignment(problem).persons)
    random = np.random.default_rng(0)
    for _ in range(20):
        prices = random.uniform(0, 2 * problem.unserved_cost, len(problem.capacity))
        assert bound(problem, prices) >= best - 1e-6
