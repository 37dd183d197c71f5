"""Maximal covering as spopt does it, in an interpreter that has spopt; see ``bench_siting``.

``python peer_spopt.py town.npz new_centres time_limit_s`` prints seconds, objective and peak memory
as JSON. The archive holds ``resident``, ``site`` and ``minutes`` of each pair within reach,
``weights`` of the residents, ``sites`` (their number) and ``limit``.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pulp
from spopt.locate import MCLP

UNREACHED_MINUTES = 1e6


def main() -> None:
    """Build and solve the model of one town."""
    town = np.load(sys.argv[1])
    minutes = np.full((len(town["weights"]), int(town["sites"])), UNREACHED_MINUTES)
    minutes[town["resident"], town["site"]] = town["minutes"]
    before, worked = time.perf_counter(), time.process_time()
    model = MCLP.from_cost_matrix(
        minutes, town["weights"], float(town["limit"]), p_facilities=int(sys.argv[2])
    )
    built = time.perf_counter()
    solver = pulp.HiGHS(msg=False, timeLimit=float(sys.argv[3]), gapRel=0.0)
    model = model.solve(solver)
    done = time.perf_counter()
    figures = {
        "build": built - before,
        "solve": done - built,
        "processor": time.process_time() - worked,
        "covered": float(pulp.value(model.problem.objective)),
        "status": str(pulp.LpStatus[model.problem.status]),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
