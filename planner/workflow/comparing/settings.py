"""What a run's figures hang on, and in what two runs differ: told before any change of figures."""

from __future__ import annotations

import dataclasses
import glob
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from planner.errors import LedgerError
from planner.labels import Language, catalogue, choice, message, text
from planner.outputs.compared.baseline import Baseline
from planner.outputs.words import word
from planner.scenario import Scenario
from planner.streets import walkers
from planner.tables import POPULATION_KINDS
from planner.workflow.inputs.project import Project
from planner.workflow.inputs.project_books import audit_day, books_in_force
from planner.workflow.inputs.record import DISTRIBUTION, sha256
from planner.workflow.inputs.walking import walker_for
from planner.workflow.standards.judging import grade_thresholds

LOUD: Final = (
    "population_kind", "limit_minutes", "walker", "speed_m_s", "slope", "steps_factor",
    "steps_refused", "signal_s", "crossing_s", "centre_kinds", "needs", "accept_approximate",
    "join_limit_m", "streets", "rules", "barriers", "heights", "district", "on", "books",
    "own_books", "noise", "pollution", "medical", "centre_grades", "small_groups", "served",
    "per_elder_decides",
)  # fmt: skip
"""Settings that figures hang on: where two runs differ in one, no change is sure to be a change
of the town."""

LAYERS: Final = ("noise", "pollution", "medical")
"""Layers of ``[standard]`` that centres are held against."""

LEDGERS: Final = ("communities", "residents", "centres")
"""Ledgers that make the figures."""

QUIET: Final = ("project", "population_date", *LEDGERS, "version")
"""Settings that differ from year to year as a rule."""

UNKNOWN_KIND: Final = "未注明"
SAME_DISTRICT: Final = 0.98
"""Districts that have this share of their joint ground in common are one (our own choice: borders
drawn anew); below, the reader is told."""

NOTHING_COMMON: Final = 0.01
"""Districts that share less than this of the smaller one's ground are two places: neighbours whose
common border was drawn twice (our own choice)."""

HASH_SIGNS: Final = 8
SHAPEFILE: Final = (".shp", ".dbf", ".cpg", ".prj")
"""Files of a shapefile that say something."""


def run_settings(project: Project) -> dict[str, Any]:
    """Return what the figures of a project hang on, as plain values; of files their SHA-256."""
    scenario = project.scenario
    who = walker_for(scenario.walking)
    hashes = {name: sha256(path) for name, path in project.inputs.items()}
    heights = [digest for name, digest in hashes.items() if name.startswith("streets.heights.")]
    on = audit_day(project)
    # As they are judged: a book that is not in force on the day is held against nobody.
    judged = [book.name for book in books_in_force(project)]
    own = {f"standard.folder.{name}" for name in judged}
    own_books = [digest for name, digest in hashes.items() if name in own]
    return {
        "project": scenario.project.name,
        "synthetic": scenario.project.synthetic,
        "language": scenario.project.language,
        "population_kind": scenario.communities.population_kind,
        "population_date": scenario.communities.population_date,
        "limit_minutes": scenario.walking.limit_minutes,
        "walker": who.name,
        "speed_m_s": who.speed_m_s,
        "slope": who.slope,
        "steps_factor": who.steps_factor,
        "steps_refused": who.steps_refused,
        "signal_s": who.signal_s,
        "crossing_s": who.crossing_s,
        "centre_kinds": sorted(scenario.coverage.centre_kinds),
        "needs": sorted(scenario.coverage.needs),
        "accept_approximate": scenario.centres.accept_approximate,
        "join_limit_m": scenario.streets.join_limit_m,
        "on": None if on is None else on.isoformat(),
        "books": judged,
        "own_books": own_books or None,
        **{name: hashes.get(f"standard.{name}") for name in LAYERS},
        "centre_grades": _thresholds(scenario),
        "small_groups": scenario.standard.small_groups,
        "served": scenario.standard.served,
        "per_elder_decides": scenario.standard.per_elder_decides,
        "streets": hashes["streets"],
        "rules": hashes.get("streets.rules"),
        "barriers": hashes.get("streets.barriers"),
        "heights": heights or None,
        **{name: _content(project.inputs[name]) for name in LEDGERS},
        "version": version(DISTRIBUTION),
    }


