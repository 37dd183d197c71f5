"""Names of bands to ages, and which of them add up to which of our columns."""

from __future__ import annotations

import pytest

from planner.ledgers.age_bands import AgeBand, band_of, columns_of, with_ends
from tests.ledgers.people_rasters import BANDS


@pytest.mark.parametrize(
    ("name", "label", "sex"),
    [
        ("60-64", "60-64", "t"), ("60－64岁", "60-64", "t"), ("60~64周岁人口", "60-64", "t"),
        ("80+", "80+", "t"), ("80岁及以上", "80+", "t"), ("80周岁以上", "80+", "t"),
        ("≥80岁以上", "80+", "t"), ("60-64_f", "60-64", "f"), ("80+_m", "80+", "m"),
        ("all", "0+", "t"), ("总人口", "0+", "t"), ("chn_ppp_2020_UNadj", "0+", "t"),
        ("60_f", "60+", "f"), ("chn_m_65_2020_constrained", "65+", "m"),
        ("chn_t_90_2025_CN_100m_R2025A_v1", "90+", "t"),
    ],
)  # fmt: skip
def test_names_of_bands(name: str, label: str, sex: str) -> None:
    band = band_of(name)
    assert band is not None
    assert (band.label, band.sex) == (label, sex)


@pytest.mark.parametrize("name", ["", "elevation", "64-60", "60", "f_60x", "band 1", "2020"])
def test_names_that_are_no_band(name: str) -> None:
    assert band_of(name) is None


def named(*names: str) -> list[AgeBand]:
    bands = [band_of(name) for name in names]
    return with_ends([band for band in bands if band is not None])


def test_worldpop_s_ten_bands() -> None:
    columns, problems = columns_of(named(*BANDS))
    assert problems == []
    assert sorted(columns["elderly_60"]) == list(range(10))
    assert sorted(columns["elderly_65"]) == list(range(2, 10))
    assert sorted(columns["elderly_80"]) == [8, 9]
    assert "population" not in columns


def test_all_ages_are_the_population() -> None:
    ages = [0, 1, *range(5, 95, 5)]
    columns, problems = columns_of(named(*(f"chn_t_{age:02d}_2025" for age in ages)))
    assert problems == []
    assert len(columns["population"]) == len(ages)
    assert [ages[place] for place in columns["elderly_80"]] == [80, 85, 90]


def test_a_set_cut_short_is_not_read_as_open() -> None:
    columns, _ = columns_of(named("60_f", "60_m", "65_f", "65_m"))
    assert columns == {}


def test_cumulated_bands_are_not_added() -> None:
    columns, problems = columns_of(named("60+", "65+", "80+", "all"))
    assert problems == []
    assert columns == {"population": [3], "elderly_60": [0], "elderly_65": [1], "elderly_80": [2]}


def test_a_gap_and_a_band_across_a_bound() -> None:
    assert columns_of(named("60-64", "70+"))[0] == {}
    assert columns_of(named("60-69", "70+"))[0] == {"elderly_60": [0, 1]}


def test_one_sex_alone_or_a_band_twice_is_told() -> None:
    assert columns_of(named("60+_f"))[1][0].key == "residents.band_one_sex"
    assert columns_of(named("60+", "60+"))[1][0].key == "residents.band_twice"
    # Both sexes apart and together: those together count, once.
    columns, problems = columns_of(named("60+_f", "60+_m", "60+"))
    assert (columns, problems) == ({"elderly_60": [2]}, [])
