"""``闭环复查.xlsx``: a comparison as a bureau files it, what is unlike in the two runs first."""

from __future__ import annotations

import io
from copy import copy
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.coverage.comparing import FLOWS
from planner.labels import text
from planner.outputs.book.spreadsheet import FONT, NEVER, WARNING, safe_text, undated
from planner.outputs.book.workbook import fill_table
from planner.outputs.compared.comparison import ComparisonContent
from planner.outputs.compared.comparison_grades import defect_rows, grade_lines, grade_rows
from planner.outputs.compared.comparison_words import (
    gap_place,
    headline,
    same_lines,
    setting_lines,
    told_names,
)
from planner.outputs.content_parts import About
from planner.outputs.sheets import Sheet
from planner.outputs.words import word

AGE_WIDTH: Final = 16.0
"""Width in digits of the figures of one age on the first sheet."""

SHEETS: Final = ("totals", "gaps", "centres", "grades", "defects", "settings")
SIGNED: Final = "+#,##0;-#,##0;0"
POINTS: Final = "+0.0;-0.0;0.0"
BETTER, WORSE, NEW = "D3EBE3", "F7CFB8", "FBE5B0"
FILLS: Final = {
    "closed": BETTER, "smaller": BETTER, "opened": WORSE, "larger": WORSE, "split": WORSE,
    "moved": NEW,
}  # fmt: skip
"""Backgrounds of what became of a gap."""
CENTRE_FILLS: Final = {"opened": BETTER, "closed": WORSE, "moved": NEW}
GRADE_FILLS: Final = {"better": BETTER, "worse": WORSE, "no_longer_known": NEW}
DEFECT_FILLS: Final = {
    "closed": BETTER, "come_back": WORSE, "new": WORSE, "newly_asked": NEW,
    "no_longer_known": NEW, "not_asked": NEW,
}  # fmt: skip

MEASURES: Final = {
    "total_before": "#,##0", "total_after": "#,##0", "total_change": SIGNED,
    "covered_before": "#,##0", "covered_after": "#,##0", "covered_change": SIGNED,
    "share_before": "0.0%", "share_after": "0.0%", "share_change": POINTS,
    "came_within": "#,##0", "fell_out": "#,##0", "grew": SIGNED,
    "new_rows": "#,##0", "gone_rows": "#,##0",
}  # fmt: skip
"""Rows of the first sheet, and how they are shown."""


def write_comparison_book(content: ComparisonContent, path: Path) -> None:
    """Write the workbook of a comparison: totals, gaps, centre by centre, settings side by side.

    Undated: the same runs make the same bytes.
    """
    book = Workbook()
    book.remove(book.active)
    made: dict[str, Any] = {
        "totals": _totals, "gaps": _gaps, "centres": _centres, "grades": _grades,
        "defects": _defects, "settings": _settings,
    }  # fmt: skip
    about = _about(content)
    facts = text(
        "comparing.compared", content.language, before=content.names[0], after=content.names[1]
    )
    for key in SHEETS:
        title = text(f"comparing.sheet_{key}", content.language)
        page = book.create_sheet(title)
        table, lines = made[key](content)
        first = fill_table(page, Sheet(key, title, lines, table), about, facts=facts)
        _finish(page, key, table, first, content)
    book.properties.title = safe_text(content.title)
    book.properties.creator = "service-circle-planner"
    book.properties.created = NEVER
    file = io.BytesIO()
    book.save(file)
    path.write_bytes(undated(file.getvalue()))


def _about(content: ComparisonContent) -> About:
    """Return what sheets are headed with; pace and population are both runs' own, told apart."""
    settings = content.after.settings
    return About(
        title=content.title,
        language=content.language,
        synthetic=content.synthetic,
        map_review_number="",
        attributions=(),
        limit_minutes=float(settings.get("limit_minutes", 0.0)),
        speed_m_s=float(settings.get("speed_m_s", 0.0)),
        walker=str(settings.get("walker", "")),
        population_kind=str(settings.get("population_kind", "")),
        population_date=str(settings.get("population_date", "")),
        centre_kinds=tuple(settings.get("centre_kinds", ())),
        book_title="",
        small_groups="pro_rata",
    )


