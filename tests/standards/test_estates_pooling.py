"""Pools of small rooms against brute force over every choice, and by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import TableError
from planner.standards.estates.pooling import Pools, propose_pools
from planner.standards.estates.required import estates_owed
from planner.standards.estates.rooms import farthest_walks, small_rooms
from tests.standards.estate_books import GUIZHOU, NINGBO, ZHEJIANG, book, clause, estates

LIMIT = 15.0


def _rooms(**areas: float) -> pd.DataFrame:
    state = ["not_pooled" if area < 300 else "own_centre" for area in areas.values()]
    return pd.DataFrame(
        {"rooms_m2": list(areas.values()), "rooms_from": "delivered", "state": state},
        index=pd.Index(list(areas), name="estate"),
    )


def _walks(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["estate", "place", "walk_minutes"])


def _times(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["origin", "destination", "walk_minutes"])


def _residents(**elders: float) -> pd.DataFrame:
    return pd.DataFrame({"elderly_60": list(elders.values()), "covered": False}, index=list(elders))


def _hosts(*places: str) -> pd.Series:
    return pd.Series(list(places), index=list(places), dtype=object)


def test_three_rooms_of_a_hundred_make_a_centre() -> None:
    """A, B, C hold 100 m² each; all can walk to B (15 min exactly from C), not all to A or C."""
    walks = _walks(
        ("A", "A", 0), ("B", "B", 0), ("C", "C", 0),
        ("A", "B", 10), ("B", "A", 10), ("B", "C", 15), ("C", "B", 15),
    )  # fmt: skip
    times = _times(("r", "B", 12), ("s", "A", 5), ("t", "B", 15), ("u", "B", 15.001))
    residents = _residents(r=40, s=900, t=2, u=70)
    found = propose_pools(
        _rooms(A=100, B=100, C=100), walks, times, residents, hosts=_hosts("A", "B", "C"),
        limit_minutes=LIMIT, least_m2=300,
    )  # fmt: skip
    pool = found.pools.loc[1]
    assert (pool["place"], pool["estates"], pool["rooms_m2"]) == ("B", "A、B、C", 300.0)
    assert pool["elderly_60_new"] == found.elderly_60_new == found.bound == 42.0
    assert pool["gain"] == "elders"
    assert pool["walk_minutes_longest"] == 15.0
    assert found.status == "optimal"
    assert found.estates["state"].tolist() == ["pooled"] * 3
    # A hair less than a centre needs, or a hair too far: no pool, and it is said why.
    for rooms, near in ((_rooms(A=100, B=100, C=99.9), walks), (_rooms(A=100, B=100, C=100),
        walks.replace({"walk_minutes": {15.0: 15.001}}))):  # fmt: skip
        nothing = propose_pools(
            rooms, near, times, residents, hosts=_hosts("A", "B", "C"),
            limit_minutes=LIMIT, least_m2=300,
        )  # fmt: skip
        assert nothing.pools.empty
        assert nothing.estates["state"].tolist() == ["no_partner"] * 3
        assert (nothing.elderly_60_new, nothing.rooms_m2, nothing.bound) == (0.0, 0.0, 0.0)


def test_where_all_are_covered_only_a_centre_where_there_was_none_is_a_gain() -> None:
    walks = _walks(("A", "A", 0), ("B", "A", 5), ("B", "B", 0), ("A", "B", 4))
    residents = _residents(r=40, s=60).assign(covered=[True, True])
    times = _times(("r", "A", 3), ("s", "B", 3), ("s", "A", 3))
    asked = (_rooms(A=200, B=150, C=400), walks, times, residents)
    settings_: dict[str, Any] = {
        "hosts": _hosts("A", "B", "C"),
        "limit_minutes": LIMIT,
        "least_m2": 300,
    }
    nothing = propose_pools(*asked, **settings_)
    assert nothing.pools.empty
    assert f"{nothing.bound:.0f}" == f"{nothing.elderly_60_new:.0f}" == "0"
    assert nothing.estates["state"].to_dict() == {
        "A": "not_pooled", "B": "not_pooled", "C": "own_centre",
    }  # fmt: skip
    bare = pd.Series({"A": True, "B": True, "C": False})
    found = propose_pools(*asked, **settings_, without_centre=bare)
    assert found.elderly_60_new == 0.0
    assert found.pools["gain"].tolist() == ["centre"]
    # At B the walk is less: 4 minutes against 5.
    assert found.pools["place"].tolist() == ["B"]
    assert found.pools.loc[1, "elderly_60_reached"] == 60.0
    assert found.estates["state"].to_dict() == {"A": "pooled", "B": "pooled", "C": "own_centre"}


def test_an_estates_own_place_takes_in_its_own_rooms() -> None:
    """B's elders walk to A, but A itself is behind a wall from its own elders: no pool there."""
    walks = _walks(("B", "A", 5), ("C", "A", 5), ("D", "A", 5))
    found = propose_pools(
        _rooms(A=200, B=150, C=150, D=10), walks, _times(("r", "A", 3)), _residents(r=9),
        hosts=_hosts("A", "B", "C", "D"), limit_minutes=LIMIT, least_m2=300,
    )  # fmt: skip
    assert found.pools.empty
    # A place that is nobody's asks for no host.
    nobody = pd.Series([None], index=["A"], dtype=object)
    found = propose_pools(
        _rooms(A=200, B=150, C=150, D=10), walks, _times(("r", "A", 3)), _residents(r=9),
        hosts=nobody, limit_minutes=LIMIT, least_m2=300,
    )  # fmt: skip
    assert found.pools["estates"].tolist() == ["B、C、D"]
    assert found.estates["state"]["A"] == "no_partner"


