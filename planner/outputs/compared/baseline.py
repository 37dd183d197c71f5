"""``baseline.json``: what a later run is compared with, and no more (闭环复查的底稿).

Sums of persons, gaps of at least five elders with their ground in squares, open centres, grades of
centres and their defects. No id and no place of a resident. Plain text with a format number, so
that a later version can read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pyproj.exceptions import CRSError

from planner.coverage.comparing import Few, State
from planner.coverage.comparing_shared import WORDS
from planner.errors import InputFileError
from planner.labels import message
from planner.outputs.compared.baseline_audit import kept_audit, read_audit
from planner.outputs.summary import write_summary
from planner.standards.provision.grade_changes import GradedAudit

FORMAT: Final = "service-circle-baseline"
FORMAT_VERSION: Final = 1
"""Raised when an older reader would misread the file; this reader refuses higher ones."""

UNREADABLE: Final = (
    ValueError, KeyError, TypeError, AttributeError, shapely.errors.GEOSException, CRSError
)  # fmt: skip
"""What comes of content that was changed by hand or cut off."""

DECIMALS: Final = 1
"""Decimals of coordinates in metres: a centre's place to 10 cm."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """One run as another is compared with it.

    Parameters
    ----------
    settings
        What the figures hang on, as plain values: ``project, synthetic, language,
        population_kind, population_date, limit_minutes, walker, centre_kinds, needs,
        join_limit_m, inputs`` (content hashes) and the version of the tool.
    state
        Coverage, gaps and centres, fit to be kept
        (:func:`planner.coverage.comparing_shared.shareable`).
    district
        The plan's area, as its communities draw it, in the CRS of the state.
    audit
        Grades of centres and their defects; None where a run judged none, or is of a version that
        kept none.
    """

    settings: Mapping[str, Any]
    state: State
    district: Any
    audit: GradedAudit | None = None


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a run for later comparisons; the same run makes the same bytes."""
    state = baseline.state
    crs = state.centres.crs
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "settings": dict(baseline.settings),
        "crs": None if crs is None else (crs.to_string() if crs.to_epsg() else crs.to_wkt()),
        "district": _shape(baseline.district),
        "people": {
            str(name): {"total": float(row["total"]), "covered": float(row["covered"])}
            for name, row in state.people.iterrows()
        },
        "gaps": [
            {
                "id": str(gap),
                "elderly_60": float(row["elderly_60"]),
                **{name: _word(row.get(name)) for name in WORDS},
                "ground": _shape(row["geometry"]),
            }
            for gap, row in state.gaps.sort_index().iterrows()
        ],
        "gaps_of_few": {"gaps": state.few.gaps, "elderly_60": state.few.gaps_elderly_60},
        "centres": [
            {
                "id": str(centre),
                "name": _word(row["name"]),
                "elderly_60": float(row["elderly_60"]),
                "place": np.round([row["geometry"].x, row["geometry"].y], DECIMALS),
            }
            for centre, row in state.centres.sort_index().iterrows()
        ],
        "centres_of_few": {"elderly_60": state.few.centres_elderly_60},
        "audit": None if baseline.audit is None else kept_audit(baseline.audit),
    }
    write_summary(content, path)


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _shape(shape: Any) -> str:
    """Return a shape as well-known text, in the plan's metres."""
    rounded = shapely.normalize(shapely.set_precision(shape, 10.0**-DECIMALS))
    return str(shapely.to_wkt(rounded, rounding_precision=DECIMALS, trim=True))


def read_baseline(path: Path) -> Baseline:
    """Read what :func:`write_baseline` wrote.

    Raises
    ------
    InputFileError
        If the file is damaged, something else, or of a later version.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = content["format"] == FORMAT
        version = int(content["format_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if not known:
        raise _damaged(path)
    if version > FORMAT_VERSION:
        told = message(
            "comparing.later_version", file=str(path), version=version, known=FORMAT_VERSION
        )
        raise InputFileError(told)
    try:
        return _baseline(content)
    except UNREADABLE as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> InputFileError:
    return InputFileError(message("comparing.damaged", file=str(path)))


def _refuse_repeated(ids: list[Any]) -> None:
    if len(set(ids)) < len(ids):
        reason = "an id stands twice"
        raise ValueError(reason)


def _refuse_odd_figures(figures: list[Any]) -> None:
    """Refuse what is no number of persons; only a centre's may be withheld."""
    numbers = np.array(figures, dtype=float)
    if not (np.isfinite(numbers) & (numbers >= 0)).all():
        reason = "a figure is no number of persons"
        raise ValueError(reason)


def _baseline(content: Mapping[str, Any]) -> Baseline:
    crs, gaps, centres = content["crs"], content["gaps"], content["centres"]
    people = pd.DataFrame.from_dict(content["people"], orient="index")
    people = people[["total", "covered"]].astype(float)
    few = Few(
        int(content["gaps_of_few"]["gaps"]),
        float(content["gaps_of_few"]["elderly_60"]),
        float(content["centres_of_few"]["elderly_60"]),
    )
    _refuse_repeated([one["id"] for one in gaps])
    _refuse_repeated([one["id"] for one in centres])
    told = [one["elderly_60"] for one in centres if one["elderly_60"] is not None]
    _refuse_odd_figures(
        [*people.to_numpy().ravel(), *(one["elderly_60"] for one in gaps), *told,
         few.gaps, few.gaps_elderly_60, few.centres_elderly_60]
    )  # fmt: skip
    grounds = GeoDataFrame(
        {
            "elderly_60": pd.Series([gap["elderly_60"] for gap in gaps], dtype=float),
            **{name: pd.Series([gap[name] for gap in gaps], dtype=object) for name in WORDS},
        },
        geometry=[shapely.from_wkt(gap["ground"]) for gap in gaps],
        crs=crs,
    ).set_axis(pd.Index([gap["id"] for gap in gaps], name="gap", dtype=object))
    sites = GeoDataFrame(
        {
            "name": pd.Series([one["name"] for one in centres], dtype=object),
            "elderly_60": pd.Series([one["elderly_60"] for one in centres], dtype=float),
        },
        geometry=[shapely.Point(one["place"]) for one in centres],
        crs=crs,
    ).set_axis(pd.Index([one["id"] for one in centres], dtype=object))
    return Baseline(
        settings=dict(content["settings"]),
        state=State(
            people=people,
            gaps=grounds.assign(area_m2=grounds.area),
            centres=sites,
            few=few,
        ),
        district=shapely.from_wkt(content["district"]),
        # Runs of earlier versions kept no grades.
        audit=None if content.get("audit") is None else read_audit(content["audit"]),
    )
