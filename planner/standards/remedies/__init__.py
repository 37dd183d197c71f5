"""What would cure each finding, what it costs, and the list of defects that people work off.

- :mod:`planner.standards.remedies.needs`: what is to be cured, and the m² behind it.
- :mod:`planner.standards.remedies.surroundings`: what stands around a centre that fails;
  :mod:`planner.standards.remedies.circles`: who walks to which of two.
- :mod:`planner.standards.remedies.area_units`: who bears a shortfall, with
  :mod:`planner.standards.remedies.assigning`: rooms and sites promised exactly.
- :mod:`planner.standards.remedies.options`, :mod:`planner.standards.remedies.partners` and
  :mod:`planner.standards.remedies.moves`: what each measure offers to each finding.
- :mod:`planner.standards.remedies.measures`: those chosen, and what nothing cures.
- :mod:`planner.standards.remedies.costs`, :mod:`planner.standards.remedies.priorities`: what they
  cost by the planner's own table, and which comes first.
- :mod:`planner.standards.remedies.defects`: the list that survives every rerun.
"""
