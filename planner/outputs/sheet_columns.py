"""Which columns each sheet of the workbook shows, and the order of the sheets."""

from __future__ import annotations

from typing import Final

AGES: Final = (
    "elderly_60", "covered_60", "uncovered_60", "share_60",
    "elderly_65", "covered_65", "elderly_80", "covered_80",
)  # fmt: skip
AREAS: Final = (
    "centre_class", "required_m2", "held_m2", "shortfall_m2", "shortfall_share", "per_elder_m2",
)  # fmt: skip

GROUP_FIGURES: Final = {
    "required_m2": "group_required_m2",
    "held_m2": "group_held_m2",
    "shortfall_m2": "group_shortfall_m2",
    "shortfall_share": "group_shortfall_share",
    "per_elder_m2": "group_per_elder_m2",
}
"""What a centre's row tells of its service group, and how it is headed there."""

SEVERITIES: Final = ("grave", "doubt", "note")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "reconciliation": ("quantity", "ledger", "control", "difference", "share", "remark"),
    "communities": (
        "id", "name", "street", "community_kind", "population", "households", *AGES, "grade",
        "centres_open", "has_centre", "rate_difference",
    ),
    "streets": (
        "street", "communities", "villages", "population", *AGES, "centres_open", "centres_below",
        "required_m2", "held_m2", "shortfall_m2",
    ),
    "audit": (
        "id", "name", "centre_kind", "status", "street", "community", "position", "result",
        "area_m2", "area_kind", "building_area_m2", "area_note", "group", "centre_class",
        *GROUP_FIGURES.values(), "rooms_lacking", "mark",
    ),
    "arithmetic": ("id", "name", "result", "explanation"),
    "groups": (
        "id", "communities", "centres", "population", "elderly_60", "result", *AREAS, "reading",
        "mark",
    ),
    "gaps": (
        "rank", "id", "name", "street", "uncovered_60", "uncovered_65", "uncovered_80",
        "elderly_60", "share_60", "cause", "elderly_60_too_far", "elderly_60_no_way_through",
        "elderly_60_not_joined", "elderly_60_no_centre", "nearest_name", "walk_minutes",
        "walk_minutes_largest",
    ),
    "siting": (
        "rank", "id", "name", "gain", "in_fewest", "centre_grade", "site_breaches",
        "candidate_kind", "area_m2", "area_kind", "floor", "tenure", "acquisition",
        "cost_10k_yuan", "opens_year", "reasons",
    ),
    "candidates": (
        "id", "name", "state", "reasons", "candidate_kind", "area_m2", "area_kind", "floor",
        "tenure", "acquisition", "safety", "fire_permit", "cost_10k_yuan", "insist_price",
    ),
    "estates": (
        "id", "name", "street", "households", "housing_area_m2", "delivered_m2",
        "estate_required_m2", "estate_short_m2", "estate_result", "planned", "built", "accepted",
        "handed_over", "estate_pool", "estate_told",
    ),
    "estate_rooms": (
        "id", "name", "estate_age", "estate_matter", "estate_rule", "estate_force", "mark",
        "estate_required_m2", "estate_delivered_m2", "estate_short_m2", "estate_result",
        "estate_decides", "estate_told",
    ),
    "estate_steps": (
        "id", "name", "estate_step", "estate_state", "estate_date", "estate_result",
        "estate_late_days", "estate_finding",
    ),
    "estate_pools": (
        "rank", "id", "name", "estate_members", "estate_count", "estate_rooms_m2",
        "estate_rooms_delivered_m2", "estate_rooms_owed_m2", "estate_reached_60", "estate_new_60",
        "estate_gain", "walk_minutes_largest", "estate_basis",
    ),
    "quality": ("file", "row", "id", "column", "severity", "action", "problem"),
    "set_aside": ("file", "row", "id", "problem"),
    "foot_rules": (
        "foot_rule", "rule_outcome", "ways", "ways_length_m", "ways_share", "rule_reason",
    ),
    "asked": (
        "asked_by", "asked_of", "asked_walker", "limit_minutes", "centres_asked",
        "centres_unknown", "covered_60", "share_60", "possible_60", "covered_65", "covered_80",
        "covered_disabled", "covered_living_alone",
    ),
    "gap_areas": (
        "rank", "id", "grade", "streets", "gap_communities", "gap_elderly_60", "gap_elderly_65",
        "gap_elderly_80", "cause", "gap_causes", "gap_barrier", "nearest_name",
        "walk_minutes_mean", "walk_minutes_largest",
    ),
    "gap_closing": (
        "rank", "id", "grade", "gap_elderly_60", "candidate_name", "candidate_elderly_60",
        "way", "way_length_m", "way_elderly_60", "way_minutes_before",
        "way_minutes_after", "verdict", "not_under", "runs_share",
    ),
    "capacity": (
        "capacity_unit", "centre", "name", "capacity_persons", "load_persons", "free_persons",
        "is_full", "nearest_persons", "turned_away", "sent_on", "left_out",
        "come_from_elsewhere", "load_walk_minutes",
    ),
    "years": (
        "plan_year", "street", "elderly_60", "elderly_65", "elderly_80", "disabled", "covered_60",
        "share_60", "unknown_communities", "centres_open", "required_m2", "held_m2",
        "shortfall_m2", "year_gain",
    ),
    "year_communities": (
        "plan_year", "id", "name", "street", "community_kind", "elderly_60", "elderly_65",
        "elderly_80", "disabled", "covered_60", "share_60",
    ),
    "circle": (
        "circle_radius_m", "area_level", "street", "name", "elderly_60", "circle_only_60",
        "circle_only_share", "circle_only_65", "circle_only_80", "walk_only_60", "walk_only_65",
        "walk_only_80",
    ),
    "access": (
        "area_level", "street", "name", "elderly_60", "access_two_step", "access_enhanced",
        "access_gaussian", "access_three_step", "access_congestion", "access_none_60",
        "access_unknown_60",
    ),
    "equity": (
        "equity_of", "area_level", "street", "name", "equity_persons", "equity_mean",
        "equity_gini", "equity_palma", "equity_concentration", "equity_mean_80",
        "equity_ratio_80", "worst_60", "worst_share", "equity_without",
    ),
    "curve": (
        "curve_walker", "curve_minutes", "covered_60", "curve_share_60", "covered_65",
        "curve_share_65", "covered_80", "curve_share_80",
    ),
    "provision": (
        "area_level", "street", "tier", "tier_open", "tier_not_open", "tier_m2",
        "tier_m2_unknown", "per_100_elders_m2", "tier_beds", "tier_beds_unknown",
        "per_1000_elders_beds", "tier_carers", "tier_carers_unknown", "per_10000_elders_carers",
        "elderly_60",
    ),
    "provision_communities": (
        "area_level", "street", "name", "population", "elderly_60", "size_class", "served_with",
        "part_required_m2", "part_held_m2", "part_shortfall_m2", "result", "joins", "join_by",
        "group_centres_needed", "group_centres",
    ),
    "served": (
        "id", "name", "street", "served_ledger", "ledger_required_m2", "ledger_held_m2",
        "ledger_shortfall_m2", "ledger_result", "served_walk", "walk_required_m2", "walk_held_m2",
        "walk_shortfall_m2", "walk_result", "mark",
    ),
    "judged": (
        "id", "name", "street", "judged_what", "judged_result", "force", "judged_asks",
        "judged_has", "judged_verdict", "judged_share", "judged_decides", "judged_mark",
        "judged_source",
    ),
    "centre_grades": (
        "id", "name", "centre_kind", "street", "centre_grade", "judged_clauses", "judged_met",
        "breaches_must", "breaches_should", "judged_unknown", "judged_on_the_spot",
        "judged_remarks", "judged_shortfall_share", "grade_why", "judged_fill_in",
    ),
    "grade_counts": (
        "graded_by", "graded_name", "graded_centres", "grade_met", "grade_near", "grade_wide",
        "grade_severe", "grade_unknown",
    ),
    "defects": (
        "defect", "defect_change", "name", "clause_told", "asked_told", "has_told", "short_told",
        "measure_told", "measure_m2", "cost_yuan", "priority_told", "lead_unit",
        "assisting_units", "due", "funds", "progress", "evidence", "checked_by", "checked_on",
        "conclusion", "other_typed",
    ),
    "programme": (
        "plan_year", "id", "name", "street", "programme_kind", "programme_m2", "programme_places",
        "programme_cost_10k_yuan", "programme_total_10k_yuan", "programme_served",
        "programme_from", "centre_grade", "programme_breaches", "programme_to_visit",
        "programme_opens",
    ),
    "programme_years": (
        "plan_year", "programme_asked", "programme_served_before", "programme_served_in_all",
        "programme_served_share", "programme_full", "programme_places_unknown",
        "programme_out_of_reach", "programme_walk_minutes", "programme_short_before_m2",
        "programme_short_m2", "programme_budget_10k_yuan", "programme_spent_10k_yuan",
        "programme_left_10k_yuan",
    ),
    "programme_unused": (
        "id", "name", "programme_kind", "programme_m2", "programme_places",
        "programme_cost_10k_yuan", "programme_reason",
    ),
    "near_plans": (
        "rank", "near_sites", "near_new", "near_left_out", "near_closed", "near_60", "near_value",
        "near_worse", "near_bound", "near_gap_share", "near_status",
    ),
    "site_gains": (
        "rank", "id", "name", "gain_60", "gain_80", "gain_communities", "gain_saved_minutes",
        "gain_nearer_60", "cured_m2", "cost_10k_yuan", "gain_cost_yuan", "loss_60",
        "loss_replacement", "price",
    ),
    "gap_sites": (
        "rank", "id", "grade", "gap_communities", "gap_asking_60", "gap_closed_60", "gap_closers",
        "gap_more_60", "gap_could", "gap_rules_60", "gap_barred_60", "gap_none_60",
    ),
    "site_curve": (
        "site_number", "site_opened", "site_closes", "site_covered_60", "site_share_60",
        "site_covered", "site_bound", "site_gain_of_one", "site_status", "site_knee",
    ),
    "zones": (
        "id", "name", "zone_community", "zone_60", "zone_walk_minutes",
        "zone_walk_minutes_largest", "zone_places", "zone_longitude", "zone_latitude",
    ),
    "dictionary": ("sheet", "heading", "field", "meaning"),
}  # fmt: skip
"""Columns of each sheet in their order; those that a table does not hold are left out."""

ORDER: Final = (
    "reconciliation", "overview", "communities", "streets", "audit", "arithmetic", "groups",
    "served",
    "centre_grades", "grade_counts", "judged", "defects", "centre_pages",
    "provision", "provision_communities", "gaps",
    "gap_areas", "gap_closing", "asked", "curve", "circle", "capacity", "access", "equity",
    "siting", "near_plans", "site_gains", "gap_sites", "site_curve", "zones",
    "candidates", "estates", "estate_rooms", "estate_steps", "estate_pools",
    "years", "year_communities", "programme", "programme_years", "programme_unused", "quality",
    "set_aside", "foot_rules", "dictionary",
)  # fmt: skip


MEASURES: Final = (
    "served",
    "circle", "access", "equity", "curve", "provision", "provision_communities",
    "near_plans", "site_gains", "gap_sites", "site_curve", "zones",
    "estate_rooms", "estate_steps", "estate_pools", "centre_grades", "grade_counts", "judged",
    "defects", "programme", "programme_years", "programme_unused",
)  # fmt: skip
"""Sheets whose tables and lines arrive finished."""
