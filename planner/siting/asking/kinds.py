"""Whether a question is made of the kinds of things that it needs, before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from planner.errors import SitingError
from planner.labels import Message, message
from planner.siting.asking.rules import SiteRules
from planner.siting.asking.weights import weight_kind_problems


def refuse_kinds(rules: object, weights: Iterable[object], **tables: object) -> None:
    """Refuse a question in which something is no table, no rules or no weight.

    Parameters
    ----------
    rules
        To be :class:`planner.siting.asking.rules.SiteRules`, its ``apart`` a table or None.
    weights
        Each to be a column, factors by column, or None.
    tables
        To be DataFrames, by the name that the user knows.

    Raises
    ------
    SitingError
        Naming each thing, what it is and what it should be. Nothing else can be looked at then.
    """
    problems = [
        _wrong(name, message("siting.kind_table"), found)
        for name, found in tables.items()
        if not isinstance(found, pd.DataFrame)
    ]
    if not isinstance(rules, SiteRules):
        problems.append(_wrong("rules", message("siting.kind_rules"), rules))
    else:
        problems += _rule_kinds(rules)
    for weight in weights:
        problems += [one for one in weight_kind_problems(weight) if one not in problems]
    if problems:
        raise SitingError(message("siting.refused"), problems)


def _rule_kinds(rules: SiteRules) -> list[Message]:
    groups: object = rules.at_most_one
    apart: object = rules.apart
    problems = []
    if apart is not None and not isinstance(apart, pd.DataFrame):
        problems.append(_wrong("rules.apart", message("siting.kind_pairs"), apart))
    if isinstance(groups, str | Mapping | pd.DataFrame) or not isinstance(groups, Iterable):
        problems.append(_wrong("rules.at_most_one", message("siting.kind_groups"), groups))
    return problems


def _wrong(name: str, wanted: Message, found: object) -> Message:
    return message("siting.kind_wrong", name=name, wanted=wanted, found=type(found).__name__)
