"""Centres held against building standards, clause by clause; the standards themselves are data.

Nothing here guesses what a ledger leaves empty: unknown stays unknown, neither met nor failed.
The only files read are the rule books in ``rules/`` and those of a folder that the user names.

- :mod:`planner.standards.rulebooks`: what a rule book is, and how its file is read and judged.
- :mod:`planner.standards.floor_area`: the floor area that the people of a service group require,
  what its centres hold, and the district's shortfall.
- :mod:`planner.standards.judging`: every clause of every book, for every centre: meets, short,
  unknown or not applicable; where books differ; grades.
- :mod:`planner.standards.provision`: square metres, beds and carers per elders, tiers, and what
  communities that are too small or too large for one centre need.
- :mod:`planner.standards.estates`: the care rooms that new estates owe, their four steps, and
  small rooms pooled into a centre.
- :mod:`planner.standards.remedies`: what would cure each finding, at what cost, and the list of
  defects that people work off.
"""
