"""Every clause of every book held against every centre.

- :mod:`planner.standards.judging.findings`: what a finding is.
"""
