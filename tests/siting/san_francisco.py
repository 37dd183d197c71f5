"""Real stores and tracts of San Francisco (the example of spopt), whose best plans are known."""

from __future__ import annotations

import pandas as pd

from tests.shared_data import shared_data

SanFrancisco = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
"""Distances in the shape of walks, 205 tracts with their people, 16 stores."""


def read_san_francisco() -> SanFrancisco:
    folder = "siting/SF_"
    times = pd.read_csv(
        shared_data(f"{folder}network_distance_candidateStore_16_censusTract_205_new.csv"),
        dtype={"DestinationName": str},
    ).rename(
        columns={"DestinationName": "origin", "name": "destination", "distance": "walk_minutes"}
    )
    tracts = pd.read_csv(
        shared_data(f"{folder}demand_205_centroid_uniform_weight.csv"),
        dtype={"NAME": str},
        index_col="NAME",
    )
    stores = pd.read_csv(shared_data(f"{folder}store_site_16_longlat.csv"), index_col="NAME")
    return times, tracts, stores
