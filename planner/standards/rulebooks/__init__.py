"""Rule books: files of clauses, one a standard or place, with everything that is wrong in them.

- :mod:`planner.standards.rulebooks.vocabulary`: the words that clauses use.
- :mod:`planner.standards.rulebooks.clauses`: classes, rooms, clauses and the book itself.
- :mod:`planner.standards.rulebooks.quantities`: what a clause can speak of, its unit, and the
  ledger's heading that tells it.
- :mod:`planner.standards.rulebooks.wording`: how figures and marks are written.
- :mod:`planner.standards.rulebooks.books`: books by name, shipped or the project's own.
- :mod:`planner.standards.rulebooks.inheriting`: what a book changes in the one it is based on.
- :mod:`planner.standards.rulebooks.book_schema`: a file's keys, and what is wrong with one entry.
- :mod:`planner.standards.rulebooks.clause_terms`: what a clause's entries can be;
  :mod:`planner.standards.rulebooks.clause_faults`: what is wrong with them.
- :mod:`planner.standards.rulebooks.book_faults`: what is wrong with a book as a whole.
"""
