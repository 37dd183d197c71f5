"""Moves, mergers and closings tried before they are called a cure, against ledgers carried out.

Every pocket is a fault that someone found by carrying the list's measures out by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.standards.remedies.trials import short_findings
from planner.standards.remedies.trying import key_of
from planner.workflow.findings import Findings
from planner.workflow.inputs.record import Clock
from planner.workflow.remedies.listing import lines
from planner.workflow.remedies.trial_words import trial_lines
from planner.workflow.remedies.words import cures_of, refused_of
from planner.workflow.run import find_out
from tests.workflow.pocket_town import Centre, Site, Town

AREA = "jianbiao-143-2010/class-area"
DAY_CARE = "gb-50180-2018/day-care-area"


def pockets() -> Town:
    """Return the town; each pocket is named by the number of its centres."""
    town = Town()
    # A place that reaches 900 elders, so that the plan takes no other pocket's site.
    town.communities += [("饵", 28_000, 30_000, 12_000, 900)]
    town.doors += [(28_500, 500), (28_600, 400)]
    town.sites += [Site("K0", 28_550, 900)]
    # 1: K1 is nearer to 乙, whom nobody serves; there A1 answers for 24,000 people, not 12,000.
    town.communities += [("甲", -700, 500, 12_000, 100), ("乙", 500, 1_800, 12_000, 100)]
    town.doors += [(-100, 50), (200, 50), (800, 50), (1_000, 50)]
    town.centres += [Centre("A1", 0, 500)]
    town.sites += [Site("K1", 500, 800)]
    # 2: without A2 the elders of 子 walk to B2 and to E2: 38,000 people, of the first class.
    x = 4_000
    town.communities += [
        ("子", x - 900, x + 400, 29_000, 100),
        ("丑", x + 400, x + 1_800, 9_000, 100),
    ]
    town.doors += [(x + 100, 50), (x + 300, 50), (x + 700, 100)]
    town.centres += [Centre("A2", x + 150, 200), Centre("E2", x - 100, 1_090),
                     Centre("B2", x + 420, 360)]  # fmt: skip
    # 3: only A3's list names 卯.
    x = 8_000
    town.communities += [
        ("寅", x - 900, x + 900, 12_000, 100),
        ("卯", x + 2_000, x + 3_000, 12_000, 130),
    ]
    town.doors += [(x, 50), (x + 200, 50), (x + 2_500, 130)]
    town.centres += [Centre("A3", x, 200, "寅、卯"), Centre("E3", x + 200, 1_100, "寅")]
    # 4: the site has four storeys below it.
    x = 14_000
    town.communities += [("辰", x - 900, x + 1_000, 12_000, 100)]
    town.doors += [(x, 50), (x + 200, 50)]
    town.centres += [Centre("A4", x, 500)]
    town.sites += [Site("K4", x + 200, 800, floor=4)]
    # 5: once A5 stands at K5, 巳 walks to B5 (360 m²).
    x = 18_000
    town.communities += [
        ("巳", x - 900, x + 200, 12_000, 100),
        ("午", x + 200, x + 1_800, 9_000, 100),
    ]
    town.doors += [(x - 300, 50), (x - 100, 50), (x + 600, 50), (x + 700, 50)]
    town.centres += [Centre("A5", x - 200, 500), Centre("B5", x + 420, 360)]
    town.sites += [Site("K5", x + 520, 800)]
    # 6: an idle place of 300 m²; as a centre of its own it would be too small.
    x = 22_000
    town.communities += [("申", x - 900, x + 1_000, 12_000, 100)]
    town.doors += [(x, 50), (x + 200, 50)]
    town.centres += [Centre("A6", x, 500), Centre("I6", x + 150, 300, status="闲置")]
    # 7: a move that holds.
    x = 25_000
    town.communities += [("未", x - 900, x + 1_000, 12_000, 100)]
    town.doors += [(x, 50), (x + 200, 50)]
    town.centres += [Centre("A7", x, 500)]
    town.sites += [Site("K7", x + 200, 960)]
    return town


@dataclass(frozen=True)
class Seen:
    """The town as it is, and as it stands once what the list adopts is carried out."""

    before: Findings
    after: Findings


def found_in(folder: Path) -> Findings:
    return find_out(planner.read_project(folder), Clock(99, lambda *_: None))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    home = tmp_path_factory.mktemp("pockets")
    before = found_in(pockets().write(home / "before"))
    town = pockets()
    # By hand: the list's adopted measures, typed into the ledgers.
    town.change("A3", status="停运")
    town.change("E3", serves="寅、卯")
    town.change("A6", area=750.0)
    town.move("A7", "K7", 750.0)
    return Seen(before, found_in(town.write(home / "after")))


def adopted(seen: Seen) -> dict[str, tuple[str, str | None, str]]:
    """Return kind, partner and certainty of what is adopted, by centre: of what stands or moves."""
    measures = seen.before.remedies.worded.found.measures
    rows = measures[measures["kind"].isin(("merge", "move", "close", "reopen_idle"))]
    return {
        row["centre"]: (row["kind"], row["partner"], row["certainty"])
        for row in rows.to_dict("records")
    }


def told(seen: Seen, defect: str) -> str:
    return "；".join(refused_of(seen.before.remedies.worded).get(defect, []))


def test_only_what_holds_is_adopted(seen: Seen) -> None:
    assert adopted(seen) == {
        "A3": ("merge", "E3", "certain"),
        "A6": ("reopen_idle", "I6", "to_visit"),
        "A7": ("move", "K7", "certain"),
    }


def test_carried_out_by_hand_it_cures_and_harms_nobody(seen: Seen) -> None:
    before, after = (short_findings(one.judged.judgement) for one in (seen.before, seen.after))
    assert not set(after.index) - set(before.index)
    assert {f"A3/{DAY_CARE}", f"A6/{AREA}", f"A7/{AREA}"} <= set(before.index) - set(after.index)
    was, now = (one.audit.groups["shortfall_m2"].sum() for one in (seen.before, seen.after))
    assert now == pytest.approx(was - 500.0)


@pytest.mark.parametrize(
    ("defect", "consequences"),
    [
        (f"A1/{AREA}", ("K1", "建筑面积仍短缺 335 m²", "服务半径")),
        (f"A2/{DAY_CARE}", ("E2", "B2", "短缺 150 m²")),
        (f"A4/{AREA}", ("K4", "楼层超出 1 层")),
        (f"A5/{AREA}", ("K5", "B5站（B5） 建筑面积短缺 390 m²", "服务半径", "增加 140 m²")),
    ],
)
def test_what_is_refused_says_what_it_would_do(
    seen: Seen, defect: str, consequences: tuple[str, ...]
) -> None:
    line = told(seen, defect)
    assert "不可行：已试算" in line
    for part in consequences:
        assert part in line
    table = seen.before.remedies.listed.table
    assert line.split("；")[0] in str(table.loc[defect, "measure_told"])


def test_refused_measures_cost_nothing_and_cure_nothing(seen: Seen) -> None:
    cures = seen.before.remedies.worded.found.remedies.cures
    refused = cures[cures["reason"].isin(("tried_stays", "tried_worse"))]
    assert len(refused)
    assert not refused["chosen"].any()
    assert (refused["part"] == 0.0).all()
    assert not {"A1", "A2", "A4", "A5"} & set(adopted(seen))


def test_the_receiver_takes_the_list_over_and_the_idle_place_is_rooms(seen: Seen) -> None:
    cured = cures_of(seen.before.remedies.worded)
    (merger,) = cured[f"A3/{DAY_CARE}"][0]
    assert "E3站（E3）的服务社区须加卯" in merger
    (idle,) = cured[f"A6/{AREA}"][0]
    assert "不另立为一处设施" in idle


def test_all_of_it_is_tried_together_and_told(seen: Seen) -> None:
    known = seen.before.remedies.worded.found.remedies.experience
    assert known.together is not None
    assert known.together.holds
    assert known.outcomes[key_of("A7", "move", "K7")].holds
    assert known.trials <= 6
    sentences: Any = lines(seen.before.remedies.worded)
    assert any("全部采纳后又一并重算一次" in one and "没有增加" in one for one in sentences)
    assert any(one.startswith("迁址、合并、关闭共试算") for one in sentences)


def test_what_does_not_hold_together_is_told(seen: Seen) -> None:
    worded = seen.before.remedies.worded
    known = worded.found.remedies.experience
    bad = known.outcomes[key_of("A5", "move", "K5")]
    found = replace(worded.found.remedies, experience=replace(known, together=bad))
    told = trial_lines(replace(worded, found=replace(worded.found, remedies=found)))
    assert any("以下各处不成立" in one and "B5站（B5） 建筑面积短缺 390 m²" in one for one in told)
