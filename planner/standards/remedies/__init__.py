"""What would cure each finding, what it costs, and the list of defects that people work off.

- :mod:`planner.standards.remedies.needs`: what is to be cured, and the m² behind it.
- :mod:`planner.standards.remedies.surroundings`: what stands around a centre that fails;
  :mod:`planner.standards.remedies.circles`: who walks to which of two.
- :mod:`planner.standards.remedies.area_units`: who bears a shortfall, with
  :mod:`planner.standards.remedies.assigning`: rooms and sites promised exactly.
- :mod:`planner.standards.remedies.options` and :mod:`planner.standards.remedies.partners`: what
  works offer to each finding; :mod:`planner.standards.remedies.supplying`: what is taken of them.
- :mod:`planner.standards.remedies.structural`: mergers, moves and closings, accepted one at a time
  on what then stands (:mod:`planner.standards.remedies.standing`, with
  :mod:`planner.standards.remedies.reach` and :mod:`planner.standards.remedies.held_floor`);
  :mod:`planner.standards.remedies.structural_cures`: which findings they cure.
- :mod:`planner.standards.remedies.trying`: each of them carried out on a copy of the ledger first,
  and refused where it cures nothing or harms somebody; :mod:`planner.standards.remedies.trials`:
  today and a trial held against each other.
- :mod:`planner.standards.remedies.measures`: all of it, and what nothing cures;
  :mod:`planner.standards.remedies.works`: the measures that it comes to.
- :mod:`planner.standards.remedies.verifying`: every promise counted again; one broken, and the plan
  is refused.
- :mod:`planner.standards.remedies.costs`, :mod:`planner.standards.remedies.priorities`: what they
  cost by the planner's own table, and which comes first.
- :mod:`planner.standards.remedies.defects`: the list that survives every rerun;
  :mod:`planner.standards.remedies.identities`: whose row of the last one it is.
"""
