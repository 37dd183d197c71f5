"""Findings on estates in words: the arithmetic to the digit, and no reason without its words."""

from __future__ import annotations

import pytest

from planner.labels import LANGUAGES, Language, catalogue
from planner.standards.estates.delivered_area import NOTES
from planner.standards.estates.explaining import explain_finding
from planner.standards.estates.findings import REASONS
from planner.standards.estates.required import estates_owed
from planner.standards.estates.rooms import ROOM_STATES
from planner.standards.estates.steps import FINDINGS, STEP_RESULTS
from planner.standards.rulebooks.vocabulary import RESULTS
from tests.standards.estate_books import GUIZHOU, NINGBO, SHAANXI, SHAOXING, ZHEJIANG, estates

BOOKS = (NINGBO, ZHEJIANG, SHAOXING, GUIZHOU, SHAANXI)
FACTS = {
    "households": 1234.0,
    "housing_area_m2": 123_456.0,
    "delivered_m2": 200.0,
    "delivered_kind": "套内",
    "delivered_places": 2.0,
    "estate_age": "新建",
    "floor": -1.0,
    "planned": "已同步",
    "built": "未同步",
    "accepted": "未到阶段",
    "handed_over": None,
}


def _told(language: Language) -> dict[str, str]:
    owed = estates_owed(estates(**{name: [value] for name, value in FACTS.items()}), BOOKS)
    return {
        row["clause"]: explain_finding(
            {str(key): value for key, value in row.items()},
            FACTS,
            owed.clause(row["book"], row["clause"]),
            language,
        )
        for row in owed.findings.to_dict("records")
    }


def test_the_arithmetic_of_each_kind_of_clause() -> None:
    told = _told("zh")
    assert told["housing"] == (
        "住宅建筑面积 123,456 m² × 2‰ = 246.91 m²；已有 200 m²；短缺 46.91 m²"
    )
    assert told["new"] == (
        "1,234 户 × 20 m²/百户 = 246.8 m²；已有 200 m²；台账为套内面积，与条款口径不同，"
        "只能判上下限；面积口径与条款不同，不能判定；请在台账填写：养老用房面积口径"
    )
    assert told["built"].endswith("条件不符，不适用")
    assert told["place"] == (
        "单处不小于 30 m²；最小一处至多 100 m²；台账为套内面积，与条款口径不同，只能判上下限；"
        "各处大小不详；请在台账填写：最小单处面积(m²)"
    )
    assert told["ground"] == "在 -1 层；在地下或半地下"
    assert told["steps"] == "未同步或滞后：建设；请在台账填写：交付"


def test_the_same_in_english() -> None:
    told = _told("en")
    assert told["housing"] == (
        "123,456 m² of housing × 2‰ = 246.91 m²; there: 200 m²; short by 46.91 m²"
    )
    assert told["ground"] == "on storey -1; below ground"
    assert told["steps"] == "not in step, or late: building; fill in: Handed over"


@pytest.mark.parametrize(
    "key",
    [
        *(f"estates.reason_{one}" for one in REASONS if one),
        *(f"estates.note_{one}" for one in NOTES if one),
        *(f"estates.step_{one}" for one in FINDINGS),
        *(f"estates.pool_{one}" for one in ROOM_STATES),
        *(f"words.estate_{one}" for one in (*RESULTS, *STEP_RESULTS, "no_rule")),
        *(f"outputs.estate_{one}" for one in ("short", "remark", "unknown", "meets", "no_rule")),
    ],
)
def test_whatever_can_be_found_has_its_words(key: str) -> None:
    assert catalogue()[key].keys() == set(LANGUAGES)