def _finish(
    page: Worksheet, key: str, table: pd.DataFrame, first: int, content: ComparisonContent
) -> None:
    """Give figures their signs and changes their colours; put what is unlike in a warning's red."""
    loud = {safe_text(line) for line in setting_lines(content)[0]}
    for row in range(1, first):
        cell = page.cell(row, 1)
        if cell.value in loud:
            cell.font = Font(FONT, 10, bold=True, color=WARNING)
    if key == "totals":
        page.page_setup.fitToHeight = 1
    for number, column in enumerate(table.columns, start=1):
        if key == "totals" and number > 1:
            page.column_dimensions[get_column_letter(number)].width = AGE_WIDTH
        forms = [MEASURES[str(name)] for name in table.index] if key == "totals" else []
        if column == "compared_60_change":
            forms = [SIGNED] * len(table)
        for row, form in enumerate(forms if number > 1 else [], start=first):
            cell = page.cell(row, number)
            # Cells of a column share one style: each that is changed takes a copy of its own.
            cell._style = copy(cell._style)
            cell.number_format = form
        if column in {"compared_change", "compared_differs"}:
            letter = get_column_letter(number)
            cells = f"{letter}{first}:{letter}{first + max(len(table), 1) - 1}"
            _colour(page, cells, _coloured(key, content))


def _colour(page: Worksheet, cells: str, colours: dict[str, str]) -> None:
    for label, colour in colours.items():
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        page.conditional_formatting.add(cells, CellIsRule("equal", [f'"{label}"'], fill=fill))


def _coloured(key: str, content: ComparisonContent) -> dict[str, str]:
    language = content.language
    if key == "settings":
        return {text("words.yes", language): NEW}
    fills, topic = {
        "gaps": (FILLS, "gaps.change"),
        "centres": (CENTRE_FILLS, "gaps.centre"),
        "grades": (GRADE_FILLS, "comparing.grade"),
        "defects": (DEFECT_FILLS, "comparing.defect"),
    }[key]
    return {text(f"{topic}_{name}", language): colour for name, colour in fills.items()}


