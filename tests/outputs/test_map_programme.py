"""The programme on the web map: a mark a measure, its year within, its card, its legend."""

from __future__ import annotations

import dataclasses

from planner.labels import LANGUAGES
from planner.outputs.palette import PROGRAMME_MARKS
from planner.outputs.web.map_programme import PROGRAMME_FACTS, programme_items, programme_layer
from tests.outputs.town import HOSTILE_NAMES, example_content


def test_every_measure_has_a_mark_with_its_year_and_a_card() -> None:
    told = programme_items(example_content())
    assert len(told["labels"]) == len(PROGRAMME_FACTS)
    items = told["items"]
    assert [item["k"] for item in items] == ["30", "30", "35"]
    assert [item["c"] for item in items] == list(PROGRAMME_MARKS)
    # Without a name it is called by its id; a hostile one is text.
    assert [item["n"] for item in items] == ["古渡党群服务中心", HOSTILE_NAMES[3], "C002"]
    card = dict(zip(told["labels"], items[0]["f"], strict=True))
    assert (card["费用(万元)"], card["待踏勘"]) == ("62.0", "是")
    assert card["已知不符合的条款"] == "建筑面积：短缺 335 m²"
    assert dict(zip(told["labels"], items[1]["f"], strict=True))["末年在此有名额(人)"] is None


def test_marks_differ_in_shape_so_that_grey_tells_them_apart() -> None:
    assert len({shape for shape, _ in PROGRAMME_MARKS.values()}) == len(PROGRAMME_MARKS)


def test_the_legend_counts_measures_and_money_in_both_languages() -> None:
    for language in LANGUAGES:
        layer = programme_layer(example_content(language))
        assert [one["key"] for one in layer["classes"]] == list(PROGRAMME_MARKS)
        assert "62.0" in layer["classes"][0]["value"]
        assert "1" in layer["note"]


def test_without_a_programme_there_is_no_layer() -> None:
    content = dataclasses.replace(example_content(), programme=None)
    assert programme_items(content)["items"] == []
    assert programme_layer(content)["classes"] == []
