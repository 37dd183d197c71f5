"""What stands on each sheet of the workbook: its tables, columns and opening lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.labels import Language, catalogue, message, text
from planner.outputs.content import PlanContent, Told
from planner.outputs.figures import plan_figures, standard_lines
from planner.outputs.grades import grade_line
from planner.outputs.sheet_columns import COLUMNS, GROUP_FIGURES, MEASURES, SEVERITIES
from planner.outputs.words import heading, is_missing, meaning, word


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it is called, how it begins, and its table.

    Parameters
    ----------
    key
        Its name in code.
    title
        Its name on the tab and at its head.
    lines
        Sentences over the table.
    table
        Its rows; the columns are ours, in the order in which they stand.
    totals
        How many of its last rows are sums of others: no bar is drawn in them.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    table: pd.DataFrame
    totals: int = 0


def sheet_title(key: str, language: Language) -> str:
    """Return the name of a sheet's tab."""
    return text(f"outputs.sheet_{key}", language)


def _with_ids(table: pd.DataFrame, name: str = "id") -> pd.DataFrame:
    """Return a table without its geometry and with its index as a first column."""
    plain = pd.DataFrame(table.drop(columns=["geometry", name], errors="ignore")).reset_index(
        drop=True
    )
    plain.insert(0, name, [str(value) for value in table.index])
    return plain


