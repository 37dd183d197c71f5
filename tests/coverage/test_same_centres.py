"""Centres found again in a later table, however it is numbered: hand-solved, and as properties."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.same_centres import COLUMNS, SameCentres, same_centres

Row = tuple[str | None, float | None] | tuple[str | None, float | None, str]


def centres(**rows: Row) -> pd.DataFrame:
    """Return centres by id: name, easting, and kind where given."""
    cells = [(*row[:2], *(row[2:] or ("日间照料",))) for row in rows.values()]
    table = pd.DataFrame(cells, columns=["name", "easting_m", "centre_kind"])
    return table.assign(northing_m=0.0 * table["easting_m"].astype(float)).set_axis(
        pd.Index([one.removeprefix("n") for one in rows], dtype=object)
    )


def found(one: pd.DataFrame, two: pd.DataFrame) -> SameCentres:
    return same_centres(one, two)


def test_a_ledger_numbered_one_to_n_when_the_first_has_closed() -> None:
    before = centres(n1=("甲", 0), n2=("乙", 1800), n3=("丙", 4000))
    after = centres(n1=("乙", 1800), n2=("丙", 4000))
    same = found(before, after)
    assert same.after == {"2": "1", "3": "2"}
    assert same.counts == {"id": 0, "name": 2, "place": 0}
    # Both tables use 1 and 2, for other centres; 甲 is no more, and 1 is another's now.
    assert same.other == ("1", "2")
    assert same.keys == {"1": "1′", "2": "1", "3": "2"}
    assert same.unclear == ()


def test_a_new_centre_took_an_old_id() -> None:
    before = centres(C1=("甲日照", 0), C2=("乙日照", 500))
    after = centres(D1=("甲日照", 0), C1=("新日照", 900), C2=("乙日照", 500))
    assert found(before, after).after == {"C1": "D1", "C2": "C2"}


@pytest.mark.parametrize(
    ("was", "now", "by"),
    [
        (("甲", 0.0), ("甲", 0.0), "id"),
        (("甲", 0.0), ("甲", 900.0), "id"),  # moved
        (("甲", 0.0), ("乙", 10.0), "id"),  # another name, at the place
        (("甲", 0.0), ("乙", 10.1), None),
        (("甲 站", 0.0), ("甲站", 900.0), "id"),
        (("甲", None), ("甲", 0.0), "id"),
        (("甲", None), ("乙", 0.0), None),
        ((None, 0.0), ("乙", 0.0), "id"),
        ((None, 0.0), ("乙", 900.0), None),
        ((None, None), ("乙", 0.0), "id"),  # nothing can be held against it
    ],
)
def test_an_id_needs_a_name_or_a_place(was: Row, now: Row, by: str | None) -> None:
    same = found(centres(n1=was), centres(n1=now))
    assert same.pairs["by"].to_list() == ([] if by is None else [by])
    assert same.other == (() if by else ("1",))


def test_by_unique_name_and_by_place() -> None:
    before = centres(a=("甲", 0), b=("乙", 100), c=("同名", 200), d=("同名", 300), e=("戊", 400))
    after = centres(
        v=("甲", 5000),
        w=("乙改名", 100),
        x=("同名", 200),
        y=("同名", 9000),
        z=("己", 400, "助餐点"),
    )
    same = found(before, after)
    assert same.after == {"a": "v", "b": "w", "c": "x"}
    assert same.pairs["by"].to_dict() == {"a": "name", "b": "place", "c": "name"}
    # d may be y, or not: two bear that name. Another kind at e's place is no e.
    assert same.unclear == ("d",)


def test_two_in_one_house_are_told_apart_by_their_names() -> None:
    before = centres(n1=("甲", 0), n2=("乙", 0), n3=("丙", 800))
    after = centres(n1=("乙", 0), n2=("丙", 800))
    assert found(before, after).after == {"2": "1", "3": "2"}


def test_names_that_all_share_leave_the_place() -> None:
    before = centres(n1=("站", 0), n2=("站", 1000), n3=("站", 2000))
    after = centres(n1=("站", 1000), n2=("站", 2000))
    assert found(before, after).after == {"2": "1", "3": "2"}
    # Nothing else claims them: an id with that name has moved.
    assert found(before, centres(n1=("站", 500))).after == {"1": "1"}
    # Two at one place under one name each: nobody knows which is which.
    twins = found(centres(a=("站", 0), b=("站", 0)), centres(x=("站", 0), y=("站", 0)))
    assert twins.after == {}
    assert twins.unclear == ("a", "b")


def test_names_exchanged_at_their_places_are_names_exchanged() -> None:
    same = found(centres(n1=("甲", 0), n2=("乙", 900)), centres(n1=("乙", 0), n2=("甲", 900)))
    assert same.after == {"1": "1", "2": "2"}


def test_who_moved_into_the_rooms_of_one_that_is_gone_is_itself() -> None:
    """甲 has closed, 乙 stands where it stood, and a list of 1 to N is numbered anew."""
    before = centres(n1=("甲", 0), n2=("乙", 1800), n3=("丙", 900))
    same = found(before, centres(n1=("乙", 0), n2=("丙", 900)))
    assert same.after == {"2": "1", "3": "2"}
    assert same.counts == {"id": 0, "name": 2, "place": 0}
    assert same.keys["1"] == "1′"
    # No round of names alone: 丙 is new where 乙 was.
    chain = found(before.iloc[:2], centres(n1=("乙", 0), n2=("丁", 1800)))
    assert chain.after == {"2": "1"}
    round_trip = found(before, centres(n1=("乙", 0), n2=("丙", 1800), n3=("甲", 900)))
    assert round_trip.after == {"1": "1", "2": "2", "3": "3"}


def test_a_name_that_somebody_else_was_found_with_is_unclear() -> None:
    before = centres(n1=("甲", 0), a=("站", 5000), b=("站", 7000))
    same = found(before, centres(n1=("站", 0)))
    assert same.after == {"1": "1"}
    assert same.unclear == ("a", "b")


def test_who_is_known_by_a_bare_id_is_told() -> None:
    before = centres(n1=(None, None), n2=("乙", 0))
    same = found(before, centres(n1=(None, None), n2=("乙", 0)))
    assert same.after == {"1": "1", "2": "2"}
    assert same.bare == ("1",)


def test_a_list_without_places() -> None:
    names = centres(n1=("甲", 0), n2=("乙", 0), n3=("丙", 0))[["name"]]
    later = centres(n1=("乙", 0), n2=("丙", 0), n3=("丙", 0))[["name"]]
    same = found(names, later)
    assert same.after == {"2": "1", "3": "3"}
    assert same.other == ("1", "2")
    empty = found(names.iloc[:0], later)
    assert empty.after == {}
    assert empty.keys == {}
    with pytest.raises(ValueError, match="twice"):
        found(pd.concat([names, names]), later)


numbers = st.sampled_from("12345678")
rows = st.tuples(
    st.sampled_from(["甲", "乙", "丙", None]), st.sampled_from([0.0, 5.0, 900.0, None])
)
tables = st.dictionaries(numbers, rows, max_size=6).map(
    lambda one: centres(**{f"n{key}": row for key, row in one.items()})
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(tables, tables)
def test_one_to_one_mirrored_and_of_no_order(one: pd.DataFrame, two: pd.DataFrame) -> None:
    there, back = found(one, two), found(two, one)
    assert back.after == {new: old for old, new in there.after.items()}
    assert found(one.iloc[::-1], two.iloc[::-1]).after == there.after
    assert len(set(there.keys.values()) | set(two.index)) == len(two) + len(one) - len(there.pairs)
    assert set(there.keys) == set(one.index)
    for old, new in there.after.items():
        was, now = one.loc[old, list(COLUMNS)], two.loc[new, list(COLUMNS)]
        assert (
            old == new
            or was["name"] == now["name"]
            or (abs(was["easting_m"] - now["easting_m"]) <= 10)
        )
    # Unnumbered anew: whoever is alone with a name is found again.
    distinct = one[one["name"].notna() & ~one["name"].duplicated(keep=False)]
    moved = distinct.set_axis(pd.Index([f"m{i}" for i in range(len(distinct))], dtype=object))
    assert found(distinct, moved).after == dict(zip(distinct.index, moved.index, strict=True))