def test_rooms_that_estates_bring() -> None:
    owed = estates_owed(
        estates(
            households=[1000.0, 1000.0, 1000.0, 0.0, 2000.0, 1000.0],
            delivered_m2=[50.0, 0.0, np.nan, 0.0, 0.0, 0.0],
            estate_age=["新建"] * 5 + [None],
        ),
        [NINGBO],
    )
    rooms = small_rooms(owed, 300.0)
    assert rooms["state"].tolist() == [
        "not_pooled", "not_pooled", "unknown", "unknown", "own_centre", "unknown",
    ]  # fmt: skip
    assert rooms["rooms_m2"].tolist()[:2] == [50.0, 200.0]
    assert rooms["rooms_from"].tolist()[:2] == ["delivered", "owed"]


def test_every_door_of_an_estate_must_reach_the_place() -> None:
    doors = pd.Series({"a1": "A", "a2": "A", "b": "B"})
    times = _times(
        ("a1", "p", 3), ("a2", "p", 15), ("b", "p", 4), ("a1", "q", 2), ("a2", "q", 15.1),
        ("x", "p", 1),
    )  # fmt: skip
    found = farthest_walks(times, doors, limit_minutes=LIMIT)
    assert found.to_dict("list") == {
        "estate": ["A", "B"], "place": ["p", "p"], "walk_minutes": [15.0, 4.0],
    }  # fmt: skip


def test_tables_that_do_not_fit_are_refused_with_every_problem() -> None:
    with pytest.raises(TableError) as caught:
        propose_pools(
            _rooms(A=100), _walks(("Z", "A", 1), ("Z", "A", 1)), _times(("q", "W", 1)),
            _residents(r=1), hosts=_hosts("A"), limit_minutes=0, least_m2=float("nan"),
        )  # fmt: skip
    keys = [problem.key for problem in caught.value.problems]
    assert keys == [
        "estates.not_positive", "estates.not_positive", "estates.id_unknown", "estates.id_unknown",
        "estates.id_unknown", "estates.pair_twice",
    ]  # fmt: skip


def _choices(estates_: list[str], joins: dict[str, list[str]]) -> Iterator[dict[str, str | None]]:
    options = [[None, *joins.get(estate, [])] for estate in estates_]
    for choice in itertools.product(*options):
        yield dict(zip(estates_, choice, strict=True))


def _brute(
    areas: dict[str, float],
    walks: dict[tuple[str, str], float],
    reach: dict[str, set[str]],
    elders: dict[str, float],
    least: float,
    free: set[str],
    bare: set[str],
) -> tuple[float, float, float]:
    """Try every choice; return the best (elders, m², -minutes) in the order of the aims."""
    joins: dict[str, list[str]] = {}
    for (estate, place), minutes in walks.items():
        if minutes <= LIMIT and areas[estate] < least:
            joins.setdefault(estate, []).append(place)
    best = (0.0, 0.0, 0.0)
    for choice in _choices(list(areas), joins):
        open_ = {place for place in choice.values() if place is not None}
        if any(place not in free and choice.get(place) != place for place in open_):
            continue
        alone = [places & open_ for places in reach.values()]
        if any(p not in bare and {p} not in alone for p in open_):
            continue  # it would reach nobody whom no other does
        gathered = {p: sum(areas[e] for e, q in choice.items() if q == p) for p in open_}
        if any(area < least - 1e-9 for area in gathered.values()):
            continue
        gain = sum(elders[one] for one, places in reach.items() if places & open_)
        minutes = sum(walks[e, p] for e, p in choice.items() if p is not None)
        best = max(best, (gain, sum(gathered.values()), -minutes))
    return best


