"""The pages of ``docs/``: short, in Chinese, all reached from the contents, no link broken."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from planner.labels import catalogue
from planner.outputs.folder import OUTPUT_FILES
from tests.docs.pages import DOCS, FENCE, ROOT, headings, lines, links, pages, prose

MOST_LINES = 250
BY_NAME = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)


def anchor(heading: str) -> str:
    """Return what code hosts call a heading in a link."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return kept.replace(" ", "-")


def target_of(page: Path, link: str) -> Path:
    return (page.parent / unquote(link.partition("#")[0])).resolve() if link[0] != "#" else page


def inner_links(page: Path) -> list[str]:
    return [link for link in links(page) if not re.match(r"[a-z]+:", link)]


@BY_NAME
def test_a_page_is_short_and_closes_its_blocks(page: Path) -> None:
    assert len(lines(page)) < MOST_LINES
    assert sum(line.startswith(FENCE) for line in lines(page)) % 2 == 0


@BY_NAME
def test_every_link_leads_somewhere_inside_the_project(page: Path) -> None:
    for link in inner_links(page):
        target = target_of(page, link)
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), link
        fragment = unquote(link.partition("#")[2])
        if fragment:
            assert fragment in [anchor(one) for one in headings(target)], link


def test_every_page_is_reached_from_the_contents() -> None:
    reached, asked = set[Path](), [DOCS / "README.md"]
    while asked:
        page = asked.pop()
        if page in reached or page.suffix != ".md" or not page.is_relative_to(DOCS):
            continue
        reached.add(page)
        asked += [target_of(page, link) for link in inner_links(page)]
    assert reached == set(pages())


@BY_NAME
def test_a_page_is_chinese_and_has_one_title(page: Path) -> None:
    text = prose(page)
    assert sum(line.startswith("# ") for line in text.splitlines()) == 1
    assert re.search(r"[\u4e00-\u9fff]", headings(page)[0])


@BY_NAME
def test_a_page_names_no_place_of_a_machine(page: Path) -> None:
    assert not re.search(r"/home/|/work/|/root/|/tmp/|[A-Z]:\\", "\n".join(lines(page)))


@pytest.mark.parametrize("kind", ["工作表", "页签"])
def test_sheets_and_tabs_are_called_as_they_are(kind: str) -> None:
    starts = {"工作表": (".sheet_",), "页签": (".page_tab_", "what_if.")}[kind]
    known = {
        entry["zh"]
        for key, entry in catalogue().items()
        if any(start in f"{key}" for start in starts)
    }
    named = {
        name
        for page in pages()
        for group in re.findall(kind + r"((?:“[^”]+”、?)+)", prose(page))
        for name in re.findall("“([^”]+)”", group)
    }
    assert named
    assert named <= known, named - known


def test_the_tutorial_tells_every_output() -> None:
    text = (DOCS / "教程.md").read_text(encoding="utf-8")
    assert [name for name in OUTPUT_FILES if name not in text] == []
