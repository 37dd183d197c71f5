"""Books of clauses on estates, written by hand, with the figures of STANDARDS' places."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from planner.standards.rulebooks.clauses import Clause, RuleBook, When

NEW, BUILT = When(estate=("新建",)), When(estate=("已建",))


def clause(name: str, quantity: str, value: float | None = None, **changes: Any) -> Clause:
    """Return a clause; at_least, 应 and W1 unless said otherwise."""
    facts: dict[str, Any] = {
        "article": "-",
        "comparison": "at_least",
        "unit": "m2",
        "force": "应",
        "mark": "W1",
        "source": "by hand",
        "zh": name,
        "en": name,
        "remedy_zh": "补",
        "remedy_en": "mend",
        "per": "estate",
    }
    return Clause(id=name, quantity=quantity, value=value, **facts | changes)


def book(name: str, *clauses: Clause, **changes: Any) -> RuleBook:
    """Return a book of these clauses alone."""
    facts: dict[str, Any] = {"place": "某地", "applies_to": (), "classes": (), "rooms": ()}
    return RuleBook(name=name, zh=f"{name}条例", en=name, clauses=clauses, **facts | changes)


HOUSEHOLDS = "care_area_per_hundred_households"
NINGBO = book(
    "ningbo",
    clause("new", HOUSEHOLDS, 20.0, when=NEW),
    clause("built", HOUSEHOLDS, 15.0, when=BUILT),
    in_force_from=datetime.date(2018, 10, 1),
)
ZHEJIANG = book("zhejiang", clause("housing", "care_area_of_housing", 2.0))
SHAOXING = book(
    "shaoxing",
    clause("place", "care_area_least_place", 30.0),
    clause("joined", "care_area_least_joined_place", 300.0),
)
GUIZHOU = book(
    "guizhou",
    clause("storey", "care_rooms_floor", 3.0, comparison="at_most"),
    clause("ground", "care_rooms_floor", 1.0),
)
SHAANXI = book(
    "shaanxi",
    clause("steps", "four_steps", comparison="has", items=("规划", "建设", "验收", "交付")),
)


def estates(**columns: Any) -> pd.DataFrame:
    """Return a table of estates E1, E2, …; what is not named is not in the ledger."""
    rows = max(len(values) for values in columns.values())
    index = [f"E{number}" for number in range(1, rows + 1)]
    table = pd.DataFrame(columns, index=index)
    return table.assign(name=[f"{one}苑" for one in index])
