"""Grades of centres and their defects since the last audit, in a comparison's outputs."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from planner.labels import Language, text
from planner.outputs.words import word
from planner.standards.provision.grade_changes import CHANGES, DEFECT_CHANGES, JudgedChanges

NAMED: Final = 5
"""Centres named in a sentence; of more, the first by id."""


def nothing_judged_changed(judged: JudgedChanges | None) -> bool:
    """Tell whether no grade and no defect differs; also where grades were not compared.

    Parameters
    ----------
    judged
        What became of grades and defects.
    """
    if judged is None:
        return True
    return bool(
        (judged.centres["change"] == "same").all() and (judged.defects["change"] == "stays").all()
    )


def grade_lines(judged: JudgedChanges | None, language: Language) -> list[str]:
    """Return what became of the grades and of the defects, a sentence each.

    Parameters
    ----------
    judged
        What became of them; None where they were not compared.
    language
        Language of the words.
    """
    if judged is None:
        return [text("comparing.grades_none", language)]
    mark = text("outputs.list_mark", language)
    told = []
    for change, count in judged.totals.items():
        if not count:
            continue
        rows = judged.centres[judged.centres["change"] == change]
        names = [
            str(name) if isinstance(name, str) else str(one) for one, name in rows["name"].items()
        ]
        shown = change not in ("same",)
        listed = mark.join(names[:NAMED]) + ("……" if len(names) > NAMED else "")
        told.append(
            text(
                "comparing.grade_named" if shown else "comparing.grade_count",
                language,
                change=text(f"comparing.grade_{change}", language),
                count=count,
                names=listed,
            )
        )
    defects = [
        text(
            "comparing.grade_count",
            language,
            change=text(f"comparing.defect_{change}", language),
            count=count,
        )
        for change, count in judged.defect_totals.items()
        if count
    ]
    nothing = text("comparing.none", language)
    clauses = text("comparing.mark", language)
    before, after = (int(judged.centres[f"grade_{side}"].notna().sum())
                     for side in ("before", "after"))  # fmt: skip
    return [
        text(
            "comparing.grades",
            language,
            before=before,
            after=after,
            changes=clauses.join(told) or nothing,
        ),
        text("comparing.defects", language, changes=clauses.join(defects) or nothing),
    ]


def grade_rows(judged: JudgedChanges | None, language: Language) -> pd.DataFrame:
    """Return the sheet of grades: a row a centre, the worse ones first.

    Parameters
    ----------
    judged, language
        As for :func:`grade_lines`.
    """
    columns = ["compared_change", "compared_centre", "compared_name", "compared_grade_before",
               "compared_grade_after"]  # fmt: skip
    if judged is None:
        return pd.DataFrame(columns=columns)
    table = _ranked(judged.centres, CHANGES)
    return pd.DataFrame(
        {
            "compared_change": [
                text(f"comparing.grade_{one}", language) for one in table["change"]
            ],
            "compared_centre": [str(one) for one in table.index],
            "compared_name": table["name"].to_list(),
            **{
                f"compared_grade_{side}": [
                    word(one, language) if isinstance(one, str) else None
                    for one in table[f"grade_{side}"]
                ]
                for side in ("before", "after")
            },
        }
    )


def defect_rows(judged: JudgedChanges | None, language: Language) -> pd.DataFrame:
    """Return the sheet of defects: a row each that is not as it was, those come back first.

    Parameters
    ----------
    judged, language
        As for :func:`grade_lines`.
    """
    columns = ["compared_change", "compared_defect", "compared_name"]
    if judged is None:
        return pd.DataFrame(columns=columns)
    table = _ranked(judged.defects[judged.defects["change"] != "stays"], DEFECT_CHANGES)
    names = judged.centres["name"].to_dict()
    return pd.DataFrame(
        {
            "compared_change": [
                text(f"comparing.defect_{one}", language) for one in table["change"]
            ],
            "compared_defect": [str(one) for one in table.index],
            "compared_name": [names.get(one) for one in table["centre"]],
        },
        columns=columns,
    )


def _ranked(table: pd.DataFrame, order: tuple[str, ...]) -> pd.DataFrame:
    places = table["change"].map({name: place for place, name in enumerate(order)})
    return table.iloc[places.to_numpy(dtype=int).argsort(kind="stable")]


def grades_record(judged: JudgedChanges | None) -> dict[str, Any]:
    """Return ``grades`` and ``defects`` of ``comparison.json``; None where not compared.

    Parameters
    ----------
    judged
        What became of grades and defects.
    """
    if judged is None:
        return {"grades": None, "defects": None}
    return {
        "grades": {
            "totals": {str(name): int(count) for name, count in judged.totals.items()},
            "rows": _records(judged.centres[["grade_before", "grade_after", "change"]]),
        },
        "defects": {
            "totals": {str(name): int(count) for name, count in judged.defect_totals.items()},
            "rows": _records(judged.defects[judged.defects["change"] != "stays"]),
        },
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.reset_index().astype(object)
    return [
        {str(name): value for name, value in row.items()}
        for row in plain.where(plain.notna(), None).to_dict(orient="records")
    ]
