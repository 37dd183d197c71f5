"""Random graphs as in Beasley's p-median problems: walks along the shortest paths of a network."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from planner.units import FloatArray


def beasley_walks(nodes: int, seed: int) -> FloatArray:
    """Return the lengths of the shortest paths between all nodes, shape (nodes, nodes).

    A connected graph of nodes² / 50 edges of whole lengths from 1 to 100 (Beasley 1985, European
    Journal of Operational Research 21, 270-273; his OR-Library problems pmed1 to pmed40 are made
    so). The graph is our own: no published optimum belongs to it.
    """
    random = np.random.default_rng(seed)
    order, more = random.permutation(nodes), nodes * nodes // 50 - nodes + 1
    ends = np.concatenate(
        [np.stack([order[:-1], order[1:]]), random.integers(0, nodes, (2, max(more, 0)))], axis=1
    )
    lengths = random.integers(1, 101, ends.shape[1])
    table = np.zeros((nodes, nodes))
    table[ends[0], ends[1]] = lengths
    table[ends[1], ends[0]] = lengths
    np.fill_diagonal(table, 0.0)
    walks: FloatArray = shortest_path(csr_array(table), directed=False)
    return walks


def walking_tables(walks: FloatArray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return times and residents of a table of walks: who lives at a node, and counts once."""
    people, sites = walks.shape
    times = pd.DataFrame(
        {
            "origin": np.repeat(np.arange(people), sites),
            "destination": np.tile(np.arange(sites), people),
            "walk_minutes": walks.ravel(),
        }
    )
    return times, pd.DataFrame({"elderly_60": np.ones(people, dtype=np.int64)})
