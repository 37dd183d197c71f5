"""New ways, and what each spares a gap: drawn into the town, all walks asked anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.gap_closing import closing_candidates, closing_ways, way_kind
from planner.coverage.severing import BarrierPieces
from planner.errors import TableError
from planner.streets import nearest_centre, shortcuts
from planner.streets.search import shortcuts as shortcuts_search
from planner.workflow.gaps import ways as gap_ways
from planner.workflow.gaps.areas import (
    find_gaps,
)
from planner.workflow.gaps.ways import ways_to_close
from planner.workflow.inputs.walking import Walks
from tests.streets.drawn import edge, points, town
from tests.workflow.river_town import (
    CENTRE,
    COMMUNITIES,
    RIVER,
    SCENARIO,
    found,
    streets,
)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(0, 1000))
def test_what_a_way_spares_a_gap_is_what_building_it_does(seed: int) -> None:
    """Second opinion: the way is drawn into the town, and all walks are asked anew."""
    rng = np.random.default_rng(seed)
    count = 12
    side = rng.choice([-10.0, 60.0], count)
    places = {f"r{one:02d}": (side[one], float(rng.uniform(0, 1000))) for one in range(count)}
    residents = points(places).assign(
        community="c1", elderly_60=rng.integers(1, 9, count).astype(float)
    )
    network = streets()
    asked = Walks.of(network, residents, SCENARIO)
    coverage = asked.coverage_by(CENTRE)
    gaps = find_gaps(asked, coverage, COMMUNITIES, CENTRE, barriers=RIVER, ways_asked=0).found
    ways = ways_to_close(asked, gaps, CENTRE, BarrierPieces.of(RIVER), ways_asked=5)
    for gap, way in ways.iterrows():
        (one_e, one_n), (two_e, two_n) = way.geometry.coords
        name = {0.0: "w", 50.0: "e"}
        ends = [f"{name[e]}{round(n / 20)}" for e, n in ((one_e, one_n), (two_e, two_n))]
        rows = gaps.members[gaps.members["gap"] == gap]
        after = nearest_centre(
            streets(edge(*ends)), residents.loc[rows.index], CENTRE, speed_m_s=1.0
        )["walk_minutes"]
        before = rows["walk_minutes"]
        within = (after <= 15 + 1e-6) & ~(before <= 15 + 1e-6)
        assert way["persons_within"] == rows["elderly_60"][within].sum()
        spared = (rows["elderly_60"] * (before - after)).sum()
        assert way["person_minutes"] == pytest.approx(spared)
        assert way["persons_reached"] == 0.0


def test_ways_weighed_one_by_one_are_worth_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {f"r{one:02d}": ((-10.0, 60.0)[one % 2], 80.0 * one) for one in range(12)}
    residents = points(places).assign(community="c1", elderly_60=1.0 + np.arange(12.0))
    asked = Walks.of(streets(), residents, SCENARIO)
    coverage = asked.coverage_by(CENTRE)
    gaps = find_gaps(asked, coverage, COMMUNITIES, CENTRE, barriers=RIVER, ways_asked=0).found
    pieces = BarrierPieces.of(RIVER)
    together = ways_to_close(asked, gaps, CENTRE, pieces, ways_asked=5)
    calls: list[int] = []
    monkeypatch.setattr(gap_ways, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(shortcuts_search, "SPOTS_AT_ONCE", 7)
    weighed = gap_ways._gains_of

    def counted(*given: Any) -> pd.DataFrame:
        calls.append(1)
        return weighed(*given)

    monkeypatch.setattr(gap_ways, "_gains_of", counted)
    apart = ways_to_close(asked, gaps, CENTRE, pieces, ways_asked=5)
    assert len(calls) > 1
    assert len(together) > 0
    assert_geodataframe_equal(apart, together)


def test_a_way_into_an_estate_serves_its_residents_alone() -> None:
    """The yard y–x is an estate; the street runs beside it, 40 m off, round by e."""
    nodes = {"a": (0, 40), "e": (1200, 40), "x": (1200, 0), "y": (0, 0)}
    inner = {"private": True}
    network = town(nodes, [edge("a", "e"), edge("e", "x", **inner), edge("x", "y", **inner)])
    # The neighbour lives on the street, where the way through the yard would be shorter
    residents = points({"home": (5, -1), "neighbour": (1199, 41)}).assign(
        community="c1", elderly_60=[9.0, 4.0]
    )
    centre = points({"Z": (0, 41)})
    asked = Walks.of(network, residents, SCENARIO)
    gaps = find_gaps(asked, asked.coverage_by(centre), COMMUNITIES, centre, link_minutes=60.0)
    alone = shortcuts(
        network,
        asked.joined,
        centre,
        limit_minutes=15.0,
        walker=asked.walker,
        weight=residents["elderly_60"],
        count=1,
    ).iloc[0]
    way = gaps.ways.iloc[0]
    assert len(gaps.found.areas) == 1
    for name in ("persons_within", "persons_reached", "person_minutes"):
        assert way[name] == pytest.approx(alone[name])
    assert way["persons_within"] == 9.0
    assert way["in_estate"]


def test_whoever_has_no_way_is_reached_by_a_new_one() -> None:
    nodes = {"a": (0, 0), "b": (500, 0), "c": (0, 50), "d": (300, 50)}
    network = town(nodes, [edge("a", "b"), edge("c", "d")])
    residents = points({"home": (300, 55), "near": (100, 0)}).assign(
        community="c1", elderly_60=[9.0, 1.0]
    )
    # Doors within the limit of the main part prefer it to a stray piece: 30 m, and they do not
    stray = replace(SCENARIO, streets=replace(SCENARIO.streets, join_limit_m=30.0))
    asked = Walks.of(network, residents, stray)
    centre = points({"Z": (0, -5)})
    gaps = find_gaps(asked, asked.coverage_by(centre), COMMUNITIES, centre)
    way = gaps.closing.loc["c1-1"]
    assert gaps.left_out.rows["cause"].to_dict() == {"home": "no_way_through"}
    assert (way["way"], way["way_reached_60"], way["way_elderly_60"]) == ("path", 9.0, 9.0)
    assert way["way_elder_minutes"] == 0.0


def test_ways_are_called_by_the_hardest_that_they_cross() -> None:
    assert way_kind("") == "path"
    assert way_kind("wall") == way_kind("something new") == "gate"
    assert way_kind("railway、wall") == "crossing"
    assert way_kind("railway、wall、water") == "bridge"
    gaps = found(barriers=RIVER, ways_asked=0)[2].found
    with pytest.raises(TableError) as refused:
        closing_ways(gaps, pd.DataFrame({"length_m": [1.0, 1.0]}, index=["c2-1", "c2-1"]))
    assert len(refused.value.problems) == 7
    empty = pd.DataFrame({"origin": [], "destination": [], "walk_minutes": []})
    none = closing_candidates(gaps, empty, pd.Index([]), limit_minutes=15.0)
    assert none["candidate_elderly_60"].sum() == 0.0
