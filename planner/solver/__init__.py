"""Linear and integer models, solved by HiGHS: a model in, a labelled solution out."""

from planner.solver.highs import GrowingProgram, solve
from planner.solver.model_words import model_text
from planner.solver.models import (
    STATUSES,
    IntArray,
    Model,
    Sense,
    Solution,
    SparseRows,
    Status,
)

__all__ = [
    "STATUSES",
    "GrowingProgram",
    "IntArray",
    "Model",
    "Sense",
    "Solution",
    "SparseRows",
    "Status",
    "model_text",
    "solve",
]
