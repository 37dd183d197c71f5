"""Gaps asked of real walks in the river town."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.coverage.comparing import State, compare
from planner.coverage.sensitivity import Doubt
from planner.labels import catalogue
from planner.workflow.gaps import areas as workflow_gaps
from planner.workflow.gaps.areas import (
    find_gaps,
    how_sure,
    linking_walks,
    project_barriers,
)
from planner.workflow.inputs.project import read_project
from planner.workflow.inputs.walking import Walks
from tests.streets.drawn import points
from tests.workflow.river_town import (
    CENTRE,
    COMMUNITIES,
    DOORS,
    RIVER,
    SCENARIO,
    found,
    walks,
)
from tests.workflow.town import write_town


def test_the_river_town() -> None:
    asked, _, gaps = found(barriers=RIVER)
    rows = gaps.left_out.rows
    assert rows["cause"].to_dict() == {
        "e1": "severed", "e2": "severed", "e3": "severed", "e9": "too_far", "u": "not_joined",
        "w9": "too_far",
    }  # fmt: skip
    # Over the bridge e9 and w9 are 90 m apart on foot; e3 is 810 m from both
    areas = gaps.found.areas
    assert areas["elderly_60"].to_dict() == {"c2-1": 60.0, "c1-1": 13.0, "c2-2": 3.0}
    assert areas.loc["c1-1", "communities"] == "c1、c2"
    assert areas.loc["c2-1", "barrier"] == "渭河"
    # e1: 10 + 980 + 50 + 1,000 + 10 m; e2 80 m less; e3 160 m less
    mean = (30 * 2050 + 20 * 1970 + 10 * 1890) / 60 / 60
    assert areas.loc["c2-1", "walk_minutes_mean"] == pytest.approx(mean)
    assert areas.geometry["c2-1"].bounds[0] >= 25.0
    # A bridge at the south spares them the way round
    way = gaps.closing.loc["c2-1"]
    assert way["way"] == "bridge"
    assert way["way_barriers"] == "waterway"
    # From e1's end of the street straight to Z's, 20 m farther south
    assert way["way_length_m"] == pytest.approx(np.hypot(50, 20))
    assert way["way_elderly_60"] == 60.0
    assert gaps.ways.crs == asked.network.crs
    assert gaps.closing["way_elderly_60"].fillna(0).to_dict()["c2-2"] == 0.0
    assert gaps.closing["candidate"].isna().all()


def test_a_closed_centre_and_one_without_the_service_near_by() -> None:
    closed = points({"K": (-10, 900)})
    meal = points({"M": (60, 150)})
    _, _, gaps = found(barriers=RIVER, closed_sites=closed, lacking_sites=meal, ways_asked=0)
    rows = gaps.left_out.rows
    # e9 is 860 m from M, w9 is 930: what operates without the service comes before what is closed
    assert rows["cause"].to_dict() == {
        "e1": "lacks_need", "e2": "lacks_need", "e3": "lacks_need", "e9": "lacks_need",
        "u": "not_joined", "w9": "closed",
    }  # fmt: skip
    assert rows["centre"]["w9"] == "K"
    assert gaps.ways.empty
    assert gaps.closing["way"].isna().all()
    none = points({})
    again = found(barriers=RIVER, closed_sites=none, lacking_sites=none, ways_asked=0)[2]
    assert again.left_out.rows["cause"]["w9"] == "too_far"


def test_the_candidate_that_covers_most_elders() -> None:
    asked = walks()
    sites = points({"k1": (60, 90), "k2": (60, 170), "k3": (-10, 950), "far": (60, 20)})
    gaps = found(
        barriers=RIVER,
        times=asked.times_to(sites),
        candidates=pd.Index(["k1", "k2", "k3"]),
        ways_asked=0,
    )[2].closing
    # k1 and k2 reach all three; k1 is nearer on average
    mean = (30 * 90 + 20 * 30 + 10 * 110) / 60 / 60
    assert gaps["candidate"].to_list()[:2] == ["k1", "k3"]
    assert pd.isna(gaps["candidate"].to_list()[2])
    assert gaps["candidate_elderly_60"].to_list() == [60.0, 13.0, 0.0]
    assert gaps["candidate_share"].to_list() == [1.0, 1.0, 0.0]
    assert gaps["candidate_minutes"].to_list()[0] == pytest.approx(mean)


def test_slices_of_neighbours_are_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = walks()
    ids = pd.Index(list(DOORS))
    whole = pd.concat(list(linking_walks(asked, ids, 5.0)))
    assert not set(whole["origin"]) & {"u"}
    e1 = whole[(whole["origin"] == "e1") & (whole["destination"] == "e2")]
    assert e1["walk_minutes"].to_list() == pytest.approx([100 / 60])
    monkeypatch.setattr(workflow_gaps, "SLICE", 2)
    sliced = list(linking_walks(asked, ids, 5.0))
    assert len(sliced) == 3
    plain = [
        table.astype({"origin": str, "destination": str})
        .sort_values(["origin", "destination"])
        .reset_index(drop=True)
        for table in (whole, pd.concat(sliced))
    ]
    assert_frame_equal(plain[0], plain[1])


@settings(deadline=None, derandomize=True, max_examples=8)
@given(st.integers(0, 1000))
def test_a_new_centre_or_a_faster_walker_never_leaves_more_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = walks()
    sites = points(
        {f"z{one}": (float(rng.choice([-10, 60])), float(rng.uniform(0, 1000))) for one in range(4)}
    )
    lost = [
        find_gaps(asked, asked.coverage_by(some), COMMUNITIES, some, ways_asked=0).left_out.rows
        for some in (sites.iloc[:2], sites)
    ]
    assert set(lost[1].index) <= set(lost[0].index)
    quick = replace(SCENARIO, walking=replace(SCENARIO.walking, speed_m_s=1.3))
    faster = Walks.of(asked.network, asked.residents, quick)
    again = find_gaps(faster, faster.coverage_by(sites), COMMUNITIES, sites, ways_asked=0)
    assert set(again.left_out.rows.index) <= set(lost[1].index)
    assert again.found.areas["elderly_60"].sum() == again.left_out.rows["elderly_60"].sum()


def test_how_sure_for_each_walker() -> None:
    asked, coverage, gaps = found(barriers=RIVER, ways_asked=0)
    quick = replace(SCENARIO, walking=replace(SCENARIO.walking, speed_m_s=1.3))
    others = {"own": asked, "quick": Walks.of(asked.network, asked.residents, quick)}
    doubt = Doubt(speed_share=0.0, leg_m=0.0, runs=1)
    sure, curves = how_sure(others, coverage, gaps.found, CENTRE, doubt=doubt)
    # w9 16.8 and e9 18 minutes: 12.9 and 13.8 for the quick; u joins no street, whoever walks
    assert sure.gaps["not_under"].to_dict() == {"c2-1": "", "c1-1": "quick", "c2-2": ""}
    assert curves["own"].at([15.0])["elderly_60"].to_list() == [40.0]
    assert curves["quick"].at([15.0])["elderly_60"].to_list() == [53.0]
    nothing = CENTRE.iloc[:0]
    closed = asked.coverage_by(nothing)
    none = find_gaps(asked, closed, COMMUNITIES, nothing).found
    assert set(how_sure(others, closed, none, nothing)[0].gaps["verdict"]) == {"stands"}


def test_today_beside_the_plan() -> None:
    asked, coverage, gaps = found(barriers=RIVER, ways_asked=0)
    planned = pd.concat([CENTRE, points({"k1": (60, 90)})])
    after = asked.coverage_by(gpd.GeoDataFrame(planned))
    later = find_gaps(asked, after, COMMUNITIES, gpd.GeoDataFrame(planned), ways_asked=0)
    told = compare(
        State.of(coverage, gaps.found, CENTRE),
        State.of(after, later.found, gpd.GeoDataFrame(planned)),
    )
    assert told.coverage.loc["elderly_60", "came_within"] == 60.0
    assert told.gaps.totals["gaps"].to_dict()["closed"] == 1
    assert told.centres.loc["k1", "elderly_60_change"] == 60.0


def test_no_open_centre_leaves_nothing_to_shorten() -> None:
    asked = walks()
    nothing = CENTRE.iloc[:0]
    gaps = find_gaps(asked, asked.coverage_by(nothing), COMMUNITIES, nothing, barriers=RIVER)
    assert set(gaps.left_out.rows["cause"]) == {"no_centre"}
    assert gaps.ways.empty


def test_barriers_are_the_projects_or_those_of_its_street_file(tmp_path: Any) -> None:
    project = read_project(write_town(tmp_path / "town"))
    asked = walks()
    assert project_barriers(project, asked) is None  # one street and no river in the file
    own = Walks(asked.network, asked.residents, asked.joined, RIVER, SCENARIO)
    told = project_barriers(project, own)
    assert told is not None
    assert told["name"].to_list() == ["渭河"]


def test_its_files_words_are_there() -> None:
    words = catalogue()
    assert {"zh", "en"} == set(words["gaps.refused"])
