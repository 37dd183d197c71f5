"""Years of which not everything is known: never counted as 0, never compared as if whole.

The town of :mod:`tests.workflow.town`; C1 stands at 0 m and reaches R1 and R2 (70 elders of 甲).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.errors import LedgerError
from planner.ledgers import finding_text
from planner.workflow.findings import Findings
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.run import STEPS, find_out
from planner.workflow.years.areas import year_community_rows
from planner.workflow.years.lines import year_lines
from planner.workflow.years.rows import year_rows, year_summary
from tests.workflow.town import CENTRES, COMMUNITIES, degrees, write_town

HEADING = "代码,名称,年份,常住人口,60岁以上,65岁以上,80岁以上"
GIVEN = '[years]\nplan = [2030]\nbase = 2024\nfile = "y.csv"\nsource = "x"\n'
GROWTH = (
    '[years]\nplan = [2030]\nbase = 2024\nmethod = "growth"\nsource = "x"\n'
    "growth = { population = 0.0, elderly_60 = 0.0, elderly_65 = 0.0, elderly_80 = 0.0 }\n"
)
CODES = dict(zip("甲乙丙丁", COMMUNITIES, strict=True))
Town = Callable[..., Path]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    def write(years: str, rows: Any = (), lost: tuple[str, ...] = ()) -> Path:
        """Write the town; ``rows`` of the year's ledger, ``lost`` doors left out."""
        folder = write_town(tmp_path / "town", **{"[control_totals]": years + "[control_totals]"})
        text = "\n".join([HEADING, *(",".join(map(str, row)) for row in rows)])
        (folder / "y.csv").write_text(text, encoding="utf-8")
        lines = (folder / "residents.csv").read_text(encoding="utf-8-sig").splitlines()
        kept = [line for line in lines if line.split(",")[0] not in lost]
        (folder / "residents.csv").write_text("\n".join(kept), encoding="utf-8-sig")
        return folder

    return write


def given(people: tuple[int, int, int] | None = None, **changed: tuple[Any, ...] | None) -> Any:
    """Return the year's rows: today's (or ``people``), but for those changed; None leaves out."""
    for name, code in CODES.items():
        facts = COMMUNITIES[code]
        row = changed.get(name, (facts[6], *(people or facts[7:])))
        if row is not None:
            yield (code, facts[0], 2030, *row)


