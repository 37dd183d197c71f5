"""The audit of 20,000 centres against four books, beside a plain loop over the same centres.

The figure of the bar is the whole audit: floor area by service group in both readings of whom a
centre serves, facts, every clause and grades, each timed as the best of three. The loop
(``tests.standards.plain_judge``) reads the same facts and gives only the results of the clauses,
no floor areas, figures, reasons or grades, so that it is told beside the part it does; the results
are held against each other before anything is told.

Run as ``python -m tests.benchmarks.bench_standards``.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from planner.standards.floor_area.audit import audit_floor_area
from planner.standards.judging.facts import centre_facts
from planner.standards.judging.findings import Judgement
from planner.standards.judging.grades import centre_grades
from planner.standards.judging.judge import judge
from planner.standards.rulebooks.books import rule_book
from planner.standards.rulebooks.clauses import RuleBook
from tests.benchmarks.many_centres import many_centres
from tests.standards.plain_judge import plain_judge

CENTRES: Final = 20_000
BOOKS: Final = ("jianbiao-143-2010", "jgj-450-2018", "gb-50437-2007", "gb-50180-2018")
BAR_S: Final = 5.0
TIMES: Final = 3

Town = tuple[pd.DataFrame, pd.DataFrame, pd.Series]
Value = TypeVar("Value")


def with_lists(centres: pd.DataFrame, communities: pd.DataFrame, walked: pd.Series) -> Town:
    """Return the town where every fifth centre names three communities as those that it serves."""
    near = zip(*(np.roll(communities.index.to_numpy(), -step) for step in range(3)), strict=True)
    named = pd.Series(["、".join(names) for names in near], centres.index)
    fifth = np.arange(len(centres)) % 5 == 0
    return centres.assign(serves=named.where(fifth, None)), communities, walked


def whole_audit(town: Town, books: list[RuleBook]) -> tuple[Judgement, pd.DataFrame]:
    """Return what the bar asks for: every finding and every grade, from the ledgers."""
    judgement = judge(centre_facts(town[0], audit_floor_area(*town)), books)
    return judgement, centre_grades(judgement)


def least_s(call: Callable[[], Value], times: int = TIMES) -> tuple[Value, float]:
    """Return what a call gives, and the least of the seconds that it took."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        value = call()
        taken.append(time.perf_counter() - begun)
    return value, min(taken)


def main(count: int = CENTRES) -> dict[str, float]:
    """Print the table and return seconds, megabytes and the ratio of the loop's time to ours."""
    books = [rule_book(name) for name in BOOKS]
    town = with_lists(*many_centres(count))
    whole_audit(with_lists(*many_centres(50)), books)  # loads what is loaded once
    (judgement, grades), whole_s = least_s(lambda: whole_audit(town, books))
    audit, floor_area_s = least_s(lambda: audit_floor_area(*town))
    facts = judgement.facts
    _, clauses_s = least_s(lambda: judge(facts, books))
    plain, loop_s = least_s(lambda: plain_judge(facts, books), times=1)
    names = ["centre", "book", "clause", "result"]
    ours = list(judgement.findings[names].astype(str).itertuples(index=False, name=None))
    if ours != plain:
        text = "the plain loop finds otherwise"
        raise ValueError(text)
    tracemalloc.start()
    whole_audit(town, books)
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    told = {
        "whole_s": whole_s,
        "floor_area_s": floor_area_s,
        "clauses_s": clauses_s,
        "loop_s": loop_s,
        "ratio": loop_s / clauses_s,
        "peak_mb": peak_mb,
    }
    print(f"{count:,} centres, {len(books)} books, {len(plain):,} findings, {len(grades):,} graded")
    print(f"the whole audit                {whole_s:8.2f} s   bar {BAR_S:.0f} s")
    print(f"  floor area, both readings    {floor_area_s:8.2f} s   {len(audit.groups):,} groups")
    print(f"  every clause                 {clauses_s:8.2f} s")
    print(f"  the same results in a loop   {loop_s:8.2f} s   {told['ratio']:.1f} times as long")
    print(f"most memory held at a time     {peak_mb:8.0f} MB")
    return told


if __name__ == "__main__":
    main()
