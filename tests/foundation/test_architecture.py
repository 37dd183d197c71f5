"""The shape of the package, kept by tests where the linters cannot see it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import planner
from planner.labels import LANGUAGES, catalogue, message

ROOT = Path(__file__).parents[2]
FIELD = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")
KEY = re.compile(r'\b(?:message|text|label)\(\s*f?"([a-z_]+\.[a-z_0-9{}]+)"')


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, planner; "
        "print([m for m in ('folium', 'matplotlib', 'osmnx', 'docx') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_public_names_exist() -> None:
    assert sorted(planner.__all__) == list(planner.__all__)
    for name in planner.__all__:
        assert getattr(planner, name) is not None


def test_every_text_stands_in_both_languages_with_the_same_fields() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES), key
        fields = [sorted(set(FIELD.findall(texts[language]))) for language in LANGUAGES]
        assert fields[0] == fields[1], key
        # A mark between sentences may be nothing at all in one language.
        assert key.endswith("_mark") or all(text.strip() for text in texts.values()), key


def test_every_key_that_the_code_names_has_a_text() -> None:
    known = catalogue()
    named = {
        key
        for file in (ROOT / "planner").rglob("*.py")
        for key in KEY.findall(file.read_text(encoding="utf-8"))
    }
    assert len(named) > 10
    for key in named:
        stem, brace, _ = key.partition("{")
        if brace:
            assert any(name.startswith(stem) for name in known), key
        else:
            assert key in known, key


def test_a_message_speaks_both_languages() -> None:
    told = message("tables.column_missing", table="centres", column="name")
    assert "缺少列 name" in told.text("zh")
    assert "name is missing" in told.text("en")
