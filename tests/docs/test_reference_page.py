"""``docs/参考.md`` lists the public names, each once, as the code has them now."""

from __future__ import annotations

import planner
from tests.docs.make_reference import PAGE, ROOMS, first_sentence, reference, room_of
from tests.docs.pages import rows, ticked


def test_the_page_is_up_to_date() -> None:
    told = "docs/参考.md is old: run python -m tests.docs.make_reference"
    assert PAGE.read_text(encoding="utf-8") == reference(), told


def test_every_public_name_stands_on_it_once() -> None:
    names = [ticked(row.cells[0])[0].split("(")[0] for row in rows(PAGE)]
    assert sorted(names) == sorted(planner.__all__)


def test_every_room_of_a_public_name_is_known() -> None:
    assert {room_of(name) for name in planner.__all__} <= set(ROOMS)


def test_every_public_name_says_what_it_is() -> None:
    assert [name for name in planner.__all__ if not first_sentence(getattr(planner, name))] == []
