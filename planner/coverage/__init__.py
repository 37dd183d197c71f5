"""Who can walk to a centre within the limit, who cannot, where they live, and why.

Calculations only: tables in, tables out. Nothing here reads files, finds paths or draws.

- :mod:`planner.coverage.walking`: the one walking state of every resident row, and its totals.
- :mod:`planner.coverage.areas`: those totals by community, street and district.
- :mod:`planner.coverage.serving`: operating centres, and the communities that ledgers name.
- :mod:`planner.coverage.facility_rate`: 社区设施覆盖率 beside 步行可达率, and why they differ.
- :mod:`planner.coverage.community_centre`: the centre that a community's elders walk to.
- :mod:`planner.coverage.gaps`: the communities that hold uncovered elders, worst first.
"""
