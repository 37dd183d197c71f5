"""Rooms given once, and what one centre gains counted for what else is lacking."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.standards.remedies.measures import Remedies
from planner.standards.rulebooks.clauses import RuleBook
from tests.standards.remedy_town import book, circles, finding, places, remedies

FULL: dict[str, Any] = {
    "site_area_m2": 200.0, "building_density_percent": 100.0, "building_area": 200.0,
}  # fmt: skip


def rules(own: tuple[str, ...] = ("take_over_rooms",), **measures: tuple[str, ...]) -> RuleBook:
    """建标 143 with an area that each place must have by itself."""
    whole = book(**measures)
    clause = dataclasses.replace(
        whole.clause("door-width"), id="own-area", quantity="place_area", unit="m2", value=350.0,
        measures=own,
    )  # fmt: skip
    density = dataclasses.replace(
        clause, id="density", quantity="building_density", comparison="at_most", unit="percent",
        value=30.0, measures=(),
    )  # fmt: skip
    return dataclasses.replace(whole, clauses=(*whole.clauses, clause, density))


def works(found: Remedies) -> list[tuple[str, str, float | None]]:
    rows = found.measures[~found.measures["optional"]].to_dict("records")
    return [
        (row["centre"], row["kind"], None if np.isnan(row["m2"]) else round(row["m2"], 2))
        for row in rows
    ]


def own(*names: str) -> list[dict[str, Any]]:
    return [finding(name, "own-area", 150.0, required=350.0) for name in names]


def group(*names: str, by: float = 685.0) -> list[dict[str, Any]]:
    return [finding(name, "class-area", by, required=1_085.0) for name in names]


IN_GROUP = {"a": FULL | {"group": "k"}, "b": FULL | {"group": "k"}}


def test_a_further_centre_is_charged_once_for_a_group_s_shortfall() -> None:
    found = remedies(rules(class_area=("add_centre",)), group("a", "b"), IN_GROUP)
    assert works(found) == [("a", "add_centre", None)]
    assert found.uncured.empty


def test_a_great_need_of_the_group_leaves_the_small_need_of_a_centre_its_room() -> None:
    """600 m² near both: all of it serves a, whose own 150 m² are met; before, 450 m² stood idle."""
    rooms = places({"p": (125.0, 0.0)}, area_m2=600.0, to_visit=False)
    found = remedies(
        rules(class_area=("take_over_rooms", "add_centre")),
        [*own("a", "b"), *group("a", "b")],
        IN_GROUP,
        points={"a": (0.0, 0.0), "b": (250.0, 0.0)},
        rooms=rooms,
    )
    assert works(found)[0] == ("a", "take_over_rooms", 600.0)
    left = found.defects.set_index(["centre", "clause"])["left"]
    assert left["a", "own-area"] == 0.0
    assert left["b", "own-area"] == 150.0


def test_what_a_mate_gains_for_itself_lessens_what_the_group_lacks() -> None:
    """b takes 150 m² for itself; a, which bears the group's 685 m², need only build 535."""
    rooms = places({"p": (1_000.0, 0.0)}, area_m2=150.0, to_visit=False)
    facts = {
        "a": IN_GROUP["a"] | {"site_area_m2": 5_000.0, "building_density_percent": 10.0},
        "b": IN_GROUP["b"],
    }
    capped = rules(class_area=("enlarge",))
    found = remedies(capped, [*own("b"), *group("a", "b")], facts, rooms=rooms)
    assert ("b", "take_over_rooms", 150.0) in works(found)
    assert [row for row in works(found) if row[1] == "enlarge"] == [("a", "enlarge", 535.0)]
    assert found.uncured.empty


def test_rooms_added_for_one_finding_count_for_another_of_the_same_building() -> None:
    rooms = places({"p": (100.0, 0.0)}, area_m2=50.0, to_visit=False)
    found = remedies(
        rules(own=("merge",), class_area=("take_over_rooms",)),
        [*own("a"), *group("a", by=550.0)],
        {"a": FULL},
        rooms=rooms,
    )
    left = found.defects.set_index("clause")["left"]
    assert left["own-area"] == pytest.approx(100.0)
    assert left["class-area"] == pytest.approx(500.0)


def test_an_idle_centre_is_reopened_before_another_is_built() -> None:
    found = remedies(
        rules(class_area=("take_over_rooms", "add_centre")),
        group("a"),
        {"a": FULL, "i": FULL | {"building_area": 800.0}},
        points={"a": (0.0, 0.0), "i": (100.0, 0.0)},
        status={"i": "闲置"},
    )
    assert works(found) == [("a", "reopen_idle", 685.0)]


