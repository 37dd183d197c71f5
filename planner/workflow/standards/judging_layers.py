"""Layers of noise, pollution and medical care: read, and held against what they say they are."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from planner.errors import StreetsError
from planner.labels import Message, message
from planner.streets.road_layers.files import read_features
from planner.streets.road_layers.layers import crs_problems
from planner.tables import listed
from planner.workflow.inputs.project import Project

LAYERS: Final = {
    "noise_distance": "noise",
    "pollution_distance": "pollution",
    "medical_distance": "medical",
}
"""Quantities that are distances to a layer, with its name in ``[standard]``."""

FARTHEST_M: Final = 50_000.0
"""A layer of which nothing lies nearer to the homes of a plan is of another place, or in another
CRS than it says (our own choice: more than any distance that a standard speaks of)."""

METRES_A_KM: Final = 1000.0


def own_layer(project: Project, name: str) -> gpd.GeoDataFrame | None:
    """Return a layer of ``[standard]`` as it stands; ``None`` if the project names none.

    Parameters
    ----------
    project
        The project.
    name
        Entry of ``[standard]``: ``noise``, ``pollution`` or ``medical``.

    Raises
    ------
    InputFileError
        If the file is missing or is not what its ending says.
    StreetsError
        If it has no CRS or one that its coordinates belie, holds nothing, or features without a
        place: with every fault found.
    """
    file = getattr(project.scenario.standard, name)
    if file is None:
        return None
    path = project.folder / file
    frame, _ = read_features(path)
    shapes = frame.geometry.to_numpy()
    nowhere = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    problems: list[Message] = []
    if nowhere.all():
        problems.append(message("judging.layer_empty", file=file, name=name))
    elif nowhere.any():
        rows = listed(np.flatnonzero(nowhere) + 1)
        problems.append(message("judging.layer_without_shape", file=file, rows=rows))
    crs = None if frame.crs is None else pyproj.CRS.from_user_input(frame.crs)
    if not nowhere.all():
        problems += crs_problems(path, crs, shapes[~nowhere])
    if crs is not None and not problems:
        lost = _off_the_globe(frame)
        if lost.any():
            rows = listed(np.flatnonzero(lost) + 1)
            told = message("road_layer.off_the_map", file=path.name, rows=rows, crs=crs.name)
            problems.append(told)
    if problems:
        raise StreetsError(message("judging.layer_refused", file=file), problems)
    return frame


def _off_the_globe(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Tell which features have a vertex that lies nowhere on the globe by the layer's CRS."""
    degrees = frame.geometry.to_crs("EPSG:4326").to_numpy()
    coordinates, row = shapely.get_coordinates(degrees, return_index=True)
    lost = ~np.isfinite(coordinates).all(axis=1)
    off: np.ndarray = np.isin(np.arange(len(frame)), row[lost])
    return off


def layer_shapes(project: Project, name: str, homes: gpd.GeoDataFrame) -> np.ndarray | None:
    """Return the shapes of a layer in the CRS of a plan's homes; ``None`` if none is named.

    Parameters
    ----------
    project, name
        As for :func:`own_layer`.
    homes
        Where the plan's people live, in a metre CRS.

    Raises
    ------
    InputFileError, StreetsError
        As :func:`own_layer`; and if nothing of the layer lies within :data:`FARTHEST_M` of them.
    """
    frame = own_layer(project, name)
    if frame is None:
        return None
    shapes = np.asarray(frame.geometry.to_crs(homes.crs).to_numpy())
    whole = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    here = shapely.box(*homes.total_bounds)
    away_m = float(shapely.distance(shapes[whole], here).min()) if whole.any() else np.inf
    if away_m > FARTHEST_M:
        file = getattr(project.scenario.standard, name)
        far = message(
            "judging.layer_far",
            file=file,
            name=name,
            km=f"{away_m / METRES_A_KM:,.0f}" if np.isfinite(away_m) else "∞",
            crs=pyproj.CRS.from_user_input(frame.crs).name,
        )
        raise StreetsError(message("judging.layer_refused", file=file), [far])
    return shapes[whole]
