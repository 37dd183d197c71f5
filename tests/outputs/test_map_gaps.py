"""Gap areas, the four grades and new ways on the web map, in a headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely
from geopandas import GeoDataFrame
from shapely import Polygon

from planner.coverage.grades import GRADES, PATTERNS, GradeSettings
from planner.labels import LANGUAGES
from planner.outputs.grades import community_rungs, gap_rungs, grade_line
from planner.outputs.web.map_gaps import gap_items
from planner.outputs.web.web_map import write_map
from tests.outputs.browser import Watched, chromium, opened
from tests.outputs.town import CRS, HOSTILE_NAMES, empty_content, example_content

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDE = (1280, 900)
SHOWN = "path.gap"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def _page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    path = tmp_path_factory.mktemp("map") / "map.html"
    write_map(example_content(), path)
    with opened(browser, path, WIDE) as watched:
        yield watched


@pytest.fixture
def wide(_page: Watched) -> Iterator[Watched]:
    """The page as it was when it opened: reloaded for every test."""
    _page.page.reload()
    yield _page
    assert _page.complaints == []


def _card(watched: Watched) -> str:
    return str(watched.page.inner_text("#plan-facts"))


def _open_gap(watched: Watched, place: int) -> None:
    watched.page.click("#plan-tabs button >> nth=1")
    watched.page.locator(".pane-gaps .ranked button").nth(place).click()


def test_every_gap_is_drawn_with_the_colour_and_pattern_of_its_grade(wide: Watched) -> None:
    page = wide.page
    assert page.locator(SHOWN).count() == 4
    for grade in GRADES:
        drawn = page.locator(f"path.gap-{grade}")
        assert drawn.count() == 1
        assert drawn.get_attribute("fill") == f"url(#gap-{grade})"
        assert page.locator(f"pattern#gap-{grade}").count() == 1
    # In grey print the pattern alone tells the grade: none is like another
    inside = [
        page.locator(f"pattern#gap-{grade}").evaluate(
            "one => [...one.children].slice(1).map(mark => mark.getAttribute('d') ?? mark.tagName)"
        )
        for grade in GRADES
    ]
    assert inside == [["M0 4H8M4 0V8"], ["M0 4H8"], ["circle"], []]
    assert list(PATTERNS.values()) == ["crosshatch", "diagonal", "dots", "plain"]


def test_the_legend_explains_the_grades_by_their_thresholds(wide: Watched) -> None:
    legend = wide.page.inner_text(".pane-layers")
    for words in (
        "红 400 人及以上", "1 个 · 1,520 人", "橙 200–400 人", "黄 100–200 人", "蓝 不足 100 人",
        "红 ≥75%、≥200 人", "界限为本项目自定", "可补的通道",
    ):  # fmt: skip
        assert words in legend, words
    swatch = wide.page.locator(".layer-class:has(input[data-kind=red]) svg rect")
    assert [one.get_attribute("fill") for one in swatch.all()] == [
        "url(#grade-red)", "url(#gap-red)",
    ]  # fmt: skip
    wide.page.click("#plan-tabs button >> nth=3")
    notes = wide.page.inner_text(".pane-notes")
    assert "红（交叉线）400 人及以上" in notes
    assert "共 1 处缺口片区" in notes


def test_grades_can_be_switched_one_by_one(wide: Watched) -> None:
    page = wide.page
    marks = page.locator(".plan-mark").count()
    kinds = page.locator("fieldset:has(input[data-layer=gaps]) input[data-kind=red]")
    kinds.uncheck()
    assert page.locator(SHOWN).count() == 3
    assert page.locator(".plan-mark").count() == marks - 1
    page.uncheck("input[data-layer=gaps]")
    assert page.locator(SHOWN).count() == 0


def test_communities_are_coloured_by_grade_or_by_share_but_not_both(wide: Watched) -> None:
    page = wide.page
    shares, graded = page.locator("path.area"), page.locator("path.graded")
    assert (shares.count(), graded.count()) == (12, 0)
    page.check("input[data-layer=grades]")
    assert (shares.count(), graded.count()) == (0, 12)
    assert not page.is_checked("input[data-layer=areas]")
    red = page.locator("path.graded-red")
    assert red.count() == int((example_content().communities["grade"] == "red").sum())
    assert red.first.get_attribute("fill") == "url(#grade-red)"
    page.check("input[data-layer=areas]")
    assert (shares.count(), graded.count()) == (12, 0)
    assert not page.is_checked("input[data-layer=grades]")


def test_a_gap_of_the_list_opens_its_card_and_is_gone_to(wide: Watched) -> None:
    zoom = wide.page.evaluate("map.getZoom()")
    _open_gap(wide, 0)
    card = _card(wide)
    for words in (
        "缺口片区 · 第 1 处", "玉泉社区等 2 个社区（村）", "红 400 人及以上", "1,520", "1,000",
        "被阻隔 1,500、其他 20", "河道 渭河", "古渡日间照料中心", "平均 21.5，最远 31.5",
        "古渡党群服务中心：可覆盖 700 人（46.0%）",
        "桥，长 54 m：可使 600 人可达", "34.0 → 3.0 分钟", "各种假设下均为缺口", "97.0%",
    ):  # fmt: skip
        assert words in card, words
    wide.page.wait_for_timeout(400)
    assert wide.page.evaluate("map.getZoom()") > zoom
    place = wide.page.evaluate("plan.gaps.items[0].p")
    assert wide.page.evaluate("place => map.getBounds().contains(place)", place)
    # What is not known, or withheld, has no line
    _open_gap(wide, 3)
    assert "缺口65岁以上" not in _card(wide)
    assert "可补的通道" not in _card(wide)
    assert HOSTILE_NAMES[0] in _card(wide)


def test_a_click_on_a_gap_tells_of_it_and_of_the_community_below(wide: Watched) -> None:
    spot = wide.page.evaluate(
        "(() => { const p = map.latLngToContainerPoint(plan.gaps.items[1].p);"
        " const b = map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y]; })()"
    )
    for layer in ("centres", "chosen", "cells"):
        wide.page.uncheck(f"input[data-layer={layer}]")
    wide.page.mouse.click(spot[0] + 25, spot[1])
    assert "第 2 处" in _card(wide)
    assert "所在社区 · 吴家堡社区" in _card(wide)
    assert "步行可达率" in _card(wide)
    wide.page.uncheck("input[data-layer=gaps]")
    wide.page.mouse.click(spot[0] + 25, spot[1])
    assert _card(wide).startswith("社区\n")


def test_a_new_way_is_dashed_and_shown_from_near_by(wide: Watched) -> None:
    ways = wide.page.locator("path.new-way")
    wide.page.evaluate("map.setZoom(13, { animate: false }) && 1")
    assert ways.count() == 0
    _open_gap(wide, 0)
    wide.page.wait_for_timeout(400)
    assert ways.count() == 1
    assert ways.get_attribute("stroke-dasharray") == "6 4"
    wide.page.click("#plan-tabs button >> nth=0")
    wide.page.uncheck("input[data-layer=ways]")
    assert ways.count() == 0


def test_the_page_draws_the_outlines_that_python_wrote(wide: Watched) -> None:
    read = wide.page.evaluate("plan.gaps.items.map(one => one.rings)")
    gaps = example_content().gap_areas.to_crs("EPSG:4326").geometry
    for rings, gap in zip(read, gaps, strict=True):
        drawn = Polygon([(east, north) for north, east in rings[0]])
        # One step of the code is some 1.1 m; the outlines are rectangles of 780 by 680 m
        assert shapely.hausdorff_distance(drawn.exterior, gap.exterior) < 2e-5


def test_slits_are_closed_and_corners_thinned_by_less_than_a_street() -> None:
    content = example_content()
    block = content.gap_areas.geometry.iloc[0]
    west, south, _, north = block.bounds
    slit = block.difference(shapely.box(west + 300, south, west + 300.5, north - 100))
    round_ = shapely.Point(west, south).buffer(100, quad_segs=32)
    changed = content.gap_areas.set_geometry(
        [slit, round_, *content.gap_areas.geometry.iloc[2:]], crs=CRS
    )
    items = gap_items(example_content(gap_areas=GeoDataFrame(changed)))["items"]
    plain = gap_items(content)["items"]
    assert len(items[0]["g"]) == len(plain[0]["g"])
    assert len(items[1]["g"]) < 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_without_an_outline_or_none_at_all_break_nothing(
    browser: Browser, language: str, tmp_path: Path
) -> None:
    content = example_content(language)  # type: ignore[arg-type]
    nowhere = content.gap_areas.set_geometry([Polygon()] * 4, crs=CRS)
    path = tmp_path / "map.html"
    write_map(example_content(language, gap_areas=nowhere), path)  # type: ignore[arg-type]
    with opened(browser, path, WIDE) as watched:
        _open_gap(watched, 0)
        assert "1,520" in _card(watched)
        assert watched.complaints == []
    write_map(empty_content(), path)
    with opened(browser, path, WIDE) as watched:
        assert watched.page.locator("input[data-layer=gaps]").count() == 0
        assert watched.complaints == []


def test_thresholds_are_those_of_the_project() -> None:
    own = GradeSettings(
        community_shares=(0.9, 0.6, 0.3),
        community_elders=(80.0, 40.0, 20.0),
        gap_elders=(1_200.0, 62.5, 10.0),
    )
    assert list(gap_rungs(own, "zh").values()) == [
        "1,200 人及以上", "62.5–1,200 人", "10–62.5 人", "不足 10 人",
    ]  # fmt: skip
    assert list(community_rungs(own, "en").values())[:3] == [
        "≥90%, ≥80", "≥60%, ≥40", "≥30%, ≥20",
    ]  # fmt: skip
    assert "黄（点）10–62.5 人" in grade_line("gaps", own, "zh")
    assert "red (cross-hatched): ≥90%, ≥80" in grade_line("communities", own, "en")