def _thresholds(scenario: Scenario) -> list[str]:
    """Return the thresholds of centres' grades, as texts that can be kept and shown."""
    found = dataclasses.asdict(grade_thresholds(scenario))
    steps = [one if isinstance(one, tuple) else (one,) for one in found.values()]
    return ["/".join(f"{step:g}" for step in ladder) for ladder in steps]


def _content(path: Path) -> str:
    """Return the SHA-256 of a ledger; a shapefile keeps its figures beside the file named."""
    if path.suffix.lower() != ".shp":
        return sha256(path)
    named = {one.suffix.lower(): one for one in path.parent.glob(f"{glob.escape(path.stem)}.*")}
    parts = [sha256(named[end]) for end in SHAPEFILE if end in named]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def refuse_two_populations(before: Baseline, after: Baseline) -> None:
    """Refuse to subtract persons of two kinds of population (TRADE.md 7).

    A kind that one run does not tell is no reason to refuse: it is told first of all.

    Raises
    ------
    LedgerError
        If 常住, 户籍 and 实有 would meet in one difference.
    """
    kinds = [str(one.settings.get("population_kind", UNKNOWN_KIND)) for one in (before, after)]
    known = [kind for kind in kinds if kind in POPULATION_KINDS and kind != UNKNOWN_KIND]
    if len(set(known)) > 1:
        told = message("comparing.two_populations", before=choice(kinds[0]), after=choice(kinds[1]))
        raise LedgerError(told)


def common_ground(before: Baseline, after: Baseline) -> tuple[float, float, float]:
    """Return the m² of both districts and of what they have in common, in the later's CRS.

    Raises
    ------
    LedgerError
        If they have nothing in common: two plans of two places.
    """
    one, two = before.district, after.district
    crs, target = before.state.centres.crs, after.state.centres.crs
    if crs is not None and target is not None and crs != target:
        one = gpd.GeoSeries([one], crs=crs).to_crs(target).iloc[0]
    common_m2 = float(one.intersection(two).area)
    least_m2 = min(one.area, two.area)
    if least_m2 > 0 and common_m2 < NOTHING_COMMON * least_m2:
        names = [str(run.settings.get("project", "")) for run in (before, after)]
        told = message("comparing.two_places", before=names[0], after=names[1])
        raise LedgerError(told)
    return float(one.area), float(two.area), common_m2


def settings_table(before: Baseline, after: Baseline, language: Language) -> pd.DataFrame:
    """Return both runs' settings side by side, those that figures hang on first.

    Returns
    -------
    DataFrame
        Index the setting: ``heading, before, after`` (texts), ``differs`` and ``loud`` (whether
        figures hang on it).

    Raises
    ------
    LedgerError
        As :func:`common_ground`.
    """
    one_m2, two_m2, common_m2 = common_ground(before, after)
    whole_m2 = one_m2 + two_m2 - common_m2
    rows = {}
    for name in (*LOUD, *QUIET):
        if name == "district":
            shown = [f"{area / 1e6:,.2f} km²" for area in (one_m2, two_m2)]
            differs = common_m2 < SAME_DISTRICT * whole_m2
        else:
            values = [run.settings.get(name) for run in (before, after)]
            shown = [_shown(name, value, language) for value in values]
            differs = values[0] != values[1]
        rows[name] = {
            "heading": text(f"comparing.setting_{name}", language),
            "before": shown[0],
            "after": shown[1],
            "differs": differs,
            "loud": name in LOUD,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("setting")


def _shown(name: str, value: Any, language: Language) -> str:
    if value is None or value == "" or value == []:
        return text("comparing.not_given", language)
    if name in ("streets", "rules", "barriers", "heights", "own_books", *LAYERS, *LEDGERS):
        # The first signs of a content's hash tell two files apart, and nothing else.
        files = value if isinstance(value, list) else [value]
        return " ".join(str(one)[:HASH_SIGNS] for one in files)
    if name == "walker":
        known = {one.name: one.title(language) for one in walkers()}
        return known.get(str(value), str(value))
    if f"workflow.{name}_{value}" in catalogue():
        return text(f"workflow.{name}_{value}", language)
    if isinstance(value, bool):
        return text("words.yes" if value else "words.no", language)
    if isinstance(value, list):
        mark = text("outputs.list_mark", language)
        return mark.join(word(str(one), language) for one in value)
    if isinstance(value, float | int):
        return f"{value:g}"
    return word(str(value), language)
