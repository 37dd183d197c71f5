"""Every clause of every book held against every centre.

- :mod:`planner.standards.judging.findings`: what a finding is.
- :mod:`planner.standards.judging.facts`: what each centre has, in the terms clauses speak of.
- :mod:`planner.standards.judging.outcomes`: a value held against a figure, with its slack;
  :mod:`planner.standards.judging.figures`: figures of all alike or of a class;
  :mod:`planner.standards.judging.naming`: lists and words.
- :mod:`planner.standards.judging.conditions`: when a clause applies;
  :mod:`planner.standards.judging.judge`: every clause over all centres at once;
  :mod:`planner.standards.judging.deciding`: which clause decides where several speak of a matter.
- :mod:`planner.standards.judging.grades`: grades of centres, their reasons and distribution.
- :mod:`planner.standards.judging.wording`: a finding in words;
  :mod:`planner.standards.judging.explaining`: its arithmetic, to check by hand;
  :mod:`planner.standards.judging.class_lines`: that of a group's floor area by class.
"""
