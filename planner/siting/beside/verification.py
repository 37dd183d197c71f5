"""Claims of a result beside what the tables give."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Final, Literal

import pandas as pd

from planner.errors import SitingError
from planner.labels import DEFAULT_LANGUAGE, Language, message, text

AGREEMENT: Final = 1e-9
"""Difference of two sums of float64, as a share of the larger one, that is rounding only."""

Relation = Literal["equal", "at_least", "at_most"]


@dataclass(frozen=True)
class Claim:
    """One claim of a result, and what the tables say.

    Parameters
    ----------
    name
        What is claimed; in words by :meth:`title`.
    claimed, recounted
        As the result has it; as the tables give it. Ids in tuples, sorted by their text.
    agrees
        Whether the tables bear it out.
    """

    name: str
    claimed: Any
    recounted: Any
    agrees: bool

    def title(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return in words what is claimed."""
        return text(f"verify.{self.name}", language)


@dataclass(frozen=True)
class Verification:
    """Every claim of one result, counted again.

    Parameters
    ----------
    claims
        In a fixed order: rules first, then who is covered, then the proof.
    """

    claims: tuple[Claim, ...]

    @property
    def is_true(self) -> bool:
        """Whether the tables bear out every claim."""
        return all(claim.agrees for claim in self.claims)

    @property
    def false_claims(self) -> tuple[Claim, ...]:
        """The claims that the tables do not bear out."""
        return tuple(claim for claim in self.claims if not claim.agrees)

    def table(self, language: Language = DEFAULT_LANGUAGE) -> pd.DataFrame:
        """Return one row a claim: ``title, claimed, recounted, agrees``; index its name."""
        rows = {
            claim.name: {
                "title": claim.title(language),
                "claimed": claim.claimed,
                "recounted": claim.recounted,
                "agrees": claim.agrees,
            }
            for claim in self.claims
        }
        columns = ["title", "claimed", "recounted", "agrees"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("claim")

    def raise_if_false(self) -> None:
        """Refuse a result of which a claim is not borne out.

        Raises
        ------
        SitingError
            Naming every such claim, with both figures.
        """
        if self.is_true:
            return
        raise SitingError(
            message("verify.refused"),
            [
                message(
                    "verify.false_claim",
                    claim=message(f"verify.{claim.name}"),
                    claimed=claim.claimed,
                    recounted=claim.recounted,
                )
                for claim in self.false_claims
            ],
        )


def number_claim(
    name: str, claimed: float, recounted: float, relation: Relation = "equal"
) -> Claim:
    """Return a claim of a number; up to rounding (:data:`AGREEMENT`).

    Parameters
    ----------
    name, claimed, recounted
        As in :class:`Claim`.
    relation
        What the claimed number must be, beside the recounted one.
    """
    same = math.isclose(claimed, recounted, rel_tol=AGREEMENT, abs_tol=AGREEMENT)
    agrees = same or (relation == "at_least" and claimed > recounted)
    return Claim(
        name, claimed, recounted, agrees or (relation == "at_most" and claimed < recounted)
    )


def ids_claim(name: str, claimed: Iterable[Any], recounted: Iterable[Any]) -> Claim:
    """Return a claim of ids, each once, whatever their order."""
    told, found = list(claimed), set(recounted)
    return Claim(
        name, by_text(told), by_text(found), len(told) == len(found) and set(told) == found
    )


def column_claim(name: str, claimed: pd.Series[Any], recounted: Mapping[Any, float]) -> Claim:
    """Return the claim of a column of a table: its worst row, where not all agree.

    Parameters
    ----------
    name
        As in :class:`Claim`.
    claimed, recounted
        By id; NaN stands for the mean of nobody, in both.
    """
    told = dict(zip(claimed.index, claimed.to_list(), strict=True))
    ids = [*recounted, *(one for one in told if one not in recounted)]
    rows = [
        number_claim(name, told.get(one, inf), recounted.get(one, inf))
        for one in ids
        if not (_is_nan(told.get(one, inf)) and _is_nan(recounted.get(one, inf)))
    ]
    wrong = [row for row in rows if not row.agrees]
    if not rows:
        return Claim(name, 0.0, 0.0, agrees=True)
    return max(wrong or rows, key=lambda row: abs(row.claimed - row.recounted))


def none_claim(name: str, offending: Iterable[Any]) -> Claim:
    """Return the claim that nothing offends a rule; what does is told."""
    found = by_text(offending)
    return Claim(name, (), found, not found)


def _is_nan(value: float) -> bool:
    return value != value


def by_text(ids: Iterable[Any]) -> tuple[Any, ...]:
    """Return ids sorted by their text, so that numbers and texts may stand side by side."""
    return tuple(sorted(ids, key=lambda one: (str(one), type(one).__name__)))
