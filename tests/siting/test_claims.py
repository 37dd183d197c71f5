"""What a recount takes for the same figure, and what it refuses."""

from __future__ import annotations

from math import inf, nan

import pytest

from planner.errors import SitingError
from planner.siting.asking.recount import check_claim

SAME = [(0.0, 0.0), (80.0, 80.0), (1.0, 1.0 + 9e-7), (1e6, 1e6 + 1.0), (-20.0, -20.0), (inf, inf)]
OTHER = [(1e-9, 0.0), (1.0, 1.0 + 2e-6), (20.0, -20.0), (inf, 5.0), (inf, -inf), (nan, 5.0)]


def refusal(claimed: float, recounted: float, **how: str) -> str | None:
    """Return the key of the sentence that refuses a claim; None where it is taken."""
    try:
        check_claim(claimed, recounted, **how)
    except SitingError as refused:
        return refused.message.key
    return None


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_figure(one: float, other: float) -> None:
    assert refusal(one, other) is None
    assert refusal(other, one) is None


@pytest.mark.parametrize(("one", "other"), [*OTHER, (nan, nan)])
def test_another_figure(one: float, other: float) -> None:
    """Figures that are endless or no number are never taken for one that was counted."""
    assert refusal(one, other) == refusal(other, one) == "siting.claim_broken"
    told = refusal(one, other, broken="siting_walking.claim_broken")
    assert told == "siting_walking.claim_broken"
