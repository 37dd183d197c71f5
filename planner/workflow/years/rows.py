"""The years planned for as readers see them: a sheet and ``summary.json``."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner import units
from planner.coverage.walking import Coverage
from planner.labels import LANGUAGES, Language
from planner.outputs.small_counts import without_small_parts
from planner.standards.floor_area.district_area import DistrictFloorArea
from planner.tables import ELDER_GROUPS, ELDERLY_COLUMNS, OPEN_STATUS
from planner.workflow.covering.street_rows import (
    TOTAL,
    area_names,
    row_title,
    street_of,
    streets_in_order,
    totals,
)
from planner.workflow.siting.elders import PLAIN_WEIGHT
from planner.workflow.siting.summary import GIVEN
from planner.workflow.years.areas import persons_of, share_of, shown_people, year_labels
from planner.workflow.years.gaps import elders_today, same_people, shown_sums, told
from planner.workflow.years.plans import FoundYears, YearPlan
from planner.workflow.years.reached import shown_reach

AREA_COLUMNS: Final = ("required_m2", "held_m2", "shortfall_m2")
_COVERED: Final = "elderly_60_covered"


def year_rows(found: FoundYears | None, kinds: tuple[str, ...], language: Language) -> pd.DataFrame:
    """Return the sheet's table: for each year the district, communities, villages, sub-districts.

    Parameters
    ----------
    found
        The years; None where the project plans for none: then there are no rows.
    kinds
        The circle's kinds of facility.
    language
        Language of the rows that have no name of their own.

    Returns
    -------
    DataFrame
        ``plan_year, street``, ``elderly_60/65/80``, ``disabled``, ``covered_60``, ``share_60``,
        ``centres_open``; of the district alone ``required_m2, held_m2, shortfall_m2`` (missing
        where nothing can be judged) and ``year_gain``. Counts of sub-districts and kinds under
        :data:`planner.outputs.content.LEAST_ELDERS`, and those that would tell them, are missing.
    """
    if found is None:
        return pd.DataFrame({name: [] for name in ("plan_year", "street", "elderly_60")})
    parts = {}
    for label, plan in year_labels(found, language):
        rows = _rows_of(plan, found.plans[0], kinds, language)
        rows.insert(0, "plan_year", label)
        parts[plan.year] = rows
    for year in found.not_reckoned:
        title = row_title(TOTAL, language)
        parts[year] = pd.DataFrame({"plan_year": [str(year)], "street": [title]})
    base, *coming = parts
    table = pd.concat([parts[year] for year in (base, *sorted(coming))], ignore_index=True)
    empty = [name for name in ("disabled", "year_gain") if table[name].isna().all()]
    if not table["unknown_communities"].gt(0).any():
        empty.append("unknown_communities")
    return table.drop(columns=empty)


def _rows_of(
    plan: YearPlan, base: YearPlan, kinds: tuple[str, ...], language: Language
) -> pd.DataFrame:
    sums, streets = totals(plan.areas), streets_in_order(plan.areas)
    operate = plan.centres["status"].eq(OPEN_STATUS) & plan.centres["centre_kind"].isin(list(kinds))
    where = street_of(plan.centres[operate], plan.areas).value_counts()
    whole = persons_of(sums.loc[[TOTAL]])
    by_kind = _shown_kinds(persons_of(sums.drop(index=TOTAL)))
    by_street = shown_people(plan)[0].reindex(streets.index)
    names = [
        *(row_title(str(key), language) for key in (TOTAL, *by_kind.index)),
        *area_names(plan.areas, language),
    ]
    table = pd.concat([whole, by_kind, by_street], ignore_index=True)
    table.insert(0, "street", names)
    opened = [int(operate.sum()), *[None] * len(by_kind), *where.reindex(streets.index).fillna(0)]
    table["share_60"] = share_of(table)
    facts = plan.areas.level("community")
    members = [facts.index, *(_of_kind(plan, str(key)) for key in by_kind.index)]
    members += [facts.index[facts["parent"] == street] for street in streets.index]
    table = shown_sums(table, members, plan, base)
    table["unknown_communities"] = table["unknown_communities"].astype("Int64")
    table["centres_open"] = pd.array(opened, dtype="Int64")
    held = area_figures(plan.audit.district)
    for name in AREA_COLUMNS:
        table[name] = pd.Series([held[name]], index=table.index[:1], dtype=float)
    gain = shown_reach(plan)["gain"]
    table["year_gain"] = pd.Series([gain], index=table.index[:1], dtype=float)
    return table


def _of_kind(plan: YearPlan, kind: str) -> pd.Index:
    """Return the communities of one kind."""
    ids: pd.Index = plan.communities.index[plan.communities["community_kind"] == kind]
    return ids


def _shown_kinds(persons: pd.DataFrame) -> pd.DataFrame:
    """Return persons by kind of community, less what is too few to be shown."""
    known = persons.columns[persons.notna().any()]
    left_out = (persons["elderly_60"] - persons["covered_60"]).rename("left_out")
    both = pd.concat([persons[known], left_out], axis="columns").T
    shown = without_small_parts(both).T
    shown["covered_60"] = shown["covered_60"].where(shown["left_out"].notna())
    return shown.reindex(columns=persons.columns)


def area_figures(district: DistrictFloorArea) -> dict[str, float | None]:
    """Return the floor area of a district; None where no group of it can be judged."""
    known = district.groups_known > 0
    return {name: getattr(district, name) if known else None for name in AREA_COLUMNS}


def year_summary(found: FoundYears | None) -> dict[str, Any] | None:
    """Return ``years`` of ``summary.json``: None without years planned for."""
    if found is None:
        return None
    figures = found.figures
    return {
        "base": int(figures.base),
        "method": figures.method,
        "projected": figures.is_projected,
        "source": figures.source,
        "plans": {str(plan.year): _year(plan, found.plans[0]) for plan in found.plans},
        "not_reckoned": {
            str(year): [
                {"key": one.key, **{language: one.text(language) for language in LANGUAGES}}
                for one in why
            ]
            for year, why in found.not_reckoned.items()
        },
    }


def _year(plan: YearPlan, base: YearPlan) -> dict[str, Any]:
    district, most = plan.audit.district, plan.most
    if plan is base:
        people: dict[str, Any] = people_figures(plan.coverage)
    else:
        people = {
            name: figures | {"unknown_communities": int(plan.unknown[name].sum())}
            for name, figures in people_figures(plan.coverage).items()
        }
        people |= _lacking(plan, base)
    return {
        **people,
        "kinds": {
            str(kind): _kind(row, plan.unknown["elderly_60"][_of_kind(plan, str(kind))], plan, base)
            for kind, row in totals(plan.areas).drop(index=TOTAL).iterrows()
        },
        "centres_open_placed": len(plan.open_placed),
        **area_figures(district),
        "groups": district.groups,
        "groups_short": district.groups_short,
        "unknown_groups": district.unknown_groups,
        "unknown_required_m2": district.unknown_required_m2,
        "siting": None
        if most is None
        else {
            "new_centres": most.new_centres,
            "chosen": list(most.chosen),
            **shown_reach(plan),
            "is_weighted": most.weight != PLAIN_WEIGHT,
            "given": plan.is_given,
            "status": GIVEN if plan.is_given else most.status,
            "gap": None if plan.is_given else most.gap,
        },
        "required_later": [
            {"id": one, "opens_year": year} for one, year in plan.required_later.items()
        ],
    }


def _kind(row: pd.Series, unknown: pd.Series, plan: YearPlan, base: YearPlan) -> dict[str, Any]:
    """Return the elders of communities of one kind; None where nobody knows any of them."""
    if plan is base:
        return {"elderly_60": float(row["elderly_60"]), "covered_60": float(row[_COVERED])}
    nobody = bool(unknown.all())
    return {
        "elderly_60": None if nobody else float(row["elderly_60"]),
        "covered_60": None if nobody else float(row[_COVERED]),
        "unknown_communities": int(unknown.sum()),
    }


def _lacking(plan: YearPlan, base: YearPlan) -> dict[str, Any]:
    """Return what a year does not know, and what can be compared with the base year all the same.

    ``same_communities`` is None where the whole years can be compared.
    """
    unknown = plan.unknown.index[plan.unknown["elderly_60"]]
    same = same_people(plan, base)
    return {
        "unknown_communities": {
            "count": len(unknown),
            "count_base": int(base.unknown["elderly_60"].sum()),
            "ids": [str(one) for one in unknown],
            "elderly_60_today": told(elders_today(plan, base)),
        },
        "same_communities": None
        if same is None
        else {
            "elderly_60": same.elderly_60,
            "elderly_60_base": same.elderly_60_base,
            "share": same.shares[0],
            "share_base": same.shares[1],
        },
        "without_homes": {
            "communities": len(plan.homeless),
            "ids": [str(one) for one in plan.homeless.index],
            "elderly_60": told(float(plan.homeless["elderly_60"].sum())),
        },
    }


def people_figures(coverage: Coverage) -> dict[str, dict[str, float | None]]:
    """Return total, covered and share of each age and group of which any figure is known."""
    people = [name for name in (*ELDERLY_COLUMNS, *ELDER_GROUPS) if name in coverage.states]
    figures: dict[str, dict[str, float | None]] = {}
    for name in people:
        total = float(coverage.states[name].sum())
        covered = float(coverage.states[name]["covered"])
        figures[name] = {
            "total": total,
            "covered": covered,
            "share": units.share(covered, total),
        }
    return figures
