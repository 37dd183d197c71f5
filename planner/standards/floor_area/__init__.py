"""The floor area that a service group's people require, what its centres hold, and what is short.

- :mod:`planner.standards.floor_area.required`: the floor area that a number of people requires.
- :mod:`planner.standards.floor_area.held`: what a centre holds, in building terms.
- :mod:`planner.standards.floor_area.service_groups`: which communities a centre answers for;
  :mod:`planner.standards.floor_area.joining`: small groups joined with their neighbours.
- :mod:`planner.standards.floor_area.rooms`: the rooms that a centre has and lacks.
- :mod:`planner.standards.floor_area.group_area`: what each group requires, holds and lacks;
  :mod:`planner.standards.floor_area.centre_table`: the finding of each centre;
  :mod:`planner.standards.floor_area.district_area`: the district's totals.
- :mod:`planner.standards.floor_area.audit`: all of it together;
  :mod:`planner.standards.floor_area.explaining`: the arithmetic, to check by hand;
  :mod:`planner.standards.floor_area.listing`: the texts of each group in one line.
"""
