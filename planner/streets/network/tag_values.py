"""Values of tags as mappers write them: ``Private``, `` private``, ``private;customers``.

Rules compare them without regard to capital letters and to blanks around them. Of a list with
semicolons each value is judged as if it stood alone, and the most open verdict holds: whoever may
come in by one of them may come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product
from typing import Final

LIST_MARK: Final = ";"
"""Parts the values of one tag (OSM wiki, "Semi-colon value separator")."""

MOST_READINGS: Final = 64
"""Lists in several tags of one way are combined up to so many times; more are a slip."""

KNOWN_VALUES: Final = 65_536
"""Values of tags whose parts are kept, so that none is taken apart twice."""


@lru_cache(maxsize=KNOWN_VALUES)
def plain_values(value: str) -> tuple[str, ...]:
    """Return the values that a tag lists, plain, each once, in order; none where it is blank.

    Plain values are in small letters, without blanks around them.
    """
    parts = (part.strip().casefold() for part in value.split(LIST_MARK))
    return tuple(dict.fromkeys(filter(None, parts)))


def readings(tags: Mapping[str, str], keys: frozenset[str]) -> Iterator[dict[str, str]]:
    """Yield the tags with those keys as if each had one value, for all values listed.

    At least one reading, and :data:`MOST_READINGS` at most, whatever the order of the tags.

    Parameters
    ----------
    tags
        As a file holds them.
    keys
        Those that the rules look at; a blank value is as good as none.
    """
    lists = {key: plain_values(tags[key]) for key in sorted(keys & tags.keys())}
    lists = {key: values for key, values in lists.items() if values}
    for values in islice(product(*lists.values()), MOST_READINGS):
        yield dict(zip(lists, values, strict=True))
