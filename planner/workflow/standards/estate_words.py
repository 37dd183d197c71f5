"""What was found of new estates, in sentences over the sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS
from planner.standards.rulebooks.wording import weight
from planner.workflow.standards.estates import FoundEstates

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
    if total.derived or total.to_check:
        lines.append(
            text("estates.read_line", language, derived=total.derived, to_check=total.to_check)
        )
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
    return (
        least,
        told,
        *_to_visit(found, names, language),
        *_other_states(found, names, language),
        assumed,
    )


def _to_visit(found: FoundEstates, names: Mapping[str, str], language: Language) -> tuple[str, ...]:
    """Return whose rooms are pooled though nobody knows their storey (TRADE.md 9)."""
    unknown = found.owed.estates["floor_unknown"]
    states = found.pools.estates["state"]
    ids = [str(one) for one in states.index[(states == "pooled") & unknown.reindex(states.index)]]
    if not ids:
        return ()
    listed = _listed(ids, names, language)
    return (text("estates.pool_visit", language, count=len(ids), names=listed),)


def _listed(ids: Sequence[str], names: Mapping[str, str], language: Language) -> str:
    told = text("outputs.list_mark", language).join(names[one] for one in ids[:NAMED])
    return told + (text("measures.and_more", language) if len(ids) > NAMED else "")


def pool_basis(
    found: FoundEstates, members: Sequence[str], names: Mapping[str, str], language: Language
) -> str:
    """Return how the areas of a pool's rooms are known: converted, to be checked, by which clause.

    Parameters
    ----------
    found
        What was found of the estates.
    members
        The estates whose rooms the pool gathers.
    names
        What each estate is called.
    language
        Language of the words.
    """
    ids = list(members)
    owed, rooms = found.owed.estates.loc[ids], found.pools.estates.loc[ids]
    given = rooms["rooms_from"] == "delivered"
    told = []
    for note in ("derived", "kind_to_check"):
        noted = [str(one) for one in owed.index[given & (owed["building_note"] == note)]]
        if noted:
            what = text(f"estates.pool_{note}", language)
            listed = _listed(noted, names, language)
            told.append(text("estates.pool_of", language, what=what, names=listed))
    titles = {book.name: book.title(language) for book in found.owed.books}
    clauses = owed.loc[~given, ["book", "clause"]].drop_duplicates()
    for book, clause_id in clauses.itertuples(index=False):
        clause = found.owed.clause(book, clause_id)
        fields = {"book": titles[book], "force": clause.force, "weight": weight(clause, language)}
        told.append(text("estates.pool_owed", language, **fields))
    return text("outputs.clause_mark", language).join(told)


def _other_states(
    found: FoundEstates, names: Mapping[str, str], language: Language
) -> tuple[str, ...]:
    """Return what becomes of the estates that are in no pool."""
    states = found.pools.estates["state"]
    told = []
    for state in dict.fromkeys(sorted(states[states != "pooled"])):
        ids = states.index[states == state]
        listed = _listed([str(one) for one in ids], names, language)
        words = text(f"estates.pool_{state}", language)
        told.append(text("estates.pool_state", language, state=words, count=len(ids), names=listed))
    mark = text("outputs.clause_mark", language)
    return (text("estates.pool_states", language, states=mark.join(told)),) if told else ()
