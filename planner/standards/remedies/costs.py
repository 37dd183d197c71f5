"""What measures cost, by a table of unit costs that the planner edits; nothing is assumed.

No figure of costs has been seen in any standard: a measure that the table does not price has an
unknown cost, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from planner.labels import LANGUAGES, Language, Message, message, text
from planner.standards.remedies.needs import TASKS
from planner.standards.rulebooks.vocabulary import MEASURES

PRICED: Final = tuple(kind for kind in MEASURES if kind not in TASKS)
"""Measures that cost something; looking and filling in do not."""

BY_AREA: Final = (
    "change_use", "take_over_rooms", "share_rooms", "enlarge", "move", "reopen_idle", "refit",
)  # fmt: skip
BY_LIFT: Final = ("add_lift",)
BY_ITEM: Final = ("supply",)

M2, LIFT, PLACE, ITEM = "元/m²", "元/部", "元/处", "元/项"
_ALIKE: Final = {
    **dict.fromkeys(
        ("元/㎡", "元/m2", "元/m²", "元/平方米", "元每平方米", "yuan/m2", "yuan/m²"), M2
    ),
    **dict.fromkeys(("元/部", "元/台", "yuan/lift"), LIFT),
    **dict.fromkeys(("元/处", "元/个", "yuan/place"), PLACE),
    **dict.fromkeys(("元/项", "元/件", "yuan/item"), ITEM),
}

HEADINGS: Final = {
    "measure": ("措施", "measure"),
    "unit": ("单位", "unit"),
    "price": ("单价", "单价(元)", "单价（元）", "unit price", "price", "unit price (yuan)"),
    "source": ("来源", "source"),
    "date": ("日期", "date"),
}
"""What the columns of the table may be headed, in either language."""


def units_of(kind: str) -> tuple[str, ...]:
    """Return the units that a measure may be priced in, the usual one first."""
    if kind in BY_AREA:
        return (M2, PLACE)
    if kind in BY_LIFT:
        return (LIFT, PLACE)
    if kind in BY_ITEM:
        return (ITEM, PLACE)
    return (PLACE,)


def kind_named(name: str) -> str | None:
    """Return the measure that a planner calls so, in either language; ``None`` for no measure."""
    wanted = name.strip().casefold()
    for kind in MEASURES:
        names = {kind, *(text(f"remedies.kind_{kind}", language) for language in LANGUAGES)}
        if wanted in {one.casefold() for one in names}:
            return kind
    return None


def template_rows(language: Language) -> list[tuple[str, ...]]:
    """Return the table that a planner fills in: headings, then every measure without a price."""
    place = 0 if language == "zh" else -1
    heads = tuple(
        "单价(元)" if key == "price" and language == "zh" else names[place]
        for key, names in HEADINGS.items()
    )
    kinds = [(text(f"remedies.kind_{kind}", language), units_of(kind)[0]) for kind in PRICED]
    return [heads, *((name, unit, "", "", "") for name, unit in kinds)]


def unit_costs(
    rows: Iterable[Mapping[str, Any]], *, file: str
) -> tuple[pd.DataFrame, list[Message]]:
    """Return unit costs by measure, and everything that is wrong with the table.

    Parameters
    ----------
    rows
        ``row`` (as a planner counts), ``measure, unit, price, source, date``, texts or numbers. A
        row without a price leaves its measure's cost unknown.
    file
        The table's name, for what is told.

    Returns
    -------
    DataFrame, list of Message
        By measure: ``unit, price_yuan, source, date``, of the rows without fault; the faults: a
        measure that is none, priced twice, a unit that is missing or not its own, a price that is
        no number or below 0.
    """
    good: dict[str, tuple[str, float, str, str]] = {}
    seen: dict[str, int] = {}
    faults: list[Message] = []
    for line in rows:
        place = {"file": file, "row": line["row"]}
        name = _text(line.get("measure"))
        if not name and not _text(line.get("price")):
            continue
        kind = kind_named(name)
        if kind is None or kind in TASKS:
            faults.append(message("remedies.cost_unknown_measure", **place, name=name))
            continue
        if kind in seen:
            faults.append(message("remedies.cost_twice", **place, name=name, first=seen[kind]))
            continue
        seen[kind] = int(line["row"])
        if not _text(line.get("price")):
            continue
        unit, price = _unit(line.get("unit")), _price(line.get("price"))
        allowed = units_of(kind)
        if not unit:
            faults.append(message("remedies.cost_no_unit", **place, name=name))
        elif unit not in allowed:
            told = " / ".join(allowed)
            faults.append(message("remedies.cost_unit", **place, name=name, unit=unit, units=told))
        elif price is None:
            value = _text(line.get("price"))
            faults.append(message("remedies.cost_price", **place, name=name, value=value))
        else:
            good[kind] = (unit, price, _text(line.get("source")), _text(line.get("date")))
    columns = ["unit", "price_yuan", "source", "date"]
    table = pd.DataFrame.from_dict(good, orient="index", columns=columns)
    return table.astype({"price_yuan": float}), faults


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value).strip()


def _unit(value: Any) -> str:
    written = _text(value)
    plain = written.replace("／", "/").replace(" ", "")
    return _ALIKE.get(plain.lower(), plain)


def _price(value: Any) -> float | None:
    written = _text(value).replace(",", "").replace("，", "")
    try:
        price = float(written)
    except ValueError:
        return None
    return price if np.isfinite(price) and price >= 0.0 else None


def measure_costs(measures: pd.DataFrame, costs: pd.DataFrame, fitting: pd.Series) -> pd.Series:
    """Return what each measure costs, in yuan.

    ``元/m²`` times its m², ``元/项`` times the things lacking, ``元/部`` and ``元/处`` once.
    A move costs what the candidates' ledger says of its site, where it says it.

    Parameters
    ----------
    measures
        :attr:`planner.standards.remedies.measures.Remedies.measures`.
    costs
        :func:`unit_costs`; may be empty.
    fitting
        Cost to fit out each site, in yuan, by site; NaN unknown.

    Returns
    -------
    Series
        ``cost_yuan``, same index; NaN where nobody knows.
    """
    price = measures["kind"].map(costs["price_yuan"]).astype(float)
    unit = measures["kind"].map(costs["unit"])
    amount = np.select(
        [unit == M2, unit == ITEM], [measures["m2"], measures["items"].astype(float)], 1.0
    )
    of_site = measures["partner"].map(fitting).astype(float).where(measures["kind"] == "move")
    return of_site.fillna(price * amount).rename("cost_yuan")
