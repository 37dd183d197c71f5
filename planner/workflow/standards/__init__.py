"""Centres, communities and estates against the rule books, and how the findings are told."""
