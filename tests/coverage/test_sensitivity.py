"""The coverage curve, and which gaps stand under every assumption."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.coverage.coverage_curve import CURVE_MINUTES, coverage_curve
from planner.coverage.gap_areas import GapAreas, gap_areas
from planner.coverage.grouping import walking_groups
from planner.coverage.sensitivity import PERTURBED, VERDICTS, Doubt, Sensitivity, sensitivity
from planner.coverage.walking import coverage
from planner.errors import TableError
from planner.labels import catalogue
from tests.coverage.gap_towns import (
    COMMUNITIES,
    NEAREST,
    PAIRS,
    RESIDENTS,
    town_coverage,
    town_left_out,
)

OWN = NEAREST["walk_minutes"]
NO_DOUBT = Doubt(speed_share=0.0, leg_m=0.0, runs=1)


def town_gaps() -> GapAreas:
    found = town_left_out()
    together = walking_groups(found.rows.index, [PAIRS], link_minutes=3.0)
    return gap_areas(found, together, COMMUNITIES, RESIDENTS, reach_m=90.0)


def asked(
    walkers: dict[str, pd.Series] | None = None, doubt: Doubt | None = NO_DOUBT
) -> Sensitivity:
    return sensitivity(
        town_gaps(),
        town_coverage().residents,
        walkers or {"own": OWN},
        own="own",
        limit_minutes=15.0,
        speed_m_s=1.0,
        doubt=doubt,
    )


def test_the_curve_of_the_town() -> None:
    curve = coverage_curve(RESIDENTS, OWN)
    table = curve.at([5, 15.9, 16, 20, 40, 500])
    assert table["elderly_60"].to_list() == [40, 40, 50, 80, 100, 198]
    assert table["elderly_60_share"].to_list()[-1] == pytest.approx(198 / 211)
    assert curve.totals["elderly_60"] == 211
    assert curve.people_columns == ("elderly_60", "elderly_80", "disabled")
    assert list(curve.at().index) == list(CURVE_MINUTES)
    assert (CURVE_MINUTES[0], CURVE_MINUTES[-1]) == (5, 30)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 40)), st.integers(0, 9)), min_size=1),
    st.lists(st.floats(0.5, 60), min_size=1, max_size=5),
)
def test_the_curve_is_coverage_at_every_limit(
    people: list[tuple[int | None, int]], limits: list[float]
) -> None:
    ids = [f"r{one:03d}" for one in range(len(people))]
    residents = pd.DataFrame({"elderly_60": [float(count) for _, count in people]}, index=ids)
    minutes = pd.Series([np.nan if one is None else one / 2 for one, _ in people], index=ids)
    nearest = pd.DataFrame(
        {"nearest": "z", "walk_minutes": minutes, "leg_m": 0.0, "joined": True, "part": 0}
    )
    curve = coverage_curve(residents.iloc[::-1], minutes)
    told = curve.at(limits)
    for limit, covered in zip(limits, told["elderly_60"], strict=True):
        found = coverage(residents, nearest, limit_minutes=limit, open_centres=1)
        assert covered == pytest.approx(found.states["elderly_60"]["covered"])
    rising = curve.at(sorted(limits))["elderly_60"]
    assert rising.is_monotonic_increasing
    faster = coverage_curve(residents, minutes * 0.8).at(limits)["elderly_60"]
    assert (faster.to_numpy() >= told["elderly_60"].to_numpy() - 1e-9).all()


def test_a_limit_a_hair_below_counts_as_units_within_says() -> None:
    curve = coverage_curve(RESIDENTS, OWN)
    assert curve.at([16 - 9e-7])["elderly_60"].to_list() == [50]
    assert curve.at([16 - 2e-6])["elderly_60"].to_list() == [40]


def test_gaps_stand_hang_or_fall_by_walker() -> None:
    quick, lift = OWN * 0.9, OWN.copy()
    lift["tower"] = 14.0
    quick["tower"] = 15.0
    found = asked({"own": OWN, "quick": quick, "lift": lift})
    table = found.gaps
    # bend 16 → 14.4 for the quick alone; tower 20 → 15 for the quick, 14 by the lift
    told = table[["verdict", "not_under", "stands_in"]].T.to_dict("list")
    assert told["c1-1"] == ["hangs", "quick", 3]
    assert told["c1-2"] == ["falls", "quick、lift", 2]
    assert told["c2-1"] == ["stands", "", 4]
    assert set(table["assumptions"]) == {4}
    assert table["least_share"].to_dict()["c1-1"] == 0.0
    assert (table["most_share"] == 1.0).all()
    assert found.shares["own"].eq(1.0).all()
    assert table["elderly_60"].sum() == 171


def test_half_of_a_gap_is_enough_to_stand() -> None:
    half = OWN.copy()
    half["bank2"] = 15.0
    table = asked({"own": OWN, "half": half}).gaps
    assert table.loc["c2-1", "least_share"] == pytest.approx(50 / 75)
    assert table.loc["c2-1", "verdict"] == "stands"
    most = half.copy()
    most["bank1"], most["bank2"] = 15.0, 61.0
    assert asked({"own": OWN, "most": most}).gaps.loc["c2-1", "verdict"] == "hangs"


def test_without_doubt_nothing_changes() -> None:
    found = asked()
    assert (found.gaps["verdict"] == "stands").all()
    assert found.runs["speed_factor"].to_list() == [1.0]
    assert found.runs["elderly_60_covered"].to_list() == [40.0]
    assert found.range_of_share() == pytest.approx((40 / 211, 40 / 211))


def test_perturbed_runs_are_as_counted_one_by_one() -> None:
    doubt = Doubt(speed_share=0.3, leg_m=50.0, runs=40, seed=4)
    found = asked(doubt=doubt)
    rng = np.random.default_rng(4)
    factors = [1 + 0.3 * value for value in rng.uniform(-1, 1, 40)]
    ids = sorted(RESIDENTS.index)
    bend = []
    for factor in factors:
        draws = dict(zip(ids, rng.uniform(-1, 1, len(ids)), strict=True))
        leg = NEAREST.loc["bend", "leg_m"]
        leg_after = max(0.0, leg + 50 * draws["bend"])
        bend.append((16 + (leg_after - leg) / 60) / factor > 15 + 1e-6)
    assert found.runs["speed_factor"].to_list() == factors
    assert found.gaps.loc["c1-1", "runs_share"] == np.mean(bend)
    assert 0 < np.mean(bend) < 1
    assert found.gaps["verdict"]["c1-1"] == "hangs"
    assert found.gaps["not_under"]["c1-1"] == PERTURBED
    assert found.gaps.loc["c2-2", "runs_share"] == 1.0  # no way at all: no speed helps
    low, high = found.range_of_share()
    assert 40 / 211 <= low <= high <= 80 / 211


def test_a_faster_run_never_covers_fewer() -> None:
    runs = asked(doubt=Doubt(leg_m=0.0, runs=50, speed_share=0.9)).runs.sort_values("speed_factor")
    assert runs["elderly_60_covered"].is_monotonic_increasing


def test_rows_in_any_order_draw_the_same() -> None:
    doubt = Doubt(runs=5)
    turned = sensitivity(
        town_gaps(),
        town_coverage().residents.iloc[::-1],
        {"own": OWN.iloc[::-1]},
        own="own",
        limit_minutes=15.0,
        speed_m_s=1.0,
        doubt=doubt,
    )
    assert_frame_equal(turned.runs, asked(doubt=doubt).runs)
    assert_frame_equal(turned.gaps, asked(doubt=doubt).gaps)


def test_full_centres_are_no_matter_of_walking() -> None:
    full = pd.Series(0.0, index=RESIDENTS.index)
    full["near"] = 40.0
    found = town_left_out(full=full)
    alone = pd.Series(found.rows.index, index=found.rows.index)
    gaps = gap_areas(found, alone, COMMUNITIES, RESIDENTS, reach_m=90.0)
    table = sensitivity(
        gaps, town_coverage().residents, {"own": OWN}, own="own", limit_minutes=15.0
    ).gaps
    row = table.loc[str(gaps.members["gap"]["near"])]
    assert row["elderly_60"] == 0.0
    assert row["verdict"] == ""
    assert np.isnan(row["least_share"])


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="none of the walkers"):
        sensitivity(town_gaps(), RESIDENTS, {"own": OWN}, own="other", limit_minutes=15.0)
    with pytest.raises(ValueError, match="positive"):
        sensitivity(town_gaps(), RESIDENTS, {"own": OWN}, own="own", limit_minutes=0.0)
    with pytest.raises(TableError, match="bank1"):
        coverage_curve(RESIDENTS, OWN.drop("bank1"))
    with pytest.raises(TableError, match="bend"):
        coverage_curve(RESIDENTS, pd.concat([OWN, OWN[["bend"]]]))
    wrongs: list[dict[str, Any]] = [{"speed_share": 1.0}, {"leg_m": -1.0}, {"runs": 0}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="speed_share"):
            Doubt(**wrong)


def test_verdicts_have_words() -> None:
    assert all(f"words.{verdict}" in catalogue() for verdict in VERDICTS)
