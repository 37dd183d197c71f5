"""Tiers and ratios: 慈溪's own figures, a town by hand, and sums that add up at every level."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.standards.provision.ratios import (
    People,
    Ratio,
    district_findings,
    implied_persons,
    ratio_of,
    with_ratios,
)
from planner.standards.provision.tiers import (
    DISTRICT,
    EVERY_LINE,
    FIGURES,
    LINES,
    UNPLACED,
    facility_facts,
    tier_table,
)
from planner.standards.rulebooks.books import rule_book
from planner.tables import CENTRE_KINDS, STATUSES
from tests.standards.hand_town import CENTRES, COMMUNITIES

BOOK = rule_book()


def tiers_of(
    centres: pd.DataFrame, communities: pd.DataFrame, streets: pd.Series | None = None
) -> pd.DataFrame:
    named = communities["street"] if streets is None else streets
    return tier_table(facility_facts(centres, communities, named, book=BOOK), communities, named)


def line(tiers: pd.DataFrame, key: str, area: str = DISTRICT) -> pd.Series:
    return tiers[(tiers["area"] == area) & (tiers["line"] == key)].iloc[0]


def facilities(*rows: tuple[str, str, int, dict[str, float]]) -> pd.DataFrame:
    """Return operating facilities from ``(kind, community, how many, total figures)``."""
    made = []
    for kind, community, count, totals in rows:
        for number in range(count):
            share = {
                # Whole figures, the rest with the first.
                name: float(total // count + (total % count if number == 0 else 0))
                for name, total in totals.items()
            }
            made.append({"centre_kind": kind, "community": community, **share})
    table = pd.DataFrame(made)
    return table.assign(
        name="某", status="运营", position="given", area_kind="建筑", street=None
    ).set_axis([f"F{number:03d}" for number in range(len(table))])


def cixi(elders: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    communities = pd.DataFrame(
        {
            "name": ["甲社区", "乙村"],
            "community_kind": ["社区", "村"],
            "street": ["浒山街道", "周巷镇"],
            "population": [900_000.0, 600_000.0],
            "elderly_60": [elders - 100_000.0, 100_000.0],
        },
        index=["c1", "v1"],
    )
    centres = facilities(
        ("机构", "c1", 18, {"beds": 4_009, "carers": 919, "area_m2": 200_000}),
        ("街道综合中心", "c1", 17, {"area_m2": 34_000}),
        ("日间照料", "c1", 40, {"area_m2": 30_000}),
        ("农村幸福院", "v1", 42, {"area_m2": 21_944}),
        ("居家服务站", "c1", 50, {"area_m2": 80_098}),
        ("活动室", "v1", 60, {"area_m2": 50_000}),
    )
    return communities, centres


def test_cixi_figures_come_out_of_tables_built_to_them() -> None:
    communities, centres = cixi(277_239.0)
    tiers = tiers_of(centres, communities)
    assert line(tiers, "institution")[["facilities", "beds"]].tolist() == [18, 4_009]
    assert line(tiers, "regional")["facilities"] == 17
    assert line(tiers, "community")["facilities"] + line(tiers, "village")["facilities"] == 82
    assert line(tiers, "centres")["m2"] == 85_944
    assert line(tiers, "stations")["m2"] == 130_098
    assert line(tiers, "all")["carers"] == 919
    ledger = People(277_239.0, "户籍", "2023-06-29")
    area = ratio_of(tiers, "m2", "centres", (), ledger, area=DISTRICT)
    assert area.value == pytest.approx(31.0, abs=1e-4)
    assert f"{area.value:.0f}" == "31"
    # Carers have a denominator of their own.
    own = People(287_188.0, "常住", "2023-06-29", "另一口径")
    carers = ratio_of(tiers, "carers", "all", (), own, area=DISTRICT)
    assert carers.value == pytest.approx(32.0, abs=1e-4)
    assert f"{carers.value:.0f}" == "32"
    assert not carers.comparable(area)
    beds = ratio_of(tiers, "beds", "institution", ("机构",), ledger, area=DISTRICT)
    assert beds.numerator == 4_009
    assert beds.value == 1_000 * 4_009 / 277_239
    assert area.complete
    assert beds.complete


def test_what_a_published_ratio_implies() -> None:
    assert round(implied_persons(85_944, 31, 100)) == 277_239
    assert implied_persons(919, 32, 10_000) == 287_187.5
    with pytest.raises(ValueError, match="above 0"):
        implied_persons(919, 0, 10_000)


def test_the_hand_town() -> None:
    tiers = with_ratios(tiers_of(CENTRES, COMMUNITIES))
    # a 960 + b 800/.65 + c 300 + e 500 + f 400 - 100 shared + g 2,500; d does not tell
    community = line(tiers, "community")
    assert community["m2"] == pytest.approx(960 + 800 / 0.65 + 300 + 800 + 2_500)
    assert community["m2_unknown"] == 1
    assert community["m2_to_check"] == 2  # b from its use area, c of no stated kind
    assert community["not_open"] == 1  # m
    assert community["elderly_60"] == sum(COMMUNITIES["elderly_60"][:-1])
    village = line(tiers, "village")
    assert village[["facilities", "m2", "elderly_60"]].tolist() == [1, 200, 700]
    assert village["per_100_elders_m2"] == pytest.approx(100 * 200 / 700)
    assert line(tiers, "stations")["m2"] == 350
    assert line(tiers, "institution")["m2"] == 0  # there is none: a known 0
    assert math.isnan(line(tiers, "community")["beds"])  # nobody tells
    assert math.isnan(line(tiers, "community")["per_1000_elders_beds"])
    assert community["beds_unknown"] == 7
    assert set(tiers["area"]) == {DISTRICT, "东街"}


def test_rooms_shared_by_two_tiers_count_once_in_their_sum() -> None:
    centres = facilities(
        ("日间照料", "c1", 1, {"area_m2": 800, "shared_m2": 300}),
        ("街道综合中心", "c1", 1, {"area_m2": 2_000, "shared_m2": 200}),
        ("活动室", "c1", 1, {"area_m2": 250, "shared_m2": 250}),
    )
    tiers = tiers_of(centres, cixi(300_000.0)[0])
    assert [line(tiers, key)["m2"] for key in ("regional", "community", "stations")] == [
        2_000,
        800,
        250,
    ]
    assert line(tiers, "centres")[["m2", "shared_between_m2"]].tolist() == [2_600, 200]
    assert line(tiers, "all")[["m2", "shared_between_m2"]].tolist() == [2_600, 450]


def test_what_nobody_knows_is_told_in_its_place() -> None:
    communities, centres = cixi(277_239.0)
    centres.loc["F000", ["beds", "area_m2"]] = np.nan
    communities.loc["v1", "elderly_60"] = np.nan
    tiers = with_ratios(tiers_of(centres, communities))
    institution = line(tiers, "institution")
    assert institution[["m2_unknown", "beds_unknown", "carers_unknown"]].tolist() == [1, 1, 0]
    assert 0 < institution["beds"] < 4_009
    assert math.isnan(institution["elderly_60"])
    assert institution["communities_unknown"] == 1
    assert math.isnan(institution["per_1000_elders_beds"])
    # Those of 社区 are known.
    assert line(tiers, "community")["per_100_elders_m2"] == pytest.approx(3_000_000 / 177_239)
    assert not math.isnan(line(tiers, "all", "浒山街道")["elderly_60"])


def test_facilities_of_no_known_street_stand_apart() -> None:
    communities, centres = cixi(277_239.0)
    centres.loc["F000", "community"] = "没有这个社区"
    centres.loc["F001", "community"] = None
    centres.loc["F001", "street"] = "周巷镇"
    tiers = tiers_of(centres, communities)
    assert line(tiers, "institution", UNPLACED)["facilities"] == 1
    assert line(tiers, "institution", "周巷镇")["facilities"] == 1
    assert line(tiers, "institution")["facilities"] == 18
    assert math.isnan(line(tiers, "institution", UNPLACED)["elderly_60"])


@st.composite
def towns(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    count = draw(st.integers(1, 6))
    ids = [f"c{number}" for number in range(count)]
    communities = pd.DataFrame(
        {
            "name": ids,
            "community_kind": draw(
                st.lists(st.sampled_from(["社区", "村"]), min_size=count, max_size=count)
            ),
            "street": draw(
                st.lists(st.sampled_from(["东", "西", "北"]), min_size=count, max_size=count)
            ),
            "population": 5_000.0,
            "elderly_60": draw(
                st.lists(st.sampled_from([0.0, 7.0, 900.0, np.nan]), min_size=count, max_size=count)
            ),
        },
        index=ids,
    )
    size = draw(st.integers(0, 9))

    def column(*values: object) -> list[object]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    area = np.array(column(120.0, 350.5, 900.25, np.nan), dtype=float)
    centres = pd.DataFrame(
        {
            "name": "某",
            "centre_kind": column(*CENTRE_KINDS),
            "status": column(*STATUSES[:2]),
            "position": "given",
            "community": column(*ids, None, "别处"),
            "street": column("东", "西", None),
            "area_m2": area,
            "area_kind": column("建筑", "使用", "占地", None),
            "shared_m2": np.array(column(0.0, 60.0, 100.0), dtype=float),
            "beds": np.array(column(0.0, 12.0, np.nan), dtype=float),
            "carers": np.array(column(3.0, np.nan), dtype=float),
        },
        index=[f"f{number}" for number in range(size)],
    )
    return communities, centres


@settings(deadline=None, derandomize=True, max_examples=8)
@given(towns(), st.randoms(use_true_random=False))
def test_streets_lines_and_the_district_add_up(
    town: tuple[pd.DataFrame, pd.DataFrame], chance: object
) -> None:
    communities, centres = town
    tiers = tiers_of(centres, communities)
    for one in EVERY_LINE:
        whole = line(tiers, one.key)
        parts = tiers[(tiers["line"] == one.key) & (tiers["area"] != DISTRICT)]
        for name in ("facilities", "not_open", *(f"{name}_unknown" for name in FIGURES)):
            assert parts[name].sum() == whole[name]
        for name in FIGURES:
            known = 0.0 if math.isnan(whole[name]) else whole[name]
            assert parts[name].sum() == pytest.approx(known, abs=1e-6)
    for area in set(tiers["area"]):
        parts = tiers[(tiers["area"] == area) & tiers["line"].isin([one.key for one in LINES])]
        whole = line(tiers, "all", area)
        assert parts["facilities"].sum() == whole["facilities"]
        assert parts["m2"].sum() == pytest.approx(
            np.nan_to_num(whole["m2"]) + whole["shared_between_m2"], abs=1e-6
        )
        for name in ("beds", "carers"):
            assert parts[name].sum() == pytest.approx(np.nan_to_num(whole[name]))
    # By loops: operating facilities of each kind, wherever they are.
    for kind, key in (("机构", "institution"), ("街道综合中心", "regional"), ("助餐点", "meals")):
        there = [
            row for _, row in centres.iterrows()
            if row["centre_kind"] == kind and row["status"] == "运营"
        ]  # fmt: skip
        assert line(tiers, key)["facilities"] == len(there)
        told = [row["beds"] for row in there if not math.isnan(row["beds"])]
        assert np.nan_to_num(line(tiers, key)["beds"]) == sum(told)
        assert math.isnan(line(tiers, key)["beds"]) == (len(there) > 0 and not told)
    order = list(centres.index)
    chance.shuffle(order)  # type: ignore[attr-defined]
    again = tiers_of(centres.loc[order], communities.iloc[::-1])
    assert_frame_equal(again, tiers)


GB = rule_book("gb-50437-2007")


def findings_of(numerator: float, elders: float | None, unknown: int = 0) -> pd.Series:
    people = People(elders)
    ratio = Ratio("beds", ("机构",), numerator, 5, unknown, people)
    found = district_findings([GB], {"beds": ratio})
    return found[found["quantity"] == "beds_per_thousand_elders"].iloc[0]


def test_forty_beds_for_a_thousand_elders() -> None:
    at = findings_of(400.0, 10_000.0)
    assert (at["result"], at["value"], at["required"]) == ("meets", 40.0, 40.0)
    assert at["mark"] == "W2"
    below = findings_of(399.0, 10_000.0)
    assert below["result"] == "short"
    assert below["short_by"] == pytest.approx(0.1)
    assert below["short_total"] == pytest.approx(1.0)
    assert findings_of(401.0, 10_000.0)["result"] == "meets"
    # What is known is enough, or it is not known.
    assert findings_of(400.0, 10_000.0, unknown=2)["result"] == "meets"
    unknown = findings_of(399.0, 10_000.0, unknown=2)
    assert (unknown["result"], unknown["reason"]) == ("unknown", "not_filled")
    assert unknown["unknown"] == 2
    assert math.isnan(unknown["short_total"])
    assert findings_of(math.nan, 10_000.0, unknown=5)["result"] == "unknown"
    for nobody in (None, 0.0):
        told = findings_of(399.0, nobody)
        assert (told["result"], told["reason"]) == ("unknown", "people_unknown")


def test_a_ratio_that_is_not_there_is_unknown() -> None:
    found = district_findings([GB], {})
    assert set(found["result"]) == {"unknown"}
    assert set(found["quantity"]) == {"beds_per_thousand_elders", "land_per_head"}
    assert district_findings([BOOK], {}).empty


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(0, 5_000), st.floats(0, 500), st.floats(1, 200_000), st.integers(0, 3))
def test_more_beds_never_worsen_a_finding(
    beds: float, more: float, elders: float, unknown: int
) -> None:
    ranks = {"short": 0, "unknown": 0, "meets": 1}
    one = findings_of(beds, elders, unknown)
    two = findings_of(beds + more, elders, unknown)
    assert ranks[two["result"]] >= ranks[one["result"]]
    if one["result"] == two["result"] == "short":
        assert two["short_total"] <= one["short_total"] + 1e-6
