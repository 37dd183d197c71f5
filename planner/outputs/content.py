"""What the workflow hands to the outputs: finished numbers and tables, nothing left to compute.

Every map, sheet, layer and file is made from one :class:`PlanContent`, so that a figure that
stands in two places is the same figure. Tables follow the house rules: index = our id (unique
text), one metre CRS for all geometry, missing = unknown. Columns that a table does not hold are
left out of the outputs; columns not named here are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
from geopandas import GeoDataFrame

from planner.coverage.grades import GradeSettings
from planner.labels import Message
from planner.outputs.content_parts import About, Headline, SitingAnswer
from planner.siting.what_if.table import ReachTable

RESULTS: Final = ("short", "unknown", "meets", "not_applicable")
"""What the floor-area audit says of a centre or a group, in the order in which it is listed."""

CANDIDATE_STATES: Final = ("chosen", "usable", "to_visit", "barred")
"""What became of a candidate: chosen; usable, not needed; unknown facts, to be visited; barred."""

LEAST_ELDERS: Final = 5
"""Least number of elders behind any place that an output shows (TRADE.md 13)."""


@dataclass(frozen=True, eq=False)
class Told:
    """A finished table for a sheet of its own, and the sentences over it."""

    table: pd.DataFrame
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class CentrePage:
    """What stands on the page of one centre.

    Parameters
    ----------
    title
        Its name.
    facts
        Labels and values: id, kind, sub-district, persons served, grade …
    findings
        What is not met: what and clause, what is asked, what there is, what is short, weight.
    measures
        What is to be done: measure, m², yuan (``None`` unknown; a text where it is told
        elsewhere), priority, how surely.
    lines
        Label and sentence: alternatives, what nothing cures, remarks, what is to be filled in.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    findings: tuple[tuple[str, str, str, str, str], ...]
    measures: tuple[tuple[str, float | None, float | str | None, str, str], ...]
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PlanContent:
    """All that a run has to say.

    Tables may be empty, but have their columns; those marked *geo* have geometry in one CRS.

    Parameters
    ----------
    about, headline, siting
        See there; ``siting`` is ``None`` where the project names no candidates.
    summary
        The content of ``summary.json``, in its order.
    notices
        What the reader of any output must know: doubtful datum, rows set aside, defaults used.
    district
        *geo*. The outer boundary, from the user's own layers: one row, or none.
    communities
        *geo*, polygons. name, street, community_kind, population, households,
        elderly_60/65/80, covered_60/65/80, share_60 (0 to 1, NaN without elders),
        share_60_after (that with the chosen sites open, by the plan's own walk; drawn as classes
        and never written, since its difference may be of few elders; no column without siting),
        grade (one of :data:`planner.coverage.grades.GRADES`; missing where nobody is left out),
        centres_open, has_centre (for the
        社区设施覆盖率), rate_difference (why the two rates differ there; missing where they agree).
    streets
        *geo*, lines. main (bool: drawn broader). No other column is used.
    ground
        *geo*. ground_kind (water, waterway, railway).
    residents
        *geo*, points. community (id or missing), state (``tables.WALKING_STATES``), elderly_60,
        walk_minutes (to the nearest centre, NaN without a way). Only drawn and written as cells
        of at least :data:`LEAST_ELDERS` elders (:mod:`planner.outputs.cells`).
    centres
        *geo*, points, empty where nothing places them. name, centre_kind, status, position,
        community (id or name), street, result (:data:`RESULTS`), area_m2, area_kind,
        building_area_m2 (its own area as building area), area_note, group, centre_class, and of
        that service group required_m2, held_m2, shortfall_m2, shortfall_share, per_elder_m2;
        rooms_lacking, mark, centre_grade (missing where it is not graded), explanation (the
        arithmetic, in lines).
    candidates
        *geo*, points. name, candidate_kind, area_m2, floor, tenure, acquisition, cost_10k_yuan,
        state (:data:`CANDIDATE_STATES`), rank (1 = greatest gain; missing unless chosen), gain
        (elders aged 60+ newly covered, counted in the order of rank), in_fewest (bool), reasons.
    estates
        *geo*. name, street, households, housing_area_m2, delivered_m2, planned, built, accepted,
        handed_over, estate_required_m2, estate_short_m2, estate_result (``estate_short`` …, the
        clause that decides), estate_pool (its pool, or why there is none), estate_told (the
        arithmetic of that clause, with its force and mark).
    gaps
        Communities with uncovered elders, worst first; index = community id. name, street,
        uncovered_60/65/80, elderly_60, share_60, cause (the walking state of most of them),
        elderly_60_<state> of those left out, nearest_name, walk_minutes (to the nearest centre,
        median over the uncovered, NaN if none has a way), walk_minutes_largest.
    groups
        Service groups. communities, centres (names, joined by 、), population, elderly_60,
        centre_class, reading, required_m2, per_elder_m2, held_m2, shortfall_m2, shortfall_share,
        result, mark.
    streets_table
        By 街道, then all communities, all villages, and the district; index = the row's name.
        communities (villages among them), villages, population,
        elderly_60, covered_60, share_60, uncovered_60, elderly_65, covered_65, elderly_80,
        covered_80, centres_open, centres_below, required_m2, held_m2, shortfall_m2.
    states
        Index = walking state. rows, elderly_60/65/80; every state that exists has its row.
    reconciliation
        quantity (text), ledger, control, difference, share, remark.
    rows
        Index = ledger. file, rows_read, rows_used, rows_set_aside, and rows_added where rows had
        to be made so that nobody is left out.
    findings
        file, row, id, column, severity (grave, doubt, note), key, fields, action (set_aside,
        emptied, kept).
    set_aside
        file, row, id, key, fields.
    foot_rules
        What length of street each rule on walking touched: foot_rule, rule_outcome, ways,
        ways_length_m, ways_share, rule_reason (text in the outputs' language).
    asked
        Coverage by kind of facility, need, tier and stage, for each walker and limit: asked_by,
        asked_of, asked_walker, limit_minutes, centres_asked, centres_unknown (whose ledger tells
        neither rooms nor services), covered_60/65/80, share_60, possible_60 (were those unknown to
        serve, too; missing where there are none).
    gap_areas
        *geo*, outlines. Where elders who are left out live close together on foot, worst first,
        those of at least :data:`LEAST_ELDERS`: rank, grade and grade_pattern
        (:data:`planner.coverage.grades.PATTERNS`), streets, gap_communities, gap_elderly_60/65/80
        (no operating centre in reach, or full ones), cause (one of
        :data:`planner.coverage.gap_causes.GAP_CAUSES`), gap_causes (persons by cause, in words),
        elderly_60_<cause>, gap_barrier, nearest_name, walk_minutes_mean, walk_minutes_largest,
        candidate_name, candidate_elderly_60, candidate_share, way (one of
        :data:`planner.coverage.gap_closing.WAY_KINDS`), way_length_m, way_elderly_60,
        way_minutes_before, way_minutes_after, verdict, not_under
        (:data:`planner.coverage.sensitivity.VERDICTS`), runs_share.
    new_ways
        *geo*, lines; index = the gap that each would help. rank, grade, streets, gap_communities
        (of the gap), way, way_length_m, way_elderly_60, way_minutes_before, way_minutes_after.
    grades
        The thresholds of the four grades.
    capacity
        A row a unit of capacity and centre: capacity_unit, centre, name, capacity_persons (missing:
        unknown), load_persons, free_persons, is_full, nearest_persons, turned_away, sent_on,
        left_out, come_from_elsewhere, walk_minutes (mean of its load).
    years
        For each year planned for, today's first: the district, its communities, its villages, and
        each sub-district: plan_year, street (the row's name), elderly_60/65/80, disabled,
        covered_60, share_60, unknown_communities (where there are any: those whose elders nobody
        knows), centres_open; for the district required_m2, held_m2, shortfall_m2, year_gain. Years
        that could not be reckoned are a row without figures. Empty where the project plans for
        none.
    year_communities
        A row a year and community: plan_year, id, name, street, community_kind, and the persons
        and share of ``years``.
    year_lines, area_lines, estimated_lines
        What each year comes to and whose people they are; how sub-districts are told apart; which
        columns of people are estimated.
    street_totals
        How many of the last rows of ``streets_table`` are sums.
    capacity_lines
        A sentence a unit: how many ask, find a place, find all full, are out of reach.
    gap_lines
        What the gaps come to, of which centres they are asked, and how sure they are.
    centre_pages, centre_page_lines
        A page a failing centre, to sign (一户一档); the sentences before them.
    programme
        *geo*, points. The measures of the programme, in the order in which money is spent:
        programme_site (id of the place), the columns of the sheet ``programme``, and
        programme_class (``programme_new``, ``…_larger``, ``…_gone``); ``None`` where none is done.
    proposals
        *geo*, points in no ledger: where a candidate would have to be for those whom none reaches
        (:func:`planner.workflow.siting.zone_rows.zone_points`). name, zone_community, zone_60,
        zone_walk_minutes, zone_walk_minutes_largest, zone_places, zone_longitude, zone_latitude.
    measures
        Sheets that arrive finished, by key: ``circle``, ``access``, ``equity``, ``curve``
        (:mod:`planner.workflow.covering.measure_rows`); their columns are those of
        :data:`planner.outputs.sheets.COLUMNS`.
    reach
        What the web map tries sites with; ``None`` where it offers none.
    headline_lines
        The run's main figures as sentences of ``summary``, in the outputs' language
        (:func:`planner.workflow.headline.headline`).
    """

    about: About
    headline: Headline
    siting: SitingAnswer | None
    summary: Mapping[str, Any]
    notices: tuple[Message, ...]
    district: GeoDataFrame
    communities: GeoDataFrame
    streets: GeoDataFrame
    ground: GeoDataFrame
    residents: GeoDataFrame
    centres: GeoDataFrame
    candidates: GeoDataFrame
    estates: GeoDataFrame
    gaps: pd.DataFrame
    groups: pd.DataFrame
    streets_table: pd.DataFrame
    states: pd.DataFrame
    reconciliation: pd.DataFrame
    rows: pd.DataFrame
    findings: pd.DataFrame
    set_aside: pd.DataFrame
    foot_rules: pd.DataFrame
    asked: pd.DataFrame
    gap_areas: GeoDataFrame
    new_ways: GeoDataFrame
    grades: GradeSettings
    capacity: pd.DataFrame
    years: pd.DataFrame
    year_communities: pd.DataFrame
    capacity_lines: tuple[str, ...] = ()
    gap_lines: tuple[str, ...] = ()
    year_lines: tuple[str, ...] = ()
    area_lines: tuple[str, ...] = ()
    street_totals: int = 0
    estimated_lines: tuple[str, ...] = ()
    measures: Mapping[str, Told] = field(default_factory=dict)
    proposals: GeoDataFrame = field(default_factory=GeoDataFrame)
    centre_pages: tuple[CentrePage, ...] = ()
    centre_page_lines: tuple[str, ...] = ()
    programme: GeoDataFrame | None = None
    reach: ReachTable | None = None
    headline_lines: tuple[str, ...] = ()