def _shares(area: float, *names: str) -> Remedies:
    facts = FULL | {
        "living_area_m2": 100.0, "health_area_m2": 80.0, "recreation_area_m2": 10.0,
        "support_area_m2": 110.0,
    }  # fmt: skip
    return remedies(
        rules(use_shares=("take_over_rooms",)),
        [finding(name, "use-shares", 9.0, short_share=0.4) for name in names],
        dict.fromkeys(names, facts),
        points={name: (200.0 * place, 0.0) for place, name in enumerate(names)},
        rooms=places({"p": (100.0, 0.0)}, area_m2=area, to_visit=True),
        classes=dict.fromkeys(names, "二类"),
    )


def test_a_room_of_unknown_area_is_promised_to_one_centre_only() -> None:
    found = _shares(np.nan, "a", "b")
    assert [row[:2] for row in works(found)] == [("a", "take_over_rooms")]
    assert found.uncured["centre"].tolist() == ["b"]
    assert "promised_elsewhere" in found.uncured["why"].iloc[0]


@pytest.mark.parametrize("area", [10.0, 50.0])
def test_a_room_gives_shares_no_more_than_it_holds(area: float) -> None:
    found = _shares(area, "a")
    part = found.cures.loc[found.cures["chosen"], "part"].iloc[0]
    assert part == pytest.approx(0.65 * area)
    assert works(found) == [("a", "take_over_rooms", area)]


def test_one_measure_is_equally_sure_wherever_it_is_told() -> None:
    sites = places({"p": (100.0, 0.0)}, area_m2=500.0, to_visit=True)
    found = remedies(
        rules(class_area=("take_over_rooms",)), [*own("a"), *group("a", by=450.0)], {"a": FULL},
        rooms=sites,
    )  # fmt: skip
    chosen = found.cures[found.cures["chosen"]]
    sure: pd.Series = chosen.groupby(["borne_by", "kind"])["certainty"].nunique()
    assert (sure == 1).all()


def test_a_group_s_need_falls_to_a_centre_that_its_clause_lets_make_it_good() -> None:
    """a has 600 m² of rooms in reach, but the clause names building: only b's lot has room."""
    facts = {"a": IN_GROUP["a"], "b": IN_GROUP["b"] | ROOMY}
    found = remedies(
        rules(class_area=("enlarge",)),
        group("a", "b", by=285.0),
        facts,
        rooms=places({"p": (100.0, 0.0)}, area_m2=600.0, to_visit=False),
    )
    assert works(found) == [("b", "enlarge", 285.0)]
    assert found.uncured.empty


ROOMY: dict[str, Any] = {"site_area_m2": 1_500.0, "building_density_percent": 10.0}
"""A lot with room for 300 m² more, 30 % being the most that may be built."""


@pytest.mark.parametrize("lack", [450.0, 151.0, 150.0, 100.0])
def test_who_moves_for_his_own_want_lessens_what_his_group_lacks(lack: float) -> None:
    """a moves for its own 150 m²; b need build but what is left: by hand, 450 - 150 = 300.

    Only b is judged by the area of the group, so that a's site need not hold what that lacks.
    """
    asked = 550.0 + lack
    groups = pd.DataFrame(
        {"population": [24_000.0], "elderly_60": [2_000.0], "required_m2": [asked],
         "held_m2": [550.0]},
        index=["k"],
    )  # fmt: skip
    found = remedies(
        rules(own=("move",), class_area=("enlarge",)),
        [finding("a", "own-area", 150.0, required=350.0), *group("b", by=lack)],
        {"a": IN_GROUP["a"], "b": IN_GROUP["b"] | ROOMY | {"building_area": 350.0}},
        points={"a": (0.0, 0.0), "b": (200.0, 0.0)},
        sites=places({"s": (0.0, 100.0)}, area_m2=900.0, to_visit=False, floor=1.0, cost_yuan=0.0),
        groups=groups,
        circles=circles({"a": ["r"], "b": ["r"], "s": ["r"]}, {"r": 9.0}, sites=["s"]),
    )
    built = [("b", "enlarge", lack - 150.0)] if lack > 150.0 else []
    assert works(found) == [("a", "move", 350.0), *built]
    assert found.uncured.empty


def test_what_a_group_lacks_is_made_good_by_mates_for_a_centre_that_goes() -> None:
    """Another book's area of the group is 100 m² short; a merges into b, which builds them."""
    groups = pd.DataFrame(
        {"population": [12_000.0], "elderly_60": [900.0], "required_m2": [750.0],
         "held_m2": [1_200.0]},
        index=["k"],
    )  # fmt: skip
    facts = IN_GROUP["a"] | {"capacity_persons": 0.0}
    found = remedies(
        rules(own=("merge",), class_area=("enlarge",)),
        [*own("a"), *group("a", "b", by=100.0)],
        {"a": facts, "b": facts | ROOMY | {"building_area": 1_000.0}},
        points={"a": (0.0, 0.0), "b": (100.0, 0.0)},
        groups=groups,
        circles=circles({"a": ["r"], "b": ["r"]}, {"r": 9.0}),
    )
    assert works(found) == [("a", "merge", None), ("b", "enlarge", 100.0)]
    assert found.uncured.empty
