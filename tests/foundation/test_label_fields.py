"""Values inside a text are told in its language too."""

from __future__ import annotations

import pytest

from planner.labels import Language, choice, enumerated, message


def test_a_choice_is_told_in_either_language() -> None:
    told = message("ledgers.population_kind_found", heading="Resident", kind=choice("常住"))
    assert told.text("zh") == "人口取自“Resident”，口径为常住人口。"
    assert told.text("en") == "The population is that of Resident: resident population."
    assert choice("甲类") == "甲类"


@pytest.mark.parametrize(("language", "told"), [("zh", "2030、不合格"), ("en", "2030, failed")])
def test_values_are_listed_as_the_language_lists(language: Language, told: str) -> None:
    assert enumerated(["2030", choice("不合格")]).text(language) == told
