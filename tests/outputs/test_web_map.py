"""The web map in a headless Chromium: offline, readable, clickable, and deaf to hostile names."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from geopandas import GeoDataFrame
from shapely import MultiPolygon, box

from planner.labels import LANGUAGES, catalogue
from planner.outputs.cells import resident_cells
from planner.outputs.content_parts import Counted
from planner.outputs.web.leaflet import leaflet_script, leaflet_style
from planner.outputs.web.map_words import tiles
from planner.outputs.web.web_map import as_json_block, coverage_map, write_map
from tests.outputs.browser import Watched, chromium, opened
from tests.outputs.town import CRS, HOSTILE_NAMES, empty_content, example_content

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDE, NARROW = (1280, 900), (390, 800)


@pytest.fixture(scope="module")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    write_map(example_content(), path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def _wide_page(browser: Browser, map_file: Path) -> Iterator[Watched]:
    with opened(browser, map_file, WIDE) as watched:
        yield watched


@pytest.fixture
def wide(_wide_page: Watched) -> Iterator[Watched]:
    """A wide page as it was when it opened: reloaded for every test."""
    _wide_page.page.reload()
    yield _wide_page
    assert _wide_page.complaints == []
    assert {url.partition(":")[0] for url in _wide_page.requests} == {"file"}


def _click_at(watched: Watched, place: list[float]) -> None:
    spot = watched.page.evaluate(
        "place => { const p = map.latLngToContainerPoint(place);"
        " const b = map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y]; }",
        place,
    )
    watched.page.mouse.click(*spot)


def _facts(watched: Watched) -> str:
    return str(watched.page.inner_text("#plan-facts"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_request_leaves_and_nothing_is_complained_of(
    browser: Browser, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    write_map(example_content(language), path)  # type: ignore[arg-type]
    with opened(browser, path, size) as watched:
        for tab in watched.page.query_selector_all("#plan-tabs button"):
            tab.click()
        watched.page.wait_for_timeout(300)
        assert watched.requests == [path.as_uri()]
        assert watched.complaints == []
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0]


def test_the_policy_refuses_any_request(wide: Watched) -> None:
    refused = wide.page.evaluate(
        "fetch('https://example.org/').then(() => 'went out', () => 'refused')"
    )
    assert refused == "refused"
    # The refusal itself is said on the console: it is what was wanted.
    assert wide.complaints
    assert all("Content Security Policy" in said or "fetch" in said for said in wide.complaints)
    wide.complaints.clear()


def test_the_title_block_says_what_was_asked(wide: Watched) -> None:
    head = wide.page.inner_text("#plan-head")
    for words in (
        "青渡示范区",
        "合成数据",
        "步行可达率",
        "56.5%",
        "社区设施覆盖率",
        "63.6%",
        "5,574",
    ):
        assert words in head
    assert "内部工作用图 未经审图 不得公开" in wide.page.inner_text("#plan-stamp")
    assert "OpenStreetMap contributors" in wide.page.inner_text(".credit")
    assert wide.page.is_visible(".leaflet-control-scale")
    assert wide.page.is_visible("svg.north")
    assert wide.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_reviewed_map_bears_its_number_and_no_stamp(browser: Browser, tmp_path: Path) -> None:
    content = example_content()
    about = dataclasses.replace(content.about, map_review_number="陕S(2026)001号", synthetic=False)
    write_map(dataclasses.replace(content, about=about), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", WIDE) as watched:
        assert watched.page.inner_text("#plan-stamp") == "审图号：陕S(2026)001号"


def test_layers_and_their_classes_can_be_switched(wide: Watched) -> None:
    page = wide.page
    areas = page.locator("path.area")
    marks = page.locator(".plan-mark")
    assert areas.count() == 12
    before = marks.count()
    page.uncheck("input[data-layer=areas]")
    assert areas.count() == 0
    page.check("input[data-layer=areas]")
    page.uncheck("input[data-kind=few]")
    assert areas.count() == 10
    page.uncheck("input[data-layer=gaps]")
    assert marks.count() == before - 4
    page.check("input[data-layer=candidates]")
    assert marks.count() == before - 4 + 6
    page.check("input[data-layer=estates]")
    assert marks.count() == before - 4 + 7
    for box_ in page.query_selector_all("input[data-layer]"):
        box_.uncheck()
    assert marks.count() == 0
    assert page.locator(".plan-name").count() == 0


def test_the_legend_gives_numbers(wide: Watched) -> None:
    legend = wide.page.inner_text(".pane-layers")
    content = example_content()
    for elders in content.states["elderly_60"].iloc[:4]:
        assert f"{elders:,.0f} 人" in legend
    assert "2 处 · 新增 1,150 人" in legend
    assert "不少于 5 名老年人" in legend
    assert "另有 1 处无坐标" in legend


def test_a_click_shows_the_facts_behind_a_centre(wide: Watched) -> None:
    place = wide.page.evaluate("plan.centres.items[1].p")
    _click_at(wide, place)
    facts = _facts(wide)
    assert facts.startswith("设施\n${alert(1)}")
    assert "人口 23,400 → 二类 → 宜 1,085 m²" in facts
    assert "短缺(m²)\n125" in facts
    wide.page.keyboard.press("Escape")
    assert not wide.page.is_visible("#plan-facts")


def test_a_click_shows_a_community_its_people_and_its_nearest_centre(wide: Watched) -> None:
    cell = wide.page.evaluate(
        "(() => { const c = plan.cells.items.find(one => one.state === 1 && one.elders > 10);"
        " const p = c.layer.getLatLng(); return [p.lat, p.lng]; })()"
    )
    for layer in ("gaps", "centres", "chosen"):
        wide.page.uncheck(f"input[data-layer={layer}]")
    _click_at(wide, cell)
    facts = _facts(wide)
    assert "此处居民" in facts
    assert "距离过远 · 老年人" in facts
    assert "步行可达率" in facts
    assert "最近设施" in facts


def test_gaps_are_ranked_and_lead_to_their_place(wide: Watched) -> None:
    wide.page.click("text=缺口 >> nth=0")
    rows = wide.page.locator(".pane-gaps .ranked button")
    assert rows.count() == 4
    assert rows.nth(0).inner_text().startswith("1\n玉泉社区")
    zoom = wide.page.evaluate("map.getZoom()")
    rows.nth(0).click()
    assert "玉泉社区" in _facts(wide)
    wide.page.wait_for_timeout(400)
    assert wide.page.evaluate("map.getZoom()") > zoom
    place = wide.page.evaluate("plan.gaps.items[0].p")
    assert wide.page.evaluate("place => map.getBounds().contains(place)", place)


def test_search_finds_by_name_and_goes_there(wide: Watched) -> None:
    wide.page.fill("input[type=search]", "陈杨寨")
    results = wide.page.locator(".results button")
    assert results.count() >= 2
    results.nth(0).click()
    assert "陈杨寨社区" in _facts(wide)
    wide.page.fill("input[type=search]", "没有这个名字")
    assert wide.page.inner_text(".results") == "没有找到"


def test_hostile_names_are_shown_and_never_run(wide: Watched) -> None:
    for name in HOSTILE_NAMES:
        wide.page.fill("input[type=search]", name)
        wide.page.locator(".results button").nth(0).click()
        assert name in _facts(wide)
    wide.page.click("text=说明")
    assert HOSTILE_NAMES[2] in wide.page.inner_text(".pane-notes")
    assert wide.page.locator("img").count() == 0
    assert wide.page.locator("script").count() == 4
    assert wide.complaints == []


def test_a_hostile_project_name_is_a_title(browser: Browser, tmp_path: Path) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        content = example_content()
        about = dataclasses.replace(content.about, title=name)
        path = tmp_path / f"{number}.html"
        write_map(dataclasses.replace(content, about=about), path)
        with opened(browser, path, NARROW) as watched:
            assert watched.page.title() == name
            assert name in watched.page.inner_text("h1")
            assert watched.complaints == []


def test_the_page_reads_what_python_wrote(wide: Watched) -> None:
    content = example_content()
    cells = resident_cells(content.residents).table
    read = wide.page.evaluate(
        "plan.cells.items.map(c => { const p = c.layer.getLatLng();"
        " return [p.lat, p.lng, c.elders, c.minutes, plan.cells.keys[c.state]]; })"
    )
    degrees = cells.to_crs("EPSG:4326").geometry
    assert len(read) == len(cells)
    for row, state, elders, place in zip(
        read, cells["state"], cells["elderly_60"], degrees, strict=True
    ):
        assert row[:2] == pytest.approx([place.y, place.x], abs=0.6e-5)
        assert row[2] == round(elders)
        assert row[4] == state
    lines = wide.page.evaluate(
        "decodeLines(plan.ground.main).concat(decodeLines(plan.ground.minor))"
    )
    assert len(lines) == len(content.streets)


def test_on_a_small_screen_sheets_open_from_the_bottom(browser: Browser, map_file: Path) -> None:
    with opened(browser, map_file, NARROW) as watched:
        page = watched.page
        assert not page.is_visible("#plan-sheet")
        page.click("#plan-tabs button >> nth=0")
        sheet = page.locator("#plan-sheet").bounding_box()
        assert sheet is not None
        assert sheet["y"] > 150
        assert sheet["width"] == NARROW[0]
        page.click("#plan-tabs button >> nth=1")
        page.locator(".pane-gaps .ranked button").nth(0).click()
        assert not page.is_visible("#plan-sheet")
        page.wait_for_timeout(400)
        card = page.locator("#plan-facts").bounding_box()
        assert card is not None
        spot = page.evaluate(
            "map.latLngToContainerPoint(plan.areas.items[11].p).y"
            " + map.getContainer().getBoundingClientRect().y"
        )
        assert spot < card["y"]
        assert watched.complaints == []


def test_a_run_without_communities_or_centres_is_drawn(browser: Browser, tmp_path: Path) -> None:
    write_map(empty_content(), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", WIDE) as watched:
        assert "没有缺口" in str(watched.page.text_content(".pane-gaps"))
        assert "未作选址" in str(watched.page.text_content(".pane-plan"))
        assert watched.page.evaluate("plan.cells.items.length") > 100
        assert watched.complaints == []


def test_one_community_with_a_name_of_sixty_signs_in_two_parts(
    browser: Browser, tmp_path: Path
) -> None:
    content = example_content()
    corners = (564_000, 3_800_000, 564_400, 3_800_400), (565_000, 3_800_000, 565_300, 3_800_300)
    parts = MultiPolygon([box(*corner) for corner in corners])
    one = content.communities.iloc[:1].assign(name="长" * 60)
    one = GeoDataFrame(one.drop(columns="geometry"), geometry=[parts], crs=CRS)
    write_map(example_content(communities=one, district=one[["geometry"]]), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", NARROW) as watched:
        assert watched.page.evaluate("plan.areas.items[0].rings.length") == 2
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
        assert watched.complaints == []


def test_the_head_says_that_a_walk_is_no_service_and_the_legend_which_reading(
    wide: Watched,
) -> None:
    assert "不等于已服务" in wide.page.inner_text("#plan-head")
    legend = wide.page.inner_text(".pane-layers")
    assert "建标 143-2010" in legend
    assert "按三类面积以老年人数折算" in legend


def test_elders_of_unknown_age_are_not_split_by_age() -> None:
    content = example_content()
    unknown = Counted(math.nan, math.nan)
    headline = dataclasses.replace(content.headline, elderly_80=unknown)
    told = tiles(dataclasses.replace(content, headline=headline))
    assert told[2]["note"] == "60岁以上"
    assert "80岁以上" in tiles(content)[2]["note"]


def test_a_chosen_site_that_must_be_visited_says_so(browser: Browser, tmp_path: Path) -> None:
    content = example_content()
    assert content.siting is not None
    first = content.siting.chosen[0]
    told = content.candidates["reasons"].astype(object).where(content.candidates.index != first)
    told[first] = "待踏勘：产权不明"
    write_map(example_content(candidates=content.candidates.assign(reasons=told)), tmp_path / "m")
    (tmp_path / "m").rename(tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", WIDE) as watched:
        assert "选中的有 1 处资料不明" in watched.page.inner_text(".pane-layers")
        watched.page.click("#plan-tabs button >> nth=2")
        row = watched.page.locator(".pane-plan .ranked button").nth(0)
        assert "待踏勘：产权不明" in row.inner_text()


def test_an_area_that_the_ledger_leaves_empty_is_said(browser: Browser, tmp_path: Path) -> None:
    content = example_content()
    write_map(example_content(centres=content.centres.assign(area_m2=None)), tmp_path / "map.html")
    with opened(browser, tmp_path / "map.html", WIDE) as watched:
        watched.page.evaluate("goToPoint('centres', plan.centres.items[1])")
        assert "面积(m²)\n台账未填" in _facts(watched)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_on_paper_the_map_and_its_legend_fill_one_sheet(
    browser: Browser, map_file: Path, size: tuple[int, int]
) -> None:
    with opened(browser, map_file, size) as watched:
        page = watched.page
        page.click("#plan-tabs button >> nth=1")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.is_visible(".pane-layers")
        assert not page.is_visible(".search")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.is_visible(".pane-gaps")
        assert page.is_visible(".search")
        paper = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        assert watched.complaints == []


def test_on_a_small_screen_the_map_does_not_cover_what_a_search_finds(
    browser: Browser, map_file: Path
) -> None:
    with opened(browser, map_file, NARROW) as watched:
        watched.page.fill("input[type=search]", "社区")
        button = watched.page.locator(".leaflet-control-zoom-in").bounding_box()
        assert button is not None
        top = watched.page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).closest('.results') !== null",
            [button["x"] + button["width"] / 2, button["y"] + button["height"] / 2],
        )
        assert top


def test_what_has_no_name_is_called_by_its_id() -> None:
    content = example_content()
    centres = content.centres.assign(name=None)
    page = coverage_map(example_content(centres=centres)).get_root().render()
    assert '"n":"C001"' in page
    assert '"n":"None"' not in page
    assert '"n":"nan"' not in page


def test_the_same_results_make_the_same_bytes(map_file: Path, tmp_path: Path) -> None:
    write_map(example_content(), tmp_path / "map.html")
    assert (tmp_path / "map.html").read_bytes() == map_file.read_bytes()


def test_nothing_in_the_file_leads_to_the_web(map_file: Path) -> None:
    page = map_file.read_text(encoding="utf-8")
    for sign in ("<script src", "<link", "@import", "cdn.", "jquery", "bootstrap", "sourceMapping"):
        assert sign not in page.lower(), sign
    assert set(re.findall(r"url\(([^)]{1,12})", page)) <= {
        "data:image/p",
        "#default#VML",
        '#" + id + "',
    }
    assert "images/" not in leaflet_style()
    assert leaflet_script().startswith("/*")


def test_a_notebook_shows_the_map() -> None:
    shown = coverage_map(example_content())._repr_html_()
    assert "iframe" in shown
    assert "<img src=x" not in shown


def test_json_cannot_end_its_element() -> None:
    text = as_json_block({"n": "</script>\u2028\u2029&<!--"})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"n": "</script>\u2028\u2029&<!--"}
    with pytest.raises(ValueError, match="JSON"):
        as_json_block({"share": float("nan")})


def test_every_text_that_the_page_uses_exists_in_both_languages() -> None:
    web = resources.files("planner.outputs.web") / "assets"
    script = "".join((web / name).read_text(encoding="utf-8") for name in ("map.js", "panel.js"))
    used = set(re.findall(r"\bT\.(\w+)", script))
    assert used
    texts = catalogue()
    for name in used:
        assert texts[f"outputs.page_{name}"].keys() == set(LANGUAGES)
    unused = {key for key in texts if key.startswith("outputs.page_")} - {
        f"outputs.page_{name}" for name in used
    }
    assert not unused


def test_texts_of_the_room_stand_in_both_languages_with_the_same_fields() -> None:
    rooms = ("outputs.", "columns.", "meanings.", "words.")
    for key, entry in catalogue().items():
        if key.startswith(rooms):
            assert set(entry) == set(LANGUAGES), key
            fields = [set(re.findall(r"\{(\w+)", entry[language])) for language in LANGUAGES]
            assert fields[0] == fields[1], key
