"""The 四同步 of new estates: care rooms planned, built, accepted and handed over with the housing.

陕西省: 同步规划、同步建设、同步验收、同步交付使用. A date has the precision that its ledger gives:
a month is every day in it, so that what is called late is late on any of them, and by how many days
is then the least that it can be.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from planner.labels import Message, enumerated, message
from planner.standards.rulebooks.clauses import RuleBook
from planner.tables import ESTATE_AGES, STEP_STATES, STEPS

DONE, NOT_DONE, NOT_DUE = STEP_STATES

STEP_RESULTS: Final = ("done", "late", "not_due", "unknown", "not_applicable")
"""Done, with nothing to say against it; late or out of order; not come up yet; not given, or not
known whether it is asked for; not asked of an estate of its age."""

FINDINGS: Final = (
    "housing_over", "not_in_step", "later_done", "overdue", "out_of_order", "after_housing",
    "done_in_future", "not_given", "no_audit_day", "not_asked", "age_unknown",
    "planned_out_of_order", "planned_after_housing",
)  # fmt: skip
"""What a step's row may say; labels ``estates.step_…``.

``housing_over``: not done though the housing is handed over. ``not_in_step``: the ledger says
未同步. ``later_done``: not done, but a later step is. ``overdue``: expected before the day of the
audit, and not done. ``out_of_order``: dated before an earlier step. ``after_housing``: after the
housing was handed over, which stood without it. ``done_in_future``: said to be done on a day after
the audit's.
``not_given``: the ledger gives no state. ``no_audit_day``: has an expected date, but the project
names no day of the audit. ``not_asked``: the books ask the steps of estates of another age.
``age_unknown``: they do, and the ledger does not tell this one's: what follows counts as nothing.
``planned_…``: so dated is what has not come yet: a plan to be mended, no breach of today.
"""

STEP_COLUMNS: Final = (
    "estate", "step", "state", "date", "result", "findings", "late_days", "late_at_least",
)  # fmt: skip
HOUSING: Final = ("over", "not_yet", "unknown")
"""Whether an estate's housing has been handed over."""

_ONLY_TELLS: Final = ("not_given", "no_audit_day", "planned_out_of_order", "planned_after_housing")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Period(NamedTuple):
    """A date of the precision that it was given in: its first and last possible day."""

    first: datetime.date
    last: datetime.date

    @property
    def is_day(self) -> bool:
        """Whether it is known to the day."""
        return self.first == self.last


def period(given: object) -> Period | None:
    """Return the days that ``2024``, ``2024-12`` or ``2024-12-31`` may mean; else ``None``."""
    found = _DATE.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if month is None:
            return Period(datetime.date(year or 0, 1, 1), datetime.date(year or 0, 12, 31))
        first = datetime.date(year or 0, month, day or 1)
    except ValueError:
        return None
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Period(first, first if day else last)


@dataclass(frozen=True, eq=False)
class FourSteps:
    """The four steps of every estate.

    Parameters
    ----------
    on
        The day of the audit; ``None`` where the project names none: nothing is overdue then.
    steps
        One row an estate and step, in the estates' order and that of
        :data:`planner.tables.STEPS`. Columns: ``estate``, ``step``, ``state`` (missing where it is
        not given), ``date`` (as the ledger has it), ``result`` (:data:`STEP_RESULTS`), ``findings``
        (tuple of messages, keys ``estates.step_…`` of :data:`FINDINGS`), ``late_days`` (the
        greatest of those that the findings know; NaN where none does), ``late_at_least`` (whether
        a date is known to its month or year alone, so that it is at least as late as that).
    housing
        Whether each estate's housing is handed over (:data:`HOUSING`), by estate.
    """

    on: datetime.date | None
    steps: pd.DataFrame
    housing: pd.Series

    @property
    def late(self) -> pd.DataFrame:
        """The steps that are late or out of order."""
        return self.steps[self.steps["result"] == "late"]


class _Late(NamedTuple):
    """One finding, with the days that it knows."""

    message: Message
    days: int | None = None
    exact: bool = True


@dataclass(frozen=True)
class _Estate:
    """What is known of one estate's steps."""

    states: dict[str, str | None]
    dates: dict[str, Period | None]
    housing_on: Period | None
    on: datetime.date | None

    @property
    def housing(self) -> str:
        """Whether the housing was handed over before the day of the audit.

        By its date, where that and the day are given; else by the last step's state.
        """
        if self.housing_on is not None and self.on is not None:
            if self.housing_on.last < self.on:
                return "over"
            if self.housing_on.first >= self.on:
                return "not_yet"
        # 未同步 says that the step has come and the rooms did not; 未到阶段 that it has not.
        by_state = {DONE: "over", NOT_DONE: "over", NOT_DUE: "not_yet"}
        return by_state.get(self.states["handed_over"] or "", "unknown")


def _named(steps: list[str]) -> Message:
    return enumerated([message(f"estates.of_{step}") for step in steps])


def _undone(estate: _Estate, step: str) -> list[_Late]:
    """Return what is to be said of a step that is not done."""
    state, due, on = estate.states[step], estate.dates[step], estate.on
    found = []
    if estate.housing == "over":
        told, since = message("estates.step_housing_over"), estate.housing_on
        if since is not None and on is not None and since.last < on:
            found.append(_Late(told, (on - since.last).days, since.is_day))
        else:
            found.append(_Late(told))
    elif state == NOT_DONE:
        found.append(_Late(message("estates.step_not_in_step")))
    later = [k for k in STEPS[STEPS.index(step) + 1 :] if estate.states[k] == DONE]
    if later:
        found.append(_Late(message("estates.step_later_done", steps=_named(later))))
    if due is not None and on is None:
        found.append(_Late(message("estates.step_no_audit_day")))
    if due is not None and on is not None and due.last < on:
        found.append(_Late(message("estates.step_overdue"), (on - due.last).days, due.is_day))
    return found