def _totals(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    coverage, language = content.comparison.coverage, content.language
    wide = coverage.assign(
        total_change=coverage["total_after"] - coverage["total_before"],
        covered_change=coverage["covered_after"] - coverage["covered_before"],
        share_change=100.0 * (coverage["share_after"] - coverage["share_before"]),
    )
    kept = [name for name in MEASURES if content.comparison.by_rows or name not in FLOWS]
    wide = wide[kept].T.set_axis([f"compared_{name}" for name in coverage.index], axis="columns")
    labels = [text(f"comparing.measure_{name}", language) for name in kept]
    wide.insert(0, "compared_measure", labels)
    # What was compared stands over every sheet already.
    lines = headline(content)[1:]
    if content.comparison.by_rows:
        lines.append(text("comparing.flows_about", language))
    return wide, (*lines, text("comparing.walking_about", language))


def _gaps(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    language, comparison = content.language, content.comparison
    gaps = comparison.gaps.table
    states = {"before": content.before.state.gaps, "after": content.after.state.gaps}

    def told(side: str, column: str) -> list[str | None]:
        known = states[side]
        if column not in known.columns:
            return [None] * len(gaps)
        found = known[column].reindex(gaps[side]).to_list()
        return [word(one, language) if isinstance(one, str) else None for one in found]

    streets = [
        after or before
        for after, before in zip(told("after", "streets"), told("before", "streets"), strict=True)
    ]
    places = [
        gap_place(content, str(after), "after")
        if isinstance(after, str)
        else gap_place(content, str(before), "before")
        for before, after in zip(gaps["before"], gaps["after"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "compared_change": [text(f"gaps.change_{one}", language) for one in gaps["change"]],
            "compared_place": places,
            "compared_streets": streets,
            "compared_id_before": gaps["before"],
            "compared_id_after": gaps["after"],
            "compared_other": gaps["other"],
            "compared_cause_before": told("before", "cause"),
            "compared_cause_after": told("after", "cause"),
            "compared_60_before": gaps["elderly_60_before"],
            "compared_60_after": gaps["elderly_60_after"],
            "compared_60_change": gaps["elderly_60_change"],
        }
    )
    few, later = comparison.few_before, comparison.few_after
    rest = text("comparing.few_gaps", language, before=few.gaps, after=later.gaps)
    table = _with_rest(table, rest, few.gaps_elderly_60, later.gaps_elderly_60, content)
    return table, (
        text(f"comparing.matched_{comparison.gaps.matched_by}", language),
        text("comparing.gaps_about", language),
        *_gap_notes(content),
    )


def _gap_notes(content: ComparisonContent) -> list[str]:
    """Return whose gaps these are."""
    language = content.language
    if content.is_plan:
        return [text("comparing.plan_about", language)]
    needs = any(run.settings.get("needs") for run in (content.before, content.after))
    notes = [text("comparing.full_about", language)]
    return [*notes, text("comparing.needs_about", language)] if needs else notes


def _with_rest(
    table: pd.DataFrame, label: str, before: float, after: float, content: ComparisonContent
) -> pd.DataFrame:
    """Add the row of those too few to be listed, and the sum."""
    names = ("compared_60_before", "compared_60_after")
    one, two = (float(table[name].astype(float).sum()) for name in names)
    told = [(label, before, after)] if before or after else []
    told.append((text("comparing.sum", content.language), one + before, two + after))
    rows = [
        dict.fromkeys(table.columns)
        | {"compared_change": called, names[0]: was, names[1]: now, "compared_60_change": now - was}
        for called, was, now in told
    ]
    return pd.DataFrame([*table.to_dict(orient="records"), *rows], columns=table.columns)


def _centres(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    language, comparison = content.language, content.comparison
    centres = comparison.centres
    order = pd.Series({"opened": 0, "closed": 1, "moved": 2, "stays": 3})
    ranked = centres.assign(order=centres["change"].map(order).to_numpy())
    ranked = ranked.rename_axis("centre").sort_values(["order", "centre"])
    renamed = ranked["id_before"].where(ranked["id_before"] != ranked.index)
    table = pd.DataFrame(
        {
            "compared_change": [text(f"gaps.centre_{one}", language) for one in ranked["change"]],
            "compared_centre": list(ranked.index),
            "compared_id_before": renamed.to_list(),
            "compared_name": told_names(ranked, language),
            "compared_moved_m": ranked["moved_m"].to_list(),
            "compared_60_before": ranked["elderly_60_before"].to_list(),
            "compared_60_after": ranked["elderly_60_after"].to_list(),
            "compared_60_change": ranked["elderly_60_change"].to_list(),
        }
    )
    few, later = comparison.few_before, comparison.few_after
    rest = text("comparing.few_centres", language)
    table = _with_rest(table, rest, few.centres_elderly_60, later.centres_elderly_60, content)
    return table, (*same_lines(content), text("comparing.centres_about", language))


def _grades(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    language = content.language
    lines = (*grade_lines(content.judged, language), *same_lines(content))
    return grade_rows(content.judged, language), (*lines, text("comparing.grades_about", language))


def _defects(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    language = content.language
    lines = (*grade_lines(content.judged, language)[-1:], text("comparing.defects_about", language))
    return defect_rows(content.judged, language), lines


def _settings(content: ComparisonContent) -> tuple[pd.DataFrame, tuple[str, ...]]:
    settings, language = content.settings, content.language
    table = pd.DataFrame(
        {
            "compared_setting": settings["heading"].to_list(),
            "compared_was": settings["before"].to_list(),
            "compared_is": settings["after"].to_list(),
            "compared_differs": [
                text("words.yes" if one else "words.no", language) for one in settings["differs"]
            ],
            "compared_matters": [
                text(f"comparing.matters_{'yes' if one else 'no'}", language)
                for one in settings["loud"]
            ],
        }
    )
    return table, (text("comparing.settings_about", language),)
