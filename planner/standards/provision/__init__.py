"""What a district, its streets and its communities have for their elders, and what they lack.

- :mod:`planner.standards.provision.tiers`: facilities, areas, beds and carers by tier, for the
  district and its streets, villages apart.
- :mod:`planner.standards.provision.ratios`: how many of them there are per 100, 1,000 or 10,000
  persons, each ratio with its own numerator and denominator, held against the books.
- :mod:`planner.standards.provision.pooled`: each community's part of what its service group
  requires, holds and lacks; which neighbours a small one joins, how many centres a large one needs.
- :mod:`planner.standards.provision.grade_changes`: grades of centres and defects against those of
  an earlier audit.
"""