def _dated(estate: _Estate, step: str) -> list[_Late]:
    """Return what is to be said of a step's date: of what was done, or of what is planned."""
    own, on = estate.dates[step], estate.on
    if own is None:
        return []
    state, found = estate.states[step], list[_Late]()
    ahead = on is not None and own.first > on
    planned = "planned_" if state in (NOT_DUE, NOT_DONE) or (state is None and ahead) else ""
    before = {
        earlier: date
        for earlier in STEPS[: STEPS.index(step)]
        if (date := estate.dates[earlier]) is not None and own.last < date.first
    }
    if before:
        worst = max(before.values(), key=lambda date: date.first)
        exact = own.is_day and worst.is_day
        told = message(f"estates.step_{planned}out_of_order", steps=_named(list(before)))
        found.append(_Late(told, *(() if planned else ((worst.first - own.last).days, exact))))
    housing = estate.housing_on
    if housing is not None and own.first > housing.last:
        exact = own.is_day and housing.is_day
        told = message(f"estates.step_{planned}after_housing")
        found.append(_Late(told, *(() if planned else ((own.first - housing.last).days, exact))))
    if state == DONE and ahead:
        found.append(_Late(message("estates.step_done_in_future")))
    return found


def _judged(estate: _Estate, step: str) -> dict[str, object]:
    state = estate.states[step]
    if state is None:
        found = [_Late(message("estates.step_not_given"))]
    else:
        found = [] if state == DONE else _undone(estate, step)
    found += _dated(estate, step)
    breaches = [
        one for one in found if one.message.key.removeprefix("estates.step_") not in _ONLY_TELLS
    ]
    result = {DONE: "done", NOT_DUE: "not_due"}.get(state or "", "late")
    known = [one for one in breaches if one.days is not None]
    worst = max(known, key=lambda one: one.days or 0, default=None)
    return {
        "step": step,
        "state": state,
        "result": "unknown" if state is None else "late" if breaches else result,
        "findings": tuple(one.message for one in found),
        "late_days": math.nan if worst is None else float(worst.days or 0),
        "late_at_least": worst is not None and not worst.exact,
    }


def asked_ages(books: Sequence[RuleBook]) -> tuple[str, ...]:
    """Return the ages of the estates that the books ask the four steps of.

    All ages where a clause on them has no such condition, and where no book speaks of them: the
    steps are then told for their own sake.
    """
    clauses = [one for book in books for one in book.clauses if one.quantity == "four_steps"]
    if all(one.when.estate for one in clauses) and clauses:
        return tuple(age for age in ESTATE_AGES if any(age in one.when.estate for one in clauses))
    return ESTATE_AGES


def _as_asked(judged: dict[str, object], age: object, ages: Collection[str]) -> dict[str, object]:
    """Return a step's row as the estate's age lets it count."""
    if set(ages) >= set(ESTATE_AGES) or age in ages:
        return judged
    nothing = {"late_days": math.nan, "late_at_least": False}
    if age in ESTATE_AGES:
        told = (message("estates.step_not_asked"),)
        return judged | nothing | {"result": "not_applicable", "findings": told}
    if judged["result"] != "late":
        return judged
    found = judged["findings"]
    kept = found if isinstance(found, tuple) else ()
    told = (message("estates.step_age_unknown"), *kept)
    return judged | nothing | {"result": "unknown", "findings": told}


def four_steps(
    estates: pd.DataFrame,
    *,
    on: datetime.date | None = None,
    ages: Collection[str] = ESTATE_AGES,
) -> FourSteps:
    """Judge the four steps of every estate: what is done, what is late, what is out of order.

    Parameters
    ----------
    estates
        A :data:`planner.tables.ESTATES` table; ``housing_on``, and any step's state or date, may be
        absent or missing. Text that is no date counts as none.
    on
        The day of the audit.
    ages
        Ages of the estates that the steps are asked of (:func:`asked_ages`). Those of another age
        have none to keep, and those of no known age none that could count as late.

    Returns
    -------
    FourSteps
        A step expected on the day of the audit itself is not overdue; one of that month or year
        whose day is not told is not, either.
    """
    columns = [*STEPS, *(f"{step}_on" for step in STEPS), "housing_on", "estate_age"]
    table = estates.reindex(columns=columns).astype(object)
    table = table.where(table.notna(), None)
    rows, housing = [], {}
    for name, cells in zip(estates.index, table.to_dict("records"), strict=True):
        estate = _Estate(
            {step: cells[step] for step in STEPS},
            {step: period(cells[f"{step}_on"]) for step in STEPS},
            period(cells["housing_on"]),
            on,
        )
        housing[str(name)] = estate.housing
        rows += [
            {
                "estate": str(name),
                "date": cells[f"{step}_on"],
                **_as_asked(_judged(estate, step), cells["estate_age"], ages),
            }
            for step in STEPS
        ]
    steps = pd.DataFrame(rows, columns=list(STEP_COLUMNS), dtype=object)
    steps = steps.astype({"late_days": float, "late_at_least": bool})
    return FourSteps(on, steps, pd.Series(housing, dtype=object, name="housing"))
