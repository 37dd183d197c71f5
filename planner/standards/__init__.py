"""Centres held against a building standard, clause by clause; the standard itself is data.

Nothing here guesses what a ledger leaves empty: unknown stays unknown, neither met nor failed.
The only files read are the rule books in ``rules/`` and those of a folder that the user names.

- :mod:`planner.standards.clauses`: what a rule book is: classes, rooms, clauses.
- :mod:`planner.standards.books`: rule books by name; :mod:`planner.standards.book_faults`: what
  is wrong with a book's file.
- :mod:`planner.standards.floor_area`: the floor area that a number of people requires.
- :mod:`planner.standards.held`: the floor area that a centre holds, in building terms.
- :mod:`planner.standards.service_groups`: which communities a centre answers for.
- :mod:`planner.standards.joining`: small groups joined with their neighbours.
- :mod:`planner.standards.rooms`: the rooms that a centre has and lacks.
- :mod:`planner.standards.audit`: the findings of each centre, and the district's shortfall.
- :mod:`planner.standards.explaining`: a finding's arithmetic, to be checked by hand.
"""
