"""Provision in a run: neighbours on foot, sheets, denominators, and counts that stay withheld."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import ScenarioError
from planner.labels import LANGUAGES
from planner.outputs.content import LEAST_ELDERS
from planner.outputs.sheet_columns import COLUMNS
from planner.outputs.summary import plain
from planner.scenario import from_mapping
from planner.standards.provision.ratios import RATIOS, People, Ratio, district_findings
from planner.standards.provision.tiers import DISTRICT, line_elders
from planner.standards.rulebooks.books import rule_book
from planner.workflow.inputs.project import Project, read_project
from planner.workflow.inputs.reading import Ledgers, read_ledgers, read_network
from planner.workflow.inputs.record import Clock, silent
from planner.workflow.inputs.walking import Walks, open_centres
from planner.workflow.run import RunResult
from planner.workflow.standards.auditing import audited
from planner.workflow.standards.provision import Provision, given_people, provision_of
from planner.workflow.standards.provision_neighbours import middle_doors, neighbour_walks
from planner.workflow.standards.provision_rows import community_rows, told_elders
from planner.workflow.standards.provision_words import provision_sheets, provision_summary
from tests.workflow.town import write_town

BOOKS = (rule_book(), rule_book("gb-50437-2007"))
GIVEN = """
[provision]
elders = { area = 250, carers = 400 }
population_kinds = { area = "户籍", carers = "常住" }
sources = { area = "某公报" }
[control_totals]
"""
A, B, C, VILLAGE = "990401001001", "990401001002", "990401001003", "990401001201"


class Town(NamedTuple):
    project: Project
    ledgers: Ledgers
    walks: Walks
    neighbours: pd.DataFrame


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town") / "town"
    project = read_project(write_town(folder, **{"\n[control_totals]\n": GIVEN}))
    clock = Clock(9, silent)
    network = read_network(project, clock)
    ledgers = read_ledgers(project, clock, network)
    walks = Walks.of(network, ledgers.residents.table, project.scenario)
    return Town(project, ledgers, walks, neighbour_walks(walks, ledgers.communities.table))


def provision_in(
    town: Town, centres: pd.DataFrame | None = None, **standard: Any
) -> tuple[Provision, Any]:
    scenario = town.project.scenario
    communities = town.ledgers.communities.table
    centres = town.ledgers.centres.table if centres is None else centres
    settings_ = dataclasses.replace(scenario.standard, **standard)
    sites = open_centres(gpd.GeoDataFrame(centres), BOOKS[0].applies_to)
    walked = town.walks.coverage_by(sites)
    audit = audited(centres, communities, walked, BOOKS[0], settings_, town.neighbours)
    found = provision_of(scenario, centres, communities, walked, audit, town.neighbours, BOOKS)
    return found, audit


def test_middles_are_doors_that_join_the_street(town: Town) -> None:
    # A's elders live at 414 m on average: R1 (200 m) is nearer than R2 (700 m). R8 (900 m off the
    # street) does not join it; of B, R4 is nearer to 1,213 m than R3.
    doors = middle_doors(town.walks, town.ledgers.communities.table)
    assert doors.to_dict() == {A: "R1", B: "R4", C: "R5", VILLAGE: "R7"}


def test_neighbours_walk_along_the_street_and_villages_are_none(town: Town) -> None:
    walks = town.neighbours.set_index(["origin", "destination"])["walk_minutes"]
    assert len(walks) == 6
    for pair, metres in (((A, B), 1_220.0), ((B, C), 620.0), ((A, C), 1_820.0)):
        assert walks[pair] == pytest.approx(metres / 0.83 / 60.0, abs=0.01)
        assert walks[pair[::-1]] == pytest.approx(walks[pair])


@pytest.mark.parametrize("small_groups", ["pro_rata", "join_nearest"])
def test_small_communities_are_told_whom_they_join(town: Town, small_groups: str) -> None:
    # C (4,000 people) is the smallest and walks to B (8,000) in 12.4 minutes: 12,000 are enough.
    found, audit = provision_in(town, small_groups=small_groups)
    areas = found.communities
    assert areas["joins"].to_dict() == {A: "", B: C, C: B}
    assert areas.loc[C, "join_how"] == "walk"
    assert areas.loc[C, "join_minutes"] == pytest.approx(620.0 / 0.83 / 60.0, abs=0.01)
    groups = audit.service_groups.community_group.to_dict()
    assert groups == ({A: A, B: B, C: C} if small_groups == "pro_rata" else {A: A, B: B, C: B})
    assert found.district["required_m2"].sum() == pytest.approx(audit.district.required_m2)
    assert found.district["shortfall_m2"].sum() == pytest.approx(audit.district.shortfall_m2)


def test_each_ratio_has_its_own_denominator(town: Town) -> None:
    found, _ = provision_in(town)
    # C1's 700 m²; C4 does not tell its area, and nobody tells beds.
    area = found.ratios["area", "ledger"]
    assert (area.numerator, area.unknown, area.people.persons) == (700.0, 1, 190.0)
    assert found.ratios["area", "given"].value == pytest.approx(100 * 700 / 250)
    assert found.ratios["area", "given"].people.kind == "户籍"
    assert found.ratios["carers", "given"].people.persons == 400
    assert ("beds", "given") not in found.ratios
    assert found.ratios["beds", "control"].people.persons == 190
    # No institution: 0 beds, known; two facilities do not tell their land.
    assert found.clauses["result"].to_list() == ["short", "unknown"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_and_summary_in_either_language(town: Town, language: Any) -> None:
    found, audit = provision_in(town)
    communities = town.ledgers.communities.table
    sheets = provision_sheets(found, audit, communities, language)
    for key, told in sheets.items():
        assert list(told.table.columns) == list(COLUMNS[key])
        assert all(told.lines)
    said = "\n".join(line for told in sheets.values() for line in told.lines)
    if language == "zh":
        assert "人口口径与社区台账不同，两个比率不能相减" in said
        assert "慈溪市民政局 2023-06-29" in said
        assert "来源：某公报" in said
        assert "277,239 人和 287,188 人" in said
        assert "GB 50437" in said
        assert "待核对，未见原文" in said
    table = sheets["provision_communities"].table
    assert len(table) == 1 + found.street_names.loc[[A, B, C]].nunique() + 3
    assert table["part_required_m2"].iloc[0] == pytest.approx(audit.district.required_m2)
    told = plain(provision_summary(found))
    assert told["tiers"]["centres"]["m2"] == 700.0
    assert told["communities"]["by_size"] == {"below": 2, "class": 1}
    assert told["ratios"][0]["population_kind"] == "常住"


def lines_of(town: Town, **ratios: Ratio) -> str:
    found, audit = provision_in(town)
    found = dataclasses.replace(found, clauses=district_findings(BOOKS, ratios))
    sheets = provision_sheets(found, audit, town.ledgers.communities.table, "zh")
    return "\n".join(sheets["provision"].lines)


@pytest.mark.parametrize(
    ("elders", "beds", "short"),
    [(185.0, 0.0, "短缺 8 床"), (10.0, 0.0, "短缺 1 床"), (200.0, 0.0, "短缺 8 床"),
     (201.0, 8.0, "短缺 1 床")],
)  # fmt: skip
def test_a_part_of_a_bed_is_a_bed(town: Town, elders: float, beds: float, short: str) -> None:
    """40 beds per 1,000: 185 elders want 7.4, 200 exactly 8, 201 a little more than there are."""
    ratio = Ratio("beds", ("机构",), beds, 1, 0, People(elders, "常住"))
    assert short in lines_of(town, beds=ratio)


def test_what_is_missed_never_reads_as_met(town: Town) -> None:
    """14,183.6 m² of land for 147,900 people are 0.0959 each: below 0.1, by 606.4 m²."""
    ratio = Ratio("site_m2", ("机构",), 14_183.6, 3, 0, People(147_900.0, "常住"))
    told = lines_of(town, site_m2=ratio)
    assert "现有 0.096，低于 0.1，短缺 606.4 m²" in told
    close = Ratio("site_m2", ("机构",), 9_999.9, 3, 0, People(100_000.0, "常住"))
    assert "现有 0.099999，低于 0.1，短缺 0.1 m²" in lines_of(town, site_m2=close)


def test_people_not_known_blank_their_sums_and_names_alike_are_told_apart(town: Town) -> None:
    found, _ = provision_in(town)
    communities = town.ledgers.communities.table
    alike = communities.assign(name="幸福社区")
    whole = community_rows(found, alike, "zh")
    assert whole["population"].iloc[0] == communities.loc[[A, B, C], "population"].sum()
    assert set(whole["name"]) >= {f"幸福社区（{one}）" for one in (A, B, C)}
    for nobody in (0.0, np.nan):
        lost = alike.assign(population=alike["population"].where(alike.index != B, nobody))
        rows = community_rows(found, lost, "zh")
        assert np.isnan(rows["population"].iloc[0])
        heads = line_elders(lost, found.street_names, "population")["everywhere"].iloc[0]
        assert np.isnan(heads["persons"])
        assert heads["communities_unknown"] == 1
        fewer = alike.assign(elderly_60=alike["elderly_60"].where(alike.index != B, nobody))
        assert np.isnan(community_rows(found, fewer, "zh")["elderly_60"].iloc[0])
        elders = line_elders(fewer, found.street_names)["everywhere"].iloc[0]
        assert (np.isnan(elders["persons"]), elders["communities_unknown"]) == (True, 1)


def test_the_order_of_rows_never_matters(town: Town) -> None:
    found, audit = provision_in(town)
    turned = Town(
        town.project,
        town.ledgers,
        town.walks,
        town.neighbours.iloc[::-1].reset_index(drop=True),
    )
    again, _ = provision_in(turned, town.ledgers.centres.table.iloc[::-1])
    assert plain(provision_summary(again)) == plain(provision_summary(found))
    pd.testing.assert_frame_equal(again.communities, found.communities)
    assert audit.district.groups == 3


def scenario_with(**provision: Any) -> Any:
    folders = {"file": "x", "datum": "cgcs2000"}
    return from_mapping(
        {
            "project": {"name": "某"},
            "streets": {"file": "x.osm"},
            "communities": folders,
            "residents": folders,
            "centres": folders,
            "provision": provision,
        }
    )


def test_denominators_that_cannot_be_are_refused_all_at_once() -> None:
    wrong = scenario_with(
        elders={"area": 0, "floor": 5}, population_kinds={"beds": "流动"}, sources={"bed": "某"}
    )
    with pytest.raises(ScenarioError) as caught:
        given_people(wrong)
    keys = [problem.key for problem in caught.value.problems]
    assert sorted(keys) == [
        "provision.given_kind",
        "provision.given_nobody",
        "provision.given_unknown",
        "provision.given_unknown",
    ]
    right = given_people(scenario_with(elders={"beds": 100}))
    assert right["beds"].persons == 100
    assert right["beds"].kind == "未注明"


# Small counts -----------------------------------------------------------------------------------
def tiers_with(elders: list[tuple[str, str, float]]) -> pd.DataFrame:
    """Return the elders of each area and line, summed by loops."""
    kinds = {"all": ("社区", "村"), "community": ("社区",), "village": ("村",)}
    streets = sorted({street for street, _, _ in elders})
    rows = [
        (
            area,
            line,
            sum(
                count
                for street, kind, count in elders
                if kind in of_line and area in (DISTRICT, street)
            ),
        )
        for area in [DISTRICT, *streets]
        for line, of_line in kinds.items()
    ]
    table = pd.DataFrame(rows, columns=["area", "line", "elderly_60"])
    return table.astype({"elderly_60": float}).assign(**dict.fromkeys(RATIOS.values(), 1.5))


def brought_back(shown: pd.DataFrame, true: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the withheld cells that sums of the others tell, by linear algebra."""
    lines = {"all": 0, "community": 1, "village": 2}
    streets = sorted(set(shown["area"]) - {DISTRICT})
    cells = {(area, line): number for number, (area, line) in enumerate(
        (area, line) for area in [DISTRICT, *streets] for line in lines)}  # fmt: skip
    rows = []
    for area in [DISTRICT, *streets]:
        row = np.zeros(len(cells))
        row[[cells[area, line] for line in lines]] = 1.0, -1.0, -1.0
        rows.append(row)
    for line in lines:
        row = np.zeros(len(cells))
        row[cells[DISTRICT, line]] = -1.0
        row[[cells[street, line] for street in streets]] = 1.0
        rows.append(row)
    kept = shown[shown["line"].isin(list(lines))].set_index(["area", "line"])["elderly_60"]
    for cell, number in cells.items():
        if not np.isnan(kept[cell]):
            row = np.zeros(len(cells))
            row[number] = 1.0
            rows.append(row)
    known = np.array(rows)
    rank = np.linalg.matrix_rank(known)
    values = true.set_index(["area", "line"])["elderly_60"]
    return {
        cell
        for cell, number in cells.items()
        if 0 < values[cell] < LEAST_ELDERS
        and np.linalg.matrix_rank(np.vstack([known, np.eye(len(cells))[number]])) == rank
    }


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("东西南北"),
            st.sampled_from(["社区", "村"]),
            st.sampled_from([0.0, 1.0, 4.0, 5.0, 6.0, 300.0]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_sum_brings_a_small_count_back(elders: list[tuple[str, str, float]]) -> None:
    tiers = tiers_with(elders)
    shown = told_elders(tiers)
    assert not brought_back(shown, tiers)
    told = shown["elderly_60"].dropna()
    assert ((told == 0) | (told >= LEAST_ELDERS)).all()
    hidden = shown["elderly_60"].isna()
    assert shown.loc[hidden, "per_100_elders_m2"].isna().all()


def test_nothing_is_withheld_without_need() -> None:
    tiers = tiers_with([("东", "社区", 300.0), ("西", "社区", 40.0), ("西", "村", 9.0)])
    pd.testing.assert_frame_equal(told_elders(tiers), tiers)


def test_the_path_of_a_run_holds_both_sheets(plain_town: RunResult) -> None:
    assert set(plain_town.summary["provision"]) == {
        "tiers", "ratios", "clauses", "communities", "groups_spanning_streets"
    }  # fmt: skip
    assert {"provision", "provision_communities"} <= set(plain_town.content.measures)