def translated(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return the table with the words of its choice columns in one language."""
    choices = [
        column
        for column in (
            "community_kind", "centre_kind", "status", "position", "result", "state", "cause",
            "area_kind", "severity", "action", "mark", "ledger", "rate_difference",
            "centre_class", "tenure", "acquisition", "safety", "fire_permit", "planned", "built",
            "accepted", "handed_over", "asked_by", "asked_of", "grade", "grade_pattern", "way",
            "verdict", "estate_age", "estate_state", "estate_result", "estate_gain", "centre_grade",
            "judged_result", "force", "programme_class",
        )
        if column in table.columns
    ]  # fmt: skip
    changed = {
        column: table[column].map(
            lambda value: word(value, language) if isinstance(value, str) else value
        )
        for column in choices
    }
    return table.assign(**changed)


def _problems(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return quality rows with their messages spelled out, the grave ones first."""
    texts = [
        message(key, **fields).text(language)
        for key, fields in zip(table["key"], table["fields"], strict=True)
    ]
    columns = [
        heading(name, language) if f"columns.{name}" in catalogue() else name
        for name in table.get("column", pd.Series(index=table.index, dtype=object))
    ]
    ranks = {severity: rank for rank, severity in enumerate(SEVERITIES)}
    order = table.get("severity", pd.Series(SEVERITIES[0], index=table.index)).map(ranks)
    spelled = table.assign(problem=texts, column=columns)
    return spelled.iloc[np.argsort(order.to_numpy(), kind="stable")]


def _worth_reading(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings less the rows set aside with a mere note: those have their own sheet."""
    routine = (findings["severity"] == "note") & (findings["action"] == "set_aside")
    return findings.loc[~routine]


def _communities(content: PlanContent) -> pd.DataFrame:
    table = _with_ids(content.communities)
    return table.assign(uncovered_60=table["elderly_60"] - table["covered_60"])


def _audit(content: PlanContent) -> pd.DataFrame:
    names = dict(zip(content.communities.index, content.communities["name"], strict=True))
    table = _with_ids(content.centres)
    named = [
        value if is_missing(value) else names.get(value, value)
        for value in table.get("community", pd.Series(index=table.index, dtype=object))
    ]
    return table.assign(community=named).rename(columns=GROUP_FIGURES)


def _arithmetic(content: PlanContent) -> pd.DataFrame:
    """Return the centres whose finding has been explained."""
    table = _with_ids(content.centres)
    told = table.get("explanation", pd.Series(index=table.index, dtype=object))
    return table.loc[[not is_missing(value) and value != "" for value in told]]


def _gaps(content: PlanContent) -> pd.DataFrame:
    return _with_ids(content.gaps).assign(rank=range(1, len(content.gaps) + 1))


def _siting(content: PlanContent) -> pd.DataFrame:
    """Return the sites of either plan: the chosen in their order, then the rest of the fewest."""
    table = _with_ids(content.candidates)
    if content.siting is None:
        return table.iloc[:0]
    wanted = table["id"].isin([*content.siting.chosen, *content.siting.fewest_chosen])
    return table.loc[wanted].sort_values(["rank", "id"], na_position="last")


def _told(key: str, content: PlanContent) -> Told:
    """Return a sheet that arrived finished; an empty one where the run did not measure it."""
    return content.measures.get(key, Told(pd.DataFrame(columns=list(COLUMNS[key]))))


def _dictionary(tables: dict[str, pd.DataFrame], language: Language) -> pd.DataFrame:
    rows = [
        {
            "sheet": sheet_title(key, language),
            "heading": heading(column, language),
            "field": column,
            "meaning": meaning(column, language),
        }
        for key, table in tables.items()
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS["dictionary"]))


def workbook_tables(content: PlanContent) -> dict[str, pd.DataFrame]:
    """Return the table of every sheet but the overview, in order, with the columns it shows."""
    language = content.about.language
    made = {
        "reconciliation": content.reconciliation,
        "communities": _communities(content),
        "streets": _with_ids(content.streets_table, "street"),
        "audit": _audit(content),
        "arithmetic": _arithmetic(content),
        "groups": _with_ids(content.groups),
        "gaps": _gaps(content),
        "siting": _siting(content),
        "candidates": _with_ids(content.candidates),
        "estates": _with_ids(content.estates),
        "quality": _problems(_worth_reading(content.findings), language),
        "set_aside": _problems(content.set_aside, language),
        "foot_rules": content.foot_rules,
        "asked": content.asked,
        "years": content.years,
        "year_communities": content.year_communities,
        "gap_areas": _with_ids(content.gap_areas),
        "gap_closing": _with_ids(content.gap_areas),
        "capacity": content.capacity.rename(columns={"walk_minutes": "load_walk_minutes"}),
        **{key: _told(key, content).table for key in MEASURES},
    }
    tables = {
        key: translated(table[[name for name in COLUMNS[key] if name in table.columns]], language)
        for key, table in made.items()
    }
    return tables | {"dictionary": _dictionary(tables, language)}


def _sheet_lines(key: str, content: PlanContent) -> tuple[str, ...]:
    """Return the sentences over a sheet's table: what it holds, and what the marks mean."""
    language = content.about.language
    lines = [text(f"outputs.about_{key}", language)]
    if key in {"audit", "arithmetic", "groups"}:
        lines += standard_lines(content.about)
    if key == "siting":
        figures = [
            text("outputs.labelled", language, label=figure.label, value=figure.shown())
            for figure in plan_figures(content)
        ]
        mark = text("outputs.clause_mark", language)
        lines.append(mark.join(figures) or text("outputs.page_no_plan", language))
        lines += () if content.siting is None else content.siting.lines
    if key == "communities":
        lines.append(grade_line("communities", content.grades, language))
    if key in {"gap_areas", "gap_closing"}:
        lines += (*content.gap_lines, grade_line("gaps", content.grades, language))
    if key == "streets":
        lines += content.area_lines
    if key in {"communities", "streets", "asked", "years", "year_communities"}:
        lines += content.estimated_lines
    if key == "years":
        lines += content.year_lines
    if key == "capacity":
        lines += content.capacity_lines or [text("outputs.no_capacity", language)]
    if key in MEASURES:
        lines += _told(key, content).lines
    return tuple(lines)


def workbook_sheets(content: PlanContent) -> list[Sheet]:
    """Return all sheets but the overview, in the workbook's order."""
    language = content.about.language
    return [
        Sheet(
            key,
            sheet_title(key, language),
            _sheet_lines(key, content),
            table,
            content.street_totals if key == "streets" else 0,
        )
        for key, table in workbook_tables(content).items()
    ]
