"""Which books' clauses contend, and which of several findings on one matter decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from planner.standards.rulebooks.clauses import RuleBook
from planner.standards.rulebooks.vocabulary import EVERYWHERE

MUNICIPALITIES: Final = ("北京市", "上海市", "天津市", "重庆市")
"""Cities that are provinces themselves (直辖市)."""

_PROVINCE: Final = re.compile(rf"(?:.+?(?:省|自治区|特别行政区)|{'|'.join(MUNICIPALITIES)})")
_WORD: Final = re.compile(r".+?(?:自治州|自治县|自治旗|地区|[市州盟县区旗镇乡])")
_ASIDE: Final = re.compile(r"[(（].*?[)）]|\s")


def administrative_words(place: str) -> tuple[str, ...]:
    """Return the words of a place, its province first; none where it does not begin with one.

    Parameters
    ----------
    place
        As books name it: 浙江省宁波市（含慈溪市）; what stands in brackets says nothing.

    Examples
    --------
    >>> administrative_words("浙江省宁波市（含慈溪市）")
    ('浙江省', '宁波市')
    >>> administrative_words("宁波市")
    ()
    """
    whole = _ASIDE.sub("", place)
    province = _PROVINCE.match(whole)
    if province is None:
        return ()
    rest = whole[province.end() :]
    words = _WORD.findall(rest)
    last = rest[sum(map(len, words)) :]
    return (province.group(), *words, *([last] if last else []))


def places_of(books: Sequence[RuleBook]) -> list[set[str]]:
    """Return the sets of books (by name) that are compared: those that meet in one place.

    A book of everywhere meets every book; a book of a city meets those of its province, with whose
    words of administration its own begin (陕西省, 陕西省咸阳市). 浙江's and 贵州's never meet: each
    decides beside the national ones. So do 海南省 and 青海省海南藏族自治州: how a name begins says
    nothing. In which province a place lies that names none (咸阳市, 陕西) nobody says here: as the
    planner has chosen its book for this project, it meets every book. A book of 陕西省咸阳市 meets
    none of 浙江.
    """
    of = {book.name: administrative_words(book.place) for book in books if book.place != EVERYWHERE}
    local = sorted({words for words in of.values() if words})
    ends = [
        words
        for words in local
        if not any(other != words and other[: len(words)] == words for other in local)
    ]
    return [
        {book.name for book in books if (words := of.get(book.name, ())) == end[: len(words)]}
        for end in ends or [()]
    ]


def leading(
    group: np.ndarray,
    force: np.ndarray,
    result: np.ndarray,
    strictness: Sequence[np.ndarray],
    quantity: np.ndarray,
) -> np.ndarray:
    """Return which findings decide, the positions of one in each group.

    Of the greatest force; of these one known to be missed before unknown before met; then the
    stricter. But no unknown hides a known breach: where the first is unknown, or met but of
    another quantity, a clause of less force that is missed (``short``) decides in its place. For
    centres and estates alike.

    Parameters
    ----------
    group
        Numbers of what contends: a facility and a matter, shape (findings,).
    force
        Places of forces, 应 first (:data:`planner.standards.rulebooks.vocabulary.FORCE_PLACE`).
    result
        :data:`planner.standards.rulebooks.vocabulary.RESULTS`, none ``not_applicable``.
    strictness
        Figures, the least being the strictest: the first decides, then the second, and so on.
    quantity
        Numbers of the quantities spoken of.
    """
    standing = np.select([result == "unknown", result == "meets"], [1, 2], 0)
    order = np.lexsort((*reversed(strictness), standing, force, group))
    group, result, quantity = group[order], result[order], quantity[order]
    first = _firsts(group)
    lead = np.flatnonzero(first)[np.cumsum(first) - 1]
    missed = result == "short"
    unheard = missed & ~missed[lead]
    unheard &= (result[lead] == "unknown") | (quantity != quantity[lead])
    chosen = first & ~np.isin(group, group[unheard])
    chosen[np.flatnonzero(unheard)[_firsts(group[unheard])]] = True
    found: np.ndarray = order[chosen]
    return found


def _firsts(group: np.ndarray) -> np.ndarray:
    """Tell which entries begin a run of one group."""
    begins: np.ndarray = np.ones(len(group), dtype=bool)
    begins[1:] = group[1:] != group[:-1]
    return begins