def _town(seed: int) -> tuple[dict[str, float], pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return a random town: estates and residents on a grid of streets, walked by networkx."""
    rng = np.random.default_rng(seed)
    streets = nx.grid_2d_graph(5, 5)
    minutes = dict(nx.all_pairs_shortest_path_length(streets))
    nodes = list(streets)
    homes = {f"E{n}": nodes[int(rng.integers(25))] for n in range(int(rng.integers(2, 6)))}
    places = homes | {"K": nodes[int(rng.integers(25))]}
    areas = {one: float(rng.integers(5, 35) * 10) for one in homes}
    people = {f"r{n}": nodes[int(rng.integers(25))] for n in range(7)}
    step = 4.0
    walks = _walks(*((e, p, step * minutes[homes[e]][at]) for e in homes for p, at in places.items()
                     if step * minutes[homes[e]][at] <= 20))  # fmt: skip
    times = _times(*((r, p, step * minutes[at_home][at]) for r, at_home in people.items()
                     for p, at in places.items()))  # fmt: skip
    residents = _residents(**{one: float(rng.integers(0, 50)) for one in people})
    return areas, walks, times, residents.assign(covered=rng.random(len(people)) < 0.3)


def _proposed(
    areas: dict[str, float],
    walks: pd.DataFrame,
    times: pd.DataFrame,
    residents: pd.DataFrame,
    bare: set[str] | None = None,
) -> Pools:
    hosts = pd.Series({**{one: one for one in areas}, "K": None}, dtype=object)
    return propose_pools(
        _rooms(**areas), walks, times, residents, hosts=hosts, limit_minutes=LIMIT, least_m2=300,
        without_centre=None if bare is None else pd.Series(hosts.index.isin(bare), hosts.index),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_no_choice_is_better(seed: int) -> None:
    areas, walks, times, residents = _town(seed)
    bare = set(sorted([*areas, "K"])[seed % 3 :: 3]) if seed % 2 else set()
    found = _proposed(areas, walks, times, residents, bare)
    left_out = residents.index[~residents["covered"]]
    reach = {
        str(one): set(times.loc[(times["origin"] == one) & (times["walk_minutes"] <= LIMIT),
                                "destination"])
        for one in left_out
    }  # fmt: skip
    pairs = {(e, p): m for e, p, m in walks.itertuples(index=False)}
    elders = {str(one): float(n) for one, n in residents["elderly_60"].items()}
    reach = {one: places for one, places in reach.items() if elders[one] > 0}
    best = _brute(areas, pairs, reach, elders, 300.0, {"K"}, bare)
    minutes = float(found.estates["walk_minutes"].sum())
    assert (found.elderly_60_new, found.rooms_m2, -minutes) == pytest.approx(best)
    assert found.bound == pytest.approx(best[0], abs=1e-6)
    assert found.status == "optimal"
    _keeps_its_promises(found, areas, pairs, times, residents)


def _keeps_its_promises(
    found: Pools,
    areas: dict[str, float],
    pairs: dict[tuple[str, str], float],
    times: pd.DataFrame,
    residents: pd.DataFrame,
) -> None:
    members = [one for many in found.pools["estates"] for one in many.split("、")]
    assert len(members) == len(set(members)) == (found.estates["state"] == "pooled").sum()
    for _, pool in found.pools.iterrows():
        own = pool["estates"].split("、")
        assert sum(areas[one] for one in own) == pytest.approx(pool["rooms_m2"])
        assert pool["rooms_m2"] >= 300
        assert all(pairs[one, pool["place"]] <= LIMIT for one in own)
        assert pd.isna(pool["host"]) or pool["host"] in own
    near = times[times["walk_minutes"] <= LIMIT]
    there = near[near["destination"].isin(found.pools["place"])]["origin"].unique()
    new = residents.loc[~residents["covered"] & residents.index.isin(there), "elderly_60"].sum()
    assert new == pytest.approx(found.elderly_60_new)
    brings = np.where(found.pools["elderly_60_new"] > 0, "elders", "centre").tolist()
    assert found.pools["gain"].tolist() == brings
    gains = found.pools["elderly_60_new"].tolist()
    assert gains == sorted(gains, reverse=True)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(seed=st.integers(100, 10_000), shuffle=st.integers(0, 99))
def test_the_order_of_rows_never_matters_and_more_room_never_loses(seed: int, shuffle: int) -> None:
    areas, walks, times, residents = _town(seed)
    found = _proposed(areas, walks, times, residents)
    mixed = [one.sample(frac=1, random_state=shuffle) for one in (walks, times, residents)]
    turned = _proposed(dict(reversed(areas.items())), mixed[0], mixed[1], mixed[2])
    pd.testing.assert_frame_equal(turned.pools, found.pools)
    larger = {one: min(area + 20, 299) if area < 300 else area for one, area in areas.items()}
    assert _proposed(larger, walks, times, residents).bound >= found.bound - 1e-6


def test_only_building_area_is_gathered() -> None:
    """Ground area, and inner area that no book converts, is in no pool and no centre by itself."""
    table = estates(
        households=[1000.0] * 5,
        delivered_m2=[160.0, 150.0, 500.0, 130.0, 0.0],
        delivered_kind=["占地", "占地", "套内", "使用", None],
        estate_age=["新建"] * 5,
    )
    rooms = small_rooms(estates_owed(table, [NINGBO]), 300.0)
    assert rooms["state"].tolist() == ["kind_unknown"] * 4 + ["not_pooled"]
    assert rooms["rooms_m2"].tolist()[4:] == [200.0]
    ratio = book("ratio", clause("use", "use_area_ratio", 0.65, comparison="equal"))
    rooms = small_rooms(estates_owed(table, [NINGBO, ratio]), 300.0)
    assert rooms["rooms_m2"].tolist()[3] == pytest.approx(200.0)
    # What is owed by per mille of the housing is inner area: 2 ‰ of 100,000 m² / 0.8 = 250 m².
    owing = estates(housing_area_m2=[100_000.0], delivered_m2=[0.0])
    assert small_rooms(estates_owed(owing, [ZHEJIANG]), 300.0)["state"].tolist() == ["kind_unknown"]
    inner = book("inner", clause("inner", "inner_area_ratio", 0.8, comparison="equal"))
    rooms = small_rooms(estates_owed(owing, [ZHEJIANG, inner]), 300.0)
    assert rooms["rooms_m2"].tolist() == [pytest.approx(250.0)]


@pytest.mark.parametrize(("area", "members"), [(299.99999, "A、B"), (299.9999, "A、B")])
def test_a_hair_less_than_a_centre_is_none(area: float, members: str) -> None:
    """A alone is 0.01 cm² short of 300 m²: B, who walks 14 minutes, must join, or nobody pools."""
    walks = _walks(("A", "A", 0), ("B", "B", 0), ("B", "A", 14))
    found = propose_pools(
        _rooms(A=area, B=10), walks, _times(("r", "A", 5), ("r", "B", 14)), _residents(r=40),
        hosts=_hosts("A", "B"), limit_minutes=LIMIT, least_m2=300,
    )  # fmt: skip
    assert found.pools["estates"].tolist() == [members]
    assert found.rooms_m2 >= 300
    # 100 m² three times are 300, whatever a third is in float64.
    near = _walks(*((one, "A", 0.0) for one in "ABC"))
    third = propose_pools(
        _rooms(A=0.1 * 1000, B=100, C=100), near, _times(("r", "A", 5)), _residents(r=40),
        hosts=_hosts("A"), limit_minutes=LIMIT, least_m2=300,
    )  # fmt: skip
    assert len(third.pools) == 1


def test_rooms_below_ground_are_not_pooled_nor_hosts() -> None:
    """A mezzanine, a half-basement and the fourth storey, where three are allowed."""
    table = estates(
        delivered_m2=[100.0, 100.0, 100.0, 100.0, 400.0, 100.0],
        floor=[1.5, -0.5, 4.0, 3.0, -1.0, np.nan],
    )
    owed = estates_owed(table, [GUIZHOU])
    states = small_rooms(owed, 300.0)["state"]
    assert states.tolist() == [*["barred"] * 3, "not_pooled", "barred", "not_pooled"]
    assert owed.estates["floor_unknown"].tolist() == [*[False] * 5, True]
    # No book: the fourth storey is nobody's fault, below ground and mezzanine are barred still.
    bare = small_rooms(estates_owed(table, []), 300.0)["state"]
    assert bare.tolist() == ["barred", "barred", "not_pooled", "not_pooled", "barred", "not_pooled"]
    ids = list(table.index)
    walks = _walks(*((one, place, 1.0) for one in ids for place in ids))
    found = propose_pools(
        small_rooms(owed, 200.0), walks, _times(*(("r", place, 5) for place in ids)),
        _residents(r=40), hosts=_hosts(*ids), limit_minutes=LIMIT, least_m2=200,
    )  # fmt: skip
    assert found.pools["estates"].tolist() == ["E4、E6"]
    assert found.pools["place"].tolist()[0] in {"E4", "E6"}
