"""What siting tells is so: of the fewest, the left out, walks, places, and of few persons."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point

from planner.workflow.inputs.site_names import SiteNames
from planner.workflow.inputs.walking import points_only
from planner.workflow.run import RunResult
from planner.workflow.siting.answering import Siting
from planner.workflow.siting.beside import plans_beside
from planner.workflow.siting.lines import siting_lines
from planner.workflow.siting.opening import opening_later, standing_together
from planner.workflow.siting.reach import beyond_reach
from planner.workflow.siting.register import Register, few
from planner.workflow.siting.rows import siting_sheets
from planner.workflow.siting.summary import siting_figures
from planner.workflow.siting.times import open_with, site_times
from planner.workflow.siting.walked import walks_served
from planner.workflow.siting.words import rule_lines, walk_lines
from planner.workflow.siting.zone_rows import zone_sheet
from planner.workflow.siting.zones import proposed_zones
from tests.workflow.siting_town import Ground, asked, ground


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("true") / "town")


@pytest.fixture(scope="module")
def audit(plain_town: RunResult) -> Any:
    return plain_town.audit


def found(town: Ground, audit: Any, **settings: Any) -> Siting:
    siting = asked(town, **settings)
    every = None
    if siting.asked.settings.walks:
        sites = points_only([town.open_sites, siting.screening.usable])
        every = site_times(siting.walkers, sites, straight=False, limit_minutes=120.0)
    beside = plans_beside(
        siting.asked,
        siting.most,
        siting.fewest,
        town.walks.coverage_by(town.open_sites),
        audit,
        town.ledgers.communities.table,
        every_walk=every,
    )
    proposed = proposed_zones(
        siting.asked,
        (siting.most, siting.fewest),
        siting.walkers,
        open_with(siting.most, town.open_sites, town.candidates),
        town.ledgers.ground,
        "zh",
    )
    return dataclasses.replace(siting, beside=beside, proposed=proposed)


def told(siting: Siting) -> str:
    return "\n".join(siting_lines(siting_figures(siting), "zh"))


def with_centres(town: Ground, along: dict[str, float]) -> Ground:
    """Return the town with other centres that operate, so many metres along the street."""
    first = town.open_sites.iloc[0]
    rows = town.open_sites.iloc[[0] * len(along)].set_axis(list(along), axis="index")
    places = [Point(first.geometry.x + one, first.geometry.y) for one in along.values()]
    return town._replace(open_sites=gpd.GeoDataFrame(rows).set_geometry(places, crs=rows.crs))


def with_elders(town: Ground, **elders: float) -> Ground:
    residents = town.walks.residents
    counts = residents["elderly_60"].copy()
    counts[list(elders)] = list(elders.values())
    changed = residents.assign(elderly_60=counts)
    return town._replace(walks=dataclasses.replace(town.walks, residents=changed))


# The fewest -------------------------------------------------------------------------------------
def test_the_fewest_are_of_new_centres_and_of_those_that_may_close_and_stay(town: Ground) -> None:
    # K at 800 m reaches R1 to R4, two of today's do; nobody needs anything new.
    many = with_centres(town, {"C1": 0.0, "C2": 1000.0, "C3": 1500.0, "C4": 2800.0})
    may_close = ["C1", "C2", "C3", "C4"]
    siting = asked(many, new_centres=2, may_close=may_close)
    figures = siting_figures(siting)["fewest"]
    both = len(figures["chosen"]) + len(figures["kept_may_close"])
    assert both == figures["bound"]
    assert f"新建与留用的可关设施合计最少 {both} 处" in told(siting)
    assert "至少需新建" not in told(siting)
    plain = asked(many, new_centres=2)
    assert siting_figures(plain)["fewest"]["kept_may_close"] is None
    assert "至少需新建 0 处" in told(plain)


# Rules ------------------------------------------------------------------------------------------
def test_centres_that_a_group_pushes_out_reach_nobody(town: Ground) -> None:
    siting = asked(
        town, new_centres=1, may_close=["C1"], required=["D"], at_most_one={"g": ["C1", "D"]},
        barred=["A", "E"],
    )  # fmt: skip
    beyond = beyond_reach(siting)
    assert set(beyond.unreached.index) == set(siting.most.unreachable) == {"R1", "R7", "R8"}
    assert list(beyond.by_rules.index) == ["R1"]
    assert siting_figures(siting)["unreachable"] == siting_figures(siting)["fewest"]["unreachable"]


def test_centres_of_one_group_that_both_stay_are_told(town: Ground) -> None:
    two = with_centres(town, {"C1": 0.0, "C2": 1400.0})
    names = SiteNames.of(two.ledgers)
    group = {"owner": ["C1", "C2", "D"]}
    siting = asked(two, new_centres=1, at_most_one=group)
    assert standing_together(siting) == {"owner": ["C1", "C2"]}
    assert any("仍同时开放" in one for one in rule_lines(siting, names.sites, "zh"))
    one = asked(two, new_centres=1, at_most_one=group, may_close=["C2"])
    assert standing_together(one) == {}
    assert not any("仍同时开放" in line for line in rule_lines(one, names.sites, "zh"))


def test_sites_that_open_later_are_told_with_their_year(town: Ground) -> None:
    opens = np.where(town.candidates.index == "B", 2031.0, np.nan)
    dated = town._replace(candidates=town.candidates.assign(opens_year=opens))
    siting = asked(dated, new_centres=2)
    assert opening_later(siting) == {
        "base_year": None,
        "sites": [{"id": "B", "name": "点B", "opens_year": 2031}],
    }
    assert "点B（2031 年）" in told(siting)
    for base, is_told in ((2030.0, True), (2031.0, False)):
        known = dataclasses.replace(siting.asked, base_year=base)
        later = dataclasses.replace(siting, asked=known)
        assert (opening_later(later) is not None) == is_told
    assert opening_later(asked(town, new_centres=2)) is None


# Walks ------------------------------------------------------------------------------------------
def test_walks_say_of_whom_they_are(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=1, walks=True)
    assert siting.beside is not None
    assert siting.beside.worst is not None
    served = walks_served(siting.beside.worst)
    # R7 and R8 (15 elders) have no way to any site, today nor with the plan.
    assert (served.before, served.after) == (175, 175)
    assert (served.unreachable, served.unreachable_rows, served.left_out_rows) == (15, 2, 0)
    assert served.is_same
    lines = "\n".join(walk_lines(siting, siting.beside, SiteNames.of(town.ledgers).sites, "zh"))
    assert "先使走得到的人最多，再使其中最远的人步行最短" in lines
    assert "任何场地都走不到的 15 人（2 个居民点）都不在其内" in lines
    figures = siting_figures(siting)["worst"]
    assert (figures["elderly_60"], figures["unreachable_elderly_60"]) == (175, 15)


def test_walks_of_others_than_before_are_no_change(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=0, must_close=["C1"], walks=True)
    assert siting.beside is not None
    assert siting.beside.worst is not None
    assert siting.beside.worst.mean is None
    one = found(town, audit, new_centres=1, must_close=["C1"], walks=True)
    assert one.beside is not None
    assert one.beside.worst is not None
    short = dataclasses.replace(
        one.beside.worst,
        walks=one.beside.worst.walks.assign(
            walk_minutes=one.beside.worst.walks["walk_minutes"].where(
                one.beside.worst.walks.index != "R1"
            )
        ),
        left_out=("R1",),
    )
    beside = dataclasses.replace(one.beside, worst=short)
    lines = walk_lines(
        dataclasses.replace(one, beside=beside), beside, SiteNames.of(town.ledgers).sites, "zh"
    )
    assert "前后不是同一批人" in lines[-2]
    assert "方案却没有的 40 人（1 个居民点）" in lines[-1]


# Places -----------------------------------------------------------------------------------------
def lines_of(siting: Siting, town: Ground) -> str:
    names = SiteNames.of(town.ledgers)
    return "\n".join(zone_sheet(siting, town.ledgers.communities.table, names, "zh").lines)


def test_nobody_is_dropped_silently_from_the_proposed_places(town: Ground, audit: Any) -> None:
    # D at 2,800 m is chosen: between C1 and D no place is 2,100 m from both, nor one beside R7.
    near = found(town, audit, new_centres=1, least_distance_m=2100)
    assert near.proposed is not None
    assert set(near.proposed.only_too_near) == {"R3", "R4", "R5", "R7"}
    assert near.proposed.out_of_reach == ("R8",)
    assert "4 个居民点附近的街道位置都离现有或选中设施太近" in lines_of(near, town)
    assert "1 个居民点在时限" in lines_of(near, town)
    # R8 alone is left, and joins no street.
    joined = with_elders(town, R7=0.0)
    alone = found(joined, audit, new_centres=2)
    assert alone.proposed is not None
    assert alone.proposed.out_of_reach == ("R8",)
    assert "没有可列的建议点位" in lines_of(alone, joined)
    every = found(with_elders(town, R7=0.0, R8=0.0), audit, new_centres=2)
    assert every.proposed is None
    assert "没有需要另找点位的老年人" in lines_of(every, town)
    off = found(town, audit, new_centres=2, zones=False)
    assert "zones = false" in lines_of(off, town)


def test_elders_who_weigh_nothing_are_told(town: Ground, audit: Any) -> None:
    residents = town.walks.residents
    eighty = residents["elderly_80"].where(~residents.index.isin(["R7"]), 0.0)
    walks = dataclasses.replace(town.walks, residents=residents.assign(elderly_80=eighty))
    siting = found(town._replace(walks=walks), audit, new_centres=2, weights={"elderly_80": 1})
    assert siting.most.unreachable == ("R8",)
    assert "1 个居民点的老年人也都够不到，但按项目的权数" in lines_of(siting, town)
    assert siting_figures(siting)["zones"]["without_weight"] == 1


# Near plans -------------------------------------------------------------------------------------
def test_a_plan_that_only_builds_fewer_is_no_near_plan(town: Ground, audit: Any) -> None:
    siting = found(town, audit, new_centres=1, barred=["A", "C", "D", "E"])
    assert siting.beside is not None
    assert siting.beside.near is not None
    assert [one.plan.chosen for one in siting.beside.near.plans] == [("B",)]
    assert siting.beside.near.ended == "parts"
    assert "个不同方案" not in told(siting)


# Few persons ------------------------------------------------------------------------------------
def test_the_register_tells_nothing_near_what_it_tells() -> None:
    levels = Register((5.0, 15.0))
    levels.keep((100.0, 300.0), always=True)
    assert levels.tells((100.0, 300.0))
    assert levels.tells((105.0, 301.0))
    assert not levels.tells((104.9, 400.0))
    # As many elders, who weigh a little more.
    assert not levels.tells((100.0, 314.0))
    assert levels.tells((100.0, 315.0))
    assert not levels.tells((float("nan"), 310.0))
    assert levels.tells((float("nan"), 300.0))
    # Nobody is a level, too.
    assert not levels.tells((4.0, 100.0))
    levels.keep((103.0, 500.0), (110.0, 500.0), (113.0, 600.0))
    assert [levels.tells((one, 900.0)) for one in (97.0, 106.0, 107.0, 115.0)] == [
        False, False, False, True,
    ]  # fmt: skip


def figures_told(siting: Siting, town: Ground) -> list[float]:
    """Return every number of elders within reach that is told, or follows from one told price."""
    figures = siting_figures(siting)
    after = figures["covered_after"]
    walking = figures["walking"] or {}
    total = float(siting.most.asked.residents["elderly_60"].sum())
    numbers = [total, figures["covered_before"], after, figures["coverable"]]
    numbers += [figures["fewest"]["covered_after"], *walking.values()]
    numbers += [one["value"] for one in (*figures["curve"], *figures["near_plans"])]
    if figures["unreachable_elderly_60"] is not None:
        numbers.append(total - figures["unreachable_elderly_60"])
    gains = siting_sheets(siting, town.ledgers, "zh")["site_gains"].table
    for column in ("price", "loss_60"):
        lost = [one for one in gains[column] if isinstance(one, float) and not np.isnan(one)]
        assert after is not None or not any(lost)
        numbers += [after - one for one in lost if after is not None]
    if figures["covered_before"] is not None and gains["gain_60"].notna().all():
        numbers += (figures["covered_before"] + gains["gain_60"].cumsum()).tolist()
    return [float(one) for one in numbers if one is not None]


FEW = (
    ({"R6": 3.0}, {"new_centres": 1, "barred": ["A", "B", "C", "E"]}),
    ({"R6": 3.0}, {"new_centres": 2, "near_plans": 6}),
    ({"R6": 3.0}, {"new_centres": 1, "near_plans": 6}),
    ({"R2": 3.0}, {"new_centres": 1, "radius_m": 690.0}),
    ({"R2": 3.0}, {"new_centres": 2, "radius_m": 690.0, "near_plans": 6}),
    ({"R7": 1.0, "R8": 2.0}, {"new_centres": 2}),
    ({"R1": 2.0, "R3": 4.0, "R5": 3.0}, {"new_centres": 2, "near_plans": 9}),
)


@pytest.mark.parametrize(("elders", "settings"), FEW)
def test_no_two_figures_differ_by_a_few(
    town: Ground, audit: Any, elders: dict[str, float], settings: dict[str, Any]
) -> None:
    thin = with_elders(town, **elders)
    siting = found(thin, audit, **settings)
    numbers = figures_told(siting, thin)
    assert [pair for pair in itertools.combinations(numbers, 2) if few(pair[0] - pair[1])] == []


def test_a_gain_of_a_few_is_in_no_sentence(town: Ground, audit: Any) -> None:
    thin = with_elders(town, R6=3.0)
    siting = found(thin, audit, new_centres=1, barred=["A", "B", "C", "E"])
    assert siting.most.chosen == ("D",)
    figures = siting_figures(siting)
    assert (figures["covered_before"], figures["covered_after"], figures["gain"]) == (
        70,
        None,
        None,
    )
    assert figures["bound"] is None
    assert "（不列）" in told(siting)
    assert "73" not in told(siting)
    sheets = siting_sheets(siting, thin.ledgers, "zh")
    assert sheets["near_plans"].table["near_60"].isna().all()
    assert sheets["near_plans"].table["near_worse"].isna().all()
    assert sheets["site_curve"].table["site_covered_60"].isna().tolist() == [False, True]
    said = "\n".join(line for sheet in sheets.values() for line in sheet.lines)
    assert "73" not in said
    assert "由它可得出不足 5 人" in said


def test_whom_nothing_reaches_is_told_only_where_they_are_no_few(town: Ground, audit: Any) -> None:
    thin = with_elders(town, R7=1.0, R8=2.0)
    siting = found(thin, audit, new_centres=2)
    figures = siting_figures(siting)
    assert figures["unreachable"] == 2
    assert figures["unreachable_elderly_60"] is None
    assert figures["unreachable_communities"] == {}
    assert figures["unreachable_elderly_60_withheld"] is None
    assert "若干老年人（人数不列）（2 个居民点）" in told(siting)
