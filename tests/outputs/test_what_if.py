"""Trying sites on the page: each figure is Python's, to the printed digit and the raw hundredth."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest

from planner.labels import LANGUAGES, Language, catalogue
from planner.outputs.content import PlanContent
from planner.outputs.web.map_what_if import notes, shown_figures, what_if_data
from planner.outputs.web.web_map import write_map
from planner.siting.what_if.evaluating import WhatIf, what_if
from planner.siting.what_if.grouping import reach_groups
from planner.siting.what_if.table import HUNDREDTHS, NO_GAP, ReachTable
from planner.workflow.inputs.sites_file import read_sites
from tests.outputs.browser import Watched, chromium, opened
from tests.outputs.town import HOSTILE_NAMES, empty_content, example_content
from tests.siting.what_if.towns import small_table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDE, NARROW = (1280, 900), (390, 800)
TAB = "#plan-tabs button:has-text('试算')"


def town_table(content: PlanContent, rows: int = 400, seed: int = 7) -> ReachTable:
    """Return a table of the made-up town's own sites, drawn by lot."""
    chance = np.random.default_rng(seed)
    centres = content.centres.index[content.centres["status"] == "运营"].tolist()
    candidates = content.candidates.index[content.candidates["state"] != "barred"].tolist()
    ids = [*centres, *candidates]
    is_open = np.array([one in centres for one in ids])
    reaches = [np.sort(chance.permutation(len(ids))[: chance.integers(0, 4)]) for _ in range(rows)]
    starts = np.r_[0, np.cumsum([len(one) for one in reaches])].astype(np.int64)
    persons = chance.gamma(1.2, 9.0, (rows, 3))
    covered = np.array([bool(is_open[one].any()) for one in reaches])
    gap = np.where(covered, NO_GAP, chance.integers(-1, 3, rows))
    flat = np.concatenate(reaches).astype(np.int64)
    made = reach_groups(starts, flat, persons, gap, is_open)
    ranks = np.unique(made.gap[made.gap != NO_GAP])
    area = np.where(chance.random(len(ids)) < 0.2, np.nan, chance.integers(200, 1500, len(ids)))
    cost = np.where(chance.random(len(ids)) < 0.3, np.nan, chance.integers(1, 9_999_999, len(ids)))
    group = [f"G{number % 3}" if number % 4 else None for number in range(len(ids))]
    options = [
        {"site": one, "option": name, "counted_m2": m2, "cost_yuan": yuan}
        for one in candidates[::2]
        for name, m2, yuan in (("三类", 750.0, 812_345.0), ("二类", 1_085.0, np.nan))
    ]
    return small_table(
        persons=made.persons,
        reach_start=made.reach_start,
        reach_site=made.reach_site,
        gap=made.gap,
        sites=pd.DataFrame(
            {
                "role": ["centre" if one else "candidate" for one in is_open],
                "is_open": is_open,
                "service_group": group,
                "counted_m2": area,
                "cost_yuan": np.where(is_open, 0.0, cost),
            },
            index=pd.Index(ids, dtype=object),
        ),
        options=pd.DataFrame(options),
        service_groups=pd.DataFrame(
            {"required_m2": [1_600.0, 2_085.55, 700.0], "other_m2": [100.0, 0.0, 0.5]},
            index=pd.Index(["G0", "G1", "G2"], dtype=object),
        ),
        gaps=pd.DataFrame(
            {"elderly_60": [int(made.persons[made.gap == rank].sum()) for rank in ranks]},
            index=pd.Index(ranks),
        ),
        plans={1: (*centres, candidates[0]), 2: (*centres[1:], *candidates[:2])},
        differences=made.differences((60, 65, 80)),
    )


def town_content(language: Language = "zh") -> PlanContent:
    content = example_content(language)
    return dataclasses.replace(content, reach=town_table(content))


@pytest.fixture(scope="module")
def content() -> PlanContent:
    return town_content()


@pytest.fixture(scope="module")
def table(content: PlanContent) -> ReachTable:
    assert content.reach is not None
    return content.reach


