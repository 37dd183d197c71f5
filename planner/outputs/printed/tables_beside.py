"""Lists beside the printed maps: gaps with their causes, short centres, sites, projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from planner.labels import Language, catalogue, text
from planner.outputs.content import PlanContent
from planner.outputs.printed.looks import Table
from planner.outputs.printed.themes import named
from planner.outputs.words import MISSING, count, is_missing, shown
from planner.tables import LIST_MARK

PROJECT_COLUMNS: Final = ("plan_year", "name", "programme_kind", "programme_m2",
                          "programme_cost_10k_yuan")  # fmt: skip


def listing(
    key: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
    language: Language,
    *,
    empty: str = "",
) -> Table:
    """Return a table with its words in one language."""
    return Table(
        text(f"printed.{key}", language),
        tuple(text(f"printed.head_{head}", language) for head in heads),
        tuple(rows),
        widths,
        text(f"printed.{empty}", language) if empty else "",
        catalogue()["printed.more_rows"][language],
    )


def gap_causes(content: PlanContent, gaps: pd.DataFrame) -> Table:
    """Return how many gaps, with how many elders, each cause has, the gravest first."""
    language = content.about.language
    by_cause = gaps.groupby("cause", observed=True)["gap_elderly_60"].agg(["size", "sum"])
    rows = [
        (shown("cause", cause, language), count(row["size"]), count(row["sum"]))
        for cause, row in by_cause.sort_values("sum", ascending=False, kind="stable").iterrows()
    ]
    heads = ("cause", "gaps", "elders")
    return listing("table_causes", heads, rows, (0.56, 0.2, 0.24), language)


def gap_place(row: Mapping[Any, Any], language: Language) -> str:
    """Return what a gap is called: the community of most of its elders, and how many there are."""
    names = shown("gap_communities", row.get("gap_communities"), language)
    parts = names.split(LIST_MARK)
    if len(parts) <= 2:
        return names
    return text("printed.first_more", language, first=parts[0], n=len(parts))


def gap_list(content: PlanContent, gaps: pd.DataFrame, empty: str = "") -> Table:
    """Return the gaps, the worst first: number, communities, elders, cause."""
    language = content.about.language
    rows = [
        (
            str(row["rank"]),
            gap_place(row, language),
            shown("gap_elderly_60", row["gap_elderly_60"], language),
            shown("cause", row["cause"], language),
        )
        for row in gaps.drop(columns="geometry").to_dict("records")
    ]
    heads = ("number", "place", "elders", "cause")
    return listing("table_gaps", heads, rows, (0.11, 0.45, 0.19, 0.25), language, empty=empty)


def short_centres(content: PlanContent) -> Table:
    """Return the centres whose group is short of area, the largest shortfall first."""
    language, table = content.about.language, pd.DataFrame(content.centres)
    short = table[table["result"] == "short"]
    short = short.sort_values("shortfall_m2", ascending=False, kind="stable")
    grade = short.get("centre_grade", pd.Series(index=short.index, dtype=object))
    rows = [
        (
            named(i, row["name"]),
            shown("held_m2", row["held_m2"], language),
            shown("shortfall_m2", row["shortfall_m2"], language),
            shown("centre_grade", grade[i], language),
        )
        for i, row in zip(short.index, short.to_dict("records"), strict=True)
    ]
    heads = ("name", "held", "short", "grade")
    return listing("table_centres", heads, rows, (0.45, 0.16, 0.2, 0.19), language)


def chosen_sites(content: PlanContent, chosen: pd.DataFrame) -> Table:
    """Return the chosen sites in the order of their gain."""
    language = content.about.language
    rows = [
        (
            shown("rank", row["rank"], language),
            named(i, row["name"]),
            shown("gain", row["gain"], language),
        )
        for i, row in zip(chosen.index, chosen.to_dict("records"), strict=True)
    ]
    heads = ("number", "name", "gain")
    return listing("table_sites", heads, rows, (0.13, 0.65, 0.22), language)


def projects(content: PlanContent, measures: pd.DataFrame | None, chosen: pd.DataFrame) -> Table:
    """Return what is to be built: the programme's measures, or, without one, the chosen sites."""
    language = content.about.language
    heads = ("year", "project", "kind", "area", "money")
    widths = (0.12, 0.34, 0.26, 0.13, 0.15)
    if measures is not None:
        rows = [
            tuple(
                named(row["programme_site"], row["name"])
                if column == "name"
                else shown(column, row.get(column), language)
                for column in PROJECT_COLUMNS
            )
            for row in measures.to_dict("records")
        ]
        return listing("table_projects", heads, rows, widths, language, empty="no_projects")
    rows = [
        (
            MISSING,
            named(i, row["name"]),
            shown("acquisition", row.get("acquisition"), language),
            shown("area_m2", row.get("area_m2"), language),
            MISSING
            if is_missing(row.get("cost_10k_yuan"))
            else f"{float(row['cost_10k_yuan']):,.1f}",
        )
        for i, row in zip(chosen.index, chosen.to_dict("records"), strict=True)
    ]
    key = "table_projects_chosen"
    return listing(key, heads, rows, widths, language, empty="no_sites")
