"""The second part, 整改方案: the programme, its money, and the years planned for."""

from __future__ import annotations

import pandas as pd

from planner.labels import Language, text
from planner.outputs.content import PlanContent
from planner.outputs.report.blocks import Block, Paragraph, Table, frame_table, lines_of, told
from planner.outputs.report.phrases import caption, chapter, say, section
from planner.outputs.words import MISSING, heading, shown


def programme_chapter(content: PlanContent) -> list[Block]:
    """Return the measures in the order in which money is spent, the money, and its proof."""
    language = content.about.language
    measures, lines = told(content, "programme")
    years, year_lines = told(content, "programme_years")
    _, unused = told(content, "programme_unused")
    _, estates = told(content, "estate_rooms")
    columns = ("plan_year", "name", "programme_kind", "programme_m2", "programme_places",
               "programme_cost_10k_yuan", "programme_total_10k_yuan", "centre_grade")  # fmt: skip
    own: list[Block]
    if not lines and measures.empty:
        own = [Paragraph(say("no_programme", language))]
    else:
        own = [
            section("programme", language),
            *lines_of(lines),
            *frame_table(measures, columns, caption("programme", language), language),
            section("money", language),
            *turned_table(years, "plan_year", caption("programme_years", language), language),
            *lines_of(year_lines, "small"),
            *lines_of(unused, "small"),
        ]
    more: list[Block] = [section("estates", language), *lines_of(estates)] if estates else []
    return [chapter("programme", language), *own, *more]


def turned_table(frame: pd.DataFrame, across: str, title: str, language: Language) -> list[Block]:
    """Return a table of few rows on its side: a row a figure, a column for each of its rows."""
    if frame.empty:
        return [Paragraph(say("no_rows", language, what=title), "note")]
    names = [str(name) for name in frame.columns if name != across]
    rows = [
        (heading(name, language), *(shown(name, value, language) for value in frame[name]))
        for name in names
        if not frame[name].isna().all()
    ]
    head = (say("indicator", language), *(str(one) for one in frame[across]))
    right = (False, *(True for _ in range(len(frame))))
    return [Table(head, tuple(rows), right, title, (2.4, *(1.0 for _ in range(len(frame)))))]


def years_chapter(content: PlanContent) -> list[Block]:
    """Return the near and the far term: people, reach and area in each year planned for."""
    language, years = content.about.language, content.years
    if years.empty:
        return [chapter("years", language), Paragraph(text("years.none", language))]
    total = text("years.row_total", language)
    district = years.loc[years["street"] == total].drop(columns="street")
    return [
        chapter("years", language),
        *lines_of(content.year_lines),
        *turned_table(district, "plan_year", caption("years", language), language),
        *_by_year(years, language),
    ]


def _by_year(years: pd.DataFrame, language: Language) -> list[Block]:
    """Return elders aged 60+ and the walking rate of each sub-district, side by side by year."""
    terms = list(dict.fromkeys(str(one) for one in years["plan_year"]))
    if "share_60" not in years:
        return []
    # Two sub-districts may have one name: rows are told apart by where they stand in a year.
    place = years.groupby(years["plan_year"].astype(str)).cumcount()
    cells = {
        (str(year), at): row
        for year, at, row in zip(
            years["plan_year"], place, years.to_dict(orient="records"), strict=True
        )
    }
    rows = []
    for at in range(int(place.max()) + 1):
        told_rows = [cells.get((year, at)) for year in terms]
        name = next((str(row["street"]) for row in told_rows if row is not None), MISSING)
        figures = [
            cell
            for row in told_rows
            for cell in (
                (MISSING, MISSING)
                if row is None or str(row["street"]) != name
                else (shown("elderly_60", row.get("elderly_60"), language),
                      shown("share_60", row.get("share_60"), language))
            )
        ]  # fmt: skip
        rows.append((name, *figures))
    heads = [
        head
        for year in terms
        for head in (
            say("year_elders", language, year=year),
            say("year_share", language, year=year),
        )
    ]
    right = (False, *(True for _ in heads))
    title = caption("year_streets", language)
    return [Table((heading("street", language), *heads), tuple(rows), right, title)]