@pytest.fixture(scope="module")
def map_file(content: PlanContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("what_if") / "map.html"
    write_map(content, path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def tried(browser: Browser, map_file: Path) -> Iterator[Watched]:
    with opened(browser, map_file, WIDE) as watched:
        watched.page.click(TAB)
        yield watched
        assert watched.complaints == []
        assert set(watched.requests) == {map_file.as_uri()}


def printed(watched: Watched) -> dict[str, str]:
    cells = watched.page.eval_on_selector_all(
        "[data-figure]", "all => all.map(one => [one.dataset.figure, one.textContent])"
    )
    return {str(key): str(text) for key, text in cells}


def raw(watched: Watched) -> dict[str, Any]:
    found: dict[str, Any] = watched.page.evaluate("trial.found")
    return found


def hundredths(found: WhatIf) -> dict[str, Any]:
    def of(figures: Any) -> list[int]:
        return [round(value * HUNDREDTHS) for value in figures.values()]

    return {
        "total": of(found.totals), "covered": of(found.covered), "fresh": of(found.new),
        "lost": of(found.lost), "inGap": of(found.gap_covered), "gapsClosed": found.gaps_closed,
        "cost": found.cost_yuan, "unknownCost": len(found.unknown_cost),
        "shortfall": round(found.shortfall_m2 * HUNDREDTHS),
        "unknownArea": len(found.unknown_area),
        "opened": len(found.opened), "closed": len(found.closed),
    }  # fmt: skip


def tick(watched: Watched, site: str, *, is_open: bool) -> None:
    watched.page.locator(f"input[data-site='{site}']").set_checked(is_open)


def test_twenty_random_sets_come_to_what_python_says(tried: Watched, table: ReachTable) -> None:
    chance = random.Random(20)
    classes = dict.fromkeys(table.options["site"], "")
    seen = set()
    for _ in range(20):
        share = chance.random()
        chosen = [one for one in table.sites.index if chance.random() < share]
        for one in table.sites.index:
            tick(tried, one, is_open=one in chosen)
        for one in (one for one in classes if one in chosen):
            name = chance.choice(["", "三类", "二类"])
            classes[one] = name
            label = name or catalogue()["what_if.page_as_it_is"]["zh"]
            tried.page.select_option(f"select[data-site='{one}']", label=label)
        options = {one: name for one, name in classes.items() if name and one in chosen}
        found = what_if(table, chosen, options=options)
        assert raw(tried) == hundredths(found)
        assert printed(tried) == shown_figures(found, table, "zh")
        seen.add(found.covered[60])
    assert len(seen) > 10


def test_what_a_site_is_worth_is_the_difference_of_two_sets(
    tried: Watched, table: ReachTable
) -> None:
    today = table.sites.index[table.sites["is_open"]].tolist()
    now = what_if(table, today).covered[60]
    worth = tried.page.evaluate("Array.from(worthOfEach(trial))")
    for one, value in zip(table.sites.index, worth, strict=True):
        other = [site for site in today if site != one] if one in today else [*today, one]
        apart = abs(what_if(table, other).covered[60] - now)
        assert value == round(apart * HUNDREDTHS)


def test_a_proven_plan_is_set_at_once_and_today_comes_back(
    tried: Watched, table: ReachTable
) -> None:
    page = tried.page
    page.select_option(".trial-best select", label="新开 2 处")
    assert printed(tried) == shown_figures(what_if(table, table.plans[2]), table, "zh")
    page.click("text=恢复现状")
    today = what_if(table, table.sites.index[table.sites["is_open"]])
    assert printed(tried) == shown_figures(today, table, "zh")
    assert "与现状相同" in page.inner_text(".trial-figures")


def test_a_click_on_the_map_switches_a_site(tried: Watched) -> None:
    page = tried.page
    spot = page.evaluate(
        "() => { const s = trial.sites.find(one => !one.o && one.p);"
        " map.setView(s.p, 17, { animate: false });"
        " const p = map.latLngToContainerPoint(s.p);"
        " const b = map.getContainer().getBoundingClientRect();"
        " return [s.i, p.x + b.x, p.y + b.y]; }"
    )
    site, east, south = spot
    page.mouse.click(east, south)
    assert page.is_checked(f"input[data-site='{site}']")
    assert page.locator(".trial-mark").count() == 1
    assert not page.is_visible("#plan-facts")
    page.click("#plan-tabs button:has-text('图例')")
    assert page.locator(".trial-mark").count() == 0
    page.mouse.click(east, south)
    assert page.is_visible("#plan-facts")


def test_a_link_carries_the_set(browser: Browser, map_file: Path, table: ReachTable) -> None:
    chosen = table.options["site"].iloc[0]
    closed = table.sites.index[table.sites["is_open"]][0]
    with opened(browser, map_file, WIDE) as first:
        first.page.click(TAB)
        tick(first, chosen, is_open=True)
        tick(first, closed, is_open=False)
        first.page.select_option(f"select[data-site='{chosen}']", label="三类")
        link, shown = first.page.input_value(".trial-link"), printed(first)
    with opened(browser, map_file, NARROW) as second:
        second.page.goto("about:blank")
        second.page.goto(link)
        assert second.page.is_visible(".trial-figures")
        assert printed(second) == shown
        assert second.complaints == []
    given = read_sites(link)
    assert (given.opened, given.closed) == ((chosen,), (closed,))
    assert given.classes == {chosen: "三类"}


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("%7Bnonsense", "无法读取"),
        ("%", "无法读取"),
        ('{"planner_sites":1,"open":"K1","close":[]}', "无法读取"),
        ('{"planner_sites":1,"open":["<b>Z9</b>"],"close":[]}', "<b>Z9</b>"),
        ('{"planner_sites":1,"open":["__proto__"],"close":[]}', "__proto__"),
    ],
)
def test_a_link_that_cannot_be_read_is_told(
    browser: Browser, map_file: Path, fragment: str, told: str
) -> None:
    with opened(browser, map_file, WIDE) as watched:
        watched.page.goto("about:blank")
        watched.page.goto(f"{map_file.as_uri()}#sites={fragment}")
        watched.page.click(TAB)
        assert told in watched.page.inner_text(".pane-what_if .caveat")
        assert raw(watched)["opened"] == 0
        assert watched.complaints == []


