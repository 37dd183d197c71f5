"""Grades of centres and their defects in ``baseline.json``: kept small, read back as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from planner.standards.provision.grade_changes import GradedAudit

RESULTS: Final = ("short", "unknown")
"""Results of findings that are kept; all others are met, or do not apply."""


WHERE: Final = ("centre_kind", "easting_m", "northing_m")
"""What tells a centre again besides its id and name; files of earlier versions have it not."""

DECIMALS: Final = 1
"""Decimals of a centre's place in metres."""


def kept_audit(audit: GradedAudit) -> dict[str, Any]:
    """Return an audit as plain values: clauses by name once, then by their place in that list.

    Parameters
    ----------
    audit
        What an audit said of centres.
    """
    findings = audit.findings[audit.findings["result"].isin(RESULTS)]
    asked = audit.clauses
    clauses = sorted({str(clause) for clause in findings["clause"]} | (asked or frozenset()))
    places = {clause: place for place, clause in enumerate(clauses)}
    by_centre: dict[str, dict[str, list[int]]] = {}
    for centre, clause, result in zip(
        findings["centre"], findings["clause"], findings["result"], strict=True
    ):
        of_centre = by_centre.setdefault(str(centre), {name: [] for name in RESULTS})
        of_centre[str(result)].append(places[str(clause)])
    told = audit.centres.reindex(columns=["name", "grade", *WHERE])
    return {
        "clauses": clauses,
        "clauses_are_all": asked is not None,
        "centres": [
            {
                "id": str(centre),
                "name": row["name"] if isinstance(row["name"], str) else None,
                "grade": str(row["grade"]),
                "kind": row["centre_kind"] if isinstance(row["centre_kind"], str) else None,
                "place": None
                if pd.isna(row["easting_m"])
                else [round(float(row[name]), DECIMALS) for name in WHERE[1:]],
            }
            for centre, row in told.sort_index().iterrows()
        ],
        "findings": [
            {"centre": centre, **{name: sorted(found) for name, found in of_centre.items()}}
            for centre, of_centre in sorted(by_centre.items())
        ],
        "gone": sorted(audit.gone),
    }


def read_audit(content: Mapping[str, Any]) -> GradedAudit:
    """Return what :func:`kept_audit` kept.

    Raises
    ------
    ValueError, KeyError, TypeError
        If it was changed by hand or cut off.
    """
    clauses = [str(clause) for clause in content["clauses"]]
    places = [one.get("place") or (None, None) for one in content["centres"]]
    centres = pd.DataFrame(
        {
            "name": pd.Series([one["name"] for one in content["centres"]], dtype=object),
            "grade": pd.Series([str(one["grade"]) for one in content["centres"]], dtype=object),
            "centre_kind": pd.Series([one.get("kind") for one in content["centres"]], dtype=object),
            "easting_m": pd.Series([one[0] for one in places], dtype=float),
            "northing_m": pd.Series([one[1] for one in places], dtype=float),
        }
    ).set_axis(pd.Index([str(one["id"]) for one in content["centres"]], dtype=object))
    rows = []
    for one in content["findings"]:
        for result in RESULTS:
            for place in one[result]:
                if not 0 <= place < len(clauses):
                    reason = "a finding is of no clause"
                    raise ValueError(reason)
                rows.append((str(one["centre"]), clauses[place], result))
    findings = pd.DataFrame(rows, columns=["centre", "clause", "result"], dtype=object)
    twice = findings.duplicated(["centre", "clause"]).any()
    if centres.index.has_duplicates or twice:
        reason = "an id stands twice"
        raise ValueError(reason)
    return GradedAudit(
        centres.sort_index(),
        findings.sort_values(["centre", "clause"], ignore_index=True),
        frozenset(str(one) for one in content["gone"]),
        frozenset(clauses) if content.get("clauses_are_all") else None,
    )
