"""The sample's report: every number in it is that of summary.json, to the printed digit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planner.outputs.report.writing import write_report
from planner.workflow import RunResult
from tests.outputs.report.reading import Read, read
from tests.workflow.sample_run import SampleRun


@pytest.fixture(scope="module")
def result(sample_run: SampleRun) -> RunResult:
    return sample_run.result


@pytest.fixture(scope="module")
def summary(result: RunResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(result.files["summary"].read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def report(result: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Read:
    path: Path = tmp_path_factory.mktemp("report") / "report.docx"
    write_report(result.content, path)
    return read(path)


def whole(value: float) -> str:
    return f"{value:,.0f}"


def values(rows: list[list[str]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows[1:]}


def test_the_five_numbers(report: Read, summary: dict[str, Any]) -> None:
    elders, siting = summary["elderly_60"], summary["siting"]
    assert values(report.table("五个关键数字")) == {
        "步行可达率（60岁以上）": f"{elders['share']:.1%}",
        "走不到的老年人（人）": whole(elders["total"] - elders["covered"]),
        "社区设施覆盖率": f"{summary['communities']['facility_share']:.1%}",
        "建筑面积短缺（m²）": whole(summary["floor_area"]["shortfall_m2"]),
        "实施选址方案后的步行可达率": f"{siting['covered_after'] / elders['total']:.1%}",
    }


def test_ages_states_and_rates(report: Read, summary: dict[str, Any]) -> None:
    told = [row[1:] for row in report.table("分年龄步行可达情况（人）")[1:]]
    ages = [summary[f"elderly_{age}"] for age in ("60", "65", "80")]
    assert told == [
        [
            whole(one["total"]), whole(one["covered"]), whole(one["total"] - one["covered"]),
            f"{one['share']:.1%}",
        ]
        for one in ages
    ]  # fmt: skip
    states = values(report.table("60岁以上老年人按步行状态（人）"))
    assert list(states.values()) == [whole(n) for n in summary["residents"]["elderly_60"].values()]
    rates = values(report.table("步行可达率与社区设施覆盖率"))
    facility = f"{summary['communities']['facility_share']:.1%}"
    assert list(rates.values()) == [f"{summary['elderly_60']['share']:.1%}", facility]


def test_every_street_is_the_sum_of_its_residents(report: Read, result: RunResult) -> None:
    residents, communities = result.content.residents, result.content.communities
    of = residents["community"].map(communities["street"])
    covered = residents["elderly_60"].where(residents["state"] == "covered", 0.0)
    rows = {row[0]: row[3:] for row in report.table("分街道步行可达情况")[1:]}
    assert len(rows) == 23
    for street, elders in residents["elderly_60"].groupby(of).sum().items():
        reached = covered[of == street].sum()
        left = elders - reached
        assert left >= 5 or left < 1e-6
        shares = f"{reached / elders:.1%}"
        assert rows[str(street)] == [whole(elders), whole(reached), whole(left), shares]
    total = [whole(residents["elderly_60"].sum()), whole(covered.sum())]
    assert rows["合计"][:2] == total


def test_area_money_and_proof(report: Read, summary: dict[str, Any]) -> None:
    area, siting, programme = summary["floor_area"], summary["siting"], summary["programme"]
    figures = values(report.table("社区、设施与建筑面积"))
    for name, key in (("应有", "required_m2"), ("现有", "held_m2"), ("短缺", "shortfall_m2")):
        (told,) = [value for label, value in figures.items() if label.startswith(name)]
        assert told == whole(area[key])
    plan = values(report.table("选址方案的效果与证明"))
    assert plan["现状可达60岁以上（人）"] == whole(siting["covered_before"])
    assert plan["实施后可达60岁以上（人）"] == whole(siting["covered_after"])
    assert plan["同样数量的理论上限（人）"] == whole(siting["bound"])
    assert plan["与上限的差距"] == f"{siting['gap']:.3%}"
    assert siting["status"] == "optimal"
    proof = next(text for text in report.texts if text.startswith("求解结论："))
    assert "没有同样数量的方案" in proof
    assert f"上限 {whole(siting['bound'])} 人" in proof
    money = report.table("近期项目库（按资金先后）")
    costs, sums = zip(*((float(row[5]), float(row[6])) for row in money[1:]), strict=True)
    assert sum(costs) == sums[-1] == pytest.approx(programme["cost_yuan"] / 1e4)
    years = {row[0]: row[1:] for row in report.table("分年资金与效果")}
    spent = [one["spent_yuan"] / 1e4 for one in programme["by_year"].values()]
    served = [one["served_persons"] for one in programme["by_year"].values()]
    assert [f"{one:,.1f}" for one in spent] in years.values()
    assert [whole(one) for one in served] in years.values()


def test_years_grades_and_causes(report: Read, summary: dict[str, Any]) -> None:
    years = {row[0]: row[1:] for row in report.table("现状与各规划年份（全区）")}
    plans = list(summary["years"]["plans"].values())
    for key in ("required_m2", "held_m2", "shortfall_m2"):
        assert [whole(one[key]) for one in plans] in years.values()
    assert [whole(one["elderly_60"]["total"]) for one in plans] == years["60岁以上"]
    assert [f"{one['elderly_60']['share']:.1%}" for one in plans] in years.values()
    causes = [whole(n) for n in summary["gap_areas"]["by_cause"].values()]
    told = values(report.table("走不到或无位的60岁以上老年人按成因（人）"))
    assert sorted(told.values()) == sorted(causes)
    rows = report.table("台账行数（读取＝采用＋搁置）")[1:]
    for row in rows:
        read_rows, used, aside = (int(one.replace(",", "")) for one in row[2:5])
        assert read_rows == used + aside
    assert len(rows) == len(summary["ledgers"])


def test_the_headline_and_every_failing_centre_are_there(report: Read, result: RunResult) -> None:
    for line in result.headline():
        assert line in report.texts
    pages = result.content.centre_pages
    assert len([level for level, _ in report.headings if level == 4]) == len(pages) > 20
    words = report.all_text
    for page in pages:
        for cell in (cell for row in page.findings for cell in row):
            assert cell in words
        for measure in page.measures:
            assert measure[0] in words
        for _, line in page.lines:
            assert line in words
