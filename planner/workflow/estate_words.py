"""What was found of new estates, in sentences over the sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.standards.floor_area.explaining import weight
from planner.workflow.estates import FoundEstates

NAMED: Final = 5
"""Estates named in a sentence; of more, the number stands beside."""


def room_lines(found: FoundEstates, language: Language) -> tuple[str, ...]:
    """Return what the estates' care rooms come to, a sentence each."""
    owed = found.owed
    if owed.findings.empty:
        return (text("estates.no_books", language), *_not_in_force(found, language))
    total = owed.district
    lines = [
        text("estates.books_line", language, books=_titles(found, language)),
        *_not_in_force(found, language),
        text(
            "estates.totals_line",
            language,
            estates=total.estates,
            meeting=total.meeting,
            short=total.short,
            unknown=total.unknown,
            without_rule=total.without_rule,
            required=total.required_m2,
            delivered=total.delivered_m2,
            missing=total.short_m2,
        ),
    ]
    if total.short:
        due = (total.short_now_m2, total.short_later_m2, total.short_unknown_m2)
        fields = dict(zip(("now", "later", "open"), due, strict=True))
        lines.append(text("estates.due_line", language, **fields))
    if total.unknown:
        lines.append(
            text(
                "estates.unknown_line",
                language,
                required=total.unknown_required_m2,
                delivered=total.unknown_delivered_m2,
            )
        )
    if total.kind_unknown:
        lines.append(text("estates.kind_line", language, estates=total.kind_unknown))
    if total.unknown_if_new_m2 or total.unknown_if_built_m2:
        ages = {"if_new": total.unknown_if_new_m2, "if_built": total.unknown_if_built_m2}
        lines.append(text("estates.ageless_line", language, **ages))
    if total.short_at_least:
        lines.append(text("estates.at_least_line", language, estates=total.short_at_least))
    return (*lines, text("estates.rule_line", language))


def _titles(found: FoundEstates, language: Language) -> str:
    """Return the titles of the books that speak of estates."""
    used = set(found.owed.findings["book"])
    mark = text("outputs.list_mark", language)
    return mark.join(book.title(language) for book in found.owed.books if book.name in used)


def _not_in_force(found: FoundEstates, language: Language) -> tuple[str, ...]:
    names = found.owed.not_in_force
    mark = text("outputs.list_mark", language)
    return (text("estates.not_in_force", language, books=mark.join(names)),) if names else ()


def step_lines(found: FoundEstates, language: Language) -> tuple[str, ...]:
    """Return how many steps are late, in one sentence."""
    steps, on = found.steps, found.steps.on
    counts = steps.steps["result"].value_counts()
    return (
        text(
            "estates.steps_line",
            language,
            on=text("estates.no_day", language) if on is None else on.isoformat(),
            late=int(counts.get("late", 0)),
            estates=int(steps.late["estate"].nunique()),
            unknown=int(counts.get("unknown", 0)),
            waiting=int(counts.get("not_due", 0)),
            exempt=int(counts.get("not_applicable", 0)),
        ),
    )


def pool_lines(
    found: FoundEstates, names: Mapping[str, str], language: Language
) -> tuple[str, ...]:
    """Return the least area of a centre, what is proposed, what is left, and what is assumed."""
    pools = found.pools
    few = 0 < pools.elderly_60_new < LEAST_ELDERS
    if found.least_from is None:
        least = text("estates.least_from_siting", language, area=pools.least_m2)
    else:
        book, clause = found.least_from
        least = text(
            "estates.least_from_clause",
            language,
            area=pools.least_m2,
            book=book.title(language),
            force=clause.force,
            weight=weight(clause, language),
        )
    told = text("estates.pool_none", language)
    if few:
        told = text("estates.pool_small", language, least=LEAST_ELDERS)
    elif len(pools.pools):
        told = text(
            "estates.pool_line",
            language,
            estates=int((pools.estates["state"] == "pooled").sum()),
            area=pools.rooms_m2,
            pools=len(pools.pools),
            minutes=pools.limit_minutes,
            elders=pools.elderly_60_new,
            bound=pools.bound,
            status=text(f"siting.status_{pools.status}", language),
        )
    assumed = text(
        "estates.pool_assumes",
        language,
        minutes=pools.limit_minutes,
        outlined=len(found.outlined),
        pointed=len(found.pointed),
    )
    return (least, told, *_other_states(found, names, language), assumed)


def _other_states(
    found: FoundEstates, names: Mapping[str, str], language: Language
) -> tuple[str, ...]:
    """Return what becomes of the estates that are in no pool."""
    states = found.pools.estates["state"]
    told = []
    for state in dict.fromkeys(sorted(states[states != "pooled"])):
        ids = states.index[states == state]
        listed = text("outputs.list_mark", language).join(names[one] for one in ids[:NAMED])
        more = text("measures.and_more", language) if len(ids) > NAMED else ""
        words = text(f"estates.pool_{state}", language)
        told.append(
            text("estates.pool_state", language, state=words, count=len(ids), names=listed + more)
        )
    mark = text("outputs.clause_mark", language)
    return (text("estates.pool_states", language, states=mark.join(told)),) if told else ()