def told_of_today(folder: Path, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change what the communities' ledger of today says of one of them."""
    file = folder / "communities.geojson"
    layer = json.loads(file.read_text(encoding="utf-8"))
    for one in layer["features"]:
        if one["properties"]["代码"] == CODES[name]:
            change(one["properties"])
    file.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")


def found_of(folder: Path) -> Findings:
    return find_out(planner.read_project(folder), Clock(STEPS, silent))


def of_2030(found: Findings) -> dict[str, Any]:
    summary = year_summary(found.years)
    assert summary is not None
    plan = summary["plans"]["2030"]
    assert isinstance(plan, dict)
    return plan


def line_of(found: Findings) -> str:
    return "\n".join(year_lines(year_summary(found.years), "zh"))


def rows_2030(found: Findings) -> pd.DataFrame:
    rows = year_rows(found.years, ("日间照料",), "zh")
    return rows[rows["plan_year"] == "2030"].set_index("street")


def communities_2030(found: Findings) -> pd.DataFrame:
    rows = year_community_rows(found.years, "zh")
    return rows[rows["plan_year"] == "2030"].set_index("name")


# Unknown is not 0 -----------------------------------------------------------------------------
def test_a_figure_emptied_by_a_slip_is_unknown_and_the_year_partial(town: Town) -> None:
    found = found_of(town(GIVEN, given(乙=(80, 82, 54, 11))))
    plan = of_2030(found)
    assert plan["elderly_60"]["total"] == pytest.approx(108)
    assert plan["unknown_communities"] == {
        "count": 1, "count_base": 0, "ids": [CODES["乙"]], "elderly_60_today": 82.0,
    }  # fmt: skip
    assert plan["elderly_60"]["unknown_communities"] == 1
    assert plan["kinds"]["社区"]["unknown_communities"] == 1
    assert plan["kinds"]["村"]["unknown_communities"] == 0
    # 甲, 丙 and 丁 alone, both years: 70 of 108.
    same = plan["same_communities"]
    assert same["elderly_60"] == same["elderly_60_base"] == pytest.approx(108)
    assert same["share"] == same["share_base"] == pytest.approx(70 / 108)
    line = line_of(found)
    assert "108 人（2024年 190" not in line.replace(" ", "")
    assert "36.8%" not in line
    assert "64.8%（64.8%）" in line
    assert "1 个" in line
    assert "82 人" in line
    each = communities_2030(found)
    assert each.loc["乙社区", ["elderly_60", "covered_60", "share_60"]].isna().all()
    assert each.loc["甲社区", "elderly_60"] == pytest.approx(70)
    rows = rows_2030(found)
    assert rows["unknown_communities"].to_dict() == {
        "合计": 1, "其中：社区小计": 1, "其中：村小计": 0, "东街道": 1,
    }  # fmt: skip
    assert rows["share_60"].isna().to_dict() == {
        "合计": True, "其中：社区小计": True, "其中：村小计": False, "东街道": True,
    }  # fmt: skip
    # 65+ of 乙 are known, 60+ are not: no 125 aged 65+ beside 108 aged 60+.
    assert rows["elderly_65"].isna().to_dict() == rows["share_60"].isna().to_dict()
    told = [one for one in found.notices if one.key == "years.elders_unknown"]
    assert [(one.fields["communities"], one.fields["ids"]) for one in told] == [(1, CODES["乙"])]


def test_communities_without_a_row_are_unknown(town: Town) -> None:
    found = found_of(town(GIVEN, given(丙=None, 丁=None)))
    plan = of_2030(found)
    assert plan["unknown_communities"]["elderly_60_today"] == pytest.approx(38)
    assert plan["same_communities"]["elderly_60_base"] == pytest.approx(152)
    each = communities_2030(found)
    assert each["elderly_60"].isna().to_dict() == {
        "甲社区": False, "乙社区": False, "丙社区": True, "丁村": True,
    }  # fmt: skip
    # Nothing is known of any village: no 0 for them together.
    assert pd.isna(rows_2030(found)["elderly_60"]["其中：村小计"])
    assert plan["kinds"]["村"]["elderly_60"] is None


def test_fewer_than_five_unknown_are_not_told_by_a_difference(town: Town) -> None:
    folder = town(GIVEN, given(丁=None))
    file = folder / "residents.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    few = [",".join([*one.split(",")[:3], "15,3,2,1"]) if one[:2] == "R7" else one for one in lines]
    file.write_text("\n".join(few), encoding="utf-8-sig")
    plan = of_2030(found := found_of(folder))
    assert plan["unknown_communities"]["elderly_60_today"] is None
    assert plan["same_communities"] == {
        "elderly_60": None, "elderly_60_base": None, "share": None, "share_base": None,
    }  # fmt: skip
    assert "不足 5 人" in line_of(found)


def test_an_age_group_alone_may_be_unknown(town: Town) -> None:
    found = found_of(town(GIVEN, given(乙=(8000, 82, 99, 11))))
    plan = of_2030(found)
    assert plan["unknown_communities"]["count"] == 0
    assert plan["same_communities"] is None
    assert plan["elderly_65"]["unknown_communities"] == 1
    assert pd.isna(communities_2030(found)["elderly_65"]["乙社区"])
    rows = rows_2030(found)
    assert rows.loc["合计", "elderly_60"] == pytest.approx(190)
    assert pd.isna(rows["elderly_65"]["合计"])
    assert "unknown_communities" not in rows or rows["unknown_communities"].eq(0).all()


def test_unknown_sets_are_compared_not_their_sizes(town: Town) -> None:
    """Today nobody knows 丁, in 2030 nobody knows 丙: as many, but not the same."""
    folder = town(GIVEN, given(丙=None))
    told_of_today(folder, "丁", lambda facts: [facts.pop(k) for k in list(facts) if "岁" in k])
    found = found_of(folder)
    assert [one.fields["ids"] for one in found.notices if one.key == "years.elders_unknown"] == [
        CODES["丙"]
    ]
    assert of_2030(found)["unknown_communities"]["count"] == 1


# Growth of what only the homes know ------------------------------------------------------------
@pytest.mark.parametrize("figure", [0, None])
def test_no_growth_keeps_people_whom_the_homes_alone_know(town: Town, figure: int | None) -> None:
    folder = town(GROWTH)
    told_of_today(folder, "丙", lambda facts: facts.update({k: figure for k in facts if "岁" in k}))
    found = found_of(folder)
    plan = of_2030(found)
    assert plan["elderly_60"]["total"] == pytest.approx(190)
    assert plan["elderly_80"]["total"] == pytest.approx(25)
    assert plan["same_communities"] is None
    assert communities_2030(found).loc["丙社区", "elderly_60"] == pytest.approx(30)
    told = [one for one in found.notices if one.key == "years.homes_alone_growth"]
    assert [one.fields["ids"] for one in told] == ["丙社区"]


def test_rates_apply_to_what_the_homes_alone_know(town: Town) -> None:
    folder = town(GROWTH.replace("elderly_60 = 0.0", "elderly_60 = 0.1"))
    told_of_today(folder, "丙", lambda facts: facts.update({k: 0 for k in facts if "岁" in k}))
    assert of_2030(found_of(folder))["elderly_60"]["total"] == pytest.approx(190 * 1.1**6)


# Elders without homes ---------------------------------------------------------------------------
def test_elders_given_for_a_community_without_homes_are_counted_not_covered(town: Town) -> None:
    found = found_of(town(GIVEN, given((100, 60, 20)), lost=("R5", "R6")))
    plan = of_2030(found)
    assert plan["elderly_60"]["total"] == pytest.approx(400)
    assert plan["elderly_60"]["covered"] == pytest.approx(100)
    assert plan["without_homes"] == {"communities": 1, "ids": [CODES["丙"]], "elderly_60": 100.0}
    each = communities_2030(found)
    assert each["elderly_60"]["丙社区"] == pytest.approx(100)
    assert each["covered_60"]["丙社区"] == 0
    assert rows_2030(found).loc["合计", "elderly_60"] == pytest.approx(400)
    line = line_of(found)
    assert "400 人" in line
    assert "100 人" in line
    told = [one for one in found.notices if one.key == "years.without_homes"]
    assert [one.fields["ids"] for one in told] == ["丙社区"]
    # Nobody knows their walk: not joined, never "too far".
    states = found.years.of(2030).coverage.states["elderly_60"]  # type: ignore[union-attr]
    # R8, too: its parts of the 40, 40 and 20 of 乙 who are 60-64, 65-79 and 80+.
    of_r8 = 40 * 2 / 28 + 40 * 4 / 43 + 20 * 1 / 11
    assert states["not_joined"] == pytest.approx(100 + of_r8)


def test_rates_bring_nobody_into_a_community_without_homes(town: Town) -> None:
    found = found_of(town(GROWTH, lost=("R5", "R6")))
    assert of_2030(found)["elderly_60"]["total"] == pytest.approx(160)
    assert "years.without_homes_today" in {one.key for one in found.notices}


# A year that cannot be reckoned -----------------------------------------------------------------
def test_a_year_without_any_elders_known_is_told_and_the_run_stands(town: Town) -> None:
    years = GIVEN.replace("2030]", "2030, 2035]")
    blank = [(*row[:4], "", "", "") for row in given()]
    whole = [(*row[:2], 2035, *row[3:]) for row in given()]
    result = planner.run(town(years, [*blank, *whole]))
    assert result.summary["elderly_60"]["total"] == pytest.approx(190)
    summary = result.summary["years"]
    assert set(summary["plans"]) == {"2024", "2035"}
    assert [one["key"] for one in summary["not_reckoned"]["2030"]] == ["years.no_elders_known"]
    lines = "\n".join(result.headline())
    assert "2030 年：没有算出" in lines
    assert "2035 年：60 岁以上 190 人（2024 年 190）" in lines
    assert "years.not_reckoned" in {one.key for one in result.content.notices}
    rows = result.content.years.set_index("plan_year")
    assert rows.loc["2030"].drop("street").isna().all()


def test_a_year_whose_elders_outgrow_the_people_is_told(town: Town) -> None:
    years = GROWTH.replace("2030]", "2099]").replace("elderly_60 = 0.0", "elderly_60 = 0.03")
    found = found_of(town(years.replace("population = 0.0", "population = -0.05")))
    assert set(found.summary["years"]["not_reckoned"]) == {"2099"}
    assert found.siting is not None


# Cohorts ----------------------------------------------------------------------------------------
BANDS = tuple(f"{first}-{first + 4}岁" for first in range(50, 85, 5))
SURVIVAL = ", ".join(
    f'"{name}" = {share}'
    for name, share in zip(
        ("50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85+"),
        (0.98, 0.97, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3), strict=True)
)  # fmt: skip


@pytest.mark.parametrize(("times", "severity"), [(10, "doubt"), (0.8, "note")])
def test_bands_are_held_against_the_elders_of_today(
    town: Town, times: float, severity: str
) -> None:
    """Bands of 60+ come to 55 a community, 220 in all, against 190 of the communities' ledger."""
    years = (
        '[years]\nplan = [2029]\nbase = 2024\nmethod = "cohorts"\nfile = "y.csv"\nsource = "x"\n'
        f"survival = {{ {SURVIVAL} }}\n"
    )
    folder = town(years)
    counts = [one * times for one in (30, 25, 20, 15, 10, 5, 3, 2)]
    lines = [f"代码,名称,{','.join(BANDS)},85岁及以上"]
    lines += [",".join([code, "", *map(str, counts)]) for code in COMMUNITIES]
    (folder / "y.csv").write_text("\n".join(lines), encoding="utf-8")
    findings = planner.check(folder).findings
    told = findings[findings["key"].isin(["residents.bands_base", "residents.bands_base_differ"])]
    assert told["severity"].to_list() == [severity]
    assert told["fields"].iloc[0]["bands"] == pytest.approx(220 * times)
    assert told["fields"].iloc[0]["today"] == pytest.approx(190)
    unused = findings[(findings["key"] == "ledgers.unmatched") & (findings["file"] == "y.csv")]
    assert not [row for _, row in unused.iterrows() if "50-54" in finding_text(row)]


# What is no year --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("years", "key"),
    [
        (GROWTH.replace("2030", "2030.5"), "residents.year_not_whole"),
        (GROWTH.replace("2030", "2020"), "residents.year_past"),
        (GROWTH.replace("2024", "2024.5"), "residents.year_not_whole"),
    ],
)
def test_years_that_are_none_are_refused(town: Town, years: str, key: str) -> None:
    with pytest.raises(LedgerError) as caught:
        planner.check(town(years))
    assert [problem.key for problem in caught.value.problems] == [key]


def test_a_centre_that_operates_before_its_year_is_doubted(town: Town) -> None:
    folder = town(GROWTH)
    lines = (folder / "centres.csv").read_bytes().decode("gb18030").splitlines()
    opens = {0: "投用年份", 1: "2033", 3: "2020"}
    place = ",".join(map(str, degrees(2900, 10)))
    lines = [f"{line},{opens.get(number, '')}" for number, line in enumerate(lines)]
    lines.append(f"C9,远期中心,日间照料,规划,{place},500,建筑,,,2099")
    (folder / "centres.csv").write_bytes("\n".join(lines).encode("gb18030"))
    ledgers = planner.check(folder)
    told = ledgers.findings[ledgers.findings["key"] == "residents.opens_later"]
    assert told[["id", "row", "severity", "action"]].to_numpy().tolist() == [
        ["C1", 2, "doubt", "kept"]
    ]
    assert ledgers.centres.table["status"]["C1"] == CENTRES[0][3]
