"""Who can walk to a centre within the limit, who cannot, where they live, and why.

Calculations only: tables in, tables out. Nothing here reads files, finds paths or draws.

- :mod:`planner.coverage.walking`: the one walking state of every resident row, and its totals.
- :mod:`planner.coverage.areas`: those totals by community, street and district.
- :mod:`planner.coverage.serving`: operating centres, and the communities that ledgers name.
- :mod:`planner.coverage.facility_rate`: 社区设施覆盖率 beside 步行可达率, and why they differ.
- :mod:`planner.coverage.community_centre`: the centre that a community's elders walk to.
- :mod:`planner.coverage.gaps`: the communities that hold uncovered elders, worst first.
- :mod:`planner.coverage.needs`, :mod:`planner.coverage.many`: coverage by kind, need, tier and
  stage, for many limits and walkers.
- :mod:`planner.coverage.gap_areas` with ``gap_causes``, ``gap_closing``, ``severing``: gaps as
  areas, why they are, and what would close them; :mod:`planner.coverage.grades`: 红橙黄蓝.
- :mod:`planner.coverage.sensitivity`, :mod:`planner.coverage.coverage_curve`: how sure that is.
- :mod:`planner.coverage.circles`: the 服务半径 beside walks.
- :mod:`planner.coverage.comparing` with ``comparing_gaps``, ``comparing_centres``: two runs
  compared; ``comparing_shared``: what of one may be kept; :mod:`planner.coverage.rollup`: by code.
- :mod:`planner.coverage.capacity`: what centres can take and how many ask, each in one unit.
- :mod:`planner.coverage.assigning`: who finds a place: most served, then the least walk, proven.
- :mod:`planner.coverage.access_scores`: 2SFCA, E2SFCA, 3SFCA, Gaussian 2SFCA and RAAM.
- :mod:`planner.coverage.area_access`: those by area, unknown capacity told apart from none.
- :mod:`planner.coverage.equity`: Gini, Palma, concentration by street, the worst-off tenth, 80+.
"""

from planner.coverage.access_scores import (
    AccessScores,
    all_access_scores,
    gaussian,
    gravity,
    steps,
    three_step_scores,
    two_step_scores,
)
from planner.coverage.access_scores_congestion import congestion_costs
from planner.coverage.assigning import CapacityAssignment, assign_capacity
from planner.coverage.capacity import (
    CAPACITY_UNITS,
    CapacityDemand,
    CentreCapacity,
    capacity_demand,
    centre_capacity,
)
from planner.coverage.equity import Equity, equity_figures

__all__ = [
    "CAPACITY_UNITS",
    "AccessScores",
    "CapacityAssignment",
    "CapacityDemand",
    "CentreCapacity",
    "Equity",
    "all_access_scores",
    "assign_capacity",
    "capacity_demand",
    "centre_capacity",
    "congestion_costs",
    "equity_figures",
    "gaussian",
    "gravity",
    "steps",
    "three_step_scores",
    "two_step_scores",
]
