"""Values inside a text are told in its language too."""

from __future__ import annotations

import pytest

from planner.labels import Language, catalogue, choice, enumerated, message
from planner.tables import ESTATES, LEDGER_TABLES, TRAVEL_TIMES


def test_a_choice_is_told_in_either_language() -> None:
    told = message("ledgers.population_kind_found", heading="Resident", kind=choice("常住"))
    assert told.text("zh") == "人口取自“Resident”，口径为常住人口。"
    assert told.text("en") == "The population is that of Resident: resident population."
    assert choice("甲类") == "甲类"


@pytest.mark.parametrize(("language", "told"), [("zh", "2030、不合格"), ("en", "2030, failed")])
def test_values_are_listed_as_the_language_lists(language: Language, told: str) -> None:
    assert enumerated(["2030", choice("不合格")]).text(language) == told


def test_square_metres_are_written_one_way() -> None:
    """m² in whatever is printed; ㎡ is only understood, in ledgers and in tables of costs."""
    labels = {key: text for key, told in catalogue().items() for text in told.values()}
    tables = {**LEDGER_TABLES, "estates": ESTATES, "travel_times": TRAVEL_TIMES}
    columns = {
        f"{name}.{column.name}": f"{column.zh}{column.en}{column.meaning}"
        for name, table in tables.items()
        for column in table
    }
    assert [key for key, told in (labels | columns).items() if "㎡" in told] == []
    assert any("m²" in told for told in labels.values())
    assert any("m²" in told for told in columns.values())