def test_the_saved_file_is_what_planner_run_reads(
    tried: Watched, table: ReachTable, tmp_path: Path
) -> None:
    page = tried.page
    page.select_option(".trial-best select", label="新开 2 处")
    with page.expect_download() as waiting:
        page.click("text=保存文件")
    download = waiting.value
    assert download.suggested_filename == "sites.json"
    file = tmp_path / "sites.json"
    download.save_as(file)
    given = read_sites(file)
    found = what_if(table, table.plans[2])
    assert (given.opened, given.closed) == (found.opened, found.closed)
    tried.requests[:] = [url for url in tried.requests if not url.startswith("blob:")]


def test_the_list_is_searched_by_name_and_id(tried: Watched, table: ReachTable) -> None:
    page = tried.page
    wanted = str(table.sites.index[-1])
    page.fill(".trial-find", wanted.lower())
    assert page.locator(".trial-list li:visible").count() == 1
    page.fill(".trial-find", "没有的名字")
    assert page.locator(".trial-list li:visible").count() == 0
    assert page.is_visible("text=没有找到")


def test_everything_can_be_done_by_keyboard(tried: Watched) -> None:
    page = tried.page
    page.focus(".trial-find")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.dataset.site")
    was = page.is_checked(f"input[data-site='{first}']")
    page.keyboard.press("Space")
    assert page.is_checked(f"input[data-site='{first}']") is not was


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_a_telephone(browser: Browser, language: Language, tmp_path: Path) -> None:
    write_map(town_content(language), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", NARROW) as watched:
        watched.page.click("#plan-tabs button:nth-child(4)")
        assert watched.page.is_visible(".trial-figures")
        for selector in ("document.documentElement", "document.getElementById('plan-sheet')"):
            wide = watched.page.evaluate(f"{selector}.scrollWidth")
            assert wide <= NARROW[0]
        # Above the list the whole district is seen, and can be clicked on.
        lowest = watched.page.evaluate("map.latLngToContainerPoint(plan.bounds[0]).y")
        top = watched.page.evaluate("map.getContainer().getBoundingClientRect().top")
        sheet = watched.page.evaluate(
            "document.getElementById('plan-sheet').getBoundingClientRect().top"
        )
        assert top + lowest < sheet
        words = watched.page.inner_text(".pane-what_if")
        assert "#" not in re.sub(r"#sites", "", words)
        assert watched.complaints == []


def test_names_are_text(tried: Watched, table: ReachTable, content: PlanContent) -> None:
    named = {
        str(name)
        for one in (content.centres, content.candidates)
        for name in one["name"][one.index.isin(table.sites.index)]
    }
    hostile = named.intersection(HOSTILE_NAMES)
    assert hostile
    for name in hostile:
        assert name in tried.page.inner_text(".pane-what_if")


def test_without_a_table_there_is_no_tab(browser: Browser, tmp_path: Path) -> None:
    write_map(empty_content(), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", WIDE) as watched:
        assert watched.page.locator(TAB).count() == 0
        assert watched.complaints == []


def test_what_the_page_is_told_holds_no_household(table: ReachTable, content: PlanContent) -> None:
    told = what_if_data(content)
    assert told is not None
    assert not ((table.persons > 0) & (table.persons < 500)).any()
    words = json.dumps(told, ensure_ascii=False)
    assert not any(str(one) in words for one in content.residents.index if not str(one).isdigit())


def test_the_largest_difference_is_said(table: ReachTable) -> None:
    known = dataclasses.replace(table, differences={60: 1_234.2, 65: 3.0, 80: 0.0})
    said = "".join(notes(known, "zh"))
    assert "60 岁以上至多 1,235 人、65 岁以上不足 5 人、80 岁以上至多 0 人" in said
    assert "planner run 项目文件夹 --sites sites.json" in said


def test_every_text_that_is_tried_with_exists_in_both_languages() -> None:
    script = (resources.files("planner.outputs.web") / "assets" / "what_if.js").read_text("utf-8")
    used = set(re.findall(r"\bW\.(\w+)", script)) | {"gaps", "cost", "shortfall", "tab"}
    texts = catalogue()
    known = {key.removeprefix("what_if.page_") for key in texts if key.startswith("what_if.page_")}
    assert used == known
    for name in used:
        assert texts[f"what_if.page_{name}"].keys() == set(LANGUAGES)


def test_the_fragment_is_plain_json(tried: Watched) -> None:
    fragment = tried.page.input_value(".trial-link").partition("#sites=")[2]
    assert json.loads(unquote(fragment)) == {
        "planner_sites": 1, "open": [], "close": [], "classes": {},
    }  # fmt: skip
