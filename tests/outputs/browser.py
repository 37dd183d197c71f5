"""A headless Chromium for tests of the web map, and a note of all that it complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route


@dataclass
class Watched:
    """A page, the requests that tried to leave it, and what its console said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def _let_through(self, route: Route, request: Request) -> None:
        self.requests.append(request.url)
        if request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def open(self, path: Path) -> None:
        """Open a file and write down everything that it asks for or complains of."""
        self.page.route("**/*", self._let_through)
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self._refuse(dialog.message))
        self.page.goto(path.as_uri())

    def _refuse(self, words: str) -> None:
        self.complaints.append(f"dialog: {words}")


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless Chromium; skip where there is none, but fail in CI."""
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    executable = next((path for path in found if path), None)
    if executable is None:
        _missing("no Chromium is installed: the web map was not opened")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, path: Path, size: tuple[int, int]) -> Iterator[Watched]:
    """Open a file in a window of a size in pixels and watch it."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    watched = Watched(page)
    try:
        watched.open(path)
        yield watched
    finally:
        page.close()
