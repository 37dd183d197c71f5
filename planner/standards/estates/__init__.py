"""The care rooms that new estates owe, their four steps, and small rooms pooled into a centre.

- :mod:`planner.standards.estates.findings`: every clause on estates held against every estate;
  :mod:`planner.standards.estates.clause_judges`: each kind of clause.
- :mod:`planner.standards.estates.delivered_area`: delivered area in the terms that a clause uses.
- :mod:`planner.standards.estates.required`: what each estate owes, and the district's totals
  (:mod:`planner.standards.estates.district_estates`).
- :mod:`planner.standards.estates.explaining`: a finding's arithmetic in words.
- :mod:`planner.standards.estates.steps`: 规划, 建设, 验收, 交付 in step with the housing, or late.
- :mod:`planner.standards.estates.pooling`: small rooms of neighbours gathered into one centre;
  :mod:`planner.standards.estates.rooms`: the rooms that each brings, and how far its elders walk;
  :mod:`planner.standards.estates.pool_tables`: what was chosen, as tables;
  :mod:`planner.standards.estates.pooling_model`: the choice of pools as an integer model.
"""
