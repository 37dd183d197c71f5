"""A comparison in sentences: what the shell prints and the workbook begins with."""

from __future__ import annotations

from typing import Final

import pandas as pd

from planner.coverage.comparing import FLOWS
from planner.labels import Language, text
from planner.outputs.compared.comparison import ComparisonContent
from planner.outputs.compared.comparison_grades import grade_lines
from planner.outputs.words import percent

NAMED: Final = 5
"""Centres named in a sentence; of more, the first by id."""


def setting_lines(content: ComparisonContent) -> tuple[list[str], list[str]]:
    """Return the sentences on what the runs differ in: those that figures hang on, and the rest."""
    language, table = content.language, content.settings
    told: list[list[str]] = []
    for loud in (True, False):
        rows = table[table["differs"] & (table["loud"] == loud)]
        listed = [
            text(
                "comparing.setting_differs",
                language,
                **{str(name): row[name] for name in row.index},
            )
            for _, row in rows.iterrows()
        ]
        mark = text("comparing.mark", language)
        key = "comparing.loud" if loud else "comparing.quiet"
        told.append([text(key, language, listed=mark.join(listed))] if listed else [])
    return told[0], told[1]


def gap_sentence(content: ComparisonContent) -> list[str]:
    """Return what became of the gaps, and which closed and opened ones are the greatest."""
    language, comparison = content.language, content.comparison
    totals, table = comparison.gaps.totals, comparison.gaps.table
    mark = text("outputs.list_mark", language)
    changes = [
        text(
            "comparing.gap_change",
            language,
            change=text(f"gaps.change_{change}", language),
            gaps=int(row["gaps"]),
            before=row["elderly_60_before"],
            after=row["elderly_60_after"],
        )
        for change, row in totals.iterrows()
        if row["gaps"]
    ]
    lines = [
        text(
            "comparing.gaps",
            language,
            before=int(table["before"].notna().sum()),
            after=int(table["after"].notna().sum()),
            elders_before=totals["elderly_60_before"].sum(),
            elders_after=totals["elderly_60_after"].sum(),
            changes=mark.join(changes) or text("comparing.none", language),
        )
    ]
    greatest = [
        text("comparing.greatest", language, change=text(f"gaps.change_{change}", language),
             place=place, elders=elders)
        for change, side in (("closed", "before"), ("opened", "after"))
        if (found := _greatest(content, change, side)) is not None
        for place, elders in [found]
    ]  # fmt: skip
    return [*lines, *([mark.join(greatest) + text("comparing.stop", language)] if greatest else [])]


def _greatest(content: ComparisonContent, change: str, side: str) -> tuple[str, float] | None:
    table = content.comparison.gaps.table
    rows = table[table["change"] == change].sort_values(
        [f"elderly_60_{side}", side], ascending=[False, True]
    )
    if rows.empty:
        return None
    gap = str(rows[side].iloc[0])
    return gap_place(content, gap, side), float(rows[f"elderly_60_{side}"].iloc[0])


def gap_place(content: ComparisonContent, gap: str, side: str) -> str:
    """Return the communities that a gap lies in; its id where they are not known."""
    gaps = (content.before if side == "before" else content.after).state.gaps
    place = gaps["communities"].get(gap) if "communities" in gaps.columns else None
    return place if isinstance(place, str) and place else gap


def headline(content: ComparisonContent) -> list[str]:
    """Return a comparison's main figures as sentences: what is unlike comes before all figures."""
    language, comparison = content.language, content.comparison
    loud, quiet = setting_lines(content)
    row = {str(name): float(one["elderly_60"]) for name, one in comparison.coverage.items()}
    lines = [
        text("comparing.compared", language, before=content.names[0], after=content.names[1]),
        *loud,
        *quiet,
        *([text("comparing.nothing_changed", language)] if content.nothing_changed else []),
        text(
            "comparing.coverage",
            language,
            share_before=percent(row["share_before"]),
            share_after=percent(row["share_after"]),
            points=_points(row["share_after"] - row["share_before"]),
            covered_before=row["covered_before"],
            covered_after=row["covered_after"],
            left_before=row["total_before"] - row["covered_before"],
            left_after=row["total_after"] - row["covered_after"],
        ),
    ]
    if comparison.by_rows:
        lines.append(text("comparing.flows", language, **{name: row[name] for name in FLOWS}))
    else:
        lines.append(text("comparing.no_flows", language))
    lines += _ages(content)
    lines += gap_sentence(content)
    plan = [text("comparing.plan_about", language)] if content.is_plan else []
    plan += [one.text(language) for one in content.notices]
    return [
        *lines,
        _centres(content),
        *same_lines(content),
        *grade_lines(content.judged, language),
        *plan,
    ]


def _points(change: float) -> str:
    return "—" if pd.isna(change) else f"{100 * change:+.1f}"


def _ages(content: ComparisonContent) -> list[str]:
    table, language = content.comparison.coverage, content.language
    told = [
        text(
            "comparing.age",
            language,
            age=text(f"columns.{name}", language),
            before=percent(float(table["share_before"][name])),
            after=percent(float(table["share_after"][name])),
        )
        for name in ("elderly_65", "elderly_80")
        if name in table.index
    ]
    if not told:
        return []
    return [text("comparing.mark", language).join(told) + text("comparing.stop", language)]


def _centres(content: ComparisonContent) -> str:
    language, centres = content.language, content.comparison.centres
    mark = text("outputs.list_mark", language)
    told = []
    for change in ("opened", "closed", "moved"):
        rows = centres[centres["change"] == change]
        if rows.empty:
            continue
        names = [
            str(name) if isinstance(name, str) else str(one) for one, name in rows["name"].items()
        ]
        listed = mark.join(names[:NAMED]) + ("……" if len(names) > NAMED else "")
        told.append(
            text(
                "comparing.centre_change",
                language,
                change=text(f"gaps.centre_{change}", language),
                count=len(rows),
                names=listed,
            )
        )
    return text(
        "comparing.centres",
        language,
        before=len(content.before.state.centres),
        after=len(content.after.state.centres),
        changes=text("comparing.mark", language).join(told) or text("comparing.none", language),
    )


def same_lines(content: ComparisonContent) -> list[str]:
    """Return how centres were known again; nothing where all were by their ids."""
    same, language = content.same, content.language
    if same is None:
        return []
    lines, mark = [], text("outputs.list_mark", language)
    if same.counts["name"] or same.counts["place"]:
        lines.append(text("comparing.same_by", language, **same.counts))
    for key, ids in (("other", same.other), ("unclear", same.unclear), ("bare", same.bare)):
        if ids:
            listed = mark.join(ids[:NAMED]) + ("……" if len(ids) > NAMED else "")
            lines.append(text(f"comparing.same_{key}", language, ids=listed))
    return lines


def told_names(centres: pd.DataFrame, language: Language) -> list[str | None]:
    """Return the centres' names, with the earlier one where it was another."""
    return [
        text("comparing.centre_renamed", language, name=name, before=was)
        if isinstance(name, str) and isinstance(was, str) and name != was
        else name
        for name, was in zip(centres["name"], centres["name_before"], strict=True)
    ]
