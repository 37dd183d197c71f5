"""The run's figures with their labels, and the sentences that say how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from planner.labels import Language, text
from planner.outputs.content import PlanContent
from planner.outputs.content_parts import About, SitingAnswer
from planner.outputs.words import MISSING, heading, is_missing, word
from planner.units import metres_from_minutes, share

WHOLE: Final = "#,##0"
TENTHS: Final = "#,##0.0"
PERCENT: Final = "0.0%"
FINE_PERCENT: Final = "0.000%"

DECIMALS: Final = {WHOLE: ",.0f", TENTHS: ",.1f", PERCENT: ".1%", FINE_PERCENT: ".3%"}


BLOCKS: Final = (
    "elders", "states", "gaps", "facilities", "capacity", "area", "siting", "rows", "notices",
    "method", "sources",
)  # fmt: skip
"""The blocks of the overview, in the order in which they are read."""


@dataclass(frozen=True)
class Figure:
    """One labelled value.

    Parameters
    ----------
    label
        What it is, with its unit; empty for a sentence.
    value
        A number, a text, or ``None`` where there is none.
    number_format
        How a spreadsheet shows the number.
    """

    label: str
    value: float | str | None
    number_format: str = WHOLE

    def shown(self) -> str:
        """Return the value as text."""
        if is_missing(self.value):
            return MISSING
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:{DECIMALS[self.number_format]}}"


@dataclass(frozen=True)
class Block:
    """Figures under one title."""

    title: str
    figures: tuple[Figure, ...]


def stamp(about: About) -> str:
    """Return the stamp that every map bears: not for publication, or its review number."""
    number = about.map_review_number
    if number:
        return text("outputs.map_reviewed", about.language, number=number)
    return text("outputs.stamp", about.language)


def subtitle(about: About) -> str:
    """Return the line under every title: what is within how many minutes, at which pace."""
    kinds = text("outputs.list_mark", about.language).join(
        word(kind, about.language) for kind in about.centre_kinds
    )
    return text(
        "outputs.subtitle",
        about.language,
        kinds=kinds,
        minutes=f"{about.limit_minutes:g}",
        speed=f"{about.speed_m_s:g}",
        metres=f"{metres_from_minutes(about.limit_minutes, about.speed_m_s):.0f}",
    )


def population_line(about: About) -> str:
    """Return which population is counted, as of when."""
    return text(
        "outputs.population",
        about.language,
        kind=word(about.population_kind, about.language),
        date=about.population_date or text("outputs.no_date", about.language),
    )


def standard_lines(about: About) -> tuple[str, str, str]:
    """Return the standard, how it is read (the project's choices), and what the marks mean."""
    language = about.language
    read = [f"small_groups_{about.small_groups}", f"served_{about.served}"]
    read += ["per_elder_decides"] if about.per_elder_decides else []
    between = "" if language == "zh" else " "
    return (
        text("outputs.standard", language, book=about.book_title),
        between.join(text(f"outputs.{key}", language) for key in read),
        text("outputs.marks", language),
    )


def method_lines(about: About) -> tuple[str, ...]:
    """Return how the figures were made, one sentence a line."""
    language = about.language
    lines = (
        subtitle(about),
        about.walker,
        population_line(about),
        *standard_lines(about),
        text("outputs.two_rates", language),
    )
    if about.synthetic:
        return (text("outputs.synthetic_long", language), *lines)
    return lines


def plan_figures(content: PlanContent) -> tuple[Figure, ...]:
    """Return the answers to the two siting questions; none where no candidates are named."""
    siting, language = content.siting, content.about.language
    if siting is None:
        return ()
    elders = content.headline.elderly_60
    values: dict[str, tuple[float | str | None, str]] = {
        "asked": (siting.new_centres, WHOLE),
        "chosen": (len(siting.chosen), WHOLE),
        "before": (siting.covered_before, WHOLE),
        "share_before": (_share(siting.covered_before, elders.total), PERCENT),
        "after": (siting.covered_after, WHOLE),
        "share_after": (_share(siting.covered_after, elders.total), PERCENT),
        **_bounds(siting),
        "status": (siting.status, WHOLE),
        **_fewest(siting),
        **({} if siting.left_out == 0 else {"left_out": (siting.left_out, WHOLE)}),
        "fewest_status": (siting.fewest_status, WHOLE),
        "unreachable": (siting.unreachable_elderly_60, WHOLE),
    }
    return tuple(
        Figure(_plan_label(name, siting, language), value, form)
        for name, (value, form) in values.items()
    )


def _share(part: float | None, whole: float) -> float | None:
    return None if part is None else share(part, whole)


def _bounds(siting: SitingAnswer) -> dict[str, tuple[float | str | None, str]]:
    """Return how good any plan can be; nothing of a chosen set, of which nothing is proven."""
    if siting.is_given:
        return {}
    return {"bound": (siting.bound, WHOLE), "gap": (siting.gap, FINE_PERCENT)}


def _fewest(siting: SitingAnswer) -> dict[str, tuple[float | str | None, str]]:
    """Return the fewest centres: new ones, with those that may close but stay where any may."""
    opened, kept = len(siting.fewest_chosen), siting.fewest_kept
    if kept is None:
        return {"fewest": (opened, WHOLE)}
    return {
        "fewest_both": (opened + kept, WHOLE),
        "fewest_new": (opened, WHOLE),
        "fewest_kept": (kept, WHOLE),
    }


def _plan_label(name: str, siting: SitingAnswer, language: Language) -> str:
    """Return what a figure of the plan is called: by which rule, and of what it is proven."""
    label = text(f"outputs.plan_{name}", language)
    if siting.is_by_rule and name in {"before", "share_before", "after", "share_after"}:
        return text("outputs.plan_by_rule", language, label=label)
    if siting.is_given:
        return label
    if siting.bound is None and not siting.is_withheld and name in {"gap", "status"}:
        return text("outputs.plan_of_weights", language, label=label)
    return label


def overview(content: PlanContent) -> tuple[Block, ...]:
    """Return the overview: all figures of the district in titled blocks, method and sources."""
    about, language = content.about, content.about.language
    sentences = {
        "notices": tuple(notice.text(language) for notice in content.notices),
        "capacity": content.capacity_lines,
        "gaps": content.gap_lines,
        "method": method_lines(about),
        "sources": about.attributions,
    }
    blocks = {
        "elders": _elders(content),
        "states": _states(content),
        "facilities": _facilities(content),
        "area": _area(content),
        "siting": plan_figures(content),
        "rows": _rows(content),
    } | {name: tuple(Figure("", line) for line in lines) for name, lines in sentences.items()}
    return tuple(
        Block(text(f"outputs.overview_{name}", language), blocks[name])
        for name in BLOCKS
        if blocks[name]
    )


def _labelled(name: str, content: PlanContent) -> str:
    return text(f"outputs.figure_{name}", content.about.language)


def _elders(content: PlanContent) -> tuple[Figure, ...]:
    language, headline = content.about.language, content.headline
    figures = []
    for age, counted in (
        ("60", headline.elderly_60),
        ("65", headline.elderly_65),
        ("80", headline.elderly_80),
    ):
        figures += [
            Figure(heading(f"elderly_{age}", language), counted.total),
            Figure(heading(f"covered_{age}", language), counted.covered),
            Figure(heading(f"uncovered_{age}", language), counted.uncovered),
            Figure(_labelled(f"walking_{age}", content), counted.share, PERCENT),
        ]
    return tuple(figures)


def _states(content: PlanContent) -> tuple[Figure, ...]:
    """Return the elders in each walking state: together, all of them."""
    language = content.about.language
    elders = content.states["elderly_60"].to_dict()
    return tuple(Figure(word(str(state), language), float(n)) for state, n in elders.items())


def _facilities(content: PlanContent) -> tuple[Figure, ...]:
    headline = content.headline
    counts = {
        "communities": headline.communities,
        "communities_with_centre": headline.communities_with_centre,
    }
    centres = {
        "centres": headline.centres,
        "centres_open": headline.centres_open,
        **_judged(content),
        "centres_unknown": headline.centres_unknown,
    }
    return (
        *(Figure(_labelled(name, content), value) for name, value in counts.items()),
        Figure(_labelled("facility_share", content), headline.facility_share, PERCENT),
        *(Figure(_labelled(name, content), value) for name, value in centres.items()),
    )


def _judged(content: PlanContent) -> dict[str, int]:
    """Return how many centres meet, fall short and cannot be judged: together, all audited."""
    results = content.centres["result"]
    return {
        "centres_meeting": int((results == "meets").sum()),
        "centres_below": content.headline.centres_below,
        "centres_unjudged": int((results == "unknown").sum()),
    }


def _area(content: PlanContent) -> tuple[Figure, ...]:
    headline = content.headline
    return (
        Figure(_labelled("required_m2", content), headline.required_m2),
        Figure(_labelled("held_m2", content), headline.held_m2),
        Figure(_labelled("shortfall_m2", content), headline.shortfall_m2),
        Figure(_of_kinds("all_held_m2", content), headline.all_held_m2),
        Figure(_of_kinds("per_100_elders_m2", content), headline.per_100_elders_m2, TENTHS),
    )


def _of_kinds(name: str, content: PlanContent) -> str:
    """Return what a figure is of: of which kinds of facility its area is."""
    language = content.about.language
    mark = text("outputs.list_mark", language)
    kinds = mark.join(word(kind, language) for kind in content.headline.area_kinds)
    return text(f"outputs.figure_{name}", language, kinds=kinds)


def _rows(content: PlanContent) -> tuple[Figure, ...]:
    """Return what became of every ledger's rows."""
    language = content.about.language
    figures = []
    for ledger, row in content.rows.to_dict("index").items():
        told = text(
            "outputs.rows_of",
            language,
            file=row["file"],
            read=f"{row['rows_read']:,}",
            used=f"{row['rows_used']:,}",
            aside=f"{row['rows_set_aside']:,}",
        )
        if row.get("rows_added"):
            told += text("outputs.rows_added", language, added=row["rows_added"])
        figures.append(Figure(word(str(ledger), language), told))
    return tuple(figures)
