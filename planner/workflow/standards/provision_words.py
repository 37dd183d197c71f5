"""Provision in words: the sheets' opening lines, and the figures of ``summary.json``."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import LEAST_ELDERS, Told
from planner.outputs.words import word
from planner.standards.floor_area.audit import FloorAreaAudit
from planner.standards.floor_area.district_area import CIXI_PER_100_ELDERS_M2
from planner.standards.floor_area.required import ABOVE_GREATEST_CLASS, BELOW_LEAST_CLASS
from planner.standards.provision.ratios import PER, UNSTATED, People, Ratio, implied_persons
from planner.standards.provision.tiers import DISTRICT, EVERY_LINE
from planner.standards.rulebooks.vocabulary import CLASS_AREA
from planner.standards.rulebooks.wording import decimals_apart, difference, figure, weight
from planner.units import ROUNDING
from planner.workflow.standards.provision import Provision
from planner.workflow.standards.provision_rows import community_rows, tier_rows

CIXI_AREA_M2: Final = 85_944.0
CIXI_CARERS: Final = 919.0
CIXI_PER_10000_ELDERS_CARERS: Final = 32.0
"""慈溪市民政局, 2023-06-29: 85,944 m² of home-care centres; 919 certified carers, 32 per 10,000
elders; W1."""

NAMED: Final = 5
"""Groups named in a sentence; of more, the number is told."""


def provision_sheets(
    found: Provision,
    audit: FloorAreaAudit,
    communities: pd.DataFrame,
    language: Language,
) -> dict[str, Told]:
    """Return what stands on the sheets: ``provision`` and ``provision_communities``.

    Parameters
    ----------
    found
        What the district has.
    audit
        The floor-area audit.
    communities
        The communities table.
    language
        Language of the words.
    """
    return {
        "provision": Told(tier_rows(found, language), _tier_lines(found, language)),
        "provision_communities": Told(
            community_rows(found, communities, language),
            _community_lines(found, audit, communities, language),
        ),
    }


def _tier_lines(found: Provision, language: Language) -> tuple[str, ...]:
    whole = found.tiers[found.tiers["area"] == DISTRICT].set_index("line")
    lines = [text("provision.lines", language), text("provision.counting", language)]
    to_check, shared = int(whole["m2_to_check"]["all"]), whole["shared_between_m2"]["all"]
    if to_check:
        lines.append(text("provision.to_check", language, facilities=to_check))
    if shared > 0:
        lines.append(text("provision.shared", language, shared=shared))
    lines += _ratio_lines(found, language)
    lines.append(
        text(
            "provision.cixi",
            language,
            area=CIXI_PER_100_ELDERS_M2,
            carers=CIXI_PER_10000_ELDERS_CARERS,
            area_elders=implied_persons(CIXI_AREA_M2, CIXI_PER_100_ELDERS_M2, PER["m2"]),
            carer_elders=implied_persons(CIXI_CARERS, CIXI_PER_10000_ELDERS_CARERS, PER["carers"]),
        )
    )
    lines += _clause_lines(found, language)
    lines.append(text("measures.small", language, least=LEAST_ELDERS))
    return tuple(lines)


def _ratio_lines(found: Provision, language: Language) -> list[str]:
    """Return a sentence a denominator: whose persons they are, and every ratio to them."""
    by_people: dict[tuple[str, People], list[tuple[str, Ratio]]] = {}
    for (name, whose), ratio in found.ratios.items():
        by_people.setdefault((whose, ratio.people), []).append((name, ratio))
    mark = text("provision.and", language)
    lines = []
    for (whose, people), ratios in by_people.items():
        if people.persons is None:
            lines.append(text("provision.ratio_no_people", language, communities=people.unknown))
            continue
        source = text("provision.source", language, source=people.source) if people.source else ""
        told = text(
            "provision.ratio_line",
            language,
            whose=text(f"provision.whose_{whose}", language),
            persons=people.persons,
            kind=word(people.kind, language),
            date=people.date or text("outputs.no_date", language),
            source=source,
            ratios=mark.join(_ratio(name, ratio, language) for name, ratio in ratios),
        )
        lines.append(told + _comparable(whose, ratios[0][0], found, language))
    return lines


def _ratio(name: str, ratio: Ratio, language: Language) -> str:
    """Return one ratio with its numerator, and how many facilities do not tell."""
    unknown = pd.isna(ratio.numerator)
    parts = [
        text("provision.nobody_knows", language)
        if unknown
        else text(
            "provision.numerator",
            language,
            figure=ratio.numerator,
            unit=text(f"provision.unit_{ratio.figure}", language),
        )
    ]
    if not ratio.complete:
        parts.append(text("provision.ratio_unknown", language, facilities=ratio.unknown))
    return text(
        "provision.ratio",
        language,
        ratio=text(f"provision.ratio_{name}", language),
        value=text("workflow.no_share", language) if ratio.value is None else f"{ratio.value:,.1f}",
        numerator=text("outputs.clause_mark", language).join(parts),
    )


def _comparable(whose: str, name: str, found: Provision, language: Language) -> str:
    """Return what is to be said where a denominator counts another population than the ledger."""
    one, ledger = found.ratios[name, whose], found.ratios[name, "ledger"]
    if whose == "ledger" or one.comparable(ledger):
        return ""
    stated = UNSTATED not in (one.people.kind, ledger.people.kind)
    return text(f"provision.ratio_{'mixed' if stated else 'unstated'}", language)


def _clause_lines(found: Provision, language: Language) -> list[str]:
    known = {book.name: book for book in found.books}
    lines = []
    for row in found.clauses.to_dict(orient="records"):
        book = known[row["book"]]
        lines.append(
            text(
                f"provision.clause_{row['result']}",
                language,
                book=book.title(language),
                rule=book.clause(row["clause"]).text(language),
                force=row["force"],
                counted=text(f"provision.counted_{row['figure']}", language),
                mark=weight(book.clause(row["clause"]), language),
                value="—" if pd.isna(row["value"]) else _told_apart(row),
                required=f"{row['required']:g}",
                short="—" if pd.isna(row["short_total"]) else _lacking(row),
                unit=text(f"provision.unit_{row['figure']}", language),
                unknown=int(row["unknown"]),
            )
        )
    return lines


def _told_apart(row: dict[Hashable, Any]) -> str:
    """Return a ratio with so many decimals that it never reads as the figure that it misses."""
    decimals = decimals_apart(str(row["figure"]), row["value"], row["required"])
    return figure(row["value"], max(2, decimals))


def _lacking(row: dict[Hashable, Any]) -> str:
    """Return what the district lacks: of beds whole ones, since a part of a bed is none."""
    lacking = float(row["short_total"])
    if row["figure"] == "beds":
        return figure(math.ceil(lacking * (1.0 - ROUNDING)), 0)
    return difference(lacking)


def _community_lines(
    found: Provision, audit: FloorAreaAudit, communities: pd.DataFrame, language: Language
) -> tuple[str, ...]:
    areas, book = found.communities, audit.book
    beyond = {clause.id: clause for clause in book.clauses}
    lines = [
        text("provision.parts", language),
        text(
            "provision.classes",
            language,
            book=book.title(language),
            mark=weight(book.class_clause(CLASS_AREA), language),
        ),
        text(f"outputs.small_groups_{audit.small_groups}", language),
    ]
    for name, size in ((BELOW_LEAST_CLASS, "below"), (ABOVE_GREATEST_CLASS, "above")):
        mark = weight(beyond[name], language) if name in beyond else ""
        lines.append(
            text(
                f"provision.communities_{size}",
                language,
                communities=int((areas["size"] == size).sum()),
                least=book.classes[0].population_from,
                top=book.classes[-1].population_to,
                needed=_sum(areas, size, "centres_needed"),
                mark=mark,
                lacking=int((areas["group_centres_needed"] > areas["group_centres"]).sum()),
            )
        )
    by_air = int((areas["join_how"] == "air_line").sum())
    if by_air:
        lines.append(text("provision.by_air", language, communities=by_air))
    if len(found.spanning):
        listed = [str(one) for one in found.spanning["streets"].head(NAMED)]
        told = text("provision.and", language).join(listed)
        more = text("measures.and_more", language) if len(found.spanning) > NAMED else ""
        lines.append(
            text("provision.spanning", language, groups=len(found.spanning), listed=told + more)
        )
    by_people = int((areas["share_by"] == "population").sum())
    if by_people:
        lines.append(text("provision.by_population", language, communities=by_people))
    villages = int((communities["community_kind"] == "村").sum())
    if villages:
        lines.append(text("provision.villages", language, villages=villages))
    lines.append(text("measures.small", language, least=LEAST_ELDERS))
    return tuple(lines)


def _sum(areas: pd.DataFrame, size: str, column: str) -> int:
    return int(areas.loc[areas["size"] == size, column].sum())


def provision_summary(found: Provision) -> dict[str, Any]:
    """Return the figures of ``summary.json``: tiers, ratios, clauses, communities; district only.

    Parameters
    ----------
    found
        What the district has. 慈溪's 31 m² is of the same facilities as ``area``, and stands
        beside no other ratio.
    """
    whole = found.tiers[found.tiers["area"] == DISTRICT].set_index("line")
    kept = [name for name in whole.columns if name != "area"]
    areas = found.communities
    sums = found.district.iloc[0] if len(found.district) else None
    return {
        "tiers": {
            line.key: {"kinds": list(line.kinds), "where": line.where}
            | {name: _plain(whole[name][line.key]) for name in kept}
            for line in EVERY_LINE
        },
        "ratios": [
            {
                "ratio": name,
                "denominator": whose,
                "kinds": list(one.kinds),
                "numerator": _plain(one.numerator),
                "facilities": one.facilities,
                "facilities_unknown": one.unknown,
                "persons": one.people.persons,
                "population_kind": one.people.kind,
                "population_date": one.people.date,
                "source": one.people.source,
                "per": one.per,
                "value": one.value,
            }
            | ({"cixi": CIXI_PER_100_ELDERS_M2} if name == "area" else {})
            for (name, whose), one in found.ratios.items()
        ],
        "clauses": [
            {name: _plain(value) for name, value in row.items()}
            for row in found.clauses.to_dict(orient="records")
        ],
        "communities": {
            "rows": len(areas),
            "by_size": {str(size): int(rows) for size, rows in areas["size"].value_counts()
                        .sort_index().items()},
            "joined_by_walk": int((areas["join_how"] == "walk").sum()),
            "joined_by_air_line": int((areas["join_how"] == "air_line").sum()),
            "unknown": 0 if sums is None else int(sums["unknown"]),
            "in_short_groups": 0 if sums is None else int(sums["short"]),
            "in_groups_needing_more_centres": 0 if sums is None else int(sums["needing_more"]),
        },
        "groups_spanning_streets": len(found.spanning),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a figure, ``None`` where nobody knows it."""
    return None if not isinstance(value, str) and pd.isna(value) else value
