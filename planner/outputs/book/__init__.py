"""Workbooks: what a planner reads, checks, fills in and prints."""
